//! Who answers for what: sums by owner in every form, and reports of one owner's part.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{bespoke, run};

const BRANCH: &str = "export function f(customer: Customer) {\n  if (customer.slug === \"NAME\") {\n    return 1;\n  }\n  return 0;\n}\n";

/// Two teams, of which one has acme and the other globex; `lib` is nobody's.
fn tree() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "bespoke.toml",
        "[[customer]]\nname = \"acme\"\n\n[[customer]]\nname = \"globex\"\n",
    );
    write("CODEOWNERS", "web/ @shop/web\nbilling/ @shop/money\n");
    write("web/page.ts", &BRANCH.replace("NAME", "acme"));
    write("billing/tax.ts", &BRANCH.replace("NAME", "globex"));
    write("lib/both.ts", &BRANCH.replace("NAME", "acme"));
    folder
}

fn scan(folder: &Path, args: &[&str]) -> (i32, String, String) {
    run(bespoke(["scan"]).arg(folder).args(args))
}

#[test]
fn every_form_for_people_tells_owners() {
    let folder = tree();
    for form in ["terminal", "markdown", "html", "openmetrics", "json"] {
        let (code, page, _) = scan(folder.path(), &["--format", form]);
        assert_eq!(code, 0);
        for team in ["shop/web", "shop/money"] {
            assert!(page.contains(team), "{form}: {page}");
        }
    }
}

#[test]
fn a_report_may_be_of_one_owner() {
    let folder = tree();
    let (_, page, err) = scan(folder.path(), &["--format", "json", "--owner", "WEB"]);
    let report: Value = serde_json::from_str(&page).expect(&err);
    assert_eq!(report["totals"]["points"], 1);
    let names: Vec<&str> = report["subjects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["acme"]);
    assert_eq!(report["subjects"][0]["files"], 1, "lib is not theirs");
    let (code, page, _) =
        run(bespoke(["hotspots", "--no-history", "--owner", "@shop/money"]).arg(folder.path()));
    assert_eq!(code, 0);
    assert!(
        page.contains("billing/tax.ts") && !page.contains("web/page.ts"),
        "{page}"
    );
}

#[test]
fn an_owner_that_is_not_there_is_told() {
    let folder = tree();
    let (code, _, err) = scan(folder.path(), &["--owner", "shop/wob"]);
    assert_eq!(code, 2);
    assert!(
        err.contains("shop/wob") && err.contains("@shop/web"),
        "{err}"
    );
    fs::remove_file(folder.path().join("CODEOWNERS")).unwrap();
    let (code, _, err) = scan(folder.path(), &["--owner", "web"]);
    assert_eq!(code, 2);
    assert!(err.contains("CODEOWNERS"), "{err}");
}

#[test]
fn a_diff_may_be_of_one_owner() {
    let folder = tree();
    let report = |name: &str| {
        let path = folder.path().join(name).to_string_lossy().into_owned();
        let (code, _, err) = scan(folder.path(), &["--quiet", "--output", &path]);
        assert_eq!(code, 0, "{err}");
        path
    };
    let old = report("old.json");
    for path in ["web/more.ts", "billing/more.ts"] {
        fs::write(folder.path().join(path), BRANCH.replace("NAME", "acme")).unwrap();
    }
    let new = report("new.json");
    let args = ["diff", &old, &new, "--format", "json", "--owner", "money"];
    let (code, page, err) = run(&mut bespoke(args));
    assert_eq!(code, 0, "{err}");
    let diff: Value = serde_json::from_str(&page).unwrap();
    let paths: Vec<&Value> = diff["introduced"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["path"])
        .collect();
    assert_eq!(paths, ["billing/more.ts"]);
}
