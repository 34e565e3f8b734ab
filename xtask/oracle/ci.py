"""The files for CI and dashboards: read by others' schemas, and their scripts run on a repository made for it.

Usage: ci.py BESPOKE ROOT FOLDER
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from prometheus_client.parser import text_string_to_metric_families

BESPOKE, ROOT, FOLDER = (Path(it).resolve() for it in sys.argv[1:4])
BRANCH = 'export function f(customer: Customer) {\n  if (customer.slug === "%s") {\n    return 1;\n  }\n  return 0;\n}\n'


def run(*command, cwd=ROOT, code=0, **more):
    done = subprocess.run([str(it) for it in command], cwd=cwd, capture_output=True, text=True, **more)
    assert done.returncode == code, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout + done.stderr


def git(*args, cwd):
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "commit.gpgsign=false"]
    return run("git", *who, *args, cwd=cwd, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}).strip()


def repository(name: str) -> tuple[Path, str]:
    """A repository whose last commit brings a second customer, and the commit before it."""
    path = FOLDER / name
    path.mkdir(parents=True)
    git("init", "--quiet", "--initial-branch", "main", cwd=path)
    (path / "CODEOWNERS").write_text("* @shop/web\n")
    (path / "a.ts").write_text(BRANCH % "acme" + "export const on = flags.isEnabled('new-checkout');\n")
    git("add", ".", cwd=path)
    git("commit", "--quiet", "-m", "First", cwd=path)
    base = git("rev-parse", "HEAD", cwd=path)
    (path / "b.ts").write_text(BRANCH % "globex")
    git("add", ".", cwd=path)
    git("commit", "--quiet", "-m", "Second", cwd=path)
    return path, base


def schemas() -> None:
    check = [sys.executable, "-m", "check_jsonschema"]
    run(*check, "--builtin-schema", "vendor.github-actions", "action.yml")
    run(*check, "--builtin-schema", "vendor.github-workflows", "docs/ci/github-workflow.yml")
    run(*check, "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", "docs/ci/gitlab-ci.yml")
    run(sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml")
    run(sys.executable, "-m", "pre_commit", "validate-config", "docs/ci/pre-commit-config.yaml")


def github() -> None:
    """The action's own script, with what GitHub puts around it."""
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    [check] = [it for it in action["runs"]["steps"] if it.get("id") == "check"]
    # No text of somebody else's in a script.
    assert "${{" not in check["run"]
    assert set(check["env"]) == {"BASE", "FOLDER", "FAIL", "HTML"}

    def act(name, base, code, **inputs):
        path, commit = repository(name)
        home = FOLDER / f"{name}-home"
        (home / ".cache/bespoke-program/bin").mkdir(parents=True)
        shutil.copy(BESPOKE, home / ".cache/bespoke-program/bin")
        base = commit if base is None else base
        files = {it: FOLDER / f"{name}-{it}" for it in ["GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"]}
        around = {"HOME": home, "RUNNER_TEMP": home, "BASE": base, "FOLDER": ".", "FAIL": "true", "HTML": "false", **inputs, **files}
        env = {**os.environ, **{key: str(value) for key, value in around.items()}}
        # As the runner does: bash --noprofile --norc -eo pipefail.
        told = run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", check["run"], cwd=path, code=code, env=env)
        read = lambda it: it.read_text() if it.exists() else ""
        return told, read(files["GITHUB_OUTPUT"]), read(files["GITHUB_STEP_SUMMARY"]), home

    told, output, summary, home = act("brings", None, 1)
    assert "::warning file=b.ts,line=2" in told.replace("::error", "::warning"), told
    assert "a.ts" not in told, told
    assert "passes=false" in output and "globex" in summary and "acme" not in summary, (output, summary)
    sarif = json.loads(Path(re.search("sarif=(.*)", output)[1]).read_text())
    assert [it["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for it in sarif["runs"][0]["results"]] == ["b.ts"]
    told, output, summary, home = act("told", None, 0, FAIL="false", HTML="true")
    assert "passes=false" in output and (home / "bespoke.html").stat().st_size > 500_000
    told, output, summary, home = act("first", "0" * 40, 0)
    assert "passes=true" in output and "acme" in summary, (output, summary)
    told, output, *_ = act("gone", "1" * 40, 0)
    assert "is gone" in told and "passes=true" in output, told
    act("wrong", None, 2, FOLDER="nowhere")


def gitlab() -> None:
    """Each job's script, with the variables that GitLab sets and those that the file does."""
    jobs = yaml.safe_load((ROOT / "docs/ci/gitlab-ci.yml").read_text())
    for name, code in [("bespoke check", 1), ("bespoke trend", 0)]:
        path, base = repository(name.replace(" ", "-") + "-gitlab")
        (path / ".bespoke/program/bin").mkdir(parents=True)
        shutil.copy(BESPOKE, path / ".bespoke/program/bin")
        given = {"CI_PROJECT_DIR": str(path), "CI_MERGE_REQUEST_DIFF_BASE_SHA": base, "CI_PROJECT_PATH": "shop/web"}
        own = {key: re.sub(r"\$(\w+)", lambda it: given[it[1]], str(value)) for key, value in jobs[".bespoke"]["variables"].items()}
        lines = jobs[".bespoke"]["before_script"] + jobs[name]["script"]
        run("bash", "-eo", "pipefail", "-c", "\n".join(lines), cwd=path, code=code, env={**os.environ, **given, **own})
        artifacts = jobs[name]["artifacts"]
        for made in artifacts["paths"] + list(artifacts["reports"].values()):
            assert (path / made).stat().st_size > 0, made
        if name == "bespoke check":
            [issue] = json.loads((path / "gl-code-quality-report.json").read_text())
            assert issue["location"]["path"] == "b.ts", issue
        else:
            rows = (path / "trend.ndjson").read_text().splitlines()
            assert len([it for it in rows if json.loads(it).get("kind") == "row"]) == 2, rows
            metrics = (path / "metrics.txt").read_text()
            assert 'bespoke_files{repository="shop/web"} 2' in metrics, metrics


def pre_commit() -> None:
    """The hooks as pre-commit runs them, out of this repository."""
    path, _ = repository("pre-commit")
    env = {**os.environ, "PATH": f"{BESPOKE.parent}{os.pathsep}{os.environ['PATH']}", "PRE_COMMIT_HOME": str(FOLDER / "hooks")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    hooks = FOLDER / "hooks-repository"
    hooks.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    git("init", "--quiet", cwd=hooks)
    git("add", ".", cwd=hooks)
    git("commit", "--quiet", "-m", "Hooks", cwd=hooks)
    hook = [sys.executable, "-m", "pre_commit", "try-repo", hooks, "bespoke-check", "--verbose"]
    (path / "c.ts").write_text("export const c = 1;\n")
    git("add", ".", cwd=path)
    assert "Passed" in run(*hook, cwd=path, env=env)
    (path / "c.ts").write_text(BRANCH % "initech")
    git("add", ".", cwd=path)
    told = run(*hook, cwd=path, env=env, code=1)
    assert "Failed" in told and "c.ts:2" in told and "b.ts" not in told, told


def grafana() -> None:
    """Every query is PromQL, over names that a scan with history writes; panels do not lie on each other."""
    board = json.loads((ROOT / "docs/ci/grafana-dashboard.json").read_text())
    path, _ = repository("grafana")
    text = run(BESPOKE, "scan", "--history", "--quiet", "--no-cache", "--name", "shop", "--format", "openmetrics", cwd=path)
    written = {it.name: it for it in text_string_to_metric_families(text)}
    # Not of so small a history: told by a longer one.
    known = set(written) | {"bespoke_burden_ratio", "bespoke_interest_per_month_seconds"}
    queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    for query in queries:
        names = set(re.findall(r"\bbespoke_\w+", query))
        assert names and names <= known, (query, names - known)
        labels = set(re.findall(r"(\w+)(?:=~|!~|=|!=)", query)) | set(re.findall(r"by \((\w+)\)", query))
        for name in names & set(written):
            has = set().union(*(it.labels for it in written[name].samples))
            assert labels <= has, (query, labels - has)
    rules = {"groups": [{"name": "bespoke", "rules": [{"record": f"q{nth}", "expr": it.replace("$repository", ".*")} for nth, it in enumerate(queries)]}]}
    (FOLDER / "rules.yml").write_text(yaml.safe_dump(rules))
    promtool = shutil.which("promtool")
    assert promtool or "CI" not in os.environ, "no promtool: .ci/run installs it"
    if promtool:
        assert f"SUCCESS: {len(queries)} rules found" in run(promtool, "check", "rules", FOLDER / "rules.yml")
    assert len({it["id"] for it in board["panels"]}) == len(board["panels"])
    cells = [(x, y) for it in board["panels"] for x in range(it["gridPos"]["x"], it["gridPos"]["x"] + it["gridPos"]["w"])
             for y in range(it["gridPos"]["y"], it["gridPos"]["y"] + it["gridPos"]["h"])]
    assert len(cells) == len(set(cells)) and max(x for x, _ in cells) < 24


for check in [schemas, github, gitlab, pre_commit, grafana]:
    check()
print("ci: the action, the workflow, GitLab's jobs, pre-commit's hooks and the dashboard do what they say")
