//! Every constant of the debt model, with its range and its source.

/// A constant of the model.
#[derive(Debug)]
pub struct Parameter {
    /// Its key in `[debt]` of `bespoke.toml`.
    pub key: &'static str,
    /// How formulas call it.
    pub symbol: &'static str,
    /// Of what.
    pub unit: &'static str,
    /// Its value where nobody says another.
    pub default: f64,
    /// What else would be reasonable.
    pub range: (f64, f64),
    /// What may be said at all.
    pub allowed: (f64, f64),
    /// What it stands for.
    pub meaning: &'static str,
    /// Where the default comes from; `assumption` where nobody has measured it.
    pub source: &'static str,
    get: fn(&Parameters) -> f64,
    set: fn(&mut Parameters, f64),
}

impl Parameter {
    /// Its value.
    pub fn of(&self, parameters: &Parameters) -> f64 {
        (self.get)(parameters)
    }

    /// Says another value.
    pub fn put(&self, parameters: &mut Parameters, value: f64) {
        (self.set)(parameters, value);
    }
}

macro_rules! parameters {
    ($($key:ident $symbol:literal $unit:literal = $default:literal ($low:literal to $high:literal, $least:literal to $most:literal),
        $meaning:literal, $source:literal;)+) => {
        /// The constants of the debt model; see [`PARAMETERS`] for what they mean.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Parameters {
            $(#[doc = $meaning] pub $key: f64,)+
            /// Price of an hour, where told; never assumed.
            pub hourly_rate: Option<f64>,
            /// Its currency, as it is to be shown.
            pub currency: Option<String>,
            /// Hours that the team has in a month, where told: shares of effort are then shares of these.
            pub capacity_hours_per_month: Option<f64>,
            /// On how many removals of this repository the principal's constants were fitted, if they were.
            pub calibrated_on: Option<u32>,
        }

        impl Default for Parameters {
            fn default() -> Self {
                Self {
                    $($key: $default,)+
                    hourly_rate: None,
                    currency: None,
                    capacity_hours_per_month: None,
                    calibrated_on: None,
                }
            }
        }

        /// Every constant of the debt model.
        pub static PARAMETERS: &[Parameter] = &[$(Parameter {
            key: stringify!($key),
            symbol: $symbol,
            unit: $unit,
            default: $default,
            range: ($low, $high),
            allowed: ($least, $most),
            meaning: $meaning,
            source: $source,
            get: |parameters| parameters.$key,
            set: |parameters, value| parameters.$key = value,
        }),+];
    };
}

parameters! {
    minutes_per_subject "p0" "minutes" = 15.0 (5.0 to 30.0, 0.0 to 10_000.0),
        "To decide, and to take a flag or customer out of its registry and definition.",
        "13.7 minutes median before a removal commit, quartiles 5.5 and 26.8, of 82 removals in commcare-hq";
    minutes_per_site "ps" "minutes" = 5.0 (2.0 to 10.0, 0.0 to 10_000.0),
        "For each branch or check.",
        "assumption; with the median of 2 sites it gives what removals took";
    minutes_per_file "pf" "minutes" = 3.0 (1.0 to 5.0, 0.0 to 10_000.0),
        "For each further file.",
        "assumption; 80 % of removals touch more than one file (Ramanathan et al., ICSE-SEIP 2020)";
    minutes_per_line "pl" "minutes" = 0.3 (0.0 to 0.7, 0.0 to 10_000.0),
        "For each guarded line with code.",
        "0.28 (Unleash) to 0.72 (commcare-hq) active minutes for a changed line";
    review_factor "ρ" "factor" = 2.0 (1.5 to 3.0, 1.0 to 100.0),
        "Coding, review, verification and release together, as a multiple of coding.",
        "assumption; git sees coding only, and testing is the commonest extra activity (Besker, Martini, Bosch 2018)";
    automated_share "auto" "share" = 0.0 (0.0 to 0.65, 0.0 to 1.0),
        "Share of the coding of removals that a tool does; review is left.",
        "65 % of Piranha's diffs landed unchanged (Ramanathan et al., ICSE-SEIP 2020)";
    factor_flag "κ flag" "factor" = 1.0 (0.5 to 2.0, 0.0 to 100.0),
        "How much more a flag takes than its deletion.",
        "the unit of the others";
    factor_tenant "κ tenant" "factor" = 1.5 (0.75 to 3.0, 0.0 to 100.0),
        "The same for a condition on a tenant's attribute.",
        "assumption";
    factor_customer "κ customer" "factor" = 2.0 (1.0 to 4.0, 0.0 to 100.0),
        "The same for a customer's branches, and those of another dimension's subject.",
        "assumption; a branch needs a decision on the product, not only deletion";
    minutes_per_unit "pu" "minutes" = 30.0 (15.0 to 60.0, 0.0 to 10_000.0),
        "To delete an isolated customer: its folders and files.",
        "assumption";
    minutes_per_unit_line "pd" "minutes" = 0.02 (0.01 to 0.05, 0.0 to 1_000.0),
        "For each line with code of it.",
        "9 packages removed from commcare-hq, 136 to 5,940 lines";
    minutes_per_core_line "pc" "minutes" = 5.0 (2.0 to 10.0, 0.0 to 10_000.0),
        "For each place outside that refers to it.",
        "the same 9 removals changed 0 to 6 lines of the core";
    spread_of_items "σi" "ln" = 1.4 (1.0 to 1.5, 0.0 to 3.0),
        "Standard deviation of the logarithm of one item's true size around its estimate.",
        "residuals of removal sizes given references: 1.49 (commcare-hq, n = 134), 1.34 (Unleash, n = 188)";
    spread_of_scale "σs" "ln" = 0.5 (0.3 to 0.7, 0.0 to 3.0),
        "The same for what all items share: minutes per line, review.",
        "assumption";
    elasticity_low "β low" "exponent" = 0.0 (0.0 to 0.15, 0.0 to 1.0),
        "Elasticity of work on a file in 1 + its variation points: low end.",
        "none is left after size is taken out in Fenske, Schulze, Saake, GPCE 2017";
    elasticity "β" "exponent" = 0.15 (0.0 to 0.4, 0.0 to 1.0),
        "The same: middle.",
        "half of 0.30 (commcare-hq) and 0.28 (Unleash), since association is no cause and part of it is upkeep of flags";
    elasticity_high "β high" "exponent" = 0.4 (0.15 to 0.48, 0.0 to 1.0),
        "The same: high end.",
        "upper end of the tighter 95 % interval, 0.30 [0.20, 0.40]";
    overhead_cap "cap" "share" = 0.55 (0.4 to 0.7, 0.0 to 1.0),
        "Most of the work on a file that is put down to variation.",
        "+124 % time in low-quality code: 1.24 / 2.24 (Tornhill, Borg 2022)";
    reach_weight_low "γ low" "factor" = 0.0 (0.0 to 0.5, 0.0 to 10.0),
        "How much interest rises for a file that all others depend on within two steps: low end.",
        "assumption";
    reach_weight "γ" "factor" = 0.5 (0.0 to 1.0, 0.0 to 10.0),
        "The same: middle.",
        "assumption; two-step reach has a partial rank correlation of 0.06 to 0.11 with later fixes";
    reach_weight_high "γ high" "factor" = 1.0 (0.5 to 1.0, 0.0 to 10.0),
        "The same: high end.",
        "assumption";
    hours_per_author_day "H" "hours" = 5.0 (3.0 to 8.0, 0.1 to 24.0),
        "Hours of work in an author-day.",
        "assumption; interest as a share of capacity hardly depends on it";
    rating_a "A" "share" = 0.05 (0.05 to 0.05, 0.0 to 1.0),
        "Greatest burden, as a share of capacity, that is rated A.",
        "the grid of SQALE (Letouzey 2012)";
    rating_b "B" "share" = 0.1 (0.1 to 0.1, 0.0 to 1.0),
        "The same for B.",
        "the grid of SQALE (Letouzey 2012)";
    rating_c "C" "share" = 0.2 (0.2 to 0.2, 0.0 to 1.0),
        "The same for C.",
        "the grid of SQALE (Letouzey 2012)";
    rating_d "D" "share" = 0.5 (0.5 to 0.5, 0.0 to 1.0),
        "The same for D; what is above is E.",
        "the grid of SQALE (Letouzey 2012)";
}
