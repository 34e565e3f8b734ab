//! SARIF 2.1.0 (OASIS), as GitHub code scanning and editors read it.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde_json::{Value, json};

use crate::{
    Format, Report, Style,
    alerts::{self, Alert, Severity, rules, uri},
};

pub(crate) static FORMAT: Format = Format {
    name: "sarif",
    extension: "sarif",
    summary: "for code scanning and editors: SARIF 2.1.0",
    write,
};

/// GitHub takes no more results of a run.
const MOST_RESULTS: usize = 25_000;
/// And shows no more of a message.
const MOST_TEXT: usize = 1_000;

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let rules = rules(report);
    let index: BTreeMap<&str, usize> = rules
        .iter()
        .enumerate()
        .map(|(at, rule)| (rule.id.as_str(), at))
        .collect();
    let mut all = alerts::all(report);
    let found = all.len();
    if found > MOST_RESULTS {
        // Those that matter most and are surest are kept, in the order of places.
        let mut order: Vec<usize> = (0..found).collect();
        order.sort_by(|a, b| {
            let rank = |at: usize| (all[at].severity, all[at].confidence);
            let (one, other) = (rank(*b), rank(*a));
            one.0
                .cmp(&other.0)
                .then(one.1.total_cmp(&other.1))
                .then(a.cmp(b))
        });
        order.truncate(MOST_RESULTS);
        order.sort_unstable();
        let mut kept = order.into_iter().peekable();
        let mut at = 0;
        all.retain(|_| {
            let keep = kept.next_if_eq(&at).is_some();
            at += 1;
            keep
        });
    }
    let mut notifications: Vec<Value> = report
        .issues
        .iter()
        .map(|issue| {
            json!({
                "level": if issue.skipped { "warning" } else { "note" },
                "message": { "text": cut(&issue.message) },
                "descriptor": { "id": issue.reason },
                "locations": [{ "physicalLocation": { "artifactLocation": artifact(&issue.path) } }],
            })
        })
        .collect();
    if found > all.len() {
        notifications.push(json!({
            "level": "warning",
            "message": { "text": format!(
                "{} of {found} results are left out: {MOST_RESULTS} is the most that code scanning takes.", found - all.len()
            ) },
        }));
    }
    let left_out: Vec<Value> = report
        .left_out
        .iter()
        .map(|it| json!({ "reason": it.reason, "files": it.files, "bytes": it.bytes }))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "bespoke",
                "semanticVersion": report.tool.version,
                "rules": rules.iter().map(|rule| json!({
                    "id": rule.id,
                    "name": rule.title,
                    "shortDescription": { "text": rule.title },
                    "fullDescription": { "text": cut(&rule.help) },
                    "help": { "text": rule.help, "markdown": rule.help },
                    "defaultConfiguration": { "level": level(rule.severity) },
                    "properties": { "tags": ["maintainability"] },
                })).collect::<Vec<_>>(),
            } },
            "originalUriBaseIds": { "SRCROOT": { "description": { "text": "The folder that was scanned." } } },
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications,
            }],
            "results": all.iter().map(|it| result(it, &index)).collect::<Vec<_>>(),
            "properties": { "leftOut": left_out, "totals": report.totals },
        }],
    });
    serde_json::to_writer(&mut *out, &log)?;
    writeln!(out)
}

fn result(it: &Alert<'_>, index: &BTreeMap<&str, usize>) -> Value {
    let suppressions: Vec<Value> = it
        .allowed
        .iter()
        .map(|reason| json!({ "kind": "inSource", "justification": reason }))
        .collect();
    json!({
        "ruleId": it.rule,
        // All results have the member, or none.
        "suppressions": suppressions,
        "ruleIndex": index.get(it.rule),
        "level": level(it.severity),
        "message": { "text": cut(&it.message) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": artifact(it.path),
            "region": { "startLine": it.line.max(1), "endLine": it.end_line.max(it.line).max(1) },
        } }],
        "partialFingerprints": { "bespoke/v1": it.fingerprint },
        // 0 to 100, surest first.
        "rank": (it.confidence * 1_000.0).round() / 10.0,
        "properties": { "subjects": it.subjects, "owners": it.owners },
    })
}

fn artifact(path: &str) -> Value {
    json!({ "uri": uri(path), "uriBaseId": "SRCROOT" })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MOST_TEXT {
        return text.to_owned();
    }
    let start: String = text.chars().take(MOST_TEXT - 1).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::sample;

    fn log(report: &Report) -> Value {
        let mut out = Vec::new();
        (FORMAT.write)(report, &Style::default(), &mut out).unwrap();
        serde_json::from_slice(&out).unwrap()
    }

    /// The schema that OASIS publishes with the standard.
    #[test]
    fn it_is_what_the_official_schema_says() {
        let schema: Value =
            serde_json::from_str(include_str!("../../../fixtures/schemas/sarif-2.1.0.json"))
                .unwrap();
        let valid = jsonschema::validator_for(&schema).unwrap();
        let good = log(&sample::report());
        let errors: Vec<String> = valid.iter_errors(&good).map(|it| it.to_string()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let mut bad = good;
        bad["runs"][0]["results"][0]["level"] = "loud".into();
        assert!(!valid.is_valid(&bad), "the schema is asked indeed");
    }

    #[test]
    fn results_name_their_rules_and_places() {
        let report = sample::report();
        let log = log(&report);
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
        let results = run["results"].as_array().unwrap();
        let counted = report
            .variation_points
            .iter()
            .filter(|it| report.counts(it));
        assert_eq!(results.len(), counted.count() + report.findings.len());
        for result in results {
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(rules[index]["id"], result["ruleId"]);
            let prints = result["partialFingerprints"]["bespoke/v1"]
                .as_str()
                .unwrap();
            assert_eq!(prints.len(), 16);
        }
        let notes = run["invocations"][0]["toolExecutionNotifications"]
            .as_array()
            .unwrap();
        assert_eq!(notes.len(), report.issues.len());
    }

    #[test]
    fn what_is_too_much_for_code_scanning_is_left_out_and_said() {
        let mut report = sample::report();
        let sure = report
            .variation_points
            .iter()
            .find(|it| it.kind == "customer_branch")
            .unwrap();
        let mut point = sure.clone();
        let flag = crate::VariationPoint {
            kind: "flag_check".to_owned(),
            ..point.clone()
        };
        report.variation_points = vec![flag; MOST_RESULTS];
        point.path = "z.ts".to_owned();
        report.variation_points.push(point);
        let log = log(&report);
        let results = log["runs"][0]["results"].as_array().unwrap();
        assert_eq!(results.len(), MOST_RESULTS);
        let last = results.last().unwrap();
        assert_eq!(last["ruleId"], "customer_branch", "a warning is kept");
        assert!(log.to_string().contains("results are left out"));
    }
}
