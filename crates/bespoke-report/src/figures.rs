//! Estimates in words: no more digits than are known, always with a unit.

use crate::{
    debt::{DebtEntry, EstimateEntry, MoneyEntry, ReadingEntry, SpanEntry},
    text::number,
};

/// Fewer items than this have no figure, only an order of magnitude.
const FEW: u32 = 5;
/// Days of a week of work.
const WEEK: f64 = 5.0;

/// A figure with two significant digits, and thousands apart.
pub(crate) fn two_digits(value: f64) -> String {
    if value <= 0.0 {
        return "0".to_owned();
    }
    if value < 0.05 {
        return "under 0.1".to_owned();
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a logarithm of a figure is small"
    )]
    let digits = value.log10().floor() as i32 - 1;
    let step = 10_f64.powi(digits);
    let rounded = (value / step).round() * step;
    if rounded < 9.95 {
        return format!("{rounded:.1}");
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it is above 0, and figures are far below 2^64"
    )]
    number(rounded.round() as u64)
}

/// Work, in minutes or hours.
pub(crate) fn work(minutes: f64) -> String {
    if minutes <= 0.0 {
        "0 h".to_owned()
    } else if minutes < 1.0 {
        "under 1 min".to_owned()
    } else if minutes < 60.0 {
        format!("{minutes:.0} min")
    } else {
        format!("{} h", two_digits(minutes / 60.0))
    }
}

/// Work in hours, for a column that says so.
pub(crate) fn hours(minutes: f64) -> String {
    two_digits(minutes / 60.0)
}

/// Work with its ends: `56 h (0 to 118 h)`.
pub(crate) fn work_between(mid: f64, low: f64, high: f64) -> String {
    format!("{} ({} to {})", work(mid), work(low), work(high))
}

/// What removing takes: its 80 % interval, or of few items only the order of magnitude.
pub(crate) fn estimate(of: &EstimateEntry, debt: &DebtEntry) -> String {
    if of.items == 0 {
        return "nothing".to_owned();
    }
    if of.items < FEW {
        return magnitude(of.median_minutes, debt).to_owned();
    }
    work_between(of.median_minutes, of.low_minutes, of.high_minutes)
}

/// An order of magnitude in words.
pub(crate) fn magnitude(minutes: f64, debt: &DebtEntry) -> &'static str {
    let hours = debt.parameters.get("hours_per_author_day");
    let day = 60.0 * hours.copied().unwrap_or(5.0);
    if minutes < 60.0 {
        "minutes"
    } else if minutes < day {
        "hours"
    } else if minutes < WEEK * day {
        "days"
    } else {
        "weeks"
    }
}

/// A share of 1 in percent.
pub(crate) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 0.1 {
        "under 0.1 %".to_owned()
    } else if percent < 10.0 {
        format!("{percent:.1} %")
    } else {
        format!("{percent:.0} %")
    }
}

/// How a value compares, by the share of files that are at or below it.
pub(crate) fn rank_among(percentile: f64) -> String {
    if percentile >= 1.0 {
        "the most of all files".to_owned()
    } else {
        let top = ((1.0 - percentile) * 100.0).ceil().max(1.0);
        format!("top {top:.0} % of files")
    }
}

/// Money with its ends.
pub(crate) fn money(amount: &SpanEntry, of: &MoneyEntry) -> String {
    let [mid, low, high] = [amount.mid, amount.low, amount.high].map(two_digits);
    format!("{mid} {} ({low} to {high})", crate::safe(&of.currency))
}

/// A reading's value with its interval.
pub(crate) fn reading(reading: &ReadingEntry) -> String {
    let Some(value) = reading.value else {
        return "n/a".to_owned();
    };
    let show: fn(f64) -> String = match reading.unit.as_str() {
        "share" => percent,
        "minutes" => work,
        _ => plain,
    };
    match reading.low.zip(reading.high) {
        Some((low, high)) => format!("{} ({} to {})", show(value), show(low), show(high)),
        None => show(value),
    }
}

/// The unit of a reading, where its figures do not have it.
pub(crate) fn unit(reading: &ReadingEntry) -> &str {
    match reading.unit.as_str() {
        "share" | "minutes" | "ratio" => "",
        // Units are names in the plural.
        unit if reading.value == Some(1.0)
            && reading.low.is_none()
            && !unit.contains(' ')
            && !unit.ends_with("ies") =>
        {
            unit.strip_suffix('s').unwrap_or(unit)
        }
        unit => unit,
    }
}

/// A figure of any sign.
fn plain(value: f64) -> String {
    let sign = if value < 0.0 { "-" } else { "" };
    let size = value.abs();
    if size >= 1.0 && (size - size.round()).abs() < 1e-9 && size < 1e15 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is between 1 and 10^15"
        )]
        return format!("{sign}{}", number(size.round() as u64));
    }
    format!("{sign}{}", two_digits(size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_two_digits() {
        let of = [0.0, 0.04, 0.96, 1.0, 9.94, 9.96, 12.4, 1_234.0, 98_765.0].map(two_digits);
        assert_eq!(
            of,
            [
                "0",
                "under 0.1",
                "1.0",
                "1.0",
                "9.9",
                "10",
                "12",
                "1,200",
                "99,000"
            ]
        );
        assert_eq!(
            [0.0, 0.4, 35.2, 60.0, 3_400.0].map(work),
            ["0 h", "under 1 min", "35 min", "1.0 h", "57 h"]
        );
        assert_eq!(
            [0.0, 0.0004, 0.0512, 0.268].map(percent),
            ["0.0 %", "under 0.1 %", "5.1 %", "27 %"]
        );
        assert_eq!([-3.0, 0.5, 2_048.0].map(plain), ["-3", "0.5", "2,048"]);
    }
}
