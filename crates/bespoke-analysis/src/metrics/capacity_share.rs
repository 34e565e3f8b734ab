//! M7: how much of the work goes into code for single customers.

use super::{Harm, Metric, Scope};
use crate::Past;

pub(super) static METRIC: Metric = Metric {
    id: "capacity-share",
    title: "Capacity share",
    unit: "share of author-days",
    scope: Scope::Tree,
    harm: Some(Harm::SalesDriven),
    doc: "\
How much of the last year's work went into code for single customers, and for subjects of other dimensions but flags and tenant
attributes: in their units, conditions, and what these guard. Needs history.

**Formula**: CS = Σ e·ω / Σ e over the commits of 365 days. e are author-days: a day (UTC) on which somebody commits source
code of the product is 1, split equally over that day's commits and then over each commit's files. ω is 1 in a unit, else the
share of the file's changed lines that are a customer's.

**Not available**: with fewer than ten author-days in the year.

**Source**: effort by active days as in Robles, González-Barahona et al., MSR 2014; the split over commits and files is ours.

**Example**: Ada commits on one day, once, to two files; in one of them 2 of 8 changed lines stand under `if (org === \"acme\")`:
her day is 1, Acme's part 1/2 · 2/8 = 0.125, and CS = 12.5 %.
",
};

/// Least author-days of which a share is told.
pub(crate) const MIN_AUTHOR_DAYS: f64 = 10.0;

/// Whether a dimension is of those that are customers, or stand for others like them.
pub(crate) fn is_custom(dimension: &str) -> bool {
    !matches!(dimension, "flag" | "tenant")
}

/// Author-days of the last year in custom code, in all, and in files that are there.
pub(crate) fn custom_days(past: &Past) -> (f64, f64) {
    let custom = past
        .for_dimension
        .iter()
        .filter(|(name, ..)| is_custom(name));
    custom.fold((0.0, 0.0), |sum, it| (sum.0 + it.1, sum.1 + it.2))
}

/// CS, 0 to 1.
pub(crate) fn of(past: &Past) -> Option<f64> {
    (past.effort.year >= MIN_AUTHOR_DAYS).then(|| custom_days(past).0 / past.effort.year)
}

/// Share of the three customers that took most of the year's custom work, 0 to 1; `None` if there was none.
pub(crate) fn top_three(past: &Past) -> Option<f64> {
    let custom = past.subjects.iter().filter(|it| is_custom(&it.dimension));
    let mut years: Vec<f64> = custom.map(|it| it.effort.year).collect();
    years.sort_by(|a, b| b.total_cmp(a));
    let all: f64 = years.iter().sum();
    (all > 0.0).then(|| years.iter().take(3).sum::<f64>() / all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Effort;

    #[test]
    fn flags_are_no_customers_and_little_work_says_nothing() {
        let mut past = Past {
            effort: Effort {
                total: 20.0,
                year: 20.0,
            },
            for_dimension: vec![("customer".into(), 5.0, 4.0), ("flag".into(), 3.0, 3.0)],
            ..Past::default()
        };
        assert_eq!(of(&past), Some(0.25));
        assert_eq!(top_three(&past), None);
        past.effort.year = 9.0;
        assert_eq!(of(&past), None);
    }
}
