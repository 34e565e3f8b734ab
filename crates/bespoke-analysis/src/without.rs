//! What-if: a customer leaves, or a flag has its last value. What could be deleted, what becomes simpler, what stays.
//!
//! Conditions are worked out with what the subject's part of them would always be. Only what follows from the facts is
//! said: a condition on two subjects is not decided by one of them, and a file that something else still loads stays.

use std::collections::{BTreeMap, BTreeSet};

use bespoke_facts::{
    BindingKind, Branch, BranchKind, CompareOp, ExprId, ExprKind, FileFacts, FunctionId, LogicOp,
    NameId, RepoPath, Span,
};
use rustc_hash::FxHashMap;

use crate::{
    Analysis, FileId, FileSet, PointKind, SourceFile, SubjectId, VariationPoint,
    detect::{fold, render},
    intervals::union,
};

/// How often what has become unused is looked for again.
const ROUNDS: usize = 6;

/// What would go with a subject.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Without {
    /// Files that nothing would need any more, by path.
    pub files: Vec<RepoPath>,
    /// Lines that could be deleted in files that stay, 0-based, first and last: by path.
    pub lines: Vec<(RepoPath, Vec<(u32, u32)>)>,
    /// Conditions that would have only one outcome left, by place: path, 0-based line, text.
    pub constant: Vec<(RepoPath, u32, String)>,
    /// Lines that would only change: the subject goes, others stay. By place.
    pub changed: Vec<(RepoPath, u32, String)>,
    /// Functions that would go as a whole, in files that stay: path, 0-based line, name.
    pub functions: Vec<(RepoPath, u32, String)>,
    /// Packages of others that nobody would use any more.
    pub packages: Vec<String>,
    /// Entries of settings and tables that name it: path, 0-based first line, text.
    pub entries: Vec<(RepoPath, u32, String)>,
    /// What stays because others share it: path, 0-based line, why.
    pub shared: Vec<(RepoPath, u32, String)>,
    /// Lines with code that could be deleted, in files that go and in those that stay.
    pub nloc: u32,
}

/// Works out what goes with a subject. `value` is what its condition would always be: `false` for a customer who is
/// never served again, `true` for a flag that stays on.
pub fn without(set: &FileSet, analysis: &Analysis, subject: SubjectId, value: bool) -> Without {
    let Some(told) = analysis.subjects.get(subject.index()) else {
        return Without::default();
    };
    let spellings: BTreeSet<String> = told
        .aliases
        .iter()
        .chain([&told.name])
        .map(|name| fold(name))
        .filter(|name| name.len() >= 2)
        .collect();
    let counted: Vec<&VariationPoint> = analysis
        .counted()
        .filter(|point| point.subjects.contains(&subject))
        .collect();
    let mut removal = Removal {
        set,
        analysis,
        value,
        spellings,
        gone: vec![false; set.files.len()],
        lines: vec![Vec::new(); set.files.len()],
        cut: BTreeSet::new(),
        found: Without::default(),
    };
    removal.units(&counted, subject);
    removal.conditions(&counted);
    removal.definitions(&counted, &told.dimension);
    removal.unused();
    removal.finish()
}

struct Removal<'a> {
    set: &'a FileSet,
    analysis: &'a Analysis,
    value: bool,
    /// Folded names of the subject.
    spellings: BTreeSet<String>,
    /// Files that go, by [`FileId`].
    gone: Vec<bool>,
    /// Lines that go, by [`FileId`].
    lines: Vec<Vec<(u32, u32)>>,
    /// Dependencies that go: positions in the graph's edges.
    cut: BTreeSet<usize>,
    found: Without,
}

impl<'a> Removal<'a> {
    /// Folders, files and declarations that are the subject's alone.
    fn units(&mut self, counted: &[&VariationPoint], subject: SubjectId) {
        for point in counted.iter().filter(|it| it.kind == PointKind::Unit) {
            if point.subjects.len() > 1 {
                let why = "it is named for others too".to_owned();
                self.found
                    .shared
                    .push((point.path.clone(), point.line, why));
                continue;
            }
            match point.file {
                Some(file) if !point.span.is_empty() => {
                    // A flag's own constants are what its definition is.
                    self.lines[file.index()].push((point.line, point.end_line));
                }
                Some(file) => self.gone[file.index()] = true,
                None => {
                    for (at, owner) in self.analysis.structure.files.iter().enumerate() {
                        let path = self.set.files[at].path.as_str();
                        let inside = path
                            .strip_prefix(point.path.as_str())
                            .is_some_and(|rest| rest.starts_with('/'));
                        self.gone[at] |= inside && owner.owner == Some(subject);
                    }
                }
            }
        }
    }

    /// Conditions that ask for the subject, and those on variables that hold the answer.
    fn conditions(&mut self, counted: &[&VariationPoint]) {
        let mut by_file: BTreeMap<FileId, Vec<&VariationPoint>> = BTreeMap::new();
        for point in counted {
            if let Some(file) = point.file
                && matches!(point.kind, PointKind::Branch | PointKind::Check)
            {
                by_file.entry(file).or_default().push(point);
            }
        }
        for (file, points) in by_file {
            if !self.gone[file.index()] {
                self.conditions_of(file, &points);
            }
        }
    }

    fn conditions_of(&mut self, file: FileId, points: &[&VariationPoint]) {
        let set: &'a FileSet = self.set;
        let source = &set.files[file.index()];
        let facts = &source.facts;
        let asked = Asked {
            facts,
            spellings: &self.spellings,
            points,
            value: self.value,
            known: FxHashMap::default(),
        };
        let asked = asked.with_variables();
        let mut decided: BTreeSet<Span> = BTreeSet::new();
        for branch in &facts.branches {
            let Some(outcome) = asked.decide(branch.condition, branch.function) else {
                continue;
            };
            if branch.kind == BranchKind::Value {
                continue;
            }
            decided.insert(branch.span);
            let line = facts.lines.line(branch.span.start);
            let text = render(facts, branch.condition);
            self.found.constant.push((source.path.clone(), line, text));
            let lines = removed(source, branch, outcome);
            self.lines[file.index()].extend(lines);
        }
        for (at, binding) in facts.bindings.iter().enumerate() {
            let local = matches!(binding.kind, BindingKind::Constant | BindingKind::Variable);
            if local && asked.known.contains_key(&(binding.name, binding.function)) {
                let end = facts.bindings[at]
                    .value
                    .map_or(binding.span.end, |value| facts.expr(value).span.end);
                let (first, last) = facts.lines.lines(Span::new(binding.span.start, end));
                self.lines[file.index()].push((first, last));
            }
        }
        for point in points {
            let is_decided = decided
                .iter()
                .any(|span| span.contains(point.span) || point.span.contains(*span));
            let (first, last) = (point.line, point.end_line);
            let goes = self.lines[file.index()]
                .iter()
                .any(|(from, to)| *from <= first && last <= *to);
            if is_decided || goes {
                continue;
            }
            if point.subjects.len() > 1 {
                let why = format!("`{}` is for others too", point.text);
                self.found
                    .shared
                    .push((point.path.clone(), point.line, why));
            }
            let change = (point.path.clone(), point.line, point.text.clone());
            self.found.changed.push(change);
        }
    }

    /// Where the subject is declared, listed or configured.
    fn definitions(&mut self, counted: &[&VariationPoint], dimension: &str) {
        let by_path: BTreeMap<&str, usize> = self
            .set
            .files
            .iter()
            .enumerate()
            .map(|(at, file)| (file.path.as_str(), at))
            .collect();
        // The constant that evidence led to.
        let constants: BTreeSet<(&str, u32)> = counted
            .iter()
            .flat_map(|point| &point.evidence)
            .filter(|step| step.rule == "constant")
            .filter_map(|step| step.at.as_ref())
            .map(|(path, line)| (path.as_str(), *line))
            .collect();
        let mut entries: BTreeSet<(usize, (u32, u32))> = BTreeSet::new();
        for (path, line) in constants {
            let Some(at) = by_path.get(path) else {
                continue;
            };
            let facts = &self.set.files[*at].facts;
            for binding in &facts.bindings {
                let end = binding
                    .value
                    .map_or(binding.span.end, |value| facts.expr(value).span.end);
                let span = Span::new(binding.span.start, end);
                let is_it = facts.lines.line(span.start) == line
                    && self.spells(facts, binding.value, Some(binding.name));
                if is_it {
                    entries.insert((*at, facts.lines.lines(span)));
                }
            }
        }
        // `dark: true` in a table of switches, `acme: …` in one of customers.
        for (at, file) in self.set.files.iter().enumerate() {
            if self.gone[at] {
                continue;
            }
            let facts = &file.facts;
            for (_, expr) in facts.all_exprs() {
                let ExprKind::Entry { key, value } = expr.kind else {
                    continue;
                };
                let ExprKind::Str(name) = facts.expr(key).kind else {
                    continue;
                };
                let text = facts.name(name);
                let exact = if dimension == "flag" {
                    self.spellings.contains(&fold(text)) && text.len() >= 4
                } else {
                    false
                };
                let by_value = matches!(facts.expr(value).kind, ExprKind::Str(text)
                    if dimension != "flag" && self.spellings.contains(&fold(facts.name(text))) && self.spellings.contains(&fold(facts.name(name))));
                if exact || by_value {
                    entries.insert((at, facts.lines.lines(expr.span)));
                }
            }
        }
        for (at, lines) in entries {
            let path = self.set.files[at].path.clone();
            self.found.entries.push((path, lines.0, "entry".to_owned()));
            self.lines[at].push(lines);
        }
        for point in counted.iter().filter(|it| it.kind == PointKind::Data) {
            let gone = point.file.is_some_and(|file| self.gone[file.index()]);
            if gone {
                continue;
            }
            if point.subjects.len() > 1 {
                let change = (point.path.clone(), point.line, point.text.clone());
                self.found.changed.push(change);
            } else {
                let entry = (point.path.clone(), point.line, point.text.clone());
                self.found.entries.push(entry);
            }
        }
    }

    fn spells(&self, facts: &FileFacts, value: Option<ExprId>, name: Option<NameId>) -> bool {
        let is_name = name.is_some_and(|name| self.spellings.contains(&fold(facts.name(name))));
        let within = value.is_some_and(|value| {
            let span = facts.expr(value).span;
            facts.all_exprs().any(|(_, expr)| {
                span.contains(expr.span)
                    && matches!(expr.kind, ExprKind::Str(text) if self.spellings.contains(&fold(facts.name(text))))
            })
        });
        is_name || within
    }

    /// Imports, functions and files that only what goes has used.
    fn unused(&mut self) {
        for _ in 0..ROUNDS {
            let before = (self.cut.len(), self.gone.iter().filter(|it| **it).count());
            let total: usize = self.lines.iter().map(Vec::len).sum();
            for at in 0..self.set.files.len() {
                if !self.gone[at] && !self.lines[at].is_empty() {
                    self.unused_in(at);
                }
            }
            self.cut_off();
            let after = (self.cut.len(), self.gone.iter().filter(|it| **it).count());
            if before == after && total == self.lines.iter().map(Vec::len).sum::<usize>() {
                break;
            }
        }
    }

    fn unused_in(&mut self, at: usize) {
        let set: &'a FileSet = self.set;
        let facts = &set.files[at].facts;
        let lines = union(self.lines[at].clone());
        let goes = |span: Span| {
            let (first, last) = facts.lines.lines(span);
            lines.iter().any(|(from, to)| *from <= first && last <= *to)
        };
        // Uses that stay and uses that go, by name.
        let mut uses: FxHashMap<NameId, (u32, u32)> = FxHashMap::default();
        for (_, expr) in facts.all_exprs() {
            if let ExprKind::Name(name) = expr.kind {
                let uses = uses.entry(name).or_default();
                if goes(expr.span) {
                    uses.1 += 1;
                } else {
                    uses.0 += 1;
                }
            }
        }
        let only_goes = |name: NameId| {
            uses.get(&name)
                .is_some_and(|(stay, go)| *stay == 0 && *go > 0)
        };
        let mut more = Vec::new();
        let mut by_span: BTreeMap<Span, (bool, Vec<usize>)> = BTreeMap::new();
        for (position, import) in facts.imports.iter().enumerate() {
            let unused = import.local.is_some_and(only_goes) && !import.reexport;
            let statement = by_span.entry(import.span).or_insert((true, Vec::new()));
            statement.0 &= unused;
            statement.1.push(position);
        }
        for (span, (unused, _)) in by_span {
            if unused && !goes(span) {
                more.push(facts.lines.lines(span));
            }
        }
        for definition in &facts.definitions {
            let inside = goes(definition.span);
            if !definition.exported && !inside && definition.parent.is_none() {
                // What it says of itself is no use.
                let own = facts
                    .all_exprs()
                    .filter(|(_, expr)| definition.span.contains(expr.span))
                    .filter(|(_, expr)| matches!(expr.kind, ExprKind::Name(name) if name == definition.name))
                    .count();
                let unused = uses
                    .get(&definition.name)
                    .is_some_and(|(stay, go)| *stay as usize <= own && *go > 0);
                if unused {
                    more.push(facts.lines.lines(definition.span));
                }
            }
        }
        self.lines[at].extend(more);
    }

    /// Files all of whose users go, or use them only in what goes.
    fn cut_off(&mut self) {
        let graph = &self.analysis.graph;
        let mut left: Vec<(u32, u32)> = vec![(0, 0); self.set.files.len()];
        for (position, edge) in graph.edges.iter().enumerate() {
            let Some(users) = left.get_mut(edge.to as usize) else {
                continue;
            };
            users.0 += 1;
            let (from, to) = (edge.from as usize, edge.to as usize);
            if self.cut.contains(&position) || self.gone[from] || self.drops(from, to) {
                self.cut.insert(position);
                users.1 += 1;
            }
        }
        for (at, (users, cut)) in left.into_iter().enumerate() {
            if users > 0 && users == cut {
                self.gone[at] = true;
            }
        }
    }

    /// Whether every line on which a file names another one goes.
    fn drops(&self, from: usize, to: usize) -> bool {
        if self.lines[from].is_empty() {
            return false;
        }
        let facts = &self.set.files[from].facts;
        let stem = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            name.split('.').next().unwrap_or(name).to_owned()
        };
        let target = self.set.files[to].path.as_str();
        let name = match stem(target).as_str() {
            "index" | "mod" | "__init__" => {
                let folder = target.rsplit_once('/').map_or("", |(folder, _)| folder);
                folder.rsplit('/').next().unwrap_or("").to_owned()
            }
            name => name.to_owned(),
        };
        let lines = union(self.lines[from].clone());
        let mut named = facts
            .imports
            .iter()
            .filter(|import| {
                let source = facts.name(import.source);
                let last = source.rsplit(['/', '.', ':']).find(|part| {
                    !matches!(
                        *part,
                        "ts" | "tsx" | "js" | "jsx" | "mjs" | "vue" | "svelte" | ""
                    )
                });
                last == Some(name.as_str())
            })
            .peekable();
        named.peek().is_some()
            && named.all(|import| {
                let (first, last) = facts.lines.lines(import.span);
                lines.iter().any(|(from, to)| *from <= first && last <= *to)
            })
    }

    /// Files that stay and name one that goes, other than in lines that go: they do not build any more.
    fn left_behind(&mut self) {
        for (position, edge) in self.analysis.graph.edges.iter().enumerate() {
            let (from, to) = (edge.from as usize, edge.to as usize);
            let breaks = self.gone.get(to) == Some(&true)
                && !self.gone[from]
                && !self.cut.contains(&position);
            let goes = self.lines[from]
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&edge.line));
            if breaks && !goes {
                let what = format!("depends on `{}`, which goes", self.set.files[to].path);
                let path = self.set.files[from].path.clone();
                self.found.changed.push((path, edge.line, what));
            }
        }
    }

    fn finish(mut self) -> Without {
        self.left_behind();
        let mut nloc = 0;
        for (at, file) in self.set.files.iter().enumerate() {
            let facts = &file.facts;
            if self.gone[at] {
                self.found.files.push(file.path.clone());
                nloc += facts.nloc;
                continue;
            }
            let lines = union(std::mem::take(&mut self.lines[at]));
            if lines.is_empty() {
                continue;
            }
            nloc += lines
                .iter()
                .map(|(first, last)| facts.code.count(*first, *last))
                .sum::<u32>();
            for function in facts.functions.iter().filter(|it| it.named) {
                let (first, last) = facts.lines.lines(function.span);
                if lines.iter().any(|(from, to)| *from <= first && last <= *to) {
                    let name = facts.name(function.name).to_owned();
                    self.found.functions.push((file.path.clone(), first, name));
                }
            }
            self.found.lines.push((file.path.clone(), lines));
        }
        self.found.nloc = nloc;
        let graph = &self.analysis.graph;
        let mut users: BTreeMap<u32, (u32, u32)> = BTreeMap::new();
        for edge in graph
            .edges
            .iter()
            .filter(|it| it.to as usize >= graph.file_count())
        {
            let users = users.entry(edge.to).or_default();
            users.0 += 1;
            users.1 += u32::from(self.gone[edge.from as usize]);
        }
        for (package, (all, gone)) in users {
            if all == gone {
                let name = graph.nodes[package as usize].id.clone();
                self.found
                    .packages
                    .push(name.trim_start_matches("package:").to_owned());
            }
        }
        for list in [
            &mut self.found.constant,
            &mut self.found.changed,
            &mut self.found.entries,
            &mut self.found.shared,
        ] {
            list.sort();
            list.dedup();
        }
        self.found
    }
}

/// Works conditions out.
struct Asked<'a> {
    facts: &'a FileFacts,
    spellings: &'a BTreeSet<String>,
    points: &'a [&'a VariationPoint],
    value: bool,
    /// Variables with one value left, by name and function.
    known: FxHashMap<(NameId, Option<FunctionId>), bool>,
}

impl Asked<'_> {
    fn with_variables(mut self) -> Self {
        for _ in 0..3 {
            let before = self.known.len();
            for binding in &self.facts.bindings {
                let declares =
                    matches!(binding.kind, BindingKind::Constant | BindingKind::Variable);
                if let Some(value) = binding.value.filter(|_| declares)
                    && let Some(outcome) = self.decide(value, binding.function)
                {
                    self.known.insert((binding.name, binding.function), outcome);
                }
            }
            if self.known.len() == before {
                break;
            }
        }
        self
    }

    /// What an expression would always be; `None` if it still depends on something.
    fn decide(&self, id: ExprId, function: Option<FunctionId>) -> Option<bool> {
        let facts = self.facts;
        let expr = facts.expr(id);
        match expr.kind {
            ExprKind::Not(inner) => self.decide(inner, function).map(|it| !it),
            ExprKind::Logic { op, operands } => {
                let mut all = facts
                    .list(operands)
                    .iter()
                    .map(|it| self.decide(*it, function));
                match op {
                    LogicOp::And if all.clone().any(|it| it == Some(false)) => Some(false),
                    LogicOp::Or if all.clone().any(|it| it == Some(true)) => Some(true),
                    LogicOp::And => all.all(|it| it == Some(true)).then_some(true),
                    LogicOp::Or => all.all(|it| it == Some(false)).then_some(false),
                    LogicOp::Coalesce => None,
                }
            }
            ExprKind::Bool(_) => None,
            ExprKind::Compare { op, left, right } => {
                self.compare(expr.span, id, op, left, right, function)
            }
            ExprKind::Name(name) => self
                .variable(name, function)
                .or_else(|| self.asks(id, expr.span)),
            ExprKind::Member { .. } | ExprKind::Call { .. } | ExprKind::Index { .. } => {
                self.asks(id, expr.span)
            }
            _ => None,
        }
    }

    fn variable(&self, name: NameId, mut function: Option<FunctionId>) -> Option<bool> {
        loop {
            if let Some(outcome) = self.known.get(&(name, function)) {
                return Some(*outcome);
            }
            let inner = function?;
            function = self.facts.functions[inner.index()].parent;
        }
    }

    fn compare(
        &self,
        span: Span,
        id: ExprId,
        op: CompareOp,
        left: ExprId,
        right: ExprId,
        function: Option<FunctionId>,
    ) -> Option<bool> {
        let facts = self.facts;
        let negative = matches!(op, CompareOp::NotEqual | CompareOp::NotIn);
        if matches!(op, CompareOp::Equal | CompareOp::NotEqual)
            && let ExprKind::Bool(truth) = facts.expr(right).kind
        {
            return self
                .decide(left, function)
                .map(|it| (it == truth) != negative);
        }
        // What a variable is compared with says nothing of a flag's check.
        if matches!(op, CompareOp::Order | CompareOp::InstanceOf) {
            return None;
        }
        let listed = match facts.expr(right).kind {
            ExprKind::List(items) => facts.list(items).len(),
            _ => 1,
        };
        let outcome = self.asks(id, span)?;
        // One of a list is not all of it.
        if listed > 1 && !outcome {
            return None;
        }
        Some(outcome != negative)
    }

    /// Whether an expression, by itself, asks for the subject; then what it answers.
    fn asks(&self, id: ExprId, span: Span) -> Option<bool> {
        let point = self.points.iter().find(|point| {
            point.span == span || (point.kind == PointKind::Branch && point.span.contains(span))
        })?;
        // Of several subjects the others may still ask.
        if point.subjects.len() > 1 && !self.value {
            let own = fold(&render(self.facts, id));
            let alone = self.spellings.iter().any(|it| own.contains(it.as_str()));
            let is_leaf = point.span != span;
            if !(alone && is_leaf) {
                return None;
            }
        }
        if point.span == span {
            return Some(self.value);
        }
        let own = fold(&render(self.facts, id));
        self.spellings
            .iter()
            .any(|it| own.contains(it.as_str()))
            .then_some(self.value)
    }
}

/// The lines that a branch with one outcome leaves without use.
fn removed(source: &SourceFile, branch: &Branch, outcome: bool) -> Vec<(u32, u32)> {
    let facts = &source.facts;
    let braces = source.language != "python";
    let lines = |span: Span| facts.lines.lines(span);
    let (start, end) = lines(branch.span);
    let then = branch.then.map(lines);
    let otherwise = branch.otherwise.map(lines);
    let mut found = Vec::new();
    match (branch.kind, outcome) {
        (BranchKind::If | BranchKind::Cfg | BranchKind::Arm, false) => {
            if let Some((_, last)) = then {
                found.push((start, last));
            }
            if let Some((_, last)) = otherwise.filter(|_| braces) {
                found.push((last, last));
            }
        }
        (BranchKind::If, true) => {
            let first = then.map_or(end, |(first, _)| first);
            if then.is_some_and(|(first, last)| last > first) {
                found.push((start, if braces { first } else { end }));
            }
            match (then, otherwise) {
                (Some((_, then_end)), Some((_, last))) => {
                    found.push((then_end + u32::from(!braces), last));
                }
                (Some((first, last)), None) if braces && last > first => found.push((last, last)),
                _ => {}
            }
            // It always leaves: nothing comes after.
            if branch.open
                && let (Some((_, last)), Some(function)) = (then, branch.function)
            {
                let (_, body) = lines(facts.functions[function.index()].body);
                if body > last + 1 {
                    found.push((last + 1, body - u32::from(braces)));
                }
            }
        }
        (BranchKind::Ternary, outcome) => {
            let part = if outcome { otherwise } else { then };
            let whole = part.filter(|(first, last)| last > first || *first > end);
            found.extend(whole);
        }
        (BranchKind::Guard, false) => {
            if let Some((_, last)) = then.filter(|(_, last)| *last > start) {
                found.push((start, last));
            }
        }
        _ => {}
    }
    found.retain(|(first, last)| first <= last);
    found
}
