//! M13: what is declared, and what is there.

use super::{Harm, Metric, Scope};
use crate::{Analysis, SubjectOrigin};

pub(super) static METRIC: Metric = Metric {
    id: "misalignment",
    title: "Misalignment",
    unit: "share of subjects",
    scope: Scope::Tree,
    harm: Some(Harm::Misalignment),
    doc: "\
Where the registry (customers, flags and dimensions of `bespoke.toml`) and the code say different things: what is in code and
undeclared, what has expired and is still there, what was promised and is absent. Subjects of dimensions without any entry do
not count.

**Formula**: MI = (|U| + |E| + |P|) / |K ∪ D|. D are the declared customers, flags and subjects, K those with a point in code.
U = K ∖ D; E those of K ∩ D whose contract end or expiry is past; P those of D ∖ K whose promised day is past.

**Not available**: without a registry, of which the undeclared are shown alone; expired and promised need a day to compare with,
which is the last commit's, or `--as-of`.

**Source**: traceability gaps between plans and code; the index is ours.

**Example**: Acme, Globex and Initech are declared, Acme's contract ended last month, Initech was promised for last week and
has no code, and the code names Umbrella too: (1 + 1 + 1) / 4 = 75 %.
",
};

/// Where the registry and the code disagree, as positions of subjects and names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Misalignment {
    /// In code, and not declared: positions of subjects.
    pub undeclared: Vec<usize>,
    /// Past their end, and still in code.
    pub expired: Vec<usize>,
    /// Promised for a day that is past, and absent.
    pub absent: Vec<usize>,
    /// In code, and nobody answers for them in the registry.
    pub ownerless: Vec<usize>,
    /// |K ∪ D| of dimensions with a registry; 0 without one.
    pub all: usize,
}

impl Misalignment {
    /// MI, 0 to 1; `None` without a registry.
    pub fn share(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "counts of subjects are small")]
        let share = |part: usize| part as f64 / self.all as f64;
        (self.all > 0)
            .then(|| share(self.undeclared.len() + self.expired.len() + self.absent.len()))
    }
}

/// Compares them. `today` is `YYYY-MM-DD`.
pub fn misalignment(analysis: &Analysis, today: Option<&str>) -> Misalignment {
    let mut found = Misalignment::default();
    let past = |day: Option<&String>| {
        today.is_some_and(|today| day.is_some_and(|day| day.as_str() < today))
    };
    let mut declared = std::collections::BTreeSet::new();
    for subject in &analysis.subjects {
        if subject.origin == SubjectOrigin::Told {
            declared.insert(subject.dimension.as_str());
        }
    }
    for (at, subject) in analysis.subjects.iter().enumerate() {
        if !declared.contains(subject.dimension.as_str()) {
            continue;
        }
        found.all += 1;
        let told = subject.origin == SubjectOrigin::Told;
        let in_code = subject.scattering + subject.units + subject.data > 0;
        if !in_code {
            if past(subject.promised.as_ref()) {
                found.absent.push(at);
            }
            continue;
        }
        if !told {
            found.undeclared.push(at);
        } else if past(subject.ends.as_ref()) {
            found.expired.push(at);
        }
        if told && subject.owner.is_none() {
            found.ownerless.push(at);
        }
    }
    found
}
