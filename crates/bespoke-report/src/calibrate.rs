//! Constants fitted on a repository's own removals: as a page, as JSON, and as the file that `[debt]` names.

use std::io::{self, Write};

use bespoke_analysis::{Calibration, MIN_REMOVALS, PARAMETERS, Parameter, Parameters, Removal};
use bespoke_facts::date_of;
use serde_json::json;

use crate::{
    Column, Style, Table, figures,
    text::{count, number, safe, wrap},
};

/// The constants that removals say something of.
const FITTED: [&str; 5] = [
    "minutes_per_subject",
    "minutes_per_site",
    "minutes_per_file",
    "minutes_per_line",
    "spread_of_items",
];

fn fitted() -> impl Iterator<Item = &'static Parameter> {
    PARAMETERS.iter().filter(|it| FITTED.contains(&it.key))
}

/// Three digits that count: no more are known.
fn rounded(value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    let step = 10_f64.powf(value.log10().floor() - 2.0);
    let rounded = (value / step).round() * step;
    // Away with what multiplying left behind.
    (rounded * 1e6).round() / 1e6
}

fn day(time: i64) -> String {
    let (year, month, day) = date_of(time);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Writes the file that `calibration` in `[debt]` names.
pub fn write_calibration(
    calibration: &Calibration,
    removals: &[Removal],
    out: &mut dyn Write,
) -> io::Result<()> {
    let times = removals
        .iter()
        .filter(|it| it.minutes.is_some())
        .map(|it| it.time);
    let (first, last) = times.fold((i64::MAX, i64::MIN), |(first, last), it| {
        (first.min(it), last.max(it))
    });
    writeln!(
        out,
        "# Written by `bespoke calibrate` from this repository's removals of flags, {} to {}.",
        day(first),
        day(last)
    )?;
    writeln!(
        out,
        "# Named by `calibration` in [debt] of bespoke.toml; what is said there goes before."
    )?;
    writeln!(out, "fitted_on = {}", calibration.fitted_on)?;
    writeln!(out, "\n[debt]")?;
    for it in fitted() {
        let value = rounded(it.of(&calibration.parameters));
        writeln!(out, "{} = {value:?}", it.key)?;
    }
    Ok(())
}

/// Writes what was found as JSON.
pub fn write_calibration_json(
    calibration: Option<&Calibration>,
    removals: &[Removal],
    before: &Parameters,
    out: &mut dyn Write,
) -> io::Result<()> {
    let constants: Vec<_> = fitted()
        .map(|it| {
            json!({
                "key": it.key,
                "unit": it.unit,
                "before": it.of(before),
                "fitted": calibration.map(|found| rounded(it.of(&found.parameters))),
            })
        })
        .collect();
    let page = json!({
        "schema_version": "1.0",
        "removals": removals.iter().map(|it| json!({
            "commit": it.commit, "date": day(it.time), "flag": it.name, "sites": it.sites,
            "files": it.files, "lines": it.lines, "minutes": it.minutes.map(|it| (it * 10.0).round() / 10.0),
        })).collect::<Vec<_>>(),
        "needed": MIN_REMOVALS,
        "fitted_on": calibration.map(|it| it.fitted_on),
        "constants": constants,
        "error_before": calibration.map(|it| rounded(it.errors.0)),
        "error_fitted": calibration.map(|it| rounded(it.errors.1)),
    });
    serde_json::to_writer_pretty(&mut *out, &page)?;
    writeln!(out)
}

/// Writes what was found for a person.
pub fn write_calibration_page(
    calibration: Option<&Calibration>,
    removals: &[Removal],
    before: &Parameters,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let timed = removals.iter().filter(|it| it.minutes.is_some()).count();
    let found = format!(
        "{} of a single flag in this history; of {} it is known how long they took, from the times of commits of one sitting.",
        count(removals.len() as u64, "removal", "removals"),
        number(timed as u64),
    );
    for line in wrap(&found, style.width) {
        writeln!(out, "{line}")?;
    }
    let Some(calibration) = calibration else {
        let few = format!("{MIN_REMOVALS} are needed for a fit: the constants stay as they are.");
        return writeln!(out, "{few}");
    };
    let [quarter, half, three] = calibration.quartiles.map(figures::work);
    writeln!(
        out,
        "Half of them took {half} or less (quartiles {quarter} and {three}), as far as commits show.\n"
    )?;
    let mut table = Table::new(vec![
        Column::words("Constant"),
        Column::figures("before"),
        Column::figures("fitted"),
        Column::words("unit"),
    ]);
    for it in fitted() {
        table.row(vec![
            it.key.to_owned(),
            rounded(it.of(before)).to_string(),
            rounded(it.of(&calibration.parameters)).to_string(),
            it.unit.to_owned(),
        ]);
    }
    table.write(style, out)?;
    writeln!(out)?;
    let (was, is) = calibration.errors;
    let verdict = if is < was - 0.005 {
        "That is better, and still wide: a single removal stays unknown to a large factor."
    } else {
        "That is no better: there is no reason to use the fit."
    };
    let line = format!(
        "Removals that were left out of the fit (ten parts) are missed by a factor of {:.1} on average with the constants as they \
         were, and of {:.1} as fitted on the others. {verdict}",
        was.exp(),
        is.exp()
    );
    for line in wrap(&line, style.width) {
        writeln!(out, "{line}")?;
    }
    let longest = removals
        .iter()
        .filter_map(|it| Some((it, it.minutes?)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    if let Some((it, minutes)) = longest {
        let line = format!(
            "The longest: `{}`, {} ({}, {} in {}), {}.",
            safe(&it.name),
            figures::work(minutes),
            it.commit.get(..10).unwrap_or(&it.commit),
            count(it.sites.into(), "branch or check", "branches and checks"),
            count(it.files.into(), "file", "files"),
            day(it.time)
        );
        for line in wrap(&line, style.width) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_count() {
        let shown = [0.0, 0.012_345, 0.3, 13.678, 1_234.5].map(|it| rounded(it).to_string());
        assert_eq!(shown, ["0", "0.0123", "0.3", "13.7", "1230"]);
    }

    #[test]
    fn every_fitted_constant_is_in_the_table() {
        assert_eq!(fitted().count(), FITTED.len());
    }
}
