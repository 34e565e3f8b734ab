//! Known subjects in files that are no code: settings, tables, translations, database scripts.
//!
//! They are scanned as text, not parsed: what counts is a whole word or quoted value that is a subject's name. Lines
//! next to each other are one finding, as a list of customers is one.

use std::collections::BTreeSet;

use bespoke_facts::{RepoPath, Span};
use rustc_hash::FxHashMap;

use super::{Context, atoms::Written, points::Draft, vocab::Vocab};
use crate::{DataHit, Evidence, PointKind};

/// Most findings of one file; what names more customers is a table of them.
const MAX_HITS: usize = 200;
/// Lines without a name that a block may hold.
const GAP: u32 = 1;

/// Findings in all data files, if there is anybody to be found.
pub(super) fn data(context: &Context<'_>) -> Vec<Draft> {
    let Some(reader) = context
        .model
        .set
        .data
        .as_ref()
        .filter(|_| !context.known.is_empty())
    else {
        return Vec::new();
    };
    let names = Names::new(context);
    let scan = |path: &RepoPath, text: &str| names.hits(path, text);
    let mut drafts = Vec::new();
    for (path, hits) in reader.each(&scan) {
        drafts.extend(self::drafts(context, &path, hits));
    }
    drafts
}

/// The points of one file.
pub(super) fn drafts(context: &Context<'_>, path: &RepoPath, hits: Vec<DataHit>) -> Vec<Draft> {
    let drafts = hits.into_iter().map(|hit| draft(context, path, hit));
    drafts.collect()
}

fn draft(context: &Context<'_>, path: &RepoPath, hit: DataHit) -> Draft {
    let text = hit.names.iter().take(5).cloned().collect::<Vec<_>>();
    Draft {
        file: None,
        lines: Some((hit.line, hit.end_line)),
        path: path.clone(),
        kind: PointKind::Data,
        dimension: context.axes[hit.axis].name.clone(),
        written: hit
            .names
            .into_iter()
            .map(|name| Written {
                name,
                alias: None,
                number: false,
            })
            .collect(),
        span: Span::default(),
        regions: Vec::new(),
        open: false,
        function: None,
        confidence: 65,
        evidence: vec![Evidence {
            rule: "known-name-in-data",
            text: "a word of a data file names it".to_owned(),
            at: Some((path.clone(), hit.line)),
        }],
        text: text.join(", "),
    }
}

/// Subjects by their folded names: the axis, and whether the name is no common word.
#[derive(Debug)]
pub(crate) struct Names(FxHashMap<String, (usize, bool)>);

impl Names {
    pub(super) fn new(context: &Context<'_>) -> Self {
        let mut names = FxHashMap::default();
        for axis in 0..context.axes.len() {
            for name in context.known_names(axis, 50) {
                let distinctive = context.is_distinctive(name);
                names.entry(name.to_owned()).or_insert((axis, distinctive));
            }
        }
        Self(names)
    }

    /// The blocks of a text that name known subjects.
    pub(crate) fn hits(&self, path: &RepoPath, text: &str) -> Vec<DataHit> {
        let ending = path.file_name().rsplit('.').next().unwrap_or("");
        let mut found: Vec<DataHit> = Vec::new();
        // Where the innermost open list starts: its values belong together, however many stand between.
        let mut list: Option<u32> = None;
        for (line, content) in (0..).zip(text.lines()) {
            if is_comment(ending, content) {
                continue;
            }
            let code = content.trim_end();
            if code.ends_with('[') {
                list = Some(line);
            } else if code.trim_start().starts_with(']') {
                list = None;
            }
            let mut seen: BTreeSet<(usize, &str)> = BTreeSet::new();
            for word in words(content) {
                seen.extend(self.named(word));
            }
            for (axis, name) in seen {
                let start = list.unwrap_or(line);
                let near = |hit: &DataHit| match list {
                    Some(start) => hit.line == start,
                    None => hit.end_line + 1 + GAP >= line,
                };
                let block = found.iter().rposition(|hit| hit.axis == axis && near(hit));
                match block {
                    Some(at) => {
                        let block = &mut found[at];
                        block.end_line = line;
                        if !block.names.iter().any(|known| known == name) {
                            block.names.push(name.to_owned());
                        }
                    }
                    None if found.len() >= MAX_HITS => return found,
                    None => found.push(DataHit {
                        axis,
                        line: start,
                        end_line: line,
                        names: vec![name.to_owned()],
                    }),
                }
            }
        }
        found
    }

    /// The axis and the name of a subject that a word is.
    fn named<'w>(&self, word: &'w str) -> Option<(usize, &'w str)> {
        if !(3..=40).contains(&word.len()) {
            return None;
        }
        let folded = Vocab::fold(word);
        let (axis, distinctive) = *self.0.get(&folded)?;
        // A common word says nothing by itself, one that is put together from several does.
        let compound = word.contains(['-', '_']) && folded.len() >= 6;
        (compound || distinctive).then_some((axis, word))
    }
}

/// Quoted values as a whole, and words outside quotes.
fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(['"', '\'', '`'])
        .enumerate()
        .flat_map(|(at, part)| {
            let quoted = at % 2 == 1;
            let separate = move |char: char| {
                !(quoted || char.is_ascii_alphanumeric() || matches!(char, '-' | '_' | '.'))
            };
            part.split(separate).filter(|word| !word.is_empty())
        })
}

fn is_comment(ending: &str, line: &str) -> bool {
    let line = line.trim_start();
    match ending {
        "json" => false,
        "sql" => line.starts_with("--"),
        "xml" => line.starts_with("<!--"),
        _ => line.starts_with(['#', ';']) || line.starts_with("//"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_words() {
        let all = |line| words(line).collect::<Vec<_>>();
        assert_eq!(
            all(r#""domains": ["acme-prod", "x y"],"#),
            ["domains", "acme-prod", "x y"]
        );
        assert_eq!(all("TENANT=acme # x"), ["TENANT", "acme", "x"]);
        assert_eq!(all("IN ('acme', 'globex')"), ["IN", "acme", "globex"]);
    }

    #[test]
    fn comments_say_nothing() {
        assert!(is_comment("yaml", "  # acme") && is_comment("sql", "-- acme"));
        assert!(!is_comment("json", "# acme") && !is_comment("yml", "name: acme"));
    }
}
