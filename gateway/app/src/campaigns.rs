//! Joint promotions: a budget, a window, and who funds which part. Rules only name one, so that none can bill another partner.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use coalition_domain::{CampaignId, Instant};
use coalition_store::entities::{campaign_shares, campaigns};
use coalition_store::{ConnectionTrait, DatabaseTransaction};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::answer::{Answer, IdempotencyClaim, Listing, Page};
use crate::caller::{Actor, Caller, Scope};
use crate::check::{Checks, is_slug};
use crate::error::{Error, FieldError};
use crate::{App, cursor};

/// Partners that fund one campaign.
const SHARES_MAX: usize = 100;
/// The whole, in basis points.
const WHOLE: i64 = 10_000;

/// Who funds which part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// The slug.
    #[schema(example = "bakehouse")]
    pub partner: String,
    /// Of 10 000.
    #[schema(minimum = 1, maximum = 10_000)]
    pub basis_points: i64,
}

/// A campaign to be opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCampaign {
    /// What rules name it by, for ever: 1–63 lower-case letters, digits and inner hyphens.
    #[schema(pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", example = "black-friday")]
    pub slug: String,
    /// Points that may be awarded, or redeemed, under it in all.
    #[schema(minimum = 0)]
    pub budget_points: i64,
    /// It counts for what happens from then on.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// And before then.
    #[schema(value_type = String, format = DateTime)]
    pub to: Instant,
    /// Who funds which part: 10 000 basis points in all, each partner once. They can't be changed.
    #[schema(min_items = 1, max_items = 100)]
    pub shares: Vec<Share>,
}

/// What is to change of a campaign; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CampaignPatch {
    /// In all, what is used among it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 0)]
    pub budget_points: Option<i64>,
    /// When it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub from: Option<Instant>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, nullable = false)]
    pub to: Option<Instant>,
    /// Closed before its time, or opened again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub closed: Option<bool>,
}

/// A campaign as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CampaignView {
    /// Its id.
    #[schema(value_type = String)]
    pub id: CampaignId,
    /// What rules name it by.
    pub slug: String,
    /// Points in all.
    pub budget_points: i64,
    /// Of these, points that are used.
    pub used_points: i64,
    /// It counts for what happens from then on.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// And before then.
    #[schema(value_type = String, format = DateTime)]
    pub to: Instant,
    /// `planned`, `running`, `over` or `closed`.
    pub status: String,
    /// Who funds which part.
    pub shares: Vec<Share>,
}

/// How the limits begin that campaigns' budgets are.
pub(crate) const BUDGET_PREFIX: &str = "campaign:";

/// The name of the limit that a campaign's budget is.
pub(crate) fn budget_name(slug: &str) -> String {
    format!("{BUDGET_PREFIX}{slug}")
}

fn check_terms(checks: &mut Checks, budget: Option<i64>, from: Instant, to: Instant) {
    if let Some(budget) = budget {
        checks.within("/budget_points", budget, 0, i64::MAX);
    }
    checks.expect(from < to, "/to", "after `from`");
}

impl NewCampaign {
    fn check(&self) -> Result<(), Error> {
        let mut checks = Checks::default();
        checks.expect(is_slug(&self.slug), "/slug", "1 to 63 lower-case letters, digits and inner hyphens");
        check_terms(&mut checks, Some(self.budget_points), self.from, self.to);
        checks.expect((1..=SHARES_MAX).contains(&self.shares.len()), "/shares", &format!("1 to {SHARES_MAX} partners"));
        for (place, share) in self.shares.iter().enumerate() {
            checks.within(&format!("/shares/{place}/basis_points"), share.basis_points, 1, WHOLE);
        }
        let partners: BTreeSet<&str> = self.shares.iter().map(|share| share.partner.as_str()).collect();
        checks.expect(partners.len() == self.shares.len(), "/shares", "each partner once");
        let sum = self.shares.iter().map(|share| share.basis_points).fold(0, i64::saturating_add);
        checks.expect(sum == WHOLE, "/shares", &format!("{WHOLE} basis points in all; these are {sum}"));
        checks.done()
    }
}

impl App {
    /// Opens a campaign.
    ///
    /// # Errors
    /// 400; 403 for all but the operator; 409 `slug-taken`; 422 `unknown-partner`.
    pub async fn create_campaign(&self, caller: &Caller, new: NewCampaign, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        caller.operator()?;
        new.check()?;
        let (id, commit, now) = (self.new_id(), self.new_id(), self.wall_now().0);
        let by_slug: HashMap<String, Uuid> = self.slugs().await?.into_iter().map(|(id, slug)| (slug, id)).collect();
        let mut shares = Vec::with_capacity(new.shares.len());
        for (place, share) in new.shares.iter().enumerate() {
            let partner = by_slug.get(&share.partner).copied().ok_or_else(|| unknown_partner(place))?;
            shares.push(campaign_shares::Model {
                campaign_id: id,
                partner_id: partner,
                basis_points: share.basis_points,
                commit_id: commit,
            });
        }
        let row = campaigns::Model {
            id,
            version: 1,
            slug: new.slug.clone(),
            budget_points: new.budget_points,
            from_at: new.from.0,
            to_at: new.to.0,
            closed: false,
            recorded_at: now,
            commit_id: commit,
        };
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            if coalition_store::campaigns::is_taken(txn, &row.slug).await? {
                return Err(Error::conflict("slug-taken", "A campaign has this slug; a slug is one campaign's for ever.").into());
            }
            self.audited(txn, caller, "campaign.create", &CampaignId(id), json!(new)).await?;
            coalition_store::campaigns::put(txn, row.clone(), shares.clone()).await?;
            let mut views = self.campaign_views(txn, vec![row.clone()]).await?;
            Ok(Answer::created(&views.pop().ok_or_else(Error::not_found)?)?.into())
        })
        .await
    }

    /// Changes a campaign. What was awarded under it stays as it is.
    ///
    /// # Errors
    /// 400; 403 for all but the operator; 404.
    pub async fn patch_campaign(&self, caller: &Caller, id: CampaignId, patch: CampaignPatch) -> Result<CampaignView, Error> {
        caller.operator()?;
        self.write(async |txn: &DatabaseTransaction| {
            let old = coalition_store::campaigns::find(txn, None, id.uuid()).await?.ok_or_else(Error::not_found)?;
            let row = campaigns::Model {
                version: old.version.saturating_add(1),
                budget_points: patch.budget_points.unwrap_or(old.budget_points),
                from_at: patch.from.map_or(old.from_at, |from| from.0),
                to_at: patch.to.map_or(old.to_at, |to| to.0),
                closed: patch.closed.unwrap_or(old.closed),
                recorded_at: self.wall_now().0,
                commit_id: self.new_id(),
                ..old.clone()
            };
            let mut checks = Checks::default();
            check_terms(&mut checks, patch.budget_points, Instant(row.from_at), Instant(row.to_at));
            checks.done()?;
            self.audited(txn, caller, "campaign.patch", &id, json!(patch)).await?;
            coalition_store::campaigns::put(txn, row.clone(), Vec::new()).await?;
            let mut views = self.campaign_views(txn, vec![row]).await?;
            Ok(views.pop().ok_or_else(Error::not_found)?)
        })
        .await
    }

    /// Whose campaigns a caller may see: a partner those that it takes part in.
    fn campaigns_of(caller: &Caller) -> Result<Option<Uuid>, Error> {
        match caller.actor {
            Actor::Operator => Ok(None),
            Actor::Partner(_) => Ok(Some(caller.partner(Scope::Plugins, false)?.uuid())),
            Actor::Member { .. } => Err(Error::forbidden()),
        }
    }

    /// A campaign.
    ///
    /// # Errors
    /// 403, 404, 503.
    pub async fn campaign(&self, caller: &Caller, id: CampaignId) -> Result<CampaignView, Error> {
        let partner = Self::campaigns_of(caller)?;
        let conn = self.store().read();
        let row = coalition_store::campaigns::find(conn, partner, id.uuid()).await?.ok_or_else(Error::not_found)?;
        let mut views = self.campaign_views(conn, vec![row]).await?;
        views.pop().ok_or_else(Error::not_found)
    }

    /// Campaigns, newest first; a partner sees those that it takes part in.
    ///
    /// # Errors
    /// 400, 403, 503.
    pub async fn campaigns(&self, caller: &Caller, page: Page) -> Result<Listing<CampaignView>, Error> {
        let partner = Self::campaigns_of(caller)?;
        let settings = self.settings().await?;
        let (before, limit) = cursor::start(&settings.secret, "campaigns", caller, &page)?;
        let conn = self.store().read();
        let rows = coalition_store::campaigns::list(conn, partner, before, limit).await?;
        let rows = cursor::page(&settings.secret, "campaigns", caller, &page, rows, |row| row.id, |row| row);
        Ok(Listing { items: self.campaign_views(conn, rows.items).await?, next_cursor: rows.next_cursor })
    }

    async fn campaign_views(&self, conn: &impl ConnectionTrait, rows: Vec<campaigns::Model>) -> Result<Vec<CampaignView>, Error> {
        let (settings, now, slugs) = (self.settings().await?, self.now().await?, self.slugs().await?);
        let mut shares: HashMap<Uuid, Vec<Share>> = HashMap::new();
        for row in coalition_store::campaigns::shares(conn, rows.iter().map(|row| row.id).collect()).await? {
            let partner = slugs.get(&row.partner_id).cloned().unwrap_or_default();
            shares.entry(row.campaign_id).or_default().push(Share { partner, basis_points: row.basis_points });
        }
        let names = rows.iter().map(|row| budget_name(&row.slug)).collect();
        let used = coalition_store::campaigns::used(conn, settings.operator.uuid(), names).await?;
        let used: BTreeMap<String, i64> = used.into_iter().map(|row| (row.name, row.used)).collect();
        let view = |row: campaigns::Model| CampaignView {
            id: CampaignId(row.id),
            used_points: used.get(&budget_name(&row.slug)).copied().unwrap_or(0),
            budget_points: row.budget_points,
            from: Instant(row.from_at),
            to: Instant(row.to_at),
            status: status(&row, now).to_owned(),
            shares: shares.remove(&row.id).unwrap_or_default(),
            slug: row.slug,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Whether rules of this partner may name these campaigns.
    ///
    /// # Errors
    /// 422 `unknown-campaign` with a pointer for each that they may not; 503.
    pub(crate) async fn check_campaigns(&self, partner: Uuid, operator: Uuid, names: &[String]) -> Result<(), Error> {
        let conn = self.store().read();
        let found = coalition_store::campaigns::by_slug(conn, names.to_vec()).await?;
        let shares = coalition_store::campaigns::shares(conn, found.iter().map(|row| row.id).collect()).await?;
        let may = |row: &campaigns::Model| {
            partner == operator || shares.iter().any(|share| share.campaign_id == row.id && share.partner_id == partner)
        };
        let errors: Vec<FieldError> = names
            .iter()
            .enumerate()
            .filter(|(_, name)| !found.iter().any(|row| row.slug == **name && !row.closed && may(row)))
            .map(|(place, name)| FieldError {
                pointer: format!("/campaigns/{place}"),
                detail: format!("no open campaign `{name}` in which this partner takes part"),
            })
            .collect();
        if errors.is_empty() {
            return Ok(());
        }
        let detail = "The rules name campaigns that the operator has not opened for this partner.";
        Err(Error { errors, ..Error::unprocessable("unknown-campaign", detail) })
    }
}

const fn status(row: &campaigns::Model, now: Instant) -> &'static str {
    if row.closed {
        "closed"
    } else if now.0 < row.from_at {
        "planned"
    } else if now.0 < row.to_at {
        "running"
    } else {
        "over"
    }
}

fn unknown_partner(place: usize) -> Error {
    let detail = "No partner has this slug.".to_owned();
    let errors = vec![FieldError { pointer: format!("/shares/{place}/partner"), detail: detail.clone() }];
    Error { errors, ..Error::unprocessable("unknown-partner", detail) }
}
