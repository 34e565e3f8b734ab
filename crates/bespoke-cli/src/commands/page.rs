//! What a page for people has beyond data: a name, and code.

use std::fs;

use bespoke_engine::Scan;
use bespoke_report::{Format, Report};

/// Gives a report its name and, where one of the forms shows code and it is the disk's, the code around its points.
pub(super) fn dress<'a>(
    report: &mut Report,
    scan: &Scan,
    forms: impl IntoIterator<Item = &'a Format>,
    with_code: bool,
) {
    if !forms.into_iter().any(|form| form.name == "html") {
        return;
    }
    let name = scan.root.file_name().unwrap_or(scan.root.as_os_str());
    report.extras.name = name.to_string_lossy().into_owned();
    if with_code {
        report.quote_code(&|path| source_of(scan, path));
    }
}

/// The text of a file that was scanned. It was no link then, and not too large; if it is gone since, there is none.
pub(super) fn source_of(scan: &Scan, path: &str) -> Option<String> {
    let bytes = fs::read(scan.root.join(path)).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
