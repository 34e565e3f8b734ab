//! When customers and flags came and went, and how long they stay.
#![expect(
    clippy::cast_precision_loss,
    reason = "counts and seconds of histories are far below 2^52"
)]

use std::collections::BTreeMap;

use super::{Row, activity::mark};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// The life of a subject in the code.
#[derive(Clone, Debug, PartialEq)]
pub struct Life {
    /// `customer`, `flag`, `tenant`, or a dimension of the user's.
    pub dimension: String,
    /// Without case and separators.
    pub key: String,
    /// As it was written last.
    pub name: String,
    /// The commit that brought its first point, who wrote it, and when it was put in (seconds since 1970).
    pub born: Mark,
    /// The commit that took its last point away, if it has none at the end.
    pub died: Option<Mark>,
    /// Points at the end.
    pub points: u32,
    /// Most points that it ever had.
    pub most: u32,
}

/// A commit in a [`Life`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its id.
    pub commit: String,
    /// Who wrote it.
    pub author: String,
    /// When it was put in, in seconds since 1970.
    pub time: i64,
}

/// How long subjects stay (Kaplan and Meier 1958): those that are still there count for as long as they have been.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Survival {
    /// How many there were.
    pub subjects: usize,
    /// How many are gone.
    pub deaths: usize,
    /// Age in days, and the share that lives longer; at each age at which one died.
    pub curve: Vec<(f64, f64)>,
}

impl Survival {
    /// Fewest deaths of which a median is told.
    pub const MIN_DEATHS: usize = 10;

    /// The age in days by which a share (0 to 1) is gone; `None` if so many never were, or too few are.
    pub fn gone_by(&self, share: f64) -> Option<f64> {
        if self.deaths < Self::MIN_DEATHS {
            return None;
        }
        let at = self
            .curve
            .iter()
            .find(|(_, left)| *left <= 1.0 - share + 1e-12);
        at.map(|(age, _)| *age)
    }

    /// Of ages in days, with whether each ended.
    pub fn of(ages: &[(f64, bool)]) -> Self {
        let mut ages = ages.to_vec();
        ages.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut survival = Self {
            subjects: ages.len(),
            ..Self::default()
        };
        let mut left = 1.0;
        let mut at = 0;
        while at < ages.len() {
            let age = ages[at].0;
            let same = ages[at..]
                .iter()
                .take_while(|it| it.0.total_cmp(&age).is_eq());
            let (count, died) = same.fold((0, 0), |(count, died), it| {
                (count + 1, died + usize::from(it.1))
            });
            if died > 0 {
                left *= 1.0 - died as f64 / (ages.len() - at) as f64;
                survival.deaths += died;
                survival.curve.push((age, left));
            }
            at += count;
        }
        survival
    }
}

/// Follows subjects from row to row.
#[derive(Debug, Default)]
pub struct Lives {
    by_subject: BTreeMap<(String, String), Life>,
    last: i64,
}

impl Lives {
    /// Takes in the next row. What a row that stands for all before it holds has an unknown age, but is counted from it.
    pub fn take(&mut self, row: &Row) {
        self.last = self.last.max(row.time);
        for event in &row.born {
            for (dimension, key, name) in &event.subjects {
                let life = self
                    .by_subject
                    .entry((dimension.clone(), key.clone()))
                    .or_insert_with(|| Life {
                        dimension: dimension.clone(),
                        key: key.clone(),
                        name: name.clone(),
                        born: mark(row, &event.path),
                        died: None,
                        points: 0,
                        most: 0,
                    });
                life.points += 1;
                life.most = life.most.max(life.points);
                life.died = None;
                life.name.clone_from(name);
            }
        }
        for event in &row.died {
            for (dimension, key, _) in &event.subjects {
                let Some(life) = self.by_subject.get_mut(&(dimension.clone(), key.clone())) else {
                    continue;
                };
                life.points = life.points.saturating_sub(1);
                if life.points == 0 {
                    life.died = Some(mark(row, &event.path));
                }
            }
        }
    }

    /// Every life, by dimension and key.
    pub fn all(&self) -> impl Iterator<Item = &Life> {
        self.by_subject.values()
    }

    /// How long the subjects of a dimension stay.
    pub fn survival(&self, dimension: &str) -> Survival {
        let ages: Vec<(f64, bool)> = self
            .all()
            .filter(|life| life.dimension == dimension)
            .map(|life| {
                let end = life.died.as_ref().map_or(self.last, |died| died.time);
                (
                    (end - life.born.time).max(0) as f64 / DAY,
                    life.died.is_some(),
                )
            })
            .collect();
        Survival::of(&ages)
    }

    /// Subjects of a dimension that came and that went after a time.
    pub fn since(&self, dimension: &str, time: i64) -> (usize, usize) {
        let of = || self.all().filter(|life| life.dimension == dimension);
        let came = of().filter(|life| life.born.time > time).count();
        let went = of().filter(|life| life.died.as_ref().is_some_and(|died| died.time > time));
        (came, went.count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Event;

    /// Six patients of Kaplan and Meier's kind: deaths at 1, 3 and 5, censored at 2, 4 and 6.
    #[test]
    fn survival_by_hand() {
        let ages = [
            (1.0, true),
            (2.0, false),
            (3.0, true),
            (4.0, false),
            (5.0, true),
            (6.0, false),
        ];
        let survival = Survival::of(&ages);
        let expected = [
            (1.0, 5.0 / 6.0),
            (3.0, 5.0 / 6.0 * 3.0 / 4.0),
            (5.0, 5.0 / 6.0 * 3.0 / 4.0 / 2.0),
        ];
        for ((age, left), (expected_age, expected)) in survival.curve.iter().zip(expected) {
            assert!((age - expected_age).abs() < 1e-12 && (left - expected).abs() < 1e-12);
        }
        assert_eq!((survival.subjects, survival.deaths), (6, 3));
        // Too few deaths to tell a median.
        assert_eq!(survival.gone_by(0.5), None);
        let all = Survival::of(
            &(1..=20)
                .map(|age| (f64::from(age), true))
                .collect::<Vec<_>>(),
        );
        assert_eq!(all.gone_by(0.5), Some(10.0));
    }

    #[test]
    fn lives_begin_and_end_with_their_points() {
        let event = |key: &str| Event {
            subjects: vec![("flag".to_owned(), key.to_owned(), key.to_uppercase())],
            ..Event::default()
        };
        let row = |time: i64, born: &[&str], died: &[&str]| Row {
            commit: format!("c{time}"),
            time,
            born: born.iter().map(|key| event(key)).collect(),
            died: died.iter().map(|key| event(key)).collect(),
            ..Row::default()
        };
        let mut lives = Lives::default();
        for row in [
            row(0, &["a", "a", "b"], &[]),
            row(86_400, &["c"], &["a"]),
            row(172_800, &[], &["a", "b"]),
            row(259_200, &["b"], &[]),
        ] {
            lives.take(&row);
        }
        let found: Vec<_> = lives
            .all()
            .map(|life| {
                (
                    life.name.as_str(),
                    life.points,
                    life.most,
                    life.died.as_ref().map(|it| it.time),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("A", 0, 2, Some(172_800)),
                ("B", 1, 1, None),
                ("C", 1, 1, None)
            ]
        );
        let survival = lives.survival("flag");
        // The third is seen for two days: it was at risk when the first went.
        assert_eq!(survival.deaths, 1);
        assert!((survival.curve[0].1 - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(lives.since("flag", 0), (1, 1));
    }
}
