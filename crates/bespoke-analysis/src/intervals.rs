//! Spans inside spans, and lines covered by ranges.

use bespoke_facts::Span;

/// For each of `inner`, the positions in `outer` of the spans that contain it.
///
/// One sweep over both in order of their start, so that a file with thousands of spans costs no square.
pub(crate) fn enclosing(outer: &[Span], inner: &[Span]) -> Vec<Vec<usize>> {
    let mut by_start: Vec<usize> = (0..outer.len()).collect();
    by_start.sort_by_key(|at| outer[*at]);
    let mut queries: Vec<usize> = (0..inner.len()).collect();
    queries.sort_by_key(|at| inner[*at].start);

    let mut found = vec![Vec::new(); inner.len()];
    let mut active: Vec<usize> = Vec::new();
    let mut next = by_start.into_iter().peekable();
    for query in queries {
        let span = inner[query];
        while let Some(at) = next.next_if(|at| outer[*at].start <= span.start) {
            active.push(at);
        }
        active.retain(|at| outer[*at].end >= span.start);
        found[query].extend(active.iter().filter(|at| outer[**at].contains(span)));
    }
    found
}

/// The position in `outer` of the shortest span around each of `inner`.
pub(crate) fn innermost(outer: &[Span], inner: &[Span]) -> Vec<Option<usize>> {
    enclosing(outer, inner)
        .into_iter()
        .map(|around| around.into_iter().min_by_key(|at| (outer[*at].len(), *at)))
        .collect()
}

/// The same lines as ranges that neither overlap nor touch, in order. Ends count in.
pub(crate) fn union(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (first, last) in ranges {
        match merged.last_mut() {
            Some(before) if first <= before.1.saturating_add(1) => before.1 = before.1.max(last),
            _ => merged.push((first, last)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans<const N: usize>(pairs: [(u32, u32); N]) -> [Span; N] {
        pairs.map(|(start, end)| Span::new(start, end))
    }

    #[test]
    fn spans_find_those_around_them() {
        let outer = spans([(10, 20), (0, 30), (12, 14), (25, 30)]);
        let inner = spans([(12, 13), (26, 30), (14, 14), (5, 15), (40, 41)]);
        let mut found = enclosing(&outer, &inner);
        for around in &mut found {
            around.sort_unstable();
        }
        assert_eq!(
            found,
            [vec![0, 1, 2], vec![1, 3], vec![0, 1, 2], vec![1], vec![]]
        );
        assert_eq!(
            innermost(&outer, &inner),
            [Some(2), Some(3), Some(2), Some(1), None]
        );
    }

    #[test]
    fn overlapping_lines_are_joined() {
        assert_eq!(
            union(vec![(7, 9), (0, 2), (1, 4), (5, 5), (20, 20)]),
            [(0, 5), (7, 9), (20, 20)]
        );
        assert_eq!(union(Vec::new()), []);
    }
}
