//! The table of flag SDKs: how each evaluates a flag.
//!
//! A row is a file beside this one. Users write the same schema as `[[sdk]]` in `bespoke.toml`:
//!
//! ```toml
//! name = "toggles"
//!
//! [[call]]
//! names = ["isOn"]
//! form = "method"
//! receivers = ["toggles"]
//! key = "0"
//! gate = ["receiver"]
//! ```

use std::sync::LazyLock;

use serde::Deserialize;

/// A flag SDK, or a user's in-house helper: both have this schema.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sdk {
    /// Its name.
    pub name: String,
    /// Its ways to evaluate a flag.
    #[serde(default, rename = "call")]
    pub calls: Vec<FlagCall>,
}

/// One way to evaluate a flag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FlagCall {
    /// Names of the functions, methods, hooks, components or macros.
    pub names: Vec<String>,
    /// Languages as the language table calls them; none means any.
    #[serde(default)]
    pub languages: Vec<String>,
    /// How it is written.
    #[serde(default)]
    pub form: Form,
    /// Modules that give it; `*` at the end stands for any rest.
    #[serde(default)]
    pub imports: Vec<String>,
    /// Words of a receiver's name.
    #[serde(default)]
    pub receivers: Vec<String>,
    /// Where the flag's key is: `0` (an argument's position), `first-constant` (the first argument that is a literal or
    /// a constant), `named:x` (a named argument), `object:x` (a property of an object argument), `prop:x` (an attribute
    /// of a component), `result` (a property of what it gives), `name` (the name of the method).
    #[serde(default = "first")]
    pub key: String,
    /// What must hold, any of it, for a call of that name to count. None means that the name is enough.
    #[serde(default)]
    pub gate: Vec<Gate>,
    /// Type of the variation: `bool`, `string`, …; empty if it is not known.
    #[serde(default)]
    pub value: String,
}

fn first() -> String {
    "0".to_owned()
}

/// How a call is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// `f("key")` or `x.f("key")`.
    #[default]
    Function,
    /// `x.f("key")`.
    Method,
    /// `useF("key")`.
    Hook,
    /// `const { key } = useF()`.
    HookResult,
    /// `<F name="key">`.
    Component,
    /// `f("key")(Component)`.
    Hoc,
    /// `@f("key")`, an attribute.
    Decorator,
    /// `f!("key")`.
    Macro,
    /// A tag or filter of a template language.
    Template,
    /// `f::<Key>()`.
    Generic,
}

/// What makes a call of some name one to an SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gate {
    /// The file imports one of the modules.
    Import,
    /// The receiver's name speaks of it.
    Receiver,
    /// The name is its own: nothing else is called so.
    Name,
}

macro_rules! sdks {
    ($($file:literal),+ $(,)?) => {
        /// Texts of the rows, in file name order.
        static ROWS: &[(&str, &str)] = &[$(($file, include_str!(concat!($file, ".toml")))),+];
    };
}
sdks! {
    "abp-framework",
    "amplitude-experiment",
    "android-aconfig",
    "aws-lambda-powertools",
    "bucket-reflag",
    "configcat",
    "devcycle",
    "django-flags",
    "django-waffle",
    "ember-feature-flags",
    "eppo",
    "featurehub",
    "featurevisor",
    "ff4j",
    "firebase-remote-config",
    "flagged",
    "flagsmith",
    "flask-featureflags",
    "flipper",
    "flipper-client",
    "flipt",
    "flopflip",
    "funwithflags",
    "gargoyle",
    "gitlab-experiment",
    "growthbook",
    "gutter",
    "harness-ff",
    "hypertune",
    "in-house",
    "kameleoon",
    "kubernetes-feature-gates",
    "laravel-pennant",
    "launchdarkly",
    "microsoftfeaturemanagement",
    "openfeature",
    "optimizely",
    "paralleldrive",
    "posthog",
    "react-feature-toggles",
    "rollout",
    "split",
    "statsig",
    "togglz",
    "unleash",
    "vwo-fme",
}

/// The built-in table, in file name order.
pub fn builtin_sdks() -> &'static [Sdk] {
    static SDKS: LazyLock<Vec<Sdk>> = LazyLock::new(|| {
        ROWS.iter()
            .map(|(file, text)| match toml::from_str(text) {
                Ok(sdk) => sdk,
                Err(error) => unreachable!("a test parses {file}.toml: {error}"),
            })
            .collect()
    });
    &SDKS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_parses_and_says_how_its_calls_are_told() {
        for (file, text) in ROWS {
            let sdk: Sdk = toml::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert!(!sdk.calls.is_empty(), "{file}");
            for call in &sdk.calls {
                assert!(!call.gate.is_empty() && !call.names.is_empty(), "{file}: {call:?}");
                assert!(!call.gate.contains(&Gate::Import) || !call.imports.is_empty(), "{file}: {call:?}");
                assert!(!call.gate.contains(&Gate::Receiver) || !call.receivers.is_empty(), "{file}: {call:?}");
            }
        }
        assert!(ROWS.is_sorted());
    }
}
