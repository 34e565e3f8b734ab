//! Arguments of the ledger.

use std::path::PathBuf;

use bespoke_report::{LedgerColumn, LedgerKind, ledger_column, ledger_columns};
use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use super::{InputArgs, day_text};

/// Say what each customer is in the code, and what it costs: places, lines, work, interest, and what to remove it would
/// take.
///
/// What needs history is read from git where there is a repository; customers are then known by what the whole history
/// taught.
#[derive(Debug, Args)]
#[command(after_help = CUSTOMERS_EXAMPLES)]
pub(crate) struct CustomersCommand {
    /// Only this customer, and where it is
    pub(crate) name: Option<String>,
    /// Folders or files to scan
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Sort by a field of the CSV, the greatest first [default: carry and interest]
    #[arg(long, value_name = "FIELD", value_parser = column_of(LedgerKind::Customers))]
    pub(crate) sort: Option<&'static LedgerColumn>,
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

const CUSTOMERS_EXAMPLES: &str = "\
Examples:
  bespoke customers                                 all, the dearest first
  bespoke customers acme                            one, with its files and owners
  bespoke customers --sort exit_minutes --limit 5
  bespoke customers --format csv > customers.csv
  bespoke customers --pseudonym-key key.txt         codes instead of names, for sharing";

/// Say what each flag is: where, whose, how old, whether it is past its time, and what to remove it would take.
#[derive(Debug, Args)]
#[command(after_help = FLAGS_EXAMPLES)]
pub(crate) struct FlagsCommand {
    /// Only this flag, and where it is
    pub(crate) name: Option<String>,
    /// Folders or files to scan
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Sort by a field of the CSV, the greatest first [default: interest]
    #[arg(long, value_name = "FIELD", value_parser = column_of(LedgerKind::Flags))]
    pub(crate) sort: Option<&'static LedgerColumn>,
    /// Only flags of this kind, as the configuration tells it
    #[arg(long, value_parser = ["release", "experiment", "ops", "permission", "customer"])]
    pub(crate) kind: Option<String>,
    /// Only flags in these states: fresh, stale, overdue, fossil, permanent. Needs history
    #[arg(long, value_name = "STATE", value_delimiter = ',', value_parser = ["fresh", "stale", "overdue", "fossil", "permanent"])]
    pub(crate) state: Vec<String>,
    #[command(flatten)]
    pub(crate) ledger: LedgerArgs,
    #[command(flatten)]
    pub(crate) input: InputArgs,
}

const FLAGS_EXAMPLES: &str = "\
Examples:
  bespoke flags                                  all, the dearest first
  bespoke flags new-checkout                     one, with its files and owners
  bespoke flags --state overdue,fossil --sort age_days
  bespoke flags --owner @shop/web --format markdown";

/// Which rows, in which form.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct LedgerArgs {
    /// The least first
    #[arg(long)]
    pub(crate) ascending: bool,
    /// Only those whose name or alias holds this
    #[arg(long = "match", value_name = "TEXT")]
    pub(crate) matching: Option<String>,
    /// Only those with an owner whose name holds this
    #[arg(long, value_name = "TEXT")]
    pub(crate) owner: Option<String>,
    /// Only those that are past their end, as the configuration tells it
    #[arg(long)]
    pub(crate) expired: bool,
    /// Those that the configuration declares and the code does not have
    #[arg(long, conflicts_with = "name")]
    pub(crate) absent: bool,
    /// At most so many rows
    #[arg(long, value_name = "N")]
    pub(crate) limit: Option<usize>,
    /// Form of the answer
    #[arg(long, short, value_enum, default_value_t)]
    pub(crate) format: LedgerForm,
    /// Ask no history: no work, no ages, no interest
    #[arg(long)]
    pub(crate) no_history: bool,
    /// Compare ends of contracts and flags with this day, YYYY-MM-DD [default: that of the last commit]
    #[arg(long, value_name = "DAY", value_parser = day_text)]
    pub(crate) as_of: Option<String>,
    /// Show codes instead of names, made with the key in this file, and leave out what names somebody. The same key
    /// gives the same codes; without it they cannot be traced back
    #[arg(long, value_name = "FILE")]
    pub(crate) pseudonym_key: Option<PathBuf>,
}

/// Form of a ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LedgerForm {
    /// For people
    #[default]
    Table,
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
    /// For pull requests and wikis
    Markdown,
}

fn column_of(kind: LedgerKind) -> impl TypedValueParser<Value = &'static LedgerColumn> {
    PossibleValuesParser::new(ledger_columns(kind).map(|column| column.id))
        .map(|id| ledger_column(&id).expect("only ids of columns are possible"))
}
