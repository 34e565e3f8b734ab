//! What is advised, against what the files themselves say should be.

use std::{collections::BTreeMap, fs, path::Path};

use bespoke_engine::ADVICE;
use serde_json::Value;

use crate::{bespoke, repository, run, trend::shop};

fn hotspots(folder: &Path, args: &[&str]) -> Vec<Value> {
    let mut command = bespoke(["hotspots", "--format", "json"]);
    let (code, page, err) = run(command.args(args).arg(folder));
    assert_eq!(code, 0, "{err}");
    let page: Value = serde_json::from_str(&page).unwrap();
    page["hotspots"].as_array().unwrap().clone()
}

/// The first line of each file says what should be advised, and how many points go with it:
/// `// advice: delete-overdue-flag 2`.
#[test]
fn files_are_advised_what_they_say() {
    let folder = repository().join("fixtures/advice");
    let mut told = BTreeMap::new();
    for entry in fs::read_dir(folder.join("src")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let text = fs::read_to_string(&path).unwrap();
            let wanted = text.lines().next().unwrap();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            told.insert(name, wanted.strip_prefix("// advice: ").unwrap().to_owned());
        }
    }
    let found: BTreeMap<String, String> = hotspots(
        &folder,
        &["--no-history", "--as-of", "2026-01-01", "--limit", "100"],
    )
    .iter()
    .map(|it| {
        let path = it["path"].as_str().unwrap().trim_start_matches("src/");
        let advice = &it["advice"];
        let said = format!(
            "{} {}",
            advice["id"].as_str().unwrap_or("none"),
            advice["frees_points"]
        );
        (path.to_owned(), said)
    })
    .collect();
    assert_eq!(found, told);
    // What needs history is not in the fixture.
    let mut missing: Vec<&str> = ADVICE.iter().map(|it| it.id).collect();
    missing.retain(|id| !told.values().any(|it| it.starts_with(id)));
    assert_eq!(missing, ["ask-whether-still-needed"]);
}

#[test]
fn what_is_freed_is_never_more_than_is_paid() {
    let shop = shop();
    for args in [
        &["--limit", "1000"][..],
        &["--limit", "1000", "--functions"],
    ] {
        let rows = hotspots(shop.path(), args);
        assert!(!rows.is_empty());
        let mut before = f64::INFINITY;
        for row in &rows {
            let interest = row["interest_minutes_per_month"]["mid"].as_f64().unwrap();
            assert!(interest <= before, "dearest first");
            before = interest;
            let product = ["cognitive", "points", "revisions_year"]
                .map(|field| row[field].as_u64().unwrap())
                .iter()
                .product::<u64>();
            assert_eq!(row["product"], product);
            let frees = &row["advice"]["frees_minutes_per_month"];
            for end in ["low", "mid", "high"] {
                let frees = frees[end].as_f64().unwrap();
                // A function's advice may free what its file's other functions pay too.
                let most = row["interest_minutes_per_month"][end].as_f64().unwrap();
                assert!(frees >= 0.0 && (args.len() > 2 || frees <= most), "{row}");
            }
        }
    }
}

#[test]
fn pages_show_the_line_they_speak_of() {
    let folder = repository().join("fixtures/advice");
    let (code, page, err) =
        run(bespoke(["hotspots", "--no-history", "--as-of", "2026-01-01"]).arg(&folder));
    assert_eq!(code, 0, "{err}");
    assert!(
        page.contains("> 6 │   if (client.variation(\"new-checkout\", false))"),
        "{page}"
    );
    let (_, without, _) = run(bespoke(["hotspots", "--no-history", "--no-code"]).arg(&folder));
    assert!(!without.contains('│') && without.contains("[one-policy-point]"));
    let (code, _, err) = run(bespoke(["hotspots", "--functions", "--by", "score"]).arg(&folder));
    assert!(
        code == 2 && err.contains("functions have no score"),
        "{err}"
    );
}
