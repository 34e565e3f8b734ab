//! What to do about a file or function that many variation points pile up in.
//!
//! A row of the table says what to do and when it helps; its function finds the points that would go. Of all that fits,
//! what takes most points away comes first.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Analysis, FileId, FunctionReport, Past, Subject, SubjectId, VariationPoint,
    debt::{FileInterest, Parameters, Span3, overhead},
    metrics::{count, expected_days, staleness},
};

/// Seconds of a day.
const DAY: i64 = 86_400;
/// A customer whose code nobody changed for so many days may be one no longer.
const DORMANT_DAYS: i64 = 730;
/// So many customers in one place are a group, and have something in common.
const GROUP: usize = 3;
/// From so many branches on, in so many files, a customer's behaviour is a policy.
const POLICY: (u32, u32) = (5, 3);
/// So many evaluations of one flag, or of one attribute, in a file are worth doing once.
const REPEATED: usize = 3;
/// So many subjects in one function are more than a reader can hold apart.
const MANY: u32 = 4;
/// So many names are told; the rest is a number.
const NAMES: usize = 3;

/// A row of the table.
pub struct AdviceRule {
    /// Stable id.
    pub id: &'static str,
    /// What to do, in short.
    pub title: &'static str,
    /// When it is said, why it helps and how it is done, in Markdown.
    pub doc: &'static str,
    find: for<'a> fn(&Place<'a>) -> Option<Found<'a>>,
}

impl std::fmt::Debug for AdviceRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// The next step that would help most.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// Id of the row.
    pub rule: &'static str,
    /// What to do, with whom and what it is about, in a sentence.
    pub text: String,
    /// Lines of the points that it is about, 0-based, sorted.
    pub lines: Vec<u32>,
    /// Branches and checks that go from the file.
    pub points: u32,
    /// What is left of the file's interest without them, taken from what it is: minutes a month. `None` without history.
    pub frees: Option<Span3>,
}

/// Every row. Where two take away as much, the first is said.
pub static ADVICE: &[&AdviceRule] = &[
    &DELETE_OVERDUE_FLAG,
    &END_OF_CONTRACT,
    &ASK_WHETHER_STILL_NEEDED,
    &ONE_POLICY_POINT,
    &PROMOTE_TO_ENTITLEMENT,
    &DECIDE_ONCE,
    &ISOLATE_CUSTOMER_CODE,
    &SPLIT_FUNCTION,
    &DECLARE_END,
];

static DELETE_OVERDUE_FLAG: AdviceRule = AdviceRule {
    id: "delete-overdue-flag",
    title: "Delete flags that are past their time",
    doc: "\
A flag is past the day that `bespoke.toml` tells, or older than its kind is expected to get (`bespoke explain flag-life`).
Nobody switches such a flag; every reader still has to think both ways, and one of them is never tested.

**What to do**: find out which way it stands in production, keep that branch, delete the other and the check, then the flag.
`bespoke without FLAG` shows what would go.
",
    find: |place| {
        let late = |subject: &Subject| {
            subject.dimension == "flag"
                && (place.has_ended(subject)
                    || matches!(
                        place.staleness(subject),
                        Some("overdue" | "fossil")
                    ))
        };
        place.remove(late, |names, gone| {
            let time = match names.only.and_then(|it| place.age(it)) {
                Some(days) if days > 730 => format!("{:.1} years old", f64::from(days) / 365.25),
                Some(days) => format!("{days} days old"),
                None => format!("past {} time", names.their()),
            };
            // Nobody told what an untold one is for.
            let untold = names.all.iter().any(|it| it.flag_kind.is_none() && it.ends.is_none());
            let or = if untold { ", or declare as permanent" } else { "" };
            format!("delete {names}, {time}{or}: {gone}")
        })
    },
};

static END_OF_CONTRACT: AdviceRule = AdviceRule {
    id: "end-of-contract",
    title: "Remove a customer whose contract has ended",
    doc: "\
The contract of a customer, as `bespoke.toml` tells it, has ended, and the code still asks for it.

**What to do**: make sure that it was not renewed (then correct the day), and remove its branches. `bespoke without CUSTOMER`
shows what would go.
",
    find: |place| {
        let ended = |subject: &Subject| subject.dimension != "flag" && place.has_ended(subject);
        place.remove(ended, |names, gone| {
            format!("remove {names}, whose contract has ended: {gone}")
        })
    },
};

static ASK_WHETHER_STILL_NEEDED: AdviceRule = AdviceRule {
    id: "ask-whether-still-needed",
    title: "Ask whether a customer's code is still needed",
    doc: "\
Nobody has changed a line of a customer's code for two years: neither its units nor its conditions nor what they guard. It may
work well; or nobody uses it.

**What to do**: ask who answers for the customer. If it is needed, write its contract's end into `bespoke.toml`, so that this
is asked again then. Needs history.
",
    find: |place| {
        let dormant = |subject: &Subject| is_customer(subject) && place.is_dormant(subject);
        place.remove(dormant, |names, gone| {
            format!(
                "ask whether {names} {} still needed, untouched for two years: if not, {gone}",
                names.are()
            )
        })
    },
};

static ONE_POLICY_POINT: AdviceRule = AdviceRule {
    id: "one-policy-point",
    title: "Move a customer's branches behind one policy",
    doc: "\
One customer is asked for at five places or more, in three files or more. Each of them is a decision of its own, which all who
change the file have to know of.

**What to do**: ask once, where it becomes known whom a request is for; choose a policy (an object, a table of settings) there
and hand it on; call it where the branches are now.
",
    find: |place| {
        let many = |subject: &Subject| {
            is_customer(subject) && subject.scattering >= POLICY.0 && subject.files >= POLICY.1
        };
        place.remove(many, |names, gone| {
            let spread = names.only.map_or_else(String::new, |it| {
                format!(", asked for at {} places in {} files,", it.scattering, it.files)
            });
            format!("move {names}{spread} behind one policy: {gone}")
        })
    },
};

static PROMOTE_TO_ENTITLEMENT: AdviceRule = AdviceRule {
    id: "promote-to-entitlement",
    title: "Promote a list of customers to an entitlement",
    doc: "\
Three customers or more are named in one function, or in one condition. What they have in common is a feature of the product
that has no name yet; the next customer who buys it is the next change of this code.

**What to do**: name the feature, keep who has it as data (a plan, an entitlement, a setting of the account), and ask for the
feature here. One check takes the place of all.
",
    find: |place| {
        let mut best: Option<(Group<'_>, &str)> = None;
        for (function, points) in place.by_function() {
            let group = place.group(&points, is_customer);
            let better = best.as_ref().is_none_or(|(known, _)| group.points.len() > known.points.len());
            if group.subjects.len() >= GROUP && better {
                best = Some((group, function));
            }
        }
        let (group, function) = best?;
        let gone = count(group.points.len()) - 1;
        let names = place.names(&group.subjects);
        let here = if function.is_empty() {
            String::new()
        } else {
            format!(" in `{function}`")
        };
        let effect = if gone == 0 {
            "the next one is then no change of code".to_owned()
        } else {
            format!("one check in place of {}", gone + 1)
        };
        Some(Found {
            text: format!("promote what {names} have in common{here} to an entitlement: {effect}"),
            points: group.points,
            gone,
        })
    },
};

static DECIDE_ONCE: AdviceRule = AdviceRule {
    id: "decide-once",
    title: "Ask once and hand the answer on",
    doc: "\
The same flag, or the same attribute of a tenant, is asked for at three places or more of one file. When it goes, or means
something else, all have to be found; and nothing makes sure that they agree.

**What to do**: ask at one place, give the answer a name that says what it is for, and hand it on.
",
    find: |place| {
        let mut best: Option<(SubjectId, Vec<&VariationPoint>)> = None;
        for (id, points) in place.alone() {
            let subject = place.subject(id);
            let fits = !is_customer(subject) && points.len() >= REPEATED;
            if fits && best.as_ref().is_none_or(|(_, known)| points.len() > known.len()) {
                best = Some((id, points));
            }
        }
        let (id, points) = best?;
        let gone = count(points.len()) - 1;
        Some(Found {
            text: format!(
                "ask for `{}` once and hand the answer on: one check in place of {}",
                place.subject(id).name,
                points.len()
            ),
            points,
            gone,
        })
    },
};

static ISOLATE_CUSTOMER_CODE: AdviceRule = AdviceRule {
    id: "isolate-customer-code",
    title: "Turn the dependency on a customer's code round",
    doc: "\
Code for all depends on the code of one customer: it cannot be built, tested or understood without it, and the customer cannot
be removed without a change here.

**What to do**: let the core declare what it needs (an interface, a hook), and let the customer's code register itself there.
",
    find: |place| {
        // It is the file that depends, whatever function uses it.
        place.function.is_none().then_some(())?;
        let crossings = &place.analysis.structure.crossings;
        let own = crossings.iter().filter(|it| it.from == place.file && it.by.is_none());
        let on: BTreeSet<SubjectId> = own.map(|it| it.on).collect();
        (!on.is_empty()).then(|| Found {
            text: format!(
                "let the code of {} register itself instead of being used from here",
                place.names(&on)
            ),
            points: Vec::new(),
            gone: 0,
        })
    },
};

static SPLIT_FUNCTION: AdviceRule = AdviceRule {
    id: "split-function",
    title: "Split a function in which many subjects meet",
    doc: "\
Four subjects or more meet in one function: with so many flags it can run in sixteen ways, and hardly anybody tests them all.

**What to do**: one function for each decision; or decide first, all at one place, and run what was decided after that.
",
    find: |place| {
        let functions = place.functions();
        let worst = functions
            .iter()
            .filter(|it| it.tangling >= MANY)
            .max_by_key(|it| (it.tangling, it.points, std::cmp::Reverse(it.line)))?;
        let inside = |point: &&&VariationPoint| worst.line <= point.line && point.line <= worst.end_line;
        Some(Found {
            text: format!(
                "split `{}`: {} subjects meet in it",
                worst.name, worst.tangling
            ),
            points: place.points.iter().filter(inside).copied().collect(),
            gone: 0,
        })
    },
};

static DECLARE_END: AdviceRule = AdviceRule {
    id: "declare-end",
    title: "Say when it ends, and who answers for it",
    doc: "\
A customer or flag is asked for, and nobody told until when. What has no end is not removed: that is how such code grows.

**What to do**: write it into `bespoke.toml`, with the end of the contract or the day by which the flag should be gone, and an
owner. From that day on it is told as past its time.
",
    find: |place| {
        let endless = |subject: &Subject| {
            let permanent = subject.dimension == "flag" && expected_days(subject.flag_kind.as_deref()).is_none();
            subject.ends.is_none() && subject.dimension != "tenant" && !permanent
        };
        let group = place.group(&place.points, endless);
        (!group.subjects.is_empty()).then(|| Found {
            text: format!(
                "write down when {} {}, and who answers for it",
                place.names(&group.subjects),
                if group.subjects.len() == 1 { "ends" } else { "end" }
            ),
            points: group.points,
            gone: 0,
        })
    },
};

/// A customer, or a subject of a dimension of the user's.
fn is_customer(subject: &Subject) -> bool {
    !matches!(subject.dimension.as_str(), "flag" | "tenant")
}

struct Found<'a> {
    text: String,
    points: Vec<&'a VariationPoint>,
    gone: u32,
}

/// Subjects with the points that ask for any of them.
struct Group<'a> {
    subjects: BTreeSet<SubjectId>,
    points: Vec<&'a VariationPoint>,
}

/// What is known of a file, or of a function of it.
pub(crate) struct Place<'a> {
    pub(crate) analysis: &'a Analysis,
    pub(crate) past: Option<&'a Dates<'a>>,
    /// The day with which ends are compared.
    pub(crate) today: Option<&'a str>,
    pub(crate) file: FileId,
    pub(crate) function: Option<&'a FunctionReport>,
    /// Its counted branches and checks.
    pub(crate) points: Vec<&'a VariationPoint>,
    /// What the file costs.
    pub(crate) interest: Option<FileInterest>,
    pub(crate) parameters: &'a Parameters,
}

/// When subjects came and were changed last, by dimension and key.
pub(crate) struct Dates<'a> {
    until: i64,
    born: BTreeMap<(&'a str, &'a str), i64>,
    changed: BTreeMap<(&'a str, &'a str), i64>,
}

impl<'a> Dates<'a> {
    pub(crate) fn new(past: &'a Past) -> Self {
        Self {
            until: past.until,
            born: past
                .lives
                .iter()
                .map(|it| ((it.dimension.as_str(), it.key.as_str()), it.born.time))
                .collect(),
            changed: past
                .subjects
                .iter()
                .filter_map(|it| {
                    let last = it.last.as_ref()?;
                    Some(((it.dimension.as_str(), it.key.as_str()), last.time))
                })
                .collect(),
        }
    }
}

/// Names in a sentence.
struct Names<'a> {
    /// As they are said.
    text: String,
    /// All of them.
    all: Vec<&'a Subject>,
    /// The only one.
    only: Option<&'a Subject>,
}

impl Names<'_> {
    fn their(&self) -> &'static str {
        if self.only.is_some() { "its" } else { "their" }
    }

    fn are(&self) -> &'static str {
        if self.only.is_some() { "is" } else { "are" }
    }
}

impl std::fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'a> Place<'a> {
    /// What helps most; `None` where nothing does.
    pub(crate) fn advice(&self) -> Option<Advice> {
        let found = ADVICE
            .iter()
            .enumerate()
            .filter_map(|(at, rule)| Some((at, rule, (rule.find)(self)?)));
        let (_, rule, found) =
            found.max_by_key(|(at, _, found)| (found.gone, std::cmp::Reverse(*at)))?;
        let lines: BTreeSet<u32> = found.points.iter().map(|point| point.line).collect();
        Some(Advice {
            rule: rule.id,
            text: found.text,
            lines: lines.into_iter().collect(),
            points: found.gone,
            frees: self.interest.map(|it| self.frees(&it, found.gone)),
        })
    }

    /// I(f) − I(f with so many points less).
    fn frees(&self, interest: &FileInterest, gone: u32) -> Span3 {
        let left = overhead(
            interest.points.saturating_sub(gone),
            interest.reach,
            self.parameters,
        );
        let freed = Span3 {
            low: (interest.share.low - left.low) * interest.work,
            mid: (interest.share.mid - left.mid) * interest.work,
            high: (interest.share.high - left.high) * interest.work,
        };
        // Under severe assumptions a file may be at its worst with and without these points, and less is freed.
        freed.around_mid()
    }

    fn subject(&self, id: SubjectId) -> &'a Subject {
        &self.analysis.subjects[id.index()]
    }

    fn has_ended(&self, subject: &Subject) -> bool {
        // Both are YYYY-MM-DD.
        let ends = subject.ends.as_deref().zip(self.today);
        ends.is_some_and(|(ends, today)| ends < today)
    }

    fn staleness(&self, subject: &Subject) -> Option<&'static str> {
        Some(staleness(self.age(subject)?, subject.flag_kind.as_deref()))
    }

    /// Days since its first point came.
    fn age(&self, subject: &Subject) -> Option<u32> {
        let past = self.past?;
        let born = past
            .born
            .get(&(subject.dimension.as_str(), subject.key.as_str()))?;
        Some(u32::try_from((past.until - born).max(0) / DAY).unwrap_or(u32::MAX))
    }

    fn is_dormant(&self, subject: &Subject) -> bool {
        self.past.is_some_and(|past| {
            let changed = past
                .changed
                .get(&(subject.dimension.as_str(), subject.key.as_str()));
            changed.is_some_and(|changed| past.until - changed > DORMANT_DAYS * DAY)
        })
    }

    /// Subjects that fit, with the points that ask for any of them.
    fn group(&self, points: &[&'a VariationPoint], fits: impl Fn(&Subject) -> bool) -> Group<'a> {
        let mut group = Group {
            subjects: BTreeSet::new(),
            points: Vec::new(),
        };
        for point in points {
            let own = point.subjects.iter().filter(|id| fits(self.subject(**id)));
            let before = group.points.len();
            for id in own {
                group.subjects.insert(*id);
                if group.points.len() == before {
                    group.points.push(point);
                }
            }
        }
        group
    }

    /// To remove all subjects that fit: the points that ask for nobody else go.
    fn remove(
        &self,
        fits: impl Fn(&Subject) -> bool,
        text: impl Fn(&Names<'_>, &str) -> String,
    ) -> Option<Found<'a>> {
        let group = self.group(&self.points, fits);
        let sole =
            |point: &&&VariationPoint| point.subjects.iter().all(|id| group.subjects.contains(id));
        let gone = count(group.points.iter().filter(sole).count());
        (gone > 0).then(|| {
            let going = match gone {
                1 => "1 branch or check goes".to_owned(),
                _ => format!("{gone} branches or checks go"),
            };
            Found {
                text: text(&self.names(&group.subjects), &going),
                points: group.points.clone(),
                gone,
            }
        })
    }

    /// The points that ask for one subject only, by subject.
    fn alone(&self) -> BTreeMap<SubjectId, Vec<&'a VariationPoint>> {
        let mut by_subject: BTreeMap<SubjectId, Vec<&VariationPoint>> = BTreeMap::new();
        for point in &self.points {
            if let [only] = point.subjects.as_slice() {
                by_subject.entry(*only).or_default().push(point);
            }
        }
        by_subject
    }

    /// Points by the name of their function; those outside of any by nothing.
    fn by_function(&self) -> BTreeMap<&'a str, Vec<&'a VariationPoint>> {
        let mut by_name: BTreeMap<&str, Vec<&VariationPoint>> = BTreeMap::new();
        for point in &self.points {
            let name = point.function.as_deref().unwrap_or("");
            by_name.entry(name).or_default().push(point);
        }
        by_name
    }

    fn functions(&self) -> Vec<&'a FunctionReport> {
        match self.function {
            Some(function) => vec![function],
            None => functions_of(self.analysis, self.file).iter().collect(),
        }
    }

    fn names(&self, subjects: &BTreeSet<SubjectId>) -> Names<'a> {
        let all: Vec<&Subject> = subjects.iter().map(|id| self.subject(*id)).collect();
        let mut told: Vec<String> = all
            .iter()
            .take(NAMES)
            .map(|it| format!("`{}`", it.name))
            .collect();
        match all.len().saturating_sub(NAMES) {
            0 => {}
            // "and 1 more" is no shorter than the name.
            1 => told.push(format!("`{}`", all[NAMES].name)),
            more => told.push(format!("{more} more")),
        }
        let last = told.pop().unwrap_or_default();
        Names {
            text: if told.is_empty() {
                last
            } else {
                format!("{} and {last}", told.join(", "))
            },
            only: match all.as_slice() {
                [only] => Some(*only),
                _ => None,
            },
            all,
        }
    }
}

/// The functions of a file, which all functions are sorted by.
pub(crate) fn functions_of(analysis: &Analysis, file: FileId) -> &[FunctionReport] {
    let functions = &analysis.functions;
    let first = functions.partition_point(|it| it.file < file);
    let end = functions.partition_point(|it| it.file <= file);
    &functions[first..end]
}
