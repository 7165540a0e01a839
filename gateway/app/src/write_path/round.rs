//! Asking the programs that something posted concerns: the partner's rules first, then the operator's, on the same member.

use coalition_domain::{DecisionId, Instant, PartnerId, TransactionId};
use serde_json::Value;

use super::deferral::{self, Waits};
use super::effects::Applied;
use super::purchase::Case;
use super::world::{MemberWorld, World};
use crate::App;
use crate::error::Error;
use crate::views::{DecisionSummary, PointsSummary};

/// What is posted, and by whom.
pub(crate) struct Posting<'a> {
    pub(crate) app: &'a App,
    pub(crate) world: &'a World,
    pub(crate) partner: PartnerId,
    /// The purchase or the activity.
    pub(crate) subject: TransactionId,
    pub(crate) at: Instant,
    /// The kind of event, as manifests name it.
    pub(crate) handled_as: &'a str,
}

/// What all of them came to.
#[derive(Default)]
pub(crate) struct Round {
    pub(crate) points: PointsSummary,
    pub(crate) shown: Vec<Value>,
    pub(crate) summaries: Vec<DecisionSummary>,
    deferred: bool,
}

impl Round {
    /// `posted`, or `deferred` where a decision is still to be made.
    pub(crate) const fn status(&self) -> &'static str {
        if self.deferred { "deferred" } else { "posted" }
    }
}

impl Posting<'_> {
    /// Lets each program `decide` that handles it; where the posting partner has none, `unhandled` is all that happens.
    pub(crate) fn ask(
        &self,
        member: &mut MemberWorld,
        decide: impl Fn(&Case<'_>, &mut MemberWorld) -> Result<Result<Applied, String>, Error>,
        unhandled: impl Fn(&mut MemberWorld),
    ) -> Result<Round, Error> {
        let Self { app, world, partner, subject, .. } = *self;
        let mut round = Round::default();
        let mut owners = vec![partner];
        if partner != world.settings.operator {
            owners.push(world.settings.operator);
        }
        // The till's partner links the member, with or without rules.
        let profile = member.profile(partner);
        profile.linked_at = profile.linked_at.filter(|at| *at > 0);
        profile.changed = true;
        for owner in owners {
            let Some(known) = world.partners.get(&owner.uuid()) else { continue };
            if known.is_broken {
                round.deferred = true;
                member.epochs.insert(owner.uuid(), known.row.plugin_epoch);
                deferral::note(member, owner, subject, DecisionId(app.new_id()), &Waits::failed("the rules can't be loaded", 1));
                continue;
            }
            let Some(live) = known.live.clone().filter(|live| live.handles(self.handled_as)) else {
                // Without rules there is nothing to wait for; what was done counts all the same.
                member.epochs.insert(owner.uuid(), known.row.plugin_epoch);
                if owner == partner {
                    unhandled(member);
                }
                continue;
            };
            member.epochs.insert(owner.uuid(), live.epoch);
            let decision = DecisionId(app.new_id());
            let outcome = if deferral::is_behind(member, owner) {
                Err("earlier events of this member wait to be decided first".to_owned())
            } else {
                let case =
                    Case { app, world, owner, partner: known, live: &live, decision, transaction: subject, at: self.at, refund: None };
                decide(&case, member)?
            };
            let status = match &outcome {
                Ok(applied) => {
                    round.points.add(applied);
                    round.shown.extend(applied.shown.iter().cloned());
                    if applied.refused { "refused" } else { "applied" }
                }
                Err(failure) => {
                    round.deferred = true;
                    deferral::note(member, owner, subject, decision, &Waits::failed(failure, 1));
                    "deferred"
                }
            };
            let fuel = member.rows.decisions.last().filter(|row| row.id == decision.uuid()).map_or(0, |row| row.fuel);
            round.summaries.push(live.summary(&known.row.slug, decision, status, fuel));
        }
        Ok(round)
    }
}
