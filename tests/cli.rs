//! Help, lists, errors and exit codes, as a user sees them.
//!
//! What is printed stands in `tests/cmd/*.toml`, help in `tests/cmd/help.trycmd`; `TRYCMD=overwrite cargo test -p bespoke-cli` writes it anew, for the
//! diff to be read. Here is what such a file cannot say.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::Stdio,
};

use crate::{bespoke, program, repository, run, shop};

#[test]
fn what_is_printed_is_as_written_down() {
    let cases = trycmd::TestCases::new();
    cases.register_bin("bespoke", program());
    cases.env("COLUMNS", "100");
    cases.case(repository().join("tests/cmd/*.toml"));
    cases.case(repository().join("tests/cmd/*.trycmd"));
}

#[test]
fn a_reader_that_stops_early_is_no_failure() {
    for args in [
        ["scan", ".", "--format=json"],
        ["list", "metrics", "--format=json"],
        ["schema", "report", "--color=never"],
    ] {
        let mut child = bespoke(args)
            .current_dir(repository().join("crates"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut reader = BufReader::with_capacity(1, child.stdout.take().unwrap());
        reader.read_line(&mut first).unwrap();
        drop(reader);
        let rest = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(rest.stderr).unwrap(), "", "{args:?}");
        assert_eq!(rest.status.code(), Some(0), "{args:?}");
    }
}

#[test]
fn one_scan_feeds_all_outputs() {
    let folder = tempfile::tempdir().unwrap();
    let (code, page, errors) = run(bespoke([
        "scan",
        "--output",
        "a.json",
        "--output",
        "terminal=b.page",
        "-o",
        "c.txt",
    ])
    .arg(shop())
    .current_dir(folder.path()));
    assert_eq!((code, errors.as_str()), (0, ""));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("b.page"), page);
    assert_eq!(read("c.txt"), page);
    let (_, json, _) = run(bespoke(["scan", "--format", "json"]).arg(shop()));
    assert_eq!(read("a.json"), json);
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        3,
        "a temporary file is left"
    );
}

#[test]
fn quiet_prints_only_what_is_asked_for() {
    let (code, page, errors) = run(bespoke(["scan", "--quiet"]).arg(shop()));
    assert_eq!((code, page.as_str(), errors.as_str()), (0, "", ""));
    let (_, json, _) = run(bespoke(["scan", "--quiet", "--format", "json"]).arg(shop()));
    assert!(json.starts_with('{'));
}

#[test]
fn a_file_that_cannot_be_written_is_told_before_the_scan() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none/report.json");
    let (code, page, errors) = run(bespoke(["scan", "--output"]).arg(&missing).arg(shop()));
    assert_eq!((code, page.as_str()), (2, ""));
    assert!(
        errors.starts_with(&format!("error: cannot write {}: ", missing.display())),
        "{errors}"
    );
    assert!(
        errors.contains("hint: its folder must be there already"),
        "{errors}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_told_and_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(folder.path().join("probe"), "").is_ok() {
        // The superuser may write anywhere; there is nothing to be seen then.
        fs::remove_file(folder.path().join("probe")).unwrap();
        return;
    }
    let (code, _, errors) = run(bespoke(["scan", "--output"])
        .arg(folder.path().join("a.json"))
        .arg(shop()));
    assert_eq!(code, 2);
    assert!(errors.contains("cannot write"), "{errors}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_is_told() {
    let (code, page, errors) = run(bespoke(["scan", "--output", "/proc/report.json"]).arg(shop()));
    assert_eq!((code, page.as_str()), (2, ""));
    assert!(
        errors.starts_with("error: cannot write /proc/report.json: "),
        "{errors}"
    );
}

#[test]
fn skipped_files_fail_only_where_that_is_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.ts"), "export const a = 1;\n").unwrap();
    fs::write(folder.path().join("bad.ts"), b"a\0b").unwrap();
    let (code, page, errors) = run(bespoke(["scan"]).arg(folder.path()));
    assert_eq!((code, errors.as_str()), (0, ""));
    assert!(page.contains("binary: 1 file\n  bad.ts: binary"), "{page}");
    let (code, _, errors) = run(bespoke(["scan", "--strict"]).arg(folder.path()));
    assert_eq!((code, errors.as_str()), (3, "strict: files skipped: 1\n"));
    fs::remove_file(folder.path().join("bad.ts")).unwrap();
    assert_eq!(run(bespoke(["scan", "--strict"]).arg(folder.path())).0, 0);
}

#[test]
fn findings_go_before_skipped_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bad.ts"), b"a\0b").unwrap();
    fs::copy(
        shop().join("src/checkout.tsx"),
        folder.path().join("checkout.tsx"),
    )
    .unwrap();
    let (code, _, errors) =
        run(bespoke(["scan", "--strict", "--fail-on", "flag_check"]).arg(folder.path()));
    assert_eq!(code, 1, "{errors}");
    assert!(
        errors.contains("fail-on: flag_check found 2, limit 1"),
        "{errors}"
    );
    assert!(errors.contains("strict: files skipped: 1"), "{errors}");
}

#[test]
fn init_writes_a_configuration_once_that_the_next_scan_reads() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    for name in ["src/customers.ts", "src/billing.ts"] {
        fs::copy(shop().join(name), folder.path().join(name)).unwrap();
    }
    let (_, shown, _) = run(bespoke(["init", "--stdout"]).arg(folder.path()));
    assert!(!folder.path().join("bespoke.toml").exists());
    let (code, _, errors) = run(bespoke(["init"]).arg(folder.path()));
    assert_eq!((code, errors.as_str()), (0, ""));
    let written = fs::read_to_string(folder.path().join("bespoke.toml")).unwrap();
    assert_eq!(written, shown);
    assert!(written.contains("acme"), "{written}");

    let (code, _, errors) = run(bespoke(["scan", "-v"]).arg(folder.path()));
    assert_eq!(code, 0);
    assert!(errors.contains("bespoke.toml\n"), "{errors}");
    let (code, _, errors) = run(bespoke(["init"]).arg(folder.path()));
    assert_eq!(code, 2);
    assert!(errors.contains("never overwrites"), "{errors}");
    assert_eq!(
        fs::read_to_string(folder.path().join("bespoke.toml")).unwrap(),
        written
    );
}

#[test]
fn colour_is_there_only_when_asked_for() {
    let escape = '\u{1b}';
    assert!(!run(bespoke(["scan"]).arg(shop())).1.contains(escape));
    assert!(
        run(bespoke(["scan", "--color", "always"]).arg(shop()))
            .1
            .contains(escape)
    );
    assert!(
        run(bespoke(["scan"]).arg(shop()).env("CLICOLOR_FORCE", "1"))
            .1
            .contains(escape)
    );
    assert!(
        !run(bespoke(["scan"])
            .arg(shop())
            .env("CLICOLOR_FORCE", "1")
            .env("NO_COLOR", "1"))
        .1
        .contains(escape)
    );
}

#[test]
fn an_explained_path_may_be_seen_from_any_folder() {
    let from_above = run(bespoke(["explain", "shop/src/billing.ts:6", "shop"])
        .current_dir(repository().join("tests/cmd")));
    let from_within =
        run(bespoke(["explain", "billing.ts:6", ".."]).current_dir(shop().join("src")));
    assert_eq!(from_above.0, 0, "{}", from_above.2);
    assert!(
        from_above
            .1
            .starts_with("src/billing.ts:6  customer_branch\n"),
        "{}",
        from_above.1
    );
    assert_eq!(from_above, from_within);
}

#[test]
fn every_shell_has_completions_and_every_command_a_page() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let (code, script, _) = run(&mut bespoke(["completions", shell]));
        assert!(code == 0 && script.contains("explain"), "{shell}");
    }
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(bespoke(["man"]).arg(folder.path())).0, 0);
    let page = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(page("bespoke-scan.1").contains("fail\\-on"));
    assert_eq!(page("bespoke.1"), run(&mut bespoke(["man"])).1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 20);
}

#[cfg(unix)]
#[test]
fn an_interrupted_scan_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    // Nobody reads the output: the program waits in the middle of writing it, until it is interrupted.
    let mut child = bespoke(["scan", "--format", "json", "--output"])
        .arg(&report)
        .arg(repository().join("crates"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0];
    std::io::Read::read_exact(child.stdout.as_mut().unwrap(), &mut first).unwrap();
    let killed = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let left: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(left.iter().all(|path| *path == report), "{left:?}");
}
