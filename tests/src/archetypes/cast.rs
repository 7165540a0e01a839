//! Which brand's receipts each archetype is fitted to, and the configuration that makes sense there.

/// An archetype in its part.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// Its folder under `plugins/`.
    pub plugin: &'static str,
    /// Whose receipts it decides.
    pub brand: &'static str,
    /// Its configuration, as JSON.
    pub config: &'static str,
}

/// The operator's own program, which decides beside all the others.
pub const OPERATOR: &str = "coalition-base";

/// The program that decides activities, and no purchases.
pub const VISITS: &str = "engagement";

const fn part(plugin: &'static str, brand: &'static str, config: &'static str) -> Part {
    Part { plugin, brand, config }
}

/// All of them, by name.
pub const CAST: [Part; 16] = [
    part("air-miles", "voyage", "{}"),
    part("cashback", "wellpoint", "{}"),
    part(
        "challenges",
        "bakehouse",
        r#"{"streak": {"minimum": 200, "milestones": [{"weeks": 2, "points": 15}, {"weeks": 4, "points": 40}]},
            "challenges": [{"id": "counter", "title": "From every counter", "window": "month", "points": 40, "parts": [
                {"goods": {"categories": ["BREAD", "ROLLS"]}}, {"goods": {"categories": ["DELI MEATS"]}}, {"goods": {"categories": ["CHEESES"]}}]}],
            "levels": [{"id": "guest", "title": "Guest", "from": 20}, {"id": "friend", "title": "Friend of the house", "from": 100}],
            "exclusives": []}"#,
    ),
    part(
        OPERATOR,
        "",
        r#"{"tiers": [{"id": "silver", "title": "Silver", "from": 10000, "bonus_bp": 1000}, {"id": "gold", "title": "Gold", "from": 40000, "bonus_bp": 2000}],
            "exclusives": []}"#,
    ),
    part("coop-dividend", "freshmart", "{}"),
    part(
        "donations",
        "freshmart",
        r#"{"eco": {"title": "fruit and vegetables", "goods": {"categories": ["APPLES", "TROPICAL FRUIT", "VEGETABLES*", "SALAD*"]}, "multiplier_bp": 15000}}"#,
    ),
    part(VISITS, "bakehouse", "{}"),
    part("fuel-partner", "fuelgo", r#"{"earn": {"points": 1, "minor": 200}}"#),
    part("paid-membership", "wellpoint", "{}"),
    part(
        "personal-offers",
        "freshmart",
        r#"{"winback": {"weeks": 2, "points": 30}, "favourite": {"minimum": 500, "groups": [
                {"id": "drinks", "title": "drinks", "goods": {"categories": ["SOFT DRINKS"]}},
                {"id": "dairy", "title": "milk and cheese", "goods": {"categories": ["FLUID MILK*", "CHEESE*", "YOGURT*"]}}]}}"#,
    ),
    part("points-per-spend", "cellar", r#"{"earn": {"points": 3, "minor": 100}}"#),
    part("referral", "bloom", "{}"),
    part(
        "seasonal-campaign",
        "freshmart",
        r#"{"campaigns": [
                {"id": "new-year", "title": "New Year's week", "from": "2017-01-01", "to": "2017-01-08", "multiplier_bp": 20000, "minimum_basket": 1000},
                {"id": "lunch", "title": "Lunch hours", "from": "2017-01-01", "to": "2017-02-28", "hours": {"from": 11, "to": 14}, "multiplier_bp": 15000}],
            "early_access": []}"#,
    ),
    part("stamp-card", "bakehouse", "{}"),
    part(
        "surprise",
        "wellpoint",
        r#"{"minimum": 300, "prizes": [
                {"id": "twenty", "title": "twenty points", "per_million": 200000, "points": 20},
                {"id": "chocolate", "title": "a bar of chocolate", "per_million": 100000, "voucher": {"kind": "free-product", "value": 150}}]}"#,
    ),
    part(
        "tiers",
        "freshmart",
        r#"{"tiers": [{"id": "bronze", "title": "Bronze", "from": 5000, "discount_bp": 300}, {"id": "silver", "title": "Silver", "from": 20000, "discount_bp": 500, "welcome_points": 25}], "exclusives": []}"#,
    ),
];
