//! The configuration that a first scan suggests.

use std::{collections::BTreeSet, fmt::Write as _};

use bespoke_analysis::{Analysis, Subject};

use crate::config::fold;

/// From this confidence (percent) on, a discovered customer is written as a fact; below, as a suggestion.
const SURE: u8 = 80;

/// How many flags are shown as examples.
const FLAG_EXAMPLES: usize = 10;

/// How many steps of evidence stand above a customer.
const EVIDENCE: usize = 2;

/// Text for a new `bespoke.toml`: what a scan discovered, for a person to correct.
pub fn starter_config(analysis: &Analysis) -> String {
    let mut text = HEADER.to_owned();
    customers(analysis, &mut text);
    flags(analysis, &mut text);
    tenants(analysis, &mut text);
    text.push_str(FOOTER);
    text
}

const HEADER: &str = "\
# Configuration of bespoke, written from what a first scan discovered. Nothing here is needed; everything here helps.
# What a scan works out by itself (customers, flags) becomes certain once it is written down.

# Files and folders to leave out, in the form of .gitignore, relative to this file.
exclude = []

# Kinds of files to analyse beside product code:
# tests, fixtures, stories, migrations, generated, vendored, minified, examples.
include = []

# Variation points below this confidence stay in the report and out of its totals.
# min_confidence = 0.5

# Largest file to read, in bytes.
# max_file_size = 2097152
";

const FOOTER: &str = "
# A further axis of variation. Findings are called partner_branch, partner_unit and so on.
# [[dimension]]
# name = \"partner\"
# words = [\"connector\", \"carrier\"]

# Weights of the parts that rank hotspots; 0 leaves a part out.
# [weights]
# complexity = 1.0
# variation = 1.0
# tangling = 1.0
";

fn customers(analysis: &Analysis, text: &mut String) {
    let customers = of_dimension(analysis, "customer");
    let (sure, unsure): (Vec<_>, Vec<_>) = customers
        .into_iter()
        .filter(|customer| customer.confidence >= analysis.min_confidence)
        .partition(|customer| customer.confidence >= SURE);
    // Spellings that fold to one name may stand in the file only once.
    let mut taken = BTreeSet::new();
    text.push_str(
        "\n# Customers. `ids` and `contract_end` are not to be found in code: add them.\n",
    );
    for customer in &sure {
        customer_table(customer, "", &mut taken, text);
    }
    if sure.is_empty() && unsure.is_empty() {
        text.push_str(
            "# [[customer]]\n# name = \"Acme\"\n# aliases = [\"acme-corp\"]\n# contract_end = 2026-12-31\n",
        );
    }
    if !unsure.is_empty() {
        text.push_str(
            "\n# Less sure. Uncomment what is a customer; list the rest under not_customers.\n",
        );
    }
    for customer in &unsure {
        customer_table(customer, "# ", &mut taken, text);
    }
}

fn customer_table(
    customer: &Subject,
    prefix: &str,
    taken: &mut BTreeSet<String>,
    text: &mut String,
) {
    let folded = fold(&customer.name);
    if folded.is_empty() || !taken.insert(folded) {
        return;
    }
    let aliases: Vec<String> = customer
        .aliases
        .iter()
        .filter(|alias| {
            let folded = fold(alias);
            !folded.is_empty() && taken.insert(folded)
        })
        .map(|alias| quoted(alias))
        .collect();
    line(text, "");
    let conditions = count(customer.scattering, "condition");
    let files = count(customer.files, "file");
    line(
        text,
        &format!("# {} % sure: {conditions} in {files}", customer.confidence),
    );
    // What speaks of this customer by name says more than what it shares with others.
    let mut evidence: Vec<_> = customer.evidence.iter().collect();
    evidence.sort_by_key(|step| !step.text.contains(&customer.name));
    for step in evidence.into_iter().take(EVIDENCE) {
        let at = step.at.as_ref().map_or_else(String::new, |(path, line)| {
            format!(" ({path}:{})", line + 1)
        });
        line(
            text,
            &format!("# {}{}", one_line(&step.text), one_line(&at)),
        );
    }
    line(text, &format!("{prefix}[[customer]]"));
    line(text, &format!("{prefix}name = {}", quoted(&customer.name)));
    if !aliases.is_empty() {
        line(text, &format!("{prefix}aliases = [{}]", aliases.join(", ")));
    }
}

fn flags(analysis: &Analysis, text: &mut String) {
    text.push_str(
        "\n# Flags: who answers for them and when they should be gone. Kinds: release, experiment, ops, permission, \
         customer.\n",
    );
    let mut flags = of_dimension(analysis, "flag");
    flags.sort_by_key(|flag| std::cmp::Reverse(flag.scattering));
    if flags.is_empty() {
        text.push_str(
            "# [[flag]]\n# key = \"new-checkout\"\n# kind = \"release\"\n# expires = 2026-12-31\n",
        );
    }
    for flag in flags.iter().take(FLAG_EXAMPLES) {
        line(text, "# [[flag]]");
        line(
            text,
            &format!(
                "# key = {} # {} in {}",
                quoted(&flag.name),
                count(flag.scattering, "check"),
                count(flag.files, "file")
            ),
        );
    }
    if flags.len() > FLAG_EXAMPLES {
        line(
            text,
            &format!("# … and {} more", flags.len() - FLAG_EXAMPLES),
        );
    }
}

fn tenants(analysis: &Analysis, text: &mut String) {
    let attributes = of_dimension(analysis, "tenant");
    text.push('\n');
    if !attributes.is_empty() {
        let names: Vec<String> = attributes
            .iter()
            .take(FLAG_EXAMPLES)
            .map(|attribute| one_line(&attribute.name))
            .collect();
        line(
            text,
            &format!("# Conditions on tenants use: {}", names.join(", ")),
        );
    }
    text.push_str(
        "[tenant]\n\
         # Words that name the tenant in this code, beyond tenant, organization, merchant and their like.\n\
         words = []\n\
         # Names that are no customers, whatever the evidence.\n\
         not_customers = []\n",
    );
}

fn of_dimension<'a>(analysis: &'a Analysis, dimension: &str) -> Vec<&'a Subject> {
    let subjects = analysis.subjects.iter();
    subjects
        .filter(|subject| subject.dimension == dimension)
        .collect()
}

fn line(text: &mut String, line: &str) {
    writeln!(text, "{line}").expect("writing to a string does not fail");
}

fn count(number: u32, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(one_line(text)).to_string()
}

/// Text from code must not end a comment.
fn one_line(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use bespoke_analysis::Evidence;
    use bespoke_facts::RepoPath;

    use super::*;
    use crate::parse_config;

    fn subject(dimension: &str, name: &str, confidence: u8, aliases: &[&str]) -> Subject {
        Subject {
            dimension: dimension.to_owned(),
            name: name.to_owned(),
            aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            confidence,
            scattering: 3,
            files: 2,
            evidence: vec![Evidence {
                rule: "test",
                text: "compared with\norg.slug".to_owned(),
                at: Some((RepoPath::new("src/a.ts"), 6)),
            }],
            ..Subject::default()
        }
    }

    #[test]
    fn what_it_suggests_is_a_configuration() {
        let analysis = Analysis {
            subjects: vec![
                subject("customer", "acme", 95, &["ACME", "acme-corp"]),
                subject("customer", "globex \"x\"\\", 80, &["acme_corp"]),
                subject("customer", "initech", 60, &[]),
                subject("customer", "noise", 20, &[]),
                subject("flag", "new-checkout", 90, &[]),
                subject("tenant", "plan", 90, &[]),
            ],
            min_confidence: 50,
            ..Analysis::default()
        };
        let text = starter_config(&analysis);
        let config = parse_config(&text, Path::new("bespoke.toml"))
            .unwrap_or_else(|error| panic!("{error}\n{text}"));
        let customers = &config.settings.customers;
        let names: Vec<&str> = customers.iter().map(|known| known.name.as_str()).collect();
        assert_eq!(names, ["acme", "globex \"x\"\\"]);
        assert_eq!(customers[0].aliases, ["acme-corp"]);
        assert!(customers[1].aliases.is_empty());
        assert!(text.contains("# name = \"initech\""), "{text}");
        assert!(
            text.contains("# compared with org.slug (src/a.ts:7)"),
            "{text}"
        );
        assert!(text.contains("# key = \"new-checkout\""), "{text}");
        assert!(!text.contains("noise"), "{text}");
    }

    #[test]
    fn commented_lines_are_a_configuration_too() {
        let analysis = Analysis {
            subjects: vec![
                subject("customer", "initech", 60, &["ini-tech-corp"]),
                subject("flag", "new-checkout", 90, &[]),
            ],
            min_confidence: 50,
            ..Analysis::default()
        };
        for analysis in [analysis, Analysis::default()] {
            let text = starter_config(&analysis);
            let is_code = |line: &str| line.starts_with('[') || line.contains(" = ");
            let uncommented: Vec<&str> = text
                .lines()
                .map(|line| {
                    line.strip_prefix("# ")
                        .filter(|rest| is_code(rest))
                        .unwrap_or(line)
                })
                .collect();
            let text = uncommented.join("\n");
            let config = parse_config(&text, Path::new("bespoke.toml"))
                .unwrap_or_else(|error| panic!("{error}\n{text}"));
            assert_eq!(config.settings.dimensions.len(), 1);
            assert_eq!(config.settings.flags.len(), 1);
            assert_eq!(config.settings.customers.len(), 1);
        }
    }
}
