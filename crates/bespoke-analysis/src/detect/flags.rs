//! Evaluations of flags in one file, as the SDK table describes them.
//!
//! Also what needs no table: switches of the environment, Cargo features, and reads of a store that is named for flags.

use bespoke_facts::{BranchKind, CallForm, CompareOp, ExprId, ExprKind, FileFacts, NameId};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    sdks::{FlagCall, Form, Gate, Sdk, builtin_sdks},
    vocab::{Vocab, split_words},
};
use crate::{SourceFile, link::last_name};

/// An evaluation.
#[derive(Debug)]
pub(crate) struct FlagHit {
    /// The call, or what else evaluates.
    pub(crate) expr: ExprId,
    /// Which flag.
    pub(crate) key: FlagKey,
    /// Whose SDK.
    pub(crate) sdk: String,
    /// Stable id of the rule.
    pub(crate) rule: &'static str,
    /// 0 to 100.
    pub(crate) confidence: u8,
    /// The reason in words.
    pub(crate) why: String,
}

/// A flag's key.
#[derive(Debug)]
pub(crate) enum FlagKey {
    /// An expression whose value is the key.
    Expr(ExprId),
    /// The key itself.
    Text(String),
    /// Not to be known from here.
    Dynamic,
}

/// Where a call has its key.
#[derive(Clone, Debug, PartialEq, Eq)]
enum KeyPlace {
    Position(usize),
    FirstConstant,
    Named(String),
    Object(String),
    Result,
    Name,
}

struct Row {
    sdk: String,
    call: FlagCall,
    key: KeyPlace,
}

/// The table by name of call.
pub(crate) struct SdkIndex {
    rows: Vec<Row>,
    by_name: FxHashMap<String, Vec<usize>>,
}

impl SdkIndex {
    /// Indexes the built-in table and the user's rows, which come first.
    pub(crate) fn new(extra: &[Sdk]) -> Self {
        let mut index = Self { rows: Vec::new(), by_name: FxHashMap::default() };
        for sdk in extra.iter().chain(builtin_sdks()) {
            for call in &sdk.calls {
                let Some(key) = place(&call.key) else { continue };
                let at = index.rows.len();
                for name in &call.names {
                    index.by_name.entry(name.clone()).or_default().push(at);
                }
                index.rows.push(Row { sdk: sdk.name.clone(), call: call.clone(), key });
            }
        }
        index
    }
}

fn place(key: &str) -> Option<KeyPlace> {
    if let Ok(position) = key.parse() {
        return Some(KeyPlace::Position(position));
    }
    match key.split_once(':') {
        Some(("named" | "prop", name)) => Some(KeyPlace::Named(name.to_owned())),
        Some(("object", name)) => Some(KeyPlace::Object(name.to_owned())),
        _ => match key {
            "first-constant" => Some(KeyPlace::FirstConstant),
            "result" => Some(KeyPlace::Result),
            "name" => Some(KeyPlace::Name),
            _ => None,
        },
    }
}

/// Objects whose properties are flags, wherever they come from.
const OBJECTS: [&str; 8] = [
    "featureflags", "featureflag", "featuretoggles", "flagvalues", "enabledfeatures", "activefeatures", "toggles",
    "killswitches",
];
/// Objects that hold a `flags` or `features` object.
const HOLDERS: [&str; 6] = ["config", "uiconfig", "settings", "appconfig", "clientconfig", "bootstrap"];
/// Prefixes and suffixes by which an environment variable is a switch, and suffixes by which it is a value.
const SWITCH_FIRST: [&str; 14] = [
    "enable", "disable", "feature", "ff", "flag", "toggle", "use", "with", "allow", "show", "hide", "experimental",
    "beta", "skip",
];
const SWITCH_LAST: [&str; 5] = ["enabled", "disabled", "flag", "toggle", "feature"];
const VALUE_LAST: [&str; 22] = [
    "url", "key", "token", "secret", "port", "host", "path", "dir", "name", "id", "user", "password", "timeout", "size",
    "count", "version", "interval", "file", "region", "level", "format", "agent",
];
/// Words of switches that are about how a program runs, not what it does.
const INFRASTRUCTURE: [&str; 14] = [
    "cors", "metrics", "log", "logs", "logging", "ssl", "tls", "cache", "telemetry", "debug", "tracing", "profiling",
    "source", "proxy",
];

/// Every evaluation in a file, once each.
pub(crate) fn evaluations(file: &SourceFile, index: &SdkIndex) -> Vec<FlagHit> {
    let facts = &file.facts;
    let mut hits = Vec::new();
    let mut callees = FxHashSet::default();
    let mut results: Vec<(ExprId, usize)> = Vec::new();
    let mut members = Vec::new();
    for (id, expr) in facts.all_exprs() {
        match expr.kind {
            ExprKind::Call { callee, args, form } => {
                callees.insert(callee);
                let name = last_name(facts, callee);
                if matches!(name, "var" | "var_os" | "option_env" | "env" | "get") && form != CallForm::Jsx {
                    hits.extend(environment_call(facts, id, callee, facts.list(args)));
                }
                let Some(rows) = index.by_name.get(name) else { continue };
                for at in rows {
                    let row = &index.rows[*at];
                    let Some(evidence) = matches(file, row, callee, form) else { continue };
                    if row.key == KeyPlace::Result {
                        results.push((id, *at));
                        break;
                    }
                    let Some(key) = key(facts, row, callee, facts.list(args)) else { continue };
                    hits.push(hit(id, key, row, evidence, name));
                    break;
                }
            }
            ExprKind::Member { object, name } => members.push((id, object, name)),
            _ => {}
        }
    }
    let named = named_results(facts, &results);
    for (id, object, name) in members {
        if callees.contains(&id) {
            continue;
        }
        let text = facts.name(name);
        if let Some(switch) = environment_member(facts, object, text) {
            hits.push(environment(id, text, switch));
            continue;
        }
        let from = results.iter().find(|(call, _)| *call == object).map(|(_, row)| *row).or_else(|| {
            match facts.expr(object).kind {
                ExprKind::Name(name) => named.get(&name).copied(),
                _ => None,
            }
        });
        if let Some(at) = from {
            let row = &index.rows[at];
            hits.push(hit(id, FlagKey::Text(text.to_owned()), row, 90, text));
        } else if is_flag_object(facts, object) && !is_plain_method(text) && in_condition(facts, id) {
            hits.push(FlagHit {
                expr: id,
                key: FlagKey::Text(text.to_owned()),
                sdk: "a store of flags".to_owned(),
                rule: "flag-object",
                confidence: 70,
                why: format!("`{text}` is read from an object that is named for flags"),
            });
        }
    }
    hits.extend(cargo_features(facts));
    hits
}

fn hit(expr: ExprId, key: FlagKey, row: &Row, confidence: u8, name: &str) -> FlagHit {
    let how = match confidence {
        95 => "by the import",
        90 => "by the import, through its result",
        85 => "by the receiver's name",
        _ => "by the name of the call",
    };
    let why = format!("`{name}` evaluates a flag ({}), {how}", row.sdk);
    FlagHit { expr, key, sdk: row.sdk.clone(), rule: "flag-evaluation", confidence, why }
}

/// Whether a call is one of a row: the confidence that the strongest gate gives.
fn matches(file: &SourceFile, row: &Row, callee: ExprId, form: CallForm) -> Option<u8> {
    let facts = &file.facts;
    let call = &row.call;
    if !call.languages.is_empty() && !call.languages.iter().any(|language| language == file.language) {
        return None;
    }
    let is_method = matches!(facts.expr(callee).kind, ExprKind::Member { .. });
    let fits = match call.form {
        Form::Component => form == CallForm::Jsx,
        Form::Macro => form == CallForm::Macro,
        Form::Method => form == CallForm::Call && is_method,
        Form::Function | Form::Decorator | Form::Hoc => form == CallForm::Call,
        Form::Hook | Form::HookResult => form == CallForm::Call && !is_method,
        Form::Template | Form::Generic => false,
    };
    if !fits {
        return None;
    }
    if call.gate.is_empty() {
        return Some(80);
    }
    let holds = |gate: &Gate| match gate {
        Gate::Import => imports(facts, &call.imports).then_some(95),
        Gate::Receiver => receiver(facts, callee, &call.receivers).then_some(85),
        Gate::Name => Some(80),
    };
    call.gate.iter().filter_map(holds).max()
}

fn imports(facts: &FileFacts, wanted: &[String]) -> bool {
    facts.imports.iter().any(|import| {
        let source = facts.name(import.source);
        wanted.iter().any(|wanted| match wanted.strip_suffix('*') {
            Some(prefix) => source.starts_with(prefix),
            None => {
                source == wanted
                    || source.strip_prefix(wanted.as_str()).is_some_and(|rest| rest.starts_with(['/', ':']))
            }
        })
    })
}

/// Whether the receiver's name speaks of flags: `this.featureFlags.isEnabled(…)`, `ldClient.variation(…)`.
fn receiver(facts: &FileFacts, callee: ExprId, wanted: &[String]) -> bool {
    let ExprKind::Member { object, .. } = facts.expr(callee).kind else { return false };
    let name = match facts.expr(object).kind {
        ExprKind::Call { callee, .. } => last_name(facts, callee),
        _ => last_name(facts, object),
    };
    let folded = Vocab::fold(name);
    let words = split_words(name);
    wanted.iter().any(|wanted| {
        let wanted = Vocab::fold(wanted);
        // Short words (`ld`, `gb`) must be words of the name, not letters in it.
        words.contains(&wanted) || wanted.len() > 3 && folded.contains(&wanted)
    })
}

fn key(facts: &FileFacts, row: &Row, callee: ExprId, args: &[ExprId]) -> Option<FlagKey> {
    match &row.key {
        KeyPlace::Position(at) => {
            let arg = *args.get(*at)?;
            match facts.expr(arg).kind {
                ExprKind::Entry { .. } | ExprKind::Object(_) | ExprKind::Function(_) | ExprKind::Bool(_) => None,
                ExprKind::Template(_) => Some(FlagKey::Dynamic),
                _ => Some(FlagKey::Expr(arg)),
            }
        }
        KeyPlace::FirstConstant => {
            let literal = args.iter().find(|arg| match facts.expr(**arg).kind {
                ExprKind::Str(text) => looks_like_key(facts.name(text)),
                ExprKind::Member { object, .. } => {
                    last_name(facts, object).starts_with(|char: char| char.is_ascii_uppercase())
                }
                _ => false,
            });
            let named = || args.iter().find(|arg| matches!(facts.expr(**arg).kind, ExprKind::Name(_)));
            literal.or_else(named).map(|arg| FlagKey::Expr(*arg))
        }
        KeyPlace::Named(name) => args.iter().find_map(|arg| entry(facts, *arg, name)).map(FlagKey::Expr),
        KeyPlace::Object(name) => args.iter().find_map(|arg| match facts.expr(*arg).kind {
            ExprKind::Object(items) => facts.list(items).iter().find_map(|item| entry(facts, *item, name)),
            _ => None,
        })
        .map(FlagKey::Expr),
        KeyPlace::Name => Some(FlagKey::Text(last_name(facts, callee).to_owned())),
        KeyPlace::Result => None,
    }
}

fn entry(facts: &FileFacts, id: ExprId, name: &str) -> Option<ExprId> {
    let ExprKind::Entry { key, value } = facts.expr(id).kind else { return None };
    let ExprKind::Str(own) = facts.expr(key).kind else { return None };
    (facts.name(own) == name).then_some(value)
}

fn looks_like_key(text: &str) -> bool {
    (1..=100).contains(&text.len()) && !text.contains(char::is_whitespace)
}

/// Names that hold what a call gave: `const flags = useFlags()`.
fn named_results(facts: &FileFacts, results: &[(ExprId, usize)]) -> FxHashMap<NameId, usize> {
    let mut named = FxHashMap::default();
    for binding in &facts.bindings {
        if let Some((_, row)) = results.iter().find(|(call, _)| Some(*call) == binding.value) {
            named.insert(binding.name, *row);
        }
    }
    named
}

/// `featureFlags.x`, `uiConfig.flags.x`.
fn is_flag_object(facts: &FileFacts, object: ExprId) -> bool {
    let name = Vocab::fold(last_name(facts, object));
    if OBJECTS.contains(&name.as_str()) {
        return true;
    }
    match facts.expr(object).kind {
        ExprKind::Member { object, .. } if matches!(name.as_str(), "flags" | "features") => {
            HOLDERS.contains(&Vocab::fold(last_name(facts, object)).as_str())
        }
        _ => false,
    }
}

fn is_plain_method(name: &str) -> bool {
    matches!(name, "length" | "size" | "data" | "value" | "current" | "loading" | "error" | "isLoading")
}

fn in_condition(facts: &FileFacts, id: ExprId) -> bool {
    let span = facts.expr(id).span;
    facts.branches.iter().any(|branch| branch.span.contains(span))
}

fn environment_member(facts: &FileFacts, object: ExprId, name: &str) -> Option<u8> {
    let ExprKind::Member { object: holder, name: env } = facts.expr(object).kind else { return None };
    let is_env = facts.name(env) == "env" && matches!(last_name(facts, holder), "process" | "meta" | "Deno" | "Bun");
    if is_env { switch(name) } else { None }
}

/// `std::env::var("ENABLE_X")`, `option_env!("ENABLE_X")`, `Deno.env.get("ENABLE_X")`.
fn environment_call(facts: &FileFacts, id: ExprId, callee: ExprId, args: &[ExprId]) -> Option<FlagHit> {
    let ExprKind::Str(text) = facts.expr(*args.first()?).kind else { return None };
    let is_env = match facts.expr(callee).kind {
        ExprKind::Member { object, .. } => last_name(facts, object) == "env",
        ExprKind::Name(name) => matches!(facts.name(name), "option_env" | "env"),
        _ => false,
    };
    let text = facts.name(text);
    is_env.then(|| switch(text)).flatten().map(|confidence| environment(id, text, confidence))
}

fn environment(expr: ExprId, name: &str, confidence: u8) -> FlagHit {
    FlagHit {
        expr,
        key: FlagKey::Text(name.to_owned()),
        sdk: "the environment".to_owned(),
        rule: "environment-switch",
        confidence,
        why: format!("the environment variable `{name}` is named as a switch"),
    }
}

/// Confidence that an environment variable of this name is a switch.
fn switch(name: &str) -> Option<u8> {
    let mut words = split_words(name);
    // What a bundler puts before the names that it gives to the browser.
    for prefix in [&["next", "public"][..], &["react", "app"], &["expo", "public"], &["vite"], &["public"]] {
        if words.len() > prefix.len() && words.iter().zip(prefix).all(|(word, part)| word == part) {
            words.drain(..prefix.len());
            break;
        }
    }
    let (first, last) = (words.first()?, words.last()?);
    let is_switch = words.len() > 1
        && (SWITCH_FIRST.contains(&first.as_str()) || SWITCH_LAST.contains(&last.as_str()))
        && !VALUE_LAST.contains(&last.as_str());
    let infrastructure = words.iter().any(|word| INFRASTRUCTURE.contains(&word.as_str()));
    is_switch.then_some(if infrastructure { 60 } else { 70 })
}

/// `#[cfg(feature = "x")]` and `cfg!(feature = "x")`.
fn cargo_features(facts: &FileFacts) -> Vec<FlagHit> {
    let mut hits = Vec::new();
    for branch in facts.branches.iter().filter(|branch| branch.kind == BranchKind::Cfg) {
        features(facts, branch.condition, &mut hits, 0);
    }
    for (_, expr) in facts.all_exprs() {
        if let ExprKind::Call { callee, args, form: CallForm::Macro } = expr.kind
            && last_name(facts, callee) == "cfg"
        {
            for arg in facts.list(args) {
                features(facts, *arg, &mut hits, 0);
            }
        }
    }
    hits
}

fn features(facts: &FileFacts, id: ExprId, hits: &mut Vec<FlagHit>, depth: u32) {
    if depth > 50 {
        return;
    }
    match facts.expr(id).kind {
        ExprKind::Not(inner) => features(facts, inner, hits, depth + 1),
        ExprKind::Logic { operands, .. } => {
            for operand in facts.list(operands) {
                features(facts, *operand, hits, depth + 1);
            }
        }
        ExprKind::Compare { op: CompareOp::Equal, left, right } if last_name(facts, left) == "feature" => {
            if let ExprKind::Str(text) = facts.expr(right).kind {
                let key = facts.name(text).to_owned();
                hits.push(FlagHit {
                    expr: id,
                    why: format!("compiled only with the Cargo feature `{key}`, or without"),
                    key: FlagKey::Text(key),
                    sdk: "Cargo".to_owned(),
                    rule: "cargo-feature",
                    confidence: 90,
                });
            }
        }
        _ => {}
    }
}
