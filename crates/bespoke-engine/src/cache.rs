//! What was worked out before: facts by content, rows of histories.
//!
//! One `SQLite` file in a folder that a CI job can save and restore. Several processes may use it at once, and a process
//! may be killed at any time (write-ahead log). Losing it costs time only: a file that is no cache, or a broken one, is
//! set aside, and any fault turns the cache off for the rest of the run.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bespoke_extract::FINGERPRINT;
use bespoke_facts::{ContentId, FileFacts};
use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

/// Name of the file in the cache's folder.
const FILE: &str = "bespoke-cache.sqlite";
/// Marks the file as ours: `bspk`.
const APPLICATION: i32 = 0x6273_706b;
/// Of the tables; another one is set aside.
const VERSION: i32 = 1;
/// How long to wait for another process.
const PATIENCE: Duration = Duration::from_secs(5);
/// Largest size of the file, in bytes, before what was not used for longest goes.
const MAX_BYTES: i64 = 4 << 30;

/// Kept results.
#[derive(Debug)]
pub(crate) struct Cache {
    open: Mutex<Option<Connection>>,
    warnings: Mutex<Vec<String>>,
}

/// What facts are of: content, language, and the program that extracts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct FactsKey([u8; 29]);

impl FactsKey {
    /// Of a content in a language of the table, read by the engines of a name.
    pub(crate) fn new(content: ContentId, language: &str, engine: Option<&str>) -> Self {
        let mut key = [0; 29];
        key[..20].copy_from_slice(&content.0);
        let by = fnv(&[FINGERPRINT, language, engine.unwrap_or_default()]);
        key[20..28].copy_from_slice(&by.to_be_bytes());
        key[28] = 1;
        Self(key)
    }
}

/// FNV-1a, 64 bit, of several texts: the same in every run.
pub(crate) fn fnv(texts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for text in texts {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash
}

/// Where a cache is kept where nothing else is said: the user's folder for such, as the XDG Base Directory
/// Specification has it.
pub fn default_cache_dir() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from);
    let absolute = |path: &PathBuf| path.is_absolute();
    let base = variable("XDG_CACHE_HOME").filter(absolute).or_else(|| {
        let local = variable("LOCALAPPDATA").filter(|_| cfg!(windows));
        local.or_else(|| variable("HOME").map(|home| home.join(".cache")))
    })?;
    absolute(&base).then(|| base.join("bespoke"))
}

impl Cache {
    /// A cache that keeps nothing.
    pub(crate) fn none() -> Self {
        Self {
            open: Mutex::new(None),
            warnings: Mutex::default(),
        }
    }

    /// The cache in a folder, which is made if it is not there.
    pub(crate) fn open(folder: &Path) -> Self {
        let cache = Self::none();
        let file = folder.join(FILE);
        let opened = fs::create_dir_all(folder)
            .map_err(|error| error.to_string())
            .and_then(|()| match connect(&file) {
                Ok(connection) => Ok(connection),
                Err(Fault::Foreign(why)) => {
                    let aside = file.with_extension("sqlite.aside");
                    cache.warn(format!(
                        "{} is no cache of this program ({why}); it is kept as {}, and a new one is made",
                        file.display(),
                        aside.display()
                    ));
                    fs::rename(&file, &aside).map_err(|error| error.to_string())?;
                    for end in ["-wal", "-shm"] {
                        let mut beside = file.clone().into_os_string();
                        beside.push(end);
                        let _ = fs::remove_file(beside);
                    }
                    connect(&file).map_err(Fault::why)
                }
                Err(Fault::Other(why)) => Err(why),
            });
        match opened {
            Ok(connection) => *cache.lock() = Some(connection),
            Err(why) => cache.warn(format!("no cache in {}: {why}", folder.display())),
        }
        cache
    }

    /// Whether it keeps anything.
    pub(crate) fn is_open(&self) -> bool {
        self.lock().is_some()
    }

    /// What went wrong so far.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let warnings = self.warnings.lock();
        warnings.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn warn(&self, warning: String) {
        let warnings = self.warnings.lock();
        warnings
            .unwrap_or_else(PoisonError::into_inner)
            .push(warning);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Connection>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works with the file; a fault turns the cache off.
    fn with<T: Default>(&self, work: impl FnOnce(&mut Connection) -> rusqlite::Result<T>) -> T {
        let mut open = self.lock();
        let Some(connection) = open.as_mut() else {
            return T::default();
        };
        match work(connection) {
            Ok(value) => value,
            Err(error) => {
                *open = None;
                drop(open);
                self.warn(format!("the cache is left alone from here on: {error}"));
                T::default()
            }
        }
    }

    /// Kept values of facts, encoded, in the order of `keys`.
    pub(crate) fn facts(&self, keys: &[FactsKey]) -> Vec<Option<Vec<u8>>> {
        let keys: Vec<&[u8]> = keys.iter().map(|key| &key.0[..]).collect();
        self.get("facts", &keys)
    }

    /// Keeps facts as [`encode`] gives them.
    pub(crate) fn put_facts(&self, values: &[(FactsKey, Vec<u8>)]) {
        let values: Vec<(&[u8], &[u8])> = values
            .iter()
            .map(|(key, value)| (&key.0[..], value.as_slice()))
            .collect();
        self.put("facts", &values);
    }

    /// Kept values of any other kind.
    pub(crate) fn results(&self, keys: &[Vec<u8>]) -> Vec<Option<Vec<u8>>> {
        let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
        self.get("results", &keys)
    }

    /// Keeps values of any other kind.
    pub(crate) fn put_results(&self, values: &[(Vec<u8>, Vec<u8>)]) {
        let values: Vec<(&[u8], &[u8])> = values
            .iter()
            .map(|(key, value)| (key.as_slice(), value.as_slice()))
            .collect();
        self.put("results", &values);
    }

    fn get(&self, table: &str, keys: &[&[u8]]) -> Vec<Option<Vec<u8>>> {
        if keys.is_empty() {
            return Vec::new();
        }
        let mut found = self.with(|connection| {
            let transaction = connection.transaction()?;
            let mut found = Vec::with_capacity(keys.len());
            {
                let mut select =
                    transaction.prepare(&format!("SELECT value FROM {table} WHERE key = ?1"))?;
                for key in keys {
                    found.push(select.query_row([key], |row| row.get(0)).optional()?);
                }
            }
            transaction.commit()?;
            Ok(found)
        });
        found.resize(keys.len(), None);
        found
    }

    fn put(&self, table: &str, values: &[(&[u8], &[u8])]) {
        if values.is_empty() {
            return;
        }
        let today = today();
        self.with(|connection| {
            let transaction = connection.transaction()?;
            {
                let mut insert = transaction.prepare(&format!(
                    "INSERT OR REPLACE INTO {table} (key, value, day) VALUES (?1, ?2, ?3)"
                ))?;
                for (key, value) in values {
                    insert.execute(params![key, value, today])?;
                }
            }
            transaction.commit()
        });
    }

    /// Lets go of what is oldest if the file is too large.
    pub(crate) fn trim(&self) {
        self.trim_to(MAX_BYTES);
    }

    fn trim_to(&self, most: i64) {
        self.with(|connection| {
            let transaction = connection.transaction()?;
            while used(&transaction)? > most {
                let oldest: Option<i64> = transaction.query_row(
                    "SELECT min(day) FROM (SELECT min(day) AS day FROM facts UNION ALL SELECT min(day) FROM results)",
                    [],
                    |row| row.get(0),
                )?;
                let Some(day) = oldest else { break };
                transaction.execute("DELETE FROM facts WHERE day <= ?1", [day])?;
                transaction.execute("DELETE FROM results WHERE day <= ?1", [day])?;
            }
            transaction.commit()
        });
    }
}

/// Bytes of the pages that hold something.
fn used(transaction: &Transaction<'_>) -> rusqlite::Result<i64> {
    let pragma =
        |name: &str| transaction.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0));
    let (pages, free, size): (i64, i64, i64) = (
        pragma("page_count")?,
        pragma("freelist_count")?,
        pragma("page_size")?,
    );
    Ok((pages - free) * size)
}

/// Days since 1970: how long ago something was kept, and no part of any result.
fn today() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs() / 86_400).unwrap_or(0)
    })
}

enum Fault {
    /// The file is somebody else's, or broken.
    Foreign(String),
    Other(String),
}

impl Fault {
    fn why(self) -> String {
        match self {
            Self::Foreign(why) | Self::Other(why) => why,
        }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match error.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => Self::Foreign(error.to_string()),
            _ => Self::Other(error.to_string()),
        }
    }
}

fn connect(file: &Path) -> Result<Connection, Fault> {
    let connection = Connection::open(file)?;
    connection.busy_timeout(PATIENCE)?;
    let pragma = |name: &str| connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0));
    let (application, version): (i32, i32) = (pragma("application_id")?, pragma("user_version")?);
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if tables > 0 && (application, version) != (APPLICATION, VERSION) {
        return Err(Fault::Foreign(format!("version {version}")));
    }
    // On file systems without shared memory `SQLite` keeps another journal by itself.
    let _: String = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    connection.execute_batch(&format!(
        "PRAGMA synchronous = NORMAL;
         PRAGMA application_id = {APPLICATION};
         PRAGMA user_version = {VERSION};
         CREATE TABLE IF NOT EXISTS facts (key BLOB PRIMARY KEY, value BLOB NOT NULL, day INTEGER NOT NULL) WITHOUT ROWID;
         CREATE TABLE IF NOT EXISTS results (key BLOB PRIMARY KEY, value BLOB NOT NULL, day INTEGER NOT NULL) WITHOUT ROWID;"
    ))?;
    Ok(connection)
}

/// Facts as they are kept.
pub(crate) fn encode(facts: &FileFacts) -> Option<Vec<u8>> {
    let bytes = postcard::to_stdvec(facts).ok()?;
    Some(lz4_flex::compress_prepend_size(&bytes))
}

/// Facts that were kept; `None` if these bytes are none.
pub(crate) fn decode(bytes: &[u8]) -> Option<FileFacts> {
    let bytes = lz4_flex::decompress_size_prepended(bytes).ok()?;
    postcard::from_bytes(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use bespoke_extract::{extract, language_for_path};

    use super::*;

    fn key(byte: u8) -> FactsKey {
        FactsKey::new(ContentId([byte; 20]), "typescript", None)
    }

    #[test]
    fn what_is_kept_is_there_for_the_next_process() {
        let folder = tempfile::tempdir().unwrap();
        Cache::open(folder.path()).put_facts(&[(key(1), b"one".to_vec())]);
        let cache = Cache::open(folder.path());
        // Another process that holds it open is no hindrance.
        let other = Cache::open(folder.path());
        other.put_facts(&[(key(3), b"three".to_vec())]);
        let found = cache.facts(&[key(1), key(2), key(3)]);
        assert_eq!(
            found,
            [Some(b"one".to_vec()), None, Some(b"three".to_vec())]
        );
        assert_eq!(cache.warnings(), [""; 0]);
    }

    #[test]
    fn a_file_that_is_no_cache_is_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(
            folder.path().join(FILE),
            "not a database at all, but long enough to be read as one",
        )
        .unwrap();
        let cache = Cache::open(folder.path());
        assert!(
            cache.warnings()[0].contains("is no cache of this program"),
            "{:?}",
            cache.warnings()
        );
        cache.put_facts(&[(key(1), b"one".to_vec())]);
        assert_eq!(cache.facts(&[key(1)]), [Some(b"one".to_vec())]);
        let aside = fs::read(folder.path().join(FILE).with_extension("sqlite.aside")).unwrap();
        assert!(aside.starts_with(b"not a database"));
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_a_warning() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "").unwrap();
        let cache = Cache::open(&file);
        assert!(cache.warnings()[0].starts_with("no cache in "));
        assert_eq!(cache.facts(&[key(1)]), [None]);
    }

    #[test]
    fn the_oldest_goes_first() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path());
        for byte in 0..200 {
            cache.put_facts(&[(key(byte), vec![byte; 4_000])]);
        }
        cache.with(|connection| {
            connection.execute("UPDATE facts SET day = 5 WHERE key < ?1", [&key(100).0[..]])
        });
        cache.trim_to(700_000);
        assert_eq!(
            cache
                .facts(&[key(0), key(150)])
                .iter()
                .map(Option::is_some)
                .collect::<Vec<_>>(),
            [false, true]
        );
    }

    #[test]
    fn facts_are_read_as_they_were_written() {
        let source = include_bytes!("cache.rs");
        let facts = extract(source, language_for_path("a.rs").unwrap());
        let bytes = encode(&facts).unwrap();
        assert_eq!(decode(&bytes).as_ref(), Some(&facts));
        assert_eq!(decode(&bytes[..bytes.len() / 2]), None);
        assert_eq!(decode(b"\xff\xff\xff\x0f garbage"), None);
    }
}
