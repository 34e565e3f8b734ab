//! The command line: names, defaults, help.

mod check;
mod diff;
mod hotspots;
mod ledger;

use std::{
    collections::BTreeSet,
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
    str::FromStr,
};

use bespoke_engine::{
    ConfigSource, Every, Graphs, LANGUAGES, Level, Options, Role, Vocabulary, date_of,
    default_cache_dir, start_of, vocabulary_from_json,
};
use bespoke_report::{FORMATS, Format, GraphFormat, nearest};
use clap::{
    Args, Parser, Subcommand, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser as _},
};
use clap_complete::Shell;

pub(crate) use self::{
    check::{BaselineCommand, CheckCommand},
    diff::{DiffCommand, DiffForm},
    hotspots::{HotspotForm, HotspotsCommand, OrderBy},
    ledger::{CustomersCommand, FlagsCommand, LedgerArgs, LedgerForm},
};
use crate::{exit, failure::Failure};

/// Finds where a code base bends for single customers, tenants and feature flags.
///
/// bespoke reads source code, and nothing else: it runs no build, asks no network, and writes only what it is told to.
#[derive(Debug, Parser)]
#[command(name = "bespoke", version, max_term_width = 100, after_help = MAIN_EXAMPLES, subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) screen: ScreenArgs,
}

const MAIN_EXAMPLES: &str = "\
Examples:
  bespoke scan                        look at the tree around you
  bespoke scan --output report.json   and keep everything for a dashboard
  bespoke explain src/billing.ts:88   why is this line a finding?
  bespoke explain acme                all that is known of one customer
  bespoke customers                   what does each customer cost?
  bespoke hotspots                    where to start, and what to do there
  bespoke init                        write down what was discovered, to correct it

`bespoke help <command>` shows more of each. Exit codes: 0 ran, 1 findings at or over --fail-on,
2 could not run, 3 files were skipped under --strict.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Scan(ScanCommand),
    Explain(ExplainCommand),
    Customers(CustomersCommand),
    Flags(FlagsCommand),
    Hotspots(HotspotsCommand),
    Diff(DiffCommand),
    Check(CheckCommand),
    Baseline(BaselineCommand),
    Graph(GraphCommand),
    Trend(TrendCommand),
    Without(WithoutCommand),
    Quote(QuoteCommand),
    Calibrate(CalibrateCommand),
    Validate(ValidateCommand),
    Init(InitCommand),
    List(ListCommand),
    Schema(SchemaCommand),
    Completions(CompletionsCommand),
    Man(ManCommand),
}

/// What the page looks like.
#[derive(Debug, Args)]
#[command(next_help_heading = "Screen")]
pub(crate) struct ScreenArgs {
    /// Whether to use colour; `auto` heeds the terminal, `NO_COLOR` and `CLICOLOR_FORCE`
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,
    /// Columns of the page [default: those of the terminal, else 100]
    #[arg(long, global = true, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(40..))]
    pub(crate) width: Option<u16>,
    /// Print nothing but what is asked for by name, and errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Longer tables, and what was read, on standard error; twice for whole tables
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
}

/// When to use colour. Values have no docs of their own: help would give each a paragraph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

/// Find customers, flags and tenant conditions, and the files where they pile up.
///
/// Reads every source file of the tree that git does not ignore. Tests, fixtures, stories, migrations, examples,
/// generated, vendored and minified code are left out, and counted. Customers are discovered; a bespoke.toml makes
/// them certain.
#[derive(Debug, Args)]
#[command(after_help = format!("{SCAN_EXAMPLES}\n\n{}", exit::HELP))]
pub(crate) struct ScanCommand {
    /// Folders or files to scan
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Form of what is printed [default: terminal]
    #[arg(long, short, value_name = "FORMAT", value_parser = format_parser())]
    pub(crate) format: Option<&'static Format>,
    /// Also write a file; its form is that of its extension, unless named. May be repeated
    #[arg(long, short, value_name = "[FORMAT=]FILE")]
    pub(crate) output: Vec<OutputFile>,
    /// Exit with 1 if so many counted points of a kind are there that no comment allows (1 where no number is given);
    /// `any` is every kind
    #[arg(long, value_name = "KIND[=N]", value_delimiter = ',')]
    pub(crate) fail_on: Vec<Limit>,
    /// Exit with 3 if files had to be skipped: unreadable, too large, binary and so on
    #[arg(long)]
    pub(crate) strict: bool,
    /// Say what git's history knows: ages of points and flags, authors, effort for each customer, churn. Customers are
    /// then known by what the whole history taught
    #[arg(long)]
    pub(crate) history: bool,
    /// Compare ends of contracts and flags with this day, YYYY-MM-DD [default: that of the last commit, with --history]
    #[arg(long, value_name = "DAY", value_parser = day_text)]
    pub(crate) as_of: Option<String>,
    /// Only what is in files of an owner whose name holds this, as CODEOWNERS says. History and structure stay those of
    /// the whole tree
    #[arg(long, value_name = "OWNER")]
    pub(crate) owner: Option<String>,
    /// Name of the tree in HTML [default: its folder's], and label `repository` of metrics, where several are scraped
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Put no code into HTML
    #[arg(long)]
    pub(crate) no_code: bool,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

const SCAN_EXAMPLES: &str = "\
Examples:
  bespoke scan
  bespoke scan services/billing libs/tenants
  bespoke scan --format json | jq '.totals'
  bespoke scan --output report.json --output terminal=report.txt
  bespoke scan --include tests,stories
  bespoke scan --owner @shop/checkout
  bespoke scan --history
  bespoke scan --history --output report.html
  bespoke scan --fail-on customer_branch=20 --fail-on flag_check=200 --quiet

Kinds are <dimension>_<form>: customer_branch, flag_check, tenant_branch, customer_unit,
customer_data, customer_dependency, and the same of the dimensions in bespoke.toml.";

/// What is read, and what counts.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArgs {
    /// Analyse these too: tests, fixtures, stories, migrations, generated, vendored, minified, examples, or all
    #[arg(long, value_name = "ROLE", value_delimiter = ',')]
    pub(crate) include: Vec<Include>,
    /// Leave out what matches, in the form of .gitignore. May be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// Configuration to use instead of the root's bespoke.toml
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Use no configuration
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,
    /// Count points from this confidence on, 0 to 1 [default: the configuration's, else 0.5]
    #[arg(long, value_name = "X", value_parser = confidence)]
    pub(crate) min_confidence: Option<u8>,
    /// Know customers by what `trend --write-vocabulary` learned, and learn nothing of these files
    #[arg(long, value_name = "FILE")]
    pub(crate) vocabulary: Option<PathBuf>,
    /// Skip files larger than this: bytes, or with K, M or G
    #[arg(long, value_name = "SIZE", value_parser = size)]
    pub(crate) max_file_size: Option<u64>,
    /// Keep facts from one run to the next in this folder [default: the user's folder for caches]
    #[arg(
        long,
        value_name = "FOLDER",
        env = "BESPOKE_CACHE_DIR",
        hide_env_values = true
    )]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Keep nothing, and use nothing that was kept
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// Threads [default: one per processor]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Read every language that this engine reads with it alone [default: the fastest that accepts a file]
    #[arg(long, value_name = "ENGINE", value_parser = clap::builder::PossibleValuesParser::new(engines()))]
    pub(crate) engine: Option<String>,
}

/// Every engine of the language table that is not the only one of its language.
fn engines() -> impl Iterator<Item = &'static str> {
    let several = LANGUAGES.iter().filter(|it| it.engines.len() > 1);
    let names: BTreeSet<&str> = several
        .flat_map(|it| it.engines.iter().map(|it| it.name))
        .collect();
    names.into_iter()
}

/// A vocabulary that was written before.
fn vocabulary(file: &Path) -> Result<Vocabulary, Failure> {
    let text = fs::read_to_string(file).map_err(|error| {
        Failure::new(format!(
            "cannot read vocabulary {}: {}",
            file.display(),
            error.kind()
        ))
    })?;
    vocabulary_from_json(&text)
        .map_err(|why| Failure::new(format!("vocabulary {}: {why}", file.display())))
}

impl InputArgs {
    /// The same, as the engine takes it.
    pub(crate) fn options(&self) -> Result<Options<'static>, Failure> {
        Ok(Options {
            config: match &self.config {
                Some(file) => ConfigSource::File(file.clone()),
                None if self.no_config => ConfigSource::None,
                None => ConfigSource::Root,
            },
            include: self
                .include
                .iter()
                .flat_map(|include| include.0.iter().copied())
                .collect(),
            exclude: self.exclude.clone(),
            threads: self.threads,
            max_file_size: self.max_file_size,
            min_confidence: self.min_confidence,
            vocabulary: self.vocabulary.as_deref().map(vocabulary).transpose()?,
            cache: match &self.cache_dir {
                _ if self.no_cache => None,
                Some(folder) => Some(folder.clone()),
                None => default_cache_dir(),
            },
            engine: self.engine.clone(),
            progress: None,
        })
    }
}

/// Say why a line is a finding, or what is known of a customer, flag, file, metric or rule.
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(crate) struct ExplainCommand {
    /// `path:line`, a path, the name of a customer or flag, or the id of a metric or rule; `debt` and one of the first
    /// three for what it costs, with the formulas
    pub(crate) target: String,
    /// Folders or files to scan for it
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// With `debt`: ask no history, so no interest
    #[arg(long)]
    pub(crate) no_history: bool,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  bespoke explain src/billing/invoice.ts:88
  bespoke explain src/billing
  bespoke explain acme
  bespoke explain flag:new-checkout     where a name belongs to several dimensions
  bespoke explain debt acme             what it costs, with the numbers put in
  bespoke explain debt                  the same of everything
  bespoke explain scattering            a metric; `bespoke list metrics` has them all";

/// Show who depends on whom: files, components, or customers and the core.
#[derive(Debug, Args)]
#[command(after_help = GRAPH_EXAMPLES)]
pub(crate) struct GraphCommand {
    /// Folders or files to scan
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// What a node stands for
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) level: GraphLevel,
    /// Form of the graph
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: GraphForm,
    /// Only files with a point of this customer or flag, and their neighbours. May be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) subject: Vec<String>,
    /// Only files below this folder of the tree, and their neighbours. May be repeated
    #[arg(long, value_name = "FOLDER")]
    pub(crate) path: Vec<String>,
    /// Leave out packages of others
    #[arg(long)]
    pub(crate) no_packages: bool,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

/// Say how customization grew: one row for each commit of a git repository.
#[derive(Debug, Args)]
#[command(after_help = TREND_EXAMPLES)]
pub(crate) struct TrendCommand {
    /// A folder of the repository, or a bare one
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Commits to look at: `A..B`, or one revision, whose history it is then [default: HEAD]
    #[arg(long, value_name = "REVISIONS")]
    pub(crate) range: Option<String>,
    /// All commits, not only each one's first parent
    #[arg(long)]
    pub(crate) all_commits: bool,
    /// Only commits from this day on, YYYY-MM-DD (UTC)
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) since: Option<i64>,
    /// Only commits until the end of this day, YYYY-MM-DD (UTC)
    #[arg(long, value_name = "DAY", value_parser = day)]
    pub(crate) until: Option<i64>,
    /// Only this file or folder of the repository, and commits that changed it. May be repeated
    #[arg(long = "path", value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// Which commits get a row: the last of each period, or those with a tag
    #[arg(long, value_enum, default_value_t)]
    pub(crate) every: Period,
    /// Which rows say what the dependency graph is like: the first of each period, and those with a tag
    #[arg(long, value_enum, default_value_t)]
    pub(crate) graph: GraphPeriod,
    /// Sums of parts of the tree in each row too: by component, or by owner as the commit's CODEOWNERS says
    #[arg(long, value_enum)]
    pub(crate) by: Option<Part>,
    /// Form of the answer
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: TrendForm,
    /// Add the rows that this file of NDJSON lacks, by the vocabulary that it begins with
    #[arg(long, value_name = "FILE", conflicts_with_all = ["format", "vocabulary"])]
    pub(crate) append: Option<PathBuf>,
    /// Write what was learned of the customers' names, for `--vocabulary`
    #[arg(long, value_name = "FILE")]
    pub(crate) write_vocabulary: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

/// Which commits get a row.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Period {
    #[default]
    Commit,
    Day,
    Week,
    Month,
    Tag,
}

impl Period {
    pub(crate) fn every(self) -> Every {
        match self {
            Self::Commit => Every::Commit,
            Self::Day => Every::Day,
            Self::Week => Every::Week,
            Self::Month => Every::Month,
            Self::Tag => Every::Tag,
        }
    }
}

/// Parts of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    Component,
    Owner,
}

/// Which rows have figures of the dependency graph.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum GraphPeriod {
    Never,
    Commit,
    Day,
    #[default]
    Week,
    Month,
    Tag,
}

impl GraphPeriod {
    pub(crate) fn graphs(self) -> Graphs {
        match self {
            Self::Never => Graphs::Never,
            Self::Commit => Graphs::Each(Every::Commit),
            Self::Day => Graphs::Each(Every::Day),
            Self::Week => Graphs::Weekly,
            Self::Month => Graphs::Each(Every::Month),
            Self::Tag => Graphs::Each(Every::Tag),
        }
    }
}

/// Form of a trend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TrendForm {
    /// For people
    #[default]
    Text,
    /// One JSON object with all rows
    Json,
    /// A line of JSON for what was learned, then one for each commit, oldest first
    Ndjson,
    /// For spreadsheets
    Csv,
}

const TREND_EXAMPLES: &str = "\
Examples:
  bespoke trend                                   how it came to be as it is
  bespoke trend --format csv > trend.csv          a row for each commit
  bespoke trend --every week --since 2025-01-01
  bespoke trend --append trend.ndjson             in CI: only the commits that are missing";

/// The first second of a day.
fn day(text: &str) -> Result<i64, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |at: usize| parts.get(at).and_then(|part| part.parse::<u32>().ok());
    let whole = parts.len() == 3 && parts[0].len() == 4;
    let date = number(0).zip(number(1)).zip(number(2)).filter(|_| whole);
    let date = date.map(|((year, month), day)| (i64::from(year), month, day));
    let start = date.map(start_of);
    match (date, start) {
        (Some(date), Some(start)) if date_of(start) == date => Ok(start),
        _ => Err("expected a day as YYYY-MM-DD, such as 2026-01-31".to_owned()),
    }
}

/// A day, as it was written.
fn day_text(text: &str) -> Result<String, String> {
    day(text).map(|_| text.to_owned())
}

/// Say what could be deleted if a customer left, or a flag stayed on for good. Changes nothing.
#[derive(Debug, Args)]
#[command(after_help = WITHOUT_EXAMPLES)]
pub(crate) struct WithoutCommand {
    /// Name of a customer or flag; `flag:acme` where it is both
    pub(crate) subject: String,
    /// Folders or files to scan
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// What the subject's condition would always be [default: on for a flag, else off]
    #[arg(long = "as", value_enum, value_name = "VALUE")]
    pub(crate) value: Option<AsValue>,
    /// Form of the answer
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: TextOrJson,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

/// Say what custom work in a part of the tree cost before, for the next deal: to build, to keep, to be rid of.
///
/// Only this repository's own history speaks. Effort is in author-days: a day on which somebody commits source code of
/// the product is one, split over that day's commits and their files.
#[derive(Debug, Args)]
#[command(after_help = QUOTE_EXAMPLES)]
pub(crate) struct QuoteCommand {
    /// Files or folders of the repository, even gone ones; all of it where none is named
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// A folder of the repository, or a bare one
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub(crate) repository: PathBuf,
    /// Form of the answer
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: TextOrJson,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

const QUOTE_EXAMPLES: &str = "\
Examples:
  bespoke quote services/billing services/invoices
  bespoke quote --format json custom | jq '.build'";

/// Fit the constants of principal on this repository's own removals of flags.
///
/// Removals whose time commits show are held against what was removed; constants stay near where they were unless removals
/// insist. Whether the fit is any better is tested on removals that were left out of it.
#[derive(Debug, Args)]
#[command(after_help = CALIBRATE_EXAMPLES)]
pub(crate) struct CalibrateCommand {
    /// A folder of the repository, or a bare one
    #[arg(value_name = "REPOSITORY", default_value = ".")]
    pub(crate) repository: PathBuf,
    /// Write the constants to this file, for `calibration` in the debt table of bespoke.toml
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Form of what is printed
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: TextOrJson,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

const CALIBRATE_EXAMPLES: &str = "\
Examples:
  bespoke calibrate
  bespoke calibrate --output bespoke-debt.toml";

/// Test the scores on this repository's own history: does what was known at a day say where new customers and flags, and
/// changes, came in the year after, and better than size, churn and complexity do?
///
/// Each year is measured by itself, with what history had taught until its first day: no customer is known before he came.
/// Gains are differences of areas under the ROC curve with 95 % bootstrap intervals; where there is none, it says so.
#[derive(Debug, Args)]
#[command(after_help = VALIDATE_EXAMPLES)]
pub(crate) struct ValidateCommand {
    /// A folder of the repository, or a bare one
    #[arg(value_name = "REPOSITORY", default_value = ".")]
    pub(crate) repository: PathBuf,
    /// How many years to measure, back from the last commit; one more before them is what the first model is fitted on
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u8).range(1..=20))]
    pub(crate) years: u8,
    /// Form of the answer
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: TextOrJson,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

const VALIDATE_EXAMPLES: &str = "\
Examples:
  bespoke validate
  bespoke validate --years 5 --format json | jq '.verdicts'";

/// What a condition would always be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AsValue {
    On,
    Off,
}

/// For people, or for programs.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum TextOrJson {
    #[default]
    Text,
    Json,
}

const WITHOUT_EXAMPLES: &str = "\
Examples:
  bespoke without acme
  bespoke without new-checkout              the flag stays on: its else branches go
  bespoke without new-checkout --as off     the experiment failed: what it guards goes";

/// What a node of a graph stands for.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum GraphLevel {
    File,
    #[default]
    Component,
    Customer,
}

impl GraphLevel {
    pub(crate) fn level(self) -> Level {
        match self {
            Self::File => Level::File,
            Self::Component => Level::Component,
            Self::Customer => Level::Customer,
        }
    }
}

/// Form of a graph.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum GraphForm {
    #[default]
    Dot,
    Json,
    Mermaid,
    Graphml,
}

impl GraphForm {
    pub(crate) fn form(self) -> GraphFormat {
        match self {
            Self::Dot => GraphFormat::Dot,
            Self::Json => GraphFormat::Json,
            Self::Mermaid => GraphFormat::Mermaid,
            Self::Graphml => GraphFormat::GraphMl,
        }
    }
}

const GRAPH_EXAMPLES: &str = "\
Examples:
  bespoke graph --no-packages | dot -Tsvg > components.svg
  bespoke graph --level customer --format mermaid
  bespoke graph --level file --subject acme --format graphml > acme.graphml";

/// Write a bespoke.toml from what a scan discovers. Never overwrites one.
#[derive(Debug, Args)]
#[command(after_help = INIT_EXAMPLES)]
pub(crate) struct InitCommand {
    /// The folder to scan and write to
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) path: PathBuf,
    /// Print it, and write nothing
    #[arg(long)]
    pub(crate) stdout: bool,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

const INIT_EXAMPLES: &str = "\
Examples:
  bespoke init              writes ./bespoke.toml, for you to correct
  bespoke init --stdout     shows it first";

/// List what bespoke knows: languages, flag SDKs, metrics, constants of the debt model, rules, report formats.
#[derive(Debug, Args)]
pub(crate) struct ListCommand {
    /// What to list
    #[arg(value_enum)]
    pub(crate) what: Listed,
    /// Form of the list: for people, or for programs
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: ListFormat,
}

/// What can be listed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Listed {
    /// Languages, and which files are in them.
    Languages,
    /// Flag SDKs that are known without configuration.
    Sdks,
    /// Metrics; `bespoke explain <id>` says more of each.
    Metrics,
    /// Constants of the debt model, for `[debt]` of bespoke.toml.
    Parameters,
    /// Rules; `bespoke explain <id>` says more of each.
    Rules,
    /// What hotspots are advised to do; `bespoke explain <id>` says more of each.
    Advice,
    /// Forms of a report.
    Formats,
}

/// Form of a list.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum ListFormat {
    #[default]
    Table,
    Json,
}

/// Print the JSON Schema of the report or of bespoke.toml.
#[derive(Debug, Args)]
pub(crate) struct SchemaCommand {
    /// Of what `scan --format json` writes, or of what bespoke.toml may hold
    #[arg(value_enum, default_value_t)]
    pub(crate) of: Described,
}

/// What has a schema.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Described {
    #[default]
    Report,
    Config,
}

/// Print a completion script for a shell.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  bespoke completions bash > ~/.local/share/bash-completion/completions/bespoke"
)]
pub(crate) struct CompletionsCommand {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// Print the manual page, or write one for each command to a folder.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  bespoke man ~/.local/share/man/man1")]
pub(crate) struct ManCommand {
    /// A folder that exists
    pub(crate) dir: Option<PathBuf>,
}

/// A file to write, and its form.
#[derive(Clone, Debug)]
pub(crate) struct OutputFile {
    pub(crate) format: &'static Format,
    pub(crate) path: PathBuf,
}

impl FromStr for OutputFile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((name, path)) = text.split_once('=')
            && !name.contains(['/', '\\', '.'])
        {
            let format = bespoke_report::format(name).ok_or_else(|| no_format(name))?;
            return file(format, path);
        }
        let extension = Path::new(text)
            .extension()
            .and_then(|it| it.to_str())
            .unwrap_or_default();
        let format = bespoke_report::format_for_extension(extension).ok_or_else(|| {
            format!(
                "its extension tells no format: name one, as in `json={text}` ({})",
                known_formats()
            )
        })?;
        file(format, text)
    }
}

fn file(format: &'static Format, path: &str) -> Result<OutputFile, String> {
    if path.is_empty() {
        return Err("no file is named".to_owned());
    }
    Ok(OutputFile {
        format,
        path: path.into(),
    })
}

fn no_format(name: &str) -> String {
    let near = nearest(name, FORMATS.iter().map(|format| format.name));
    format!(
        "no format `{name}` ({}){}",
        known_formats(),
        did_you_mean(&near)
    )
}

fn did_you_mean(near: &[&str]) -> String {
    near.first()
        .map(|near| format!("; did you mean `{near}`?"))
        .unwrap_or_default()
}

fn known_formats() -> String {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    format!("there are {}", names.join(", "))
}

pub(crate) fn format_parser() -> impl clap::builder::TypedValueParser<Value = &'static Format> {
    PossibleValuesParser::new(FORMATS.iter().map(|format| format.name))
        .map(|name| bespoke_report::format(&name).expect("only names of formats are possible"))
}

/// How many points of a kind are too many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Limit {
    /// A kind, or `any`.
    pub(crate) kind: String,
    /// From how many on.
    pub(crate) points: u32,
}

/// Second halves of kinds.
const FORMS: [&str; 5] = ["branch", "check", "unit", "data", "dependency"];

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, points) = match text.split_once('=') {
            Some((kind, points)) => (
                kind,
                points
                    .parse()
                    .map_err(|_| format!("`{points}` is no number of points"))?,
            ),
            None => (text, 1),
        };
        if points == 0 {
            return Err("0 points are always there: the least is 1".to_owned());
        }
        let has_form = kind
            .rsplit_once('_')
            .is_some_and(|(dimension, form)| !dimension.is_empty() && FORMS.contains(&form));
        if kind != "any" && !has_form {
            return Err(format!(
                "no kind `{kind}`: kinds are `any`, or <dimension>_<form> such as `customer_branch`"
            ));
        }
        Ok(Self {
            kind: kind.to_owned(),
            points,
        })
    }
}

/// Roles to analyse beside product code.
#[derive(Clone, Debug)]
pub(crate) struct Include(BTreeSet<Role>);

impl FromStr for Include {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let roles = || Role::ALL.into_iter().filter(|role| *role != Role::Product);
        if text == "all" {
            // What the user excluded stays out: `all` means all kinds of code.
            return Ok(Self(
                roles().filter(|role| *role != Role::Excluded).collect(),
            ));
        }
        let role = roles().find(|role| role.id() == text);
        role.map(|role| Self(BTreeSet::from([role])))
            .ok_or_else(|| {
                let ids: Vec<&str> = roles().map(Role::id).chain(["all"]).collect();
                let near = nearest(text, ids.iter().copied());
                format!(
                    "no role `{text}` (there are {}){}",
                    ids.join(", "),
                    did_you_mean(&near)
                )
            })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is checked to be 0 to 1"
)]
fn confidence(text: &str) -> Result<u8, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok((value * 100.0).round() as u8),
        _ => Err("a confidence is a number from 0 to 1, such as 0.7".to_owned()),
    }
}

fn size(text: &str) -> Result<u64, String> {
    let lower = text.to_ascii_lowercase();
    let digits = lower.trim_end_matches(|char: char| !char.is_ascii_digit());
    let factor: u64 = match &lower[digits.len()..] {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err(NO_SIZE.to_owned()),
    };
    let bytes: Option<u64> = digits.parse().ok();
    bytes
        .and_then(|bytes| bytes.checked_mul(factor))
        .filter(|bytes| *bytes > 0)
        .ok_or_else(|| NO_SIZE.to_owned())
}

const NO_SIZE: &str = "a size is bytes, or a number with K, M or G, such as 500K";

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes_are_read() {
        assert_eq!(
            ["7", "2k", "3MiB", "1G"].map(size),
            [Ok(7), Ok(2048), Ok(3 << 20), Ok(1 << 30)]
        );
        for wrong in [
            "",
            "0",
            "k",
            "-1",
            "1.5M",
            "7 apples",
            "99999999999999999999",
            "18446744073709551615k",
        ] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn confidences_are_read() {
        assert_eq!(
            ["0", "0.5", "1", "0.29"].map(confidence),
            [Ok(0), Ok(50), Ok(100), Ok(29)]
        );
        assert!(
            ["", "50", "-0.1", "NaN", "inf"]
                .iter()
                .all(|wrong| confidence(wrong).is_err())
        );
    }

    #[test]
    fn an_output_file_tells_its_format() {
        let of = |text: &str| OutputFile::from_str(text).map(|it| (it.format.name, it.path));
        assert_eq!(of("a/report.JSON"), Ok(("json", "a/report.JSON".into())));
        assert_eq!(of("json=x=y.txt"), Ok(("json", "x=y.txt".into())));
        assert_eq!(
            of("./odd=name.txt"),
            Ok(("terminal", "./odd=name.txt".into()))
        );
        assert!(of("jsn=x").unwrap_err().contains("did you mean `json`?"));
        assert!(of("report").unwrap_err().contains("json=report"));
        assert!(of("json=").is_err());
    }

    #[test]
    fn limits_are_read() {
        let limit = |kind: &str, points| {
            Ok(Limit {
                kind: kind.to_owned(),
                points,
            })
        };
        assert_eq!(Limit::from_str("any"), limit("any", 1));
        assert_eq!(
            Limit::from_str("customer_branch=12"),
            limit("customer_branch", 12)
        );
        assert_eq!(
            Limit::from_str("sales_region_unit"),
            limit("sales_region_unit", 1)
        );
        for wrong in [
            "",
            "customer",
            "_branch",
            "any=0",
            "any=x",
            "any=",
            "customer_brunch",
        ] {
            assert!(Limit::from_str(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn roles_are_read() {
        let roles = |text: &str| Include::from_str(text).map(|it| it.0);
        assert_eq!(roles("tests"), Ok(BTreeSet::from([Role::Test])));
        let all = roles("all").unwrap();
        assert!(
            all.contains(&Role::Generated)
                && !all.contains(&Role::Excluded)
                && !all.contains(&Role::Product)
        );
        assert!(roles("test").unwrap_err().contains("did you mean `tests`?"));
    }
}
