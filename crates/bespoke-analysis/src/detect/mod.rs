//! Variation points: where code chooses by customer, tenant or flag.

pub(crate) mod sdks;

use crate::{BlindSpots, Settings, Subject, VariationPoint, link::Model};

/// What detection gives to measuring: points without `nesting`, subjects without measures.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Sorted by path, span, kind.
    pub(crate) points: Vec<VariationPoint>,
    /// Sorted by dimension, name.
    pub(crate) subjects: Vec<Subject>,
    /// What could not be seen.
    pub(crate) blind_spots: BlindSpots,
}

/// Finds variation points.
pub(crate) fn detect(_model: &Model<'_>, _settings: &Settings) -> Found {
    Found::default()
}
