//! What a condition depends on, part by part.

use bespoke_facts::{
    Children, CompareOp, DefinitionKind, Expr, ExprId, ExprKind, FunctionId, RepoPath, Span,
};

use super::{
    Context,
    identity::{Attribute, Identity},
};
use crate::{
    Evidence, FileId,
    link::{Target, Text, Value, last_name},
};

/// How many predicates and boolean variables in a row are followed.
const MAX_STEPS: u32 = 4;

/// Methods by which a list or string is asked for a value.
const MEMBERSHIP: [&str; 12] = [
    "includes",
    "has",
    "contains",
    "indexOf",
    "startsWith",
    "endsWith",
    "starts_with",
    "ends_with",
    "match",
    "test",
    "equals",
    "eq",
];
/// Methods whose receiver is an entitlement store: `tenant.features.includes("x")`.
const STORES: [&str; 6] = [
    "includes",
    "has",
    "contains",
    "get",
    "hasFeature",
    "isEnabled",
];

/// A subject as it is written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    /// The value.
    pub(crate) name: String,
    /// The constant's own name.
    pub(crate) alias: Option<String>,
    /// A number: only an id.
    pub(crate) number: bool,
}

/// One thing that a condition depends on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Atom {
    /// Named subjects of an axis.
    Subjects {
        /// Which axis.
        axis: usize,
        /// Who.
        written: Vec<Written>,
        /// 0 to 100.
        confidence: u8,
        /// Why.
        evidence: Vec<Evidence>,
        /// The name by which the subject was identified (`namespace`), to be learned from sure cases.
        identified_by: Option<String>,
    },
    /// An attribute of the tenant.
    Attribute {
        /// `ui.theme`.
        path: String,
        /// 0 to 100.
        confidence: u8,
        /// Why.
        evidence: Vec<Evidence>,
        /// Whether it is a part of the tenant that is asked for by a key.
        asked: bool,
        /// The condition of the same file whose answer a variable holds, if it is read through one.
        held_by: Option<Span>,
    },
}

impl Atom {
    fn add(&mut self, step: Evidence, percent: u32) {
        let (Self::Subjects {
            confidence,
            evidence,
            ..
        }
        | Self::Attribute {
            confidence,
            evidence,
            ..
        }) = self;
        evidence.insert(0, step);
        *confidence = scaled(*confidence, percent);
    }
}

fn scaled(confidence: u8, percent: u32) -> u8 {
    u8::try_from(u32::from(confidence) * percent / 100).unwrap_or(100)
}

impl Context<'_> {
    /// What a condition in `function` depends on.
    pub(crate) fn atoms(
        &self,
        file: FileId,
        condition: ExprId,
        function: Option<FunctionId>,
    ) -> Vec<Atom> {
        let mut found = Vec::new();
        self.collect(file, condition, function, 0, &mut found);
        found
    }

    fn collect(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
        steps: u32,
        into: &mut Vec<Atom>,
    ) {
        let facts = self.model.facts(file);
        match facts.expr(id).kind {
            ExprKind::Not(inner) => self.collect(file, inner, function, steps, into),
            ExprKind::Logic { operands, .. } => {
                for operand in facts.list(operands) {
                    self.collect(file, *operand, function, steps, into);
                }
            }
            ExprKind::Choice {
                condition,
                then,
                otherwise,
            } => {
                for part in [Some(condition), Some(then), otherwise]
                    .into_iter()
                    .flatten()
                {
                    self.collect(file, part, function, steps, into);
                }
            }
            ExprKind::Compare { op, left, right } => {
                self.compare(file, (op, left, right), function, into);
            }
            ExprKind::Call { callee, args, .. } => {
                self.call(file, id, (callee, args), function, steps, into);
            }
            ExprKind::Name(_) | ExprKind::Member { .. }
                if !self.variable(file, id, function, steps, into)
                    && !self.getter(file, id, function, steps, into) =>
            {
                self.truthy(file, id, function, into);
            }
            _ => {}
        }
    }

    fn compare(
        &self,
        file: FileId,
        (op, left, right): (CompareOp, ExprId, ExprId),
        function: Option<FunctionId>,
        into: &mut Vec<Atom>,
    ) {
        match op {
            CompareOp::Order | CompareOp::InstanceOf => {}
            // A list is compared as a whole; only in a pattern does it stand for any of its members.
            CompareOp::Equal | CompareOp::NotEqual
                if [left, right].iter().any(|side| {
                    matches!(self.model.facts(file).expr(*side).kind, ExprKind::List(_))
                }) => {}
            CompareOp::Equal | CompareOp::NotEqual | CompareOp::Matches => {
                let found = self
                    .against(file, left, right, function, false)
                    .or_else(|| self.against(file, right, left, function, false));
                match found {
                    Some(atom) => into.push(atom),
                    None => self.attribute_compared(file, left, right, function, into),
                }
            }
            CompareOp::In | CompareOp::NotIn => {
                into.extend(self.against(file, left, right, function, true));
            }
        }
    }

    /// `subject == values` or `subject in values`.
    pub(crate) fn against(
        &self,
        file: FileId,
        subject: ExprId,
        values: ExprId,
        function: Option<FunctionId>,
        membership: bool,
    ) -> Option<Atom> {
        let texts = self.texts(file, values, function, membership)?;
        let identity = self.identity(file, subject, function);
        self.singled_out(file, subject, identity, &texts, &self.place(file, values))
    }

    /// The constants that an expression may be; patterns too.
    fn texts(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
        membership: bool,
    ) -> Option<Vec<Text>> {
        let facts = self.model.facts(file);
        if let ExprKind::Call { callee, args, .. } = facts.expr(id).kind
            && let value @ Some(_) = self.pattern(file, callee, facts.list(args), function)
        {
            return value;
        }
        if let ExprKind::List(items) = facts.expr(id).kind {
            let texts: Vec<Text> = facts
                .list(items)
                .iter()
                .filter_map(|item| self.texts(file, *item, function, false))
                .flatten()
                .collect();
            return (!texts.is_empty()).then_some(texts);
        }
        match self.model.value(file, id, function)? {
            Value::Text(text) => Some(vec![text]),
            Value::List(texts) => Some(texts),
            Value::Table(keys) => membership.then_some(keys),
        }
    }

    /// `Partner::Acme(_)`, `Some(Partner::Acme)`.
    fn pattern(
        &self,
        file: FileId,
        callee: ExprId,
        args: &[ExprId],
        function: Option<FunctionId>,
    ) -> Option<Vec<Text>> {
        let facts = self.model.facts(file);
        if matches!(last_name(facts, callee), "Some" | "Ok" | "Err") {
            let texts: Vec<Text> = args
                .iter()
                .filter_map(|arg| self.texts(file, *arg, function, false))
                .flatten()
                .collect();
            return (!texts.is_empty()).then_some(texts);
        }
        match facts.expr(callee).kind {
            ExprKind::Member { .. } => match self.model.value(file, callee, function)? {
                Value::Text(text) if text.constant.is_some() => Some(vec![text]),
                _ => None,
            },
            _ => None,
        }
    }

    fn singled_out(
        &self,
        file: FileId,
        subject: ExprId,
        identity: Option<Identity>,
        texts: &[Text],
        at: &(RepoPath, u32),
    ) -> Option<Atom> {
        let facts = self.model.facts(file);
        let by = last_name(facts, subject);
        let mut written = Vec::new();
        let mut evidence = Vec::new();
        let (mut axis, mut confidence) = (0, 0);
        for text in texts {
            let Some((its_axis, its_confidence, rule)) = self.one(identity, by, text) else {
                continue;
            };
            if written.is_empty() {
                axis = its_axis;
            } else if its_axis != axis {
                continue;
            }
            confidence = confidence.max(its_confidence);
            let alias = text.constant.as_ref().map(|constant| constant.name.clone());
            if evidence.len() < 8 {
                evidence.extend(steps_of(rule, by, text, at));
            }
            written.push(Written {
                name: text.text.clone(),
                alias,
                number: text.number,
            });
        }
        // Several customers in one list speak for each other.
        if written.len() >= 3 && (50..90).contains(&confidence) {
            confidence = (confidence + 10).min(90);
        }
        let identified_by = (!by.is_empty()).then(|| by.to_owned());
        (!written.is_empty()).then_some(Atom::Subjects {
            axis,
            written,
            confidence,
            evidence,
            identified_by,
        })
    }

    /// Whether one compared value is a subject: axis, confidence, rule.
    fn one(
        &self,
        identity: Option<Identity>,
        by: &str,
        text: &Text,
    ) -> Option<(usize, u8, &'static str)> {
        if let Some(constant) = &text.constant {
            let best = self
                .axes
                .iter()
                .enumerate()
                .map(|(axis, it)| (axis, it.enumeration(&self.vocab, &constant.holder)))
                .filter(|(_, strength)| *strength > 0)
                .max_by_key(|(axis, strength)| (*strength, *axis));
            if let Some((axis, strength)) = best {
                if self.is_noise(&text.text) && self.known(axis, &text.text).is_none() {
                    return None;
                }
                let sure = if identity.is_some() { 95 } else { 85 };
                return Some((
                    axis,
                    scaled(sure, 70 + u32::from(strength) * 3 / 10),
                    "member-of-subject-list",
                ));
            }
        }
        if let Some(found) = self.named_member(text) {
            return Some(found);
        }
        let known = identity.map_or(0, |it| it.axis);
        if let Some(told) = self.known(known, &text.text) {
            if identity.is_some() {
                return Some((known, told.max(60), "equality-with-known-subject"));
            }
            // A known name compared with something that nothing identifies: likely only if the name is no common word.
            if told >= 70 && self.is_distinctive(&text.text) && !self.vocab.is_nonidentity_attr(by)
            {
                return Some((known, told.min(70), "known-name-compared"));
            }
            return None;
        }
        let identity = identity?;
        if self.is_noise(&text.text)
            || self.refused(&text.text)
            || self.vocab.subject(&text.text) >= 50
        {
            return None;
        }
        if text.number {
            let id = text.text.len() > 1;
            return id.then_some((identity.axis, 35, "equality-with-number"));
        }
        if !looks_like_name(&text.text) {
            return None;
        }
        let base = 37 + identity.strength / 4;
        let rule = if text.constant.is_some() {
            "equality-with-constant"
        } else {
            "equality-with-literal"
        };
        Some((identity.axis, base, rule))
    }

    /// A member of some other enum that is named for a surely known subject: `AuthType::Globex`. In the dimensions that
    /// a user has switched on every such name counts, for customers only one that is no common word.
    fn named_member(&self, text: &Text) -> Option<(usize, u8, &'static str)> {
        let constant = text
            .constant
            .as_ref()
            .filter(|constant| !constant.holder.is_empty())?;
        (0..self.axes.len()).find_map(|axis| {
            let sure = self
                .known(axis, &constant.name)
                .filter(|sure| *sure >= 80)?;
            let clear = axis > 0 || self.is_distinctive(&constant.name);
            (clear && !self.is_noise(&constant.name)).then_some((
                axis,
                sure.min(75),
                "member-named-for-subject",
            ))
        })
    }

    fn attribute_compared(
        &self,
        file: FileId,
        left: ExprId,
        right: ExprId,
        function: Option<FunctionId>,
        into: &mut Vec<Atom>,
    ) {
        for (subject, value) in [(left, right), (right, left)] {
            let facts = self.model.facts(file);
            let Some(found) = self.attribute(file, subject, function) else {
                continue;
            };
            let constant = match facts.expr(value).kind {
                ExprKind::Str(text) => !is_empty(facts.name(text)),
                ExprKind::Bool(_) => true,
                ExprKind::Null | ExprKind::Number(_) => return,
                ExprKind::Name(_) | ExprKind::Member { .. } => {
                    matches!(self.model.value(file, value, function), Some(Value::Text(text)) if !text.number && !is_empty(&text.text))
                        || names_a_constant(facts, value)
                }
                ExprKind::List(_) | ExprKind::Call { .. } => {
                    self.model.value(file, value, function).is_some()
                        || self.pattern(file, value, &[], function).is_some()
                }
                _ => false,
            };
            if constant {
                let last = found.path.last().map_or("", String::as_str);
                let plain =
                    if matches!(last, "status" | "state" | "length" | "size") || is_state(last) {
                        45
                    } else {
                        80
                    };
                into.push(self.attribute_atom(file, subject, &found, plain));
            }
            return;
        }
    }

    /// An attribute of the tenant as a condition by itself.
    fn truthy(&self, file: FileId, id: ExprId, function: Option<FunctionId>, into: &mut Vec<Atom>) {
        let Some(found) = self.attribute(file, id, function) else {
            return;
        };
        let last = found.path.last().map_or("", String::as_str);
        if matches!(last, "length" | "size") {
            return;
        }
        let held = found
            .path
            .iter()
            .rev()
            .skip(1)
            .any(|part| is_switchboard(part));
        // What is asked for by a key is there or not: only what is named as a switch is one.
        let is_setting = !found.is_asked() && self.vocab.is_nonidentity_attr(last);
        let plain = if held || (is_switch(last) || is_setting) && !is_state(last) {
            80
        } else {
            45
        };
        into.push(self.attribute_atom(file, id, &found, plain));
    }

    fn attribute_atom(&self, file: FileId, id: ExprId, found: &Attribute, plain: u8) -> Atom {
        let path = found.path.join(".");
        let evidence = vec![Evidence {
            rule: "tenant-attribute",
            text: format!("the condition reads `{path}` of the tenant"),
            at: Some(self.place(file, id)),
        }];
        Atom::Attribute {
            path,
            confidence: scaled(plain, u32::from(found.identity.strength)),
            evidence,
            asked: found.is_asked(),
            held_by: None,
        }
    }

    fn call(
        &self,
        file: FileId,
        id: ExprId,
        (callee, args): (ExprId, Children),
        function: Option<FunctionId>,
        steps: u32,
        into: &mut Vec<Atom>,
    ) {
        let facts = self.model.facts(file);
        let args = facts.list(args);
        let name = last_name(facts, callee);
        if let ExprKind::Member { object, .. } = facts.expr(callee).kind
            && MEMBERSHIP.contains(&name)
            && let Some(arg) = args.first()
        {
            // `["acme"].includes(tenant.slug)` and `tenant.slug.startsWith("acme")`.
            let found = self
                .against(file, *arg, object, function, true)
                .or_else(|| self.against(file, object, *arg, function, false));
            if let Some(mut atom) = found {
                atom.add(
                    Evidence {
                        rule: "membership",
                        text: format!("asked through `{name}`"),
                        at: Some(self.place(file, id)),
                    },
                    100,
                );
                into.push(atom);
                return;
            }
            if STORES.contains(&name)
                && let Some(mut found) = self.attribute(file, object, function)
                && let Some(Value::Text(text)) = self.model.value(file, *arg, function)
            {
                found.path.push(text.text);
                into.push(self.attribute_atom(file, object, &found, 80));
                return;
            }
        }
        if matches!(name, "Boolean" | "bool") && args.len() == 1 {
            self.collect(file, args[0], function, steps, into);
            return;
        }
        if steps < MAX_STEPS {
            self.predicate(file, id, callee, function, steps, into);
        }
    }

    /// A member that is a method by itself: `org.isAcme` where that is a getter or property, or a page's own
    /// `isAcme`.
    fn getter(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
        steps: u32,
        into: &mut Vec<Atom>,
    ) -> bool {
        if steps >= MAX_STEPS {
            return false;
        }
        let Some((home, called)) = self.model.callee(file, id, function) else {
            return false;
        };
        let facts = self.model.facts(home);
        let is_method = matches!(self.model.definition_of(home, called),
            Some(Target::Definition(_, own)) if facts.definitions[own.index()].kind == DefinitionKind::Method);
        if !is_method || facts.list(facts.functions[called.index()].params).len() > 1 {
            return false;
        }
        let before = into.len();
        self.answer(file, id, (home, called), steps, into);
        into.len() > before
    }

    /// A call to a function that answers from a condition of its own: `isAcme(org)`.
    fn predicate(
        &self,
        file: FileId,
        id: ExprId,
        callee: ExprId,
        function: Option<FunctionId>,
        steps: u32,
        into: &mut Vec<Atom>,
    ) {
        if let Some(called) = self.model.callee(file, callee, function) {
            self.answer(file, id, called, steps, into);
        }
    }

    /// What the conditions that a function answers from depend on.
    fn answer(
        &self,
        file: FileId,
        id: ExprId,
        (home, called): (FileId, FunctionId),
        steps: u32,
        into: &mut Vec<Atom>,
    ) {
        let facts = self.model.facts(home);
        let inner = facts.functions[called.index()];
        for value in facts.list(inner.returns) {
            if !is_answer(facts, *value) {
                continue;
            }
            let before = into.len();
            let mut inside = Vec::new();
            self.collect(home, *value, Some(called), steps + 1, &mut inside);
            // What asks for a switch by its key is a helper of that flag, which the function answers for.
            inside.retain(|atom| !matches!(atom, Atom::Attribute { asked: true, .. }));
            into.append(&mut inside);
            let step = Evidence {
                rule: "predicate",
                text: format!(
                    "`{}` answers from a condition of its own",
                    facts.name(inner.name)
                ),
                at: Some(self.place(file, id)),
            };
            for atom in into.iter_mut().skip(before) {
                atom.add(step.clone(), 97);
            }
        }
    }

    /// A name that holds the answer to a condition: `const isAcme = org.slug === "acme"`.
    fn variable(
        &self,
        file: FileId,
        id: ExprId,
        function: Option<FunctionId>,
        steps: u32,
        into: &mut Vec<Atom>,
    ) -> bool {
        if steps >= MAX_STEPS {
            return false;
        }
        let Some(Target::Binding(home, at)) = self.model.target(file, id, function) else {
            return false;
        };
        let binding = self.model.binding(home, at);
        let Some(value) = binding.value else {
            return false;
        };
        let facts = self.model.facts(home);
        if !is_test(facts.expr(value)) {
            return false;
        }
        let before = into.len();
        self.collect(home, value, binding.function, steps + 1, into);
        let step = Evidence {
            rule: "boolean-variable",
            text: format!(
                "`{}` holds the answer to a condition",
                facts.name(binding.name)
            ),
            at: Some((self.path(home), facts.lines.line(binding.span.start))),
        };
        let held = facts.expr(value);
        let is_condition = home == file
            && matches!(
                held.kind,
                ExprKind::Compare { .. }
                    | ExprKind::Logic { .. }
                    | ExprKind::Not(_)
                    | ExprKind::Call { .. }
            );
        for atom in into.iter_mut().skip(before) {
            atom.add(step.clone(), 97);
            if let Atom::Attribute { held_by, .. } = atom
                && is_condition
            {
                *held_by = Some(held.span);
            }
        }
        into.len() > before
    }
}

/// Whether an expression's form says that it is true or false.
fn is_test(expr: Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Compare { .. }
            | ExprKind::Logic { .. }
            | ExprKind::Not(_)
            | ExprKind::Call { .. }
            | ExprKind::Choice { .. }
            | ExprKind::Name(_)
    )
}

/// Whether a function that gives this back answers yes or no: of a choice, one outcome must be such an answer.
fn is_answer(facts: &bespoke_facts::FileFacts, id: ExprId) -> bool {
    let expr = facts.expr(id);
    let ExprKind::Choice {
        then, otherwise, ..
    } = expr.kind
    else {
        return is_test(expr);
    };
    [Some(then), otherwise].into_iter().flatten().any(|id| {
        matches!(
            facts.expr(id).kind,
            ExprKind::Bool(_)
                | ExprKind::Compare { .. }
                | ExprKind::Logic { .. }
                | ExprKind::Not(_)
        )
    })
}

/// `PlanType.ENTERPRISE`, `BILLING_MODEL.PREPAID`: a constant by its form, wherever it is defined.
fn names_a_constant(facts: &bespoke_facts::FileFacts, id: ExprId) -> bool {
    match facts.expr(id).kind {
        ExprKind::Name(name) => is_upper(facts.name(name)),
        ExprKind::Member { object, name } => {
            let holder = last_name(facts, object);
            is_upper(facts.name(name)) || holder.starts_with(|char: char| char.is_ascii_uppercase())
        }
        _ => false,
    }
}

fn is_upper(name: &str) -> bool {
    name.len() > 1
        && name
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Texts that stand for no value: the empty one, and zero as an address or id.
fn is_empty(text: &str) -> bool {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    digits.bytes().all(|byte| byte == b'0' || byte == b'-')
}

/// Whether an attribute holds switches: `tenant.settings.legacyBilling`.
fn is_switchboard(name: &str) -> bool {
    let last = super::vocab::split_words(name)
        .last()
        .cloned()
        .unwrap_or_default();
    matches!(
        last.as_str(),
        "settings" | "features" | "entitlements" | "capabilities"
    )
}

/// Whether an attribute tells in what state of its life something is, not how it is set: `isActive`, `is_renewed`.
fn is_state(name: &str) -> bool {
    const STATES: [&str; 22] = [
        "active",
        "inactive",
        "deleted",
        "archived",
        "renewed",
        "expired",
        "cancelled",
        "canceled",
        "snapshot",
        "new",
        "valid",
        "invalid",
        "verified",
        "loaded",
        "loading",
        "empty",
        "ready",
        "current",
        "selected",
        "editable",
        "started",
        "finished",
    ];
    let words = super::vocab::split_words(name);
    words
        .last()
        .is_some_and(|last| STATES.contains(&last.as_str()))
}

/// Whether an attribute's name is that of a switch: `hideBranding`, `isTrial`, `billingEnabled`.
fn is_switch(name: &str) -> bool {
    const FIRST: [&str; 18] = [
        "is", "has", "hide", "show", "allow", "allows", "enable", "disable", "use", "uses",
        "support", "supports", "should", "can", "require", "requires", "skip", "force",
    ];
    const LAST: [&str; 9] = [
        "enabled", "disabled", "allowed", "required", "active", "only", "plan", "tier", "edition",
    ];
    let words = super::vocab::split_words(name);
    let first = words
        .first()
        .is_some_and(|word| FIRST.contains(&word.as_str()))
        && words.len() > 1;
    first
        || words
            .last()
            .is_some_and(|word| LAST.contains(&word.as_str()))
}

/// Whether a literal could be a customer's slug, name, host or id.
fn looks_like_name(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let plain = text
        .chars()
        .all(|char| char.is_alphanumeric() || " -_.&'@:+".contains(char));
    (2..=60).contains(&text.len())
        && words <= 5
        && plain
        && text.chars().any(char::is_alphanumeric)
        && !text.starts_with(['.', ':', '-'])
}

fn steps_of(rule: &'static str, by: &str, text: &Text, at: &(RepoPath, u32)) -> Vec<Evidence> {
    let by = if by.is_empty() { "a value" } else { by };
    let mut steps = vec![Evidence {
        rule,
        text: format!("`{by}` is compared with \"{}\"", text.text),
        at: Some(at.clone()),
    }];
    if let Some(constant) = &text.constant {
        let dot = if constant.holder.is_empty() { "" } else { "." };
        steps.push(Evidence {
            rule: "constant",
            text: format!(
                "`{}{dot}{}` is \"{}\"",
                constant.holder, constant.name, text.text
            ),
            at: Some((constant.path.clone(), constant.line)),
        });
    }
    steps
}
