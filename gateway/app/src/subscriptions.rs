//! The operator's grant to see the coalition's events: whose, for one partner's rules.

use std::collections::{BTreeMap, BTreeSet};

use coalition_domain::PartnerId;
use coalition_store::DatabaseTransaction;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::caller::Caller;
use crate::check::Checks;
use crate::error::Error;

/// Partners that one grant may name.
const PARTNERS_MAX: usize = 200;

/// What a partner's rules are to be told of the coalition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSubscription {
    /// Whether its rules see other partners' events at all: of each the partner, the kind, the time and the total.
    pub granted: bool,
    /// Slugs of those whose events it sees; all of them, where it is left out or empty.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    #[schema(max_items = 200, example = json!(["grocer"]))]
    pub partners: BTreeSet<String>,
}

/// A partner's grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SubscriptionView {
    /// Whose rules: the slug.
    pub partner: String,
    /// Whether they see other partners' events.
    pub granted: bool,
    /// Whose; empty for all.
    pub partners: Vec<String>,
}

/// Whether a grant, as it is kept, shows this partner's events.
pub(crate) fn grants(kept: Option<&str>, partner: PartnerId) -> bool {
    let Some(named) = kept.and_then(|text| serde_json::from_str::<Vec<Uuid>>(text).ok()) else { return false };
    named.is_empty() || named.contains(&partner.uuid())
}

impl App {
    /// Grants a partner's rules the sight of the coalition's events, or takes it back.
    ///
    /// # Errors
    /// 400; 403 for all but the operator; 404; 409 `operator-partner`; 422 `partner-not-found`.
    pub async fn put_subscription(&self, caller: &Caller, id: PartnerId, new: NewSubscription) -> Result<SubscriptionView, Error> {
        caller.operator()?;
        let mut checks = Checks::default();
        checks.expect(new.partners.len() <= PARTNERS_MAX, "/partners", "at most 200 partners");
        checks.done()?;
        let ids: BTreeMap<String, Uuid> = self.slugs().await?.into_iter().map(|(id, slug)| (slug, id)).collect();
        let mut named = Vec::new();
        for slug in &new.partners {
            let unknown = || Error::unprocessable("partner-not-found", format!("No partner is called {slug}."));
            named.push(*ids.get(slug).ok_or_else(unknown)?);
        }
        self.write(async |txn: &DatabaseTransaction| {
            let mut row = coalition_store::partners::lock(txn, id.uuid()).await?.ok_or_else(Error::not_found)?;
            if row.is_operator {
                return Err(Error::conflict("operator-partner", "The operator's rules see every purchase as it is.").into());
            }
            let kept = serde_json::to_string(&named).map_err(|error| Error::internal(&error))?;
            row.subscription = new.granted.then_some(kept);
            row.updated_at = self.wall_now().0;
            let partner = row.slug.clone();
            coalition_store::partners::save(txn, row).await?;
            self.audited(txn, caller, "partner.subscriptions", &id, json!(new)).await?;
            let partners = if new.granted { new.partners.iter().cloned().collect() } else { Vec::new() };
            Ok(SubscriptionView { partner, granted: new.granted, partners })
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_names_partners_or_means_all() {
        let (one, two) = (PartnerId(Uuid::from_u128(1)), PartnerId(Uuid::from_u128(2)));
        let only_one = serde_json::to_string(&[one.uuid()]).unwrap();
        assert!(grants(Some("[]"), one) && grants(Some(&only_one), one));
        assert!(!grants(None, one) && !grants(Some(&only_one), two) && !grants(Some("?"), one));
    }
}
