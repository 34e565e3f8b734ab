//! Imports of TypeScript and JavaScript.
//!
//! In order: relative paths; `#x` of the nearest `package.json`; `paths` and `baseUrl` of the nearest `tsconfig.json`;
//! names of the workspace's packages. What none of them knows is looked for below the folders around the importing
//! file and below their `src`, because bundlers have configurations of their own.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Files, Found, folder_of, join, nearest};
use crate::{FileId, Manifests, Mapping, NpmManifest, PathMap};

/// Endings that an import may leave out, in the order they are tried.
const ENDINGS: [&str; 9] = ["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts", "d.ts"];

/// Endings that an import writes for a source with another one, the longest first.
const OUTPUT_ENDINGS: [&str; 7] = [".d.ts", ".d.mts", ".d.cts", ".mjs", ".cjs", ".jsx", ".js"];

/// Folders that hold what a build wrote.
const BUILT: [&str; 4] = ["dist", "lib", "build", "out"];

/// Folders below those, one for each module format.
const FORMATS: [&str; 7] = ["cjs", "esm", "es", "mjs", "types", "umd", "node"];

/// How many `imports` of manifests may lead to each other.
const MAX_HOPS: u32 = 4;

#[derive(Debug)]
pub(super) struct Ecmascript<'a> {
    /// By folder.
    manifests: FxHashMap<&'a str, &'a NpmManifest>,
    /// By package name.
    packages: FxHashMap<&'a str, &'a NpmManifest>,
    /// By folder.
    path_maps: FxHashMap<&'a str, Vec<&'a PathMap>>,
}

impl<'a> Ecmascript<'a> {
    pub(super) fn new(manifests: &'a Manifests) -> Self {
        let mut it = Self {
            manifests: FxHashMap::default(),
            packages: FxHashMap::default(),
            path_maps: FxHashMap::default(),
        };
        for manifest in &manifests.npm {
            it.manifests.insert(&manifest.dir, manifest);
            if let Some(name) = &manifest.name {
                it.packages.entry(name).or_insert(manifest);
            }
        }
        for map in &manifests.path_maps {
            it.path_maps.entry(&map.dir).or_default().push(map);
        }
        it
    }

    /// The file that `source` names in files of `folder`.
    pub(super) fn resolve(&self, files: &Files<'_>, folder: &str, source: &str) -> Found {
        // `./icon.svg?url` says how to load the file, `loader!./x` too.
        let source = source.split_once('?').map_or(source, |(path, _)| path);
        let source = source.rsplit_once('!').map_or(source, |(_, path)| path);
        let mut found = self.known(files, folder, source, 0);
        if found.file.is_none() && !source.starts_with('.') {
            found.file = self.around(files, folder, source);
        }
        found.own |= found.file.is_some() || source.starts_with("@/") || source.starts_with("~/");
        found.asset = names_asset(source);
        found
    }

    fn known(&self, files: &Files<'_>, folder: &str, source: &str, hops: u32) -> Found {
        if source.starts_with('.') {
            let file = join(folder, source).and_then(|path| self.module(files, &path, hops));
            return Found::own(file);
        }
        if source.starts_with('#')
            && let Some(manifest) = nearest(&self.manifests, folder)
            && let Some((targets, rest)) = best(&manifest.imports, source)
        {
            let file = self.first(files, manifest, targets, rest, hops);
            return Found::own(file);
        }
        let mut own = false;
        for map in nearest(&self.path_maps, folder).into_iter().flatten() {
            if let Some((targets, rest)) = best(&map.aliases, source) {
                let file = targets
                    .iter()
                    .find_map(|target| self.module(files, &target.replacen('*', rest, 1), hops));
                // `*` says nothing of whose a module is.
                own |= file.is_some() || rest != source;
                if file.is_some() {
                    return Found::own(file);
                }
            }
            let based = map.base.as_deref().and_then(|base| join(base, source));
            if let Some(file) = based.and_then(|path| self.module(files, &path, hops)) {
                return Found::own(Some(file));
            }
        }
        match self.package(files, source, hops) {
            Some(file) => Found::own(file),
            None => Found {
                own,
                ..Found::default()
            },
        }
    }

    /// Of a package of the tree; `None` if it is none.
    fn package(&self, files: &Files<'_>, source: &str, hops: u32) -> Option<Option<FileId>> {
        let (name, rest) = package_name(source);
        let manifest = *self.packages.get(name)?;
        let Some(rest) = rest else {
            return Some(self.entry(files, manifest, hops));
        };
        if let Some((targets, inner)) = best(&manifest.exports, &format!("./{rest}")) {
            if targets.is_empty() {
                return Some(None);
            }
            if let Some(file) = self.first(files, manifest, targets, inner, hops) {
                return Some(Some(file));
            }
        }
        let below = [rest.to_owned(), format!("src/{rest}")];
        Some(below.iter().find_map(|path| {
            self.built(files, manifest, path, hops)
                .or_else(|| self.module(files, &join(&manifest.dir, path)?, hops))
        }))
    }

    /// What an import of a package as a whole loads.
    fn entry(&self, files: &Files<'_>, manifest: &NpmManifest, hops: u32) -> Option<FileId> {
        let exported = best(&manifest.exports, ".").map_or(&[][..], |(targets, _)| targets);
        exported
            .iter()
            .chain(&manifest.entries)
            .map(String::as_str)
            .find_map(|path| self.built(files, manifest, path, hops))
            .or_else(|| {
                ["src/index", "index", "src/main"].iter().find_map(|path| {
                    let path = join(&manifest.dir, path)?;
                    files.any(&path, &ENDINGS)
                })
            })
    }

    fn first(
        &self,
        files: &Files<'_>,
        manifest: &NpmManifest,
        targets: &[String],
        rest: &str,
        hops: u32,
    ) -> Option<FileId> {
        targets.iter().find_map(|target| {
            let target = target.replace('*', rest);
            if target.starts_with('.') {
                return self.built(files, manifest, &target, hops);
            }
            let again = hops < MAX_HOPS && target != rest;
            again
                .then(|| self.known(files, &manifest.dir, &target, hops + 1).file)
                .flatten()
        })
    }

    /// A file that a manifest names: itself, or the source it was built from.
    fn built(
        &self,
        files: &Files<'_>,
        manifest: &NpmManifest,
        path: &str,
        hops: u32,
    ) -> Option<FileId> {
        let path = join("", path)?;
        let find = |path: &str| {
            let path = join(&manifest.dir, path)?;
            // The package's own folder is no answer to where its entry is.
            (path != manifest.dir)
                .then(|| self.module(files, &path, hops))
                .flatten()
        };
        if let Some(found) = find(&path) {
            return Some(found);
        }
        let parts: Vec<&str> = path.split('/').collect();
        let at = parts.iter().position(|part| BUILT.contains(part))?;
        let (before, after) = (&parts[..at], &parts[at + 1..]);
        let formats = after
            .iter()
            .take_while(|part| FORMATS.contains(part))
            .count();
        let mut tried = FxHashSet::default();
        for after in [after, &after[formats..]] {
            for source in [&["src"][..], &[]] {
                let path = [before, source, after].concat().join("/");
                if tried.insert(path.clone())
                    && let Some(found) = find(&path)
                {
                    return Some(found);
                }
            }
        }
        None
    }

    /// What the file's folder, or one around it, has at `source`.
    fn around(&self, files: &Files<'_>, folder: &str, source: &str) -> Option<FileId> {
        let bare = ["@/", "~/", "#/"]
            .iter()
            .find_map(|prefix| source.strip_prefix(prefix))
            .unwrap_or(source);
        if bare == source && !source.contains('/') {
            return None;
        }
        let mut around = folder;
        loop {
            for below in ["", "src"] {
                let found = join(around, below)
                    .and_then(|folder| join(&folder, bare))
                    .and_then(|path| self.module(files, &path, MAX_HOPS));
                if found.is_some() {
                    return found;
                }
            }
            if around.is_empty() {
                return None;
            }
            around = folder_of(around);
        }
    }

    /// A file by its path with or without its ending, or a folder's index.
    fn module(&self, files: &Files<'_>, path: &str, hops: u32) -> Option<FileId> {
        if let Some(found) = files.at(path) {
            return Some(found);
        }
        if !files.has_folder(folder_of(path)) {
            return None;
        }
        if let Some(found) = files.any(path, &ENDINGS) {
            return Some(found);
        }
        for ending in OUTPUT_ENDINGS {
            if let Some(stem) = path.strip_suffix(ending)
                && let Some(found) = files.any(stem, &ENDINGS)
            {
                return Some(found);
            }
        }
        if !files.has_folder(path) {
            return None;
        }
        let index = if path.is_empty() {
            "index".to_owned()
        } else {
            format!("{path}/index")
        };
        files.any(&index, &ENDINGS).or_else(|| {
            let manifest = self.manifests.get(path).filter(|_| hops < MAX_HOPS)?;
            self.entry(files, manifest, MAX_HOPS)
        })
    }
}

/// `@scope/name` and `rest` of `@scope/name/rest`.
fn package_name(source: &str) -> (&str, Option<&str>) {
    let mut slashes = source.match_indices('/').map(|(at, _)| at);
    let end = if source.starts_with('@') {
        slashes.nth(1)
    } else {
        slashes.next()
    };
    end.map_or((source, None), |at| {
        (&source[..at], Some(&source[at + 1..]))
    })
}

/// The mapping that fits best: the name itself, else the pattern with the longest part before its `*`. With it what
/// the `*` stands for.
fn best<'m, 's>(mappings: &'m [Mapping], name: &'s str) -> Option<(&'m [String], &'s str)> {
    let mut best: Option<(usize, &[String], &str)> = None;
    for (pattern, targets) in mappings {
        let Some((before, after)) = pattern.split_once('*') else {
            if pattern == name {
                return Some((targets, ""));
            }
            continue;
        };
        let Some(rest) = name
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(after))
        else {
            continue;
        };
        if best.is_none_or(|(length, ..)| before.len() > length) {
            best = Some((before.len(), targets, rest));
        }
    }
    best.map(|(_, targets, rest)| (targets, rest))
}

/// Styles, pictures and data are imported too, and are no code.
fn names_asset(source: &str) -> bool {
    let name = source.rsplit('/').next().unwrap_or(source);
    name.rsplit_once('.').is_some_and(|(_, ending)| {
        let code = ENDINGS.contains(&ending);
        !code && ending.len() <= 5 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}
