//! What an expression's value is, where it can be known without running anything.

use bespoke_facts::{
    Binding, BindingKind, Children, DefinitionKind, Expr, ExprId, ExprKind, FunctionId, NameId,
    RepoPath,
};

use super::{Model, Target};
use crate::FileId;

/// How many constants in a row are followed.
const MAX_STEPS: u32 = 8;

/// A known value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A string or number.
    Text(Text),
    /// Several, any of which may be meant.
    List(Vec<Text>),
    /// A map with its keys.
    Table(Vec<Text>),
}

/// A string or number with where it came from.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_field_names, reason = "a text's text")]
pub(crate) struct Text {
    /// The string, or the number as written; for an enum member without a value its name.
    pub(crate) text: String,
    /// Whether it is a number.
    pub(crate) number: bool,
    /// The constant it was read through: holder (`TENANTS`, empty if none), name, and place of its definition.
    pub(crate) constant: Option<Constant>,
}

/// A constant, enum member or entry of a constant object.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Constant {
    /// Enum, object or class; empty for a plain constant.
    pub(crate) holder: String,
    /// Its own name.
    pub(crate) name: String,
    /// Where it is defined.
    pub(crate) path: RepoPath,
    /// 0-based.
    pub(crate) line: u32,
}

impl Model<'_> {
    /// The value of an expression in `function`, through constants, enums, constant objects and imports.
    pub(crate) fn value(
        &self,
        file: FileId,
        expr: ExprId,
        function: Option<FunctionId>,
    ) -> Option<Value> {
        self.value_at(file, expr, function, 0)
    }

    fn value_at(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
        steps: u32,
    ) -> Option<Value> {
        if steps > MAX_STEPS {
            return None;
        }
        let facts = self.facts(file);
        let Expr { kind, .. } = facts.expr(id);
        match kind {
            ExprKind::Str(name) => Some(text(facts.name(name), false)),
            ExprKind::Number(name) => Some(text(facts.name(name), true)),
            ExprKind::List(items) => self.list(file, items, function, steps),
            ExprKind::Object(items) => Some(Value::Table(self.keys(file, items, function, steps))),
            ExprKind::Call { callee, args, .. } => {
                self.wrapped(file, callee, args, function, steps)
            }
            // Either of two.
            ExprKind::Choice {
                then,
                otherwise: Some(otherwise),
                ..
            } => {
                let either =
                    [then, otherwise].map(|id| self.value_at(file, id, function, steps + 1));
                let [Some(Value::Text(then)), Some(Value::Text(otherwise))] = either else {
                    return None;
                };
                Some(Value::List(vec![then, otherwise]))
            }
            ExprKind::Name(name) => {
                let target = self.lookup(file, name, function)?;
                self.target_value(target, "", steps)
            }
            ExprKind::Member { object, name } => {
                if let Some(target) = self.target(file, id, function) {
                    let holder = last_name(facts, object);
                    return self.target_value(target, holder, steps);
                }
                // `Tenant.ACME.value` of an enum in Python.
                if matches!(facts.name(name), "value" | "name")
                    && let Some(Target::Binding(home, at)) = self.target(file, object, function)
                    && self.binding(home, at).kind == BindingKind::EnumMember
                {
                    return self.target_value(Target::Binding(home, at), "", steps);
                }
                self.entry(file, object, facts.name(name), function, steps)
                    .or_else(|| self.foreign_member(file, object, name, function))
            }
            _ => None,
        }
    }

    /// A constant of an enum that another package defines, or whose file was not found: its name is all that is known.
    fn foreign_member(
        &self,
        file: FileId,
        object: ExprId,
        name: NameId,
        function: Option<FunctionId>,
    ) -> Option<Value> {
        let facts = self.facts(file);
        if !matches!(
            self.target(file, object, function),
            None | Some(Target::External(..))
        ) {
            return None;
        }
        let upper = |text: &str| text.starts_with(|char: char| char.is_ascii_uppercase());
        let (holder, name) = (last_name(facts, object), facts.name(name));
        if !upper(holder) || !upper(name) {
            return None;
        }
        let constant = Constant {
            holder: holder.to_owned(),
            name: name.to_owned(),
            path: self.source(file).path.clone(),
            line: facts.lines.line(facts.expr(object).span.start),
        };
        Some(Value::Text(Text {
            text: name.to_owned(),
            number: false,
            constant: Some(constant),
        }))
    }

    fn list(
        &self,
        file: FileId,
        items: Children,
        function: Option<FunctionId>,
        steps: u32,
    ) -> Option<Value> {
        let facts = self.facts(file);
        let mut texts = Vec::new();
        for item in facts.list(items) {
            match self.value_at(file, *item, function, steps + 1) {
                Some(Value::Text(text)) => texts.push(text),
                Some(Value::List(more)) => texts.extend(more),
                _ => {}
            }
        }
        (!texts.is_empty()).then_some(Value::List(texts))
    }

    /// The keys of an object literal.
    fn keys(
        &self,
        file: FileId,
        items: Children,
        function: Option<FunctionId>,
        steps: u32,
    ) -> Vec<Text> {
        let facts = self.facts(file);
        let mut keys = Vec::new();
        for item in facts.list(items) {
            if let ExprKind::Entry { key, .. } = facts.expr(*item).kind
                && let Some(Value::Text(text)) = self.value_at(file, key, function, steps + 1)
            {
                keys.push(text);
            }
        }
        keys
    }

    /// `new Set([…])`, `Object.freeze({…})`, `frozenset(…)`, `vec![…]`: the value of what is wrapped.
    fn wrapped(
        &self,
        file: FileId,
        callee: ExprId,
        args: Children,
        function: Option<FunctionId>,
        steps: u32,
    ) -> Option<Value> {
        let facts = self.facts(file);
        let args = facts.list(args);
        match last_name(facts, callee) {
            "Set" | "freeze" | "Map" | "Array" | "HashSet" | "from" | "set" | "frozenset"
            | "tuple" | "list" | "dict" | "OrderedDict" | "MappingProxyType" => {
                self.value_at(file, *args.first()?, function, steps + 1)
            }
            "vec" => {
                let mut texts = Vec::new();
                for arg in args {
                    match self.value_at(file, *arg, function, steps + 1) {
                        Some(Value::Text(text)) => texts.push(text),
                        Some(Value::List(more)) => texts.extend(more),
                        _ => {}
                    }
                }
                (!texts.is_empty()).then_some(Value::List(texts))
            }
            "keys" => {
                let object = *args.first()?;
                match self.value_at(file, object, function, steps + 1)? {
                    Value::Table(keys) => Some(Value::List(keys)),
                    _ => None,
                }
            }
            "values" => {
                let object = *args.first()?;
                let (file, items) = self.object(file, object, function, steps + 1)?;
                let facts = self.facts(file);
                let mut texts = Vec::new();
                for item in facts.list(items) {
                    if let ExprKind::Entry { value, .. } = facts.expr(*item).kind
                        && let Some(Value::Text(text)) = self.value_at(file, value, None, steps + 1)
                    {
                        texts.push(text);
                    }
                }
                (!texts.is_empty()).then_some(Value::List(texts))
            }
            _ => None,
        }
    }

    /// The value of a constant or enum member.
    pub(crate) fn binding_text(&self, target: Target) -> Option<Text> {
        match self.target_value(target, "", 0)? {
            Value::Text(text) => Some(text),
            Value::List(_) | Value::Table(_) => None,
        }
    }

    fn target_value(&self, target: Target, holder: &str, steps: u32) -> Option<Value> {
        match target {
            Target::Binding(file, at) => {
                let facts = self.facts(file);
                let binding = self.binding(file, at);
                let known = match binding.kind {
                    BindingKind::Parameter => false,
                    // `exports.a = 1` is given once; what else is assigned can be assigned again.
                    BindingKind::Assignment => self.is_export(file, binding),
                    _ => true,
                };
                if !known {
                    return None;
                }
                let owner = binding.owner.map_or(holder, |owner| {
                    facts.name(self.definition(file, owner).name)
                });
                let constant = Constant {
                    holder: owner.to_owned(),
                    name: facts.name(binding.name).to_owned(),
                    path: self.source(file).path.clone(),
                    line: facts.lines.line(binding.span.start),
                };
                let value = match binding.value {
                    Some(value) => self.value_at(file, value, binding.function, steps + 1)?,
                    None if binding.kind == BindingKind::EnumMember => {
                        text(facts.name(binding.name), false)
                    }
                    None => return None,
                };
                Some(match value {
                    Value::Text(text) => Value::Text(Text {
                        constant: Some(text.constant.unwrap_or(constant)),
                        ..text
                    }),
                    other => other,
                })
            }
            Target::Definition(file, id) => {
                let definition = self.definition(file, id);
                if !matches!(
                    definition.kind,
                    DefinitionKind::Enum | DefinitionKind::Class
                ) {
                    return None;
                }
                let mut keys = Vec::new();
                for (at, _) in self.members(file, id) {
                    if let Some(Value::Text(text)) =
                        self.target_value(Target::Binding(file, at), "", steps + 1)
                    {
                        keys.push(text);
                    }
                }
                Some(Value::Table(keys))
            }
            // `module.exports = ["acme", "globex"]`.
            Target::Module(file) => {
                let value = self.exported_value(file)?;
                self.value_at(file, value, None, steps + 1)
            }
            Target::Parameter(..) | Target::External(..) => None,
        }
    }

    fn is_export(&self, file: FileId, binding: &Binding) -> bool {
        let facts = self.facts(file);
        let at = self.index(file).exports.get(facts.name(binding.name));
        at.is_some_and(|at| facts.exports[*at as usize].value == binding.value)
    }

    /// `object.name` where the object is a constant one.
    fn entry(
        &self,
        file: FileId,
        object: ExprId,
        name: &str,
        function: Option<FunctionId>,
        steps: u32,
    ) -> Option<Value> {
        let holder = last_name(self.facts(file), object).to_owned();
        let (file, items) = self.object(file, object, function, steps + 1)?;
        let facts = self.facts(file);
        for item in facts.list(items) {
            let ExprKind::Entry { key, value } = facts.expr(*item).kind else {
                continue;
            };
            let ExprKind::Str(own) = facts.expr(key).kind else {
                continue;
            };
            if facts.name(own) != name {
                continue;
            }
            let constant = Constant {
                holder,
                name: name.to_owned(),
                path: self.source(file).path.clone(),
                line: facts.lines.line(facts.expr(*item).span.start),
            };
            return match self.value_at(file, value, None, steps + 1)? {
                Value::Text(text) => Some(Value::Text(Text {
                    constant: Some(text.constant.unwrap_or(constant)),
                    ..text
                })),
                other => Some(other),
            };
        }
        None
    }

    /// The entries of a constant object, and the file they stand in.
    pub(crate) fn object(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
        steps: u32,
    ) -> Option<(FileId, Children)> {
        if steps > MAX_STEPS {
            return None;
        }
        let facts = self.facts(file);
        match facts.expr(id).kind {
            ExprKind::Object(items) => Some((file, items)),
            ExprKind::Name(_) | ExprKind::Member { .. } => {
                match self.target(file, id, function) {
                    Some(Target::Binding(file, at)) => {
                        let binding = self.binding(file, at);
                        return self.object(file, binding.value?, binding.function, steps + 1);
                    }
                    Some(Target::Module(file)) => {
                        let value = self.exported_value(file)?;
                        return self.object(file, value, None, steps + 1);
                    }
                    _ => {}
                }
                let ExprKind::Member { object, name } = facts.expr(id).kind else {
                    return None;
                };
                let name = facts.name(name);
                let (file, items) = self.object(file, object, function, steps + 1)?;
                let facts = self.facts(file);
                facts.list(items).iter().find_map(|item| {
                    let ExprKind::Entry { key, value } = facts.expr(*item).kind else {
                        return None;
                    };
                    let ExprKind::Str(own) = facts.expr(key).kind else {
                        return None;
                    };
                    if facts.name(own) == name {
                        self.object(file, value, None, steps + 1)
                    } else {
                        None
                    }
                })
            }
            ExprKind::Call { callee, args, .. }
                if matches!(last_name(facts, callee), "freeze" | "seal") =>
            {
                self.object(file, *facts.list(args).first()?, function, steps + 1)
            }
            ExprKind::Call { .. } => match self.target(file, id, function)? {
                Target::Module(file) => {
                    let value = self.exported_value(file)?;
                    self.object(file, value, None, steps + 1)
                }
                _ => None,
            },
            _ => None,
        }
    }
}

fn text(text: &str, number: bool) -> Value {
    Value::Text(Text {
        text: text.to_owned(),
        number,
        constant: None,
    })
}

/// The last name of a path: `c` of `a.b.c`; empty for anything else.
pub(crate) fn last_name(facts: &bespoke_facts::FileFacts, id: ExprId) -> &str {
    match facts.expr(id).kind {
        ExprKind::Name(name) | ExprKind::Member { name, .. } => facts.name(name),
        _ => "",
    }
}
