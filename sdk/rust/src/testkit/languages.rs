//! Whether a program says everything in every language it speaks.

use std::collections::BTreeSet;

use super::describe;
use crate::{LocaleTexts, Manifest, Program};

/// Panics unless the program, under this configuration, speaks exactly `locales`; says the same things in each, with the same placeholders; has a name, a
/// summary and terms, which differ from one language to another and leave nothing open; and has a word for everything it declares.
pub fn speaks<P: Program>(config: &str, locales: &[&str]) {
    let manifest = describe::<P>(config).unwrap_or_else(|problems| panic!("the configuration is wrong: {problems:?}"));
    let spoken: Vec<&str> = manifest.texts.iter().map(|texts| texts.locale.as_str()).collect();
    assert_eq!(spoken, locales, "the languages it speaks");
    let Some((first, rest)) = manifest.texts.split_first() else { panic!("it says nothing") };
    for key in wanted(&manifest) {
        let text = text(first, &key).unwrap_or_else(|| panic!("there is no text {key:?}"));
        assert!(!matches!(key.as_str(), "name" | "summary" | "terms") || !text.contains('{'), "{key} leaves something open: {text}");
    }
    for texts in &manifest.texts {
        for (key, said) in &texts.entries {
            assert!(!said.is_empty() && said.trim() == said, "{key:?} in {} is empty, or has blanks around it: {said:?}", texts.locale);
            assert!(!said.contains('|'), "{key:?} in {} leaves forms of a word open: {said}", texts.locale);
        }
    }
    for other in rest {
        let keys = |texts: &LocaleTexts| texts.entries.iter().map(|(key, _)| key.clone()).collect::<BTreeSet<String>>();
        assert_eq!(keys(first), keys(other), "the keys of {} and {}", first.locale, other.locale);
        for (key, said) in &first.entries {
            let translated = text(other, key).unwrap_or_default();
            assert_eq!(placeholders(said), placeholders(translated), "{key:?} in {} and {}", first.locale, other.locale);
        }
    }
    let terms: BTreeSet<Option<&str>> = manifest.texts.iter().map(|texts| text(texts, "terms")).collect();
    assert_eq!(terms.len(), locales.len(), "two languages have the same terms");
}

/// Keys that must be there: the program's own name and terms, and the name of everything declared.
fn wanted(manifest: &Manifest) -> Vec<String> {
    let own = ["name", "summary", "terms"].map(str::to_owned);
    let rewards = manifest.rewards.iter().map(|reward| format!("reward:{}", reward.id));
    let badges = manifest.badges.iter().map(|badge| format!("badge:{badge}"));
    let tiers = manifest.tiers.iter().map(|tier| format!("tier:{tier}"));
    let counters = manifest.counters.iter().map(|counter| format!("counter:{}", counter.name));
    own.into_iter().chain(rewards).chain(badges).chain(tiers).chain(counters).collect()
}

fn text<'t>(texts: &'t LocaleTexts, key: &str) -> Option<&'t str> {
    texts.entries.iter().find(|(known, _)| known == key).map(|(_, text)| text.as_str())
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|open| open.split_once('}')).map(|(name, _)| name).collect()
}
