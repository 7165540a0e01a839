//! What can happen: the gateway is asked, and the model is told.

use coalition_domain::give_back;
use serde_json::{Value, json};

use super::scene::{ACTION, Purchase, SLIDING_DAYS, Share};
use super::{History, MINUTE, POLICIES, Redemption, State, text};
use crate::harness::http::{Answer, Http};

/// How long a hold lasts where the rules don't say.
const HOLD: i64 = 30 * MINUTE;

impl History<'_> {
    pub(super) async fn step(&mut self) {
        match self.chance.below(100) {
            0..24 => self.buy().await,
            24..42 => self.refund().await,
            42..50 => self.settle().await,
            50..66 => self.hold().await,
            66..76 => self.capture().await,
            76..80 => self.void().await,
            80..86 => self.reverse().await,
            86..89 => self.change_policy().await,
            89..93 => self.give().await,
            _ => self.pass().await,
        }
        self.compare().await;
    }

    /// Posts it; now and then once more, as a till does that lost the answer.
    async fn say(&mut self, by: &Http, path: &str, body: &Value) -> Answer {
        let first = by.post(path, body).await;
        if first.status.is_success() && self.chance.one_in(6) {
            let again = by.post(path, body).await;
            assert!(again.is_replay(), "{path}: {}", again.text());
            assert_eq!(again.ok(200), first.json(), "{path} asked again");
        }
        first
    }

    async fn buy(&mut self) {
        let (house, member) = (self.chance.below(self.scene.houses.len()), self.chance.below(self.members.len()));
        let (mut purchase, mut body) = Purchase::draw(&mut self.chance, house, member);
        // Half of the receipts come late, some so late that their points have run out.
        let at = if self.chance.one_in(2) { self.now } else { self.now - self.chance.within(0, 7 * 24 * 60) * MINUTE };
        body["external_id"] = json!(self.fresh("buy"));
        body["occurred_at"] = json!(text(at));
        body["member"] = json!({ "id": self.members[member].0.id });
        self.note(format!("member {member} buys at house {house}: {body}"));
        let house = &self.scene.houses[house];
        let posted = self.say(&house.brand.http, "/v1/transactions", &body).await.ok(201);
        purchase.id = id(&posted);
        self.model.act(member, at);
        let points = house.award(purchase.left, false);
        for (award, points) in purchase.awards.iter_mut().zip(points) {
            award.points = points;
            for points in house.shares(points) {
                let lot = self.model.award(member, points, house.terms(at, self.purchases.len()));
                award.shares.push(Share { lot, points, taken: 0 });
            }
        }
        assert_eq!(posted["points"]["awarded"], points[0] + points[1], "{posted:#}");
        self.purchases.push(purchase);
        // What had run out when it was awarded goes at once.
        self.let_pass(self.now);
    }

    async fn refund(&mut self) {
        let Some(at) = self.some_purchase() else { return };
        let was_empty = self.purchases[at].is_empty();
        let too_much = !was_empty && self.chance.one_in(12);
        let mut body = match (was_empty, too_much) {
            (true, _) => json!({}),
            (_, true) => json!({ "amount": self.purchases[at].left + 1 }),
            _ => self.purchases[at].give_back(&mut self.chance),
        };
        body["external_id"] = json!(self.fresh("refund"));
        self.note(format!("refund of purchase {at}: {body}"));
        let purchase = &self.purchases[at];
        let (house, member, path) =
            (&self.scene.houses[purchase.house], purchase.member, format!("/v1/transactions/{}/refunds", purchase.id));
        let answer = self.say(&house.brand.http, &path, &body).await;
        if was_empty || too_much {
            answer.problem(409, "nothing-left");
            return;
        }
        let purchase = &mut self.purchases[at];
        let again = house.award(purchase.left, purchase.is_empty());
        let (mut due, mut owed, mut short) = (0, 0, 0);
        for (award, again) in purchase.awards.iter_mut().zip(again) {
            let wanted = award.points - again - award.taken;
            if wanted <= 0 {
                continue;
            }
            award.taken += wanted;
            due += wanted;
            let parts: Vec<(i64, i64)> = award.shares.iter().map(|share| (share.points, share.taken)).collect();
            let back = give_back(&parts, wanted).expect("shares");
            for (share, part) in award.shares.iter_mut().zip(back).filter(|(_, part)| *part > 0) {
                share.taken += part;
                let (more_owed, more_short) = self.model.clawback(member, &[share.lot], part, self.policy);
                owed += more_owed;
                short += more_short;
            }
        }
        let refunded = answer.ok(201);
        assert_eq!(refunded["left"], purchase.left, "{refunded:#}");
        assert_eq!(refunded["points"], json!({ "recovered": due - owed - short, "arrears": owed, "shortfall": short }), "{refunded:#}");
    }

    /// An action is reported, or it is said that it will never come.
    async fn settle(&mut self) {
        let Some(at) = self.some_purchase() else { return };
        let step = if self.chance.one_in(3) { "cancel" } else { "activate" };
        let body = json!({ "external_id": self.fresh(step), "action": ACTION });
        self.note(format!("{step} of purchase {at}"));
        let purchase = &self.purchases[at];
        let (house, member, path) =
            (&self.scene.houses[purchase.house], purchase.member, format!("/v1/transactions/{}/{step}", purchase.id));
        let answer = self.say(&house.brand.http, &path, &body).await;
        let mut waiting = 0;
        for award in &mut self.purchases[at].awards {
            for share in &mut award.shares {
                let lot = &self.model.lots()[share.lot];
                let points = if lot.pending && lot.terms.action.is_some() { lot.remaining } else { 0 };
                waiting += points;
                let gone = if step == "cancel" { points } else { 0 };
                award.taken += gone;
                share.taken += gone;
            }
        }
        if waiting == 0 {
            answer.problem(409, "nothing-waits");
            return;
        }
        if step == "cancel" {
            self.model.cancel(member, at);
        } else {
            self.model.report(member, at, ACTION);
        }
        assert_eq!(answer.ok(200)["points"], waiting);
    }

    async fn hold(&mut self) {
        let (house, member) = (self.chance.below(self.scene.houses.len()), self.chance.below(self.members.len()));
        let (slug, rate) = (&self.scene.houses[house].brand.slug, self.scene.houses[house].rate);
        let (points, value, body) = if self.chance.one_in(3) {
            (100, 500, json!({ "partner": slug, "reward": "mug" }))
        } else {
            let amount = self.chance.within(1, 300);
            ((amount * rate + 99) / 100, amount, json!({ "partner": slug, "reward": "pay", "amount": amount }))
        };
        self.note(format!("member {member} holds {points}: {body}"));
        let number = self.redemptions.len();
        let until = self.now + HOLD;
        let answer = self.members[member].1.post("/v1/redemptions", &body).await;
        if !self.model.hold(member, number, points, until) {
            answer.problem(409, "insufficient-points");
            return;
        }
        self.model.act(member, self.now);
        let held = answer.ok(201);
        assert_eq!((&held["points"], &held["value"]["amount"]), (&json!(points), &json!(value)), "{held:#}");
        self.redemptions.push(Redemption { id: id(&held), house, member, points, value, state: State::Held { until } });
    }

    async fn capture(&mut self) {
        let Some(at) = self.some_redemption(|state| state != State::Captured) else { return };
        let mut body = json!({ "external_id": self.fresh("capture") });
        let Redemption { points, value, state, .. } = self.redemptions[at];
        let mut taken = points;
        if self.chance.one_in(2) {
            let amount = self.chance.within(1, value);
            body["amount"] = json!(amount);
            // Rounded up: a begun point is a point.
            taken = (points * amount + value - 1) / value;
        }
        self.note(format!("capture of redemption {at}: {body}"));
        let path = format!("/v1/redemptions/{}/capture", self.redemptions[at].id);
        let answer = self.say(&self.till(at), &path, &body).await;
        if state == State::Over {
            assert!(matches!(answer.status.as_u16(), 409 | 410), "{}", answer.text());
            return;
        }
        answer.ok(200);
        self.model.act(self.redemptions[at].member, self.now);
        self.model.capture(at, taken);
        self.redemptions[at].state = State::Captured;
    }

    async fn void(&mut self) {
        let Some(at) = self.some_redemption(|state| matches!(state, State::Held { .. })) else { return };
        let by = if self.chance.one_in(2) { self.till(at) } else { self.members[self.redemptions[at].member].1.clone() };
        self.note(format!("void of redemption {at}"));
        by.post_empty(&format!("/v1/redemptions/{}/void", self.redemptions[at].id)).await.ok(200);
        self.model.void(at);
        self.redemptions[at].state = State::Over;
    }

    async fn reverse(&mut self) {
        let Some(at) = self.some_redemption(|state| state == State::Captured) else { return };
        let left = self.model.spent(at);
        let mut body = json!({ "external_id": self.fresh("reverse") });
        let mut points = left;
        if self.chance.one_in(2) {
            points = self.chance.within(1, left + 1);
            body["points"] = json!(points);
        }
        self.note(format!("reversal of redemption {at}: {body}"));
        let path = format!("/v1/redemptions/{}/reverse", self.redemptions[at].id);
        let answer = self.say(&self.till(at), &path, &body).await;
        if left == 0 || points > left {
            answer.problem(409, "nothing-left");
            return;
        }
        answer.ok(200);
        self.model.reverse(at, points);
    }

    /// A member gives points to another, or would.
    async fn give(&mut self) {
        let from = self.chance.below(self.members.len());
        let to = (from + 1 + self.chance.below(self.members.len() - 1)) % self.members.len();
        let points = self.chance.within(1, 300);
        let body = json!({ "to": self.members[to].0.id, "points": points, "external_id": self.fresh("gift") });
        self.note(format!("member {from} gives {points} to member {to}"));
        let by = self.members[from].1.clone();
        let answer = self.say(&by, "/v1/me/transfers", &body).await;
        if self.model.give(from, to, points) {
            assert_eq!(answer.ok(201)["points"], points);
        } else {
            answer.problem(409, "insufficient-points");
        }
    }

    /// The operator says anew how far a refund may go.
    pub(super) async fn change_policy(&mut self) {
        let (name, policy) = *self.chance.pick(&POLICIES);
        self.note(format!("refunds go {name}"));
        let mut program = self.coalition.operator.get("/v1/program").await.ok(200);
        program.as_object_mut().expect("an object").remove("test");
        program["refund_policy"] = json!(name);
        // However much is given in one day of a history.
        program["transfers"] = json!({ "mode": "on", "daily_points_max": null, "yearly_points_max": null });
        program["expiry"] = json!({ "policy": "sliding_days", "days": SLIDING_DAYS });
        self.coalition.operator.put("/v1/program", &program).await.ok(200);
        self.policy = policy;
        // Moving the clock waits until every gateway has read the program anew.
        self.pass_to(self.now + MINUTE).await;
    }

    /// Time passes: a little, a lot, or until just when something falls due.
    async fn pass(&mut self) {
        let by = match self.chance.below(4) {
            0 => self.chance.within(1, 20) * MINUTE,
            1 => self.chance.within(1, 20 * 60) * MINUTE,
            2 => self.chance.within(1, 5 * 24 * 60) * MINUTE,
            _ => {
                let lots = self.model.lots().iter().filter(|lot| lot.remaining > 0);
                let of_lots = lots.flat_map(|lot| lot.terms.available_at.into_iter().chain(lot.terms.expires_at));
                let of_holds = self.redemptions.iter().filter_map(|known| match known.state {
                    State::Held { until } => Some(until),
                    _ => None,
                });
                let next = of_lots.chain(of_holds).filter(|at| *at > self.now).min();
                next.map_or(MINUTE, |at| at - self.now - self.chance.within(0, 1)).max(1)
            }
        };
        self.pass_to(self.now + by).await;
    }

    pub(super) async fn pass_to(&mut self, then: i64) {
        self.remember_before(then);
        self.now = then;
        self.note("the clock is moved".to_owned());
        self.coalition.set_clock(&text(then)).await;
        self.let_pass(then);
        for known in &mut self.redemptions {
            if matches!(known.state, State::Held { until } if until <= then) {
                known.state = State::Over;
            }
        }
    }

    /// What runs out while it waits goes back to its issuer: a refund does not ask for it again.
    fn let_pass(&mut self, then: i64) {
        let waiting: Vec<i64> = self.model.lots().iter().map(|lot| if lot.pending { lot.remaining } else { 0 }).collect();
        self.model.pass(then);
        for award in self.purchases.iter_mut().flat_map(|purchase| &mut purchase.awards) {
            for share in award.shares.iter_mut().filter(|share| self.model.lots()[share.lot].pending) {
                let gone = waiting[share.lot] - self.model.lots()[share.lot].remaining;
                award.taken += gone;
                share.taken += gone;
            }
        }
    }

    fn some_purchase(&mut self) -> Option<usize> {
        // The newest are looked at more often.
        let newest = self.purchases.len().saturating_sub(8);
        let from = if self.chance.one_in(3) { 0 } else { newest };
        (!self.purchases.is_empty()).then(|| from + self.chance.below(self.purchases.len() - from))
    }

    fn some_redemption(&mut self, is_wanted: impl Fn(State) -> bool) -> Option<usize> {
        let found: Vec<usize> = (0..self.redemptions.len()).filter(|at| is_wanted(self.redemptions[*at].state)).collect();
        (!found.is_empty()).then(|| *self.chance.pick(&found))
    }

    /// The till of the redemption's house.
    fn till(&self, redemption: usize) -> Http {
        self.scene.houses[self.redemptions[redemption].house].brand.http.clone()
    }
}

fn id(of: &Value) -> String {
    of["id"].as_str().expect("an id").to_owned()
}
