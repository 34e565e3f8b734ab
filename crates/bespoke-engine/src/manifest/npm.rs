//! `package.json`.

use bespoke_analysis::{Mapping, NpmManifest};
use bespoke_facts::IssueReason;
use serde_json::{Map, Value};

/// Fields that name what an import of the whole package loads, the one nearest to the source first.
const ENTRIES: [&str; 5] = ["source", "module", "main", "types", "typings"];

/// Conditions of `exports` that name sources, to be tried before all others.
const SOURCE_CONDITIONS: [&str; 3] = ["source", "development", "types"];

pub(super) fn manifest(text: &str, dir: &str) -> Result<NpmManifest, IssueReason> {
    let json: Value =
        serde_json::from_str(text).map_err(|error| IssueReason::Manifest(error.to_string()))?;
    let text = |field: &str| json.get(field).and_then(Value::as_str);
    let entries = ENTRIES.iter().filter_map(|field| text(field));
    let exports = match json.get("exports") {
        Some(Value::Object(map)) if map.keys().any(|key| key.starts_with('.')) => mappings(map),
        None | Some(Value::Null) => Vec::new(),
        Some(whole) => vec![(".".to_owned(), targets(whole))],
    };
    Ok(NpmManifest {
        dir: dir.to_owned(),
        name: text("name")
            .filter(|name| !name.is_empty())
            .map(str::to_owned),
        entries: entries.map(str::to_owned).collect(),
        exports,
        imports: match json.get("imports") {
            Some(Value::Object(map)) => mappings(map),
            _ => Vec::new(),
        },
    })
}

fn mappings(map: &Map<String, Value>) -> Vec<Mapping> {
    map.iter()
        .map(|(name, value)| {
            // `"./features/"` is the old form of `"./features/*"`.
            let star = if name.ends_with('/') { "*" } else { "" };
            let targets = targets(value).into_iter().map(|target| target + star);
            (format!("{name}{star}"), targets.collect())
        })
        .collect()
}

/// The files that a value names under any condition.
fn targets(value: &Value) -> Vec<String> {
    match value {
        Value::String(path) => vec![path.clone()],
        Value::Array(items) => items.iter().flat_map(targets).collect(),
        Value::Object(conditions) => {
            let first = SOURCE_CONDITIONS
                .iter()
                .filter_map(|it| conditions.get(*it));
            let rest = conditions.iter();
            let rest = rest.filter(|(it, _)| !SOURCE_CONDITIONS.contains(&it.as_str()));
            first
                .chain(rest.map(|(_, value)| value))
                .flat_map(targets)
                .collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(name: &str, targets: &[&str]) -> Mapping {
        let targets = targets.iter().map(|it| (*it).to_owned()).collect();
        (name.to_owned(), targets)
    }

    #[test]
    fn names_are_as_written() {
        let name = |text| manifest(text, "").map(|it| it.name);
        let kit = name(r#"{"name": "@acme/ui-kit", "version": 1}"#);
        assert_eq!(kit, Ok(Some("@acme/ui-kit".to_owned())));
        for none in ["{}", r#"{"name": ""}"#, r#"{"name": 1}"#, "[]"] {
            assert_eq!(name(none), Ok(None), "{none}");
        }
        let broken = name("{\n  name: 1\n}").unwrap_err();
        assert_eq!(broken.id(), "manifest");
        assert!(broken.to_string().contains("line 2"), "{broken}");
    }

    #[test]
    fn exports_are_flattened() {
        let exports = |exports: &str| {
            let manifest = manifest(&format!(r#"{{"exports": {exports}}}"#), "");
            manifest.unwrap().exports
        };
        assert_eq!(exports(r#""./a.js""#), [map(".", &["./a.js"])]);
        assert_eq!(
            exports(r#"{"require": "./a.cjs", "source": {"default": "./a.ts"}}"#),
            [map(".", &["./a.ts", "./a.cjs"])]
        );
        assert_eq!(
            exports(
                r#"{".": "./a.js", "./x/": "./x/", "./in/*": null, "./y": ["./y.js", "./z.js"]}"#
            ),
            [
                map(".", &["./a.js"]),
                map("./in/*", &[]),
                map("./x/*", &["./x/*"]),
                map("./y", &["./y.js", "./z.js"]),
            ]
        );
        assert_eq!(exports("null"), []);
    }

    #[test]
    fn entries_nearest_to_the_source_come_first() {
        let text = r#"{"types": "d.ts", "main": "dist/a.js", "source": "src/a.ts", "module": 1}"#;
        let entries = manifest(text, "").unwrap().entries;
        assert_eq!(entries, ["src/a.ts", "dist/a.js", "d.ts"]);
    }
}
