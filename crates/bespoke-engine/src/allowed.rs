//! Comments that allow what stands beside them: `bespoke: allow(customer_branch) because …`, until a day or for good.

use std::sync::Arc;

use bespoke_analysis::FileSet;
use bespoke_facts::{ALLOW, RepoPath};
use rustc_hash::FxHashSet;

use crate::{Entry, store::Store};

/// What may stand before it on its line: nothing but these makes it a comment.
const COMMENTS: [&str; 7] = ["//", "#", "/*", "<!--", "--", "{#", "*"];

/// A comment that allows something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Allowed {
    /// Its file.
    pub path: RepoPath,
    /// Its line, 0-based.
    pub line: u32,
    /// The line that it is about: its own if there is code before it, else the next with code. 0-based.
    pub about: u32,
    /// Kinds and rules that are allowed there.
    pub rules: Vec<String>,
    /// Why.
    pub reason: String,
    /// Last day on which it holds, `YYYY-MM-DD`.
    pub until: Option<String>,
    /// Why it allows nothing, in words.
    pub problem: Option<String>,
}

/// The comments in files whose facts say that there may be some, by path and line. `sources` says where the files are.
pub(crate) fn allowed(
    files: &FileSet,
    sources: &[Entry],
    store: &Arc<dyn Store>,
    limit: u64,
) -> Vec<Allowed> {
    let files = files.files.iter().filter(|it| it.facts.marks.allows);
    let files: FxHashSet<&RepoPath> = files.map(|it| &it.path).collect();
    let mut found = Vec::new();
    let mut buffer = Vec::new();
    for entry in sources.iter().filter(|it| files.contains(&it.path)) {
        // It may be gone by now.
        if store.read(entry, limit, &mut buffer).is_ok() {
            found.extend(in_text(&entry.path, &String::from_utf8_lossy(&buffer)));
        }
    }
    found.sort();
    found
}

fn in_text(path: &RepoPath, text: &str) -> Vec<Allowed> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(mark) = line.find(ALLOW) else {
            continue;
        };
        let before = line[..mark].trim_end();
        let Some(comment) = COMMENTS.iter().find(|it| before.ends_with(**it)) else {
            continue;
        };
        let has_code = !before[..before.len() - comment.len()].trim().is_empty();
        let about = if has_code {
            at
        } else {
            let is_code = |line: &&str| {
                let line = line.trim();
                !line.is_empty() && !COMMENTS.iter().any(|it| line.starts_with(it))
            };
            let next = lines.iter().skip(at + 1).position(is_code);
            next.map_or(at, |next| at + 1 + next)
        };
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        found.push(Allowed {
            path: path.clone(),
            line: number(at),
            about: number(about),
            ..understood(&line[mark + ALLOW.len()..])
        });
    }
    found
}

/// What stands after the bracket: `rule, rule) because reason until 2027-01-31`.
fn understood(text: &str) -> Allowed {
    let mut allowed = Allowed {
        path: RepoPath::new(""),
        line: 0,
        about: 0,
        rules: Vec::new(),
        reason: String::new(),
        until: None,
        problem: None,
    };
    let Some((rules, rest)) = text.split_once(')') else {
        allowed.problem = Some("its bracket is not closed".to_owned());
        return allowed;
    };
    let rules = rules.split(',').map(str::trim).filter(|it| !it.is_empty());
    allowed.rules = rules.map(str::to_owned).collect();
    // Where the comment ends, the reason does.
    let ends = ["*/", "-->", "#}"].iter().filter_map(|it| rest.find(it));
    let rest = rest[..ends.min().unwrap_or(rest.len())].trim();
    let reason = rest.strip_prefix("because").unwrap_or("").trim();
    let (reason, until) = match reason.rsplit_once("until ") {
        Some((reason, day)) if is_day(day.trim()) => (reason.trim(), Some(day.trim().to_owned())),
        _ => (reason, None),
    };
    reason.clone_into(&mut allowed.reason);
    allowed.until = until;
    if allowed.rules.is_empty() {
        allowed.problem = Some("it names no rule".to_owned());
    } else if allowed.reason.is_empty() {
        allowed.problem = Some("it gives no reason: `because …` has to follow".to_owned());
    }
    allowed
}

fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let digits =
        |part: &str, count| part.len() == count && part.bytes().all(|it| it.is_ascii_digit());
    matches!(parts.as_slice(), [year, month, day] if digits(year, 4) && digits(month, 2) && digits(day, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<(u32, u32, String, Option<String>, bool)> {
        in_text(&RepoPath::new("a.ts"), text)
            .into_iter()
            .map(|it| (it.line, it.about, it.reason, it.until, it.problem.is_some()))
            .collect()
    }

    #[test]
    fn a_comment_is_about_its_line_or_the_next() {
        let text = "\
// bespoke: allow(customer_branch) because the contract says so until 2027-01-31
// More words.

if (a) {}
if (b) {} // bespoke: allow(flag_check, layer-violation) because of #12
  {/* bespoke: allow(flag_check) because it is old */}
";
        let day = Some("2027-01-31".to_owned());
        assert_eq!(
            told(text),
            [
                (0, 3, "the contract says so".to_owned(), day, false),
                (4, 4, "of #12".to_owned(), None, false),
                (5, 5, "it is old".to_owned(), None, false),
            ]
        );
    }

    #[test]
    fn what_is_no_comment_or_has_no_reason_allows_nothing() {
        let text = "\
const a = \"bespoke: allow(x) because y\";
# bespoke: allow(x)
# bespoke: allow() because y
# bespoke: allow(x because y
";
        let problems: Vec<bool> = told(text).into_iter().map(|it| it.4).collect();
        assert_eq!(problems, [true, true, true]);
    }
}
