//! What the metrics say of each harm: the reading of a tree, harm by harm.

use std::collections::BTreeSet;

use crate::{
    Analysis, Debt, Growth, GrowthKind, Harm, Past, SubjectOrigin, Unrated,
    graph::Dependents,
    metrics::{capacity_share, flag_life, growth, marginal_complexity},
    misalignment, staleness, vicious_cycle,
};

/// Quarters of a year.
const QUARTERS: f64 = 4.0;
/// Seconds of a day.
const DAY: i64 = 86_400;
/// A point that nobody has touched for so many days is dormant.
const DORMANT_DAYS: i64 = 365;
/// Lines of code below which a density says nothing.
const MIN_DENSITY_LINES: u32 = 1_000;

/// One figure of a harm.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What it is a sign of.
    pub harm: Harm,
    /// Id of the metric it belongs to, as `bespoke explain` takes it.
    pub metric: &'static str,
    /// What it is.
    pub title: &'static str,
    /// In what: `share` is 0 to 1.
    pub unit: &'static str,
    /// How much; `None` where it cannot be said.
    pub value: Option<f64>,
    /// The ends of its interval, where it has one.
    pub interval: Option<(f64, f64)>,
    /// Why it cannot be said; or what has to be known with it.
    pub note: Option<String>,
}

const NO_HISTORY: &str = "needs history";

/// Reads the tree. `today` is `YYYY-MM-DD`: what has expired is compared with it.
#[must_use]
pub fn readings(
    analysis: &Analysis,
    past: Option<&Past>,
    debt: &Debt,
    today: Option<&str>,
) -> Vec<Reading> {
    let mut page = Page {
        analysis,
        past,
        debt,
        today,
        out: Vec::new(),
    };
    page.sales_driven();
    page.short_term();
    page.overload();
    page.misalignment();
    page.feature_bloat();
    page.debt();
    page.innovation();
    page.scaling();
    page.vicious_cycle();
    page.out
}

struct Page<'a> {
    analysis: &'a Analysis,
    past: Option<&'a Past>,
    debt: &'a Debt,
    today: Option<&'a str>,
    out: Vec<Reading>,
}

impl Page<'_> {
    /// Adds a reading; `missing` says why there is no value.
    fn put(
        &mut self,
        harm: Harm,
        metric: &'static str,
        title: &'static str,
        unit: &'static str,
        value: Option<f64>,
        missing: &str,
    ) -> &mut Reading {
        self.out.push(Reading {
            harm,
            metric,
            title,
            unit,
            value,
            interval: None,
            note: value.is_none().then(|| missing.to_owned()),
        });
        self.out.last_mut().expect("it was put there just now")
    }

    fn sales_driven(&mut self) {
        let (share, missing) = match self.past {
            Some(past) => (
                capacity_share::of(past),
                "fewer than 10 author-days in the last year",
            ),
            None => (None, NO_HISTORY),
        };
        self.put(
            Harm::SalesDriven,
            "capacity-share",
            "work on customers' code, of all work in the last year",
            "share",
            share,
            missing,
        );
        let (top, missing) = match self.past {
            Some(past) => (
                capacity_share::top_three(past),
                "no work for customers in the last year",
            ),
            None => (None, NO_HISTORY),
        };
        self.put(
            Harm::SalesDriven,
            "customer-cost",
            "of it, for the three customers with most",
            "share",
            top,
            missing,
        );
    }

    fn short_term(&mut self) {
        let (lag, missing) = match self.past {
            Some(past) => (
                flag_life::removal_lag(past),
                "no flag came in the last year",
            ),
            None => (None, NO_HISTORY),
        };
        self.put(
            Harm::ShortTerm,
            "flag-life",
            "flags that came in the last year and were not made up for by others that went",
            "share",
            lag,
            missing,
        );
        let (past_time, missing) = match self.past {
            Some(past) => (self.overdue(past), "no flags"),
            None => (None, NO_HISTORY),
        };
        self.put(
            Harm::ShortTerm,
            "flag-life",
            "flags that are overdue or older than two years",
            "share",
            past_time,
            missing,
        );
    }

    /// Share of living flags with an end that are overdue or fossils.
    fn overdue(&self, past: &Past) -> Option<f64> {
        let kinds: std::collections::BTreeMap<&str, Option<&str>> = self
            .analysis
            .subjects
            .iter()
            .filter(|it| it.dimension == "flag")
            .map(|it| (it.key.as_str(), it.flag_kind.as_deref()))
            .collect();
        let (mut all, mut late) = (0_u32, 0_u32);
        for life in past
            .lives
            .iter()
            .filter(|life| life.dimension == "flag" && life.died.is_none())
        {
            let Some(kind) = kinds.get(life.key.as_str()) else {
                continue;
            };
            let days = (past.until - life.born.time).max(0) / DAY;
            let class = staleness(u32::try_from(days).unwrap_or(u32::MAX), *kind);
            all += 1;
            late += u32::from(matches!(class, "overdue" | "fossil"));
        }
        (all > 0).then(|| f64::from(late) / f64::from(all))
    }

    fn overload(&mut self) {
        let totals = &self.analysis.totals;
        let [scattering, tangling] = [totals.scattering[1], totals.tangling[1]].map(f64::from);
        let clusters = &self.analysis.structure.clusters;
        let ways: u64 = clusters.iter().map(|it| u64::from(it.configurations)).sum();
        let pairs: usize = clusters.iter().map(|it| it.pairs.len()).sum();
        let some = |value: f64| (totals.points > 0).then_some(value);
        let missing = "no branch or check";
        let [scattering, tangling, pairs] = [scattering, tangling, float(pairs)].map(some);
        let many = clusters.iter().any(|it| it.configurations >= 1 << 20);
        let ways = some(float(usize::try_from(ways).unwrap_or(usize::MAX)));
        let harm = Harm::Overload;
        self.put(
            harm,
            "scattering",
            "branches and checks of a customer or flag, nine in ten at most",
            "points",
            scattering,
            missing,
        );
        self.put(
            harm,
            "tangling",
            "subjects in one condition, nine in ten at most",
            "subjects",
            tangling,
            missing,
        );
        self.put(
            harm,
            "configurations",
            "pairs of subjects that meet in a function",
            "pairs",
            pairs,
            missing,
        );
        let reading = self.put(
            harm,
            "configurations",
            "ways to run, summed over what meets",
            "configurations",
            ways,
            missing,
        );
        if many {
            reading.note = Some("at least: counting stops at a million for what meets".to_owned());
        }
    }

    fn misalignment(&mut self) {
        let found = misalignment(self.analysis, self.today);
        let share = found.share();
        let reading = self.put(
            Harm::Misalignment,
            "misalignment",
            "customers and flags of which the registry and the code say different things",
            "share",
            share,
            "no registry: the configuration declares no customer, flag or subject",
        );
        if share.is_some() {
            reading.note = Some(format!(
                "{} undeclared, {} past their end, {} promised and absent",
                found.undeclared.len(),
                found.expired.len(),
                found.absent.len()
            ));
        }
        let told = |it: &&crate::Subject| it.origin == SubjectOrigin::Told;
        if self.analysis.subjects.iter().any(|it| told(&it)) {
            self.put(
                Harm::Misalignment,
                "misalignment",
                "declared, in code, and nobody answers for them",
                "subjects",
                Some(float(found.ownerless.len())),
                "",
            );
        }
    }

    fn feature_bloat(&mut self) {
        let totals = &self.analysis.totals;
        let (points, guarded) = (f64::from(totals.points), f64::from(totals.guarded_lines));
        let lines = f64::from(totals.nloc);
        let density = (totals.nloc >= MIN_DENSITY_LINES).then(|| points / lines * 1_000.0);
        let guarded = (totals.nloc > 0).then(|| guarded / lines);
        self.put(
            Harm::FeatureBloat,
            "points",
            "branches and checks in a thousand lines of code",
            "points per 1,000 lines",
            density,
            "fewer than 1,000 lines of code",
        );
        self.put(
            Harm::FeatureBloat,
            "guarded-share",
            "lines that run only for some",
            "share",
            guarded,
            "no code",
        );
        let dormant = self.past.and_then(|past| {
            let before = past.until - DORMANT_DAYS * DAY;
            let dormant = past.points.iter().filter(|it| it.touched.time <= before);
            (!past.points.is_empty()).then(|| float(dormant.count()) / float(past.points.len()))
        });
        let missing = if self.past.is_some() {
            "no points"
        } else {
            NO_HISTORY
        };
        self.put(
            Harm::FeatureBloat,
            "points",
            "points whose condition and guarded lines nobody has changed for a year",
            "share",
            dormant,
            missing,
        );
    }

    fn debt(&mut self) {
        let principal = self.debt.principal;
        let reading = self.put(
            Harm::Debt,
            "principal",
            "to remove all of it",
            "minutes",
            (principal.items > 0).then_some(principal.median),
            "nothing to remove",
        );
        if principal.items > 0 {
            reading.interval = Some((principal.low, principal.high));
        }
        let shares = self.debt.flow.as_ref().and_then(|flow| {
            (flow.capacity > 0.0).then(|| flow.interest.map(|it| it / flow.capacity))
        });
        let no_flow = self.no_flow();
        let reading = self.put(
            Harm::Debt,
            "interest",
            "work on the core that goes with its branches and checks",
            "share",
            shares.map(|it| it.mid),
            no_flow,
        );
        if let Some(share) = shares {
            reading.interval = Some((share.low, share.high));
            reading.note = Some("an association, not a proof".to_owned());
        }
        let flow = self.debt.flow.as_ref();
        let rating = flow.map(|flow| flow.rating);
        let missing = match rating {
            None => no_flow,
            Some(Err(why)) => Unrated::text(why),
            Some(Ok(_)) => "",
        };
        let rating = rating.and_then(Result::ok);
        let reading = self.put(
            Harm::Debt,
            "burden",
            "work that keeps customization, of all work",
            "share",
            rating.map(|it| it.burden.mid),
            missing,
        );
        if let Some(rating) = rating {
            reading.interval = Some((rating.burden.low, rating.burden.high));
            let (low, high) = rating.letters;
            reading.note = Some(if low == high {
                format!("rated {}", rating.letter)
            } else {
                format!("rated {} ({low} to {high})", rating.letter)
            });
        }
    }

    fn no_flow(&self) -> &'static str {
        match (self.past, &self.debt.flow) {
            (None, _) | (_, None) => NO_HISTORY,
            _ => "no work in the last year",
        }
    }

    fn innovation(&mut self) {
        let left = self
            .past
            .zip(self.debt.flow.as_ref())
            .and_then(|(past, flow)| {
                let custom = capacity_share::of(past)?;
                let left = |interest: f64| (1.0 - custom - interest / flow.capacity).max(0.0);
                Some((
                    left(flow.interest.mid),
                    left(flow.interest.high),
                    left(flow.interest.low),
                ))
            });
        let missing = match self.past {
            Some(_) => "fewer than 10 author-days in the last year",
            None => NO_HISTORY,
        };
        let reading = self.put(
            Harm::Innovation,
            "capacity-share",
            "work that is neither for single customers nor interest",
            "share",
            left.map(|it| it.0),
            missing,
        );
        reading.interval = left.map(|it| (it.1, it.2));
    }

    fn scaling(&mut self) {
        let slope = self.past.and_then(marginal_complexity::of);
        let missing = if self.past.is_some() {
            "not identified: fewer than eight quarters with a change of customers, or an interval over 0"
        } else {
            NO_HISTORY
        };
        let reading = self.put(
            Harm::Scaling,
            "marginal-complexity",
            "cognitive complexity that a further customer brings",
            "complexity per customer",
            slope.map(|it| it.slope),
            missing,
        );
        reading.interval = slope.map(|it| (it.low, it.high));
        let growth = self.past.map(|past| growth::of(past, |it| it.points));
        let slope = growth.as_ref().and_then(|it| it.slope);
        let missing = if self.past.is_some() {
            "fewer than eight quarters"
        } else {
            NO_HISTORY
        };
        let reading = self.put(
            Harm::Scaling,
            "growth",
            "branches and checks that come in a year, after all that go",
            "points per year",
            slope.map(|it| it.slope * QUARTERS),
            missing,
        );
        if let (Some(slope), Some(growth)) = (slope, growth) {
            reading.interval = Some((slope.low * QUARTERS, slope.high * QUARTERS));
            reading.note = Some(words_of(&growth));
        }
        let reach = self.reach();
        self.put(
            Harm::Scaling,
            "reach",
            "files without customization that depend, within two steps, on files with it",
            "share",
            reach,
            "no file with customization",
        );
    }

    /// R2 of all files with a point, or in a unit, together, as a share of the others.
    fn reach(&self) -> Option<f64> {
        let mut on: BTreeSet<u32> = BTreeSet::new();
        for ((at, file), structure) in (0..)
            .zip(&self.analysis.files)
            .zip(&self.analysis.structure.files)
        {
            if file.points > 0 || structure.owner.is_some() {
                on.insert(at);
            }
        }
        let others = self.analysis.files.len() - on.len();
        let on: Vec<u32> = on.into_iter().collect();
        (!on.is_empty() && others > 0).then(|| {
            let within = Dependents::new(&self.analysis.graph).count(&on)[1];
            f64::from(within) / float(others)
        })
    }

    fn vicious_cycle(&mut self) {
        let index = self.past.and_then(|past| vicious_cycle(&past.year_ago));
        let missing = match self.past {
            None => NO_HISTORY,
            Some(past) if past.year_ago.is_empty() => "less than two years of history",
            Some(_) => {
                "fewer than ten files that gained a flag or customer, with or without one before"
            }
        };
        let reading = self.put(
            Harm::ViciousCycle,
            "vicious-cycle",
            "how much likelier a file with a branch or check is to gain another flag or customer in a year than one like it",
            "ratio",
            index.map(|it| it.ratio),
            missing,
        );
        if let Some(index) = index {
            reading.interval = Some((index.low, index.high));
        }
    }
}

/// A class of growth in words, with the time to double where that can be said.
fn words_of(growth: &Growth) -> String {
    match (growth.kind, growth.doubling) {
        (GrowthKind::Exponential, Some(quarters)) => {
            format!("exponential, doubles in {:.1} years", quarters / QUARTERS)
        }
        (kind, _) => kind.id().replace('-', " "),
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of files and points are small"
)]
fn float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_tree_without_history_says_so() {
        let read = readings(&Analysis::default(), None, &Debt::default(), None);
        let harms: BTreeSet<Harm> = read.iter().map(|it| it.harm).collect();
        assert_eq!(harms.len(), Harm::ALL.len());
        assert!(
            read.iter()
                .all(|it| it.value.is_none() && it.note.is_some())
        );
        let ids: Vec<&str> = crate::METRICS.iter().map(|it| it.id).collect();
        assert!(read.iter().all(|it| ids.contains(&it.metric)));
    }
}
