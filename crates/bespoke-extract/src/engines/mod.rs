//! How text becomes a tree, and the tree facts.
