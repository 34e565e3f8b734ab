//! A made-up monorepo: as many files and dependencies as asked for, the same for the same seed.
//!
//! Packages hold folders of TypeScript files. Most imports stay in a package, some leave it, a few close a cycle; some
//! files ask for flags, tenants and customers, and customers have folders of their own.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};

/// Files in a package.
const PACKAGE: u64 = 100;
/// Customers with code of their own.
const CUSTOMERS: [&str; 8] = [
    "acme", "globex", "initech", "hooli", "umbrella", "vandelay", "wonka", "soylent",
];

/// What to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) files: u64,
    pub(crate) edges: u64,
    pub(crate) seed: u64,
}

/// `gen DIR [--files N] [--edges N] [--seed N]`.
pub(crate) fn run(options: &[&str]) -> anyhow::Result<()> {
    let mut shape = Shape {
        files: 1_000,
        edges: 8_000,
        seed: 1,
    };
    let mut folder = None;
    let mut rest = options.iter();
    while let Some(option) = rest.next() {
        let mut number = || -> anyhow::Result<u64> {
            let value = rest
                .next()
                .with_context(|| format!("{option} needs a number"))?;
            value
                .parse()
                .with_context(|| format!("{option}: `{value}` is no number"))
        };
        match *option {
            "--files" => shape.files = number()?,
            "--edges" => shape.edges = number()?,
            "--seed" => shape.seed = number()?,
            path if !path.starts_with('-') && folder.is_none() => {
                folder = Some(PathBuf::from(path));
            }
            other => bail!("gen: no option `{other}`"),
        }
    }
    let folder = folder.context("gen: into which folder?")?;
    ensure!(shape.files > 0, "gen: at least one file");
    let empty = fs::read_dir(&folder).map_or(true, |mut entries| entries.next().is_none());
    ensure!(empty, "gen: {} is not empty", folder.display());
    write(&folder, shape)?;
    println!("gen: {} files in {}", shape.files, folder.display());
    Ok(())
}

/// Writes the tree.
pub(crate) fn write(folder: &Path, shape: Shape) -> anyhow::Result<()> {
    let mut random = Random(shape.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut left = shape.edges;
    for file in 0..shape.files {
        let share = left / (shape.files - file);
        // Few files have many imports.
        let imports = if random.below(10) == 0 {
            share * 3
        } else {
            share * 7 / 9
        };
        let imports = imports.min(left).min(shape.files - 1);
        left -= imports;
        let path = folder.join(path_of(file));
        let dir = path.parent().context("every file is in a folder")?;
        fs::create_dir_all(dir)?;
        fs::write(&path, text(file, imports, shape, &mut random))?;
    }
    fs::write(
        folder.join("package.json"),
        "{ \"name\": \"made-up\", \"private\": true }\n",
    )?;
    Ok(())
}

/// Where a file is: every 25th belongs to a customer.
fn path_of(file: u64) -> String {
    if file % 25 == 24 {
        let customer = CUSTOMERS[usize::try_from(file / 25 % 8).unwrap_or(0)];
        format!("src/custom/{customer}/part{file}.ts")
    } else {
        format!("src/pkg{}/part{file}.ts", file / PACKAGE)
    }
}

fn text(file: u64, imports: u64, shape: Shape, random: &mut Random) -> String {
    let own = path_of(file);
    let depth = own.matches('/').count();
    let mut out = String::new();
    let mut targets = Vec::new();
    for _ in 0..imports {
        let package = file / PACKAGE * PACKAGE;
        let target = match random.below(20) {
            // Anywhere before, so that most of the tree is no cycle.
            0..6 if file > 0 => random.below(file),
            6 => random.below(shape.files),
            _ => (package + random.below(PACKAGE)).min(shape.files - 1),
        };
        if target != file && !targets.contains(&target) {
            targets.push(target);
        }
    }
    for target in &targets {
        let path = path_of(*target);
        let path = path.trim_end_matches(".ts");
        let _ = writeln!(
            out,
            "import {{ run{target} }} from \"{}{path}\";",
            "../".repeat(depth)
        );
    }
    let _ = writeln!(
        out,
        "\nexport function run{file}(org: Org): number {{\n  let sum = {file};"
    );
    for target in targets.iter().take(6) {
        let _ = writeln!(
            out,
            "  if (sum > {target}) {{\n    sum += run{target}(org);\n  }}"
        );
    }
    match random.below(12) {
        0 => {
            let customer = CUSTOMERS[usize::try_from(random.below(8)).unwrap_or(0)];
            let _ = writeln!(
                out,
                "  if (org.slug === \"{customer}\") {{\n    sum *= 2;\n  }}"
            );
        }
        1 | 2 => {
            let flag = random.below(60);
            let _ = writeln!(
                out,
                "  if (unleash.isEnabled(\"switch-{flag}\")) {{\n    sum += 1;\n  }}"
            );
        }
        3 => out.push_str("  if (org.plan === \"enterprise\") {\n    sum -= 1;\n  }\n"),
        _ => {}
    }
    out.push_str("  return sum;\n}\n");
    out
}

/// Xorshift, Marsaglia 2003: the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}
