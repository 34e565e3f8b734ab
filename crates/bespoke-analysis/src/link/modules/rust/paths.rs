//! Where paths lead in the tree of modules: through `mod`, `use`, and the names of other crates.

use bespoke_facts::Imported;
use rustc_hash::FxHashSet;

use super::Tree;
use crate::link::table::Table;

/// How many names one path may lead through, re-exports counted.
const MAX_STEPS: u32 = 64;

/// Where a path leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::link::modules) struct Place {
    pub(super) node: u32,
    /// How many names at its end are no modules.
    pub(super) rest: u32,
}

/// What one look-up has been through.
#[derive(Default)]
pub(super) struct Trail<'p> {
    steps: u32,
    seen: FxHashSet<(u32, &'p str)>,
}

impl<'a> Tree<'a> {
    /// Where a path that is written in a module leads.
    pub(in crate::link::modules) fn resolve(
        &self,
        table: &Table<'a>,
        from: u32,
        path: &str,
    ) -> Option<Place> {
        let parts: Vec<&str> = path.split("::").filter(|part| !part.is_empty()).collect();
        self.walk(table, from, &parts, &mut Trail::default())
    }

    fn walk<'p>(
        &self,
        table: &Table<'a>,
        from: u32,
        parts: &[&'p str],
        trail: &mut Trail<'p>,
    ) -> Option<Place>
    where
        'a: 'p,
    {
        let (first, mut parts) = parts.split_first()?;
        let mut node = match *first {
            "crate" => self.nodes[from as usize].root,
            "self" => from,
            "super" => self.nodes[from as usize].parent?,
            name => {
                let direct = self.nodes[from as usize].children.get(name).copied();
                let found = direct
                    .or_else(|| self.library(from, name))
                    .or_else(|| self.child(table, from, name, trail));
                match found {
                    Some(node) => node,
                    // `use Kind::Acme` after `enum Kind`.
                    None if self.has_item(from, name) => {
                        let rest = u32::try_from(parts.len() + 1).unwrap_or(u32::MAX);
                        return Some(Place { node: from, rest });
                    }
                    None => return None,
                }
            }
        };
        while let Some((part, after)) = parts.split_first() {
            node = match *part {
                "super" => self.nodes[node as usize].parent?,
                name => match self.child(table, node, name, trail) {
                    Some(next) => next,
                    // What a glob brings from elsewhere is not known.
                    None if self.has_item(node, name) => break,
                    None if self.nodes[node as usize].globs.is_empty() => return None,
                    None => break,
                },
            };
            parts = after;
        }
        let rest = u32::try_from(parts.len()).unwrap_or(u32::MAX);
        Some(Place { node, rest })
    }

    /// The module that a module has under a name: its own, or one that it imports.
    pub(super) fn child<'p>(
        &self,
        table: &Table<'a>,
        node: u32,
        name: &'p str,
        trail: &mut Trail<'p>,
    ) -> Option<u32>
    where
        'a: 'p,
    {
        let here = &self.nodes[node as usize];
        if let Some(child) = here.children.get(name) {
            return Some(*child);
        }
        trail.steps += 1;
        if trail.steps > MAX_STEPS || !trail.seen.insert((node, name)) {
            return None;
        }
        let facts = &table.file(here.module.file).facts;
        let import = |at: u32| {
            let import = facts.imports.get(at as usize)?;
            let mut parts: Vec<&'a str> = facts
                .name(import.source)
                .split("::")
                .filter(|part| !part.is_empty())
                .collect();
            if let Imported::Named(name) = import.imported {
                parts.push(facts.name(name));
            }
            Some(parts)
        };
        if let Some(parts) = here.uses.get(name).and_then(|at| import(*at)) {
            return self
                .walk(table, node, &parts, trail)
                .filter(|place| place.rest == 0)
                .map(|place| place.node);
        }
        here.globs.iter().find_map(|at| {
            let parts = import(*at)?;
            let place = self.walk(table, node, &parts, trail)?;
            (place.rest == 0 && place.node != node)
                .then(|| self.child(table, place.node, name, trail))
                .flatten()
        })
    }

    /// The library that a module's crate knows by a name.
    pub(super) fn library(&self, from: u32, name: &str) -> Option<u32> {
        let root = self.nodes[from as usize].root;
        let manifest = self.nodes[root as usize].manifest;
        let renamed = manifest.and_then(|it| it.renamed.iter().find(|(own, _)| own == name));
        match renamed {
            Some((_, package)) => self.packages.get(package.as_str()).copied(),
            None => self.libraries.get(name).copied(),
        }
    }

    fn has_item(&self, node: u32, name: &str) -> bool {
        let node = &self.nodes[node as usize];
        let items = self.items.get(&node.module.file);
        node.uses.contains_key(name) || items.is_some_and(|items| items.contains(name))
    }
}

#[cfg(test)]
mod tests {
    use bespoke_facts::{DefinitionKind, DefinitionStart, FactsBuilder, FileFacts, Import, Span};

    use super::{
        super::super::{Files, tests::set},
        *,
    };
    use crate::CargoManifest;

    /// A file of `mod a;`, `mod a {`, `}`, `enum A;`, `use a::b;`, `use a::*;`, one a line.
    fn facts(text: &str) -> FileFacts {
        let mut facts = FactsBuilder::new(text);
        let mut start = 0;
        let end = u32::try_from(text.len()).unwrap();
        for line in text.lines() {
            let span = Span::new(start, start + u32::try_from(line.len()).unwrap());
            start = span.end + 1;
            let (word, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
            let name = rest.trim_end_matches([';', ' ', '{']);
            let begin = |facts: &mut FactsBuilder<'_>, kind, span| {
                let start = DefinitionStart {
                    name,
                    kind,
                    span,
                    exported: true,
                };
                facts.begin_definition(&start);
            };
            match word {
                "mod" => {
                    let inline = rest.ends_with('{');
                    let span = if inline {
                        Span::new(span.start, end - 1)
                    } else {
                        span
                    };
                    begin(&mut facts, DefinitionKind::Module, span);
                    if !inline {
                        facts.end_definition();
                    }
                }
                "enum" => {
                    begin(&mut facts, DefinitionKind::Enum, span);
                    facts.end_definition();
                }
                "use" => {
                    let (source, last) = name.rsplit_once("::").unwrap_or(("", name));
                    let source = facts.intern(source);
                    let local = facts.intern(last);
                    let glob = last == "*";
                    facts.import(Import {
                        source,
                        imported: if glob {
                            Imported::Glob
                        } else {
                            Imported::Named(local)
                        },
                        local: (!glob).then_some(local),
                        type_only: false,
                        reexport: true,
                        span,
                    });
                }
                _ => facts.end_definition(),
            }
        }
        facts.finish()
    }

    /// Where `path`, written at the end of `from`, leads: the file, and the number of names left.
    fn find(files: &[(&str, &str)], manifests: &[CargoManifest], from: &str, path: &str) -> String {
        let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
        let mut set = set("rust", &paths);
        set.manifests.cargo = manifests.to_vec();
        for file in &mut set.files {
            let (_, text) = files
                .iter()
                .find(|(path, _)| *path == file.path.as_str())
                .unwrap();
            file.facts = facts(text).into();
        }
        let table = Table::of(&set);
        let listed = Files::new(&table, std::rc::Rc::default());
        let tree = Tree::new(&table, &set.manifests, &listed);
        let file = listed.at(from).unwrap();
        let (_, text) = files.iter().find(|(path, _)| *path == from).unwrap();
        let end = u32::try_from(text.len()).unwrap();
        let from = tree.node_at(file, Span::new(end, end)).unwrap();
        tree.resolve(&table, from, path)
            .map_or("-".to_owned(), |place| {
                let file = tree.nodes[place.node as usize].module.file;
                format!("{} {}", set.files[file.index()].path, place.rest)
            })
    }

    fn package(dir: &str, name: &str) -> CargoManifest {
        CargoManifest {
            dir: dir.to_owned(),
            package: Some(name.to_owned()),
            library: Some(name.replace('-', "_")),
            ..CargoManifest::default()
        }
    }

    #[test]
    fn paths_follow_the_tree_of_modules() {
        let files = [
            ("src/lib.rs", "mod a;\nmod inner {\nmod deep;\n}"),
            ("src/a/mod.rs", "mod b;\nenum Kind;"),
            ("src/a/b.rs", ""),
            ("src/inner/deep.rs", ""),
            ("src/stray.rs", ""),
        ];
        let check = |from, path, expected| {
            let found = find(&files, &[package("", "x")], from, path);
            assert_eq!(found, expected, "{path} in {from}");
        };
        check("src/a/b.rs", "crate::a", "src/a/mod.rs 0");
        check("src/a/b.rs", "crate::inner::deep", "src/inner/deep.rs 0");
        check("src/a/b.rs", "super", "src/a/mod.rs 0");
        check("src/a/b.rs", "super::super::a::Kind", "src/a/mod.rs 1");
        check("src/lib.rs", "a::b", "src/a/b.rs 0");
        check("src/lib.rs", "self::a", "src/a/mod.rs 0");
        check("src/inner/deep.rs", "super::super::a", "src/a/mod.rs 0");
        check("src/stray.rs", "crate::a", "src/a/mod.rs 0");
        check("src/a/mod.rs", "Kind", "src/a/mod.rs 1");
        check("src/lib.rs", "crate::a::none", "-");
        check("src/lib.rs", "crate::b", "-");
        check("src/lib.rs", "super::a", "-");
        check("src/a/b.rs", "a", "-");
        check("src/lib.rs", "serde::de", "-");
    }

    #[test]
    fn crates_are_known_by_name_and_by_another() {
        let mut app = package("app", "app");
        app.renamed = vec![
            ("short".to_owned(), "acme-core".to_owned()),
            ("acme_two".to_owned(), "foreign".to_owned()),
        ];
        app.roots = vec!["app/cmd/x.rs".to_owned()];
        let mut odd = package("odd", "odd");
        odd.library_root = Some("odd/entry.rs".to_owned());
        let manifests = [
            app,
            package("core", "acme-core"),
            package("two", "acme-two"),
            odd,
        ];
        let files = [
            ("app/cmd/x.rs", "mod y;"),
            ("app/cmd/y.rs", ""),
            ("app/src/main.rs", "mod z;"),
            ("app/src/z.rs", ""),
            ("app/tests/t.rs", ""),
            (
                "core/src/lib.rs",
                "mod kinds;\nuse self::kinds::Kind;\nuse two::*;",
            ),
            ("core/src/kinds.rs", "enum Kind;"),
            ("odd/entry.rs", "mod w;"),
            ("odd/w.rs", ""),
            (
                "two/src/lib.rs",
                "use acme_core::kinds;\nuse self::kinds as kinds;",
            ),
        ];
        let check = |from, path, expected| {
            let found = find(&files, &manifests, from, path);
            assert_eq!(found, expected, "{path} in {from}");
        };
        check("app/src/z.rs", "acme_core::kinds", "core/src/kinds.rs 0");
        check("app/src/z.rs", "short::kinds", "core/src/kinds.rs 0");
        check("app/src/z.rs", "short::Kind", "core/src/lib.rs 1");
        check("app/tests/t.rs", "short", "core/src/lib.rs 0");
        check("app/cmd/y.rs", "crate::y", "app/cmd/y.rs 0");
        check("app/src/z.rs", "odd::w", "odd/w.rs 0");
        // A package's other name holds in that package, and hides one of that name.
        check("core/src/lib.rs", "short::kinds", "-");
        check("app/src/z.rs", "acme_two", "-");
        check(
            "core/src/kinds.rs",
            "acme_two::kinds",
            "core/src/kinds.rs 0",
        );
        check("app/src/z.rs", "acme-core", "-");
    }

    #[test]
    fn re_exports_are_followed_and_circles_end() {
        let files = [
            ("src/lib.rs", "mod a;\nmod prelude {\nuse crate::a::*;\n}"),
            ("src/a.rs", "mod b;\nuse self::a;\nuse super::prelude::*;"),
            ("src/a/b.rs", "mod c;"),
            (
                "src/a/b/c.rs",
                "use super::c::*;\nuse crate::prelude::none;",
            ),
        ];
        let check = |path, expected| {
            let found = find(&files, &[], "src/a/b/c.rs", path);
            assert_eq!(found, expected, "{path}");
        };
        check("crate::prelude::b::c", "src/a/b/c.rs 0");
        check("crate::prelude::b::d", "-");
        check("crate::a::a", "src/a.rs 1");
        check("none::x", "src/a/b/c.rs 2");
    }
}
