//! Arguments of `bespoke check` and `bespoke baseline`.

use std::path::PathBuf;

use bespoke_report::Format;
use clap::Args;

use super::{InputArgs, OutputFile, day_text, format_parser};
use crate::exit;

/// Hold the tree, or what a change brings, against the budgets of bespoke.toml.
///
/// With --base, only what came since that revision counts as new; with --baseline, what the file does not know. Where
/// bespoke.toml has no budget, a change may bring no new code for single customers. A comment
/// `bespoke: allow(KIND) because REASON until YYYY-MM-DD` allows what stands beside it.
#[derive(Debug, Args)]
#[command(after_help = format!("{CHECK_EXAMPLES}\n\n{}", exit::CHECK_HELP))]
pub(crate) struct CheckCommand {
    /// A folder of the repository; only what lies in it is looked at
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// What is there since the work left this revision is new
    #[arg(long, value_name = "REVISION", conflicts_with = "baseline")]
    pub(crate) base: Option<String>,
    /// Compare with the revision itself, not with where the work left it
    #[arg(long, requires = "base")]
    pub(crate) exact: bool,
    /// Look at this revision, not at the files on the disk
    #[arg(long, value_name = "REVISION", requires = "base")]
    pub(crate) head: Option<String>,
    /// What this file of `bespoke baseline` does not know is new
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Compare ends of budgets and comments with this day, YYYY-MM-DD [default: that of the last commit]
    #[arg(long, value_name = "DAY", value_parser = day_text)]
    pub(crate) as_of: Option<String>,
    /// Say which budget failed, and how to go on
    #[arg(long)]
    pub(crate) explain_exit: bool,
    /// Form of what is printed, of the new points and findings [default: a page of its own]
    #[arg(long, short, value_name = "FORMAT", value_parser = format_parser())]
    pub(crate) format: Option<&'static Format>,
    /// Also write a file of the new points and findings; its form is that of its extension, unless named. May be repeated
    #[arg(long, short, value_name = "[FORMAT=]FILE")]
    pub(crate) output: Vec<OutputFile>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

const CHECK_EXAMPLES: &str = "\
Examples:
  bespoke check --base origin/main --explain-exit
  bespoke check --base origin/main --format github --output sarif=bespoke.sarif
  bespoke check --baseline bespoke-baseline.ndjson
  bespoke check                                       only what may be at most";

/// Write down what is there, so that `bespoke check --baseline` knows it: a line for each point and finding, sorted.
#[derive(Debug, Args)]
pub(crate) struct BaselineCommand {
    /// Folders or files to scan
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Where to; on standard output if it is not said
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}
