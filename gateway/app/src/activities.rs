//! Posting activities, which are what members do other than buying, and reading them.

use coalition_domain::{ActivityId, Instant, MemberId};
use coalition_store::entities::events;
use coalition_store::reads;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, IdempotencyClaim, Listing, Page};
use crate::caller::{Caller, Scope};
use crate::error::Error;
use crate::purchase::{Attributes, Faults, MemberRef};
use crate::transactions::{TransactionDecision, view_of};
use crate::views::{BalanceSummary, DecisionSummary, PointsSummary};
use crate::write_path::command::{Command, Work, kind};
use crate::{App, cursor};

/// Something that a member did, as a partner reports it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewActivity {
    /// The partner's own number: unique for ever among its activities.
    #[schema(min_length = 1, max_length = 128, example = "review-1095275-000123")]
    pub external_id: String,
    /// Who.
    pub member: MemberRef,
    /// `signup`, `referral`, `review`, `survey`, `quiz`, `visit`, `social`, `subscription`, `donation`, or the partner's own, `x-…`.
    #[schema(min_length = 1, max_length = 64, example = "review")]
    pub kind: String,
    /// When: RFC 3339 with an offset; at most 5 minutes ahead, and not older than the program allows (30 days).
    #[schema(value_type = String, format = DateTime, example = "2026-11-21T10:00:00Z")]
    pub occurred_at: Instant,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 128, example = "store-330")]
    pub store: Option<String>,
    /// How: `pos`, `web`, `app` or the partner's own word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 128, example = "app")]
    pub channel: Option<String>,
    /// Of the partner's own making; never what a person wrote.
    #[serde(default, skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub attributes: Attributes,
}

/// The answer to a posted activity.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ActivityAnswer {
    /// The gateway's id.
    #[schema(value_type = String)]
    pub id: ActivityId,
    /// The partner's.
    pub external_id: String,
    /// Who.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// What.
    pub kind: String,
    /// `posted`, or `deferred` while rules could not run: recorded, and evaluated again by itself.
    pub status: String,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub occurred_at: Instant,
    /// Points in all.
    pub points: PointsSummary,
    /// What the rules said, the partner's first, each with its `kind`, `partner` and, for people, `text`.
    #[schema(value_type = Vec<Object>)]
    pub effects: Vec<Value>,
    /// Right after.
    pub balance: BalanceSummary,
    /// The partner's rules first, then the operator's.
    pub decisions: Vec<DecisionSummary>,
}

/// An activity as it is now.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ActivityView {
    /// The gateway's id.
    #[schema(value_type = String)]
    pub id: ActivityId,
    /// The partner's.
    pub external_id: String,
    /// Who.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// What.
    pub kind: String,
    /// `posted`, or `deferred` while rules could not run.
    pub status: String,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub occurred_at: Instant,
    /// When the gateway recorded it.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
    /// As posted.
    #[schema(value_type = Object)]
    pub attributes: Attributes,
    /// Of all decisions so far.
    pub points: PointsSummary,
    /// Every decision, oldest first.
    pub decisions: Vec<TransactionDecision>,
}

impl NewActivity {
    fn check(&self) -> Result<(), Error> {
        let mut faults = Faults::default();
        faults.text("/external_id", &self.external_id, false);
        faults.member(&self.member);
        for (pointer, text) in [("/store", &self.store), ("/channel", &self.channel)] {
            if let Some(text) = text {
                faults.text(pointer, text, false);
            }
        }
        if !coalition_rules::is_activity(&self.kind) {
            faults.add("/kind", "a kind of activity of the rules contract, or the partner's own, which begins with x-");
        }
        faults.attributes("/attributes", &self.attributes);
        faults.done()
    }
}

impl App {
    /// Posts an activity, which is decided at once: the answer comes after the commit.
    ///
    /// # Errors
    /// 400, 403, 404 `member-not-found`, 409 `external-id-conflict`, 422 `idempotency-mismatch`, 503.
    pub async fn post_activity(&self, caller: &Caller, input: NewActivity, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let partner = caller.partner(Scope::Transactions, true)?;
        input.check()?;
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let body = serde_json::to_vec(&input).map_err(|error| Error::internal(&error))?;
        let command = Command {
            key: (partner.uuid(), kind::ACTIVITY, input.external_id.clone()),
            body_hash: *blake3::hash(&body).as_bytes(),
            work: Work::Activity { partner, input: Box::new(input) },
            caller: Some(caller.clone()),
            claim,
        };
        self.write_path().submit(command).await
    }

    /// One of the partner's activities.
    ///
    /// # Errors
    /// 403, 404, 503.
    pub async fn activity(&self, caller: &Caller, id: ActivityId) -> Result<ActivityView, Error> {
        let partner = caller.partner(Scope::Transactions, false)?;
        let row = reads::activity(self.store().read(), partner.uuid(), id.uuid()).await?.ok_or_else(Error::not_found)?;
        let mut views = self.activity_views(vec![row]).await?;
        views.pop().ok_or_else(Error::not_found)
    }

    /// The partner's activities, newest first.
    ///
    /// # Errors
    /// 400, 403, 503.
    pub async fn activities(&self, caller: &Caller, page: Page) -> Result<Listing<ActivityView>, Error> {
        let partner = caller.partner(Scope::Transactions, false)?;
        let settings = self.settings().await?;
        let (before, limit) = cursor::start(&settings.secret, "activities", caller, &page)?;
        let rows = reads::activities(self.store().read(), partner.uuid(), before, limit).await?;
        let rows = cursor::page(&settings.secret, "activities", caller, &page, rows, |row| row.id, |row| row);
        Ok(Listing { items: self.activity_views(rows.items).await?, next_cursor: rows.next_cursor })
    }

    async fn activity_views(&self, rows: Vec<events::Model>) -> Result<Vec<ActivityView>, Error> {
        let keys: Vec<(Uuid, Uuid)> = rows.iter().map(|row| (row.member_id, row.id)).collect();
        let decisions = reads::decisions_of(self.store().read(), &keys).await?;
        let awards = reads::awards_of(self.store().read(), &keys).await?;
        let slugs = self.slugs().await?;
        rows.into_iter()
            .map(|row| {
                let input: NewActivity = serde_json::from_str(&row.body).map_err(|error| Error::internal(&error))?;
                let mine: Vec<_> = decisions.iter().filter(|decision| decision.subject_id == row.id).collect();
                Ok(ActivityView {
                    id: ActivityId(row.id),
                    external_id: input.external_id,
                    member: MemberId(row.member_id),
                    kind: input.kind,
                    status: row.status,
                    occurred_at: Instant(row.occurred_at),
                    recorded_at: Instant(row.recorded_at),
                    attributes: input.attributes,
                    points: PointsSummary::of(row.id, &awards, &mine),
                    decisions: mine.into_iter().map(|decision| view_of(decision, &slugs)).collect(),
                })
            })
            .collect()
    }
}
