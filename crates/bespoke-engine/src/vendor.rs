//! Who makes the program: the vendor's own name is no customer's.

/// Largest notice that is read, in bytes; the names stand at its beginning.
pub(crate) const MAX_NOTICE_BYTES: u64 = 1 << 16;
/// Words of a copyright line that are no name.
const PLAIN: [&str; 24] = [
    "copyright",
    "inc",
    "llc",
    "ltd",
    "gmbh",
    "corp",
    "corporation",
    "company",
    "limited",
    "all",
    "rights",
    "reserved",
    "and",
    "the",
    "individual",
    "contributors",
    "authors",
    "its",
    "affiliates",
    "present",
    "foundation",
    "free",
    "software",
    "notice",
];

/// Whether a path is that of the notice of the whole tree.
pub(crate) fn is_notice(path: &str) -> bool {
    let name = path.to_ascii_lowercase();
    let stem = name.split(['.', '-']).next().unwrap_or("");
    !path.contains('/')
        && matches!(
            stem,
            "license" | "licence" | "copying" | "notice" | "copyright"
        )
}

/// The names in the copyright lines of a notice, lower case.
pub(crate) fn vendors_in(bytes: &[u8]) -> Vec<String> {
    names(&String::from_utf8_lossy(bytes))
}

fn names(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        // Licences speak of copyright too; a line that claims it names a year.
        let claims = line.to_ascii_lowercase().starts_with("copyright")
            && line.bytes().any(|byte| byte.is_ascii_digit());
        if !claims {
            continue;
        }
        let words = line
            .split(|char: char| !char.is_alphanumeric())
            .filter(|word| word.len() >= 3 && word.starts_with(char::is_uppercase))
            .map(str::to_lowercase)
            .filter(|word| !PLAIN.contains(&word.as_str()));
        found.extend(words);
    }
    found.sort();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_in_copyright_lines() {
        let text = "Copyright (c) 2009-2018, Initrode Inc., and individual contributors.\n\
                    The above copyright notice and this permission Notice shall be included\n\
                    Copyright owner means the Licensor";
        assert_eq!(names(text), ["initrode"]);
        assert!(is_notice("LICENSE.md") && is_notice("LICENSE-MIT") && is_notice("COPYING"));
        assert!(!is_notice("src/LICENSE") && !is_notice("licenses.ts"));
    }
}
