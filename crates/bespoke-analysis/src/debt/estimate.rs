//! Estimates with intervals.

use super::Parameters;

/// Quantile of the normal distribution for 80 %, two-sided.
const Z80: f64 = 1.281_551_565_544_600_4;

/// A median with the ends of its 80 % interval, in minutes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// Lower end: less with a chance of one in ten.
    pub low: f64,
    /// As likely more as less.
    pub median: f64,
    /// Upper end: more with a chance of one in ten.
    pub high: f64,
    /// Of how many items. Of fewer than five only the order of magnitude is known.
    pub items: usize,
}

/// A middle value with a low and a high one: assumptions that are gentle and severe, no probability.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Span3 {
    /// With gentle assumptions.
    pub low: f64,
    /// With those in between.
    pub mid: f64,
    /// With severe ones.
    pub high: f64,
}

impl Span3 {
    /// All three, changed alike.
    #[must_use]
    pub fn map(self, change: impl Fn(f64) -> f64) -> Self {
        Self {
            low: change(self.low),
            mid: change(self.mid),
            high: change(self.high),
        }
    }

    /// The same with the least of the three as its low end, and the greatest as its high one.
    #[must_use]
    pub fn around_mid(self) -> Self {
        Self {
            low: self.low.min(self.mid).min(self.high),
            mid: self.mid,
            high: self.high.max(self.mid).max(self.low),
        }
    }

    /// The sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            low: self.low + other.low,
            mid: self.mid + other.mid,
            high: self.high + other.high,
        }
    }
}

/// The sum of items that are each known by their median only.
///
/// Each is lognormal with the same spread, and the sum of lognormals is nearly lognormal too, with mean and variance of
/// the sum (Fenton, IRE Trans. Commun. Syst. 8, 1960); the spread that all share is put on top. Its median is greater
/// than the sum of medians: 2.6 times for many equal items.
pub fn sum(medians: impl IntoIterator<Item = f64>, parameters: &Parameters) -> Estimate {
    let (own, shared) = (
        parameters.spread_of_items.powi(2),
        parameters.spread_of_scale.powi(2),
    );
    let (mut mean, mut variance, mut items) = (0.0, 0.0, 0);
    for median in medians {
        if median > 0.0 {
            items += 1;
            mean += median * (own / 2.0).exp();
            variance += median.powi(2) * own.exp() * own.exp_m1();
        }
    }
    if items == 0 {
        return Estimate::default();
    }
    let spread = (variance / mean.powi(2)).ln_1p();
    let median = mean * (-spread / 2.0).exp();
    let factor = (Z80 * (spread + shared).sqrt()).exp();
    Estimate {
        low: median / factor,
        median,
        high: median * factor,
        items,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 0.01 * b.abs().max(1e-9)
    }

    #[test]
    fn ends_lie_around_the_middle() {
        let crossed = Span3 {
            low: 0.0,
            mid: 14.0,
            high: 4.0,
        };
        let of = |it: Span3| (it.low, it.mid, it.high);
        assert_eq!(of(crossed.around_mid()), (0.0, 14.0, 14.0));
    }

    /// One item keeps its median, and its interval is a factor of 6.7: exp(1.2816 · √(1.4² + 0.5²)) = 6.72.
    #[test]
    fn one_item_is_known_to_a_factor_of_seven() {
        let one = sum([60.0], &Parameters::default());
        assert!(near(one.median, 60.0) && near(one.high, 403.3) && near(one.low, 8.93));
    }

    /// 140 equal items: 2.6 times the sum of medians, 80 % from 1.3 to 5.2 times.
    #[test]
    fn a_portfolio_is_more_than_its_medians_and_better_known() {
        let many = sum(std::iter::repeat_n(1.0, 140), &Parameters::default());
        let of_sum = |value: f64| (value / 140.0 * 10.0).round() / 10.0;
        assert_eq!(
            (of_sum(many.low), of_sum(many.median), of_sum(many.high)),
            (1.3, 2.6, 5.2)
        );
        assert_eq!(sum([], &Parameters::default()), Estimate::default());
    }

    /// Draws true sizes as the model says, and counts how often their sum lies in the interval: about 80 %.
    #[test]
    fn intervals_cover_what_they_say() {
        let parameters = Parameters::default();
        let mut random = crate::random::Random::new(7);
        for medians in [
            vec![60.0],
            vec![10.0, 20.0, 400.0],
            (1..=60).map(f64::from).collect(),
            vec![30.0; 140],
        ] {
            let told = sum(medians.iter().copied(), &parameters);
            let draws = 4_000;
            let (mut inside, mut below) = (0, 0);
            for _ in 0..draws {
                let scale = parameters.spread_of_scale * random.normal();
                let true_sum: f64 = medians
                    .iter()
                    .map(|it| it * (parameters.spread_of_items * random.normal() + scale).exp())
                    .sum();
                inside += u32::from(true_sum >= told.low && true_sum <= told.high);
                below += u32::from(true_sum <= told.median);
            }
            let share = |count: u32| f64::from(count) / f64::from(draws);
            assert!(
                (0.76..=0.86).contains(&share(inside)),
                "{} items: {} inside",
                medians.len(),
                share(inside)
            );
            assert!(
                (0.42..=0.58).contains(&share(below)),
                "{} items: {} below the median",
                medians.len(),
                share(below)
            );
        }
    }
}
