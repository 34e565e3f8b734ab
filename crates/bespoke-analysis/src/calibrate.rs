//! The principal's constants, fitted on this repository's own removals of flags.
//!
//! A removal is a commit, or a merge with what it brings, after which the one flag that it ended is never asked for again.
//! Its effort is what git shows of it: the minutes between its commits and the ones that the same people made before
//! them in the same sitting. What was thought before the first commit of a sitting is not seen, so this is a lower bound.
#![expect(
    clippy::cast_precision_loss,
    reason = "counts of removals and lines are far below 2^52"
)]

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use crate::{Life, Parameters, Row, numeric::solve};

/// Fewest removals whose time is known for a fit.
pub const MIN_REMOVALS: usize = 20;
/// A longer pause ends a sitting: two hours, as git-hours has it.
const SITTING: i64 = 120 * 60;
/// A commit of more source files is a sweep that did other things too.
const MAX_FILES: usize = 30;
/// How far the constants are expected to be from their defaults: a factor of two either way, as wide as their ranges.
const WIDTH: f64 = std::f64::consts::LN_2;
/// Removals are weighed as if the spread were at least this.
const MIN_SPREAD: f64 = 0.3;
/// A sitting is cut off at two hours, which hides how far true sizes lie apart: what is told is never below the low end of
/// what is reasonable.
const TOLD_SPREAD: (f64, f64) = (1.0, 3.0);
const STEPS: usize = 100;
const FOLDS: usize = 10;

/// A removal of a flag.
#[derive(Clone, Debug, PartialEq)]
pub struct Removal {
    /// The commit, or merge, in full.
    pub commit: String,
    /// When it was put in, in seconds since 1970.
    pub time: i64,
    /// Name of the flag.
    pub name: String,
    /// SD: branches and checks that went.
    pub sites: u32,
    /// SF: in how many files.
    pub files: u32,
    /// LOF: lines of conditions and what they guarded that changed.
    pub lines: u32,
    /// Minutes, where they are known.
    pub minutes: Option<f64>,
}

/// Follows removals from row to row.
#[derive(Debug, Default)]
pub struct Removals {
    /// Whose flag ended is known at the end only.
    ended: Vec<Ended>,
    /// Author, time and row of each commit.
    commits: Vec<(u32, i64, usize)>,
    authors: FxHashMap<String, u32>,
    rows: usize,
}

#[derive(Debug)]
struct Ended {
    row: usize,
    /// Key of the flag.
    key: String,
    removal: Removal,
}

/// What the fit says.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The constants that were fitted; the others as they were.
    pub parameters: Parameters,
    /// On how many removals.
    pub fitted_on: usize,
    /// Mean absolute error of the logarithm for removals that were left out of the fit (ten parts), with the constants as
    /// they were, and as fitted on the rest.
    pub errors: (f64, f64),
    /// Minutes a removal took: a quarter, half, and three quarters took no more.
    pub quartiles: [f64; 3],
}

impl Removals {
    /// Takes in the next row.
    pub fn take(&mut self, row: &Row) {
        let at = self.rows;
        self.rows += 1;
        for work in &row.work {
            let next = u32::try_from(self.authors.len()).unwrap_or(u32::MAX);
            let author = *self.authors.entry(work.author.1.clone()).or_insert(next);
            self.commits.push((author, work.time, at));
        }
        if row.cut || row.files.len() > MAX_FILES {
            return;
        }
        let mut flags: BTreeMap<(&str, &str), (u32, BTreeSet<&str>)> = BTreeMap::new();
        for event in &row.died {
            // What asks for several is not of one's removal alone.
            if let [(dimension, key, name)] = event.subjects.as_slice()
                && dimension == "flag"
            {
                let known = flags.entry((key, name)).or_default();
                known.0 += 1;
                known.1.insert(event.path.as_str());
            }
        }
        for ((key, name), (sites, files)) in flags {
            let lines = row.files.iter().flat_map(|file| &file.by_subject);
            let own = lines.filter(|(dimension, it, _)| dimension == "flag" && it == key);
            self.ended.push(Ended {
                row: at,
                key: key.to_owned(),
                removal: Removal {
                    commit: row.commit.clone(),
                    time: row.time,
                    name: name.to_owned(),
                    sites,
                    files: u32::try_from(files.len()).unwrap_or(u32::MAX),
                    lines: own.map(|(.., lines)| lines).sum(),
                    minutes: None,
                },
            });
        }
    }

    /// The removals of one flag each, oldest first. `lives` says which flags are gone for good.
    pub fn found(mut self, lives: &[Life]) -> Vec<Removal> {
        let died: FxHashMap<&str, &str> = lives
            .iter()
            .filter(|life| life.dimension == "flag")
            .filter_map(|life| Some((life.key.as_str(), life.died.as_ref()?.commit.as_str())))
            .collect();
        let mut in_commit: FxHashMap<&str, u32> = FxHashMap::default();
        for commit in lives
            .iter()
            .filter_map(|life| Some(&life.died.as_ref()?.commit))
        {
            *in_commit.entry(commit.as_str()).or_default() += 1;
        }
        let minutes = self.minutes();
        let ended = self.ended.into_iter().filter(|it| {
            let commit = it.removal.commit.as_str();
            died.get(it.key.as_str()) == Some(&commit) && in_commit.get(commit) == Some(&1)
        });
        ended
            .map(|it| Removal {
                minutes: minutes.get(&it.row).copied(),
                ..it.removal
            })
            .collect()
    }

    /// Minutes of each row in which some are known.
    fn minutes(&mut self) -> FxHashMap<usize, f64> {
        self.commits.sort_unstable();
        let mut minutes: FxHashMap<usize, f64> = FxHashMap::default();
        for pair in self.commits.windows(2) {
            let ((author, before, _), (same, now, row)) = (pair[0], pair[1]);
            let pause = now - before;
            // Rebased commits have one time; nothing can be said of them.
            if author == same && (60..=SITTING).contains(&pause) {
                *minutes.entry(row).or_default() += pause as f64 / 60.0;
            }
        }
        minutes
    }
}

/// Constants for principal that fit removals best; `None` with fewer than [`MIN_REMOVALS`] whose time is known.
///
/// Least squares of the logarithm of minutes, with a prior: removals say little of single constants (references explain 3
/// to 10 % of the spread), so each stays near where it was unless they insist.
pub fn calibrate(removals: &[Removal], parameters: &Parameters) -> Option<Calibration> {
    let known: Vec<Timed> = removals.iter().filter_map(Timed::of).collect();
    if known.len() < MIN_REMOVALS {
        return None;
    }
    let start = constants(parameters);
    let fitted = fit(&known, start);
    let spread = spread(&known, fitted).clamp(TOLD_SPREAD.0, TOLD_SPREAD.1);
    let errors = |constants: &dyn Fn(usize) -> [f64; 4]| {
        let sum: f64 = (0..FOLDS)
            .map(|fold| {
                let constants = constants(fold);
                let left_out = known.iter().skip(fold).step_by(FOLDS);
                left_out.map(|it| it.residual(constants).abs()).sum::<f64>()
            })
            .sum();
        sum / known.len() as f64
    };
    let of_rest = |fold: usize| {
        let rest = known
            .iter()
            .enumerate()
            .filter(|(at, _)| at % FOLDS != fold);
        fit(&rest.map(|(_, it)| *it).collect::<Vec<_>>(), start)
    };
    let mut minutes: Vec<f64> = known.iter().map(|it| it.minutes).collect();
    minutes.sort_by(f64::total_cmp);
    let quartile = |quarters: usize| minutes[(minutes.len() - 1) * quarters / 4];
    Some(Calibration {
        parameters: Parameters {
            minutes_per_subject: fitted[0],
            minutes_per_site: fitted[1],
            minutes_per_file: fitted[2],
            minutes_per_line: fitted[3],
            spread_of_items: spread,
            calibrated_on: u32::try_from(known.len()).ok(),
            ..parameters.clone()
        },
        fitted_on: known.len(),
        errors: (errors(&|_| start), errors(&of_rest)),
        quartiles: [1, 2, 3].map(quartile),
    })
}

fn constants(parameters: &Parameters) -> [f64; 4] {
    [
        parameters.minutes_per_subject,
        parameters.minutes_per_site,
        parameters.minutes_per_file,
        parameters.minutes_per_line,
    ]
    // What is 0 can't be multiplied by anything.
    .map(|it| it.max(1e-3))
}

/// A removal whose time is known.
#[derive(Clone, Copy)]
struct Timed {
    /// By what each constant is multiplied.
    of: [f64; 4],
    minutes: f64,
}

impl Timed {
    fn of(removal: &Removal) -> Option<Self> {
        Some(Self {
            of: [
                1.0,
                f64::from(removal.sites),
                f64::from(removal.files.saturating_sub(1)),
                f64::from(removal.lines),
            ],
            minutes: removal.minutes?,
        })
    }

    fn parts(&self, constants: [f64; 4]) -> [f64; 4] {
        let mut parts = self.of;
        for (part, constant) in parts.iter_mut().zip(constants) {
            *part *= constant;
        }
        parts
    }

    fn residual(&self, constants: [f64; 4]) -> f64 {
        self.minutes.ln() - self.parts(constants).iter().sum::<f64>().ln()
    }
}

/// The most likely constants, by Gauss and Newton in their logarithms.
fn fit(known: &[Timed], start: [f64; 4]) -> [f64; 4] {
    let mut moved = [0.0_f64; 4];
    let at = |moved: [f64; 4]| {
        let mut constants = start;
        for (constant, moved) in constants.iter_mut().zip(moved) {
            *constant *= moved.exp();
        }
        constants
    };
    for _ in 0..STEPS {
        let constants = at(moved);
        let variance = spread(known, constants).max(MIN_SPREAD).powi(2);
        let mut gradient: Vec<f64> = moved.iter().map(|it| -it / WIDTH.powi(2)).collect();
        let mut curvature = vec![vec![0.0; 4]; 4];
        for (at, row) in curvature.iter_mut().enumerate() {
            row[at] = WIDTH.powi(-2);
        }
        for it in known {
            let parts = it.parts(constants);
            let sum: f64 = parts.iter().sum();
            let residual = it.residual(constants);
            for at in 0..4 {
                gradient[at] += residual * parts[at] / sum / variance;
                for other in 0..4 {
                    curvature[at][other] += parts[at] * parts[other] / sum.powi(2) / variance;
                }
            }
        }
        let step = solve(curvature, gradient);
        let size = step.iter().fold(0.0, |most: f64, it| most.max(it.abs()));
        if !size.is_finite() {
            break;
        }
        let scale = if size > 0.5 { 0.5 / size } else { 1.0 };
        for (moved, step) in moved.iter_mut().zip(step) {
            *moved += scale * step;
        }
        if size < 1e-9 {
            break;
        }
    }
    at(moved)
}

/// Standard deviation of the residuals around 0: what the constants do not explain, bias included.
fn spread(known: &[Timed], constants: [f64; 4]) -> f64 {
    let sum: f64 = known.iter().map(|it| it.residual(constants).powi(2)).sum();
    (sum / known.len().max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use bespoke_facts::RepoPath;

    use super::*;
    use crate::{Event, FileChange, Mark, Work, random::Random};

    /// Removals as the model with these constants would have them, with a spread.
    fn made(count: usize, constants: [f64; 4], spread: f64) -> Vec<Removal> {
        let mut random = Random::new(3);
        (0..count)
            .map(|_| {
                let [sites, files, lines] =
                    [1 + random.below(8), 1 + random.below(4), random.below(60)]
                        .map(|it| u32::try_from(it).unwrap());
                let mut removal = Removal {
                    commit: String::new(),
                    time: 0,
                    name: String::new(),
                    sites,
                    files,
                    lines,
                    minutes: Some(1.0),
                };
                let parts = Timed::of(&removal).unwrap().parts(constants);
                removal.minutes =
                    Some(parts.iter().sum::<f64>() * (spread * random.normal()).exp());
                removal
            })
            .collect()
    }

    #[test]
    fn constants_that_made_removals_are_found() {
        let wanted = [6.0, 9.0, 2.0, 0.9];
        let start = Parameters::default();
        let found = calibrate(&made(3_000, wanted, 0.4), &start).unwrap();
        for (found, wanted) in constants(&found.parameters).into_iter().zip(wanted) {
            // By a quarter: sites and lines are told apart, what a file takes hardly is.
            assert!((found / wanted).ln().abs() < 0.25, "{found} for {wanted}");
        }
        assert!(
            (found.parameters.spread_of_items - 1.0).abs() < 1e-9,
            "never less"
        );
        let wide = calibrate(&made(3_000, wanted, 1.3), &start).unwrap();
        assert!((wide.parameters.spread_of_items - 1.3).abs() < 0.05);
        assert!(found.errors.1 < found.errors.0);
        assert_eq!(found.parameters.calibrated_on, Some(3_000));
    }

    #[test]
    fn few_removals_move_little_and_too_few_nothing() {
        let start = Parameters::default();
        let usual = constants(&start);
        let found = calibrate(&made(20, usual, 1.4), &start).unwrap();
        for (found, usual) in constants(&found.parameters).into_iter().zip(usual) {
            assert!((found / usual).ln().abs() < WIDTH, "{found} for {usual}");
        }
        assert_eq!(calibrate(&made(19, usual, 1.4), &start), None);
        let untimed = made(40, usual, 1.4).into_iter().map(|it| Removal {
            minutes: None,
            ..it
        });
        assert_eq!(calibrate(&untimed.collect::<Vec<_>>(), &start), None);
    }

    #[test]
    fn a_removal_is_the_end_of_one_flag() {
        let died = |key: &str, path: &str| Event {
            subjects: vec![("flag".to_owned(), key.to_owned(), key.to_owned())],
            path: RepoPath::new(path),
            ..Event::default()
        };
        let work = |time| Work {
            author: (String::new(), "ada".to_owned()),
            time,
            ..Work::default()
        };
        let row = |commit: &str, died: Vec<Event>, work: Vec<Work>| Row {
            commit: commit.to_owned(),
            files: vec![FileChange {
                by_subject: vec![("flag".to_owned(), "old".to_owned(), 7)],
                ..FileChange::default()
            }],
            died,
            work,
            ..Row::default()
        };
        let mut removals = Removals::default();
        removals.take(&row("1", Vec::new(), vec![work(0)]));
        // Two commits, the second the day after.
        let end = vec![
            died("old", "a.ts"),
            died("old", "b.ts"),
            died("old", "a.ts"),
        ];
        removals.take(&row("2", end, vec![work(1_800), work(90_000)]));
        removals.take(&row(
            "3",
            vec![died("x", "a.ts"), died("y", "a.ts")],
            Vec::new(),
        ));
        removals.take(&row("4", vec![died("back", "a.ts")], Vec::new()));
        let life = |key: &str, died: Option<&str>| Life {
            dimension: "flag".to_owned(),
            key: key.to_owned(),
            name: key.to_owned(),
            born: Mark {
                commit: "0".to_owned(),
                author: String::new(),
                time: 0,
            },
            died: died.map(|commit| Mark {
                commit: commit.to_owned(),
                author: String::new(),
                time: 0,
            }),
            points: 0,
            most: 1,
        };
        let lives = [
            life("back", None),
            life("old", Some("2")),
            life("x", Some("3")),
            life("y", Some("3")),
        ];
        let found = removals.found(&lives);
        let told: Vec<_> = found
            .iter()
            .map(|it| (it.name.as_str(), it.sites, it.files, it.lines, it.minutes))
            .collect();
        assert_eq!(told, [("old", 3, 2, 7, Some(30.0))]);
    }
}
