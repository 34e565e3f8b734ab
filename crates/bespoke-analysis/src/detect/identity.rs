//! What in an expression stands for the one who is served.

use bespoke_facts::{ExprId, ExprKind, FunctionId, LogicOp};

use super::Context;
use crate::{
    FileId,
    link::{Target, Value, last_name},
};

/// How many bindings in a row are followed.
const MAX_STEPS: u32 = 8;

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

/// Last words of functions that give back what is set for a tenant.
const SETTINGS: [&str; 8] = [
    "config",
    "configuration",
    "settings",
    "options",
    "preferences",
    "features",
    "entitlements",
    "toggle",
];
/// What a switch that was asked for by its key is asked then; that is a flag's evaluation.
const ANSWERS: [&str; 6] = ["enabled", "isEnabled", "disabled", "value", "active", "on"];

/// What a tenant buys or is billed through.
pub(super) const BOUGHT: [&str; 5] = ["subscription", "plan", "license", "licence", "account"];
/// First words of methods of a type that give one of it.
const LOOK_UPS: [&str; 8] = [
    "get", "find", "current", "load", "fetch", "by", "for", "lookup",
];
/// Ends of names that say in what form something is held.
const OBJECTS: [&str; 8] = [
    "_obj",
    "_object",
    "_doc",
    "_model",
    "_instance",
    "_record",
    "Obj",
    "Object",
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

/// An attribute of a tenant that an expression reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attribute {
    /// Names from the tenant on, without the tenant: `ui`, `theme`.
    pub(crate) path: Vec<String>,
    /// Whose it is.
    pub(crate) identity: Identity,
    /// Which part, if any, is asked for by a key: `tenant.settings("billing")`.
    asked: Option<usize>,
}

impl Attribute {
    /// Whether it is reached through a part that is asked for by a key.
    pub(crate) fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    fn ends_asked(&self) -> bool {
        self.asked.is_some_and(|at| at + 1 == self.path.len())
    }
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
                // `getattr(request, "tenant")`, `order.get("tenant")`: an attribute by another way.
                if let Some((object, key)) = read_by_name(facts, callee, args) {
                    let text = facts.name(key);
                    return self.named_identity(text).or_else(|| {
                        self.denotes(file, object, function).filter(|found| {
                            self.vocab.is_identity_attr(text) && found.strength >= 15
                        })
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
        self.remembered.ask(name);
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
                    .or_else(|| self.looked_up(file, callee))
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

    /// `Tenant.get_by_name(…)`, `Organization.objects.get(…)`: one of a type that is named for tenants.
    fn looked_up(&self, file: FileId, callee: ExprId) -> Option<Identity> {
        let facts = self.model.facts(file);
        let ExprKind::Member { object, name } = facts.expr(callee).kind else {
            return None;
        };
        let words = super::vocab::split_words(facts.name(name));
        let first = words.first()?;
        if !LOOK_UPS.contains(&first.as_str()) {
            return None;
        }
        let mut of = object;
        if let ExprKind::Member { object, name } = facts.expr(of).kind
            && facts.name(name) == "objects"
        {
            of = object;
        }
        let ExprKind::Name(name) = facts.expr(of).kind else {
            return None;
        };
        let name = facts.name(name);
        name.starts_with(|first: char| first.is_ascii_uppercase())
            .then(|| self.named_subject(name))
            .flatten()
    }

    fn named_subject(&self, name: &str) -> Option<Identity> {
        let name = OBJECTS
            .iter()
            .find_map(|end| name.strip_suffix(end))
            .filter(|rest| !rest.is_empty())
            .unwrap_or(name);
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
    ) -> Option<Attribute> {
        self.attribute_at(file, id, function, 0)
    }

    fn attribute_at(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
        steps: u32,
    ) -> Option<Attribute> {
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
                let denoted = self
                    .denotes(file, object, function)
                    .filter(|found| found.strength >= 65)
                    .or_else(|| self.part_of_tenant(last_name(facts, object)))
                    .or_else(|| self.bought(file, object, function))
                    .or_else(|| self.denotes(file, object, function));
                if let Some(found) = denoted {
                    if SAME.contains(&text)
                        || !is_question(text)
                            && self.named_subject(text).is_some_and(|it| it.strength >= 65)
                        || self.is_about_subjects(text)
                    {
                        return None;
                    }
                    return Some(Attribute {
                        path: vec![text.to_owned()],
                        identity: found,
                        asked: None,
                    });
                }
                match self.attribute_at(file, object, function, steps) {
                    Some(of) if of.ends_asked() && ANSWERS.contains(&text) => None,
                    Some(mut of) => {
                        of.path.push(text.to_owned());
                        Some(of)
                    }
                    None => self.learned_attribute(text),
                }
            }
            ExprKind::Call { callee, args, .. } => {
                let name = last_name(facts, callee);
                // `tenant.settings("billing")`: a part of the tenant that is asked for by its key.
                if let ExprKind::Member { object, .. } = facts.expr(callee).kind
                    && let [key] = facts.list(args)
                    && let Some(Value::Text(key)) = self.model.value(file, *key, function)
                {
                    let mut of = match self.denotes(file, object, function) {
                        Some(identity) => Attribute {
                            path: Vec::new(),
                            identity,
                            asked: None,
                        },
                        None => self.attribute_at(file, object, function, steps + 1)?,
                    };
                    of.asked = Some(of.path.len());
                    of.path.push(key.text);
                    return Some(of);
                }
                // `getSettings()`, which gives back such a part.
                let last = super::vocab::split_words(name)
                    .last()
                    .cloned()
                    .unwrap_or_default();
                if !SETTINGS.contains(&last.as_str()) {
                    return None;
                }
                let (home, called) = self.model.callee(file, callee, function)?;
                let facts = self.model.facts(home);
                facts
                    .list(facts.functions[called.index()].returns)
                    .iter()
                    .find_map(|value| match facts.expr(*value).kind {
                        ExprKind::Name(_) | ExprKind::Member { .. } | ExprKind::Call { .. } => {
                            self.attribute_at(home, *value, Some(called), steps + 1)
                        }
                        ExprKind::Logic {
                            op: LogicOp::Coalesce | LogicOp::Or,
                            operands,
                        } => self.attribute_at(
                            home,
                            *facts.list(operands).first()?,
                            Some(called),
                            steps + 1,
                        ),
                        _ => None,
                    })
            }
            _ => None,
        }
    }

    /// What a tenant has bought, where the program sells it: `subscription`, `account.plan`, and `self` in their types.
    fn bought(
        &self,
        file: FileId,
        object: ExprId,
        function: Option<FunctionId>,
    ) -> Option<Identity> {
        if !self.sells {
            return None;
        }
        let facts = self.model.facts(file);
        let name = match last_name(facts, object) {
            "self" | "this" => {
                let mut inner = function?;
                loop {
                    if let Some(name) = self.model.type_of(file, inner) {
                        break name;
                    }
                    inner = facts.functions[inner.index()].parent?;
                }
            }
            name => name,
        };
        let words = super::vocab::split_words(name);
        let [before @ .., last] = &*words else {
            return None;
        };
        let is_user = before.iter().any(|word| {
            matches!(
                word.as_str(),
                "user" | "bank" | "service" | "email" | "test"
            )
        });
        (!is_user && BOUGHT.contains(&last.as_str())).then_some(Identity {
            axis: 0,
            strength: 70,
        })
    }

    /// `tenantUI`, `orgConfig`: what is set for a tenant, named for it.
    fn part_of_tenant(&self, name: &str) -> Option<Identity> {
        let words = super::vocab::split_words(name);
        let [subject, part] = &*words else {
            return None;
        };
        let strength = self.vocab.subject(subject);
        let holds = part == "ui" || SETTINGS.contains(&part.as_str());
        (holds && strength >= 70).then_some(Identity {
            axis: 0,
            strength: strength - strength / 10,
        })
    }

    /// `isTenantSwitcherEnabled` tells of a tool for tenants, not of one of them.
    fn is_about_subjects(&self, name: &str) -> bool {
        let words = super::vocab::split_words(name);
        let asks = words
            .first()
            .is_some_and(|word| matches!(word.as_str(), "is" | "has" | "can" | "should" | "show"));
        let shown = words.last().is_some_and(|last| {
            matches!(
                last.as_str(),
                "enabled" | "disabled" | "open" | "visible" | "shown" | "hidden" | "loading"
            )
        });
        asks && shown
            && words
                .iter()
                .skip(1)
                .any(|word| self.vocab.subject(word) >= 70)
    }

    /// A name that elsewhere was read of a tenant, passed on as a parameter or property.
    fn learned_attribute(&self, name: &str) -> Option<Attribute> {
        self.remembered.ask(name);
        let learned = self.learned_attributes.contains(name);
        learned.then(|| Attribute {
            path: vec![name.to_owned()],
            identity: Identity {
                axis: 0,
                strength: 75,
            },
            asked: None,
        })
    }
}

/// `isCustomerAccount` is an attribute, and no account.
fn is_question(name: &str) -> bool {
    super::vocab::split_words(name)
        .first()
        .is_some_and(|first| matches!(first.as_str(), "is" | "has"))
}

/// The object and the attribute of `getattr(object, "attribute", …)` and `object.get("attribute", …)`.
fn read_by_name(
    facts: &bespoke_facts::FileFacts,
    callee: ExprId,
    args: &[ExprId],
) -> Option<(ExprId, bespoke_facts::NameId)> {
    let (object, key) = match (facts.expr(callee).kind, args) {
        (ExprKind::Name(name), [object, key, ..]) if facts.name(name) == "getattr" => {
            (*object, *key)
        }
        (ExprKind::Member { object, name }, [key, ..]) if facts.name(name) == "get" => {
            (object, *key)
        }
        _ => return None,
    };
    match facts.expr(key).kind {
        ExprKind::Str(key) => Some((object, key)),
        _ => None,
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
