//! `bespoke man`.

use std::io::{self, Write as _};

use clap::CommandFactory as _;
use clap_mangen::Man;

use crate::{
    args::{Cli, ManCommand},
    exit,
    failure::Failure,
    output,
};

pub(crate) fn run(args: &ManCommand) -> Result<u8, Failure> {
    let mut cli = Cli::command().disable_help_subcommand(true);
    cli.build();
    let Some(dir) = &args.dir else {
        let mut out = io::stdout().lock();
        Man::new(cli).render(&mut out)?;
        out.flush()?;
        return Ok(exit::CLEAN);
    };
    let commands = cli
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    for command in commands.chain([&cli]).cloned() {
        let man = Man::new(command);
        output::write_file(&dir.join(man.get_filename()), |out| man.render(out))?;
    }
    Ok(exit::CLEAN)
}
