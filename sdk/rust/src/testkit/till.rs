//! A till of one merchant with one member at it: buys, takes back, shows offers, asks prices.

use super::basket::{self, Basket};
use super::clawback::{self, ByKey, Lots};
use super::clock;
use super::describe;
use super::ledger::Ledger;
use crate::{
    Attributes, Context, Currency, Effect, Effects, Event, EventBody, Instant, Manifest, Member, Message, Money, Month, Offer, Points,
    Program, Purchase, Quotation, QuoteRequest, Refund, Refusal, State, Stop, Totals, settings,
};

/// What a program answered to a purchase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The effects, in order; none after a refusal.
    pub effects: Effects,
    /// The refusal, if it was one.
    pub refusal: Option<Refusal>,
}

impl Answer {
    /// All points awarded.
    #[must_use]
    pub fn points(&self) -> Points {
        let awards = self.effects.iter().filter_map(|effect| match effect {
            Effect::Award(award) => Some(award.points),
            _ => None,
        });
        Points::sum(awards).unwrap_or_else(|error| panic!("the awards' sum: {error}"))
    }

    /// Points awarded under `key`.
    #[must_use]
    pub fn points_under(&self, key: &str) -> Points {
        let award = self.effects.iter().find_map(|effect| match effect {
            Effect::Award(award) if award.key == key => Some(award.points),
            _ => None,
        });
        award.unwrap_or(Points::ZERO)
    }

    /// How many vouchers of `template` were issued.
    #[must_use]
    pub fn vouchers(&self, template: &str) -> usize {
        let of_it = |e: &&Effect| matches!(e, Effect::IssueVoucher(v) if v.template == template);
        self.effects.iter().filter(of_it).count()
    }

    /// Whether exactly this effect is among them.
    #[must_use]
    pub fn has(&self, effect: &Effect) -> bool {
        self.effects.iter().any(|known| known == effect)
    }
}

/// A decision as it was made, for refunds.
#[derive(Debug)]
struct Decision {
    event: Event,
    member: Member,
    state: State,
    /// What the original, or its last re-evaluation, answered.
    effects: Effects,
    /// The basket of the original, and what it was awarded.
    bought: Option<Purchase>,
    awarded: ByKey,
}

/// A till with one member at it, running program `P`.
#[derive(Debug)]
pub struct Till<P: Program> {
    config: P::Config,
    pub(super) manifest: Manifest,
    pub(super) now: Instant,
    /// What a test sets and purchases add up: everything of the view that is not in the ledger.
    pub(super) member: Member,
    ledger: Ledger,
    state: State,
    decisions: Vec<Decision>,
    lots: Lots,
    /// Events so far that were no purchases.
    pub(super) events: usize,
}

impl<P: Program> Till<P> {
    /// A till with a new member, under this configuration (JSON). Panics when the configuration has problems.
    #[must_use]
    pub fn new(config: &str) -> Self {
        let manifest = describe::<P>(config).unwrap_or_else(|problems| panic!("the configuration is refused: {problems:?}"));
        let config = settings::read(config).unwrap_or_else(|error| panic!("the configuration can't be read: {error:?}"));
        let now = clock::instant("2026-01-01T00:00:00Z");
        let member = Member { id: "member".to_owned(), enrolled: now, ..Member::default() };
        Self {
            config,
            manifest,
            now,
            member,
            ledger: Ledger::default(),
            state: State::default(),
            decisions: Vec::new(),
            lots: Lots::default(),
            events: 0,
        }
    }

    /// Moves the clock to an RFC 3339 time.
    pub fn at(&mut self, time: &str) -> &mut Self {
        self.now = clock::instant(time);
        self
    }

    /// Changes what the program may know of the member: consented facts, the balance, an enrolment long ago.
    pub fn member(&mut self, change: impl FnOnce(&mut Member)) -> &mut Self {
        change(&mut self.member);
        self
    }

    /// What the program is shown of the member now.
    #[must_use]
    pub fn view(&self) -> Member {
        let mut view = self.member.clone();
        self.ledger.show(&self.manifest, self.now, &mut view);
        view
    }

    /// The member buys.
    pub fn buy(&mut self, basket: Basket) -> Answer {
        let spend = basket.purchase.total.minor();
        let event = Event {
            id: format!("txn-{}", self.decisions.len()),
            at: self.now,
            seed: u64::try_from(self.decisions.len()).unwrap_or(0),
            body: EventBody::Purchase(basket.purchase),
            store: basket.store,
            channel: basket.channel,
            attributes: basket.attributes,
        };
        let member = self.view();
        let before = self.state.clone();
        let answer = self.decide(&event, &member);
        self.remember(spend);
        let bought = event.purchase().cloned();
        let effects = answer.effects.clone();
        let awarded = clawback::awarded(&effects);
        self.lots.bought(self.decisions.len(), awarded.len());
        self.decisions.push(Decision { event, member, state: before, effects, bought, awarded });
        answer
    }

    pub(super) fn decide(&mut self, event: &Event, member: &Member) -> Answer {
        let before = self.state.clone();
        let answer = run::<P>(event, member, &self.config, &mut self.state);
        if answer.refusal.is_some() {
            self.state = before;
        }
        self.lots.follow(&answer.effects);
        self.ledger.apply(&self.manifest, event, &answer.effects);
        answer
    }

    /// The lines with these numbers of the purchase `purchase` (counted from 0) come back. As the gateway does it, the purchase is evaluated again on what the
    /// program saw then, less what came back, and what it would not have given is taken back. A program that handles `refund` is then asked on what is now.
    pub fn refund(&mut self, purchase: usize, lines: &[u32]) -> &mut Self {
        let Some(decision) = self.decisions.get_mut(purchase) else {
            panic!("there is no purchase {purchase}");
        };
        let mut kept = decision.event.clone();
        let EventBody::Purchase(basket) = &mut kept.body else {
            panic!("only purchases can be refunded");
        };
        let currency = basket.currency();
        basket.lines.retain(|line| !lines.contains(&line.number));
        let spend_before = basket.total.minor();
        basket.total = basket::total(&basket.lines, currency);
        let returned = spend_before - basket.total.minor();
        let is_all = basket.lines.is_empty();
        let after = if is_all {
            Effects::new()
        } else {
            let mut state = decision.state.clone();
            run::<P>(&kept, &decision.member, &self.config, &mut state).effects
        };
        let due = clawback::due(&decision.awarded, &clawback::awarded(&after), &self.lots.taken(purchase, &decision.awarded));
        self.ledger.take_back(&self.manifest, &kept.id, kept.at, (&decision.effects, &after), &due);
        self.lots.take(purchase, &due);
        decision.event = kept;
        decision.effects = after;
        let bought = decision.event.at;
        self.forget(returned, is_all, bought);
        if self.manifest.handles.iter().any(|kind| kind == "refund") {
            self.react(purchase, lines);
        }
        self
    }

    fn react(&mut self, purchase: usize, lines: &[u32]) {
        let Some(decision) = self.decisions.get(purchase) else { return };
        let (Some(bought), Some(kept)) = (&decision.bought, decision.event.purchase()) else { return };
        let mut returned = bought.clone();
        returned.lines.retain(|line| lines.contains(&line.number));
        returned.total = basket::total(&returned.lines, returned.currency());
        let sum = |points: &ByKey| Points::new(points.values().sum());
        let refund = Refund {
            original: decision.event.id.clone(),
            original_at: decision.event.at,
            returned,
            kept: kept.clone(),
            awarded: sum(&decision.awarded),
            clawed_back: sum(&self.lots.taken(purchase, &decision.awarded)),
        };
        let _ = self.happens("refund", EventBody::Refund(refund), Attributes::default());
    }

    /// All of the purchase `purchase` (counted from 0) comes back.
    pub fn refund_all(&mut self, purchase: usize) -> &mut Self {
        let decision = self.decisions.get(purchase);
        let lines: Vec<u32> = decision
            .and_then(|decision| decision.event.purchase())
            .map(|basket| basket.lines.iter().map(|line| line.number).collect())
            .unwrap_or_default();
        self.refund(purchase, &lines)
    }

    /// The member uses the oldest open voucher of a template.
    pub fn use_voucher(&mut self, template: &str) -> &mut Self {
        self.ledger.use_voucher(template);
        self
    }

    /// Points awarded so far, less those taken back.
    #[must_use]
    pub fn points(&self) -> Points {
        Points::new(self.ledger.points())
    }

    /// What the member is offered now.
    #[must_use]
    pub fn offers(&self) -> Vec<Offer> {
        let context = Context { at: self.now, ..Context::default() };
        let offers = P::offers(&context, &self.view(), &self.config, &self.state);
        let offers = offers.unwrap_or_else(|fault| panic!("the program failed: {fault}"));
        for offer in &offers {
            let known = self.manifest.rewards.iter().any(|r| r.id == offer.reward);
            assert!(known, "the manifest declares no reward {:?}", offer.reward);
        }
        offers
    }

    /// The offer of `reward` now, if there is one.
    #[must_use]
    pub fn offer(&self, reward: &str) -> Option<Offer> {
        self.offers().into_iter().find(|offer| offer.reward == reward)
    }

    /// The price of `quantity` pieces of `reward`, or of `amount` US cents paid with it.
    ///
    /// # Errors
    /// The program's refusal.
    pub fn quote(&self, reward: &str, quantity: u32, amount: Option<i64>) -> Result<Quotation, Refusal> {
        let request = QuoteRequest {
            reward: reward.to_owned(),
            quantity,
            amount: amount.map(|minor| Money::new(minor, Currency::USD)),
            basket: None,
            context: Context { at: self.now, ..Context::default() },
        };
        match P::quote(&request, &self.view(), &self.config, &self.state) {
            Ok(quotation) => Ok(quotation),
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(Stop::Broken(fault)) => panic!("the program failed: {fault}"),
        }
    }

    /// A message as the member reads it in `locale`. Panics when the manifest has no such text, or a placeholder stays open.
    #[must_use]
    pub fn text(&self, locale: &str, message: &Message) -> String {
        let texts = self.manifest.texts.iter().find(|t| t.locale == locale);
        let entry = texts.and_then(|t| t.entries.iter().find(|(key, _)| *key == message.key));
        let Some((_, text)) = entry else {
            panic!("the manifest has no text {:?} in {locale}", message.key);
        };
        let mut text = text.clone();
        for (name, value) in &message.args.0 {
            let value = match value {
                crate::Scalar::Text(text) => text.clone(),
                crate::Scalar::Number(number) => number.to_string(),
                crate::Scalar::Flag(flag) => flag.to_string(),
            };
            text = text.replace(&format!("{{{name}}}"), &value);
        }
        assert!(!text.contains('{'), "a placeholder stays open in {text:?}");
        text
    }

    /// Counts back what came back, and where nothing is left of a purchase the purchase too.
    fn forget(&mut self, spend: i64, is_all: bool, bought: Instant) {
        let purchases = u32::from(is_all);
        let activity = &mut self.member.activity;
        activity.spend_minor -= spend;
        activity.purchases = activity.purchases.saturating_sub(purchases);
        let month = month_of(bought);
        if let Some(known) = self.member.months.iter_mut().find(|known| known.month == month) {
            known.purchases = known.purchases.saturating_sub(purchases);
            known.spend_minor -= spend;
        }
    }

    fn remember(&mut self, spend: i64) {
        let Totals { purchases, spend_minor, first_at_ms, last_at_ms } = &mut self.member.activity;
        *purchases += 1;
        *spend_minor += spend;
        first_at_ms.get_or_insert(self.now.ms);
        *last_at_ms = Some(self.now.ms);
        let month = month_of(self.now);
        match self.member.months.iter_mut().find(|m| m.month == month) {
            Some(known) => {
                known.purchases += 1;
                known.spend_minor += spend;
            }
            None => self.member.months.insert(0, Month { month, purchases: 1, spend_minor: spend }),
        }
    }
}

/// Year and month, as 202611.
fn month_of(at: Instant) -> u32 {
    let date = at.date();
    u32::try_from(date.year * 100 + i64::from(date.month)).unwrap_or(0)
}

fn run<P: Program>(event: &Event, member: &Member, config: &P::Config, state: &mut State) -> Answer {
    match P::on_event(event, member, config, state) {
        Ok(effects) => Answer { effects, refusal: None },
        Err(Stop::Refused(refusal)) => Answer { effects: Effects::new(), refusal: Some(refusal) },
        Err(Stop::Broken(fault)) => panic!("the program failed: {fault}"),
    }
}
