//! The templates of `plugin new`, as they are written into a folder. They live as files in `templates/`, and are built and
//! tested by this crate's own tests.

/// A template: what it is for, and its files.
pub struct Template {
    /// One line for the crate's description and the list of templates.
    pub description: &'static str,
    lib: &'static str,
    tests: &'static str,
    cases: &'static [(&'static str, &'static str)],
}

macro_rules! case {
    ($template:literal, $name:literal) => {
        ($name, include_str!(concat!("../../../templates/", $template, "/cases/", $name)))
    };
}

/// Points for money spent.
pub const POINTS_PER_SPEND: Template = Template {
    description: "A point for every dollar, double points on chosen goods.",
    lib: include_str!("../../../templates/points-per-spend/lib.rs"),
    tests: include_str!("../../../templates/points-per-spend/tests.rs"),
    cases: &[
        case!("points-per-spend", "base.json"),
        case!("points-per-spend", "double.json"),
        case!("points-per-spend", "total-only.json"),
        case!("points-per-spend", "bad-config.json"),
    ],
};

/// The Nth is free.
pub const STAMP_CARD: Template = Template {
    description: "Every tenth coffee is free.",
    lib: include_str!("../../../templates/stamp-card/lib.rs"),
    tests: include_str!("../../../templates/stamp-card/tests.rs"),
    cases: &[
        case!("stamp-card", "first-stamp.json"),
        case!("stamp-card", "card-full.json"),
        case!("stamp-card", "voucher-given-once.json"),
        case!("stamp-card", "offer.json"),
    ],
};

/// Bronze, silver, gold.
pub const TIERS: Template = Template {
    description: "Bronze, silver, gold: the more a member spends in a year, the more every dollar earns.",
    lib: include_str!("../../../templates/tiers/lib.rs"),
    tests: include_str!("../../../templates/tiers/tests.rs"),
    cases: &[case!("tiers", "no-tier.json"), case!("tiers", "rises.json"), case!("tiers", "stays.json")],
};

impl Template {
    /// Path and text of every file of a crate of that name, which takes the SDK from that path.
    #[must_use]
    pub fn files(&self, name: &str, sdk: &str) -> Vec<(String, String)> {
        let fill = |text: &str| text.replace("{{name}}", name).replace("{{description}}", self.description).replace("{{sdk}}", sdk);
        let mut files = vec![
            ("Cargo.toml".to_owned(), fill(include_str!("../../../templates/common/Cargo.toml.in"))),
            ("README.md".to_owned(), fill(include_str!("../../../templates/common/README.md.in"))),
            (".gitignore".to_owned(), include_str!("../../../templates/common/gitignore.in").to_owned()),
            ("src/lib.rs".to_owned(), self.lib.to_owned()),
            ("src/tests.rs".to_owned(), self.tests.to_owned()),
        ];
        files.extend(self.cases.iter().map(|(name, text)| (format!("cases/{name}"), (*text).to_owned())));
        files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_fill_in() {
        for template in [POINTS_PER_SPEND, STAMP_CARD, TIERS] {
            for (path, text) in template.files("my-rules", "../sdk/rust") {
                assert!(!["{{name}}", "{{sdk}}", "{{description}}"].iter().any(|hole| text.contains(hole)), "{path}");
            }
        }
    }
}
