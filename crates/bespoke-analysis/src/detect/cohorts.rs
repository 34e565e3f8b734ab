//! Customers by the company they keep: folders beside theirs, values beside theirs, names that begin like theirs.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::{ExprId, ExprKind, FileFacts};

use super::{
    Context,
    units::shelf,
    vocab::{Vocab, split_words},
};

/// How many known customers make what is like them one too.
const COHORT: usize = 3;
/// How sure a name is that is known by its company.
const CONFIDENCE: u8 = 60;

/// Folders that hold a folder for each customer.
const CUSTOM: [&str; 9] = [
    "custom",
    "customs",
    "customer",
    "customers",
    "tenant",
    "tenants",
    "client",
    "clients",
    "customizations",
];
/// Folders in them that hold what all share.
const NO_CUSTOMER: [&str; 22] = [
    "common",
    "shared",
    "base",
    "core",
    "utils",
    "util",
    "lib",
    "api",
    "apps",
    "reports",
    "tests",
    "templates",
    "static",
    "config",
    "configs",
    "models",
    "views",
    "components",
    "types",
    "hooks",
    "docs",
    "legacy",
];

/// Adds to `known` what stands among the known.
pub(super) fn extend(context: &mut Context<'_>) {
    for (axis, name) in slots(context) {
        let key = (axis, Vocab::fold(&name));
        context.know_of(axis, key.1.clone(), CONFIDENCE);
        if is_compound(&name) {
            context.spelled.entry(key).or_insert(name);
        }
    }
    for name in folders(context) {
        context.know_of(0, name, CONFIDENCE);
    }
    for (axis, name) in families(context) {
        context.know_of(axis, name.clone(), CONFIDENCE);
        context.families.insert((axis, name));
    }
    abbreviate(context);
}

/// Notes first words of known names.
fn abbreviate(context: &mut Context<'_>) {
    let mut found: BTreeMap<(usize, String), &String> = BTreeMap::new();
    for ((axis, fold), spelled) in &context.spelled {
        let words = split_words(spelled);
        let Some(first) = words.first().filter(|_| words.len() > 1) else {
            continue;
        };
        let is_known = context
            .known
            .get(&(*axis, fold.clone()))
            .is_some_and(|sure| *sure >= context.settings.min_confidence);
        let tells = first.len() >= 3
            && !super::words::is_common(first)
            && !context.is_noise(first)
            && context.known(*axis, first).is_none();
        if is_known && tells {
            let shortest = found.entry((*axis, first.clone())).or_insert(spelled);
            if spelled.len() < shortest.len() {
                *shortest = spelled;
            }
        }
    }
    let found: Vec<_> = found
        .into_iter()
        .map(|(key, name)| (key, name.clone()))
        .collect();
    context.abbreviations.extend(found);
}

fn is_compound(name: &str) -> bool {
    name.contains(['-', '_', '.'])
}

/// First words that several known names share: `acme` of `acme-eu`, `acme-us` and `acme-test`.
fn families(context: &Context<'_>) -> BTreeSet<(usize, String)> {
    let mut members: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for ((axis, fold), spelled) in &context.spelled {
        let is_known = context
            .known
            .get(&(*axis, fold.clone()))
            .is_some_and(|sure| *sure >= context.settings.min_confidence);
        let words = split_words(spelled);
        if let Some(first) = words.first().filter(|_| is_known && words.len() > 1) {
            *members.entry((*axis, first.clone())).or_default() += 1;
        }
    }
    members
        .into_iter()
        .filter(|((_, name), count)| {
            *count >= COHORT
                && name.len() >= 3
                && !super::words::is_common(name)
                && !context.is_noise(name)
                && !context.refused(name)
        })
        .map(|(key, _)| key)
        .collect()
}

/// Values of an argument or property that lists customers elsewhere: `always_on={"acme"}`. Its name must say that it
/// is about tenants, or be of several words, so that it hardly means something else at another call.
fn slots(context: &Context<'_>) -> BTreeSet<(usize, String)> {
    let mut held: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, source) in context.model.files() {
        let facts = &source.facts;
        for (_, expr) in facts.all_exprs() {
            let ExprKind::Entry { key, value } = expr.kind else {
                continue;
            };
            let ExprKind::Str(name) = facts.expr(key).kind else {
                continue;
            };
            let texts = listed(facts, value);
            if !texts.is_empty() {
                held.entry(facts.name(name)).or_default().extend(texts);
            }
        }
    }
    let mut found = BTreeSet::new();
    for (slot, texts) in held {
        let compound = slot.len() >= 8 && split_words(slot).len() >= 2;
        if !compound && context.vocab.subject(slot) < 70 {
            continue;
        }
        let of_axis = |axis: usize, text: &str| {
            let sure = |name: &str| {
                context
                    .known(axis, name)
                    .is_some_and(|sure| sure >= context.settings.min_confidence)
            };
            sure(text) && context.is_distinctive(text)
        };
        for axis in 0..context.axes.len() {
            let known = texts.iter().filter(|text| of_axis(axis, text)).count();
            if known < COHORT || known * 2 < texts.len() {
                continue;
            }
            let others = texts.iter().filter(|text| {
                text.len() >= 3
                    && !text.contains(' ')
                    && !context.is_noise(text)
                    && !context.refused(text)
            });
            found.extend(others.map(|text| (axis, (*text).to_owned())));
        }
    }
    found
}

/// The texts of a list, set or tuple that holds nothing else.
fn listed(facts: &FileFacts, value: ExprId) -> Vec<&str> {
    let items = match facts.expr(value).kind {
        ExprKind::List(items) => items,
        // `frozenset(["a"])`, `new Set(["a"])`.
        ExprKind::Call { args, .. } if args.len() == 1 => {
            return facts
                .list(args)
                .first()
                .filter(|it| matches!(facts.expr(**it).kind, ExprKind::List(_)))
                .map_or_else(Vec::new, |it| listed(facts, *it));
        }
        _ => return Vec::new(),
    };
    let texts: Option<Vec<&str>> = facts
        .list(items)
        .iter()
        .map(|item| match facts.expr(*item).kind {
            ExprKind::Str(text) => Some(facts.name(text)),
            _ => None,
        })
        .collect();
    texts.unwrap_or_default()
}

/// Folders in a folder that is named for customers' code (`custom/`) and holds code of customers that are known.
fn folders(context: &Context<'_>) -> BTreeSet<String> {
    let mut held: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, file) in context.model.files() {
        let path = file.path.as_str();
        let mut at = 0;
        while let Some(slash) = path[at..].find('/').map(|slash| at + slash) {
            let (folder, inner) = (&path[..slash], &path[slash + 1..]);
            let around = shelf(folder);
            let name = around.rsplit('/').next().unwrap_or(around);
            if let Some((child, _)) = inner.split_once('/')
                && CUSTOM.contains(&name)
            {
                held.entry(around).or_default().insert(child);
            }
            at = slash + 1;
        }
    }
    let mut found = BTreeSet::new();
    for children in held.values() {
        let known = |name: &&&str| context.known(0, name).is_some();
        if children.iter().filter(known).count() < 2 {
            continue;
        }
        let names = children.iter().filter(|name| {
            !NO_CUSTOMER.contains(*name)
                && !name.starts_with(['_', '.'])
                && !context.is_noise(name)
                && !context.refused(name)
        });
        found.extend(names.map(|name| Vocab::fold(name)));
    }
    found
}
