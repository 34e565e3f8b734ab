//! Two reports of one repository: what came, what went, what moved, and what that costs.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use bespoke_analysis::{Fate, Known, compare};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Column, Report, Style, Table, Tool, VariationPoint, figures,
    text::{Tone, count, markdown, number, safe, wrap},
};

/// Version of a diff's form, `major.minor`.
pub const DIFF_SCHEMA_VERSION: &str = "1.0";

/// What is different between two reports. Only counted points are compared: a point whose confidence passes the threshold
/// is in `surfaced` or `sank`, and neither came nor went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiffReport {
    /// Version of this form, `major.minor`.
    pub schema_version: String,
    /// What wrote it.
    pub tool: Tool,
    /// What was before: a commit, or a file.
    pub base: String,
    /// What is now: a commit, a file, or `work tree`.
    pub head: String,
    /// Sums.
    pub totals: DiffTotals,
    /// Points that came.
    pub introduced: Vec<VariationPoint>,
    /// Points that are gone.
    pub resolved: Vec<VariationPoint>,
    /// Points whose condition changed.
    pub changed: Vec<ChangedPoint>,
    /// Points that are in another file or function.
    pub moved: Vec<MovedPoint>,
    /// Points that are gone, and for whose subjects another point asks in their place.
    pub absorbed: Vec<AbsorbedPoint>,
    /// Points that are surer than before and count now.
    pub surfaced: Vec<VariationPoint>,
    /// Points that are less sure and count no more.
    pub sank: Vec<VariationPoint>,
    /// Subjects for which something changed, by dimension and name.
    pub subjects: Vec<SubjectDiff>,
    /// The same by owner, as `CODEOWNERS` says.
    pub owners: Vec<OwnerDiff>,
}

/// Sums of a diff. Branches and checks only, unless it says otherwise.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DiffTotals {
    /// Branches and checks before.
    pub points_before: u32,
    /// And now: those before, and what was introduced and surfaced, less what was resolved, absorbed and sank.
    pub points_now: u32,
    /// Branches and checks that came.
    pub introduced: u32,
    /// Branches and checks that are gone.
    pub resolved: u32,
    /// Those that another took in.
    pub absorbed: u32,
    /// Those that count now.
    pub surfaced: u32,
    /// Those that count no more.
    pub sank: u32,
    /// Lines that run only for some, before.
    pub guarded_lines_before: u32,
    /// And now.
    pub guarded_lines_now: u32,
    /// What removing all would take, in minutes: median, before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_minutes_before: Option<f64>,
    /// And now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_minutes_now: Option<f64>,
    /// What branches and checks add to work on the core in a month, in minutes: middle value, before. Not there without
    /// history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest_minutes_before: Option<f64>,
    /// And now, for the same work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest_minutes_now: Option<f64>,
}

/// A point whose condition changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangedPoint {
    /// As it was.
    pub before: VariationPoint,
    /// As it is.
    pub now: VariationPoint,
    /// Subjects that it did not ask for.
    pub gained: Vec<String>,
    /// Subjects that it asks for no more.
    pub lost: Vec<String>,
}

/// A point that is in another file or function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MovedPoint {
    /// Where it was.
    pub from: String,
    /// Its line there.
    pub from_line: u32,
    /// As it is.
    pub now: VariationPoint,
}

/// A point that another took in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AbsorbedPoint {
    /// As it was.
    pub before: VariationPoint,
    /// File of the one that took it in.
    pub into: String,
    /// Its line.
    pub into_line: u32,
}

/// What changed for a subject.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SubjectDiff {
    /// `customer`, `flag`, `tenant`, or a dimension of the configuration.
    pub dimension: String,
    /// Its name.
    pub name: String,
    /// Nothing of it was there.
    pub is_new: bool,
    /// Nothing of it is left.
    pub is_gone: bool,
    /// Points of any kind that came, changed points that ask for it now among them.
    pub introduced: u32,
    /// Points of any kind that are gone, changed points that ask for it no more among them.
    pub resolved: u32,
    /// What removing it would take, in minutes: median, before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_minutes_before: Option<f64>,
    /// And now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_minutes_now: Option<f64>,
}

/// What changed in an owner's files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OwnerDiff {
    /// As `CODEOWNERS` has it; empty for files of nobody.
    pub owner: String,
    /// Points of any kind that came.
    pub introduced: u32,
    /// Points of any kind that are gone.
    pub resolved: u32,
}

fn is_condition(point: &VariationPoint) -> bool {
    point.kind.ends_with("_branch") || point.kind.ends_with("_check")
}

impl DiffReport {
    /// Compares two reports; `base` and `head` are what they are of.
    pub fn new(before: &Report, now: &Report, base: &str, head: &str) -> Self {
        let points = [&before.variation_points, &now.variation_points];
        let names: Vec<Vec<Vec<&str>>> = points
            .iter()
            .map(|points| points.iter().map(sorted_subjects).collect())
            .collect();
        let known: Vec<Vec<Known<'_>>> = points
            .iter()
            .zip(&names)
            .map(|(points, names)| {
                let all = points.iter().zip(names);
                all.map(|(point, subjects)| Known {
                    kind: &point.kind,
                    subjects,
                    text: &point.text,
                    function: point.function.as_deref().unwrap_or(""),
                    path: &point.path,
                    line: point.line,
                    fingerprint: &point.fingerprint,
                })
                .collect()
            })
            .collect();
        let mut diff = Self {
            schema_version: DIFF_SCHEMA_VERSION.to_owned(),
            tool: now.tool.clone(),
            base: base.to_owned(),
            head: head.to_owned(),
            totals: DiffTotals::new(before, now),
            introduced: Vec::new(),
            resolved: Vec::new(),
            changed: Vec::new(),
            moved: Vec::new(),
            absorbed: Vec::new(),
            surfaced: Vec::new(),
            sank: Vec::new(),
            subjects: Vec::new(),
            owners: Vec::new(),
        };
        for fate in compare(&known[0], &known[1]) {
            diff.take(fate, before, now);
        }
        diff.sum_up(before, now);
        diff
    }

    fn take(&mut self, fate: Fate, before: &Report, now: &Report) {
        let was = |at: usize| &before.variation_points[at];
        let is = |at: usize| &now.variation_points[at];
        if let Fate::Kept(old, new) | Fate::Moved(old, new) | Fate::Changed(old, new) = fate {
            match (before.counts(was(old)), now.counts(is(new))) {
                (true, true) => {}
                (false, true) => return self.surfaced.push(is(new).clone()),
                (true, false) => return self.sank.push(was(old).clone()),
                (false, false) => return,
            }
        }
        match fate {
            Fate::Kept(..) => {}
            Fate::Moved(old, new) => self.moved.push(MovedPoint {
                from: was(old).path.clone(),
                from_line: was(old).line,
                now: is(new).clone(),
            }),
            Fate::Changed(old, new) => {
                let (old, new) = (was(old), is(new));
                let but = |some: &[String], others: &[String]| {
                    let own = some.iter().filter(|it| !others.contains(it));
                    own.cloned().collect()
                };
                self.changed.push(ChangedPoint {
                    gained: but(&new.subjects, &old.subjects),
                    lost: but(&old.subjects, &new.subjects),
                    before: old.clone(),
                    now: new.clone(),
                });
            }
            Fate::Absorbed(old, into) if before.counts(was(old)) => {
                self.absorbed.push(AbsorbedPoint {
                    before: was(old).clone(),
                    into: is(into).path.clone(),
                    into_line: is(into).line,
                });
            }
            Fate::Resolved(old) if before.counts(was(old)) => self.resolved.push(was(old).clone()),
            Fate::Introduced(new) if now.counts(is(new)) => self.introduced.push(is(new).clone()),
            Fate::Absorbed(..) | Fate::Resolved(_) | Fate::Introduced(_) => {}
        }
    }

    fn sum_up(&mut self, before: &Report, now: &Report) {
        let conditions = |points: &mut dyn Iterator<Item = &VariationPoint>| {
            let own = points.filter(|point| is_condition(point)).count();
            u32::try_from(own).unwrap_or(u32::MAX)
        };
        self.totals.introduced = conditions(&mut self.introduced.iter());
        self.totals.resolved = conditions(&mut self.resolved.iter());
        self.totals.absorbed = conditions(&mut self.absorbed.iter().map(|it| &it.before));
        self.totals.surfaced = conditions(&mut self.surfaced.iter());
        self.totals.sank = conditions(&mut self.sank.iter());

        let mut subjects: BTreeMap<(&str, &str), SubjectDiff> = BTreeMap::new();
        let mut add = |dimension: &'_ str, name: &'_ str, came: bool| {
            // Names are of both reports, which outlive this.
            let found = [now, before].into_iter().find_map(|report| {
                let mut all = report.subjects.iter();
                all.find(|it| it.dimension == dimension && it.name == name)
            });
            let Some(found) = found else { return };
            let entry = subjects
                .entry((found.dimension.as_str(), found.name.as_str()))
                .or_default();
            if came {
                entry.introduced += 1;
            } else {
                entry.resolved += 1;
            }
        };
        for point in &self.introduced {
            for name in &point.subjects {
                add(&point.dimension, name, true);
            }
        }
        let gone = self.absorbed.iter().map(|it| &it.before);
        for point in self.resolved.iter().chain(gone) {
            for name in &point.subjects {
                add(&point.dimension, name, false);
            }
        }
        for it in &self.changed {
            for name in &it.gained {
                add(&it.now.dimension, name, true);
            }
            for name in &it.lost {
                add(&it.now.dimension, name, false);
            }
        }
        self.subjects = subjects
            .into_iter()
            .map(|((dimension, name), diff)| {
                let of = |report: &Report| {
                    let mut all = report.subjects.iter();
                    let it = all.find(|it| it.dimension == dimension && it.name == name)?;
                    let there = it.scattering + it.units + it.data > 0;
                    let debt = it.debt.as_ref();
                    Some((there, debt.map(|it| it.principal.median_minutes)))
                };
                let (was, is) = (of(before), of(now));
                SubjectDiff {
                    dimension: dimension.to_owned(),
                    name: name.to_owned(),
                    is_new: was.is_none_or(|it| !it.0) && is.is_some_and(|it| it.0),
                    is_gone: is.is_none_or(|it| !it.0) && was.is_some_and(|it| it.0),
                    principal_minutes_before: was.and_then(|it| it.1),
                    principal_minutes_now: is.and_then(|it| it.1),
                    ..diff
                }
            })
            .collect();

        let mut owners: BTreeMap<String, OwnerDiff> = BTreeMap::new();
        let mut at = |report: &Report, path: &str, came: bool| {
            let file = report.files.iter().find(|file| file.path == path);
            let known = file.map_or(&[][..], |file| file.owners.as_slice());
            let none = [String::new()];
            for owner in if known.is_empty() { &none } else { known } {
                let entry = owners.entry(owner.clone()).or_default();
                if came {
                    entry.introduced += 1;
                } else {
                    entry.resolved += 1;
                }
            }
        };
        for point in &self.introduced {
            at(now, &point.path, true);
        }
        for point in &self.resolved {
            at(before, &point.path, false);
        }
        // Where nobody owns anything there is nothing to tell apart.
        if owners.keys().any(|owner| !owner.is_empty()) {
            self.owners = owners
                .into_iter()
                .map(|(owner, diff)| OwnerDiff { owner, ..diff })
                .collect();
        }
    }

    /// Whether nothing came, went or changed; moves do not count.
    pub fn is_empty(&self) -> bool {
        self.introduced.is_empty()
            && self.resolved.is_empty()
            && self.changed.is_empty()
            && self.absorbed.is_empty()
    }
}

impl DiffTotals {
    fn new(before: &Report, now: &Report) -> Self {
        let principal = |report: &Report| Some(report.debt.as_ref()?.principal.median_minutes);
        let interest = |report: &Report| {
            let flow = report.debt.as_ref()?.flow.as_ref()?;
            Some(flow.interest_minutes_per_month.mid)
        };
        Self {
            points_before: before.totals.points,
            points_now: now.totals.points,
            guarded_lines_before: before.totals.guarded_lines,
            guarded_lines_now: now.totals.guarded_lines,
            principal_minutes_before: principal(before),
            principal_minutes_now: principal(now),
            interest_minutes_before: interest(before),
            interest_minutes_now: interest(now),
            ..Self::default()
        }
    }
}

fn sorted_subjects(point: &VariationPoint) -> Vec<&str> {
    let subjects: BTreeSet<&str> = point.subjects.iter().map(String::as_str).collect();
    subjects.into_iter().collect()
}

/// Writes a diff as JSON.
pub fn write_diff_json(diff: &DiffReport, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, diff)?;
    writeln!(out)
}

/// Writes a diff for a person.
pub fn write_diff(diff: &DiffReport, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let short = |name: &str| {
        let is_id = name.len() >= 40 && name.bytes().all(|it| it.is_ascii_hexdigit());
        if is_id {
            name[..10].to_owned()
        } else {
            safe(name).into_owned()
        }
    };
    let title = format!("{} to {}", short(&diff.base), short(&diff.head));
    writeln!(out, "{}", style.paint(Tone::Strong, title))?;
    let totals = &diff.totals;
    for line in sentences(totals)
        .iter()
        .flat_map(|it| wrap(it, style.width))
    {
        writeln!(out, "{line}")?;
    }
    let changed: Vec<(String, &VariationPoint)> = diff
        .changed
        .iter()
        .map(|it| {
            let gained = it.gained.iter().map(|it| format!("+{}", safe(it)));
            let lost = it.lost.iter().map(|it| format!("-{}", safe(it)));
            (gained.chain(lost).collect::<Vec<_>>().join(" "), &it.now)
        })
        .collect();
    let plain = |points: &'_ [VariationPoint]| -> Vec<(String, VariationPoint)> {
        let own = points.iter();
        own.map(|it| (safe(&it.subjects.join(", ")).into_owned(), it.clone()))
            .collect()
    };
    let introduced = plain(&diff.introduced);
    let resolved = plain(&diff.resolved);
    section(
        "Introduced",
        introduced.iter().map(|(of, it)| (of, it)),
        style,
        out,
    )?;
    section(
        "Changed",
        changed.iter().map(|(of, it)| (of, *it)),
        style,
        out,
    )?;
    section(
        "Resolved",
        resolved.iter().map(|(of, it)| (of, it)),
        style,
        out,
    )?;
    if !diff.subjects.is_empty() {
        let mut table = Table::new(vec![
            Column::words("Customers and flags"),
            Column::figures("came"),
            Column::figures("went"),
            Column::figures("to remove, before"),
            Column::figures("now"),
            Column::words(""),
        ]);
        let minutes = |it: Option<f64>| it.map_or_else(|| "–".to_owned(), figures::work);
        for it in diff.subjects.iter().take(style.rows) {
            table.row(vec![
                format!("{} {}", safe(&it.dimension), safe(&it.name)),
                number(it.introduced.into()),
                number(it.resolved.into()),
                minutes(it.principal_minutes_before),
                minutes(it.principal_minutes_now),
                match (it.is_new, it.is_gone) {
                    (true, _) => "new".to_owned(),
                    (_, true) => "gone".to_owned(),
                    _ => String::new(),
                },
            ]);
        }
        writeln!(out)?;
        table.write(style, out)?;
        more(diff.subjects.len(), style, out)?;
    }
    if !diff.owners.is_empty() {
        let mut table = Table::new(vec![
            Column::words("Owners"),
            Column::figures("came"),
            Column::figures("went"),
        ]);
        for it in diff.owners.iter().take(style.rows) {
            table.row(vec![
                if it.owner.is_empty() {
                    "nobody".to_owned()
                } else {
                    safe(&it.owner).into_owned()
                },
                number(it.introduced.into()),
                number(it.resolved.into()),
            ]);
        }
        writeln!(out)?;
        table.write(style, out)?;
        more(diff.owners.len(), style, out)?;
    }
    Ok(())
}

/// What changed in all, in sentences.
pub(crate) fn sentences(totals: &DiffTotals) -> Vec<String> {
    let points = |it: u32| count(it.into(), "branch or check", "branches and checks");
    let mut also = Vec::new();
    for (some, what) in [
        (totals.absorbed, "taken in by others"),
        (totals.surfaced, "surer than before and counted now"),
        (totals.sank, "less sure and counted no more"),
    ] {
        if some > 0 {
            also.push(format!("{} {what}", number(some.into())));
        }
    }
    let also = if also.is_empty() {
        String::new()
    } else {
        format!("; {}", also.join(", "))
    };
    let mut lines = vec![format!(
        "{}, {} before: {} introduced, {} resolved{also}. Guarded lines {} to {}.",
        points(totals.points_now),
        number(totals.points_before.into()),
        number(totals.introduced.into()),
        number(totals.resolved.into()),
        number(totals.guarded_lines_before.into()),
        number(totals.guarded_lines_now.into()),
    )];
    if let Some((was, is)) = totals
        .principal_minutes_before
        .zip(totals.principal_minutes_now)
    {
        lines.push(format!(
            "To remove all of it would take {}, {} before.",
            figures::work(is),
            figures::work(was)
        ));
    }
    if let Some((was, is)) = totals
        .interest_minutes_before
        .zip(totals.interest_minutes_now)
    {
        lines.push(format!(
            "Interest of the same work: {} a month, {} before.",
            figures::work(is),
            figures::work(was)
        ));
    }
    lines
}

fn section<'a>(
    title: &str,
    points: impl ExactSizeIterator<Item = (&'a String, &'a VariationPoint)>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let all = points.len();
    if all == 0 {
        return Ok(());
    }
    let mut table = Table::new(vec![
        Column::words(title),
        Column::words("kind"),
        Column::words("of"),
    ]);
    for (of, it) in points.take(style.rows) {
        table.row(vec![
            format!("{}:{}", safe(&it.path), it.line),
            safe(&it.kind).into_owned(),
            of.clone(),
        ]);
    }
    writeln!(out)?;
    table.write(style, out)?;
    more(all, style, out)
}

fn more(all: usize, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    if all > style.rows {
        let more = format!(
            "… and {} more; -v shows them",
            number((all - style.rows) as u64)
        );
        writeln!(out, "{}", style.paint(Tone::Faint, more))?;
    }
    Ok(())
}

/// Largest number of rows of a table in Markdown: a comment on GitHub may have 65,536 characters.
const MARKDOWN_ROWS: usize = 50;

/// Writes a diff as Markdown, for a comment on a pull request or a job's summary.
pub fn write_diff_markdown(diff: &DiffReport, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "### Customization: {}\n",
        if diff.is_empty() {
            "no change"
        } else {
            "what changed"
        }
    )?;
    for line in sentences(&diff.totals) {
        writeln!(out, "{line}\n")?;
    }
    let mut table = |title: &str, rows: Vec<[String; 3]>| -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "<details><summary>{title} ({})</summary>\n",
            rows.len()
        )?;
        writeln!(out, "| Where | Kind | Of |\n| --- | --- | --- |")?;
        for row in rows.iter().take(MARKDOWN_ROWS) {
            writeln!(
                out,
                "| {} |",
                row.each_ref().map(|it| markdown(it)).join(" | ")
            )?;
        }
        if rows.len() > MARKDOWN_ROWS {
            writeln!(out, "\n… and {} more.", rows.len() - MARKDOWN_ROWS)?;
        }
        writeln!(out, "\n</details>\n")
    };
    let row =
        |it: &VariationPoint, of: String| [format!("{}:{}", it.path, it.line), it.kind.clone(), of];
    let plain = |points: &[VariationPoint]| -> Vec<[String; 3]> {
        points
            .iter()
            .map(|it| row(it, it.subjects.join(", ")))
            .collect()
    };
    table("Introduced", plain(&diff.introduced))?;
    let changed = diff.changed.iter().map(|it| {
        let gained = it.gained.iter().map(|it| format!("+{it}"));
        let lost = it.lost.iter().map(|it| format!("-{it}"));
        row(&it.now, gained.chain(lost).collect::<Vec<_>>().join(" "))
    });
    table("Changed", changed.collect())?;
    table("Resolved", plain(&diff.resolved))
}
