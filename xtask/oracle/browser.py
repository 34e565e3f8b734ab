"""The HTML report in a real browser: charts are drawn, tables obey, hostile names stay text, nothing is asked of a network.

Usage: browser.py BESPOKE FOLDER CHROMIUM
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

HOSTILE = "</script><script>pwned=1</script><img src=x onerror=pwned=1>\u202e{{7*7}}'\"&amp;"
FOLDER = "src/<svg onload=pwned=1>"

CONFIG = """
[[customer]]
name = "acme"

[[customer]]
name = "globex"

[[customer]]
name = "%s"
"""

CODE = """import {{ tenant, flags }} from "{up}lib/tenant";
// {hostile}
export function price{n}(order: Order) {{
  if (tenant.slug === "acme") {{
    return order.net * 0.9;
  }}
  if (tenant.slug === "{name}" && flags.isEnabled("new-checkout-{n}")) {{
    return 0;
  }}
  return order.net;
}}
"""


def write_tree(root: Path) -> None:
    name = HOSTILE.replace('"', "").replace("'", "")
    (root / FOLDER).mkdir(parents=True)
    (root / "lib").mkdir()
    (root / "bespoke.toml").write_text(CONFIG % name, encoding="utf-8")
    (root / "CODEOWNERS").write_text("src/ @shop/<b>checkout</b>\nlib/ @shop/core\n", encoding="utf-8")
    (root / "package.json").write_text('{"name": "shop"}', encoding="utf-8")
    (root / "lib" / "tenant.ts").write_text("export const tenant = { slug: 'acme' };\nexport const flags = { isEnabled: (key: string) => true };\n")
    names = [f"lib/plain{n}.ts" for n in range(12)]
    names += [f"{FOLDER}/{'&<>quot' * 3}{n}.ts" for n in range(3)]
    names += ["src/'\"><img src=x onerror=pwned=1>.ts", "src/new\nline\u202e.ts", "src/" + "long" * 60 + ".ts"]

    def git(*args: str) -> None:
        who = ["-c", "user.name=<img src=x onerror=pwned=1>", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *args], cwd=root, check=True, capture_output=True, env={**os.environ, "GIT_CONFIG_GLOBAL": os.devnull})

    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "first", "--date", "2024-01-01T00:00:00Z")
    for n, path in enumerate(names):
        # Every third asks for the hostile one, the others for a plain one.
        text = CODE.format(n=n, hostile=HOSTILE, name=name if n % 3 == 0 else "globex", up="../" * path.count("/"))
        (root / path).write_text(text, encoding="utf-8")
        git("add", ".")
        git("commit", "--quiet", "-m", HOSTILE)


class Checks:
    def __init__(self) -> None:
        self.done = 0

    def that(self, holds: bool, what: str) -> None:
        self.done += 1
        if not holds:
            sys.exit(f"browser: not so: {what}")


def figures(page, table: str, column: int) -> list[float]:
    cells = page.eval_on_selector_all(f"#{table} tbody tr:not([hidden])", "(rows, at) => rows.map(row => row.cells[at].dataset.v ?? null)", column)
    return [float(it) for it in cells if it is not None]


def head(page, table: str, title: str) -> int:
    titles = page.eval_on_selector_all(f"#{table} thead th", "all => all.map(it => it.textContent)")
    return titles.index(title)


def colors_of(page, chart: str) -> int:
    """Different colours on a chart's canvas: an empty one has one."""
    return page.evaluate(
        """id => {
            const canvas = document.querySelector(`#${id} canvas`);
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            const seen = new Set();
            for (let at = 0; at < data.length; at += 4) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
            return seen.size;
        }""",
        chart,
    )


def check_page(page, url: str, report: dict, root: Path, check: Checks) -> None:
    page.goto(url)
    page.wait_for_selector("html[data-ready]")

    # Charts: all that the report has data for, each with something on it.
    for chart in ["course", "treemap", "heat", "matrix", "kinds"]:
        page.locator(f"#{chart}-figure").scroll_into_view_if_needed()
        page.wait_for_selector(f"#{chart}-figure[data-drawn]")
        check.that(colors_of(page, f"{chart}-chart") > 4, f"the chart {chart} is drawn")

    # Zoom: a handle of the slider is drawn to the middle, and the lines are others.
    page.locator("#course-figure").scroll_into_view_if_needed()
    box = page.locator("#course-chart").bounding_box()
    picture = "document.querySelector('#course-chart canvas').toDataURL()"
    whole = page.evaluate(picture)
    page.mouse.move(box["x"] + 83, box["y"] + box["height"] - 24)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 24, steps=8)
    page.mouse.up()
    page.wait_for_function(f"before => {picture} !== before", arg=whole)
    check.that(page.evaluate(picture) != whole, "the trend can be zoomed")

    # Order: by figures, both ways; by words; by keys alone.
    column = head(page, "customer-table", "sites")
    button = page.locator("#customer-table thead button").nth(column)
    button.click()
    most = figures(page, "customer-table", column)
    check.that(len(most) == 3 and most == sorted(most, reverse=True), "a click puts most sites first")
    button.focus()
    page.keyboard.press("Enter")
    check.that(figures(page, "customer-table", column) == sorted(most), "Enter turns the order around")
    check.that(page.locator("#customer-table th").nth(column).get_attribute("aria-sort") == "ascending", "and says so")
    want = {it["name"]: it["scattering"] for it in report["subjects"] if it["dimension"] == "customer"}
    check.that(sorted(want.values()) == sorted(int(it) for it in most), "the sites are the report's")

    # Search.
    rows = page.locator("#flag-table tbody tr:not([hidden])")
    before = rows.count()
    page.locator("#flags input[type=search]").fill("checkout-1")
    found = rows.all_inner_texts()
    check.that(0 < len(found) < before and all("new-checkout-1" in it for it in found), "search leaves what it looks for")
    page.locator("#flags input[type=search]").fill("")
    check.that(rows.count() == before, "and gives all back")
    counted = [it for it in report["variation_points"] if it["confidence"] >= report["min_confidence"]]
    page.locator("#browser input").fill("globex")
    told = page.locator("#browser .tools .note").inner_text()
    of_globex = sum("globex" in json.dumps([it["path"], it["subjects"], it["text"]]) for it in counted)
    check.that(told == f"{of_globex} of {len(counted)}", f"points are searched: {told}, not {of_globex} of {len(counted)}")

    # Down to a file: its code is the file's, line by line.
    page.locator("#hotspot-table tbody a").first.click()
    page.wait_for_selector("#detail h2")
    path = report["hotspots"][0]["path"]
    check.that(page.locator("#detail h2").inner_text() == path, "a hotspot's link leads to its file")
    check.that(page.evaluate("document.activeElement.tagName") == "H2", "and the heading has the focus")
    source = (root / path).read_text(encoding="utf-8").split("\n")
    shown = page.eval_on_selector_all("#detail .code div", "all => all.map(it => [it.firstChild.textContent, it.lastChild.textContent])")
    safe = lambda text: "".join(it for it in text if it.isprintable())
    check.that(len(shown) > 6 and all(safe(source[int(line) - 1]) in safe(text).replace("\\u{202e}", "") or "\u202e" in source[int(line) - 1] for line, text in shown), "code is quoted as it is")
    points = [it for it in counted if it["path"] == path]
    check.that(page.locator("#detail article").count() == len(points), "each point has its place")
    page.locator("#detail details summary").first.click()
    check.that(page.locator("#detail details[open] li").count() >= 1, "with its evidence")
    page.locator("#detail article h3 a").first.click()
    page.wait_for_function("location.hash.startsWith('#subject/')")
    check.that("places" in page.locator("#detail").inner_text(), "a subject has a page")
    page.go_back()
    page.go_back()
    page.wait_for_selector("#main:not([hidden])")

    # Every file and subject, the hostile ones too.
    for link in page.eval_on_selector_all("#main td a", "all => [...new Set(all.map(it => it.getAttribute('href')))]"):
        page.evaluate("to => { location.hash = to; }", link)
        page.wait_for_selector("#detail:not([hidden]) h2")
        check.that("Not in this report" not in page.locator("#detail h2").inner_text(), f"{link} leads somewhere")
        page.evaluate("() => { location.hash = ''; }")
        page.wait_for_selector("#main:not([hidden])")
    page.evaluate("() => { location.hash = '#file/%E0%A4%A'; }")
    page.wait_for_selector("#detail:not([hidden]) h2")
    check.that("Not in this report" in page.locator("#detail h2").inner_text(), "a broken address is no crash")
    page.evaluate("() => { location.hash = ''; }")
    page.wait_for_selector("#main:not([hidden])")

    # Nothing of the tree ran, or became an element.
    check.that(page.evaluate("typeof pwned") == "undefined", "no name is run")
    check.that(page.locator("img, svg, iframe, object, embed, b >> text=checkout").count() == 0, "no name is an element")
    check.that(page.locator("script").count() == 3, "no name is a script")
    check.that("\u202e" not in page.content(), "no name turns the text around")


def main() -> None:
    bespoke, root, chromium = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    write_tree(root)
    html, data = root / "report.html", root / "report.json"
    args = [bespoke, "scan", "--quiet", "--history", "--no-cache", "--output", str(html), "--output", str(data), "."]
    subprocess.run(args, cwd=root, check=True)
    report = json.loads(data.read_text(encoding="utf-8"))
    check = Checks()
    check.that(len(report["variation_points"]) >= 36, "the tree has points to show")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for scheme in ["light", "dark"]:
            context = browser.new_context(color_scheme=scheme, viewport={"width": 1300, "height": 900})
            page = context.new_page()
            told: list[str] = []
            page.on("console", lambda it: told.append(f"console: {it.text}"))
            page.on("pageerror", lambda it: told.append(f"error: {it}"))
            page.on("dialog", lambda it: (told.append(f"dialog: {it.message}"), it.dismiss()))
            page.on("request", lambda it: told.append(f"request: {it.url}") if it.url != html.as_uri() and not it.url.startswith("data:,") else None)
            page.add_init_script("addEventListener('securitypolicyviolation', it => console.log('policy: ' + it.violatedDirective + ' ' + it.sourceFile + ':' + it.lineNumber))")
            check_page(page, html.as_uri(), report, root, check)
            page.locator("#theme").click()
            check.that(colors_of(page, "treemap-chart") > 4, "the other theme draws the charts anew")
            page.emulate_media(media="print")
            check.that(len(page.pdf()) > 20_000, "it can be printed")
            check.that(not told, f"nothing to complain of: {told[:3]}")
            context.close()

            # Rules of accessibility, by axe. It is put into the page, which the page's own policy forbids.
            context = browser.new_context(color_scheme=scheme, bypass_csp=True)
            page = context.new_page()
            for view in ["", "#file/lib%2Fplain0.ts", "#subject/customer/acme"]:
                page.goto("about:blank")
                page.goto(html.as_uri() + view)
                page.wait_for_selector("html[data-ready]")
                found = Axe().run(page).response["violations"]
                short = [(it["id"], it["nodes"][0]["html"][:120]) for it in found]
                check.that(not found, f"axe has nothing against {scheme} {view or 'the report'}: {short}")
            context.close()

        # The tables are there without scripts.
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(html.as_uri())
        check.that(page.locator("#customer-table tbody tr").count() == 3, "customers are there without scripts")
        check.that(page.locator("figure:visible").count() == 0, "and no empty chart")
        context.close()
        print(f"browser: {check.done} checks in Chromium {browser.version}")
        browser.close()


main()
