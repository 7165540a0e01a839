//! Households: members who spend as one. Each keeps their own points and debts; what any of them redeems is paid by the lots of all, in the usual order.
//!
//! Nobody's points are shared without their word: a member of the household invites, and who is invited joins by themselves, until seven days later.
//! The operator may let members in and out. Who leaves takes what is their own.

use coalition_domain::{Balances, HouseholdId, Instant, MemberId};
use coalition_store::entities::invitations;
use coalition_store::{DatabaseTransaction, load, people};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::{Actor, Caller};
use crate::check::Checks;
use crate::error::Error;
use crate::write_path::command::{Command, JoinWork, LeaveWork, Work, kind};

/// How long an invitation is good, milliseconds of the wall clock.
const INVITATION_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Invitations of one household that are good at a time.
const INVITATIONS_MAX: u64 = 20;

/// A household to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHousehold {
    /// Who is in it first: the operator says so; a member's own token says who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, pattern = "^mbr_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub member: Option<MemberId>,
    /// What its members call it, 1–100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
}

/// Who is to be let in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHouseholdMember {
    /// Who; left out by whoever joins themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, pattern = "^mbr_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub member: Option<MemberId>,
}

/// Somebody in a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HouseholdMember {
    /// Who.
    #[schema(value_type = String)]
    pub id: MemberId,
    /// What of the household's points is theirs to be spent.
    pub available: i64,
}

/// A household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HouseholdView {
    /// `hhd_…`.
    #[schema(value_type = String)]
    pub id: HouseholdId,
    /// What its members call it.
    pub name: Option<String>,
    /// Who spends together.
    pub members: Vec<HouseholdMember>,
    /// What any of them can spend: the sum of their lots.
    pub available: i64,
    /// Awarded to them, and not yet to be spent.
    pub pending: i64,
    /// Set aside for their redemptions.
    pub held: i64,
}

impl HouseholdView {
    pub(crate) fn of(id: HouseholdId, name: Option<String>, members: Vec<(MemberId, Balances)>) -> Self {
        let sum = |of: fn(&Balances) -> i64| members.iter().map(|(_, balances)| of(balances)).fold(0, i64::saturating_add);
        Self {
            id,
            name,
            available: sum(|balances| balances.available.0),
            pending: sum(|balances| balances.pending.0),
            held: sum(|balances| balances.held.0),
            members: members.iter().map(|(id, balances)| HouseholdMember { id: *id, available: balances.available.0 }).collect(),
        }
    }
}

/// What became of a call to let somebody in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AdmissionView {
    /// The household.
    #[schema(value_type = String)]
    pub household: HouseholdId,
    /// Who.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// `joined`; or `invited`: they join by a call of their own.
    pub status: String,
    /// Until when they may; null where they have joined.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Instant>,
}

impl App {
    /// Makes a household, with its first member.
    ///
    /// # Errors
    /// 400; 403 for all but the operator and a member's own token; 404; 409 `already-in-household` or `households-off`; 503.
    pub async fn create_household(&self, caller: &Caller, new: NewHousehold, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let own = caller.own_word_or_operator()?;
        if let Some(name) = &new.name {
            let mut checks = Checks::default();
            checks.line("/name", name, 100);
            checks.done()?;
        }
        let member = match (own, new.member) {
            (Some(own), None) => own,
            (Some(own), Some(named)) if named == own => own,
            (Some(_), Some(_)) => return Err(Error::forbidden()),
            (None, Some(named)) => self.resolve_visible(caller, named).await?,
            (None, None) => return Err(Error::invalid("/member", "who is in it first: a member's id")),
        };
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let household = HouseholdId(self.new_id());
        let work = JoinWork { member, household, is_new: true, name: new.name.clone(), invited_by: None };
        self.submit_household(caller, Work::Join(Box::new(work)), claim).await
    }

    async fn submit_household(&self, caller: &Caller, work: Work, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let operator = self.settings().await?.operator.uuid();
        let key = (operator, kind::COMMAND, self.new_id().to_string());
        let command = Command { key, body_hash: [0; 32], work, caller: Some(caller.clone()), claim };
        self.write_path().submit(command).await
    }

    /// Whether this caller may know of this household: the operator, and whoever is in it.
    async fn known_household(&self, caller: &Caller, id: HouseholdId) -> Result<Vec<MemberId>, Error> {
        let rows = people::of_households(self.store().read(), vec![id.uuid()]).await?;
        let inside: Vec<MemberId> = rows.into_iter().map(|row| MemberId(row.id)).collect();
        let known = match caller.actor {
            Actor::Operator => !inside.is_empty(),
            Actor::Member { id, .. } => inside.contains(&id),
            Actor::Partner(_) => return Err(Error::forbidden()),
        };
        if known { Ok(inside) } else { Err(Error::not_found()) }
    }

    /// A household, to its members and the operator.
    ///
    /// # Errors
    /// 403 for partners; 404; 503.
    pub async fn household(&self, caller: &Caller, id: HouseholdId) -> Result<HouseholdView, Error> {
        let inside = self.known_household(caller, id).await?;
        let now = self.now().await?;
        let name = people::household(self.store().read(), id.uuid()).await?.and_then(|row| row.name);
        let mut members = Vec::with_capacity(inside.len());
        for member in inside {
            members.push((member, self.ledger_at(member, now).await?.balances()));
        }
        Ok(HouseholdView::of(id, name, members))
    }

    /// Lets somebody in: the operator at once; a member of the household by invitation; who was invited by their own word.
    ///
    /// # Errors
    /// 400; 403 for partners and for sessions that they minted; 404; 409 `already-in-household`, `household-full`, `households-off` or `too-many-invitations`; 503.
    pub async fn add_household_member(
        &self,
        caller: &Caller,
        household: HouseholdId,
        new: NewHouseholdMember,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        let own = caller.own_word_or_operator()?;
        if let Some(claim) = &claim
            && let Some(kept) = self.kept_answer(self.store().read(), caller, claim).await?
        {
            return kept;
        }
        let Some(own) = own else {
            self.known_household(caller, household).await?;
            let member = new.member.ok_or_else(|| Error::invalid("/member", "who is let in: a member's id"))?;
            let member = self.resolve_visible(caller, member).await.map_err(|_| Error::member_not_found())?;
            let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
            return self.join(caller, member, household, None, claim).await;
        };
        if let Some(member) = new.member.filter(|member| *member != own) {
            return self.invite(caller, own, household, member, claim.as_ref()).await;
        }
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let invited = people::invitation(self.store().read(), household.uuid(), own.uuid(), self.wall_now().0).await?;
        match invited {
            Some(invited) => self.join(caller, own, household, Some(MemberId(invited.invited_by)), claim).await,
            None => {
                // Who is in it is told so; to anybody else there is no such household.
                self.known_household(caller, household).await?;
                Err(Error::conflict("already-in-household", "You are in it already."))
            }
        }
    }

    async fn join(
        &self,
        caller: &Caller,
        member: MemberId,
        household: HouseholdId,
        invited_by: Option<MemberId>,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        let work = JoinWork { member, household, is_new: false, name: None, invited_by };
        self.submit_household(caller, Work::Join(Box::new(work)), claim).await
    }

    async fn invite(
        &self,
        caller: &Caller,
        own: MemberId,
        household: HouseholdId,
        member: MemberId,
        claim: Option<&IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        let inside = self.known_household(caller, household).await?;
        let settings = self.settings().await?;
        if settings.household_members_max == 0 {
            return Err(Error::conflict("households-off", "In this program members don't spend together; the operator can allow it."));
        }
        if i64::try_from(inside.len()).unwrap_or(i64::MAX) >= settings.household_members_max {
            return Err(Error::conflict("household-full", format!("A household has {} members at most.", settings.household_members_max)));
        }
        let known = load::members_by_id(self.store().read(), vec![member.uuid()]).await?.pop();
        let known = known.filter(|row| row.status == "active").ok_or_else(Error::member_not_found)?;
        if known.household_id == Some(household.uuid()) {
            return Err(Error::conflict("already-in-household", "They are in it already."));
        }
        let now = self.wall_now();
        let until = now.plus_ms(INVITATION_MS);
        let view = AdmissionView { household, member, status: "invited".to_owned(), expires_at: Some(until) };
        self.idempotently(caller, claim, async |txn: &DatabaseTransaction| {
            if people::count_invitations(txn, household.uuid(), now.0).await? >= INVITATIONS_MAX {
                return Err(Error::conflict("too-many-invitations", "Wait until some are taken up, or have ended.").into());
            }
            let row = invitations::Model {
                household_id: household.uuid(),
                member_id: member.uuid(),
                invited_by: own.uuid(),
                expires_at: until.0,
            };
            people::invite(txn, row).await?;
            self.audited(txn, caller, "household.invite", &household, json!({"member": member})).await?;
            Ok(Answer::created(&view)?.into())
        })
        .await
    }

    /// Lets somebody go, with what is their own: a member themselves, who so also declines an invitation; the operator anybody.
    ///
    /// # Errors
    /// 400; 403 for all but the operator and a member's own token, and for a member who names another; 404; 503.
    pub async fn leave_household(&self, caller: &Caller, household: HouseholdId, member: Option<MemberId>) -> Result<(), Error> {
        let member = match (caller.own_word_or_operator()?, member) {
            (Some(own), None) => own,
            (Some(own), Some(named)) if named == own => own,
            (Some(_), Some(_)) => {
                self.known_household(caller, household).await?;
                return Err(Error::forbidden());
            }
            (None, Some(named)) => self.resolve_visible(caller, named).await?,
            (None, None) => return Err(Error::invalid("/member", "who leaves: a member's id")),
        };
        if self.write(async |txn: &DatabaseTransaction| Ok(people::uninvite(txn, household.uuid(), member.uuid()).await?)).await? {
            return Ok(());
        }
        self.submit_household(caller, Work::Leave(Box::new(LeaveWork { member, household })), None).await.map(|_| ())
    }
}
