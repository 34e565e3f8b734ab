//! What is printed to: width, colour, progress.

use std::{
    env,
    io::{self, IsTerminal as _, Write as _},
    sync::Mutex,
    time::{Duration, Instant},
};

use bespoke_engine::Progress;
use bespoke_report::Style;

use crate::args::{Color, ScreenArgs};

/// Width of a page that is on no terminal.
const WIDTH: usize = 100;
/// Rows of a table with `-v`.
const MANY_ROWS: usize = 50;
/// A scan shorter than this shows no progress.
const PATIENCE: Duration = Duration::from_millis(500);
/// Time between two looks of the progress bar.
const BEAT: Duration = Duration::from_millis(100);

/// How standard output looks.
pub(crate) fn style(args: &ScreenArgs) -> Style {
    let stdout = io::stdout();
    let width = args.width.map(usize::from).or_else(|| {
        let (terminal_size::Width(columns), _) = terminal_size::terminal_size_of(&stdout)?;
        Some(usize::from(columns).max(40))
    });
    let color = colored(args.color, stdout.is_terminal(), |name| {
        env::var_os(name).map(|it| it.to_string_lossy().into_owned())
    });
    Style {
        width: width.unwrap_or(WIDTH),
        color,
        rows: rows(args),
    }
}

/// How a file looks: the same on any machine.
pub(crate) fn style_of_file(args: &ScreenArgs) -> Style {
    Style {
        width: args.width.map_or(WIDTH, usize::from),
        color: args.color == Color::Always,
        rows: rows(args),
    }
}

fn rows(args: &ScreenArgs) -> usize {
    match args.verbose {
        0 => Style::default().rows,
        1 => MANY_ROWS,
        _ => usize::MAX,
    }
}

/// An option goes before `NO_COLOR`, that before `CLICOLOR_FORCE`, and that before what is printed to.
fn colored(asked: Color, is_terminal: bool, variable: impl Fn(&str) -> Option<String>) -> bool {
    let is_set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    match asked {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if is_set("NO_COLOR") => false,
        Color::Auto if is_set("CLICOLOR_FORCE") => {
            variable("CLICOLOR_FORCE").as_deref() != Some("0")
        }
        Color::Auto => is_terminal && variable("TERM").as_deref() != Some("dumb"),
    }
}

/// A progress bar on standard error, which comes when the work takes long and leaves no trace.
pub(crate) struct ProgressBar {
    begun: Instant,
    drawn: Mutex<Option<Instant>>,
}

impl ProgressBar {
    /// A bar, if standard error is a terminal.
    pub(crate) fn new(args: &ScreenArgs) -> Option<Self> {
        let wanted = !args.quiet && io::stderr().is_terminal();
        wanted.then(|| Self {
            begun: Instant::now(),
            drawn: Mutex::new(None),
        })
    }

    /// Shows how far a scan is. Threads that come while another draws go on with their work.
    pub(crate) fn show(&self, progress: Progress) {
        self.show_of("files", progress.done, progress.total);
    }

    /// Shows how many of something are done, how fast it goes, and how long it will take.
    pub(crate) fn show_of(&self, what: &str, done: usize, total: usize) {
        if self.begun.elapsed() < PATIENCE {
            return;
        }
        let Ok(mut drawn) = self.drawn.try_lock() else {
            return;
        };
        if drawn.is_none_or(|last| last.elapsed() >= BEAT) {
            *drawn = Some(Instant::now());
            // A bar that cannot be drawn is no reason to stop.
            let text = bar(what, done, total, self.begun.elapsed());
            let _ = write!(io::stderr(), "\r{text}\u{1b}[K");
        }
    }
}

impl Drop for ProgressBar {
    fn drop(&mut self) {
        let drawn = self.drawn.get_mut().is_ok_and(|drawn| drawn.is_some());
        if drawn {
            let _ = write!(io::stderr(), "\r\u{1b}[K");
        }
    }
}

fn bar(what: &str, done: usize, total: usize, elapsed: Duration) -> String {
    const COLUMNS: usize = 30;
    let filled = (done * COLUMNS)
        .checked_div(total)
        .unwrap_or(0)
        .min(COLUMNS);
    let per_second = u128::try_from(done).unwrap_or(0) * 1_000 / elapsed.as_millis().max(1);
    let left = u128::try_from(total.saturating_sub(done)).unwrap_or(0);
    let remaining = match left.checked_div(per_second) {
        Some(seconds) if seconds >= 2 => format!(", {per_second} a second, {seconds} s left"),
        _ => String::new(),
    };
    format!(
        "{}{} {done}/{total} {what}{remaining}",
        "█".repeat(filled),
        "░".repeat(COLUMNS - filled)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_goes_by_option_then_environment_then_terminal() {
        let with = |asked, is_terminal, variables: &[(&str, &str)]| {
            colored(asked, is_terminal, |name| {
                let found = variables.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        assert!(with(Color::Auto, true, &[]));
        assert!(!with(Color::Auto, false, &[]));
        assert!(!with(Color::Auto, true, &[("TERM", "dumb")]));
        assert!(!with(Color::Auto, true, &[("NO_COLOR", "1")]));
        assert!(with(Color::Auto, true, &[("NO_COLOR", "")]));
        assert!(with(Color::Auto, false, &[("CLICOLOR_FORCE", "1")]));
        assert!(!with(
            Color::Auto,
            true,
            &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]
        ));
        assert!(with(Color::Always, false, &[("NO_COLOR", "1")]));
        assert!(!with(Color::Never, true, &[("CLICOLOR_FORCE", "1")]));
    }

    #[test]
    fn the_bar_fills() {
        let at = |done, total| bar("files", done, total, Duration::from_secs(5));
        assert!(at(0, 0).starts_with('░'));
        assert!(at(5, 10).contains("█░"));
        assert!(!at(10, 10).contains('░'));
        assert!(at(10, 40).ends_with("10/40 files, 2 a second, 15 s left"));
    }
}
