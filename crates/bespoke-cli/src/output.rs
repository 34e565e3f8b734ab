//! Files that are whole or not there.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use crate::failure::Failure;

/// Files that are being written, for [`remove_unfinished`].
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Writes a file through a temporary one beside it, so that nobody ever sees half of it.
///
/// What is no regular file, such as a pipe, is written to as it is.
pub(crate) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let result = match fs::canonicalize(path) {
        Ok(real) if real.is_file() => replace(&real, write),
        Ok(real) => OpenOptions::new()
            .write(true)
            .open(real)
            .and_then(|file| fill(file, write)),
        Err(_) => replace(path, write),
    };
    result.map_err(|error| cannot_write(path, &error))
}

/// Fails early if a file could not be written, so that nobody waits for a scan whose result gets lost.
pub(crate) fn check_file(path: &Path) -> Result<(), Failure> {
    let folder = folder_of(path);
    match fs::metadata(folder) {
        Err(error) => return Err(cannot_write(path, &error)),
        Ok(metadata) if !metadata.is_dir() => {
            return Err(cannot_write(path, &io::ErrorKind::NotADirectory.into()));
        }
        Ok(_) => {}
    }
    if path.is_dir() {
        return Err(cannot_write(path, &io::ErrorKind::IsADirectory.into()));
    }
    if path.exists() && !path.is_file() {
        return Ok(());
    }
    // Permissions alone do not tell: read-only file systems and owners differ.
    let probe = Unfinished::create(path).map_err(|error| cannot_write(path, &error))?;
    drop(probe);
    Ok(())
}

/// Removes what is half-written; for Ctrl-C, after which nothing is written any more.
pub(crate) fn remove_unfinished() {
    for path in UNFINISHED
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .drain(..)
    {
        // Whatever happens, the program is about to end.
        let _ = fs::remove_file(path);
    }
}

fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let (unfinished, file) = Unfinished::create(path)?;
    fill(file, write)?;
    fs::rename(&unfinished.0, path)
}

fn fill(file: File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    out.flush()
}

/// A temporary file; removed when dropped, unless it has been renamed.
struct Unfinished(PathBuf);

impl Unfinished {
    fn create(path: &Path) -> io::Result<(Self, File)> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
        let mut temporary = OsString::from(".");
        temporary.push(name);
        temporary.push(format!(".{}.tmp", std::process::id()));
        let temporary = folder_of(path).join(temporary);
        let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&temporary)?;
        unfinished.push(temporary.clone());
        Ok((Self(temporary), file))
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        UNFINISHED
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|path| *path != self.0);
        // Not there any more once renamed.
        let _ = fs::remove_file(&self.0);
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::new(format!("cannot write {}: {error}", path.display()));
    match error.kind() {
        io::ErrorKind::NotFound => failure.hint("its folder must be there already"),
        io::ErrorKind::IsADirectory => failure.hint("name a file in it"),
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        fs::write(&path, "old").unwrap();
        write_file(&path, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(names(folder.path()), ["report.json"]);
    }

    #[test]
    fn a_failure_half_way_leaves_the_old_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        fs::write(&path, "old").unwrap();
        let failed = write_file(&path, |out| {
            out.write_all(b"half")?;
            out.flush()?;
            Err(io::ErrorKind::StorageFull.into())
        });
        assert!(failed.is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(names(folder.path()), ["report.json"]);
    }

    #[test]
    fn checking_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        check_file(&folder.path().join("report.json")).unwrap();
        assert!(names(folder.path()).is_empty());
        assert!(check_file(&folder.path().join("none/report.json")).is_err());
        assert!(check_file(folder.path()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_written_through_and_a_device_is_kept() {
        use std::os::unix::fs::{FileTypeExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let [file, link] = ["file", "link"].map(|name| folder.path().join(name));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        write_file(&link, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(link.is_symlink());

        let null = Path::new("/dev/null");
        write_file(null, |out| out.write_all(b"gone")).unwrap();
        assert!(fs::metadata(null).unwrap().file_type().is_char_device());
    }
}
