//! What a member lets which partner's rules see of them: by name, never the data itself.

use std::collections::{BTreeMap, BTreeSet};

use coalition_domain::{Instant, MemberId};
use coalition_store::entities::consents;
use coalition_store::{ConnectionTrait, DatabaseTransaction};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::caller::{Actor, Caller, Scope};
use crate::check::Checks;
use crate::error::Error;
use crate::idempotency::Fault;
use crate::told::needs_consent;

/// Facts of one partner.
const FACTS_MAX: usize = 64;
/// Partners of one member.
const PARTNERS_MAX: usize = 200;

/// What one partner's rules may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConsent {
    /// The partner's slug.
    #[schema(example = "bakery")]
    pub partner: String,
    /// `birthday-window`, `age-band`, or the name of an attribute, `x-…`. None takes back what was agreed to.
    #[schema(value_type = Vec<String>, max_items = 64, example = json!(["birthday-window"]))]
    pub facts: BTreeSet<String>,
}

/// All that a member agrees to, in place of what it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConsents {
    /// A partner each; who is not named may see nothing.
    #[schema(max_items = 200)]
    pub consents: Vec<NewConsent>,
}

/// What one partner's rules may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsentView {
    /// The partner's slug.
    pub partner: String,
    /// By name.
    pub facts: Vec<String>,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub changed_at: Instant,
}

/// All that a member agrees to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsentsView {
    /// By partner.
    pub consents: Vec<ConsentView>,
}

impl NewConsents {
    fn check(&self) -> Result<(), Error> {
        let mut checks = Checks::default();
        checks.expect(self.consents.len() <= PARTNERS_MAX, "/consents", "at most 200 partners");
        let mut seen = BTreeSet::new();
        for (place, consent) in self.consents.iter().enumerate().take(PARTNERS_MAX) {
            checks.expect(seen.insert(&consent.partner), &format!("/consents/{place}/partner"), "a partner once");
            let are_known = consent.facts.iter().all(|fact| fact.len() <= 64 && needs_consent(fact));
            let facts = format!("/consents/{place}/facts");
            checks.expect(consent.facts.len() <= FACTS_MAX && are_known, &facts, "birthday-window, age-band or x-…, at most 64 of them");
        }
        checks.done()
    }
}

impl App {
    /// What a member lets partners' rules see.
    ///
    /// # Errors
    /// 403 for all but the operator and the member; 404.
    pub async fn consents(&self, caller: &Caller, id: MemberId) -> Result<ConsentsView, Error> {
        member_or_operator(caller)?;
        let conn = self.store().read();
        let member = self.resolve_visible(caller, id).await?;
        self.consents_view(conn, member.uuid()).await
    }

    /// Writes all that a member lets partners' rules see, in place of what was there.
    ///
    /// # Errors
    /// 400; 403 for all but the operator and the member, partners' sessions among them; 404; 409 `member-erased`; 422 `partner-not-found`.
    pub async fn put_consents(&self, caller: &Caller, id: MemberId, new: NewConsents) -> Result<ConsentsView, Error> {
        member_or_operator(caller)?;
        new.check()?;
        let ids: BTreeMap<String, Uuid> = self.slugs().await?.into_iter().map(|(id, slug)| (slug, id)).collect();
        let now = self.now().await?;
        self.write(async |txn: &DatabaseTransaction| {
            let member = self.visible(txn, caller, id).await?.id;
            let row = coalition_store::members::lock(txn, member).await?.ok_or_else(Error::not_found)?;
            if row.status == "erased" {
                return Err(Error::conflict("member-erased", "This member's data was erased; nothing can be added to it.").into());
            }
            let mut rows = Vec::new();
            for consent in new.consents.iter().filter(|consent| !consent.facts.is_empty()) {
                let partner = ids.get(&consent.partner).copied();
                let partner = partner
                    .ok_or_else(|| Error::unprocessable("partner-not-found", format!("No partner is called {}.", consent.partner)))?;
                let facts = serde_json::to_string(&consent.facts).map_err(|error| Error::internal(&error))?;
                rows.push(consents::Model { member_id: member, partner_id: partner, facts, changed_at: now.0 });
            }
            coalition_store::members::put_consents(txn, member, rows).await?;
            self.audited(txn, caller, "member.consents", &MemberId(member), json!(new)).await?;
            Ok::<_, Fault>(self.consents_view(txn, member).await?)
        })
        .await
    }

    async fn consents_view(&self, conn: &impl ConnectionTrait, member: Uuid) -> Result<ConsentsView, Error> {
        let slugs = self.slugs().await?;
        let rows = coalition_store::members::consents(conn, member).await?;
        let mut consents = Vec::new();
        for row in rows {
            let facts: Vec<String> = serde_json::from_str(&row.facts).map_err(|error| Error::internal(&error))?;
            let partner = slugs.get(&row.partner_id).cloned().unwrap_or_default();
            consents.push(ConsentView { partner, facts, changed_at: Instant(row.changed_at) });
        }
        consents.sort_by(|a, b| a.partner.cmp(&b.partner));
        Ok(ConsentsView { consents })
    }
}

/// A session that a partner minted does not speak for the member in this; nor does a partner.
fn member_or_operator(caller: &Caller) -> Result<(), Error> {
    match caller.actor {
        Actor::Member { minted_by: None, .. } => Ok(()),
        Actor::Member { minted_by: Some(_), .. } | Actor::Partner(_) => Err(Error::forbidden()),
        Actor::Operator => caller.partner_or_operator(Scope::Members, true).map(drop),
    }
}
