//! Byte ranges and lines.

use serde::{Deserialize, Serialize};

/// A byte range in one file, 0-based and half-open.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span from two byte offsets.
    pub fn new(start: u32, end: u32) -> Self {
        Self { start, end }
    }

    /// Whether `other` lies wholly inside this span.
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Length in bytes.
    pub fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span holds no byte.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// Where each line of a file starts, and which lines are equal. Lines are 0-based.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineIndex {
    starts: Vec<u32>,
    hashes: Vec<u32>,
}

impl LineIndex {
    /// Indexes `bytes`; a line ends with `\n`, so `\r\n` needs no case of its own.
    pub fn new(bytes: &[u8]) -> Self {
        // Typical of source code.
        let mut starts = Vec::with_capacity(bytes.len() / 32 + 1);
        let mut hashes = Vec::with_capacity(bytes.len() / 32 + 1);
        starts.push(0);
        let mut start = 0;
        for end in memchr::memchr_iter(b'\n', bytes).map(|at| at + 1) {
            starts.push(u32::try_from(end).unwrap_or(u32::MAX));
            hashes.push(line_hash(&bytes[start..end]));
            start = end;
        }
        if start < bytes.len() {
            hashes.push(line_hash(&bytes[start..]));
        }
        starts.shrink_to_fit();
        hashes.shrink_to_fit();
        Self { starts, hashes }
    }

    /// A hash of each line with its end: what changed between two versions is told from these, without their texts.
    /// What follows the last `\n` is a line only if it holds something, as for git.
    pub fn hashes(&self) -> &[u32] {
        &self.hashes
    }

    /// The 0-based line that holds byte `offset`.
    pub fn line(&self, offset: u32) -> u32 {
        let after = self.starts.partition_point(|start| *start <= offset);
        u32::try_from(after.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// First and last 0-based line that a span touches; an empty span touches one.
    pub fn lines(&self, span: Span) -> (u32, u32) {
        (
            self.line(span.start),
            self.line(span.end.saturating_sub(1).max(span.start)),
        )
    }

    /// First byte of a 0-based line; the last line's for a line past the end.
    pub fn start_of(&self, line: u32) -> u32 {
        let at = (line as usize).min(self.starts.len().saturating_sub(1));
        self.starts.get(at).copied().unwrap_or(0)
    }

    /// The length of the longest line of a text of so many bytes, its end counted. In bytes.
    pub(crate) fn longest(&self, len: usize) -> usize {
        let ends = self.starts.iter().skip(1).map(|at| *at as usize);
        let lengths = self
            .starts
            .iter()
            .zip(ends.chain([len]))
            .map(|(start, end)| end.saturating_sub(*start as usize));
        lengths.max().unwrap_or(0)
    }

    /// How many lines start in the file; an empty file has one.
    pub fn count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }
}

/// FNV-1a over eight bytes at a time, with the length; folded to 32 bits.
fn line_hash(line: &[u8]) -> u32 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ line.len() as u64;
    let (words, rest) = line.as_chunks::<8>();
    for word in words {
        hash = (hash ^ u64::from_le_bytes(*word)).wrapping_mul(PRIME);
        hash ^= hash >> 32;
    }
    for byte in rest {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(PRIME);
    }
    hash ^= hash >> 29;
    let folded = (hash ^ (hash >> 32)) & 0xffff_ffff;
    u32::try_from(folded).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_by_offset() {
        let lines = LineIndex::new(b"a\nbc\r\n\nd");
        assert_eq!(
            (0..9).map(|at| lines.line(at)).collect::<Vec<_>>(),
            [0, 0, 1, 1, 1, 1, 2, 3, 3]
        );
        assert_eq!(lines.lines(Span::new(0, 3)), (0, 1));
        assert_eq!(lines.lines(Span::new(2, 2)), (1, 1));
        assert_eq!(lines.start_of(1), 2);
    }

    #[test]
    fn equal_lines_have_equal_hashes() {
        let lines = LineIndex::new(b"a long line of text\nb\na long line of text\n\nb");
        let [a, b, again, empty, unended] = lines.hashes() else {
            panic!("five lines")
        };
        assert_eq!(a, again);
        assert!(b != unended && a != b && empty != b);
        assert!(LineIndex::new(b"").hashes().is_empty());
        assert_eq!(LineIndex::new(b"x\n").hashes().len(), 1);
    }
}
