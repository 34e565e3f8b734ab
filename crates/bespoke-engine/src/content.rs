//! Content ids: what git would call a file's bytes.

use bespoke_facts::ContentId;
use sha1::{Digest as _, Sha1};

/// The git blob id of `bytes`, as `git hash-object` gives it without filters.
pub fn content_id(bytes: &[u8]) -> ContentId {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    ContentId(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };

    use super::*;

    #[test]
    fn ids_are_those_of_git() {
        for bytes in [&b""[..], b"hello\n", b"a\0b\r\n\xff"] {
            let mut git = Command::new("git")
                .args(["hash-object", "--stdin", "--no-filters"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            git.stdin.take().unwrap().write_all(bytes).unwrap();
            let said = git.wait_with_output().unwrap().stdout;
            assert_eq!(
                content_id(bytes).to_string(),
                String::from_utf8(said).unwrap().trim()
            );
        }
    }
}
