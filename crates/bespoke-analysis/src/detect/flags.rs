//! Evaluations of flags in one file, as the SDK table describes them.
//!
//! Also what needs no table: switches of the environment, Cargo features, and reads of a store that is named for flags.

pub(super) mod environment;
mod index;
mod keys;

use bespoke_facts::{CallForm, ExprId, ExprKind, FileFacts, FunctionId, Imported, NameId};
use rustc_hash::{FxHashMap, FxHashSet};

use self::index::Row;
pub(crate) use self::index::SdkIndex;
use super::{
    sdks::{Form, Gate, fits, speaks},
    vocab::{Vocab, split_words},
};
use crate::{SourceFile, link::last_name};

/// An evaluation.
#[derive(Debug)]
pub(crate) struct FlagHit {
    /// The call, or what else evaluates.
    pub(crate) expr: ExprId,
    /// Which flag.
    pub(crate) key: FlagKey,
    /// Whose SDK.
    pub(crate) sdk: String,
    /// Stable id of the rule.
    pub(crate) rule: &'static str,
    /// 0 to 100.
    pub(crate) confidence: u8,
    /// The reason in words.
    pub(crate) why: String,
}

/// A flag's key.
#[derive(Clone, Debug)]
pub(crate) enum FlagKey {
    /// An expression whose value is the key.
    Expr(ExprId),
    /// The key itself.
    Text(String),
    /// Not to be known from here.
    Dynamic,
}

/// By what a call is known for one of a row, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Proof {
    /// The receiver's name, where no import would prove it.
    AnyReceiver,
    Name,
    /// The receiver's name, of an SDK that files import.
    Receiver,
    /// An import, through what the call gave.
    Result,
    Import,
}

/// Objects whose properties are flags, wherever they come from.
const OBJECTS: [&str; 8] = [
    "featureflags",
    "featureflag",
    "featuretoggles",
    "flagvalues",
    "enabledfeatures",
    "activefeatures",
    "toggles",
    "killswitches",
];
/// Objects that hold a `flags` or `features` object.
const HOLDERS: [&str; 6] = [
    "config",
    "uiconfig",
    "settings",
    "appconfig",
    "clientconfig",
    "bootstrap",
];
/// Properties that say something of the store, not of a flag.
const PLAIN: [&str; 25] = [
    "active",
    "enabled",
    "isActive",
    "isEnabled",
    "description",
    "length",
    "size",
    "data",
    "value",
    "current",
    "loading",
    "error",
    "isLoading",
    "status",
    "items",
    "keys",
    "values",
    "entries",
    "map",
    "filter",
    "default",
    "defaults",
    "all",
    "name",
    "ready",
];
/// Functions of a module of flags that ask for none: `feature_flags::init()`.
const HOUSEKEEPING: [&str; 16] = [
    "new", "init", "default", "load", "reload", "refresh", "get", "set", "all", "list", "start",
    "stop", "reset", "register", "from_env", "parse",
];

/// Every evaluation in a file, once each.
pub(crate) fn evaluations(file: &SourceFile, index: &SdkIndex) -> Vec<FlagHit> {
    let mut scan = Scan {
        file,
        facts: &file.facts,
        index,
        hits: Vec::new(),
        callees: Marks::new(&file.facts),
        results: FxHashMap::default(),
        declared: Vec::new(),
        compared: FxHashSet::default(),
        members: Vec::new(),
        objects: Marks::new(&file.facts),
        modules: FxHashSet::default(),
        known: FxHashMap::default(),
    };
    scan.calls();
    scan.declared_calls();
    scan.reads();
    environment::cargo_features(scan.facts, &mut scan.hits);
    scan.hits
}

/// What a name says of an object that is called so.
#[derive(Clone, Copy, Debug, Default)]
struct About<'a> {
    /// Its properties are flags.
    is_store: bool,
    /// They are if its holder is one of [`HOLDERS`].
    may_be_held: bool,
    is_holder: bool,
    /// Rows for any property of it.
    properties: &'a [usize],
    /// Rows for any function of it.
    calls: &'a [usize],
}

/// Some of a file's expressions.
struct Marks(Vec<bool>);

impl Marks {
    fn new(facts: &FileFacts) -> Self {
        Self(vec![false; facts.exprs.len()])
    }

    fn insert(&mut self, id: ExprId) {
        self.0[id.index()] = true;
    }

    fn contains(&self, id: ExprId) -> bool {
        self.0[id.index()]
    }
}

struct Scan<'a> {
    file: &'a SourceFile,
    facts: &'a FileFacts,
    index: &'a SdkIndex,
    hits: Vec<FlagHit>,
    /// Expressions that are called, so that they are no reads.
    callees: Marks,
    /// Expressions whose properties are flags, with the row that says so and the property in between.
    results: FxHashMap<ExprId, (usize, Option<&'a str>)>,
    /// Calls that declare a flag, with its row and keys.
    declared: Vec<(ExprId, usize, FlagKey)>,
    /// What is compared with a text that says yes or no.
    compared: FxHashSet<ExprId>,
    members: Vec<(ExprId, ExprId, NameId)>,
    /// Expressions of which something is read.
    objects: Marks,
    /// Names that are imported modules: what is read of them is defined there, and is no answer.
    modules: FxHashSet<NameId>,
    known: FxHashMap<NameId, About<'a>>,
}

impl<'a> Scan<'a> {
    fn calls(&mut self) {
        let facts = self.facts;
        for (id, expr) in facts.all_exprs() {
            match expr.kind {
                ExprKind::Member { object, name } => self.members.push((id, object, name)),
                ExprKind::Compare { left, right, .. } => {
                    for (side, other) in [(left, right), (right, left)] {
                        if let ExprKind::Str(text) = facts.expr(other).kind
                            && environment::is_answer(facts.name(text))
                        {
                            self.compared.insert(converted(facts, side));
                        }
                    }
                }
                ExprKind::Call { callee, args, form } => {
                    self.callees.insert(callee);
                    self.call(id, callee, facts.list(args), form);
                }
                _ => {}
            }
        }
    }

    fn call(&mut self, id: ExprId, callee: ExprId, args: &'a [ExprId], form: CallForm) {
        let (facts, index) = (self.facts, self.index);
        let name = last_name(facts, callee);
        if form == CallForm::Macro && name == "cfg" {
            for arg in args {
                environment::features(facts, *arg, &mut self.hits, 0);
            }
            return;
        }
        if form != CallForm::Jsx && environment::may_call(name) {
            let hit = environment::call(facts, id, callee, args, form);
            self.hits.extend(hit);
        }
        let named = index.calls.get(name).map_or(&[][..], Vec::as_slice);
        let any = match facts.expr(callee).kind {
            ExprKind::Member { object, .. } if !index.any_call.is_empty() => {
                self.about(object).calls
            }
            _ => &[],
        };
        for at in named.iter().chain(any) {
            let row = &index.rows[*at];
            let Some(proof) = self.proof(row, callee, form) else {
                continue;
            };
            if is_lookalike(self, name, proof) || any.contains(at) && HOUSEKEEPING.contains(&name) {
                continue;
            }
            if let Some(through) = row.result() {
                self.results.insert(id, (*at, through));
                return;
            }
            let keys = keys::keys(facts, &row.call, callee, args);
            if keys.is_empty() {
                continue;
            }
            if row.call.form == Form::Declaration {
                self.declared
                    .extend(keys.into_iter().map(|(_, key)| (id, *at, key)));
                return;
            }
            for (own, key) in keys {
                self.hits
                    .push(hit(own.unwrap_or(id), key, row, proof, name));
            }
            return;
        }
    }

    /// Calls of what holds a declared flag: `const showNew = flag({ key: "new" })`, `if (await showNew())`.
    fn declared_calls(&mut self) {
        if self.declared.is_empty() {
            return;
        }
        let facts = self.facts;
        let mut by_name: FxHashMap<NameId, Vec<(usize, FlagKey)>> = FxHashMap::default();
        for binding in &facts.bindings {
            for (call, row, key) in &self.declared {
                if binding.value == Some(*call) {
                    let flags = by_name.entry(binding.name).or_default();
                    flags.push((*row, key.clone()));
                }
            }
        }
        for (id, expr) in facts.all_exprs() {
            let ExprKind::Call { callee, .. } = expr.kind else {
                continue;
            };
            let ExprKind::Name(name) = facts.expr(callee).kind else {
                continue;
            };
            for (row, key) in by_name.get(&name).into_iter().flatten() {
                let row = &self.index.rows[*row];
                self.hits
                    .push(hit(id, key.clone(), row, Proof::Import, facts.name(name)));
            }
        }
    }

    /// Properties that are read: of a result, of the environment, of a store.
    fn reads(&mut self) {
        let facts = self.facts;
        let named = self.named();
        let members = std::mem::take(&mut self.members);
        for (_, object, _) in &members {
            self.objects.insert(*object);
        }
        let imports = self.facts.imports.iter().filter(|import| {
            self.file.language == "python" || import.imported == Imported::Namespace
        });
        self.modules = imports.filter_map(|import| import.local).collect();
        for (id, object, name) in members {
            let text = facts.name(name);
            if let Some((row, through)) = self.result(object, &named) {
                if through == Some(text) {
                    self.results.insert(id, (row, None));
                } else if through.is_none() && !self.callees.contains(id) {
                    let row = &self.index.rows[row];
                    let key = FlagKey::Text(text.to_owned());
                    self.hits.push(hit(id, key, row, Proof::Result, text));
                }
                continue;
            }
            if self.callees.contains(id) {
                continue;
            }
            let compared = self.compared.contains(&id);
            let hit = environment::member(facts, id, object, text, compared)
                .or_else(|| environment::setting(facts, id, object, text, self.file.language));
            if let Some(hit) = hit {
                self.hits.push(hit);
                continue;
            }
            if let Some(hit) = self.property(id, object, text) {
                self.hits.push(hit);
                continue;
            }
            let is_module = self.is_module(object);
            let is_store =
                !is_module && (self.is_store(object) || self.is_held_store(object, &named));
            let goes_on = self.objects.contains(id);
            if is_store
                && !PLAIN.contains(&text)
                && !goes_on
                && !environment::is_assigned(facts, id)
            {
                self.hits.push(FlagHit {
                    expr: id,
                    key: FlagKey::Text(text.to_owned()),
                    sdk: "a store of flags".to_owned(),
                    rule: "flag-object",
                    confidence: 70,
                    why: format!("`{text}` is read from an object that is named for flags"),
                });
            }
        }
    }

    /// A property that a row names.
    fn property(&mut self, id: ExprId, object: ExprId, name: &str) -> Option<FlagHit> {
        let index = self.index;
        if index.properties.is_empty() && index.any_property.is_empty() {
            return None;
        }
        let any = self.about(object).properties;
        let named = index.properties.get(name).map_or(&[][..], Vec::as_slice);
        let any = if PLAIN.contains(&name) { &[] } else { any };
        let (at, proof) = named.iter().chain(any).find_map(|at| {
            let row = &index.rows[*at];
            if !speaks(&row.call.languages, self.file.language) {
                return None;
            }
            Some((at, self.gate(row, Some(object))?))
        })?;
        if is_lookalike(self, name, proof) || environment::is_assigned(self.facts, id) {
            return None;
        }
        let row = &index.rows[*at];
        let (_, key) = keys::keys(self.facts, &row.call, id, &[])
            .into_iter()
            .next()?;
        Some(hit(id, key, row, proof, name))
    }

    /// The row of what an expression gives, if flags are read of it.
    fn result(&self, object: ExprId, named: &Named<'a>) -> Option<(usize, Option<&'a str>)> {
        if let Some(result) = self.results.get(&object) {
            return Some(*result);
        }
        let ExprKind::Name(name) = self.facts.expr(object).kind else {
            return None;
        };
        named
            .results
            .get(&name)?
            .iter()
            .find_map(|(scope, result)| {
                let inside = scope.is_none_or(|scope| {
                    let scope = self.facts.functions[scope.index()].span;
                    scope.contains(self.facts.expr(object).span)
                });
                inside.then_some(*result)
            })
    }

    /// Names that hold what a call gave (`const flags = useFlags()`), and those that hold a store.
    fn named(&mut self) -> Named<'a> {
        let mut named = Named::default();
        for binding in &self.facts.bindings {
            let Some(value) = binding.value else { continue };
            if let Some(result) = self.results.get(&value) {
                let known = named.results.entry(binding.name).or_default();
                known.push((binding.function, *result));
                continue;
            }
            let ExprKind::Member { object, name } = self.facts.expr(value).kind else {
                continue;
            };
            match self.results.get(&object).copied() {
                // `const { flags } = useFlags()`, where the flags are its property `flags`.
                Some((row, Some(through))) if through == self.facts.name(name) => {
                    let known = named.results.entry(binding.name).or_default();
                    known.push((binding.function, (row, None)));
                }
                Some(_) => {}
                None if self.is_store(value) => {
                    named.stores.insert(binding.name);
                }
                None => {}
            }
        }
        named
    }

    /// Whether an expression is the name of an imported module.
    fn is_module(&self, object: ExprId) -> bool {
        match self.facts.expr(object).kind {
            ExprKind::Name(name) => self.modules.contains(&name),
            _ => false,
        }
    }

    /// `featureFlags`, `uiConfig.flags`.
    fn is_store(&mut self, object: ExprId) -> bool {
        let about = self.about(object);
        if about.is_store {
            return true;
        }
        match self.facts.expr(object).kind {
            ExprKind::Member { object: holder, .. } if about.may_be_held => {
                self.about(holder).is_holder
            }
            _ => false,
        }
    }

    /// `flags` after `const { flags } = uiConfig`.
    fn is_held_store(&self, object: ExprId, named: &Named<'_>) -> bool {
        match self.facts.expr(object).kind {
            ExprKind::Name(name) => named.stores.contains(&name),
            _ => false,
        }
    }

    fn about(&mut self, object: ExprId) -> About<'a> {
        let (ExprKind::Name(name) | ExprKind::Member { name, .. }) = self.facts.expr(object).kind
        else {
            return About::default();
        };
        if let Some(known) = self.known.get(&name) {
            return *known;
        }
        let index = self.index;
        let text = self.facts.name(name);
        // `FeatureFlag` is a type or an enum of keys.
        let is_type = text.starts_with(|first: char| first.is_ascii_uppercase())
            && text.bytes().any(|byte| byte.is_ascii_lowercase());
        let folded = Vocab::fold(text);
        let rows =
            |by: &'a FxHashMap<String, Vec<usize>>| by.get(&folded).map_or(&[][..], Vec::as_slice);
        let about = About {
            is_store: !is_type && OBJECTS.contains(&folded.as_str()),
            may_be_held: matches!(folded.as_str(), "flags" | "features"),
            is_holder: HOLDERS.contains(&folded.as_str()),
            properties: rows(&index.any_property),
            calls: rows(&index.any_call),
        };
        self.known.insert(name, about);
        about
    }

    /// Whether a call is one of a row, and by what.
    fn proof(&self, row: &Row, callee: ExprId, form: CallForm) -> Option<Proof> {
        if !speaks(&row.call.languages, self.file.language) {
            return None;
        }
        let object = match self.facts.expr(callee).kind {
            ExprKind::Member { object, .. } => Some(object),
            _ => None,
        };
        let fits = match row.call.form {
            Form::Component => form == CallForm::Jsx,
            Form::Macro => form == CallForm::Macro,
            Form::Constructor => form == CallForm::New,
            Form::Method => form == CallForm::Call && object.is_some(),
            Form::Function | Form::Decorator | Form::Hoc | Form::Declaration => {
                form == CallForm::Call
            }
            Form::Hook | Form::HookResult | Form::Template => {
                form == CallForm::Call && object.is_none()
            }
            Form::Property | Form::Generic => false,
        };
        if fits { self.gate(row, object) } else { None }
    }

    /// The strongest of a row's gates that holds.
    fn gate(&self, row: &Row, object: Option<ExprId>) -> Option<Proof> {
        let call = &row.call;
        let gates = call.gates();
        let holds = |gate: &Gate| match gate {
            Gate::Import => imports(self.facts, &call.imports).then_some(Proof::Import),
            Gate::Receiver => object
                .is_some_and(|object| receiver(self.facts, object, &call.receivers))
                .then_some(if gates.contains(&Gate::Import) {
                    Proof::Receiver
                } else {
                    Proof::AnyReceiver
                }),
            Gate::Name => Some(Proof::Name),
        };
        gates.iter().filter_map(holds).max()
    }
}

/// What names of a file hold.
#[derive(Default)]
struct Named<'a> {
    /// A result, in which function.
    results: FxHashMap<NameId, Vec<Scoped<'a>>>,
    stores: FxHashSet<NameId>,
}

type Scoped<'a> = (Option<FunctionId>, (usize, Option<&'a str>));

fn hit(expr: ExprId, key: FlagKey, row: &Row, proof: Proof, name: &str) -> FlagHit {
    let (confidence, how) = match proof {
        Proof::Import => (95, "by the import"),
        Proof::Result => (90, "through what the SDK gave"),
        Proof::Receiver => (85, "by the receiver's name"),
        Proof::Name => (80, "by the name of the call"),
        Proof::AnyReceiver => (75, "by the receiver's name"),
    };
    FlagHit {
        expr,
        key,
        why: format!("`{name}` evaluates a flag ({}), {how}", row.sdk),
        sdk: row.sdk.clone(),
        rule: "flag-evaluation",
        confidence,
    }
}

fn is_lookalike(scan: &Scan<'_>, name: &str, proof: Proof) -> bool {
    let Some(known) = scan.index.lookalikes.get(name) else {
        return false;
    };
    proof < Proof::Result
        && known.iter().any(|it| {
            speaks(&it.languages, scan.file.language)
                && if it.imports.is_empty() {
                    proof == Proof::Name
                } else {
                    imports(scan.facts, &it.imports)
                }
        })
}

/// Whether a file imports one of the modules, or a part of one.
fn imports(facts: &FileFacts, wanted: &[String]) -> bool {
    facts.imports.iter().any(|import| {
        let source = facts.name(import.source);
        wanted.iter().any(|wanted| {
            fits(wanted, source)
                || source
                    .strip_prefix(wanted.as_str())
                    .is_some_and(|rest| rest.starts_with(['/', ':', '.', '\\']))
        })
    })
}

/// Whether the receiver's name speaks of flags: `this.featureFlags.isEnabled(…)`, `ldClient.variation(…)`.
fn receiver(facts: &FileFacts, object: ExprId, wanted: &[String]) -> bool {
    let name = match facts.expr(object).kind {
        ExprKind::Call { callee, .. } => last_name(facts, callee),
        _ => last_name(facts, object),
    };
    let folded = Vocab::fold(name);
    let words = split_words(name);
    wanted.iter().any(|wanted| {
        let wanted = Vocab::fold(wanted);
        // Short words (`ld`, `gb`) must be words of the name, not letters in it.
        words.contains(&wanted) || wanted.len() > 3 && folded.contains(&wanted)
    })
}

/// `x` of `x.toLowerCase()` and `x?.trim()`.
fn converted(facts: &FileFacts, id: ExprId) -> ExprId {
    if let ExprKind::Call { callee, args, .. } = facts.expr(id).kind
        && args.is_empty()
        && let ExprKind::Member { object, .. } = facts.expr(callee).kind
    {
        return object;
    }
    id
}

#[cfg(test)]
mod tests {
    use bespoke_facts::{CallForm, ExprKind, FactsBuilder, Import, Imported, RepoPath, Span};

    use super::*;
    use crate::{Role, Sdk};

    /// A file that calls `receiver.name("new-checkout")`, with imports.
    fn file(receiver: &str, name: &str, imports: &[&str]) -> SourceFile {
        let mut facts = FactsBuilder::new("");
        let nowhere = Span::default();
        for source in imports {
            let source = facts.intern(source);
            facts.import(Import {
                source,
                imported: Imported::Namespace,
                local: None,
                type_only: false,
                reexport: false,
                span: nowhere,
            });
        }
        let object = facts.name(receiver, nowhere);
        let callee = facts.member(object, name, nowhere);
        let key = facts.string("new-checkout", nowhere);
        let args = facts.children(&[key]);
        let form = CallForm::Call;
        facts.expr(ExprKind::Call { callee, args, form }, nowhere);
        SourceFile {
            path: RepoPath::new("a.ts"),
            language: "typescript",
            role: Role::Product,
            facts: facts.finish().into(),
        }
    }

    /// Confidence of the one evaluation of a file, if the user has these rows.
    fn check(rows: &str, file: &SourceFile) -> Option<u8> {
        let sdk: Sdk = toml::from_str(rows).expect("the rows fit the schema");
        let hits = evaluations(file, &SdkIndex::new(&[sdk]));
        assert!(hits.len() < 2, "{hits:?}");
        hits.first().map(|hit| hit.confidence)
    }

    #[test]
    fn the_strongest_gate_says_how_sure_it_is() {
        let none = "name = 'none'";
        let with_import = file("client", "variation", &["@launchdarkly/node-server-sdk"]);
        assert_eq!(check(none, &with_import), Some(95));
        assert_eq!(check(none, &file("ldClient", "variation", &[])), Some(85));
        assert_eq!(
            check(none, &file("self", "isFeatureEnabled", &[])),
            Some(80)
        );
        assert_eq!(check(none, &file("features", "isEnabled", &[])), Some(75));
        assert_eq!(check(none, &file("client", "variation", &[])), None);
        assert_eq!(check(none, &file("child", "variation", &[])), None);
    }

    #[test]
    fn rows_of_the_user_count() {
        let asks = file("shop", "sells", &["../lib/shop"]);
        let row = |more: &str| format!("name = 'shop'\n[[call]]\nnames = ['sells']\n{more}");
        assert_eq!(check(&row("imports = ['*/lib/shop']"), &asks), Some(95));
        assert_eq!(check(&row("receivers = ['shop']"), &asks), Some(75));
        assert_eq!(check(&row(""), &asks), Some(80));
        assert_eq!(check(&row("keys = ['new-*']"), &asks), Some(80));
        assert_eq!(check(&row("keys = ['old-*']"), &asks), None);
        assert_eq!(check(&row("languages = ['rust']"), &asks), None);
        assert_eq!(check(&row("form = 'hook'"), &asks), None);
        assert_eq!(check(&row("key = 1"), &asks), None);
        assert_eq!(check(&row("key = [1, 'name']"), &asks), Some(80));
    }

    #[test]
    fn what_only_looks_like_an_sdk_is_no_evaluation() {
        let not = "name = 'countries'\n[[not]]\nnames = ['useFlag', 'isEnabled']";
        let of_module = format!("{not}\nimports = ['@acme/countries']");
        let shows = file("map", "useFlag", &["@acme/countries"]);
        assert_eq!(check("name = 'none'", &shows), Some(80));
        assert_eq!(check(not, &shows), None);
        assert_eq!(check(&of_module, &shows), None);
        assert_eq!(check(&of_module, &file("map", "useFlag", &[])), Some(80));
        let receiver = file("featureLayer", "isEnabled", &["@acme/countries"]);
        assert_eq!(check(&of_module, &receiver), None);
        let proven = file(
            "toggles",
            "isEnabled",
            &["unleash-client", "@acme/countries"],
        );
        assert_eq!(check(&of_module, &proven), Some(95));
    }
}
