//! Files that are no code and may name customers: read when somebody asks, side by side, and not kept.

use std::sync::Arc;

use bespoke_analysis::{DataHit, DataReader};
use bespoke_facts::RepoPath;
use rayon::prelude::*;

use crate::{Entry, config::CONFIG_NAMES, store::Store};

/// Largest data file that is looked through, in bytes: what is larger is somebody's data, not a setting.
pub(crate) const MAX_BYTES: u64 = 256 << 10;
/// Endings of such files.
const ENDINGS: [&str; 13] = [
    "json",
    "yaml",
    "yml",
    "toml",
    "ini",
    "cfg",
    "conf",
    "properties",
    "env",
    "sql",
    "xml",
    "po",
    "tfvars",
];
/// Files that a tool writes.
const WRITTEN: [&str; 6] = [
    "package-lock.json",
    "pnpm-lock.yaml",
    "composer.lock",
    "npm-shrinkwrap.json",
    "poetry.lock",
    "Cargo.lock",
];

/// Whether a path is that of a text of settings or data.
pub(crate) fn is_data(path: &RepoPath) -> bool {
    // What is said to this program is no customer's data.
    if CONFIG_NAMES.contains(&path.as_str()) {
        return false;
    }
    let name = path.file_name();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let env = name == ".env" || name.starts_with(".env.");
    (env || ENDINGS.contains(&ending)) && !WRITTEN.contains(&name)
}

/// The data files of a tree, and where their bytes are.
#[derive(Debug)]
pub(crate) struct Data(pub(crate) Vec<Entry>, pub(crate) Arc<dyn Store>);

impl DataReader for Data {
    fn each(
        &self,
        scan: &(dyn Fn(&RepoPath, &str) -> Vec<DataHit> + Sync),
    ) -> Vec<(RepoPath, Vec<DataHit>)> {
        let read = |entry: &Entry| {
            let path = &entry.path;
            let mut bytes = Vec::new();
            // A file that cannot be read holds nothing that could be counted; code that cannot is an issue.
            self.1.read(entry, MAX_BYTES, &mut bytes).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            let hits = scan(path, &text);
            (!hits.is_empty()).then(|| (path.clone(), hits))
        };
        self.0.par_iter().filter_map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_data() {
        for path in ["a/b.json", ".env", ".env.prod", "db/seed.sql", "x.yml"] {
            assert!(is_data(&RepoPath::new(path)), "{path}");
        }
        for path in ["a.ts", "package-lock.json", "README.md", "env"] {
            assert!(!is_data(&RepoPath::new(path)), "{path}");
        }
    }
}
