//! The stage on which receipts are posted: the seven brands with their rules live, and every household enrolled.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

use super::{BRANDS, Receipt};
use crate::harness::actors::{Brand, Coalition};
use crate::harness::http::Http;

/// Calls under way at once while members are enrolled or read.
const LANES: usize = 16;

/// The brands, and the households by card.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The operator, logged in.
    pub operator: Http,
    /// By slug.
    pub brands: BTreeMap<String, Brand>,
    /// Members' ids by card.
    pub members: BTreeMap<String, String>,
}

impl Stage {
    /// Sets it: admits the brands, makes `plugin` live for each with its own defaults, enrols the households.
    pub async fn set(coalition: &Coalition, receipts: &[Receipt], plugin: &str) -> Stage {
        coalition.set_clock("2017-01-01T00:00:00Z").await;
        let mut brands = BTreeMap::new();
        for slug in BRANDS {
            let brand = coalition.brand(slug).await;
            brand.deploy(plugin, &json!({})).await;
            brands.insert(slug.to_owned(), brand);
        }
        let cards: BTreeSet<&String> = receipts.iter().map(|receipt| &receipt.card).collect();
        let operator = &coalition.operator;
        let members = stream::iter(cards)
            .map(async |card| {
                let member = operator.post("/v1/members", &json!({ "card": card })).await.ok(201);
                (card.clone(), member["id"].as_str().expect("a member's id").to_owned())
            })
            .buffer_unordered(LANES)
            .collect()
            .await;
        Stage { operator: operator.clone(), brands, members }
    }

    /// The same stage, asked at another gateway.
    pub fn at(&self, base: &str) -> Stage {
        let mut moved = self.clone();
        moved.operator = moved.operator.at(base);
        for brand in moved.brands.values_mut() {
            brand.http = brand.http.at(base);
        }
        moved
    }

    /// Points on all members' accounts together: available, pending and held, less arrears.
    pub async fn points_of_all_members(&self) -> i64 {
        let balances = stream::iter(self.members.values())
            .map(async |id| self.operator.get(&format!("/v1/members/{id}/balance")).await.ok(200))
            .buffer_unordered(LANES);
        balances.fold(0, async |sum, balance| sum + points_of(&balance)).await
    }
}

fn points_of(balance: &Value) -> i64 {
    let points = |name: &str| balance[name].as_i64().unwrap_or_else(|| panic!("no {name} in {balance:#}"));
    points("available") + points("pending") + points("held") - points("arrears")
}
