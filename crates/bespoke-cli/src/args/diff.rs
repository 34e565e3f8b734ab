//! Arguments of `bespoke diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::InputArgs;

/// Show what came, went, moved and changed between two commits, or two JSON reports, and what that costs.
///
/// Points are known again through moves, renames, reformatting and edits around them. Both states are read with the
/// configuration of the disk and the same names of customers, so that only changed code makes a difference.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct DiffCommand {
    /// What was before: a revision, or a JSON report
    #[arg(value_name = "BASE")]
    pub(crate) base: String,
    /// What is now: the same [default: the files on the disk]
    #[arg(value_name = "HEAD")]
    pub(crate) head: Option<String>,
    /// A folder of the repository; only what lies in it is compared
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(crate) repository: PathBuf,
    /// Compare with the commit at which HEAD left BASE, as a pull request does
    #[arg(long)]
    pub(crate) from_fork: bool,
    /// Say what changes in interest too, for the work of the last year; reads history
    #[arg(long)]
    pub(crate) history: bool,
    /// Only what is in files of an owner whose name holds this, as CODEOWNERS says; what moves in from elsewhere has come
    #[arg(long, value_name = "OWNER")]
    pub(crate) owner: Option<String>,
    /// Form of the answer
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: DiffForm,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

const EXAMPLES: &str = "\
Examples:
  bespoke diff HEAD                       what is not committed yet
  bespoke diff main --from-fork           what this branch does
  bespoke diff v1.0 v2.0 --format markdown
  bespoke diff old.json new.json";

/// Form of a diff.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffForm {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// For pull requests and job summaries
    Markdown,
}
