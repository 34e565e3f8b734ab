//! Programs that run for a bounded time, in turns, and what they cost.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, ensure};

use crate::workspace::has;

/// What took longer than this the first time, in seconds, is not run again: it would be nearly all of the whole run.
const LONG: f64 = 60.0;
/// How `timeout` ends when it had to stop what it ran, kindly and not.
const STOPPED: [i32; 2] = [124, 137];
/// Most characters of what a failed program said.
const SAID: usize = 70;

/// One run of a program.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// User + system time in seconds, of all its processes.
    pub(super) cpu: f64,
    pub(super) wall: f64,
    /// Greatest resident memory of any one of its processes in KiB, where it could be measured.
    pub(super) memory: Option<u64>,
    pub(super) exit: i32,
    /// Whether it took too long: then the times are those until it was stopped.
    pub(super) stopped: bool,
    /// The first line of its complaints, where it did not end well.
    pub(super) said: String,
}

/// A program of a comparison, with its runs.
pub(super) struct Contender {
    pub(super) name: String,
    pub(super) program: PathBuf,
    pub(super) args: Vec<String>,
    /// Seconds after which it is stopped.
    pub(super) limit: u32,
    pub(super) samples: Vec<Sample>,
}

impl Contender {
    /// One that has not run yet.
    pub(super) fn new(name: &str, program: &Path, args: Vec<String>, limit: u32) -> Self {
        Self {
            name: name.to_owned(),
            program: program.to_owned(),
            args,
            limit,
            samples: Vec::new(),
        }
    }

    /// Median CPU time.
    pub(super) fn cpu(&self) -> f64 {
        median(self.samples.iter().map(|it| it.cpu))
    }

    /// Median wall time.
    pub(super) fn wall(&self) -> f64 {
        median(self.samples.iter().map(|it| it.wall))
    }

    /// Greatest memory of all runs in MiB.
    pub(super) fn mebibytes(&self) -> Option<u64> {
        let greatest = self.samples.iter().filter_map(|it| it.memory).max();
        greatest.map(|kib| kib.div_ceil(1_024))
    }

    /// Whether it was stopped, so that its times are less than it needs.
    pub(super) fn stopped(&self) -> bool {
        self.samples.iter().any(|it| it.stopped)
    }

    /// Whether its times are those of its whole work.
    pub(super) fn ended_well(&self) -> bool {
        self.samples.iter().all(|it| it.exit == 0)
    }

    /// What there is to say of how it ended.
    pub(super) fn remark(&self) -> String {
        match self.samples.iter().find(|it| it.exit != 0) {
            Some(sample) if sample.stopped => format!("stopped after {} s", self.limit),
            Some(sample) if sample.said.is_empty() => format!("exit {}", sample.exit),
            Some(sample) => format!("exit {}: {}", sample.exit, sample.said),
            None => String::new(),
        }
    }
}

/// Whether what bounds a program is there.
pub(super) fn check() -> anyhow::Result<()> {
    ensure!(
        has("timeout", &["--version"]),
        "there is no `timeout` of the GNU core utilities to stop a peer with"
    );
    ensure!(
        has("bash", &["--version"]),
        "there is no bash to measure CPU time with"
    );
    Ok(())
}

/// Runs all of them in turns, so that a busy spell of the machine falls on each.
pub(super) fn in_turns(
    contenders: &mut [Contender],
    runs: usize,
    scratch: &Path,
) -> anyhow::Result<()> {
    for _ in 0..runs {
        for contender in &mut *contenders {
            let again = |it: &Sample| it.wall <= LONG && !it.stopped;
            if contender.samples.iter().all(again) {
                let sample = sample(contender, scratch, scratch)?;
                contender.samples.push(sample);
            }
        }
    }
    Ok(())
}

/// Runs a program once in a folder, with another one for everything that it writes, its home too, so that it leaves
/// nothing elsewhere. It may fail: that is told with the rest.
///
/// bash counts CPU time in milliseconds, which GNU `time` does not; that one knows the memory.
pub(super) fn sample(
    contender: &Contender,
    folder: &Path,
    scratch: &Path,
) -> anyhow::Result<Sample> {
    const SCRIPT: &str = r#"out=$1 err=$2; shift 2; time "$@" >"$out" 2>"$err""#;
    let [out, err, peak] = ["out", "err", "peak"].map(|name| scratch.join(name));
    let mut command = alone(Path::new("bash"), scratch)?;
    command
        .current_dir(folder)
        .env("TIMEFORMAT", "%3U %3S %3R")
        .env("PATH", path_of(&contender.program)?)
        .args(["-c", SCRIPT, "bash"])
        .args([&out, &err]);
    let time = Path::new("/usr/bin/time");
    if time.exists() {
        command.arg(time).args(["--format", "%M", "--output"]);
        command.arg(&peak);
    }
    command
        .args(["timeout", "--kill-after", "5"])
        .arg(contender.limit.to_string())
        .arg(&contender.program)
        .args(&contender.args);
    let result = command
        .output()
        .with_context(|| format!("cannot run {}", contender.program.display()))?;
    let times = String::from_utf8_lossy(&result.stderr);
    let [user, system, wall] = times
        .lines()
        .last()
        .and_then(seconds)
        .with_context(|| format!("no times in {times:?}"))?;
    let memory = fs::read_to_string(&peak).ok();
    let memory = memory.and_then(|text| text.lines().last()?.parse().ok());
    let exit = result.status.code().unwrap_or(-1);
    let stopped = STOPPED.contains(&exit);
    let said = if exit == 0 || stopped {
        String::new()
    } else {
        complaint(&fs::read(&err)?, scratch)
    };
    Ok(Sample {
        cpu: user + system,
        wall,
        memory,
        exit,
        stopped,
        said,
    })
}

/// A program with a home of its own, which speaks plain English and is asked to call nobody.
fn alone(program: &Path, scratch: &Path) -> anyhow::Result<Command> {
    let home = scratch.join("home");
    fs::create_dir_all(&home)?;
    let mut command = Command::new(program);
    command
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", &home)
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("DO_NOT_TRACK", "1")
        .env("SEMGREP_SEND_METRICS", "off")
        .env("PATH", path_of(program)?);
    Ok(command)
}

/// PATH, with the program's own folder before it: what comes with a Python environment or npm finds its like there.
fn path_of(program: &Path) -> anyhow::Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let beside = program.parent().filter(|it| it.is_absolute());
    let folders = beside.map(Path::to_owned).into_iter();
    Ok(std::env::join_paths(
        folders.chain(std::env::split_paths(&path)),
    )?)
}

/// Where a program is: in a folder that holds programs, or environments with programs, or else on PATH.
pub(super) fn find(name: &str, peers: Option<&Path>) -> anyhow::Result<Option<PathBuf>> {
    let mut roots = Vec::new();
    if let Some(peers) = peers {
        let entries = fs::read_dir(peers)
            .with_context(|| format!("cannot list {}", peers.display()))?
            .map(|entry| Ok(entry?.path()))
            .collect::<anyhow::Result<BTreeSet<_>>>()?;
        roots.push(peers.to_owned());
        roots.extend(entries);
    }
    let mut folders: Vec<PathBuf> = Vec::new();
    for root in roots {
        folders.extend([
            root.join("bin"),
            root.join("node_modules/.bin"),
            root.clone(),
        ]);
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    let programs = folders.into_iter().map(|folder| folder.join(name));
    Ok(programs.into_iter().find(|program| program.is_file()))
}

/// What a program says of its version: the first word that begins with a digit.
pub(super) fn version(program: &Path, args: &[&str], scratch: &Path) -> anyhow::Result<String> {
    let result = alone(program, scratch)?
        .args(args)
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    let said = String::from_utf8_lossy(&result.stdout).into_owned();
    let mut words = said.split_whitespace().map(|it| it.trim_start_matches('v'));
    let version = words.find(|it| it.starts_with(|it: char| it.is_ascii_digit()));
    Ok(version.unwrap_or("unknown").to_owned())
}

/// User, system and wall seconds of a line.
fn seconds(line: &str) -> Option<[f64; 3]> {
    let mut fields = line.split(' ').map(|it| it.parse().ok());
    Some([fields.next()??, fields.next()??, fields.next()??])
}

/// The first line, short, without the places of this machine and what would break a table.
fn complaint(stderr: &[u8], scratch: &Path) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    let line = line.unwrap_or_default();
    // Colour, which begins with an escape and ends with an `m`.
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    let line = parts.fold(first, |line, part| {
        line + part.split_once('m').map_or(part, |(_, rest)| rest)
    });
    let line = line.replace(&*scratch.to_string_lossy(), "…");
    let plain = |it: char| !it.is_control() && !matches!(it, '|' | '`' | '<' | '[');
    line.chars().filter(|it| plain(*it)).take(SAID).collect()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_are_told() {
        let scratch = std::env::temp_dir().join(format!("bespoke-process-{}", std::process::id()));
        fs::create_dir_all(&scratch).unwrap();
        let end = |args: &[&str]| {
            let args = args.iter().map(|it| (*it).to_owned()).collect();
            let mut all = [Contender::new("sh", Path::new("sh"), args, 1)];
            in_turns(&mut all, 2, &scratch).unwrap();
            let [it] = all;
            (it.samples.len(), it.stopped(), it.remark())
        };
        assert_eq!(end(&["-c", "true"]), (2, false, String::new()));
        assert_eq!(
            end(&["-c", "printf '\\033[31ma\\033[0m | b' >&2; exit 3"]),
            (2, false, "exit 3: a  b".to_owned())
        );
        assert_eq!(
            end(&["-c", "sleep 9"]),
            (1, true, "stopped after 1 s".to_owned())
        );
        fs::remove_dir_all(&scratch).unwrap();
    }

    #[test]
    fn programs_are_found_in_folders_of_environments() {
        let peers = std::env::temp_dir().join(format!("bespoke-find-{}", std::process::id()));
        fs::create_dir_all(peers.join("b/bin")).unwrap();
        fs::create_dir_all(peers.join("c/node_modules/.bin")).unwrap();
        for file in ["b/bin/peer", "c/node_modules/.bin/peer", "c/other"] {
            fs::write(peers.join(file), "").unwrap();
        }
        let found = |name| find(name, Some(&peers)).unwrap();
        assert_eq!(found("peer"), Some(peers.join("b/bin/peer")));
        assert_eq!(found("other"), Some(peers.join("c/other")));
        assert_eq!(found("a-peer-that-nobody-has"), None);
        fs::remove_dir_all(&peers).unwrap();
    }

    #[test]
    fn a_median_is_in_the_middle() {
        assert!((median([3.0, 1.0, 2.0].into_iter()) - 2.0).abs() < f64::EPSILON);
    }
}
