//! One file a table, field for column; the schema is told in the migrations.
#![expect(missing_docs, reason = "columns are documented where they are made: in the migrations")]

pub mod activations;
pub mod allocations;
pub mod artifacts;
pub mod audit;
pub mod badges;
pub mod balances;
pub mod blocks;
pub mod business_ids;
pub mod chain_head;
pub mod clients;
pub mod configs;
pub mod decisions;
pub mod deferrals;
pub mod idempotency_keys;
pub mod limits;
pub mod lots;
pub mod member_codes;
pub mod members;
pub mod messages;
pub mod partner_prices;
pub mod partners;
pub mod personal;
pub mod plugin_runs;
pub mod plugins;
pub mod profiles;
pub mod program;
pub mod redemptions;
pub mod refunds;
pub mod signing_keys;
pub mod states;
pub mod stock;
pub mod tier_changes;
pub mod transactions;
pub mod transfers;
pub mod vouchers;
