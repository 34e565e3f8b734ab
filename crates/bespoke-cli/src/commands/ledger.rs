//! `bespoke customers` and `bespoke flags`.

use std::{
    fmt::Write as _,
    fs,
    io::{self, BufWriter, Write as _},
    path::{Path, PathBuf},
};

use bespoke_report::{Ledger, LedgerKind, LedgerQuery, Report, Subject};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{
    examine::{Ask, examine},
    no_subject,
};
use crate::{
    args::{CustomersCommand, FlagsCommand, InputArgs, LedgerArgs, LedgerForm, ScreenArgs},
    exit,
    failure::Failure,
    screen,
};

/// A shorter key could be tried out.
const LEAST_KEY: usize = 16;

pub(crate) fn customers(args: &CustomersCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    let query = LedgerQuery {
        sort: args.sort,
        ..query(&args.ledger)
    };
    let asked = Asked {
        kind: LedgerKind::Customers,
        name: args.name.as_deref(),
        paths: &args.paths,
        args: &args.ledger,
        input: &args.input,
    };
    asked.answer(&query, screen)
}

pub(crate) fn flags(args: &FlagsCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    let query = LedgerQuery {
        sort: args.sort,
        flag_kind: args.kind.clone(),
        staleness: args.state.clone(),
        ..query(&args.ledger)
    };
    let asked = Asked {
        kind: LedgerKind::Flags,
        name: args.name.as_deref(),
        paths: &args.paths,
        args: &args.ledger,
        input: &args.input,
    };
    asked.answer(&query, screen)
}

fn query(args: &LedgerArgs) -> LedgerQuery {
    LedgerQuery {
        matching: args.matching.clone(),
        owner: args.owner.clone(),
        expired: args.expired,
        absent: args.absent,
        ascending: args.ascending,
        limit: args.limit,
        ..LedgerQuery::default()
    }
}

struct Asked<'a> {
    kind: LedgerKind,
    name: Option<&'a str>,
    paths: &'a [PathBuf],
    args: &'a LedgerArgs,
    input: &'a InputArgs,
}

impl Asked<'_> {
    fn answer(&self, query: &LedgerQuery, screen: &ScreenArgs) -> Result<u8, Failure> {
        // Before the work, which may take a while.
        let key = self.args.pseudonym_key.as_deref().map(key_of).transpose()?;
        let ask = if self.args.no_history {
            Ask::Never
        } else {
            Ask::IfThere
        };
        let as_of = self.args.as_of.as_deref();
        let (name, paths) = name_and_paths(self.name, self.paths);
        let found = examine(&paths, self.input, ask, as_of, screen)?;
        let report = &found.report;
        let mut ledger = Ledger::new(report, self.kind, query);
        let mut one = None;
        if let Some(name) = name {
            let wanted = found.scan.analysis.subjects_named(name);
            let wanted: Vec<&Subject> = wanted
                .iter()
                .filter_map(|id| report.subjects.get(id.index()))
                .collect();
            let is_it = |subject: &&Subject| wanted.iter().any(|it| std::ptr::eq(*it, *subject));
            one = ledger.rows().iter().copied().find(is_it);
            if one.is_none() {
                return Err(match wanted.first() {
                    Some(other) => {
                        Failure::new(format!("`{name}` is not in this ledger")).hint(format!(
                            "its dimension is {}; options may leave it out",
                            other.dimension
                        ))
                    }
                    None => no_subject(&found.scan.analysis, name),
                });
            }
            ledger = ledger.only(is_it);
        }
        if let Some(key) = &key {
            ledger = ledger.with_pseudonyms(code, key);
        }
        let style = screen::style(screen);
        let mut out = BufWriter::new(io::stdout().lock());
        match (self.args.format, one) {
            (LedgerForm::Table, Some(subject)) => ledger.write_one(subject, &style, &mut out)?,
            (LedgerForm::Table, None) if ledger.is_empty() => {
                writeln!(out, "{}", nothing(self.kind, query, report))?;
            }
            (LedgerForm::Table, None) => ledger.write_table(&style, &mut out)?,
            (LedgerForm::Json, _) => ledger.write_json(&mut out)?,
            (LedgerForm::Csv, _) => ledger.write_csv(&mut out)?,
            (LedgerForm::Markdown, _) => ledger.write_markdown(&mut out)?,
        }
        out.flush()?;
        Ok(exit::CLEAN)
    }
}

/// A first word that is a path is no name: `bespoke customers services/billing`.
fn name_and_paths<'a>(name: Option<&'a str>, paths: &[PathBuf]) -> (Option<&'a str>, Vec<PathBuf>) {
    let is_path = |name: &&str| {
        let looks = *name == "." || *name == ".." || name.contains(['/', '\\']);
        looks && Path::new(name).exists()
    };
    match name.filter(is_path) {
        Some(path) if paths == [Path::new(".")] => (None, vec![path.into()]),
        Some(path) => (None, [&[path.into()], paths].concat()),
        None => (name, paths.to_vec()),
    }
}

/// Why a ledger is empty.
fn nothing(kind: LedgerKind, query: &LedgerQuery, report: &Report) -> String {
    let what = match kind {
        LedgerKind::Customers => "customer",
        LedgerKind::Flags => "flag",
    };
    let unasked = LedgerQuery {
        sort: query.sort,
        ..LedgerQuery::default()
    };
    let all = Ledger::new(report, kind, &unasked).rows().len();
    if all > 0 {
        format!("No {what} fits; there are {all} in all.")
    } else {
        format!("No {what} was found in {} files.", report.totals.files)
    }
}

/// The key of a file, without the line end that an editor puts there.
fn key_of(file: &Path) -> Result<Vec<u8>, Failure> {
    let make = "make one with `head -c 32 /dev/urandom | base64 > FILE`, and keep it to yourself";
    let mut key = fs::read(file).map_err(|error| {
        Failure::new(format!(
            "cannot read key {}: {}",
            file.display(),
            error.kind()
        ))
        .hint(make)
    })?;
    while key.last().is_some_and(u8::is_ascii_whitespace) {
        key.pop();
    }
    if key.len() < LEAST_KEY {
        let message = format!("key {} is too short", file.display());
        return Err(Failure::new(message).hint(format!("at least {LEAST_KEY} bytes: {make}")));
    }
    Ok(key)
}

/// A subject's code: HMAC-SHA-256 (RFC 2104) of dimension and name, its first 40 bits.
fn code(dimension: &str, name: &str, key: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(dimension.as_bytes());
    mac.update(&[0]);
    mac.update(name.as_bytes());
    let digest = mac.finalize().into_bytes();
    let mut code = format!("{dimension}-");
    for byte in digest.iter().take(5) {
        let _ = write!(code, "{byte:02x}");
    }
    code
}
