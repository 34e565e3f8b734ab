//! Which texts cannot hold a known name: nearly all of them, told without splitting them into words.

/// How many values a folded character has here: letters, digits, and the end of a name.
const VALUES: usize = 37;
const END: usize = 36;

/// The first three characters of known names, folded as [`super::fold`] does.
#[derive(Debug)]
pub(super) struct Sieve {
    starts: Box<[bool]>,
    /// A name starts with what has no place in `starts`.
    open: bool,
}

impl Sieve {
    /// Of folded names.
    pub(super) fn new<'n>(names: impl Iterator<Item = &'n str>) -> Self {
        let mut sieve = Self {
            starts: vec![false; VALUES * VALUES * VALUES].into(),
            open: false,
        };
        for name in names {
            let mut start = [END; 3];
            for (place, byte) in start.iter_mut().zip(name.bytes()) {
                match value(byte) {
                    Some(value) => *place = value,
                    None => sieve.open = true,
                }
            }
            // A shorter name may go on with anything.
            let all = |at: usize| match start[at] {
                END => 0..VALUES,
                value => value..value + 1,
            };
            for first in all(0) {
                for second in all(1) {
                    for third in all(2) {
                        sieve.starts[index([first, second, third])] = true;
                    }
                }
            }
        }
        sieve
    }

    /// Whether a text may hold a known name that starts where a word does.
    pub(super) fn lets_through(&self, text: &str) -> bool {
        if self.open || !text.is_ascii() {
            return true;
        }
        let bytes = text.as_bytes();
        let mut in_word = false;
        for (at, byte) in bytes.iter().enumerate() {
            let Some(first) = value(*byte) else {
                in_word = false;
                continue;
            };
            // Words start at capitals too, and after a separator.
            if !in_word || byte.is_ascii_uppercase() {
                let mut rest = bytes[at + 1..].iter().filter_map(|byte| value(*byte));
                let start = [
                    first,
                    rest.next().unwrap_or(END),
                    rest.next().unwrap_or(END),
                ];
                if self.starts[index(start)] {
                    return true;
                }
            }
            in_word = true;
        }
        false
    }
}

fn index([first, second, third]: [usize; 3]) -> usize {
    (first * VALUES + second) * VALUES + third
}

fn value(byte: u8) -> Option<usize> {
    match byte {
        b'a'..=b'z' => Some(usize::from(byte - b'a')),
        b'A'..=b'Z' => Some(usize::from(byte - b'A')),
        b'0'..=b'9' => Some(usize::from(byte - b'0') + 26),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_hold_a_name_is_let_through() {
        let sieve = Sieve::new(["globexeu", "ac"].into_iter());
        for text in [
            "globex-eu",
            "useGlobexEu",
            "GLOBEX_EU",
            "g.l.o",
            "hasAC",
            "ac",
            "the ac me",
            "über",
        ] {
            assert!(sieve.lets_through(text), "{text}");
        }
        for text in ["", "useTenant", "aglobex", "gl", "a", "back"] {
            assert!(!sieve.lets_through(text), "{text}");
        }
        assert!(Sieve::new(["über"].into_iter()).lets_through("x"));
        assert!(!Sieve::new(std::iter::empty()).lets_through("anything"));
    }
}
