//! Whether a manifest is sound, and whether this gateway can carry out what it asks for. The names are those of the register,
//! `sdk/wit/v1/attributes.md`; what is registered but not carried out yet is refused in so many words, never ignored.

use std::collections::HashSet;

use crate::contract::{CounterDef, Limit, LocaleTexts, Manifest, Reward};
use crate::scan::Violation;
use crate::words::{is_activity, is_label, is_locale, is_own, is_token, shown};

const HANDLES: [&str; 8] = ["purchase", "refund", "redemption", "enrolment", "anniversary", "period-close", "signal", "coalition"];
const NEEDS: [&str; 8] = ["months", "counters", "badges", "vouchers", "awarded", "balance", "birthday-window", "age-band"];
/// What a manifest may ask the host to hold its own awards to.
const LIMITS: [&str; 2] = ["points", "awards"];
const REWARD_KINDS: [&str; 16] = [
    "money-off",
    "percent-off",
    "pay-with-points",
    "free-product",
    "sample",
    "gift",
    "voucher",
    "free-delivery",
    "warranty",
    "data",
    "service",
    "early-access",
    "event",
    "experience",
    "donation",
    "limited-edition",
];

const REWARDS_MAX: usize = 64;
const COUNTERS_MAX: usize = 32;
const NAMES_MAX: usize = 64;
const LIMITS_MAX: usize = 16;
const LOCALES_MAX: usize = 32;
const TEXTS_MAX: usize = 256;
const TEXT_BYTES_MAX: usize = 4 << 10;
const SCHEMA_BYTES_MAX: usize = 32 << 10;
/// A counter is kept for so many closed windows: two years of months.
const KEEP_MAX: u8 = 24;

/// Everything that is wrong with it.
pub(crate) fn check(manifest: &Manifest) -> Vec<Violation> {
    let mut check = Check(Vec::new());
    check.identity(manifest);
    check.schema(&manifest.config_schema);
    check.asks(manifest);
    check.texts(&manifest.texts);
    check.rewards(&manifest.rewards);
    check.counters(&manifest.counters);
    check.names("badges", &manifest.badges);
    check.names("tiers", &manifest.tiers);
    check.limits(&manifest.limits);
    check.0
}

struct Check(Vec<Violation>);

impl Check {
    fn refuse(&mut self, code: &'static str, detail: String) {
        // Enough for a person to mend; what asks for thousands of things is not listed thousands of times.
        if self.0.len() < 50 {
            self.0.push(Violation::new(code, detail));
        }
    }

    fn not_yet(&mut self, what: &str) {
        self.refuse("not-executed", format!("{what} is not executed by this gateway yet"));
    }

    fn identity(&mut self, manifest: &Manifest) {
        let name = &manifest.name;
        let lower = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !is_token(name) || !lower || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            self.refuse(
                "manifest-name",
                format!("name `{}`: a name is 1 to 64 of a-z, 0-9 and hyphens, and begins with a letter", shown(name)),
            );
        }
        if manifest.version.len() > 64 || semver::Version::parse(&manifest.version).is_err() {
            self.refuse("manifest-version", format!("version `{}` is not a semantic version such as 1.4.0", shown(&manifest.version)));
        }
    }

    fn schema(&mut self, schema: &str) {
        if schema.len() > SCHEMA_BYTES_MAX {
            return self.refuse("config-schema", format!("config-schema has {} bytes; {SCHEMA_BYTES_MAX} are allowed", schema.len()));
        }
        match serde_json::from_str::<serde_json::Value>(schema) {
            Err(error) => self.refuse("config-schema", format!("config-schema is not JSON: {error}")),
            Ok(serde_json::Value::Object(_)) => {}
            Ok(_) => self.refuse("config-schema", "config-schema is not a JSON Schema: it must be an object".to_owned()),
        }
    }

    fn asks(&mut self, manifest: &Manifest) {
        for (field, list) in [("handles", &manifest.handles), ("needs", &manifest.needs), ("requires", &manifest.requires)] {
            self.list(field, list, is_token);
        }
        for kind in &manifest.handles {
            if !HANDLES.contains(&kind.as_str()) && !kind.strip_prefix("activity:").is_some_and(is_activity) {
                self.refuse("unknown-name", format!("handles: `{}` is no kind of event; those are in attributes.md", shown(kind)));
            }
        }
        for need in &manifest.needs {
            if !NEEDS.contains(&need.as_str()) && !is_own(need) {
                self.refuse(
                    "unknown-name",
                    format!("needs: `{}` is no part of the member's view; those are in attributes.md", shown(need)),
                );
            }
        }
        for ability in &manifest.requires {
            self.not_yet(&format!("requires: `{}`", shown(ability)));
        }
        self.list("campaigns", &manifest.campaigns, is_token);
    }

    fn texts(&mut self, locales: &[LocaleTexts]) {
        if locales.len() > LOCALES_MAX {
            self.refuse("texts", format!("texts: {} locales; {LOCALES_MAX} are allowed", locales.len()));
        }
        let mut seen = HashSet::new();
        for LocaleTexts { locale, entries } in locales.iter().take(LOCALES_MAX) {
            if !is_locale(locale) || !seen.insert(locale.as_str()) {
                self.refuse("texts", format!("texts: `{}` is no locale such as en or de-AT, or is there twice", shown(locale)));
            }
            if entries.len() > TEXTS_MAX {
                self.refuse("texts", format!("texts: {} in `{}`; {TEXTS_MAX} are allowed", entries.len(), shown(locale)));
                continue;
            }
            let mut keys = HashSet::new();
            for (key, text) in entries {
                if !is_label(key) || !keys.insert(key.as_str()) {
                    self.refuse("texts", format!("texts: the key `{}` in `{}` is no name, or is there twice", shown(key), shown(locale)));
                }
                if text.len() > TEXT_BYTES_MAX {
                    self.refuse("texts", format!("texts: `{}` in `{}` has over {TEXT_BYTES_MAX} bytes", shown(key), shown(locale)));
                }
            }
        }
        // What one locale says, each says: nobody gets a message half in another language.
        let Some((first, rest)) = locales.split_first() else {
            return;
        };
        for other in rest.iter().take(LOCALES_MAX) {
            for (one, two) in [(first, other), (other, first)] {
                let known: HashSet<_> = two.entries.iter().map(|(key, _)| key.as_str()).collect();
                let missing: Vec<_> =
                    one.entries.iter().map(|(key, _)| key.as_str()).filter(|key| !known.contains(key)).take(5).map(shown).collect();
                if !missing.is_empty() {
                    self.refuse(
                        "texts",
                        format!("texts: `{}` lacks {}, which `{}` has", shown(&two.locale), missing.join(", "), shown(&one.locale)),
                    );
                }
            }
        }
    }

    fn rewards(&mut self, rewards: &[Reward]) {
        if rewards.len() > REWARDS_MAX {
            return self.refuse("rewards", format!("rewards: {}; {REWARDS_MAX} are allowed", rewards.len()));
        }
        let mut ids = HashSet::new();
        for reward in rewards {
            if !is_token(&reward.id) || !ids.insert(reward.id.as_str()) {
                self.refuse(
                    "rewards",
                    format!("rewards: the id `{}` is not 1 to 64 of A-Z a-z 0-9 . _ - :, or is there twice", shown(&reward.id)),
                );
            }
            if !REWARD_KINDS.contains(&reward.kind.as_str()) && !reward.kind.strip_prefix("x-").is_some_and(is_token) {
                self.refuse(
                    "unknown-name",
                    format!("rewards: `{}` is no kind of reward; those are in attributes.md, your own begin with x-", shown(&reward.kind)),
                );
            }
            if reward.stock.is_some_and(|stock| i64::try_from(stock).is_err()) {
                self.refuse("rewards", format!("rewards: the stock of `{}` is larger than can be counted", shown(&reward.id)));
            }
            if let Some(limit) = &reward.per_member {
                self.limit(&reward.id, limit);
            }
        }
    }

    fn limit(&mut self, reward: &str, limit: &Limit) {
        if !is_label(&limit.name) || limit.max < 0 {
            self.refuse(
                "rewards",
                format!("rewards: the limit per member of `{}` needs a name, and a number that is not below zero", shown(reward)),
            );
        }
    }

    /// The manifest's own: a name of the register, once a window.
    fn limits(&mut self, limits: &[Limit]) {
        if limits.len() > LIMITS_MAX {
            return self.refuse("limits", format!("limits: {}; {LIMITS_MAX} are allowed", limits.len()));
        }
        for (index, limit) in limits.iter().enumerate() {
            let name = shown(&limit.name);
            if !LIMITS.contains(&limit.name.as_str()) {
                self.refuse("unknown-name", format!("limits: `{name}` is nothing that is limited; those are in attributes.md"));
            }
            if limit.max < 0 {
                self.refuse("limits", format!("limits: `{name}` is below zero"));
            }
            if limits.iter().take(index).any(|earlier| earlier.name == limit.name && earlier.window == limit.window) {
                self.refuse("limits", format!("limits: `{name}` is there twice for one window"));
            }
        }
    }

    fn counters(&mut self, counters: &[CounterDef]) {
        if counters.len() > COUNTERS_MAX {
            return self.refuse("counters", format!("counters: {}; {COUNTERS_MAX} are allowed", counters.len()));
        }
        let mut names = HashSet::new();
        for counter in counters {
            if !is_token(&counter.name) || !names.insert(counter.name.as_str()) {
                self.refuse(
                    "counters",
                    format!("counters: `{}` is not 1 to 64 of A-Z a-z 0-9 . _ - :, or is there twice", shown(&counter.name)),
                );
            }
            if counter.keep > KEEP_MAX {
                self.refuse(
                    "counters",
                    format!("counters: `{}` keeps {} windows; {KEEP_MAX} are the most", shown(&counter.name), counter.keep),
                );
            }
        }
    }

    fn names(&mut self, field: &'static str, names: &[String]) {
        self.list(field, names, is_label);
    }

    fn list(&mut self, field: &'static str, names: &[String], fits: fn(&str) -> bool) {
        if names.len() > NAMES_MAX {
            self.refuse("manifest-list", format!("{field}: {}; {NAMES_MAX} are allowed", names.len()));
        }
        let mut seen = HashSet::new();
        for name in names.iter().take(NAMES_MAX) {
            if !fits(name) || !seen.insert(name.as_str()) {
                self.refuse("manifest-list", format!("{field}: `{}` is no name, or is there twice", shown(name)));
            }
        }
    }
}
