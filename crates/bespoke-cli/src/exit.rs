//! What the exit code says. Scripts rely on these numbers.

/// It ran, and nothing that was asked about was found. Also when whoever read the output stopped early.
pub(crate) const CLEAN: u8 = 0;
/// As many points as `--fail-on` names, or more; or a budget is not kept.
pub(crate) const FINDINGS: u8 = 1;
/// It could not run: arguments, configuration, a path, a file that cannot be written, or a fault of its own.
pub(crate) const FAILED: u8 = 2;
/// It ran, files were skipped, and `--strict` was given. [`FINDINGS`] goes before it.
pub(crate) const SKIPPED: u8 = 3;
/// Stopped by Ctrl-C: 128 and the signal's number.
pub(crate) const INTERRUPTED: i32 = 130;

/// The same, for help pages.
pub(crate) const HELP: &str = "\
Exit codes:
  0  it ran; whatever was found, unless --fail-on is given
  1  as many findings as --fail-on names, or more
  2  it could not run: arguments, configuration, paths, output
  3  it ran, but files were skipped, and --strict was given";

/// The same, for help of `bespoke check`.
pub(crate) const CHECK_HELP: &str = "\
Exit codes:
  0  every budget is kept
  1  some budget is not
  2  it could not run: arguments, configuration, paths, revisions, output";
