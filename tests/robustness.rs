//! Bad input ends in a named issue or a clear error, with the right exit code: never in a panic, a hang or silence.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

fn bespoke(arguments: &[&OsStr]) -> Output {
    command(arguments).output().unwrap()
}

fn command(arguments: &[&OsStr]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bespoke"));
    command.args(arguments).env("NO_COLOR", "1");
    command
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The JSON report of a scan, which must succeed.
fn report(path: &Path) -> Value {
    serde_json::from_slice(&report_bytes(path, &[])).unwrap()
}

fn report_bytes(path: &Path, more: &[&str]) -> Vec<u8> {
    let mut arguments = vec![
        OsStr::new("scan"),
        path.as_os_str(),
        OsStr::new("--format"),
        OsStr::new("json"),
    ];
    arguments.extend(more.iter().map(OsStr::new));
    let output = bespoke(&arguments);
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
    output.stdout
}

/// Path and reason of every issue, in the report's order.
fn issues(report: &Value) -> Vec<(&str, &str)> {
    let issues = report["issues"].as_array().unwrap();
    issues
        .iter()
        .map(|issue| {
            assert!(!issue["message"].as_str().unwrap().is_empty());
            (
                issue["path"].as_str().unwrap(),
                issue["reason"].as_str().unwrap(),
            )
        })
        .collect()
}

/// Paths and lines of the conditions that single out a customer.
fn customer_branches(report: &Value) -> Vec<(&str, u64)> {
    let points = report["variation_points"].as_array().unwrap();
    points
        .iter()
        .filter(|point| point["kind"] == "customer_branch")
        .map(|point| {
            (
                point["path"].as_str().unwrap(),
                point["line"].as_u64().unwrap(),
            )
        })
        .collect()
}

fn tree(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/robustness")
}

#[test]
fn what_a_file_holds_is_named() {
    let report = report(&fixtures());
    assert_eq!(
        issues(&report),
        [
            ("binary.ts", "binary"),
            ("broken.rs", "syntax"),
            ("broken.ts", "syntax"),
            ("latin1.ts", "not-utf8"),
            ("pointer.ts", "lfs-pointer"),
            ("unclosed.jsx", "syntax"),
        ]
    );
}

#[test]
fn byte_order_marks_line_ends_and_other_encodings_lose_no_branch() {
    let report = report(&fixtures());
    let found = customer_branches(&report);
    for expected in [("bom.ts", 2), ("crlf.ts", 2), ("latin1.ts", 3)] {
        assert!(found.contains(&expected), "{expected:?} not in {found:?}");
    }
}

#[test]
fn large_files_are_not_read() {
    let large = b"export const a = 1;\n".repeat(200_000);
    let tree = tree(&[("large.ts", &large), ("small.ts", b"export const b = 1;\n")]);
    let report = report(tree.path());
    assert_eq!(issues(&report), [("large.ts", "too-large")]);
    assert_eq!(report["totals"]["files"], 1);
}

#[test]
fn ten_thousand_levels_of_nesting_end_in_an_issue() {
    const LEVELS: usize = 10_000;
    let nested = |open: &str, middle: &str, close: &str| {
        let (open, close) = (open.repeat(LEVELS), close.repeat(LEVELS));
        format!("{open}{middle}{close}")
    };
    let in_rust = |body: String| format!("pub fn f(a: u8) -> u8 {{ {body} }}\n");
    let files = [
        (
            "arrays.ts",
            format!("export const a = {};\n", nested("[", "1", "]")),
        ),
        ("blocks.rs", in_rust(nested("{", "a", "}"))),
        ("calls.js", format!("{};\n", nested("f(\n", "1", ")"))),
        ("functions.js", nested("() => {\nreturn ", "1", "}")),
        (
            "ifs.rs",
            in_rust(nested("if a == 1 { ", "a", " } else { 0 }")),
        ),
        ("ifs.ts", nested("if (a) { ", "b();", " }")),
        ("nots.ts", format!("if ({}) b();\n", nested("!", "a", ""))),
        (
            "objects.ts",
            format!("const a = {};\n", nested("{a:", "1", "}")),
        ),
        ("parens.rs", in_rust(nested("(", "a", ")"))),
        (
            "parens.ts",
            format!("const a = {};\n", nested("(", "1", ")")),
        ),
        (
            "tags.tsx",
            format!("const a = {};\n", nested("<a>", "b", "</a>")),
        ),
        (
            "ternaries.ts",
            format!("const a = {};\n", nested("b ? ", "1", " : 2")),
        ),
    ];
    let files = files
        .each_ref()
        .map(|(path, text)| (*path, text.as_bytes()));
    let tree = tree(&files);
    let report = report(tree.path());
    let named = issues(&report);
    for (path, _) in files {
        let reasons: Vec<&str> = named
            .iter()
            .filter(|(at, _)| *at == path)
            .map(|(_, reason)| *reason)
            .collect();
        assert!(reasons.contains(&"too-deep"), "{path}: {reasons:?}");
    }
}

#[test]
fn long_chains_are_read_or_named() {
    const LINKS: usize = 10_000;
    let chain = |first: &str, link: &str| format!("{first}{}", link.repeat(LINKS));
    let files = [
        ("and.ts", format!("if ({}) b();\n", chain("a", " && a"))),
        ("else.rs", {
            let chain = chain("if a == 0 { 1 }", " else if a == 1 { 2 }");
            format!("pub fn f(a: u8) -> u8 {{ {chain} else {{ 3 }} }}\n")
        }),
        ("else.ts", chain("if (a) { b(); }", " else if (c) { d(); }")),
        ("members.ts", format!("{};\n", chain("a", ".b"))),
        (
            "methods.rs",
            format!("pub fn f() {{ {}; }}\n", chain("a", ".b()")),
        ),
        (
            "plus.js",
            format!("const a = {};\n", chain("'a'", "\n + 'a'")),
        ),
        (
            "plus.rs",
            format!("pub const A: u64 = {};\n", chain("1", " + 1")),
        ),
    ];
    let files = files
        .each_ref()
        .map(|(path, text)| (*path, text.as_bytes()));
    let tree = tree(&files);
    let report = report(tree.path());
    for (path, reason) in issues(&report) {
        assert_eq!(reason, "too-deep", "{path}");
    }
}

/// A parser that tries type arguments, and reads again what turns out to be none, does not come to an end of these.
#[test]
fn type_arguments_in_vain_are_read_by_the_grammar() {
    let branch = "if (tenant.slug === \"acme\") { go(); }\n";
    let files = ["a<{[", "new a<{[", "{[async<", "class extends a<{["];
    let files = files.map(|part| format!("{branch}let z = {};\n", part.repeat(26)));
    let names = ["a.ts", "b.ts", "c.tsx", "d.ts"];
    let files = [0, 1, 2, 3].map(|at| (names[at], files[at].as_bytes()));
    let report = report(tree(&files).path());
    assert_eq!(issues(&report), names.map(|name| (name, "syntax")));
    let found = customer_branches(&report);
    assert_eq!(found, names.map(|name| (name, 1)));
}

#[test]
fn a_macro_that_does_not_close_ends_where_the_file_does() {
    let branch =
        "pub fn f(tenant: &Tenant) {\n    if tenant.slug == \"acme\" {\n        go();\n    }\n}\n";
    let files = ["h!{é", "h!(a, \"é", "pub fn g() { h!(é }", "h!["];
    let files = files.map(|rest| format!("{branch}{rest}"));
    let names = ["a.rs", "b.rs", "c.rs", "d.rs"];
    let files = [0, 1, 2, 3].map(|at| (names[at], files[at].as_bytes()));
    let report = report(tree(&files).path());
    assert_eq!(issues(&report), names.map(|name| (name, "syntax")));
    assert_eq!(customer_branches(&report), names.map(|name| (name, 2)));
}

#[test]
fn what_leads_in_circles_ends() {
    let tree = tree(&[
        ("a.ts", b"export * from \"./b\";\nexport { x } from \"./a\";\n"),
        ("b.ts", b"export * from \"./a\";\nexport { y as x } from \"./b\";\n"),
        (
            "use.ts",
            b"import { x } from \"./a\";\nexport const f = (org: Org) => g(org);\nconst g = (org: Org) => f(org) || org.slug === x;\nif (f(org)) { go(); }\n",
        ),
        ("p/__init__.py", b"from p.q import Z\nfrom p import *\n"),
        ("p/q.py", b"from p import Z\n\ndef on(org):\n    return off(org)\n\ndef off(org):\n    return on(org)\n"),
        ("p/r.py", b"from p.q import on, Z\n\nif on(org) or org.slug == Z:\n    go()\n"),
        ("m.rs", b"pub use self::m::*;\nmod m { pub use super::*; }\nfn f() -> bool { g() }\nfn g() -> bool { f() }\n"),
        ("tsconfig.json", br#"{ "extends": "./tsconfig.json", "compilerOptions": { "paths": { "@/*": ["@/*"] } } }"#),
        ("alias.ts", b"import { x } from \"@/x\";\nif (x(org)) { go(); }\n"),
    ]);
    let report = report(tree.path());
    assert_eq!(report["files"].as_array().unwrap().len(), 8);
}

/// Only where names that differ in case alone are two files.
#[cfg(target_os = "linux")]
#[test]
fn names_that_differ_in_case_alone_and_modules_of_one_name_are_told_apart() {
    let tree = tree(&[
        (
            "Price.ts",
            b"import { b } from \"./price\";\nexport const a = () => b();\n",
        ),
        (
            "price.ts",
            b"import { a } from \"./Price\";\nexport const b = () => a();\n",
        ),
        ("one/rates.py", b"A = 1\n"),
        ("two/rates.py", b"A = 2\n"),
        ("one/use.py", b"from one.rates import A\n"),
        ("two/use.py", b"from two.rates import A\n"),
    ]);
    let report = report(tree.path());
    let cycles = &report["structure"]["cycles"];
    assert_eq!(
        cycles[0]["files"],
        serde_json::json!(["Price.ts", "price.ts"])
    );
    for file in report["files"].as_array().unwrap() {
        let expected = u64::from(!file["path"].as_str().unwrap().ends_with("use.py"));
        assert_eq!(file["dependencies"]["afferent"], expected, "{file}");
    }
}

#[test]
fn an_import_that_is_not_found_is_a_blind_spot_with_what_asks_it() {
    let tree = tree(&[(
        "a.ts",
        b"import { isBig } from \"./gone\";\nif (isBig(org)) { go(); }\nif (!known(org)) { go(); }\n",
    )]);
    let spots = &report(tree.path())["blind_spots"];
    assert_eq!(
        (&spots["unresolved_imports"], &spots["unresolved_calls"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn ten_thousand_keys_of_an_enum_are_all_found() {
    let keys: Vec<String> = (0..10_000)
        .map(|key| format!("  K{key} = \"tenant-{key}\","))
        .collect();
    let keys = format!("export enum TenantSlug {{\n{}\n}}\n", keys.join("\n"));
    let asks: Vec<String> = (0..10_000)
        .step_by(100)
        .map(|key| format!("if (org.slug === TenantSlug.K{key}) {{ go({key}); }}"))
        .collect();
    let asks = format!(
        "import {{ TenantSlug }} from \"./keys\";\n{}\n",
        asks.join("\n")
    );
    let tree = tree(&[("keys.ts", keys.as_bytes()), ("asks.ts", asks.as_bytes())]);
    let report = report(tree.path());
    assert_eq!(report["totals"]["by_kind"]["customer_branch"], 100);
}

#[test]
fn broken_manifests_are_named() {
    let tree = tree(&[
        ("Cargo.toml", b"[package\n"),
        ("web/package.json", b"{ \"name\": "),
    ]);
    assert_eq!(
        issues(&report(tree.path())),
        [("Cargo.toml", "manifest"), ("web/package.json", "manifest")]
    );
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere_outside_and_in_no_circle() {
    use std::os::unix::fs::symlink;

    let secret = b"export const f = (org) => org.slug === 'secret';\n";
    let outside = tree(&[("secret.ts", secret), ("folder/secret.ts", secret)]);
    let tree = tree(&[("src/a.ts", b"export const a = 1;\n")]);
    let link = |target: &Path, name: &str| symlink(target, tree.path().join(name)).unwrap();
    link(Path::new(".."), "src/up");
    link(Path::new("circle.ts"), "circle.ts");
    link(Path::new("gone.ts"), "dangling.ts");
    link(&outside.path().join("secret.ts"), "file.ts");
    link(&outside.path().join("folder"), "folder");
    let report = report(tree.path());
    assert_eq!(
        issues(&report),
        [
            ("circle.ts", "link-not-followed"),
            ("dangling.ts", "unreadable"),
            ("file.ts", "link-not-followed"),
            ("folder", "link-not-followed"),
            ("src/up", "link-not-followed"),
        ]
    );
    assert!(!report.to_string().contains("secret"));
    assert_eq!(report["totals"]["files"], 1);
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt as _;

    let tree = tree(&[("closed.ts", b"a;\n"), ("folder/a.ts", b"a;\n")]);
    let close = |name: &str| {
        let path = tree.path().join(name);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).unwrap();
        path
    };
    let (file, folder) = (close("closed.ts"), close("folder"));
    // The superuser may read everything, so there is nothing to see.
    let superuser = fs::read(file).is_ok();
    if !superuser {
        assert_eq!(
            issues(&report(tree.path())),
            [("closed.ts", "unreadable"), ("folder", "unreadable")]
        );
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
}

#[cfg(unix)]
#[test]
fn a_pipe_with_a_source_name_is_not_waited_for() {
    let tree = tree(&[("a.ts", b"export const a = 1;\n")]);
    let made = Command::new("mkfifo")
        .arg(tree.path().join("pipe.ts"))
        .status()
        .unwrap();
    assert!(made.success());
    assert_eq!(issues(&report(tree.path())), [("pipe.ts", "unreadable")]);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_utf8_are_read_and_named() {
    use std::os::unix::ffi::OsStrExt as _;

    let tree = tree(&[]);
    for name in [b"a\xff.ts", b"a\xfe.ts"] {
        fs::write(tree.path().join(OsStr::from_bytes(name)), "export {};\n").unwrap();
    }
    let report = report(tree.path());
    assert_eq!(
        issues(&report),
        [
            ("a\\xFE.ts", "path-not-utf8"),
            ("a\\xFF.ts", "path-not-utf8")
        ]
    );
    assert_eq!(report["totals"]["files"], 2);
}

#[test]
fn a_missing_path_is_an_error_that_names_it() {
    let output = bespoke(&["scan", "/nowhere/at/all"].map(OsStr::new));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("/nowhere/at/all"), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
}

#[test]
fn an_empty_tree_is_no_error_and_says_so() {
    let tree = tree(&[]);
    let output = bespoke(&[OsStr::new("scan"), tree.path().as_os_str()]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout).to_lowercase() + &stderr(&output);
    assert!(said.to_lowercase().contains("no source"), "{said}");
    let report = report(tree.path());
    assert_eq!(report["totals"]["files"], 0);
}

#[test]
fn a_broken_configuration_is_an_error_that_shows_its_place() {
    let tree = tree(&[
        ("a.ts", b"a;\n"),
        ("bespoke.toml", b"[[custmer]]\nname = \"Acme\"\n"),
    ]);
    let output = bespoke(&[OsStr::new("scan"), tree.path().as_os_str()]);
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    for part in [
        "bespoke.toml:1:3: unknown key `custmer`",
        "1 | [[custmer]]",
        "  |   ^^^^^^^",
        "did you mean `customer`?",
    ] {
        assert!(errors.contains(part), "{part} not in:\n{errors}");
    }
}

#[test]
fn an_output_folder_that_cannot_be_written_to_is_an_error() {
    let tree = tree(&[("a.ts", b"a;\n"), ("out/file", b"")]);
    // Not even the superuser can write below a file.
    let target = tree.path().join("out/file/report.json");
    let output = bespoke(&[
        OsStr::new("scan"),
        tree.path().as_os_str(),
        OsStr::new("--output"),
        target.as_os_str(),
    ]);
    let errors = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("report.json"), "{errors}");
}

#[cfg(unix)]
#[test]
fn a_read_only_output_folder_is_an_error_and_stays_empty() {
    use std::os::unix::fs::PermissionsExt as _;

    let tree = tree(&[("a.ts", b"a;\n")]);
    let folder = tree.path().join("out");
    fs::create_dir(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    let superuser = fs::write(folder.join("probe"), "").is_ok();
    if !superuser {
        let target = folder.join("report.json");
        let output = bespoke(&[
            OsStr::new("scan"),
            tree.path().as_os_str(),
            OsStr::new("--output"),
            target.as_os_str(),
        ]);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_closed_pipe_is_no_error() {
    let tree = tree(&[("a.ts", b"export const a = 1;\n")]);
    for format in ["json", "terminal"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let arguments = [
            OsStr::new("scan"),
            tree.path().as_os_str(),
            OsStr::new("--format"),
            OsStr::new(format),
        ];
        let output = command(&arguments).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}: {output:?}");
        assert_eq!(stderr(&output), "", "{format}");
    }
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let folder = fixtures().join("..");
    let mut options = vec!["--threads", "1"];
    for role in ["fixtures", "tests", "examples", "vendored"] {
        options.extend(["--include", role]);
    }
    let one = report_bytes(&folder, &options);
    options[1] = "8";
    let eight = report_bytes(&folder, &options);
    assert!(one == eight, "1 and 8 threads differ");
}
