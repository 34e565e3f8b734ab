//! `Cargo.toml`.

use std::collections::BTreeMap;

use bespoke_analysis::CargoManifest;
use bespoke_facts::IssueReason;
use toml::{Table, Value};

use super::{join, toml_table};

/// A manifest before what it takes from its workspace is looked up.
pub(super) struct Toml {
    dir: String,
    table: Table,
}

impl Toml {
    pub(super) fn new(text: &str, dir: &str) -> Result<Self, IssueReason> {
        Ok(Self {
            dir: dir.to_owned(),
            table: toml_table(text)?,
        })
    }
}

pub(super) fn manifests(all: &[Toml]) -> Vec<CargoManifest> {
    let workspaces: BTreeMap<&str, &Table> = all
        .iter()
        .filter_map(|it| Some((it.dir.as_str(), it.table.get("workspace")?.as_table()?)))
        .collect();
    all.iter()
        .map(|it| manifest(it, nearest(&workspaces, &it.dir)))
        .collect()
}

/// What holds for a folder: its own, or the nearest around it.
fn nearest<'t>(by_folder: &BTreeMap<&str, &'t Table>, folder: &str) -> Option<&'t Table> {
    let mut around = folder;
    loop {
        if let Some(found) = by_folder.get(around) {
            return Some(found);
        }
        if around.is_empty() {
            return None;
        }
        around = around.rsplit_once('/').map_or("", |(up, _)| up);
    }
}

fn manifest(toml: &Toml, workspace: Option<&Table>) -> CargoManifest {
    let Toml { dir, table } = toml;
    let text = |table: Option<&Value>, key: &str| {
        let text = table?.get(key)?.as_str()?;
        (!text.is_empty()).then(|| text.to_owned())
    };
    let root = |target: &Value| join(dir, target.get("path")?.as_str()?);
    let package = text(table.get("package"), "name");
    let library = text(table.get("lib"), "name").or_else(|| package.clone());
    let targets = ["bin", "test", "example", "bench"];
    let targets = targets
        .iter()
        .filter_map(|kind| table.get(*kind)?.as_array());
    let shared = workspace.and_then(|it| it.get("dependencies")?.as_table());
    let renamed = dependencies(table).filter_map(|(name, dependency)| {
        let inherits = dependency.get("workspace").and_then(Value::as_bool) == Some(true);
        let said = if inherits {
            shared?.get(name)?
        } else {
            dependency
        };
        let package = said.get("package")?.as_str()?;
        Some((name.replace('-', "_"), package.to_owned()))
    });
    let mut renamed: Vec<(String, String)> = renamed.collect();
    renamed.sort();
    renamed.dedup();
    CargoManifest {
        dir: dir.clone(),
        library: library
            .filter(|_| package.is_some())
            .map(|name| name.replace('-', "_")),
        package,
        library_root: table.get("lib").and_then(root),
        roots: targets.flatten().filter_map(root).collect(),
        renamed,
    }
}

/// Dependencies of any kind and platform.
fn dependencies(table: &Table) -> impl Iterator<Item = (&String, &Value)> {
    let platforms = table.get("target").and_then(Value::as_table);
    let platforms = platforms.into_iter().flat_map(Table::values);
    std::iter::once(table)
        .chain(platforms.filter_map(Value::as_table))
        .flat_map(|table| {
            ["dependencies", "dev-dependencies", "build-dependencies"]
                .into_iter()
                .filter_map(|kind| table.get(kind)?.as_table())
                .flatten()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(manifests_of: &[(&str, &str)]) -> Vec<CargoManifest> {
        let all: Vec<Toml> = manifests_of
            .iter()
            .map(|(dir, text)| Toml::new(text, dir).unwrap())
            .collect();
        manifests(&all)
    }

    #[test]
    fn names_are_as_code_writes_them() {
        let library = |text| read(&[("", text)])[0].library.clone();
        let plain = library("[package]\nname = \"acme-core\"\nversion.workspace = true\n");
        assert_eq!(plain.as_deref(), Some("acme_core"));
        let named = library("[package]\nname = \"acme-core\"\n[lib]\nname = \"core_of\"\n");
        assert_eq!(named.as_deref(), Some("core_of"));
        assert_eq!(library("[workspace]\nmembers = []\n"), None);
        let broken = Toml::new("[package]\nname =\n", "").err().unwrap();
        assert!(broken.to_string().contains("line 2"), "{broken}");
    }

    #[test]
    fn roots_and_renamed_dependencies_are_noted() {
        let workspace = "[workspace.dependencies]\nplain = \"1\"\nshort = { package = \"acme-long\", path = \"long\" }\n";
        let member = "[package]\nname = \"app\"\n[lib]\npath = \"core.rs\"\n[[bin]]\nname = \"x\"\npath = \"cmd/x.rs\"\n\
             [[test]]\nname = \"y\"\n[dependencies]\nshort.workspace = true\nplain.workspace = true\nserde = \"1\"\n\
             [target.'cfg(unix)'.dev-dependencies]\nmy-kit = { package = \"kit\" }\n";
        let read = read(&[("", workspace), ("app", member)]);
        let app = &read[1];
        assert_eq!(app.library_root.as_deref(), Some("app/core.rs"));
        assert_eq!(app.roots, ["app/cmd/x.rs"]);
        let renamed = [("my_kit", "kit"), ("short", "acme-long")];
        let renamed = renamed.map(|(name, package)| (name.to_owned(), package.to_owned()));
        assert_eq!(app.renamed, renamed);
    }
}
