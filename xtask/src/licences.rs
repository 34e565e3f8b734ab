//! Licences and sources of dependencies, by the lists in deny.toml.
//!
//! cargo-deny checks the same and more; this check needs nothing but cargo, so it runs on every machine.

use std::{collections::BTreeSet, fs};

use anyhow::Context as _;
use serde_json::Value;

use crate::workspace::{metadata, root};

/// What deny.toml allows.
struct Policy {
    licences: BTreeSet<String>,
    banned: BTreeSet<String>,
}

/// Complaints about the dependencies as they are locked.
pub(crate) fn check() -> anyhow::Result<Vec<String>> {
    let policy = policy()?;
    let metadata = metadata(&["--locked"])?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    Ok(packages
        .iter()
        .flat_map(|package| complaints(package, &policy))
        .collect())
}

fn policy() -> anyhow::Result<Policy> {
    let text = fs::read_to_string(root().join("deny.toml")).context("cannot read deny.toml")?;
    let deny: toml::Table = text.parse().context("deny.toml is not TOML")?;
    let list = |section: &str, key: &str| {
        deny.get(section)
            .and_then(|section| section.get(key)?.as_array())
            .with_context(|| format!("deny.toml has no list {section}.{key}"))
    };
    let licences = list("licenses", "allow")?.iter();
    let banned = list("bans", "deny")?.iter();
    Ok(Policy {
        licences: licences
            .filter_map(|it| Some(it.as_str()?.to_owned()))
            .collect(),
        banned: banned
            .filter_map(|it| Some(it.get("crate").unwrap_or(it).as_str()?.to_owned()))
            .collect(),
    })
}

fn complaints(package: &Value, policy: &Policy) -> Vec<String> {
    let text = |key: &str| package[key].as_str().unwrap_or_default();
    let name = format!("{} {}", text("name"), text("version"));
    let mut complaints = Vec::new();
    if !is_allowed(text("license"), &policy.licences) {
        let licence = text("license");
        complaints.push(format!("{name}: licence `{licence}` is not in deny.toml"));
    }
    if policy.banned.contains(text("name")) {
        complaints.push(format!("{name}: banned in deny.toml"));
    }
    match package["source"].as_str() {
        // One of ours: what it asks for must have a version.
        None => {
            for dependency in package["dependencies"].as_array().into_iter().flatten() {
                if dependency["req"] == "*" {
                    let wanted = dependency["name"].as_str().unwrap_or_default();
                    complaints.push(format!("{name}: asks for any version of {wanted}"));
                }
            }
        }
        Some(source) => {
            if !source.starts_with("registry+") && !source.starts_with("sparse+") {
                complaints.push(format!(
                    "{name}: comes from {source}, not from the registry"
                ));
            }
        }
    }
    complaints
}

/// Whether an SPDX expression can be met with `allowed` licences alone. `/` is the old way to write `OR`.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = tokens.as_slice();
    let met = either(&mut rest, allowed);
    met && rest.is_empty()
}

fn either(tokens: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut met = both(tokens, allowed);
    while let ["OR", rest @ ..] = *tokens {
        *tokens = rest;
        met |= both(tokens, allowed);
    }
    met
}

fn both(tokens: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    let mut met = one(tokens, allowed);
    while let ["AND", rest @ ..] = *tokens {
        *tokens = rest;
        met &= one(tokens, allowed);
    }
    met
}

fn one(tokens: &mut &[&str], allowed: &BTreeSet<String>) -> bool {
    match *tokens {
        ["(", rest @ ..] => {
            *tokens = rest;
            let met = either(tokens, allowed);
            *tokens = tokens.strip_prefix(&[")"]).unwrap_or_default();
            met
        }
        [licence, "WITH", exception, rest @ ..] => {
            *tokens = rest;
            allowed.contains(&format!("{licence} WITH {exception}"))
        }
        [licence, rest @ ..] => {
            *tokens = rest;
            allowed.contains(*licence)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_met_by_what_is_allowed() {
        let allowed = ["MIT", "Zlib", "Apache-2.0 WITH LLVM-exception"]
            .map(str::to_owned)
            .into();
        for fine in [
            "MIT",
            "MIT OR Apache-2.0",
            "MIT/Apache-2.0",
            "GPL-3.0 OR (MIT AND Zlib)",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(is_allowed(fine, &allowed), "{fine}");
        }
        for bad in [
            "",
            "Apache-2.0",
            "MIT AND GPL-3.0",
            "(MIT OR GPL-3.0) AND BSL-1.0",
            "MIT WITH some-exception",
            "MIT Zlib",
        ] {
            assert!(!is_allowed(bad, &allowed), "{bad}");
        }
    }

    #[test]
    fn sources_bans_and_wildcards_are_told() {
        let policy = Policy {
            licences: ["MIT".to_owned()].into(),
            banned: ["openssl".to_owned()].into(),
        };
        let of = |text: &str| complaints(&serde_json::from_str(text).unwrap(), &policy).len();
        assert_eq!(
            of(r#"{"name": "a", "license": "MIT", "source": "registry+x"}"#),
            0
        );
        assert_eq!(
            of(r#"{"name": "a", "license": "MIT", "source": "git+x"}"#),
            1
        );
        assert_eq!(
            of(r#"{"name": "openssl", "license": "MIT", "source": "registry+x"}"#),
            1
        );
        assert_eq!(
            of(r#"{"name": "a", "license": null, "source": "registry+x"}"#),
            1
        );
        assert_eq!(
            of(r#"{"name": "a", "license": "MIT", "dependencies": [{"name": "b", "req": "*"}]}"#),
            1
        );
    }
}
