//! The shape of a Rust file that lowering needs, whichever engine read it. Leaves are spans: their text is in the
//! source, so two engines cannot disagree about it. Types, generics and `macro_rules!` bodies are left out.

use bespoke_facts::{DefinitionKind, Span};

/// A file.
#[derive(Debug, Default)]
pub(crate) struct File {
    pub(crate) inner: Vec<Attr>,
    pub(crate) body: Vec<Stmt>,
    /// Something lay deeper than is followed, and is missing.
    pub(crate) too_deep: bool,
    /// The engine accepted something that it has no shape for, and it is missing.
    pub(crate) unshaped: bool,
    /// Separate places that the engine did not accept.
    pub(crate) errors: u32,
    /// The grammar took too long: nothing was read.
    pub(crate) timed_out: bool,
}

/// `#[meta]` or `#![meta]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attr {
    pub(crate) span: Span,
    /// What stands between the brackets.
    pub(crate) meta: Span,
}

#[derive(Debug)]
pub(crate) enum Stmt {
    Item(Item),
    Let(Let),
    Expr {
        expr: Expr,
        /// Its value is dropped: a `;` follows.
        dropped: bool,
    },
}

#[derive(Debug)]
pub(crate) struct Let {
    /// From `let` to `;`.
    pub(crate) span: Span,
    pub(crate) attrs: Vec<Attr>,
    pub(crate) pat: Pat,
    pub(crate) mutable: bool,
    pub(crate) init: Option<Expr>,
    pub(crate) diverge: Option<Block>,
}

/// Braces and what is in them.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) span: Span,
    pub(crate) inner: Vec<Attr>,
    pub(crate) body: Vec<Stmt>,
}

#[derive(Debug)]
pub(crate) struct Item {
    /// From its first keyword to its end.
    pub(crate) span: Span,
    pub(crate) attrs: Vec<Attr>,
    pub(crate) inner: Vec<Attr>,
    pub(crate) public: bool,
    pub(crate) kind: ItemKind,
}

#[derive(Debug)]
pub(crate) enum ItemKind {
    Fn {
        name: Span,
        params: Vec<Param>,
        body: Option<Block>,
    },
    Struct {
        name: Span,
        fields: Vec<Field>,
    },
    Enum {
        name: Span,
        variants: Vec<Variant>,
    },
    /// A trait, an `impl` (named by its type) or a module.
    Scope {
        kind: DefinitionKind,
        name: Option<Span>,
        body: Option<Vec<Stmt>>,
    },
    Alias {
        name: Span,
    },
    Constant {
        name: Span,
        value: Option<Expr>,
    },
    Use(Vec<UseLeaf>),
    Foreign(Vec<Stmt>),
    /// Nothing in it is looked at.
    Skipped,
}

#[derive(Debug)]
pub(crate) struct Param {
    pub(crate) attrs: Vec<Attr>,
    pub(crate) pat: Pat,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) attrs: Vec<Attr>,
    /// `None` where fields have no names.
    pub(crate) name: Option<Span>,
    /// From its first word to the end of its name.
    pub(crate) span: Option<Span>,
    pub(crate) public: bool,
}

#[derive(Debug)]
pub(crate) struct Variant {
    pub(crate) attrs: Vec<Attr>,
    pub(crate) name: Span,
    pub(crate) span: Span,
    pub(crate) fields: Vec<Field>,
    pub(crate) value: Option<Expr>,
}

/// One name that a `use` brings.
#[derive(Debug)]
pub(crate) struct UseLeaf {
    pub(crate) path: Vec<Span>,
    pub(crate) what: UseWhat,
    pub(crate) span: Span,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum UseWhat {
    /// The last part of the path, under its own name.
    Name,
    /// The last part of the path, under this name.
    Rename(Span),
    /// All that the path holds.
    Glob,
    /// `extern crate`, under this name.
    Crate(Span),
}

#[derive(Debug)]
pub(crate) struct Expr {
    /// Without attributes.
    pub(crate) span: Span,
    pub(crate) kind: ExprKind,
}

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    And,
    Or,
    Equal,
    NotEqual,
    Order,
    Other,
}

#[derive(Debug)]
pub(crate) enum ExprKind {
    /// An identifier without generic arguments; its text is the expression's.
    Name,
    Path(Vec<Span>),
    /// A string, byte string or character.
    Str,
    Number,
    Bool,
    Unit,
    Field {
        object: Box<Expr>,
        name: Span,
    },
    Index {
        object: Box<Expr>,
        index: Box<Expr>,
    },
    Call {
        callee: Box<Expr>,
        args: Vec<Expr>,
    },
    Struct(Box<Struct>),
    Macro(Box<Macro>),
    /// Stands for what it holds: parentheses, references, `?`, `.await`, casts.
    Transparent(Box<Expr>),
    Not(Box<Expr>),
    Neg(Box<Expr>),
    Binary {
        op: Op,
        left: Box<Expr>,
        right: Box<Expr>,
    },
    Assign {
        target: Box<Expr>,
        value: Box<Expr>,
    },
    List(Vec<Expr>),
    /// `{ "a": 1 }` in `json!`.
    Object(Vec<(Expr, Expr)>),
    If(Box<If>),
    /// `let` in a condition, and what `matches!` says.
    Matches(Box<Matches>),
    Match {
        scrutinee: Box<Expr>,
        arms: Vec<Arm>,
    },
    While {
        condition: Box<Expr>,
        body: Block,
    },
    For {
        iterated: Box<Expr>,
        body: Block,
    },
    Loop(Block),
    /// A block of any sort; its value is its last expression's.
    Block(Block),
    Closure {
        params: Vec<Pat>,
        body: Box<Expr>,
    },
    Return(Option<Box<Expr>>),
    /// `break` and `continue`.
    Jump {
        labelled: bool,
        value: Option<Box<Expr>>,
    },
    Other(Vec<Expr>),
    Attributed(Vec<Attr>, Box<Expr>),
}

#[derive(Debug)]
pub(crate) struct Struct {
    pub(crate) path: Vec<Span>,
    pub(crate) fields: Vec<FieldValue>,
    pub(crate) rest: Option<Expr>,
}

#[derive(Debug)]
pub(crate) struct FieldValue {
    pub(crate) attrs: Vec<Attr>,
    pub(crate) span: Span,
    pub(crate) name: Span,
    pub(crate) value: Expr,
}

#[derive(Debug)]
pub(crate) struct If {
    pub(crate) condition: Expr,
    pub(crate) then: Block,
    pub(crate) otherwise: Option<Expr>,
}

#[derive(Debug)]
pub(crate) struct Matches {
    pub(crate) scrutinee: Expr,
    pub(crate) pat: Pat,
    pub(crate) guard: Option<Expr>,
}

#[derive(Debug)]
pub(crate) struct Arm {
    pub(crate) attrs: Vec<Attr>,
    pub(crate) pat: Pat,
    pub(crate) guard: Option<Expr>,
    pub(crate) body: Expr,
}

#[derive(Debug)]
pub(crate) struct Macro {
    pub(crate) path: Vec<Span>,
    pub(crate) body: MacroBody,
}

#[derive(Debug)]
pub(crate) enum MacroBody {
    /// Expressions, where it holds such; else the string literals in it.
    Args(Vec<Expr>),
    /// `cfg!`: the predicate's place.
    Cfg(Span),
    /// `cfg_if!`.
    CfgIf(Vec<CfgArm>),
}

#[derive(Debug)]
pub(crate) struct CfgArm {
    /// The attribute's inside; `None` for the last `else`.
    pub(crate) meta: Option<Span>,
    pub(crate) block: Block,
}

#[derive(Debug)]
pub(crate) struct Pat {
    pub(crate) span: Span,
    pub(crate) kind: PatKind,
}

#[derive(Debug)]
pub(crate) enum PatKind {
    Wild,
    Rest,
    Ident {
        name: Span,
        mutable: bool,
        sub: Option<Box<Pat>>,
    },
    Path(Vec<Span>),
    Literal(Box<Expr>),
    Tuple(Vec<Pat>),
    TupleStruct {
        path: Vec<Span>,
        elems: Vec<Pat>,
    },
    Struct {
        path: Vec<Span>,
        fields: Vec<FieldPat>,
    },
    Slice(Vec<Pat>),
    Or(Vec<Pat>),
    Transparent(Box<Pat>),
    Range(Vec<Expr>),
}

#[derive(Debug)]
pub(crate) struct FieldPat {
    pub(crate) name: Span,
    pub(crate) pat: Pat,
}
