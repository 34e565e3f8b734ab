//! The metric table and everything that is counted.

use crate::{Analysis, Settings, detect::Found, link::Model};

/// A measure of the table.
#[derive(Debug)]
pub struct Metric {
    /// Stable id.
    pub id: &'static str,
    /// Short name.
    pub title: &'static str,
    /// What it counts.
    pub unit: &'static str,
    /// Of what.
    pub scope: Scope,
    /// Meaning, formula and source, in Markdown.
    pub doc: &'static str,
}

/// What a metric measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// A function.
    Function,
    /// A file.
    File,
    /// A subject.
    Subject,
    /// A variation point.
    Point,
    /// The tree.
    Tree,
}

/// Every metric, in id order.
pub static METRICS: &[&Metric] = &[];

/// Measures and ranks.
pub(crate) fn measure(model: &Model<'_>, found: Found, settings: &Settings) -> Analysis {
    let _ = model.set.files.len();
    Analysis {
        points: found.points,
        subjects: found.subjects,
        blind_spots: found.blind_spots,
        min_confidence: settings.min_confidence,
        ..Analysis::default()
    }
}
