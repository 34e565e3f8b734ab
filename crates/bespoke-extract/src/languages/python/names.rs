//! Names of Python that get values, and what its definitions are: the same whichever engine reads it.

use bespoke_facts::{
    BindingKind, DefinitionId, DefinitionKind, DefinitionStart, ExprId, ExprKind, FactsBuilder,
    FunctionId, NameId, Span,
};
use rustc_hash::FxHashSet;

/// Names that have got a value, by scope: a second value makes it no declaration.
#[derive(Default)]
pub(crate) struct Names(FxHashSet<(Option<FunctionId>, Option<DefinitionId>, NameId)>);

impl Names {
    /// Gives the name at a place a value.
    pub(crate) fn bind(&mut self, facts: &mut FactsBuilder<'_>, at: Span, value: Option<ExprId>) {
        let name = facts.source_at(at);
        let (function, definition) = (facts.function(), facts.definition());
        let id = facts.intern(name);
        let first = self.0.insert((function, definition, id));
        let of = facts.definition_kind();
        let is_constant = !name.bytes().any(|byte| byte.is_ascii_lowercase());
        let kind = match of {
            _ if !first => BindingKind::Assignment,
            Some(DefinitionKind::Enum) if function.is_none() => BindingKind::EnumMember,
            Some(DefinitionKind::Class) if function.is_none() => BindingKind::Field,
            _ if is_constant => BindingKind::Constant,
            _ => BindingKind::Variable,
        };
        // `ACME = "acme", "Acme Inc."`: the value and its label.
        let value = value.map(|value| match facts.get(value).kind {
            ExprKind::List(items) if kind == BindingKind::EnumMember => {
                facts.list(items).first().copied().unwrap_or(value)
            }
            _ => value,
        });
        let exported = function.is_none() && !name.starts_with('_');
        facts.binding(kind, name, value, at, exported);
    }
}

/// Gives the attribute at a place, or a name that has a value already, another one.
pub(crate) fn assign(facts: &mut FactsBuilder<'_>, at: Span, value: Option<ExprId>) {
    let name = facts.source_at(at);
    facts.binding(BindingKind::Assignment, name, value, at, false);
}

/// What each of several targets gets of a value: a part of a list that is as long.
pub(crate) fn parts(
    facts: &FactsBuilder<'_>,
    value: Option<ExprId>,
    targets: usize,
) -> Vec<Option<ExprId>> {
    let values = match value.map(|value| facts.get(value).kind) {
        Some(ExprKind::List(items)) => facts.list(items),
        _ => &[],
    };
    if values.len() == targets {
        values.iter().copied().map(Some).collect()
    } else {
        vec![None; targets]
    }
}

/// What a function is where it stands: of a class, a method.
pub(crate) fn function_kind(facts: &FactsBuilder<'_>) -> DefinitionKind {
    let of = facts
        .definition_kind()
        .filter(|_| facts.function().is_none());
    match of {
        Some(DefinitionKind::Class | DefinitionKind::Enum) => DefinitionKind::Method,
        _ => DefinitionKind::Function,
    }
}

/// Opens a definition and gives it the decorators before it.
pub(crate) fn define(
    facts: &mut FactsBuilder<'_>,
    (name, kind, span): (&str, DefinitionKind, Span),
    decorators: Vec<usize>,
) {
    let exported = facts.function().is_none() && !name.starts_with('_');
    let start = DefinitionStart {
        name,
        kind,
        span,
        exported,
    };
    facts.begin_decorated(&start, decorators);
}
