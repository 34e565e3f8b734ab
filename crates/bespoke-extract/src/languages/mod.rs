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
    /// Reads a file's text.
    pub(crate) read: fn(FactsBuilder<'_>) -> FileFacts,
}

impl std::fmt::Debug for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! languages {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+
        /// Every supported language, in name order.
        pub static LANGUAGES: &[&Language] = &[$(&$module::LANGUAGE),+];
    };
}
mod ecmascript;
languages! { django, javascript, python, rust, tsx, typescript }

/// The language of a path, by file name, then by the longest matching extension.
pub fn language_for_path(path: &str) -> Option<&'static Language> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let by_name = LANGUAGES
        .iter()
        .find(|language| language.file_names.contains(&name));
    by_name
        .or_else(|| {
            let extension = name
                .rsplit_once('.')
                .filter(|(stem, _)| !stem.is_empty())?
                .1;
            LANGUAGES
                .iter()
                .find(|language| language.extensions.contains(&extension))
        })
        .copied()
}
