//! The facts of one file.

use serde::{Deserialize, Serialize};

use crate::{Children, CodeLines, Expr, ExprId, IssueReason, LineIndex, NameId, Names, Span};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub(crate) u32);

        impl $name {
            /// Position in its table.
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The id at a position of its table.
            pub fn from_index(at: usize) -> Self {
                Self(u32::try_from(at).unwrap_or(u32::MAX))
            }
        }
    )+};
}

ids! {
    /// A row of [`FileFacts::definitions`].
    DefinitionId,
    /// A row of [`FileFacts::functions`].
    FunctionId,
    /// A row of [`FileFacts::branches`].
    BranchId
}

/// All that one file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Identifiers and string values.
    pub names: Names,
    /// Where lines start.
    pub lines: LineIndex,
    /// Lines that hold more than white space and comments.
    pub nloc: u32,
    /// Which lines these are.
    pub code: CodeLines,
    /// Every expression that was read, children before parents.
    pub exprs: Vec<Expr>,
    /// Storage of [`Children`].
    pub children: Vec<ExprId>,
    /// Functions, types, enums, modules.
    pub definitions: Vec<Definition>,
    /// Functions with a body, in source order of their start.
    pub functions: Vec<Function>,
    /// What is brought in.
    pub imports: Vec<Import>,
    /// What is given out under a name.
    pub exports: Vec<Export>,
    /// Names given a value.
    pub bindings: Vec<Binding>,
    /// Places where one of several ways is taken.
    pub branches: Vec<Branch>,
    /// Decisions outside every function.
    pub top_cyclomatic: u32,
    /// Cognitive complexity outside every function.
    pub top_cognitive: u32,
    /// Decorators and attributes.
    pub attributes: Vec<Attribute>,
    /// Comments close to a branch or a definition.
    pub comments: Vec<Comment>,
    /// What the file's text says of its own role.
    pub marks: Marks,
    /// What could not be understood.
    pub issues: Vec<IssueReason>,
}

impl FileFacts {
    /// The expression `id`.
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.index()]
    }

    /// The expressions of a run.
    pub fn list(&self, children: Children) -> &[ExprId] {
        let start = children.start as usize;
        &self.children[start..start + children.len as usize]
    }

    /// The text of a name.
    pub fn name(&self, id: NameId) -> &str {
        self.names.get(id)
    }

    /// All expressions with their ids.
    pub fn all_exprs(&self) -> impl Iterator<Item = (ExprId, Expr)> {
        self.exprs
            .iter()
            .enumerate()
            .map(|(at, expr)| (ExprId(u32::try_from(at).unwrap_or(u32::MAX)), *expr))
    }
}

/// What a file's text says of the file as a whole, whatever its path.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marks {
    /// A header says that a program wrote it.
    pub generated: bool,
    /// Its lines are too long to have been written by hand.
    pub minified: bool,
    /// It holds [`ALLOW`]: a comment may allow something.
    pub allows: bool,
}

/// What a comment begins with that allows what stands beside it.
pub const ALLOW: &str = "bespoke: allow(";

/// A named thing with a body of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// Its name.
    pub name: NameId,
    /// What it is.
    pub kind: DefinitionKind,
    /// From its first keyword to its end, decorators not counted.
    pub span: Span,
    /// The definition around it.
    pub parent: Option<DefinitionId>,
    /// Whether other files can name it.
    pub exported: bool,
    /// Its function facts, if it is one.
    pub function: Option<FunctionId>,
}

/// Kind of a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DefinitionKind {
    /// A free function, or a constant that holds one.
    Function,
    /// A function of a type.
    Method,
    /// A class, struct or union.
    Class,
    /// An interface, trait or protocol.
    Interface,
    /// An enumeration.
    Enum,
    /// A module or namespace; without a body where it names another file.
    Module,
    /// An `impl` or extension block; its name is the type's.
    Extension,
    /// A type alias.
    Alias,
}

/// A function's own facts. A function without a name that stands inside another is part of that one: its complexity
/// and lines are counted there and are 0 here. A named function inside another is counted by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// Its name; `<anonymous>` for a function value at file level that nothing names.
    pub name: NameId,
    /// From its first keyword to its end.
    pub span: Span,
    /// Its body.
    pub body: Span,
    /// The function around it.
    pub parent: Option<FunctionId>,
    /// Whether it has a name.
    pub named: bool,
    /// Parameters as [`crate::ExprKind::Name`]; destructured ones as [`crate::ExprKind::Object`] or `List`.
    pub params: Children,
    /// What it gives back: operands of `return`, and the body of an expression function.
    pub returns: Children,
    /// Cyclomatic complexity: decisions + 1 (McCabe 1976). Decisions are `if`, loops, each non-default arm, `catch`,
    /// `?:`, `&&`, `||`, `??`.
    pub cyclomatic: u32,
    /// Cognitive complexity (Campbell, SonarSource 2018), without the increment for recursion.
    pub cognitive: u32,
    /// Deepest nesting of control flow.
    pub nesting: u32,
    /// Lines of it that hold more than white space and comments.
    pub nloc: u32,
}

/// One imported name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Module as written: `./x`, `@scope/pkg`; for Rust the path before the last part, `crate::a`.
    pub source: NameId,
    /// What of it.
    pub imported: Imported,
    /// The name it has here.
    pub local: Option<NameId>,
    /// Only types are wanted: no code is loaded.
    pub type_only: bool,
    /// Given on under the local name.
    pub reexport: bool,
    /// Where.
    pub span: Span,
}

/// What an import brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Imported {
    /// One name.
    Named(NameId),
    /// The default export.
    Default,
    /// The module as an object.
    Namespace,
    /// All names.
    Glob,
    /// Nothing: the module is only run.
    Nothing,
}

/// A name given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// The name outside; `default` for the default export.
    pub name: NameId,
    /// The name inside, where it has one.
    pub local: Option<NameId>,
    /// The value, where it has no name inside.
    pub value: Option<ExprId>,
}

/// A name given a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// The name.
    pub name: NameId,
    /// How it is bound.
    pub kind: BindingKind,
    /// Its value. Destructuring gives each name a made-up [`crate::ExprKind::Member`].
    pub value: Option<ExprId>,
    /// The name's place.
    pub span: Span,
    /// The function it is bound in.
    pub function: Option<FunctionId>,
    /// The class, enum or module it belongs to.
    pub owner: Option<DefinitionId>,
    /// Whether other files can name it.
    pub exported: bool,
}

/// How a name gets its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BindingKind {
    /// `const`, `static`, a `let` of Rust without `mut`.
    Constant,
    /// `let`, `var`, `let mut`.
    Variable,
    /// A field or property of a type.
    Field,
    /// A member of an enum.
    EnumMember,
    /// `x = y` after its declaration; the name is the last part of the target.
    Assignment,
    /// A parameter with a default.
    Parameter,
}

/// A place where one of several ways is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Branch {
    /// How it is written.
    pub kind: BranchKind,
    /// The condition. Arms have a made-up [`crate::CompareOp::Matches`] of the scrutinee and the arm's patterns.
    pub condition: ExprId,
    /// The condition's place; an arm's is its patterns and guard.
    pub span: Span,
    /// What runs only if it holds.
    pub then: Option<Span>,
    /// What runs only if it does not.
    pub otherwise: Option<Span>,
    /// `then` always leaves (return, throw, continue, break) and there is no `otherwise`: what follows is guarded too.
    pub open: bool,
    /// The function it stands in.
    pub function: Option<FunctionId>,
    /// The definition it stands in.
    pub definition: Option<DefinitionId>,
}

/// How a branch is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum BranchKind {
    /// `if`, `elif`, `unless`, `if let`.
    If,
    /// `c ? a : b`.
    Ternary,
    /// `c && x`, `c || x` outside a condition.
    Guard,
    /// An arm of `switch` or `match`. Arms that fall through without code are one with the next.
    Arm,
    /// `while`, `for(;c;)`.
    Loop,
    /// `#[cfg(…)]`, `#[cfg_attr(…)]`: compiled only if it holds.
    Cfg,
    /// A comparison or logical expression that is a value: returned, assigned, passed on.
    Value,
}

/// A decorator or attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribute {
    /// What it says: a name or a call.
    pub expr: ExprId,
    /// What it stands on.
    pub definition: Option<DefinitionId>,
    /// Its place.
    pub span: Span,
}

/// A comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Its text with its markers, at most 200 bytes.
    pub text: NameId,
    /// Its place.
    pub span: Span,
}
