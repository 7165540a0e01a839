//! The houses at which a history takes place, whose rules are plain arithmetic, and what is known of a purchase made there.

use coalition_domain::apportion;
use coalition_domain::model::Terms;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::harness::actors::{Brand, Coalition};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
/// Points that the rules give no end live on for so long after what their member last did.
pub(super) const SLIDING_DAYS: i64 = 5;
/// What awards of a house wait for, where they wait for an action.
pub(super) const ACTION: &str = "delivered";

/// Who funds what one of the houses awards, in the order in which they were admitted, and which part.
const JOINT: [(&str, i64); 3] = [("bakehouse", 3_333), ("grocer", 1_667), ("voyage", 5_000)];

/// A brand, and what its rules give.
pub(super) struct House {
    pub(super) brand: Brand,
    /// Minor units for a point.
    pub(super) unit: i64,
    /// Points beside.
    pub(super) bonus: i64,
    pub(super) pending_days: Option<i64>,
    pub(super) on_action: bool,
    pub(super) expires_days: Option<i64>,
    /// Points for a whole unit of money, when paying with them.
    pub(super) rate: i64,
    /// Whether its awards are funded by several.
    pub(super) is_joint: bool,
}

impl House {
    /// What the rules award for what is left of a purchase: as `base`, and as `bonus`.
    pub(super) fn award(&self, left: i64, is_empty: bool) -> [i64; 2] {
        if is_empty { [0, 0] } else { [left / self.unit, self.bonus] }
    }

    /// The shares of an award, each a lot of its own; none of nothing.
    pub(super) fn shares(&self, points: i64) -> Vec<i64> {
        let funded = if self.is_joint { apportion(points, &JOINT.map(|(_, share)| share)).expect("shares") } else { vec![points] };
        funded.into_iter().filter(|share| *share > 0).collect()
    }

    pub(super) fn terms(&self, at: i64, transaction: usize) -> Terms {
        Terms {
            available_at: self.pending_days.map(|days| at + days * DAY),
            action: self.on_action.then(|| ACTION.to_owned()),
            expires_at: Some(at + self.expires_days.unwrap_or(SLIDING_DAYS) * DAY),
            earned_at: at,
            transaction,
            // Where the rules give points no end, the program does: so long after what the member last did.
            sliding: self.expires_days.is_none().then_some(SLIDING_DAYS * DAY),
        }
    }
}

/// All of them.
pub(super) struct Scene {
    pub(super) houses: Vec<House>,
}

impl Scene {
    pub(super) async fn set(coalition: &Coalition) -> Scene {
        let plans = [
            ("bakehouse", 100, 7, None, false, None, 70),
            ("grocer", 70, 0, Some(3), false, Some(12), 100),
            ("cellar", 130, 5, None, true, Some(6), 33),
            ("bloom", 50, 1, None, false, Some(4), 250),
            ("voyage", 90, 2, Some(1), false, None, 100),
        ];
        let mut brands = Vec::new();
        for (slug, ..) in plans {
            brands.push(coalition.brand(slug).await);
        }
        let shares = JOINT.map(|(partner, share)| json!({ "partner": partner, "basis_points": share }));
        let campaign = json!({
            "slug": "joint", "budget_points": 1_000_000_000, "from": "2026-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z", "shares": shares,
        });
        coalition.operator.post("/v1/campaigns", &campaign).await.ok(201);
        let mut houses = Vec::new();
        for (brand, (slug, unit, bonus, pending_days, on_action, expires_days, rate)) in brands.into_iter().zip(plans) {
            let rewards = json!([
                { "id": "mug", "points": 100, "value": 500 },
                { "id": "pay", "points": rate, "flexible": true },
            ]);
            let mut config = json!({ "unit": unit, "bonus": bonus, "rewards": rewards });
            if let Some(days) = pending_days {
                config["pending_days"] = json!(days);
            }
            if on_action {
                config["action"] = json!(ACTION);
            }
            if let Some(days) = expires_days {
                config["expires_days"] = json!(days);
            }
            let is_joint = slug == "voyage";
            if is_joint {
                config["campaign"] = json!("joint");
                config["campaign_keys"] = json!(["base", "bonus"]);
            }
            brand.deploy("puppet", &config).await;
            houses.push(House { brand, unit, bonus, pending_days, on_action, expires_days, rate, is_joint });
        }
        Scene { houses }
    }
}

/// A line of a purchase, and what is left of it.
#[derive(Clone)]
struct Line {
    price: i64,
    pieces: i64,
    amount: i64,
    /// Money came back without pieces: pieces alone are no longer plain arithmetic.
    rebated: bool,
}

/// An award of a purchase.
#[derive(Clone, Default)]
pub(super) struct Award {
    /// Lots of the model, one for each who funds it; none where there were no points.
    pub(super) shares: Vec<Share>,
    pub(super) points: i64,
    /// What came back of it, or was to.
    pub(super) taken: i64,
}

/// A funder's part of an award.
#[derive(Clone, Default)]
pub(super) struct Share {
    pub(super) lot: usize,
    pub(super) points: i64,
    /// What came back of it, or was to.
    pub(super) taken: i64,
}

/// A purchase, and what is left of it.
pub(super) struct Purchase {
    pub(super) id: String,
    pub(super) house: usize,
    pub(super) member: usize,
    /// As `base`, and as `bonus`.
    pub(super) awards: [Award; 2],
    /// None where refunds tell amounts: those are spread over the lines.
    lines: Option<Vec<Line>>,
    pub(super) left: i64,
}

impl Purchase {
    /// A new one, and the lines and total that the till sends.
    pub(super) fn draw(chance: &mut Chance, house: usize, member: usize) -> (Purchase, Value) {
        let lines: Vec<Line> = (0..chance.below(4))
            .map(|_| {
                let (price, pieces) = (chance.within(1, 4_000), chance.within(1, 4));
                Line { price, pieces, amount: price * pieces, rebated: false }
            })
            .collect();
        let total = if lines.is_empty() { chance.within(1, 30_000) } else { lines.iter().map(|line| line.amount).sum() };
        let mut body = json!({ "currency": "USD", "total": total });
        if !lines.is_empty() {
            let told = lines
                .iter()
                .enumerate()
                .map(|(at, line)| json!({ "sku": format!("s{at}"), "quantity": line.pieces, "amount": line.amount }));
            body["lines"] = told.collect();
        }
        let lines = (!lines.is_empty() && chance.one_in(2)).then_some(lines);
        let purchase = Purchase { id: String::new(), house, member, awards: [Award::default(), Award::default()], lines, left: total };
        (purchase, body)
    }

    /// Whether all of it came back.
    pub(super) fn is_empty(&self) -> bool {
        self.left == 0
    }

    /// A random piece comes back: what the till says of it.
    pub(super) fn give_back(&mut self, chance: &mut Chance) -> Value {
        let before = self.left;
        if chance.one_in(4) {
            self.left = 0;
            return json!({});
        }
        let Some(lines) = &mut self.lines else {
            let amount = chance.within(1, before);
            self.left -= amount;
            return json!({ "amount": amount });
        };
        let there: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].amount > 0).collect();
        let at = *chance.pick(&there);
        let line = &mut lines[at];
        let told = match chance.below(3) {
            0 => {
                (line.amount, line.pieces) = (0, 0);
                json!({ "line": at })
            }
            1 if !line.rebated => {
                let pieces = chance.within(1, line.pieces);
                line.pieces -= pieces;
                line.amount -= pieces * line.price;
                json!({ "line": at, "quantity": pieces })
            }
            _ => {
                let amount = chance.within(1, line.amount);
                line.amount -= amount;
                line.rebated = true;
                json!({ "line": at, "amount": amount })
            }
        };
        self.left = lines.iter().map(|line| line.amount).sum();
        json!({ "lines": [told] })
    }
}
