//! Days of the calendar, in UTC.

/// Year, month (1 to 12) and day (1 to 31) of a time in seconds since 1970.
///
/// After Howard Hinnant, *chrono-Compatible Low-Level Date Algorithms* (2013), `civil_from_days`.
pub fn date_of(seconds: i64) -> (i64, u32, u32) {
    let days = seconds.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let small = |value: i64| u32::try_from(value).unwrap_or(0);
    (year, small(month), small(day))
}

/// Seconds since 1970 at the beginning of a day; the opposite of [`date_of`], `days_from_civil`.
pub fn start_of((year, month, day): (i64, u32, u32)) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let shifted = i64::from((month + 9) % 12);
    let day_of_year = (153 * shifted + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era - 719_468) * 86_400
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, date) in [
            (0, (1970, 1, 1)),
            (951_782_400, (2000, 2, 29)),
            (951_868_800, (2000, 3, 1)),
            (-1, (1969, 12, 31)),
            (1_795_392_000, (2026, 11, 23)),
        ] {
            assert_eq!(date_of(seconds), date, "{seconds}");
            assert_eq!(start_of(date), seconds.div_euclid(86_400) * 86_400);
        }
        for day in -800_000..800_000 {
            assert_eq!(start_of(date_of(day * 86_400)), day * 86_400);
        }
    }
}
