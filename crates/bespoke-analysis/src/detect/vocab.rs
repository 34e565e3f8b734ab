//! The vocabulary: which names stand for a tenant, which literals for nobody.

use std::{cell::RefCell, rc::Rc};

use rustc_hash::FxHashMap;

use super::vocab_words::{
    COHORT_FOLDERS, ENVIRONMENT, IDENTITY, NEAR_MISS, NON_IDENTITY, SENTINELS, SUBJECTS, Word,
};

/// Literals that a tenant's attribute is often compared with and that are no customer, by class.
const NOISE: [(&str, &[&str]); 9] = [
    (
        "environment",
        &[
            "production",
            "prod",
            "staging",
            "stage",
            "development",
            "dev",
            "develop",
            "test",
            "testing",
            "local",
            "localhost",
            "qa",
            "uat",
            "preview",
            "sandbox",
            "preprod",
            "pre-production",
            "integration",
            "ci",
        ],
    ),
    (
        "method",
        &["get", "post", "put", "patch", "delete", "head", "options"],
    ),
    (
        "language",
        &[
            "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "fi", "no", "nb", "pl", "cs",
            "ru", "uk", "tr", "ja", "zh", "ko", "ar", "he", "hi", "el", "hu", "ro", "bg", "vi",
            "th", "id", "english", "german", "french", "spanish",
        ],
    ),
    (
        "currency",
        &[
            "usd", "eur", "gbp", "jpy", "chf", "cad", "aud", "cny", "inr", "brl", "sek", "nok",
            "dkk", "pln",
        ],
    ),
    (
        "platform",
        &[
            "windows", "linux", "macos", "darwin", "win32", "ios", "android", "web", "mobile",
            "desktop", "tablet", "chrome", "firefox", "safari", "edge", "node", "browser",
            "server", "client", "x64", "arm64",
        ],
    ),
    (
        "status",
        &[
            "active",
            "inactive",
            "enabled",
            "disabled",
            "pending",
            "open",
            "closed",
            "draft",
            "published",
            "archived",
            "deleted",
            "success",
            "error",
            "failed",
            "failure",
            "done",
            "loading",
            "idle",
            "ready",
            "new",
            "running",
            "completed",
            "cancelled",
            "canceled",
            "expired",
            "suspended",
            "trial",
            "approved",
            "rejected",
        ],
    ),
    (
        "plan",
        &[
            "free",
            "basic",
            "pro",
            "premium",
            "business",
            "enterprise",
            "starter",
            "standard",
            "plus",
            "team",
            "oss",
        ],
    ),
    (
        "role",
        &[
            "admin",
            "administrator",
            "owner",
            "member",
            "user",
            "viewer",
            "editor",
            "guest",
            "superadmin",
            "manager",
            "staff",
            "customer",
            "client",
            "tenant",
            "organization",
            "organisation",
            "company",
            "account",
            "personal",
        ],
    ),
    (
        "type",
        &[
            "integer",
            "bool",
            "float",
            "double",
            "date",
            "any",
            "enum",
            "string",
            "number",
            "boolean",
            "object",
            "function",
            "array",
            "null",
            "undefined",
            "true",
            "false",
            "id",
            "name",
            "key",
            "value",
            "text",
            "json",
            "xml",
            "html",
            "css",
            "asc",
            "desc",
            "light",
            "dark",
            "auto",
        ],
    ),
];

/// Prefixes by which a bundler gives an environment variable to the browser; folded.
const PUBLIC: [&str; 5] = ["nextpublic", "reactapp", "expopublic", "vite", "public"];

/// What a name says.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "answers to questions that do not depend on each other"
)]
struct Traits {
    subject: u8,
    subject_identity: u8,
    is_identity_attr: bool,
    is_nonidentity_attr: bool,
    is_near_miss: bool,
    is_env_or_header: bool,
}

/// Built-in words and the user's.
#[derive(Debug)]
pub(crate) struct Vocab {
    extra: Vec<String>,
    /// The ambiguous word that means a tenant here.
    own: Option<String>,
    /// What was said of names before: the same ones are asked for over and over.
    known: RefCell<FxHashMap<Box<str>, Traits>>,
}

impl Vocab {
    /// The vocabulary with the user's own words for "tenant", which mean it clearly.
    pub(crate) fn new(extra: &[String]) -> Self {
        Self {
            extra: extra.iter().map(|word| Self::fold(word)).collect(),
            own: None,
            known: RefCell::default(),
        }
    }

    /// From here on an ambiguous word means a tenant.
    pub(super) fn adopt(&mut self, word: String) {
        self.own = Some(word);
        self.known.get_mut().clear();
    }

    /// The word adopted.
    pub(super) fn own(&self) -> Option<&str> {
        self.own.as_deref()
    }

    /// The ambiguous word that a name is, if its strength is under `clear`.
    #[expect(clippy::unused_self, reason = "one way to ask the vocabulary")]
    pub(super) fn weak_word(&self, name: &str, clear: u8) -> Option<&'static str> {
        let words = split_words(name);
        let [only] = &*words else {
            return None;
        };
        let word = SUBJECTS.iter().find(|word| word.word == only)?;
        (word.strength < clear).then_some(word.word)
    }

    /// Whether a word is the one that means a tenant here.
    fn is_own(&self, name: &str) -> bool {
        self.own.as_deref() == Some(name)
    }

    /// A name without case and separators: equal for all spellings of one customer.
    pub(crate) fn fold(name: &str) -> String {
        if name.is_ascii() {
            let mut folded = name.to_owned();
            folded.retain(|char| char.is_ascii_alphanumeric());
            folded.make_ascii_lowercase();
            return folded;
        }
        name.chars()
            .filter(|char| char.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    }

    /// How clearly a name stands for one tenant, 0 to 100: its last word counts, words beside it may veto.
    pub(crate) fn subject(&self, name: &str) -> u8 {
        self.traits(name).subject
    }

    /// How clearly a name stands for a tenant's identity (`tenantSlug`, `org_id`), 0 to 100.
    pub(crate) fn subject_identity(&self, name: &str) -> u8 {
        self.traits(name).subject_identity
    }

    /// Whether an attribute says which tenant it is.
    pub(crate) fn is_identity_attr(&self, attribute: &str) -> bool {
        self.traits(attribute).is_identity_attr
    }

    /// Whether an attribute says what a tenant is like.
    pub(crate) fn is_nonidentity_attr(&self, attribute: &str) -> bool {
        self.traits(attribute).is_nonidentity_attr
    }

    /// Whether comparisons of a name are about something else: `type`, `locale`.
    pub(crate) fn is_near_miss_subject(&self, name: &str) -> bool {
        self.traits(name).is_near_miss
    }

    /// Whether an environment variable or header carries the tenant.
    pub(crate) fn is_tenant_env_or_header(&self, name: &str) -> bool {
        self.traits(name).is_env_or_header
    }

    fn traits(&self, name: &str) -> Traits {
        if let Some(known) = self.known.borrow().get(name) {
            return *known;
        }
        let words = split_words(name);
        let folded = Self::fold(name);
        let traits = Traits {
            subject: self.subject_of(&words),
            subject_identity: self.subject_identity_of(&words),
            is_identity_attr: has(IDENTITY, &folded),
            is_nonidentity_attr: has(NON_IDENTITY, &folded),
            is_near_miss: has(NEAR_MISS, &folded) && !self.extra.contains(&folded),
            is_env_or_header: self.carries_tenant(&folded),
        };
        let mut known = self.known.borrow_mut();
        if known.len() >= MAX_KNOWN_NAMES {
            known.clear();
        }
        known.insert(name.into(), traits);
        traits
    }

    fn subject_of(&self, words: &[String]) -> u8 {
        let Some((last, before)) = words.split_last() else {
            return 0;
        };
        let whole = words.concat();
        if self
            .extra
            .iter()
            .any(|extra| extra == last || *extra == whole)
        {
            return 95;
        }
        if self.is_own(last) && word(last).is_none_or(|word| !vetoed(word, before)) {
            return 90;
        }
        word(&whole)
            .or_else(|| word(last))
            .filter(|word| !vetoed(word, before))
            .map_or(0, |word| word.strength)
    }

    fn subject_identity_of(&self, words: &[String]) -> u8 {
        let [before @ .., subject, last] = words else {
            return 0;
        };
        // Words are folded.
        let identifies = || has(IDENTITY, last);
        if self.extra.contains(subject) && identifies() {
            return 95;
        }
        match word(subject) {
            Some(word) if self.is_own(subject) && identifies() => {
                if vetoed(word, before) {
                    0
                } else {
                    90
                }
            }
            Some(word) if word.identity.contains(&last.as_str()) && !vetoed(word, before) => {
                word.strength
            }
            _ => 0,
        }
    }

    fn carries_tenant(&self, folded: &str) -> bool {
        let bare = PUBLIC
            .iter()
            .find_map(|prefix| folded.strip_prefix(prefix))
            .unwrap_or(folded);
        has(ENVIRONMENT, bare) || self.extra.iter().any(|word| bare == word)
    }

    /// Whether a literal stands for nobody in particular: `default`, `all`.
    #[expect(clippy::unused_self, reason = "one way to ask the vocabulary")]
    pub(crate) fn is_sentinel(&self, literal: &str) -> bool {
        literal.is_empty() || has(SENTINELS, &literal.to_lowercase())
    }

    /// Whether the children of a folder are likely customers.
    #[expect(clippy::unused_self, reason = "one way to ask the vocabulary")]
    pub(crate) fn is_cohort_dir(&self, folder: &str) -> bool {
        has(COHORT_FOLDERS, &folder.to_lowercase())
    }

    /// The class of a literal that is no customer although it looks like a name.
    #[expect(clippy::unused_self, reason = "one way to ask the vocabulary")]
    pub(crate) fn is_noise_literal(&self, literal: &str) -> Option<&'static str> {
        let lower = literal.to_lowercase();
        let listed = NOISE
            .iter()
            .find(|(_, words)| words.contains(&lower.as_str()))
            .map(|(class, _)| *class);
        listed.or_else(|| {
            // `en-GB`, `image/png`.
            let is_locale = matches!(lower.split_once(['-', '_']), Some((language, country))
                if language.len() == 2 && country.len() == 2 && lower.bytes().all(|byte| !byte.is_ascii_digit()));
            let is_mime = ["image/", "text/", "application/", "audio/", "video/", "multipart/"]
                .iter()
                .any(|prefix| lower.starts_with(prefix));
            if is_locale {
                Some("locale")
            } else if is_mime {
                Some("media type")
            } else {
                None
            }
        })
    }
}

fn has(sorted: &[&str], word: &str) -> bool {
    sorted.binary_search(&word).is_ok()
}

fn word(text: &str) -> Option<&'static Word> {
    let find = |text: &str| {
        SUBJECTS
            .binary_search_by_key(&text, |word| word.word)
            .ok()
            .map(|at| &SUBJECTS[at])
    };
    find(text)
}

fn vetoed(word: &Word, others: &[String]) -> bool {
    others
        .iter()
        .any(|other| word.stop.contains(&other.as_str()))
}

/// How many names' words are remembered: the same few thousand are asked for over and over, in each commit of a history.
const MAX_KNOWN_NAMES: usize = 1 << 16;

/// The words of an identifier, in lower case: split at separators, at changes of case and after an acronym
/// (`HTTPServer` is `http`, `server`). Digits stay with the word before them.
pub(crate) fn split_words(name: &str) -> Rc<[String]> {
    thread_local! {
        static KNOWN: RefCell<FxHashMap<Box<str>, Rc<[String]>>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some(words) = known.get(name) {
            return Rc::clone(words);
        }
        if known.len() >= MAX_KNOWN_NAMES {
            known.clear();
        }
        let words: Rc<[String]> = words_of(name).into();
        known.insert(name.into(), Rc::clone(&words));
        words
    })
}

fn words_of(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut current = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (at, char) in chars.iter().enumerate() {
        if !char.is_alphanumeric() {
            if !current.is_empty() {
                words.push(std::mem::take(&mut current));
            }
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| chars.get(at));
        let after = chars.get(at + 1);
        let starts = char.is_uppercase()
            && (before.is_some_and(|it| it.is_lowercase() || it.is_ascii_digit())
                || before.is_some_and(|it| it.is_uppercase())
                    && after.is_some_and(|it| it.is_lowercase()));
        if starts && !current.is_empty() {
            words.push(std::mem::take(&mut current));
        }
        current.extend(char.to_lowercase());
    }
    if !current.is_empty() {
        words.push(current);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_split_into_words() {
        assert_eq!(words_of("currentTenantID"), ["current", "tenant", "id"]);
        assert_eq!(words_of("TENANT_NAMESPACES"), ["tenant", "namespaces"]);
        assert_eq!(words_of("HTTPServer2Go"), ["http", "server2", "go"]);
        assert_eq!(words_of("acme-north"), ["acme", "north"]);
    }

    #[test]
    fn tables_are_sorted_for_searching() {
        assert!(SUBJECTS.is_sorted_by_key(|word| word.word));
        for table in [
            IDENTITY,
            NON_IDENTITY,
            SENTINELS,
            NEAR_MISS,
            COHORT_FOLDERS,
            ENVIRONMENT,
        ] {
            assert!(table.is_sorted());
        }
    }

    #[test]
    fn subjects_are_told_from_their_near_misses() {
        let vocab = Vocab::new(&["Garden".to_owned()]);
        assert!(vocab.subject("currentTenant") > 80 && vocab.subject("garden") > 80);
        assert_eq!(vocab.subject("azureTenant"), 0);
        assert_eq!(vocab.subject("tenantStatus"), 0);
        assert!(vocab.subject_identity("orgSlug") > 80);
        assert_eq!(vocab.subject_identity("stripeCustomerId"), 0);
        assert!(
            vocab.is_tenant_env_or_header("NEXT_PUBLIC_TENANT_SLUG")
                && vocab.is_tenant_env_or_header("x-tenant-id")
        );
        assert!(
            vocab.is_noise_literal("en-GB").is_some() && vocab.is_noise_literal("acme").is_none()
        );
    }
}
