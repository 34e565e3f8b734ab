//! The ledger: what each customer and each flag is, and costs, row by row.
//!
//! [`COLUMNS`] is the table of what a row holds; every form of the ledger is made from it.

use std::{
    cmp::Ordering,
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write},
};

use serde_json::{Map, Value, json};

use crate::{
    Column, Report, SpanEntry, Style, Subject, Table, figures,
    text::{Tone, markdown, number, safe},
    trend::quoted,
};

/// Version of the ledger's form in JSON, `major.minor`.
pub const LEDGER_SCHEMA_VERSION: &str = "1.0";

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Not known, or not there.
    None,
    /// Words.
    Text(String),
    /// Several names.
    Names(Vec<String>),
    /// How many.
    Count(u64),
    /// Author-days, months, shares.
    Number(f64),
    /// Yes or no.
    Is(bool),
    /// A figure with its ends.
    Span(SpanEntry),
}

/// Of which subjects a column tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    All,
    Customers,
    Flags,
}

/// A column of the ledger.
#[derive(Debug)]
pub struct LedgerColumn {
    /// Its key in JSON and CSV; the unit is at its end where it is not plain.
    pub id: &'static str,
    /// Its title in a table for people; nothing where it is left out there.
    pub title: &'static str,
    /// In what.
    pub unit: &'static str,
    /// What it is.
    pub doc: &'static str,
    of: Of,
    /// It names somebody, and is left out where names must not be told.
    names: bool,
    get: fn(&Ledger<'_>, &Subject) -> Cell,
}

/// What may be asked of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerKind {
    /// Customers, and subjects of dimensions of the user's.
    Customers,
    /// Flags.
    Flags,
}

/// Rows of a report, chosen and in order.
#[derive(Debug)]
pub struct Ledger<'a> {
    report: &'a Report,
    kind: LedgerKind,
    rows: Vec<&'a Subject>,
    /// Codes instead of names.
    pseudonym: Option<(Code, Vec<u8>)>,
}

/// A cell as it is shown, and by what it is ordered, if it is a figure.
type Shown = (String, Option<f64>);

/// A table of the ledger.
pub(crate) struct Sheet<'a> {
    pub(crate) columns: Vec<&'static LedgerColumn>,
    pub(crate) rows: Vec<(&'a Subject, Vec<Shown>)>,
}

/// Makes a code of dimension, name and key.
pub type Code = fn(&str, &str, &[u8]) -> String;

/// Which rows to show, and how.
#[derive(Clone, Debug, Default)]
pub struct LedgerQuery {
    /// Only subjects whose name or alias holds this text, whatever its case.
    pub matching: Option<String>,
    /// Only subjects with an owner whose name holds this text.
    pub owner: Option<String>,
    /// Only flags of this kind.
    pub flag_kind: Option<String>,
    /// Only flags of one of these staleness classes.
    pub staleness: Vec<String>,
    /// Only what is past its end.
    pub expired: bool,
    /// Only what has nothing in code.
    pub absent: bool,
    /// Id of the column to sort by.
    pub sort: Option<&'static LedgerColumn>,
    /// Least first.
    pub ascending: bool,
    /// At most so many rows.
    pub limit: Option<usize>,
}

macro_rules! columns {
    ($($id:literal $title:literal $unit:literal $of:ident $names:literal $doc:literal, $get:expr;)+) => {
        /// What a row of the ledger holds.
        pub static COLUMNS: &[LedgerColumn] = &[$(LedgerColumn {
            id: $id,
            title: $title,
            unit: $unit,
            doc: $doc,
            of: Of::$of,
            names: $names,
            get: $get,
        }),+];
    };
}

columns! {
    "name" "" "" All false "The subject, or its code with --pseudonym-key.", |ledger, it| Cell::Text(ledger.name_of(it));
    "dimension" "" "" All false "`customer`, `flag`, or a dimension of the configuration.",
        |_, it| Cell::Text(it.dimension.clone());
    "aliases" "" "" All true "Other spellings.", |_, it| names(&it.aliases);
    "origin" "" "" All false "`told` by the configuration, or `discovered`.", |_, it| Cell::Text(it.origin.clone());
    "account_owner" "" "" Customers true "Who answers for the account, where told.", |_, it| text(it.owner.as_ref());
    "flag_owner" "" "" Flags true "Who answers for the flag, where told.", |_, it| text(it.owner.as_ref());
    "kind" "kind" "" Flags false "Kind of the flag, where told.", |_, it| text(it.flag_kind.as_ref());
    "staleness" "state" "" Flags false "`fresh`, `stale`, `overdue`, `fossil` or `permanent`.",
        |_, it| text(it.past.as_ref().and_then(|past| past.staleness.as_ref()));
    "age_days" "age in days" "days" All false "Days since its first point came.",
        |_, it| count(it.past.as_ref().and_then(|past| past.age_days));
    "sites" "sites" "branches and checks" All false "Branches and checks with it.", |_, it| of(it.scattering);
    "units" "units" "declarations" Customers false "Folders, files and declarations named for it.", |_, it| of(it.units);
    "data_sites" "" "places" Customers false "Literals outside conditions that name it.", |_, it| of(it.data);
    "files" "files" "files" All false "Files with any point of it.", |_, it| of(it.files);
    "components" "parts" "components" All false "Packages or top folders with any point of it.", |_, it| of(it.components);
    "code_owners" "owners" "" All true "Owners of these files, as CODEOWNERS says.", |_, it| names(&it.owners);
    "guarded_lines" "lines" "lines" All false "Lines that it guards, or in its units.", |_, it| of(it.guarded_lines);
    "exclusive_lines" "own lines" "lines" All false "Of these, lines that it shares with no other.",
        |_, it| of(it.exclusive_lines);
    "shared_lines" "" "lines" All false "Of these, lines that it shares.",
        |_, it| of(it.guarded_lines.saturating_sub(it.exclusive_lines));
    "decisions" "decisions" "decisions" All false "Decisions on or under its conditions, or in its units.",
        |_, it| of(it.decisions);
    "reach_files" "" "files" All false "Files that depend, within two steps, on one with a point of it.", |_, it| of(it.reach);
    "effort_author_days" "author-days" "author-days" Customers false "Work on its code, in all.",
        |_, it| days(it, |past| past.effort.total);
    "effort_author_days_year" "last year" "author-days" Customers false "Of these, in the last year.",
        |_, it| days(it, |past| past.effort.year);
    "authors" "" "people" All false "People who worked on it.", |_, it| count(it.past.as_ref().map(|past| past.authors));
    "carry_minutes_per_month" "carry a month" "minutes" Customers false "Work on its own code that is there.",
        |_, it| number_of(it.debt.as_ref().and_then(|debt| debt.carry_minutes_per_month));
    "interest_minutes_per_month" "interest a month" "minutes" All false
        "What its branches and checks add to work on the core; an association, not a proof.",
        |_, it| span(it.debt.as_ref().and_then(|debt| debt.interest_minutes_per_month));
    "exit_minutes" "to remove" "minutes" All false "What removing it would take: median and 80 % interval.",
        |_, it| span(it.debt.as_ref().map(|debt| SpanEntry {
            low: debt.principal.low_minutes,
            mid: debt.principal.median_minutes,
            high: debt.principal.high_minutes,
        }));
    "payback_months" "payback in months" "months" All false
        "Months until removing it has paid for itself; nothing where it costs nothing.",
        |_, it| number_of(it.debt.as_ref().and_then(|debt| debt.payback_months));
    "introduced" "since" "day" All false "When its first point came.",
        |_, it| text(it.past.as_ref().and_then(|past| past.introduced.as_ref()).map(|it| &it.date));
    "introduced_by" "" "" All true "Who brought it.",
        |_, it| text(it.past.as_ref().and_then(|past| past.introduced.as_ref()).map(|it| &it.author));
    "touched" "last change" "day" All false "When a line of it was changed last.",
        |_, it| text(it.past.as_ref().and_then(|past| past.touched.as_ref()).map(|it| &it.date));
    "touched_by" "" "" All true "Who changed it.",
        |_, it| text(it.past.as_ref().and_then(|past| past.touched.as_ref()).map(|it| &it.author));
    "ends" "ends" "day" All false "When the contract ends, or the flag should be gone, where told.",
        |_, it| text(it.ends.as_ref());
    "expired" "" "" All false "Whether that day is past.", |ledger, it| match ledger.is_expired(it) {
        Some(is) => Cell::Is(is),
        None => Cell::None,
    };
    "promised" "" "day" All false "By when it was to be there, where told.", |_, it| text(it.promised.as_ref());
    "confidence" "" "share" All false "How sure it is that this is a subject at all, 0 to 1.",
        |_, it| Cell::Number(it.confidence);
}

/// The column of that id.
pub fn ledger_column(id: &str) -> Option<&'static LedgerColumn> {
    COLUMNS.iter().find(|column| column.id == id)
}

/// Ids of the columns that a kind of ledger has.
pub fn ledger_columns(kind: LedgerKind) -> impl Iterator<Item = &'static LedgerColumn> {
    COLUMNS.iter().filter(move |column| column.is_of(kind))
}

impl LedgerColumn {
    fn is_of(&self, kind: LedgerKind) -> bool {
        match self.of {
            Of::All => true,
            Of::Customers => kind == LedgerKind::Customers,
            Of::Flags => kind == LedgerKind::Flags,
        }
    }
}

impl<'a> Ledger<'a> {
    /// The rows of a report that a query asks for.
    pub fn new(report: &'a Report, kind: LedgerKind, query: &LedgerQuery) -> Self {
        let mut ledger = Self {
            report,
            kind,
            rows: Vec::new(),
            pseudonym: None,
        };
        let holds = |text: &str, part: &str| text.to_lowercase().contains(&part.to_lowercase());
        let mut rows: Vec<&Subject> = report
            .subjects
            .iter()
            .filter(|it| match kind {
                LedgerKind::Flags => it.dimension == "flag",
                LedgerKind::Customers => !matches!(it.dimension.as_str(), "flag" | "tenant"),
            })
            .filter(|it| {
                let in_code = it.scattering + it.units + it.data > 0;
                query.absent != in_code
            })
            .filter(|it| {
                query.matching.as_ref().is_none_or(|part| {
                    holds(&it.name, part) || it.aliases.iter().any(|alias| holds(alias, part))
                })
            })
            .filter(|it| {
                query.owner.as_ref().is_none_or(|part| {
                    let told = it.owner.iter();
                    told.chain(&it.owners).any(|owner| holds(owner, part))
                })
            })
            .filter(|it| {
                let kind = it.flag_kind.as_deref();
                query
                    .flag_kind
                    .as_ref()
                    .is_none_or(|wanted| kind == Some(wanted))
            })
            .filter(|it| {
                let class = it.past.as_ref().and_then(|past| past.staleness.as_ref());
                query.staleness.is_empty() || class.is_some_and(|it| query.staleness.contains(it))
            })
            .filter(|it| !query.expired || ledger.is_expired(it) == Some(true))
            .collect();
        rows.sort_by(|a, b| ledger.order(query, a, b));
        rows.truncate(query.limit.unwrap_or(usize::MAX));
        ledger.rows = rows;
        ledger
    }

    /// Shows codes instead of names, and nothing that names somebody. `code` makes one of dimension, name and key.
    #[must_use]
    pub fn with_pseudonyms(mut self, code: Code, key: &[u8]) -> Self {
        self.pseudonym = Some((code, key.to_owned()));
        self
    }

    /// Only the rows that are wanted.
    #[must_use]
    pub fn only(mut self, wanted: impl Fn(&&Subject) -> bool) -> Self {
        self.rows.retain(wanted);
        self
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The subjects, in order.
    pub fn rows(&self) -> &[&'a Subject] {
        &self.rows
    }

    fn name_of(&self, subject: &Subject) -> String {
        match &self.pseudonym {
            Some((code, key)) => code(&subject.dimension, &subject.name, key),
            None => subject.name.clone(),
        }
    }

    /// Whether a subject's end is past; nothing where no end or no day is known.
    fn is_expired(&self, subject: &Subject) -> Option<bool> {
        Some(subject.ends.as_ref()? < self.report.as_of.as_ref()?)
    }

    /// What costs most first; without history what is in most places; of equals by name.
    fn order(&self, query: &LedgerQuery, a: &Subject, b: &Subject) -> Ordering {
        let by_name = || (&a.dimension, &a.name).cmp(&(&b.dimension, &b.name));
        let Some(column) = query.sort else {
            let cost = |it: &Subject| {
                let debt = it.debt.as_ref();
                let interest = debt.and_then(|it| it.interest_minutes_per_month);
                let carry = debt.and_then(|it| it.carry_minutes_per_month);
                // A flag is no work's purpose.
                let carry = carry.filter(|_| self.kind == LedgerKind::Customers);
                interest.map_or(0.0, |it| it.mid) + carry.unwrap_or(0.0)
            };
            let order = cost(b)
                .total_cmp(&cost(a))
                .then_with(|| (b.scattering + b.units).cmp(&(a.scattering + a.units)));
            let order = if query.ascending {
                order.reverse()
            } else {
                order
            };
            return order.then_with(by_name);
        };
        let (left, right) = ((column.get)(self, a), (column.get)(self, b));
        // What is not known comes last, whichever end is first.
        let order = match (rank(&left), rank(&right)) {
            (None, None) => Ordering::Equal,
            (None, _) => Ordering::Greater,
            (_, None) => Ordering::Less,
            (Some(x), Some(y)) => {
                let order = x
                    .total_cmp(&y)
                    .then_with(|| words(&left).cmp(&words(&right)));
                // Words from A to Z, figures from the greatest.
                let is_words = matches!(left, Cell::Text(_) | Cell::Names(_));
                if is_words == query.ascending {
                    order.reverse()
                } else {
                    order
                }
            }
        };
        order.then_with(by_name)
    }

    fn columns(&self) -> impl Iterator<Item = &'static LedgerColumn> + use<> {
        let hidden = self.pseudonym.is_some();
        ledger_columns(self.kind).filter(move |column| !(hidden && column.names))
    }

    /// The columns of a table for people: a column that nobody has anything in tells nothing.
    fn shown(&self) -> Vec<&'static LedgerColumn> {
        let empty = |cell: &Cell| matches!(cell, Cell::None) || cell == &Cell::Names(Vec::new());
        self.columns()
            .filter(|it| !it.title.is_empty())
            .filter(|column| self.rows.iter().any(|row| !empty(&(column.get)(self, row))))
            .collect()
    }

    /// The same table, cell by cell: what is shown, and for figures the value that orders them.
    pub(crate) fn sheet(&self) -> Sheet<'a> {
        let columns = self.shown();
        let cells = |row: &&'a Subject| {
            let of = |column: &&'static LedgerColumn| {
                let cell = (column.get)(self, row);
                let is_words = matches!(cell, Cell::Text(_) | Cell::Names(_));
                (
                    self.in_table(column, row),
                    rank(&cell).filter(|_| !is_words),
                )
            };
            (*row, columns.iter().map(of).collect())
        };
        Sheet {
            rows: self.rows.iter().map(cells).collect(),
            columns,
        }
    }

    /// A table for people.
    pub fn write_table(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let shown = self.shown();
        let heading = match self.kind {
            LedgerKind::Customers => "Customers",
            LedgerKind::Flags => "Flags",
        };
        let mut columns = vec![Column::words(heading)];
        columns.extend(shown.iter().map(|column| {
            let is_words = [
                "kind",
                "staleness",
                "code_owners",
                "introduced",
                "touched",
                "ends",
            ];
            let of = if is_words.contains(&column.id) {
                Column::words(column.title)
            } else {
                Column::figures(column.title)
            };
            let always = [
                "sites",
                "files",
                "staleness",
                "interest_minutes_per_month",
                "exit_minutes",
            ];
            if always.contains(&column.id) {
                of
            } else {
                of.optional()
            }
        }));
        let several = self
            .rows
            .iter()
            .any(|row| row.dimension != self.rows[0].dimension);
        let mut table = Table::new(columns);
        for row in &self.rows {
            let name = safe(&self.name_of(row)).into_owned();
            let mut cells = vec![if several {
                format!("{} ({})", name, safe(&row.dimension))
            } else {
                name
            }];
            cells.extend(shown.iter().map(|column| self.in_table(column, row)));
            table.row(cells);
        }
        table.write(style, out)
    }

    fn in_table(&self, column: &LedgerColumn, row: &Subject) -> String {
        match (column.get)(self, row) {
            Cell::None => "–".to_owned(),
            Cell::Text(text) => safe(&text).into_owned(),
            Cell::Names(names) => match names.as_slice() {
                [] => "–".to_owned(),
                [one] => safe(one).into_owned(),
                [first, rest @ ..] => format!("{} +{}", safe(first), rest.len()),
            },
            Cell::Count(count) => number(count),
            Cell::Number(value) if column.unit == "minutes" => figures::work(value),
            Cell::Number(value) => figures::two_digits(value),
            Cell::Is(is) => if is { "yes" } else { "no" }.to_owned(),
            Cell::Span(span) => match (column.id, &self.report.debt) {
                // What removing one takes is known to a factor of seven.
                ("exit_minutes", Some(debt)) => figures::magnitude(span.mid, debt).to_owned(),
                _ => figures::work(span.mid),
            },
        }
    }

    /// Rows as objects, with what all of them are part of.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let rows: Vec<Value> = self.rows.iter().map(|row| self.object(row)).collect();
        let of: Map<String, Value> = self
            .columns()
            .map(|column| {
                let doc = json!({"unit": column.unit, "description": column.doc});
                (column.id.to_owned(), doc)
            })
            .collect();
        let page = json!({
            "schema_version": LEDGER_SCHEMA_VERSION,
            "tool": {"name": "bespoke", "version": env!("CARGO_PKG_VERSION")},
            "as_of": self.report.as_of,
            "commit": self.report.past.as_ref().map(|past| &past.commit),
            "columns": of,
            "rows": rows,
            "everything": self.everything(),
        });
        serde_json::to_writer_pretty(&mut *out, &page)?;
        writeln!(out)
    }

    fn object(&self, row: &Subject) -> Value {
        let pairs = self.columns().map(|column| {
            let value = match (column.get)(self, row) {
                Cell::None => Value::Null,
                Cell::Text(text) => text.into(),
                Cell::Names(names) => names.into(),
                Cell::Count(count) => count.into(),
                Cell::Number(value) => value.into(),
                Cell::Is(is) => is.into(),
                Cell::Span(span) => json!({"low": span.low, "mid": span.mid, "high": span.high}),
            };
            (column.id.to_owned(), value)
        });
        Value::Object(pairs.collect())
    }

    /// What the rows are a part of: all work, all lines.
    fn everything(&self) -> Value {
        let past = self.report.past.as_ref();
        let flow = self
            .report
            .debt
            .as_ref()
            .and_then(|debt| debt.flow.as_ref());
        json!({
            "lines": self.report.totals.nloc,
            "effort_author_days": past.map(|past| past.effort.total),
            "effort_author_days_year": past.map(|past| past.effort.year),
            "capacity_minutes_per_month": flow.map(|flow| flow.capacity_minutes_per_month),
        })
    }

    /// Names of fields, and a line for each row; a figure with ends takes three fields.
    pub fn write_csv(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut names = Vec::new();
        for column in self.columns() {
            if is_span(column) {
                names.extend(["low", "mid", "high"].map(|end| format!("{}_{end}", column.id)));
            } else {
                names.push(column.id.to_owned());
            }
        }
        writeln!(out, "{}", names.join(","))?;
        for row in &self.rows {
            let mut fields = Vec::new();
            for column in self.columns() {
                match (column.get)(self, row) {
                    Cell::Span(span) => {
                        fields.extend([span.low, span.mid, span.high].map(|it| it.to_string()));
                    }
                    Cell::None if is_span(column) => fields.extend([(); 3].map(|()| String::new())),
                    cell @ (Cell::Text(_) | Cell::Names(_)) => fields.push(quoted(&words(&cell))),
                    cell => fields.push(words(&cell)),
                }
            }
            writeln!(out, "{}", fields.join(","))?;
        }
        Ok(())
    }

    /// A table in Markdown.
    pub fn write_markdown(&self, out: &mut dyn Write) -> io::Result<()> {
        let shown: Vec<&LedgerColumn> = self.columns().filter(|it| !it.title.is_empty()).collect();
        let heading = match self.kind {
            LedgerKind::Customers => "Customer",
            LedgerKind::Flags => "Flag",
        };
        let mut head = format!("| {heading} |");
        let mut rule = "|---|".to_owned();
        for column in &shown {
            let _ = write!(head, " {} |", column.title);
            let is_words = column.unit.is_empty() || column.unit == "day";
            rule.push_str(if is_words { "---|" } else { "---:|" });
        }
        writeln!(out, "{head}\n{rule}")?;
        for row in &self.rows {
            let mut line = format!("| {} |", markdown(&self.name_of(row)));
            for column in &shown {
                let cell = match (column.get)(self, row) {
                    Cell::Names(names) => markdown(&names.join(", ")),
                    Cell::None => String::new(),
                    _ => markdown(&self.in_table(column, row)),
                };
                let _ = write!(line, " {cell} |");
            }
            writeln!(out, "{line}")?;
        }
        Ok(())
    }

    /// All that is known of one subject, for a person.
    pub fn write_one(
        &self,
        subject: &Subject,
        style: &Style,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let title = format!("{} {}", subject.dimension, self.name_of(subject));
        writeln!(
            out,
            "{}",
            style.paint(Tone::Heading, safe(&title).into_owned())
        )?;
        let width = self
            .columns()
            .map(|it| it.doc.chars().count())
            .max()
            .unwrap_or(0)
            .min(60);
        for column in self
            .columns()
            .filter(|it| it.id != "name" && it.id != "dimension")
        {
            let cell = (column.get)(self, subject);
            let shown = match &cell {
                Cell::None => continue,
                Cell::Names(names) if names.is_empty() => continue,
                Cell::Names(names) => safe(&names.join(", ")).into_owned(),
                Cell::Span(span) if column.unit == "minutes" => {
                    figures::work_between(span.mid, span.low, span.high)
                }
                _ => {
                    let shown = self.in_table(column, subject);
                    let unit = match column.unit {
                        "minutes" | "day" | "" | "share" => "",
                        unit => unit,
                    };
                    format!("{shown} {unit}").trim_end().to_owned()
                }
            };
            let doc = column.doc.trim_end_matches('.');
            writeln!(out, "  {doc:<width$}  {shown}")?;
        }
        if self.pseudonym.is_some() {
            return Ok(());
        }
        self.write_files(subject, style, out)
    }

    /// Where a subject is.
    fn write_files(&self, subject: &Subject, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let mut files: std::collections::BTreeMap<&str, [u64; 4]> =
            std::collections::BTreeMap::new();
        for point in &self.report.variation_points {
            let is_its =
                point.dimension == subject.dimension && point.subjects.contains(&subject.name);
            if !is_its || !self.report.counts(point) {
                continue;
            }
            let row = files.entry(&point.path).or_default();
            let at = match point.kind.rsplit('_').next() {
                Some("branch" | "check") => 0,
                Some("unit") => 1,
                Some("dependency") => 2,
                _ => 3,
            };
            row[at] += 1;
        }
        if files.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<(&str, [u64; 4])> = files.into_iter().collect();
        rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let mut table = Table::new(vec![
            Column::words("Where"),
            Column::figures("sites"),
            Column::figures("units"),
            Column::figures("dependencies").optional(),
            Column::figures("data").optional(),
            Column::words("owners").optional(),
        ]);
        let owners: std::collections::BTreeMap<&str, &[String]> = self
            .report
            .files
            .iter()
            .map(|file| (file.path.as_str(), file.owners.as_slice()))
            .collect();
        let all = rows.len();
        for (path, counts) in rows.into_iter().take(style.rows) {
            let mut cells = vec![safe(path).into_owned()];
            cells.extend(counts.map(number));
            let owners = owners.get(path).map(|it| it.join(" ")).unwrap_or_default();
            cells.push(safe(&owners).into_owned());
            table.row(cells);
        }
        writeln!(out)?;
        table.write(style, out)?;
        if all > style.rows {
            let more = format!("… and {} more", number((all - style.rows) as u64));
            writeln!(out, "{}", style.paint(Tone::Faint, more))?;
        }
        Ok(())
    }

    /// Names of dimensions beyond the ledger's own that have subjects, where it has no row.
    pub fn dimensions(&self) -> BTreeSet<&'a str> {
        self.report
            .subjects
            .iter()
            .map(|it| it.dimension.as_str())
            .collect()
    }
}

fn is_span(column: &LedgerColumn) -> bool {
    matches!(column.id, "interest_minutes_per_month" | "exit_minutes")
}

/// How a cell is put in order among figures; words all alike.
fn rank(cell: &Cell) -> Option<f64> {
    match cell {
        Cell::None => None,
        Cell::Text(_) => Some(0.0),
        Cell::Names(names) => (!names.is_empty()).then_some(0.0),
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        Cell::Count(count) => Some(*count as f64),
        Cell::Number(value) => Some(*value),
        Cell::Is(is) => Some(f64::from(u8::from(*is))),
        Cell::Span(span) => Some(span.mid),
    }
}

fn words(cell: &Cell) -> String {
    match cell {
        Cell::None => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Names(names) => names.join(" "),
        Cell::Count(count) => count.to_string(),
        Cell::Number(value) => value.to_string(),
        Cell::Is(is) => is.to_string(),
        Cell::Span(span) => span.mid.to_string(),
    }
}

fn text(value: Option<&String>) -> Cell {
    value.map_or(Cell::None, |value| Cell::Text(value.clone()))
}

fn names(names: &[String]) -> Cell {
    Cell::Names(names.to_vec())
}

fn of(count: u32) -> Cell {
    Cell::Count(count.into())
}

fn count(value: Option<u32>) -> Cell {
    value.map_or(Cell::None, of)
}

fn number_of(value: Option<f64>) -> Cell {
    value.map_or(Cell::None, Cell::Number)
}

fn span(value: Option<SpanEntry>) -> Cell {
    value.map_or(Cell::None, Cell::Span)
}

fn days(subject: &Subject, of: fn(&crate::SubjectPastEntry) -> f64) -> Cell {
    number_of(subject.past.as_ref().map(of))
}
