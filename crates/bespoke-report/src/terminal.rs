//! The report as a page for a person.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use crate::{
    Column, Format, Hotspot, IssueEntry, LeftOut, OwnerEntry, RatingEntry, Report, Style, Subject,
    Table, VariationPoint, figures,
    text::{Tone, count, fit, number, safe, wrap},
};

pub(crate) static FORMAT: Format = Format {
    name: "terminal",
    extension: "txt",
    summary: "a page for a person: what was found, where it is worst, what was left out",
    write,
};

/// Examples shown of each reason for an issue.
const EXAMPLES: usize = 3;

fn write(report: &Report, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { report, style, out };
    page.headline()?;
    page.customers()?;
    page.flags()?;
    page.tenant_conditions()?;
    for dimension in other_dimensions(report) {
        page.dimension(dimension)?;
    }
    page.hotspots()?;
    page.owners()?;
    page.past()?;
    page.debt()?;
    page.harms()?;
    page.structure()?;
    page.left_out()?;
    page.issues()?;
    page.blind_spots()?;
    page.hint()
}

struct Page<'a> {
    report: &'a Report,
    style: &'a Style,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn headline(&mut self) -> io::Result<()> {
        let report = self.report;
        let totals = &report.totals;
        self.paragraph(Tone::Strong, &headline(report))?;
        let mut sums = vec![format!(
            "{} with {}",
            count(totals.files.into(), "file", "files"),
            count(totals.nloc.into(), "line of code", "lines of code"),
        )];
        if totals.points > 0 {
            sums.push(format!(
                "{} in {}",
                count(
                    totals.points.into(),
                    "branch or check",
                    "branches and checks"
                ),
                count(totals.files_with_points.into(), "file", "files"),
            ));
        }
        if totals.guarded_lines > 0 {
            sums.push(format!(
                "{} only for some ({})",
                count(totals.guarded_lines.into(), "line runs", "lines run"),
                share(totals.guarded_lines, totals.nloc),
            ));
        }
        self.paragraph(Tone::Plain, &format!("{}.", sums.join("; ")))?;
        let tier = |name: &str| totals.by_confidence.get(name).copied().unwrap_or(0);
        if totals.points > 0 {
            let sure = format!(
                "Confidence is high for {} of them, medium for {}, low for {}.",
                number(tier("high").into()),
                number(tier("medium").into()),
                number(tier("low").into()),
            );
            self.paragraph(Tone::Faint, &sure)?;
        }
        if totals.held_back > 0 {
            let held_back = format!(
                "{} below confidence {} and not counted; lower --min-confidence to see more.",
                count(
                    totals.held_back.into(),
                    "variation point is",
                    "variation points are"
                ),
                report.min_confidence,
            );
            self.paragraph(Tone::Faint, &held_back)?;
        }
        Ok(())
    }

    fn customers(&mut self) -> io::Result<()> {
        self.units_table("Customers", "customer")
    }

    fn dimension(&mut self, dimension: &str) -> io::Result<()> {
        let title = format!("Dimension {}", safe(dimension));
        self.units_table(&title, dimension)
    }

    fn units_table(&mut self, title: &str, dimension: &str) -> io::Result<()> {
        let columns = vec![
            Column::words(title),
            Column::figures("branches"),
            Column::figures("files"),
            Column::figures("units"),
            Column::figures("guarded lines"),
            Column::figures("components").optional(),
        ];
        self.subjects(dimension, columns, |it| {
            vec![
                it.scattering,
                it.files,
                it.units,
                it.guarded_lines,
                it.components,
            ]
        })
    }

    fn flags(&mut self) -> io::Result<()> {
        let columns = vec![
            Column::words("Flags"),
            Column::figures("checks"),
            Column::figures("files"),
            Column::figures("guarded lines"),
        ];
        self.subjects("flag", columns, |it| {
            vec![it.scattering, it.files, it.guarded_lines]
        })
    }

    fn tenant_conditions(&mut self) -> io::Result<()> {
        let columns = vec![
            Column::words("Tenant conditions"),
            Column::figures("branches"),
            Column::figures("files"),
            Column::figures("guarded lines"),
        ];
        self.subjects("tenant", columns, |it| {
            vec![it.scattering, it.files, it.guarded_lines]
        })
    }

    /// The subjects of a dimension, those with most branches and checks first; the first figure makes the bar.
    fn subjects(
        &mut self,
        dimension: &str,
        columns: Vec<Column>,
        figures: fn(&Subject) -> Vec<u32>,
    ) -> io::Result<()> {
        let mut subjects = seen(self.report, dimension);
        if subjects.is_empty() {
            return Ok(());
        }
        subjects.sort_by(|left, right| {
            weight(right)
                .cmp(&weight(left))
                .then(left.name.cmp(&right.name))
        });
        let most = subjects.iter().map(|it| it.scattering).max().unwrap_or(0);
        let mut table = Table::new(columns);
        for subject in subjects.iter().take(self.style.rows) {
            let mut cells = vec![safe(&subject.name).into_owned()];
            cells.extend(
                figures(subject)
                    .into_iter()
                    .map(|value| number(value.into())),
            );
            table.row(cells);
            table.bar(subject.scattering.into(), most.into());
        }
        self.blank()?;
        table.write(self.style, self.out)?;
        self.more(subjects.len())
    }

    fn hotspots(&mut self) -> io::Result<()> {
        let hotspots = &self.report.hotspots;
        if hotspots.is_empty() {
            return Ok(());
        }
        let by_interest = hotspots
            .iter()
            .any(|it| it.interest_minutes_per_month.is_some());
        let mut table = Table::new(vec![
            Column::words("Hotspots"),
            Column::figures("points"),
            Column::figures("subjects"),
            Column::figures("complexity"),
            // With history they are in the order of what they cost.
            Column::figures(if by_interest { "h a month" } else { "score" }),
        ]);
        let shown = hotspots.iter().take(self.style.rows);
        let most = shown.clone().map(points_of).max().unwrap_or(0);
        for hotspot in shown {
            table.row(vec![
                safe(&hotspot.path).into_owned(),
                part(hotspot, "points"),
                part(hotspot, "tangling"),
                part(hotspot, "cognitive"),
                match &hotspot.interest_minutes_per_month {
                    Some(interest) => figures::hours(interest.mid),
                    None => format!("{:.2}", hotspot.score),
                },
            ]);
            table.bar(points_of(hotspot), most);
            if let Some(advice) = &hotspot.advice {
                table.note(format!("next: {}", safe(&advice.text)));
            } else if let Some(function) = &hotspot.function {
                table.note(format!(
                    "worst: {}, line {}",
                    safe(&function.name),
                    number(function.line.into())
                ));
            }
        }
        self.blank()?;
        table.write(self.style, self.out)?;
        self.more(hotspots.len())
    }

    fn owners(&mut self) -> io::Result<()> {
        let owners = &self.report.owners;
        if owners.iter().all(|it| it.points == 0) {
            return Ok(());
        }
        let interest = |it: &OwnerEntry| it.interest_minutes_per_month;
        let has_interest = owners.iter().any(|it| interest(it).is_some());
        let mut columns = vec![
            Column::words("Owners"),
            Column::figures("points"),
            Column::figures("customers"),
            Column::figures("flags"),
            Column::figures("files"),
        ];
        if has_interest {
            columns.push(Column::figures("h a month"));
        }
        let mut table = Table::new(columns);
        let most = owners.iter().map(|it| it.points).max().unwrap_or(0);
        for it in owners.iter().take(self.style.rows) {
            let mut cells = vec![match it.owner.as_str() {
                "" => "nobody".to_owned(),
                owner => safe(owner).into_owned(),
            }];
            let counts = [it.points, it.customers, it.flags, it.files];
            cells.extend(counts.map(|it| number(it.into())));
            if has_interest {
                cells.push(interest(it).map_or("–".to_owned(), |it| figures::hours(it.mid)));
            }
            table.row(cells);
            table.bar(it.points.into(), most.into());
        }
        self.blank()?;
        table.write(self.style, self.out)?;
        self.more(owners.len())
    }

    fn past(&mut self) -> io::Result<()> {
        let report = self.report;
        let Some(past) = &report.past else {
            return Ok(());
        };
        self.blank()?;
        let heading = format!("History, {} to {}", past.since, past.until);
        self.line(Tone::Heading, &heading)?;
        let days = |days: f64| format!("{days:.0}");
        let people = count(past.authors.into(), "person", "people");
        let mut words = format!(
            "{} author-days by {people}, {} of them in the last year.",
            days(past.effort.total),
            days(past.effort.year)
        );
        if past.cut {
            words.push_str(" What came before is not known: ages are at least so great.");
        }
        self.paragraph(Tone::Plain, &words)?;
        let classes = ["stale", "overdue", "fossil"].map(|class| {
            let flags = seen(report, "flag").into_iter().filter(|flag| {
                let past = flag.past.as_ref();
                past.and_then(|past| past.staleness.as_deref()) == Some(class)
            });
            flags.count() as u64
        });
        let [stale, overdue, fossil] = classes;
        if stale + overdue + fossil > 0 {
            let words = format!(
                "{} past their time: {} stale, {} overdue, {} older than two years.",
                count(stale + overdue + fossil, "flag is", "flags are"),
                number(stale),
                number(overdue),
                number(fossil)
            );
            self.paragraph(Tone::Warning, &words)?;
        }
        let mut worked: Vec<(&Subject, f64)> = report
            .subjects
            .iter()
            .filter(|it| !matches!(it.dimension.as_str(), "flag" | "tenant"))
            .filter_map(|it| Some((it, it.past.as_ref()?.effort.total)))
            .filter(|(_, total)| *total > 0.0)
            .collect();
        worked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.name.cmp(&b.0.name)));
        if !worked.is_empty() {
            let mut table = Table::new(vec![
                Column::words("Work for customers"),
                Column::figures("author-days"),
                Column::figures("last year"),
                Column::figures("people"),
                Column::figures("lines changed").optional(),
                Column::words("since"),
            ]);
            let rows = worked.len();
            for (subject, _) in worked.into_iter().take(self.style.rows) {
                let Some(past) = &subject.past else { continue };
                let since = past.introduced.as_ref().map(|it| it.date.clone());
                table.row(vec![
                    safe(&subject.name).into_owned(),
                    format!("{:.1}", past.effort.total),
                    format!("{:.1}", past.effort.year),
                    number(past.authors.into()),
                    number(past.lines),
                    since.unwrap_or_default(),
                ]);
            }
            self.blank()?;
            table.write(self.style, self.out)?;
            self.more(rows)?;
        }
        if !past.churning.is_empty() {
            let mut table = Table::new(vec![
                Column::words("Complex and often changed"),
                Column::figures("complexity"),
                Column::figures("commits in a year"),
                Column::figures("points"),
            ]);
            for it in past.churning.iter().take(self.style.rows) {
                table.row(vec![
                    safe(&it.path).into_owned(),
                    number(it.cognitive.into()),
                    number(it.revisions_year.into()),
                    number(it.points.into()),
                ]);
            }
            self.blank()?;
            table.write(self.style, self.out)?;
            self.more(past.churning.len())?;
        }
        Ok(())
    }

    fn debt(&mut self) -> io::Result<()> {
        let Some(debt) = &self.report.debt else {
            return Ok(());
        };
        if debt.principal.items == 0 {
            return Ok(());
        }
        self.blank()?;
        self.line(Tone::Heading, "Debt")?;
        let mut words = format!(
            "To remove all of it would take {}",
            figures::estimate(&debt.principal, debt)
        );
        let parts: Vec<String> = debt
            .principal_by_dimension
            .iter()
            .filter(|(_, estimate)| estimate.items > 0)
            .map(|(dimension, estimate)| {
                format!(
                    "{} {}",
                    safe(dimension),
                    figures::work(estimate.median_minutes)
                )
            })
            .collect();
        if parts.len() > 1 && debt.principal.items >= 5 {
            let _ = write!(words, ": {}", parts.join(", "));
        }
        words.push('.');
        if let Some(money) = &debt.money {
            let _ = write!(
                words,
                " In money: {}.",
                figures::money(&money.principal, money)
            );
        }
        if let Some(removals) = debt.calibrated_on {
            let _ = write!(
                words,
                " Calibrated on {}.",
                count(
                    removals.into(),
                    "removal of this repository",
                    "removals of this repository"
                )
            );
        }
        self.paragraph(Tone::Plain, &words)?;
        let Some(flow) = &debt.flow else {
            return self.paragraph(
                Tone::Faint,
                "What keeping it costs needs history: --history.",
            );
        };
        let interest = &flow.interest_minutes_per_month;
        let share = |minutes: f64| {
            figures::percent(minutes / flow.capacity_minutes_per_month.max(f64::MIN_POSITIVE))
        };
        let mut words = format!(
            "Each month {} of work on the core goes with its branches and checks, {} of all work: an association, not a proof.",
            figures::work_between(interest.mid, interest.low, interest.high),
            share(interest.mid)
        );
        if flow.carry_minutes_per_month > 0.0 {
            let _ = write!(
                words,
                " Work on customers' own code takes {} a month, {}.",
                figures::work(flow.carry_minutes_per_month),
                share(flow.carry_minutes_per_month)
            );
        }
        if let Some(money) = &debt.money
            && let Some(interest) = &money.interest_per_month
        {
            let _ = write!(
                words,
                " The interest in money: {} a month.",
                figures::money(interest, money)
            );
        }
        self.paragraph(Tone::Plain, &words)?;
        if let Some(rating) = &flow.rating {
            let letter = letter(rating);
            let words = format!(
                "Burden {letter}: {} of all work.",
                figures::percent(rating.burden.mid)
            );
            self.paragraph(Tone::Strong, &words)?;
        }
        if let Some(why) = &flow.unrated {
            self.paragraph(Tone::Faint, &format!("No letter for the burden: {why}."))?;
        }
        Ok(())
    }

    /// What the metrics say of each harm; most of them need history.
    fn harms(&mut self) -> io::Result<()> {
        if self.report.past.is_none() || self.report.harms.is_empty() {
            return Ok(());
        }
        self.blank()?;
        self.line(Tone::Heading, "What it does")?;
        for harm in &self.report.harms {
            self.line(Tone::Strong, &harm.title)?;
            for reading in &harm.readings {
                let mut words = format!("{}: {}", reading.title, figures::reading(reading));
                let unit = figures::unit(reading);
                if reading.value.is_some() && !unit.is_empty() {
                    let _ = write!(words, " {unit}");
                }
                if let Some(note) = &reading.note {
                    let _ = write!(words, " ({})", safe(note));
                }
                let lines = wrap(&words, self.style.width.saturating_sub(4));
                for (nth, line) in lines.iter().enumerate() {
                    let indent = if nth == 0 { "  " } else { "    " };
                    self.line(Tone::Plain, &format!("{indent}{line}"))?;
                }
            }
        }
        Ok(())
    }

    fn left_out(&mut self) -> io::Result<()> {
        let left_out = &self.report.left_out;
        if left_out.is_empty() {
            return Ok(());
        }
        let mut table = Table::new(vec![
            Column::words("Left out"),
            Column::figures("files"),
            Column::figures("size"),
        ]);
        for row in left_out {
            table.row(vec![
                reason(row).into_owned(),
                number(row.files.into()),
                size(row.bytes),
            ]);
        }
        self.blank()?;
        table.write(self.style, self.out)
    }

    fn issues(&mut self) -> io::Result<()> {
        let issues = &self.report.issues;
        if issues.is_empty() {
            return Ok(());
        }
        self.blank()?;
        self.line(Tone::Heading, "Not or only partly read")?;
        for (reason, of_reason) in by_reason(issues) {
            let files = count(of_reason.len() as u64, "file", "files");
            self.line(Tone::Warning, &format!("{reason}: {files}"))?;
            for issue in of_reason.iter().take(EXAMPLES) {
                let text = format!("{}: {}", safe(&issue.path), safe(&issue.message));
                let lines = wrap(&text, self.style.width.saturating_sub(4));
                for (nth, line) in lines.iter().enumerate() {
                    let indent = if nth == 0 { "  " } else { "    " };
                    self.line(Tone::Faint, &format!("{indent}{line}"))?;
                }
            }
            if of_reason.len() > EXAMPLES {
                let more = format!(
                    "  … and {} more",
                    number((of_reason.len() - EXAMPLES) as u64)
                );
                self.line(Tone::Faint, &more)?;
            }
        }
        Ok(())
    }

    fn structure(&mut self) -> io::Result<()> {
        let structure = &self.report.structure;
        let mut lines = Vec::new();
        let of_core = structure
            .crossings
            .iter()
            .filter(|it| it.by.is_none())
            .count();
        let of_others = structure.crossings.len() - of_core;
        if of_core > 0 {
            let places = count(of_core as u64, "place", "places");
            lines.push(format!("The core depends on customers' code in {places}."));
        }
        if of_others > 0 {
            let places = count(of_others as u64, "place", "places");
            lines.push(format!(
                "Customers' code depends on other customers' in {places}."
            ));
        }
        if let Some(cluster) = structure.clusters.first() {
            let ways = if cluster.configurations >= 1 << 20 {
                "over a million ways to run".to_owned()
            } else {
                count(cluster.configurations.into(), "way to run", "ways to run")
            };
            lines.push(format!(
                "{} meet in the same functions, {ways}; most of them at {}:{}.",
                count(cluster.subjects.len() as u64, "subject", "subjects"),
                safe(&cluster.path),
                cluster.line,
            ));
        }
        if let Some(cycle) = structure.cycles.iter().max_by_key(|it| it.files.len()) {
            let cost = structure.propagation_cost.unwrap_or(0.0) * 100.0;
            lines.push(format!(
                "A change to a file may reach {cost:.1}% of all on average; {} in the largest cycle.",
                count(cycle.files.len() as u64, "file is", "files are"),
            ));
        }
        if lines.is_empty() {
            return Ok(());
        }
        self.blank()?;
        self.line(Tone::Heading, "Structure")?;
        lines
            .iter()
            .try_for_each(|line| self.paragraph(Tone::Plain, line))
    }

    fn blind_spots(&mut self) -> io::Result<()> {
        let spots = &self.report.blind_spots;
        let mut lines = Vec::new();
        if spots.dynamic_flag_keys > 0 {
            let checks = count(
                spots.dynamic_flag_keys.into(),
                "flag check has",
                "flag checks have",
            );
            lines.push(format!(
                "{checks} a computed key, which cannot be named here."
            ));
        }
        if spots.unresolved_imports > 0 {
            lines.push(format!(
                "{} of {} were not found; constants and helpers behind them are unknown.",
                number(spots.unresolved_imports.into()),
                count(
                    spots.own_imports.into(),
                    "import of own files",
                    "imports of own files"
                ),
            ));
        }
        if spots.unresolved_calls > 0 {
            let conditions = count(
                spots.unresolved_calls.into(),
                "condition asks a function",
                "conditions ask functions",
            );
            lines.push(format!("{conditions} behind such an import."));
        }
        if lines.is_empty() {
            return Ok(());
        }
        self.blank()?;
        self.line(Tone::Heading, "Blind spots")?;
        lines
            .iter()
            .try_for_each(|line| self.paragraph(Tone::Plain, line))
    }

    fn hint(&mut self) -> io::Result<()> {
        self.blank()?;
        match first_to_explain(self.report) {
            Some(point) => {
                let place = format!("{}:{}", safe(&point.path), point.line);
                self.paragraph(
                    Tone::Faint,
                    &format!("Next: `bespoke explain {place}` says why; `bespoke scan --format json` has it all."),
                )
            }
            None => self.paragraph(
                Tone::Faint,
                "Next: `bespoke init` writes a bespoke.toml, in which customers and flags can be named.",
            ),
        }
    }

    fn more(&mut self, rows: usize) -> io::Result<()> {
        let hidden = rows.saturating_sub(self.style.rows);
        if hidden == 0 {
            return Ok(());
        }
        self.line(
            Tone::Faint,
            &format!("… and {} more; -v shows more", number(hidden as u64)),
        )
    }

    fn line(&mut self, tone: Tone, text: &str) -> io::Result<()> {
        writeln!(
            self.out,
            "{}",
            self.style.paint(tone, fit(text, self.style.width))
        )
    }

    fn paragraph(&mut self, tone: Tone, text: &str) -> io::Result<()> {
        for line in wrap(text, self.style.width) {
            writeln!(self.out, "{}", self.style.paint(tone, line))?;
        }
        Ok(())
    }

    fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }
}

fn headline(report: &Report) -> String {
    let mut parts = Vec::new();
    let mut say = |dimension: &str, one: &str, many: &str, verb: [&str; 2]| {
        let subjects = seen(report, dimension).len() as u64;
        let places = places(report, dimension);
        if subjects > 0 && places > 0 {
            let verb = verb[usize::from(subjects != 1)];
            parts.push(format!(
                "{} {verb} in {}",
                count(subjects, one, many),
                count(places, "place", "places")
            ));
        }
    };
    say(
        "customer",
        "customer",
        "customers",
        ["is hard-coded", "are hard-coded"],
    );
    say("flag", "flag", "flags", ["is checked", "are checked"]);
    say(
        "tenant",
        "tenant attribute",
        "tenant attributes",
        ["decides", "decide"],
    );
    for dimension in other_dimensions(report) {
        let name = safe(dimension);
        let (one, many) = (
            format!("subject of `{name}`"),
            format!("subjects of `{name}`"),
        );
        say(
            dimension,
            &one,
            &many,
            ["is singled out", "are singled out"],
        );
    }
    if report.totals.files == 0 {
        return "No source in a language known here.".to_owned();
    }
    if parts.is_empty() {
        let files = count(report.totals.files.into(), "file", "files");
        return format!("No customer, flag or tenant conditions found in {files}.");
    }
    format!("{}.", parts.join("; "))
}

/// Subjects of a dimension with a counted point; the configuration may name others.
fn seen<'a>(report: &'a Report, dimension: &str) -> Vec<&'a Subject> {
    let of_dimension = report
        .subjects
        .iter()
        .filter(|it| it.dimension == dimension);
    of_dimension
        .filter(|it| it.scattering + it.units + it.data + it.files > 0)
        .collect()
}

/// Counted points of a dimension, of every form.
fn places(report: &Report, dimension: &str) -> u64 {
    let of_dimension =
        |point: &&VariationPoint| point.dimension == dimension && report.counts(point);
    report.variation_points.iter().filter(of_dimension).count() as u64
}

fn other_dimensions(report: &Report) -> Vec<&str> {
    let mut names: Vec<&str> = report
        .subjects
        .iter()
        .map(|it| it.dimension.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| !matches!(*name, "customer" | "flag" | "tenant"));
    names
}

/// What ranks subjects on the page.
fn weight(subject: &Subject) -> (u32, u32, u32, u32) {
    (
        subject.scattering,
        subject.units,
        subject.guarded_lines,
        subject.files,
    )
}

fn part(hotspot: &Hotspot, metric: &str) -> String {
    let part = hotspot.parts.iter().find(|part| part.metric == metric);
    part.map(|part| number(part.value.into()))
        .unwrap_or_default()
}

/// A counted point of the worst hotspot, else any.
fn first_to_explain(report: &Report) -> Option<&VariationPoint> {
    let counted = || {
        report
            .variation_points
            .iter()
            .filter(|point| report.counts(point))
    };
    let worst = report.hotspots.first().map(|hotspot| &hotspot.path);
    counted()
        .find(|point| worst == Some(&point.path))
        .or_else(|| counted().next())
}

fn points_of(hotspot: &Hotspot) -> u64 {
    let part = hotspot.parts.iter().find(|part| part.metric == "points");
    part.map_or(0, |part| part.value.into())
}

fn reason(row: &LeftOut) -> std::borrow::Cow<'_, str> {
    match row.reason.as_str() {
        "language" => "text in no language known here".into(),
        other => safe(other),
    }
}

fn by_reason(issues: &[IssueEntry]) -> Vec<(&str, Vec<&IssueEntry>)> {
    let mut groups: std::collections::BTreeMap<&str, Vec<&IssueEntry>> =
        std::collections::BTreeMap::new();
    for issue in issues {
        groups.entry(&issue.reason).or_default().push(issue);
    }
    groups.into_iter().collect()
}

fn share(part: u32, whole: u32) -> String {
    if whole == 0 {
        return "0%".to_owned();
    }
    format!("{:.1}%", 100.0 * f64::from(part) / f64::from(whole))
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KiB", number(bytes / 1_024)),
        _ => format!("{} MiB", number(bytes / 1_048_576)),
    }
}

/// A letter with those of gentle and severe assumptions: `C (B to C)`.
pub(crate) fn letter(rating: &RatingEntry) -> String {
    if rating.letter_low == rating.letter_high {
        rating.letter.clone()
    } else {
        format!(
            "{} ({} to {})",
            rating.letter, rating.letter_low, rating.letter_high
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{sample, text::columns};

    fn page(report: &Report, style: Style) -> String {
        let mut out = Vec::new();
        write(report, &style, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn at(width: usize) -> Style {
        Style {
            width,
            ..Style::default()
        }
    }

    #[test]
    fn the_first_line_says_it_all() {
        let page = page(&sample::report(), at(120));
        assert!(
            page.starts_with(
                "2 customers are hard-coded in 2 places; 2 flags are checked in 2 places; 1 tenant attribute decides in 1 place.\n"
            ),
            "{page}"
        );
        assert!(
            page.contains("1 variation point is below confidence 0.5 and not counted"),
            "{page}"
        );
        assert!(page.contains("8 lines run only for some (0.7%)"), "{page}");
    }

    #[test]
    fn the_page_fits_its_width() {
        for width in [60, 80, 100, 200] {
            let page = page(&sample::report(), at(width));
            for line in page.lines() {
                assert!(columns(line) <= width, "{width}: {line}");
            }
            assert!(
                page.lines().all(|line| line == line.trim_end()),
                "blanks at an end:\n{page}"
            );
        }
        assert!(page(&sample::report(), at(200)).contains("components"));
    }

    #[test]
    fn sections_hold_what_belongs_to_them() {
        let page = page(&sample::report(), at(100));
        for line in [
            "globex                                    1      2      1              9           1",
            "new-checkout",
            "org.plan",
            "worst: total, line 10",
            "tests                                 31  120 KiB",
            "syntax: 2 files",
            "  src/huge.js: 9000000 bytes, over the limit of 4000000",
            "2 flag checks have a computed key",
            "3 of 40 imports of own files were not found",
            "`bespoke explain src/billing/invoice.ts:12`",
        ] {
            assert!(page.contains(line), "lacks {line:?}:\n{page}");
        }
    }

    #[test]
    fn names_cannot_play_with_the_terminal() {
        let page = page(&sample::report(), at(100));
        assert!(page.contains("evil\\u{1b}[2J"), "{page}");
        assert!(!page.contains('\u{1b}'));
    }

    #[test]
    fn colour_changes_no_text() {
        let plain = page(&sample::report(), at(100));
        let coloured = page(
            &sample::report(),
            Style {
                color: true,
                ..at(100)
            },
        );
        assert_ne!(plain, coloured);
        let mut text = String::new();
        for (nth, piece) in coloured.split('\u{1b}').enumerate() {
            text += if nth == 0 {
                piece
            } else {
                piece.split_once('m').unwrap().1
            };
        }
        assert_eq!(text, plain);
    }

    #[test]
    fn a_tree_without_findings_says_so() {
        let page = page(&sample::empty(), at(100));
        assert!(
            page.starts_with("No customer, flag or tenant conditions found in 1 file.\n"),
            "{page}"
        );
        assert!(page.contains("bespoke init"));
        assert!(
            !page.contains("Hotspots") && !page.contains("Customers"),
            "{page}"
        );
    }

    #[test]
    fn a_tree_without_source_says_so() {
        let mut report = sample::empty();
        report.totals.files = 0;
        assert!(page(&report, at(100)).starts_with("No source in a language known here.\n"));
    }

    #[test]
    fn only_flags_is_a_page_too() {
        let mut report = sample::report();
        report.subjects.retain(|it| it.dimension == "flag");
        report.variation_points.retain(|it| it.dimension == "flag");
        let page = page(&report, at(100));
        assert!(
            page.starts_with("2 flags are checked in 2 places.\n"),
            "{page}"
        );
        assert!(
            !page.contains("Customers") && !page.contains("Tenant"),
            "{page}"
        );
    }

    #[test]
    fn long_tables_are_cut_and_say_so() {
        let mut report = sample::report();
        let flag = report
            .subjects
            .iter()
            .find(|it| it.dimension == "flag")
            .unwrap()
            .clone();
        report.subjects.extend((0..20).map(|nth| Subject {
            name: format!("flag-{nth:02}"),
            ..flag.clone()
        }));
        let page = page(&report, at(100));
        assert!(page.contains("… and 12 more; -v shows more"), "{page}");
    }

    #[test]
    fn a_dimension_of_the_user_has_its_own_table() {
        let mut report = sample::report();
        for subject in report
            .subjects
            .iter_mut()
            .filter(|it| it.dimension == "customer")
        {
            subject.dimension = "partner".to_owned();
        }
        for point in report
            .variation_points
            .iter_mut()
            .filter(|it| it.dimension == "customer")
        {
            point.dimension = "partner".to_owned();
        }
        let page = page(&report, at(200));
        assert!(
            page.contains("2 subjects of `partner` are singled out in 2 places"),
            "{page}"
        );
        assert!(page.contains("Dimension partner"), "{page}");
    }
}
