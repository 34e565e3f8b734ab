"""Reports of a tree with hostile names, read back by other people's parsers: formats.py BESPOKE FOLDER."""

import collections
import csv
import io
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
import xml.etree.ElementTree

from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])

SOURCE = """\
export function price(customer: Customer, amount: number) {
  if (customer.slug === "%s") {
    return amount * 0.9;
  }
  return amount;
}
"""
NAMES = [
    "acme",
    "globex",
    "<script>alert(1)</script>",
    "a'b&c]]>",
    "x|y`z*_@team",
    "right\u202eleft",
    "esc\u001b[31m",
    "100%,:::warning",
]
FILES = [
    "plain.ts",
    "with space.ts",
    "<img src=x onerror=alert(1)>.ts",
    'quote".ts',
    "new\nline.ts",
    "right\u202etfel.ts",
    "esc\u001b[31m.ts",
    "per%20cent,and:colon.ts",
    "=1+1.ts",
    "d" * 200 + "/" + "e" * 200 + "/deep.ts",
]

for name in FILES:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(SOURCE % it.replace("\\", "\\\\").replace('"', '\\"') for it in NAMES[:2])
    path.write_text(text, encoding="utf-8")
customers = "".join(f"[[customer]]\nname = {json.dumps(it)}\n\n" for it in NAMES)
(folder / "bespoke.toml").write_text(customers, encoding="utf-8")
(folder / "all.ts").write_text(
    "".join(SOURCE % it.replace("\u001b", "\\u001b") for it in NAMES), encoding="utf-8"
)


def report(form):
    done = subprocess.run(
        [program, "scan", "--quiet", "--format", form, str(folder)], capture_output=True, check=True
    )
    return done.stdout.decode("utf-8")


whole = json.loads(report("json"))
points = whole["variation_points"]
counted = [it for it in points if it["confidence"] >= whole["min_confidence"]]
assert len(counted) >= 2 * len(FILES), len(counted)
alerts = len(counted) + len(whole["findings"])

# Every region of SARIF is read back from its file.
log = json.loads(report("sarif"))
results = log["runs"][0]["results"]
assert len(results) == alerts, (len(results), alerts)
for result in results:
    place = result["locations"][0]["physicalLocation"]
    uri = place["artifactLocation"]["uri"]
    assert not urllib.parse.urlsplit(uri).scheme, uri
    path = folder / urllib.parse.unquote(uri)
    region = place["region"]
    lines = path.read_text(encoding="utf-8").split("\n")[region["startLine"] - 1 : region["endLine"]]
    wanted = "customer.slug" if result["ruleId"] == "customer_branch" else ""
    assert lines and wanted in lines[0], (uri, region, lines)

quality = json.loads(report("gitlab"))
assert len(quality) == alerts
assert len({it["fingerprint"] for it in quality}) == alerts, "unique"
assert len(json.loads(report("rdjson"))["diagnostics"]) == alerts

rows = list(csv.DictReader(io.StringIO(report("csv"))))
assert len(rows) == len(points)
assert not any(it["path"].startswith("=") for it in rows)
lines = [json.loads(it) for it in report("ndjson").splitlines()]
kinds = collections.Counter(it["type"] for it in lines)
assert kinds["variation_point"] == len(points) and kinds["report"] == 1

suites = xml.etree.ElementTree.fromstring(report("junit"))
failures = suites.findall(".//failure")
assert len(failures) == int(suites.get("failures")) > 0

text = report("openmetrics")
families = {it.name: it for it in openmetrics(text)}
assert {it.name for it in prometheus(text)} == set(families)
assert families["bespoke_variation_points"].samples[0].value == whole["totals"]["points"]
named = {it.labels["subject"] for it in families["bespoke_subject_points"].samples}
assert "<script>alert(1)</script>" in named, named

promtool = shutil.which("promtool")
assert promtool or "CI" not in os.environ, "no promtool: .ci/run installs it"
if promtool:
    checked = subprocess.run([promtool, "check", "metrics"], input=text, text=True, capture_output=True)
    assert checked.returncode == 0 and not checked.stdout + checked.stderr, checked

exporter = shutil.which("prometheus-node-exporter")
assert exporter or "CI" not in os.environ, "no node exporter: .ci/run installs it"
if exporter:
    # As on a machine that Prometheus scrapes: a file in a folder that the exporter reads.
    with tempfile.TemporaryDirectory() as scraped, socket.socket() as free:
        pathlib.Path(scraped, "bespoke.prom").write_text(text, encoding="utf-8")
        free.bind(("127.0.0.1", 0))
        address = "127.0.0.1:%d" % free.getsockname()[1]
        free.close()
        options = ["--collector.disable-defaults", "--collector.textfile"]
        options += [f"--collector.textfile.directory={scraped}", f"--web.listen-address={address}"]
        process = subprocess.Popen([exporter, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            # It says so as soon as it listens.
            next(line for line in process.stdout if "Listening on" in line)
            page = urllib.request.urlopen(f"http://{address}/metrics", timeout=60).read().decode()
        finally:
            process.kill()
            process.wait()
    scraped = {it.name: it for it in prometheus(page)}
    assert scraped["node_textfile_scrape_error"].samples[0].value == 0
    assert {it.labels["subject"] for it in scraped["bespoke_subject_points"].samples} == named

commands = report("github").splitlines()
assert commands and all(it.startswith("::") for it in commands)

page = report("markdown")
assert "<script>" not in page and "<img" not in page and "@team" not in page
for form in ["csv", "github", "junit", "markdown", "openmetrics", "terminal"]:
    text = report(form)
    assert "\u001b" not in text and "\u202e" not in text, form
print(f"formats: {len(points)} points of {len(FILES) + 1} files with hostile names read back from nine forms")
