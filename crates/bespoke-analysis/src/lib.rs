//! Facts of a whole tree to variation points, metrics and hotspots.
//!
//! [`analyse`] links the files' facts (whose constant, whose predicate, whose wrapper is this?), detects variation
//! points, measures them and ranks files. It is pure: the same facts and [`Settings`] give the same [`Analysis`].
//! Left out on purpose: reading anything, and the form of any report.

mod analysis;
mod detect;
mod intervals;
mod link;
mod manifests;
mod metrics;
mod settings;

pub use analysis::{
    Analysis, BlindSpots, Evidence, FileId, FileReport, FunctionReport, Hotspot, HotspotPart,
    LeftOut, PointKind, Subject, SubjectId, SubjectOrigin, Totals, VariationPoint,
};
pub use detect::sdks::{FlagCall, Form, Gate, Lookalike, Place, Places, Sdk, builtin_sdks};
pub use manifests::{CargoManifest, Manifests, Mapping, NpmManifest, PathMap};
pub use metrics::{METRICS, Metric, Scope};
pub use settings::{
    Customer, DataHit, DataReader, Dimension, FileSet, Flag, Package, PackageKind, Role, Settings,
    SourceFile, Weights,
};

/// Analyses the files of one tree. `files` must be sorted by path.
pub fn analyse(files: &FileSet, settings: &Settings) -> Analysis {
    let model = link::link(files);
    let found = detect::detect(&model, settings);
    metrics::measure(&model, found, settings)
}
