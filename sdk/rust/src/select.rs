//! Which lines of a receipt a term is about, as merchants configure it: by category or article, without case, with `*` at the end for "everything that begins so".

use crate::settings::Words;
use crate::{ArithmeticError, Line, Locale, Money, Purchase};

crate::settings! {
    /// Lines by category or article. A line is meant when any of the patterns fits.
    ///
    /// ```
    /// use coalition_sdk::Selection;
    /// let coffee = Selection { categories: vec!["COFFEE*".into()], skus: vec!["1095275".into()] };
    /// assert!(coffee.has_category("Coffee Shop"));
    /// assert!(!coffee.has_category("DRY TEA"));
    /// ```
    pub struct Selection {
        /// Categories as the till sends them, without regard to case; COFFEE* means all that begin so, * means all.
        pub categories: Vec<String> = Vec::new(),
        /// Articles, in the same way.
        pub skus: Vec<String> = Vec::new(),
    }
}

crate::settings! {
    /// Goods that earn nothing: by category or article, and what the till marks as `no-points`.
    ///
    /// ```
    /// use coalition_sdk::{Excluded, settings};
    /// let excluded: Excluded = settings::read(r#"{"categories": ["TOBACCO*"], "title": {"en": "tobacco", "pl": "wyroby tytoniowe"}}"#).unwrap();
    /// # let _ = excluded;
    /// ```
    pub struct Excluded {
        /// Categories as the till sends them, without regard to case; COFFEE* means all that begin so, * means all.
        pub categories: Vec<String> = Vec::new(),
        /// Articles, in the same way.
        pub skus: Vec<String> = Vec::new(),
        /// What members read of them, such as "gift cards and tobacco"; null: the names as they stand here.
        #[within(1, 200)]
        pub title: Option<Words> = None,
    }
}

impl Excluded {
    /// What shops exclude as a rule: gift cards, tobacco and lottery tickets.
    #[must_use]
    pub fn usual() -> Self {
        let categories = ["GIFT CARD*", "CIGAR*", "TOBACCO*", "LOTTERY*"].map(str::to_owned).to_vec();
        Self { categories, skus: Vec::new(), title: Some(USUAL) }
    }

    /// Whether this line earns nothing.
    #[must_use]
    pub fn has(&self, line: &Line) -> bool {
        line.attributes.flag("no-points") || any_fits(&self.categories, &line.category) || any_fits(&self.skus, &line.sku)
    }

    /// What is left of a purchase: its total less the excluded lines.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`].
    pub fn leaves(&self, purchase: &Purchase) -> Result<Money, ArithmeticError> {
        purchase.lines.iter().filter(|line| self.has(line)).try_fold(purchase.total, |left, line| left.minus(line.amount))
    }

    /// What members read of them; none where nothing is excluded by name.
    #[must_use]
    pub fn named(&self, locale: Locale) -> Option<String> {
        let names = self.categories.iter().chain(&self.skus).map(|name| name.trim_end_matches('*'));
        match &self.title {
            _ if self.categories.is_empty() && self.skus.is_empty() => None,
            Some(title) => Some(title.at(locale.tag()).to_owned()),
            None => Some(names.collect::<Vec<&str>>().join(", ")),
        }
    }
}

const USUAL: Words = Words::own(&[
    ("en", "gift cards, tobacco and lottery tickets"),
    ("ro", "carduri cadou, produse din tutun și bilete de loterie"),
    ("mk", "подарок-картички, тутунски производи и лотариски ливчиња"),
    ("pl", "karty podarunkowe, wyroby tytoniowe i losy loteryjne"),
    ("ru", "подарочные карты, табачные изделия и лотерейные билеты"),
]);

impl Default for Selection {
    fn default() -> Self {
        Self::of_categories(&[])
    }
}

impl Selection {
    /// These categories.
    #[must_use]
    pub fn of_categories(patterns: &[&str]) -> Self {
        Self { categories: patterns.iter().map(|&pattern| pattern.to_owned()).collect(), skus: Vec::new() }
    }

    /// Whether it names nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.categories.is_empty() && self.skus.is_empty()
    }

    /// Its patterns with commas between, for an attribute that tells a till what is meant; as many as fit into a kilobyte, which is what an attribute holds.
    #[must_use]
    pub fn listed(&self) -> String {
        let mut listed = String::new();
        for name in self.categories.iter().chain(&self.skus) {
            if listed.len().saturating_add(name.len()) >= 1_000 {
                break;
            }
            if !listed.is_empty() {
                listed.push(',');
            }
            listed.push_str(name);
        }
        listed
    }

    /// Its names as a person reads them in a list, without the asterisks.
    #[must_use]
    pub fn names(&self) -> String {
        let names = self.categories.iter().chain(&self.skus);
        let names: Vec<&str> = names.map(|name| name.trim_end_matches('*').trim_end()).filter(|name| !name.is_empty()).collect();
        names.join(", ")
    }

    /// Whether this line is meant.
    #[must_use]
    pub fn has(&self, line: &Line) -> bool {
        self.has_category(&line.category) || any_fits(&self.skus, &line.sku)
    }

    /// Whether this category is meant.
    #[must_use]
    pub fn has_category(&self, category: &str) -> bool {
        any_fits(&self.categories, category)
    }
}

fn any_fits(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| fits(pattern, text))
}

fn fits(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => text.as_bytes().get(..beginning.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(beginning.as_bytes())),
        None => text.eq_ignore_ascii_case(pattern),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Attributes, Currency, Quantity};

    #[test]
    fn patterns() {
        assert!(fits("ROLLS", "rolls"));
        assert!(fits("GASOLINE*", "GASOLINE-REG UNLEADED"));
        assert!(fits("*", ""));
        assert!(!fits("ROLLS", "ROLLS AND BUNS"));
        assert!(!fits("GASOLINE*", "GAS"));
        assert!(fits("Ä*", "Äpfel"));
    }

    #[test]
    fn a_list_for_the_till_is_bounded() {
        let short = Selection { categories: vec!["COFFEE*".to_owned()], skus: vec!["1095275".to_owned()] };
        assert_eq!(short.listed(), "COFFEE*,1095275");
        let long = Selection { categories: vec!["x".repeat(300); 50], skus: Vec::new() };
        assert!((600..=1_000).contains(&long.listed().len()));
    }

    fn line(category: &str, amount: i64, attributes: Attributes) -> Line {
        let amount = Money::new(amount, Currency::USD);
        Line { number: 0, sku: "1".to_owned(), category: category.to_owned(), quantity: Quantity::from_milli(1_000), amount, attributes }
    }

    #[test]
    fn excluded_goods_leave_the_rest() {
        let usual = Excluded::usual();
        let marked = Attributes::default().with("no-points", true);
        let lines =
            vec![line("SOUP", 300, Attributes::default()), line("Cigarettes", 900, Attributes::default()), line("MEDICINE", 500, marked)];
        let purchase = Purchase { total: Money::new(1_700, Currency::USD), lines };
        assert_eq!(usual.leaves(&purchase), Ok(Money::new(300, Currency::USD)));
        let [english, polish] = Locale::each(["en", "pl"]);
        assert_eq!(usual.named(polish).as_deref(), Some("karty podarunkowe, wyroby tytoniowe i losy loteryjne"));
        let own: Excluded = crate::settings::read(r#"{"categories": ["BEER*", "WINE"]}"#).unwrap();
        assert_eq!(own.named(english).as_deref(), Some("BEER, WINE"));
        assert_eq!(crate::settings::read::<Excluded>("{}").unwrap().named(english), None);
    }
}
