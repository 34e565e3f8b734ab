//! Flag checks: SDK calls, calls to the repository's own helpers around them, and questions about registered flags.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use bespoke_facts::{
    CallForm, DefinitionKind, Expr, ExprId, ExprKind, FileFacts, FunctionId, LogicOp, Span,
};

use super::{
    Context,
    atoms::Written,
    flags::{FlagKey, SdkIndex, evaluations},
    helpers::{Helper, Helpers, stores, through_helpers},
    points::{Draft, function_at, test_regions, within},
    registries,
    text::render,
    vocab::split_words,
};
use crate::{
    BlindSpots, Evidence, FileId, PointKind,
    link::{Target, Text, Value, last_name},
};

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
pub(super) const ASKING: [&str; 12] = [
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
pub(super) const CHANGING: [&str; 14] = [
    "set", "register", "create", "add", "update", "delete", "remove", "define", "override", "mock",
    "save", "reset", "store", "with",
];

/// An evaluation with its keys.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Check {
    pub(super) file: FileId,
    pub(super) expr: ExprId,
    pub(super) keys: Vec<Text>,
    pub(super) confidence: u8,
    pub(super) evidence: Vec<Evidence>,
    /// One question that several flags answer together, not one for each.
    pub(super) joint: bool,
}

/// Places that are known for evaluations, or for none.
pub(super) type Seen = BTreeSet<(FileId, Span)>;

/// What files say of flags without each other's helpers.
#[derive(Debug, Default)]
pub(super) struct Direct {
    pub(super) checks: Vec<Check>,
    pub(super) helpers: Helpers,
    pub(super) seen: Seen,
}

/// Every evaluation of a flag.
pub(super) fn checks(context: &Context<'_>, blind_spots: &mut BlindSpots) -> Vec<Draft> {
    let index = SdkIndex::new(&context.settings.sdks);
    let Direct {
        mut checks,
        mut helpers,
        mut seen,
    } = direct(context, &index, blind_spots);
    let registry = registries::registry(context);
    checks.extend(registries::checks(context, &registry, &mut seen));
    let known: Vec<&Check> = checks.iter().collect();
    let (more, _) = through_helpers(context, &known, &mut helpers, &mut seen, blind_spots);
    checks.extend(more);
    checks.extend(registered(context, &mut seen));
    drafts(context, checks)
}

/// Evaluations by an SDK, and the helpers that they make of the functions around them.
pub(super) fn direct(
    context: &Context<'_>,
    index: &SdkIndex,
    blind_spots: &mut BlindSpots,
) -> Direct {
    let mut helpers = stores(context);
    let mut checks: Vec<Check> = Vec::new();
    let mut seen = Seen::new();
    for (file, source) in context.files() {
        for hit in evaluations(source, index) {
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
                        helpers.entry((file, owner)).or_insert_with(|| {
                            Rc::new(Helper::Key {
                                argument,
                                name: last_name(&source.facts, key).to_owned(),
                                only_switches: false,
                                confidence: hit.confidence,
                                why,
                            })
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
            checks.push(Check {
                file,
                expr: hit.expr,
                keys,
                confidence: hit.confidence,
                evidence: vec![step],
                joint: false,
            });
        }
    }
    Direct {
        checks,
        helpers,
        seen,
    }
}

pub(super) fn keys_of(
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
pub(super) fn parameter(
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

pub(super) fn is_store(facts: &FileFacts, object: ExprId) -> bool {
    let words = split_words(last_name(facts, object));
    words
        .last()
        .is_some_and(|last| STORES.contains(&last.as_str()))
}

/// Calls and look-ups with a member of a flag registry: `has(FeatureFlag.NEW_CHECKOUT)`, `flags[Flag.X]`.
pub(super) fn registered(context: &Context<'_>, seen: &mut Seen) -> Vec<Check> {
    let mut found = Vec::new();
    for (file, source) in context.files() {
        let facts = &source.facts;
        for (id, expr) in context.model.asking(file) {
            let (keys, asked) = match &expr.kind {
                ExprKind::Call {
                    callee,
                    args,
                    form: CallForm::Call,
                } => (facts.list(*args), *callee),
                ExprKind::Index { object, index } => (std::slice::from_ref(index), *object),
                _ => continue,
            };
            // Few arguments are members of a registry, so this is asked first.
            let members = keys.iter().filter_map(|key| match facts.expr(*key).kind {
                ExprKind::Member { object, .. } => {
                    names_registry(last_name(facts, object)).then_some((*key, object))
                }
                _ => None,
            });
            let mut members = members.peekable();
            if members.peek().is_none() || seen.contains(&(file, expr.span)) {
                continue;
            }
            let asks = match expr.kind {
                ExprKind::Index { .. } => is_store(facts, asked),
                _ => {
                    let words = split_words(last_name(facts, asked));
                    let first = words.first();
                    let changes = first.is_some_and(|word| CHANGING.contains(&word.as_str()));
                    !changes && words.iter().any(|word| ASKING.contains(&word.as_str()))
                }
            };
            if !asks {
                continue;
            }
            for (key, object) in members {
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
                    joint: false,
                });
                break;
            }
        }
    }
    found
}

/// `FeatureFlagEnum`, `FLAGS`, `ToggleName`.
fn names_registry(name: &str) -> bool {
    // Most names are told without their words.
    let bare = name.trim_matches(|char: char| !char.is_alphanumeric());
    let may_be = |word: &str| bare.eq_ignore_ascii_case(word);
    if !starts_upper(name) && !may_be("feature") && !may_be("features") {
        return false;
    }
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

/// Variation points of evaluations.
pub(super) fn drafts(context: &Context<'_>, checks: Vec<Check>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let repeated = repeated(context, &checks);
    for (at, check) in checks.into_iter().enumerate() {
        let source = context.model.source(check.file);
        let facts = &source.facts;
        let Expr { span, .. } = facts.expr(check.expr);
        if within(&test_regions(facts), span) {
            continue;
        }
        let (regions, open) = guarded(facts, span);
        let keys: Vec<Text> = check
            .keys
            .into_iter()
            .filter(|key| !repeated.contains(&(at, key.text.clone())))
            .collect();
        let points = if check.joint {
            vec![keys]
        } else {
            keys.into_iter().map(|key| vec![key]).collect()
        };
        for keys in points.into_iter().filter(|keys| !keys.is_empty()) {
            let mut evidence = check.evidence.clone();
            let mut written = Vec::new();
            for key in keys {
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
                written.push(Written {
                    name: key.text,
                    alias: key.constant.map(|constant| constant.name),
                    number: false,
                });
            }
            drafts.push(Draft {
                lines: None,
                file: Some(check.file),
                path: source.path.clone(),
                kind: PointKind::Check,
                dimension: "flag".to_owned(),
                written,
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

/// Evaluations that one condition holds twice of one key, as in `flag("x") && flag("x").enabled`: all but the first.
fn repeated(context: &Context<'_>, checks: &[Check]) -> BTreeSet<(usize, String)> {
    let mut by_file: BTreeMap<FileId, BTreeMap<ExprId, usize>> = BTreeMap::new();
    for (at, check) in checks.iter().enumerate() {
        by_file
            .entry(check.file)
            .or_default()
            .insert(check.expr, at);
    }
    let mut again = BTreeSet::new();
    for (file, of_file) in by_file.iter().filter(|(_, of_file)| of_file.len() > 1) {
        let facts = context.model.facts(*file);
        for (id, expr) in facts.all_exprs() {
            if !matches!(expr.kind, ExprKind::Logic { .. } | ExprKind::Choice { .. }) {
                continue;
            }
            let mut parts = Vec::new();
            tested(facts, id, of_file, 0, &mut parts);
            let mut known: BTreeSet<&str> = BTreeSet::new();
            for at in parts {
                for key in &checks[at].keys {
                    if !known.insert(&key.text) {
                        again.insert((at, key.text.clone()));
                    }
                }
            }
        }
    }
    again
}

/// Evaluations that decide a condition, in order.
fn tested(
    facts: &FileFacts,
    id: ExprId,
    checks: &BTreeMap<ExprId, usize>,
    depth: u32,
    into: &mut Vec<usize>,
) {
    if depth > 50 {
        return;
    }
    if let Some(at) = checks.get(&id) {
        into.push(*at);
        return;
    }
    let mut inner = |id| tested(facts, id, checks, depth + 1, into);
    match facts.expr(id).kind {
        ExprKind::Not(of) => inner(of),
        ExprKind::Member { object, .. } => inner(object),
        ExprKind::Compare { left, right, .. } => {
            inner(left);
            inner(right);
        }
        ExprKind::Logic { operands, .. } => {
            for operand in facts.list(operands) {
                inner(*operand);
            }
        }
        ExprKind::Choice {
            condition,
            then,
            otherwise,
        } => {
            inner(condition);
            inner(then);
            otherwise.into_iter().for_each(inner);
        }
        _ => {}
    }
}

/// What a condition that holds the place guards; for a variable set from it, what its conditions guard.
pub(super) fn guarded(facts: &FileFacts, span: Span) -> (Vec<Span>, bool) {
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
