//! How a series grows: slopes that outliers do not bend, and a kind of growth only where the data can say it.
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts of periods are small, and ranks are clamped before they become positions"
)]

/// A slope with its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slope {
    /// Median of the slopes between all pairs of points.
    pub slope: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of it.
    pub high: f64,
}

/// How a series grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrowthKind {
    /// No trend that chance does not explain (Kendall's p of 0.05 and more).
    Flat,
    /// By about the same amount in each period.
    Linear,
    /// By about the same share in each period.
    Exponential,
    /// It grows or shrinks; neither form foretells the next value better.
    Undetermined,
    /// Fewer than eight periods.
    NotIdentified,
}

impl GrowthKind {
    /// Stable name.
    pub fn id(self) -> &'static str {
        match self {
            Self::Flat => "flat",
            Self::Linear => "linear",
            Self::Exponential => "exponential",
            Self::Undetermined => "undetermined",
            Self::NotIdentified => "not-identified",
        }
    }
}

/// Growth of one series.
#[derive(Clone, Debug, PartialEq)]
pub struct Growth {
    /// How it grows.
    pub kind: GrowthKind,
    /// Change per period; `None` where the kind is not identified.
    pub slope: Option<Slope>,
    /// Periods until it has doubled; only of exponential growth.
    pub doubling: Option<f64>,
    /// Kendall's two-sided p of no trend.
    pub p: Option<f64>,
    /// Slopes of the first and the second half, where each has four periods: one figure may hide a change of regime.
    pub halves: Option<(f64, f64)>,
    /// The period before which the level changed most, if chance does not explain it (Pettitt's p under 0.05).
    pub change: Option<usize>,
}

/// Fewest periods of which anything is said.
const MIN_PERIODS: usize = 8;
/// How much smaller an error must be to prefer a form.
const CLEARLY: f64 = 0.9;
/// Quantile of the normal distribution for 95 %, two-sided.
const Z95: f64 = 1.959_963_984_540_054;

/// Slope after Theil (1950) and Sen (1968), with the interval after Sen from order statistics of the slopes. `None`
/// where no two points differ in `x`.
pub fn theil_sen(points: &[(f64, f64)]) -> Option<Slope> {
    let mut slopes = Vec::new();
    for (at, (x, y)) in points.iter().enumerate() {
        for (other_x, other_y) in &points[at + 1..] {
            let (dx, dy) = (other_x - x, other_y - y);
            if dx.abs() > 0.0 {
                slopes.push(dy / dx);
            }
        }
    }
    slopes.sort_by(f64::total_cmp);
    let slope = median(&slopes)?;
    let count = points.len() as f64;
    let ties =
        |values: Vec<f64>| -> f64 { runs(values).map(|n| n * (n - 1.0) * (2.0 * n + 5.0)).sum() };
    let xs = ties(points.iter().map(|point| point.0).collect());
    let ys = ties(points.iter().map(|point| point.1).collect());
    let variance = (count * (count - 1.0) * (2.0 * count + 5.0) - xs - ys) / 18.0;
    let spread = Z95 * variance.max(0.0).sqrt();
    let last = slopes.len() - 1;
    let at = |rank: f64| rank.round_ties_even().clamp(0.0, last as f64) as usize;
    let pairs = slopes.len() as f64;
    Some(Slope {
        slope,
        low: slopes[at(((pairs - spread) / 2.0).round_ties_even() - 1.0)],
        high: slopes[at(f64::midpoint(pairs, spread))],
    })
}

/// Kendall's two-sided p that a series has no trend: normal approximation with ties (Mann 1945, Kendall 1975).
pub fn kendall_p(values: &[f64]) -> Option<f64> {
    let count = values.len() as f64;
    if values.len() < 3 {
        return None;
    }
    let mut sum = 0.0;
    for (at, value) in values.iter().enumerate() {
        for later in &values[at + 1..] {
            sum += f64::from(later.total_cmp(value) as i8);
        }
    }
    let ties: f64 = runs(values.to_vec())
        .map(|n| n * (n - 1.0) * (2.0 * n + 5.0))
        .sum();
    let variance = (count * (count - 1.0) * (2.0 * count + 5.0) - ties) / 18.0;
    if variance <= 0.0 {
        return Some(1.0);
    }
    Some(libm::erfc(
        sum.abs() / variance.sqrt() / std::f64::consts::SQRT_2,
    ))
}

/// Where the level of a series changed most: the first position after the change, with the p of no change (Pettitt
/// 1979).
pub fn pettitt(values: &[f64]) -> Option<(usize, f64)> {
    let count = values.len() as f64;
    let mut best = (0, 0.0_f64);
    for split in 1..values.len() {
        let mut sum = 0.0;
        for before in &values[..split] {
            for after in &values[split..] {
                sum += f64::from(after.total_cmp(before) as i8);
            }
        }
        if sum.abs() > best.1 {
            best = (split, sum.abs());
        }
    }
    let (split, most) = best;
    let p = 2.0 * (-6.0 * most * most / (count.powi(3) + count.powi(2))).exp();
    (split > 0).then(|| (split, p.min(1.0)))
}

/// Growth of values at the ends of equal periods.
///
/// The kind is that of the form whose forecasts of the next value from those before err clearly less (by a tenth, in the
/// mean of absolute errors), each form fitted by Theil and Sen.
pub fn growth(values: &[f64]) -> Growth {
    let mut growth = Growth {
        kind: GrowthKind::NotIdentified,
        slope: None,
        doubling: None,
        p: kendall_p(values),
        halves: None,
        change: None,
    };
    if values.len() < MIN_PERIODS {
        return growth;
    }
    let slope_of = |values: &[f64]| theil_sen(&numbered(values));
    growth.slope = slope_of(values);
    let half = values.len() / 2;
    growth.halves = slope_of(&values[..half])
        .zip(slope_of(&values[half..]))
        .map(|(first, second)| (first.slope, second.slope));
    growth.change = pettitt(values).filter(|(_, p)| *p < 0.05).map(|(at, _)| at);
    if growth.p.is_none_or(|p| p >= 0.05) {
        growth.kind = GrowthKind::Flat;
        return growth;
    }
    let logs: Vec<f64> = values
        .iter()
        .copied()
        .filter(|it| *it > 0.0)
        .map(f64::ln)
        .collect();
    let linear = forecast_error(values, |it| it, |it| it);
    let exponential = (logs.len() == values.len())
        .then(|| forecast_error(values, f64::ln, f64::exp))
        .flatten();
    growth.kind = match (linear, exponential) {
        (Some(linear), Some(exponential)) if exponential < CLEARLY * linear => {
            GrowthKind::Exponential
        }
        (Some(linear), Some(exponential)) if linear < CLEARLY * exponential => GrowthKind::Linear,
        (Some(_), None) => GrowthKind::Linear,
        _ => GrowthKind::Undetermined,
    };
    if growth.kind == GrowthKind::Exponential {
        let slope = slope_of(&logs).map(|it| it.slope).filter(|it| *it > 0.0);
        growth.doubling = slope.map(|slope| std::f64::consts::LN_2 / slope);
    }
    growth
}

/// Cognitive complexity that each further customer brought: M9.
///
/// Of each period the change of complexity less what it changes by in periods without a new customer (median), against
/// the change of customers. `None`: not identified, for fewer than eight periods in which customers came or went, or an
/// interval that holds 0.
pub fn marginal_complexity(complexity: &[f64], customers: &[f64]) -> Option<Slope> {
    let steps: Vec<(f64, f64)> = complexity
        .windows(2)
        .zip(customers.windows(2))
        .map(|(of, with)| (with[1] - with[0], of[1] - of[0]))
        .collect();
    let mut without: Vec<f64> = steps
        .iter()
        .filter(|(customers, _)| customers.abs() < 0.5)
        .map(|(_, complexity)| *complexity)
        .collect();
    without.sort_by(f64::total_cmp);
    let usual = median(&without).unwrap_or(0.0);
    let with: Vec<(f64, f64)> = steps
        .into_iter()
        .filter(|(customers, _)| customers.abs() >= 0.5)
        .map(|(customers, complexity)| (customers, complexity - usual))
        .collect();
    if with.len() < MIN_PERIODS {
        return None;
    }
    theil_sen(&with).filter(|slope| slope.low > 0.0 || slope.high < 0.0)
}

fn numbered(values: &[f64]) -> Vec<(f64, f64)> {
    let numbers = (0_u32..).map(f64::from);
    numbers.zip(values.iter().copied()).collect()
}

/// Mean absolute error of forecasts of each value from all before it.
fn forecast_error(
    values: &[f64],
    into: impl Fn(f64) -> f64,
    back: impl Fn(f64) -> f64,
) -> Option<f64> {
    let mut errors = Vec::new();
    for next in MIN_PERIODS / 2..values.len() {
        let known = numbered(
            &values[..next]
                .iter()
                .map(|it| into(*it))
                .collect::<Vec<_>>(),
        );
        let slope = theil_sen(&known)?.slope;
        let mut offsets: Vec<f64> = known.iter().map(|(x, y)| y - slope * x).collect();
        offsets.sort_by(f64::total_cmp);
        let forecast = back(median(&offsets)? + slope * next as f64);
        errors.push((forecast - values[next]).abs());
    }
    let sum: f64 = errors.iter().sum();
    (!errors.is_empty()).then(|| sum / errors.len() as f64)
}

/// The middle of sorted values.
fn median(sorted: &[f64]) -> Option<f64> {
    let half = sorted.len() / 2;
    let upper = *sorted.get(half)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(sorted[half - 1], upper))
}

/// How often each value occurs.
fn runs(mut values: Vec<f64>) -> impl Iterator<Item = f64> {
    values.sort_by(f64::total_cmp);
    let runs: Vec<f64> = values
        .chunk_by(|a, b| a.total_cmp(b).is_eq())
        .map(|run| run.len() as f64)
        .collect();
    runs.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} is not {b}");
    }

    #[test]
    fn slopes_by_hand() {
        // Slopes between the pairs: 1, 1, 10/3, 1, 4.5, 8: the median is the mean of 1 and 10/3.
        let slope = theil_sen(&[(0.0, 0.0), (1.0, 1.0), (2.0, 2.0), (3.0, 10.0)]).unwrap();
        near(slope.slope, f64::midpoint(1.0, 10.0 / 3.0));
        assert_eq!(theil_sen(&[(1.0, 0.0), (1.0, 5.0)]), None);
        // One value far off does not bend it.
        let mut points: Vec<(f64, f64)> = (0..20)
            .map(|x| (f64::from(x), 3.0 * f64::from(x)))
            .collect();
        points[7].1 = 1e6;
        near(theil_sen(&points).unwrap().slope, 3.0);
    }

    #[test]
    fn trends_by_hand() {
        // Ten rising values: S = 45, variance = 10 · 9 · 25 / 18 = 125.
        let rising: Vec<f64> = (0..10).map(f64::from).collect();
        near(
            kendall_p(&rising).unwrap(),
            libm::erfc(45.0 / 125.0_f64.sqrt() / 2.0_f64.sqrt()),
        );
        near(kendall_p(&[4.0; 9]).unwrap(), 1.0);
        // Four low, four high: U = 16 at the fifth.
        let (at, p) = pettitt(&[1.0, 1.0, 1.0, 1.0, 5.0, 5.0, 5.0, 5.0]).unwrap();
        assert_eq!(at, 4);
        near(p, 2.0 * (-6.0 * 256.0 / (512.0_f64 + 64.0)).exp());
    }

    #[test]
    fn kinds_of_growth() {
        let kind = |value: fn(f64) -> f64| {
            growth(&(0..16).map(|x| value(f64::from(x))).collect::<Vec<_>>())
        };
        assert_eq!(kind(|x| 5.0 + 2.0 * x).kind, GrowthKind::Linear);
        let exponential = kind(|x| 3.0 * 2.0_f64.powf(x / 4.0));
        assert_eq!(exponential.kind, GrowthKind::Exponential);
        near(exponential.doubling.unwrap(), 4.0);
        assert_eq!(kind(|x| 10.0 + (x % 2.0)).kind, GrowthKind::Flat);
        assert_eq!(kind(|_| 0.0).kind, GrowthKind::Flat);
        assert_eq!(growth(&[1.0, 2.0, 3.0]).kind, GrowthKind::NotIdentified);
        assert_eq!(
            kind(|x| if x < 8.0 { 1.0 } else { 9.0 + x }).change,
            Some(8)
        );
    }

    #[test]
    fn each_customer_brings_its_complexity() {
        // 20 in any period, and 100 for each new customer.
        let mut complexity = vec![1_000.0];
        let mut customers = vec![3.0];
        for period in 0..24 {
            let new = f64::from([0, 1, 2][period % 3]);
            let noise = f64::from(u32::try_from(period % 5).unwrap()) / 100.0;
            complexity.push(complexity[period] + 20.0 + 100.0 * new + noise);
            customers.push(customers[period] + new);
        }
        let slope = marginal_complexity(&complexity, &customers).unwrap();
        assert!((slope.slope - 100.0).abs() < 0.1, "{slope:?}");
        assert_eq!(marginal_complexity(&complexity[..9], &customers[..9]), None);
    }
}
