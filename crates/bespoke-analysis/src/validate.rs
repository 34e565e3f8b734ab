//! A backtest on the repository's own history: does what could be known at a time say where new customizations and
//! changes came in the year after, and better than size, churn and complexity do?
//!
//! Gains are differences of areas under the ROC curve with intervals from a paired bootstrap. A gain is claimed only where
//! it holds in most of several years.
#![expect(
    clippy::cast_precision_loss,
    reason = "counts of files and lines are far below 2^52"
)]

use rustc_hash::FxHashMap;

use crate::{
    FileAt, Parameters, ViciousCycle, debt::overhead, numeric::solve, random::Random, vicious_cycle,
};

/// Fewest files with the outcome, and without it, for an area to mean something.
pub const MIN_EVENTS: usize = 10;
/// Bootstrap samples.
const SAMPLES: usize = 1_000;
/// Share of windows in which a gain has to hold.
const MOST: f64 = 2.0 / 3.0;
/// Share of all lines that are looked at for [`Measured::found`].
const LOOKED_AT: f64 = 0.2;
/// Keeps coefficients of a model finite where one feature tells all.
const RIDGE: f64 = 1e-2;
const STEPS: usize = 50;

/// What came, or not, in the year after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// A branch or check asked for a customer or flag that the file had none for.
    Gained,
    /// A commit changed the file.
    Touched,
}

impl Outcome {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Gained, Self::Touched];

    /// Stable name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Gained => "gained",
            Self::Touched => "touched",
        }
    }

    fn of(self, file: &FileAt) -> bool {
        match self {
            Self::Gained => file.gained > 0,
            Self::Touched => file.touches > 0,
        }
    }
}

/// A way to rank files by what is known of them at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Score {
    /// Lines with code.
    Size,
    /// Lines added and deleted in the year before.
    Churn,
    /// Cognitive complexity × commits of the year before.
    ComplexityChurn,
    /// Branches and checks.
    Points,
    /// Cognitive complexity × commits × branches and checks.
    Product,
    /// Commits of the year before, times the share of them that the debt model puts down to branches and checks; reach left
    /// out.
    Interest,
    /// A logistic model of size, churn, and complexity × churn, fitted on the year before.
    Model,
    /// The same model with branches and checks.
    ModelWithPoints,
}

impl Score {
    /// All, those to compare with first.
    pub const ALL: [Self; 8] = [
        Self::Size,
        Self::Churn,
        Self::ComplexityChurn,
        Self::Points,
        Self::Product,
        Self::Interest,
        Self::Model,
        Self::ModelWithPoints,
    ];

    /// Stable name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Size => "size",
            Self::Churn => "churn",
            Self::ComplexityChurn => "complexity-churn",
            Self::Points => "points",
            Self::Product => "product",
            Self::Interest => "interest",
            Self::Model => "model",
            Self::ModelWithPoints => "model-with-points",
        }
    }
}

/// Which score is held against which. The last is what a verdict rests on: it alone says what points add to all the rest.
pub const COMPARED: [(Score, Score); 4] = [
    (Score::Interest, Score::Size),
    (Score::Interest, Score::Churn),
    (Score::Interest, Score::ComplexityChurn),
    (Score::ModelWithPoints, Score::Model),
];

/// Files as they were at a time, with what came in the year after.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Window {
    /// When, in seconds since 1970.
    pub time: i64,
    /// Core files of the product at that time, by path.
    pub files: Vec<FileAt>,
}

impl Window {
    /// `known` was read of the history up to that time, and knows no customer that came later; `seen` of all of it, and
    /// knows what came.
    #[must_use]
    pub fn new(time: i64, known: &[FileAt], seen: &[FileAt]) -> Self {
        let later: FxHashMap<&str, &FileAt> =
            seen.iter().map(|file| (file.path.as_str(), file)).collect();
        let files = known.iter().filter(|file| !file.in_unit);
        Self {
            time,
            files: files
                .filter_map(|file| {
                    let later = later.get(file.path.as_str())?;
                    Some(FileAt {
                        points: file.points,
                        in_unit: false,
                        ..(*later).clone()
                    })
                })
                .collect(),
        }
    }
}

/// What the backtest says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Backtest {
    /// Each year, the oldest first.
    pub windows: Vec<Tested>,
    /// By [`Outcome`]: whether points say more than the rest does, in how many of how many years.
    pub verdicts: Vec<Verdict>,
}

/// One year.
#[derive(Clone, Debug, PartialEq)]
pub struct Tested {
    /// When it begins, in seconds since 1970.
    pub time: i64,
    /// Core files of the product then.
    pub files: usize,
    /// Of these, with a branch or check.
    pub with_points: usize,
    /// How much likelier those gained another subject.
    pub vicious_cycle: Option<ViciousCycle>,
    /// What came.
    pub outcomes: Vec<Measured>,
}

/// How well an outcome could be told.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// What came.
    pub outcome: Outcome,
    /// For how many files.
    pub events: usize,
    /// Area under the ROC curve by score: the chance that of a file with the outcome and one without the first is ranked
    /// higher; 0.5 is chance. Empty with too few events; models are missing in the oldest year, on which the next one's are
    /// fitted.
    pub areas: Vec<(Score, f64)>,
    /// Share of the files with the outcome that stand in the first 20 % of all lines, in the order of the score.
    pub found: Vec<(Score, f64)>,
    /// Differences of areas.
    pub gains: Vec<Gain>,
}

/// How much greater one area is than another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gain {
    /// The area of this
    pub score: Score,
    /// less that of this.
    pub than: Score,
    /// The difference.
    pub gain: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

/// Whether points say more than size, churn and complexity × churn together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict {
    /// Of what.
    pub outcome: Outcome,
    /// Years with a whole interval above 0.
    pub better: usize,
    /// Years with a whole interval below 0.
    pub worse: usize,
    /// Years that could be measured.
    pub of: usize,
    /// The middle one of the gains, by size; 0 where there is none.
    pub middle: f64,
    /// Points say more in two thirds of the years, and of at least three.
    pub holds: bool,
}

/// Fewest years for a verdict.
pub const MIN_WINDOWS: usize = 3;

/// Tests each window; the oldest is what the next one's models are fitted on. `windows` are sorted by time.
#[must_use]
pub fn backtest(windows: &[Window], parameters: &Parameters) -> Backtest {
    let mut tested = Vec::new();
    for (at, window) in windows.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| &windows[at]);
        tested.push(Tested {
            time: window.time,
            files: window.files.len(),
            with_points: window.files.iter().filter(|it| it.points > 0).count(),
            vicious_cycle: vicious_cycle(&window.files),
            outcomes: Outcome::ALL
                .into_iter()
                .map(|outcome| measure(outcome, window, before, parameters))
                .collect(),
        });
    }
    let verdicts = Outcome::ALL.into_iter().map(|outcome| {
        let (score, than) = COMPARED[COMPARED.len() - 1];
        let mut gains: Vec<Gain> = tested
            .iter()
            .flat_map(|it| &it.outcomes)
            .filter(|it| it.outcome == outcome)
            .flat_map(|it| &it.gains)
            .filter(|gain| gain.score == score && gain.than == than)
            .copied()
            .collect();
        gains.sort_by(|a, b| a.gain.total_cmp(&b.gain));
        let better = gains.iter().filter(|gain| gain.low > 0.0).count();
        Verdict {
            outcome,
            better,
            middle: gains.get(gains.len() / 2).map_or(0.0, |gain| gain.gain),
            worse: gains.iter().filter(|gain| gain.high < 0.0).count(),
            of: gains.len(),
            holds: gains.len() >= MIN_WINDOWS && better as f64 >= MOST * gains.len() as f64,
        }
    });
    Backtest {
        verdicts: verdicts.collect(),
        windows: tested,
    }
}

fn measure(
    outcome: Outcome,
    window: &Window,
    before: Option<&Window>,
    parameters: &Parameters,
) -> Measured {
    let files = &window.files;
    let came: Vec<bool> = files.iter().map(|file| outcome.of(file)).collect();
    let events = came.iter().filter(|it| **it).count();
    let mut measured = Measured {
        outcome,
        events,
        areas: Vec::new(),
        found: Vec::new(),
        gains: Vec::new(),
    };
    if events < MIN_EVENTS || files.len() - events < MIN_EVENTS {
        return measured;
    }
    let ranked: Vec<(Score, Ranking)> = Score::ALL
        .into_iter()
        .filter_map(|score| {
            let values: Vec<f64> = match score {
                Score::Model => model(files, before?, outcome, false)?,
                Score::ModelWithPoints => model(files, before?, outcome, true)?,
                _ => files
                    .iter()
                    .map(|file| value(score, file, parameters))
                    .collect(),
            };
            Some((score, Ranking::new(&values)))
        })
        .collect();
    let once = vec![1_u32; files.len()];
    let lines: Vec<u32> = files.iter().map(|file| file.nloc).collect();
    measured.areas = ranked
        .iter()
        .map(|(score, ranking)| (*score, ranking.area(&came, &once)))
        .collect();
    measured.found = ranked
        .iter()
        .map(|(score, ranking)| (*score, ranking.found(&came, &lines)))
        .collect();

    // The same samples for all scores: what they have in common falls out of the differences.
    let mut random = Random::new(6);
    let mut samples: Vec<Vec<f64>> = vec![Vec::with_capacity(SAMPLES); ranked.len()];
    let mut weights = vec![0_u32; files.len()];
    for _ in 0..SAMPLES {
        weights.fill(0);
        for _ in 0..files.len() {
            weights[random.below(files.len())] += 1;
        }
        for ((_, ranking), areas) in ranked.iter().zip(&mut samples) {
            areas.push(ranking.area(&came, &weights));
        }
    }
    let of = |wanted: Score| ranked.iter().position(|(score, _)| *score == wanted);
    for (score, than) in COMPARED {
        let (Some(one), Some(other)) = (of(score), of(than)) else {
            continue;
        };
        let pairs = samples[one].iter().zip(&samples[other]);
        let mut gains: Vec<f64> = pairs
            .map(|(one, other)| one - other)
            .filter(|gain| gain.is_finite())
            .collect();
        gains.sort_by(f64::total_cmp);
        let at = |share: usize| gains.get(gains.len().saturating_sub(1) * share / 1_000);
        if let (Some(low), Some(high)) = (at(25), at(975)) {
            measured.gains.push(Gain {
                score,
                than,
                gain: measured.areas[one].1 - measured.areas[other].1,
                low: *low,
                high: *high,
            });
        }
    }
    measured
}

fn value(score: Score, file: &FileAt, parameters: &Parameters) -> f64 {
    let complexity_churn = f64::from(file.cognitive) * f64::from(file.revisions);
    match score {
        Score::Size => f64::from(file.nloc),
        Score::Churn => file.churn as f64,
        Score::ComplexityChurn => complexity_churn,
        Score::Points => f64::from(file.points),
        Score::Product => complexity_churn * f64::from(file.points),
        Score::Interest => f64::from(file.revisions) * overhead(file.points, 0.0, parameters).mid,
        // They are fitted, not computed.
        Score::Model | Score::ModelWithPoints => 0.0,
    }
}

/// Files in the order of a score.
struct Ranking {
    /// Positions of files, lowest first.
    order: Vec<usize>,
    /// Where each run of equal values ends in `order`.
    ends: Vec<usize>,
}

impl Ranking {
    fn new(values: &[f64]) -> Self {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
        let mut ends = Vec::new();
        for at in 0..order.len() {
            let next = order.get(at + 1);
            if next.is_none_or(|next| values[order[at]] < values[*next]) {
                ends.push(at + 1);
            }
        }
        Self { order, ends }
    }

    /// The area under the ROC curve (Mann and Whitney 1947), ties by half, each file so many times.
    fn area(&self, came: &[bool], times: &[u32]) -> f64 {
        let (mut below, mut pairs, mut with) = (0.0, 0.0, 0.0);
        let mut start = 0;
        for end in &self.ends {
            let (mut yes, mut no) = (0_u64, 0_u64);
            for at in &self.order[start..*end] {
                let count = u64::from(times[*at]);
                if came[*at] {
                    yes += count;
                } else {
                    no += count;
                }
            }
            pairs += yes as f64 * (below + no as f64 / 2.0);
            below += no as f64;
            with += yes as f64;
            start = *end;
        }
        pairs / (with * below)
    }

    /// Share of the events in the first 20 % of lines, highest first. Of equal files each has its share.
    fn found(&self, came: &[bool], lines: &[u32]) -> f64 {
        let all: f64 = lines.iter().map(|lines| f64::from(*lines)).sum();
        let events = came.iter().filter(|it| **it).count() as f64;
        let mut room = all * LOOKED_AT;
        let mut found = 0.0;
        let mut end = self.order.len();
        for start in self.ends.iter().rev().skip(1).copied().chain([0]) {
            let run = &self.order[start..end];
            let size: f64 = run.iter().map(|at| f64::from(lines[*at])).sum();
            let with = run.iter().filter(|at| came[**at]).count() as f64;
            if size > room {
                found += with * room / size;
                break;
            }
            found += with;
            room -= size;
            end = start;
        }
        found / events
    }
}

/// What a logistic model that was fitted on the window before says of each file; `None` where that has too few events.
fn model(files: &[FileAt], before: &Window, outcome: Outcome, points: bool) -> Option<Vec<f64>> {
    let came: Vec<bool> = before.files.iter().map(|file| outcome.of(file)).collect();
    let events = came.iter().filter(|it| **it).count();
    if events < MIN_EVENTS || came.len() - events < MIN_EVENTS {
        return None;
    }
    let features = |file: &FileAt| -> Vec<f64> {
        let complexity_churn = f64::from(file.cognitive) * f64::from(file.revisions);
        let mut values = vec![f64::from(file.nloc), file.churn as f64, complexity_churn];
        if points {
            values.push(f64::from(file.points));
        }
        values.into_iter().map(f64::ln_1p).collect()
    };
    let known: Vec<Vec<f64>> = before.files.iter().map(features).collect();
    let weights = fit(&known, &came);
    let score = |file: &FileAt| {
        let values = features(file);
        weights
            .iter()
            .skip(1)
            .zip(&values)
            .map(|(weight, value)| weight * value)
            .sum()
    };
    Some(files.iter().map(score).collect())
}

/// Coefficients of a logistic regression, the constant first: Newton's method (Nelder and Wedderburn 1972) with a small
/// ridge.
fn fit(rows: &[Vec<f64>], came: &[bool]) -> Vec<f64> {
    let width = rows.first().map_or(0, Vec::len) + 1;
    let mut weights = vec![0.0; width];
    for _ in 0..STEPS {
        let mut gradient: Vec<f64> = weights.iter().map(|weight| -RIDGE * weight).collect();
        let mut curvature = vec![vec![0.0; width]; width];
        for (at, row) in curvature.iter_mut().enumerate() {
            row[at] = RIDGE;
        }
        for (row, came) in rows.iter().zip(came) {
            let value = |at: usize| if at == 0 { 1.0 } else { row[at - 1] };
            let sum: f64 = (0..width).map(|at| weights[at] * value(at)).sum();
            let chance = 1.0 / (1.0 + (-sum).exp());
            let left = f64::from(u8::from(*came)) - chance;
            let spread = chance * (1.0 - chance);
            for (at, gradient) in gradient.iter_mut().enumerate() {
                *gradient += left * value(at);
                for (other, cell) in curvature[at].iter_mut().enumerate() {
                    *cell += spread * value(at) * value(other);
                }
            }
        }
        let step = solve(curvature, gradient);
        let size = step.iter().fold(0.0, |most: f64, it| most.max(it.abs()));
        if !size.is_finite() {
            break;
        }
        // Where events are rare the first steps overshoot.
        let scale = if size > 2.0 { 2.0 / size } else { 1.0 };
        for (weight, step) in weights.iter_mut().zip(step) {
            *weight += scale * step;
        }
        if size < 1e-9 {
            break;
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use bespoke_facts::RepoPath;

    use super::*;

    #[test]
    fn areas_are_chances_with_ties_by_half() {
        let ranking = Ranking::new(&[1.0, 2.0, 2.0, 3.0]);
        let came = [false, true, false, true];
        // Pairs: 2 over 1, 2 ties 2, 3 over 1, 3 over 2.
        assert!((ranking.area(&came, &[1; 4]) - 3.5 / 4.0).abs() < 1e-12);
        // The tied one twice among those without.
        assert!((ranking.area(&came, &[1, 1, 2, 1]) - 5.0 / 6.0).abs() < 1e-12);
        assert!((Ranking::new(&[0.0; 4]).area(&came, &[1; 4]) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn what_is_found_is_counted_by_lines() {
        let ranking = Ranking::new(&[1.0, 2.0, 3.0]);
        let found = |lines: [u32; 3]| ranking.found(&[true, false, true], &lines);
        assert!((found([80, 0, 20]) - 0.5).abs() < 1e-12);
        // Half of the last file fits.
        assert!((found([60, 0, 40]) - 0.25).abs() < 1e-12);
        assert!((Ranking::new(&[0.0; 3]).found(&[true; 3], &[1; 3]) - 0.2).abs() < 1e-12);
    }

    #[test]
    fn a_model_of_one_feature_gives_its_log_odds() {
        // So many that the ridge does not matter.
        let at = |row: usize| row % 10;
        let rows: Vec<Vec<f64>> = (0..1_000)
            .map(|row| vec![if at(row) < 5 { 1.0 } else { 3.0 }])
            .collect();
        let came: Vec<bool> = (0..1_000)
            .map(|row| at(row) == 0 || (5..9).contains(&at(row)))
            .collect();
        // One of five at 1, four of five at 3: log-odds are -ln 4 and ln 4.
        let weights = fit(&rows, &came);
        assert!(
            (weights[0] + 2.0 * 4.0_f64.ln()).abs() < 0.002,
            "{weights:?}"
        );
        assert!((weights[1] - 4.0_f64.ln()).abs() < 0.001, "{weights:?}");
    }

    /// Files of which those with a chance gain something; the rest is noise.
    fn window(time: i64, seed: u64, chance: impl Fn(&FileAt) -> usize) -> Window {
        let mut random = Random::new(seed);
        let files = (0..600).map(|at| {
            let mut file = FileAt {
                path: RepoPath::new(format!("src/{at}.ts")),
                nloc: 20 + u32::try_from(random.below(400)).unwrap(),
                cognitive: u32::try_from(random.below(40)).unwrap(),
                points: u32::try_from(random.below(8).saturating_sub(4)).unwrap(),
                churn: random.below(300) as u64,
                revisions: u32::try_from(random.below(12)).unwrap(),
                ..FileAt::default()
            };
            file.gained = u32::from(random.below(100) < chance(&file));
            file.touches = u32::from(random.below(100) < 40);
            file
        });
        Window {
            time,
            files: files.collect(),
        }
    }

    fn verdict(chance: impl Fn(&FileAt) -> usize + Copy, outcome: Outcome) -> Verdict {
        let windows: Vec<Window> = (0..4_u32)
            .map(|at| window(i64::from(at), u64::from(at) + 1, chance))
            .collect();
        let test = backtest(&windows, &Parameters::default());
        *test
            .verdicts
            .iter()
            .find(|it| it.outcome == outcome)
            .unwrap()
    }

    #[test]
    fn a_gain_that_is_there_is_found_and_one_that_is_not_is_not_claimed() {
        let drawn = |file: &FileAt| if file.points > 0 { 45 } else { 8 };
        let found = verdict(drawn, Outcome::Gained);
        assert_eq!((found.holds, found.of), (true, 3));
        let by_size = |file: &FileAt| file.nloc as usize / 10;
        assert!(!verdict(by_size, Outcome::Gained).holds);
        assert!(!verdict(drawn, Outcome::Touched).holds);
        assert_eq!(verdict(|_| 0, Outcome::Gained).of, 0, "nothing came");
    }

    #[test]
    fn what_is_known_later_is_no_feature() {
        let at = |path: &str, points, gained| FileAt {
            path: RepoPath::new(path),
            points,
            gained,
            ..FileAt::default()
        };
        let unit = FileAt {
            in_unit: true,
            ..at("custom/acme.ts", 1, 0)
        };
        let known = [at("a.ts", 1, 9), at("gone.ts", 1, 0), unit];
        let seen = [at("a.ts", 3, 2), at("custom/acme.ts", 1, 0)];
        let window = Window::new(0, &known, &seen);
        assert_eq!(window.files, [at("a.ts", 1, 2)]);
    }
}
