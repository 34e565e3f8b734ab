//! What differs between two trees.

use gix::{
    ObjectId,
    objs::{Kind, TreeRefIter, tree::EntryKind},
};

use super::Objects;

/// A file of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Entry {
    pub(crate) id: ObjectId,
    /// A symbolic link, whose blob is its target.
    pub(crate) is_link: bool,
}

/// A path of a file, and what it is now.
pub(crate) type Difference = (Vec<u8>, Option<Entry>);

/// What one tree holds.
struct Item {
    name: Vec<u8>,
    id: ObjectId,
    kind: EntryKind,
}

/// Paths that hold other files in `new` than in `old`, sorted. Submodules are no files. `missing` is told of trees that
/// are not there.
pub(crate) fn differences(
    objects: &Objects,
    old: Option<ObjectId>,
    new: Option<ObjectId>,
    missing: &mut dyn FnMut(ObjectId),
) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut path = Vec::new();
    compare(objects, old, new, &mut path, &mut found, missing);
    found.sort_by(|a: &Difference, b| a.0.cmp(&b.0).then(a.1.is_some().cmp(&b.1.is_some())));
    found
}

/// What a tree holds at a path: the id of a file or folder, if there is one.
pub(crate) fn held_at(objects: &Objects, tree: ObjectId, path: &str) -> Option<ObjectId> {
    let mut id = tree;
    for name in path.split('/') {
        let bytes = objects.bytes(id, Kind::Tree)?;
        let mut entries = TreeRefIter::from_bytes(&bytes, id.kind()).filter_map(Result::ok);
        let found = entries.find(|entry| entry.filename == name.as_bytes())?;
        id = found.oid.to_owned();
    }
    Some(id)
}

fn compare(
    objects: &Objects,
    old: Option<ObjectId>,
    new: Option<ObjectId>,
    path: &mut Vec<u8>,
    found: &mut Vec<Difference>,
    missing: &mut dyn FnMut(ObjectId),
) {
    if old == new {
        return;
    }
    let mut list =
        |id: Option<ObjectId>| id.map_or_else(Vec::new, |id| items(objects, id, missing));
    let (old, new) = (list(old), list(new));
    let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(old), Some(new)) => old.name.cmp(&new.name),
        };
        let before = order.is_le().then(|| old.next()).flatten();
        let after = order.is_ge().then(|| new.next()).flatten();
        if let (Some(before), Some(after)) = (&before, &after)
            && (before.id, before.kind) == (after.id, after.kind)
        {
            continue;
        }
        let length = path.len();
        if length > 0 {
            path.push(b'/');
        }
        if let Some(name) = before.as_ref().or(after.as_ref()).map(|item| &item.name) {
            path.extend_from_slice(name);
        }
        let tree = |item: &Option<Item>| {
            let item = item.as_ref()?;
            (item.kind == EntryKind::Tree).then_some(item.id)
        };
        let file = |item: &Option<Item>| {
            let item = item.as_ref()?;
            let is_link = item.kind == EntryKind::Link;
            let is_file =
                is_link || matches!(item.kind, EntryKind::Blob | EntryKind::BlobExecutable);
            is_file.then_some(Entry {
                id: item.id,
                is_link,
            })
        };
        let (was, is) = (file(&before), file(&after));
        if was != is {
            found.push((path.clone(), is));
        }
        compare(objects, tree(&before), tree(&after), path, found, missing);
        path.truncate(length);
    }
}

fn items(objects: &Objects, id: ObjectId, missing: &mut dyn FnMut(ObjectId)) -> Vec<Item> {
    let Some(bytes) = objects.bytes(id, Kind::Tree) else {
        if id != ObjectId::empty_tree(id.kind()) {
            missing(id);
        }
        return Vec::new();
    };
    let mut items: Vec<Item> = TreeRefIter::from_bytes(&bytes, id.kind())
        .filter_map(Result::ok)
        .map(|entry| Item {
            name: entry.filename.to_vec(),
            id: entry.oid.to_owned(),
            kind: entry.mode.kind(),
        })
        .collect();
    // Git sorts folders as if their names ended with `/`.
    items.sort_by(|a, b| a.name.cmp(&b.name));
    items
}
