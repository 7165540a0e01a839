//! Rewards that many programs have, ready made: paying with points at the till, and things that have a price in points. Each declares itself in the manifest,
//! shows itself as an offer, and is quoted. Stock and limits per member are the gateway's to count.

use crate::settings::{Id, Words};
use crate::{
    ArithmeticError, BasisPoints, Currency, Exchange, Locale, Manifest, Member, Message, Money, Offer, Points, Quotation, QuoteRequest,
    Refusal, Reward, Rounding, Selection, Stop, Window, choices, settings, words,
};

/// Above this many minor units, or points, a number in a configuration is a slip of the finger; below it nothing overflows.
pub const MOST: i64 = 100_000_000_000;

settings! {
    /// Paying with points.
    ///
    /// ```
    /// use coalition_sdk::{Currency, Exchange, Locale, Manifest, Pay};
    /// let pay = Pay { rate: Exchange::new(1, 1), minimum_points: 100 };
    /// let manifest = pay.declare(Manifest::new("points", "1.0.0").text("en", "terms", "A point pays a cent."));
    /// assert_eq!(manifest.rewards[0].kind, "pay-with-points");
    /// ```
    pub struct Pay {
        /// So many points pay so many minor units. A begun point counts as one.
        pub rate: Exchange = Exchange::new(1, 1),
        /// At least so many points at a time.
        #[within(0, MOST)]
        pub minimum_points: i64 = 0,
    }

    /// Something for points.
    pub struct Priced {
        /// Its own among the rewards.
        pub id: Id,
        /// What members read.
        #[within(1, 120)]
        pub title: Words,
        /// What it is.
        pub kind: RewardKind,
        /// Its price in points.
        #[within(1, MOST)]
        pub points: i64,
        /// Its worth in minor units.
        #[within(0, MOST)]
        pub value: i64,
        /// How many there are, ever; null: without end.
        pub stock: Option<u64> = None,
        /// How many a member can have; null: as many as they like.
        pub per_member: Option<PerMember> = None,
    }

    /// Goods that cost members less, at the till. It costs no points, so it is shown and never quoted: the till reads the offer's `x-discount-bp` and `x-goods`.
    pub struct MemberPrice {
        /// Its own among the member prices.
        pub id: Id,
        /// What members read, such as "Our own brand".
        #[within(1, 80)]
        pub title: Words,
        /// Which goods.
        pub goods: Selection,
        /// What is taken off, in hundredths of a percent.
        #[within(1, 10_000)]
        pub discount_bp: BasisPoints,
    }

    /// At most so many in a window of the calendar.
    pub struct PerMember {
        /// The most.
        #[within(1, 1_000_000)]
        pub max: i64,
        /// In which window.
        pub window: Window,
    }
}

choices! {
    /// Kinds of reward, from the contract's register.
    pub enum RewardKind {
        /// Money off a purchase.
        MoneyOff = "money-off",
        /// A percentage off.
        PercentOff = "percent-off",
        /// An article for nothing.
        FreeProduct = "free-product",
        /// A sample.
        Sample = "sample",
        /// A gift.
        Gift = "gift",
        /// A voucher.
        Voucher = "voucher",
        /// Delivery for nothing.
        FreeDelivery = "free-delivery",
        /// A longer warranty.
        Warranty = "warranty",
        /// Mobile data.
        Data = "data",
        /// Another service.
        Service = "service",
        /// Buying before others can.
        EarlyAccess = "early-access",
        /// An event.
        Event = "event",
        /// An experience.
        Experience = "experience",
        /// A donation.
        Donation = "donation",
        /// Something that few can have.
        LimitedEdition = "limited-edition",
    }
}

impl Pay {
    /// The reward's id, and its kind.
    pub const ID: &'static str = "pay-with-points";

    /// Declares the reward; its words are the SDK's own.
    #[must_use]
    pub fn declare(&self, manifest: Manifest) -> Manifest {
        manifest.reward(Reward::new(Self::ID, Self::ID))
    }

    /// What a member is shown: the least that can be paid so, and how far it is.
    ///
    /// # Errors
    /// [`ArithmeticError::Overflow`].
    pub fn offer(&self, member: &Member, currency: Currency) -> Result<Offer, ArithmeticError> {
        let least = Points::new(self.minimum_points.max(1));
        let value = Money::new(self.rate.minor_for(least, Rounding::Floor)?, currency);
        Ok(Offer::new(Self::ID, self.title(currency)).worth(value).for_points(least, member))
    }

    /// The price of paying the amount asked for, rounded up: a begun point is a point.
    ///
    /// # Errors
    /// A refusal without an amount, in another currency, or below the minimum.
    pub fn quote(&self, request: &QuoteRequest, currency: Currency) -> Result<Quotation, Stop> {
        let Some(amount) = request.amount.filter(|amount| amount.minor() > 0) else {
            return Err(Refusal::new("amount-needed", "amount-needed").into());
        };
        if amount.currency() != currency {
            let reason = Message::new("other-currency").with("currency", currency.as_str());
            return Err(Refusal::new("wrong-currency", reason).into());
        }
        let points = self.rate.points_for(amount.minor(), Rounding::Ceil)?;
        if points.get() < self.minimum_points {
            let reason = Message::new("below-minimum").with("minimum", self.minimum_points);
            return Err(Refusal::new("minimum-not-met", reason).into());
        }
        Ok(Quotation::new(points, amount, self.title(currency)))
    }

    fn title(&self, currency: Currency) -> Message {
        Message::new("pay").with("points", self.rate.points).with("value", Money::new(self.rate.minor, currency))
    }
}

impl Priced {
    /// Declares the reward and its name in each of `locales`.
    #[must_use]
    pub fn declare<const N: usize>(&self, manifest: Manifest, locales: [&'static str; N]) -> Manifest {
        let mut reward = Reward::new(&*self.id, self.kind.word());
        reward.stock = self.stock;
        let reward = match &self.per_member {
            Some(limit) => reward.per_member(limit.max, limit.window),
            None => reward,
        };
        manifest.reward(reward).say(locales, self.title_key(), |locale: Locale| self.title.at(locale.tag()).to_owned())
    }

    /// What a member is shown, and how far it is.
    #[must_use]
    pub fn offer(&self, member: &Member, currency: Currency) -> Offer {
        Offer::new(&*self.id, self.title_key()).worth(Money::new(self.value, currency)).for_points(Points::new(self.points), member)
    }

    /// Its price for so many pieces as are asked for.
    ///
    /// # Errors
    /// [`Stop::Broken`] where it overflows.
    pub fn quote(&self, request: &QuoteRequest, currency: Currency) -> Result<Quotation, Stop> {
        let pieces = i64::from(request.quantity.max(1));
        let value = Money::new(self.value, currency).times(pieces)?;
        Ok(Quotation::new(Points::new(self.points).times(pieces)?, value, self.title_key()))
    }

    fn title_key(&self) -> String {
        format!("reward:{}", self.id)
    }
}

impl MemberPrice {
    /// The id of its reward.
    #[must_use]
    pub fn reward(&self) -> String {
        format!("member-price-{}", self.id)
    }

    /// Declares the reward and its name in each of `locales`.
    #[must_use]
    pub fn declare<const N: usize>(&self, manifest: Manifest, locales: [&'static str; N]) -> Manifest {
        let manifest = manifest.reward(Reward::new(self.reward(), RewardKind::PercentOff.word()));
        manifest.say(locales, format!("reward:{}", self.reward()), |locale: Locale| self.said(locale))
    }

    /// What members read: `Our own brand: 10 % off`.
    #[must_use]
    pub fn said(&self, locale: Locale) -> String {
        words::discount(locale.tag()).replace("{title}", self.title.at(locale.tag())).replace("{rate}", &self.discount_bp.to_string())
    }

    /// What a member is shown.
    #[must_use]
    pub fn offer(&self) -> Offer {
        Offer::new(self.reward(), format!("reward:{}", self.reward()))
            .with("x-discount-bp", self.discount_bp.get())
            .with("x-goods", self.goods.listed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Context, settings::read};

    fn asked(reward: &str, quantity: u32, amount: Option<i64>) -> QuoteRequest {
        let amount = amount.map(|minor| Money::new(minor, Currency::USD));
        QuoteRequest { reward: reward.to_owned(), quantity, amount, basket: None, context: Context::default() }
    }

    #[test]
    fn points_pay_an_amount_rounded_up() {
        let pay: Pay = read(r#"{"rate": {"points": 3, "minor": 2}, "minimum_points": 100}"#).unwrap();
        let quotation = pay.quote(&asked(Pay::ID, 1, Some(101)), Currency::USD).unwrap();
        assert_eq!((quotation.points, quotation.value), (Points::new(152), Money::new(101, Currency::USD)));
        let code = |amount, currency| match pay.quote(&asked(Pay::ID, 1, amount), currency) {
            Err(Stop::Refused(refusal)) => refusal.code,
            other => panic!("{other:?}"),
        };
        assert_eq!(code(None, Currency::USD), "amount-needed");
        assert_eq!(code(Some(0), Currency::USD), "amount-needed");
        assert_eq!(code(Some(500), Currency::EUR), "wrong-currency");
        assert_eq!(code(Some(60), Currency::USD), "minimum-not-met");
        let poor = Member { balance: Some(Points::new(40)), ..Member::default() };
        let offer = pay.offer(&poor, Currency::USD).unwrap();
        assert!(!offer.eligible);
        assert_eq!(offer.value, Some(Money::new(66, Currency::USD)));
    }

    #[test]
    fn a_member_price_is_shown_and_declares_itself() {
        let price: MemberPrice =
            read(r#"{"id": "own", "title": {"en": "Our own", "ru": "Наше"}, "goods": {"categories": ["OWN*"]}, "discount_bp": 750}"#)
                .unwrap();
        let manifest = price.declare(Manifest::new("x", "1.0.0"), ["en", "ru"]);
        assert_eq!(manifest.rewards[0], Reward::new("member-price-own", "percent-off"));
        assert_eq!(manifest.texts[1].entries[0].1, "Наше: скидка 7.5 %");
        assert_eq!(price.offer().attributes.number("x-discount-bp"), Some(750));
    }

    #[test]
    fn a_priced_reward_declares_shows_and_quotes_itself() {
        let mug: Priced = read(
            r#"{"id": "mug", "title": {"en": "A mug", "pl": "Kubek"}, "kind": "gift", "points": 400, "value": 900, "stock": 50,
                "per_member": {"max": 1, "window": "year"}}"#,
        )
        .unwrap();
        let manifest = mug.declare(Manifest::new("x", "1.0.0"), ["en", "pl"]);
        assert_eq!(manifest.rewards[0], Reward::new("mug", "gift").stock(50).per_member(1, Window::Year));
        assert_eq!(manifest.texts[1].entries[0], ("reward:mug".to_owned(), "Kubek".to_owned()));
        let offer = mug.offer(&Member { balance: Some(Points::new(150)), ..Member::default() }, Currency::USD);
        assert_eq!((offer.eligible, offer.target.unwrap().have), (false, 150));
        assert!(mug.offer(&Member::default(), Currency::USD).eligible, "not known");
        let quotation = mug.quote(&asked("mug", 2, None), Currency::USD).unwrap();
        assert_eq!((quotation.points, quotation.value), (Points::new(800), Money::new(1_800, Currency::USD)));
    }
}
