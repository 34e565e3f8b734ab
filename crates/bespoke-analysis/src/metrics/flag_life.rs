//! M11: how old flags get.

use super::{Harm, Metric, Scope};
use crate::Past;

pub(super) static METRIC: Metric = Metric {
    id: "flag-life",
    title: "Flag life",
    unit: "days",
    scope: Scope::Subject,
    harm: Some(Harm::ShortTerm),
    doc: "\
How old a flag is, and whether it is past its time. Of all flags: how long they live, and whether they are removed as fast as
they come. Needs history.

**Formula**: age from the commit that brought the first point to the last commit, or to the one that took the last point away.
Survival by Kaplan and Meier, living flags censored. Removal lag LR = 1 − removed / brought, in a year. A flag is `stale` when
older than its kind is expected to get (release and experiment 40 days, ops 7, customer 365, permission never), `overdue` past
twice that and 180 days, a `fossil` past 730 days. A flag whose kind nobody told is taken for a release toggle.

**Not available**: a median with fewer than ten removals; LR where no flag came.

**Source**: Kaplan and Meier 1958; removal lag after Tërnava 2026, arXiv 2604.15872; expected ages are Unleash's defaults,
a customer's year an assumption.

**Example**: ten flags came in a year and six went: LR = 40 %. A release flag of 200 days is overdue.
",
};

/// How old flags are expected to get, in days, by the kind that the configuration tells; `None` for those without end.
#[must_use]
pub fn expected_days(flag_kind: Option<&str>) -> Option<u32> {
    match flag_kind.unwrap_or("release") {
        "ops" | "operational" => Some(7),
        "customer" | "custom" => Some(365),
        "kill-switch" | "kill_switch" | "killswitch" | "permission" | "permanent" => None,
        _ => Some(40),
    }
}

/// Staleness class of a flag of an age, by its kind.
#[must_use]
pub fn staleness(age_days: u32, flag_kind: Option<&str>) -> &'static str {
    match expected_days(flag_kind) {
        None => "permanent",
        Some(_) if age_days > 730 => "fossil",
        Some(expected) if age_days > (2 * expected).max(180) => "overdue",
        Some(expected) if age_days > expected => "stale",
        Some(_) => "fresh",
    }
}

/// LR of the last 365 days; `None` where no flag came.
pub(crate) fn removal_lag(past: &Past) -> Option<f64> {
    let year = past.until - 365 * 86_400;
    let flags = past.lives.iter().filter(|life| life.dimension == "flag");
    let (mut came, mut went) = (0_u32, 0_u32);
    for life in flags {
        came += u32::from(life.born.time > year);
        went += u32::from(life.died.as_ref().is_some_and(|died| died.time > year));
    }
    (came > 0).then(|| 1.0 - f64::from(went) / f64::from(came))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_go_stale_by_kind() {
        let of = |age, kind| staleness(age, kind);
        assert_eq!(of(40, None), "fresh");
        assert_eq!(of(41, None), "stale");
        assert_eq!(of(181, Some("release")), "overdue");
        assert_eq!(of(731, Some("experiment")), "fossil");
        assert_eq!(of(8, Some("ops")), "stale");
        assert_eq!(of(366, Some("customer")), "stale");
        assert_eq!(of(729, Some("customer")), "stale");
        assert_eq!(of(5_000, Some("kill-switch")), "permanent");
        assert_eq!(of(200, None), "overdue");
    }
}
