//! M10: how sprawl grows.

use super::{Harm, Metric, Scope};
use crate::{Growth, Past};

pub(super) static METRIC: Metric = Metric {
    id: "growth",
    title: "Growth",
    unit: "points a year",
    scope: Scope::Tree,
    harm: Some(Harm::Scaling),
    doc: "\
How the number of branches and checks grows, and in what form: `flat`, `linear`, `exponential`, or `undetermined`. A doubling
time is told of exponential growth only. Needs history.

**Formula**: over quarters (calendar, UTC), from the first with a point: `flat` if Kendall's p ≥ 0.05. Else the form whose
one-step-ahead forecasts (Theil–Sen on all quarters before, of the values or of their logarithms) have the smaller mean
absolute error by a tenth at least. Slope by Theil–Sen, with its 95 % interval.

**Not available**: with fewer than eight quarters.

**Source**: Theil 1950, Sen 1968, Mann 1945, Kendall 1975. Forecast error decides, since growth whose logarithm looks straight
is often linear.

**Example**: 2, 4, 6, 8, 10, 12, 14, 16 points at the ends of eight quarters: linear, +8 a year.
",
};

/// Of a series at the end of each quarter, gaps filled with what was before.
pub(crate) fn of(past: &Past, value: impl Fn(&crate::Quarter) -> u32) -> Growth {
    let mut values = series(past, value);
    let begin = values.iter().position(|it| *it > 0.0).unwrap_or(0);
    crate::growth(&values.split_off(begin))
}

/// The values at the end of each quarter but the last, which has not ended.
pub(crate) fn series(past: &Past, value: impl Fn(&crate::Quarter) -> u32) -> Vec<f64> {
    let mut values = Vec::new();
    for pair in past.quarters.windows(2) {
        for _ in pair[0].quarter..pair[1].quarter {
            values.push(f64::from(value(&pair[0])));
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GrowthKind, Quarter};

    #[test]
    fn the_example_is_linear() {
        let quarters = (1..=9).filter(|at| *at != 3).map(|at| Quarter {
            quarter: at,
            points: 2 * u32::try_from(if at == 2 { 2 } else { at }).unwrap(),
            ..Quarter::default()
        });
        let past = Past {
            quarters: quarters.collect(),
            ..Past::default()
        };
        assert_eq!(series(&past, |it| it.points)[..3], [2.0, 4.0, 4.0]);
        let growth = of(&past, |it| it.points);
        assert_eq!(growth.kind, GrowthKind::Linear);
        assert!((growth.slope.unwrap().slope * 4.0 - 8.0).abs() < 1.0);
    }
}
