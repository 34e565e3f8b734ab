//! Code and data that carry a customer's name: folders, files, declarations, literals, and imports of them.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::{DefinitionKind, ExprKind, RepoPath, Span};

use super::{
    Context,
    atoms::Written,
    points::{Draft, function_at, test_regions, within},
    vocab::{Vocab, split_words},
};
use crate::{Evidence, FileId, PointKind, SourceFile};

/// How many siblings named for known subjects make a folder a cohort.
const COHORT: usize = 3;

/// Endings of files that hold no behaviour: a customer's logo is no code of its own.
const ASSETS: [&str; 22] = [
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "avif", "bmp", "woff", "woff2", "ttf",
    "otf", "eot", "mp3", "mp4", "webm", "mov", "pdf", "zip", "gz", "lock",
];
/// Longest text in which a customer's name is looked for, in bytes.
const PROSE: usize = 300;
/// Names that a folder of customers holds beside them.
const NO_SUBJECT: [&str; 24] = [
    "__init__",
    "api",
    "apps",
    "reports",
    "docs",
    "templates",
    "static",
    "tests",
    "index",
    "mod",
    "lib",
    "main",
    "types",
    "type",
    "shared",
    "common",
    "base",
    "utils",
    "util",
    "helpers",
    "factory",
    "config",
    "readme",
    "README",
];
/// Share of a folder's names, in percent, that must be known subjects for the others to be taken for some too.
const COHORT_SHARE: usize = 60;

/// A subject's name in a path or identifier.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Named {
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
    let singled = singled_out(context, branches);
    let paths = paths(context, &singled);
    for (path, named) in &paths {
        drafts.push(whole(context, path, named));
    }
    let inside = |path: &str| {
        paths.iter().find(|(unit, _)| {
            path == unit.as_str()
                || path
                    .strip_prefix(unit.as_str())
                    .is_some_and(|rest| rest.starts_with('/'))
        })
    };
    let mut conditions: BTreeMap<FileId, Vec<Span>> = BTreeMap::new();
    for draft in branches
        .iter()
        .filter(|draft| draft.kind == PointKind::Branch)
    {
        if let Some(file) = draft.file {
            conditions.entry(file).or_default().push(draft.span);
        }
    }
    for (file, source) in context.model.files() {
        let unit = inside(source.path.as_str());
        if unit.is_none() {
            drafts.extend(dependencies(context, file, source, &inside));
            let declared = declarations(context, file, source, &singled);
            let mut taken: Vec<Span> = declared.iter().map(|draft| draft.span).collect();
            drafts.extend(declared);
            taken.extend(conditions.get(&file).into_iter().flatten());
            taken.extend(test_regions(&source.facts));
            drafts.extend(data(context, file, source, &taken));
        } else {
            let mut taken: Vec<Span> = test_regions(&source.facts);
            taken.extend(conditions.get(&file).into_iter().flatten());
            // In its own folder the folder's name is that of a module.
            let own = unit.map_or("", |(path, _)| path.rsplit('/').next().unwrap_or(path));
            let own = Vocab::fold(own);
            drafts.extend(
                data(context, file, source, &taken)
                    .into_iter()
                    .filter(|draft| draft.written.iter().any(|it| Vocab::fold(&it.name) != own)),
            );
        }
    }
    drafts
}

/// Where in each file which subjects are singled out: axis and folded name.
type Singled = BTreeMap<String, Vec<(Span, BTreeSet<(usize, String)>)>>;

fn singled_out(context: &Context<'_>, branches: &[Draft]) -> Singled {
    let mut singled = Singled::new();
    for draft in branches
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
        singled
            .entry(draft.path.as_str().to_owned())
            .or_default()
            .push((draft.span, names));
    }
    singled
}

/// Folders and files named for a subject; the outermost only.
fn paths(context: &Context<'_>, singled: &Singled) -> BTreeMap<String, Named> {
    // For each folder, the names of what it holds.
    let mut held: BTreeMap<String, BTreeSet<(String, bool)>> = BTreeMap::new();
    for path in &context.model.set.paths {
        if path
            .file_name()
            .rsplit_once('.')
            .is_some_and(|(_, ending)| ASSETS.contains(&ending))
        {
            continue;
        }
        let parts: Vec<&str> = path.parts().collect();
        let mut folder = String::new();
        for (at, part) in parts.iter().enumerate() {
            let is_file = at + 1 == parts.len();
            held.entry(folder.clone())
                .or_default()
                .insert(((*part).to_owned(), is_file));
            if !folder.is_empty() {
                folder.push('/');
            }
            folder.push_str(part);
        }
    }
    let mut units: BTreeMap<String, Named> = BTreeMap::new();
    for (folder, names) in &held {
        if covered(&units, folder) {
            continue;
        }
        let exact = |name: &str, is_file: bool| {
            let stem = if is_file {
                name.split('.').next().unwrap_or(name)
            } else {
                name
            };
            (0..context.axes.len()).find_map(|axis| {
                let told = context.known(axis, stem)?;
                (!stem.is_empty() && !context.refused(stem)).then(|| (axis, stem.to_owned(), told))
            })
        };
        let siblings: BTreeSet<String> = names
            .iter()
            .filter_map(|(name, is_file)| exact(name, *is_file))
            .map(|(_, stem, _)| Vocab::fold(&stem))
            .collect();
        let stems: BTreeSet<&str> = names
            .iter()
            .map(|(name, _)| name.split('.').next().unwrap_or(name))
            .collect();
        let is_cohort =
            siblings.len() >= COHORT && siblings.len() * 100 >= stems.len() * COHORT_SHARE;
        let cohort_word = shelf(folder)
            .rsplit('/')
            .next()
            .is_some_and(|name| context.vocab.is_cohort_dir(name));
        for (name, is_file) in names {
            let full = if folder.is_empty() {
                name.clone()
            } else {
                format!("{folder}/{name}")
            };
            let what = if *is_file { "file" } else { "folder" };
            let named = match exact(name, *is_file) {
                Some((axis, stem, told)) => {
                    let confidence = if siblings.len() >= COHORT || cohort_word {
                        told.max(90)
                    } else if context.is_distinctive(&stem) {
                        told.max(70)
                    } else {
                        40
                    };
                    let why = if siblings.len() >= COHORT {
                        format!(
                            "the {what} is named for it, beside {} others named so",
                            siblings.len() - 1
                        )
                    } else {
                        format!("the {what} is named for it")
                    };
                    Some(Named {
                        axis,
                        name: stem,
                        confidence,
                        why,
                    })
                }
                None => {
                    let stem = if *is_file {
                        name.split('.').next().unwrap_or(name)
                    } else {
                        name
                    };
                    let here = |axis, text: &str| {
                        let spots = singled.get(&full).map_or(&[][..], Vec::as_slice);
                        spots
                            .iter()
                            .any(|(_, names)| names.contains(&(axis, text.to_owned())))
                    };
                    let held = within_name(context, stem, &here);
                    let held = held.map(|(axis, name)| Named {
                        axis,
                        name,
                        confidence: 75,
                        why: format!("the {what}'s name holds it"),
                    });
                    let plain = !context.is_noise(stem)
                        && !stem.is_empty()
                        && !NO_SUBJECT.contains(&stem)
                        && !stem.starts_with(['_', '.'])
                        && !is_document(name);
                    held.or_else(|| {
                        (is_cohort && plain && !context.refused(stem)).then(|| Named {
                            axis: 0,
                            name: stem.to_owned(),
                            confidence: 65,
                            why: format!(
                                "the {what} stands among {} named for customers",
                                siblings.len()
                            ),
                        })
                    })
                }
            };
            if let Some(named) = named.filter(|named| named.confidence >= 50) {
                units.insert(full, named);
            }
        }
    }
    // Outermost only: a folder comes before what it holds.
    let all = units.clone();
    units.retain(|path, _| {
        path.rsplit_once('/')
            .is_none_or(|(folder, _)| !covered(&all, folder))
    });
    units
}

/// A folder without the part that only says that what it holds is old: `custom/_legacy` is `custom`.
pub(super) fn shelf(folder: &str) -> &str {
    ["/_legacy", "/legacy", "/archive", "/old"]
        .iter()
        .find_map(|end| folder.strip_suffix(end))
        .unwrap_or(folder)
}

/// Whether a file tells of its folder, and is nothing of its own.
fn is_document(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| matches!(ending, "md" | "rst" | "txt"))
}

fn covered(units: &BTreeMap<String, Named>, folder: &str) -> bool {
    let mut at = folder;
    loop {
        if units.contains_key(at) {
            return true;
        }
        match at.rsplit_once('/') {
            Some((up, _)) => at = up,
            None => return false,
        }
    }
}

/// A distinctive subject among the words of a name: `useHasGlobexBadge`. A common word counts where `here` says that
/// the place singles that subject out.
fn within_name(
    context: &Context<'_>,
    name: &str,
    here: &dyn Fn(usize, &str) -> bool,
) -> Option<(usize, String)> {
    let words = split_words(name);
    for axis in 0..context.axes.len() {
        // The longest run of words first: one customer's name may hold another's.
        for length in (1..=words.len().min(4)).rev() {
            for run in words.windows(length) {
                let text = run.concat();
                // Few words are known, so that is asked first.
                if context.known(axis, &text).is_none() || context.refused(&text) {
                    continue;
                }
                if context.is_distinctive(&text) || here(axis, &text) {
                    return Some((axis, run.join("-")));
                }
            }
        }
    }
    None
}

fn whole(context: &Context<'_>, path: &str, named: &Named) -> Draft {
    let file = context
        .model
        .files()
        .find(|(_, source)| source.path.as_str() == path);
    let span = file.map_or_else(Span::default, |(_, source)| {
        Span::new(
            0,
            source
                .facts
                .lines
                .start_of(source.facts.lines.count())
                .max(1),
        )
    });
    Draft {
        lines: None,
        file: file.map(|(id, _)| id),
        path: RepoPath::new(path),
        kind: PointKind::Unit,
        dimension: context.axes[named.axis].name.clone(),
        written: vec![Written {
            name: named.name.clone(),
            alias: None,
            number: false,
        }],
        span: Span::new(span.start, span.start),
        regions: vec![span],
        open: false,
        function: None,
        confidence: named.confidence,
        evidence: vec![Evidence {
            rule: "named-path",
            text: named.why.clone(),
            at: Some((RepoPath::new(path), 0)),
        }],
        text: path.to_owned(),
    }
}

/// Functions, types and constants with a subject in their name; the outermost only.
fn declarations(
    context: &Context<'_>,
    file: FileId,
    source: &SourceFile,
    singled: &Singled,
) -> Vec<Draft> {
    let facts = &source.facts;
    let tests = test_regions(facts);
    let mut found: Vec<(Span, String, &str)> = Vec::new();
    for definition in &facts.definitions {
        if matches!(
            definition.kind,
            DefinitionKind::Module | DefinitionKind::Extension
        ) {
            continue;
        }
        found.push((
            definition.span,
            facts.name(definition.name).to_owned(),
            "declaration",
        ));
    }
    for binding in &facts.bindings {
        use bespoke_facts::BindingKind;
        let declares = matches!(
            binding.kind,
            BindingKind::Constant | BindingKind::Variable | BindingKind::Field
        );
        let taken = binding
            .value
            .is_some_and(|value| matches!(facts.expr(value).kind, ExprKind::Member { .. }));
        if declares && !taken {
            let end = binding
                .value
                .map_or(binding.span.end, |value| facts.expr(value).span.end);
            found.push((
                Span::new(binding.span.start, end),
                facts.name(binding.name).to_owned(),
                "constant",
            ));
        }
    }
    found.sort_by_key(|(span, name, _)| (span.start, std::cmp::Reverse(span.end), name.clone()));
    let mut drafts: Vec<Draft> = Vec::new();
    for (span, name, what) in found {
        if drafts
            .last()
            .is_some_and(|draft| draft.span.contains(span) || draft.span.end > span.start)
            || within(&tests, span)
        {
            continue;
        }
        let here = |axis, text: &str| {
            let spots = singled
                .get(source.path.as_str())
                .map_or(&[][..], Vec::as_slice);
            spots.iter().any(|(spot, names)| {
                span.contains(*spot) && names.contains(&(axis, text.to_owned()))
            })
        };
        let Some((axis, subject)) = within_name(context, &name, &here) else {
            continue;
        };
        let line = facts.lines.line(span.start);
        drafts.push(Draft {
            lines: None,
            file: Some(file),
            path: source.path.clone(),
            kind: PointKind::Unit,
            dimension: context.axes[axis].name.clone(),
            written: vec![Written {
                name: subject,
                alias: None,
                number: false,
            }],
            span,
            regions: vec![span],
            open: false,
            function: function_at(facts, span),
            confidence: 70,
            evidence: vec![Evidence {
                rule: "named-declaration",
                text: format!("the {what} `{name}` holds its name"),
                at: Some((source.path.clone(), line)),
            }],
            text: name,
        });
    }
    drafts
}

/// Literals that name a subject outside conditions and units; a list of them is one.
fn data(context: &Context<'_>, file: FileId, source: &SourceFile, taken: &[Span]) -> Vec<Draft> {
    let facts = &source.facts;
    let mut found: Vec<(Span, usize, String)> = Vec::new();
    for (_, expr) in facts.all_exprs() {
        let ExprKind::Str(name) = expr.kind else {
            continue;
        };
        let text = facts.name(name);
        if !(3..=PROSE).contains(&text.len()) || within(taken, expr.span) {
            continue;
        }
        // A label or a description that speaks of a customer.
        if text.contains(' ') {
            let named = within_name(context, text, &|_, _| false);
            found.extend(named.map(|(axis, name)| (expr.span, axis, name)));
            continue;
        }
        for axis in 0..context.axes.len() {
            if context.known(axis, text).is_some()
                && context.is_distinctive(text)
                && !context.refused(text)
            {
                found.push((expr.span, axis, text.to_owned()));
                break;
            }
        }
    }
    if found.is_empty() {
        return Vec::new();
    }
    let lists: Vec<Span> = facts
        .all_exprs()
        .filter(|(_, expr)| matches!(expr.kind, ExprKind::List(_) | ExprKind::Object(_)))
        .map(|(_, expr)| expr.span)
        .collect();
    let mut groups: BTreeMap<(Span, usize), Vec<(Span, String)>> = BTreeMap::new();
    for (span, axis, text) in found {
        let list = lists
            .iter()
            .filter(|list| list.contains(span))
            .min_by_key(|list| list.len());
        groups
            .entry((list.copied().unwrap_or(span), axis))
            .or_default()
            .push((span, text));
    }
    let drafts = groups
        .into_iter()
        .map(|((_, axis), mut members)| {
            members.sort();
            let span = members
                .iter()
                .map(|(span, _)| *span)
                .reduce(Span::join)
                .unwrap_or_default();
            let mut written: Vec<Written> = Vec::new();
            for (_, text) in &members {
                let one = Written {
                    name: text.clone(),
                    alias: None,
                    number: false,
                };
                if !written.contains(&one) {
                    written.push(one);
                }
            }
            Draft {
                lines: None,
                file: Some(file),
                path: source.path.clone(),
                kind: PointKind::Data,
                dimension: context.axes[axis].name.clone(),
                written,
                span,
                regions: Vec::new(),
                open: false,
                function: function_at(facts, span),
                confidence: 70,
                evidence: vec![Evidence {
                    rule: "known-name-in-data",
                    text: "a literal outside a condition names it".to_owned(),
                    at: Some((source.path.clone(), facts.lines.line(span.start))),
                }],
                text: members
                    .iter()
                    .take(5)
                    .map(|(_, text)| text.as_str())
                    .collect::<Vec<_>>()
                    .join(", "),
            }
        })
        .collect();
    joined(drafts)
}

/// Neighbouring literals that name the same, as the parts of one text do, are one.
fn joined(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut joined: Vec<Draft> = Vec::new();
    for draft in drafts {
        let line = |draft: &Draft| {
            draft
                .evidence
                .iter()
                .find_map(|step| step.at.as_ref())
                .map(|at| at.1)
        };
        let is_next = joined.last().is_some_and(|last| {
            let near = line(last)
                .zip(line(&draft))
                .is_some_and(|(a, b)| b <= a + 2);
            near && last.written == draft.written
        });
        if !is_next {
            joined.push(draft);
        }
    }
    joined
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
