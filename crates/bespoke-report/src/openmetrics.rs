//! `OpenMetrics` 1.0 text, for Prometheus by way of a textfile, and for Grafana.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use crate::{Format, Report, Style, text::safe};

pub(crate) static FORMAT: Format = Format {
    name: "openmetrics",
    extension: "prom",
    summary: "sums and subjects, for Prometheus and Grafana: OpenMetrics text",
    write,
};

/// Each subject and component is a time series; more would hurt whoever stores them.
const MOST_SERIES: usize = 1_000;

struct Page<'a> {
    out: &'a mut dyn Write,
    /// Name of the tree, where its user gave one: several may be scraped at one place.
    repository: Option<String>,
}

impl Page<'_> {
    fn family(
        &mut self,
        name: &str,
        unit: &str,
        help: &str,
        samples: &[(Vec<(&str, String)>, f64)],
    ) -> io::Result<()> {
        if samples.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "# TYPE {name} gauge")?;
        if !unit.is_empty() {
            writeln!(self.out, "# UNIT {name} {unit}")?;
        }
        writeln!(self.out, "# HELP {name} {}", escaped(help))?;
        for (labels, value) in samples {
            let own = self.repository.iter().map(|name| ("repository", name));
            let labels: Vec<String> = own
                .chain(labels.iter().map(|(key, value)| (*key, value)))
                .map(|(key, value)| format!("{key}=\"{}\"", escaped(value)))
                .collect();
            let labels = if labels.is_empty() {
                String::new()
            } else {
                format!("{{{}}}", labels.join(","))
            };
            writeln!(self.out, "{name}{labels} {value}")?;
        }
        Ok(())
    }

    fn one(&mut self, name: &str, unit: &str, help: &str, value: f64) -> io::Result<()> {
        self.family(name, unit, help, &[(Vec::new(), value)])
    }
}

fn write(report: &Report, _: &Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page {
        out,
        repository: report.extras.label.clone(),
    };
    let totals = &report.totals;
    page.one("bespoke_files", "", "Analysed files.", totals.files.into())?;
    page.one(
        "bespoke_code_lines",
        "lines",
        "Lines with code.",
        totals.nloc.into(),
    )?;
    page.one(
        "bespoke_cognitive_complexity",
        "",
        "Cognitive complexity of all files.",
        totals.cognitive.into(),
    )?;
    page.one(
        "bespoke_variation_points",
        "",
        "Counted branches and checks.",
        totals.points.into(),
    )?;
    page.one(
        "bespoke_guarded_lines",
        "lines",
        "Lines that run only for some, or that are in units.",
        totals.guarded_lines.into(),
    )?;
    let by = |all: &BTreeMap<String, u32>, key: &'static str| -> Vec<_> {
        all.iter()
            .map(|(name, value)| (vec![(key, name.clone())], f64::from(*value)))
            .collect()
    };
    page.family(
        "bespoke_points_by_kind",
        "",
        "Counted points by kind.",
        &by(&totals.by_kind, "kind"),
    )?;
    page.family(
        "bespoke_subjects",
        "",
        "Customers, flags and other subjects by dimension.",
        &by(&totals.by_dimension, "dimension"),
    )?;
    page.one(
        "bespoke_findings",
        "",
        "What the rules of the structure say.",
        count(report.findings.len()),
    )?;
    page.one(
        "bespoke_files_lost",
        "",
        "Files that could not be read or understood.",
        count(report.issues.iter().filter(|it| it.skipped).count()),
    )?;
    if let Some(debt) = &report.debt {
        let ends = |low: f64, mid: f64, high: f64| {
            [("low", low), ("median", mid), ("high", high)]
                .map(|(end, minutes)| (vec![("end", end.to_owned())], seconds(minutes)))
        };
        let it = &debt.principal;
        page.family(
            "bespoke_principal_seconds",
            "seconds",
            "What removing all customization would take: median and ends of the 80 % interval.",
            &ends(it.low_minutes, it.median_minutes, it.high_minutes),
        )?;
        if let Some(flow) = &debt.flow {
            let it = &flow.interest_minutes_per_month;
            let spans = [("low", it.low), ("mid", it.mid), ("high", it.high)].map(
                |(assumption, minutes)| {
                    (
                        vec![("assumption", assumption.to_owned())],
                        seconds(minutes),
                    )
                },
            );
            page.family(
                "bespoke_interest_per_month_seconds",
                "seconds",
                "What branches and checks add to work on the core in a month.",
                &spans,
            )?;
            page.one(
                "bespoke_carry_per_month_seconds",
                "seconds",
                "Work on customers' code in a month.",
                seconds(flow.carry_minutes_per_month),
            )?;
            if let Some(rating) = &flow.rating {
                page.one(
                    "bespoke_burden_ratio",
                    "ratio",
                    "Carry and interest as a share of all work.",
                    rating.burden.mid,
                )?;
            }
        }
    }
    let mut states: BTreeMap<&str, u32> = BTreeMap::new();
    for flag in report
        .subjects
        .iter()
        .filter(|it| it.dimension == "flag" && it.scattering > 0)
    {
        if let Some(state) = flag
            .past
            .as_ref()
            .and_then(|past| past.staleness.as_deref())
        {
            *states.entry(state).or_default() += 1;
        }
    }
    let states: Vec<_> = states
        .into_iter()
        .map(|(state, count)| (vec![("state", state.to_owned())], f64::from(count)))
        .collect();
    page.family(
        "bespoke_flags_by_state",
        "",
        "Checked flags by age and kind: fresh, stale, overdue, fossil, permanent.",
        &states,
    )?;
    let owners: Vec<_> = report
        .owners
        .iter()
        .take(MOST_SERIES)
        .map(|it| (vec![("owner", it.owner.clone())], f64::from(it.points)))
        .collect();
    page.family(
        "bespoke_owner_points",
        "",
        "Branches and checks in files of an owner; those of nobody have an empty one.",
        &owners,
    )?;
    let subjects: Vec<_> = report
        .subjects
        .iter()
        .filter(|it| it.dimension != "tenant" && it.files > 0)
        .take(MOST_SERIES)
        .map(|it| {
            let labels = vec![
                ("dimension", it.dimension.clone()),
                ("subject", it.name.clone()),
            ];
            (labels, it)
        })
        .collect();
    let of = |value: &dyn Fn(&crate::Subject) -> Option<f64>| -> Vec<_> {
        subjects
            .iter()
            .filter_map(|(labels, it)| Some((labels.clone(), value(it)?)))
            .collect()
    };
    page.family(
        "bespoke_subject_points",
        "",
        "Branches and checks of a subject.",
        &of(&|it| Some(it.scattering.into())),
    )?;
    page.family(
        "bespoke_subject_files",
        "",
        "Files with any point of a subject.",
        &of(&|it| Some(it.files.into())),
    )?;
    page.family(
        "bespoke_subject_guarded_lines",
        "lines",
        "Lines that a subject guards, or in its units.",
        &of(&|it| Some(it.guarded_lines.into())),
    )?;
    page.family(
        "bespoke_subject_principal_seconds",
        "seconds",
        "What removing a subject would take, by median.",
        &of(&|it| Some(seconds(it.debt.as_ref()?.principal.median_minutes))),
    )?;
    page.family(
        "bespoke_subject_age_seconds",
        "seconds",
        "Age of a subject's first point.",
        &of(&|it| Some(f64::from(it.past.as_ref()?.age_days?) * 86_400.0)),
    )?;
    let components: Vec<_> = report
        .components
        .iter()
        .filter(|it| it.points > 0)
        .take(MOST_SERIES)
        .map(|it| (vec![("component", it.name.clone())], f64::from(it.points)))
        .collect();
    page.family(
        "bespoke_component_points",
        "",
        "Branches and checks of a component.",
        &components,
    )?;
    writeln!(page.out, "# EOF")
}

fn seconds(minutes: f64) -> f64 {
    (minutes * 60.0).round()
}

fn count(of: usize) -> f64 {
    f64::from(u32::try_from(of).unwrap_or(u32::MAX))
}

/// A label's value or a help text, without control characters.
fn escaped(text: &str) -> String {
    safe(text).replace('\\', "\\\\").replace('"', "\\\"")
}
