//! The generated half of docs/: tables and schemas, as the built program itself prints them.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::workspace::{build_bespoke, output, root};

/// First line of every generated Markdown file.
const HEADER: &str = "<!-- Written by `cargo xtask codegen` from the tables in the code. -->\n";

/// A generated file, and how to make it.
struct Page {
    path: &'static str,
    args: &'static [&'static str],
    render: fn(&str) -> anyhow::Result<String>,
}

const PAGES: &[Page] = &[
    Page {
        path: "docs/advice.md",
        args: &["list", "advice", "--format", "json"],
        render: advice,
    },
    Page {
        path: "docs/bespoke.schema.json",
        args: &["schema", "config"],
        render: json,
    },
    Page {
        path: "docs/debt.md",
        args: &["list", "parameters", "--format", "json"],
        render: parameters,
    },
    Page {
        path: "docs/languages.md",
        args: &["list", "languages", "--format", "json"],
        render: languages,
    },
    Page {
        path: "docs/metrics.md",
        args: &["list", "metrics", "--format", "json"],
        render: metrics,
    },
    Page {
        path: "docs/report.schema.json",
        args: &["schema", "report"],
        render: json,
    },
    Page {
        path: "docs/rules.md",
        args: &["list", "rules", "--format", "json"],
        render: rules,
    },
    Page {
        path: "docs/sdks.md",
        args: &["list", "sdks", "--format", "json"],
        render: sdks,
    },
];

/// Writes every page that has changed.
pub(crate) fn write() -> anyhow::Result<()> {
    for (path, text) in pages()? {
        if current(path) != text {
            fs::write(root().join(path), text).with_context(|| format!("cannot write {path}"))?;
            println!("codegen: wrote {path}");
        }
    }
    Ok(())
}

/// Fails if a page is not as it would be written.
pub(crate) fn check() -> anyhow::Result<()> {
    let pages = pages()?;
    let stale: Vec<&str> = pages
        .iter()
        .filter(|(path, text)| current(path) != *text)
        .map(|(path, _)| *path)
        .collect();
    if !stale.is_empty() {
        bail!(
            "{} not up to date: run `cargo xtask codegen`",
            stale.join(", ")
        );
    }
    println!("codegen: {} pages are up to date", pages.len());
    Ok(())
}

fn pages() -> anyhow::Result<Vec<(&'static str, String)>> {
    let bespoke = build_bespoke("dev")?;
    PAGES
        .iter()
        .map(|page| Ok((page.path, make(page, &bespoke)?)))
        .collect()
}

fn make(page: &Page, bespoke: &Path) -> anyhow::Result<String> {
    let mut command = Command::new(bespoke);
    command.args(page.args).current_dir(root());
    let printed = output(command)?;
    (page.render)(&printed)
        .with_context(|| format!("cannot write {} from {:?}", page.path, page.args))
}

fn current(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_default()
}

fn json(printed: &str) -> anyhow::Result<String> {
    let _: Value = serde_json::from_str(printed)?;
    Ok(format!("{}\n", printed.trim_end()))
}

fn languages(printed: &str) -> anyhow::Result<String> {
    let mut out =
        format!("{HEADER}\n# Languages\n\n| Language | Also called | Files |\n|---|---|---|\n");
    for row in rows(printed)? {
        let mut files: Vec<String> = texts(&row["extensions"])
            .iter()
            .map(|it| format!("`*.{it}`"))
            .collect();
        files.extend(texts(&row["file_names"]).iter().map(|it| format!("`{it}`")));
        let aliases = texts(&row["aliases"]).join(", ");
        writeln!(
            out,
            "| {} | {aliases} | {} |",
            text(&row, "name")?,
            files.join(" ")
        )?;
    }
    Ok(out)
}

/// What the model is, before its constants.
const MODEL: &str = "\
# The debt model

What customization costs is estimated, and never known: every figure has its interval, and every constant its name, source and
place in `[debt]` of `bespoke.toml`. `bespoke explain debt FILE|SUBJECT` prints these formulas with the numbers put in.

**Principal** is what removing a subject would take, in minutes of work. For branches and checks, median:

```
p = (ρ − auto) · κ · (p0 + ps·SD + pf·(SF − 1) + pl·LOF)
```

with SD branches and checks in SF files that guard LOF lines with code. For the folders and files of a customer:

```
p = (ρ − auto) · (pu + pd·lines + pc·references)
```

One item is known to a factor of seven: its true size is lognormal around the median, with σi of its own and σs that all share.
Sums are those of lognormals (Fenton 1960, Wilkinson): mean M = Σ p·exp(σi²/2), variance V = Σ p²·exp(σi²)·(exp(σi²) − 1),
s² = ln(1 + V/M²), median M·exp(−s²/2), 80 % between median ÷ and × exp(1.28·√(s² + σs²)). The sum of medians is too small by a
factor of up to 2.6. Of fewer than five items reports for people tell only the order of magnitude.

**Interest** is the part of the work on a core file that goes with its branches and checks, in minutes a month of the last year:

```
AF(f) = min(cap, 1 − (1 + v)^−β)
I(f)  = E(f) · min(1, AF(f) · (1 + γ·R2(f)))
```

with E the author-days on the file, v its branches and checks, R2 the share of other files that depend on it within two steps. It
is an association, not a proof: low, middle and high take the ends of β and γ, and the low end is 0. A subject's interest is its
share of the points of each file. **Carry** is the work on customers' own code. **Burden** = (carry + interest) / capacity, by
letter; there is none with less than a year of history or 50 author-days in it.

What the model does not say: that customization causes bugs, what a generic feature would have cost, or what a customer earned.

## Constants

| Key | Symbol | Default | Range | Unit | Meaning | Source |
|---|---|---:|---|---|---|---|
";

fn parameters(printed: &str) -> anyhow::Result<String> {
    let mut out = format!("{HEADER}\n{MODEL}");
    for row in rows(printed)? {
        let [key, symbol, unit, meaning, source] =
            ["key", "symbol", "unit", "meaning", "source"].map(|field| text(&row, field));
        writeln!(
            out,
            "| `{}` | {} | {} | {} to {} | {} | {} | {} |",
            key?,
            symbol?,
            row["default"],
            row["range"][0],
            row["range"][1],
            unit?,
            meaning?,
            source?
        )?;
    }
    Ok(out)
}

fn metrics(printed: &str) -> anyhow::Result<String> {
    let mut out = format!("{HEADER}\n# Metrics\n");
    for row in rows(printed)? {
        let [id, title, unit, scope, doc] =
            ["id", "title", "unit", "scope", "doc"].map(|key| text(&row, key));
        let harm = match row["harm"].as_str() {
            Some(harm) => format!("; a sign of {}", harm.replace('-', " ")),
            None => String::new(),
        };
        write!(
            out,
            "\n## {}\n\n`{}`, in {}, of a {}{harm}\n\n{}\n",
            title?,
            id?,
            unit?,
            scope?,
            doc?.trim_end()
        )?;
    }
    Ok(out)
}

fn advice(printed: &str) -> anyhow::Result<String> {
    let mut out = format!(
        "{HEADER}\n# Advice\n\nWhat `bespoke hotspots` says to do next. Of all that fits a place, it says what takes most \
         branches and checks away; of\nequals, what stands first here.\n"
    );
    for row in rows(printed)? {
        let [id, title, doc] = ["id", "title", "doc"].map(|key| text(&row, key));
        write!(out, "\n## {}\n\n`{}`\n\n{}\n", title?, id?, doc?.trim_end())?;
    }
    Ok(out)
}

fn rules(printed: &str) -> anyhow::Result<String> {
    let mut out = format!("{HEADER}\n# Rules\n");
    for row in rows(printed)? {
        let [id, title, level, doc] = ["id", "title", "level", "doc"].map(|key| text(&row, key));
        write!(
            out,
            "\n## {}\n\n`{}`, a {}\n\n{}\n",
            title?,
            id?,
            level?,
            doc?.trim_end()
        )?;
    }
    Ok(out)
}

fn sdks(printed: &str) -> anyhow::Result<String> {
    let mut out = format!("{HEADER}\n# Flag SDKs\n\n| SDK | Evaluations |\n|---|---|\n");
    for row in rows(printed)? {
        let calls = row["calls"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut names: Vec<String> = calls
            .iter()
            .map(|call| {
                call.as_str()
                    .or_else(|| call["name"].as_str())
                    .unwrap_or_default()
            })
            .map(|name| format!("`{name}`"))
            .collect();
        names.sort();
        names.dedup();
        writeln!(out, "| {} | {} |", text(&row, "name")?, names.join(" "))?;
    }
    Ok(out)
}

fn rows(printed: &str) -> anyhow::Result<Vec<Value>> {
    match serde_json::from_str(printed)? {
        Value::Array(rows) => Ok(rows),
        other => bail!("not a list: {other}"),
    }
}

fn text<'a>(row: &'a Value, key: &str) -> anyhow::Result<&'a str> {
    row[key]
        .as_str()
        .with_context(|| format!("a row without `{key}`: {row}"))
}

fn texts(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_become_tables() {
        let page = languages(
            r#"[{"name": "go", "aliases": ["golang"], "extensions": ["go"], "file_names": ["go.x"]}]"#,
        );
        assert!(page.unwrap().ends_with("| go | golang | `*.go` `go.x` |\n"));
        let page = sdks(
            r#"[{"name": "acme", "calls": [{"name": "on"}, {"name": "is"}, {"name": "on"}]}]"#,
        );
        assert!(page.unwrap().ends_with("| acme | `is` `on` |\n"));
    }

    #[test]
    fn metrics_become_sections() {
        let page = metrics(
            r#"[{"id": "x", "title": "X", "unit": "lines", "scope": "file", "harm": "vicious-cycle", "doc": "What.\n"}]"#,
        );
        assert!(
            page.unwrap()
                .ends_with("## X\n\n`x`, in lines, of a file; a sign of vicious cycle\n\nWhat.\n")
        );
    }

    #[test]
    fn a_changed_shape_is_told() {
        assert!(languages("{}").is_err());
        assert!(languages(r#"[{"id": "go"}]"#).is_err());
        assert!(json("{").is_err());
    }
}
