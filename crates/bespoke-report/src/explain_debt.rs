//! What an estimate of debt is made of: the formulas, with the numbers put in.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    io::{self, Write},
};

use crate::{
    DebtEntry, FileDebtEntry, FileEntry, ItemEntry, Report, Style, Subject, SubjectDebtEntry,
    figures::{percent, two_digits, work, work_between},
    terminal::letter,
    text::{Tone, number, safe},
};

/// Whose debt is to be explained.
#[derive(Debug)]
pub enum DebtOf<'a> {
    /// All of it.
    Everything,
    /// That of a file.
    File(&'a FileEntry),
    /// That of subjects of one name.
    Subjects(Vec<&'a Subject>),
}

/// Writes how a debt was worked out. Nothing where the report has none.
pub fn explain_debt(
    report: &Report,
    of: &DebtOf<'_>,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(debt) = &report.debt else {
        return Ok(());
    };
    let mut page = Page {
        report,
        debt,
        style,
        out,
    };
    match of {
        DebtOf::Everything => page.everything(),
        DebtOf::File(file) => page.file(file),
        DebtOf::Subjects(subjects) => subjects.iter().try_for_each(|it| page.subject(it)),
    }
}

struct Page<'a> {
    report: &'a Report,
    debt: &'a DebtEntry,
    style: &'a Style,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        let text = self.style.paint(Tone::Heading, text.to_owned());
        writeln!(self.out, "{text}")
    }

    /// A constant, as short as it can be written.
    fn constant(&self, key: &str) -> String {
        self.value(key).to_string()
    }

    fn value(&self, key: &str) -> f64 {
        self.debt.parameters.get(key).copied().unwrap_or_default()
    }

    fn everything(&mut self) -> io::Result<()> {
        let principal = self.debt.principal;
        self.heading("Principal")?;
        self.line(&format!(
            "  {} of {} items, after Fenton and Wilkinson: sum of lognormals with σi {}, σs {}",
            work_between(
                principal.median_minutes,
                principal.low_minutes,
                principal.high_minutes
            ),
            number(principal.items.into()),
            self.constant("spread_of_items"),
            self.constant("spread_of_scale"),
        ))?;
        let medians: f64 = self
            .report
            .subjects
            .iter()
            .filter_map(|it| it.debt.as_ref())
            .flat_map(|it| &it.items)
            .map(|item| item.minutes)
            .sum();
        self.line(&format!(
            "  the sum of their medians would be {}, which is too small",
            work(medians)
        ))?;
        for (dimension, it) in &self.debt.principal_by_dimension {
            let words = format!(
                "  {}: {} of {} items",
                safe(dimension),
                work_between(it.median_minutes, it.low_minutes, it.high_minutes),
                number(it.items.into())
            );
            self.line(&words)?;
        }
        let Some(flow) = &self.debt.flow else {
            return self.line("Interest, carry and burden need history.");
        };
        let interest = flow.interest_minutes_per_month;
        self.heading("Interest")?;
        self.line(&format!(
            "  I = Σ I(f) = {} a month; an association, not a proof",
            work_between(interest.mid, interest.low, interest.high)
        ))?;
        self.heading("Carry")?;
        self.line(&format!(
            "  K = {} a month on customers' code that is there",
            work(flow.carry_minutes_per_month)
        ))?;
        self.heading("Burden")?;
        let capacity = format!(
            "  capacity = {} author-days · 60 · {} / {} months = {} a month",
            two_digits(flow.author_days),
            self.constant("hours_per_author_day"),
            two_digits(flow.months.max(1.0)),
            work(flow.capacity_minutes_per_month)
        );
        self.line(&capacity)?;
        match (&flow.rating, &flow.unrated) {
            (Some(rating), _) => {
                let burden = rating.burden;
                let words = format!(
                    "  B = (K + I) / capacity = {} ({} to {}): {}",
                    percent(burden.mid),
                    percent(burden.low),
                    percent(burden.high),
                    letter(rating)
                );
                self.line(&words)?;
                let grid = ["rating_a", "rating_b", "rating_c", "rating_d"]
                    .map(|key| percent(self.value(key)));
                self.line(&format!(
                    "  A to {}, B to {}, C to {}, D to {}, E above",
                    grid[0], grid[1], grid[2], grid[3]
                ))
            }
            (None, Some(why)) => self.line(&format!("  no letter: {}", safe(why))),
            (None, None) => Ok(()),
        }
    }

    fn file(&mut self, file: &FileEntry) -> io::Result<()> {
        self.heading(&format!("Interest of {}", safe(&file.path)))?;
        let Some(debt) = &file.debt else {
            let why = if self.debt.flow.is_none() {
                "  it needs history"
            } else {
                "  none: nobody worked on it in the last year, and it has no branch or check"
            };
            return self.line(why);
        };
        self.formula_of_file(debt)
    }

    fn formula_of_file(&mut self, debt: &FileDebtEntry) -> io::Result<()> {
        let base = f64::from(debt.points) + 1.0;
        let elasticity = self.value("elasticity");
        let share = (1.0 - base.powf(-elasticity)).min(self.value("overhead_cap"));
        let lines = [
            format!(
                "  E = {} a month: work on it in the last year",
                work(debt.work_minutes_per_month)
            ),
            format!(
                "  v = {} branches and checks; R2 = {} of the other files depend on it within two steps",
                debt.points,
                percent(debt.reach)
            ),
            format!(
                "  AF = min({}, 1 − (1 + v)^−β) = min({}, 1 − {base}^−{elasticity}) = {share:.3}",
                self.constant("overhead_cap"),
                self.constant("overhead_cap"),
            ),
            format!(
                "  I = E · min(1, AF · (1 + γ·R2)) = {} · min(1, {share:.3} · (1 + {} · {:.3})) = {}",
                work(debt.work_minutes_per_month),
                self.constant("reach_weight"),
                debt.reach,
                work(debt.interest_minutes_per_month.mid),
            ),
            format!(
                "  from {} (β {}, γ {}) to {} (β {}, γ {}); an association, not a proof",
                work(debt.interest_minutes_per_month.low),
                self.constant("elasticity_low"),
                self.constant("reach_weight_low"),
                work(debt.interest_minutes_per_month.high),
                self.constant("elasticity_high"),
                self.constant("reach_weight_high"),
            ),
        ];
        lines.iter().try_for_each(|line| self.line(line))
    }

    fn subject(&mut self, subject: &Subject) -> io::Result<()> {
        let name = format!("{} {}", safe(&subject.dimension), safe(&subject.name));
        self.heading(&format!("Principal of {name}"))?;
        let Some(debt) = &subject.debt else {
            return self.line("  nothing to remove");
        };
        if debt.items.is_empty() {
            self.line("  nothing to remove: no branch, check, folder or file")?;
        }
        for item in &debt.items {
            self.item(item, &subject.dimension)?;
        }
        let principal = debt.principal;
        if principal.items > 0 {
            self.line(&format!(
                "  together {}, in four of five cases: σi {}, σs {}",
                work_between(
                    principal.median_minutes,
                    principal.low_minutes,
                    principal.high_minutes
                ),
                self.constant("spread_of_items"),
                self.constant("spread_of_scale"),
            ))?;
        }
        self.interest_of(subject, debt, &name)
    }

    fn item(&mut self, item: &ItemEntry, dimension: &str) -> io::Result<()> {
        let size = |key: &str| item.size.get(key).copied().unwrap_or_default();
        let factor = format!(
            "({} − {})",
            self.constant("review_factor"),
            self.constant("automated_share")
        );
        let (formula, numbers) = if item.kind == "units" {
            (
                "(ρ − auto) · (pu + pd·lines + pc·references)",
                format!(
                    "{factor} · ({} + {}·{} + {}·{})",
                    self.constant("minutes_per_unit"),
                    self.constant("minutes_per_unit_line"),
                    size("lines"),
                    self.constant("minutes_per_core_line"),
                    size("references"),
                ),
            )
        } else {
            let kappa = match dimension {
                "flag" => "factor_flag",
                "tenant" => "factor_tenant",
                _ => "factor_customer",
            };
            (
                "(ρ − auto) · κ · (p0 + ps·SD + pf·(SF − 1) + pl·LOF)",
                format!(
                    "{factor} · {} · ({} + {}·{} + {}·{} + {}·{})",
                    self.constant(kappa),
                    self.constant("minutes_per_subject"),
                    self.constant("minutes_per_site"),
                    size("sites"),
                    self.constant("minutes_per_file"),
                    size("files").saturating_sub(1),
                    self.constant("minutes_per_line"),
                    size("lines"),
                ),
            )
        };
        self.line(&format!("  {}: p = {formula}", item.kind))?;
        self.line(&format!("    = {numbers} = {}", work(item.minutes)))
    }

    fn interest_of(
        &mut self,
        subject: &Subject,
        debt: &SubjectDebtEntry,
        name: &str,
    ) -> io::Result<()> {
        let Some(interest) = debt.interest_minutes_per_month else {
            return self.line("Interest and carry need history.");
        };
        self.heading(&format!("Interest of {name}"))?;
        self.line(&format!(
            "  Σ I(f) · (its points / points of f) = {} a month; an association, not a proof",
            work_between(interest.mid, interest.low, interest.high)
        ))?;
        // A point of several subjects is shared equally.
        let mut shares: BTreeMap<&str, f64> = BTreeMap::new();
        for point in &self.report.variation_points {
            let is_condition = point.kind.ends_with("_branch") || point.kind.ends_with("_check");
            let is_its =
                point.dimension == subject.dimension && point.subjects.contains(&subject.name);
            if is_condition && is_its && self.report.counts(point) {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "few subjects meet in a condition"
                )]
                let part = 1.0 / point.subjects.len() as f64;
                *shares.entry(&point.path).or_default() += part;
            }
        }
        let files: BTreeMap<&str, &FileEntry> = self
            .report
            .files
            .iter()
            .map(|file| (file.path.as_str(), file))
            .collect();
        let mut rows: Vec<(f64, String)> = shares
            .into_iter()
            .filter_map(|(path, points)| {
                let file = files.get(path)?.debt.as_ref().filter(|it| it.points > 0)?;
                let all = file.interest_minutes_per_month.mid;
                let part = all * points / f64::from(file.points);
                let mut words = String::new();
                let _ = write!(
                    words,
                    "    {}: {} · {points} / {} = {}",
                    safe(path),
                    work(all),
                    file.points,
                    work(part)
                );
                Some((part, words))
            })
            .collect();
        rows.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let all = rows.len();
        for (_, words) in rows.into_iter().take(self.style.rows) {
            self.line(&words)?;
        }
        if all > self.style.rows {
            self.line(&format!("    … and {} more files", all - self.style.rows))?;
        }
        if let Some(carry) = debt.carry_minutes_per_month.filter(|carry| *carry > 0.0) {
            self.heading(&format!("Carry of {name}"))?;
            self.line(&format!(
                "  {} a month: author-days of the last year on its code that is there",
                work(carry)
            ))?;
        }
        self.heading("Payback")?;
        match (debt.payback_months, debt.payback_months_low) {
            (Some(months), low) => {
                let mut words = format!(
                    "  principal / interest = {} / {} = {} months",
                    work(debt.principal.median_minutes),
                    work(interest.mid),
                    two_digits(months)
                );
                if let Some(low) = low {
                    let _ = write!(words, ", at best {}; perhaps never", two_digits(low));
                }
                self.line(&words)
            }
            (None, _) => self.line("  dormant: no interest, remove it when convenient"),
        }
    }
}
