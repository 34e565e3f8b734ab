//! One analysis, made by hand, that the tests of every format share.

use bespoke_analysis::{
    Analysis, BlindSpots, Evidence, FileId, FileReport, FunctionReport, Hotspot, HotspotPart,
    LeftOut, PointKind, Role, Subject, SubjectId, SubjectOrigin, Totals, VariationPoint,
};
use bespoke_facts::{Issue, IssueReason, RepoPath, Span};

use crate::Report;

/// Two customers, two flags (one of them named to do harm), a tenant attribute; five points that count and one that
/// does not.
pub(crate) fn report() -> Report {
    Report::new(&analysis())
}

/// A tree in which nothing was found.
pub(crate) fn empty() -> Report {
    Report::new(&Analysis {
        files: vec![file("src/main.rs", 0)],
        totals: Totals {
            files: 1,
            nloc: 12,
            functions: 1,
            ..Totals::default()
        },
        min_confidence: 50,
        ..Analysis::default()
    })
}

pub(crate) fn analysis() -> Analysis {
    Analysis {
        files: vec![
            file("src/billing/invoice.ts", 4),
            file("src/checkout.tsx", 1),
        ],
        functions: vec![FunctionReport {
            file: FileId(0),
            name: "total".to_owned(),
            line: 9,
            end_line: 40,
            nloc: 28,
            cyclomatic: 9,
            cognitive: 14,
            nesting: 3,
            points: 3,
            tangling: 3,
            overhead: 5,
        }],
        points: points(),
        subjects: subjects(),
        hotspots: vec![
            hotspot(0, 1, 917, Some(("total", 9))),
            hotspot(1, 2, 500, None),
        ],
        issues: vec![
            issue("src/broken.ts", IssueReason::Syntax { places: 2 }),
            issue(
                "src/huge.js",
                IssueReason::TooLarge {
                    size: 9_000_000,
                    limit: 4_000_000,
                },
            ),
            issue("src/odd.ts", IssueReason::Syntax { places: 1 }),
        ],
        left_out: vec![
            LeftOut {
                reason: "tests".to_owned(),
                files: 31,
                bytes: 123_456,
                examples: vec![
                    RepoPath::new("src/a.test.ts"),
                    RepoPath::new("src/b.test.ts"),
                ],
            },
            LeftOut {
                reason: "language".to_owned(),
                files: 7,
                bytes: 2_048,
                examples: Vec::new(),
            },
        ],
        blind_spots: BlindSpots {
            dynamic_flag_keys: 2,
            unresolved_imports: 3,
            unresolved_calls: 1,
            own_imports: 40,
        },
        totals: Totals {
            files: 2,
            nloc: 1_200,
            functions: 1,
            cognitive: 20,
            points: 4,
            by_kind: [
                ("customer_branch", 1),
                ("customer_unit", 1),
                ("flag_check", 2),
                ("tenant_branch", 1),
            ]
            .map(|(kind, count)| (kind.to_owned(), count))
            .into(),
            by_dimension: [("customer", 2), ("flag", 2), ("tenant", 1)]
                .map(|(dimension, count)| (dimension.to_owned(), count))
                .into(),
            guarded_lines: 8,
            files_with_points: 2,
            tiers: [2, 2, 0],
            held_back: 1,
            scattering: [1, 1, 1],
            tangling: [1, 2, 2],
            nesting: 1,
        },
        min_confidence: 50,
        ..Analysis::default()
    }
}

fn points() -> Vec<VariationPoint> {
    let point =
        |path: &str, kind, dimension: &str, subjects: &[u32], line, text: &str| VariationPoint {
            key: 0,
            file: Some(FileId(u32::from(path.contains("checkout")))),
            path: RepoPath::new(path),
            kind,
            dimension: dimension.to_owned(),
            subjects: subjects.iter().copied().map(SubjectId).collect(),
            span: Span::new(300, 330),
            line,
            end_line: line,
            regions: vec![Span::new(332, 400)],
            guarded: vec![(line + 1, line + 3)],
            open: false,
            function: Some("total".to_owned()),
            nesting: 0,
            confidence: 95,
            evidence: Vec::new(),
            text: text.to_owned(),
            fingerprint: format!("{line:016x}"),
        };
    let invoice = "src/billing/invoice.ts";
    vec![
        VariationPoint {
            evidence: vec![
                Evidence {
                    rule: "equality",
                    text: "`org.slug` is compared with ACME".to_owned(),
                    at: Some((RepoPath::new(invoice), 11)),
                },
                Evidence {
                    rule: "constant",
                    text: "ACME is \"acme\"".to_owned(),
                    at: Some((RepoPath::new("src/customers.ts"), 3)),
                },
            ],
            ..point(
                invoice,
                PointKind::Branch,
                "customer",
                &[0, 1],
                11,
                "[ACME, GLOBEX].includes(org.slug)",
            )
        },
        VariationPoint {
            nesting: 1,
            open: true,
            ..point(
                invoice,
                PointKind::Check,
                "flag",
                &[3],
                12,
                "isEnabled(\"new-checkout\")",
            )
        },
        point(
            invoice,
            PointKind::Branch,
            "tenant",
            &[4],
            30,
            "org.plan == \"enterprise\"",
        ),
        VariationPoint {
            confidence: 30,
            ..point(invoice, PointKind::Data, "customer", &[0], 50, "\"acme\"")
        },
        VariationPoint {
            guarded: Vec::new(),
            function: None,
            ..point(
                "src/checkout.tsx",
                PointKind::Check,
                "flag",
                &[2],
                4,
                "useFlag(\"evil\u{1b}[2J\")",
            )
        },
        VariationPoint {
            file: None,
            guarded: Vec::new(),
            function: None,
            ..point(
                "src/customers/globex",
                PointKind::Unit,
                "customer",
                &[1],
                0,
                "globex",
            )
        },
    ]
}

fn subjects() -> Vec<Subject> {
    let subject = |dimension: &str, name: &str| Subject {
        dimension: dimension.to_owned(),
        name: name.to_owned(),
        confidence: 90,
        scattering: 1,
        files: 1,
        components: 1,
        guarded_lines: 3,
        exclusive_lines: 3,
        tangling: 1,
        ..Subject::default()
    };
    vec![
        Subject {
            aliases: vec!["ACME_CORP".to_owned()],
            origin: SubjectOrigin::Told,
            owner: Some("jo".to_owned()),
            ends: Some("2031-01-31".to_owned()),
            tangling: 2,
            evidence: vec![Evidence {
                rule: "told",
                text: "listed in the configuration".to_owned(),
                at: None,
            }],
            ..subject("customer", "acme")
        },
        Subject {
            units: 1,
            files: 2,
            tangling: 2,
            guarded_lines: 9,
            ..subject("customer", "globex")
        },
        subject("flag", "evil\u{1b}[2J"),
        Subject {
            nesting: 1,
            ..subject("flag", "new-checkout")
        },
        subject("tenant", "org.plan"),
    ]
}

fn file(path: &str, points: u32) -> FileReport {
    FileReport {
        path: RepoPath::new(path),
        language: "typescript",
        role: Role::Product,
        component: "src".to_owned(),
        nloc: 120,
        cyclomatic: 12,
        cognitive: 20,
        points,
        subjects: points,
        guarded_lines: 2 * points,
        tangling: 2,
        nesting: 1,
    }
}

fn hotspot(file: u32, rank: u32, score: u32, function: Option<(&str, u32)>) -> Hotspot {
    let part = |metric, value| HotspotPart {
        metric,
        value,
        percentile: score,
        weight: 1.0,
    };
    Hotspot {
        file: FileId(file),
        rank,
        score,
        parts: vec![
            part("cognitive", 20),
            part("points", 4),
            part("tangling", 4),
        ],
        function: function.map(|(name, line)| (name.to_owned(), line)),
    }
}

fn issue(path: &str, reason: IssueReason) -> Issue {
    Issue {
        path: RepoPath::new(path),
        span: None,
        reason,
    }
}
