//! Budgets: how much customization there may be, or may come, and where.

use crate::PathRule;

/// How much of what there may be. What is left out does not narrow it down.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Budget {
    /// Its name in reports.
    pub name: String,
    /// Kinds (`customer_branch`), dimensions (`customer`) or rules; every branch, check and dependency where there is none.
    pub of: Vec<String>,
    /// Only what lies there.
    pub paths: Option<PathRule>,
    /// Only what asks for this subject.
    pub subject: Option<String>,
    /// Only what this owner's files hold, as `CODEOWNERS` says.
    pub owner: Option<String>,
    /// There may be so many.
    pub max: Option<u32>,
    /// So many may come with a change.
    pub max_new: Option<u32>,
    /// Removing the subject, or all, may take so many minutes, by median.
    pub max_minutes: Option<f64>,
    /// Last day on which it holds, `YYYY-MM-DD`; after it, it fails until somebody decides again.
    pub until: Option<String>,
}

/// Something that budgets count.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// Kind of point, or rule.
    pub kind: &'a str,
    /// Relative to the root.
    pub path: &'a str,
    /// Whom or what it is about.
    pub subjects: &'a [String],
    /// Owners of its file.
    pub owners: &'a [String],
    /// The change that is looked at brought it.
    pub is_new: bool,
}

/// Which line of a budget is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// [`Budget::max`].
    Max,
    /// [`Budget::max_new`].
    MaxNew,
    /// [`Budget::max_minutes`].
    MaxMinutes,
    /// [`Budget::until`].
    Until,
}

impl Line {
    /// Its key in `bespoke.toml`.
    pub fn key(self) -> &'static str {
        match self {
            Self::Max => "max",
            Self::MaxNew => "max_new",
            Self::MaxMinutes => "max_minutes",
            Self::Until => "until",
        }
    }
}

/// What one line of a budget says.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Position of the budget.
    pub budget: usize,
    /// The line.
    pub line: Line,
    /// How much there is; days past the end for [`Line::Until`].
    pub found: f64,
    /// How much there may be.
    pub limit: f64,
    /// Positions of what was counted.
    pub items: Vec<usize>,
}

impl Verdict {
    /// Whether it is kept.
    pub fn passes(&self) -> bool {
        self.found <= self.limit
    }
}

impl Budget {
    /// What is asked of a change where nobody says anything: that it brings no code for single customers.
    pub fn usual(dimensions: impl IntoIterator<Item = String>) -> Self {
        Self {
            name: "no new code for single customers".to_owned(),
            of: dimensions.into_iter().collect(),
            max_new: Some(0),
            ..Self::default()
        }
    }

    /// Whether it counts a thing.
    pub fn counts(&self, item: &Item<'_>) -> bool {
        let dimension = item
            .kind
            .rsplit_once('_')
            .map_or("", |(dimension, _)| dimension);
        let form = item.kind.rsplit('_').next().unwrap_or("");
        let is_mention = matches!(form, "data" | "unit") && !dimension.is_empty();
        let named = self.of.iter().any(|of| of == item.kind);
        let fits = named
            || !is_mention && (self.of.is_empty() || self.of.iter().any(|of| of == dimension));
        fits && self
            .paths
            .as_ref()
            .is_none_or(|paths| paths.holds(item.path))
            && self
                .subject
                .as_ref()
                .is_none_or(|subject| item.subjects.contains(subject))
            && self
                .owner
                .as_ref()
                .is_none_or(|owner| item.owners.contains(owner))
    }
}

/// Judges all lines of all budgets, in order. `price` is what removing a subject, or all, takes, in minutes; `today` is `YYYY-MM-DD`; without it nothing has ended.
#[must_use]
pub fn judge(
    budgets: &[Budget],
    items: &[Item<'_>],
    price: &dyn Fn(Option<&str>) -> f64,
    today: Option<&str>,
) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for (at, budget) in budgets.iter().enumerate() {
        let counted: Vec<usize> = (0..items.len())
            .filter(|it| budget.counts(&items[*it]))
            .collect();
        let mut judge = |line, found: f64, limit: f64, items: Vec<usize>| {
            verdicts.push(Verdict {
                budget: at,
                line,
                found,
                limit,
                items,
            });
        };
        let float = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        if let Some(max) = budget.max {
            judge(Line::Max, float(counted.len()), max.into(), counted.clone());
        }
        if let Some(max) = budget.max_new {
            let new: Vec<usize> = counted
                .iter()
                .copied()
                .filter(|it| items[*it].is_new)
                .collect();
            judge(Line::MaxNew, float(new.len()), max.into(), new);
        }
        if let Some(max) = budget.max_minutes {
            judge(
                Line::MaxMinutes,
                price(budget.subject.as_deref()),
                max,
                Vec::new(),
            );
        }
        // Both are YYYY-MM-DD.
        if let Some((until, today)) = budget.until.as_deref().zip(today)
            && until < today
        {
            judge(Line::Until, 1.0, 0.0, Vec::new());
        }
    }
    verdicts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(budget: Budget, today: Option<&str>) -> Vec<(&'static str, f64, bool)> {
        let (acme, globex, web) = (
            ["acme".to_owned()],
            ["globex".to_owned()],
            ["@web".to_owned()],
        );
        let item = |kind, path, subjects, is_new| Item {
            kind,
            path,
            subjects,
            owners: if path == "web/a.ts" { &web } else { &[] },
            is_new,
        };
        let items = [
            item("customer_branch", "web/a.ts", &acme[..], true),
            item("customer_branch", "core/b.ts", &globex, false),
            item("customer_data", "core/b.ts", &acme, true),
            item("flag_check", "core/b.ts", &acme, true),
            item("layer-violation", "core/b.ts", &acme, true),
        ];
        let price = |of: Option<&str>| if of == Some("acme") { 60.0 } else { 90.0 };
        judge(&[budget], &items, &price, today)
            .iter()
            .map(|it| (it.line.key(), it.found, it.passes()))
            .collect()
    }

    #[test]
    fn budgets_count_what_they_name() {
        let budget = |of: &[&str]| Budget {
            of: of.iter().map(|it| (*it).to_owned()).collect(),
            max: Some(2),
            max_new: Some(0),
            ..Budget::default()
        };
        assert_eq!(
            verdicts(budget(&["customer"]), None),
            [("max", 2.0, true), ("max_new", 1.0, false)]
        );
        assert_eq!(
            verdicts(budget(&["customer_data", "layer-violation"]), None),
            [("max", 2.0, true), ("max_new", 2.0, false)]
        );
        assert_eq!(
            verdicts(budget(&[]), None),
            [("max", 4.0, false), ("max_new", 3.0, false)],
            "mentions do not count by themselves"
        );
    }

    #[test]
    fn budgets_are_narrowed_down_and_end() {
        let budget = Budget {
            paths: Some(PathRule {
                name: String::new(),
                paths: vec!["web/".to_owned()],
            }),
            owner: Some("@web".to_owned()),
            subject: Some("acme".to_owned()),
            max: Some(0),
            max_minutes: Some(60.0),
            until: Some("2026-06-30".to_owned()),
            ..Budget::default()
        };
        let kept = [("max", 1.0, false), ("max_minutes", 60.0, true)];
        assert_eq!(verdicts(budget.clone(), None), kept);
        assert_eq!(verdicts(budget.clone(), Some("2026-06-30")), kept);
        assert_eq!(
            verdicts(budget, Some("2026-07-01"))[2],
            ("until", 1.0, false)
        );
    }
}
