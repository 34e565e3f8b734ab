//! M2: over how much code a subject is spread.

use std::collections::BTreeSet;

use bespoke_facts::RepoPath;

use super::{Harm, Metric, Place, Scope, count, distinct_subjects, quantiles};
use crate::{FileSet, Package, PathRule, PointKind, Subject, VariationPoint};

pub(super) static METRIC: Metric = Metric {
    id: "scattering",
    title: "Scattering",
    unit: "points, files, components",
    scope: Scope::Subject,
    harm: Some(Harm::Overload),
    doc: "\
Over how many places, files and components a subject is spread. A folder that is a unit stands in each source file below
it. Over many subjects, scattering follows a power law: read the median, the 90th percentile and the maximum, by nearest
rank; there is no mean.

**Formula**: SD = branches and checks with the subject; SF = files with any point of it; SK = components with any point of
it. A component is what `[[component]]` in `bespoke.toml` says; else the nearest package's folder; in the root package, or where there is none, it is the top folder, or the
top two where the first only holds others (`src`, `lib`, `app`, `packages`, …).

**Source**: scattering degree in Liebig et al., ICSE 2010; quantiles after Queiroz et al., *The shape of feature code*,
Software and Systems Modeling 2015.

**Example**: a flag checked twice in `packages/web/a.ts`, once in `packages/web/b.ts` and once in `packages/api/c.ts`:
SD = 4, SF = 3, SK = 2.
",
};

/// Folders that only hold others: what is below them tells more.
const HOLDERS: [&str; 15] = [
    "app", "apps", "cmd", "crates", "internal", "lib", "libs", "modules", "packages", "pkg",
    "plugins", "services", "source", "sources", "src",
];

/// The component a file or folder belongs to; `.` for the root.
pub(super) fn component(path: &RepoPath, set: &FileSet) -> String {
    component_of(path, &set.components, &set.packages)
}

/// The same, of a tree whose packages are `packages`.
pub(super) fn component_of(path: &RepoPath, rules: &[PathRule], packages: &[Package]) -> String {
    let rule = rules.iter().find(|rule| rule.holds(path.as_str()));
    rule.map_or_else(|| by_place(path, packages), |rule| rule.name.clone())
}

fn by_place(path: &RepoPath, packages: &[Package]) -> String {
    let path = path.as_str();
    let around = packages
        .iter()
        .map(|package| package.dir.as_str())
        .filter(|dir| !dir.is_empty() && (path == *dir || below(path, dir)))
        .max_by_key(|dir| dir.len());
    if let Some(dir) = around {
        return dir.to_owned();
    }
    let folders: Vec<&str> = path.split('/').collect();
    let folders = &folders[..folders.len() - 1];
    match folders {
        [] => ".".to_owned(),
        [first, second, ..] if HOLDERS.contains(first) => format!("{first}/{second}"),
        [first, ..] => (*first).to_owned(),
    }
}

/// Counts points, files and components of each subject.
pub(super) fn fill(
    subjects: &mut [Subject],
    places: &[Place<'_>],
    counted: &[&VariationPoint],
    set: &FileSet,
) {
    for point in counted {
        for id in &point.subjects {
            let Some(subject) = subjects.get_mut(id.index()) else {
                continue;
            };
            match point.kind {
                PointKind::Branch | PointKind::Check => subject.scattering += 1,
                PointKind::Unit => subject.units += 1,
                PointKind::Data => subject.data += 1,
                PointKind::Dependency => {}
            }
        }
    }
    let mut components: Vec<BTreeSet<String>> = vec![BTreeSet::new(); subjects.len()];
    for place in places {
        for id in distinct_subjects(&place.points) {
            if let Some(subject) = subjects.get_mut(id.index()) {
                subject.files += 1;
                components[id.index()].insert(place.component.clone());
            }
        }
    }
    // A folder without source files is in no place.
    for folder in counted.iter().filter(|point| point.file.is_none()) {
        for id in &folder.subjects {
            if let Some(components) = components.get_mut(id.index())
                && components.is_empty()
            {
                components.insert(component(&folder.path, set));
            }
        }
    }
    for (subject, components) in subjects.iter_mut().zip(&components) {
        subject.components = count(components.len());
    }
}

/// Median, 90th percentile and maximum of customers' and flags' scattering degrees. Those without a branch or check are
/// not scattered and not in it.
pub(super) fn quantiles_of(subjects: &[Subject]) -> [u32; 3] {
    let degrees = subjects
        .iter()
        .filter(|it| matches!(it.dimension.as_str(), "customer" | "flag") && it.scattering > 0);
    quantiles(degrees.map(|subject| subject.scattering).collect())
}

fn below(path: &str, dir: &str) -> bool {
    path.strip_prefix(dir)
        .is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PackageKind, metrics::sample::sample};

    fn packages(dirs: &[&str]) -> Vec<Package> {
        dirs.iter()
            .map(|dir| Package {
                dir: (*dir).to_owned(),
                name: format!("@acme/{dir}"),
                kind: PackageKind::Npm,
            })
            .collect()
    }

    #[test]
    fn components_are_packages_or_else_top_folders() {
        let packages = packages(&["", "packages/web", "packages/web/plugin"]);
        for (path, expected) in [
            ("packages/web/src/a.ts", "packages/web"),
            ("packages/web/plugin/a.ts", "packages/web/plugin"),
            ("packages/website/a.ts", "packages/website"),
            ("src/billing/deep/a.ts", "src/billing"),
            ("src/a.ts", "src"),
            ("billing/deep/a.ts", "billing"),
            ("a.ts", "."),
        ] {
            assert_eq!(
                by_place(&RepoPath::new(path), &packages),
                expected,
                "{path}"
            );
        }
    }

    #[test]
    fn the_example_is_four_three_two() {
        let check = |sample: crate::metrics::sample::Sample, text| {
            sample.point(PointKind::Check, &[0], text, &[])
        };
        let mut tree =
            sample(&[("flag", "dark"), ("flag", "unused")]).file("packages/api/c.ts", "on('dark')");
        tree = check(tree, "on('dark')").file("packages/web/a.ts", "on('dark'), on(DARK)");
        tree = check(check(tree, "on('dark')"), "on(DARK)");
        tree = check(tree.file("packages/web/b.ts", "on('dark')"), "on('dark')");
        tree.set.packages = packages(&["packages/api", "packages/web"]);
        let analysis = tree.measure();
        let dark = &analysis.subjects[0];
        assert_eq!((dark.scattering, dark.files, dark.components), (4, 3, 2));
        let unused = &analysis.subjects[1];
        assert_eq!(
            (unused.scattering, unused.files, unused.components),
            (0, 0, 0)
        );
        assert_eq!(analysis.totals.scattering, [4, 4, 4]);
    }

    #[test]
    fn a_folder_stands_in_its_files_and_units_and_data_are_told_apart() {
        let analysis = sample(&[("customer", "acme")])
            .file("src/acme-old/x.ts", "x()")
            .file("src/acme/a.ts", "a()")
            .file("src/acme/b.ts", "b()")
            .folder(0, "src/acme")
            .file("src/core/c.ts", "['acme']")
            .point(PointKind::Data, &[0], "'acme'", &[])
            .measure();
        let acme = &analysis.subjects[0];
        assert_eq!((acme.scattering, acme.units, acme.data), (0, 1, 1));
        assert_eq!((acme.files, acme.components), (3, 2));
        let subjects: Vec<u32> = analysis.files.iter().map(|file| file.subjects).collect();
        assert_eq!(subjects, [0, 1, 1, 1]);
        assert_eq!(analysis.totals.points, 0);
    }
}
