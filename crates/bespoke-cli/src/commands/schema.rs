//! `bespoke schema`.

use std::io::{self, Write as _};

use crate::{
    args::{Described, SchemaCommand},
    exit,
    failure::Failure,
};

pub(crate) fn run(args: &SchemaCommand) -> Result<u8, Failure> {
    let schema = match args.of {
        Described::Report => bespoke_report::schema(),
        Described::Config => bespoke_engine::config_schema(),
    };
    let mut out = io::stdout().lock();
    writeln!(out, "{schema:#}")?;
    out.flush()?;
    Ok(exit::CLEAN)
}
