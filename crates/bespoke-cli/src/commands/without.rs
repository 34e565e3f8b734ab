//! `bespoke without`.

use std::io::{self, BufWriter, Write as _};

use bespoke_engine::{Analysis, SubjectId, scan_and, without};
use bespoke_report::{WithoutReport, write_without, write_without_json};

use super::no_subject;
use crate::{
    args::{AsValue, ScreenArgs, TextOrJson, WithoutCommand},
    exit,
    failure::Failure,
    screen,
};

pub(crate) fn run(args: &WithoutCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    let (_, answer) = scan_and(&args.paths, &args.input.options()?, |files, analysis| {
        let id = subject(analysis, &args.subject)?;
        let told = &analysis.subjects[id.index()];
        let value = match args.value {
            Some(value) => value == AsValue::On,
            None => told.dimension == "flag",
        };
        let found = without(files, analysis, id, value);
        Ok::<_, Failure>(WithoutReport::new(told, value, &found))
    })?;
    let report = answer?;
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        TextOrJson::Text => write_without(
            &report,
            &screen::style(screen),
            screen.verbose > 0,
            &mut out,
        )?,
        TextOrJson::Json => write_without_json(&report, &mut out)?,
    }
    out.flush()?;
    Ok(exit::CLEAN)
}

/// The subject of a name, which `dimension:` may go before.
fn subject(analysis: &Analysis, name: &str) -> Result<SubjectId, Failure> {
    match analysis.subjects_named(name).as_slice() {
        [only] => Ok(*only),
        [] => Err(no_subject(analysis, name)),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|id| &analysis.subjects[id.index()])
                .map(|it| format!("`{}:{}`", it.dimension, it.name))
                .collect();
            let message = format!("`{name}` is several subjects");
            Err(Failure::new(message).hint(format!("say which: {}", names.join(" or "))))
        }
    }
}
