//! Switches that need no SDK: environment variables named as such, and Cargo features.

use bespoke_facts::{BindingKind, BranchKind, CallForm, CompareOp, ExprId, ExprKind, FileFacts};

pub(crate) use super::keys::entry;
use super::{super::vocab::split_words, FlagHit, FlagKey};
use crate::link::last_name;

/// First words by which an environment variable is a switch.
const SWITCH_FIRST: [&str; 18] = [
    "enable",
    "disable",
    "feature",
    "ff",
    "flag",
    "toggle",
    "use",
    "with",
    "allow",
    "show",
    "hide",
    "experimental",
    "beta",
    "skip",
    "mute",
    "force",
    "bypass",
    "suppress",
];
/// Last words by which it is one.
const SWITCH_LAST: [&str; 5] = ["enabled", "disabled", "flag", "toggle", "feature"];
/// Last words by which it is a value, whatever its first.
const VALUE_LAST: [&str; 22] = [
    "url", "key", "token", "secret", "port", "host", "path", "dir", "name", "id", "user",
    "password", "timeout", "size", "count", "version", "interval", "file", "region", "level",
    "format", "agent",
];
/// Words of switches that are about how a program runs, not what it does.
const INFRASTRUCTURE: [&str; 14] = [
    "cors",
    "metrics",
    "log",
    "logs",
    "logging",
    "ssl",
    "tls",
    "cache",
    "telemetry",
    "debug",
    "tracing",
    "profiling",
    "source",
    "proxy",
];
/// What a bundler puts before the names that it gives to the browser.
const PUBLIC: [&[&str]; 7] = [
    &["next", "public"],
    &["react", "app"],
    &["expo", "public"],
    &["nuxt", "public"],
    &["gatsby"],
    &["vite"],
    &["public"],
];
/// First words of variables that say on what a program runs.
const PLATFORM: [&str; 16] = [
    "ci",
    "vercel",
    "netlify",
    "heroku",
    "github",
    "gitlab",
    "circle",
    "travis",
    "jenkins",
    "docker",
    "kubernetes",
    "aws",
    "node",
    "npm",
    "cypress",
    "playwright",
];
/// Functions that read an environment variable of any receiver.
const GETTERS: [&str; 4] = ["getenv", "Getenv", "LookupEnv", "option_env"];

/// `process.env.ENABLE_X`, `import.meta.env.VITE_ENABLE_X`, `os.environ["ENABLE_X"]`.
///
/// Of any name where it is `compared` with yes or no.
pub(super) fn member(
    facts: &FileFacts,
    id: ExprId,
    object: ExprId,
    name: &str,
    compared: bool,
) -> Option<FlagHit> {
    if !is_environment(facts, object) {
        return None;
    }
    let by_use = || {
        let words = own_words(name);
        let platform = words
            .first()
            .is_some_and(|word| PLATFORM.contains(&word.as_str()));
        (compared && words.len() > 1 && !platform).then_some(65)
    };
    let confidence = switch(name).or_else(by_use)?;
    (!is_assigned(facts, id)).then(|| hit(id, name, confidence))
}

/// `settings.ENTERPRISE_MODE` of a Django project: its settings are constants, the switches among them are named so.
pub(super) fn setting(
    facts: &FileFacts,
    id: ExprId,
    object: ExprId,
    name: &str,
    language: &str,
) -> Option<FlagHit> {
    let is_constant = name.bytes().all(|byte| !byte.is_ascii_lowercase());
    if language != "python" || !is_constant || last_name(facts, object) != "settings" {
        return None;
    }
    let words = split_words(name);
    let is_mode = words.len() > 1 && words.last().is_some_and(|last| last == "mode");
    let is_run = words
        .iter()
        .any(|word| matches!(word.as_str(), "debug" | "test" | "tests" | "testing"));
    let confidence = switch(name).or(is_mode.then_some(65)).filter(|_| !is_run)?;
    let hit = hit(id, name, confidence);
    Some(FlagHit {
        sdk: "the settings".to_owned(),
        rule: "settings-switch",
        why: format!("the setting `{name}` is named as a switch"),
        ..hit
    })
}

/// `process.env`, `import.meta.env`, `os.environ`.
pub(crate) fn is_environment(facts: &FileFacts, object: ExprId) -> bool {
    let ExprKind::Member {
        object: of,
        name: env,
    } = facts.expr(object).kind
    else {
        return false;
    };
    match facts.name(env) {
        "env" => matches!(
            last_name(facts, of),
            "process" | "import.meta" | "Deno" | "Bun"
        ),
        "environ" => last_name(facts, of) == "os",
        _ => false,
    }
}

/// Whether a callee reads an environment variable: `os.getenv`, `std::env::var`, `Deno.env.get`.
pub(crate) fn is_getter(facts: &FileFacts, callee: ExprId) -> bool {
    match facts.expr(callee).kind {
        ExprKind::Member { object, name } => {
            let name = facts.name(name);
            GETTERS.contains(&name)
                || matches!(name, "var" | "var_os" | "get")
                    && matches!(last_name(facts, object), "env" | "environ")
        }
        ExprKind::Name(name) => GETTERS.contains(&facts.name(name)),
        _ => false,
    }
}

/// Whether a callee's last name may be one of [`call`].
pub(super) fn may_call(name: &str) -> bool {
    matches!(name, "var" | "var_os" | "env" | "get") || GETTERS.contains(&name)
}

/// `std::env::var("ENABLE_X")`, `option_env!("ENABLE_X")`, `Deno.env.get("ENABLE_X")`, `os.getenv("ENABLE_X")`.
pub(super) fn call(
    facts: &FileFacts,
    id: ExprId,
    callee: ExprId,
    args: &[ExprId],
    form: CallForm,
) -> Option<FlagHit> {
    let ExprKind::Str(text) = facts.expr(*args.first()?).kind else {
        return None;
    };
    let is_env = match facts.expr(callee).kind {
        ExprKind::Member { object, name } => {
            matches!(last_name(facts, object), "env" | "environ")
                || GETTERS.contains(&facts.name(name))
        }
        ExprKind::Name(name) => {
            let name = facts.name(name);
            GETTERS.contains(&name) || name == "env" && form == CallForm::Macro
        }
        _ => false,
    };
    let text = facts.name(text);
    is_env
        .then(|| switch(text))
        .flatten()
        .map(|confidence| hit(id, text, confidence))
}

fn hit(expr: ExprId, name: &str, confidence: u8) -> FlagHit {
    FlagHit {
        expr,
        key: FlagKey::Text(name.to_owned()),
        sdk: "the environment".to_owned(),
        rule: "environment-switch",
        confidence,
        why: format!("the environment variable `{name}` is named as a switch"),
    }
}

/// Whether a text says yes or no.
pub(super) fn is_answer(text: &str) -> bool {
    matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "1" | "0" | "yes" | "no" | "on" | "off"
    )
}

/// The words of a variable's name without a bundler's prefix.
fn own_words(name: &str) -> Vec<String> {
    let mut words = split_words(name).to_vec();
    for prefix in PUBLIC {
        if words.len() > prefix.len() && words.iter().zip(prefix).all(|(word, part)| word == part) {
            words.drain(..prefix.len());
            break;
        }
    }
    words
}

/// Confidence that an environment variable of this name is a switch.
pub(crate) fn switch(name: &str) -> Option<u8> {
    let words = own_words(name);
    let (first, last) = (words.first()?.as_str(), words.last()?.as_str());
    let is_switch = words.len() > 1
        && (SWITCH_FIRST.contains(&first) || SWITCH_LAST.contains(&last))
        && !VALUE_LAST.contains(&last);
    let infrastructure = words
        .iter()
        .any(|word| INFRASTRUCTURE.contains(&word.as_str()));
    is_switch.then_some(if infrastructure { 60 } else { 70 })
}

/// Whether something is given a value here, not read.
pub(super) fn is_assigned(facts: &FileFacts, id: ExprId) -> bool {
    let span = facts.expr(id).span;
    facts.bindings.iter().any(|binding| {
        binding.kind == BindingKind::Assignment
            && binding.span.end == span.end
            && span.contains(binding.span)
    })
}

/// `#[cfg(feature = "x")]` and `cfg!(feature = "x")`.
pub(super) fn cargo_features(facts: &FileFacts, hits: &mut Vec<FlagHit>) {
    for branch in &facts.branches {
        if branch.kind == BranchKind::Cfg {
            features(facts, branch.condition, hits, 0);
        }
    }
}

/// The features that a `cfg` predicate names.
pub(super) fn features(facts: &FileFacts, id: ExprId, hits: &mut Vec<FlagHit>, depth: u32) {
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
        ExprKind::Compare {
            op: CompareOp::Equal,
            left,
            right,
        } if last_name(facts, left) == "feature" => {
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
