//! The key that an evaluation names.

use bespoke_facts::{CallForm, ExprId, ExprKind, FileFacts};

use super::{
    super::sdks::{FlagCall, Place, fits},
    FlagKey,
};
use crate::link::last_name;

/// Methods that give the same text in another type.
const SAME_TEXT: [&str; 5] = ["into", "to_string", "to_owned", "as_str", "toString"];
/// How deep lists and objects are followed.
const DEPTH: u32 = 8;

/// The keys of a call, each with the expression that stands for its evaluation where that is not the call itself.
pub(super) fn keys(
    facts: &FileFacts,
    call: &FlagCall,
    callee: ExprId,
    args: &[ExprId],
) -> Vec<(Option<ExprId>, FlagKey)> {
    let found = call.key.0.iter().find_map(|place| {
        let keys = at(facts, place, callee, args);
        (!keys.is_empty()).then_some(keys)
    });
    let mut keys = found.unwrap_or_default();
    if !call.keys.is_empty() {
        keys.retain(|(_, key)| is_allowed(facts, &call.keys, key));
    }
    keys
}

fn at(
    facts: &FileFacts,
    place: &Place,
    callee: ExprId,
    args: &[ExprId],
) -> Vec<(Option<ExprId>, FlagKey)> {
    let one = |id: Option<ExprId>| {
        id.and_then(|id| of(facts, id))
            .map(|key| (None, key))
            .into_iter()
            .collect()
    };
    match place {
        Place::Position(at) => one(args.get(*at).copied()),
        Place::FirstConstant => one(first_constant(facts, args)),
        Place::List => {
            let is_list = |arg: &&ExprId| matches!(facts.expr(**arg).kind, ExprKind::List(_));
            one(args.iter().find(is_list).copied())
        }
        Place::Named(name) => one(args.iter().find_map(|arg| entry(facts, *arg, name))),
        Place::Object(path) => {
            let mut values = Vec::new();
            for arg in args {
                follow(facts, *arg, path, DEPTH, &mut values);
            }
            several(facts, values)
        }
        Place::Keys => {
            let objects = args.iter().filter_map(|arg| match facts.expr(*arg).kind {
                ExprKind::Object(items) => Some(facts.list(items)),
                _ => None,
            });
            let names = objects
                .flatten()
                .filter_map(|item| match facts.expr(*item).kind {
                    ExprKind::Entry { key, .. } => Some(key),
                    _ => None,
                });
            several(facts, names.collect())
        }
        Place::Name => name_of(facts, callee),
        Place::Receiver => match facts.expr(callee).kind {
            ExprKind::Member { object, .. } => name_of(facts, object),
            _ => Vec::new(),
        },
        Place::Result(_) => Vec::new(),
    }
}

/// An expression as a key, unless it is of a type that no key has.
fn of(facts: &FileFacts, id: ExprId) -> Option<FlagKey> {
    let id = plain(facts, id);
    match facts.expr(id).kind {
        ExprKind::Entry { .. }
        | ExprKind::Object(_)
        | ExprKind::Function(_)
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::Null => None,
        ExprKind::Call {
            form: CallForm::New,
            ..
        } => None,
        ExprKind::Template(_) => Some(FlagKey::Dynamic),
        _ => Some(FlagKey::Expr(id)),
    }
}

/// `"key"` of `"key".into()`.
fn plain(facts: &FileFacts, id: ExprId) -> ExprId {
    if let ExprKind::Call { callee, args, .. } = facts.expr(id).kind
        && args.is_empty()
        && let ExprKind::Member { object, name } = facts.expr(callee).kind
        && SAME_TEXT.contains(&facts.name(name))
    {
        return object;
    }
    id
}

/// Values that a call names: the first stands for the call, the others for themselves.
fn several(facts: &FileFacts, values: Vec<ExprId>) -> Vec<(Option<ExprId>, FlagKey)> {
    let keys = values
        .into_iter()
        .filter_map(|value| Some((value, of(facts, value)?)));
    keys.enumerate()
        .map(|(at, (value, key))| ((at > 0).then_some(value), key))
        .collect()
}

fn name_of(facts: &FileFacts, id: ExprId) -> Vec<(Option<ExprId>, FlagKey)> {
    let name = last_name(facts, id);
    if name.is_empty() {
        return Vec::new();
    }
    vec![(None, FlagKey::Text(name.to_owned()))]
}

fn first_constant(facts: &FileFacts, args: &[ExprId]) -> Option<ExprId> {
    let is_constant = |arg: &&ExprId| match facts.expr(**arg).kind {
        ExprKind::Str(text) => looks_like_key(facts.name(text)),
        ExprKind::Member { object, .. } => {
            last_name(facts, object).starts_with(|char: char| char.is_ascii_uppercase())
        }
        _ => false,
    };
    let is_name = |arg: &&ExprId| matches!(facts.expr(**arg).kind, ExprKind::Name(_));
    let constant = args.iter().find(is_constant);
    constant.or_else(|| args.iter().find(is_name)).copied()
}

fn looks_like_key(text: &str) -> bool {
    (1..=100).contains(&text.len()) && !text.contains(char::is_whitespace)
}

/// The value of an entry of that name.
pub(crate) fn entry(facts: &FileFacts, id: ExprId, name: &str) -> Option<ExprId> {
    let ExprKind::Entry { key, value } = facts.expr(id).kind else {
        return None;
    };
    let ExprKind::Str(own) = facts.expr(key).kind else {
        return None;
    };
    (facts.name(own) == name).then_some(value)
}

/// Values at a path of property names, through lists and struct literals.
fn follow(facts: &FileFacts, id: ExprId, path: &[String], depth: u32, values: &mut Vec<ExprId>) {
    if depth == 0 {
        return;
    }
    let inner = match facts.expr(id).kind {
        ExprKind::List(items) => items,
        ExprKind::Call {
            args,
            form: CallForm::New,
            ..
        } => args,
        ExprKind::Object(items) => {
            let Some((name, rest)) = path.split_first() else {
                return;
            };
            for item in facts.list(items) {
                let Some(value) = entry(facts, *item, name) else {
                    continue;
                };
                if rest.is_empty() {
                    values.push(value);
                } else {
                    follow(facts, value, rest, depth - 1, values);
                }
            }
            return;
        }
        _ => return,
    };
    for item in facts.list(inner) {
        follow(facts, *item, path, depth - 1, values);
    }
}

/// Whether a key looks as a row asks for; one that is not written out does not.
fn is_allowed(facts: &FileFacts, patterns: &[String], key: &FlagKey) -> bool {
    let text = match key {
        FlagKey::Text(text) => text.clone(),
        FlagKey::Expr(id) => match facts.expr(*id).kind {
            ExprKind::Str(text) => facts.name(text).to_owned(),
            ExprKind::Member { object, name } => {
                format!("{}.{}", last_name(facts, object), facts.name(name))
            }
            _ => return false,
        },
        FlagKey::Dynamic => return false,
    };
    patterns.iter().any(|pattern| fits(pattern, &text))
}
