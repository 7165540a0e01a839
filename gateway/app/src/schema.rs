//! How types of the crates below look in the OpenAPI document; they know nothing of it themselves.

use utoipa::ToSchema;

/// An amount in integer minor units.
#[derive(Clone, Debug, ToSchema)]
pub struct Money {
    /// Minor units: cents.
    #[schema(example = 1299)]
    pub amount: i64,
    /// ISO 4217.
    #[schema(pattern = "^[A-Z]{3}$", example = "USD")]
    pub currency: String,
}
