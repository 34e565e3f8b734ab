//! Code and data that carry a customer's name: folders, files, declarations, literals, and imports of them.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use bespoke_facts::{ExprKind, FileFacts, Span};

mod declared;
mod literals;
mod paths;

pub(super) use self::paths::{Names, hold, of_folder, outermost, shelf, whole};
use self::{declared::declarations, literals::data};
use super::{
    Context,
    atoms::Written,
    points::{Draft, test_regions},
    vocab::{Vocab, split_words},
};
use crate::{Evidence, FileId, PointKind, SourceFile};

/// A subject's name in a path or identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    axis: usize,
    name: String,
    confidence: u8,
    why: String,
}

/// Units, data and dependencies of every known subject.
pub(super) fn units(context: &Context<'_>, branches: &[Draft]) -> Vec<Draft> {
    if context.known.is_empty() {
        return Vec::new();
    }
    let mut drafts = Vec::new();
    let singled = Singled::new(context, branches);
    let paths = paths::paths(context, &singled);
    for (path, named) in &paths {
        drafts.push(whole(context, path, named));
    }
    let mut conditions: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
    for draft in branches
        .iter()
        .filter(|draft| draft.kind == PointKind::Branch)
    {
        if let Some(file) = draft.file {
            conditions.entry(file).or_default().push(draft.span);
        }
    }
    for (file, source) in context.files() {
        let conditions = conditions.get(&file).map_or(&[][..], Vec::as_slice);
        drafts.extend(of_file(context, file, source, &paths, &singled, conditions));
    }
    drafts
}

/// The outermost unit that holds a path.
pub(super) fn inside<'p>(
    paths: &'p BTreeMap<String, Named>,
    path: &str,
) -> Option<(&'p String, &'p Named)> {
    let mut at = path;
    let mut found = None;
    loop {
        found = paths.get_key_value(at).or(found);
        match at.rsplit_once('/') {
            Some((up, _)) => at = up,
            None => return found,
        }
    }
}

/// Units in a file, its data, and its imports of units.
pub(super) fn of_file(
    context: &Context<'_>,
    file: FileId,
    source: &SourceFile,
    paths: &BTreeMap<String, Named>,
    singled: &Singled,
    conditions: &[Span],
) -> Vec<Draft> {
    let unit = inside(paths, source.path.as_str());
    let mut taken: Vec<Span> = test_regions(&source.facts);
    taken.extend(conditions);
    if let Some((unit, _)) = unit {
        // In its own folder the folder's name is that of a module, and every text may speak of it.
        let own = Vocab::fold(unit.rsplit('/').next().unwrap_or(unit));
        let mut drafts = data(context, file, source, &taken, false);
        drafts.retain(|draft| draft.written.iter().any(|it| Vocab::fold(&it.name) != own));
        return drafts;
    }
    let mut drafts = dependencies(context, file, source, &|path| inside(paths, path));
    let declared = declarations(context, file, source, singled);
    taken.extend(named_wholly(&source.facts, &declared));
    drafts.extend(declared);
    drafts.extend(data(context, file, source, &taken, true));
    drafts
}

/// Declarations in which no literal says more than the name does: all but constants that hold several values.
fn named_wholly(facts: &FileFacts, declared: &[Draft]) -> Vec<Span> {
    let holds_more = |span: Span| {
        facts.bindings.iter().any(|binding| {
            binding.span.start == span.start
                && binding.value.is_some_and(|value| {
                    matches!(
                        facts.expr(value).kind,
                        ExprKind::Call { .. } | ExprKind::Object(_)
                    )
                })
        })
    };
    let spans = declared.iter().map(|draft| draft.span);
    spans.filter(|span| !holds_more(*span)).collect()
}

/// A condition that singles subjects out.
#[derive(Debug)]
struct Spot {
    span: Span,
    /// What it guards.
    regions: Vec<Span>,
    /// Axis and folded name.
    names: BTreeSet<(usize, String)>,
}

/// The conditions of each file that single subjects out.
#[derive(Debug, Default)]
pub(crate) struct Singled(BTreeMap<String, Vec<Spot>>);

impl Singled {
    fn new(context: &Context<'_>, branches: &[Draft]) -> Self {
        let mut singled = Self::default();
        singled.add(context, branches);
        singled
    }

    /// Forgets the conditions of a file.
    pub(super) fn forget(&mut self, path: &str) {
        self.0.remove(path);
    }

    /// Takes in the conditions among some drafts.
    pub(super) fn add(&mut self, context: &Context<'_>, drafts: &[Draft]) {
        for draft in drafts
            .iter()
            .filter(|draft| draft.kind == PointKind::Branch)
        {
            let Some(axis) = context
                .axes
                .iter()
                .position(|axis| axis.name == draft.dimension)
            else {
                continue;
            };
            let names = draft
                .written
                .iter()
                .map(|it| (axis, Vocab::fold(&it.name)))
                .collect();
            self.0
                .entry(draft.path.as_str().to_owned())
                .or_default()
                .push(Spot {
                    span: draft.span,
                    regions: draft.regions.clone(),
                    names,
                });
        }
    }

    /// The conditions on a subject in a file.
    fn on<'s>(&'s self, path: &str, axis: usize, text: &'s str) -> impl Iterator<Item = &'s Spot> {
        let spots = self.0.get(path).map_or(&[][..], Vec::as_slice);
        spots
            .iter()
            .filter(move |spot| spot.names.iter().any(|it| it.0 == axis && it.1 == text))
    }

    /// Whether a place lies in what a condition on a subject guards.
    fn guards(&self, path: &str, axis: usize, text: &str, place: Span) -> bool {
        self.on(path, axis, text)
            .any(|spot| spot.regions.iter().any(|it| it.contains(place)))
    }
}

/// Some words of a name that may mean a subject.
#[derive(Debug)]
pub(crate) struct Meaning {
    axis: usize,
    /// The words as they are written together.
    text: String,
    /// The subject's name.
    name: String,
    /// Nothing else needs to say so.
    sure: bool,
}

/// How many names' meanings are remembered.
const MAX_MEANINGS: usize = 1 << 16;

/// A subject among the words of a name or text: `useHasGlobexBadge`. A common word or an abbreviation counts where
/// `here` says that the place singles that subject out.
fn within_name(
    context: &Context<'_>,
    name: &str,
    here: &dyn Fn(usize, &str) -> bool,
) -> Option<(usize, String)> {
    if !context.may_name(name) {
        return None;
    }
    let known = context.meanings.borrow().get(name).cloned();
    let meanings = known.unwrap_or_else(|| {
        let found: Rc<[Meaning]> = meanings(context, name).into();
        let mut known = context.meanings.borrow_mut();
        if known.len() >= MAX_MEANINGS {
            known.clear();
        }
        known.insert(name.into(), Rc::clone(&found));
        found
    });
    meanings
        .iter()
        .find(|it| it.sure || here(it.axis, &it.text))
        .map(|it| (it.axis, it.name.clone()))
}

/// What the words of a name may mean, to the first that is sure.
fn meanings(context: &Context<'_>, name: &str) -> Vec<Meaning> {
    let words = split_words(name);
    let mut found: Vec<Meaning> = Vec::new();
    for axis in 0..context.axes.len() {
        // The longest run of words first: one customer's name may hold another's.
        for length in (1..=words.len().min(4)).rev() {
            for run in words.windows(length) {
                let text = run.concat();
                let (name, sure) = if context.known(axis, &text).is_none() {
                    let full = (length == 1).then(|| context.abbreviated(axis, &text));
                    let Some((full, needs_sign)) = full.flatten() else {
                        continue;
                    };
                    (full, !needs_sign)
                } else if context.refused(&text) {
                    continue;
                } else {
                    let sure = context.is_distinctive(&text)
                        || context.families.contains(&(axis, text.clone()));
                    (run.join("-"), sure)
                };
                found.push(Meaning {
                    axis,
                    text,
                    name,
                    sure,
                });
                if sure {
                    return found;
                }
            }
        }
    }
    found
}

/// Whether a text that is not all in capitals writes a word so, as a proper name among common words: `HOPE`.
fn in_capitals(text: &str, word: &str) -> bool {
    /// Words of SQL, in whose capitals lies no name.
    const SQL: [&str; 5] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE "];
    let least = if super::words::is_common(word) { 4 } else { 3 };
    word.len() >= least
        && text.contains(char::is_lowercase)
        && text.contains(&word.to_uppercase())
        && !SQL.iter().any(|it| text.contains(it))
}

/// Imports of a unit by code that is in none.
fn dependencies<'p>(
    context: &Context<'_>,
    file: FileId,
    source: &SourceFile,
    inside: &impl Fn(&str) -> Option<(&'p String, &'p Named)>,
) -> Vec<Draft> {
    let facts = &source.facts;
    let mut drafts: Vec<Draft> = Vec::new();
    for (at, import) in facts.imports.iter().enumerate() {
        let Some(target) = context.model.source_of(file, at) else {
            continue;
        };
        let path = context.path(target);
        let Some((unit, named)) = inside(path.as_str()) else {
            continue;
        };
        if drafts.last().is_some_and(|draft| draft.span == import.span) {
            continue;
        }
        drafts.push(Draft {
            lines: None,
            file: Some(file),
            path: source.path.clone(),
            kind: PointKind::Dependency,
            dimension: context.axes[named.axis].name.clone(),
            written: vec![Written {
                name: named.name.clone(),
                alias: None,
                number: false,
            }],
            span: import.span,
            regions: Vec::new(),
            open: false,
            function: None,
            confidence: named.confidence,
            evidence: vec![Evidence {
                rule: "imports-unit",
                text: format!("loads `{path}`, part of the unit `{unit}`"),
                at: Some((source.path.clone(), facts.lines.line(import.span.start))),
            }],
            text: facts.name(import.source).to_owned(),
        });
    }
    drafts
}
