//! Objects field by field: what [`settings!`](crate::settings!) expands to calls these. They are the same code for every struct, which keeps components small.

use std::borrow::Cow;

use super::json::{Json, write_text};
use super::{Place, Problems, Setting, Within};

/// An object that is being read.
#[derive(Debug)]
pub struct Object<'j, 'p> {
    members: &'j [(Cow<'j, str>, Json<'j>)],
    place: &'p Place<'p>,
}

impl<'j, 'p> Object<'j, 'p> {
    /// The object that `json` is; reports fields that it should not have, or has twice.
    #[must_use]
    pub fn of(json: &'j Json<'j>, place: &'p Place<'p>, fields: &[&str], problems: &mut Problems) -> Option<Self> {
        let Json::Object(members) = json else {
            problems.at(place.pointer(), "an object");
            return None;
        };
        for (index, (name, _)) in members.iter().enumerate() {
            let detail = if !fields.iter().any(|field| field == name) {
                format!("not known; known are: {}", fields.join(", "))
            } else if members.iter().take(index).any(|(other, _)| other == name) {
                "given twice".to_owned()
            } else {
                continue;
            };
            problems.at(Place::Field(place, name).pointer(), detail);
        }
        Some(Self { members, place })
    }

    /// The field `name`, or its default.
    #[must_use]
    pub fn field<S: Setting>(&self, name: &'static str, default: Option<fn() -> S>, within: Within, problems: &mut Problems) -> Option<S> {
        let place = Place::Field(self.place, name);
        let given = self.members.iter().find(|(given, _)| given == name);
        match (given, default) {
            (Some((_, json)), _) => S::read(json, &place, within, problems),
            (None, Some(default)) => Some(default()),
            (None, None) => {
                problems.at(place.pointer(), "required");
                None
            }
        }
    }
}

/// The schema of an object that is being written.
#[derive(Debug)]
pub struct Properties<'s> {
    schema: &'s mut String,
    required: Vec<&'static str>,
    any: bool,
}

impl<'s> Properties<'s> {
    /// Begins the schema of an object described by `about`: as its title, since the description is that of the field it stands in.
    #[must_use]
    pub fn begin(about: &str, schema: &'s mut String) -> Self {
        schema.push_str("\"type\":\"object\",\"title\":");
        // An example for the program's author is none for the merchant who reads this.
        let words = about.split("```").next().unwrap_or(about);
        write_text(words.trim(), schema);
        schema.push_str(",\"properties\":{");
        Self { schema, required: Vec::new(), any: false }
    }

    /// Adds the field `name`.
    pub fn add<S: Setting>(&mut self, name: &'static str, about: &str, default: Option<fn() -> S>, within: Within) {
        if self.any {
            self.schema.push(',');
        }
        self.any = true;
        write_text(name, self.schema);
        self.schema.push_str(":{");
        S::schema(within, self.schema);
        self.schema.push_str(",\"description\":");
        write_text(about.trim(), self.schema);
        match default {
            Some(default) => {
                self.schema.push_str(",\"default\":");
                default().write(self.schema);
            }
            None => self.required.push(name),
        }
        self.schema.push('}');
    }

    /// Ends it.
    pub fn end(self) {
        self.schema.push('}');
        if !self.required.is_empty() {
            self.schema.push_str(",\"required\":");
            let mut before = '[';
            for name in self.required {
                self.schema.push(before);
                write_text(name, self.schema);
                before = ',';
            }
            self.schema.push(']');
        }
        self.schema.push_str(",\"additionalProperties\":false");
    }
}
