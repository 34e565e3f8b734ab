//! Imports of TypeScript and JavaScript.
//!
//! In order: relative paths; `#x` of the nearest `package.json`; `paths` and `baseUrl` of the nearest `tsconfig.json`;
//! names of the workspace's packages. What none of them knows is looked for below the folders around the importing
//! file and below their `src`, because bundlers have configurations of their own.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Files, Found, folder_of, join, nearest};
use crate::{FileId, Manifests, Mapping, NpmManifest, PathMap};

/// Endings that an import may leave out, in the order they are tried.
const ENDINGS: [&str; 11] = [
    "ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts", "d.ts", "vue", "svelte",
];

/// Endings that an import writes for a source with another one, the longest first.
const OUTPUT_ENDINGS: [&str; 9] = [
    ".d.ts", ".d.mts", ".d.cts", ".mjs", ".cjs", ".jsx", ".js", ".tsx", ".ts",
];

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
        let (name, rest) = package_name(source);
        match self.packages.get(name) {
            Some(manifest) => Found::own(self.of_package(files, manifest, rest, hops)),
            None => Found {
                own,
                ..Found::default()
            },
        }
    }

    /// What an import of a package of the tree, or of `rest` in it, loads.
    fn of_package(
        &self,
        files: &Files<'_>,
        manifest: &NpmManifest,
        rest: Option<&str>,
        hops: u32,
    ) -> Option<FileId> {
        let Some(rest) = rest else {
            return self.entry(files, manifest, hops);
        };
        if let Some((targets, inner)) = best(&manifest.exports, &format!("./{rest}")) {
            if targets.is_empty() {
                return None;
            }
            if let Some(file) = self.first(files, manifest, targets, inner, hops) {
                return Some(file);
            }
        }
        // Not every tool asks `exports`.
        [rest.to_owned(), format!("src/{rest}")]
            .iter()
            .find_map(|path| self.built(files, manifest, path, hops))
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
        !code
            && (1..=5).contains(&ending.len())
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::{super::tests::set, *};

    fn strings(items: &[&str]) -> Vec<String> {
        items.iter().map(|it| (*it).to_owned()).collect()
    }

    fn mapping(name: &str, targets: &[&str]) -> Mapping {
        (name.to_owned(), strings(targets))
    }

    fn package(dir: &str, name: &str) -> NpmManifest {
        NpmManifest {
            dir: dir.to_owned(),
            name: Some(name.to_owned()),
            ..NpmManifest::default()
        }
    }

    fn path_map(dir: &str, base: Option<&str>, aliases: &[Mapping]) -> PathMap {
        PathMap {
            dir: dir.to_owned(),
            base: base.map(str::to_owned),
            aliases: aliases.to_vec(),
        }
    }

    /// What `source` in a file of `folder` names: a path, `missing` or `foreign`.
    fn find(paths: &[&str], manifests: &Manifests, folder: &str, source: &str) -> String {
        let set = set("typescript", paths);
        let table = crate::link::table::Table::of(&set);
        let files = Files::new(&table, std::rc::Rc::default());
        let found = Ecmascript::new(manifests).resolve(&files, folder, source);
        match found.file {
            Some(file) => set.files[file.index()].path.to_string(),
            None if found.own && !found.asset => "missing".to_owned(),
            None => "foreign".to_owned(),
        }
    }

    #[test]
    fn relative_paths() {
        let paths = [
            "a/b.ts",
            "a/c/index.tsx",
            "a/d.mts",
            "types.d.ts",
            "x.config.ts",
        ];
        let check = |folder, source, expected| {
            let found = find(&paths, &Manifests::default(), folder, source);
            assert_eq!(found, expected, "{source} in {folder}");
        };
        check("a", "./b", "a/b.ts");
        check("a", "./b.js", "a/b.ts");
        check("a", "./d.mjs", "a/d.mts");
        check("a", "./c/index.ts", "a/c/index.tsx");
        check("a/c", ".", "a/c/index.tsx");
        check("a/c", "../b?raw", "a/b.ts");
        check("a", "../types", "types.d.ts");
        check("a", "../x.config", "x.config.ts");
        check("a", "./e", "missing");
        check("a", "../../b", "missing");
        check("a", "./icon.svg?url", "foreign");
        check("a", "react", "foreign");
        check("a", "b", "foreign");
    }

    #[test]
    fn paths_of_the_nearest_configuration() {
        let paths = [
            "shared/money.ts",
            "shared/deep/x.ts",
            "web/src/a.ts",
            "web/own/a.ts",
        ];
        let root = [
            mapping("@shared/*", &["nowhere/*", "shared/*"]),
            mapping("@shared/deep/*", &["shared/deep/*"]),
            mapping("money", &["shared/money.ts"]),
            mapping("*", &["types/*"]),
        ];
        let manifests = Manifests {
            path_maps: vec![
                path_map("", None, &root),
                path_map("web", Some("web/own"), &[]),
            ],
            ..Manifests::default()
        };
        let check = |folder, source, expected| {
            let found = find(&paths, &manifests, folder, source);
            assert_eq!(found, expected, "{source} in {folder}");
        };
        check("api", "@shared/money", "shared/money.ts");
        check("api", "@shared/deep/x", "shared/deep/x.ts");
        check("api", "money", "shared/money.ts");
        check("api", "moneys", "foreign");
        check("api", "@shared/none", "missing");
        check("api", "react", "foreign");
        check("web/src", "a", "web/own/a.ts");
        check("web/src", "@shared/money", "foreign");
    }

    #[test]
    fn packages_of_the_workspace() {
        let kit = NpmManifest {
            entries: strings(&["dist/main.js"]),
            exports: vec![
                mapping("./inner/*", &[]),
                mapping("./icons/*", &["./dist/esm/icons/*.js"]),
                mapping("./theme", &["./lib/theme/index.js"]),
            ],
            imports: vec![
                mapping("#util/*", &["./src/util/*.ts"]),
                mapping("#base", &["@acme/base"]),
            ],
            ..package("packages/kit", "@acme/kit")
        };
        let manifests = Manifests {
            npm: vec![package("packages/base", "@acme/base"), kit],
            ..Manifests::default()
        };
        let paths = [
            "packages/base/src/index.ts",
            "packages/kit/src/main.ts",
            "packages/kit/src/icons/star.tsx",
            "packages/kit/src/theme/index.ts",
            "packages/kit/src/inner/x.ts",
            "packages/kit/src/util/u.ts",
            "packages/kit/plain.ts",
        ];
        let check = |folder, source, expected| {
            let found = find(&paths, &manifests, folder, source);
            assert_eq!(found, expected, "{source} in {folder}");
        };
        check("app", "@acme/base", "packages/base/src/index.ts");
        check("app", "@acme/kit", "packages/kit/src/main.ts");
        check(
            "app",
            "@acme/kit/icons/star",
            "packages/kit/src/icons/star.tsx",
        );
        check("app", "@acme/kit/theme", "packages/kit/src/theme/index.ts");
        check("app", "@acme/kit/plain", "packages/kit/plain.ts");
        check("app", "@acme/kit/inner/x", "missing");
        check("app", "@acme/kit/icons/moon", "missing");
        check("app", "@acme/kits", "foreign");
        check("app", "../packages/kit", "packages/kit/src/main.ts");
        check("packages/kit/src", "#util/u", "packages/kit/src/util/u.ts");
        check("packages/kit/src", "#base", "packages/base/src/index.ts");
        check("packages/kit/src", "#util/v", "missing");
        check("packages/base/src", "#util/u", "foreign");
    }

    #[test]
    fn names_that_lead_to_themselves_end() {
        let mut looping = package("", "loop");
        looping.imports = vec![mapping("#a", &["#b"]), mapping("#b", &["#a"])];
        looping.entries = strings(&["."]);
        let manifests = Manifests {
            npm: vec![looping],
            ..Manifests::default()
        };
        assert_eq!(find(&["x.ts"], &manifests, "", "#a"), "missing");
        assert_eq!(find(&["x.ts"], &manifests, "", "loop"), "missing");
        assert_eq!(find(&["x.ts"], &manifests, "", "."), "missing");
    }

    #[test]
    fn folders_around_are_the_last_resort() {
        let paths = ["web/src/lib/x.ts", "lib/y.ts"];
        let check = |source, expected| {
            let found = find(&paths, &Manifests::default(), "web/src/pages", source);
            assert_eq!(found, expected, "{source}");
        };
        check("@/lib/x", "web/src/lib/x.ts");
        check("lib/y", "lib/y.ts");
        check("lib/z", "foreign");
        check("~/lib/z", "missing");
    }
}
