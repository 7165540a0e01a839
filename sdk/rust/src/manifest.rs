//! What a program says about itself: events it handles, facts it needs, rewards, counters, badges, tiers, and its texts. It is built anew for each
//! configuration, so that the terms a customer reads carry the merchant's own numbers.

use crate::{Locale, Window, words};

/// A program's description of itself.
///
/// ```
/// use coalition_sdk::{Counter, Manifest, Reward, Window};
/// let manifest = Manifest::new("tenth-coffee", "1.0.0")
///     .handles("purchase")
///     .needs("counters")
///     .needs("vouchers")
///     .counter(Counter::new("coffees", Window::Lifetime))
///     .reward(Reward::new("free-coffee", "free-product"))
///     .text("en", "terms", "Every tenth coffee is on us.")
///     .text("de", "terms", "Jeder zehnte Kaffee geht auf uns.");
/// # let _ = manifest;
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The program's name, lower case with hyphens.
    pub name: String,
    /// Its version, as `1.2.0`.
    pub version: String,
    /// Events it wants: `purchase`, `refund`, `activity:review`, …
    pub handles: Vec<String>,
    /// Facts about the member it needs: `counters`, `vouchers`, `balance`, …
    pub needs: Vec<String>,
    /// What it can't do without; a gateway that doesn't know one refuses it.
    pub requires: Vec<String>,
    /// Its words, a locale each.
    pub texts: Vec<LocaleTexts>,
    /// What it gives for points, and what its vouchers are for.
    pub rewards: Vec<Reward>,
    /// What it counts.
    pub counters: Vec<Counter>,
    /// Badges it grants.
    pub badges: Vec<String>,
    /// Tiers it sets, lowest first.
    pub tiers: Vec<String>,
    /// Campaigns it names, as the operator registered them.
    pub campaigns: Vec<String>,
    /// Limits the gateway is to hold it to.
    pub limits: Vec<Limit>,
}

impl Manifest {
    /// A program of this name and version, that does nothing yet.
    #[must_use]
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self { name: name.into(), version: version.into(), ..Self::default() }
    }

    /// Wants this kind of event.
    #[must_use]
    pub fn handles(mut self, kind: impl Into<String>) -> Self {
        self.handles.push(kind.into());
        self
    }

    /// Needs this fact about the member.
    #[must_use]
    pub fn needs(mut self, fact: impl Into<String>) -> Self {
        self.needs.push(fact.into());
        self
    }

    /// Can't do without this feature of the gateway.
    #[must_use]
    pub fn requires(mut self, feature: impl Into<String>) -> Self {
        self.requires.push(feature.into());
        self
    }

    /// A text under `key`, with `{placeholders}` that a [`Message`](crate::Message) fills. The key `terms` is the program's terms in plain language.
    #[must_use]
    pub fn text(mut self, locale: &str, key: impl Into<String>, text: impl Into<String>) -> Self {
        let entry = (key.into(), text.into());
        match self.texts.iter_mut().find(|texts| texts.locale == locale) {
            Some(texts) => texts.entries.push(entry),
            None => self.texts.push(LocaleTexts { locale: locale.to_owned(), entries: vec![entry] }),
        }
        self
    }

    /// Many texts of one locale.
    #[must_use]
    pub fn texts(self, locale: &str, entries: &[(&str, &str)]) -> Self {
        entries.iter().fold(self, |manifest, (key, text)| manifest.text(locale, *key, *text))
    }

    /// Many texts in several locales: a row has a key and its text in each of them, so that none can lack one.
    ///
    /// ```
    /// use coalition_sdk::Manifest;
    /// let manifest = Manifest::new("tenth-coffee", "1.0.0")
    ///     .table(["en", "ro"], &[("name", ["Tenth coffee", "A zecea cafea"]), ("full", ["Your card is full.", "Cardul este plin."])]);
    /// assert_eq!(manifest.texts[1].entries[1].1, "Cardul este plin.");
    /// ```
    #[must_use]
    pub fn table<const N: usize>(self, locales: [&'static str; N], rows: &[(&str, [&'static str; N])]) -> Self {
        let row = |manifest: Self, (key, each): &(&str, [&'static str; N])| {
            Locale::each(locales).into_iter().fold(manifest, |manifest, locale| manifest.text(locale.tag(), *key, locale.of(each)))
        };
        rows.iter().fold(self, row)
    }

    /// A text in several locales that depends on the configuration: made for each of them.
    #[must_use]
    pub fn say<const N: usize>(self, locales: [&'static str; N], key: impl Into<String>, make: impl Fn(Locale) -> String) -> Self {
        let key = key.into();
        Locale::each(locales).into_iter().fold(self, |manifest, locale| manifest.text(locale.tag(), key.as_str(), make(locale)))
    }

    /// Gives this reward.
    #[must_use]
    pub fn reward(mut self, reward: Reward) -> Self {
        self.rewards.push(reward);
        self
    }

    /// Counts this.
    #[must_use]
    pub fn counter(mut self, counter: Counter) -> Self {
        self.counters.push(counter);
        self
    }

    /// Grants this badge.
    #[must_use]
    pub fn badge(mut self, name: impl Into<String>) -> Self {
        self.badges.push(name.into());
        self
    }

    /// Sets this tier.
    #[must_use]
    pub fn tier(mut self, name: impl Into<String>) -> Self {
        self.tiers.push(name.into());
        self
    }

    /// Names this campaign.
    #[must_use]
    pub fn campaign(mut self, name: impl Into<String>) -> Self {
        self.campaigns.push(name.into());
        self
    }

    /// With the words that the SDK itself may say, where the program has none of its own.
    pub(crate) fn completed(self) -> Self {
        words::complete(self)
    }
}

/// The words of one locale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocaleTexts {
    /// A BCP 47 tag, as `en` or `de-CH`.
    pub locale: String,
    /// Key and text.
    pub entries: Vec<(String, String)>,
}

/// A reward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reward {
    /// Its id, unique in the program.
    pub id: String,
    /// Its kind, from the contract's register: `money-off`, `free-product`, `pay-with-points`, …
    pub kind: String,
    /// How many there are, ever; none: without end. The gateway counts.
    pub stock: Option<u64>,
    /// How many a member can have in a window. The gateway counts.
    pub per_member: Option<Limit>,
}

impl Reward {
    /// A reward without end.
    #[must_use]
    pub fn new(id: impl Into<String>, kind: impl Into<String>) -> Self {
        Self { id: id.into(), kind: kind.into(), stock: None, per_member: None }
    }

    /// Only so many, ever.
    #[must_use]
    pub const fn stock(mut self, pieces: u64) -> Self {
        self.stock = Some(pieces);
        self
    }

    /// At most `max` for one member in a window.
    #[must_use]
    pub fn per_member(mut self, max: i64, window: Window) -> Self {
        let name = format!("{}-per-member", self.id);
        self.per_member = Some(Limit { name, max, window });
        self
    }
}

/// A counter of each member, kept by the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// Its name, unique in the program.
    pub name: String,
    /// When it begins at zero again.
    pub window: Window,
    /// How many closed windows stay visible.
    pub keep: u8,
    /// Whether the sum over all members is wanted when a window ends.
    pub totals: bool,
}

impl Counter {
    /// A counter per `window`; closed windows are forgotten.
    #[must_use]
    pub fn new(name: impl Into<String>, window: Window) -> Self {
        Self { name: name.into(), window, keep: 0, totals: false }
    }

    /// Keeps so many closed windows visible.
    #[must_use]
    pub const fn keep(mut self, windows: u8) -> Self {
        self.keep = windows;
        self
    }

    /// Wants the sum over all members when a window ends.
    #[must_use]
    pub const fn totals(mut self) -> Self {
        self.totals = true;
        self
    }
}

/// At most so much in a window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// Its name.
    pub name: String,
    /// The most.
    pub max: i64,
    /// In which window.
    pub window: Window,
}
