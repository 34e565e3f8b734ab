//! The table of flag SDKs: how each evaluates a flag.

use serde::Deserialize;

/// A flag SDK, or a user's in-house helper: both have this schema.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Sdk {
    /// Its name.
    pub name: String,
    /// Its ways to evaluate a flag.
    #[serde(default, rename = "call")]
    pub calls: Vec<FlagCall>,
}

/// One way to evaluate a flag.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FlagCall {
    /// Name of the function, method, hook, component, macro.
    pub name: String,
}

/// The built-in table.
pub fn builtin_sdks() -> &'static [Sdk] {
    &[]
}
