//! How deep a parser that recurses may have to go, and how often it may read the same again: upper bounds, seen from the
//! bytes.

use std::mem;

/// What stands for one level takes the recursive engines less than this share of a worker's stack.
const LIMIT: u32 = 10_000;

/// Most type arguments inside each other that a parser may try in vain.
const TRIES: u32 = 8;

/// Operators that may nest what follows them.
const OPERATORS: &[u8] = b"!~+-=?:<*&|`";
/// Words that a word or an operator may follow, by their first bytes.
const WORDS: [&[u8]; 22] = [
    b"typeof", b"void ", b"void\t", b"void\n", b"delete", b"await", b"yield", b"new ", b"new\n",
    b"new\t", b"not ", b"not\n", b"not\\", b"not\t", b"lambda", b"if", b"for", b"while", b"do",
    b"with", b"else", b"async",
];

/// What a byte may do to the level.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Other,
    Open,
    Close,
    /// Ends an item.
    End,
    Operator,
    /// A letter or digit; no word of [`WORDS`] starts with it.
    Letter,
    /// The first letter of one.
    First,
}

const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0_u8;
    loop {
        classes[byte as usize] = match byte {
            b'(' | b'[' | b'{' => Class::Open,
            b')' | b']' | b'}' => Class::Close,
            b',' | b';' => Class::End,
            it if it.is_ascii_alphanumeric() => Class::Letter,
            _ => Class::Other,
        };
        if byte == u8::MAX {
            break;
        }
        byte += 1;
    }
    let mut at = 0;
    while at < OPERATORS.len() {
        classes[OPERATORS[at] as usize] = Class::Operator;
        at += 1;
    }
    let mut at = 0;
    while at < WORDS.len() {
        classes[WORDS[at][0] as usize] = Class::First;
        at += 1;
    }
    classes
};

/// Whether a text may nest deeper than a recursive parser should follow.
///
/// Brackets nest until they close; operators and words may nest what follows them until the list item, the statement
/// or the bracket around them ends. Strings and comments are not told apart, which only makes the bound higher.
pub(crate) fn is_extreme(text: &str) -> bool {
    text.len() > LIMIT as usize && may_nest(text.as_bytes()) && nests(text.as_bytes())
}

/// Whether there is enough in a text that may nest at all: cheaper to say than how it does.
fn may_nest(bytes: &[u8]) -> bool {
    let nests = |byte: &&u8| matches!(CLASSES[**byte as usize], Class::Open | Class::Operator);
    let limit = LIMIT as usize;
    let nesting = bytes.iter().filter(nests).count();
    // A word has two letters, and something before it.
    if nesting + bytes.len() / 3 < limit {
        return false;
    }
    let mut was_in_word = false;
    let begins = |byte: &&u8| {
        let class = CLASSES[**byte as usize];
        let in_word = matches!(class, Class::Letter | Class::First);
        let was_in_word = mem::replace(&mut was_in_word, in_word);
        class == Class::First && !was_in_word
    };
    nesting > limit || nesting + bytes.iter().filter(begins).count() > limit
}

fn nests(bytes: &[u8]) -> bool {
    // Per open bracket, what the level around it had come to.
    let mut around: Vec<u32> = Vec::new();
    let (mut level, mut elses) = (0_u32, 0_u32);
    let mut in_word = false;
    for (at, byte) in bytes.iter().enumerate() {
        let class = CLASSES[*byte as usize];
        let was_in_word = mem::replace(&mut in_word, matches!(class, Class::Letter | Class::First));
        match class {
            Class::Open => {
                around.push(level);
                level += 1;
            }
            Class::Close => level = around.pop().unwrap_or(0),
            Class::End => level = around.last().map_or(0, |level| level + 1),
            Class::Operator => level += 1,
            Class::First if !was_in_word => {
                let word = &bytes[at..bytes.len().min(at + 6)];
                level += u32::from(WORDS.iter().any(|it| word.starts_with(it)));
                // A chain of these survives the statements in it.
                elses += u32::from(word.starts_with(b"else"));
            }
            _ => continue,
        }
        if level > LIMIT || elses > LIMIT {
            return true;
        }
    }
    false
}

/// Whether a text may hold so many type arguments inside each other that a parser which tries them does not come to an
/// end.
///
/// After `a<` in an expression it reads type arguments, and all of it again where they turn out to be none: `a<{[a<{[`
/// doubles its time with each `<`. Counted are those before an open bracket that nothing has closed.
pub(crate) fn is_tried_often(text: &str) -> bool {
    let bytes = text.as_bytes();
    let tried = memchr::memchr_iter(b'<', bytes).take(TRIES as usize + 1);
    tried.count() > TRIES as usize && tries(bytes)
}

fn tries(bytes: &[u8]) -> bool {
    // Per open bracket, those that were open before it.
    let mut around: Vec<u32> = Vec::new();
    let (mut open, mut tries) = (0_u32, 0_u32);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(
            CLASSES[*byte as usize],
            Class::Other | Class::Letter | Class::First
        ) && *byte != b'>'
        {
            continue;
        }
        match byte {
            b'<' => open += 1,
            b'>' if at == 0 || bytes[at - 1] != b'=' => open = open.saturating_sub(1),
            b';' => open = 0,
            b'(' | b'[' | b'{' => {
                around.push(open);
                tries += mem::take(&mut open);
                if tries > TRIES {
                    return true;
                }
            }
            b')' | b']' | b'}' => {
                open = around.pop().unwrap_or(0);
                tries -= open;
            }
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_may_be_read_again_and_again_is_tried_often() {
        for (often, text) in [
            (true, "a<{[".repeat(20)),
            (true, "a<b<{[".repeat(10)),
            (true, "{[async<".repeat(20)),
            (false, "a<{[".repeat(5)),
            (false, "if (a < b) { c < d }\n".repeat(100)),
            (false, "f(a < b); {".repeat(100)),
            (false, "<A b={[1]}><B>{c}".repeat(100)),
            (false, "let a: Map<K, (b: B) => C> = {};\n{".repeat(100)),
        ] {
            assert_eq!(is_tried_often(&text), often, "{}", &text[..20]);
        }
    }

    #[test]
    fn only_what_may_nest_deeply_is_extreme() {
        let deep = LIMIT as usize + 1;
        for (nests, text) in [
            (true, "(".repeat(deep)),
            (true, "!".repeat(deep) + "a"),
            (true, "not ".repeat(deep) + "a"),
            (true, "if (a) {} else ".repeat(deep)),
            (false, "f(a);\n".repeat(deep)),
            (false, "word ".repeat(deep)),
            (false, "a, -b, ".repeat(deep)),
            (false, "(".repeat(100)),
        ] {
            assert_eq!(is_extreme(&text), nests, "{}", &text[..20]);
        }
    }
}
