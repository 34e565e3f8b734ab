//! `bespoke graph`.

use std::io::{self, BufWriter, Write as _};

use bespoke_engine::{Analysis, Scan};
use bespoke_report::write_graph;

use super::{no_subject, scan_paths};
use crate::{
    args::{GraphCommand, ScreenArgs},
    exit,
    failure::Failure,
};

pub(crate) fn run(args: &GraphCommand, screen: &ScreenArgs) -> Result<u8, Failure> {
    let scan = scan_paths(&args.paths, &args.input, screen)?;
    let keep = kept(args, &scan)?;
    let analysis = &scan.analysis;
    let nodes = &analysis.graph.nodes;
    let show = |at: u32| {
        let node = &nodes[at as usize];
        match node.file {
            Some(file) => keep.as_ref().is_none_or(|keep| keep[file.index()]),
            None => keep.is_none() && !args.no_packages,
        }
    };
    let mut view = analysis
        .graph
        .view(args.level.level(), &analysis.subjects, &show);
    if args.no_packages {
        drop_packages(&mut view);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    write_graph(&view, args.format.form(), &mut out)?;
    out.flush()?;
    Ok(exit::CLEAN)
}

fn drop_packages(view: &mut bespoke_engine::View) {
    let mut place = Vec::with_capacity(view.nodes.len());
    let mut next = 0;
    for node in &view.nodes {
        place.push((node.kind != "package").then_some(next));
        next += u32::from(node.kind != "package");
    }
    view.nodes.retain(|node| node.kind != "package");
    view.edges.retain_mut(|edge| {
        let ends = place[edge.from as usize].zip(place[edge.to as usize]);
        if let Some((from, to)) = ends {
            (edge.from, edge.to) = (from, to);
        }
        ends.is_some()
    });
}

/// The files that the filters leave; `None` for all.
fn kept(args: &GraphCommand, scan: &Scan) -> Result<Option<Vec<bool>>, Failure> {
    if args.subject.is_empty() && args.path.is_empty() {
        return Ok(None);
    }
    let analysis = &scan.analysis;
    let mut keep = vec![args.subject.is_empty(); analysis.files.len()];
    for name in &args.subject {
        mark(analysis, name, &mut keep)?;
    }
    if !args.path.is_empty() {
        for (file, keep) in analysis.files.iter().zip(&mut keep) {
            let path = file.path.as_str();
            *keep &= args.path.iter().any(|folder| {
                let rest = path.strip_prefix(folder.trim_matches('/'));
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            });
        }
    }
    Ok(Some(keep))
}

/// Marks the files with a point of a subject.
fn mark(analysis: &Analysis, name: &str, keep: &mut [bool]) -> Result<(), Failure> {
    let ids = analysis.subjects_named(name);
    if ids.is_empty() {
        return Err(no_subject(analysis, name));
    }
    let counted = analysis
        .counted()
        .filter(|point| point.subjects.iter().any(|id| ids.contains(id)));
    for point in counted {
        match point.file {
            Some(file) => keep[file.index()] = true,
            None => {
                let folder = format!("{}/", point.path);
                for (file, keep) in analysis.files.iter().zip(keep.iter_mut()) {
                    *keep |= file.path.as_str().starts_with(&folder);
                }
            }
        }
    }
    Ok(())
}
