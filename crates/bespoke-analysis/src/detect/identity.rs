//! What in an expression stands for the one who is served.

use bespoke_facts::{ExprId, ExprKind, FunctionId, LogicOp};

use super::Context;
use crate::{
    FileId,
    link::{Target, last_name},
};

/// How many bindings in a row are followed.
const MAX_STEPS: u32 = 5;

/// Calls that give their receiver in another form.
const CONVERSIONS: [&str; 24] = [
    "toLowerCase",
    "toUpperCase",
    "toLocaleLowerCase",
    "toString",
    "trim",
    "valueOf",
    "toLocaleUpperCase",
    "as_str",
    "as_ref",
    "to_string",
    "to_owned",
    "clone",
    "as_deref",
    "to_lowercase",
    "to_uppercase",
    "borrow",
    "deref",
    "into",
    "unwrap",
    "unwrap_or_default",
    "to_ascii_lowercase",
    "lower",
    "upper",
    "strip",
];

/// Members that lead on to the same subject: `tenantStore.current`, `useTenant().data`.
const SAME: [&str; 12] = [
    "current",
    "data",
    "value",
    "instance",
    "getInstance",
    "get",
    "currentTenant",
    "state",
    "getState",
    "props",
    "context",
    "details",
];

/// An expression that identifies a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Which axis.
    pub(crate) axis: usize,
    /// 0 to 100.
    pub(crate) strength: u8,
}

impl Context<'_> {
    /// Whether an expression is the identity of a subject: `tenant.slug`, `orgId`, `process.env.TENANT`.
    pub(crate) fn identity(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
    ) -> Option<Identity> {
        self.identity_at(file, id, function, 0)
    }

    fn identity_at(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
        steps: u32,
    ) -> Option<Identity> {
        if steps > MAX_STEPS {
            return None;
        }
        let facts = self.model.facts(file);
        match facts.expr(id).kind {
            ExprKind::Name(name) => {
                let text = facts.name(name);
                self.named_identity(text)
                    .or_else(|| self.bound_identity(file, id, function, steps))
            }
            ExprKind::Member { object, name } => {
                let text = facts.name(name);
                if self.vocab.is_tenant_env_or_header(text) && is_environment(facts, object) {
                    return Some(Identity {
                        axis: 0,
                        strength: 80,
                    });
                }
                if let Some(found) = self.named_identity(text) {
                    return Some(found);
                }
                if self.vocab.is_identity_attr(text) {
                    return self
                        .denotes(file, object, function)
                        .filter(|found| found.strength >= 15);
                }
                self.bound_identity(file, id, function, steps)
            }
            ExprKind::Call { callee, args, .. } => {
                let name = last_name(facts, callee);
                let args = facts.list(args);
                if CONVERSIONS.contains(&name)
                    && let ExprKind::Member { object, .. } = facts.expr(callee).kind
                {
                    return self.identity_at(file, object, function, steps + 1);
                }
                // `headers.get("x-tenant-id")`, `env::var("TENANT")`.
                if let [first, ..] = args
                    && let ExprKind::Str(text) = facts.expr(*first).kind
                    && self.vocab.is_tenant_env_or_header(facts.name(text))
                {
                    return Some(Identity {
                        axis: 0,
                        strength: 75,
                    });
                }
                if matches!(name, "String" | "str") && args.len() == 1 {
                    return self.identity_at(file, args[0], function, steps + 1);
                }
                self.named_identity(name)
            }
            ExprKind::Logic {
                op: LogicOp::Coalesce | LogicOp::Or,
                operands,
            } => facts
                .list(operands)
                .iter()
                .find_map(|operand| self.identity_at(file, *operand, function, steps + 1)),
            _ => None,
        }
    }

    fn named_identity(&self, name: &str) -> Option<Identity> {
        if self.vocab.is_near_miss_subject(name) {
            return None;
        }
        if self.learned.contains(name) {
            return Some(Identity {
                axis: 0,
                strength: 85,
            });
        }
        self.axes
            .iter()
            .enumerate()
            .map(|(axis, it)| Identity {
                axis,
                strength: it
                    .identity(&self.vocab, name)
                    .max(it.subject(&self.vocab, name)),
            })
            .filter(|found| found.strength > 0)
            .max_by_key(|found| (found.axis, found.strength))
    }

    fn bound_identity(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
        steps: u32,
    ) -> Option<Identity> {
        let Target::Binding(file, at) = self.model.target(file, id, function)? else {
            return None;
        };
        let binding = self.model.binding(file, at);
        self.identity_at(file, binding.value?, binding.function, steps + 1)
    }

    /// Whether an expression stands for a subject as a whole: `tenant`, `ctx.org`, `Tenant.current()`.
    pub(crate) fn denotes(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
    ) -> Option<Identity> {
        self.denotes_at(file, id, function, 0)
    }

    fn denotes_at(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
        steps: u32,
    ) -> Option<Identity> {
        if steps > MAX_STEPS {
            return None;
        }
        let facts = self.model.facts(file);
        match facts.expr(id).kind {
            ExprKind::Name(name) => {
                let text = facts.name(name);
                if matches!(text, "this" | "self") {
                    return None;
                }
                self.named_subject(text).or_else(|| {
                    let Target::Binding(file, at) = self.model.lookup(file, name, function)? else {
                        return None;
                    };
                    let binding = self.model.binding(file, at);
                    self.denotes_at(file, binding.value?, binding.function, steps + 1)
                })
            }
            ExprKind::Member { object, name } => {
                let text = facts.name(name);
                self.named_subject(text).or_else(|| {
                    if SAME.contains(&text) {
                        self.denotes_at(file, object, function, steps + 1)
                    } else {
                        None
                    }
                })
            }
            ExprKind::Call { callee, .. } => {
                let name = last_name(facts, callee);
                self.named_subject(name)
                    .or_else(|| match facts.expr(callee).kind {
                        ExprKind::Member { object, .. }
                            if SAME.contains(&name) || CONVERSIONS.contains(&name) =>
                        {
                            self.denotes_at(file, object, function, steps + 1)
                        }
                        _ => None,
                    })
            }
            ExprKind::Logic {
                op: LogicOp::Coalesce | LogicOp::Or,
                operands,
            } => self.denotes_at(file, *facts.list(operands).first()?, function, steps + 1),
            _ => None,
        }
    }

    fn named_subject(&self, name: &str) -> Option<Identity> {
        if self.vocab.is_near_miss_subject(name) {
            return None;
        }
        self.axes
            .iter()
            .enumerate()
            .map(|(axis, it)| Identity {
                axis,
                strength: it.subject(&self.vocab, name),
            })
            .filter(|found| found.strength > 0)
            .max_by_key(|found| (found.axis, found.strength))
    }

    /// The attribute of a tenant that an expression reads, as a path without the tenant: `ui.theme`. `None` for the
    /// tenant itself and for its identity.
    pub(crate) fn attribute(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
    ) -> Option<(Vec<String>, Identity)> {
        self.attribute_at(file, id, function, 0)
    }

    fn attribute_at(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
        steps: u32,
    ) -> Option<(Vec<String>, Identity)> {
        if steps > MAX_STEPS {
            return None;
        }
        let facts = self.model.facts(file);
        match facts.expr(id).kind {
            ExprKind::Name(name) => {
                if let Some(Target::Binding(file, at)) = self.model.lookup(file, name, function) {
                    let binding = self.model.binding(file, at);
                    let found = binding.value.and_then(|value| {
                        self.attribute_at(file, value, binding.function, steps + 1)
                    });
                    if found.is_some() {
                        return found;
                    }
                }
                self.learned_attribute(facts.name(name))
            }
            ExprKind::Member { object, name } => {
                let text = facts.name(name);
                if self.vocab.is_identity_attr(text) || is_environment_check(text) {
                    return None;
                }
                if let Some(found) = self.denotes(file, object, function) {
                    if SAME.contains(&text) || self.named_subject(text).is_some() {
                        return None;
                    }
                    return Some((vec![text.to_owned()], found));
                }
                match self.attribute_at(file, object, function, steps) {
                    Some((mut path, found)) => {
                        path.push(text.to_owned());
                        Some((path, found))
                    }
                    None => self.learned_attribute(text),
                }
            }
            _ => None,
        }
    }

    /// A name that elsewhere was read of a tenant, passed on as a parameter or property.
    fn learned_attribute(&self, name: &str) -> Option<(Vec<String>, Identity)> {
        let learned = self.learned_attributes.contains(name);
        learned.then(|| {
            (
                vec![name.to_owned()],
                Identity {
                    axis: 0,
                    strength: 75,
                },
            )
        })
    }
}

/// `tenant.isProd` tells of an environment, not of the tenant.
fn is_environment_check(name: &str) -> bool {
    super::vocab::split_words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "prod" | "production" | "dev" | "development" | "staging" | "env" | "environment"
        )
    })
}

/// `process.env`, `import.meta.env`, `os.environ`.
fn is_environment(facts: &bespoke_facts::FileFacts, object: ExprId) -> bool {
    matches!(last_name(facts, object), "env" | "environ" | "ENV")
}
