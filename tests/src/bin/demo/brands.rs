//! The seven brands: what a point costs them, and by which rules they give points.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// The plugins that are built for them.
pub const PLUGINS: [&str; 3] = ["points-per-spend", "stamp-card", "tiers"];

/// What the demo plans with a brand.
pub struct BrandPlan {
    /// Its slug in the receipts.
    pub slug: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its rules in a few words.
    pub about: &'static str,
    /// Its plugin.
    pub plugin: &'static str,
    /// Cents for 1 000 points, when it issues them and when it takes them.
    issue_cents: i64,
    redeem_cents: i64,
    /// The plugin's configuration, as JSON.
    config: &'static str,
}

impl BrandPlan {
    /// The configuration, for `activate`.
    pub fn config(&self) -> Result<Value> {
        serde_json::from_str(self.config).with_context(|| format!("the configuration of {}", self.name))
    }

    /// The terms, for admission.
    pub fn terms(&self) -> Value {
        json!({
            "issue_price": { "amount": self.issue_cents, "currency": "USD" },
            "redeem_price": { "amount": self.redeem_cents, "currency": "USD" },
            "funding": "postpaid",
            "caps": { "per_transaction": 5_000, "per_member_day": 10_000, "per_day": 1_000_000 },
        })
    }
}

/// All of them, the largest first.
pub const BRANDS: [BrandPlan; 7] = [
    BrandPlan {
        slug: "freshmart",
        name: "Freshmart",
        about: "a point a dollar, double on milk and bread, triple on fruit",
        plugin: "points-per-spend",
        issue_cents: 1_000,
        redeem_cents: 900,
        config: r#"{
            "earn": {"points": 1, "minor": 100},
            "bonuses": [
                {"id": "breakfast", "title": "Breakfast double", "goods": {"categories": ["FLUID MILK*", "BAKED BREAD*", "COLD CEREAL"]}, "multiplier_bp": 20000},
                {"id": "fruit", "title": "Fresh fruit triple", "goods": {"categories": ["APPLES", "BANANAS", "BERRIES", "CITRUS", "GRAPES", "TROPICAL FRUIT"]}, "multiplier_bp": 30000}
            ]
        }"#,
    },
    BrandPlan {
        slug: "wellpoint",
        name: "Wellpoint",
        about: "a point a dollar, half as much again on baby care, nothing on tobacco",
        plugin: "points-per-spend",
        issue_cents: 1_000,
        redeem_cents: 900,
        config: r#"{
            "bonuses": [{"id": "baby", "title": "For the little ones", "goods": {"categories": ["DIAPERS*", "BABY*", "INFANT*"]}, "multiplier_bp": 15000}]
        }"#,
    },
    BrandPlan {
        slug: "bakehouse",
        name: "Bakehouse",
        about: "ten points and a stamp a visit; nine stamps, a loaf on the house",
        plugin: "stamp-card",
        issue_cents: 1_100,
        redeem_cents: 1_000,
        config: r#"{
            "points_per_stamp": 10,
            "cards": [{"id": "visits", "title": "Baker's card", "counts": "visits", "needed": 9, "minimum": 200, "stamps_max": 1,
                       "gives": "a loaf of your choice", "worth": 500}]
        }"#,
    },
    BrandPlan {
        slug: "fuelgo",
        name: "FuelGo",
        about: "a point for two dollars of fuel",
        plugin: "points-per-spend",
        issue_cents: 900,
        redeem_cents: 850,
        config: r#"{"earn": {"points": 1, "minor": 200}}"#,
    },
    BrandPlan {
        slug: "bloom",
        name: "Bloom",
        about: "five points a dollar on flowers",
        plugin: "points-per-spend",
        issue_cents: 1_000,
        redeem_cents: 950,
        config: r#"{
            "earn": {"points": 5, "minor": 100},
            "vouchers": [{"id": "bouquet", "points": 600, "value": 900, "per_member": {"max": 2, "window": "month"}}]
        }"#,
    },
    BrandPlan {
        slug: "cellar",
        name: "Cellar",
        about: "bronze, silver, gold: the more a year, the more a dollar",
        plugin: "tiers",
        issue_cents: 1_000,
        redeem_cents: 900,
        config: r#"{
            "tiers": [
                {"id": "bronze", "title": "Bronze", "from": 2500, "discount_bp": 300},
                {"id": "silver", "title": "Silver", "from": 7500, "discount_bp": 500, "bonus_bp": 2500, "welcome_points": 50},
                {"id": "gold", "title": "Gold", "from": 20000, "discount_bp": 1000, "bonus_bp": 5000, "welcome_points": 150}
            ],
            "exclusives": [{"id": "tasting", "title": "An evening of tasting", "tier": "silver", "points": 150, "value": 2500, "stock": 40, "per_year": 2}]
        }"#,
    },
    BrandPlan {
        slug: "voyage",
        name: "Voyage",
        about: "three points a dollar, half as many again for explorers",
        plugin: "tiers",
        issue_cents: 1_200,
        redeem_cents: 1_100,
        config: r#"{
            "earn": {"points": 3, "minor": 100},
            "tiers": [{"id": "explorer", "title": "Explorer", "from": 1000, "discount_bp": 500, "bonus_bp": 5000, "welcome_points": 25}],
            "exclusives": [{"id": "weekend", "title": "A weekend by the sea", "tier": "explorer", "points": 1500, "value": 15000, "stock": 5, "per_year": 1}]
        }"#,
    },
];
