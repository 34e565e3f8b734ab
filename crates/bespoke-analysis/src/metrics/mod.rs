//! The metric table and everything that is counted.
//!
//! A metric's file holds its row (meaning, formula, source, one worked example) and the functions that compute it; this
//! file brings them together. Only points that reach [`Settings::min_confidence`] are counted. Values are integers.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::{Branch, FileFacts, Function, Issue, Span};

use crate::{
    Analysis, FileId, FileReport, FileSet, FunctionReport, PointKind, Settings, SourceFile,
    Subject, SubjectId, Totals, VariationPoint, detect::Found, intervals::innermost, link::Model,
    structure::structure,
};

/// A measure of the table.
#[derive(Debug)]
pub struct Metric {
    /// Stable id.
    pub id: &'static str,
    /// Short name.
    pub title: &'static str,
    /// What it counts.
    pub unit: &'static str,
    /// Of what, first of all; `doc` tells what else it is shown for.
    pub scope: Scope,
    /// The harm that it stands for, of those that customization does.
    pub harm: Option<Harm>,
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

impl Scope {
    /// Stable name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::File => "file",
            Self::Subject => "subject",
            Self::Point => "point",
            Self::Tree => "tree",
        }
    }
}

/// What customization does to a company that sells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harm {
    /// Contracts decide what is built.
    SalesDriven,
    /// What was meant for a while stays.
    ShortTerm,
    /// Conditions scatter and tangle.
    Overload,
    /// What was agreed and what is there differ.
    Misalignment,
    /// More and more code serves few.
    FeatureBloat,
    /// Removing is put off, and keeping costs.
    Debt,
    /// Less is left for what all customers would have.
    Innovation,
    /// Each customer makes the next one dearer.
    Scaling,
    /// Customization draws more of it.
    ViciousCycle,
}

impl Harm {
    /// Every harm, in report order.
    pub const ALL: [Self; 9] = [
        Self::SalesDriven,
        Self::ShortTerm,
        Self::Overload,
        Self::Misalignment,
        Self::FeatureBloat,
        Self::Debt,
        Self::Innovation,
        Self::Scaling,
        Self::ViciousCycle,
    ];

    /// Stable name.
    pub fn id(self) -> &'static str {
        match self {
            Self::SalesDriven => "sales-driven",
            Self::ShortTerm => "short-term",
            Self::Overload => "overload",
            Self::Misalignment => "misalignment",
            Self::FeatureBloat => "feature-bloat",
            Self::Debt => "debt",
            Self::Innovation => "innovation",
            Self::Scaling => "scaling",
            Self::ViciousCycle => "vicious-cycle",
        }
    }

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::SalesDriven => "Sales-driven decisions",
            Self::ShortTerm => "Short-term focus",
            Self::Overload => "Customization overload",
            Self::Misalignment => "Misalignment",
            Self::FeatureBloat => "Feature bloat",
            Self::Debt => "Technical debt",
            Self::Innovation => "Capacity left for innovation",
            Self::Scaling => "Scaling struggles",
            Self::ViciousCycle => "Vicious cycle",
        }
    }
}

pub(crate) mod live;

macro_rules! metrics {
    ($($module:ident),+ $(,)?) => {
        $(pub(crate) mod $module;)+
        /// Every metric, in id order.
        pub static METRICS: &[&Metric] = &[$(&$module::METRIC),+];
    };
}
metrics! {
    abstractness, burden, capacity_share, cognitive, configurations, core_periphery, coupling, crossings,
    custom_complexity, customer_cost, cycles, cyclomatic, flag_life, growth, guarded_share, hotspot, instability, interest,
    marginal_complexity, misalignment, nesting, nesting_degree, nloc, points, principal, propagation_cost, reach, scattering,
    tangling, variation_overhead, vicious_cycle,
}

/// Measures and ranks.
pub(crate) fn measure(model: &Model<'_>, found: Found, settings: &Settings) -> Analysis {
    let mut analysis = measure_files(model.set, found, settings);
    let counted: Vec<&VariationPoint> = analysis.counted().collect();
    let components: Vec<String> = analysis
        .files
        .iter()
        .map(|file| file.component.clone())
        .collect();
    (analysis.graph, analysis.structure) =
        structure(model, &counted, &analysis.subjects, &components);
    analysis.findings = crate::rules::check(
        &analysis.graph,
        &analysis.structure,
        &analysis.files,
        &analysis.subjects,
        settings,
    );
    analysis
}

pub use flag_life::{expected_days, staleness};
pub use misalignment::{Misalignment, misalignment};
use scattering::component;
pub use vicious_cycle::{ViciousCycle, vicious_cycle};

/// The points of each file; a folder that is a unit is a point of each file below it.
pub(crate) fn points_of_files<'a>(
    set: &'a FileSet,
    counted: &[&'a VariationPoint],
) -> Vec<Vec<&'a VariationPoint>> {
    let places = places(set, counted);
    places.into_iter().map(|place| place.points).collect()
}

/// A file with the points that count in it.
struct Place<'a> {
    id: FileId,
    file: &'a SourceFile,
    /// Package or top folder.
    component: String,
    /// Every point of it; a folder that is a unit is a point of each file below it.
    points: Vec<&'a VariationPoint>,
    /// Of these, the branches and checks.
    conditions: Vec<&'a VariationPoint>,
}

fn measure_files(set: &FileSet, found: Found, settings: &Settings) -> Analysis {
    let mut points = found.points;
    let mut subjects = found.subjects;
    nesting_degree::mark(&mut points, &set.files, settings.min_confidence);

    let counted: Vec<&VariationPoint> = points
        .iter()
        .filter(|point| point.confidence >= settings.min_confidence)
        .collect();
    let places = places(set, &counted);
    let conditions: Vec<Vec<BTreeSet<SubjectId>>> =
        places.iter().map(tangling::conditions).collect();
    let functions: Vec<FunctionReport> = places.iter().flat_map(function_reports).collect();

    scattering::fill(&mut subjects, &places, &counted, set);
    tangling::fill(&mut subjects, &conditions);
    nesting_degree::fill(&mut subjects, &counted);
    let guarded = guarded_share::fill(&mut subjects, &places);

    let files: Vec<FileReport> = places
        .iter()
        .zip(conditions.iter().zip(guarded))
        .map(|(place, (conditions, guarded_lines))| FileReport {
            path: place.file.path.clone(),
            language: place.file.language,
            role: place.file.role,
            component: place.component.clone(),
            nloc: place.file.facts.nloc,
            cyclomatic: cyclomatic::of_file(&place.file.facts),
            cognitive: cognitive::of_file(&place.file.facts),
            points: count(place.conditions.len()),
            subjects: count(distinct_subjects(&place.points).len()),
            guarded_lines,
            tangling: conditions
                .iter()
                .map(|it| count(it.len()))
                .max()
                .unwrap_or(0),
            nesting: nesting_degree::deepest(&place.conditions),
        })
        .collect();

    let hotspots = hotspot::rank(&files, &functions, &settings.weights);
    let totals = Totals {
        files: count(files.len()),
        nloc: files.iter().map(|file| file.nloc).sum(),
        functions: count(functions.len()),
        cognitive: files.iter().map(|file| file.cognitive).sum(),
        points: count(counted.iter().filter(|it| is_condition(it)).count()),
        by_kind: tally(counted.iter().map(|point| point.kind_name())),
        by_dimension: seen_by_dimension(&subjects, &counted),
        guarded_lines: files.iter().map(|file| file.guarded_lines).sum(),
        files_with_points: count(files.iter().filter(|file| file.points > 0).count()),
        tiers: tiers(
            counted
                .iter()
                .filter(|it| is_condition(it))
                .map(|it| it.confidence),
        ),
        held_back: count(points.len() - counted.len()),
        scattering: scattering::quantiles_of(&subjects),
        tangling: quantiles(
            conditions
                .iter()
                .flatten()
                .map(|it| count(it.len()))
                .collect(),
        ),
        nesting: nesting_degree::deepest(&counted),
    };
    Analysis {
        issues: issues(set),
        left_out: set.left_out.clone(),
        files,
        functions,
        points,
        subjects,
        hotspots,
        blind_spots: found.blind_spots,
        totals,
        min_confidence: settings.min_confidence,
        ..Analysis::default()
    }
}

fn places<'a>(set: &'a FileSet, counted: &[&'a VariationPoint]) -> Vec<Place<'a>> {
    let mut places: Vec<Place<'a>> = set
        .files
        .iter()
        .enumerate()
        .map(|(at, file)| Place {
            id: FileId(count(at)),
            file,
            component: component(&file.path, set),
            points: Vec::new(),
            conditions: Vec::new(),
        })
        .collect();
    for point in counted {
        if let Some(id) = point.file {
            if let Some(place) = places.get_mut(id.index()) {
                place.points.push(point);
                if is_condition(point) {
                    place.conditions.push(point);
                }
            }
        } else {
            // Sorted paths keep a folder's files together, but `a-b/` sorts between `a` and `a/`.
            let folder = format!("{}/", point.path.as_str().trim_end_matches('/'));
            let first = set
                .files
                .partition_point(|file| file.path.as_str() < folder.as_str());
            for place in &mut places[first..] {
                if !place.file.path.as_str().starts_with(&folder) {
                    break;
                }
                place.points.push(point);
            }
        }
    }
    places
}

/// Functions of one file with what varies in them. A point belongs to the innermost function that is counted by itself.
fn function_reports(place: &Place<'_>) -> Vec<FunctionReport> {
    let facts = &place.file.facts;
    let mut functions: Vec<_> = facts
        .functions
        .iter()
        .filter(|it| it.cyclomatic > 0)
        .collect();
    functions.sort_by_key(|it| (it.span.start, u32::MAX - it.span.end));
    let spans: Vec<Span> = functions.iter().map(|it| it.span).collect();
    let points: Vec<Span> = place.conditions.iter().map(|it| it.span).collect();
    let mut inside: Vec<Vec<&VariationPoint>> = vec![Vec::new(); functions.len()];
    for (point, function) in place.conditions.iter().zip(innermost(&spans, &points)) {
        if let Some(at) = function {
            inside[at].push(point);
        }
    }
    functions
        .into_iter()
        .zip(inside)
        .map(|(function, points)| {
            let (line, end_line) = facts.lines.lines(function.span);
            FunctionReport {
                file: place.id,
                name: facts.name(function.name).to_owned(),
                line,
                end_line,
                nloc: function.nloc,
                cyclomatic: function.cyclomatic,
                cognitive: function.cognitive,
                nesting: function.nesting,
                points: count(points.len()),
                tangling: count(distinct_subjects(&points).len()),
                overhead: overhead(facts, function, &points),
            }
        })
        .collect()
}

/// What the points add to a function's complexity.
fn overhead(facts: &FileFacts, function: &Function, points: &[&VariationPoint]) -> u32 {
    if points.is_empty() {
        return 0;
    }
    let branches: Vec<&Branch> = facts
        .branches
        .iter()
        .filter(|branch| function.span.contains(branch.span))
        .collect();
    let varies = |branch: &Branch| points.iter().any(|point| branch.span.contains(point.span));
    variation_overhead::of(facts, &branches, &varies, function.cognitive)
}

/// Whether a point is a place where one of several ways is taken, and not a declaration, a literal or an import.
pub(crate) fn is_condition(point: &VariationPoint) -> bool {
    matches!(point.kind, PointKind::Branch | PointKind::Check)
}

fn distinct_subjects(points: &[&VariationPoint]) -> BTreeSet<SubjectId> {
    points
        .iter()
        .flat_map(|point| point.subjects.iter().copied())
        .collect()
}

/// Subjects with a point that counts, by dimension: one that is only told of is in no code.
fn seen_by_dimension(subjects: &[Subject], counted: &[&VariationPoint]) -> Vec<(String, u32)> {
    tally(
        distinct_subjects(counted)
            .into_iter()
            .filter_map(|id| subjects.get(id.index()))
            .map(|subject| subject.dimension.clone()),
    )
}

fn tally(names: impl Iterator<Item = String>) -> Vec<(String, u32)> {
    let mut counts = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

/// How many are of high, medium and low confidence.
fn tiers(confidences: impl Iterator<Item = u8>) -> [u32; 3] {
    confidences.fold([0; 3], |mut tiers, confidence| {
        let tier = match confidence {
            85.. => 0,
            70.. => 1,
            _ => 2,
        };
        tiers[tier] += 1;
        tiers
    })
}

/// Median, 90th percentile and maximum by nearest rank; zeros where there is nothing.
fn quantiles(mut values: Vec<u32>) -> [u32; 3] {
    values.sort_unstable();
    let rank = |percent: usize| (values.len() * percent).div_ceil(100).max(1) - 1;
    [50, 90, 100].map(|percent| values.get(rank(percent)).copied().unwrap_or(0))
}

/// What the set and its files' facts could not understand.
fn issues(set: &FileSet) -> Vec<Issue> {
    let in_facts = set.files.iter().flat_map(|file| {
        file.facts.issues.iter().map(|reason| Issue {
            path: file.path.clone(),
            span: None,
            reason: reason.clone(),
        })
    });
    let mut issues: Vec<Issue> = set.issues.iter().cloned().chain(in_facts).collect();
    issues.sort();
    issues.dedup();
    issues
}

pub(crate) fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// A small tree by hand, for the metrics' tests.
#[cfg(test)]
pub(crate) mod sample {
    use bespoke_facts::{FactsBuilder, LineIndex, RepoPath};

    use super::*;
    use crate::Role;

    /// A tree whose subjects are numbered as given.
    pub(crate) struct Sample {
        pub(super) set: FileSet,
        pub(super) found: Found,
        sources: Vec<String>,
    }

    /// A sample with these `(dimension, name)` subjects.
    pub(crate) fn sample(subjects: &[(&str, &str)]) -> Sample {
        let subjects = subjects
            .iter()
            .map(|(dimension, name)| Subject {
                dimension: (*dimension).to_owned(),
                name: (*name).to_owned(),
                ..Subject::default()
            })
            .collect();
        Sample {
            set: FileSet::default(),
            found: Found {
                subjects,
                ..Found::default()
            },
            sources: Vec::new(),
        }
    }

    impl Sample {
        /// Adds a file, whose path must sort after the last one's.
        pub(super) fn file(self, path: &str, source: &str) -> Self {
            self.file_with(path, source, |_| {})
        }

        /// Adds a file whose facts `build` writes.
        pub(super) fn file_with(
            mut self,
            path: &str,
            source: &str,
            build: impl FnOnce(&mut FactsBuilder<'_>),
        ) -> Self {
            let mut facts = FactsBuilder::new(source);
            build(&mut facts);
            self.set.files.push(SourceFile {
                path: RepoPath::new(path),
                language: "typescript",
                role: Role::Product,
                facts: facts.finish().into(),
            });
            self.sources.push(source.to_owned());
            self
        }

        /// Adds a point to the last file: `text` is its condition, `regions` what it guards, both found in the source.
        pub(super) fn point(
            mut self,
            kind: PointKind,
            subjects: &[u32],
            text: &str,
            regions: &[&str],
        ) -> Self {
            let file = self.set.files.last().expect("a file before its points");
            let source = self.sources.last().expect("as many sources as files");
            let lines = LineIndex::new(source.as_bytes());
            let (span, regions) = (
                find(source, text),
                regions
                    .iter()
                    .map(|it| find(source, it))
                    .collect::<Vec<_>>(),
            );
            let (line, end_line) = lines.lines(span);
            let id = FileId(count(self.set.files.len() - 1));
            let dimension = self.found.subjects[subjects[0] as usize].dimension.clone();
            self.found.points.push(VariationPoint {
                key: 0,
                file: Some(id),
                path: file.path.clone(),
                kind,
                dimension,
                subjects: subjects.iter().map(|id| SubjectId(*id)).collect(),
                span,
                line,
                end_line,
                guarded: regions.iter().map(|it| lines.lines(*it)).collect(),
                regions,
                open: false,
                function: None,
                nesting: 0,
                confidence: 90,
                evidence: Vec::new(),
                text: text.to_owned(),
                fingerprint: String::new(),
            });
            self
        }

        /// Adds a folder that is a unit.
        pub(super) fn folder(self, subject: u32, path: &str) -> Self {
            let mut sample = self.point(PointKind::Unit, &[subject], "", &[]);
            let point = sample.found.points.last_mut().expect("just added");
            (point.file, point.path) = (None, RepoPath::new(path));
            sample
        }

        pub(super) fn measure(self) -> Analysis {
            measure_files(&self.set, self.found, &Settings::default())
        }
    }

    pub(super) fn find(source: &str, text: &str) -> Span {
        let start = source.find(text).expect("the text is in the source");
        Span::new(count(start), count(start + text.len()))
    }
}

#[cfg(test)]
mod tests {
    use bespoke_facts::{IssueReason, RepoPath};

    use super::{sample::sample, *};

    #[test]
    fn an_empty_tree_has_zeros() {
        let analysis = sample(&[]).measure();
        assert_eq!(analysis.totals, Totals::default());
        assert!(analysis.hotspots.is_empty());
        assert_eq!(analysis.totals.density(), None);
        assert_eq!(analysis.totals.guarded_share(), None);
    }

    #[test]
    fn quantiles_are_by_nearest_rank() {
        assert_eq!(quantiles(Vec::new()), [0, 0, 0]);
        assert_eq!(quantiles(vec![7]), [7, 7, 7]);
        assert_eq!(quantiles(vec![4, 1, 3, 2]), [2, 4, 4]);
        assert_eq!(quantiles((1..=20).collect()), [10, 18, 20]);
    }

    #[test]
    fn points_under_the_confidence_that_counts_are_held_back() {
        let mut sample = sample(&[("customer", "acme")])
            .file("a.ts", "if (isAcme) { x() }\nif (acmeish) { y() }")
            .point(PointKind::Branch, &[0], "isAcme", &["x()"])
            .point(PointKind::Branch, &[0], "acmeish", &["y()"]);
        sample.found.points[1].confidence = 49;
        let analysis = sample.measure();
        assert_eq!((analysis.totals.points, analysis.totals.held_back), (1, 1));
        assert_eq!(analysis.files[0].guarded_lines, 1);
        assert_eq!(analysis.subjects[0].scattering, 1);
        assert_eq!(analysis.points.len(), 2);
    }

    #[test]
    fn totals_name_kinds_and_dimensions_that_are_seen() {
        let analysis = sample(&[
            ("customer", "acme"),
            ("customer", "unseen"),
            ("flag", "dark"),
        ])
        .file("a.ts", "if (isAcme && dark()) { log('acme') }")
        .point(PointKind::Branch, &[0], "isAcme", &["log('acme')"])
        .point(PointKind::Check, &[2], "dark()", &["log('acme')"])
        .point(PointKind::Data, &[0], "'acme'", &[])
        .measure();
        let named = |pairs: &[(&str, u32)]| -> Vec<(String, u32)> {
            pairs
                .iter()
                .map(|(name, n)| ((*name).to_owned(), *n))
                .collect()
        };
        let totals = analysis.totals;
        assert_eq!(
            totals.by_kind,
            named(&[
                ("customer_branch", 1),
                ("customer_data", 1),
                ("flag_check", 1)
            ])
        );
        assert_eq!(totals.by_dimension, named(&[("customer", 1), ("flag", 1)]));
        assert_eq!((totals.points, totals.files_with_points), (2, 1));
    }

    #[test]
    fn points_belong_to_the_innermost_function_that_is_counted() {
        let source =
            "function f() {\n  function g() {\n    xs.map(() => isAcme);\n  }\n  dark();\n}";
        let analysis = sample(&[("customer", "acme"), ("flag", "dark")])
            .file_with("a.ts", source, |facts| {
                let g = sample::find(source, "function g() {\n    xs.map(() => isAcme);\n  }");
                let arrow = sample::find(source, "() => isAcme");
                let f = Span::new(0, count(source.len()));
                facts.begin_function(Some("f"), f, f);
                facts.begin_function(Some("g"), g, g);
                facts.begin_function(None, arrow, arrow);
                facts.end_function();
                facts.end_function();
                facts.end_function();
            })
            .point(PointKind::Branch, &[0], "isAcme", &[])
            .point(PointKind::Check, &[1], "dark()", &[])
            .measure();
        let rows: Vec<_> = analysis
            .functions
            .iter()
            .map(|it| {
                (
                    it.name.as_str(),
                    it.line,
                    it.end_line,
                    it.points,
                    it.tangling,
                )
            })
            .collect();
        assert_eq!(rows, [("f", 0, 5, 1, 1), ("g", 1, 3, 1, 1)]);
    }

    #[test]
    fn issues_of_facts_join_the_others_once() {
        let mut sample = sample(&[]).file_with("b.ts", "(", |facts| {
            facts.issue(IssueReason::Syntax { places: 1 });
        });
        let issue = |path: &str, reason| Issue {
            path: RepoPath::new(path),
            span: None,
            reason,
        };
        sample.set.issues = vec![
            issue("b.ts", IssueReason::Syntax { places: 1 }),
            issue("a.ts", IssueReason::Vanished),
        ];
        assert_eq!(
            sample.measure().issues,
            [
                issue("a.ts", IssueReason::Vanished),
                issue("b.ts", IssueReason::Syntax { places: 1 }),
            ]
        );
    }

    #[test]
    fn ids_are_in_order_and_rows_are_whole() {
        assert!(METRICS.windows(2).all(|pair| pair[0].id < pair[1].id));
        for metric in METRICS {
            for part in ["**Formula**", "**Source**", "**Example**"] {
                assert!(metric.doc.contains(part), "{} has no {part}", metric.id);
            }
        }
    }
}
