//! The bytes of one file.

use std::{
    fs::File,
    io::{self, Read as _},
    path::Path,
};

use bespoke_facts::IssueReason;

use crate::discover::reason_of_io;

/// Fills `buffer` with a file's bytes; at most `limit` of them, so that a file which grows cannot fill the memory.
pub(crate) fn read(file: &Path, limit: u64, buffer: &mut Vec<u8>) -> Result<(), IssueReason> {
    buffer.clear();
    let size = fill(file, limit, buffer).map_err(|error| reason_of_io(&error))?;
    if buffer.len() as u64 > limit {
        return Err(IssueReason::TooLarge { size, limit });
    }
    Ok(())
}

fn fill(file: &Path, limit: u64, buffer: &mut Vec<u8>) -> io::Result<u64> {
    let file = File::open(file)?;
    let size = file.metadata()?.len();
    // One byte past the limit tells a file at the limit from one over it. Who asks for no more than there is need not
    // ask again whether that was all; some file systems tell no size.
    let most = limit.saturating_add(1);
    let most = if size == 0 { most } else { most.min(size) };
    buffer.reserve(usize::try_from(most.min(size)).unwrap_or(0));
    file.take(most).read_to_end(buffer)?;
    Ok(size.max(buffer.len() as u64))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_cannot_be_read_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut buffer = b"left from before".to_vec();
        let at = |name: &str| folder.path().join(name);
        assert_eq!(
            read(&at("gone.ts"), 10, &mut buffer),
            Err(IssueReason::Vanished)
        );
        fs::create_dir(at("folder.ts")).unwrap();
        let reason = read(&at("folder.ts"), 10, &mut buffer).unwrap_err();
        assert_eq!(reason.id(), "unreadable");
        fs::write(at("a.ts"), "12345").unwrap();
        assert_eq!(
            read(&at("a.ts"), 4, &mut buffer),
            Err(IssueReason::TooLarge { size: 5, limit: 4 })
        );
        assert_eq!(read(&at("a.ts"), 5, &mut buffer), Ok(()));
        assert_eq!(buffer, b"12345");
    }
}
