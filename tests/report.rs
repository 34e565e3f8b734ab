//! The JSON report, its schema, and the schema's committed copy.

use std::fs;

use serde_json::Value;

use crate::{bespoke, repository, run, shop};

fn report() -> Value {
    let (code, json, errors) = run(bespoke(["scan", "--format", "json"]).arg(shop()));
    assert_eq!((code, errors.as_str()), (0, ""));
    serde_json::from_str(&json).unwrap()
}

#[test]
fn a_report_is_as_its_schema_says() {
    let (_, schema, _) = run(&mut bespoke(["schema", "report"]));
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let report = report();
    let errors: Vec<String> = validator
        .iter_errors(&report)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn committed_schemas_are_those_of_the_program() {
    for (of, path) in [
        ("report", "docs/report.schema.json"),
        ("config", "docs/bespoke.schema.json"),
    ] {
        let (_, schema, _) = run(&mut bespoke(["schema", of]));
        let committed = fs::read_to_string(repository().join(path)).unwrap_or_default();
        assert!(
            schema == committed,
            "{path} is not up to date: run `cargo xtask codegen`"
        );
    }
}

#[test]
fn places_in_the_report_are_those_of_the_source() {
    let report = report();
    let points = report["variation_points"].as_array().unwrap();
    assert!(!points.is_empty());
    for (path, line, kind, subject) in [
        ("src/billing.ts", 6, "customer_branch", "acme"),
        ("src/billing.ts", 9, "customer_branch", "globex"),
        ("src/billing.ts", 15, "tenant_branch", "plan"),
        ("src/checkout.tsx", 4, "flag_check", "fast-checkout"),
        ("src/checkout.tsx", 8, "flag_check", "gift-cards"),
    ] {
        let is_it = |point: &&Value| {
            point["path"] == path && point["line"] == line && point["kind"] == kind
        };
        let point = points
            .iter()
            .find(is_it)
            .unwrap_or_else(|| panic!("no {kind} at {path}:{line}: {points:#?}"));
        let subjects = point["subjects"].as_array().unwrap();
        assert!(
            subjects
                .iter()
                .any(|name| name.as_str().unwrap().contains(subject)),
            "{point:#?}"
        );
    }
}

#[test]
fn nothing_of_this_machine_is_in_a_report() {
    let (_, json, _) = run(bespoke(["scan", "--format", "json"]).arg(shop()));
    let here = repository();
    assert!(!json.contains(here.to_str().unwrap()));
    assert!(
        !json.contains("billing.test.ts\", \"line\""),
        "a test was analysed"
    );
}
