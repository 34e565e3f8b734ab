//! What a tenant has bought: `tenant_has_feature(tenant, features.EXPORT)`, `@requires_privilege(privileges.EXPORT)`.
//!
//! Functions that are named for a tenant and what it has are sure. The module or enum that their second argument is a
//! member of lists entitlements, so that whatever else asks about a member of it is taken for a question of that kind.

use std::collections::BTreeSet;

use bespoke_facts::{ExprId, ExprKind, FileFacts, FunctionId, NameId};
use rustc_hash::FxHashMap;

use super::{
    Context,
    atoms::Written,
    checks::guarded,
    points::{Draft, TENANT, function_at, test_regions, within},
    text::render,
    vocab::split_words,
};
use crate::{
    Evidence, FileId, PointKind,
    link::{Target, Text, Value},
};

/// What a tenant has.
const THINGS: [&str; 12] = [
    "privilege",
    "privileges",
    "feature",
    "features",
    "entitlement",
    "entitlements",
    "capability",
    "module",
    "addon",
    "plan",
    "package",
    "license",
];
/// Words by which it is asked.
const ASKING: [&str; 14] = [
    "has", "have", "can", "may", "allows", "allow", "require", "requires", "required", "check",
    "ensure", "uses", "supports", "entitled",
];
/// Words of entitlements of the vendor's own people.
const STAFF: [&str; 5] = ["admin", "staff", "superuser", "operations", "internal"];

/// A module, enum or object whose members are entitlements.
pub(super) type Registry = BTreeSet<Holder>;

/// A file, or a definition of it.
pub(super) type Holder = (FileId, Option<u32>);

/// What holds entitlements, as calls that are sure say.
pub(super) fn listed(context: &Context<'_>) -> Registry {
    let mut registry = Registry::new();
    for (file, source) in context.files() {
        let facts = &source.facts;
        let mut questions = Questions::new(context, facts);
        for (_, expr) in context.model.asking(file) {
            let Some((name, args)) = call(facts, &expr.kind) else {
                continue;
            };
            if questions.of(name).names_tenant {
                let function = function_at(facts, expr.span);
                for arg in args {
                    registry.extend(holder(context, file, *arg, function));
                }
            }
        }
    }
    registry
}

/// Questions about entitlements.
/// `asked` takes what was asked whether it holds entitlements.
pub(super) fn branches(
    context: &Context<'_>,
    registry: &Registry,
    asked: &mut Registry,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (file, source) in context.files() {
        let facts = &source.facts;
        let tests = test_regions(facts);
        let mut questions = Questions::new(context, facts);
        for (id, expr) in context.model.asking(file) {
            let Some((name, args)) = call(facts, &expr.kind) else {
                continue;
            };
            let question = questions.of(name);
            if !question.asks || within(&tests, expr.span) {
                continue;
            }
            let function = function_at(facts, expr.span);
            let sure = question.names_tenant;
            let mut entitlements = Vec::new();
            for arg in args {
                let holder = holder(context, file, *arg, function);
                asked.extend(holder);
                let listed = holder.is_some_and(|holder| registry.contains(&holder));
                if listed || sure && !matches!(facts.expr(*arg).kind, ExprKind::Name(_)) {
                    entitlements.extend(entitlement(context, file, *arg, function));
                }
            }
            entitlements.retain(|text: &Text| {
                let name = text.constant.as_ref().map_or(&text.text, |it| &it.name);
                !split_words(name)
                    .iter()
                    .any(|word| STAFF.contains(&word.as_str()))
            });
            if entitlements.is_empty() {
                continue;
            }
            let (regions, open) = guarded(facts, expr.span);
            drafts.push(Draft {
                lines: None,
                file: Some(file),
                path: source.path.clone(),
                kind: PointKind::Branch,
                dimension: TENANT.to_owned(),
                written: entitlements
                    .into_iter()
                    .map(|text| Written {
                        alias: text.constant.map(|constant| constant.name),
                        name: text.text,
                        number: false,
                    })
                    .collect(),
                span: expr.span,
                regions,
                open,
                function,
                confidence: if sure { 85 } else { 75 },
                evidence: vec![Evidence {
                    rule: "entitlement",
                    text: format!("`{}` asks what the tenant is entitled to", facts.name(name)),
                    at: Some(context.place(file, id)),
                }],
                text: render(facts, id),
            });
        }
    }
    drafts
}

/// The name of a function that is called, and what it is given; `None` where it is given nothing to ask for.
fn call<'f>(facts: &'f FileFacts, kind: &ExprKind) -> Option<(NameId, &'f [ExprId])> {
    let ExprKind::Call { callee, args, .. } = *kind else {
        return None;
    };
    let (ExprKind::Name(name) | ExprKind::Member { name, .. }) = facts.expr(callee).kind else {
        return None;
    };
    let args = facts.list(args);
    (!args.is_empty()).then_some((name, args))
}

/// What the name of a function says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    /// It asks something.
    asks: bool,
    /// It asks what a tenant has.
    names_tenant: bool,
}

/// What the names of a file say.
struct Questions<'c, 'a> {
    context: &'c Context<'a>,
    facts: &'c FileFacts,
    known: FxHashMap<NameId, Question>,
}

impl<'c, 'a> Questions<'c, 'a> {
    fn new(context: &'c Context<'a>, facts: &'c FileFacts) -> Self {
        Self {
            context,
            facts,
            known: FxHashMap::default(),
        }
    }

    fn of(&mut self, name: NameId) -> Question {
        let (context, facts) = (self.context, self.facts);
        let ask = || {
            context.questions.of(facts.name(name), |name| {
                let words = split_words(name);
                Question {
                    asks: words.iter().any(|word| ASKING.contains(&word.as_str())),
                    names_tenant: names_tenant(context, &words),
                }
            })
        };
        *self.known.entry(name).or_insert_with(ask)
    }
}

/// `tenant_has_feature`, `orgHasModule`.
fn names_tenant(context: &Context<'_>, words: &[String]) -> bool {
    if words
        .iter()
        .any(|word| matches!(word.as_str(), "flag" | "flags" | "toggle" | "toggles"))
    {
        return false;
    }
    let at = |of: &dyn Fn(&str) -> bool| words.iter().position(|word| of(word));
    let tenant = at(&|word| context.vocab.subject(word) >= 50);
    let asks = at(&|word| ASKING.contains(&word));
    let thing = at(&|word| THINGS.contains(&word));
    matches!((tenant, asks, thing), (Some(tenant), Some(asks), Some(thing)) if tenant < asks && asks < thing)
}

/// What an argument is a member of.
fn holder(
    context: &Context<'_>,
    file: FileId,
    arg: ExprId,
    function: Option<FunctionId>,
) -> Option<(FileId, Option<u32>)> {
    let object = match context.model.facts(file).expr(arg).kind {
        ExprKind::Member { object, .. } => object,
        // `from privileges import EXPORT`: the module that gives the name out.
        ExprKind::Name(name) => {
            return match context.model.lookup(file, name, function)? {
                Target::Binding(home, at)
                    if home != file && context.model.binding(home, at).function.is_none() =>
                {
                    Some((home, None))
                }
                _ => None,
            };
        }
        _ => return None,
    };
    match context.model.target(file, object, function)? {
        Target::Module(module) => Some((module, None)),
        Target::Definition(home, id) => Some((home, u32::try_from(id.index()).ok())),
        _ => None,
    }
}

/// The entitlement that an argument names.
fn entitlement(
    context: &Context<'_>,
    file: FileId,
    arg: ExprId,
    function: Option<FunctionId>,
) -> Option<Text> {
    match context.model.value(file, arg, function) {
        Some(Value::Text(text)) if !text.number => Some(text),
        _ => None,
    }
}
