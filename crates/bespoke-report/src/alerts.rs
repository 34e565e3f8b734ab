//! What a report has to say of single places, as formats of other tools want it: a rule, a level, a place, a message.

use std::collections::BTreeMap;

use bespoke_analysis::RULES;

use crate::{FindingEntry, Report, VariationPoint};

/// How much an alert matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// Good to know.
    Note,
    /// Somebody should look.
    Warning,
}

/// One thing to say of one place.
#[derive(Clone, Debug)]
pub(crate) struct Alert<'a> {
    /// Id of the rule: a kind of point, or a rule of the structure.
    pub(crate) rule: &'a str,
    pub(crate) severity: Severity,
    /// Relative to the root.
    pub(crate) path: &'a str,
    /// First line, from 1.
    pub(crate) line: u32,
    /// Last line.
    pub(crate) end_line: u32,
    pub(crate) message: String,
    /// Stable through moves of lines.
    pub(crate) fingerprint: String,
    /// 0 to 1.
    pub(crate) confidence: f64,
    pub(crate) subjects: &'a [String],
    pub(crate) owners: &'a [String],
    /// Why a comment allows it, if one does.
    pub(crate) allowed: Option<&'a str>,
}

/// What a rule says.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) title: String,
    /// In Markdown.
    pub(crate) help: String,
    pub(crate) severity: Severity,
}

/// Every counted point and every finding that no comment allows, by path, line and rule.
pub(crate) fn alerts(report: &Report) -> Vec<Alert<'_>> {
    let mut alerts = all(report);
    alerts.retain(|it| it.allowed.is_none());
    alerts
}

/// Those that comments allow too.
pub(crate) fn all(report: &Report) -> Vec<Alert<'_>> {
    let owners: BTreeMap<&str, &[String]> = report
        .files
        .iter()
        .map(|file| (file.path.as_str(), file.owners.as_slice()))
        .collect();
    let owners_of = |path: &str| owners.get(path).copied().unwrap_or_default();
    let points = report
        .variation_points
        .iter()
        .filter(|point| report.counts(point));
    let mut alerts: Vec<Alert<'_>> = points
        .map(|point| Alert {
            rule: &point.kind,
            severity: severity_of(&point.kind),
            path: &point.path,
            line: point.line,
            end_line: point.end_line,
            message: message(point),
            fingerprint: point.fingerprint.clone(),
            confidence: point.confidence,
            subjects: &point.subjects,
            owners: owners_of(&point.path),
            allowed: point.allowed.as_deref(),
        })
        .collect();
    alerts.extend(
        report
            .findings
            .iter()
            .map(|it| of_finding(it, owners_of(&it.path))),
    );
    alerts.sort_by(|a, b| {
        (a.path, a.line, a.rule, &a.fingerprint).cmp(&(b.path, b.line, b.rule, &b.fingerprint))
    });
    alerts
}

fn of_finding<'a>(finding: &'a FindingEntry, owners: &'a [String]) -> Alert<'a> {
    Alert {
        rule: &finding.rule,
        severity: if finding.level == "warning" {
            Severity::Warning
        } else {
            Severity::Note
        },
        path: &finding.path,
        line: finding.line,
        end_line: finding.line,
        message: finding.message.clone(),
        fingerprint: fingerprint(&[&finding.rule, &finding.path, &finding.message]),
        confidence: 1.0,
        subjects: &finding.subjects,
        owners,
        allowed: finding.allowed.as_deref(),
    }
}

/// A customer in the core is what the tool is for; flags and tenants' attributes are every day's.
pub(crate) fn severity_of(kind: &str) -> Severity {
    let everyday = ["flag", "tenant"];
    match kind.rsplit_once('_') {
        Some((dimension, "branch" | "check" | "dependency")) if !everyday.contains(&dimension) => {
            Severity::Warning
        }
        _ => Severity::Note,
    }
}

/// What a point is, in a sentence.
fn message(point: &VariationPoint) -> String {
    let names: Vec<String> = point.subjects.iter().map(|it| format!("'{it}'")).collect();
    let names = match names.as_slice() {
        [many @ .., last] if !many.is_empty() => format!("{} and {last}", many.join(", ")),
        _ => names.join(""),
    };
    let form = point.kind.rsplit('_').next().unwrap_or_default();
    let dimension = &point.dimension;
    match form {
        "branch" => format!("This condition singles out {dimension} {names}."),
        "check" => format!("This evaluates {dimension} {names}."),
        "unit" => format!("This is named for {dimension} {names}."),
        "dependency" => format!("Other code depends here on code of {dimension} {names}."),
        _ => format!("This names {dimension} {names}."),
    }
}

/// Every rule that the report's alerts may have, by id.
pub(crate) fn rules(report: &Report) -> Vec<Told> {
    let mut told: BTreeMap<String, Told> = RULES
        .iter()
        .map(|rule| {
            let severity = match rule.level.id() {
                "warning" => Severity::Warning,
                _ => Severity::Note,
            };
            (
                rule.id.to_owned(),
                Told {
                    id: rule.id.to_owned(),
                    title: rule.title.to_owned(),
                    help: rule.doc.trim().to_owned(),
                    severity,
                },
            )
        })
        .collect();
    for kind in report
        .totals
        .by_kind
        .keys()
        .chain(report.variation_points.iter().map(|it| &it.kind))
    {
        told.entry(kind.clone()).or_insert_with(|| kind_rule(kind));
    }
    for finding in &report.findings {
        let id = &finding.rule;
        told.entry(id.clone()).or_insert_with(|| Told {
            id: id.clone(),
            title: "A comment that allows something".to_owned(),
            help: "A comment `bespoke: allow(RULE) because REASON until YYYY-MM-DD` allows what stands beside it. One that has ended, \
                   gives no reason, or allows what is not there should go."
                .to_owned(),
            severity: Severity::Warning,
        });
    }
    told.into_values().collect()
}

fn kind_rule(kind: &str) -> Told {
    let (dimension, form) = kind.rsplit_once('_').unwrap_or((kind, ""));
    let (title, help) = match (dimension, form) {
        ("flag", _) => (
            "Evaluation of a feature flag".to_owned(),
            "A feature flag is evaluated. Each one doubles the ways in which this code can run, until it is removed.".to_owned(),
        ),
        ("tenant", _) => (
            "Condition on a tenant's attribute".to_owned(),
            "A condition asks for an attribute of the tenant, such as its plan, and names nobody.".to_owned(),
        ),
        (_, "branch" | "check") => (
            format!("Condition that singles out a {dimension}"),
            format!(
                "A condition names single {dimension}s. Whoever changes this code has to know of them, and the next one is a change of \
                 code. Name the feature, keep who has it as data, and ask for the feature."
            ),
        ),
        (_, "unit") => (
            format!("Code named for a {dimension}"),
            format!("A folder, file or declaration is named for one {dimension}."),
        ),
        (_, "dependency") => (
            format!("Dependency on a {dimension}'s code"),
            format!(
                "Other code depends on code of one {dimension}: it cannot be built or tested without it. Let the {dimension}'s code \
                 register itself instead."
            ),
        ),
        _ => (
            format!("Name of a {dimension}"),
            format!("A literal outside of conditions names a {dimension}."),
        ),
    };
    Told {
        id: kind.to_owned(),
        title,
        help,
        severity: severity_of(kind),
    }
}

/// FNV-1a of texts, 16 hex digits.
pub(crate) fn fingerprint(texts: &[&str]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for text in texts {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}

/// A path as the path of a URI (RFC 3986): what is not unreserved is written `%XX`.
pub(crate) fn uri(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    // What looks like a scheme would be no relative path.
    out
}
