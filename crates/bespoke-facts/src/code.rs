//! Which lines of a file hold code.

use serde::{Deserialize, Serialize};

/// The lines of a file that hold more than white space and comments, one bit each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeLines {
    words: Vec<u64>,
}

impl CodeLines {
    /// From running counts: for each line, how many lines before it hold code, and one entry more at the end.
    pub(crate) fn new(before: &[u32]) -> Self {
        let mut words = vec![0; before.len().saturating_sub(1).div_ceil(64)];
        for (line, pair) in before.windows(2).enumerate() {
            if pair[1] > pair[0] {
                words[line / 64] |= 1 << (line % 64);
            }
        }
        Self { words }
    }

    /// How many lines from `first` to `last` hold code, both 0-based and counted in. Lines past the end hold none.
    pub fn count(&self, first: u32, last: u32) -> u32 {
        if last < first {
            return 0;
        }
        let (first, last) = (first as usize, last as usize);
        let mut count = 0;
        for at in first / 64..=(last / 64).min(self.words.len().saturating_sub(1)) {
            let mut word = self.words.get(at).copied().unwrap_or(0);
            if at == first / 64 {
                word &= u64::MAX << (first % 64);
            }
            if at == last / 64 {
                word &= u64::MAX >> (63 - last % 64);
            }
            count += word.count_ones();
        }
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_counted_across_words() {
        // Every third line of 200 holds code: 0, 3, 6, …
        let mut before = vec![0];
        for line in 0..200 {
            before.push(before[line] + u32::from(line % 3 == 0));
        }
        let code = CodeLines::new(&before);
        for (first, last) in [
            (0, 0),
            (1, 2),
            (0, 199),
            (60, 70),
            (63, 64),
            (128, 199),
            (64, 127),
        ] {
            let expected = before[last as usize + 1] - before[first as usize];
            assert_eq!(code.count(first, last), expected, "{first}..={last}");
        }
        assert_eq!(code.count(150, u32::MAX), before[200] - before[150]);
        assert_eq!((code.count(5, 4), code.count(900, 901)), (0, 0));
    }

    #[test]
    fn an_empty_file_has_no_code() {
        assert_eq!(CodeLines::default().count(0, 10), 0);
        assert_eq!(CodeLines::new(&[0, 0]).count(0, 0), 0);
    }
}
