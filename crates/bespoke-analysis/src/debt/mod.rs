//! Hotspots as technical debt: what it would take to remove customization (principal), and what it costs to keep it
//! (interest and carry).
//!
//! Principal needs the tree alone. Interest is a share of work that was done, so it needs history; nothing is assumed
//! where there is none. Interest is an association, not a proof: its low end is zero.
#![expect(
    clippy::cast_precision_loss,
    reason = "counts of points, lines and files are far below 2^52"
)]

mod estimate;
mod parameters;

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

pub use self::{
    estimate::{Estimate, Span3, sum},
    parameters::{PARAMETERS, Parameter, Parameters},
};
use crate::{
    Analysis, FileId, Past, PointKind, SubjectId,
    metrics::{capacity_share, is_condition},
};

/// Months of a year.
const MONTHS: f64 = 12.0;
/// Seconds of a month on average.
const MONTH: f64 = 365.0 * 86_400.0 / 12.0;
/// Least months of history, and author-days in the last year, for a letter.
const RATED: (f64, f64) = (12.0, 50.0);

/// What customization costs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Debt {
    /// The constants that were used.
    pub parameters: Parameters,
    /// What removing each subject would take, by [`SubjectId`].
    pub subjects: Vec<SubjectDebt>,
    /// What removing all would take.
    pub principal: Estimate,
    /// The same for each dimension, by name.
    pub by_dimension: Vec<(String, Estimate)>,
    /// What keeping it costs; `None` without history.
    pub flow: Option<Flow>,
}

/// What a subject costs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SubjectDebt {
    /// What there is to remove.
    pub items: Vec<Item>,
    /// What removing it would take.
    pub principal: Estimate,
    /// Minutes a month that its branches and checks add to work on the core; `None` without history.
    pub interest: Option<Span3>,
    /// Minutes a month of work on its own code that is there; `None` without history.
    pub carry: Option<f64>,
}

impl SubjectDebt {
    /// Months until removing it has paid for itself: principal over what it costs in a month, by middle values; the ends
    /// by the cheapest removal of the dearest interest and the other way round. `None` where it costs nothing: it may be
    /// removed when convenient.
    pub fn payback(&self) -> Option<Span3> {
        let monthly = self.interest?;
        (monthly.mid > 0.0).then(|| Span3 {
            low: self.principal.low / monthly.high,
            mid: self.principal.median / monthly.mid,
            high: if monthly.low > 0.0 {
                self.principal.high / monthly.low
            } else {
                f64::INFINITY
            },
        })
    }
}

/// Something to remove.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Item {
    /// What.
    pub kind: ItemKind,
    /// Median, in minutes.
    pub minutes: f64,
}

/// What there is to remove, with what its size is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// Branches and checks of a subject outside its own files.
    Branches {
        /// SD: how many.
        sites: u32,
        /// SF: in how many files.
        files: u32,
        /// LOF: lines with code that they guard.
        lines: u32,
    },
    /// The folders, files and declarations that are named for a subject.
    Units {
        /// Lines with code.
        lines: u32,
        /// Places outside that refer to it: dependencies, and data that names it.
        references: u32,
    },
}

/// What keeping customization costs, in minutes a month of the last year or, if history is shorter, of all of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Months that it was worked out from, at most 12.
    pub months: f64,
    /// Author-days in them.
    pub author_days: f64,
    /// Work on all source code of the product.
    pub capacity: f64,
    /// What branches and checks add to work on the core.
    pub interest: Span3,
    /// Work on code for customers, and for subjects of other dimensions of the user's, that is there.
    pub carry: f64,
    /// Work on such code, there or gone, as a share of capacity: M7.
    pub custom_share: f64,
    /// By [`FileId`].
    pub files: Vec<FileInterest>,
    /// The letter for carry and interest together; why there is none.
    pub rating: Result<Rating, Unrated>,
}

/// Interest of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FileInterest {
    /// E: work on it, in minutes a month.
    pub work: f64,
    /// v: branches and checks in it; 0 in somebody's unit, which is no core.
    pub points: u32,
    /// R2 as a share of all other files.
    pub reach: f64,
    /// AF: share of the work that is put down to them.
    pub share: Span3,
    /// I: that work.
    pub interest: Span3,
}

/// A letter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rating {
    /// (carry + interest) / capacity.
    pub burden: Span3,
    /// A to E.
    pub letter: char,
    /// With the gentlest and the severest assumptions.
    pub letters: (char, char),
}

/// Why there is no letter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unrated {
    /// Less than a year of history.
    #[default]
    ShortHistory,
    /// Fewer than 50 author-days in it.
    LittleWork,
}

impl Unrated {
    /// In words.
    pub fn text(self) -> &'static str {
        match self {
            Self::ShortHistory => "less than 12 months of history",
            Self::LittleWork => "fewer than 50 author-days in the last year",
        }
    }
}

/// Share of the work on a core file that is put down to its branches and checks: min(cap, 1 − (1 + v)^−β), times
/// 1 + γ·R2, at most 1.
pub fn overhead(points: u32, reach: f64, parameters: &Parameters) -> Span3 {
    let of = |elasticity: f64, weight: f64| {
        let share = 1.0 - (1.0 + f64::from(points)).powf(-elasticity);
        (share.min(parameters.overhead_cap) * (1.0 + weight * reach)).min(1.0)
    };
    Span3 {
        low: of(parameters.elasticity_low, parameters.reach_weight_low),
        mid: of(parameters.elasticity, parameters.reach_weight),
        high: of(parameters.elasticity_high, parameters.reach_weight_high),
    }
}

/// Median minutes that an item takes, whatever the dimension.
fn median(kind: ItemKind, dimension: &str, parameters: &Parameters) -> f64 {
    let factor = parameters.review_factor - parameters.automated_share;
    match kind {
        ItemKind::Branches {
            sites,
            files,
            lines,
        } => {
            let kappa = match dimension {
                "flag" => parameters.factor_flag,
                "tenant" => parameters.factor_tenant,
                _ => parameters.factor_customer,
            };
            factor
                * kappa
                * (parameters.minutes_per_subject
                    + parameters.minutes_per_site * f64::from(sites)
                    + parameters.minutes_per_file * f64::from(files.saturating_sub(1))
                    + parameters.minutes_per_line * f64::from(lines))
        }
        ItemKind::Units { lines, references } => {
            factor
                * (parameters.minutes_per_unit
                    + parameters.minutes_per_unit_line * f64::from(lines)
                    + parameters.minutes_per_core_line * f64::from(references))
        }
    }
}

/// Puts a price on what was found. `prefix` is the path of the analysed folder in the repository, with a `/` at its end,
/// or nothing.
pub fn score(
    analysis: &Analysis,
    past: Option<&Past>,
    prefix: &str,
    parameters: &Parameters,
) -> Debt {
    let mut debt = Debt {
        parameters: parameters.clone(),
        subjects: principals(analysis, parameters),
        ..Debt::default()
    };
    let medians = |of: &dyn Fn(&str) -> bool| {
        let subjects = analysis.subjects.iter().zip(&debt.subjects);
        let own = subjects.filter(|(subject, _)| of(&subject.dimension));
        let medians: Vec<f64> = own
            .flat_map(|(_, it)| it.items.iter().map(|item| item.minutes))
            .collect();
        sum(medians, parameters)
    };
    debt.principal = medians(&|_| true);
    let dimensions: BTreeSet<&str> = analysis
        .subjects
        .iter()
        .map(|subject| subject.dimension.as_str())
        .collect();
    debt.by_dimension = dimensions
        .into_iter()
        .map(|name| (name.to_owned(), medians(&|it| it == name)))
        .collect();
    if let Some(past) = past {
        flow(analysis, past, prefix, &mut debt);
    }
    debt
}

fn principals(analysis: &Analysis, parameters: &Parameters) -> Vec<SubjectDebt> {
    #[derive(Default)]
    struct Size {
        sites: u32,
        files: BTreeSet<FileId>,
        references: u32,
    }
    let mut sizes: Vec<Size> = Vec::new();
    sizes.resize_with(analysis.subjects.len(), Size::default);
    for point in analysis.counted() {
        let owner = point.file.and_then(|file| owner(analysis, file));
        for id in &point.subjects {
            if owner == Some(*id) {
                // It goes with the file.
                continue;
            }
            let size = &mut sizes[id.index()];
            if is_condition(point) {
                size.sites += 1;
                size.files.extend(point.file);
            } else if point.kind != PointKind::Unit {
                size.references += 1;
            }
        }
    }
    analysis
        .subjects
        .iter()
        .zip(sizes)
        .map(|(subject, size)| {
            let mut kinds = Vec::new();
            if size.sites > 0 {
                kinds.push(ItemKind::Branches {
                    sites: size.sites,
                    files: u32::try_from(size.files.len()).unwrap_or(u32::MAX),
                    lines: subject.guarded_lines.saturating_sub(subject.unit_lines),
                });
            }
            if subject.units > 0 {
                kinds.push(ItemKind::Units {
                    lines: subject.unit_lines,
                    references: size.references,
                });
            }
            let items: Vec<Item> = kinds
                .into_iter()
                .map(|kind| Item {
                    kind,
                    minutes: median(kind, &subject.dimension, parameters),
                })
                .collect();
            SubjectDebt {
                principal: sum(items.iter().map(|item| item.minutes), parameters),
                items,
                ..SubjectDebt::default()
            }
        })
        .collect()
}

fn owner(analysis: &Analysis, file: FileId) -> Option<SubjectId> {
    let files = &analysis.structure.files;
    files.get(file.index()).and_then(|file| file.owner)
}

fn flow(analysis: &Analysis, past: &Past, prefix: &str, debt: &mut Debt) {
    let parameters = &debt.parameters;
    let months = ((past.until - past.since) as f64 / MONTH).min(MONTHS);
    let within: FxHashMap<&str, f64> = past
        .files
        .iter()
        .filter_map(|file| {
            let path = file.path.as_str().strip_prefix(prefix)?;
            Some((path, file.effort.year))
        })
        .collect();
    let author_days = if prefix.is_empty() {
        past.effort.year
    } else {
        // What was done on files that are gone is not known by folder.
        past.files
            .iter()
            .filter(|file| file.path.as_str().starts_with(prefix))
            .map(|file| file.effort.year)
            .sum()
    };
    // A history of a day would make anything a flood.
    let per_month = 60.0 * parameters.hours_per_author_day / months.max(1.0);
    let scale = match parameters.capacity_hours_per_month {
        Some(hours) if author_days > 0.0 => hours * 60.0 / (author_days * per_month),
        _ => 1.0,
    };
    let minutes = |days: f64| days * per_month * scale;

    let others = (analysis.files.len().max(2) - 1) as f64;
    let files: Vec<FileInterest> = analysis
        .files
        .iter()
        .zip(&analysis.structure.files)
        .map(|(file, structure)| {
            let points = if structure.owner.is_some() {
                0
            } else {
                file.points
            };
            let work = minutes(within.get(file.path.as_str()).copied().unwrap_or(0.0));
            let reach = f64::from(structure.reach) / others;
            let share = overhead(points, reach, parameters);
            FileInterest {
                work,
                points,
                reach,
                share,
                interest: share.map(|share| share * work),
            }
        })
        .collect();
    let interest = files
        .iter()
        .fold(Span3::default(), |sum, file| sum.plus(file.interest));

    let mut of_subjects = vec![Span3::default(); debt.subjects.len()];
    for point in analysis.counted().filter(|point| is_condition(point)) {
        let Some(file) = point.file.and_then(|file| files.get(file.index())) else {
            continue;
        };
        if file.points == 0 {
            continue;
        }
        // A point of several subjects is shared equally, so that they add up to the file's.
        let part = 1.0 / f64::from(file.points) / point.subjects.len() as f64;
        for id in &point.subjects {
            let known = &mut of_subjects[id.index()];
            *known = known.plus(file.interest.map(|it| it * part));
        }
    }
    let carries: BTreeMap<(&str, &str), f64> = past
        .subjects
        .iter()
        .map(|it| ((it.dimension.as_str(), it.key.as_str()), it.carry))
        .collect();
    for (at, subject) in analysis.subjects.iter().enumerate() {
        let key = (subject.dimension.as_str(), subject.key.as_str());
        debt.subjects[at].interest = Some(of_subjects[at]);
        debt.subjects[at].carry = Some(minutes(carries.get(&key).copied().unwrap_or(0.0)));
    }

    let (all, there) = capacity_share::custom_days(past);
    let capacity = minutes(author_days);
    let carry = minutes(there);
    let custom_share = if past.effort.year > 0.0 {
        all / past.effort.year
    } else {
        0.0
    };
    let rating = if months < RATED.0 {
        Err(Unrated::ShortHistory)
    } else if author_days < RATED.1 {
        Err(Unrated::LittleWork)
    } else {
        let burden = interest.map(|interest| (interest + carry) / capacity);
        Ok(Rating {
            burden,
            letter: letter(burden.mid, parameters),
            letters: (
                letter(burden.low, parameters),
                letter(burden.high, parameters),
            ),
        })
    };
    debt.flow = Some(Flow {
        months,
        author_days,
        capacity,
        interest,
        carry,
        custom_share,
        files,
        rating,
    });
}

fn letter(burden: f64, parameters: &Parameters) -> char {
    let grid = [
        (parameters.rating_a, 'A'),
        (parameters.rating_b, 'B'),
        (parameters.rating_c, 'C'),
        (parameters.rating_d, 'D'),
    ];
    let fits = grid.iter().find(|(most, _)| burden <= *most);
    fits.map_or('E', |(_, letter)| *letter)
}
