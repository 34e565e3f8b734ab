//! What debt must be whatever the tree: checked on trees that are made up, each of its own seed.

use std::{fmt::Write as _, fs, path::PathBuf};

use bespoke_engine::{Debt, Effort, FilePast, Options, Past, RepoPath, scan, score};

/// Days of a year, in seconds.
const YEAR: i64 = 365 * 86_400;

/// A tree: how many branches and checks each file has for whom, and the work on it.
#[derive(Clone)]
struct Tree {
    files: Vec<File>,
}

#[derive(Clone)]
struct File {
    name: String,
    /// Customers and flags, by number; even ones are customers.
    asks: Vec<u32>,
    days: f64,
}

/// Numbers of a seed (`SplitMix64`).
struct Dice(u64);

impl Dice {
    fn below(&mut self, count: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u32::try_from((mixed >> 33) % u64::from(count)).unwrap()
    }
}

impl Tree {
    fn new(dice: &mut Dice) -> Self {
        let files = (0..3 + dice.below(8)).map(|at| File {
            name: format!("part{at}"),
            asks: (0..dice.below(6)).map(|_| dice.below(8)).collect(),
            days: f64::from(dice.below(40)) / 4.0,
        });
        Self {
            files: files.collect(),
        }
    }

    fn text(file: &File, others: &[File]) -> String {
        let mut text = String::from("import { useFlag } from '@unleash/proxy-client-react';\n");
        // A chain of imports, so that reach counts.
        if let Some(next) = others.first() {
            writeln!(text, "import {{ f0 as g }} from './{}';\ng;", next.name).unwrap();
        }
        text.push_str("export function f0() { return 0; }\n");
        for (at, who) in file.asks.iter().enumerate() {
            if who % 2 == 0 {
                writeln!(
                    text,
                    "export function c{at}(tenant: {{ slug: string }}) {{\n  if (tenant.slug === 'customer-{who}-inc') {{\n    return {at};\n  }}\n  return 0;\n}}"
                )
            } else {
                writeln!(
                    text,
                    "export function F{at}() {{\n  if (useFlag('flag-{who}')) {{\n    return {at};\n  }}\n  return 0;\n}}"
                )
            }
            .unwrap();
        }
        text
    }

    fn debt(&self) -> Debt {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        for (at, file) in self.files.iter().enumerate() {
            let path = folder.path().join(format!("src/{}.ts", file.name));
            fs::write(path, Self::text(file, &self.files[at + 1..])).unwrap();
        }
        let mut registry = String::new();
        for who in (0..8).step_by(2) {
            writeln!(registry, "[[customer]]\nname = 'customer-{who}-inc'").unwrap();
        }
        fs::write(folder.path().join("bespoke.toml"), registry).unwrap();
        let root: PathBuf = folder.path().to_owned();
        let scan = scan(&[root], &Options::default()).unwrap();
        let points: usize = self.files.iter().map(|file| file.asks.len()).sum();
        assert_eq!(
            scan.analysis.totals.points as usize, points,
            "every point is seen"
        );
        let effort = |days| Effort {
            total: days,
            year: days,
        };
        let mut files: Vec<FilePast> = self
            .files
            .iter()
            .map(|file| FilePast {
                path: RepoPath::new(format!("src/{}.ts", file.name)),
                effort: effort(file.days),
                ..FilePast::default()
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let past = Past {
            until: 2 * YEAR,
            effort: effort(100.0),
            files,
            ..Past::default()
        };
        score(&scan.analysis, Some(&past), "", &scan.debt)
    }
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0)
}

fn interest(debt: &Debt) -> [f64; 3] {
    let interest = debt.flow.as_ref().unwrap().interest;
    [interest.low, interest.mid, interest.high]
}

#[test]
fn without_points_there_is_no_debt() {
    for seed in 0..8 {
        let mut tree = Tree::new(&mut Dice(seed));
        for file in &mut tree.files {
            file.asks.clear();
        }
        let debt = tree.debt();
        assert_eq!(debt.principal.items, 0);
        assert!(near(debt.principal.high, 0.0), "seed {seed}");
        assert!(
            interest(&debt).iter().all(|it| near(*it, 0.0)),
            "seed {seed}"
        );
    }
}

#[test]
fn a_further_point_never_lowers_debt() {
    for seed in 0..24 {
        let mut dice = Dice(seed);
        let mut tree = Tree::new(&mut dice);
        let before = tree.debt();
        let at = dice.below(u32::try_from(tree.files.len()).unwrap()) as usize;
        let who = dice.below(8);
        tree.files[at].asks.push(who);
        let after = tree.debt();
        assert!(
            after.principal.median >= before.principal.median,
            "seed {seed}"
        );
        for (less, more) in interest(&before).iter().zip(interest(&after)) {
            assert!(more >= less - 1e-9, "seed {seed}: {less} to {more}");
        }
    }
}

#[test]
fn names_of_files_change_nothing() {
    for seed in 0..8 {
        let tree = Tree::new(&mut Dice(seed));
        let mut renamed = tree.clone();
        let count = renamed.files.len();
        for (at, file) in renamed.files.iter_mut().enumerate() {
            // In another order too.
            file.name = format!("module{}", count - at);
        }
        let (before, after) = (tree.debt(), renamed.debt());
        assert!(
            near(before.principal.median, after.principal.median),
            "seed {seed}"
        );
        for (one, other) in interest(&before).iter().zip(interest(&after)) {
            assert!(near(*one, other), "seed {seed}: {one} and {other}");
        }
    }
}

#[test]
fn parts_make_up_the_whole() {
    for seed in 0..16 {
        let debt = Tree::new(&mut Dice(seed)).debt();
        let flow = debt.flow.as_ref().unwrap();
        let of_files = flow.files.iter().map(|it| it.interest.mid).sum();
        let of_subjects = debt
            .subjects
            .iter()
            .filter_map(|it| it.interest)
            .map(|it| it.mid)
            .sum();
        assert!(near(flow.interest.mid, of_files), "seed {seed}");
        assert!(near(flow.interest.mid, of_subjects), "seed {seed}");
        let items = debt
            .subjects
            .iter()
            .flat_map(|it| it.items.iter().map(|item| item.minutes));
        let whole = bespoke_engine::sum(items, &debt.parameters);
        assert!(near(debt.principal.median, whole.median), "seed {seed}");
        assert!(near(debt.principal.high, whole.high), "seed {seed}");
    }
}
