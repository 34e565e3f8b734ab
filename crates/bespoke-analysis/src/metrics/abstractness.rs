//! A: how much of a component is promise and not code.

use bespoke_facts::{DefinitionKind, FileFacts};

use super::{Metric, Scope};

pub(super) static METRIC: Metric = Metric {
    id: "abstractness",
    title: "Abstractness",
    unit: "0 to 1",
    scope: Scope::Tree,
    harm: None,
    doc: "\
Of a component's types, the share that only promises: interfaces and traits. Type aliases and classes that others derive
from are not told apart and count as concrete, aliases not at all. Not there for a component without types.

**Formula**: A = interfaces / (interfaces + classes + enums).

**Source**: Martin, *OO Design Quality Metrics*, 1994.

**Example**: one trait, two structs and an enum: A = 0.25.
",
};

/// Interfaces, and all types, of a file.
pub(crate) fn types(facts: &FileFacts) -> (u32, u32) {
    facts
        .definitions
        .iter()
        .fold((0, 0), |(promises, all), definition| {
            match definition.kind {
                DefinitionKind::Interface => (promises + 1, all + 1),
                DefinitionKind::Class | DefinitionKind::Enum => (promises, all + 1),
                _ => (promises, all),
            }
        })
}

/// In thousandths.
pub(crate) fn of((promises, all): (u32, u32)) -> Option<u32> {
    (promises * 1_000).checked_div(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_example_and_the_edges() {
        assert_eq!(of((1, 4)), Some(250));
        assert_eq!((of((0, 2)), of((0, 0))), (Some(0), None));
    }
}
