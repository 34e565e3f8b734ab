//! How deep a tree is followed, so that no text makes the program run out of stack.

use crate::MAX_DEPTH;

/// A level in a tree, and whether something lay too deep.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Depth {
    level: u32,
    /// Something was left out because it lies below [`MAX_DEPTH`].
    pub(crate) cut: bool,
}

impl Depth {
    /// Whether there is room for one more level; each is left again with [`Self::up`].
    pub(crate) fn down(&mut self) -> bool {
        if self.level >= MAX_DEPTH {
            self.cut = true;
            return false;
        }
        self.level += 1;
        true
    }

    /// Leaves a level.
    pub(crate) fn up(&mut self) {
        self.level -= 1;
    }
}
