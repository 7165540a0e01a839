//! Baskets as a test writes them.

use crate::{Attributes, Currency, Line, Money, Purchase, Quantity, Scalar};

/// What is bought, line by line.
///
/// ```
/// use coalition_sdk::testkit::Basket;
/// let basket = Basket::usd().line("ROLLS", 50).item("1095275", "COFFEE", 2_000, 700);
/// # let _ = basket;
/// ```
#[derive(Clone, Debug)]
pub struct Basket {
    pub(super) purchase: Purchase,
    pub(super) store: Option<String>,
    pub(super) channel: Option<String>,
    pub(super) attributes: Attributes,
}

impl Basket {
    /// An empty one in `currency`.
    #[must_use]
    pub const fn new(currency: Currency) -> Self {
        Self {
            purchase: Purchase { total: Money::new(0, currency), lines: Vec::new() },
            store: None,
            channel: None,
            attributes: Attributes(Vec::new()),
        }
    }

    /// An empty one in US dollars.
    #[must_use]
    pub const fn usd() -> Self {
        Self::new(Currency::USD)
    }

    /// One piece of a category, for `amount` minor units.
    #[must_use]
    pub fn line(self, category: &str, amount: i64) -> Self {
        self.item("0000000", category, 1_000, amount)
    }

    /// `milli` thousandths of an article for `amount` minor units in all.
    #[must_use]
    pub fn item(mut self, sku: &str, category: &str, milli: i64, amount: i64) -> Self {
        let amount = Money::new(amount, self.purchase.currency());
        let number = u32::try_from(self.purchase.lines.len()).unwrap_or_else(|_| panic!("too many lines"));
        self.purchase.lines.push(Line {
            number,
            sku: sku.to_owned(),
            category: category.to_owned(),
            quantity: Quantity::from_milli(milli),
            amount,
            attributes: Attributes::default(),
        });
        self.purchase.total = total(&self.purchase.lines, self.purchase.currency());
        self
    }

    /// With something more that the till sends about the line `number`.
    #[must_use]
    pub fn mark(mut self, number: usize, name: &str, value: impl Into<Scalar>) -> Self {
        let line = self.purchase.lines.get_mut(number).unwrap_or_else(|| panic!("there is no line {number}"));
        line.attributes.0.push((name.to_owned(), value.into()));
        self
    }

    /// A till that sends nothing but a total.
    #[must_use]
    pub fn total_only(mut self, amount: i64) -> Self {
        self.purchase.lines.clear();
        self.purchase.total = Money::new(amount, self.purchase.currency());
        self
    }

    /// Bought in this store.
    #[must_use]
    pub fn store(mut self, store: &str) -> Self {
        self.store = Some(store.to_owned());
        self
    }

    /// Bought through this channel.
    #[must_use]
    pub fn channel(mut self, channel: &str) -> Self {
        self.channel = Some(channel.to_owned());
        self
    }

    /// With something more that the till sends.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Scalar>) -> Self {
        self.attributes = self.attributes.with(name, value);
        self
    }
}

/// What these lines come to.
pub(super) fn total(lines: &[Line], currency: Currency) -> Money {
    Money::sum(currency, lines.iter().map(|line| line.amount)).unwrap_or_else(|error| panic!("the basket's total: {error}"))
}
