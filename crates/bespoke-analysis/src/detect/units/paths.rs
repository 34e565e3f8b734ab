//! Folders and files named for a customer.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::{ExprKind, RepoPath, Span};

use super::{Named, Singled, in_capitals, within_name};
use crate::{
    Evidence, PointKind,
    detect::{Context, atoms::Written, points::Draft, vocab::Vocab},
};

/// How many siblings named for known subjects make a folder a cohort.
const COHORT: usize = 3;

/// Endings of files that hold no behaviour: a customer's logo is no code of its own.
const ASSETS: [&str; 22] = [
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "avif", "bmp", "woff", "woff2", "ttf",
    "otf", "eot", "mp3", "mp4", "webm", "mov", "pdf", "zip", "gz", "lock",
];
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

/// Folders and files named for a subject; the outermost only.
pub(super) fn paths(context: &Context<'_>, singled: &Singled) -> BTreeMap<String, Named> {
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
                        context.known(axis, text).is_some()
                            && (singled.on(&full, axis, text).next().is_some()
                                || text.len() >= 4 && in_capitals(stem, text)
                                || *is_file && serves_only(context, singled, &full, axis, text))
                    };
                    let held = within_name(context, stem, &here);
                    let held = held.map(|(axis, name)| Named {
                        axis,
                        name,
                        confidence: 75,
                        why: format!("the {what}'s name holds it"),
                    });
                    let plain = (!context.is_noise(stem)
                        || context.listed.contains(&(0, Vocab::fold(stem))))
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

/// Whether all that use what a file gives do so where the subject is singled out.
fn serves_only(
    context: &Context<'_>,
    singled: &Singled,
    path: &str,
    axis: usize,
    text: &str,
) -> bool {
    let mut uses = 0;
    for (file, source) in context.model.files() {
        let facts = &source.facts;
        for (at, import) in facts.imports.iter().enumerate() {
            let target = context.model.source_of(file, at);
            if target.is_none_or(|target| context.path(target).as_str() != path) {
                continue;
            }
            // Loaded or passed on as a whole: who uses it is not seen here.
            let Some(local) = import.local else {
                return false;
            };
            for (_, expr) in facts.all_exprs() {
                if !matches!(expr.kind, ExprKind::Name(name) if name == local) {
                    continue;
                }
                if !singled.guards(source.path.as_str(), axis, text, expr.span) {
                    return false;
                }
                uses += 1;
            }
        }
    }
    uses > 0
}

/// A folder without the part that only says that what it holds is old: `custom/_legacy` is `custom`.
pub(crate) fn shelf(folder: &str) -> &str {
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

pub(super) fn whole(context: &Context<'_>, path: &str, named: &Named) -> Draft {
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
