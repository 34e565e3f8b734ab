//! `bespoke init`.

use std::{
    fs::OpenOptions,
    io::{self, Write as _},
};

use bespoke_engine::{CONFIG_NAMES, starter_config};

use super::scan_paths;
use crate::{
    args::{InitCommand, ScreenArgs},
    exit,
    failure::Failure,
};

pub(crate) fn run(args: &InitCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    if !args.stdout {
        refuse_to_overwrite(args)?;
    }
    let scan = scan_paths(std::slice::from_ref(&args.path), &args.input, screen)?;
    let text = starter_config(&scan.analysis);
    let mut out = io::stdout().lock();
    if args.stdout {
        out.write_all(text.as_bytes())?;
        out.flush()?;
        return Ok(exit::CLEAN);
    }
    let path = args.path.join(CONFIG_NAMES[0]);
    let cannot =
        |error: io::Error| Failure::new(format!("cannot write {}: {error}", path.display()));
    // Made only if it is not there, whatever has happened since the first look.
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)?;
    if !screen.quiet {
        writeln!(
            out,
            "Wrote {}. Correct it, then run `bespoke scan` again.",
            path.display()
        )?;
    }
    Ok(exit::CLEAN)
}

fn refuse_to_overwrite(args: &InitCommand) -> Result<(), Failure> {
    if !args.path.is_dir() && args.path.exists() {
        return Err(Failure::new(format!(
            "{} is no folder",
            args.path.display()
        )));
    }
    let existing = CONFIG_NAMES
        .iter()
        .map(|name| args.path.join(name))
        .find(|path| path.symlink_metadata().is_ok());
    match existing {
        Some(path) => Err(Failure::new(format!(
            "{} is there already, and init never overwrites",
            path.display()
        ))
        .hint("`bespoke init --stdout` prints what it would hold now")),
        None => Ok(()),
    }
}
