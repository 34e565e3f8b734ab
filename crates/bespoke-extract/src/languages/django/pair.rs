//! Which tag ends which.

use std::collections::{HashMap, HashSet};

use super::scan::Tag;

/// Blocks whose end is missed where it is not there. Of others, an `end…` somewhere says that they are blocks.
const BLOCKS: [&str; 5] = ["for", "if", "ifequal", "ifnotequal", "unless"];

/// What a tag is among the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// `{{ }}`.
    Output,
    /// Starts a block.
    Open {
        /// It holds cases.
        cases: bool,
    },
    /// Starts another part of a block.
    Inside,
    /// Ends the block that this tag started.
    Close(usize),
    /// Ends nothing.
    Stray,
    /// Stands for itself.
    Single,
}

/// What each tag is.
pub(super) struct Pairs {
    parts: Vec<Part>,
    /// Blocks without an end and ends without a block.
    pub(super) broken: u32,
}

impl Pairs {
    /// What the tag at a position is.
    pub(super) fn part(&self, at: usize) -> Part {
        self.parts.get(at).copied().unwrap_or(Part::Single)
    }
}

pub(super) fn pair(tags: &[Tag<'_>]) -> Pairs {
    let ended: HashSet<&str> = tags.iter().filter_map(|tag| ended_by(tag)).collect();
    let mut pairs = Pairs {
        parts: Vec::with_capacity(tags.len()),
        broken: 0,
    };
    let mut open: Vec<usize> = Vec::new();
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for (at, tag) in tags.iter().enumerate() {
        let in_switch = open
            .last()
            .is_some_and(|at| matches!(tags[*at].name, "switch" | "case"));
        let part = if let Some(name) = ended_by(tag) {
            match counts.get(name) {
                Some(1..) => Part::Close(close(tags, name, &mut open, &mut counts, &mut pairs)),
                _ => {
                    pairs.broken += u32::from(BLOCKS.contains(&name));
                    Part::Stray
                }
            }
        } else {
            match tag.name {
                "" if tag.output => Part::Output,
                "" => Part::Stray,
                "elif" | "elsif" | "elseif" | "else" | "empty" => Part::Inside,
                "when" | "case" | "default" if in_switch => {
                    if let Some(at) = open.last() {
                        pairs.parts[*at] = Part::Open { cases: true };
                    }
                    Part::Inside
                }
                name if BLOCKS.contains(&name)
                    || ended.contains(name) && !(name == "set" && tag.rest.contains('=')) =>
                {
                    open.push(at);
                    *counts.entry(name).or_default() += 1;
                    Part::Open { cases: false }
                }
                _ => Part::Single,
            }
        };
        pairs.parts.push(part);
    }
    while let Some(at) = open.pop() {
        unclosed(tags[at].name, at, &mut pairs);
    }
    pairs
}

/// The name of the block that a tag ends.
fn ended_by<'a>(tag: &Tag<'a>) -> Option<&'a str> {
    tag.name.strip_prefix("end").filter(|name| !name.is_empty())
}

/// Takes blocks off the stack up to the innermost of a name, and gives its position.
fn close<'a>(
    tags: &[Tag<'a>],
    name: &str,
    open: &mut Vec<usize>,
    counts: &mut HashMap<&'a str, u32>,
    pairs: &mut Pairs,
) -> usize {
    while let Some(at) = open.pop() {
        let found = tags[at].name;
        if let Some(count) = counts.get_mut(found) {
            *count = count.saturating_sub(1);
        }
        if found == name {
            return at;
        }
        unclosed(found, at, pairs);
    }
    0
}

fn unclosed(name: &str, at: usize, pairs: &mut Pairs) {
    if BLOCKS.contains(&name) {
        pairs.broken += 1;
    } else if let Some(part) = pairs.parts.get_mut(at) {
        *part = Part::Single;
    }
}
