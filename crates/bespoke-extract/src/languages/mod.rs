//! The language table.

use bespoke_facts::{FactsBuilder, FileFacts};

/// A supported language.
pub struct Language {
    /// Its name: lower case, as reports and `--language` show it.
    pub name: &'static str,
    /// Other names.
    pub aliases: &'static [&'static str],
    /// Extensions without the dot.
    pub extensions: &'static [&'static str],
    /// Whole file names.
    pub file_names: &'static [&'static str],
    /// What reads it: the first that accepts a file. The last is always tree-sitter or a scanner, which accept all.
    pub engines: &'static [Engine],
}

/// One way to read a language.
pub struct Engine {
    /// Its name, as `--engine` takes it.
    pub name: &'static str,
    /// Reads a file's text; `None` where this engine does not accept it.
    pub read: fn(FactsBuilder<'_>) -> Option<FileFacts>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl std::fmt::Debug for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Language {
    /// Its engines of a name; all, if it has none of that name.
    pub fn engines_named(&self, name: Option<&str>) -> &'static [Engine] {
        let at = self
            .engines
            .iter()
            .position(|engine| Some(engine.name) == name);
        at.map_or(self.engines, |at| &self.engines[at..=at])
    }
}

macro_rules! languages {
    ($($module:ident),+ $(,)?) => {
        $(pub(crate) mod $module;)+
        /// Every supported language, in name order.
        pub static LANGUAGES: &[&Language] = &[$(&$module::LANGUAGE),+];
    };
}
mod component;
mod ecmascript;
languages! { angular, django, javascript, python, rust, svelte, tsx, typescript, vue }

/// The language of a path, by file name, then by the longest matching extension.
pub fn language_for_path(path: &str) -> Option<&'static Language> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let by_name = LANGUAGES
        .iter()
        .find(|language| language.file_names.contains(&name));
    by_name
        .or_else(|| {
            let with = |extension: &str| {
                let fits = |it: &&&Language| it.extensions.contains(&extension);
                LANGUAGES.iter().find(fits)
            };
            let dots = name.match_indices('.').filter(|(at, _)| *at > 0);
            dots.map(|(at, _)| &name[at + 1..]).find_map(with)
        })
        .copied()
}
