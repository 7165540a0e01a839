//! How lists of named values look in JSON: as objects, in the order of the list. A name that is there twice is refused, so that what was
//! written by hand never passes with half of it unseen.

/// `list<attribute>` as an object.
pub(super) mod attributes {
    use std::fmt;

    use serde::de::{Deserializer, Error, MapAccess, Visitor};
    use serde::ser::Serializer;

    use crate::contract::{Attribute, Scalar};

    pub(in crate::contract) fn serialize<S: Serializer>(list: &[Attribute], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(list.iter().map(|attribute| (&attribute.name, &attribute.value)))
    }

    struct Pairs;

    impl<'de> Visitor<'de> for Pairs {
        type Value = Vec<Attribute>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of texts, whole numbers and flags")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut list: Vec<Attribute> = Vec::new();
            while let Some((name, value)) = map.next_entry::<String, Scalar>()? {
                if list.iter().any(|attribute| attribute.name == name) {
                    return Err(A::Error::custom(format_args!("`{name}` is there twice")));
                }
                list.push(Attribute { name, value });
            }
            Ok(list)
        }
    }

    pub(in crate::contract) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Attribute>, D::Error> {
        deserializer.deserialize_map(Pairs)
    }
}

/// `list<tuple<string, string>>` as an object.
pub(super) mod texts {
    use std::fmt;

    use serde::de::{Deserializer, Error, MapAccess, Visitor};
    use serde::ser::Serializer;

    pub(in crate::contract) fn serialize<S: Serializer>(list: &[(String, String)], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(list.iter().map(|(key, text)| (key, text)))
    }

    struct Pairs;

    impl<'de> Visitor<'de> for Pairs {
        type Value = Vec<(String, String)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object of texts")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut list: Vec<(String, String)> = Vec::new();
            while let Some((key, text)) = map.next_entry::<String, String>()? {
                if list.iter().any(|(known, _)| *known == key) {
                    return Err(A::Error::custom(format_args!("`{key}` is there twice")));
                }
                list.push((key, text));
            }
            Ok(list)
        }
    }

    pub(in crate::contract) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<(String, String)>, D::Error> {
        deserializer.deserialize_map(Pairs)
    }
}

/// The payload of `revoke-voucher` as `{"id": "…"}`, since a tagged variant needs an object.
pub(super) mod voucher_id {
    use serde::de::Deserializer;
    use serde::ser::Serializer;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Id<S> {
        id: S,
    }

    pub(in crate::contract) fn serialize<S: Serializer>(id: &str, serializer: S) -> Result<S::Ok, S::Error> {
        Id { id }.serialize(serializer)
    }

    pub(in crate::contract) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        Ok(Id::<String>::deserialize(deserializer)?.id)
    }
}
