//! Where in a call something stands: the key, the default, the context.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, SeqAccess, Visitor},
};

/// What [`Place`] is written as, for errors.
const FORMS: &str = "a position such as `0`, `first-constant`, `list`, `named:x`, `prop:x`, `object:x`, `keys`, \
                     `result`, `result:x`, `name` or `receiver`";

/// Where in a call something stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// `0`: an argument's position. A list there has several keys.
    Position(usize),
    /// `first-constant`: the first argument that is a literal or a constant.
    FirstConstant,
    /// `list`: the first argument that is a list.
    List,
    /// `named:x`, `prop:x`: a named argument, an attribute of a component.
    Named(String),
    /// `object:x`: a property of an object argument; `object:x.y` one of its own property's, also through lists.
    Object(Vec<String>),
    /// `keys`: the names of an object argument's properties.
    Keys,
    /// `result`: a property of what the call gives; `result:x`: a property of its property `x`.
    Result(Option<String>),
    /// `name`: the name of the method or property.
    Name,
    /// `receiver`: the name of what the method is called on.
    Receiver,
}

/// Places, of which the first that a call has counts; by default its first argument.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Places(pub Vec<Place>);

impl Default for Places {
    fn default() -> Self {
        Self(vec![Place::Position(0)])
    }
}

impl Place {
    fn parse(text: &str) -> Option<Self> {
        let place = match text.split_once(':') {
            None => match text {
                "first-constant" => Self::FirstConstant,
                "list" => Self::List,
                "keys" => Self::Keys,
                "result" => Self::Result(None),
                "name" => Self::Name,
                "receiver" => Self::Receiver,
                _ => Self::Position(text.parse().ok()?),
            },
            Some((_, "")) => return None,
            Some(("named" | "prop", name)) => Self::Named(name.to_owned()),
            Some(("object", path)) => Self::Object(path.split('.').map(str::to_owned).collect()),
            Some(("result", name)) => Self::Result(Some(name.to_owned())),
            Some(_) => return None,
        };
        Some(place)
    }
}

impl<'de> Deserialize<'de> for Places {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PlacesVisitor)
    }
}

struct PlacesVisitor;

impl<'de> Visitor<'de> for PlacesVisitor {
    type Value = Places;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FORMS}, or a list of these")
    }

    fn visit_i64<E: Error>(self, position: i64) -> Result<Places, E> {
        let position = usize::try_from(position).map_err(|_| {
            E::custom(format!(
                "no argument has the position {position}: expected {FORMS}"
            ))
        })?;
        Ok(Places(vec![Place::Position(position)]))
    }

    fn visit_u64<E: Error>(self, position: u64) -> Result<Places, E> {
        self.visit_i64(i64::try_from(position).unwrap_or(i64::MAX))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Places, E> {
        let place = Place::parse(text).ok_or_else(|| {
            E::custom(format!("`{text}` is no place in a call: expected {FORMS}"))
        })?;
        Ok(Places(vec![place]))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Places, A::Error> {
        let mut all = Vec::new();
        while let Some(Places(places)) = seq.next_element()? {
            all.extend(places);
        }
        if all.is_empty() {
            return Err(A::Error::custom(format!("an empty list: expected {FORMS}")));
        }
        Ok(Places(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Row {
        key: Places,
    }

    fn check(toml: &str, expected: &[Place]) {
        let row: Row = toml::from_str(toml).unwrap_or_else(|error| panic!("{toml}: {error}"));
        assert_eq!(row.key.0, expected, "{toml}");
    }

    #[test]
    fn places_are_read_as_they_are_written() {
        check("key = 1", &[Place::Position(1)]);
        check(r#"key = "1""#, &[Place::Position(1)]);
        check(r#"key = "prop:flag""#, &[Place::Named("flag".to_owned())]);
        check(
            r#"key = "object:flags.key""#,
            &[Place::Object(vec!["flags".to_owned(), "key".to_owned()])],
        );
        check(
            r#"key = "result:flags""#,
            &[Place::Result(Some("flags".to_owned()))],
        );
        check(
            r#"key = [0, "named:flag_key"]"#,
            &[Place::Position(0), Place::Named("flag_key".to_owned())],
        );
    }

    #[test]
    fn what_is_no_place_is_told() {
        for wrong in [
            r#""nmaed:flag""#,
            r#""named:""#,
            r#""first""#,
            "-1",
            "[]",
            "true",
        ] {
            let error = toml::from_str::<Row>(&format!("key = {wrong}"))
                .expect_err(wrong)
                .to_string();
            assert!(error.contains("first-constant"), "{wrong}: {error}");
        }
    }
}
