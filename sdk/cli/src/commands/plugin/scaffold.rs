//! The templates of `plugin new`, as they are written into a folder, in each language. They live as files in `templates/`, and are built and tested by this
//! crate's own tests. The cases are the same in every language; what differs is the fuel they may use.

use super::new::Lang;

/// A template: what it is for, and its files.
pub struct Template {
    /// What it is asked for by.
    pub name: &'static str,
    /// One line for the crate's description and the list of templates.
    pub description: &'static str,
    rust: [&'static str; 2],
    script: [&'static str; 2],
    cases: &'static [(&'static str, &'static str)],
}

/// What a case of a template may use in Rust, as its file says.
const FUEL: &str = "\"fuel_max\": 40000";
/// The same where the component brings its engine.
const FUEL_ENGINE: &str = "\"fuel_max\": 20000000";

macro_rules! template {
    ($name:literal, $description:literal, [$($case:literal),*]) => {
        Template {
            name: $name,
            description: $description,
            rust: [
                include_str!(concat!("../../../templates/", $name, "/lib.rs")),
                include_str!(concat!("../../../templates/", $name, "/tests.rs")),
            ],
            script: [
                include_str!(concat!("../../../templates/js/", $name, "/index.js.in")),
                include_str!(concat!("../../../templates/js/", $name, "/rules.test.js.in")),
            ],
            cases: &[$(($case, include_str!(concat!("../../../templates/", $name, "/cases/", $case)))),*],
        }
    };
}

/// All of them; the first is taken when nobody says.
pub const TEMPLATES: [Template; 3] = [
    template!(
        "points-per-spend",
        "A point for every dollar, double points on chosen goods.",
        ["base.json", "double.json", "total-only.json", "bad-config.json"]
    ),
    template!("stamp-card", "Every tenth coffee is free.", ["first-stamp.json", "card-full.json", "voucher-given-once.json", "offer.json"]),
    template!(
        "tiers",
        "Bronze, silver, gold: the more a member spends in a year, the more every dollar earns.",
        ["no-tier.json", "rises.json", "stays.json"]
    ),
];

impl Template {
    /// Path and text of every file of a plugin of that name, which takes the SDK from that path.
    #[must_use]
    pub fn files(&self, lang: Lang, name: &str, sdk: &str) -> Vec<(String, String)> {
        let extension = if lang == Lang::Ts { "ts" } else { "js" };
        let cases = include_str!("../../../templates/common/cases.md.in");
        let fill = |text: &str| {
            text.replace("{{cases}}", cases)
                .replace("{{name}}", name)
                .replace("{{description}}", self.description)
                .replace("{{sdk}}", sdk)
                .replace("{{ext}}", extension)
        };
        let [rules, tests] = if lang == Lang::Rust { self.rust } else { self.script };
        let file = |path: &str, text: &str| (path.to_owned(), fill(text));
        let mut files = match lang {
            Lang::Rust => vec![
                file("Cargo.toml", include_str!("../../../templates/common/Cargo.toml.in")),
                file("README.md", include_str!("../../../templates/common/README.md.in")),
                file(".gitignore", include_str!("../../../templates/common/gitignore.in")),
                file("src/lib.rs", rules),
                file("src/tests.rs", tests),
            ],
            Lang::Js | Lang::Ts => vec![
                file("package.json", include_str!("../../../templates/js/package.json.in")),
                file("README.md", include_str!("../../../templates/js/README.md.in")),
                file(".gitignore", include_str!("../../../templates/js/gitignore.in")),
                file(&format!("src/index.{extension}"), rules),
                file(&format!("test/rules.test.{extension}"), tests),
            ],
        };
        let ceiling = if lang == Lang::Rust { FUEL } else { FUEL_ENGINE };
        files.extend(self.cases.iter().map(|(name, text)| (format!("cases/{name}"), text.replace(FUEL, ceiling))));
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_fill_in() {
        for template in TEMPLATES {
            for lang in [Lang::Rust, Lang::Js, Lang::Ts] {
                let files = template.files(lang, "my-rules", "../sdk/rust");
                for (path, text) in &files {
                    // A brace that Rust's `format!` wants doubled is followed by something else than a name.
                    let is_open = |rest: &str| rest.starts_with(|first: char| first.is_ascii_lowercase());
                    assert!(!text.split("{{").skip(1).any(is_open), "{path}: {text}");
                }
                let cases = files.iter().filter(|(path, _)| path.starts_with("cases/"));
                assert!(cases.clone().count() >= 3);
                let ceiling = if lang == Lang::Rust { FUEL } else { FUEL_ENGINE };
                assert!(cases.into_iter().all(|(_, text)| text.contains(ceiling)));
            }
        }
    }
}
