//! Statements: branches, loops and jumps with the complexity they count for, and names that get values.

use bespoke_facts::{BranchKind, ExprId, ExprKind, Span};
use tree_sitter::Node;

use super::{Kind, Lowering, Position, children, names, span_of, trimmed};

impl Lowering<'_, '_> {
    /// An expression by itself. A string is a comment: nothing becomes of it.
    pub(super) fn statement(&mut self) -> Option<ExprId> {
        let node = self.cursor.node();
        let first = node.named_child(0).map(|child| self.kinds.of(child));
        // With a comma after it, a string is a list of one.
        if node.child_count() == 1 && matches!(first, Some(Kind::Str | Kind::Concatenated)) {
            let span = self.span();
            self.facts.comment(span);
            return None;
        }
        self.each(|it| {
            it.lower(Position::Value);
        });
        None
    }

    pub(super) fn conditional(&mut self) -> Option<ExprId> {
        let fields = self.fields;
        self.facts.decide(1);
        self.facts.structural();
        // Condition and consequence of the `if` and each `elif`.
        let mut ways: Vec<(Option<ExprId>, Option<Span>, bool)> = vec![(None, None, false)];
        // Where what comes after each of them starts; of a lone `else`, its body.
        let mut rests: Vec<Span> = Vec::new();
        self.each_child(|it, field| {
            if field == fields.alternative {
                let clause = it.cursor.node();
                if clause.kind() == "elif_clause" {
                    it.facts.decide(1);
                    it.facts.flat();
                    rests.push(trimmed(clause));
                    let mut way = (None, None, false);
                    it.each_child(|it, field| it.way(field, &mut way));
                    ways.push(way);
                } else {
                    let body = clause.child_by_field_id(fields.body);
                    rests.push(body.map_or_else(|| span_of(clause), trimmed));
                    it.facts.flat();
                    it.each_child(|it, field| {
                        if field == fields.body {
                            it.nested();
                        } else {
                            it.lower(Position::Value);
                        }
                    });
                }
            } else if let Some(way) = ways.first_mut() {
                it.way(field, way);
            }
        });
        let end = rests.last().copied();
        for (at, (condition, then, leaves)) in ways.into_iter().enumerate() {
            let Some(condition) = condition else { continue };
            let otherwise = rests.get(at).zip(end).map(|(rest, end)| rest.join(end));
            let span = self.facts.get(condition).span;
            let open = leaves && otherwise.is_none();
            self.facts
                .branch(BranchKind::If, condition, span, (then, otherwise), open);
        }
        None
    }

    /// A child of `if` or `elif`.
    fn way(&mut self, field: u16, way: &mut (Option<ExprId>, Option<Span>, bool)) {
        if field == self.fields.condition {
            way.0 = self.lower(Position::Condition);
        } else if field == self.fields.consequence {
            way.1 = Some(trimmed(self.cursor.node()));
            way.2 = self.leaves(self.cursor.node());
            self.nested();
        } else {
            self.lower(Position::Value);
        }
    }

    /// Whether a block always leaves: its last statement returns, raises, breaks or continues.
    fn leaves(&self, block: Node<'_>) -> bool {
        let last = children(block)
            .into_iter()
            .rev()
            .find(|it| it.is_named() && self.kinds.of(*it) != Kind::Comment);
        last.is_some_and(|last| matches!(self.kinds.of(last), Kind::Return | Kind::Jump))
    }

    pub(super) fn for_in(&mut self) -> Option<ExprId> {
        let fields = self.fields;
        self.facts.decide(1);
        self.facts.structural();
        self.each_child(|it, field| {
            if field == fields.left {
                it.bind(it.cursor.node(), None);
            } else if field == fields.body {
                it.nested();
            } else {
                it.lower(Position::Value);
            }
        });
        None
    }

    pub(super) fn looping(&mut self) -> Option<ExprId> {
        let fields = self.fields;
        let body = self.child(fields.body).map(trimmed);
        self.facts.decide(1);
        self.facts.structural();
        let mut condition = None;
        self.each_child(|it, field| {
            if field == fields.condition {
                condition = it.lower(Position::Condition);
            } else if field == fields.body {
                it.nested();
            } else {
                it.lower(Position::Value);
            }
        });
        if let Some(condition) = condition {
            let span = self.facts.get(condition).span;
            self.facts
                .branch(BranchKind::Loop, condition, span, (body, None), false);
        }
        None
    }

    pub(super) fn except(&mut self) -> Option<ExprId> {
        let alias = self.fields.alias;
        self.facts.decide(1);
        self.facts.structural();
        self.each_child(|it, field| {
            if field == alias {
                it.bind(it.cursor.node(), None);
            } else {
                it.nested();
            }
        });
        None
    }

    /// `expression as name`, in `with` and `except`.
    pub(super) fn as_pattern(&mut self) -> Option<ExprId> {
        let alias = self.fields.alias;
        let mut value = None;
        self.each_child(|it, field| {
            if field == alias {
                for name in children(it.cursor.node()) {
                    it.bind(name, None);
                }
            } else {
                let given = it.lower(Position::Value);
                value = value.or(given);
            }
        });
        value
    }

    pub(super) fn give_back(&mut self) -> Option<ExprId> {
        if let Some(value) = self.transparent(Position::Value) {
            self.facts.add_return(value);
        }
        None
    }

    pub(super) fn jump(&mut self) -> Option<ExprId> {
        self.each(|it| {
            it.lower(Position::Value);
        });
        None
    }

    pub(super) fn matching(&mut self) -> Option<ExprId> {
        let fields = self.fields;
        self.facts.structural();
        let mut subjects = Vec::new();
        self.each_child(|it, field| {
            if field == fields.subject {
                subjects.extend(it.lower(Position::Value));
            } else if field == fields.body {
                let ends = subjects.first().zip(subjects.last());
                let subject = ends.and_then(|(first, last)| {
                    let span = it.facts.get(*first).span.join(it.facts.get(*last).span);
                    it.facts.one_of(&subjects, span)
                });
                it.facts.nest();
                it.each(|it| {
                    if it.cursor.node().kind() == "case_clause" {
                        it.case(subject);
                    } else {
                        it.lower(Position::Value);
                    }
                });
                it.facts.unnest();
            } else {
                it.lower(Position::Value);
            }
        });
        None
    }

    fn case(&mut self, subject: Option<ExprId>) {
        let fields = self.fields;
        let (mut patterns, mut guard, mut body) = (Vec::new(), None, None);
        let mut at: Option<Span> = None;
        self.each_child(|it, field| {
            let span = it.span();
            if field == fields.consequence {
                body = Some(trimmed(it.cursor.node()));
                it.lower(Position::Value);
            } else if field == fields.guard {
                at = Some(at.map_or(span, |at| at.join(span)));
                guard = it.transparent(Position::Condition);
            } else if it.cursor.node().kind() == "case_pattern" {
                at = Some(at.map_or(span, |at| at.join(span)));
                patterns.extend(it.pattern());
            } else {
                it.lower(Position::Value);
            }
        });
        let Some(at) = at else { return };
        let pattern = self.facts.one_of(&patterns, at);
        self.facts.case((subject, pattern, guard), at, body);
    }

    /// A pattern of a case; a capture has no value.
    fn pattern(&mut self) -> Option<ExprId> {
        if !self.depth.down() {
            return None;
        }
        let value = self.pattern_within();
        self.depth.up();
        value
    }

    fn pattern_within(&mut self) -> Option<ExprId> {
        let span = self.span();
        match self.cursor.node().kind() {
            "case_pattern" | "as_pattern" => {
                let mut first = None;
                self.each(|it| {
                    if it.cursor.node().is_named() && first.is_none() {
                        first = it.pattern();
                    }
                });
                first
            }
            "dotted_name" => {
                let path = self.facts.source_at(span);
                path.contains('.').then(|| self.dotted(path, span))
            }
            "class_pattern" => {
                let (mut callee, mut args) = (None, Vec::new());
                self.each(|it| {
                    let at = it.span();
                    if it.cursor.node().kind() == "dotted_name" {
                        callee = Some(it.dotted(it.facts.source_at(at), at));
                    } else {
                        args.extend(it.pattern());
                    }
                });
                let callee = callee?;
                let args = self.facts.children(&args);
                let form = bespoke_facts::CallForm::Call;
                Some(self.facts.expr(ExprKind::Call { callee, args, form }, span))
            }
            // Parentheses around a pattern make no list.
            "tuple_pattern"
                if !children(self.cursor.node())
                    .iter()
                    .any(|it| it.kind() == ",") =>
            {
                let mut first = None;
                self.each(|it| {
                    if it.cursor.node().is_named() && first.is_none() {
                        first = it.pattern();
                    }
                });
                first
            }
            "union_pattern" | "list_pattern" | "tuple_pattern" => {
                let mut items = Vec::new();
                self.each(|it| items.extend(it.pattern()));
                let items = self.facts.children(&items);
                Some(self.facts.expr(ExprKind::List(items), span))
            }
            "keyword_pattern" => {
                let (mut key, mut value) = (None, None);
                self.each(|it| {
                    if key.is_none() {
                        let at = it.span();
                        key = Some(it.facts.string(it.facts.source_at(at), at));
                    } else if it.cursor.node().is_named() {
                        value = it.pattern();
                    }
                });
                let (key, value) = key.zip(value)?;
                Some(self.facts.expr(ExprKind::Entry { key, value }, span))
            }
            "identifier" | "_" | "splat_pattern" => None,
            _ => self.lower(Position::Value),
        }
    }

    /// `a.b.c` as members.
    fn dotted(&mut self, path: &str, span: Span) -> ExprId {
        let mut parts = path.split('.').map(str::trim);
        let mut value = self.facts.name(parts.next().unwrap_or(""), span);
        for part in parts {
            value = self.facts.member(value, part, span);
        }
        value
    }

    /// `left = right`, with or without a type; gives the value, for `a = b = c`.
    pub(super) fn assignment(&mut self) -> Option<ExprId> {
        let fields = self.fields;
        let (mut left, mut right) = (None, None);
        self.each_child(|it, field| {
            if field == fields.left {
                let node = it.cursor.node();
                left = Some(node);
                // What is only given a value is not read; an attribute's object is.
                let inner = match it.kind() {
                    Kind::Transparent => node.named_child(0).unwrap_or(node),
                    _ => node,
                };
                if it.kinds.of(inner) != Kind::Name {
                    it.lower(Position::Value);
                }
            } else if field == fields.right {
                right = it.lower(Position::Value);
            } else {
                it.lower(Position::Value);
            }
        });
        if let Some(left) = left.filter(|_| right.is_some()) {
            self.bind(left, right);
        }
        right
    }

    pub(super) fn augmented(&mut self) -> Option<ExprId> {
        let span = self.span();
        let left = self.child(self.fields.left);
        let value = self.other(span);
        if let Some(left) = left.filter(|left| self.kinds.of(*left) == Kind::Name) {
            names::assign(&mut self.facts, span_of(left), value);
        }
        None
    }

    pub(super) fn walrus(&mut self) -> Option<ExprId> {
        let name = self.child(self.fields.name);
        let mut value = None;
        let fields = self.fields;
        self.each_child(|it, field| {
            if field == fields.value {
                value = it.lower(Position::Value);
            }
        });
        if let Some(name) = name {
            self.bind(name, value);
        }
        value
    }

    /// Gives the names of a target a value; the parts of a list, those of the value's list.
    pub(super) fn bind(&mut self, target: Node<'_>, value: Option<ExprId>) {
        let at = span_of(target);
        match target.kind() {
            "identifier" => self.names.bind(&mut self.facts, at, value),
            "attribute" => {
                if let Some(name) = target.child_by_field_id(self.fields.attribute) {
                    names::assign(&mut self.facts, span_of(name), value);
                }
            }
            "parenthesized_expression" => {
                if let Some(inner) = target.named_child(0) {
                    self.bind(inner, value);
                }
            }
            "pattern_list" | "tuple_pattern" | "list_pattern" | "expression_list" | "tuple"
            | "list" => {
                let parts: Vec<Node<'_>> = children(target)
                    .into_iter()
                    .filter(|part| part.is_named() && !part.is_extra())
                    .collect();
                let values = names::parts(&self.facts, value, parts.len());
                for (part, value) in parts.into_iter().zip(values) {
                    self.bind(part, value);
                }
            }
            _ => {}
        }
    }
}
