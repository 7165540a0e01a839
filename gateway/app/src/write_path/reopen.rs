//! What a refund is decided on: the decisions on the purchase, what they awarded and what is gone of it, and the very rules and state that they were made by.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use coalition_domain::{PartnerId, PluginId, TransactionId};
use coalition_rules::contract::Manifest;
use coalition_rules::{Program, State};
use coalition_store::entities::{decisions, events, lots, vouchers};
use coalition_store::{ConnectionTrait, load, reads};
use uuid::Uuid;

use super::evaluation::{KnownRefund, Said};
use super::world::MemberWorld;
use crate::App;
use crate::error::Error;
use crate::fresh::locked;

/// A version of a partner's rules with a configuration, as a decision was made by.
pub(crate) struct PinnedRules {
    pub(crate) program: Program,
    pub(crate) manifest: Arc<Manifest>,
    pub(crate) config: String,
}

/// A version and the configuration's id.
pub(crate) type PinnedKey = (Uuid, Vec<u8>);

/// The purchases of a member that this batch opens again.
#[derive(Clone, Default)]
pub(crate) struct Reopened {
    /// Decisions on them, oldest first.
    decisions: Vec<decisions::Model>,
    /// Lots born of them, in the order of the awards.
    lots: Vec<lots::Model>,
    /// Lots cut from them that went on to who their member is now.
    handed_on: Vec<lots::Model>,
    /// What of these was cancelled.
    cancelled: HashMap<Uuid, i64>,
    pub(crate) vouchers: Vec<vouchers::Model>,
    /// What these decisions have said to related members.
    pub(crate) signals: Vec<events::Model>,
    states: HashMap<(Uuid, i64), State>,
    pinned: HashMap<PinnedKey, Arc<PinnedRules>>,
}

impl Reopened {
    /// The last word of a partner's rules on a purchase.
    pub(crate) fn decision(&self, transaction: TransactionId, owner: PartnerId) -> Option<&decisions::Model> {
        self.decisions.iter().rev().find(|row| row.subject_id == transaction.uuid() && row.partner_id == owner.uuid())
    }

    pub(crate) fn pinned(&self, decision: &decisions::Model) -> Option<&Arc<PinnedRules>> {
        self.pinned.get(&(decision.plugin_id, decision.config_id.clone()))
    }

    pub(crate) fn state(&self, owner: PartnerId, version: i64) -> State {
        self.states.get(&(owner.uuid(), version)).cloned().unwrap_or_default()
    }

    /// What a decision awarded: key, points, and what of them was cancelled; in the order of the awards.
    pub(crate) fn awarded(&self, decision: Uuid) -> Vec<(String, i64, i64)> {
        let lots = self.lots.iter().filter(|lot| lot.decision_id == decision);
        lots.map(|lot| (lot.award_key.clone(), lot.points, self.cancelled.get(&lot.id).copied().unwrap_or(0))).collect()
    }

    /// The lots of a decision's awards under a key, in the order of the awards.
    pub(crate) fn lots_of(&self, decision: Uuid, key: &str) -> Vec<lots::Model> {
        self.lots.iter().filter(|lot| lot.decision_id == decision && lot.award_key == key).cloned().collect()
    }

    /// Points of a lot that were cancelled.
    pub(crate) fn cancelled_of(&self, lot: Uuid) -> i64 {
        self.cancelled.get(&lot).copied().unwrap_or(0)
    }

    /// Who issued lots that another's rules decided on.
    pub(crate) fn funders(&self) -> impl Iterator<Item = Uuid> {
        self.lots.iter().filter(|lot| lot.decided_by.is_some()).map(|lot| lot.issuer_id)
    }

    /// Lots cut from those of a decision's awards under a key, that went on to who their member is now.
    pub(crate) fn handed_on<'a>(&'a self, decision: Uuid, key: &'a str) -> impl Iterator<Item = &'a lots::Model> {
        self.handed_on.iter().filter(move |lot| lot.decision_id == decision && lot.award_key == key)
    }

    /// The key of a lot, where this decision awarded it.
    pub(crate) fn key_of(&self, decision: Uuid, lot: Uuid) -> Option<String> {
        let mut all = self.lots.iter().chain(&self.handed_on);
        all.find(|row| row.id == lot && row.decision_id == decision).map(|row| row.award_key.clone())
    }
}

impl MemberWorld {
    /// What came back of a purchase so far.
    pub(crate) fn refunds_of(&self, transaction: TransactionId) -> impl Iterator<Item = &KnownRefund> {
        self.refunds.iter().filter(move |known| known.row.transaction_id == transaction.uuid())
    }

    /// What a partner's rules said when they were last asked about a purchase again.
    pub(crate) fn last_said(&self, transaction: TransactionId, owner: PartnerId) -> Option<Said> {
        let evaluations = self.refunds_of(transaction).flat_map(|known| &known.evaluations);
        evaluations.filter(|known| known.partner == owner.uuid() && !known.original.is_nil()).last().map(|known| known.said.clone())
    }

    /// Points by award key that earlier refunds of a purchase found due.
    pub(crate) fn dues(&self, transaction: TransactionId, owner: PartnerId) -> Vec<(String, i64)> {
        let evaluations = self.refunds_of(transaction).flat_map(|known| &known.evaluations);
        let mine = evaluations.filter(|known| known.partner == owner.uuid());
        mine.flat_map(|known| &known.due).map(|(key, points)| (key.clone(), *points)).collect()
    }
}

impl App {
    /// Reads what purchases (member, transaction) were decided by and what became of them, by member; `now_of` tells who somebody is now who was
    /// merged into another.
    pub(crate) async fn reopen(
        &self,
        conn: &impl ConnectionTrait,
        purchases: &[(Uuid, Uuid)],
        now_of: &HashMap<Uuid, Uuid>,
    ) -> Result<HashMap<Uuid, Reopened>, Error> {
        let who = |member: Uuid| now_of.get(&member).copied().unwrap_or(member);
        let mut by_member: HashMap<Uuid, Reopened> = HashMap::new();
        let decisions = load::decisions(conn, purchases).await?;
        let (lots, cut): (Vec<lots::Model>, Vec<lots::Model>) =
            load::lots_of(conn, purchases).await?.into_iter().partition(|row| row.parent_id.is_none());
        // What went on to who they are now is the award's still; what somebody was given is not.
        let handed_on: Vec<lots::Model> = cut.into_iter().filter(|row| now_of.values().any(|member| *member == row.member_id)).collect();
        let born = |child: &lots::Model| lots.iter().find(|lot| lot.decision_id == child.decision_id && lot.award_key == child.award_key);
        let origins: HashMap<Uuid, Uuid> = handed_on.iter().filter_map(|child| Some((child.id, born(child)?.id))).collect();
        let members: HashMap<Uuid, Uuid> = lots.iter().map(|row| (row.id, who(row.member_id))).collect();
        let keys: Vec<(Uuid, Uuid)> = lots.iter().chain(&handed_on).map(|row| (row.member_id, row.id)).collect();
        for (lot, points) in load::cancelled(conn, &keys).await? {
            let lot = origins.get(&lot).copied().unwrap_or(lot);
            if let Some(member) = members.get(&lot) {
                *by_member.entry(*member).or_default().cancelled.entry(lot).or_default() += points;
            }
        }
        let keys: Vec<(Uuid, Uuid)> = decisions.iter().map(|row| (row.member_id, row.id)).collect();
        for row in load::vouchers(conn, &keys).await? {
            by_member.entry(who(row.member_id)).or_default().vouchers.push(row);
        }
        for row in load::signals(conn, decisions.iter().map(|row| row.id).collect()).await? {
            let sent_by = decisions.iter().find(|decision| Some(decision.id) == row.cause_id).map(|decision| decision.member_id);
            if let Some(member) = sent_by {
                by_member.entry(member).or_default().signals.push(row);
            }
        }
        let states: BTreeSet<(Uuid, Uuid, i64)> =
            decisions.iter().filter(|row| row.state_before > 0).map(|row| (row.member_id, row.partner_id, row.state_before)).collect();
        for row in load::states(conn, &states.into_iter().collect::<Vec<_>>()).await? {
            let state = State::from_bytes(&row.bytes).map_err(|error| Error::internal(&error))?;
            by_member.entry(who(row.member_id)).or_default().states.insert((row.partner_id, row.version), state);
        }
        for row in lots {
            by_member.entry(who(row.member_id)).or_default().lots.push(row);
        }
        for row in handed_on {
            by_member.entry(who(row.member_id)).or_default().handed_on.push(row);
        }
        for decision in decisions {
            let rules = self.pinned(conn, &decision).await?;
            let reopened = by_member.entry(who(decision.member_id)).or_default();
            reopened.pinned.insert((decision.plugin_id, decision.config_id.clone()), rules);
            reopened.decisions.push(decision);
        }
        Ok(by_member)
    }

    /// The rules of a decision, kept for whoever asks next: neither a version nor a configuration ever changes.
    async fn pinned(&self, conn: &impl ConnectionTrait, decision: &decisions::Model) -> Result<Arc<PinnedRules>, Error> {
        let key = (decision.plugin_id, decision.config_id.clone());
        let known = locked(&self.0.memory.pinned).get(&key);
        match known {
            Some(rules) => Ok(rules),
            None => {
                let rules = Arc::new(self.pin(conn, decision).await?);
                locked(&self.0.memory.pinned).insert(key, Arc::clone(&rules));
                Ok(rules)
            }
        }
    }

    /// The rules of a decision, loaded; they need not be live any more.
    async fn pin(&self, conn: &impl ConnectionTrait, decision: &decisions::Model) -> Result<PinnedRules, Error> {
        let missing = |what: &str| Error::internal(&format!("decision {}: its {what} is missing", decision.id));
        let plugin = reads::plugin(conn, decision.plugin_id).await?.ok_or_else(|| missing("plugin"))?;
        let config = reads::config(conn, &decision.config_id).await?.ok_or_else(|| missing("configuration"))?;
        let program = self.program_of(&plugin).await?;
        let active = coalition_store::plugins::activation(conn, decision.plugin_id, &decision.config_id).await?;
        let active = active.ok_or_else(|| missing("activation"))?;
        let manifest: Manifest = serde_json::from_str(&active.manifest)
            .map_err(|error| Error::internal(&format!("plugin {}: {error}", PluginId(decision.plugin_id))))?;
        Ok(PinnedRules { program, manifest: Arc::new(manifest), config })
    }
}
