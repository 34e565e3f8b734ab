//! Objects that others stand in for: replace references and grafts.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use gix::ObjectId;

/// What git reads in place of what is there (gitreplacement(7), and `info/grafts`, which replace references came after).
///
/// The library's own support of replace references takes `core.useReplaceRefs` the wrong way round.
#[derive(Debug, Default)]
pub(super) struct Substitutes {
    objects: BTreeMap<ObjectId, ObjectId>,
    parents: BTreeMap<ObjectId, Vec<ObjectId>>,
}

impl Substitutes {
    pub(super) fn read(repository: &gix::Repository) -> Self {
        let replace = repository
            .config_snapshot()
            .boolean("core.useReplaceRefs")
            .unwrap_or(true);
        let mut objects = BTreeMap::new();
        if replace && let Ok(references) = repository.references() {
            let all = references.prefixed("refs/replace/");
            for reference in all.into_iter().flatten().flatten() {
                let name = reference.name().as_bstr().to_string();
                let replaced = ObjectId::from_hex(&name.as_bytes()["refs/replace/".len()..]);
                if let (Ok(replaced), Some(by)) = (replaced, reference.try_id()) {
                    objects.insert(replaced, by.detach());
                }
            }
        }
        Self {
            objects,
            parents: grafts(&repository.common_dir().join("info/grafts")),
        }
    }

    pub(super) fn object(&self, mut id: ObjectId) -> ObjectId {
        // As far as git goes.
        for _ in 0..5 {
            match self.objects.get(&id) {
                Some(by) => id = *by,
                None => break,
            }
        }
        id
    }

    pub(super) fn parents(&self, commit: ObjectId) -> Option<&[ObjectId]> {
        self.parents.get(&commit).map(Vec::as_slice)
    }

    /// All of it as text: what was kept of other objects under these ids is of no use.
    pub(super) fn said(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for (replaced, by) in &self.objects {
            lines.push(format!("{replaced} = {by}"));
        }
        for (commit, parents) in &self.parents {
            let mut line = format!("{commit} :");
            for parent in parents {
                let _ = write!(line, " {parent}");
            }
            lines.push(line);
        }
        lines.sort();
        lines.join("\n")
    }
}

/// One line per commit: itself, then its parents.
fn grafts(file: &Path) -> BTreeMap<ObjectId, Vec<ObjectId>> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let mut grafts = BTreeMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let ids: Result<Vec<ObjectId>, _> = line
            .split_whitespace()
            .map(|id| ObjectId::from_hex(id.as_bytes()))
            .collect();
        if let Ok(ids) = ids
            && let [commit, parents @ ..] = ids.as_slice()
        {
            grafts.insert(*commit, parents.to_vec());
        }
    }
    grafts
}
