//! Arguments of `bespoke hotspots`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{InputArgs, day_text};

/// Show where to start: files or functions by what their branches and checks cost, why, and the next step that helps most.
///
/// With history they are ranked by interest: what branches and checks add to the work that is done there. Without it, by
/// complexity, branches and checks, and subjects, each compared with the other files.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct HotspotsCommand {
    /// Folders or files to scan
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Functions instead of files
    #[arg(long)]
    pub(crate) functions: bool,
    /// In what order
    #[arg(long, value_enum, default_value_t)]
    pub(crate) by: OrderBy,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) limit: usize,
    /// Form of the answer
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: HotspotForm,
    /// Only what is in files of an owner whose name holds this, as CODEOWNERS says
    #[arg(long, value_name = "OWNER")]
    pub(crate) owner: Option<String>,
    /// Show no code
    #[arg(long)]
    pub(crate) no_code: bool,
    /// Ask no history: no interest, no churn
    #[arg(long)]
    pub(crate) no_history: bool,
    /// Compare ends of contracts and flags with this day, YYYY-MM-DD [default: that of the last commit]
    #[arg(long, value_name = "DAY", value_parser = day_text)]
    pub(crate) as_of: Option<String>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

const EXAMPLES: &str = "\
Examples:
  bespoke hotspots
  bespoke hotspots --functions --limit 20
  bespoke hotspots --by product services/billing
  bespoke hotspots --format markdown > hotspots.md
  bespoke list advice                       all that may be advised";

/// In what order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum OrderBy {
    /// Work that branches and checks add, in minutes a month
    #[default]
    Interest,
    /// Cognitive complexity x commits of the last year x branches and checks
    Product,
    /// Mean percentile of complexity, branches and checks, and subjects; files only, needs no history
    Score,
}

/// Form of the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum HotspotForm {
    /// For people
    #[default]
    Text,
    /// For programs
    Json,
    /// For pull requests and wikis
    Markdown,
}
