//! `[debt]`: the constants of the debt model.

use std::{borrow::Cow, collections::BTreeMap, fs, path::Path};

use bespoke_analysis::{PARAMETERS, Parameter, Parameters};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use toml::Spanned;

use crate::{Error, fault::Fault};

/// What the model has beside its constants.
const MONEY: [(&str, &str); 2] = [
    (
        "hourly_rate",
        "Price of an hour. Without it, no report speaks of money.",
    ),
    (
        "capacity_hours_per_month",
        "Hours that the team has in a month. With it, shares of effort are shares of these; without it, an author-day is \
         `hours_per_author_day` hours.",
    ),
];

/// Keys beside the constants.
const OTHERS: [&str; 4] = [
    "calibration",
    "capacity_hours_per_month",
    "currency",
    "hourly_rate",
];

/// Constants of which each is at most the next: an interval whose ends are swapped would say nonsense.
const ASCENDING: [&[&str]; 3] = [
    &["elasticity_low", "elasticity", "elasticity_high"],
    &["reach_weight_low", "reach_weight", "reach_weight_high"],
    &["rating_a", "rating_b", "rating_c", "rating_d"],
];

/// `[debt]`.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct DebtTable(BTreeMap<Spanned<String>, Spanned<toml::Value>>);

impl JsonSchema for DebtTable {
    fn schema_name() -> Cow<'static, str> {
        "DebtTable".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mut properties = Map::new();
        for it in PARAMETERS {
            let (least, most) = it.allowed;
            properties.insert(
                it.key.to_owned(),
                json!({
                    "type": "number",
                    "description": format!("{} In {}; {} by default.", it.meaning, it.unit, it.default),
                    "default": it.default,
                    "minimum": least,
                    "maximum": most,
                }),
            );
        }
        for (key, meaning) in MONEY {
            let schema = json!({"type": "number", "description": meaning, "exclusiveMinimum": 0});
            properties.insert(key.to_owned(), schema);
        }
        properties.insert(
            "currency".to_owned(),
            json!({"type": "string", "description": "Currency of `hourly_rate`, as it is to be shown.", "minLength": 1}),
        );
        properties.insert(
            "calibration".to_owned(),
            json!({
                "type": "string",
                "description": "A file that `bespoke calibrate` wrote, relative to this one: its constants hold where this \
                                table says nothing.",
            }),
        );
        json_schema!({
            "type": "object",
            "description": "Constants of the debt model; docs/debt.md says where each comes from.",
            "properties": Value::Object(properties),
            "additionalProperties": false,
        })
    }
}

/// What `[debt]` says.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Name of the file of `bespoke calibrate`.
    pub(super) calibration: Option<String>,
    pub(super) parameters: Parameters,
    /// Constants in the table, which go before the file's.
    keys: Vec<&'static str>,
    /// Where they stand.
    spans: Vec<std::ops::Range<usize>>,
}

impl DebtTable {
    pub(super) fn check(self) -> Result<Told, Fault> {
        let mut told = Told::default();
        let mut rate = None;
        for (key, value) in self.0 {
            let (at, name) = (key.span(), key.into_inner());
            match name.as_str() {
                "calibration" => told.calibration = Some(text(&name, &value)?),
                "currency" => told.parameters.currency = Some(text(&name, &value)?),
                "hourly_rate" => {
                    rate = Some(at);
                    told.parameters.hourly_rate = Some(positive(&name, &value)?);
                }
                "capacity_hours_per_month" => {
                    told.parameters.capacity_hours_per_month = Some(positive(&name, &value)?);
                }
                _ => {
                    let Some(parameter) = PARAMETERS.iter().find(|it| it.key == name) else {
                        let known = PARAMETERS.iter().map(|it| it.key).chain(OTHERS);
                        return Err(Fault::unknown_key(at, &name, known));
                    };
                    parameter.put(&mut told.parameters, within(parameter, &value)?);
                    told.keys.push(parameter.key);
                    told.spans.push(at);
                }
            }
        }
        if let (Some(at), None) = (rate, &told.parameters.currency) {
            return Err(Fault::new(at, "`hourly_rate` has no currency")
                .expected("`currency` beside it, such as \"EUR\""));
        }
        told.check_order()?;
        Ok(told)
    }
}

impl Told {
    fn check_order(&self) -> Result<(), Fault> {
        let value = |key: &str| {
            let parameter = PARAMETERS.iter().find(|it| it.key == key);
            parameter.map_or(f64::NAN, |it| it.of(&self.parameters))
        };
        for pair in ASCENDING.iter().flat_map(|row| row.windows(2)) {
            let [less, more] = [pair[0], pair[1]].map(value);
            if less > more {
                let at = self.keys.iter().position(|key| pair.contains(key));
                let span = at.map_or(0..0, |at| self.spans[at].clone());
                let message = format!("`{}` ({less}) is above `{}` ({more})", pair[0], pair[1]);
                return Err(
                    Fault::new(span, message).expected("low, middle and high values in that order")
                );
            }
        }
        Ok(())
    }

    /// The constants, with those of the file of `bespoke calibrate`, which lies beside the configuration or below.
    pub(super) fn complete(mut self, config: &Path) -> Result<Parameters, Error> {
        let Some(name) = self.calibration.take() else {
            return Ok(self.parameters);
        };
        let path = config.parent().unwrap_or(Path::new("")).join(&name);
        let text = fs::read_to_string(&path).map_err(|source| Error::ConfigUnreadable {
            path: path.clone(),
            source,
        })?;
        let place = |fault: Fault| Box::new(fault.at(&text, &path));
        let mut document: Calibration =
            toml::from_str(&text).map_err(|error| place(Fault::of_toml(&error)))?;
        let fitted_on = document.fitted_on;
        let inner = document.debt.take().unwrap_or_default();
        let file = inner.check().map_err(place)?;
        for parameter in PARAMETERS {
            if file.keys.contains(&parameter.key) && !self.keys.contains(&parameter.key) {
                parameter.put(&mut self.parameters, parameter.of(&file.parameters));
            }
        }
        self.parameters.calibrated_on = Some(fitted_on);
        Ok(self.parameters)
    }
}

/// The file of `bespoke calibrate`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Calibration {
    /// How many removals.
    fitted_on: u32,
    debt: Option<DebtTable>,
}

fn within(parameter: &Parameter, value: &Spanned<toml::Value>) -> Result<f64, Fault> {
    let (least, most) = parameter.allowed;
    number(value)
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| {
            Fault::new(
                value.span(),
                format!("{} is no `{}`", value.get_ref(), parameter.key),
            )
            .expected(format!(
                "a number of {} from {least} to {most}",
                plural(parameter.unit)
            ))
        })
}

/// Of what an exponent or factor is a number goes without saying.
fn plural(unit: &str) -> &str {
    match unit {
        "minutes" | "hours" => unit,
        _ => "its own unit",
    }
}

fn positive(name: &str, value: &Spanned<toml::Value>) -> Result<f64, Fault> {
    number(value)
        .filter(|number| number.is_finite() && *number > 0.0)
        .ok_or_else(|| {
            Fault::new(value.span(), format!("{} is no `{name}`", value.get_ref()))
                .expected("a number above 0")
        })
}

#[expect(clippy::cast_precision_loss, reason = "constants are far below 2^52")]
fn number(value: &Spanned<toml::Value>) -> Option<f64> {
    match value.get_ref() {
        toml::Value::Integer(number) => Some(*number as f64),
        toml::Value::Float(number) => Some(*number),
        _ => None,
    }
}

fn text(name: &str, value: &Spanned<toml::Value>) -> Result<String, Fault> {
    match value.get_ref() {
        toml::Value::String(text) if !text.trim().is_empty() => Ok(text.clone()),
        other => {
            Err(Fault::new(value.span(), format!("{other} is no `{name}`")).expected("a text"))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use crate::{load_config, parse_config};

    fn error(text: &str) -> String {
        let path = Path::new("bespoke.toml");
        parse_config(text, path).unwrap_err().to_string()
    }

    #[test]
    fn constants_and_prices_arrive() {
        let text = "[debt]\nminutes_per_subject = 20\nelasticity = 0.2\nhourly_rate = 80.5\ncurrency = 'EUR'\n";
        let debt = parse_config(text, Path::new("bespoke.toml")).unwrap().debt;
        assert_eq!(
            (
                debt.minutes_per_subject.to_string(),
                debt.elasticity.to_string()
            ),
            ("20".to_owned(), "0.2".to_owned())
        );
        assert_eq!(debt.hourly_rate, Some(80.5));
        assert_eq!(debt.currency.as_deref(), Some("EUR"));
        assert_eq!(debt.calibrated_on, None);
    }

    #[test]
    fn what_cannot_be_is_told_with_its_place() {
        let near = error("[debt]\nminutes_per_flie = 1");
        assert!(near.starts_with("bespoke.toml:2:1: unknown key `minutes_per_flie`"));
        assert!(near.ends_with("did you mean `minutes_per_file`?"));
        assert!(error("[debt]\nelasticity = 'a lot'").contains("is no `elasticity`"));
        assert!(error("[debt]\nelasticity = nan").contains("is no `elasticity`"));
        assert!(
            error("[debt]\nminutes_per_site = -1").contains("a number of minutes from 0 to 10000")
        );
        assert!(
            error("[debt]\nelasticity = 0.9")
                .contains("`elasticity` (0.9) is above `elasticity_high` (0.4)")
        );
        assert!(error("[debt]\nhourly_rate = 80").contains("has no currency"));
        assert!(error("[debt]\nhourly_rate = 0\ncurrency = 'EUR'").contains("a number above 0"));
    }

    #[test]
    fn a_calibration_fills_in_what_is_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(
            at("fit.toml"),
            "fitted_on = 31\n[debt]\nminutes_per_site = 7.5\nminutes_per_subject = 9\n",
        )
        .unwrap();
        fs::write(
            at("bespoke.toml"),
            "[debt]\ncalibration = 'fit.toml'\nminutes_per_subject = 20\n",
        )
        .unwrap();
        let debt = load_config(&at("bespoke.toml")).unwrap().debt;
        assert_eq!(debt.calibrated_on, Some(31));
        assert_eq!(debt.minutes_per_site.to_string(), "7.5");
        assert_eq!(debt.minutes_per_subject.to_string(), "20");
        fs::remove_file(at("fit.toml")).unwrap();
        let error = load_config(&at("bespoke.toml")).unwrap_err();
        assert!(error.to_string().contains("fit.toml"));
    }
}
