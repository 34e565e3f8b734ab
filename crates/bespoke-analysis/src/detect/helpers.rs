//! The repository's own helpers around flags.
//!
//! A helper is a function whose parameter reaches an evaluation as its key, one that asks a store of flags or the
//! environment for its parameter, or one that answers from an evaluation with a fixed key. Calls to helpers are
//! evaluations in turn, so helpers of helpers are found, to a fixed depth.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use bespoke_facts::{BindingKind, CallForm, ExprId, ExprKind, FileFacts, FunctionId, LogicOp};
use rustc_hash::FxHashSet;

use super::{
    Context,
    checks::{ASKING, CHANGING, Check, Seen, is_store, keys_of, parameter},
    flags::environment,
    points::function_at,
    text::render,
    vocab::split_words,
};
use crate::{
    BlindSpots, Evidence, FileId,
    link::{Target, Text, hash, last_name},
};

/// How deep helpers of helpers are followed.
const ROUNDS: usize = 6;
/// Most flags that one helper may answer from; what asks for more is no helper but a program.
const MAX_KEYS: usize = 4;
/// First words of functions that answer yes or no.
const ASKS_FIRST: [&str; 9] = [
    "is", "are", "has", "should", "can", "may", "allow", "allows", "supports",
];
/// Last words of them.
const ASKS_LAST: [&str; 7] = [
    "enabled",
    "disabled",
    "active",
    "allowed",
    "supported",
    "available",
    "visible",
];
/// First words of functions that give something back.
const GIVES: [&str; 7] = ["get", "use", "read", "load", "fetch", "resolve", "find"];
/// Words of names and keys that say nothing of what a flag is for.
const PLAIN: [&str; 40] = [
    "is", "are", "has", "should", "can", "may", "get", "use", "read", "load", "fetch", "allow",
    "enable", "enabled", "disable", "disabled", "active", "allowed", "feature", "features", "flag",
    "flags", "toggle", "toggles", "config", "settings", "new", "show", "hide", "next", "public",
    "vite", "react", "app", "env", "the", "for", "with", "and", "not",
];

/// A function through which flags are evaluated.
#[derive(Clone, Debug)]
pub(super) enum Helper {
    /// The key is a parameter.
    Key {
        /// Its position.
        argument: u32,
        /// Its name, by which components and named arguments give it.
        name: String,
        /// Whether it must be named as a switch, because other things are asked for as well.
        only_switches: bool,
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

/// What is made of calls: a parameter's position, name and whether it must be a switch; or keys.
type Makes<'h> = (Option<(u32, &'h str, bool)>, Option<&'h [Text]>);

impl Helper {
    /// All but the reason, with the confidence.
    fn makes(&self) -> (u8, Makes<'_>) {
        match self {
            Self::Key {
                argument,
                name,
                only_switches,
                confidence,
                why: _,
            } => (*confidence, (Some((*argument, name, *only_switches)), None)),
            Self::Fixed {
                keys,
                confidence,
                why: _,
            } => (*confidence, (None, Some(keys))),
        }
    }
}

/// Equal where the same is made of calls, whatever the reason.
impl PartialEq for Helper {
    fn eq(&self, other: &Self) -> bool {
        self.makes() == other.makes()
    }
}

pub(super) type Helpers = BTreeMap<(FileId, FunctionId), Rc<Helper>>;

/// Functions that hand on the answer of a flag without being one, `getCheckoutConfig()`, with its keys.
type Carriers = BTreeMap<(FileId, FunctionId), Vec<Text>>;

/// What one round of calls is looked through for.
#[derive(Debug, Default)]
pub(super) struct Given {
    functions: BTreeMap<(FileId, FunctionId), Gives>,
    /// Hashes of their names.
    names: FxHashSet<u64>,
}

/// What a function is in one round.
#[derive(Debug, PartialEq)]
struct Gives {
    /// Hash of its name.
    name: u64,
    helper: Option<Rc<Helper>>,
    /// Keys whose answers it hands on.
    carries: Option<Vec<Text>>,
}

impl Given {
    fn new(context: &Context<'_>, new: &Added, helpers: &Helpers, carriers: &Carriers) -> Self {
        let mut given = Self::default();
        for at in new {
            let facts = context.model.facts(at.0);
            let name = hash(facts.name(facts.functions[at.1.index()].name));
            given.names.insert(name);
            let gives = Gives {
                name,
                helper: helpers.get(at).cloned(),
                carries: carriers.get(at).cloned(),
            };
            given.functions.insert(*at, gives);
        }
        given
    }

    /// The functions of one file.
    fn of(&self, file: FileId) -> impl Iterator<Item = (&(FileId, FunctionId), &Gives)> {
        let from = (file, FunctionId::from_index(0));
        let all = self.functions.range(from..);
        all.take_while(move |((home, _), _)| *home == file)
    }

    /// The files that the functions are in.
    pub(super) fn files(&self) -> impl Iterator<Item = FileId> + '_ {
        self.functions.keys().map(|(file, _)| *file)
    }

    /// Hashes of the names of the functions.
    pub(super) fn names(&self) -> impl Iterator<Item = u64> + '_ {
        self.names.iter().copied()
    }
}

/// Evaluations through helpers, from those that are known and the helpers that they make; and what each round was
/// given.
pub(super) fn through_helpers(
    context: &Context<'_>,
    known: &[&Check],
    helpers: &mut Helpers,
    seen: &mut Seen,
    blind_spots: &mut BlindSpots,
) -> (Vec<Check>, Vec<Rc<Given>>) {
    let mut rounds: Vec<Rc<Given>> = Vec::new();
    let found = follow(context, known, helpers, seen, blind_spots, |new| {
        if new.functions.is_empty() {
            return None;
        }
        let given = Rc::new(new);
        rounds.push(Rc::clone(&given));
        Some(given)
    });
    (found, rounds)
}

/// The same for one file, the scope of the context, with the helpers that it has by itself. `None` where it gives other
/// functions to a round than it gave before, so that there is more to do in other files too.
pub(super) fn in_file(
    context: &Context<'_>,
    file: FileId,
    known: &[&Check],
    own: &Helpers,
    rounds: &[Rc<Given>],
    seen: &mut Seen,
) -> Option<Vec<Check>> {
    let (mut helpers, mut blind) = (own.clone(), BlindSpots::default());
    let mut rounds = rounds.iter();
    let mut is_as_before = true;
    let found = follow(context, known, &mut helpers, seen, &mut blind, |new| {
        let given = rounds.next();
        is_as_before = match given {
            Some(given) => given.of(file).eq(new.of(file)),
            None => new.functions.is_empty(),
        };
        given.filter(|_| is_as_before).cloned()
    });
    is_as_before.then_some(found)
}

/// Goes through rounds of calls. `give` is told which functions are new to a round, and says what calls are looked
/// through for; nothing ends it.
fn follow(
    context: &Context<'_>,
    known: &[&Check],
    helpers: &mut Helpers,
    seen: &mut Seen,
    blind_spots: &mut BlindSpots,
    mut give: impl FnMut(Given) -> Option<Rc<Given>>,
) -> Vec<Check> {
    let mut found: Vec<Check> = Vec::new();
    let mut carriers = Carriers::new();
    let mut within = Within::default();
    let mut touched = within.add(context, known.iter().copied().cloned());
    // Each round looks at what the one before has added only: what a function answers from does not change with others.
    let mut new: Added = helpers.keys().copied().collect();
    for _ in 0..ROUNDS {
        fixed(context, &within, &touched, helpers, &mut carriers, &mut new);
        let Some(given) = give(Given::new(context, &new, helpers, &carriers)) else {
            break;
        };
        let mut added = Added::new();
        let round = calls(context, &given, helpers, &mut added, seen, blind_spots);
        touched = within.add(context, round.checks.iter().cloned().chain(round.carried));
        found.extend(round.checks);
        new = added;
    }
    found
}

/// Functions that became helpers or carriers, or whose keys are others now.
type Added = BTreeSet<(FileId, FunctionId)>;

/// Evaluations by the function that gives back their answer.
#[derive(Default)]
struct Within(BTreeMap<(FileId, FunctionId), Vec<Check>>);

impl Within {
    /// Puts evaluations in; gives the functions that have more of them now.
    fn add(&mut self, context: &Context<'_>, checks: impl Iterator<Item = Check>) -> Added {
        let mut touched = Added::new();
        for check in checks {
            let facts = context.model.facts(check.file);
            let mut function = function_at(facts, facts.expr(check.expr).span);
            // Through callbacks without a name (`useMemo(() => …)`).
            while let Some(id) = function {
                let inner = &facts.functions[id.index()];
                if inner.named {
                    let at = (check.file, id);
                    touched.insert(at);
                    self.0.entry(at).or_default().push(check);
                    break;
                }
                function = inner.parent;
            }
        }
        touched
    }
}

/// Functions that ask a store of flags for their parameter: `toggles.find(t => t.name === key)`, `flags[key]`; or the
/// environment, `process.env[key]`.
pub(super) fn stores(context: &Context<'_>) -> Helpers {
    let mut helpers = Helpers::new();
    for (file, source) in context.files() {
        let facts = &source.facts;
        for (id, expr) in context.model.asking(file) {
            let Some(asked) = asked(facts, id) else {
                continue;
            };
            let function = function_at(facts, expr.span);
            for key in asked.keys {
                let Some((owner, argument)) = parameter(context, file, key, function) else {
                    continue;
                };
                let inner = &facts.functions[owner.index()];
                let words = split_words(facts.name(inner.name));
                let changes = words
                    .first()
                    .is_some_and(|word| CHANGING.contains(&word.as_str()));
                // A component shows what a table says of something; only one that is named as a gate decides by it.
                let is_component = facts
                    .name(inner.name)
                    .starts_with(|first: char| first.is_ascii_uppercase());
                let asks = words.iter().any(|word| {
                    ASKING.contains(&word.as_str())
                        && !(is_component && matches!(word.as_str(), "feature" | "features"))
                });
                if !inner.named || changes || !asks && !asked.environment {
                    continue;
                }
                let is_boolean = words
                    .iter()
                    .any(|word| matches!(word.as_str(), "bool" | "boolean"));
                let why = Evidence {
                    rule: "flag-store",
                    text: format!(
                        "`{}` is asked for its parameter",
                        render(facts, asked.store)
                    ),
                    at: Some(context.place(file, id)),
                };
                helpers.entry((file, owner)).or_insert_with(|| {
                    Rc::new(Helper::Key {
                        argument,
                        name: last_name(facts, key).to_owned(),
                        only_switches: asked.environment && !asks && !is_boolean,
                        confidence: if asked.environment { 70 } else { 85 },
                        why,
                    })
                });
            }
        }
    }
    helpers
}

struct Asked {
    store: ExprId,
    keys: Vec<ExprId>,
    environment: bool,
}

/// The store that an expression asks, and for what.
fn asked(facts: &FileFacts, id: ExprId) -> Option<Asked> {
    match facts.expr(id).kind {
        ExprKind::Index { object, index } => {
            let environment = environment::is_environment(facts, object);
            (environment || is_store(facts, object)).then(|| Asked {
                store: object,
                keys: vec![index],
                environment,
            })
        }
        ExprKind::Call {
            callee,
            args,
            form: CallForm::Call,
        } => {
            let args = facts.list(args);
            if environment::is_getter(facts, callee) {
                return Some(Asked {
                    store: callee,
                    keys: args.first().copied().into_iter().collect(),
                    environment: true,
                });
            }
            let ExprKind::Member { object, name } = facts.expr(callee).kind else {
                return None;
            };
            let asks = matches!(
                facts.name(name),
                "get" | "has" | "includes" | "find" | "some" | "contains"
            );
            (asks && is_store(facts, object)).then(|| Asked {
                store: object,
                keys: asked_for(facts, args),
                environment: false,
            })
        }
        _ => None,
    }
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

/// Functions that answer from evaluations with fixed keys, `isCheckoutEnabled()`, and those that hand the answer on.
fn fixed(
    context: &Context<'_>,
    within: &Within,
    touched: &Added,
    helpers: &mut Helpers,
    carriers: &mut Carriers,
    new: &mut Added,
) {
    for at in touched {
        let (file, function) = *at;
        context.model.about(file);
        if helpers.contains_key(at) {
            continue;
        }
        let checks = &within.0[at];
        let facts = context.model.facts(file);
        let inner = &facts.functions[function.index()];
        let returns = facts.list(inner.returns);
        let name = facts.name(inner.name);
        let words = split_words(name);
        let asks = is_question(&words);
        let asks_for_flag = words.iter().any(|word| ASKING.contains(&word.as_str()));
        let gives = words
            .first()
            .is_some_and(|word| GIVES.contains(&word.as_str()));
        let mut keys: Vec<Text> = Vec::new();
        let mut handed: Vec<Text> = Vec::new();
        let mut confidence = 0;
        for check in checks {
            let share = returns
                .iter()
                .map(|value| answers(context, file, *value, check.expr, Some(function), 0))
                .max()
                .unwrap_or(Share::Nothing);
            // A getter's result is not the flag's answer, only made with it.
            let share = if check.evidence.is_empty() {
                Share::Nothing
            } else {
                share
            };
            for key in &check.keys {
                let related = !returns.is_empty() && is_related(&words, &key.text);
                let answers = match share {
                    Share::Whole => true,
                    Share::Part => related || asks_for_flag,
                    Share::Nothing => false,
                };
                if answers || asks && related {
                    if !keys.contains(key) {
                        keys.push(key.clone());
                    }
                    confidence = confidence.max(check.confidence);
                } else if gives && related && !handed.contains(key) {
                    handed.push(key.clone());
                }
            }
        }
        if !handed.is_empty() && handed.len() <= MAX_KEYS && carriers.get(at) != Some(&handed) {
            carriers.insert(*at, handed);
            new.insert(*at);
        }
        if keys.is_empty() || keys.len() > MAX_KEYS {
            continue;
        }
        let why = Evidence {
            rule: "flag-helper",
            text: format!("`{name}` answers from a flag"),
            at: Some((context.path(file), facts.lines.line(inner.span.start))),
        };
        let confidence = confidence.saturating_sub(5);
        let helper = Helper::Fixed {
            keys,
            confidence,
            why,
        };
        helpers.insert(*at, Rc::new(helper));
        new.insert(*at);
    }
}

/// `isCheckoutAllowed`, `checkoutEnabled`.
fn is_question(words: &[String]) -> bool {
    let [first, .., last] = words else {
        return false;
    };
    ASKS_FIRST.contains(&first.as_str()) || ASKS_LAST.contains(&last.as_str())
}

/// Whether a function is named for what a flag is named for.
fn is_related(words: &[String], key: &str) -> bool {
    let key = split_words(key);
    words
        .iter()
        .any(|word| word.len() >= 3 && !PLAIN.contains(&word.as_str()) && key.contains(word))
}

/// How far an answer is that of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Share {
    /// Not at all.
    Nothing,
    /// With other conditions.
    Part,
    /// It is nothing else.
    Whole,
}

/// How far the truth of `value` is that of the evaluation `check`.
fn answers(
    context: &Context<'_>,
    file: FileId,
    value: ExprId,
    check: ExprId,
    function: Option<FunctionId>,
    depth: u32,
) -> Share {
    if value == check {
        return Share::Whole;
    }
    if depth > 12 {
        return Share::Nothing;
    }
    let facts = context.model.facts(file);
    let inner = |id| answers(context, file, id, check, function, depth + 1);
    let most = |ids: &[ExprId]| ids.iter().map(|id| inner(*id)).max();
    let most = |ids: &[ExprId]| most(ids).unwrap_or(Share::Nothing);
    match facts.expr(value).kind {
        ExprKind::Not(id) => inner(id),
        ExprKind::Logic { op, operands } => {
            let found = most(facts.list(operands));
            // A default says nothing of its own.
            if op == LogicOp::Coalesce {
                found
            } else {
                found.min(Share::Part)
            }
        }
        ExprKind::Compare { left, right, .. } => inner(left).max(inner(right)),
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
            let given = facts.list(args).iter();
            let given = given.map(|arg| match facts.expr(*arg).kind {
                ExprKind::Function(id) => most(facts.list(facts.functions[id.index()].returns)),
                _ => inner(*arg),
            });
            given.max().unwrap_or(Share::Nothing)
        }
        ExprKind::Name(name) => match context.model.lookup(file, name, function) {
            Some(Target::Binding(home, at)) if home == file => {
                let value = context.model.binding(home, at).value;
                value.map_or(Share::Nothing, inner)
            }
            _ => Share::Nothing,
        },
        _ => Share::Nothing,
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
        .filter(|it| {
            let owner = it.owner.map(split_words).unwrap_or_default();
            receiver.iter().any(|word| owner.contains(word))
        });
    let only = fitting.next()?;
    fitting
        .next()
        .is_none()
        .then_some((only.file, only.function))
}

/// What a round of [`calls`] gives.
#[derive(Default)]
struct Round {
    checks: Vec<Check>,
    /// Calls to carriers.
    carried: Vec<Check>,
}

/// Calls to the helpers that a round was given. A call whose key is a parameter makes its function a helper too.
fn calls(
    context: &Context<'_>,
    given: &Given,
    helpers: &mut Helpers,
    added: &mut Added,
    seen: &mut Seen,
    blind_spots: &mut BlindSpots,
) -> Round {
    let names = &given.names;
    let mut round = Round::default();
    for (file, source) in context.files_calling(names) {
        let facts = &source.facts;
        // A file knows a helper by its own name, or by the one it gives it at import.
        let renamed: FxHashSet<u64> = facts
            .imports
            .iter()
            .filter(|import| match import.imported {
                bespoke_facts::Imported::Named(name) => names.contains(&hash(facts.name(name))),
                bespoke_facts::Imported::Default => true,
                _ => false,
            })
            .filter_map(|import| import.local.map(|local| hash(facts.name(local))))
            .collect();
        for id in context.calls_in(file, names, &renamed) {
            let expr = facts.expr(id);
            let ExprKind::Call { callee, args, form } = expr.kind else {
                continue;
            };
            if seen.contains(&(file, expr.span)) {
                continue;
            }
            let name = last_name(facts, callee);
            let function = function_at(facts, expr.span);
            let called = context
                .model
                .callee(file, callee, function)
                .or_else(|| method(context, file, callee));
            let Some((called, gives)) =
                called.and_then(|called| Some((called, given.functions.get(&called)?)))
            else {
                continue;
            };
            // A function that calls itself by another way tells nothing new.
            if called.0 == file && function == Some(called.1) {
                continue;
            }
            if let Some(keys) = &gives.carries {
                round.carried.push(Check {
                    file,
                    expr: id,
                    keys: keys.clone(),
                    confidence: 75,
                    evidence: Vec::new(),
                    joint: false,
                });
            }
            let Some(helper) = &gives.helper else {
                continue;
            };
            let at = context.place(file, id);
            let joint = matches!(**helper, Helper::Fixed { .. });
            let (keys, confidence, why, text) = match Helper::clone(helper) {
                Helper::Fixed {
                    keys,
                    confidence,
                    why,
                } if form != CallForm::Jsx => (keys, confidence, why, format!("calls `{name}`")),
                Helper::Fixed { .. } => continue,
                Helper::Key {
                    argument,
                    name: parameter_name,
                    only_switches,
                    confidence,
                    why,
                } => {
                    let args = facts.list(args);
                    let given = argument_of(facts, args, argument, &parameter_name, form)
                        .map(|key| (file, key, function));
                    let default = || default_of(context, called, &parameter_name);
                    let Some((home, key, function)) = given.or_else(default) else {
                        continue;
                    };
                    if let Some((owner, argument)) =
                        parameter(context, home, key, function).filter(|_| given.is_some())
                    {
                        seen.insert((file, expr.span));
                        helpers.entry((file, owner)).or_insert_with(|| {
                            added.insert((file, owner));
                            Rc::new(Helper::Key {
                                argument,
                                name: last_name(facts, key).to_owned(),
                                only_switches,
                                confidence: confidence.saturating_sub(2),
                                why,
                            })
                        });
                        continue;
                    }
                    let mut keys = keys_of(context, home, key, function);
                    if only_switches {
                        keys.retain(|key| environment::switch(&key.text).is_some());
                        if keys.is_empty() {
                            continue;
                        }
                    }
                    keys.retain(|key| !key.text.is_empty());
                    if keys.is_empty() {
                        seen.insert((file, expr.span));
                        blind_spots.dynamic_flag_keys += 1;
                        continue;
                    }
                    let text = format!("calls `{name}`, which takes a flag's key");
                    (keys, confidence, why, text)
                }
            };
            seen.insert((file, expr.span));
            let step = Evidence {
                rule: "helper-call",
                text,
                at: Some(at),
            };
            round.checks.push(Check {
                file,
                expr: id,
                keys,
                confidence,
                evidence: vec![step, why],
                joint,
            });
        }
    }
    round
}

/// What a parameter is where nothing is given for it: its place, and the function it belongs to.
fn default_of(
    context: &Context<'_>,
    (home, called): (FileId, FunctionId),
    name: &str,
) -> Option<(FileId, ExprId, Option<FunctionId>)> {
    let facts = context.model.facts(home);
    let parameter = facts.bindings.iter().find(|binding| {
        binding.kind == BindingKind::Parameter
            && binding.function == Some(called)
            && facts.name(binding.name) == name
    })?;
    Some((home, parameter.value?, Some(called)))
}

/// The argument for a parameter: by name, in an object of options, or by position.
fn argument_of(
    facts: &FileFacts,
    args: &[ExprId],
    position: u32,
    name: &str,
    form: CallForm,
) -> Option<ExprId> {
    let named = |items: &[ExprId]| {
        items
            .iter()
            .find_map(|item| environment::entry(facts, *item, name))
    };
    if let Some(found) = named(args) {
        return Some(found);
    }
    if form == CallForm::Jsx {
        return None;
    }
    let found = args.get(position as usize).copied()?;
    match facts.expr(found).kind {
        ExprKind::Object(items) => named(facts.list(items)),
        ExprKind::Entry { .. } => None,
        _ => Some(found),
    }
}
