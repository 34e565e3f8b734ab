//! Flags that are objects of their own: `NEW_CHECKOUT = FeatureFlag("new-checkout")`, asked by
//! `flags.NEW_CHECKOUT.enabled(account)` or `require(flags.NEW_CHECKOUT)`.

use std::collections::BTreeMap;

use bespoke_facts::{BindingKind, CallForm, ExprId, ExprKind, FileFacts, FunctionId, NameId};
use rustc_hash::FxHashMap;

use super::{
    Context,
    checks::{CHANGING, Check, Seen},
    flags::environment::entry,
    points::function_at,
    text::render,
    vocab::split_words,
};
use crate::{
    Evidence, FileId,
    link::{Constant, Target, Text, last_name},
};

/// Last words of types whose objects are flags.
const TYPES: [&str; 8] = [
    "flag",
    "toggle",
    "featureflag",
    "killswitch",
    "gate",
    "experiment",
    "preview",
    "switch",
];
/// Names of the argument that is the key.
const KEYS: [&str; 4] = ["slug", "key", "name", "id"];
/// Words of methods and functions by which a flag is asked.
const ASKING: [&str; 14] = [
    "enabled",
    "enable",
    "active",
    "on",
    "allowed",
    "required",
    "require",
    "requires",
    "check",
    "visible",
    "variation",
    "disabled",
    "flag",
    "toggle",
];

/// Flags by the binding that holds them.
pub(super) type Registry = BTreeMap<(FileId, u32), Text>;

/// Evaluations of flags that are objects.
pub(super) fn checks(context: &Context<'_>, registry: &Registry, seen: &mut Seen) -> Vec<Check> {
    if registry.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (file, source) in context.files() {
        let facts = &source.facts;
        let held = held(context, facts);
        let mut asks: FxHashMap<NameId, bool> = FxHashMap::default();
        for (id, expr) in context.model.asking(file) {
            let ExprKind::Call { callee, args, form } = expr.kind else {
                continue;
            };
            if form == CallForm::Jsx {
                continue;
            }
            let (name, object) = match facts.expr(callee).kind {
                ExprKind::Member { object, name } => (name, Some(object)),
                ExprKind::Name(name) => {
                    let held = held.get(&name).and_then(|known| {
                        let function = function_at(facts, expr.span);
                        known.iter().find(|(scope, ..)| *scope == function)
                    });
                    held.map_or((name, None), |(_, object, name)| (*name, Some(*object)))
                }
                _ => continue,
            };
            let asks = *asks
                .entry(name)
                .or_insert_with(|| is_question(context, facts.name(name)));
            if !asks || seen.contains(&(file, expr.span)) {
                continue;
            }
            let function = function_at(facts, expr.span);
            let mut flags: Vec<(ExprId, &Text)> = Vec::new();
            let args = facts.list(args).iter().copied();
            for object in object.into_iter().chain(args) {
                let flag = flag(context, registry, file, object, function);
                flags.extend(flag.map(|flag| (object, flag)));
            }
            let Some((first, _)) = flags.first().copied() else {
                continue;
            };
            seen.insert((file, expr.span));
            let step = Evidence {
                rule: "flag-object-asked",
                text: format!("`{}` is a flag, and is asked here", render(facts, first)),
                at: Some(context.place(file, id)),
            };
            found.push(Check {
                file,
                expr: id,
                keys: flags.into_iter().map(|(_, flag)| flag.clone()).collect(),
                confidence: 90,
                evidence: vec![step],
                joint: false,
            });
        }
    }
    found
}

/// Variables that hold a method by which a flag is asked: `is_on = flags.NEW.enabled`.
fn held(
    context: &Context<'_>,
    facts: &FileFacts,
) -> FxHashMap<NameId, Vec<(Option<FunctionId>, ExprId, NameId)>> {
    let mut held: FxHashMap<NameId, Vec<_>> = FxHashMap::default();
    for binding in &facts.bindings {
        let Some(value) = binding.value else { continue };
        if let ExprKind::Member { object, name } = facts.expr(value).kind
            && is_question(context, facts.name(name))
        {
            let known = held.entry(binding.name).or_default();
            known.push((binding.function, object, name));
        }
    }
    held
}

/// The flag that an expression names.
fn flag<'r>(
    context: &Context<'_>,
    registry: &'r Registry,
    file: FileId,
    id: ExprId,
    function: Option<FunctionId>,
) -> Option<&'r Text> {
    let facts = context.model.facts(file);
    if !matches!(
        facts.expr(id).kind,
        ExprKind::Name(_) | ExprKind::Member { .. }
    ) {
        return None;
    }
    match context.model.target(file, id, function)? {
        Target::Binding(home, at) => registry.get(&(home, at)),
        _ => None,
    }
}

/// `enabled`, `enabled_for_request`, `isActive`; not `set_enabled`, `get_enabled_domains`.
fn is_question(context: &Context<'_>, name: &str) -> bool {
    context.flag_questions.of(name, |name| {
        let words = split_words(name);
        let Some(first) = words.first() else {
            return false;
        };
        words.iter().any(|word| ASKING.contains(&word.as_str()))
            && !CHANGING.contains(&first.as_str())
            && !matches!(first.as_str(), "get" | "list" | "all" | "find" | "clear")
    })
}

/// Constants that hold an object of a type of flags.
pub(super) fn registry(context: &Context<'_>) -> Registry {
    let mut registry = Registry::new();
    for (file, source) in context.files() {
        let facts = &source.facts;
        for (at, binding) in facts.bindings.iter().enumerate() {
            // Constants of a file or a class: what a function holds is made anew each time.
            if binding.function.is_some() || binding.kind == BindingKind::Parameter {
                continue;
            }
            let Some((holder, slug)) = binding.value.and_then(|value| made(facts, value)) else {
                continue;
            };
            let name = facts.name(binding.name);
            let is_constant = name
                .bytes()
                .all(|byte| !byte.is_ascii_lowercase() || binding.owner.is_some());
            if !is_constant {
                continue;
            }
            let constant = Constant {
                holder: holder.to_owned(),
                name: name.to_owned(),
                path: context.path(file),
                line: facts.lines.line(binding.span.start),
            };
            let text = Text {
                text: slug.unwrap_or(name).to_owned(),
                number: false,
                constant: Some(constant),
            };
            registry.insert((file, u32::try_from(at).unwrap_or(u32::MAX)), text);
        }
    }
    registry
}

/// The type of flags that a value is made of, and its key.
fn made(facts: &FileFacts, value: ExprId) -> Option<(&str, Option<&str>)> {
    let ExprKind::Call { callee, args, .. } = facts.expr(value).kind else {
        return None;
    };
    let args = facts.list(args);
    let own = last_name(facts, callee);
    let of = match facts.expr(callee).kind {
        ExprKind::Member { object, .. } => last_name(facts, object),
        _ => "",
    };
    let name = [own, of].into_iter().find(|name| is_type(name))?;
    let text = |id: ExprId| match facts.expr(id).kind {
        ExprKind::Str(text) => Some(facts.name(text)),
        _ => None,
    };
    let named = args.iter().flat_map(|arg| match facts.expr(*arg).kind {
        ExprKind::Object(items) => facts.list(items),
        _ => std::slice::from_ref(arg),
    });
    let named = KEYS
        .iter()
        .find_map(|key| named.clone().find_map(|item| entry(facts, *item, key)))
        .and_then(text);
    let first = args.first().and_then(|arg| text(*arg));
    let slug = named.or(first);
    // An object without a text of its own may be anything that is called a switch.
    slug.is_some().then_some((name, slug))
}

/// `FeatureFlag`, `StaticToggle`, `KillSwitch`; a mere `Switch` or `Preview` may be anything.
fn is_type(name: &str) -> bool {
    let words = split_words(name);
    let [.., last] = &*words else {
        return false;
    };
    let plain = matches!(last.as_str(), "switch" | "preview" | "gate");
    TYPES.contains(&last.as_str())
        && name.starts_with(|first: char| first.is_ascii_uppercase())
        && (!plain
            || words
                .iter()
                .any(|word| matches!(word.as_str(), "feature" | "kill")))
}
