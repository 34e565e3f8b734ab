//! tree-sitter: a grammar's table of kinds, parsers kept per thread.

use std::{cell::RefCell, collections::HashMap, ops::ControlFlow};

use bespoke_facts::{CompareOp, LogicOp, Span};
use tree_sitter::{Language, ParseOptions, ParseState, Parser, Point, Range, Tree};

/// What a node kind means to the lowering pass. Kinds without a row are [`Role::Other`] if named, else
/// [`Role::Skip`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Punctuation and keywords.
    Skip,
    /// Types: nothing in them runs. Only comments are looked for.
    Type,
    /// A comment.
    Comment,
    /// Stands for the expression in it: parentheses, `await`, casts.
    Transparent,
    /// Anything else: kept for what it holds.
    Other,
    /// The parser's own mark for text that it does not accept.
    Error,
    Name,
    Null,
    True,
    False,
    Number,
    Str,
    Template,
    Regex,
    Member,
    Index,
    Call,
    New,
    Unary,
    Binary,
    Ternary,
    Assignment,
    List,
    Object,
    Pair,
    Shorthand,
    Function,
    Method,
    Class,
    Interface,
    Enum,
    Alias,
    Namespace,
    Field,
    Decorator,
    If,
    Switch,
    Case,
    Default,
    For,
    ForIn,
    While,
    Catch,
    Return,
    Jump,
    Declaration,
    Declarator,
    Import,
    Export,
    JsxElement,
    JsxSelfClosing,
    JsxAttribute,
}

/// What an operator's token means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    /// Arithmetic and the like.
    Other,
    /// A comparison.
    Compare(CompareOp),
    /// A logical operator.
    Logic(LogicOp),
    /// `!`.
    Not,
}

macro_rules! fields {
    ($($name:ident),+ $(,)?) => {
        /// A grammar's field ids; 0 for those that it lacks.
        #[derive(Clone, Copy, Debug, Default)]
        pub(crate) struct Fields { $(pub(crate) $name: u16),+ }

        impl Fields {
            fn of(language: &Language) -> Self {
                Self { $($name: language.field_id_for_name(stringify!($name)).map_or(0, std::num::NonZero::get)),+ }
            }
        }
    };
}
fields! {
    alias, alternative, arguments, body, condition, consequence, constructor, declaration, function, index, key, kind,
    left, name, object, open_tag, operator, parameter, parameters, pattern, property, right, source, value,
}

/// A grammar with its kinds resolved to ids once.
pub(crate) struct Grammar {
    pub(crate) language: Language,
    pub(crate) fields: Fields,
    roles: Vec<Role>,
    operators: Vec<Operator>,
}

impl Grammar {
    /// Resolves tables of kind names. Named and anonymous kinds of one name are told apart by where they stand.
    pub(crate) fn new(
        language: Language,
        roles: &[(&str, Role)],
        operators: &[(&str, Operator)],
    ) -> Self {
        let roles: HashMap<&str, Role> = roles.iter().copied().collect();
        let operators: HashMap<&str, Operator> = operators.iter().copied().collect();
        let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        let mut by_role = Vec::with_capacity(usize::from(count));
        let mut by_operator = Vec::with_capacity(usize::from(count));
        for id in 0..count {
            let kind = language.node_kind_for_id(id).unwrap_or("");
            let named = language.node_kind_is_named(id);
            let fallback = if named { Role::Other } else { Role::Skip };
            by_role.push(if named {
                roles.get(kind).copied().unwrap_or(fallback)
            } else {
                fallback
            });
            by_operator.push(
                operators
                    .get(kind)
                    .filter(|_| !named)
                    .copied()
                    .unwrap_or(Operator::Other),
            );
        }
        Self {
            fields: Fields::of(&language),
            language,
            roles: by_role,
            operators: by_operator,
        }
    }

    /// The role of a kind. The ids past the table are the parser's own: errors.
    pub(crate) fn role(&self, kind: u16) -> Role {
        self.roles
            .get(usize::from(kind))
            .copied()
            .unwrap_or(Role::Error)
    }

    /// The meaning of an operator's token.
    pub(crate) fn operator(&self, kind: u16) -> Operator {
        self.operators
            .get(usize::from(kind))
            .copied()
            .unwrap_or(Operator::Other)
    }
}

/// Hundreds of parser operations that any file may take, besides its share by length. Ordinary code takes less than a
/// tenth of the share.
const STEPS: usize = 2_000;

/// Parses with this thread's parser for the grammar. `None` where it takes more steps than the text's length warrants.
/// Only what lies in `parts` is read, as one text; all, if there are none.
pub(crate) fn parse(grammar: &'static Grammar, text: &str, parts: &[Span]) -> Option<Tree> {
    thread_local! {
        static PARSER: RefCell<Option<(*const Grammar, Parser)>> = const { RefCell::new(None) };
    }
    PARSER.with_borrow_mut(|kept| {
        if kept
            .as_ref()
            .is_none_or(|(whose, _)| !std::ptr::eq(*whose, grammar))
        {
            let mut parser = Parser::new();
            parser.set_language(&grammar.language).ok()?;
            *kept = Some((grammar, parser));
        }
        let (_, parser) = kept.as_mut()?;
        parser.reset();
        let ranges: Vec<Range> = parts.iter().map(|part| range(*part)).collect();
        parser.set_included_ranges(&ranges).ok()?;
        let len = match parts {
            [] => text.len(),
            _ => parts.iter().map(|part| part.len() as usize).sum(),
        };
        // Recovery from some garbage takes time that is quadratic in its length. Counting steps instead of seconds
        // makes the end the same on every machine.
        let mut left = STEPS + len / 2;
        let mut step = |_: &ParseState| {
            left = left.saturating_sub(1);
            if left == 0 {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let options = ParseOptions::new().progress_callback(&mut step);
        parser.parse_with_options(&mut |at, _| &text.as_bytes()[at..], None, Some(options))
    })
}

/// A part of a text. Rows are not used, so they are not looked up.
fn range(part: Span) -> Range {
    let point = |at: u32| Point::new(0, at as usize);
    Range {
        start_byte: part.start as usize,
        end_byte: part.end as usize,
        start_point: point(part.start),
        end_point: point(part.end),
    }
}
