//! What a page shows and data do not hold: a name, pieces of code, the course of the sums over commits.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_analysis::Past;

use crate::{Report, VariationPoint};

/// Lines of code before the first and after the last that a point is about.
const AROUND: u32 = 2;
/// Lines of what a point guards that are shown.
const GUARDED: u32 = 12;
/// Characters of a line that are shown.
const WIDTH: usize = 240;
/// Bytes of code that a report holds; what comes later in the order of hotspots is left out.
const MAX_CODE: usize = 4 << 20;

/// What only pages show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extras {
    /// Name of what was scanned.
    pub name: String,
    /// The same, where the user gave it: a label of metrics.
    pub label: Option<String>,
    /// Lines of code around variation points, by path and line from 1.
    pub code: BTreeMap<String, BTreeMap<u32, String>>,
    /// Files whose code was left out, because there is too much of it.
    pub uncoded: u32,
    /// The course of the sums over commits, oldest first.
    pub course: Vec<Sums>,
}

/// Sums at a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Seconds since 1970.
    pub time: i64,
    /// The commit, whole.
    pub commit: String,
    /// Branches and checks.
    pub points: u32,
    /// Customers, and subjects of dimensions of the user's.
    pub customers: u32,
    /// Flags.
    pub flags: u32,
    /// Lines that run only for some.
    pub guarded_lines: u32,
}

/// First and last line of the code that is shown for a point.
pub(crate) fn window(point: &VariationPoint) -> (u32, u32) {
    let guarded = point
        .guarded
        .iter()
        .map(|it| it.end_line.min(point.end_line.saturating_add(GUARDED)))
        .max();
    let last = guarded.map_or(point.end_line, |it| it.max(point.end_line));
    // Of a unit, its beginning tells enough.
    let last = last.min(point.line.saturating_add(3 * GUARDED));
    (
        point.line.saturating_sub(AROUND).max(1),
        last.saturating_add(AROUND),
    )
}

impl Report {
    /// Joins the course of the sums.
    pub fn follow(&mut self, past: &Past) {
        let of = |it: &bespoke_analysis::Moment, wanted: &dyn Fn(&str) -> bool| {
            let sums = it.by_dimension.iter();
            sums.filter(|(name, _)| wanted(name)).map(|it| it.1).sum()
        };
        self.extras.course = past
            .course
            .iter()
            .map(|it| Sums {
                time: it.time,
                commit: it.commit.clone(),
                points: it.points,
                customers: of(it, &|name| !matches!(name, "flag" | "tenant")),
                flags: of(it, &|name| name == "flag"),
                guarded_lines: it.guarded_lines,
            })
            .collect();
    }

    /// Joins the lines of code around variation points, those of the first hotspots first. `source` gives the text of a
    /// file of the tree.
    pub fn quote_code(&mut self, source: &dyn Fn(&str) -> Option<String>) {
        let mut windows: BTreeMap<&str, Vec<(u32, u32)>> = BTreeMap::new();
        for point in &self.variation_points {
            windows.entry(&point.path).or_default().push(window(point));
        }
        let first = self.hotspots.iter().map(|it| it.path.as_str());
        let mut seen = BTreeSet::new();
        let order = first.chain(windows.keys().copied());
        let order: Vec<&str> = order.filter(|path| seen.insert(*path)).collect();
        let mut room = MAX_CODE;
        for path in order {
            let Some(ranges) = windows.get(path) else {
                continue;
            };
            if room == 0 {
                self.extras.uncoded += 1;
                continue;
            }
            let Some(text) = source(path) else {
                continue;
            };
            let texts: Vec<&str> = text.lines().collect();
            let mut lines = BTreeMap::new();
            for &(from, to) in ranges {
                for (line, text) in (1..).zip(&texts).take(to as usize).skip(from as usize - 1) {
                    let shown = || text.chars().take(WIDTH).collect();
                    lines.entry(line).or_insert_with(shown);
                }
            }
            let size: usize = lines.values().map(String::len).sum();
            room = room.saturating_sub(size);
            self.extras.code.insert(path.to_owned(), lines);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn code_is_what_stands_around_points() {
        let mut report = sample::report();
        let lines: Vec<String> = (1..=60).map(|line| format!("line {line}")).collect();
        let text = lines.join("\n");
        report.quote_code(&|_| Some(text.clone()));
        let code = &report.extras.code["src/billing/invoice.ts"];
        let point = &report.variation_points[0];
        let (from, to) = window(point);
        assert_eq!((from, point.line, to), (10, 12, 17));
        assert!((from..=to).all(|line| code[&line] == format!("line {line}")));
        assert!(!code.contains_key(&60));
    }

    #[test]
    fn a_file_that_is_gone_or_cut_short_has_no_code() {
        let mut report = sample::report();
        report.quote_code(&|_| None);
        assert!(report.extras.code.is_empty());
        report.quote_code(&|_| Some("one line".to_owned()));
        let mut lines = report.extras.code.values().flat_map(BTreeMap::keys);
        assert!(lines.all(|line| *line == 1));
    }
}
