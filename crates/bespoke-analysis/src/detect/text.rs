//! Conditions as short, normalised text.

use bespoke_facts::{CompareOp, ExprId, ExprKind, FileFacts, LogicOp};

/// Longest text, in characters.
const LIMIT: usize = 160;

/// An expression as one line, without its original spacing; long ones end with `…`.
pub(crate) fn render(facts: &FileFacts, id: ExprId) -> String {
    let mut out = String::new();
    write(facts, id, &mut out);
    if out.chars().count() > LIMIT {
        out = out.chars().take(LIMIT).collect();
        out.push('…');
    }
    out
}

fn write(facts: &FileFacts, id: ExprId, out: &mut String) {
    if out.len() > LIMIT * 4 {
        return;
    }
    let join = |ids: &[ExprId], by: &str, out: &mut String| {
        for (at, id) in ids.iter().enumerate() {
            if at > 0 {
                out.push_str(by);
            }
            write(facts, *id, out);
        }
    };
    match facts.expr(id).kind {
        ExprKind::Name(name) | ExprKind::Number(name) => out.push_str(facts.name(name)),
        ExprKind::Member { object, name } => {
            write(facts, object, out);
            out.push('.');
            out.push_str(facts.name(name));
        }
        ExprKind::Index { object, index } => {
            write(facts, object, out);
            out.push('[');
            write(facts, index, out);
            out.push(']');
        }
        ExprKind::Call { callee, args, .. } => {
            write(facts, callee, out);
            out.push('(');
            join(facts.list(args), ", ", out);
            out.push(')');
        }
        ExprKind::Str(name) => {
            out.push('"');
            out.push_str(facts.name(name));
            out.push('"');
        }
        ExprKind::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        ExprKind::Null => out.push_str("null"),
        ExprKind::Template(parts) => {
            out.push('`');
            join(facts.list(parts), "", out);
            out.push('`');
        }
        ExprKind::Not(inner) => {
            out.push('!');
            group(facts, inner, out);
        }
        ExprKind::Compare { op, left, right } => {
            write(facts, left, out);
            out.push_str(match op {
                CompareOp::Equal => " == ",
                CompareOp::NotEqual => " != ",
                CompareOp::Order => " < ",
                CompareOp::In => " in ",
                CompareOp::NotIn => " not in ",
                CompareOp::Matches => " is ",
                CompareOp::InstanceOf => " instanceof ",
            });
            write(facts, right, out);
        }
        ExprKind::Logic { op, operands } => {
            let by = match op {
                LogicOp::And => " && ",
                LogicOp::Or => " || ",
                LogicOp::Coalesce => " ?? ",
            };
            for (at, operand) in facts.list(operands).iter().enumerate() {
                if at > 0 {
                    out.push_str(by);
                }
                group(facts, *operand, out);
            }
        }
        ExprKind::Choice {
            condition,
            then,
            otherwise,
        } => {
            write(facts, condition, out);
            out.push_str(" ? ");
            write(facts, then, out);
            if let Some(otherwise) = otherwise {
                out.push_str(" : ");
                write(facts, otherwise, out);
            }
        }
        ExprKind::List(items) => {
            out.push('[');
            join(facts.list(items), ", ", out);
            out.push(']');
        }
        ExprKind::Object(items) => {
            out.push('{');
            join(facts.list(items), ", ", out);
            out.push('}');
        }
        ExprKind::Entry { key, value } => {
            write(facts, key, out);
            out.push_str(": ");
            write(facts, value, out);
        }
        ExprKind::Function(_) => out.push('ƒ'),
        ExprKind::Other(items) => join(facts.list(items), " ", out),
    }
}

fn group(facts: &FileFacts, id: ExprId, out: &mut String) {
    if matches!(
        facts.expr(id).kind,
        ExprKind::Logic { .. } | ExprKind::Choice { .. }
    ) {
        out.push('(');
        write(facts, id, out);
        out.push(')');
    } else {
        write(facts, id, out);
    }
}
