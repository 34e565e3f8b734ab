//! `bespoke without`.

use std::io::{self, BufWriter, Write as _};

use bespoke_engine::{Analysis, SubjectId, scan_and, without};
use bespoke_report::{WithoutReport, nearest, write_without, write_without_json};

use crate::{
    args::{AsValue, ScreenArgs, TextOrJson, WithoutCommand},
    exit,
    failure::Failure,
    screen,
};

pub(crate) fn run(args: &WithoutCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    let (_, answer) = scan_and(&args.paths, &args.input.options(), |files, analysis| {
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
    let fold = |name: &str| -> String {
        name.chars()
            .filter(|char| char.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let (dimension, bare) = match name.split_once(':') {
        Some((dimension, bare)) if analysis.subjects.iter().any(|it| it.dimension == dimension) => {
            (Some(dimension), bare)
        }
        _ => (None, name),
    };
    let wanted = fold(bare);
    let fits = |at: &u32| {
        let subject = &analysis.subjects[*at as usize];
        dimension.is_none_or(|it| it == subject.dimension)
            && (fold(&subject.name) == wanted
                || subject.aliases.iter().any(|alias| fold(alias) == wanted))
    };
    let found: Vec<u32> = (0..).take(analysis.subjects.len()).filter(fits).collect();
    match found.as_slice() {
        [only] => Ok(SubjectId(*only)),
        [] => {
            let names = analysis
                .subjects
                .iter()
                .map(|subject| subject.name.as_str());
            let failure = Failure::new(format!("no subject `{name}`"));
            Err(match nearest(bare, names).first() {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None => failure.hint("`bespoke scan` lists customers and flags"),
            })
        }
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|at| &analysis.subjects[*at as usize])
                .map(|it| format!("`{}:{}`", it.dimension, it.name))
                .collect();
            let message = format!("`{name}` is several subjects");
            Err(Failure::new(message).hint(format!("say which: {}", names.join(" or "))))
        }
    }
}
