//! The row of a decision by live rules, and what its caller is told of it, whatever it was made on.

use coalition_domain::{DecisionId, PartnerId};
use coalition_store::entities::decisions;
use uuid::Uuid;

use crate::live::LiveRules;
use crate::views::DecisionSummary;

/// What one run came to.
pub(crate) struct Made {
    pub(crate) id: DecisionId,
    /// Whose rules.
    pub(crate) owner: PartnerId,
    /// `purchase`, `refund`, `quote`, …
    pub(crate) kind: &'static str,
    /// What it was made on.
    pub(crate) subject: Uuid,
    pub(crate) status: String,
    pub(crate) fuel: u64,
    /// What the rules saw.
    pub(crate) view: String,
    /// What they said.
    pub(crate) output: String,
    /// Points that caps cut.
    pub(crate) capped: i64,
    /// The versions of the state before and after.
    pub(crate) states: (i64, i64),
}

impl LiveRules {
    /// The row of a decision by these rules.
    pub(crate) fn record(&self, member: Uuid, made: Made) -> decisions::Model {
        let (state_before, state_after) = made.states;
        decisions::Model {
            member_id: member,
            id: made.id.uuid(),
            partner_id: made.owner.uuid(),
            kind: made.kind.to_owned(),
            subject_id: made.subject,
            plugin_id: self.plugin_id.uuid(),
            digest: self.digest.as_bytes().to_vec(),
            config_id: self.config_id.to_vec(),
            contract: self.program.contract().to_owned(),
            engine: coalition_rules::ENGINE.to_owned(),
            status: made.status,
            fuel: i64::try_from(made.fuel).unwrap_or(i64::MAX),
            view: made.view,
            output: made.output,
            capped: made.capped,
            state_before,
            state_after,
            recorded_at: 0,
            commit_id: Uuid::nil(),
        }
    }

    /// What is told of a decision by these rules; `partner` is their owner's slug.
    pub(crate) fn summary(&self, partner: &str, id: DecisionId, status: &str, fuel: i64) -> DecisionSummary {
        DecisionSummary {
            partner: partner.to_owned(),
            id,
            plugin: self.plugin_id,
            name: self.manifest.name.clone(),
            version: self.manifest.version.clone(),
            digest: self.digest.to_string(),
            status: status.to_owned(),
            fuel,
        }
    }
}
