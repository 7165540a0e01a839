//! Posting purchases, and reading them.

use coalition_domain::{Instant, MemberId, PartnerId, TransactionId};
use coalition_store::entities::{decisions, transactions};
use coalition_store::reads;
use futures::stream::{FuturesOrdered, StreamExt as _};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, IdempotencyClaim, Listing, Page};
use crate::caller::{Caller, Scope};
use crate::error::Error;
use crate::purchase::NewTransaction;
use crate::sequel::{PartReturned, WaitEnded};
use crate::views::PointsSummary;
use crate::write_path::command::{Command, Work, kind};
use crate::{App, cursor};

/// A purchase as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct TransactionView {
    /// The gateway's id.
    #[schema(value_type = String)]
    pub id: TransactionId,
    /// The till's.
    pub external_id: String,
    /// Who bought.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// `posted`, or `deferred` while rules could not run.
    pub status: String,
    /// When it was bought.
    #[schema(value_type = String, format = DateTime)]
    pub occurred_at: Instant,
    /// When the gateway recorded it.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// Minor units.
    pub total: i64,
    /// ISO 4217.
    pub currency: String,
    /// As posted.
    #[schema(value_type = Vec<Object>)]
    pub lines: Value,
    /// Minor units that have not come back.
    pub left: i64,
    /// Of all decisions so far.
    pub points: PointsSummary,
    /// What came back of it, oldest first, and what was taken back for it.
    pub refunds: Vec<PartReturned>,
    /// What became of awards that waited, oldest first.
    pub ended: Vec<WaitEnded>,
    /// Every decision, oldest first.
    pub decisions: Vec<TransactionDecision>,
}

/// A decision on a purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TransactionDecision {
    /// For `GET /v1/decisions/{id}`.
    #[schema(value_type = String)]
    pub id: coalition_domain::DecisionId,
    /// Whose rules: the slug.
    pub partner: String,
    /// The plugin version.
    #[schema(value_type = String)]
    pub plugin: coalition_domain::PluginId,
    /// `applied`, `refused` or `deferred`.
    pub status: String,
    /// What the run used.
    pub fuel: i64,
    /// Cut by caps.
    pub capped: i64,
}

impl App {
    /// Posts one purchase and awards it: the answer comes after the commit.
    ///
    /// # Errors
    /// 400, 403, 404 `member-not-found`, 409 `external-id-conflict`, 422 `currency-mismatch` or `idempotency-mismatch`, 503.
    pub async fn post_transaction(&self, caller: &Caller, input: NewTransaction, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let partner = caller.partner(Scope::Transactions, true)?;
        input.check()?;
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let command = self.purchase(caller, partner, input, claim)?;
        self.write_path().submit(command).await
    }

    fn purchase(
        &self,
        caller: &Caller,
        partner: PartnerId,
        input: NewTransaction,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Command, Error> {
        let body = serde_json::to_vec(&input).map_err(|error| Error::internal(&error))?;
        Ok(Command {
            key: (partner.uuid(), kind::TRANSACTION, input.external_id.clone()),
            body_hash: *blake3::hash(&body).as_bytes(),
            work: Work::Purchase { partner, input: Box::new(input) },
            caller: Some(caller.clone()),
            claim,
        })
    }

    /// Posts many purchases, each on its own: a bad one never spoils its neighbours. Answers are in the order of the items.
    ///
    /// # Errors
    /// 403 for all of them at once; each item's own is in its place.
    pub async fn post_batch(
        &self,
        caller: &Caller,
        items: Vec<Result<NewTransaction, Error>>,
    ) -> Result<Vec<Result<Answer, Error>>, Error> {
        let partner = caller.partner(Scope::Transactions, true)?;
        let answers: FuturesOrdered<_> = items
            .into_iter()
            .map(|item| async move {
                let input = item?;
                input.check()?;
                let command = self.purchase(caller, partner, input, None)?;
                self.write_path().submit(command).await
            })
            .collect();
        Ok(answers.collect().await)
    }

    /// One of the partner's purchases.
    ///
    /// # Errors
    /// 403, 404, 503.
    pub async fn transaction(&self, caller: &Caller, id: TransactionId) -> Result<TransactionView, Error> {
        let partner = caller.partner(Scope::Transactions, false)?;
        let row = reads::transaction(self.store().read(), partner.uuid(), id.uuid()).await?.ok_or_else(Error::not_found)?;
        let mut views = self.transaction_views(vec![row]).await?;
        views.pop().ok_or_else(Error::not_found)
    }

    /// The partner's purchases, newest first.
    ///
    /// # Errors
    /// 400, 403, 503.
    pub async fn transactions(&self, caller: &Caller, page: Page) -> Result<Listing<TransactionView>, Error> {
        let partner = caller.partner(Scope::Transactions, false)?;
        let settings = self.settings().await?;
        let (before, limit) = cursor::start(&settings.secret, "transactions", caller, &page)?;
        let rows = reads::transactions(self.store().read(), partner.uuid(), before, limit).await?;
        let rows = cursor::page(&settings.secret, "transactions", caller, &page, rows, |row| row.id, |row| row);
        Ok(Listing { items: self.transaction_views(rows.items).await?, next_cursor: rows.next_cursor })
    }

    async fn transaction_views(&self, rows: Vec<transactions::Model>) -> Result<Vec<TransactionView>, Error> {
        let keys: Vec<(Uuid, Uuid)> = rows.iter().map(|row| (row.member_id, row.id)).collect();
        let decisions = reads::decisions_of(self.store().read(), &keys).await?;
        let awards = reads::awards_of(self.store().read(), &keys).await?;
        let slugs = self.slugs().await?;
        let mut sequels = self.sequels(&rows).await?;
        rows.into_iter()
            .map(|row| {
                let input: NewTransaction = serde_json::from_str(&row.body).map_err(|error| Error::internal(&error))?;
                let sequel = sequels.remove(&row.id).unwrap_or_default();
                let mine: Vec<_> = decisions.iter().filter(|decision| decision.subject_id == row.id).collect();
                let points = PointsSummary::of(row.id, &awards, &mine);
                Ok(TransactionView {
                    id: TransactionId(row.id),
                    external_id: row.external_id,
                    member: MemberId(row.member_id),
                    status: row.status,
                    occurred_at: Instant(row.occurred_at),
                    recorded_at: Instant(row.recorded_at),
                    total: row.total,
                    currency: input.currency.to_string(),
                    lines: serde_json::to_value(&input.lines).map_err(|error| Error::internal(&error))?,
                    points,
                    left: sequel.left(&input)?,
                    refunds: sequel.refunds,
                    ended: sequel.ended,
                    decisions: mine.into_iter().map(|decision| view_of(decision, &slugs)).collect(),
                })
            })
            .collect()
    }

    /// Slugs by partner; there are few partners.
    pub(crate) async fn slugs(&self) -> Result<std::collections::HashMap<Uuid, String>, Error> {
        Ok(reads::slugs(self.store().read()).await?.into_iter().collect())
    }
}

pub(crate) fn view_of(row: &decisions::Model, slugs: &std::collections::HashMap<Uuid, String>) -> TransactionDecision {
    TransactionDecision {
        id: row.id.into(),
        partner: slugs.get(&row.partner_id).cloned().unwrap_or_default(),
        plugin: row.plugin_id.into(),
        status: row.status.clone(),
        fuel: row.fuel,
        capped: row.capped,
    }
}
