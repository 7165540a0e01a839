//! Refunds: what came back of a purchase, and what is taken back for it.

use coalition_domain::refund::{Return, ReturnedLine};
use coalition_domain::{Clawback, Instant, MemberId, PartnerId, RecoveryPolicy, RefundId, TransactionId};
use coalition_store::reads;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::{Caller, Scope};
use crate::check::Checks;
use crate::error::Error;
use crate::purchase::{LINES_MAX, NAME_CHARS_MAX, QUANTITY_MILLI_MAX, TOTAL_MAX, quantity};
use crate::views::{BalanceSummary, DecisionSummary};
use crate::write_path::command::{Command, Work, kind};

/// What came back, as a till posts it. Neither `amount` nor `lines` means all that is left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRefund {
    /// The till's own number: unique for ever among this partner's refunds.
    #[schema(min_length = 1, max_length = 128, example = "pos-17-r-000045")]
    pub external_id: String,
    /// When; now, where it is left out. Not before the purchase, and at most 5 minutes ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub occurred_at: Option<Instant>,
    /// Minor units, wherever they belong: spread over the lines in proportion to what is left of each. Not together with `lines`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 1_000_000_000_000_i64)]
    pub amount: Option<i64>,
    /// The lines, or parts of lines, that came back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub lines: Vec<NewReturnedLine>,
}

/// A line that came back. With neither `quantity` nor `amount`, all that is left of it; a quantity alone brings back its part of the amount.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReturnedLine {
    /// Its place in the purchase, counted from 0.
    #[schema(minimum = 0, maximum = 999)]
    pub line: u32,
    /// Pieces, litres, kilos; up to three decimals.
    #[serde(default, with = "quantity::optional", rename = "quantity", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, nullable = false, minimum = 0, maximum = 1_000_000_000)]
    pub quantity_milli: Option<i64>,
    /// Minor units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0, maximum = 1_000_000_000_000_i64)]
    pub amount: Option<i64>,
}

/// What became of the points that were due back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefundPoints {
    /// Taken from lots.
    pub recovered: i64,
    /// Owed by the member from now on.
    pub arrears: i64,
    /// Due, and not taken, as the operator's policy has it.
    pub shortfall: i64,
}

impl RefundPoints {
    /// All that was due.
    pub(crate) const fn due(&self) -> i64 {
        self.recovered.saturating_add(self.arrears).saturating_add(self.shortfall)
    }

    /// What came back to whoever issued them, now or later.
    pub(crate) const fn back(&self) -> i64 {
        self.recovered.saturating_add(self.arrears)
    }

    pub(crate) const fn add(&mut self, more: &Self) {
        self.recovered = self.recovered.saturating_add(more.recovered);
        self.arrears = self.arrears.saturating_add(more.arrears);
        self.shortfall = self.shortfall.saturating_add(more.shortfall);
    }

    /// Counts what a clawback of `wanted` points came to.
    pub(crate) const fn take(&mut self, wanted: i64, taken: &Clawback) {
        let recovered = wanted.saturating_sub(taken.arrears.0).saturating_sub(taken.shortfall.0);
        self.add(&Self { recovered, arrears: taken.arrears.0, shortfall: taken.shortfall.0 });
    }
}

/// The answer to a refund.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RefundAnswer {
    /// The gateway's id.
    #[schema(value_type = String)]
    pub id: RefundId,
    /// The till's.
    pub external_id: String,
    /// The purchase.
    #[schema(value_type = String)]
    pub transaction: TransactionId,
    /// Who bought.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// When it came back.
    #[schema(value_type = String, format = DateTime)]
    pub occurred_at: Instant,
    /// Minor units that came back this time.
    pub amount: i64,
    /// Minor units that are left of the purchase.
    pub left: i64,
    /// ISO 4217.
    pub currency: String,
    /// What was taken back this time, for all programs.
    pub points: RefundPoints,
    /// What the live rules said to the refund.
    #[schema(value_type = Vec<Object>)]
    pub effects: Vec<Value>,
    /// Right after.
    pub balance: BalanceSummary,
    /// Each program asked again, with status `rules`, `nothing-left` or `in-proportion`; then those that answered the refund itself.
    pub decisions: Vec<DecisionSummary>,
}

/// How far a refund may go where the award is no longer there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundPolicy {
    /// What is not there is owed, and repaid first by later awards.
    #[default]
    Arrears,
    /// Whatever the member can spend, and never more; the rest is a shortfall.
    WithinBalance,
    /// Only what of the award still waits; the rest is a shortfall.
    PendingOnly,
}

impl From<RefundPolicy> for RecoveryPolicy {
    fn from(policy: RefundPolicy) -> Self {
        match policy {
            RefundPolicy::Arrears => Self::Arrears,
            RefundPolicy::WithinBalance => Self::WithinBalance,
            RefundPolicy::PendingOnly => Self::PendingOnly,
        }
    }
}

impl NewRefund {
    fn check(&self) -> Result<(), Error> {
        let mut checks = Checks::default();
        checks.line("/external_id", &self.external_id, NAME_CHARS_MAX);
        if let Some(amount) = self.amount {
            checks.within("/amount", amount, 1, TOTAL_MAX);
            if !self.lines.is_empty() {
                checks.fault("/amount", "either an amount or lines, not both");
            }
        }
        if self.lines.len() > LINES_MAX {
            checks.fault("/lines", format!("up to {LINES_MAX} lines"));
        }
        for (place, line) in self.lines.iter().enumerate() {
            if let Some(milli) = line.quantity_milli {
                checks.within(&format!("/lines/{place}/quantity"), milli, 0, QUANTITY_MILLI_MAX);
            }
            if let Some(amount) = line.amount {
                checks.within(&format!("/lines/{place}/amount"), amount, 0, TOTAL_MAX);
            }
        }
        checks.done()
    }

    pub(crate) fn to_return(&self) -> Return {
        match self.amount {
            Some(amount) => Return::Amount(amount),
            None if self.lines.is_empty() => Return::Everything,
            None => Return::Lines(
                self.lines
                    .iter()
                    .map(|line| ReturnedLine {
                        line: usize::try_from(line.line).unwrap_or(usize::MAX),
                        quantity_milli: line.quantity_milli,
                        amount: line.amount,
                    })
                    .collect(),
            ),
        }
    }
}

impl App {
    /// Posts what came back of one of the partner's purchases: the answer comes after the commit.
    ///
    /// # Errors
    /// 400, 403, 404, 409 `nothing-left` or `external-id-conflict`, 422 `idempotency-mismatch`, 503.
    pub async fn refund(
        &self,
        caller: &Caller,
        id: TransactionId,
        input: NewRefund,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        let partner = caller.partner(Scope::Transactions, true)?;
        input.check()?;
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let row = reads::transaction(self.store().read(), partner.uuid(), id.uuid()).await?.ok_or_else(Error::not_found)?;
        let command = self.refund_command(caller, partner, MemberId(row.member_id), id, input, claim)?;
        self.write_path().submit(command).await
    }

    fn refund_command(
        &self,
        caller: &Caller,
        partner: PartnerId,
        member: MemberId,
        transaction: TransactionId,
        input: NewRefund,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Command, Error> {
        let body = serde_json::to_vec(&(transaction, &input)).map_err(|error| Error::internal(&error))?;
        Ok(Command {
            key: (partner.uuid(), kind::REFUND, input.external_id.clone()),
            body_hash: *blake3::hash(&body).as_bytes(),
            work: Work::Refund { member, transaction, partner, input: Box::new(input) },
            caller: Some(caller.clone()),
            claim,
        })
    }
}
