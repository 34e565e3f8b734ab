//! Expressions as a small tree, the same for every language.

use serde::{Deserialize, Serialize};

use crate::{NameId, Span, file::FunctionId};

/// An expression in a file's arena. A parent's id is always greater than its children's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ExprId(pub(crate) u32);

impl ExprId {
    /// Position in [`crate::FileFacts::exprs`].
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A run of expressions in [`crate::FileFacts::children`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Children {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

impl Children {
    /// How many expressions.
    pub fn len(self) -> usize {
        self.len as usize
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.len == 0
    }
}

/// One expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expr {
    /// Where it stands, parentheses not counted.
    pub span: Span,
    /// What it is.
    pub kind: ExprKind,
}

/// What an expression is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExprKind {
    /// An identifier; `this`, `self`, `super` and `crate` too.
    Name(NameId),
    /// `a.b`, `a?.b`, `A::b`, and `a["b"]` where the key is a literal.
    Member {
        /// Left of the dot.
        object: ExprId,
        /// Right of it.
        name: NameId,
    },
    /// `a[b]` where the key is computed.
    Index {
        /// What is indexed.
        object: ExprId,
        /// The key.
        index: ExprId,
    },
    /// A call, construction, macro or JSX element.
    Call {
        /// What is called.
        callee: ExprId,
        /// Arguments; named ones (keywords, JSX attributes) are [`ExprKind::Entry`].
        args: Children,
        /// How it is written.
        form: CallForm,
    },
    /// A string literal's value, escapes resolved where the engine does so.
    Str(NameId),
    /// A number as it is written.
    Number(NameId),
    /// `true` or `false`.
    Bool(bool),
    /// `null`, `undefined`, `None`, `()`.
    Null,
    /// An interpolated string: its literal parts and its expressions in order.
    Template(Children),
    /// `!a`, `not a`.
    Not(ExprId),
    /// A comparison, membership or pattern test.
    Compare {
        /// Which.
        op: CompareOp,
        /// What is tested.
        left: ExprId,
        /// What against; for [`CompareOp::In`] and [`CompareOp::Matches`] a [`ExprKind::List`] means any of them.
        right: ExprId,
    },
    /// `a && b`, `a || b`, `a ?? b`, with like operators flattened.
    Logic {
        /// Which operator.
        op: LogicOp,
        /// Two or more operands.
        operands: Children,
    },
    /// `c ? a : b`, and `if` used as a value.
    Choice {
        /// The condition.
        condition: ExprId,
        /// Value if it holds.
        then: ExprId,
        /// Value if it does not.
        otherwise: Option<ExprId>,
    },
    /// An array, tuple, set, or alternatives of a pattern.
    List(Children),
    /// An object, struct literal or map: [`ExprKind::Entry`] and spreads.
    Object(Children),
    /// `key: value`.
    Entry {
        /// The key: a [`ExprKind::Str`] for plain and quoted keys alike, another expression where computed.
        key: ExprId,
        /// The value.
        value: ExprId,
    },
    /// A function value; its body's facts carry this function's id.
    Function(FunctionId),
    /// Anything else, kept for what it holds.
    Other(Children),
}

/// How a call is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CallForm {
    /// `f(x)`.
    Call,
    /// `new F(x)`.
    New,
    /// `f!(x)`.
    Macro,
    /// `<F x={y}>…</F>`; children are trailing arguments.
    Jsx,
    /// A tagged template: f`x`.
    Tagged,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum CompareOp {
    /// `==`, `===`, `is`.
    Equal,
    /// `!=`, `!==`, `is not`.
    NotEqual,
    /// `<`, `<=`, `>`, `>=`.
    Order,
    /// `a in b`.
    In,
    /// `a not in b`.
    NotIn,
    /// A `case` or `match` arm, `if let`, `matches!`: `left` fits the pattern `right`.
    Matches,
    /// `a instanceof b`, `isinstance`.
    InstanceOf,
}

/// A logical operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LogicOp {
    /// Both.
    And,
    /// Either.
    Or,
    /// The first that is not null.
    Coalesce,
}
