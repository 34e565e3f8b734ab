//! `bespoke completions`.

use std::io::{self, Write as _};

use clap::CommandFactory as _;

use crate::{
    args::{Cli, CompletionsCommand},
    exit,
    failure::Failure,
};

pub(crate) fn run(args: &CompletionsCommand) -> Result<u8, Failure> {
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "bespoke", &mut script);
    let mut out = io::stdout().lock();
    out.write_all(&script)?;
    out.flush()?;
    Ok(exit::CLEAN)
}
