//! Trees to facts: one pass with a cursor, driven by a grammar's table of roles.
//!
//! A node's handler visits the children in source order. Handlers of control flow are in [`control`], of values in
//! [`values`], of definitions in [`declarations`], of imports and exports in [`modules`].

mod control;
mod declarations;
mod modules;
mod values;

use bespoke_facts::{ExprId, ExprKind, FactsBuilder, FileFacts, IssueReason, Span};
use tree_sitter::{Node, TreeCursor};
pub(crate) use values::unescape;

use crate::{
    MAX_DEPTH,
    depth::Depth,
    engines::treesitter::{Fields, Grammar, Role, parse},
};

/// Parses and lowers a file.
pub(crate) fn read(facts: FactsBuilder<'_>, grammar: &'static Grammar) -> FileFacts {
    let mut parts = Parts::new(facts, grammar);
    parts.program(&[]);
    parts.finish()
}

/// Lowers parts of a text one after the other: scripts and expressions that stand in something else.
pub(crate) struct Parts<'a> {
    /// What is found; taken only while a part is read.
    facts: Option<FactsBuilder<'a>>,
    source: &'a str,
    grammar: &'static Grammar,
    errors: u32,
    cut: bool,
    timed_out: bool,
}

impl<'a> Parts<'a> {
    pub(crate) fn new(facts: FactsBuilder<'a>, grammar: &'static Grammar) -> Self {
        Self {
            source: facts.source(),
            facts: Some(facts),
            grammar,
            errors: 0,
            cut: false,
            timed_out: false,
        }
    }

    /// Reads parts as one program; the whole text if there are none.
    pub(crate) fn program(&mut self, parts: &[Span]) {
        self.lower(parts, |lowering| lowering.lower(Position::Value));
    }

    /// Reads the expression that starts a part.
    pub(crate) fn expression(&mut self, part: Span, position: Position) -> Option<ExprId> {
        self.lower(&[part], |lowering| {
            if !lowering.cursor.goto_first_child() {
                return None;
            }
            loop {
                let value = lowering.lower(position);
                if value.is_some() || !lowering.cursor.goto_next_sibling() {
                    return value;
                }
            }
        })
    }

    fn lower(
        &mut self,
        parts: &[Span],
        read: impl FnOnce(&mut Lowering<'a, '_>) -> Option<ExprId>,
    ) -> Option<ExprId> {
        let facts = self.facts.take()?;
        let Some(tree) = parse(self.grammar, self.source, parts) else {
            self.timed_out = true;
            self.facts = Some(facts);
            return None;
        };
        let root = tree.root_node();
        let mut lowering = Lowering {
            facts,
            cursor: root.walk(),
            grammar: self.grammar,
            fields: self.grammar.fields,
            depth: Depth::default(),
            errors: 0,
            broken: root.has_error(),
            exporting: false,
            pending_name: None,
            pending_decorators: Vec::new(),
            constant: false,
        };
        let value = read(&mut lowering);
        self.errors += lowering.errors;
        self.cut |= lowering.depth.cut;
        self.facts = Some(lowering.facts);
        value
    }

    /// What is found so far, to add to.
    pub(crate) fn facts(&mut self) -> Option<&mut FactsBuilder<'a>> {
        self.facts.as_mut()
    }

    pub(crate) fn finish(self) -> FileFacts {
        let Some(mut facts) = self.facts else {
            return FileFacts::default();
        };
        if self.timed_out {
            facts.issue(IssueReason::TimedOut);
        }
        if self.errors > 0 {
            facts.issue(IssueReason::Syntax {
                places: self.errors,
            });
        }
        if self.cut {
            facts.issue(IssueReason::TooDeep { limit: MAX_DEPTH });
        }
        facts.finish()
    }
}

/// Where an expression stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Position {
    /// In a condition: what it tests belongs to that condition's branch.
    Condition,
    /// Anywhere else: a test is a branch of its own.
    Value,
}

struct Lowering<'a, 't> {
    facts: FactsBuilder<'a>,
    cursor: TreeCursor<'t>,
    grammar: &'static Grammar,
    fields: Fields,
    depth: Depth,
    errors: u32,
    /// The tree has errors: only then are missing tokens looked for.
    broken: bool,
    /// Inside `export`, directly.
    exporting: bool,
    /// Name for the function value that comes next.
    pending_name: Option<Span>,
    /// Decorators of the definition that comes next.
    pending_decorators: Vec<usize>,
    /// Inside a `const` declaration.
    constant: bool,
}

impl<'a, 't> Lowering<'a, 't> {
    /// Lowers the node at the cursor and gives its value, if it is an expression.
    fn lower(&mut self, position: Position) -> Option<ExprId> {
        let node = self.cursor.node();
        let role = self.grammar.role(node.kind_id());
        if role == Role::Skip {
            self.errors += u32::from(self.broken && node.is_missing());
            return None;
        }
        if !self.depth.down() {
            return None;
        }
        let value = self.dispatch(role, position, span_of(node));
        self.depth.up();
        value
    }

    fn dispatch(&mut self, role: Role, position: Position, span: Span) -> Option<ExprId> {
        match role {
            Role::Skip => None,
            Role::Type => {
                self.comments_within();
                None
            }
            Role::Comment => {
                self.facts.comment(span);
                None
            }
            Role::Transparent => self.transparent(position),
            Role::Other => self.other(span),
            Role::Error => {
                self.errors += 1;
                self.other(span)
            }
            Role::Name => Some(self.facts.name(self.facts.source_at(span), span)),
            Role::Null => Some(self.facts.expr(ExprKind::Null, span)),
            Role::True => Some(self.facts.expr(ExprKind::Bool(true), span)),
            Role::False => Some(self.facts.expr(ExprKind::Bool(false), span)),
            Role::Number => {
                let name = self.facts.intern(self.facts.source_at(span));
                Some(self.facts.expr(ExprKind::Number(name), span))
            }
            Role::Str => Some(self.string(span)),
            Role::Template => Some(self.template(span)),
            Role::Regex => Some(self.regex(span)),
            Role::Member => Some(self.member(span)),
            Role::Index => self.index(span),
            Role::Call => Some(self.call(span, false)),
            Role::New => Some(self.call(span, true)),
            Role::Unary => self.unary(span, position),
            Role::Binary => self.binary(span, position),
            Role::Ternary => self.ternary(span),
            Role::Assignment => Some(self.assignment()),
            Role::List => Some(self.list(span)),
            Role::Object => Some(self.object(span)),
            Role::Pair => self.pair(span),
            Role::Shorthand => Some(self.shorthand(span)),
            Role::Function => Some(self.function(span)),
            Role::Method => self.method(span),
            Role::Class => Some(self.class(span)),
            Role::Interface => self.interface(span),
            Role::Enum => self.enumeration(span),
            Role::Alias => self.alias(span),
            Role::Namespace => self.namespace(span),
            Role::Field => self.field(),
            Role::Decorator => self.decorator(span),
            Role::If => self.conditional(false),
            Role::Switch => self.switch(),
            // Only in broken code do these stand outside a switch.
            Role::Case | Role::Default => self.other(span),
            Role::For | Role::While => self.looping(),
            Role::ForIn => self.for_in(),
            Role::Catch => self.catch(),
            Role::Return => self.give_back(),
            Role::Jump => self.jump(),
            Role::Declaration => self.declaration(),
            Role::Declarator => self.declarator(),
            Role::Import => self.import(span),
            Role::Export => self.export(span),
            Role::JsxElement => Some(self.jsx_element(span)),
            Role::JsxSelfClosing => Some(self.jsx_self_closing(span)),
            Role::JsxAttribute => self.jsx_attribute(span),
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

    /// [`Self::each_child`] where the fields do not matter: looking them up costs.
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

    /// Looks for comments below the cursor without lowering anything.
    fn comments_within(&mut self) {
        let mut below = 0_u32;
        loop {
            let node = self.cursor.node();
            if self.grammar.role(node.kind_id()) == Role::Comment {
                let span = span_of(node);
                self.facts.comment(span);
            }
            if self.cursor.goto_first_child() {
                below += 1;
                continue;
            }
            while below > 0 && !self.cursor.goto_next_sibling() {
                self.cursor.goto_parent();
                below -= 1;
            }
            if below == 0 {
                return;
            }
        }
    }

    fn note_missing(&mut self) {
        if self.broken && self.cursor.node().is_missing() {
            self.errors += 1;
        }
    }

    fn role(&self) -> Role {
        self.grammar.role(self.cursor.node().kind_id())
    }

    fn role_of(&self, node: Node<'_>) -> Role {
        self.grammar.role(node.kind_id())
    }

    fn span(&self) -> Span {
        span_of(self.cursor.node())
    }

    fn text_of(&self, node: Node<'_>) -> &'a str {
        self.facts.source_at(span_of(node))
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

/// A statement's span. Where no `;` ends it, the grammar counts the comments after it in.
fn statement_span(statement: Node<'_>) -> Span {
    let span = span_of(statement);
    let mut node = statement;
    loop {
        let last = (0..node.child_count())
            .rev()
            .filter_map(|at| node.child(at));
        match { last }.find(|it| it.kind() != "comment" && it.end_byte() > it.start_byte()) {
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
