//! What one source file says, in a form that no language and no path shapes.
//!
//! A [`FileFacts`] is made from bytes and a language alone, so it can be cached by content and a rename
//! changes nothing. Names are resolved, and customers and flags recognised, only after files are linked.
//!
//! # Terms
//! * **fact**: something a file says by itself: a definition, an import, a call, a branch.
//! * **span**: a byte range, 0-based and half-open. Lines are 0-based here; only reports count from 1.
//! * **flag, flag key, variation, evaluation**: as in OpenFeature.
//! * **variation point**: a place where code chooses by customer, tenant or flag (product-line engineering).
//! * **presence condition**: the condition under which code runs.
//! * **scattering, tangling, nesting degree**: places a subject appears in; subjects in one condition; depth of
//!   one variation point in others (Liebig et al., ICSE 2010).
//! * **cyclomatic, cognitive**: McCabe 1976; Campbell, SonarSource 2018.
//! * **hotspot**: complex code that varies (later: and changes) a lot (Tornhill).
//!
//! Left out on purpose: syntax trees, input and output, anything that needs a second file.

mod builder;
mod code;
mod content;
mod date;
mod dump;
mod expr;
mod file;
mod forms;
mod issue;
mod names;
mod path;
mod span;

pub use builder::{DefinitionStart, FactsBuilder};
pub use code::CodeLines;
pub use content::ContentId;
pub use date::{date_of, start_of};
pub use dump::dump;
pub use expr::{CallForm, Children, CompareOp, Expr, ExprId, ExprKind, LogicOp};
pub use file::{
    ALLOW, Attribute, Binding, BindingKind, Branch, BranchId, BranchKind, Comment, Definition,
    DefinitionId, DefinitionKind, Export, FileFacts, Function, FunctionId, Import, Imported, Marks,
};
pub use issue::{Issue, IssueReason};
pub use names::{NameId, Names};
pub use path::RepoPath;
pub use span::{LineIndex, Span};
