//! All input and state: disk, threads, configuration.
//!
//! [`scan`] lists a tree ([`discover`]), tells product code from the rest ([`classify`]), extracts facts in parallel
//! and has them analysed. Nothing that a tree holds can stop it: what cannot be read becomes an issue of the result.
//! An [`Error`] means that there was nothing to begin with: a path that is not there, a configuration that cannot be
//! understood. Left out on purpose: the form of any report, and the command line.

mod allowed;
mod cache;
mod classify;
mod config;
mod content;
mod data;
mod discover;
mod error;
mod fault;
mod git;
mod globs;
mod history;
mod manifest;
mod owners;
mod read;
mod revision;
mod run;
mod starter;
mod store;
mod vendor;
mod vocabulary;

pub use allowed::Allowed;
pub use bespoke_analysis::{
    ADVICE, Activity, Analysis, Budget, Debt, Effort, Event, FilePast, GateItem, GateLine,
    GateVerdict, Harm, Level, METRICS, Metric, PARAMETERS, Past, Quote, RULES, Removals, Role, Row,
    Rule, Sdk, SubjectId, View, Vocabulary, Window, Without, backtest, builtin_sdks, calibrate,
    judge, rank, readings, score, sum, without,
};
pub use bespoke_extract::{LANGUAGES, Language};
pub use bespoke_facts::{RepoPath, date_of, start_of};
pub use cache::default_cache_dir;
pub use classify::classify;
pub use config::{CONFIG_NAMES, Config, config_schema, load_config, parse_config};
pub use content::content_id;
pub use discover::{Entry, Snapshot, discover};
pub use error::Error;
pub use fault::ConfigError;
pub use history::{By, Every, Graphs, History, HistoryOptions, Stage, Told, history};
pub use owners::{Owners, OwnersFile, owners_file};
pub use revision::{Compared, Ends, day_of_head, scan_two};
pub use run::{ConfigSource, DEFAULT_MAX_FILE_SIZE, Options, Progress, Scan, scan, scan_and};
pub use starter::starter_config;
pub use vocabulary::{vocabulary_from_json, vocabulary_to_json};
