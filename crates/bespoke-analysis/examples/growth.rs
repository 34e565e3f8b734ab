//! Statistics of series on standard input, for another program to compare with: `xtask/oracle/growth.py`.
//!
//! Each line is a word and numbers. `series y…` gives slope, its interval, and Kendall's p; `survival age:died…` gives
//! the curve.
#![expect(clippy::print_stdout, reason = "what it is for")]

use std::io::{self, BufRead as _};

use bespoke_analysis::{Survival, kendall_p, theil_sen};

fn main() {
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let mut words = line.split_whitespace();
        match words.next() {
            Some("series") => {
                let values: Vec<f64> = words.filter_map(|word| word.parse().ok()).collect();
                let points: Vec<(f64, f64)> = (0_u32..)
                    .map(f64::from)
                    .zip(values.iter().copied())
                    .collect();
                let p = kendall_p(&values).unwrap_or(f64::NAN);
                match theil_sen(&points) {
                    Some(it) => println!("{} {} {} {p}", it.slope, it.low, it.high),
                    None => println!("none"),
                }
            }
            Some("survival") => {
                let ages: Vec<(f64, bool)> = words
                    .filter_map(|word| {
                        let (age, died) = word.split_once(':')?;
                        Some((age.parse().ok()?, died == "1"))
                    })
                    .collect();
                let curve = Survival::of(&ages).curve;
                let curve: Vec<String> = curve
                    .iter()
                    .map(|(age, left)| format!("{age}:{left}"))
                    .collect();
                println!("{}", curve.join(" "));
            }
            _ => println!("?"),
        }
    }
}
