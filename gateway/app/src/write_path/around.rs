//! What a member is decided on besides points and facts: events, related members, a voucher that is shown, and what they let rules see.
//! Each is read only for the items, or the rules, that ask for it.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use coalition_store::entities::{events, vouchers};
use coalition_store::{ConnectionTrait, load, people};
use uuid::Uuid;

use super::command::{Item, Work};
use super::world::{MemberWorld, PartnerWorld};
use crate::App;
use crate::error::Error;
use crate::told::{self, Told, needs_consent};

/// Members that one signal reaches, where a relation leads to many.
pub(crate) const RELATED_MAX: usize = 32;

/// See the module.
#[derive(Clone, Default)]
pub(crate) struct Around {
    pub(crate) events: HashMap<Uuid, events::Model>,
    /// Whom the member has brought, and enrolled, and whom they share a household with: the kind of relation, and who.
    pub(crate) related: Vec<(&'static str, Uuid)>,
    pub(crate) vouchers: HashMap<Uuid, vouchers::Model>,
    pub(crate) told: Told,
}

impl App {
    /// Reads it for all members of a batch.
    pub(crate) async fn load_around(
        &self,
        conn: &impl ConnectionTrait,
        items: &[Item],
        partners: &HashMap<Uuid, Arc<PartnerWorld>>,
        members: &mut HashMap<Uuid, MemberWorld>,
    ) -> Result<(), Error> {
        let (mut event_keys, mut voucher_keys) = (Vec::new(), Vec::new());
        for item in items {
            match &item.command.work {
                Work::Evaluate { transaction, .. } | Work::Waiting { transaction, .. } => {
                    event_keys.push((item.subject, transaction.uuid()))
                }
                Work::Undo { event, of, .. } => event_keys.extend([(item.subject, event.uuid()), (item.subject, of.uuid())]),
                Work::UseVoucher { voucher, .. } => voucher_keys.push((item.subject, voucher.uuid())),
                _ => {}
            }
        }
        if !event_keys.is_empty() {
            for row in load::events(conn, &event_keys).await? {
                if let Some(member) = members.get_mut(&row.member_id) {
                    member.around.events.insert(row.id, row);
                }
            }
        }
        if !voucher_keys.is_empty() {
            for row in load::vouchers_by_id(conn, &voucher_keys).await? {
                if let Some(member) = members.get_mut(&row.member_id) {
                    member.around.vouchers.insert(row.id, row);
                }
            }
        }
        let lives = || partners.values().filter_map(|partner| partner.live.as_ref());
        if lives().any(|live| live.handles("signal")) {
            // Most have brought and enrolled nobody, which their rows say.
            let leading = members.values().filter(|member| member.row.referred_count > 0 || member.row.enrolled_count > 0);
            let leading: Vec<Uuid> = leading.map(|member| member.row.id).collect();
            for (id, relation, related) in load::related(conn, leading, RELATED_MAX).await? {
                if let Some(member) = members.get_mut(&id) {
                    member.around.related.push((relation, related));
                }
            }
            let together: BTreeSet<Uuid> = members.values().filter_map(|member| member.row.household_id).collect();
            for related in people::of_households(conn, together.into_iter().collect()).await? {
                for member in members.values_mut().filter(|member| member.row.household_id == related.household_id) {
                    member.around.related.push(("household", related.id));
                }
            }
        }
        if lives().any(|live| live.manifest.needs.iter().any(|need| needs_consent(need))) {
            for (id, told) in told::read(conn, members.keys().copied().collect()).await? {
                if let Some(member) = members.get_mut(&id) {
                    member.around.told = told;
                }
            }
        }
        Ok(())
    }
}
