//! Python 3, by ruff's parser; what it does not accept, Python 2 and half-written files, by tree-sitter-python as far
//! as that goes.

mod definitions;
mod expressions;
pub(crate) mod names;
mod statements;

use std::sync::LazyLock;

use bespoke_facts::{ExprId, ExprKind, FactsBuilder, FileFacts, IssueReason, Span};
pub(crate) use definitions::makes_enum;
pub(crate) use expressions::unquoted;
use rustc_hash::FxHashMap;
use tree_sitter::{Node, TreeCursor};

use self::names::Names;
use super::{Engine, Language};
use crate::{
    MAX_DEPTH,
    depth::Depth,
    engines::{
        ruff,
        treesitter::{Grammar, parse},
    },
    lower::Position,
};

static GRAMMAR: LazyLock<Grammar> =
    LazyLock::new(|| Grammar::new(tree_sitter_python::LANGUAGE.into(), &[], &[]));
static KINDS: LazyLock<Kinds> = LazyLock::new(Kinds::new);

pub(super) static LANGUAGE: Language = Language {
    name: "python",
    aliases: &["py"],
    extensions: &["py", "pyi", "pyw"],
    file_names: &[],
    engines: &[
        Engine {
            name: "ruff",
            read: ruff::read,
        },
        Engine {
            name: "treesitter",
            read: |facts| Some(read(facts)),
        },
    ],
};

/// What a node kind means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Punctuation, keywords, and what holds nothing of interest.
    Skip,
    /// Anything else: kept for what it holds.
    Other,
    /// Stands for the expression in it.
    Transparent,
    Comment,
    Error,
    Type,
    Name,
    Str,
    Concatenated,
    Number,
    True,
    False,
    None,
    Attribute,
    Subscript,
    Call,
    Keyword,
    List,
    Dictionary,
    Pair,
    Comprehension,
    Conditional,
    Compare,
    Bool,
    Not,
    Walrus,
    AsPattern,
    Lambda,
    Statement,
    Assignment,
    Augmented,
    Return,
    Jump,
    If,
    For,
    While,
    Except,
    Match,
    Function,
    Class,
    Decorator,
    Import,
    ImportFrom,
}

const TABLE: &[(&str, Kind)] = &[
    ("comment", Kind::Comment),
    ("line_continuation", Kind::Skip),
    ("future_import_statement", Kind::Skip),
    ("global_statement", Kind::Skip),
    ("nonlocal_statement", Kind::Skip),
    ("keyword_separator", Kind::Skip),
    ("positional_separator", Kind::Skip),
    ("type_alias_statement", Kind::Skip),
    ("type_parameter", Kind::Type),
    ("type", Kind::Type),
    ("identifier", Kind::Name),
    ("string", Kind::Str),
    ("concatenated_string", Kind::Concatenated),
    ("integer", Kind::Number),
    ("float", Kind::Number),
    ("true", Kind::True),
    ("false", Kind::False),
    ("none", Kind::None),
    ("ellipsis", Kind::Skip),
    ("attribute", Kind::Attribute),
    ("subscript", Kind::Subscript),
    ("call", Kind::Call),
    ("keyword_argument", Kind::Keyword),
    ("list", Kind::List),
    ("tuple", Kind::List),
    ("set", Kind::List),
    ("expression_list", Kind::List),
    ("dictionary", Kind::Dictionary),
    ("pair", Kind::Pair),
    ("list_comprehension", Kind::Comprehension),
    ("set_comprehension", Kind::Comprehension),
    ("dictionary_comprehension", Kind::Comprehension),
    ("generator_expression", Kind::Comprehension),
    ("parenthesized_expression", Kind::Transparent),
    ("await", Kind::Transparent),
    ("conditional_expression", Kind::Conditional),
    ("comparison_operator", Kind::Compare),
    ("boolean_operator", Kind::Bool),
    ("not_operator", Kind::Not),
    ("named_expression", Kind::Walrus),
    ("as_pattern", Kind::AsPattern),
    ("lambda", Kind::Lambda),
    ("expression_statement", Kind::Statement),
    ("assignment", Kind::Assignment),
    ("augmented_assignment", Kind::Augmented),
    ("return_statement", Kind::Return),
    ("raise_statement", Kind::Jump),
    ("break_statement", Kind::Jump),
    ("continue_statement", Kind::Jump),
    ("if_statement", Kind::If),
    ("for_statement", Kind::For),
    ("while_statement", Kind::While),
    ("except_clause", Kind::Except),
    ("match_statement", Kind::Match),
    ("function_definition", Kind::Function),
    ("class_definition", Kind::Class),
    ("decorator", Kind::Decorator),
    ("import_statement", Kind::Import),
    ("import_from_statement", Kind::ImportFrom),
];

macro_rules! fields {
    ($($name:ident),+ $(,)?) => {
        /// The grammar's field ids.
        #[derive(Clone, Copy, Debug)]
        struct Fields { $($name: u16),+ }

        impl Fields {
            fn new() -> Self {
                let language = &GRAMMAR.language;
                Self { $($name: language.field_id_for_name(stringify!($name)).map_or(0, std::num::NonZero::get)),+ }
            }
        }
    };
}
fields! {
    alias, alternative, arguments, attribute, body, condition, consequence, function, guard, key, left,
    module_name, name, object, operator, operators, parameters, right, subject, subscript, superclasses, value,
}

/// The table with kinds resolved to ids.
struct Kinds {
    by_id: Vec<Kind>,
    fields: Fields,
}

impl Kinds {
    fn new() -> Self {
        let table: FxHashMap<&str, Kind> = TABLE.iter().copied().collect();
        let language = &GRAMMAR.language;
        let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
        let kind = |id| {
            if !language.node_kind_is_named(id) {
                return Kind::Skip;
            }
            let name = language.node_kind_for_id(id).unwrap_or("");
            table.get(name).copied().unwrap_or(Kind::Other)
        };
        Self {
            by_id: (0..count).map(kind).collect(),
            fields: Fields::new(),
        }
    }

    fn of(&self, node: Node<'_>) -> Kind {
        // The ids past the table are the parser's own: errors.
        self.by_id
            .get(usize::from(node.kind_id()))
            .copied()
            .unwrap_or(Kind::Error)
    }
}

struct Lowering<'a, 't> {
    facts: FactsBuilder<'a>,
    cursor: TreeCursor<'t>,
    kinds: &'static Kinds,
    fields: Fields,
    depth: Depth,
    errors: u32,
    /// The tree has errors: only then are missing tokens looked for.
    broken: bool,
    names: Names,
    /// Decorators of the definition that comes next.
    decorators: Vec<usize>,
    /// Whether one of them makes a method static.
    is_static: bool,
}

fn read(mut facts: FactsBuilder<'_>) -> FileFacts {
    let source = facts.source();
    let Some(tree) = parse(&GRAMMAR, source, &[]) else {
        facts.issue(IssueReason::TimedOut);
        return facts.finish();
    };
    let root = tree.root_node();
    let mut lowering = Lowering {
        facts,
        cursor: root.walk(),
        kinds: &KINDS,
        fields: KINDS.fields,
        depth: Depth::default(),
        errors: 0,
        broken: root.has_error(),
        names: Names::default(),
        decorators: Vec::new(),
        is_static: false,
    };
    lowering.lower(Position::Value);
    if lowering.errors > 0 {
        let places = lowering.errors;
        lowering.facts.issue(IssueReason::Syntax { places });
    }
    if lowering.depth.cut {
        let limit = MAX_DEPTH;
        lowering.facts.issue(IssueReason::TooDeep { limit });
    }
    lowering.facts.finish()
}

impl<'t> Lowering<'_, 't> {
    /// Lowers the node at the cursor and gives its value, if it is an expression.
    fn lower(&mut self, position: Position) -> Option<ExprId> {
        let node = self.cursor.node();
        let kind = self.kinds.of(node);
        self.errors += u32::from(self.broken && node.is_missing());
        if kind == Kind::Skip {
            if node.is_named() {
                self.each(Self::comments);
            }
            return None;
        }
        if !self.depth.down() {
            return None;
        }
        let value = self.dispatch(kind, position, span_of(node));
        self.depth.up();
        value
    }

    fn dispatch(&mut self, kind: Kind, position: Position, span: Span) -> Option<ExprId> {
        match kind {
            Kind::Skip => None,
            Kind::Type => {
                self.comments_within();
                None
            }
            Kind::Comment => {
                self.facts.comment(span);
                None
            }
            Kind::Error => {
                self.errors += 1;
                self.other(span)
            }
            Kind::Other => self.other(span),
            Kind::Transparent => self.transparent(position),
            Kind::Name => Some(self.facts.name(self.facts.source_at(span), span)),
            Kind::Str => Some(self.string(span)),
            Kind::Concatenated => Some(self.concatenated(span)),
            Kind::Number => {
                let name = self.facts.intern(self.facts.source_at(span));
                Some(self.facts.expr(ExprKind::Number(name), span))
            }
            Kind::True => Some(self.facts.expr(ExprKind::Bool(true), span)),
            Kind::False => Some(self.facts.expr(ExprKind::Bool(false), span)),
            Kind::None => Some(self.facts.expr(ExprKind::Null, span)),
            Kind::Attribute => Some(self.attribute(span)),
            Kind::Subscript => self.subscript(span),
            Kind::Call => self.call(span),
            Kind::Keyword => self.keyword(span),
            Kind::List => Some(self.list(span)),
            Kind::Dictionary => Some(self.dictionary(span)),
            Kind::Pair => self.pair(span),
            Kind::Comprehension => Some(self.comprehension(span)),
            Kind::Conditional => self.conditional_expression(span),
            Kind::Compare => self.compare(span, position),
            Kind::Bool => self.boolean(span, position),
            Kind::Not => {
                let value = self.transparent(position)?;
                Some(self.facts.expr(ExprKind::Not(value), span))
            }
            Kind::Walrus => self.walrus(),
            Kind::AsPattern => self.as_pattern(),
            Kind::Lambda => Some(self.lambda(span)),
            Kind::Statement => self.statement(),
            Kind::Assignment => self.assignment(),
            Kind::Augmented => self.augmented(),
            Kind::Return => self.give_back(),
            Kind::Jump => self.jump(),
            Kind::If => self.conditional(),
            Kind::For => self.for_in(),
            Kind::While => self.looping(),
            Kind::Except => self.except(),
            Kind::Match => self.matching(),
            Kind::Function => self.function(trimmed(self.cursor.node())),
            Kind::Class => self.class(trimmed(self.cursor.node())),
            Kind::Decorator => self.decorator(span),
            Kind::Import => self.import(span),
            Kind::ImportFrom => self.import_from(span),
        }
    }

    /// Calls `visit` with the cursor on each child and the child's field id (0 for none).
    fn each_child(&mut self, mut visit: impl FnMut(&mut Self, u16)) {
        if !self.cursor.goto_first_child() {
            return;
        }
        loop {
            let field = self.cursor.field_id().map_or(0, std::num::NonZero::get);
            visit(self, field);
            if !self.cursor.goto_next_sibling() {
                break;
            }
        }
        self.cursor.goto_parent();
    }

    /// [`Self::each_child`] where the fields do not matter.
    fn each(&mut self, mut visit: impl FnMut(&mut Self)) {
        if !self.cursor.goto_first_child() {
            return;
        }
        loop {
            visit(self);
            if !self.cursor.goto_next_sibling() {
                break;
            }
        }
        self.cursor.goto_parent();
    }

    /// Notes a comment; of anything else, nothing.
    fn comments(&mut self) {
        if self.kind() == Kind::Comment {
            let span = self.span();
            self.facts.comment(span);
        }
    }

    /// Looks for comments below the cursor without lowering anything.
    fn comments_within(&mut self) {
        self.each(|it| {
            it.comments();
            if it.depth.down() {
                it.comments_within();
                it.depth.up();
            }
        });
    }

    /// The value of the first child that has one; the others are visited too.
    fn transparent(&mut self, position: Position) -> Option<ExprId> {
        let mut first = None;
        self.each(|it| {
            let value = it.lower(position);
            first = first.or(value);
        });
        first
    }

    fn other(&mut self, span: Span) -> Option<ExprId> {
        let mut held = Vec::new();
        self.each(|it| held.extend(it.lower(Position::Value)));
        if held.is_empty() {
            return None;
        }
        let held = self.facts.children(&held);
        Some(self.facts.expr(ExprKind::Other(held), span))
    }

    /// Lowers the node at the cursor one level of control flow deeper.
    fn nested(&mut self) {
        self.facts.nest();
        self.lower(Position::Value);
        self.facts.unnest();
    }

    fn kind(&self) -> Kind {
        self.kinds.of(self.cursor.node())
    }

    fn span(&self) -> Span {
        span_of(self.cursor.node())
    }

    fn child(&self, field: u16) -> Option<Node<'t>> {
        self.cursor.node().child_by_field_id(field)
    }
}

fn span_of(node: Node<'_>) -> Span {
    let range = node.byte_range();
    Span::new(
        u32::try_from(range.start).unwrap_or(u32::MAX),
        u32::try_from(range.end).unwrap_or(u32::MAX),
    )
}

/// A node's span without the `;` and comments that end it: they stand in the last block, if they are indented as it is.
fn trimmed(node: Node<'_>) -> Span {
    let (span, mut node) = (span_of(node), node);
    loop {
        let last = (0..node.child_count())
            .rev()
            .filter_map(|at| node.child(at));
        let counts = |it: &Node<'_>| {
            !matches!(it.kind(), "comment" | ";") && it.end_byte() > it.start_byte()
        };
        match { last }.find(counts) {
            Some(last) => node = last,
            None => break,
        }
    }
    Span::new(span.start, span_of(node).end)
}

/// All children of a node, comments and tokens too. For small nodes away from the hot path.
fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).collect()
}
