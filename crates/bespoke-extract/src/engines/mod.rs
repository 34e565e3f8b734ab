//! How text becomes a tree, and the tree facts.
mod nesting;
pub(crate) mod oxc;
pub(crate) mod ruff;
pub(crate) mod syn;
pub(crate) mod treesitter;
