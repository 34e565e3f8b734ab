//! The tables of the page, as plain HTML.

use std::io::{self, Write};

use super::escape;
use crate::{
    AdviceEntry, Ledger, LedgerKind, LedgerQuery, Report, figures,
    hotspots::next_step,
    text::{count, number},
};

/// Rows of a table; past that a page gets slow, and nobody reads it. CSV and JSON have them all.
const MAX_ROWS: usize = 1_000;
/// Hotspots: a list of what to begin with.
const HOTSPOTS: usize = 100;

/// A column of a table: its title, what it means, and whether it holds figures.
struct Head<'a>(&'a str, &'a str, bool);

/// Titles of columns that hold sentences.
const PROSE: [&str; 6] = [
    "Why",
    "Next step",
    "What",
    "What happened",
    "What counts",
    "Note",
];

/// A cell: its HTML, and by what figures are ordered.
struct Cell(String, Option<f64>);

impl Cell {
    fn words(text: &str) -> Self {
        Self(escape(text), None)
    }

    /// A sentence with names between backticks.
    fn prose(text: &str) -> Self {
        Self(prose(text), None)
    }

    fn figure(value: u64) -> Self {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
        let order = value as f64;
        Self(number(value), Some(order))
    }
}

fn prose(text: &str) -> String {
    let mut out = String::new();
    for (nth, piece) in text.split('`').enumerate() {
        if nth % 2 == 1 {
            out.extend(["<code>", &escape(piece), "</code>"]);
        } else {
            out.push_str(&escape(piece));
        }
    }
    out
}

/// A section: its id, and its name in the page's list of contents.
type Section = (&'static str, &'static str);

pub(super) fn write(report: &Report, name: &str, out: &mut dyn Write) -> io::Result<()> {
    let customers = Ledger::new(report, LedgerKind::Customers, &LedgerQuery::default());
    let flags = Ledger::new(report, LedgerKind::Flags, &LedgerQuery::default());
    let has_course = report.extras.course.len() > 1;
    let mut sections: Vec<Section> = vec![("overview", "Overview")];
    let optional = [
        (report.check.is_some(), ("budgets", "Budgets")),
        (has_course, ("trend", "Trend")),
        (!customers.is_empty(), ("customers", "Customers")),
        (!flags.is_empty(), ("flags", "Flags")),
        (
            report.subjects.iter().any(|it| it.dimension == "tenant"),
            ("tenants", "Tenant conditions"),
        ),
        (!report.hotspots.is_empty(), ("hotspots", "Hotspots")),
        (!report.owners.is_empty(), ("owners", "Owners")),
        (!customers.is_empty(), ("heat", "Where customers are")),
        (report.components.len() > 1, ("matrix", "Dependencies")),
        (report.totals.points > 0, ("points", "Branches and checks")),
        (!report.findings.is_empty(), ("findings", "Findings")),
    ];
    sections.extend(optional.into_iter().filter(|(is, _)| *is).map(|(_, it)| it));
    sections.push(("gaps", "What is missing"));

    writeln!(
        out,
        "<body>\n<a class=\"skip\" href=\"#overview\">To the content</a>"
    )?;
    writeln!(
        out,
        "<header>\n<h1>{}</h1>\n<p>{}</p>",
        escape(name),
        meta(report)
    )?;
    writeln!(
        out,
        "<button type=\"button\" id=\"theme\" hidden>Light or dark</button>\n</header>"
    )?;
    writeln!(out, "<nav aria-label=\"Sections\"><ul>")?;
    for (id, title) in &sections {
        writeln!(out, "<li><a href=\"#{id}\">{title}</a></li>")?;
    }
    writeln!(out, "</ul></nav>\n<main id=\"main\">")?;
    for (id, title) in sections {
        writeln!(
            out,
            "<section id=\"{id}\" aria-labelledby=\"{id}-title\">\n<h2 id=\"{id}-title\" tabindex=\"-1\">{title}</h2>"
        )?;
        match id {
            "overview" => overview(report, out)?,
            "budgets" => budgets(report, out)?,
            "trend" => trend(report, out)?,
            "customers" => ledger(&customers, "Customer", out)?,
            "flags" => {
                flag_states(report, out)?;
                ledger(&flags, "Flag", out)?;
            }
            "tenants" => tenants(report, out)?,
            "hotspots" => hotspots(report, out)?,
            "owners" => owners(report, out)?,
            "heat" => chart(
                "heat",
                "Branches and checks of each customer in each component, as a heat map. The tables of customers have the same figures.",
                out,
            )?,
            "matrix" => matrix(report, out)?,
            "points" => points(out)?,
            "findings" => findings(report, out)?,
            _ => gaps(report, out)?,
        }
        writeln!(out, "</section>")?;
    }
    writeln!(out, "</main>\n<main id=\"detail\" hidden></main>")?;
    writeln!(
        out,
        "<footer><p>Made by bespoke {}. Estimates are ranges of 80 %; what branches add to work is an association, not \
         a proof.</p></footer>",
        escape(&report.tool.version)
    )
}

fn meta(report: &Report) -> String {
    let mut parts = vec![
        count(report.totals.files.into(), "file", "files"),
        count(report.totals.nloc.into(), "line of code", "lines of code"),
    ];
    if let Some(past) = &report.past {
        let commit: String = past.commit.chars().take(10).collect();
        parts.push(format!(
            "{} commits from {} to {}",
            number(past.commits.into()),
            past.since,
            past.until
        ));
        parts.push(format!("at <code>{}</code>", escape(&commit)));
    }
    parts.join(" · ")
}

/// A figure with its name and a word more.
fn card(title: &str, figure: &str, more: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<div class=\"card\"><dt>{title}</dt><dd><b>{}</b> <span>{}</span></dd></div>",
        escape(figure),
        escape(more)
    )
}

fn overview(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let totals = &report.totals;
    let of = |wanted: &dyn Fn(&str) -> bool| -> u32 {
        let sums = totals.by_dimension.iter();
        sums.filter(|(name, _)| wanted(name))
            .map(|(_, sum)| sum)
            .sum()
    };
    let with_code = |dimension: &str| {
        let subjects = report
            .subjects
            .iter()
            .filter(|it| it.dimension == dimension);
        subjects
            .filter(|it| it.scattering > 0)
            .max_by_key(|it| it.scattering)
    };
    writeln!(out, "<dl class=\"cards\">")?;
    let most = with_code("customer").map(|it| format!("{} alone in {}", it.name, figures_of(it)));
    card(
        "Customers in the code",
        &number(of(&|name| !matches!(name, "flag" | "tenant")).into()),
        &most.unwrap_or_default(),
        out,
    )?;
    let late = report.subjects.iter().filter(|it| {
        let past = it
            .past
            .as_ref()
            .filter(|_| it.dimension == "flag" && it.scattering > 0);
        let state = past.and_then(|past| past.staleness.as_deref());
        matches!(state, Some("overdue" | "fossil"))
    });
    let late = match report.past {
        Some(_) => format!("{} past their time", number(late.count() as u64)),
        None => String::new(),
    };
    card(
        "Flags",
        &number(of(&|name| name == "flag").into()),
        &late,
        out,
    )?;
    card(
        "Branches and checks",
        &number(totals.points.into()),
        &format!(
            "in {}",
            count(totals.files_with_points.into(), "file", "files")
        ),
        out,
    )?;
    card(
        "Lines that run only for some",
        &number(totals.guarded_lines.into()),
        &format!(
            "{} of the code",
            figures::percent(f64::from(totals.guarded_lines) / f64::from(totals.nloc.max(1)))
        ),
        out,
    )?;
    if let Some((points, customers, flags)) = last_month(report) {
        let more = format!("customers {customers:+}, flags {flags:+}");
        card(
            "Branches and checks in 30 days",
            &format!("{points:+}"),
            &more,
            out,
        )?;
    }
    if let Some(debt) = &report.debt {
        let (figure, between) = parted(&figures::estimate(&debt.principal, debt));
        card("To remove all of it", &figure, &between, out)?;
        if let Some(flow) = &debt.flow {
            let it = &flow.interest_minutes_per_month;
            let (figure, between) = parted(&figures::work_between(it.mid, it.low, it.high));
            card(
                "Interest a month",
                &figure,
                &format!("{between} that work on the core takes longer"),
                out,
            )?;
            match (&flow.rating, &flow.unrated) {
                (Some(rating), _) => card(
                    "Burden",
                    &rating.letter,
                    &format!(
                        "{} to {}: {} of all work",
                        rating.letter_low,
                        rating.letter_high,
                        figures::percent(rating.burden.mid)
                    ),
                    out,
                )?,
                (None, Some(why)) => card("Burden", "not rated", why, out)?,
                (None, None) => {}
            }
        }
        if let Some(money) = &debt.money {
            card(
                "To remove, in money",
                &figures::two_digits(money.principal.mid),
                &figures::money(&money.principal, money),
                out,
            )?;
        }
    }
    writeln!(out, "</dl>")?;
    if report.past.is_none() {
        writeln!(
            out,
            "<p class=\"note\">Without history: run <code>bespoke scan --history</code> for the trend, ages, interest and \
             the burden.</p>"
        )?;
    }
    chart("kinds", "Branches and checks by kind.", out)?;
    harms(report, out)
}

/// By how much branches and checks, customers and flags grew in the last 30 days of history.
fn last_month(report: &Report) -> Option<(i64, i64, i64)> {
    let course = &report.extras.course;
    let now = course.last()?;
    // Rows at which nothing changed are left out: the last before holds.
    let then = course
        .iter()
        .rev()
        .find(|it| it.time <= now.time - 30 * 86_400)?;
    let grew = |of: fn(&crate::Sums) -> u32| i64::from(of(now)) - i64::from(of(then));
    Some((
        grew(|it| it.points),
        grew(|it| it.customers),
        grew(|it| it.flags),
    ))
}

/// Files and owners of a subject.
fn figures_of(subject: &crate::Subject) -> String {
    let files = count(subject.files.into(), "file", "files");
    match subject.owners.len() {
        0 | 1 => files,
        owners => format!("{files} of {} owners", number(owners as u64)),
    }
}

/// `220 h (100 h to 470 h)` in its two parts.
fn parted(text: &str) -> (String, String) {
    match text
        .strip_suffix(')')
        .and_then(|text| text.split_once(" ("))
    {
        Some((figure, between)) => (figure.to_owned(), between.to_owned()),
        None => (text.to_owned(), String::new()),
    }
}

fn harms(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    if report.harms.is_empty() {
        return Ok(());
    }
    writeln!(out, "<details open><summary>What it does</summary>")?;
    let mut rows = Vec::new();
    for harm in &report.harms {
        for reading in &harm.readings {
            let unit = figures::unit(reading);
            let value = match reading.value {
                Some(_) if !unit.is_empty() => format!("{} {unit}", figures::reading(reading)),
                _ => figures::reading(reading),
            };
            rows.push(vec![
                Cell::words(&harm.title),
                Cell(
                    format!(
                        "{} <code>{}</code>",
                        escape(&reading.title),
                        escape(&reading.metric)
                    ),
                    None,
                ),
                Cell::words(&value),
                Cell::words(reading.note.as_deref().unwrap_or_default()),
            ]);
        }
    }
    let heads = [
        Head("Harm", "", false),
        Head("Measure", "", false),
        Head("Value", "", false),
        Head("Note", "", false),
    ];
    table("harms", &heads, &rows, false, out)?;
    writeln!(out, "</details>")
}

fn budgets(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let Some(check) = &report.check else {
        return Ok(());
    };
    let since = check
        .base
        .as_ref()
        .map(|base| format!(" since <code>{}</code>", escape(base)))
        .unwrap_or_default();
    writeln!(
        out,
        "<p><strong>{}</strong>: {} new{since}, {} allowed by comments. Points and findings below are the new ones.</p>",
        if check.passes { "Passes" } else { "Fails" },
        number(check.new.into()),
        number(check.allowed.into())
    )?;
    let rows: Vec<Vec<Cell>> = check
        .verdicts
        .iter()
        .map(|it| {
            vec![
                Cell::words(&it.budget),
                Cell::words(&it.line),
                Cell(figures::two_digits(it.found), Some(it.found)),
                Cell(figures::two_digits(it.limit), Some(it.limit)),
                Cell::words(if it.passes { "kept" } else { "not kept" }),
                Cell::words(&it.places.join("; ")),
            ]
        })
        .collect();
    let heads = [
        Head("Budget", "", false),
        Head("Line", "", false),
        Head("Found", "", true),
        Head("Limit", "", true),
        Head("Verdict", "", false),
        Head("What counts", "", false),
    ];
    table("budget", &heads, &rows, false, out)
}

fn trend(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    chart(
        "course",
        "Branches and checks, customers and flags after each commit. The table below has the end of each year.",
        out,
    )?;
    if report
        .past
        .as_ref()
        .is_some_and(|past| past.months.len() > 2)
    {
        chart(
            "months",
            "Author-days by month, and those on code of single customers.",
            out,
        )?;
    }
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut years: Vec<(i64, &crate::Sums)> = Vec::new();
    for it in &report.extras.course {
        let (year, ..) = bespoke_facts::date_of(it.time);
        match years.last_mut() {
            Some(last) if last.0 >= year => last.1 = it,
            _ => years.push((year, it)),
        }
    }
    for (year, it) in years {
        let mut row = vec![Cell(year.to_string(), None)];
        row.extend(
            [it.customers, it.flags, it.points, it.guarded_lines].map(|it| Cell::figure(it.into())),
        );
        rows.push(row);
    }
    let heads = [
        Head("End of", "", false),
        Head("Customers", "", true),
        Head("Flags", "", true),
        Head("Branches and checks", "", true),
        Head("Lines that run only for some", "", true),
    ];
    table("years", &heads, &rows, false, out)
}

fn ledger(ledger: &Ledger<'_>, title: &str, out: &mut dyn Write) -> io::Result<()> {
    let sheet = ledger.sheet();
    let mut heads = vec![Head(title, "", false)];
    for (at, column) in sheet.columns.iter().enumerate() {
        let figures = sheet.rows.iter().any(|(_, cells)| cells[at].1.is_some());
        heads.push(Head(column.title, column.doc, figures));
    }
    let rows: Vec<Vec<Cell>> = sheet
        .rows
        .into_iter()
        .map(|(subject, cells)| {
            let mut row = vec![Cell(subject_link(&subject.dimension, &subject.name), None)];
            row.extend(
                cells
                    .into_iter()
                    .map(|(text, order)| Cell(escape(&text), order)),
            );
            row
        })
        .collect();
    let id = if title == "Flag" { "flag" } else { "customer" };
    table(id, &heads, &rows, true, out)
}

fn flag_states(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let of = |state: &str| {
        let flags = report
            .subjects
            .iter()
            .filter(|it| it.dimension == "flag" && it.scattering > 0);
        flags
            .filter(|it| it.past.as_ref().and_then(|past| past.staleness.as_deref()) == Some(state))
            .count()
    };
    let states: Vec<String> = ["fresh", "stale", "overdue", "fossil", "permanent"]
        .into_iter()
        .map(|state| (state, of(state)))
        .filter(|(_, count)| *count > 0)
        .map(|(state, count)| format!("{} {state}", number(count as u64)))
        .collect();
    if states.is_empty() {
        return Ok(());
    }
    writeln!(out, "<p>By age and kind: {}.</p>", states.join(", "))
}

fn tenants(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut tenants: Vec<_> = report
        .subjects
        .iter()
        .filter(|it| it.dimension == "tenant")
        .collect();
    tenants.sort_by_key(|it| std::cmp::Reverse(it.scattering));
    let rows: Vec<Vec<Cell>> = tenants
        .into_iter()
        .map(|it| {
            let mut row = vec![Cell(subject_link(&it.dimension, &it.name), None)];
            row.extend(
                [it.scattering, it.files, it.guarded_lines].map(|it| Cell::figure(it.into())),
            );
            row
        })
        .collect();
    let heads = [
        Head("Attribute", "What of the tenant is asked", false),
        Head("sites", "Conditions that ask it", true),
        Head("files", "Files with such a condition", true),
        Head("lines", "Lines that these conditions guard", true),
    ];
    table("tenant", &heads, &rows, true, out)
}

fn hotspots(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    chart(
        "treemap",
        "Files and folders: the area is lines of code, the colour how many branches and checks stand in a thousand lines. The table below has the first files.",
        out,
    )?;
    let points: std::collections::BTreeMap<&str, u32> = report
        .files
        .iter()
        .filter(|it| it.points > 0)
        .map(|it| (it.path.as_str(), it.points))
        .collect();
    let has_past = report.past.is_some();
    let mut heads = vec![
        Head("Rank", "The order in which to look", true),
        Head("File", "", false),
        Head("sites", "Branches and checks", true),
    ];
    if has_past {
        heads.push(Head(
            "interest a month",
            "What its branches and checks add to work on it",
            true,
        ));
        heads.push(Head(
            "commits",
            "Commits of the last year that changed it",
            true,
        ));
    }
    heads.push(Head("Why", "", false));
    heads.push(Head("Next step", "The change that would help most", false));
    let next = |advice: Option<&AdviceEntry>| match advice {
        Some(advice) => Cell(
            format!(
                "{} <code>{}</code>",
                prose(&next_step(advice)),
                escape(&advice.id)
            ),
            None,
        ),
        None => Cell(String::new(), None),
    };
    let mut rows = Vec::new();
    for it in report.hotspots.iter().take(HOTSPOTS) {
        let known = points.get(it.path.as_str()).copied().unwrap_or(0);
        let mut row = vec![
            Cell::figure(it.rank.into()),
            Cell(file_link(&it.path, None), None),
            Cell::figure(known.into()),
        ];
        if has_past {
            let interest = it.interest_minutes_per_month;
            row.push(Cell(
                interest.map_or("–".to_owned(), |it| figures::work(it.mid)),
                interest.map(|it| it.mid),
            ));
            row.push(Cell::figure(it.revisions_year.unwrap_or(0).into()));
        }
        row.push(Cell::prose(&it.reasons.join("; ")));
        row.push(next(it.advice.as_ref()));
        rows.push(row);
    }
    table("hotspot", &heads, &rows, true, out)?;
    let mut functions: Vec<_> = report
        .functions
        .iter()
        .filter_map(|it| Some((it.hotspot.as_ref()?, it)))
        .collect();
    functions.sort_by_key(|(hotspot, _)| hotspot.rank);
    if functions.is_empty() {
        return Ok(());
    }
    let rows: Vec<Vec<Cell>> = functions
        .into_iter()
        .take(HOTSPOTS)
        .map(|(hotspot, it)| {
            vec![
                Cell::figure(hotspot.rank.into()),
                Cell::words(&it.name),
                Cell(file_link(&it.path, Some(it.line)), None),
                Cell::figure(it.points.into()),
                Cell::prose(&hotspot.reasons.join("; ")),
                next(hotspot.advice.as_ref()),
            ]
        })
        .collect();
    let heads = [
        Head("Rank", "", true),
        Head("Function", "", false),
        Head("Where", "", false),
        Head("sites", "Branches and checks", true),
        Head("Why", "", false),
        Head("Next step", "", false),
    ];
    writeln!(out, "<h3>Functions</h3>")?;
    table("function", &heads, &rows, true, out)
}

fn owners(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<Cell>> = report
        .owners
        .iter()
        .map(|it| {
            let name = if it.owner.is_empty() {
                "nobody"
            } else {
                &it.owner
            };
            let mut row = vec![Cell::words(name)];
            let counts = [
                it.points,
                it.customers,
                it.flags,
                it.files,
                it.nloc,
                it.guarded_lines,
            ];
            row.extend(counts.map(|it| Cell::figure(it.into())));
            let interest = it.interest_minutes_per_month;
            row.push(Cell(
                interest.map_or("n/a".to_owned(), |it| figures::work(it.mid)),
                interest.map(|it| it.mid),
            ));
            row
        })
        .collect();
    let heads = [
        Head(
            "Owner",
            "As CODEOWNERS says; a file with two counts for both",
            false,
        ),
        Head("sites", "Branches and checks", true),
        Head("customers", "Customers with a point in its files", true),
        Head("flags", "Flags with a check in its files", true),
        Head("files", "", true),
        Head("lines", "Lines of code", true),
        Head("guarded lines", "Lines that run only for some", true),
        Head(
            "interest a month",
            "What branches and checks add to work on its files",
            true,
        ),
    ];
    table("owner", &heads, &rows, true, out)
}

fn matrix(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    chart(
        "matrix",
        "Which component uses which, as a design structure matrix: a row uses its columns. What uses stands above what is used, so marks under the diagonal are uses against the order. The table below has the same components.",
        out,
    )?;
    let mut rows = Vec::new();
    for it in &report.components {
        let mut row = vec![Cell::words(&it.name)];
        let counts = [
            it.files,
            it.nloc,
            it.points,
            it.customers,
            it.afferent,
            it.efferent,
            it.reach,
        ];
        row.extend(counts.map(|it| Cell::figure(it.into())));
        row.push(Cell(
            it.instability
                .map_or("n/a".to_owned(), |it| format!("{it:.2}")),
            it.instability,
        ));
        rows.push(row);
    }
    let heads = [
        Head("Component", "Package, or top folder", false),
        Head("files", "", true),
        Head("lines", "", true),
        Head("sites", "Branches and checks", true),
        Head("customers", "Customers with a point in it", true),
        Head("used by", "Files outside that depend on one inside", true),
        Head("uses", "Files inside that depend on one outside", true),
        Head(
            "reach",
            "Files outside that depend on it within two steps",
            true,
        ),
        Head("instability", "Uses / (used by + uses)", true),
    ];
    table("component", &heads, &rows, true, out)
}

/// What the page's scripts fill.
fn points(out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<div id=\"browser\"><noscript><p class=\"note\">The list of all branches and checks needs scripts; \
         <code>bespoke scan --format csv</code> writes the same.</p></noscript></div>"
    )
}

fn findings(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<Cell>> = report
        .findings
        .iter()
        .map(|it| {
            vec![
                Cell(format!("<code>{}</code>", escape(&it.rule)), None),
                Cell::words(&it.level),
                Cell(file_link(&it.path, Some(it.line)), None),
                Cell::prose(&it.message),
            ]
        })
        .collect();
    let heads = [
        Head("Rule", "", false),
        Head("Level", "", false),
        Head("Where", "", false),
        Head("What", "", false),
    ];
    table("finding", &heads, &rows, true, out)
}

fn gaps(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let blind = &report.blind_spots;
    let spots = [
        (
            blind.dynamic_flag_keys,
            "flag evaluation whose key is computed",
            "flag evaluations whose key is computed",
        ),
        (
            blind.unresolved_imports,
            "import of own files that was not found",
            "imports of own files that were not found",
        ),
        (
            blind.unresolved_calls,
            "condition that asks an unknown function",
            "conditions that ask an unknown function",
        ),
        (
            report.totals.held_back,
            "point too uncertain to count",
            "points too uncertain to count",
        ),
    ];
    let told: Vec<String> = spots
        .into_iter()
        .filter(|it| it.0 > 0)
        .map(|(n, one, many)| count(n.into(), one, many))
        .collect();
    if !told.is_empty() {
        writeln!(out, "<p>Not seen for sure: {}.</p>", told.join(", "))?;
    }
    if !report.left_out.is_empty() {
        let rows: Vec<Vec<Cell>> = report
            .left_out
            .iter()
            .map(|it| {
                vec![
                    Cell::words(&it.reason),
                    Cell::figure(it.files.into()),
                    Cell::words(&it.examples.join(", ")),
                ]
            })
            .collect();
        let heads = [
            Head("Left out", "Files that were not analysed, and why", false),
            Head("files", "", true),
            Head("such as", "", false),
        ];
        table("omission", &heads, &rows, false, out)?;
    }
    if report.issues.is_empty() {
        return writeln!(
            out,
            "<p>Every file that was analysed could be read as a whole.</p>"
        );
    }
    let rows: Vec<Vec<Cell>> = report
        .issues
        .iter()
        .map(|it| {
            vec![
                Cell::words(&it.path),
                Cell::words(&it.reason),
                Cell::prose(&it.message),
            ]
        })
        .collect();
    let heads = [
        Head("File", "", false),
        Head("Reason", "", false),
        Head("What happened", "", false),
    ];
    table("issue", &heads, &rows, true, out)
}

/// A place for a chart; without scripts there is none.
fn chart(id: &str, told: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "<figure class=\"chart\" id=\"{id}-figure\" hidden><div id=\"{id}-chart\" role=\"img\" aria-label=\"{told}\"></div>\
         <figcaption>{told}</figcaption></figure>"
    )
}

/// A table whose order, and with `search` whose rows, a reader may choose.
fn table(
    id: &str,
    heads: &[Head<'_>],
    rows: &[Vec<Cell>],
    search: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let what = id.strip_suffix('s').unwrap_or(id);
    writeln!(
        out,
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table of {what}s\">"
    )?;
    writeln!(
        out,
        "<table id=\"{id}-table\"{}>\n<thead><tr>",
        if search { " data-search" } else { "" }
    )?;
    for Head(title, doc, figures) in heads {
        let class = if *figures { " class=\"n\"" } else { "" };
        let doc = if doc.is_empty() {
            String::new()
        } else {
            format!(" title=\"{}\"", escape(&doc.replace('`', "")))
        };
        writeln!(out, "<th scope=\"col\"{class}{doc}>{}</th>", escape(title))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in rows.iter().take(MAX_ROWS) {
        write!(out, "<tr>")?;
        for (at, Cell(html, order)) in row.iter().enumerate() {
            let class = match heads.get(at) {
                Some(head) if head.2 => " class=\"n\"",
                Some(head) if PROSE.contains(&head.0) => " class=\"prose\"",
                _ => "",
            };
            match order {
                Some(order) => write!(out, "<td{class} data-v=\"{order}\">{html}</td>")?,
                None => write!(out, "<td{class}>{html}</td>")?,
            }
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table></div>")?;
    let more = rows.len().saturating_sub(MAX_ROWS);
    if more > 0 {
        writeln!(
            out,
            "<p class=\"note\">{} more are left out here; CSV and JSON have them all.</p>",
            number(more as u64)
        )?;
    }
    Ok(())
}

fn subject_link(dimension: &str, name: &str) -> String {
    format!(
        "<a href=\"#subject/{}/{}\">{}</a>",
        part(dimension),
        part(name),
        escape(name)
    )
}

fn file_link(path: &str, line: Option<u32>) -> String {
    match line {
        Some(line) => format!(
            "<a href=\"#file/{}/{line}\">{}:{line}</a>",
            part(path),
            escape(path)
        ),
        None => format!("<a href=\"#file/{}\">{}</a>", part(path), escape(path)),
    }
}

/// A text as one part of an address.
fn part(text: &str) -> String {
    use std::fmt::Write as _;

    let mut out = String::new();
    for byte in crate::safe(text).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
