//! The table of flag SDKs: how each evaluates a flag.
//!
//! A row is a file beside this one. Users write the same schema as `[[sdk]]` in `bespoke.toml`:
//!
//! ```toml
//! name = "toggles"
//!
//! [[call]]                     # `toggles.isOn("new-checkout", user)`
//! names = ["isOn"]
//! form = "method"
//! receivers = ["toggles"]
//! key = 0
//! context = 1
//!
//! [[not]]                      # `useFlag` of this module shows a country's flag
//! names = ["useFlag"]
//! imports = ["@acme/countries"]
//! ```

mod place;

use std::sync::LazyLock;

pub use place::{Place, Places};
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
    /// What looks like one of these, or of any other SDK's, and is not.
    #[serde(default, rename = "not")]
    pub lookalikes: Vec<Lookalike>,
}

/// One way to evaluate a flag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FlagCall {
    /// Names of the functions, methods, hooks, components or macros. `*` means any name of one of the receivers, and is
    /// for the forms `property` and `function`.
    pub names: Vec<String>,
    /// Languages as the language table calls them; none means any. `typescript` stands for `tsx` too, and `js/ts` for
    /// both and `javascript`.
    #[serde(default)]
    pub languages: Vec<String>,
    /// How it is written.
    #[serde(default)]
    pub form: Form,
    /// Modules that give it; `*` stands for any text.
    #[serde(default)]
    pub imports: Vec<String>,
    /// Words of a receiver's name.
    #[serde(default)]
    pub receivers: Vec<String>,
    /// Where the flag's key is: see [`Place`]. Of several, the first that a call has.
    #[serde(default)]
    pub key: Places,
    /// What the key must look like, `*` standing for any text; none means anything.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Where the default variation is, if a call names one.
    pub default: Option<Places>,
    /// Where the context is, for whom the flag is evaluated.
    pub context: Option<Places>,
    /// What must hold, any of it, for a call of that name to count. None means what there is: the imports and the
    /// receivers where given, else the name.
    #[serde(default)]
    pub gate: Vec<Gate>,
    /// Type of the variation: `bool`, `string`, …; empty if it is not known.
    #[serde(default)]
    pub value: String,
}

/// A name that looks like an SDK's and is something else. What an SDK's own import proves counts all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lookalike {
    /// Names of functions, methods, components or decorators.
    pub names: Vec<String>,
    /// Languages as in [`FlagCall::languages`]; none means any.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Modules that give it, as in [`FlagCall::imports`]; none means that the name alone proves nothing.
    #[serde(default)]
    pub imports: Vec<String>,
}

/// How a call is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
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
    /// `new F({ name: "key" })`.
    Constructor,
    /// `x.key`, read and not called.
    Property,
    /// `const showKey = f({ key: "key" })`: it is calling `showKey()` that evaluates.
    Declaration,
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

impl FlagCall {
    /// What must hold, any of it; never empty.
    pub fn gates(&self) -> Vec<Gate> {
        if !self.gate.is_empty() {
            return self.gate.clone();
        }
        let mut gates = Vec::new();
        if !self.imports.is_empty() {
            gates.push(Gate::Import);
        }
        if !self.receivers.is_empty() {
            gates.push(Gate::Receiver);
        }
        if gates.is_empty() {
            gates.push(Gate::Name);
        }
        gates
    }
}

/// Whether a list of languages, as a row has it, holds `language`.
pub(crate) fn speaks(languages: &[String], language: &str) -> bool {
    languages.is_empty()
        || languages.iter().any(|own| {
            own == language
                || match own.as_str() {
                    "typescript" | "ts" => {
                        matches!(language, "typescript" | "tsx") || is_component(language)
                    }
                    "js" => language == "javascript",
                    "javascript" => is_component(language),
                    "js/ts" | "react" => matches!(language, "javascript" | "tsx" | "typescript"),
                    "jinja" | "twig" | "html" => language == "django",
                    _ => false,
                }
        })
}

/// Whether a language is pages with scripts in them.
fn is_component(language: &str) -> bool {
    matches!(language, "angular" | "svelte" | "vue")
}

/// Whether `text` is as `pattern` says, `*` standing for any text.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(mut text) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = text.find(part) else {
            return false;
        };
        text = &text[at + part.len()..];
    }
    text.ends_with(last)
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
    "aws-evidently",
    "aws-lambda-powertools",
    "bucket-reflag",
    "cloudbees-rox",
    "configcat",
    "devcycle",
    "django-flags",
    "django-waffle",
    "ember-feature-flags",
    "eppo",
    "featureflag",
    "featurehub",
    "featurevisor",
    "ff4j",
    "firebase-remote-config",
    "flagception",
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
    "happykit",
    "harness-ff",
    "hypertune",
    "in-house",
    "kameleoon",
    "kubernetes-feature-gates",
    "laravel-pennant",
    "launchdarkly",
    "microsoftfeaturemanagement",
    "ngx-feature-toggle",
    "openfeature",
    "optimizely",
    "paralleldrive",
    "posthog",
    "react-feature-toggles",
    "rollout",
    "shopware",
    "split",
    "statsig",
    "togglz",
    "unleash",
    "vercel-flags",
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
                assert!(
                    !call.gate.is_empty() && !call.names.is_empty(),
                    "{file}: {call:?}"
                );
                assert!(
                    !call.gate.contains(&Gate::Import) || !call.imports.is_empty(),
                    "{file}: {call:?}"
                );
                assert!(
                    !call.gate.contains(&Gate::Receiver) || !call.receivers.is_empty(),
                    "{file}: {call:?}"
                );
                let any = call.names.iter().any(|name| name == "*");
                assert!(
                    !any || !call.receivers.is_empty(),
                    "{file}: any name of which receiver? {call:?}"
                );
            }
        }
        assert!(ROWS.is_sorted());
    }

    #[test]
    fn a_call_without_a_gate_asks_for_what_it_names() {
        let gates = |toml: &str| toml::from_str::<FlagCall>(toml).unwrap().gates();
        assert_eq!(gates("names = ['isOn']"), [Gate::Name]);
        assert_eq!(
            gates("names = ['isOn']\nreceivers = ['toggles']"),
            [Gate::Receiver]
        );
        assert_eq!(
            gates("names = ['isOn']\nimports = ['x']\ngate = ['name']"),
            [Gate::Name]
        );
    }

    #[test]
    fn patterns_stand_for_any_text() {
        assert!(
            fits("@acme/*", "@acme/flags")
                && fits("*/flags", "../lib/flags")
                && fits("a*b*c", "a-b-c")
        );
        assert!(
            !fits("@acme/*", "@globex/flags")
                && !fits("feature_*", "new_feature_")
                && !fits("ab*ba", "aba")
        );
    }

    #[test]
    fn languages_may_be_named_as_families() {
        let speaks = |own: &str, language| speaks(&[own.to_owned()], language);
        assert!(
            speaks("typescript", "tsx") && speaks("js/ts", "javascript") && speaks("rust", "rust")
        );
        assert!(!speaks("typescript", "javascript") && !speaks("js/ts", "rust"));
    }
}
