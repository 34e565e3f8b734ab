//! Forms that languages share: what each engine writes of them is written here, once.

use crate::{
    BranchKind, CompareOp, DefinitionId, DefinitionStart, ExprId, ExprKind, FactsBuilder, LogicOp,
    Span,
};

impl FactsBuilder<'_> {
    /// Opens a definition with the attributes that stand on it, by their positions; close it with
    /// [`Self::end_definition`].
    pub fn begin_decorated(
        &mut self,
        start: &DefinitionStart<'_>,
        attributes: Vec<usize>,
    ) -> DefinitionId {
        let id = self.begin_definition(start);
        for attribute in attributes {
            self.attach(attribute, id);
        }
        id
    }

    /// Several expressions as one: a list, if they are more than one. `None` of none.
    pub fn one_of(&mut self, several: &[ExprId], span: Span) -> Option<ExprId> {
        match several {
            [] => None,
            [one] => Some(*one),
            several => {
                let items = self.children(several);
                Some(self.expr(ExprKind::List(items), span))
            }
        }
    }

    /// An arm of a `switch`: the value is one of the patterns, or where there is no value, one of these holds.
    pub fn arm(&mut self, value: Option<ExprId>, patterns: &[ExprId], body: Span) {
        let (Some(first), Some(last)) = (patterns.first(), patterns.last()) else {
            return;
        };
        let span = self.get(*first).span.join(self.get(*last).span);
        let Some(pattern) = self.one_of(patterns, span) else {
            return;
        };
        let condition = match value {
            Some(left) => {
                let (op, right) = (CompareOp::Matches, pattern);
                self.expr(ExprKind::Compare { op, left, right }, span)
            }
            None => pattern,
        };
        self.branch(BranchKind::Arm, condition, span, (Some(body), None), false);
    }

    /// A case with a pattern, a guard or both; one that fits everything is the default, and no branch.
    pub fn case(
        &mut self,
        (value, pattern, guard): (Option<ExprId>, Option<ExprId>, Option<ExprId>),
        span: Span,
        body: Option<Span>,
    ) {
        let fits = pattern.zip(value).map(|(right, left)| {
            let op = CompareOp::Matches;
            self.expr(ExprKind::Compare { op, left, right }, span)
        });
        let condition = match (fits, guard) {
            (Some(fits), Some(guard)) => {
                let operands = self.children(&[fits, guard]);
                let op = LogicOp::And;
                self.expr(ExprKind::Logic { op, operands }, span)
            }
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => return,
        };
        self.decide(1);
        self.branch(BranchKind::Arm, condition, span, (body, None), false);
    }

    /// `condition ? then : otherwise`, with the places of the last two; the condition, where the first gives nothing.
    pub fn choice(
        &mut self,
        (condition, then, otherwise): (ExprId, Option<ExprId>, Option<ExprId>),
        regions: (Option<Span>, Option<Span>),
        span: Span,
    ) -> ExprId {
        let at = self.get(condition).span;
        self.branch(BranchKind::Ternary, condition, at, regions, false);
        let Some(then) = then else {
            return condition;
        };
        let kind = ExprKind::Choice {
            condition,
            then,
            otherwise,
        };
        self.expr(kind, span)
    }

    /// `a < b == c`: each two neighbours are compared. The one operand, where there is nothing to compare it with.
    pub fn comparisons(
        &mut self,
        operands: &[ExprId],
        operators: impl IntoIterator<Item = CompareOp>,
        span: Span,
    ) -> Option<ExprId> {
        let mut tests = Vec::new();
        for (pair, op) in operands.windows(2).zip(operators) {
            if let [left, right] = *pair {
                let at = self.get(left).span.join(self.get(right).span);
                tests.push(self.expr(ExprKind::Compare { op, left, right }, at));
            }
        }
        match tests.as_slice() {
            [] => operands.first().copied(),
            [one] => Some(*one),
            several => {
                let operands = self.children(several);
                let op = LogicOp::And;
                Some(self.expr(ExprKind::Logic { op, operands }, span))
            }
        }
    }
}
