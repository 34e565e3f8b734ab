//! Flag checks: SDK calls, and the repository's own helpers around them.
//!
//! A helper is a function whose parameter reaches an evaluation as its key, one that asks a store of flags for its
//! parameter, or one that answers from an evaluation with a fixed key. Calls to helpers are evaluations in turn, so
//! helpers of helpers are found, to a fixed depth.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::{
    CallForm, DefinitionKind, Expr, ExprId, ExprKind, FileFacts, FunctionId, LogicOp, Span,
};

use super::{
    Context,
    atoms::Written,
    flags::{FlagKey, SdkIndex, evaluations},
    points::{Draft, function_at, test_regions, within},
    text::render,
    vocab::split_words,
};
use crate::{
    BlindSpots, Evidence, FileId, PointKind,
    link::{Target, Text, Value, last_name},
};

/// How deep helpers of helpers are followed.
const ROUNDS: usize = 4;
/// Names of collections that hold flags.
const STORES: [&str; 12] = [
    "flag",
    "flags",
    "toggle",
    "toggles",
    "feature",
    "features",
    "experiment",
    "experiments",
    "gate",
    "gates",
    "featureflag",
    "featureflags",
];
/// Words of functions that ask for a flag.
const ASKING: [&str; 12] = [
    "flag",
    "flags",
    "feature",
    "features",
    "toggle",
    "toggles",
    "gate",
    "experiment",
    "enabled",
    "disabled",
    "active",
    "on",
];

/// Words of functions that change a flag, or make one up, and ask nothing.
const CHANGING: [&str; 14] = [
    "set", "register", "create", "add", "update", "delete", "remove", "define", "override", "mock",
    "save", "reset", "store", "with",
];

/// A function through which flags are evaluated.
#[derive(Clone, Debug, PartialEq)]
enum Helper {
    /// The key is this argument.
    Key {
        argument: u32,
        confidence: u8,
        why: Evidence,
    },
    /// The key is always one of these.
    Fixed {
        keys: Vec<Text>,
        confidence: u8,
        why: Evidence,
    },
}

/// An evaluation with its keys.
struct Check {
    file: FileId,
    expr: ExprId,
    keys: Vec<Text>,
    confidence: u8,
    evidence: Vec<Evidence>,
}

type Helpers = BTreeMap<(FileId, FunctionId), Helper>;

/// Every evaluation of a flag.
pub(super) fn checks(context: &Context<'_>, blind_spots: &mut BlindSpots) -> Vec<Draft> {
    let index = SdkIndex::new(&context.settings.sdks);
    let mut helpers = stores(context);
    let mut checks: Vec<Check> = Vec::new();
    let mut seen: BTreeSet<(FileId, Span)> = BTreeSet::new();
    let mut fresh: Vec<(FileId, ExprId)> = Vec::new();
    for (file, source) in context.model.files() {
        for hit in evaluations(source, &index) {
            let span = source.facts.expr(hit.expr).span;
            let step = Evidence {
                rule: hit.rule,
                text: hit.why.clone(),
                at: Some(context.place(file, hit.expr)),
            };
            let keys = match hit.key {
                FlagKey::Text(text) => vec![Text {
                    text,
                    number: false,
                    constant: None,
                }],
                FlagKey::Dynamic => Vec::new(),
                FlagKey::Expr(key) => {
                    let function = function_at(&source.facts, span);
                    if let Some((owner, argument)) = parameter(context, file, key, function) {
                        let why = Evidence {
                            rule: "flag-helper",
                            text: format!("its parameter is the key given to {}", hit.sdk),
                            at: Some(context.place(file, hit.expr)),
                        };
                        helpers.entry((file, owner)).or_insert(Helper::Key {
                            argument,
                            confidence: hit.confidence,
                            why,
                        });
                        seen.insert((file, span));
                        continue;
                    }
                    keys_of(context, file, key, function)
                }
            };
            if !seen.insert((file, span)) {
                continue;
            }
            if keys.is_empty() {
                blind_spots.dynamic_flag_keys += 1;
                continue;
            }
            fresh.push((file, hit.expr));
            checks.push(Check {
                file,
                expr: hit.expr,
                keys,
                confidence: hit.confidence,
                evidence: vec![step],
            });
        }
    }
    for _ in 0..ROUNDS {
        fixed(context, &checks, &mut helpers);
        let more = calls(context, &mut helpers, &mut seen, blind_spots);
        if more.is_empty() {
            break;
        }
        checks.extend(more);
    }
    checks.extend(registered(context, &mut seen));
    drafts(context, checks)
}

fn keys_of(
    context: &Context<'_>,
    file: FileId,
    key: ExprId,
    function: Option<FunctionId>,
) -> Vec<Text> {
    let facts = context.model.facts(file);
    match facts.expr(key).kind {
        ExprKind::Choice {
            then, otherwise, ..
        } => {
            let mut keys = keys_of(context, file, then, function);
            keys.extend(
                otherwise
                    .map(|it| keys_of(context, file, it, function))
                    .unwrap_or_default(),
            );
            return keys;
        }
        ExprKind::Logic {
            op: LogicOp::Or | LogicOp::Coalesce,
            operands,
        } => {
            return facts
                .list(operands)
                .iter()
                .flat_map(|it| keys_of(context, file, *it, function))
                .collect();
        }
        _ => {}
    }
    match context.model.value(file, key, function) {
        Some(Value::Text(text)) => vec![text],
        Some(Value::List(texts)) => texts,
        // `FeatureFlag.NEW_CHECKOUT` of a package that is not in the tree: its own name is the best there is.
        _ => match facts.expr(key).kind {
            ExprKind::Member { object, name } if starts_upper(last_name(facts, object)) => {
                vec![Text {
                    text: facts.name(name).to_owned(),
                    number: false,
                    constant: None,
                }]
            }
            _ => Vec::new(),
        },
    }
}

fn starts_upper(name: &str) -> bool {
    name.starts_with(|char: char| char.is_ascii_uppercase())
}

/// The parameter that an expression is, of the function around it or one further out.
fn parameter(
    context: &Context<'_>,
    file: FileId,
    key: ExprId,
    function: Option<FunctionId>,
) -> Option<(FunctionId, u32)> {
    match context.model.target(file, key, function)? {
        Target::Parameter(_, owner, position) => Some((owner, position)),
        _ => None,
    }
}

/// Functions that ask a store of flags for their parameter: `toggles.find(t => t.name === key)`, `flags[key]`.
fn stores(context: &Context<'_>) -> Helpers {
    let mut helpers = Helpers::new();
    for (file, source) in context.model.files() {
        let facts = &source.facts;
        for (id, expr) in facts.all_exprs() {
            let asked = match expr.kind {
                ExprKind::Index { object, index } if is_store(facts, object) => {
                    Some((object, vec![index]))
                }
                ExprKind::Call {
                    callee,
                    args,
                    form: CallForm::Call,
                } => match facts.expr(callee).kind {
                    ExprKind::Member { object, name }
                        if is_store(facts, object)
                            && matches!(
                                facts.name(name),
                                "get" | "has" | "includes" | "find" | "some" | "contains"
                            ) =>
                    {
                        Some((object, asked_for(facts, facts.list(args))))
                    }
                    _ => None,
                },
                _ => None,
            };
            let Some((object, keys)) = asked else {
                continue;
            };
            let function = function_at(facts, expr.span);
            for key in keys {
                let Some((owner, argument)) = parameter(context, file, key, function) else {
                    continue;
                };
                let inner = &facts.functions[owner.index()];
                let words = split_words(facts.name(inner.name));
                let changes = words
                    .first()
                    .is_some_and(|word| CHANGING.contains(&word.as_str()));
                if !inner.named
                    || changes
                    || !words.iter().any(|word| ASKING.contains(&word.as_str()))
                {
                    continue;
                }
                let why = Evidence {
                    rule: "flag-store",
                    text: format!("`{}` is asked for its parameter", render(facts, object)),
                    at: Some(context.place(file, id)),
                };
                helpers.entry((file, owner)).or_insert(Helper::Key {
                    argument,
                    confidence: 85,
                    why,
                });
            }
        }
    }
    helpers
}

fn is_store(facts: &FileFacts, object: ExprId) -> bool {
    let words = split_words(last_name(facts, object));
    words
        .last()
        .is_some_and(|last| STORES.contains(&last.as_str()))
}

/// What a store is asked for: an argument, or what a closure among them compares with.
fn asked_for(facts: &FileFacts, args: &[ExprId]) -> Vec<ExprId> {
    let mut keys = Vec::new();
    for arg in args {
        match facts.expr(*arg).kind {
            ExprKind::Function(id) => {
                for value in facts.list(facts.functions[id.index()].returns) {
                    if let ExprKind::Compare { left, right, .. } = facts.expr(*value).kind {
                        keys.extend(
                            [left, right]
                                .into_iter()
                                .filter(|id| matches!(facts.expr(*id).kind, ExprKind::Name(_))),
                        );
                    }
                }
            }
            _ => keys.push(*arg),
        }
    }
    keys
}

/// Functions that answer from evaluations with fixed keys: `isCheckoutEnabled()`.
fn fixed(context: &Context<'_>, checks: &[Check], helpers: &mut Helpers) {
    let mut by_function: BTreeMap<(FileId, FunctionId), Vec<&Check>> = BTreeMap::new();
    for check in checks {
        let facts = context.model.facts(check.file);
        let span = facts.expr(check.expr).span;
        let mut function = function_at(facts, span);
        // The function that gives back the answer, through callbacks without a name (`useMemo(() => …)`).
        while let Some(id) = function {
            let inner = &facts.functions[id.index()];
            if inner.named {
                by_function.entry((check.file, id)).or_default().push(check);
                break;
            }
            function = inner.parent;
        }
    }
    for ((file, function), checks) in by_function {
        if helpers.contains_key(&(file, function)) {
            continue;
        }
        let facts = context.model.facts(file);
        let inner = &facts.functions[function.index()];
        let returns = facts.list(inner.returns);
        let mut keys: Vec<Text> = Vec::new();
        let mut confidence = 0;
        for check in checks {
            let answers = returns
                .iter()
                .any(|value| answers(context, file, *value, check.expr, Some(function), 0));
            if answers {
                keys.extend(
                    check
                        .keys
                        .iter()
                        .filter(|key| !keys.contains(key))
                        .cloned()
                        .collect::<Vec<_>>(),
                );
                confidence = confidence.max(check.confidence);
            }
        }
        if keys.is_empty() || keys.len() > 4 {
            continue;
        }
        let why = Evidence {
            rule: "flag-helper",
            text: format!("`{}` answers from a flag", facts.name(inner.name)),
            at: Some((context.path(file), facts.lines.line(inner.span.start))),
        };
        helpers.insert(
            (file, function),
            Helper::Fixed {
                keys,
                confidence: confidence.saturating_sub(5),
                why,
            },
        );
    }
}

/// Whether the truth of `value` is that of the evaluation `check`.
fn answers(
    context: &Context<'_>,
    file: FileId,
    value: ExprId,
    check: ExprId,
    function: Option<FunctionId>,
    depth: u32,
) -> bool {
    if value == check {
        return true;
    }
    if depth > 12 {
        return false;
    }
    let facts = context.model.facts(file);
    let inner = |id| answers(context, file, id, check, function, depth + 1);
    match facts.expr(value).kind {
        ExprKind::Not(id) => inner(id),
        ExprKind::Logic { operands, .. } => facts.list(operands).iter().any(|id| inner(*id)),
        ExprKind::Compare { left, right, .. } => inner(left) || inner(right),
        ExprKind::Member { object, name }
            if matches!(
                facts.name(name),
                "enabled" | "isEnabled" | "value" | "active"
            ) =>
        {
            inner(object)
        }
        ExprKind::Call { callee, args, .. }
            if matches!(last_name(facts, callee), "Boolean" | "useMemo" | "bool") =>
        {
            facts
                .list(args)
                .iter()
                .any(|arg| match facts.expr(*arg).kind {
                    ExprKind::Function(id) => facts
                        .list(facts.functions[id.index()].returns)
                        .iter()
                        .any(|value| inner(*value)),
                    _ => inner(*arg),
                })
        }
        ExprKind::Name(name) => match context.model.lookup(file, name, function) {
            Some(Target::Binding(home, at)) if home == file => {
                context.model.binding(home, at).value.is_some_and(inner)
            }
            _ => false,
        },
        _ => false,
    }
}

/// The one method of that name whose type the receiver is named for: `ui.flag("x")` of a `TenantUi`.
fn method(context: &Context<'_>, file: FileId, callee: ExprId) -> Option<(FileId, FunctionId)> {
    let facts = context.model.facts(file);
    let ExprKind::Member { object, name } = facts.expr(callee).kind else {
        return None;
    };
    let receiver = match facts.expr(object).kind {
        ExprKind::Call { callee, .. } => last_name(facts, callee),
        _ => last_name(facts, object),
    };
    let receiver = split_words(receiver);
    let mut fitting = context
        .model
        .functions_named(facts.name(name))
        .iter()
        .filter(|(file, function)| {
            let owner = context
                .model
                .type_of(*file, *function)
                .map(split_words)
                .unwrap_or_default();
            receiver.iter().any(|word| owner.contains(word))
        });
    let only = *fitting.next()?;
    fitting.next().is_none().then_some(only)
}

/// Calls to helpers. A call whose key is a parameter makes its function a helper too.
fn calls(
    context: &Context<'_>,
    helpers: &mut Helpers,
    seen: &mut BTreeSet<(FileId, Span)>,
    blind_spots: &mut BlindSpots,
) -> Vec<Check> {
    let names: BTreeSet<&str> = helpers
        .keys()
        .map(|(file, function)| {
            let facts = context.model.facts(*file);
            facts.name(facts.functions[function.index()].name)
        })
        .collect();
    let mut found = Vec::new();
    for (file, source) in context.model.files() {
        let facts = &source.facts;
        // A file knows a helper by its own name, or by the one it gives it at import.
        let renamed: BTreeSet<&str> = facts
            .imports
            .iter()
            .filter(|import| match import.imported {
                bespoke_facts::Imported::Named(name) => names.contains(facts.name(name)),
                bespoke_facts::Imported::Default => true,
                _ => false,
            })
            .filter_map(|import| import.local.map(|local| facts.name(local)))
            .collect();
        for (id, expr) in facts.all_exprs() {
            let ExprKind::Call { callee, args, form } = expr.kind else {
                continue;
            };
            let name = last_name(facts, callee);
            if form == CallForm::Jsx || !(names.contains(name) || renamed.contains(name)) {
                continue;
            }
            if seen.contains(&(file, expr.span)) {
                continue;
            }
            let function = function_at(facts, expr.span);
            let called = context
                .model
                .callee(file, callee, function)
                .or_else(|| method(context, file, callee));
            let Some(called) = called else { continue };
            // A function that calls itself by another way tells nothing new.
            if called.0 == file && function == Some(called.1) {
                continue;
            }
            let Some(helper) = helpers.get(&called).cloned() else {
                continue;
            };
            let at = context.place(file, id);
            match helper {
                Helper::Fixed {
                    keys,
                    confidence,
                    why,
                } => {
                    seen.insert((file, expr.span));
                    let step = Evidence {
                        rule: "helper-call",
                        text: format!("calls `{name}`"),
                        at: Some(at),
                    };
                    found.push(Check {
                        file,
                        expr: id,
                        keys,
                        confidence,
                        evidence: vec![step, why],
                    });
                }
                Helper::Key {
                    argument,
                    confidence,
                    why,
                } => {
                    let Some(key) = facts.list(args).get(argument as usize).copied() else {
                        continue;
                    };
                    if let Some((owner, argument)) = parameter(context, file, key, function) {
                        seen.insert((file, expr.span));
                        let confidence = confidence.saturating_sub(2);
                        helpers.entry((file, owner)).or_insert(Helper::Key {
                            argument,
                            confidence,
                            why,
                        });
                        continue;
                    }
                    seen.insert((file, expr.span));
                    let keys = keys_of(context, file, key, function);
                    if keys.is_empty() {
                        blind_spots.dynamic_flag_keys += 1;
                        continue;
                    }
                    let step = Evidence {
                        rule: "helper-call",
                        text: format!("calls `{name}`, which takes a flag's key"),
                        at: Some(at),
                    };
                    found.push(Check {
                        file,
                        expr: id,
                        keys,
                        confidence,
                        evidence: vec![step, why],
                    });
                }
            }
        }
    }
    found
}

/// Calls and look-ups with a member of a flag registry: `has(FeatureFlag.NEW_CHECKOUT)`, `flags[Flag.X]`.
fn registered(context: &Context<'_>, seen: &mut BTreeSet<(FileId, Span)>) -> Vec<Check> {
    let mut found = Vec::new();
    for (file, source) in context.model.files() {
        let facts = &source.facts;
        for (id, expr) in facts.all_exprs() {
            let (keys, asks) = match expr.kind {
                ExprKind::Call {
                    callee,
                    args,
                    form: CallForm::Call,
                } => {
                    let words = split_words(last_name(facts, callee));
                    let changes = words
                        .first()
                        .is_some_and(|word| CHANGING.contains(&word.as_str()));
                    (
                        facts.list(args).to_vec(),
                        !changes && words.iter().any(|word| ASKING.contains(&word.as_str())),
                    )
                }
                ExprKind::Index { object, index } => (vec![index], is_store(facts, object)),
                _ => continue,
            };
            if !asks || seen.contains(&(file, expr.span)) {
                continue;
            }
            for key in keys {
                let ExprKind::Member { object, .. } = facts.expr(key).kind else {
                    continue;
                };
                if !names_registry(last_name(facts, object)) {
                    continue;
                }
                let function = function_at(facts, expr.span);
                let keys = keys_of(context, file, key, function);
                if keys.is_empty() || !is_list(context, file, object, function) {
                    continue;
                }
                seen.insert((file, expr.span));
                let step = Evidence {
                    rule: "registry-member",
                    text: format!("is asked about `{}`, a registered flag", render(facts, key)),
                    at: Some(context.place(file, id)),
                };
                found.push(Check {
                    file,
                    expr: id,
                    keys,
                    confidence: 85,
                    evidence: vec![step],
                });
                break;
            }
        }
    }
    found
}

/// `FeatureFlagEnum`, `FLAGS`, `ToggleName`.
fn names_registry(name: &str) -> bool {
    let words = split_words(name);
    starts_upper(name)
        && words.iter().any(|word| {
            matches!(
                word.as_str(),
                "flag" | "flags" | "toggle" | "toggles" | "featureflag"
            )
        })
        || words
            .first()
            .is_some_and(|word| word == "feature" || word == "features")
            && words.len() == 1
}

fn is_list(
    context: &Context<'_>,
    file: FileId,
    object: ExprId,
    function: Option<FunctionId>,
) -> bool {
    match context.model.target(file, object, function) {
        Some(Target::Definition(home, id)) => {
            matches!(
                context.model.definition(home, id).kind,
                DefinitionKind::Enum | DefinitionKind::Class
            )
        }
        Some(Target::Binding(..)) => context.model.object(file, object, function, 0).is_some(),
        // A registry of another package, or one whose file was not found.
        Some(Target::External(..)) => true,
        Some(Target::Parameter(..) | Target::Module(_)) => false,
        None => false,
    }
}

fn drafts(context: &Context<'_>, checks: Vec<Check>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for check in checks {
        let source = &context.model.set.files[check.file.index()];
        let facts = &source.facts;
        let Expr { span, .. } = facts.expr(check.expr);
        if within(&test_regions(facts), span) {
            continue;
        }
        let (regions, open) = guarded(facts, span);
        for key in check.keys {
            let mut evidence = check.evidence.clone();
            if let Some(constant) = &key.constant {
                let dot = if constant.holder.is_empty() { "" } else { "." };
                evidence.push(Evidence {
                    rule: "constant",
                    text: format!(
                        "`{}{dot}{}` is \"{}\"",
                        constant.holder, constant.name, key.text
                    ),
                    at: Some((constant.path.clone(), constant.line)),
                });
            }
            let alias = key.constant.map(|constant| constant.name);
            drafts.push(Draft {
                file: Some(check.file),
                path: source.path.clone(),
                kind: PointKind::Check,
                dimension: "flag".to_owned(),
                written: vec![Written {
                    name: key.text,
                    alias,
                    number: false,
                }],
                span,
                regions: regions.clone(),
                open,
                function: function_at(facts, span),
                confidence: check.confidence,
                evidence,
                text: render(facts, check.expr),
            });
        }
    }
    drafts
}

/// What a condition that holds the place guards; for a variable set from it, what its conditions guard.
fn guarded(facts: &FileFacts, span: Span) -> (Vec<Span>, bool) {
    let regions = |branch: &bespoke_facts::Branch| -> (Vec<Span>, bool) {
        (
            branch.then.into_iter().chain(branch.otherwise).collect(),
            branch.open,
        )
    };
    let direct = facts
        .branches
        .iter()
        .filter(|branch| {
            branch.span.contains(span) && (branch.then.is_some() || branch.otherwise.is_some())
        })
        .min_by_key(|branch| branch.span.len());
    if let Some(branch) = direct {
        return regions(branch);
    }
    let holder = facts.bindings.iter().find(|binding| {
        binding
            .value
            .is_some_and(|value| facts.expr(value).span == span)
    });
    let Some(holder) = holder else {
        return (Vec::new(), false);
    };
    let mut all = (Vec::new(), false);
    for branch in &facts.branches {
        let same = branch.function == holder.function || holder.function.is_none();
        if same && mentions(facts, branch.condition, holder.name, 0) {
            let (more, open) = regions(branch);
            all.0.extend(more);
            all.1 |= open;
        }
    }
    all.0.sort_unstable();
    all.0.dedup();
    all
}

fn mentions(facts: &FileFacts, id: ExprId, name: bespoke_facts::NameId, depth: u32) -> bool {
    if depth > 50 {
        return false;
    }
    match facts.expr(id).kind {
        ExprKind::Name(own) => own == name,
        ExprKind::Not(inner) => mentions(facts, inner, name, depth + 1),
        ExprKind::Member { object, .. } => mentions(facts, object, name, depth + 1),
        ExprKind::Compare { left, right, .. } => {
            mentions(facts, left, name, depth + 1) || mentions(facts, right, name, depth + 1)
        }
        ExprKind::Logic { operands, .. } => facts
            .list(operands)
            .iter()
            .any(|operand| mentions(facts, *operand, name, depth + 1)),
        _ => false,
    }
}
