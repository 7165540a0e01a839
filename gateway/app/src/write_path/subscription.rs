//! Telling subscribers of a purchase at another partner: what the grant shows, and to whom it was granted.

use coalition_domain::{PartnerId, TransactionId};
use coalition_rules::contract::{CoalitionEvent, EventBody, Money};

use super::happen::{self, Happened};
use super::world::{MemberWorld, PartnerWorld, World};
use crate::App;
use crate::error::Error;
use crate::purchase::NewTransaction;
use crate::subscriptions;

/// Notes the event, once for all subscribers; each decides on its own, after the commit.
pub(crate) fn tell(
    app: &App,
    world: &World,
    member: &mut MemberWorld,
    partner: PartnerId,
    transaction: TransactionId,
    input: &NewTransaction,
) -> Result<(), Error> {
    let wants = |known: &PartnerWorld| {
        let is_another = known.row.id != partner.uuid() && !known.row.is_operator && known.row.status == "active";
        let handles = known.is_broken || known.live.as_ref().is_some_and(|live| live.handles("coalition"));
        is_another && handles && subscriptions::grants(known.row.subscription.as_deref(), partner)
    };
    let mut owners: Vec<PartnerId> = world.partners.values().filter(|known| wants(known)).map(|known| PartnerId(known.row.id)).collect();
    if owners.is_empty() {
        return Ok(());
    }
    owners.sort_unstable();
    let slug = world.partners.get(&partner.uuid()).map(|known| known.row.slug.clone()).unwrap_or_default();
    let total = Money { minor: input.total, currency: input.currency.to_string() };
    let happened = Happened {
        member: member.row.id,
        partner,
        owners: &owners,
        cause: Some(transaction.uuid()),
        at: input.occurred_at,
        body: EventBody::Coalition(CoalitionEvent { partner: slug, kind: "purchase".to_owned(), total: Some(total) }),
        attributes: Vec::new(),
    };
    happen::note(app, world, member, &happened)
}
