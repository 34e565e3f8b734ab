//! The repository's own packages: what files import each other by.

use std::path::Path;

use bespoke_analysis::{Package, PackageKind};
use bespoke_facts::{IssueReason, RepoPath};
use serde::Deserialize;

use crate::read::read;

/// Largest manifest that is read, in bytes.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// Whose manifest a path is, if it is one.
pub(crate) fn manifest_kind(path: &RepoPath) -> Option<PackageKind> {
    match path.file_name() {
        "package.json" => Some(PackageKind::Npm),
        "Cargo.toml" => Some(PackageKind::Cargo),
        _ => None,
    }
}

/// The package that a manifest declares; `None` where it declares no name, as a workspace's may not.
pub(crate) fn package(
    file: &Path,
    path: &RepoPath,
    kind: PackageKind,
) -> Result<Option<Package>, IssueReason> {
    let mut bytes = Vec::new();
    read(file, MAX_MANIFEST_BYTES, &mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let name = match kind {
        PackageKind::Npm => npm_name(text)?,
        PackageKind::Cargo => cargo_name(text)?,
    };
    Ok(name.filter(|name| !name.is_empty()).map(|name| Package {
        dir: path.parent().to_owned(),
        name,
        kind,
    }))
}

#[derive(Deserialize)]
struct PackageJson {
    #[serde(default)]
    name: Option<serde_json::Value>,
}

fn npm_name(text: &str) -> Result<Option<String>, IssueReason> {
    let manifest: PackageJson =
        serde_json::from_str(text).map_err(|error| IssueReason::Manifest(error.to_string()))?;
    Ok(manifest
        .name
        .and_then(|name| name.as_str().map(str::to_owned)))
}

#[derive(Deserialize)]
struct CargoToml {
    package: Option<CargoName>,
    lib: Option<CargoName>,
}

#[derive(Deserialize)]
struct CargoName {
    name: Option<String>,
}

fn cargo_name(text: &str) -> Result<Option<String>, IssueReason> {
    let manifest: CargoToml = toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .map_or(0, |span| text[..span.start].matches('\n').count());
        IssueReason::Manifest(format!("line {}: {}", line + 1, error.message()))
    })?;
    let Some(package) = manifest.package else {
        return Ok(None);
    };
    let library = manifest.lib.and_then(|lib| lib.name);
    Ok(library.or(package.name).map(|name| name.replace('-', "_")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npm_names_are_as_written() {
        let name = npm_name(r#"{"name": "@acme/ui-kit", "version": 1}"#);
        assert_eq!(name, Ok(Some("@acme/ui-kit".to_owned())));
        assert_eq!(npm_name("{}"), Ok(None));
        let broken = npm_name("{\n  name: 1\n}").unwrap_err();
        assert_eq!(broken.id(), "manifest");
        assert!(broken.to_string().contains("line 2"), "{broken}");
    }

    #[test]
    fn cargo_names_are_as_code_writes_them() {
        let name = cargo_name("[package]\nname = \"acme-core\"\nversion.workspace = true\n");
        assert_eq!(name, Ok(Some("acme_core".to_owned())));
        let name = cargo_name("[package]\nname = \"acme-core\"\n[lib]\nname = \"core_of\"\n");
        assert_eq!(name, Ok(Some("core_of".to_owned())));
        assert_eq!(cargo_name("[workspace]\nmembers = []\n"), Ok(None));
        let broken = cargo_name("[package]\nname =\n").unwrap_err();
        assert!(broken.to_string().contains("line 2"), "{broken}");
    }
}
