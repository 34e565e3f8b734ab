//! Where to start: files and functions by what their variation points cost, each with the next step that helps most.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::{
    Analysis, Debt, FileId, Past, VariationPoint,
    advice::{Advice, Dates, Place, functions_of},
    debt::Span3,
    metrics::is_condition,
};

/// Files and functions with a branch or check, the one to look at first on top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranked {
    /// Files.
    pub files: Vec<HotPlace>,
    /// Functions.
    pub functions: Vec<HotPlace>,
}

/// A file or function, with what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct HotPlace {
    /// The file.
    pub file: FileId,
    /// Position in [`Analysis::functions`], if it is a function.
    pub function: Option<usize>,
    /// Branches and checks in it.
    pub points: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// Commits that changed the file in the last 365 days; `None` without history.
    pub revisions: Option<u32>,
    /// Cognitive complexity × commits of the last year × variation points; `None` without history.
    pub product: Option<u64>,
    /// What its points add to work on it, in minutes a month; of a function, its part by points. `None` without history.
    pub interest: Option<Span3>,
    /// The next step that helps most.
    pub advice: Option<Advice>,
}

/// Ranks by interest, then by the product of complexity, churn and variation, then as [`Analysis::hotspots`] does; without
/// history by the last alone. `prefix` is as in [`crate::score`]; `today` (`YYYY-MM-DD`) is what ends are compared with.
#[must_use]
pub fn rank(
    analysis: &Analysis,
    past: Option<&Past>,
    prefix: &str,
    debt: &Debt,
    today: Option<&str>,
) -> Ranked {
    let dates = past.map(Dates::new);
    let revisions: Option<FxHashMap<&str, u32>> = past.map(|past| {
        let files = past.files.iter();
        files
            .filter_map(|file| {
                let path = file.path.as_str().strip_prefix(prefix)?;
                Some((path, file.revisions_year))
            })
            .collect()
    });
    let mut in_file: Vec<Vec<&VariationPoint>> = vec![Vec::new(); analysis.files.len()];
    for point in analysis.counted().filter(|point| is_condition(point)) {
        if let Some(file) = point.file {
            in_file[file.index()].push(point);
        }
    }
    let mut ranked = Ranked::default();
    for hotspot in &analysis.hotspots {
        let file = &analysis.files[hotspot.file.index()];
        let points = &in_file[hotspot.file.index()];
        let interest = debt
            .flow
            .as_ref()
            .and_then(|flow| flow.files.get(hotspot.file.index()).copied());
        let churn = revisions
            .as_ref()
            .map(|it| it.get(file.path.as_str()).copied().unwrap_or(0));
        let product = |cognitive: u32, points: u32| {
            churn.map(|churn| u64::from(cognitive) * u64::from(churn) * u64::from(points))
        };
        let place = |function, points| Place {
            analysis,
            past: dates.as_ref(),
            today,
            file: hotspot.file,
            function,
            points,
            interest,
            parameters: &debt.parameters,
        };
        ranked.files.push(HotPlace {
            file: hotspot.file,
            function: None,
            points: file.points,
            cognitive: file.cognitive,
            revisions: churn,
            product: product(file.cognitive, file.points),
            interest: interest.map(|it| it.interest),
            advice: place(None, points.clone()).advice(),
        });

        let functions = functions_of(analysis, hotspot.file);
        let first = analysis
            .functions
            .partition_point(|it| it.file < hotspot.file);
        for (at, function) in functions.iter().enumerate().filter(|(_, it)| it.points > 0) {
            let inside = |point: &&&VariationPoint| {
                function.line <= point.line && point.line <= function.end_line
            };
            let own = points.iter().filter(inside).copied().collect();
            let part = f64::from(function.points) / f64::from(file.points.max(function.points));
            ranked.functions.push(HotPlace {
                file: hotspot.file,
                function: Some(first + at),
                points: function.points,
                cognitive: function.cognitive,
                revisions: churn,
                product: product(function.cognitive, function.points),
                interest: interest.map(|it| it.interest.map(|all| all * part)),
                advice: place(Some(function), own).advice(),
            });
        }
    }
    let dear = |place: &HotPlace| place.interest.map_or(0.0, |it| it.mid);
    // Both sorts are stable: what is left equal stays as it was ranked by percentiles.
    ranked
        .files
        .sort_by(|a, b| dear(b).total_cmp(&dear(a)).then(b.product.cmp(&a.product)));
    ranked.functions.sort_by(|a, b| {
        let size = |place: &HotPlace| Reverse((place.points, place.cognitive));
        dear(b)
            .total_cmp(&dear(a))
            .then(b.product.cmp(&a.product))
            .then(size(a).cmp(&size(b)))
    });
    ranked
}
