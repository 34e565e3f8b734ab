//! All input and state: disk, threads, configuration.
//!
//! [`scan`] lists a tree ([`discover`]), tells product code from the rest ([`classify`]), extracts facts in parallel
//! and has them analysed. Nothing that a tree holds can stop it: what cannot be read becomes an issue of the result.
//! An [`Error`] means that there was nothing to begin with: a path that is not there, a configuration that cannot be
//! understood. Left out on purpose: the form of any report, and the command line.

mod classify;
mod config;
mod content;
mod data;
mod discover;
mod error;
mod fault;
mod globs;
mod manifest;
mod read;
mod run;
mod starter;
mod vendor;

pub use bespoke_analysis::{
    Analysis, Level, METRICS, Metric, RULES, Role, Rule, Sdk, SubjectId, View, Without,
    builtin_sdks, without,
};
pub use bespoke_extract::{LANGUAGES, Language};
pub use classify::classify;
pub use config::{CONFIG_NAMES, Config, config_schema, load_config, parse_config};
pub use content::content_id;
pub use discover::{Entry, Snapshot, discover};
pub use error::Error;
pub use fault::ConfigError;
pub use run::{ConfigSource, DEFAULT_MAX_FILE_SIZE, Options, Progress, Scan, scan, scan_and};
pub use starter::starter_config;
