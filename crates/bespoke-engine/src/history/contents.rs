//! What blobs say: read by several threads, each parsing what it decoded.

use std::sync::Arc;

use bespoke_analysis::{DataHit, DataScanner};
use bespoke_extract::{LANGUAGES, extract};
use bespoke_facts::{FileFacts, IssueReason, RepoPath};
use rayon::prelude::*;

use super::plan::{Content, How};
use crate::{data::MAX_BYTES, git::Repository, run::catch_quietly};

/// What a content says.
#[derive(Clone, Debug)]
pub(super) enum Said {
    /// Facts of source text.
    Facts(Arc<FileFacts>),
    /// Nothing, because it could not be read.
    Lost(IssueReason),
    /// Subjects that data name.
    Hits(Vec<DataHit>),
    /// Nothing was asked.
    Nothing,
}

/// Reads contents side by side; in the order of `wanted`.
pub(super) fn read_all(
    repository: &Repository,
    wanted: &[Content],
    limit: u64,
    data: Option<&DataScanner>,
) -> Vec<Said> {
    wanted
        .par_iter()
        .map_init(
            || repository.objects(),
            |objects, content| match content.how {
                How::Not => Said::Nothing,
                How::Source(language) => {
                    let said = objects
                        .blob(content.id, limit)
                        .and_then(|bytes| catch_quietly(|| extract(&bytes, LANGUAGES[language])));
                    match said {
                        Ok(facts) => Said::Facts(Arc::new(facts)),
                        Err(reason) => Said::Lost(reason),
                    }
                }
                How::Data(ending) => {
                    let Some(data) = data else {
                        return Said::Nothing;
                    };
                    let bytes = objects.blob(content.id, MAX_BYTES);
                    let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
                    let path = RepoPath::new(format!("x.{ending}"));
                    Said::Hits(text.map_or_else(Vec::new, |text| data.hits(&path, &text)))
                }
            },
        )
        .collect()
}
