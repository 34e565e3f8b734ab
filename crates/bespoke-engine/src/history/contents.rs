//! What blobs say: kept from before, or read by several threads, each parsing what it decoded.

use std::sync::Arc;

use bespoke_analysis::{DataHit, DataScanner};
use bespoke_extract::LANGUAGES;
use bespoke_facts::{FileFacts, IssueReason, RepoPath};
use rayon::prelude::*;

use super::plan::{Content, How};
use crate::{
    cache::{Cache, FactsKey, decode, encode},
    data::MAX_BYTES,
    git::{Objects, Repository},
    run::{extract_safely, may_be_kept},
    store::content_id,
};

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

/// What is to be kept, and under what.
type Keep = Option<(FactsKey, Vec<u8>)>;

/// How contents are read.
pub(super) struct Contents<'a> {
    pub(super) repository: &'a Repository,
    pub(super) cache: &'a Cache,
    /// Largest source file, in bytes.
    pub(super) limit: u64,
    /// As in [`crate::Options::engine`].
    pub(super) engine: Option<&'a str>,
}

impl Contents<'_> {
    /// Reads contents side by side; in the order of `wanted`.
    pub(super) fn read_all(&self, wanted: &[Content], data: Option<&DataScanner>) -> Vec<Said> {
        let sources = wanted.iter().filter_map(|content| self.key_of(content));
        let mut kept = self.cache.facts(&sources.collect::<Vec<_>>()).into_iter();
        let work: Vec<(&Content, Option<Vec<u8>>)> = wanted
            .iter()
            .map(|content| {
                let kept = self.key_of(content).and_then(|_| kept.next().flatten());
                (content, kept)
            })
            .collect();
        let keeps = self.cache.is_open();
        let read: Vec<(Said, Keep)> = work
            .into_par_iter()
            .map_init(
                || self.repository.objects(),
                |objects, (content, kept)| self.read(objects, content, kept, keeps, data),
            )
            .collect();
        let mut said = Vec::with_capacity(read.len());
        let mut new = Vec::new();
        for (one, keep) in read {
            said.push(one);
            new.extend(keep);
        }
        self.cache.put_facts(&new);
        said
    }

    fn read(
        &self,
        objects: &Objects,
        content: &Content,
        kept: Option<Vec<u8>>,
        keeps: bool,
        data: Option<&DataScanner>,
    ) -> (Said, Keep) {
        match content.how {
            How::Not => (Said::Nothing, None),
            How::Source(language) => {
                if let Some(facts) = kept.and_then(|bytes| decode(&bytes)) {
                    return (Said::Facts(Arc::new(facts)), None);
                }
                let said = objects
                    .blob(content.id, self.limit)
                    .and_then(|bytes| extract_safely(&bytes, LANGUAGES[language], self.engine));
                match said {
                    Ok(facts) => {
                        let key = self
                            .key_of(content)
                            .filter(|_| keeps && may_be_kept(&facts));
                        let keep = key.and_then(|key| Some((key, encode(&facts)?)));
                        (Said::Facts(Arc::new(facts)), keep)
                    }
                    Err(reason) => (Said::Lost(reason), None),
                }
            }
            How::Data(ending) => {
                let Some(data) = data else {
                    return (Said::Nothing, None);
                };
                let bytes = objects.blob(content.id, MAX_BYTES);
                let text = bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok());
                let path = RepoPath::new(format!("x.{ending}"));
                let hits = text.map_or_else(Vec::new, |text| data.hits(&path, &text));
                (Said::Hits(hits), None)
            }
        }
    }

    /// Under what the facts of a content are kept.
    fn key_of(&self, content: &Content) -> Option<FactsKey> {
        match content.how {
            How::Source(language) => Some(FactsKey::new(
                content_id(content.id),
                LANGUAGES[language].name,
                self.engine,
            )),
            _ => None,
        }
    }
}
