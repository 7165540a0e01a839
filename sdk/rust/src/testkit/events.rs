//! Events other than purchases, as a [`Till`] plays them: what the gateway itself, the partner's systems or another partner's till would cause.

use super::clock::window_bounds;
use super::till::{Answer, Till};
use crate::{
    Activity, Anniversary, Attributes, CoalitionEvent, CounterTotal, Effect, Enrolment, Event, EventBody, Money, PeriodClose, Points,
    Program, Redemption, Signal, SignalReceived, Window,
};

impl Answer {
    /// The signals it sends.
    #[must_use]
    pub fn signals(&self) -> Vec<&Signal> {
        self.effects.iter().filter_map(|effect| if let Effect::Signal(signal) = effect { Some(signal) } else { None }).collect()
    }
}

impl<P: Program> Till<P> {
    /// Something other than buying is reported, such as a `review`.
    pub fn activity(&mut self, kind: &str, attributes: Attributes) -> Answer {
        self.happens(&format!("activity:{kind}"), EventBody::Activity(Activity { kind: kind.to_owned() }), attributes)
    }

    /// The member joins, with these kinds of relation, such as `referrer`.
    pub fn enrol(&mut self, relations: &[&str]) -> Answer {
        let relations: Vec<String> = relations.iter().map(|&relation| relation.to_owned()).collect();
        self.member.enrolled = self.now;
        self.member.relations.clone_from(&relations);
        self.happens("enrolment", EventBody::Enrolment(Enrolment { relations }), Attributes::default())
    }

    /// A redemption of this program's reward moves on: `held`, `captured`, `voided`, `expired` or `reversed`.
    pub fn redemption(&mut self, step: &str, reward: &str, points: i64, value: Money) -> Answer {
        let redemption = Redemption {
            id: format!("redemption-{reward}"),
            reward: reward.to_owned(),
            step: step.to_owned(),
            quantity: 1,
            points: Points::new(points),
            value,
        };
        self.happens("redemption", EventBody::Redemption(redemption), Attributes::default())
    }

    /// The day has come again: `enrolment` or `birthday`.
    pub fn anniversary(&mut self, kind: &str, years: u32) -> Answer {
        self.happens("anniversary", EventBody::Anniversary(Anniversary { kind: kind.to_owned(), years }), Attributes::default())
    }

    /// The window that is open now closes: the event comes at its last millisecond, and the till's clock goes on to the next window. `totals` are
    /// those of counters that ask for them: name, sum over all members, members.
    pub fn close(&mut self, window: Window, totals: &[(&str, i64, u64)]) -> Answer {
        let (from_ms, to_ms) = window_bounds(window, self.now);
        self.now.ms = to_ms - 1;
        let total = |&(counter, total, members): &(&str, i64, u64)| CounterTotal { counter: counter.to_owned(), total, members };
        let close = PeriodClose { window, from_ms, to_ms, totals: totals.iter().map(total).collect() };
        let answer = self.happens("period-close", EventBody::PeriodClose(close), Attributes::default());
        self.now.ms = to_ms;
        answer
    }

    /// This program said something about a related member, of whom this one is the `relation`, such as the `referrer`.
    pub fn hears(&mut self, relation: &str, kind: &str, attributes: Attributes) -> Answer {
        let source = format!("source-{}", self.events);
        let signal = SignalReceived { kind: kind.to_owned(), relation: relation.to_owned(), source, attributes };
        self.happens("signal", EventBody::Signal(signal), Attributes::default())
    }

    /// The member does something at another partner, such as a `purchase`.
    pub fn elsewhere(&mut self, partner: &str, kind: &str, total: Option<Money>) -> Answer {
        let event = CoalitionEvent { partner: partner.to_owned(), kind: kind.to_owned(), total };
        self.happens("coalition", EventBody::Coalition(event), Attributes::default())
    }

    /// Any event that the manifest handles; panics at one that it doesn't, since the gateway would not send it.
    pub(super) fn happens(&mut self, handled_as: &str, body: EventBody, attributes: Attributes) -> Answer {
        let handles = self.manifest.handles.iter().any(|kind| kind == handled_as);
        assert!(handles, "the manifest does not handle {handled_as:?}");
        let number = self.events;
        self.events += 1;
        let event = Event {
            id: format!("event-{number}"),
            at: self.now,
            seed: u64::try_from(number).unwrap_or(0),
            body,
            store: None,
            channel: None,
            attributes,
        };
        let member = self.view();
        self.decide(&event, &member)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Basket;
    use super::*;
    use crate::{Award, Counter, Currency, Effects, Exchange, Manifest, Member, Message, State, Stop, settings};

    settings! {
        /// What the merchant can change.
        struct Config {
            /// What is given for what is not counted.
            flat: Exchange = Exchange::new(5, 1),
        }
    }

    struct Everything;

    impl Program for Everything {
        type Config = Config;

        fn describe(_: &Config) -> Manifest {
            let kinds =
                ["purchase", "refund", "activity:review", "redemption", "enrolment", "anniversary", "period-close", "signal", "coalition"];
            let manifest = Manifest::new("everything", "1.0.0").needs("counters").counter(Counter::new("spend", Window::Month).keep(1));
            kinds.into_iter().fold(manifest, Manifest::handles).text("en", "x", "x")
        }

        fn on_event(event: &Event, member: &Member, config: &Config, _: &mut State) -> Result<Effects, Stop> {
            let mut effects = Effects::new();
            let points = match &event.body {
                EventBody::Purchase(purchase) => {
                    if member.activity.purchases == 0 {
                        effects.signal("referrer", "bought", Attributes::default());
                    }
                    effects.progress("spend", purchase.total.minor());
                    purchase.total.minor()
                }
                EventBody::Refund(refund) => {
                    effects.recover("purchase", Points::new(1), Message::new("x"));
                    assert_eq!(refund.clawed_back, Points::new(300));
                    0
                }
                EventBody::PeriodClose(close) => {
                    assert_eq!(close.to_ms, event.at.ms + 1);
                    member.counter("spend")
                }
                EventBody::Enrolment(enrolment) => i64::try_from(enrolment.relations.len()).unwrap_or(0),
                EventBody::Anniversary(anniversary) => i64::from(anniversary.years),
                EventBody::Coalition(event) => event.total.map_or(0, |total| total.minor()),
                EventBody::Redemption(redemption) => redemption.points.get(),
                _ => config.flat.points,
            };
            effects.award(Award::new(
                if matches!(event.body, EventBody::Purchase(_)) { "purchase" } else { "other" },
                Points::new(points),
                "x",
            ));
            Ok(effects)
        }
    }

    #[test]
    fn each_kind_of_event_can_be_played() {
        let mut till = Till::<Everything>::new("{}");
        till.at("2026-11-21T10:00:00+01:00");
        assert_eq!(till.enrol(&["referrer"]).points(), Points::new(1));
        let sold = till.buy(Basket::usd().line("A", 300).line("B", 500));
        assert_eq!(sold.signals().len(), 1);
        till.refund(0, &[0]);
        assert_eq!(till.points(), Points::new(1 + 800 - 300 - 1));
        assert_eq!(till.activity("review", Attributes::default()).points(), Points::new(5));
        assert_eq!(till.hears("referrer", "bought", Attributes::default()).points(), Points::new(5));
        assert_eq!(till.anniversary("enrolment", 3).points(), Points::new(3));
        assert_eq!(till.elsewhere("grocer", "purchase", Some(Money::new(7, Currency::USD))).points(), Points::new(7));
        assert_eq!(till.redemption("captured", "coffee", 90, Money::new(100, Currency::USD)).points(), Points::new(90));
        assert_eq!(till.close(Window::Month, &[("spend", 9_000, 3)]).points(), Points::new(500));
        assert_eq!(till.view().counter_before("spend", 1), 500, "it is December now");
    }
}
