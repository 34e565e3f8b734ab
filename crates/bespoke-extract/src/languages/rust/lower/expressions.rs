//! Expressions and the branches among them.

use bespoke_facts::{
    BindingKind, BranchKind, CallForm, CompareOp, ExprId, ExprKind as Kind, LogicOp, Span,
};

use super::{
    Lower,
    Position::{self, Condition, Value},
    flatten, is_test, peel, target_name,
};
use crate::{
    engines::syn::tree::{
        Arm, Block, CfgArm, Expr, ExprKind, If, MacroBody, Matches, Op, Stmt, Struct,
    },
    languages::rust::{meta::Meta, text},
};

impl Lower<'_> {
    pub(super) fn exprs(&mut self, exprs: &[Expr], position: Position) -> Vec<ExprId> {
        exprs.iter().map(|expr| self.expr(expr, position)).collect()
    }

    pub(super) fn expr(&mut self, expr: &Expr, position: Position) -> ExprId {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Name => self.name(span),
            ExprKind::Path(parts) => self.path(parts),
            ExprKind::Str => {
                let value =
                    text::literal_value(&self.source[span.start as usize..span.end as usize]);
                self.facts.string(&value, span)
            }
            ExprKind::Number => self.number(span),
            ExprKind::Bool => {
                let value = self.text(span) == "true";
                self.facts.expr(Kind::Bool(value), span)
            }
            ExprKind::Unit => self.facts.expr(Kind::Null, span),
            ExprKind::Field { object, name } => {
                let object = self.expr(object, position);
                let name = self.text(*name);
                self.facts.member(object, name, span)
            }
            ExprKind::Index { object, index } => {
                let object = self.expr(object, position);
                if let ExprKind::Str = peel(index).kind {
                    let index = self.expr(index, Value);
                    if let Kind::Str(name) = self.facts.get(index).kind {
                        return self.facts.expr(Kind::Member { object, name }, span);
                    }
                }
                let index = self.expr(index, Value);
                self.facts.expr(Kind::Index { object, index }, span)
            }
            ExprKind::Call { callee, args } => {
                let callee = self.expr(callee, position);
                let args = self.exprs(args, Value);
                self.call(callee, &args, CallForm::Call, span)
            }
            ExprKind::Struct(it) => self.structure(it, span),
            ExprKind::Macro(it) => {
                let callee = self.path(&it.path);
                let args = match &it.body {
                    MacroBody::Args(args) => args.iter().map(|arg| self.macro_arg(arg)).collect(),
                    MacroBody::Cfg(predicate) => {
                        let mut meta = Meta::new(self.source, *predicate);
                        meta.predicate(&mut self.facts).into_iter().collect()
                    }
                    MacroBody::CfgIf(arms) => {
                        self.cfg_if(arms);
                        Vec::new()
                    }
                };
                self.call(callee, &args, CallForm::Macro, span)
            }
            ExprKind::Transparent(inside) => self.expr(inside, position),
            ExprKind::Not(inside) => {
                let inside = self.expr(inside, position);
                self.facts.expr(Kind::Not(inside), span)
            }
            ExprKind::Neg(inside) if matches!(inside.kind, ExprKind::Number) => self.number(span),
            ExprKind::Neg(inside) => {
                let inside = self.expr(inside, position);
                self.other(&[inside], span)
            }
            ExprKind::Binary { op, left, right } => match op {
                Op::And => self.logic(LogicOp::And, expr, position),
                Op::Or => self.logic(LogicOp::Or, expr, position),
                Op::Equal => self.compare(CompareOp::Equal, left, right, span, position),
                Op::NotEqual => self.compare(CompareOp::NotEqual, left, right, span, position),
                Op::Order => self.compare(CompareOp::Order, left, right, span, position),
                Op::Other => {
                    let operands = [self.expr(left, position), self.expr(right, position)];
                    self.other(&operands, span)
                }
            },
            ExprKind::Assign { target, value } => {
                let left = self.expr(target, Condition);
                let right = self.expr(value, Value);
                if let Some((name, place)) = target_name(target) {
                    let text = match &peel(target).kind {
                        ExprKind::Index { .. } => match self.facts.get(left).kind {
                            Kind::Member { name, .. } => self.facts.text(name).to_owned(),
                            _ => String::new(),
                        },
                        _ => self.text(name).to_owned(),
                    };
                    if !text.is_empty() && text != "_" {
                        self.facts.binding(
                            BindingKind::Assignment,
                            &text,
                            Some(right),
                            place,
                            false,
                        );
                    }
                }
                self.other(&[left, right], span)
            }
            ExprKind::List(items) => {
                let items = self.exprs(items, Value);
                let items = self.facts.children(&items);
                self.facts.expr(Kind::List(items), span)
            }
            ExprKind::Object(entries) => {
                let mut ids = Vec::with_capacity(entries.len());
                for (key, value) in entries {
                    let span = key.span.join(value.span);
                    let (key, value) = (self.expr(key, Value), self.expr(value, Value));
                    ids.push(self.facts.expr(Kind::Entry { key, value }, span));
                }
                let ids = self.facts.children(&ids);
                self.facts.expr(Kind::Object(ids), span)
            }
            ExprKind::If(it) => self.choice(it, span, false),
            ExprKind::Matches(it) => self.matches(it, span, position),
            ExprKind::Match { scrutinee, arms } => self.matching(scrutinee, arms, span),
            ExprKind::While { condition, body } => {
                self.facts.decide(1);
                self.facts.structural();
                let test = self.expr(condition, Condition);
                self.nested(body);
                self.facts.branch(
                    BranchKind::Loop,
                    test,
                    condition.span,
                    (Some(body.span), None),
                    false,
                );
                self.other(&[], span)
            }
            ExprKind::For { iterated, body } => {
                self.facts.decide(1);
                self.facts.structural();
                let iterated = self.expr(iterated, Value);
                self.nested(body);
                self.other(&[iterated], span)
            }
            ExprKind::Loop(body) => {
                self.facts.structural();
                self.nested(body);
                self.other(&[], span)
            }
            ExprKind::Block(block) => match self.block(block) {
                Some(value) => value,
                None => self.other(&[], span),
            },
            ExprKind::Closure { params, body } => self.closure(params, body, span),
            ExprKind::Return(value) => {
                let value = value.as_ref().map(|value| self.expr(value, Value));
                if let Some(value) = value {
                    self.facts.add_return(value);
                }
                self.other(value.as_slice(), span)
            }
            ExprKind::Jump { labelled, value } => {
                if *labelled {
                    self.facts.flat();
                }
                let value = value.as_ref().map(|value| self.expr(value, Value));
                self.other(value.as_slice(), span)
            }
            ExprKind::Other(children) => {
                let children = self.exprs(children, position);
                self.other(&children, span)
            }
            ExprKind::Attributed(attrs, inside) => {
                self.attrs(attrs, Some(inside.span));
                self.expr(inside, position)
            }
        }
    }

    pub(super) fn number(&mut self, span: Span) -> ExprId {
        let text = self.text(span);
        let number = self.facts.intern(text);
        self.facts.expr(Kind::Number(number), span)
    }

    pub(super) fn structure(&mut self, it: &Struct, span: Span) -> ExprId {
        let callee = self.path(&it.path);
        let mut entries = Vec::with_capacity(it.fields.len() + 1);
        for field in &it.fields {
            self.attrs(&field.attrs, Some(field.span));
            let text = self.text(field.name);
            let key = self.facts.string(text, field.name);
            let value = self.expr(&field.value, Value);
            entries.push(self.facts.expr(Kind::Entry { key, value }, field.span));
        }
        if let Some(rest) = &it.rest {
            entries.push(self.expr(rest, Value));
        }
        let entries = self.facts.children(&entries);
        let object = self.facts.expr(Kind::Object(entries), span);
        self.call(callee, &[object], CallForm::New, span)
    }

    /// `name = value` is a named argument, not an assignment.
    pub(super) fn macro_arg(&mut self, arg: &Expr) -> ExprId {
        if let ExprKind::Assign { target, value } = &arg.kind
            && let ExprKind::Name = target.kind
        {
            let text = self.text(target.span);
            let key = self.facts.string(text, target.span);
            let value = self.expr(value, Value);
            return self.facts.expr(Kind::Entry { key, value }, arg.span);
        }
        self.expr(arg, Value)
    }

    pub(super) fn cfg_if(&mut self, arms: &[CfgArm]) {
        let end = arms.last().map_or(0, |arm| arm.block.span.end);
        for (at, arm) in arms.iter().enumerate() {
            if let Some(meta) = arm.meta {
                let mut meta = Meta::new(self.source, meta);
                if meta.word() == Some("cfg")
                    && let Some(mut inside) = meta.group()
                    && let Some(condition) = inside.predicate(&mut self.facts)
                {
                    let span = self.facts.get(condition).span;
                    let otherwise = arms.get(at + 1).map(|next| {
                        let start = next.meta.map_or(next.block.span.start, |meta| meta.start);
                        Span::new(start, end)
                    });
                    self.facts.branch(
                        BranchKind::Cfg,
                        condition,
                        span,
                        (Some(arm.block.span), otherwise),
                        false,
                    );
                }
            }
            self.block(&arm.block);
        }
    }

    pub(super) fn compare(
        &mut self,
        op: CompareOp,
        left: &Expr,
        right: &Expr,
        span: Span,
        position: Position,
    ) -> ExprId {
        let (left, right) = (self.expr(left, Condition), self.expr(right, Condition));
        let id = self.facts.expr(Kind::Compare { op, left, right }, span);
        self.value_branch(id, span, position);
        id
    }

    pub(super) fn value_branch(&mut self, id: ExprId, span: Span, position: Position) {
        if position == Value {
            self.facts
                .branch(BranchKind::Value, id, span, (None, None), false);
        }
    }

    pub(super) fn matches(&mut self, it: &Matches, span: Span, position: Position) -> ExprId {
        let left = self.expr(&it.scrutinee, Condition);
        let right = self.pat(&it.pat);
        let mut id = self.facts.expr(
            Kind::Compare {
                op: CompareOp::Matches,
                left,
                right,
            },
            span,
        );
        if let Some(guard) = &it.guard {
            id = self.guarded(id, guard, span);
        }
        self.value_branch(id, span, position);
        id
    }

    /// A pattern's test and the condition after it: both, without the complexity of an operator.
    pub(super) fn guarded(&mut self, test: ExprId, guard: &Expr, span: Span) -> ExprId {
        let guard = self.expr(guard, Condition);
        let mut operands = vec![test];
        match self.facts.get(guard).kind {
            Kind::Logic {
                op: LogicOp::And,
                operands: more,
            } => operands.extend_from_slice(self.facts.list(more)),
            _ => operands.push(guard),
        }
        let operands = self.facts.children(&operands);
        self.facts.expr(
            Kind::Logic {
                op: LogicOp::And,
                operands,
            },
            span,
        )
    }

    pub(super) fn logic(&mut self, op: LogicOp, expr: &Expr, position: Position) -> ExprId {
        let mut operands = Vec::new();
        flatten(op, expr, &mut operands);
        let (Some((last, first)), true) = (operands.split_last(), position == Value) else {
            let ids: Vec<ExprId> = operands
                .iter()
                .map(|operand| self.expr(operand, Condition))
                .collect();
            return self.facts.logic(op, &ids, expr.span);
        };
        let mut ids: Vec<ExprId> = first
            .iter()
            .map(|operand| self.expr(operand, Condition))
            .collect();
        if is_test(last) {
            ids.push(self.expr(last, Condition));
            let id = self.facts.logic(op, &ids, expr.span);
            self.value_branch(id, expr.span, position);
            return id;
        }
        let span = first
            .iter()
            .map(|operand| operand.span)
            .reduce(Span::join)
            .unwrap_or(expr.span);
        let condition = match ids.as_slice() {
            [single] => *single,
            several => {
                let operands = self.facts.children(several);
                self.facts.expr(Kind::Logic { op, operands }, span)
            }
        };
        ids.push(self.expr(last, Value));
        let regions = match op {
            LogicOp::And => (Some(last.span), None),
            _ => (None, Some(last.span)),
        };
        self.facts
            .branch(BranchKind::Guard, condition, span, regions, false);
        self.facts.logic(op, &ids, expr.span)
    }

    pub(super) fn choice(&mut self, it: &If, span: Span, after_else: bool) -> ExprId {
        self.facts.decide(1);
        if after_else {
            self.facts.flat();
        } else {
            self.facts.structural();
        }
        let condition = self.expr(&it.condition, Condition);
        let then = self.nested(&it.then);
        let otherwise = it
            .otherwise
            .as_ref()
            .map(|otherwise| match &otherwise.kind {
                ExprKind::If(chained) => self.choice(chained, otherwise.span, true),
                ExprKind::Block(block) => {
                    self.facts.flat();
                    match self.nested(block) {
                        Some(value) => value,
                        None => self.other(&[], otherwise.span),
                    }
                }
                _ => self.expr(otherwise, Value),
            });
        let regions = (
            Some(it.then.span),
            it.otherwise.as_ref().map(|otherwise| otherwise.span),
        );
        let open = it.otherwise.is_none() && self.leaves(&it.then);
        self.facts
            .branch(BranchKind::If, condition, it.condition.span, regions, open);
        match then {
            Some(then) => self.facts.expr(
                Kind::Choice {
                    condition,
                    then,
                    otherwise,
                },
                span,
            ),
            None => self.other(otherwise.as_slice(), span),
        }
    }

    pub(super) fn matching(&mut self, scrutinee: &Expr, arms: &[Arm], span: Span) -> ExprId {
        self.facts.structural();
        let left = self.expr(scrutinee, Condition);
        let mut values = vec![left];
        self.facts.nest();
        for arm in arms {
            let guard_end = arm
                .guard
                .as_ref()
                .map_or(arm.pat.span.end, |guard| guard.span.end);
            let place = Span::new(arm.pat.span.start, guard_end);
            self.attrs(&arm.attrs, Some(Span::new(place.start, arm.body.span.end)));
            if arm.guard.is_some() || !self.takes_all(&arm.pat) {
                self.facts.decide(1);
                let right = self.pat(&arm.pat);
                let fits = Kind::Compare {
                    op: CompareOp::Matches,
                    left,
                    right,
                };
                let mut condition = self.facts.expr(fits, arm.pat.span);
                if let Some(guard) = &arm.guard {
                    condition = self.guarded(condition, guard, place);
                }
                self.facts.branch(
                    BranchKind::Arm,
                    condition,
                    place,
                    (Some(arm.body.span), None),
                    false,
                );
            }
            values.push(self.expr(&arm.body, Value));
        }
        self.facts.unnest();
        self.other(&values, span)
    }

    /// Whether the last statement of a block always leaves it.
    pub(super) fn leaves(&self, block: &Block) -> bool {
        let Some(Stmt::Expr { expr, .. }) = block.body.last() else {
            return false;
        };
        match &peel(expr).kind {
            ExprKind::Return(_) | ExprKind::Jump { .. } => true,
            ExprKind::Block(block) => self.leaves(block),
            ExprKind::Macro(it) => it.path.last().is_some_and(|name| {
                matches!(
                    self.text(*name),
                    "panic" | "unreachable" | "unimplemented" | "todo" | "bail"
                )
            }),
            _ => false,
        }
    }
}
