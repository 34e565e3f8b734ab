//! A fingerprint of all that makes facts of bytes, so that facts which were kept are known to be of this program.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads its own sources; the library reads nothing"
)]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

fn main() {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for folder in [here.join("src"), here.join("../bespoke-facts/src")] {
        println!("cargo:rerun-if-changed={}", folder.display());
        add(&folder, &mut hash);
    }
    // Grammars are pinned in the workspace's manifest and lock file.
    for file in [here.join("Cargo.toml"), here.join("../../Cargo.lock")] {
        println!("cargo:rerun-if-changed={}", file.display());
        mix(&fs::read(&file).unwrap_or_default(), &mut hash);
    }
    println!("cargo:rustc-env=BESPOKE_EXTRACT_FINGERPRINT={hash:016x}");
}

/// Every file of a folder, in the order of their names.
fn add(folder: &Path, hash: &mut u64) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add(&path, hash);
        } else {
            mix(&fs::read(&path).unwrap_or_default(), hash);
        }
    }
}

/// FNV-1a, 64 bit.
fn mix(bytes: &[u8], hash: &mut u64) {
    for byte in bytes {
        *hash = (*hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
}
