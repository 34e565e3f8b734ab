//! Dependencies on customers' code from outside.

use super::{Harm, Metric, Scope};
use crate::{graph::Graph, structure::Crossing};

pub(super) static METRIC: Metric = Metric {
    id: "crossings",
    title: "Boundary crossings",
    unit: "dependencies",
    scope: Scope::Tree,
    harm: Some(Harm::Scaling),
    doc: "\
Dependencies on a customer's unit by code that is not that customer's: by the core, which then cannot be built or understood
without that customer, or by another customer's unit. What customers' units use of the core is as it should be, and no
crossing.

**Formula**: LV = |{(f, g) : f depends on g, owner(g) = c, owner(f) ≠ c}|.

**Source**: layering violations, Sangal et al., OOPSLA 2005.

**Example**: `core/order.ts` imports `custom/acme/rates.ts`, which imports `core/money.ts`: one crossing.
",
};

pub(crate) fn of(graph: &Graph) -> Vec<Crossing> {
    let mut found: Vec<Crossing> = graph
        .file_edges()
        .filter_map(|edge| {
            let (from, to) = (
                &graph.nodes[edge.from as usize],
                &graph.nodes[edge.to as usize],
            );
            let on = to.owner.filter(|_| from.owner != to.owner)?;
            Some(Crossing {
                from: from.file?,
                line: edge.line,
                to: to.file?,
                by: from.owner,
                on,
            })
        })
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{FileId, SubjectId, graph::sample};

    #[test]
    fn into_a_unit_is_a_crossing_and_out_of_it_is_none() {
        // core 0, acme 1 and 2, globex 3.
        let mut graph = sample(4, &[(0, 1), (1, 0), (1, 2), (3, 1)]);
        graph.nodes[1].owner = Some(SubjectId(0));
        graph.nodes[2].owner = Some(SubjectId(0));
        graph.nodes[3].owner = Some(SubjectId(1));
        let found: Vec<_> = of(&graph)
            .into_iter()
            .map(|it| (it.from, it.to, it.by, it.on))
            .collect();
        assert_eq!(
            found,
            [
                (FileId(0), FileId(1), None, SubjectId(0)),
                (FileId(3), FileId(1), Some(SubjectId(1)), SubjectId(0)),
            ]
        );
    }
}
