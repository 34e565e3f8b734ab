//! Facts as text, the same for equal facts whatever order an engine met them in. For tests and for `--debug`.

use std::fmt::Write as _;

use crate::{
    CallForm, CompareOp, ExprId, ExprKind, FileFacts, FunctionId, Imported, LogicOp, Span,
};

/// Writes every fact as a line; lines are sorted within their kind. Lines are 0-based.
pub fn dump(facts: &FileFacts) -> String {
    let mut out = String::new();
    let mut section = |title: &str, mut lines: Vec<String>| {
        lines.sort_unstable();
        for line in lines {
            let _ = writeln!(out, "{title} {line}");
        }
    };
    let at = |span: Span| format!("{}..{}", span.start, span.end);
    let maybe = |span: Option<Span>| span.map_or("-".to_owned(), at);
    let function = |id: Option<FunctionId>| {
        id.map_or("-".to_owned(), |id| {
            facts.name(facts.functions[id.index()].name).to_owned()
        })
    };
    let value = |id: Option<ExprId>| id.map_or("-".to_owned(), |id| expr(facts, id));
    section(
        "nloc",
        vec![format!(
            "{} top {} {}",
            facts.nloc, facts.top_cyclomatic, facts.top_cognitive
        )],
    );
    section(
        "definition",
        facts
            .definitions
            .iter()
            .map(|it| {
                let parent = it
                    .parent
                    .map_or("-", |id| facts.name(facts.definitions[id.index()].name));
                let name = facts.name(it.name);
                format!(
                    "{} {:?} {name} in {parent} exported={}",
                    at(it.span),
                    it.kind,
                    it.exported
                )
            })
            .collect(),
    );
    section(
        "function",
        facts
            .functions
            .iter()
            .map(|it| {
                let list = |children| {
                    facts.list(children).iter().map(|id| expr(facts, *id)).collect::<Vec<_>>().join(" ")
                };
                format!(
                    "{} {} body {} in {} params [{}] returns [{}] cyclomatic={} cognitive={} nesting={} nloc={}",
                    at(it.span),
                    facts.name(it.name),
                    at(it.body),
                    function(it.parent),
                    list(it.params),
                    list(it.returns),
                    it.cyclomatic,
                    it.cognitive,
                    it.nesting,
                    it.nloc
                )
            })
            .collect(),
    );
    section(
        "import",
        facts
            .imports
            .iter()
            .map(|it| {
                let what = match it.imported {
                    Imported::Named(name) => facts.name(name),
                    Imported::Default => "<default>",
                    Imported::Namespace => "<namespace>",
                    Imported::Glob => "<glob>",
                    Imported::Nothing => "<nothing>",
                };
                let local = it.local.map_or("-", |name| facts.name(name));
                let source = facts.name(it.source);
                format!(
                    "{} {source} {what} as {local} type={} again={}",
                    at(it.span),
                    it.type_only,
                    it.reexport
                )
            })
            .collect(),
    );
    section(
        "export",
        facts
            .exports
            .iter()
            .map(|it| {
                let local = it.local.map_or("-", |name| facts.name(name));
                format!("{} = {local} {}", facts.name(it.name), value(it.value))
            })
            .collect(),
    );
    section(
        "binding",
        facts
            .bindings
            .iter()
            .map(|it| {
                let owner = it
                    .owner
                    .map_or("-", |id| facts.name(facts.definitions[id.index()].name));
                let (name, span) = (facts.name(it.name), at(it.span));
                let (inside, value) = (function(it.function), value(it.value));
                format!(
                    "{span} {:?} {name} of {owner} in {inside} exported={} = {value}",
                    it.kind, it.exported
                )
            })
            .collect(),
    );
    section(
        "branch",
        facts
            .branches
            .iter()
            .map(|it| {
                format!(
                    "{} {:?} {} then {} else {} open={} in {}",
                    at(it.span),
                    it.kind,
                    expr(facts, it.condition),
                    maybe(it.then),
                    maybe(it.otherwise),
                    it.open,
                    function(it.function)
                )
            })
            .collect(),
    );
    section(
        "attribute",
        facts
            .attributes
            .iter()
            .map(|it| {
                let on = it
                    .definition
                    .map_or("-", |id| facts.name(facts.definitions[id.index()].name));
                format!("{} {} on {on}", at(it.span), expr(facts, it.expr))
            })
            .collect(),
    );
    section(
        "expr",
        facts
            .all_exprs()
            // One that is only kept for what it holds says nothing by itself.
            .filter(|(_, it)| !matches!(it.kind, ExprKind::Other(_)))
            .map(|(_, it)| format!("{} {}", at(it.span), shallow(facts, it.kind)))
            .collect(),
    );
    section(
        "comment",
        facts
            .comments
            .iter()
            .map(|it| format!("{} {:?}", at(it.span), facts.name(it.text)))
            .collect(),
    );
    section(
        "issue",
        facts.issues.iter().map(|it| format!("{it:?}")).collect(),
    );
    out
}

/// An expression by itself: its parts are only named by their places.
fn shallow(facts: &FileFacts, kind: ExprKind) -> String {
    let part = |id: ExprId| {
        let span = facts.expr(id).span;
        format!("{}..{}", span.start, span.end)
    };
    let parts = |ids: &[ExprId]| ids.iter().map(|id| part(*id)).collect::<Vec<_>>().join(" ");
    match kind {
        ExprKind::Name(name) => format!("name {}", facts.name(name)),
        ExprKind::Number(name) => format!("number {}", facts.name(name)),
        ExprKind::Member { object, name } => format!("{} .{}", part(object), facts.name(name)),
        ExprKind::Index { object, index } => format!("index {} {}", part(object), part(index)),
        ExprKind::Call { callee, args, form } => {
            format!("{form:?} {} ({})", part(callee), parts(facts.list(args)))
        }
        ExprKind::Str(name) => format!("{:?}", facts.name(name)),
        ExprKind::Bool(value) => value.to_string(),
        ExprKind::Null => "null".to_owned(),
        ExprKind::Template(items) => format!("template {}", parts(facts.list(items))),
        ExprKind::Not(inner) => format!("not {}", part(inner)),
        ExprKind::Compare { op, left, right } => format!("{op:?} {} {}", part(left), part(right)),
        ExprKind::Logic { op, operands } => format!("{op:?} {}", parts(facts.list(operands))),
        ExprKind::Choice {
            condition,
            then,
            otherwise,
        } => format!(
            "choice {} {} {}",
            part(condition),
            part(then),
            parts(otherwise.as_slice())
        ),
        ExprKind::List(items) => format!("list {}", parts(facts.list(items))),
        ExprKind::Object(items) => format!("object {}", parts(facts.list(items))),
        ExprKind::Entry { key, value } => format!("entry {} {}", part(key), part(value)),
        ExprKind::Function(_) => "function".to_owned(),
        ExprKind::Other(items) => format!("other {}", parts(facts.list(items))),
    }
}

/// An expression as text; very deep ones are cut.
fn expr(facts: &FileFacts, id: ExprId) -> String {
    let mut out = String::new();
    write_expr(facts, id, &mut out, 0);
    out
}

fn write_expr(facts: &FileFacts, id: ExprId, out: &mut String, depth: u32) {
    if depth > 200 {
        out.push('…');
        return;
    }
    let mut group = |open: &str, ids: &[ExprId]| {
        out.push('(');
        out.push_str(open);
        for id in ids {
            out.push(' ');
            write_expr(facts, *id, out, depth + 1);
        }
        out.push(')');
    };
    match facts.expr(id).kind {
        ExprKind::Name(name) | ExprKind::Number(name) => out.push_str(facts.name(name)),
        ExprKind::Member { object, name } => {
            write_expr(facts, object, out, depth + 1);
            out.push('.');
            out.push_str(facts.name(name));
        }
        ExprKind::Index { object, index } => group("index", &[object, index]),
        ExprKind::Call { callee, args, form } => {
            let mut ids = vec![callee];
            ids.extend_from_slice(facts.list(args));
            group(
                match form {
                    CallForm::Call => "call",
                    CallForm::New => "new",
                    CallForm::Macro => "macro",
                    CallForm::Jsx => "jsx",
                    CallForm::Tagged => "tagged",
                },
                &ids,
            );
        }
        ExprKind::Str(name) => {
            let _ = write!(out, "{:?}", facts.name(name));
        }
        ExprKind::Bool(value) => {
            let _ = write!(out, "{value}");
        }
        ExprKind::Null => out.push_str("null"),
        ExprKind::Template(parts) => group("template", facts.list(parts)),
        ExprKind::Not(inner) => group("not", &[inner]),
        ExprKind::Compare { op, left, right } => group(
            match op {
                CompareOp::Equal => "==",
                CompareOp::NotEqual => "!=",
                CompareOp::Order => "<",
                CompareOp::In => "in",
                CompareOp::NotIn => "not-in",
                CompareOp::Matches => "matches",
                CompareOp::InstanceOf => "instanceof",
            },
            &[left, right],
        ),
        ExprKind::Logic { op, operands } => group(
            match op {
                LogicOp::And => "and",
                LogicOp::Or => "or",
                LogicOp::Coalesce => "??",
            },
            facts.list(operands),
        ),
        ExprKind::Choice {
            condition,
            then,
            otherwise,
        } => {
            let mut ids = vec![condition, then];
            ids.extend(otherwise);
            group("choice", &ids);
        }
        ExprKind::List(items) => group("list", facts.list(items)),
        ExprKind::Object(items) => group("object", facts.list(items)),
        ExprKind::Entry { key, value } => group("entry", &[key, value]),
        ExprKind::Function(function) => {
            let span = facts.functions[function.index()].span;
            let _ = write!(out, "(fn {}..{})", span.start, span.end);
        }
        ExprKind::Other(items) => group("other", facts.list(items)),
    }
}
