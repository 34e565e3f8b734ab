//! `bespoke.toml`: what the user says about customers, flags, words and files.
//!
//! Whatever cannot be right is an error that shows its place: a key that nobody reads, or a customer written twice,
//! would otherwise bend every figure of a report without a word.

mod debt;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use bespoke_analysis::{
    Budget, Customer, Dimension, Flag, Layer, Parameters, PathRule, Role, Sdk, Settings, Weights,
};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de::Error as _};
use toml::Spanned;

use crate::{ConfigError, Error, fault::Fault, globs::Globs};

/// Names of the configuration file in a root; the first that exists is read.
pub const CONFIG_NAMES: [&str; 2] = ["bespoke.toml", ".bespoke.toml"];

/// Spans count bytes in 32 bits, and no one writes a file near that size.
const LARGEST_MAX_FILE_SIZE: u64 = 1 << 30;

/// What a configuration says.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The file it stands in.
    pub path: Option<PathBuf>,
    /// What the analysis is to know.
    pub settings: Settings,
    /// Roles to analyse beside product code.
    pub include: BTreeSet<Role>,
    /// Largest file to read, in bytes.
    pub max_file_size: Option<u64>,
    /// Constants of the debt model.
    pub debt: Parameters,
    /// What a change is held against.
    pub budgets: Vec<Budget>,
    pub(crate) exclude: Globs,
}

/// Reads a configuration file.
pub fn load_config(path: &Path) -> Result<Config, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::ConfigUnreadable {
        path: path.to_owned(),
        source,
    })?;
    let (mut config, debt) = parse(&text, path)?;
    config.debt = debt.complete(path)?;
    Ok(config)
}

/// Understands the text of a configuration file; `path` is only named, and no file that it names is read.
pub fn parse_config(text: &str, path: &Path) -> Result<Config, Box<ConfigError>> {
    let (mut config, debt) = parse(text, path)?;
    config.debt = debt.parameters;
    Ok(config)
}

fn parse(text: &str, path: &Path) -> Result<(Config, debt::Told), Box<ConfigError>> {
    let place = |fault: Fault| Box::new(fault.at(text, path));
    let mut document: Document =
        toml::from_str(text).map_err(|error| place(Fault::of_toml(&error)))?;
    let debt = std::mem::take(&mut document.debt).check().map_err(place)?;
    let mut config = document.check().map_err(place)?;
    config.path = Some(path.to_owned());
    Ok((config, debt))
}

/// The JSON Schema of `bespoke.toml`, for editors.
pub fn config_schema() -> serde_json::Value {
    schemars::schema_for!(Document).to_value()
}

/// The configuration file of a root, if it has one.
pub(crate) fn find_config(root: &Path) -> Option<PathBuf> {
    let paths = CONFIG_NAMES.iter().map(|name| root.join(name));
    paths.into_iter().find(|path| path.is_file())
}

/// Configuration of bespoke: who the customers are, which flags there are, and which files to read.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "bespoke.toml")]
struct Document {
    /// Files and folders to leave out, in the form of `.gitignore`, relative to the root.
    #[schemars(with = "Vec<String>")]
    exclude: Vec<Spanned<String>>,
    /// Kinds of files to analyse beside product code.
    include: Vec<IncludeRole>,
    /// Variation points below this confidence, 0 to 1, stay in the report and out of its totals. Default 0.5.
    #[schemars(with = "Option<f64>", range(min = 0, max = 1))]
    min_confidence: Option<Spanned<f64>>,
    /// Largest file to read, in bytes. Default 2097152.
    #[schemars(with = "Option<u64>", range(min = 1, max = 1_073_741_824))]
    max_file_size: Option<Spanned<i64>>,
    /// A customer: code that names it is found under any of its names.
    customer: Vec<CustomerTable>,
    /// A feature flag, with what the code does not say about it.
    flag: Vec<FlagTable>,
    /// Words for tenants, and names that are none.
    tenant: TenantTable,
    /// A further axis of variation, such as regions or partners.
    dimension: Vec<DimensionTable>,
    /// An in-house flag helper, in the form of the built-in catalogue.
    #[schemars(with = "Vec<serde_json::Map<String, serde_json::Value>>")]
    sdk: Vec<Sdk>,
    /// Weights of the parts that rank hotspots; 0 leaves a part out. Default 1 each.
    weights: WeightsTable,
    /// A component that is no package: all files under one name, in every table.
    component: Vec<ComponentTable>,
    /// A part of the tree, and what it may use. A file is in the first that has a pattern for it.
    layer: Vec<LayerTable>,
    /// Where rules draw the line.
    rules: RulesTable,
    /// Constants of the debt model.
    debt: debt::DebtTable,
    /// How much customization there may be, or may come: what `bespoke check` holds a change against.
    budget: Vec<BudgetTable>,
}

/// How much of what there may be. Keys that are left out do not narrow it down.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BudgetTable {
    /// Its name in reports.
    #[schemars(with = "String")]
    name: Spanned<String>,
    /// Kinds of points (`customer_branch`), dimensions (`customer`) or rules (`layer-violation`). By default every branch,
    /// check, dependency and finding.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    of: Vec<Spanned<String>>,
    /// Only what lies there: folders, or patterns in which `*` stands for any text.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    paths: Vec<Spanned<String>>,
    /// Only what asks for this customer, flag or other subject.
    subject: Option<String>,
    /// Only files of this owner, as CODEOWNERS says.
    owner: Option<String>,
    /// There may be so many.
    max: Option<u32>,
    /// A change may bring so many.
    max_new: Option<u32>,
    /// Removing the subject, or all, may take so many minutes, by median.
    #[schemars(with = "Option<f64>", range(min = 0))]
    max_minutes: Option<Spanned<f64>>,
    /// Last day on which it holds; after it, it fails until somebody decides again.
    until: Option<Date>,
}

/// Files that are one component. A file is in the first that has a pattern for it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ComponentTable {
    /// Its name.
    #[schemars(with = "String")]
    name: Spanned<String>,
    /// Its files: folders, or patterns in which `*` stands for any text.
    #[schemars(with = "Vec<String>")]
    paths: Vec<Spanned<String>>,
}

/// A part of the tree that may use only what it says.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LayerTable {
    /// Its name.
    #[schemars(with = "String")]
    name: Spanned<String>,
    /// Its files: folders, or patterns in which `*` stands for any text.
    #[schemars(with = "Vec<String>")]
    paths: Vec<Spanned<String>>,
    /// Names of the other layers that it may use.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    may_use: Vec<Spanned<String>>,
}

/// Where rules draw the line.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct RulesTable {
    /// Subjects that meet in functions may make so many configurations. Default 1024.
    #[schemars(with = "Option<u32>", range(min = 1, max = 1_048_576))]
    max_configurations: Option<Spanned<i64>>,
}

/// A customer, or a subject of another dimension.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CustomerTable {
    /// The name to show.
    #[schemars(with = "String", length(min = 1))]
    name: Spanned<String>,
    /// Other spellings that code uses: slugs, former names. Casing and separators do not matter.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    aliases: Vec<Spanned<String>>,
    /// Ids that code compares with: numbers as text, uuids, hosts.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    ids: Vec<Spanned<String>>,
    /// Who answers for the account.
    owner: Option<String>,
    /// When the contract ends, as in 2026-12-31.
    contract_end: Option<Date>,
    /// By when something was promised to it, as in 2026-12-31: where the code says nothing of it by then, it is told.
    promised: Option<Date>,
}

/// A feature flag.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct FlagTable {
    /// Its key, as the flag service has it.
    #[schemars(with = "String", length(min = 1))]
    key: Spanned<String>,
    /// What it is for.
    kind: Option<FlagKind>,
    /// Who answers for it.
    owner: Option<String>,
    /// When it should be gone, as in 2026-12-31.
    expires: Option<Date>,
    /// By when it was to be there, as in 2026-12-31: where the code does not ask it by then, it is told.
    promised: Option<Date>,
}

/// What a flag is for.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum FlagKind {
    /// Hides unfinished work; to be removed after its release.
    Release,
    /// Compares variants.
    Experiment,
    /// Turns parts off under load or in trouble.
    Ops,
    /// Says who may use a part.
    Permission,
    /// Switches something for single customers.
    Customer,
}

impl FlagKind {
    fn id(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Experiment => "experiment",
            Self::Ops => "ops",
            Self::Permission => "permission",
            Self::Customer => "customer",
        }
    }
}

/// Words for tenants, and names that are none.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct TenantTable {
    /// Words that name the tenant in this code, beyond the built-in ones (`tenant`, `organization`, …).
    #[schemars(with = "Vec<String>")]
    words: Vec<Spanned<String>>,
    /// Names that are no customers, whatever the evidence.
    #[schemars(with = "Vec<String>")]
    not_customers: Vec<Spanned<String>>,
}

/// A further axis of variation.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct DimensionTable {
    /// Its name in lower case: findings are called `<name>_branch` and so on.
    #[schemars(with = "String", regex(pattern = "^[a-z][a-z0-9_]*$"))]
    name: Spanned<String>,
    /// Words that name its subject in code, such as `connector` or `carrier`.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    words: Vec<Spanned<String>>,
    /// Its known subjects; more are discovered.
    #[serde(default)]
    subject: Vec<SubjectTable>,
}

/// A subject of a dimension.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct SubjectTable {
    /// The name to show.
    #[schemars(with = "String", length(min = 1))]
    name: Spanned<String>,
    /// Other spellings that code uses.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    aliases: Vec<Spanned<String>>,
    /// Ids that code compares with.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    ids: Vec<Spanned<String>>,
    /// Who answers for it.
    owner: Option<String>,
}

/// Weights of the parts that rank hotspots.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct WeightsTable {
    /// Rank by cognitive complexity.
    #[schemars(with = "Option<f64>", range(min = 0))]
    complexity: Option<Spanned<f64>>,
    /// Rank by variation points.
    #[schemars(with = "Option<f64>", range(min = 0))]
    variation: Option<Spanned<f64>>,
    /// Rank by different subjects that meet in the file.
    #[schemars(with = "Option<f64>", range(min = 0))]
    tangling: Option<Spanned<f64>>,
}

/// A kind of files that is left out unless named.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum IncludeRole {
    /// Tests, and what only tests use.
    Tests,
    /// Fixtures, mocks, seeds, snapshots.
    Fixtures,
    /// Stories of a component catalogue.
    Stories,
    /// Database migrations.
    Migrations,
    /// Files that a program wrote.
    Generated,
    /// Somebody else's code, copied in.
    Vendored,
    /// Files that a program made small.
    Minified,
    /// Examples and documentation.
    Examples,
}

impl IncludeRole {
    fn role(self) -> Role {
        match self {
            Self::Tests => Role::Test,
            Self::Fixtures => Role::Fixture,
            Self::Stories => Role::Story,
            Self::Migrations => Role::Migration,
            Self::Generated => Role::Generated,
            Self::Vendored => Role::Vendored,
            Self::Minified => Role::Minified,
            Self::Examples => Role::Example,
        }
    }
}

/// A day, `YYYY-MM-DD`, written as a TOML date or as a string.
#[derive(Debug, JsonSchema)]
#[schemars(transparent)]
struct Date(#[schemars(extend("format" = "date"))] String);

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match toml::Value::deserialize(deserializer)? {
            toml::Value::String(text) => text,
            toml::Value::Datetime(date) => date.to_string(),
            other => {
                let kind = other.type_str();
                return Err(D::Error::custom(format!("{kind} is no date, {DATE}")));
            }
        };
        let date: Option<toml::value::Datetime> = text.parse().ok();
        match date {
            Some(date) if date.date.is_some() && date.time.is_none() => Ok(Self(text)),
            _ => Err(D::Error::custom(format!("`{text}` is no date, {DATE}"))),
        }
    }
}

const DATE: &str = "expected one such as 2026-12-31";

impl Document {
    fn check(self) -> Result<Config, Fault> {
        let mut exclude = Globs::builder();
        for glob in &self.exclude {
            exclude.add(glob.get_ref()).map_err(|why| {
                Fault::new(glob.span(), format!("bad glob: {why}"))
                    .expected("a pattern as in .gitignore, such as `legacy/` or `*.pb.ts`")
            })?;
        }
        let max_file_size = self.max_file_size.map(|size| max_file_size(&size));
        let default = Settings::default();
        let min_confidence = self.min_confidence.map(|share| percent(&share));
        let settings = Settings {
            customers: customers(self.customer)?,
            flags: flags(self.flag)?,
            tenant_words: words(self.tenant.words)?,
            not_customers: words(self.tenant.not_customers)?,
            dimensions: dimensions(self.dimension)?,
            sdks: self.sdk,
            weights: weights(&self.weights)?,
            components: components(self.component)?,
            layers: layers(self.layer)?,
            max_configurations: match &self.rules.max_configurations {
                Some(limit) => configurations(limit)?,
                None => default.max_configurations,
            },
            min_confidence: min_confidence
                .transpose()?
                .unwrap_or(default.min_confidence),
        };
        Ok(Config {
            path: None,
            settings,
            include: self.include.into_iter().map(IncludeRole::role).collect(),
            max_file_size: max_file_size.transpose()?,
            debt: Parameters::default(),
            budgets: budgets(self.budget)?,
            exclude: exclude.build(),
        })
    }
}

fn customers(tables: Vec<CustomerTable>) -> Result<Vec<Customer>, Fault> {
    let mut names = Names::new("customer");
    let convert = |table: CustomerTable| {
        names.add(&table.name, &table.aliases)?;
        Ok(Customer {
            name: table.name.into_inner(),
            aliases: words(table.aliases)?,
            ids: words(table.ids)?,
            owner: table.owner,
            contract_end: table.contract_end.map(|date| date.0),
            promised: table.promised.map(|date| date.0),
        })
    };
    tables.into_iter().map(convert).collect()
}

fn flags(tables: Vec<FlagTable>) -> Result<Vec<Flag>, Fault> {
    let mut keys = BTreeSet::new();
    let convert = |table: FlagTable| {
        let span = table.key.span();
        let key = word(table.key)?;
        if !keys.insert(key.clone()) {
            return Err(Fault::new(span, format!("flag `{key}` is listed twice")));
        }
        Ok(Flag {
            key,
            kind: table.kind.map(|kind| kind.id().to_owned()),
            owner: table.owner,
            expires: table.expires.map(|date| date.0),
            promised: table.promised.map(|date| date.0),
        })
    };
    tables.into_iter().map(convert).collect()
}

fn dimensions(tables: Vec<DimensionTable>) -> Result<Vec<Dimension>, Fault> {
    let mut known = BTreeSet::new();
    let convert = |table: DimensionTable| {
        let span = table.name.span();
        let name = word(table.name)?;
        let is_word = name.starts_with(|c: char| c.is_ascii_lowercase())
            && name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !is_word {
            return Err(
                Fault::new(span, format!("`{name}` cannot name a dimension"))
                    .expected("lower-case letters, digits and `_`, a letter first"),
            );
        }
        if BUILT_IN_DIMENSIONS.contains(&name.as_str()) {
            return Err(Fault::new(span, format!("dimension `{name}` is built in"))
                .expected("a name of its own; `customer`, `flag` and `tenant` are always on"));
        }
        if !known.insert(name.clone()) {
            return Err(Fault::new(
                span,
                format!("dimension `{name}` is listed twice"),
            ));
        }
        let mut names = Names::new("subject");
        let subject = |table: SubjectTable| {
            names.add(&table.name, &table.aliases)?;
            Ok(Customer {
                name: table.name.into_inner(),
                aliases: words(table.aliases)?,
                ids: words(table.ids)?,
                owner: table.owner,
                contract_end: None,
                promised: None,
            })
        };
        Ok(Dimension {
            name,
            words: words(table.words)?,
            subjects: table
                .subject
                .into_iter()
                .map(subject)
                .collect::<Result<_, _>>()?,
        })
    };
    tables.into_iter().map(convert).collect()
}

const BUILT_IN_DIMENSIONS: [&str; 3] = ["customer", "flag", "tenant"];

/// Names taken so far, in the form in which they are compared.
struct Names {
    what: &'static str,
    taken: BTreeMap<String, String>,
}

impl Names {
    fn new(what: &'static str) -> Self {
        Self {
            what,
            taken: BTreeMap::new(),
        }
    }

    /// Takes a name with its aliases; an alias may repeat its own name.
    fn add(&mut self, name: &Spanned<String>, aliases: &[Spanned<String>]) -> Result<(), Fault> {
        let owner = name.get_ref();
        let what = self.what;
        let own = fold(owner);
        if own.is_empty() {
            return Err(Fault::new(name.span(), format!("the {what} has no name"))
                .expected("a name with a letter or digit"));
        }
        if let Some(other) = self.taken.insert(own.clone(), owner.clone()) {
            let message = if other == *owner {
                format!("{what} `{owner}` is listed twice")
            } else {
                format!("`{owner}` is the same name as `{other}`")
            };
            return Err(Fault::new(name.span(), message).expected(DISTINCT));
        }
        let mut mine = BTreeSet::from([own]);
        for alias in aliases {
            let folded = fold(alias.get_ref());
            if !mine.insert(folded.clone()) {
                continue;
            }
            if let Some(other) = self.taken.insert(folded, owner.clone()) {
                let message = format!("`{}` already stands for `{other}`", alias.get_ref());
                return Err(Fault::new(alias.span(), message).expected(DISTINCT));
            }
        }
        Ok(())
    }
}

const DISTINCT: &str = "names that differ by more than case and separators";

/// A name without case and separators, as names are compared.
pub(crate) fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn words(words: Vec<Spanned<String>>) -> Result<Vec<String>, Fault> {
    words.into_iter().map(word).collect()
}

fn word(word: Spanned<String>) -> Result<String, Fault> {
    if word.get_ref().trim().is_empty() {
        return Err(Fault::new(word.span(), "the text is empty").expected("a name"));
    }
    Ok(word.into_inner())
}

fn components(tables: Vec<ComponentTable>) -> Result<Vec<PathRule>, Fault> {
    let mut known = BTreeSet::new();
    let convert =
        |table: ComponentTable| path_rule("component", table.name, table.paths, &mut known);
    tables.into_iter().map(convert).collect()
}

fn path_rule(
    what: &str,
    name: Spanned<String>,
    paths: Vec<Spanned<String>>,
    known: &mut BTreeSet<String>,
) -> Result<PathRule, Fault> {
    let span = name.span();
    let name = word(name)?;
    if !known.insert(name.clone()) {
        return Err(Fault::new(span, format!("{what} `{name}` is listed twice"))
            .expected("a name of its own"));
    }
    if paths.is_empty() {
        return Err(Fault::new(span, format!("{what} `{name}` has no paths"))
            .expected("at least one folder or pattern"));
    }
    Ok(PathRule {
        name,
        paths: words(paths)?,
    })
}

fn budgets(tables: Vec<BudgetTable>) -> Result<Vec<Budget>, Fault> {
    let mut names = BTreeSet::new();
    let convert = |table: BudgetTable| {
        let span = table.name.span();
        let name = word(table.name)?;
        if !names.insert(name.clone()) {
            return Err(Fault::new(span, format!("budget `{name}` is listed twice")));
        }
        if table.max.is_none() && table.max_new.is_none() && table.max_minutes.is_none() {
            return Err(Fault::new(span, format!("budget `{name}` has no limit"))
                .expected("`max`, `max_new` or `max_minutes`"));
        }
        let narrow = !table.of.is_empty() || !table.paths.is_empty() || table.owner.is_some();
        let max_minutes = match table.max_minutes {
            Some(minutes) if narrow => {
                return Err(Fault::new(
                    minutes.span(),
                    "minutes are known of a subject, or of all".to_owned(),
                )
                .expected("a budget of its own, without `of`, `paths` and `owner`"));
            }
            Some(minutes) if minutes.get_ref().is_finite() && *minutes.get_ref() >= 0.0 => {
                Some(*minutes.get_ref())
            }
            Some(minutes) => {
                let message = format!("{} is no limit", minutes.get_ref());
                return Err(Fault::new(minutes.span(), message).expected("minutes, 0 or more"));
            }
            None => None,
        };
        Ok(Budget {
            of: words(table.of)?,
            paths: (!table.paths.is_empty())
                .then(|| {
                    Ok::<_, Fault>(PathRule {
                        name: name.clone(),
                        paths: words(table.paths)?,
                    })
                })
                .transpose()?,
            subject: table.subject,
            owner: table.owner,
            max: table.max,
            max_new: table.max_new,
            max_minutes,
            until: table.until.map(|date| date.0),
            name,
        })
    };
    tables.into_iter().map(convert).collect()
}

fn layers(tables: Vec<LayerTable>) -> Result<Vec<Layer>, Fault> {
    let names: BTreeSet<String> = tables
        .iter()
        .map(|table| table.name.get_ref().clone())
        .collect();
    let mut known = BTreeSet::new();
    let convert = |table: LayerTable| {
        let rule = path_rule("layer", table.name, table.paths, &mut known)?;
        for used in &table.may_use {
            if !names.contains(used.get_ref()) {
                let message = format!("there is no layer `{}`", used.get_ref());
                return Err(Fault::new(used.span(), message).expected("the name of a `[[layer]]`"));
            }
        }
        Ok(Layer {
            rule,
            may_use: words(table.may_use)?,
        })
    };
    tables.into_iter().map(convert).collect()
}

fn configurations(limit: &Spanned<i64>) -> Result<u32, Fault> {
    u32::try_from(*limit.get_ref())
        .ok()
        .filter(|limit| (1..=1 << 20).contains(limit))
        .ok_or_else(|| {
            let message = format!("{} is no limit", limit.get_ref());
            Fault::new(limit.span(), message).expected("1 to 1048576")
        })
}

fn weights(table: &WeightsTable) -> Result<Weights, Fault> {
    let default = Weights::default();
    let weights = Weights {
        complexity: weight(table.complexity.as_ref(), default.complexity)?,
        variation: weight(table.variation.as_ref(), default.variation)?,
        tangling: weight(table.tangling.as_ref(), default.tangling)?,
    };
    let Weights {
        complexity,
        variation,
        tangling,
    } = weights;
    match &table.tangling {
        Some(last) if complexity + variation + tangling == 0.0 => {
            Err(Fault::new(last.span(), "all weights are 0").expected("at least one above 0"))
        }
        _ => Ok(weights),
    }
}

fn weight(value: Option<&Spanned<f64>>, default: f64) -> Result<f64, Fault> {
    let Some(value) = value else {
        return Ok(default);
    };
    let number = *value.get_ref();
    if !number.is_finite() || number < 0.0 {
        return Err(Fault::new(value.span(), format!("{number} is no weight"))
            .expected("a number, 0 or more"));
    }
    Ok(number)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is checked to lie between 0 and 100"
)]
fn percent(share: &Spanned<f64>) -> Result<u8, Fault> {
    let number = *share.get_ref();
    if !(0.0..=1.0).contains(&number) {
        return Err(
            Fault::new(share.span(), format!("{number} is no confidence"))
                .expected("a number between 0 and 1"),
        );
    }
    Ok((number * 100.0).round() as u8)
}

fn max_file_size(size: &Spanned<i64>) -> Result<u64, Fault> {
    u64::try_from(*size.get_ref())
        .ok()
        .filter(|bytes| (1..=LARGEST_MAX_FILE_SIZE).contains(bytes))
        .ok_or_else(|| {
            Fault::new(size.span(), format!("{} is no file size", size.get_ref())).expected(
                format!("a number of bytes between 1 and {LARGEST_MAX_FILE_SIZE}"),
            )
        })
}

#[cfg(test)]
mod tests {
    use bespoke_facts::RepoPath;

    use super::*;

    fn parse(text: &str) -> Config {
        parse_config(text, Path::new("bespoke.toml")).unwrap_or_else(|error| panic!("{error}"))
    }

    fn check_error(text: &str, expected: &[&str]) {
        let error = parse_config(text, Path::new("bespoke.toml")).unwrap_err();
        assert_eq!(error.to_string(), expected.join("\n"));
    }

    #[test]
    fn everything_that_can_be_said_arrives() {
        let config = parse(
            r#"
            exclude = ["legacy/", "*.sql", "!legacy/kept.ts"]
            include = ["tests", "examples"]
            min_confidence = 0.7
            max_file_size = 1_000

            [[customer]]
            name = "Acme"
            aliases = ["acme-corp", "ACME"]
            ids = ["42"]
            owner = "sales"
            contract_end = 2026-12-31
            promised = 2026-01-15

            [[flag]]
            key = "new-checkout"
            kind = "release"
            owner = "web"
            expires = "2026-06-30"

            [tenant]
            words = ["workspace"]
            not_customers = ["demo"]

            [[dimension]]
            name = "partner"
            words = ["connector"]
            [[dimension.subject]]
            name = "Globex"
            aliases = ["globex-pay"]

            [weights]
            complexity = 2
            variation = 0.5
            "#,
        );
        let settings = &config.settings;
        assert_eq!(
            settings.customers,
            [Customer {
                name: "Acme".to_owned(),
                aliases: vec!["acme-corp".to_owned(), "ACME".to_owned()],
                ids: vec!["42".to_owned()],
                owner: Some("sales".to_owned()),
                contract_end: Some("2026-12-31".to_owned()),
                promised: Some("2026-01-15".to_owned()),
            }]
        );
        assert_eq!(
            settings.flags,
            [Flag {
                key: "new-checkout".to_owned(),
                kind: Some("release".to_owned()),
                owner: Some("web".to_owned()),
                expires: Some("2026-06-30".to_owned()),
                promised: None,
            }]
        );
        assert_eq!(settings.tenant_words, ["workspace"]);
        assert_eq!(settings.not_customers, ["demo"]);
        assert_eq!(settings.dimensions[0].subjects[0].name, "Globex");
        assert_eq!(settings.dimensions[0].words, ["connector"]);
        assert_eq!(settings.min_confidence, 70);
        assert_eq!(
            settings.weights,
            Weights {
                complexity: 2.0,
                variation: 0.5,
                tangling: 1.0
            }
        );
        assert_eq!(config.max_file_size, Some(1_000));
        assert_eq!(config.include, [Role::Test, Role::Example].into());
        let excluded = |path: &str| config.exclude.matches(&RepoPath::new(path));
        assert!(excluded("web/legacy/a.ts") && excluded("db/a.sql"));
        assert!(!excluded("legacy.ts"));
    }

    #[test]
    fn an_empty_file_says_nothing() {
        let config = parse("");
        assert_eq!(config.settings.min_confidence, 50);
        assert!(config.settings.customers.is_empty() && config.include.is_empty());
        assert!(!config.exclude.matches(&RepoPath::new("a.ts")));
    }

    #[test]
    fn an_unknown_key_is_shown_with_the_nearest() {
        check_error(
            "exclude = []\n[[customer]]\nname = \"Acme\"\nalias = [\"a\"]\n",
            &[
                "bespoke.toml:4:1: unknown key `alias`",
                "  |",
                "4 | alias = [\"a\"]",
                "  | ^^^^^",
                "  = expected one of `name`, `aliases`, `ids`, `owner`, `contract_end`, `promised`",
                "  = did you mean `aliases`?",
            ],
        );
    }

    #[test]
    fn an_unknown_value_is_shown_with_the_nearest() {
        check_error(
            "include = [\"test\"]",
            &[
                "bespoke.toml:1:12: unknown value `test`",
                "  |",
                "1 | include = [\"test\"]",
                "  |            ^^^^^^",
                "  = expected one of `tests`, `fixtures`, `stories`, `migrations`, `generated`, `vendored`, `minified`, \
                 `examples`",
                "  = did you mean `tests`?",
            ],
        );
    }

    #[test]
    fn a_wrong_type_is_shown() {
        check_error(
            "\n[[customer]]\n\tname = 3\n",
            &[
                "bespoke.toml:3:9: invalid type: integer `3`",
                "  |",
                "3 | \tname = 3",
                "  | \t       ^",
                "  = expected a string",
            ],
        );
    }

    #[test]
    fn faults_of_meaning_are_shown_at_their_place() {
        let place_and_message = |text: &str| {
            let error = parse_config(text, Path::new("bespoke.toml")).unwrap_err();
            assert!(error.expected.is_some(), "{error}");
            format!("{}:{} {}", error.line, error.column, error.message)
        };
        let cases = [
            ("exclude = [\"ok\", \"a/{b\"]", "1:18 bad glob: "),
            ("exclude = [\"\"]", "1:12 bad glob: it is empty"),
            ("min_confidence = 1.5", "1:18 1.5 is no confidence"),
            ("min_confidence = nan", "1:18 NaN is no confidence"),
            ("max_file_size = 0", "1:17 0 is no file size"),
            ("[weights]\nvariation = -1", "2:13 -1 is no weight"),
            ("[weights]\ntangling = nan", "2:12 NaN is no weight"),
            (
                "[weights]\ncomplexity = 0\nvariation = 0\ntangling = 0",
                "4:12 all weights are 0",
            ),
            ("[[customer]]\nname = \"-\"", "2:8 the customer has no name"),
            (
                "[[customer]]\nname = \"Acme\"\n[[customer]]\nname = \"Acme\"",
                "4:8 customer `Acme` is listed twice",
            ),
            (
                "[[customer]]\nname = \"Acme\"\n[[customer]]\nname = \"B\"\naliases = [\"b\", \"ac_me\"]",
                "5:17 `ac_me` already stands for `Acme`",
            ),
            ("[[flag]]\nkey = \"\"", "2:7 the text is empty"),
            (
                "[[flag]]\nkey = \"a\"\nexpires = \"soon\"",
                "3:11 `soon` is no date",
            ),
            (
                "[[flag]]\nkey = \"a\"\nexpires = \"2026-02-31\"",
                "3:11 `2026-02-31` is no date",
            ),
            (
                "[[flag]]\nkey = \"a\"\nexpires = 2026-01-01T00:00:00Z",
                "3:11 `2026-01-01T00:00:00Z` is no date",
            ),
            (
                "[[flag]]\nkey = \"a\"\nexpires = 3",
                "3:11 integer is no date",
            ),
            (
                "[[dimension]]\nname = \"flag\"",
                "2:8 dimension `flag` is built in",
            ),
            (
                "[[dimension]]\nname = \"My Axis\"",
                "2:8 `My Axis` cannot name a dimension",
            ),
            (
                "[[layer]]\nname = \"a\"\npaths = []",
                "2:8 layer `a` has no paths",
            ),
            (
                "[[component]]\nname = \"a\"\npaths = [\"x\"]\n[[component]]\nname = \"a\"\npaths = [\"y\"]",
                "5:8 component `a` is listed twice",
            ),
            (
                "[[layer]]\nname = \"a\"\npaths = [\"x\"]\nmay_use = [\"b\"]",
                "4:12 there is no layer `b`",
            ),
            ("[rules]\nmax_configurations = 0", "2:22 0 is no limit"),
        ];
        for (text, expected) in cases {
            let said = place_and_message(text);
            assert!(said.starts_with(expected), "{said}\n{text}");
        }
    }

    #[test]
    fn text_that_is_no_toml_and_missing_keys_are_shown() {
        let error = |text: &str| parse_config(text, Path::new("x.toml")).unwrap_err();
        let broken = error("a = 1\nexclude = [\n");
        assert_eq!(broken.file, Path::new("x.toml"));
        assert!(broken.line >= 2, "{broken}");
        let missing = error("[[customer]]\nowner = \"x\"\n");
        assert_eq!((missing.line, missing.column), (1, 1));
        assert_eq!(missing.message, "missing key `name`");
    }

    #[test]
    fn the_schema_describes_every_key() {
        let schema = config_schema();
        let properties = schema["properties"].as_object().unwrap();
        for (key, value) in properties {
            assert!(value["description"].is_string(), "{key}: {value}");
        }
        assert!(properties.contains_key("customer") && properties.contains_key("min_confidence"));
        assert_eq!(schema["additionalProperties"], false);
        assert_eq!(schema["$defs"]["Date"]["format"], "date");
    }
}
