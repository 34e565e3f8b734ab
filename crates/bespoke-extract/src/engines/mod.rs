//! How text becomes a tree, and the tree facts.
pub(crate) mod syn;
pub(crate) mod treesitter;
