//! What live rules answer to a refund, once the host has taken back what was due.

use coalition_domain::{DecisionId, LotId, PartnerId};
use coalition_rules::contract::{Event, EventBody, Refund};
use serde_json::json;
use uuid::Uuid;

use super::effects::{self, Applied};
use super::purchase::{self, Case};
use super::record::Made;
use super::refund::{Refunding, not_ready};
use super::returned::{self, Returned};
use super::world::{MemberWorld, PartnerWorld};
use crate::error::Error;
use crate::facts;
use crate::refunds::RefundPoints;
use crate::views::DecisionSummary;

/// What the live rules are told that was taken.
pub(crate) struct RefundTaken<'a> {
    pub(crate) partner: PartnerId,
    pub(crate) refund: RefundPoints,
    pub(crate) returned: &'a Returned,
}

impl Refunding<'_> {
    /// Step 4: the live rules, on the member and the state of now. A failure is recorded; what was taken back stands.
    #[expect(clippy::type_complexity, reason = "three things that are only put together by the caller")]
    pub(crate) fn react(
        &self,
        member: &mut MemberWorld,
        known: &PartnerWorld,
        taken: &RefundTaken<'_>,
    ) -> Result<Option<(Applied, DecisionSummary, Vec<(Uuid, i64)>)>, Error> {
        let owner = taken.partner;
        if known.is_broken {
            return Err(not_ready());
        }
        member.epochs.insert(owner.uuid(), known.live.as_ref().map_or(known.row.plugin_epoch, |live| live.epoch));
        let Some(live) = known.live.clone().filter(|live| live.manifest.handles.iter().any(|kind| kind == "refund")) else {
            return Ok(None);
        };
        let Some(original) = self.original else { return Ok(None) };
        let settings = &self.world.settings;
        let mut kept = purchase::event(self.transaction, original, 0, 0);
        returned::keep_left(&mut kept, self.left);
        let kept = kept.body.purchase().cloned().ok_or_else(|| Error::internal(&"a purchase's event is a purchase"))?;
        let awarded = member
            .reopened
            .decision(self.transaction, owner)
            .map_or(0, |decision| member.reopened.awarded(decision.id).iter().map(|(_, points, _)| *points).fold(0, i64::saturating_add));
        let before: i64 = member.dues(self.transaction, owner).iter().map(|(_, points)| *points).fold(0, i64::saturating_add);
        let event = Event {
            id: self.id.to_string(),
            at: facts::instant(&settings.calendar, self.occurred_at),
            seed: facts::seed(&settings.secret, &self.id.to_string()),
            body: EventBody::Refund(Refund {
                original: self.transaction.to_string(),
                original_at: facts::instant(&settings.calendar, self.original_at),
                returned: taken.returned.to_contract(original),
                kept,
                awarded,
                clawed_back: before.saturating_add(taken.refund.due()),
            }),
            store: original.store.clone(),
            channel: original.channel.clone(),
            attributes: Vec::new(),
        };
        let about = purchase::about(self.world, member, owner, &live, self.occurred_at);
        let profile = member.profile(owner);
        let view = profile.facts.view(&live.manifest, &settings.calendar, self.occurred_at, &about);
        let (state, state_before) = (profile.state.clone(), profile.state_version);
        let run = live.program.on_event(&event, &view, &live.config, &state);
        let failed = run.outcome.as_ref().err();
        self.app.count_run(live.plugin_id, run.usage.fuel, failed.is_some_and(coalition_rules::Failure::counts_against_version));
        let id = DecisionId(self.app.new_id());
        let recorded = json!({"event": event, "member": view}).to_string();
        let case = Case {
            app: self.app,
            world: self.world,
            owner,
            partner: known,
            live: &live,
            decision: id,
            transaction: self.transaction,
            // What the refund causes happens at the refund's time.
            at: self.occurred_at,
            refund: Some(self.id),
        };
        let (applied, status, output) = match &run.outcome {
            Ok(Ok(said)) => (effects::apply(&case, member, said)?, "applied", coalition_rules::output_bytes(&Ok(said.clone()))),
            Ok(Err(refusal)) => {
                (Applied::refused(effects::refusal(known, &live, refusal)), "refused", coalition_rules::output_bytes(&Err(refusal.clone())))
            }
            Err(failure) if !failure.counts_against_version() => return Err(not_ready()),
            Err(failure) => {
                let output = json!({"failure": {"code": failure.code(), "detail": failure.to_string()}}).to_string().into_bytes();
                (Applied::default(), "failed", output)
            }
        };
        let mut state_after = state_before;
        if let Some(state) = run.state.filter(|_| status == "applied") {
            purchase::keep_state(member, owner, state);
            state_after = state_before.saturating_add(1);
        }
        member.profile(owner).changed = true;
        let made = Made {
            id,
            owner,
            kind: "refund",
            subject: self.id.uuid(),
            status: status.to_owned(),
            fuel: run.usage.fuel,
            view: recorded,
            output: String::from_utf8(output).unwrap_or_default(),
            capped: applied.capped,
            states: (state_before, state_after),
        };
        let row = live.record(member.row.id, made);
        let summary = live.summary(&known.row.slug, id, status, row.fuel);
        member.rows.decisions.push(row);
        let charged = applied.charged.iter().map(|(lot, points)| (LotId::uuid(*lot), points.0)).collect();
        Ok(Some((applied, summary, charged)))
    }
}
