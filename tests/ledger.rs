//! The ledger, against the report that it is made from.

use std::fs;

use serde_json::Value;

use crate::{bespoke, run, shop, trend::shop as shop_history};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn rows_say_what_the_report_says() {
    let shop = shop_history();
    let path = shop.path().to_str().unwrap();
    let (code, report, err) = run(&mut bespoke([
        "scan",
        path,
        "--history",
        "--format",
        "json",
    ]));
    assert_eq!(code, 0, "{err}");
    let report = json(&report);
    for (command, dimension) in [("customers", "customer"), ("flags", "flag")] {
        let (code, ledger, err) = run(bespoke([command, "--format", "json"]).current_dir(path));
        assert_eq!(code, 0, "{err}");
        let from_outside = run(&mut bespoke([command, path, "--format", "json"]));
        assert_eq!(from_outside.1, ledger, "a path is no name");
        let ledger = json(&ledger);
        let rows = ledger["rows"].as_array().unwrap();
        let own = report["subjects"].as_array().unwrap().iter();
        let own: Vec<&Value> = own
            .filter(|it| it["dimension"] == dimension && it["files"] != 0)
            .collect();
        assert_eq!(rows.len(), own.len());
        for row in rows {
            let subject = own.iter().find(|it| it["name"] == row["name"]).unwrap();
            for (field, of) in [
                ("sites", "scattering"),
                ("files", "files"),
                ("decisions", "decisions"),
            ] {
                assert_eq!(row[field], subject[of], "{field} of {}", row["name"]);
            }
            let debt = &subject["debt"];
            assert_eq!(
                row["exit_minutes"]["mid"],
                debt["principal"]["median_minutes"]
            );
            assert_eq!(
                row["interest_minutes_per_month"]["high"],
                debt["interest_minutes_per_month"]["high"]
            );
            assert_eq!(row["introduced"], subject["past"]["introduced"]["date"]);
            if dimension == "customer" {
                assert_eq!(
                    row["effort_author_days"],
                    subject["past"]["effort"]["total"]
                );
            }
        }
        for (field, doc) in ledger["columns"].as_object().unwrap() {
            assert!(
                doc["description"].as_str().unwrap().ends_with('.'),
                "{field}"
            );
            assert!(doc["unit"].is_string(), "{field}");
        }
    }
}

#[test]
fn tables_have_a_field_for_each_column() {
    for command in ["customers", "flags"] {
        let (code, csv, err) = run(bespoke([command, "--format", "csv"]).current_dir(shop()));
        assert_eq!(code, 0, "{err}");
        let fields = |line: &str| line.split(',').count();
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines.len() > 1);
        assert!(
            lines.iter().all(|line| fields(line) == fields(lines[0])),
            "{csv}"
        );
        let (_, table, _) = run(bespoke([command, "--format", "markdown"]).current_dir(shop()));
        let bars = |line: &str| line.matches('|').count();
        let rows: Vec<&str> = table.lines().collect();
        assert!(
            rows.len() > 2 && rows.iter().all(|row| bars(row) == bars(rows[0])),
            "{table}"
        );
    }
}

#[test]
fn rows_are_chosen_and_put_in_order() {
    let names = |args: &[&str]| {
        let mut command = bespoke(["customers", "--format", "csv"]);
        let (code, csv, err) = run(command.args(args).current_dir(shop()));
        assert_eq!(code, 0, "{err}");
        let rows = csv.lines().skip(1);
        rows.map(|row| row.split(',').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let all = names(&["--sort", "name"]);
    let mut sorted = all.clone();
    sorted.sort();
    assert_eq!(all, sorted);
    let mut turned = names(&["--sort", "name", "--ascending"]);
    turned.reverse();
    assert_eq!(turned, all);
    assert_eq!(names(&["--sort", "name", "--limit", "1"]), all[..1]);
    let first = all[0].trim_matches('"').to_uppercase();
    assert_eq!(names(&["--match", &first]), all[..1]);
    assert!(names(&["--owner", "nobody"]).is_empty());
    assert!(names(&["--expired"]).is_empty());
}

#[test]
fn codes_name_nobody() {
    let shop = shop_history();
    let key = shop.path().join("../key.txt");
    let key = std::env::temp_dir().join(format!(
        "{}-{}",
        std::process::id(),
        key.file_name().unwrap().display()
    ));
    fs::write(&key, "0123456789abcdef0123\n").unwrap();
    let key = key.to_str().unwrap().to_owned();
    let names = ["acme", "umbrella", "globex", "initech", "ada", "lovelace"];
    for format in ["table", "json", "csv", "markdown"] {
        for args in [&["customers"][..], &["customers", "globex-inc"]] {
            let mut command = bespoke(["--width", "200"]);
            command
                .args(args)
                .args(["--format", format, "--pseudonym-key", &key]);
            let (code, page, err) = run(command.current_dir(shop.path()));
            assert_eq!(code, 0, "{err}");
            assert!(page.contains("customer-"), "{page}");
            let lower = page.to_lowercase();
            let told = names.iter().find(|name| lower.contains(*name));
            assert_eq!(told, None, "{page}");
        }
    }
    fs::write(&key, "short").unwrap();
    let mut command = bespoke(["customers", "--pseudonym-key", &key]);
    let (code, _, err) = run(command.current_dir(shop.path()));
    assert!(code == 2 && err.contains("too short"), "{err}");
    fs::remove_file(&key).unwrap();
}

#[test]
fn what_is_declared_and_not_there_is_told() {
    let shop = shop_history();
    let config = "[[customer]]\nname = 'globex-inc'\ncontract_end = 2023-12-01\n\
                  [[customer]]\nname = 'hooli'\npromised = 2023-11-30\n";
    fs::write(shop.path().join("bespoke.toml"), config).unwrap();
    let path = shop.path();
    let (_, page, err) = run(bespoke(["customers", "--absent"]).current_dir(path));
    assert!(
        page.contains("hooli") && !page.contains("globex"),
        "{page}{err}"
    );
    let (_, page, _) = run(bespoke(["customers", "--expired"]).current_dir(path));
    assert!(page.contains("globex") && !page.contains("hooli"), "{page}");
    let (_, page, _) =
        run(bespoke(["customers", "--expired", "--as-of", "2023-11-01"]).current_dir(path));
    assert!(page.starts_with("No customer fits"), "{page}");
    let (_, report, _) = run(bespoke(["scan", "--history", "--format", "json"]).current_dir(path));
    let report = json(&report);
    let harms = report["harms"].as_array().unwrap();
    let harm = harms.iter().find(|it| it["id"] == "misalignment").unwrap();
    let note = harm["readings"][0]["note"].as_str().unwrap();
    assert!(
        note.contains("1 past their end, 1 promised and absent"),
        "{note}"
    );
}

#[test]
fn debt_is_explained_with_its_numbers() {
    let shop = shop_history();
    let explain = |args: &[&str]| {
        let mut command = bespoke(["explain", "debt"]);
        run(command.args(args).current_dir(shop.path()))
    };
    let (code, page, err) = explain(&[]);
    assert!(code == 0 && page.contains("Fenton and Wilkinson"), "{err}");
    let (code, page, err) = explain(&["globex-inc"]);
    assert!(code == 0 && page.contains("(ρ − auto) · κ"), "{page}{err}");
    let (code, page, err) = explain(&["src/web/price.ts"]);
    assert!(code == 0 && page.contains("1 − (1 + v)^−β"), "{page}{err}");
    let (code, page, _) = explain(&["globex-inc", "--no-history"]);
    assert!(code == 0 && page.contains("need history"), "{page}");
    let (code, _, err) = explain(&["globx-inc"]);
    assert!(code == 2 && err.contains("globex-inc"), "{err}");
}

#[test]
fn a_quote_speaks_of_what_was() {
    let shop = shop_history();
    let quote = |args: &[&str]| {
        let mut command = bespoke(["quote", "--format", "json"]);
        let (code, page, err) = run(command.args(args).current_dir(shop.path()));
        assert_eq!(code, 0, "{err}");
        json(&page)
    };
    let all = quote(&[]);
    let of = |page: &Value| {
        let rows = page["precedents"].as_array().unwrap();
        let names = rows
            .iter()
            .map(|it| it["name"].as_str().unwrap().to_owned());
        names.collect::<std::collections::BTreeSet<_>>()
    };
    // The others have less than half a day each.
    assert_eq!(of(&all), ["initech-llc".to_owned()].into());
    assert_eq!(all["mentions"], 3);
    assert!(
        all["build"].is_null(),
        "a month is too short to have built: {all}"
    );
    // A folder that is gone from the tree is still in history; one that never was has nothing to tell.
    assert_eq!(of(&quote(&["src/one.ts"])), of(&all));
    assert_eq!(quote(&["src/custom/globex-inc"])["mentions"], 1);
    assert!(of(&quote(&["nowhere"])).is_empty());
    let outside = run(bespoke(["quote"]).current_dir("/"));
    assert!(
        outside.0 == 2 && outside.2.contains("no git repository"),
        "{}",
        outside.2
    );
}
