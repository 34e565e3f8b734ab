//! `bespoke calibrate`.

use std::io::{self, BufWriter, Write as _};

use bespoke_engine::{Activity, Graphs, HistoryOptions, Removals, Told, calibrate};
use bespoke_report::{write_calibration, write_calibration_json, write_calibration_page};

use super::{history_with_bar, warn_of_history};
use crate::{
    args::{CalibrateCommand, ScreenArgs, TextOrJson},
    exit,
    failure::Failure,
    output, screen,
};

pub(crate) fn run(args: &CalibrateCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    let mut scan = args.input.options()?;
    let options = HistoryOptions {
        vocabulary: scan.vocabulary.take(),
        scan,
        graphs: Graphs::Never,
        ..HistoryOptions::default()
    };
    let mut activity = Activity::default();
    let mut removals = Removals::default();
    let found = history_with_bar(&args.repository, options, screen, &mut |told| {
        if let Told::Row(row) = told {
            activity.take(&row);
            removals.take(&row);
        }
        true
    })?;
    warn_of_history(&found, screen);
    let removals = removals.found(&activity.past().lives);
    let fit = calibrate(&removals, &found.debt);
    let mut out = BufWriter::new(io::stdout().lock());
    match args.format {
        TextOrJson::Text => write_calibration_page(
            fit.as_ref(),
            &removals,
            &found.debt,
            &screen::style(screen),
            &mut out,
        )?,
        TextOrJson::Json => {
            write_calibration_json(fit.as_ref(), &removals, &found.debt, &mut out)?;
        }
    }
    out.flush()?;
    let Some(file) = &args.output else {
        return Ok(exit::CLEAN);
    };
    let Some(fit) = fit else {
        return Err(Failure::new(format!(
            "{} was not written: there are too few removals",
            file.display()
        ))
        .hint("the constants can be set by hand in [debt] of bespoke.toml"));
    };
    output::write_file(file, |out| write_calibration(&fit, &removals, out))?;
    if matches!(args.format, TextOrJson::Text) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        writeln!(
            out,
            "\nWritten. To use it, in bespoke.toml beside it: [debt] calibration = \"{name}\""
        )?;
        out.flush()?;
    }
    Ok(exit::CLEAN)
}
