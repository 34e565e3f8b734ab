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

/// Names of what a folder holds and whether each is a file, with how many files make it be there.
pub(crate) type Names = BTreeMap<(String, bool), u32>;

/// Folders and files named for a subject; the outermost only.
pub(super) fn paths(context: &Context<'_>, singled: &Singled) -> BTreeMap<String, Named> {
    let mut held: BTreeMap<String, Names> = BTreeMap::new();
    for path in &context.model.set.paths {
        hold(&mut held, path, true, |_| ());
    }
    let named = held.iter().map(|(folder, names)| {
        let mut signs = false;
        (
            folder.as_str(),
            of_folder(context, singled, folder, names, &mut signs),
        )
    });
    outermost(named)
}

/// Puts a path into the folders that hold it, or takes it out; tells the folders whose names change by that.
pub(crate) fn hold(
    held: &mut BTreeMap<String, Names>,
    path: &RepoPath,
    is_there: bool,
    mut tell: impl FnMut(&str),
) {
    let ending = path.file_name().rsplit_once('.').map(|(_, ending)| ending);
    if ending.is_some_and(|ending| ASSETS.contains(&ending)) {
        return;
    }
    let text = path.as_str();
    let mut start = 0;
    loop {
        let slash = text[start..].find('/').map(|slash| start + slash);
        let folder = text[..start].trim_end_matches('/');
        let name = (
            text[start..slash.unwrap_or(text.len())].to_owned(),
            slash.is_none(),
        );
        let names = match held.get_mut(folder) {
            Some(names) => names,
            None => held.entry(folder.to_owned()).or_default(),
        };
        let count = names.entry(name.clone()).or_default();
        if is_there {
            *count += 1;
            if *count == 1 {
                tell(folder);
            }
        } else {
            *count = count.saturating_sub(1);
            if *count == 0 {
                tell(folder);
                names.remove(&name);
                if names.is_empty() {
                    held.remove(folder);
                }
            }
        }
        let Some(slash) = slash else { return };
        start = slash + 1;
    }
}

/// The outermost units, of those of all folders by the folders' paths.
pub(crate) fn outermost<'f>(
    folders: impl Iterator<Item = (&'f str, Vec<(String, Named)>)>,
) -> BTreeMap<String, Named> {
    let mut units: BTreeMap<String, Named> = BTreeMap::new();
    for (folder, named) in folders {
        if !named.is_empty() && !covered(&units, folder) {
            units.extend(named);
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

/// What a folder holds that is named for a subject. `signs` becomes true where that depends on more than names.
pub(crate) fn of_folder(
    context: &Context<'_>,
    singled: &Singled,
    folder: &str,
    names: &Names,
    signs: &mut bool,
) -> Vec<(String, Named)> {
    let mut units = Vec::new();
    let signs = std::cell::Cell::from_mut(signs);
    {
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
            .keys()
            .filter_map(|(name, is_file)| exact(name, *is_file))
            .map(|(_, stem, _)| Vocab::fold(&stem))
            .collect();
        let stems: BTreeSet<&str> = names
            .keys()
            .map(|(name, _)| name.split('.').next().unwrap_or(name))
            .collect();
        let is_cohort =
            siblings.len() >= COHORT && siblings.len() * 100 >= stems.len() * COHORT_SHARE;
        let cohort_word = shelf(folder)
            .rsplit('/')
            .next()
            .is_some_and(|name| context.vocab.is_cohort_dir(name));
        for (name, is_file) in names.keys() {
            let full: String = if folder.is_empty() {
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
                        signs.set(true);
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
                units.push((full, named));
            }
        }
    }
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
    let Some(given) = context.model.find(path) else {
        return false;
    };
    for file in context.model.importers(given) {
        let source = context.model.source(file);
        let facts = &source.facts;
        for (at, import) in facts.imports.iter().enumerate() {
            let target = context.model.source_of(file, at);
            if target != Some(given) {
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

pub(crate) fn whole(context: &Context<'_>, path: &str, named: &Named) -> Draft {
    let file = context.model.find(path);
    let span = file.map_or_else(Span::default, |file| {
        let source = context.model.source(file);
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
        file,
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
