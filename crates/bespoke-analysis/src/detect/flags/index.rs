//! The SDK table by the names that code calls.

use rustc_hash::FxHashMap;

use super::super::{
    sdks::{FlagCall, Form, Lookalike, Place, Sdk, builtin_sdks},
    vocab::Vocab,
};

/// One way to evaluate a flag, and whose.
#[derive(Debug)]
pub(super) struct Row {
    /// Name of the SDK.
    pub(super) sdk: String,
    pub(super) call: FlagCall,
}

impl Row {
    /// The property of its result through which flags are read, if they are read of the result at all.
    #[expect(
        clippy::option_option,
        reason = "read of the result or not, and then of a property of it or not"
    )]
    pub(super) fn result(&self) -> Option<Option<&str>> {
        self.call.key.0.iter().find_map(|place| match place {
            Place::Result(through) => Some(through.as_deref()),
            _ => None,
        })
    }
}

/// The table by name of call.
#[derive(Debug)]
pub(crate) struct SdkIndex {
    pub(super) rows: Vec<Row>,
    pub(super) calls: FxHashMap<String, Vec<usize>>,
    pub(super) properties: FxHashMap<String, Vec<usize>>,
    /// Rows for any name, by the folded name of their receiver.
    pub(super) any_call: FxHashMap<String, Vec<usize>>,
    pub(super) any_property: FxHashMap<String, Vec<usize>>,
    pub(super) lookalikes: FxHashMap<String, Vec<Lookalike>>,
}

impl SdkIndex {
    /// Indexes the user's rows, which come first, and the built-in table.
    pub(crate) fn new(extra: &[Sdk]) -> Self {
        let mut index = Self {
            rows: Vec::new(),
            calls: FxHashMap::default(),
            properties: FxHashMap::default(),
            any_call: FxHashMap::default(),
            any_property: FxHashMap::default(),
            lookalikes: FxHashMap::default(),
        };
        for sdk in extra.iter().chain(builtin_sdks()) {
            for call in &sdk.calls {
                index.add(&sdk.name, call);
            }
            for lookalike in &sdk.lookalikes {
                for name in &lookalike.names {
                    let known = index.lookalikes.entry(name.clone()).or_default();
                    known.push(lookalike.clone());
                }
            }
        }
        index
    }

    fn add(&mut self, sdk: &str, call: &FlagCall) {
        let at = self.rows.len();
        let is_property = call.form == Form::Property;
        let (named, any) = if is_property {
            (&mut self.properties, &mut self.any_property)
        } else {
            (&mut self.calls, &mut self.any_call)
        };
        for name in &call.names {
            if name == "*" {
                for receiver in &call.receivers {
                    any.entry(Vocab::fold(receiver)).or_default().push(at);
                }
            } else {
                named.entry(name.clone()).or_default().push(at);
            }
        }
        self.rows.push(Row {
            sdk: sdk.to_owned(),
            call: call.clone(),
        });
    }
}
