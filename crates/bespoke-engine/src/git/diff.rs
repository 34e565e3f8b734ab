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
#[derive(Clone, Copy)]
struct Item<'b> {
    name: &'b [u8],
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
    let mut bytes = |id: Option<ObjectId>| {
        let id = id?;
        let bytes = objects.bytes(id, Kind::Tree);
        if bytes.is_none() && id != ObjectId::empty_tree(id.kind()) {
            missing(id);
        }
        Some((bytes?, id))
    };
    let (old, new) = (bytes(old), bytes(new));
    let (old, new) = (items(old.as_ref()), items(new.as_ref()));
    let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(old), Some(new)) => old.name.cmp(new.name),
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
        if let Some(name) = before.as_ref().or(after.as_ref()).map(|item| item.name) {
            path.extend_from_slice(name);
        }
        let tree = |item: &Option<Item<'_>>| {
            let item = item.as_ref()?;
            (item.kind == EntryKind::Tree).then_some(item.id)
        };
        let file = |item: &Option<Item<'_>>| {
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

/// The entries of a tree, given as its bytes and its id, sorted by name.
fn items(tree: Option<&(Vec<u8>, ObjectId)>) -> Vec<Item<'_>> {
    let Some((bytes, id)) = tree else {
        return Vec::new();
    };
    let entries = TreeRefIter::from_bytes(bytes, id.kind()).filter_map(Result::ok);
    let entries = entries.map(|entry| Item {
        name: entry.filename,
        id: entry.oid.to_owned(),
        kind: entry.mode.kind(),
    });
    let mut items: Vec<Item<'_>> = entries.collect();
    // Git sorts folders as if their names ended with `/`.
    items.sort_by(|a, b| a.name.cmp(b.name));
    items
}
