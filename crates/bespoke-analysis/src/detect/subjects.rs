//! From names as written to subjects: spellings folded, aliases kept, what the user told joined in.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Context,
    atoms::Written,
    points::{Draft, function_name},
    vocab::Vocab,
};
use crate::{
    Customer, Evidence, PointKind, Settings, SourceFile, Subject, SubjectId, SubjectOrigin,
    VariationPoint,
};

/// Subjects by dimension and folded name, and the fold that an alias leads to.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    subjects: BTreeMap<(String, String), Entry>,
    aliases: BTreeMap<(String, String), String>,
}

#[derive(Debug, Default)]
struct Entry {
    subject: Subject,
    spellings: BTreeMap<String, u32>,
}

impl Registry {
    /// Starts with what the user told.
    pub(crate) fn new(settings: &Settings) -> Self {
        let mut registry = Self::default();
        for customer in &settings.customers {
            registry.tell("customer", customer);
        }
        for dimension in &settings.dimensions {
            for subject in &dimension.subjects {
                registry.tell(&dimension.name, subject);
            }
        }
        for flag in &settings.flags {
            let told = Customer {
                name: flag.key.clone(),
                owner: flag.owner.clone(),
                contract_end: flag.expires.clone(),
                promised: flag.promised.clone(),
                ..Customer::default()
            };
            registry.tell("flag", &told);
            let key = ("flag".to_owned(), Vocab::fold(&flag.key));
            if let Some(entry) = registry.subjects.get_mut(&key) {
                entry.subject.flag_kind.clone_from(&flag.kind);
            }
        }
        registry
    }

    fn tell(&mut self, dimension: &str, told: &Customer) {
        let fold = Vocab::fold(&told.name);
        for alias in told.aliases.iter().chain(&told.ids) {
            self.aliases
                .insert((dimension.to_owned(), Vocab::fold(alias)), fold.clone());
        }
        let subject = Subject {
            dimension: dimension.to_owned(),
            name: told.name.clone(),
            origin: SubjectOrigin::Told,
            owner: told.owner.clone(),
            ends: told.contract_end.clone(),
            promised: told.promised.clone(),
            confidence: 97,
            evidence: vec![Evidence {
                rule: "told",
                text: "listed in the configuration".to_owned(),
                at: None,
            }],
            ..Subject::default()
        };
        let spellings = told
            .aliases
            .iter()
            .map(|alias| (alias.clone(), 0))
            .collect();
        self.subjects
            .insert((dimension.to_owned(), fold), Entry { subject, spellings });
    }

    /// The fold under which a written name is kept.
    pub(super) fn key(&self, dimension: &str, written: &Written) -> String {
        let fold = if dimension == "tenant" {
            written.name.to_lowercase()
        } else {
            Vocab::fold(&written.name)
        };
        let alias = self.aliases.get(&(dimension.to_owned(), fold.clone()));
        if let Some(told) = alias {
            return told.clone();
        }
        // Names of other scripts and signs only fold to nothing: they stay as they are.
        if fold.is_empty() {
            written.name.clone()
        } else {
            fold
        }
    }

    fn note(&mut self, key: &(String, String), written: &Written, draft: &Draft) {
        let entry = self.subjects.entry(key.clone()).or_insert_with(|| Entry {
            subject: Subject {
                dimension: key.0.clone(),
                name: written.name.clone(),
                ..Subject::default()
            },
            spellings: BTreeMap::new(),
        });
        *entry.spellings.entry(written.name.clone()).or_default() += 1;
        if let Some(alias) = &written.alias
            && Vocab::fold(alias) != key.1
            && !alias.is_empty()
        {
            entry.spellings.entry(alias.clone()).or_default();
        }
        // Names and literals are found because the subject is known: they make it no surer.
        let proves = matches!(draft.kind, PointKind::Branch | PointKind::Check);
        let surer = proves && draft.confidence > entry.subject.confidence;
        if surer || entry.subject.confidence == 0 {
            entry.subject.confidence = draft.confidence;
            if entry.subject.origin == SubjectOrigin::Discovered {
                entry.subject.evidence = draft.evidence.iter().take(3).cloned().collect();
            }
        }
    }

    fn finish(self) -> (Vec<Subject>, BTreeMap<(String, String), SubjectId>) {
        let mut subjects: Vec<((String, String), Subject)> = Vec::new();
        for (
            key,
            Entry {
                mut subject,
                spellings,
            },
        ) in self.subjects
        {
            if subject.origin == SubjectOrigin::Discovered {
                // The commonest spelling is the name; the first of equals.
                let best = spellings
                    .iter()
                    .max_by_key(|(name, count)| (**count, std::cmp::Reverse(name.len()), *name));
                if let Some((name, _)) = best {
                    subject.name.clone_from(name);
                }
            }
            subject.aliases = spellings
                .into_keys()
                .filter(|name| *name != subject.name)
                .collect();
            subject.key.clone_from(&key.1);
            subjects.push((key, subject));
        }
        subjects.sort_by(|a, b| {
            (&a.1.dimension, &a.1.name, &a.0).cmp(&(&b.1.dimension, &b.1.name, &b.0))
        });
        let mut ids = BTreeMap::new();
        let mut list = Vec::new();
        for (at, (key, subject)) in subjects.into_iter().enumerate() {
            ids.insert(key, SubjectId(u32::try_from(at).unwrap_or(u32::MAX)));
            list.push(subject);
        }
        (list, ids)
    }
}

/// Makes points and subjects of drafts.
pub(super) fn settle(
    context: &Context<'_>,
    mut registry: Registry,
    mut drafts: Vec<Draft>,
) -> (Vec<VariationPoint>, Vec<Subject>) {
    drafts.sort_by(|a, b| {
        (&a.path, a.span, a.kind, &a.dimension, &a.text).cmp(&(
            &b.path,
            b.span,
            b.kind,
            &b.dimension,
            &b.text,
        ))
    });
    // What proves comes first.
    let proves = |draft: &&Draft| matches!(draft.kind, PointKind::Branch | PointKind::Check);
    let others = |draft: &&Draft| !proves(draft);
    for draft in drafts
        .iter()
        .filter(proves)
        .chain(drafts.iter().filter(others))
    {
        for written in &draft.written {
            let key = (
                draft.dimension.clone(),
                registry.key(&draft.dimension, written),
            );
            registry.note(&key, written, draft);
        }
    }
    let keys: Vec<BTreeSet<(String, String)>> = drafts
        .iter()
        .map(|draft| {
            let keys = draft
                .written
                .iter()
                .map(|it| (draft.dimension.clone(), registry.key(&draft.dimension, it)));
            keys.collect()
        })
        .collect();
    let (subjects, ids) = registry.finish();
    let mut ordinals: BTreeMap<u64, u32> = BTreeMap::new();
    let mut points: Vec<VariationPoint> = drafts
        .into_iter()
        .zip(keys)
        .map(|(draft, keys)| {
            let mut of: Vec<SubjectId> = keys
                .iter()
                .filter_map(|key| ids.get(key).copied())
                .collect();
            of.sort_unstable();
            let source = draft.file.map(|file| context.model.source(file));
            point(source, draft, of, &mut ordinals)
        })
        .collect();
    for point in &mut points {
        point.key = point_key(point, |id| &subjects[id.index()].key);
    }
    (points, subjects)
}

/// [`VariationPoint::key`], with the keys of its subjects.
pub(crate) fn point_key<'s>(
    point: &VariationPoint,
    key_of: impl Fn(SubjectId) -> &'s String,
) -> u64 {
    // Ids follow the order in which subjects were met.
    let names: BTreeSet<&String> = point.subjects.iter().map(|id| key_of(*id)).collect();
    // A unit's text is its path, and it moves with it.
    let is_text = !matches!(point.kind, PointKind::Unit | PointKind::Dependency);
    let made_of = [
        point.kind_name(),
        point.function.clone().unwrap_or_default(),
    ]
    .into_iter()
    .chain(names.into_iter().cloned())
    .chain(is_text.then(|| point.text.clone()));
    fnv(made_of.collect::<Vec<_>>().join("\0").as_bytes())
}

/// A point of a file, if it is in one.
pub(super) fn point(
    source: Option<&SourceFile>,
    draft: Draft,
    subjects: Vec<SubjectId>,
    ordinals: &mut BTreeMap<u64, u32>,
) -> VariationPoint {
    let lines = |span| source.map_or((0, 0), |source| source.facts.lines.lines(span));
    let (line, end_line) = draft.lines.unwrap_or_else(|| lines(draft.span));
    let guarded = draft.regions.iter().map(|region| lines(*region)).collect();
    let function = source.and_then(|source| function_name(source, draft.function));
    let made_of = format!(
        "{}_{}\0{}\0{}\0{}",
        draft.dimension,
        draft.kind.id(),
        draft.path,
        function.as_deref().unwrap_or(""),
        draft.text
    );
    let ordinal = ordinals.entry(fnv(made_of.as_bytes())).or_default();
    let fingerprint = format!("{:016x}", fnv(format!("{made_of}\0{ordinal}").as_bytes()));
    *ordinal += 1;
    VariationPoint {
        // Known when its subjects are.
        key: 0,
        file: draft.file,
        path: draft.path,
        kind: draft.kind,
        dimension: draft.dimension,
        subjects,
        span: draft.span,
        line,
        end_line,
        regions: draft.regions,
        guarded,
        open: draft.open,
        function,
        nesting: 0,
        confidence: draft.confidence,
        evidence: draft.evidence,
        text: draft.text,
        fingerprint,
    }
}

/// Makes points of one path's drafts, with ids of subjects as `id` gives them; and how each subject is written.
pub(crate) fn live_point(
    drafts: &[&Draft],
    source: Option<&SourceFile>,
    registry: &Registry,
    id: &mut dyn FnMut((String, String)) -> SubjectId,
) -> (Vec<VariationPoint>, Vec<(SubjectId, String)>) {
    let mut drafts = drafts.to_vec();
    drafts.sort_by(|a, b| {
        (a.span, a.kind, &a.dimension, &a.text).cmp(&(b.span, b.kind, &b.dimension, &b.text))
    });
    let mut ordinals = BTreeMap::new();
    let mut written = Vec::new();
    let mut points = Vec::new();
    for draft in drafts {
        let mut of: Vec<SubjectId> = Vec::new();
        for subject in &draft.written {
            let key = registry.key(&draft.dimension, subject);
            let id = id((draft.dimension.clone(), key));
            written.push((id, subject.name.clone()));
            of.push(id);
        }
        of.sort_unstable();
        of.dedup();
        points.push(point(source, draft.clone(), of, &mut ordinals));
    }
    (points, written)
}

/// FNV-1a, 64 bit: the same on every machine and in every version, as a fingerprint must be.
pub(crate) fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
