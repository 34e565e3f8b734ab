//! What customization costs, joined to a report.

use std::collections::BTreeMap;

use bespoke_analysis as analysis;
use bespoke_analysis::{
    Analysis, Debt, Estimate, Harm, ItemKind, PARAMETERS, Rating, Reading, Span3,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Report;

/// What customization costs. Minutes are minutes of work. What is estimated has an 80 % interval; what rests on
/// assumptions alone has a low, a middle and a high value. Interest is an association, not a proof: its low end is 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DebtEntry {
    /// The constants of the model, by key.
    pub parameters: BTreeMap<String, f64>,
    /// On how many removals of this repository the principal's constants were fitted, if they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibrated_on: Option<u32>,
    /// What removing all would take.
    pub principal: EstimateEntry,
    /// The same for each dimension; they do not add up, since a sum is known better than its parts.
    pub principal_by_dimension: BTreeMap<String, EstimateEntry>,
    /// What keeping it costs; not there without history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowEntry>,
    /// The same in money, where the configuration tells a price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money: Option<MoneyEntry>,
}

/// An estimate in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EstimateEntry {
    /// Less than this with a chance of one in ten, in minutes.
    pub low_minutes: f64,
    /// As likely more as less, in minutes.
    pub median_minutes: f64,
    /// More than this with a chance of one in ten, in minutes.
    pub high_minutes: f64,
    /// Of how many items: of fewer than five only the order of magnitude is known.
    pub items: u32,
}

/// A value with gentle, middling and severe assumptions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SpanEntry {
    /// Gentle.
    pub low: f64,
    /// In between.
    pub mid: f64,
    /// Severe.
    pub high: f64,
}

/// What keeping customization costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FlowEntry {
    /// Months of history that it was worked out from, at most 12.
    pub months: f64,
    /// Author-days in them.
    pub author_days: f64,
    /// Work on all source code of the product, in minutes a month.
    pub capacity_minutes_per_month: f64,
    /// What branches and checks add to work on the core, in minutes a month.
    pub interest_minutes_per_month: SpanEntry,
    /// Work on customers' code that is there, in minutes a month.
    pub carry_minutes_per_month: f64,
    /// Work on customers' code, there or gone, as a share of all work, 0 to 1.
    pub custom_share: f64,
    /// Carry and interest as a share of all work, 0 to 1, with a letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<RatingEntry>,
    /// Why there is no letter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unrated: Option<String>,
}

/// A burden with its letter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RatingEntry {
    /// Carry and interest as a share of all work, 0 to 1.
    pub burden: SpanEntry,
    /// `A` to `E`.
    pub letter: String,
    /// With gentle assumptions.
    pub letter_low: String,
    /// With severe ones.
    pub letter_high: String,
}

/// Amounts of money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MoneyEntry {
    /// As the configuration tells it.
    pub currency: String,
    /// Price of an hour.
    pub hourly_rate: f64,
    /// What removing all would take: 80 % interval and median.
    pub principal: SpanEntry,
    /// Interest of a month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest_per_month: Option<SpanEntry>,
    /// Carry of a month.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carry_per_month: Option<f64>,
}

/// What a subject costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SubjectDebtEntry {
    /// What removing it would take.
    pub principal: EstimateEntry,
    /// What there is to remove.
    pub items: Vec<ItemEntry>,
    /// What its branches and checks add to work on the core, in minutes a month; not there without history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest_minutes_per_month: Option<SpanEntry>,
    /// Work on its own code, in minutes a month; not there without history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carry_minutes_per_month: Option<f64>,
    /// Months until removing it has paid for itself, by median and middle value; not there where it costs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payback_months: Option<f64>,
    /// The same at best: the cheapest removal against the highest interest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payback_months_low: Option<f64>,
}

/// Something to remove.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ItemEntry {
    /// `branches` or `units`.
    pub kind: String,
    /// Median, in minutes.
    pub minutes: f64,
    /// What its size is made of: `sites`, `files`, `lines`, `references`.
    pub size: BTreeMap<String, u32>,
}

/// Interest of a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FileDebtEntry {
    /// Work on it, in minutes a month.
    pub work_minutes_per_month: f64,
    /// Counted branches and checks that interest is paid on; none in a customer's own code.
    pub points: u32,
    /// Share of all other files that depend on it within two steps, 0 to 1.
    pub reach: f64,
    /// Share of the work that is put down to them, 0 to 1.
    pub share: SpanEntry,
    /// That work, in minutes a month.
    pub interest_minutes_per_month: SpanEntry,
}

/// What the metrics say of one harm that customization does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HarmEntry {
    /// Stable name.
    pub id: String,
    /// In words.
    pub title: String,
    /// Figures.
    pub readings: Vec<ReadingEntry>,
}

/// One figure of a harm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReadingEntry {
    /// Metric that it belongs to, as `bespoke explain` takes it.
    pub metric: String,
    /// What it is.
    pub title: String,
    /// In what; `share` is 0 to 1.
    pub unit: String,
    /// How much; not there where it cannot be said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// Lower end of its interval, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Upper end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Why it cannot be said, or what has to be known with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Report {
    /// Joins what customization costs, and what the metrics say of each harm.
    pub fn assess(&mut self, analysis: &Analysis, debt: &Debt, readings: &[Reading]) {
        self.debt = Some(DebtEntry::new(debt));
        for (subject, of) in self.subjects.iter_mut().zip(&debt.subjects) {
            subject.debt = Some(SubjectDebtEntry::new(of));
        }
        debug_assert_eq!(self.files.len(), analysis.files.len(), "of the same tree");
        if let Some(flow) = &debt.flow {
            for (file, of) in self.files.iter_mut().zip(&flow.files) {
                file.debt = (of.points > 0 || of.work > 0.0).then(|| FileDebtEntry::new(of));
            }
        }
        self.harms = Harm::ALL
            .into_iter()
            .map(|harm| HarmEntry {
                id: harm.id().to_owned(),
                title: harm.title().to_owned(),
                readings: readings
                    .iter()
                    .filter(|reading| reading.harm == harm)
                    .map(ReadingEntry::new)
                    .collect(),
            })
            .collect();
    }
}

impl DebtEntry {
    fn new(debt: &Debt) -> Self {
        let parameters = &debt.parameters;
        let money = parameters.hourly_rate.map(|rate| {
            let price = |minutes: f64| cents(minutes / 60.0 * rate);
            MoneyEntry {
                currency: parameters.currency.clone().unwrap_or_default(),
                hourly_rate: rate,
                principal: SpanEntry {
                    low: price(debt.principal.low),
                    mid: price(debt.principal.median),
                    high: price(debt.principal.high),
                },
                interest_per_month: debt
                    .flow
                    .as_ref()
                    .map(|flow| SpanEntry::new(flow.interest, price)),
                carry_per_month: debt.flow.as_ref().map(|flow| price(flow.carry)),
            }
        });
        Self {
            parameters: PARAMETERS
                .iter()
                .map(|it| (it.key.to_owned(), it.of(parameters)))
                .collect(),
            calibrated_on: parameters.calibrated_on,
            principal: EstimateEntry::new(debt.principal),
            principal_by_dimension: debt
                .by_dimension
                .iter()
                .map(|(name, it)| (name.clone(), EstimateEntry::new(*it)))
                .collect(),
            flow: debt.flow.as_ref().map(FlowEntry::new),
            money,
        }
    }
}

impl EstimateEntry {
    fn new(estimate: Estimate) -> Self {
        Self {
            low_minutes: tenths(estimate.low),
            median_minutes: tenths(estimate.median),
            high_minutes: tenths(estimate.high),
            items: u32::try_from(estimate.items).unwrap_or(u32::MAX),
        }
    }
}

impl SpanEntry {
    /// Minutes, rounded as everywhere.
    pub(crate) fn of_minutes(span: Span3) -> Self {
        Self::new(span, tenths)
    }

    fn new(span: Span3, round: impl Fn(f64) -> f64) -> Self {
        Self {
            low: round(span.low),
            mid: round(span.mid),
            high: round(span.high),
        }
    }
}

impl FlowEntry {
    fn new(flow: &analysis::Flow) -> Self {
        Self {
            months: tenths(flow.months),
            author_days: tenths(flow.author_days),
            capacity_minutes_per_month: tenths(flow.capacity),
            interest_minutes_per_month: SpanEntry::new(flow.interest, tenths),
            carry_minutes_per_month: tenths(flow.carry),
            custom_share: small(flow.custom_share),
            rating: flow.rating.ok().map(RatingEntry::new),
            unrated: flow.rating.err().map(|why| why.text().to_owned()),
        }
    }
}

impl RatingEntry {
    fn new(rating: Rating) -> Self {
        Self {
            burden: SpanEntry::new(rating.burden, small),
            letter: rating.letter.to_string(),
            letter_low: rating.letters.0.to_string(),
            letter_high: rating.letters.1.to_string(),
        }
    }
}

impl SubjectDebtEntry {
    fn new(debt: &analysis::SubjectDebt) -> Self {
        let payback = debt.payback();
        Self {
            principal: EstimateEntry::new(debt.principal),
            items: debt
                .items
                .iter()
                .map(|item| {
                    let (kind, size): (_, &[(&str, u32)]) = match item.kind {
                        ItemKind::Branches {
                            sites,
                            files,
                            lines,
                        } => (
                            "branches",
                            &[("sites", sites), ("files", files), ("lines", lines)],
                        ),
                        ItemKind::Units { lines, references } => {
                            ("units", &[("lines", lines), ("references", references)])
                        }
                    };
                    ItemEntry {
                        kind: kind.to_owned(),
                        minutes: tenths(item.minutes),
                        size: size
                            .iter()
                            .map(|(name, value)| ((*name).to_owned(), *value))
                            .collect(),
                    }
                })
                .collect(),
            interest_minutes_per_month: debt.interest.map(|it| SpanEntry::new(it, tenths)),
            carry_minutes_per_month: debt.carry.map(tenths),
            payback_months: payback.map(|it| tenths(it.mid)),
            payback_months_low: payback.map(|it| tenths(it.low)),
        }
    }
}

impl FileDebtEntry {
    fn new(file: &analysis::FileInterest) -> Self {
        Self {
            work_minutes_per_month: tenths(file.work),
            points: file.points,
            reach: small(file.reach),
            share: SpanEntry::new(file.share, small),
            interest_minutes_per_month: SpanEntry::new(file.interest, tenths),
        }
    }
}

impl ReadingEntry {
    fn new(reading: &Reading) -> Self {
        Self {
            metric: reading.metric.to_owned(),
            title: reading.title.to_owned(),
            unit: reading.unit.to_owned(),
            value: reading.value.map(small),
            low: reading.interval.map(|it| small(it.0)),
            high: reading.interval.map(|it| small(it.1)),
            note: reading.note.clone(),
        }
    }
}

/// Rounded, so that the same figure is written the same everywhere.
fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

fn cents(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn small(value: f64) -> f64 {
    (value * 10_000.0).round() / 10_000.0
}
