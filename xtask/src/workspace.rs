//! Where the workspace is, what cargo says of it, and how a check's result is told.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::LazyLock,
};

use anyhow::{Context as _, bail, ensure};
use serde_json::Value;

/// The root of the workspace.
pub(crate) fn root() -> &'static Path {
    // Cargo says at run time where it is: two checkouts may share one build folder, and so one program.
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let xtask = std::env::var_os("CARGO_MANIFEST_DIR");
        let xtask = xtask.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        xtask
            .parent()
            .expect("xtask is a folder of the workspace")
            .to_owned()
    });
    &ROOT
}

/// A command that runs in the root.
pub(crate) fn command(program: &str, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args).current_dir(root());
    command
}

/// The cargo that runs this program.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    command(&program, args)
}

/// Standard output of a command that must succeed.
pub(crate) fn output(mut command: Command) -> anyhow::Result<String> {
    let result = command
        .output()
        .with_context(|| format!("cannot run {command:?}"))?;
    ensure!(
        result.status.success(),
        "{command:?} failed with {}:\n{}",
        result.status,
        String::from_utf8_lossy(&result.stderr)
    );
    String::from_utf8(result.stdout).with_context(|| format!("output of {command:?} is not UTF-8"))
}

/// `cargo metadata` with these further options.
pub(crate) fn metadata(options: &[&str]) -> anyhow::Result<Value> {
    let mut args = vec!["metadata", "--format-version", "1"];
    args.extend(options);
    let text = output(cargo(&args))?;
    serde_json::from_str(&text).context("cargo metadata is not JSON")
}

/// Builds the command-line program and gives its path.
pub(crate) fn build_bespoke(profile: &str) -> anyhow::Result<PathBuf> {
    build(profile, &["--package", "bespoke-cli"], "bespoke")
}

/// Builds an example of a package and gives its path.
pub(crate) fn build_example(profile: &str, package: &str, name: &str) -> anyhow::Result<PathBuf> {
    let of = ["--package", package, "--example", name];
    build(profile, &of, &format!("examples/{name}"))
}

fn build(profile: &str, of: &[&str], path: &str) -> anyhow::Result<PathBuf> {
    // Dependencies have the features that all that is built at once asks for. With those of the tests nothing is built
    // a second time for them.
    let with_tests = ["--workspace", "--bins", "--examples"];
    let of = if profile == "dev" {
        &with_tests[..]
    } else {
        of
    };
    let mut build = cargo(&["build", "--quiet", "--locked", "--profile", profile]);
    build.args(of);
    run(build)?;
    let metadata = metadata(&["--no-deps"])?;
    let target = metadata["target_directory"]
        .as_str()
        .context("no target directory")?;
    let folder = if profile == "dev" { "debug" } else { profile };
    Ok(Path::new(target)
        .join(folder)
        .join(format!("{path}{}", std::env::consts::EXE_SUFFIX)))
}

/// Runs a command that must succeed and may print.
pub(crate) fn run(mut command: Command) -> anyhow::Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot run {command:?}"))?;
    ensure!(status.success(), "{command:?} failed with {status}");
    Ok(())
}

/// Fails with all complaints of a check, if there are any.
pub(crate) fn report(name: &str, complaints: &[String]) -> anyhow::Result<()> {
    if complaints.is_empty() {
        println!("{name}: fine");
        return Ok(());
    }
    bail!("{name}:\n  {}", complaints.join("\n  "))
}

/// Whether a program can be started.
pub(crate) fn has(program: &str, args: &[&str]) -> bool {
    command(program, args)
        .output()
        .is_ok_and(|result| result.status.success())
}
