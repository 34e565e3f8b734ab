//! The repository's own packages: what files import each other by.

mod cargo;
mod npm;
mod python;
mod tsconfig;

use bespoke_analysis::{Manifests, Package, PackageKind};
use bespoke_facts::{Issue, IssueReason, RepoPath};

use crate::Entry;

/// Largest manifest that is read, in bytes.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// Files that mark the folder of a Python project.
const PYTHON_PROJECTS: [&str; 4] = ["pyproject.toml", "setup.cfg", "setup.py", "manage.py"];

/// What the manifests of a tree say.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// Packages with a name, sorted.
    pub(crate) packages: Vec<Package>,
    pub(crate) manifests: Manifests,
    pub(crate) issues: Vec<Issue>,
}

/// Whether a file is one of these, or may be named by one. `kept`: it is analysed.
pub(crate) fn is_manifest(path: &RepoPath, kept: bool) -> bool {
    let name = path.file_name();
    let named = matches!(
        name,
        "package.json" | "Cargo.toml" | "pyproject.toml" | "setup.cfg" | "setup.py" | "manage.py"
    );
    let is_json = name.rsplit_once('.').is_some_and(|it| it.1 == "json");
    kept && named || is_json && name.contains("config")
}

/// Reads every manifest that `keeps` keeps, and what those name.
pub(crate) fn read_all(
    entries: &[Entry],
    keeps: impl Fn(&RepoPath) -> bool,
    bytes: &Bytes<'_>,
) -> Read {
    let mut out = Read::default();
    let mut cargo = Vec::new();
    let mut configs = Vec::new();
    for entry in entries {
        let name = entry.path.file_name();
        if PYTHON_PROJECTS.contains(&name) && keeps(&entry.path) {
            let folder = entry.path.parent();
            let roots = &mut out.manifests.python_roots;
            roots.push(folder.to_owned());
            roots.extend(join(folder, "src"));
        }
        let is_config = tsconfig::is_config(name);
        let known = is_config
            || matches!(
                name,
                "package.json" | "Cargo.toml" | "pyproject.toml" | "setup.cfg"
            );
        if !known || !keeps(&entry.path) {
            continue;
        }
        let dir = entry.path.parent();
        // What it extends is read on the way, from wherever it is.
        if is_config {
            configs.push(entry.path.clone());
            continue;
        }
        let result = text(entry, bytes).and_then(|text| {
            match name {
                "package.json" => out.manifests.npm.push(npm::manifest(&text, dir)?),
                "Cargo.toml" => cargo.push(cargo::Toml::new(&text, dir)?),
                "setup.cfg" => out.manifests.python_roots.extend(python::setup(&text, dir)),
                _ => {
                    let roots = python::pyproject(&text, dir)?;
                    out.manifests.python_roots.extend(roots);
                }
            }
            Ok(())
        });
        if let Err(reason) = result {
            out.issues.push(issue(&entry.path, reason));
        }
    }
    out.manifests.npm.sort();
    out.manifests.cargo = cargo::manifests(&cargo);
    out.manifests.cargo.sort();
    out.manifests.python_roots.sort();
    out.manifests.python_roots.dedup();
    let packages = &out.manifests.npm;
    let (maps, issues) = tsconfig::path_maps(entries, &configs, packages, bytes);
    out.manifests.path_maps = maps;
    out.issues.extend(issues);
    out.packages = packages_of(&out.manifests);
    out
}

fn packages_of(manifests: &Manifests) -> Vec<Package> {
    let npm = manifests.npm.iter();
    let npm = npm.map(|it| (&it.dir, &it.name, PackageKind::Npm));
    let cargo = manifests.cargo.iter();
    let cargo = cargo.map(|it| (&it.dir, &it.library, PackageKind::Cargo));
    let mut packages: Vec<Package> = npm
        .chain(cargo)
        .filter_map(|(dir, name, kind)| {
            Some(Package {
                dir: dir.clone(),
                name: name.clone()?,
                kind,
            })
        })
        .collect();
    packages.sort();
    packages
}

/// How to read a listed file: fills a buffer with at most so many bytes.
pub(crate) type Bytes<'b> = dyn Fn(&Entry, u64, &mut Vec<u8>) -> Result<(), IssueReason> + 'b;

fn text(entry: &Entry, bytes: &Bytes<'_>) -> Result<String, IssueReason> {
    let mut buffer = Vec::new();
    bytes(entry, MAX_MANIFEST_BYTES, &mut buffer)?;
    Ok(decoded(&buffer))
}

fn decoded(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned()
}

/// Whether a `package.json` that has changed still says what was read of it: most changes are to what it depends on.
pub(crate) fn says_the_same(read: &Read, path: &RepoPath, bytes: &[u8]) -> bool {
    let dir = path.parent();
    let known = read.manifests.npm.iter().find(|known| known.dir == dir);
    path.file_name() == "package.json"
        && bytes.len() as u64 <= MAX_MANIFEST_BYTES
        && known
            .is_some_and(|known| npm::manifest(&decoded(bytes), dir).is_ok_and(|new| new == *known))
}

fn issue(path: &RepoPath, reason: IssueReason) -> Issue {
    Issue {
        path: path.clone(),
        span: None,
        reason,
    }
}

/// A manifest in TOML, or the place where it is none.
fn toml_table(text: &str) -> Result<toml::Table, IssueReason> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map_or(0, |before| before.matches('\n').count());
        IssueReason::Manifest(format!("line {}: {}", line + 1, error.message()))
    })
}

/// A path relative to `folder`, from the root; `None` if it leads out of the tree.
fn join(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}
