//! Who worked on what, and for whom: effort, churn, ownership, change coupling, and the ages of points.
//!
//! Effort is counted in author-days: a day (UTC) on which somebody commits source code of the product is 1, split
//! equally over that day's commits, then over each commit's source files. It is a measure of attention, not of hours.
#![expect(
    clippy::cast_precision_loss,
    reason = "counts of commits, files and lines are far below 2^52"
)]

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::RepoPath;
use rustc_hash::FxHashMap;

use super::{FileChange, Life, Lives, Mark, Row, Work};

/// Seconds of a day.
pub(super) const DAY: i64 = 86_400;
/// Days of the window that "a year" means.
const YEAR: i64 = 365;
/// A commit of more source files is a sweep over the tree and tells nothing of work on each.
const MAX_FILES: usize = 30;
/// Fewest commits in which two files change together to be told of (Zimmermann et al. 2005 and others ask for some).
const MIN_SUPPORT: u32 = 5;

/// A commit that counts, with positions of its author, its files and the subjects it worked for.
#[derive(Debug)]
pub(super) struct Counted {
    pub(super) author: u32,
    pub(super) day: i64,
    pub(super) files: Vec<u32>,
    /// Share of its work in each dimension's and each subject's code of a file, 0 to 1.
    pub(super) dimensions: Vec<(u32, String, f64)>,
    pub(super) subjects: Vec<(u32, u32, f64)>,
}

#[derive(Debug, Default)]
pub(super) struct FileLog {
    pub(super) path: RepoPath,
    pub(super) gone: bool,
    /// Time, lines added and deleted of each row that changed it.
    pub(super) changes: Vec<(i64, u32, u32)>,
    /// What it measured from when on; `None` while it was not there.
    pub(super) states: Vec<(i64, Option<Measured>)>,
    /// What it was called from when on.
    pub(super) names: Vec<(i64, RepoPath)>,
    /// And before that.
    pub(super) first_path: RepoPath,
}

/// What a file measured.
#[derive(Clone, Debug, Default)]
pub(super) struct Measured {
    nloc: u32,
    cognitive: u32,
    points: u32,
    in_unit: bool,
    subjects: Vec<u32>,
}

#[derive(Debug, Default)]
pub(super) struct SubjectLog {
    lines: u64,
    recent: Vec<(i64, u32)>,
    first: Option<Mark>,
    last: Option<Mark>,
}

/// Follows work from row to row, oldest first.
#[derive(Debug, Default)]
pub struct Activity {
    pub(super) authors: Vec<String>,
    pub(super) by_author: FxHashMap<String, u32>,
    pub(super) files: Vec<FileLog>,
    pub(super) by_path: FxHashMap<RepoPath, u32>,
    pub(super) subjects: Vec<((String, String), SubjectLog)>,
    pub(super) by_subject: BTreeMap<(String, String), u32>,
    pub(super) counted: Vec<Counted>,
    /// The points of each place: who brought each, and who changed it last.
    pub(super) points: BTreeMap<(RepoPath, u64), Vec<(Mark, Mark)>>,
    pub(super) uncounted: Uncounted,
    pub(super) lives: Lives,
    pub(super) course: Vec<Moment>,
    /// Sums of the last row of each quarter.
    pub(super) quarters: Vec<Quarter>,
    pub(super) commit: String,
    pub(super) rows: u32,
    pub(super) cut: bool,
    pub(super) first: Option<i64>,
    pub(super) last: i64,
}

/// Sums of the tree at the end of a quarter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quarter {
    /// Quarters since 1970, from 0.
    pub quarter: i64,
    /// Customers, and subjects of dimensions of the user's.
    pub customers: u32,
    /// Flags.
    pub flags: u32,
    /// Branches and checks.
    pub points: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
}

/// A file at some time, with what went before and what came after.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileAt {
    /// Where it was.
    pub path: RepoPath,
    /// Lines with code.
    pub nloc: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// Branches and checks.
    pub points: u32,
    /// It was, or lay in, somebody's unit.
    pub in_unit: bool,
    /// Lines added and deleted in the window before.
    pub churn: u64,
    /// Commits that changed it in the window before.
    pub revisions: u32,
    /// People who did.
    pub authors: u32,
    /// Commits that changed it in the window after.
    pub touches: u32,
    /// Subjects that its branches and checks asked for in the window after, and not at that time.
    pub gained: u32,
}

/// Commits that do not count, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uncounted {
    /// By programs.
    pub bots: u32,
    /// Of more than 30 source files.
    pub sweeps: u32,
}

/// What history says of work, at its end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Past {
    /// When the last row was put in, in seconds since 1970; a year ends there.
    pub until: i64,
    /// When the first was.
    pub since: i64,
    /// Effort on source code of the product, in author-days.
    pub effort: Effort,
    /// How many people worked on it.
    pub authors: usize,
    /// Commits that do not count.
    pub uncounted: Uncounted,
    /// The last row's commit.
    pub commit: String,
    /// How many rows there are.
    pub rows: u32,
    /// Some row stands for all that came before it.
    pub cut: bool,
    /// When each subject came and went, by dimension and key.
    pub lives: Vec<Life>,
    /// Effort by month.
    pub months: Vec<MonthOfWork>,
    /// Effort of the last 365 days in each dimension's code: all, and that in files that are there.
    pub for_dimension: Vec<(String, f64, f64)>,
    /// The tree at the end of each quarter that has a row.
    pub quarters: Vec<Quarter>,
    /// The rows at which a sum changed, and the last, oldest first.
    pub course: Vec<Moment>,
    /// The files as they were 365 days before the end, with what came since; empty where history is shorter.
    pub year_ago: Vec<FileAt>,
    /// Customers, flags, and what else is singled out, by dimension and key.
    pub subjects: Vec<SubjectPast>,
    /// Files that are there, by path.
    pub files: Vec<FilePast>,
    /// Files that change together, those with most common commits first.
    pub coupling: Vec<Coupled>,
    /// Points that are there, by path and key.
    pub points: Vec<PointPast>,
}

/// Sums of a row, for a line over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// When it was put in, in seconds since 1970.
    pub time: i64,
    /// Its commit.
    pub commit: String,
    /// Lines with code.
    pub nloc: u32,
    /// Branches and checks.
    pub points: u32,
    /// Subjects by dimension.
    pub by_dimension: Vec<(String, u32)>,
    /// Lines that run only for some.
    pub guarded_lines: u32,
}

impl Moment {
    /// Whether a line through both is level. Lines of code change nearly always, and say little each time.
    fn is_level(&self, to: &Self) -> bool {
        self.points == to.points
            && self.guarded_lines == to.guarded_lines
            && self.by_dimension == to.by_dimension
    }
}

/// Author-days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Effort {
    /// In all.
    pub total: f64,
    /// In the last 365 days.
    pub year: f64,
}

/// Work in a month (UTC).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MonthOfWork {
    /// `2026-03`.
    pub month: String,
    /// Author-days.
    pub effort: f64,
    /// Of these, those in code of any subject of a dimension.
    pub by_dimension: Vec<(String, f64)>,
}

/// Work for a subject.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SubjectPast {
    /// `customer`, `flag`, `tenant`, or a dimension of the user's.
    pub dimension: String,
    /// Without case and separators.
    pub key: String,
    /// Author-days in its units, conditions, and what they guard.
    pub effort: Effort,
    /// Author-days of the last 365 days in files that are there.
    pub carry: f64,
    /// How many people worked on it.
    pub authors: usize,
    /// Lines of it that were added or deleted.
    pub lines: u64,
    /// Of these, in the last 365 days.
    pub lines_year: u64,
    /// The commit that first changed a line of it.
    pub first: Option<Mark>,
    /// The one that did last.
    pub last: Option<Mark>,
}

/// Work on a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilePast {
    /// Where it is now; what it was called before counts too.
    pub path: RepoPath,
    /// Commits that changed it.
    pub revisions: u32,
    /// Of these, in the last 365 days.
    pub revisions_year: u32,
    /// Lines added and deleted.
    pub churn: u64,
    /// Of these, in the last 365 days.
    pub churn_year: u64,
    /// Author-days.
    pub effort: Effort,
    /// How many people worked on it.
    pub authors: usize,
    /// Who did most, and their share of the effort, 0 to 1.
    pub main_author: Option<(String, f64)>,
    /// The fewest people who did more than half of the work together.
    pub bus_factor: usize,
    /// When it was changed last, in seconds since 1970.
    pub changed: i64,
}

/// Two files that change together.
#[derive(Clone, Debug, PartialEq)]
pub struct Coupled {
    /// The one that changes less often.
    pub a: RepoPath,
    /// The other.
    pub b: RepoPath,
    /// Commits of both.
    pub support: u32,
    /// Share of the commits of `a` that are also of `b`, 0 to 1.
    pub confidence: f64,
}

/// A point that is there.
#[derive(Clone, Debug, PartialEq)]
pub struct PointPast {
    /// Its file or folder.
    pub path: RepoPath,
    /// The same for the same condition in a function of the same name.
    pub key: u64,
    /// Who brought it.
    pub introduced: Mark,
    /// Who last changed its condition or what it guards.
    pub touched: Mark,
}

impl Activity {
    /// Takes in the next row.
    pub fn take(&mut self, row: &Row) {
        self.first.get_or_insert(row.time);
        self.lives.take(row);
        self.commit.clone_from(&row.commit);
        self.rows += 1;
        self.cut |= row.cut;
        self.last = self.last.max(row.time);
        self.follow_course(row);
        self.follow_points(row);
        self.follow_sums(row);
        // What stands for all before it tells which files there are, and nothing of work.
        let mut changed: FxHashMap<u32, &FileChange> = FxHashMap::default();
        for change in &row.files {
            let id = match &change.from {
                Some(from) => {
                    let id = self.file(from);
                    self.by_path.remove(from);
                    self.by_path.insert(change.path.clone(), id);
                    let log = &mut self.files[id as usize];
                    log.path = change.path.clone();
                    log.names.push((row.time, change.path.clone()));
                    id
                }
                None => self.file(&change.path),
            };
            let log = &mut self.files[id as usize];
            log.gone = change.gone;
            if change.gone {
                log.states.push((row.time, None));
            }
            if !row.cut {
                log.changes.push((row.time, change.added, change.deleted));
            }
            changed.insert(id, change);
        }
        for state in &row.states {
            let measured = Measured {
                nloc: state.nloc,
                cognitive: state.cognitive,
                points: state.points,
                in_unit: state.in_unit,
                subjects: state
                    .subjects
                    .iter()
                    .map(|(dimension, key)| self.subject_id(dimension, key))
                    .collect(),
            };
            let id = self.file(&state.path);
            self.files[id as usize]
                .states
                .push((row.time, Some(measured)));
        }
        if row.cut {
            return;
        }
        for change in &row.files {
            for (dimension, key, lines) in &change.by_subject {
                let mark = mark(row, &change.path);
                let log = self.subject(dimension, key);
                log.lines += u64::from(*lines);
                log.recent.push((row.time, *lines));
                log.first.get_or_insert_with(|| mark.clone());
                log.last = Some(mark);
            }
        }
        for work in &row.work {
            self.count(work, &changed);
        }
    }

    fn count(&mut self, work: &Work, changed: &FxHashMap<u32, &FileChange>) {
        if work.files.is_empty() {
            return;
        }
        if is_bot(&work.author) {
            self.uncounted.bots += 1;
            return;
        }
        let files: BTreeSet<u32> = work.files.iter().map(|path| self.file(path)).collect();
        if files.len() > MAX_FILES {
            self.uncounted.sweeps += 1;
            return;
        }
        let mut dimensions: Vec<(u32, String, f64)> = Vec::new();
        let mut subjects: Vec<(u32, u32, f64)> = Vec::new();
        for (file, change) in files.iter().filter_map(|file| changed.get_key_value(file)) {
            let all = f64::from(change.added + change.deleted) * files.len() as f64;
            let lines_of = |dimension: &str| -> f64 {
                let own = change.by_subject.iter().filter(|it| it.0 == dimension);
                own.map(|it| f64::from(it.2)).sum()
            };
            for (dimension, lines) in &change.by_dimension {
                dimensions.push((*file, dimension.clone(), f64::from(*lines) / all));
                // Several subjects share a line equally.
                let own = f64::from(*lines) / all / lines_of(dimension).max(1.0);
                for it in change.by_subject.iter().filter(|it| it.0 == *dimension) {
                    let subject = self.by_subject[&(it.0.clone(), it.1.clone())];
                    subjects.push((*file, subject, f64::from(it.2) * own));
                }
            }
        }
        let author = self.author(&work.author);
        self.counted.push(Counted {
            author,
            day: work.time.div_euclid(DAY),
            files: files.into_iter().collect(),
            dimensions,
            subjects,
        });
    }

    /// Keeps the rows at which something changed. The last is always there, and goes when the next is like it.
    fn follow_course(&mut self, row: &Row) {
        let now = Moment {
            time: row.time,
            commit: row.commit.clone(),
            nloc: row.totals.nloc,
            points: row.totals.points,
            by_dimension: row.totals.by_dimension.clone(),
            guarded_lines: row.totals.guarded_lines,
        };
        let length = self.course.len();
        if let [.., before, last] = self.course.as_slice()
            && before.is_level(last)
            && last.is_level(&now)
        {
            self.course.truncate(length - 1);
        }
        self.course.push(now);
    }

    fn follow_points(&mut self, row: &Row) {
        for event in &row.born {
            let mark = mark(row, &event.path);
            let at = (event.path.clone(), event.key);
            let known = self.points.entry(at).or_default();
            known.push((mark.clone(), mark));
        }
        for (from, to, key) in &row.moved {
            let went = self.lose(from, *key);
            let came = went.unwrap_or_else(|| (mark(row, to), mark(row, to)));
            let known = self.points.entry((to.clone(), *key)).or_default();
            known.push(came);
        }
        for event in &row.died {
            self.lose(&event.path, event.key);
        }
        for (path, key) in &row.touched {
            if let Some(known) = self.points.get_mut(&(path.clone(), *key)) {
                for point in known {
                    point.1 = mark(row, path);
                }
            }
        }
    }

    fn follow_sums(&mut self, row: &Row) {
        let (year, month, _) = bespoke_facts::date_of(row.time);
        let quarter = (year - 1970) * 4 + (i64::from(month) - 1) / 3;
        let of = |wanted: &dyn Fn(&str) -> bool| {
            let sums = row.totals.by_dimension.iter();
            sums.filter(|(name, _)| wanted(name)).map(|it| it.1).sum()
        };
        let now = Quarter {
            quarter,
            customers: of(&|name| !matches!(name, "flag" | "tenant")),
            flags: of(&|name| name == "flag"),
            points: row.totals.points,
            cognitive: row.totals.cognitive,
        };
        match self.quarters.last_mut() {
            // Clocks may go back.
            Some(last) if last.quarter >= quarter => {
                *last = Quarter {
                    quarter: last.quarter,
                    ..now
                }
            }
            _ => self.quarters.push(now),
        }
    }

    /// The files that were there at a time (seconds since 1970), by path, with the `window` seconds before and after.
    pub fn at(&self, time: i64, window: i64) -> Vec<FileAt> {
        let mut files: Vec<(usize, FileAt)> = Vec::new();
        for (id, log) in self.files.iter().enumerate() {
            let until = log.states.partition_point(|(at, _)| *at <= time);
            let Some((_, Some(state))) = until.checked_sub(1).map(|at| &log.states[at]) else {
                continue;
            };
            let renamed = log.names.partition_point(|(at, _)| *at <= time);
            let after = &log.states[until..];
            let after = after.iter().filter(|(at, _)| *at <= time + window);
            let gained: BTreeSet<u32> = after
                .filter_map(|(_, state)| state.as_ref())
                .flat_map(|state| state.subjects.iter().copied())
                .filter(|subject| !state.subjects.contains(subject))
                .collect();
            let before = |at: i64| at > time - window && at <= time;
            let changes = log.changes.iter().filter(|(at, ..)| before(*at));
            files.push((
                id,
                FileAt {
                    path: match renamed.checked_sub(1) {
                        Some(at) => log.names[at].1.clone(),
                        None => log.first_path.clone(),
                    },
                    nloc: state.nloc,
                    cognitive: state.cognitive,
                    points: state.points,
                    in_unit: state.in_unit,
                    churn: changes
                        .map(|(_, added, deleted)| u64::from(*added) + u64::from(*deleted))
                        .sum(),
                    gained: u32::try_from(gained.len()).unwrap_or(u32::MAX),
                    ..FileAt::default()
                },
            ));
        }
        let at: FxHashMap<u32, usize> = files
            .iter()
            .enumerate()
            .map(|(at, (id, _))| (position(*id), at))
            .collect();
        let mut authors: Vec<BTreeSet<u32>> = vec![BTreeSet::new(); files.len()];
        let day = time.div_euclid(DAY);
        let days = window / DAY;
        for it in &self.counted {
            let (before, after) = (
                it.day > day - days && it.day <= day,
                it.day > day && it.day <= day + days,
            );
            if !before && !after {
                continue;
            }
            for at in it.files.iter().filter_map(|file| at.get(file)) {
                files[*at].1.revisions += u32::from(before);
                files[*at].1.touches += u32::from(after);
                if before {
                    authors[*at].insert(it.author);
                }
            }
        }
        let mut files: Vec<FileAt> = files
            .into_iter()
            .zip(authors)
            .map(|((_, file), authors)| FileAt {
                authors: u32::try_from(authors.len()).unwrap_or(u32::MAX),
                ..file
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    fn lose(&mut self, path: &RepoPath, key: u64) -> Option<(Mark, Mark)> {
        let at = (path.clone(), key);
        let known = self.points.get_mut(&at)?;
        let lost = known.pop();
        if known.is_empty() {
            self.points.remove(&at);
        }
        lost
    }

    fn file(&mut self, path: &RepoPath) -> u32 {
        if let Some(id) = self.by_path.get(path) {
            return *id;
        }
        let id = position(self.files.len());
        self.files.push(FileLog {
            path: path.clone(),
            first_path: path.clone(),
            // A branch may know files that never came.
            gone: true,
            ..FileLog::default()
        });
        self.by_path.insert(path.clone(), id);
        id
    }

    fn subject(&mut self, dimension: &str, key: &str) -> &mut SubjectLog {
        let id = self.subject_id(dimension, key);
        &mut self.subjects[id as usize].1
    }

    fn subject_id(&mut self, dimension: &str, key: &str) -> u32 {
        let key = (dimension.to_owned(), key.to_owned());
        let next = position(self.subjects.len());
        let id = *self.by_subject.entry(key.clone()).or_insert(next);
        if id == next {
            self.subjects.push((key, SubjectLog::default()));
        }
        id
    }

    /// Somebody is known by the address; names are spelled in many ways.
    fn author(&mut self, (name, email): &(String, String)) -> u32 {
        let who = if email.is_empty() { name } else { email };
        let who = who.to_lowercase();
        if let Some(id) = self.by_author.get(&who) {
            return *id;
        }
        let id = position(self.authors.len());
        self.authors.push(name.clone());
        self.by_author.insert(who, id);
        id
    }

    /// When each subject came and went.
    pub fn lives(&self) -> &Lives {
        &self.lives
    }

    /// What all rows say together.
    pub fn past(&self) -> Past {
        let year = self.last - YEAR * DAY;
        let first_day = year.div_euclid(DAY);
        let mut per_day: FxHashMap<(u32, i64), u32> = FxHashMap::default();
        for it in &self.counted {
            *per_day.entry((it.author, it.day)).or_default() += 1;
        }
        let mut past = Past {
            until: self.last,
            since: self.first.unwrap_or(0),
            uncounted: self.uncounted,
            commit: self.commit.clone(),
            rows: self.rows,
            cut: self.cut,
            lives: self.lives.all().cloned().collect(),
            course: self.course.clone(),
            ..Past::default()
        };
        let mut months: BTreeMap<String, (f64, BTreeMap<&str, f64>)> = BTreeMap::new();
        let mut subjects = vec![(Effort::default(), BTreeSet::new(), 0.0); self.subjects.len()];
        let mut dimensions: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        let mut files = vec![(Effort::default(), BTreeMap::new(), [0, 0]); self.files.len()];
        for it in &self.counted {
            let effort = 1.0 / f64::from(per_day[&(it.author, it.day)]);
            let recent = it.day > first_day;
            past.effort.add(effort, recent);
            let (y, m, _) = bespoke_facts::date_of(it.day * DAY);
            let month = months.entry(format!("{y:04}-{m:02}")).or_default();
            month.0 += effort;
            for (file, dimension, share) in &it.dimensions {
                *month.1.entry(dimension).or_default() += effort * share;
                if recent {
                    let known = dimensions.entry(dimension).or_default();
                    known.0 += effort * share;
                    if !self.files[*file as usize].gone {
                        known.1 += effort * share;
                    }
                }
            }
            for (file, subject, share) in &it.subjects {
                let known = &mut subjects[*subject as usize];
                known.0.add(effort * share, recent);
                known.1.insert(it.author);
                if recent && !self.files[*file as usize].gone {
                    known.2 += effort * share;
                }
            }
            let each = effort / it.files.len() as f64;
            for file in &it.files {
                let known = &mut files[*file as usize];
                known.0.add(each, recent);
                *known.1.entry(it.author).or_insert(0.0) += each;
                known.2[0] += 1;
                known.2[1] += u32::from(recent);
            }
        }
        past.authors = self.authors.len();
        past.for_dimension = dimensions
            .into_iter()
            .map(|(it, (all, there))| (it.to_owned(), all, there))
            .collect();
        past.quarters.clone_from(&self.quarters);
        if self.first.is_some_and(|first| first <= year) {
            past.year_ago = self.at(year, YEAR * DAY);
        }
        past.months = months
            .into_iter()
            .map(|(month, (effort, by_dimension))| MonthOfWork {
                month,
                effort,
                by_dimension: by_dimension
                    .into_iter()
                    .map(|(it, effort)| (it.to_owned(), effort))
                    .collect(),
            })
            .collect();
        past.subjects = self
            .subjects
            .iter()
            .zip(subjects)
            .map(
                |(((dimension, key), log), (effort, authors, carry))| SubjectPast {
                    dimension: dimension.clone(),
                    key: key.clone(),
                    effort,
                    carry,
                    authors: authors.len(),
                    lines: log.lines,
                    lines_year: log
                        .recent
                        .iter()
                        .filter(|(time, _)| *time > year)
                        .map(|(_, lines)| u64::from(*lines))
                        .sum(),
                    first: log.first.clone(),
                    last: log.last.clone(),
                },
            )
            .collect();
        past.subjects
            .sort_by(|a, b| (&a.dimension, &a.key).cmp(&(&b.dimension, &b.key)));
        past.coupling = self.coupling(&files);
        past.files = self
            .files
            .iter()
            .zip(files)
            .filter(|(log, _)| !log.gone)
            .map(|(log, (effort, by_author, revisions))| {
                let churn = |after: i64| {
                    let changes = log.changes.iter().filter(move |(time, ..)| *time > after);
                    changes
                        .map(|(_, added, deleted)| u64::from(*added) + u64::from(*deleted))
                        .sum()
                };
                let mut owners: Vec<(f64, u32)> = by_author
                    .iter()
                    .map(|(author, it)| (*it, *author))
                    .collect();
                owners.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                FilePast {
                    path: log.path.clone(),
                    revisions: revisions[0],
                    revisions_year: revisions[1],
                    churn: churn(i64::MIN),
                    churn_year: churn(year),
                    effort,
                    authors: owners.len(),
                    main_author: owners.first().map(|(own, author)| {
                        (self.authors[*author as usize].clone(), own / effort.total)
                    }),
                    bus_factor: bus_factor(&owners, effort.total),
                    changed: log.changes.last().map_or(past.since, |it| it.0),
                }
            })
            .collect();
        past.files.sort_by(|a, b| a.path.cmp(&b.path));
        past.points = self
            .points
            .iter()
            .flat_map(|((path, key), points)| {
                points.iter().map(|(introduced, touched)| PointPast {
                    path: path.clone(),
                    key: *key,
                    introduced: introduced.clone(),
                    touched: touched.clone(),
                })
            })
            .collect();
        past
    }

    /// Support and confidence (Agrawal and Srikant 1994) of files that are there.
    fn coupling(&self, files: &[(Effort, BTreeMap<u32, f64>, [u32; 2])]) -> Vec<Coupled> {
        let mut pairs: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        // What has too few commits by itself has no pair with enough.
        let counts = |file: &&u32| {
            !self.files[**file as usize].gone && files[**file as usize].2[0] >= MIN_SUPPORT
        };
        for it in &self.counted {
            let own: Vec<u32> = it.files.iter().filter(counts).copied().collect();
            for (at, a) in own.iter().enumerate() {
                for b in &own[at + 1..] {
                    *pairs.entry((*a, *b)).or_default() += 1;
                }
            }
        }
        let mut coupled: Vec<Coupled> = Vec::new();
        #[expect(clippy::iter_over_hash_type, reason = "sorted below")]
        for ((a, b), support) in pairs {
            if support < MIN_SUPPORT {
                continue;
            }
            let revisions = |file: u32| files[file as usize].2[0];
            let path = |file: u32| &self.files[file as usize].path;
            let order = (revisions(a), path(a)) <= (revisions(b), path(b));
            let (a, b) = if order { (a, b) } else { (b, a) };
            coupled.push(Coupled {
                a: path(a).clone(),
                b: path(b).clone(),
                support,
                confidence: f64::from(support) / f64::from(revisions(a).max(1)),
            });
        }
        coupled.sort_by(|x, y| (y.support, &x.a, &x.b).cmp(&(x.support, &y.a, &y.b)));
        coupled
    }
}

impl Effort {
    fn add(&mut self, days: f64, recent: bool) {
        self.total += days;
        if recent {
            self.year += days;
        }
    }
}

/// The row's commit, by whom of those whose work it brings wrote last to a file.
pub(super) fn mark(row: &Row, path: &RepoPath) -> Mark {
    let wrote = row
        .work
        .iter()
        .rev()
        .find(|work| work.files.binary_search(path).is_ok());
    let author = wrote.map_or(&row.author, |work| &work.author);
    Mark {
        commit: row.commit.clone(),
        author: author.0.clone(),
        time: row.time,
    }
}

fn bus_factor(owners: &[(f64, u32)], total: f64) -> usize {
    let mut sum = 0.0;
    for (at, (own, _)) in owners.iter().enumerate() {
        sum += own;
        if sum > total / 2.0 {
            return at + 1;
        }
    }
    owners.len()
}

/// Whether commits are made by a program.
fn is_bot((name, email): &(String, String)) -> bool {
    /// Programs that do not say that they are one.
    const BOTS: [&str; 9] = [
        "dependabot",
        "renovate",
        "greenkeeper",
        "snyk-bot",
        "github-actions",
        "pyup-bot",
        "semantic-release-bot",
        "pre-commit-ci",
        "weblate",
    ];
    let name = name.to_lowercase();
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    [&name, &local].into_iter().any(|text| {
        text.contains("[bot]")
            || BOTS
                .iter()
                .any(|bot| text == bot || text.ends_with(&format!("+{bot}")))
            || ["-bot", " bot", "_bot"]
                .iter()
                .any(|end| text.ends_with(end))
    })
}

pub(super) fn position(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Event, FileState};

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    fn change(path: &str, lines: u32, acme: u32) -> FileChange {
        let some = acme > 0;
        FileChange {
            path: RepoPath::new(path),
            added: lines,
            by_dimension: some
                .then(|| ("customer".to_owned(), acme))
                .into_iter()
                .collect(),
            by_subject: some
                .then(|| ("customer".to_owned(), "acme".to_owned(), acme))
                .into_iter()
                .collect(),
            ..FileChange::default()
        }
    }

    fn work(who: &str, day: i64, files: &[&str]) -> Work {
        Work {
            author: (who.to_owned(), format!("{who}@example.org")),
            time: day * DAY,
            files: files.iter().map(|path| RepoPath::new(*path)).collect(),
            ..Work::default()
        }
    }

    fn row(day: i64, files: Vec<FileChange>, work: Vec<Work>) -> Row {
        Row {
            commit: format!("c{day}"),
            author: ("merger".to_owned(), String::new()),
            time: day * DAY,
            files,
            work,
            ..Row::default()
        }
    }

    /// Two commits of Ada's on one day are half a day each; the second is half in `a`, a quarter of whose lines are
    /// Acme's: 1/2 · 1/2 · 1/4.
    #[test]
    fn a_day_is_split_over_commits_and_files() {
        let mut activity = Activity::default();
        activity.take(&row(
            1,
            vec![change("a", 8, 2), change("b", 1, 0)],
            vec![
                work("ada", 1, &["b"]),
                work("ada", 1, &["a", "b"]),
                work("grace", 1, &["b"]),
                work("dependabot[bot]", 1, &["a"]),
                work("grace", 2, &[]),
            ],
        ));
        let past = activity.past();
        assert!(near(past.effort.total, 2.0) && near(past.effort.year, 2.0));
        assert_eq!((past.authors, past.uncounted.bots), (2, 1));
        let [acme] = past.subjects.as_slice() else {
            panic!("one customer")
        };
        assert!(near(acme.effort.total, 1.0 / 16.0), "{acme:?}");
        assert_eq!((acme.lines, acme.authors), (2, 1));
        let [a, b] = past.files.as_slice() else {
            panic!("two files")
        };
        assert!(near(a.effort.total, 0.25) && near(b.effort.total, 1.75));
        assert_eq!((b.revisions, b.authors, b.bus_factor), (3, 2, 1));
        let (main, share) = b.main_author.clone().unwrap();
        assert!(main == "grace" && near(share, 1.0 / 1.75));
        assert!(near(past.months[0].by_dimension[0].1, 1.0 / 16.0));
    }

    #[test]
    fn a_file_keeps_its_past_under_another_name() {
        let mut activity = Activity::default();
        activity.take(&row(
            1,
            vec![change("a", 8, 0)],
            vec![work("ada", 1, &["a"])],
        ));
        let moved = FileChange {
            from: Some(RepoPath::new("a")),
            ..change("b", 1, 0)
        };
        activity.take(&row(400, vec![moved], vec![work("ada", 400, &["a", "b"])]));
        let past = activity.past();
        let [b] = past.files.as_slice() else {
            panic!("one file: {:?}", past.files)
        };
        assert_eq!((b.path.as_str(), b.churn, b.churn_year), ("b", 9, 1));
        assert_eq!((b.revisions, b.revisions_year), (2, 1));
    }

    /// A file is as it was at that time, under the name that it had; what comes is counted for a window, and no longer.
    #[test]
    fn a_file_at_a_time_knows_what_went_before_and_what_came() {
        let state = |path: &str, points: u32, subjects: &[&str]| FileState {
            path: RepoPath::new(path),
            nloc: 10 * points,
            points,
            subjects: subjects
                .iter()
                .map(|key| ("flag".to_owned(), (*key).to_owned()))
                .collect(),
            ..FileState::default()
        };
        let mut activity = Activity::default();
        let mut put = |day: i64, change: FileChange, now: FileState| {
            let path = now.path.as_str().to_owned();
            let row = row(day, vec![change], vec![work("ada", day, &[&path])]);
            activity.take(&Row {
                states: vec![now],
                ..row
            });
        };
        put(1, change("a", 90, 0), state("a", 1, &["old"]));
        put(95, change("a", 3, 0), state("a", 2, &["old", "new"]));
        let moved = FileChange {
            from: Some(RepoPath::new("a")),
            ..change("b", 1, 0)
        };
        put(120, moved, state("b", 3, &["old", "new", "next"]));
        put(250, change("b", 5, 0), state("b", 4, &["later", "new"]));
        let at = |day: i64| activity.at(day * DAY, 100 * DAY);
        let [a] = at(100).try_into().unwrap();
        assert_eq!((a.path.as_str(), a.points, a.nloc), ("a", 2, 20));
        assert_eq!((a.churn, a.revisions, a.authors), (93, 2, 1));
        assert_eq!(
            (a.touches, a.gained),
            (1, 1),
            "`next` came, `later` too late"
        );
        let [b] = at(200).try_into().unwrap();
        assert_eq!((b.path.as_str(), b.points, b.churn), ("b", 3, 1));
        assert_eq!((b.revisions, b.touches, b.gained), (1, 1, 1));
        assert!(at(0).is_empty());
    }

    #[test]
    fn files_that_change_together_are_told_with_their_share() {
        let mut activity = Activity::default();
        for day in 1..=8 {
            let files: &[&str] = if day <= 5 { &["a", "b"] } else { &["b"] };
            let changes = files.iter().map(|path| change(path, 1, 0)).collect();
            activity.take(&row(day, changes, vec![work("ada", day, files)]));
        }
        let past = activity.past();
        let [pair] = past.coupling.as_slice() else {
            panic!("one pair")
        };
        assert_eq!(
            (pair.a.as_str(), pair.b.as_str(), pair.support),
            ("a", "b", 5)
        );
        assert!(near(pair.confidence, 1.0));
    }

    #[test]
    fn points_know_who_brought_them_and_who_touched_them_last() {
        let event = Event {
            path: RepoPath::new("a"),
            key: 7,
            ..Event::default()
        };
        let mut activity = Activity::default();
        activity.take(&Row {
            born: vec![event.clone()],
            ..row(
                1,
                Vec::new(),
                vec![work("ada", 1, &["a"]), work("grace", 1, &["z"])],
            )
        });
        activity.take(&Row {
            moved: vec![(RepoPath::new("a"), RepoPath::new("b"), 7)],
            ..row(2, Vec::new(), Vec::new())
        });
        activity.take(&Row {
            touched: vec![(RepoPath::new("b"), 7)],
            ..row(3, Vec::new(), Vec::new())
        });
        let past = activity.past();
        let [point] = past.points.as_slice() else {
            panic!("one point")
        };
        assert_eq!(
            (point.path.as_str(), point.introduced.author.as_str()),
            ("b", "ada")
        );
        assert_eq!((point.introduced.time, point.touched.time), (DAY, 3 * DAY));
        activity.take(&Row {
            died: vec![Event {
                path: RepoPath::new("b"),
                ..event
            }],
            ..row(4, Vec::new(), Vec::new())
        });
        assert!(activity.past().points.is_empty());
    }
}
