//! Facts of a whole tree to variation points, metrics and hotspots.
//!
//! [`analyse`] links the files' facts (whose constant, whose predicate, whose wrapper is this?), detects variation
//! points, measures them and ranks files. It is pure: the same facts and [`Settings`] give the same [`Analysis`].
//! Left out on purpose: reading anything, and the form of any report.

mod advice;
mod analysis;
mod calibrate;
mod compare;
mod debt;
mod detect;
mod gate;
mod graph;
mod harms;
mod hotspots;
mod intervals;
mod link;
mod live;
mod manifests;
mod metrics;
mod numeric;
mod random;
mod rules;
mod settings;
mod structure;
mod trend;
mod validate;
mod without;

pub use advice::{ADVICE, Advice, AdviceRule};
pub use analysis::{
    Analysis, BlindSpots, Evidence, FileId, FileReport, FunctionReport, Hotspot, HotspotPart,
    LeftOut, PointKind, Subject, SubjectId, SubjectOrigin, Totals, VariationPoint,
};
pub use calibrate::{Calibration, MIN_REMOVALS, Removal, Removals, calibrate};
pub use compare::{Fate, Known, compare};
pub use debt::{
    Debt, Estimate, FileInterest, Flow, Item, ItemKind, PARAMETERS, Parameter, Parameters, Rating,
    Span3, SubjectDebt, Unrated, overhead, score, sum,
};
pub use detect::{
    Vocabulary,
    sdks::{FlagCall, Form, Gate, Lookalike, Place, Places, Sdk, builtin_sdks},
};
pub use gate::{Budget, Item as GateItem, Line as GateLine, Verdict as GateVerdict, judge};
pub use graph::{Cycle, Edge, EdgeKind, Graph, Level, Node, Unresolved, View, ViewEdge, ViewNode};
pub use harms::{Reading, readings};
pub use hotspots::{HotPlace, Ranked, rank};
pub use live::{
    Change, Complexity, DataScanner, LivePoint, LiveTree, Movements, State, SubjectName, learn,
};
pub use manifests::{CargoManifest, Manifests, Mapping, NpmManifest, PathMap};
pub use metrics::{
    Harm, METRICS, Metric, Misalignment, Scope, ViciousCycle, expected_days, misalignment,
    staleness, vicious_cycle,
};
pub use rules::{Finding, RULES, Rule, RuleLevel};
pub use settings::{
    Customer, DataHit, DataReader, Dimension, FileSet, Flag, Layer, Package, PackageKind, PathRule,
    Role, Settings, SourceFile, Weights,
};
pub use structure::{
    Cluster, ComponentReport, Crossing, FileStructure, Place as CorePlace, Structure,
    SubjectStructure,
};
pub use trend::{
    Activity, BUILD_DAYS, Coupled, Effort, Event, FileAt, FileChange, FilePast, FileState,
    GraphSample, GroupTotals, Growth, GrowthKind, Life, Lives, MIN_PRECEDENTS, MIN_WORK, Mark,
    Moment, MonthOfWork, Past, PointPast, Precedent, Quarter, Quote, Range, Row, Slope,
    SubjectPast, Survival, Uncounted, Work, growth, kendall_p, marginal_complexity, pettitt,
    theil_sen,
};
pub use validate::{
    Backtest, COMPARED, Gain, MIN_EVENTS, MIN_WINDOWS, Measured, Outcome, Score, Tested, Verdict,
    Window, backtest,
};
pub use without::{Without, without};

/// Analyses the files of one tree. `files` must be sorted by path.
///
/// With a vocabulary that was learned before, nothing is learned of these files.
pub fn analyse(files: &FileSet, settings: &Settings, learned: Option<&Vocabulary>) -> Analysis {
    let model = link::link(files);
    let found = detect::detect(&model, settings, learned);
    metrics::measure(&model, found, settings)
}
