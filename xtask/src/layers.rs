//! Which crate may use which, and behind which wall each heavy dependency stays.
//!
//! The tables are architecture: a change to them is a change of design, to be argued for in ARCHITECTURE.md.

use anyhow::Context as _;
use serde_json::Value;

use crate::workspace::metadata;

/// Each crate of ours, and all it may use of ours.
const LAYERS: &[(&str, &[&str])] = &[
    ("bespoke-facts", &[]),
    ("bespoke-extract", &["bespoke-facts"]),
    ("bespoke-analysis", &["bespoke-facts"]),
    ("bespoke-report", &["bespoke-facts", "bespoke-analysis"]),
    (
        "bespoke-engine",
        &["bespoke-facts", "bespoke-extract", "bespoke-analysis"],
    ),
    ("bespoke-cli", &["bespoke-engine", "bespoke-report"]),
    ("xtask", &[]),
];

/// A dependency by name, or by the start of its name with `*`, and the only crates that may use it.
const WALLS: &[(&str, &[&str])] = &[
    ("tree-sitter*", &["bespoke-extract"]),
    ("syn", &["bespoke-extract"]),
    ("oxc_*", &["bespoke-extract"]),
    ("ruff_*", &["bespoke-extract"]),
    ("petgraph", &["bespoke-analysis"]),
    ("gix*", &["bespoke-engine"]),
    ("clap*", &["bespoke-cli", "xtask"]),
    (
        "serde_json",
        &["bespoke-report", "bespoke-engine", "bespoke-cli", "xtask"],
    ),
];

/// One crate's use of another.
type Edge = (String, String);

/// Complaints about the workspace as it is.
pub(crate) fn check() -> anyhow::Result<Vec<String>> {
    let metadata = metadata(&["--no-deps"])?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    let name = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let mut crates = Vec::new();
    let mut edges = Vec::new();
    for package in packages {
        crates.push(name(package));
        let dependencies = package["dependencies"]
            .as_array()
            .context("no dependencies")?;
        for dependency in dependencies {
            // Tests and benches may look anywhere: nothing that is shipped depends on them.
            if dependency["kind"] != "dev" {
                edges.push((name(package), name(dependency)));
            }
        }
    }
    Ok(complaints(&crates, &edges))
}

fn complaints(crates: &[String], edges: &[Edge]) -> Vec<String> {
    let mut complaints = Vec::new();
    for name in crates {
        if allowed(LAYERS, name).is_none() {
            complaints.push(format!(
                "{name} has no row in the table of xtask/src/layers.rs"
            ));
        }
    }
    for (name, _) in LAYERS {
        if !crates.iter().any(|known| known == name) {
            complaints.push(format!("{name} is in the table and not in the workspace"));
        }
    }
    for (from, to) in edges {
        if crates.contains(to) {
            let may = allowed(LAYERS, from).unwrap_or_default();
            if !may.contains(&to.as_str()) {
                complaints.push(format!("{from} may not use {to}, only {may:?}"));
            }
        }
        let wall = WALLS.iter().find(|(pattern, _)| matches(pattern, to));
        if let Some((_, may)) = wall
            && !may.contains(&from.as_str())
        {
            complaints.push(format!("{from} may not use {to}: it stays in {may:?}"));
        }
    }
    complaints
}

fn allowed(table: &'static [(&str, &[&str])], name: &str) -> Option<&'static [&'static str]> {
    table
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, may)| *may)
}

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_keeps_its_layers() {
        let complaints = check().unwrap();
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }

    #[test]
    fn illegal_edges_are_told() {
        let crates: Vec<String> = LAYERS.iter().map(|(name, _)| (*name).to_owned()).collect();
        let of =
            |from: &str, to: &str| complaints(&crates, &[(from.to_owned(), to.to_owned())]).len();
        assert_eq!(of("bespoke-report", "bespoke-analysis"), 0);
        assert_eq!(of("bespoke-extract", "tree-sitter-rust"), 0);
        assert_eq!(of("bespoke-facts", "bespoke-extract"), 1);
        assert_eq!(of("bespoke-report", "bespoke-engine"), 1);
        assert_eq!(of("bespoke-analysis", "tree-sitter-rust"), 1);
        assert_eq!(of("bespoke-engine", "clap_complete"), 1);
        assert_eq!(of("bespoke-analysis", "serde_json"), 1);
    }

    #[test]
    fn crates_and_rows_are_the_same() {
        let complaints = complaints(&["bespoke-core".to_owned()], &[]);
        assert_eq!(complaints.len(), 1 + LAYERS.len());
    }
}
