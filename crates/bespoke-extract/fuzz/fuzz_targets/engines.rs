//! No engine panics, whatever the bytes; and where two of a language accept them, each says places that are there.
//!
//! `BESPOKE_FUZZ=oxc` (or another engine's name) leaves the others out. The first byte chooses the language.
#![no_main]

use std::{env, sync::LazyLock};

use bespoke_extract::{Engine, LANGUAGES, Language, extract_with};
use libfuzzer_sys::fuzz_target;

static ENGINES: LazyLock<Vec<(&'static Language, &'static Engine)>> = LazyLock::new(|| {
    let only = env::var("BESPOKE_FUZZ").ok();
    let engines = LANGUAGES
        .iter()
        .flat_map(|language| language.engines.iter().map(|engine| (*language, engine)));
    engines
        .filter(|(_, engine)| only.as_deref().is_none_or(|only| engine.name == only))
        .collect()
});

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, bytes)) = bytes.split_first() else {
        return;
    };
    let (_, engine) = ENGINES[usize::from(*choice) % ENGINES.len()];
    let facts = extract_with(bytes, std::slice::from_ref(engine));
    let len = String::from_utf8_lossy(bytes).len();
    for expr in &facts.exprs {
        assert!(
            expr.span.start <= expr.span.end && expr.span.end as usize <= len,
            "{} says {:?} of {len} bytes",
            engine.name,
            expr.span
        );
    }
});
