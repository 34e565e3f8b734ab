//! Which files are in the core of the tree.

use super::{Metric, Scope};
use crate::{
    graph::{Cycle, Visibility},
    structure::Place,
};

pub(super) static METRIC: Metric = Metric {
    id: "core-periphery",
    title: "Core and periphery",
    unit: "core, shared, control, peripheral",
    scope: Scope::File,
    harm: None,
    doc: "\
Where a file stands as seen from the largest cycle. `core`: in it. `shared`: seen by at least as many files as the core, and
seeing fewer. `control`: the other way round. `peripheral`: fewer both ways. A tree without cycles has no core; then there is
no class.

**Formula**: with VFI and VFO of the core's files: shared if VFI(f) ≥ VFI(core) and VFO(f) < VFO(core), control if VFI(f) <
VFI(core) and VFO(f) ≥ VFO(core), peripheral if both are smaller.

**Source**: Baldwin, MacCormack and Rusnak, *Hidden structure*, Research Policy 43(8), 2014.

**Example**: `a ↔ b`, `c → a`, `b → d`, `e` alone: `a` and `b` are the core, `d` is shared, `c` is control, `e` peripheral.
",
};

pub(crate) fn of(visibility: &Visibility, cycles: &[Cycle]) -> Vec<Place> {
    let both = visibility.fan_in.iter().zip(&visibility.fan_out);
    // Of cycles of one size the one that sees and is seen most.
    let core = cycles.iter().max_by_key(|cycle| {
        let first = cycle.files.first().map_or(0, |file| file.index());
        let seen = visibility.fan_in.get(first).copied().unwrap_or(0);
        (cycle.files.len(), seen, std::cmp::Reverse(first))
    });
    let Some(core) = core else {
        return both.map(|_| Place::None).collect();
    };
    let first = core.files[0].index();
    let (seen, sees) = (visibility.fan_in[first], visibility.fan_out[first]);
    let place = |(at, (fan_in, fan_out)): (usize, (&u32, &u32))| {
        let is_core = core.files.iter().any(|file| file.index() == at);
        match (*fan_in >= seen, *fan_out >= sees) {
            _ if is_core => Place::Core,
            // Another cycle of the core's size.
            (true, true) => Place::Core,
            (true, false) => Place::Shared,
            (false, true) => Place::Control,
            (false, false) => Place::Peripheral,
        }
    };
    both.enumerate().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{cycles, sample, visibility};

    #[test]
    fn the_documented_example_and_the_edges() {
        let graph = sample(5, &[(0, 1), (1, 0), (2, 0), (1, 3)]);
        let places = of(&visibility(&graph), &cycles(&graph));
        assert_eq!(
            places,
            [
                Place::Core,
                Place::Core,
                Place::Control,
                Place::Shared,
                Place::Peripheral
            ]
        );
        let tree = sample(2, &[(0, 1)]);
        assert_eq!(of(&visibility(&tree), &cycles(&tree)), [Place::None; 2]);
    }
}
