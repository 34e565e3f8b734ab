//! M14: whether customization draws more of it.

use super::{Harm, Metric, Scope};
use crate::{FileAt, random::Random};

pub(super) static METRIC: Metric = Metric {
    id: "vicious-cycle",
    title: "Vicious-cycle index",
    unit: "ratio",
    scope: Scope::Tree,
    harm: Some(Harm::ViciousCycle),
    doc: "\
How much likelier a core file that had a branch or check a year ago is to have gained another flag or customer since than a file
of like size and churn that had none. Above 1, with its whole interval, customization goes where customization is. It says
where, not why. Needs history.

**Formula**: the risk ratio of Mantel and Haenszel over strata of size (lines with code) by churn of the year before, each in
fifths: Σ a·n0/N / Σ c·n1/N, where of n1 files with points a gained a subject, of n0 without c did, and N = n0 + n1. 95 % interval
by 1,000 bootstrap samples of files with a fixed seed.

**Not available**: with fewer than ten files with points that gained one, or fewer than ten without; with less than two years of
history.

**Source**: Mantel and Haenszel 1959; the index is ours. Measured 2.7 to 3.5 in commcare-hq and 3.4 to 5.7 in Unleash.

**Example**: one stratum: 12 of 40 files with points gained a subject, 30 of 400 without: 0.3 / 0.075 = 4.
",
};

/// Fewest events on either side.
const MIN_EVENTS: usize = 10;
const SAMPLES: usize = 1_000;
const FIFTHS: usize = 5;

/// A risk ratio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ViciousCycle {
    /// By Mantel and Haenszel.
    pub ratio: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Files with points, and how many of them gained a subject.
    pub with: (usize, usize),
    /// The same of files without.
    pub without: (usize, usize),
}

/// Of the core files at one time, with what came after; `None` for too few events.
pub fn vicious_cycle(files: &[FileAt]) -> Option<ViciousCycle> {
    let core: Vec<&FileAt> = files.iter().filter(|file| !file.in_unit).collect();
    let size = fifths(core.iter().map(|file| u64::from(file.nloc)).collect());
    let churn = fifths(core.iter().map(|file| file.churn).collect());
    let cells: Vec<(usize, bool, bool)> = core
        .iter()
        .zip(size.into_iter().zip(churn))
        .map(|(file, (size, churn))| (size * FIFTHS + churn, file.points > 0, file.gained > 0))
        .collect();
    let count = |with: bool| {
        let own = cells.iter().filter(|cell| cell.1 == with);
        let events = own.clone().filter(|cell| cell.2).count();
        (own.count(), events)
    };
    let (with, without) = (count(true), count(false));
    if with.1 < MIN_EVENTS || without.1 < MIN_EVENTS {
        return None;
    }
    let ratio = mantel_haenszel(cells.iter().copied())?;
    let mut random = Random::new(14);
    let mut ratios: Vec<f64> = (0..SAMPLES)
        .filter_map(|_| {
            let drawn = (0..cells.len()).map(|_| cells[random.below(cells.len())]);
            mantel_haenszel(drawn.collect::<Vec<_>>().into_iter())
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    let at = |share: usize| ratios[(ratios.len() - 1) * share / 1_000];
    Some(ViciousCycle {
        ratio,
        low: at(25),
        high: at(975),
        with,
        without,
    })
}

/// Of files as (stratum, with points, gained one).
fn mantel_haenszel(cells: impl Iterator<Item = (usize, bool, bool)>) -> Option<f64> {
    let mut strata = [[[0_u32; 2]; 2]; FIFTHS * FIFTHS];
    for (stratum, with, gained) in cells {
        strata[stratum][usize::from(with)][usize::from(gained)] += 1;
    }
    let (mut above, mut below) = (0.0, 0.0);
    for [without, with] in strata {
        let (n0, n1) = (
            f64::from(without[0] + without[1]),
            f64::from(with[0] + with[1]),
        );
        if n0 + n1 > 0.0 {
            above += f64::from(with[1]) * n0 / (n0 + n1);
            below += f64::from(without[1]) * n1 / (n0 + n1);
        }
    }
    (below > 0.0).then(|| above / below)
}

/// In which fifth each value is; equal values are in the same.
pub(crate) fn fifths(values: Vec<u64>) -> Vec<usize> {
    let mut sorted = values.clone();
    sorted.sort_unstable();
    let cuts: Vec<u64> = (1..FIFTHS)
        .filter_map(|at| sorted.get(sorted.len() * at / FIFTHS).copied())
        .collect();
    values
        .into_iter()
        .map(|value| {
            cuts.iter()
                .filter(|cut| value >= **cut)
                .count()
                .min(FIFTHS - 1)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(count: usize, points: u32, events: usize) -> Vec<FileAt> {
        let file = |at| FileAt {
            nloc: 100,
            points,
            gained: u32::from(at < events),
            ..FileAt::default()
        };
        (0..count).map(file).collect()
    }

    #[test]
    fn the_example_is_four() {
        let all = [files(40, 1, 12), files(400, 0, 30)].concat();
        let index = vicious_cycle(&all).unwrap();
        assert!((index.ratio - 4.0).abs() < 1e-9);
        assert!(index.low > 1.0 && index.low < 4.0 && index.high > 4.0);
        assert_eq!((index.with, index.without), ((40, 12), (400, 30)));
    }

    #[test]
    fn few_events_and_units_say_nothing() {
        assert!(vicious_cycle(&[files(40, 1, 9), files(400, 0, 30)].concat()).is_none());
        let units = |file: FileAt| FileAt {
            in_unit: true,
            ..file
        };
        let all = [files(40, 1, 12), files(400, 0, 30)].concat();
        let all: Vec<FileAt> = all.into_iter().map(units).collect();
        assert!(vicious_cycle(&all).is_none());
    }

    #[test]
    fn fifths_keep_equals_together() {
        assert_eq!(fifths(vec![0, 0, 0, 0, 9]), [3, 3, 3, 3, 4]);
        assert_eq!(fifths(vec![1, 2, 3, 4, 5]), [0, 1, 2, 3, 4]);
    }
}
