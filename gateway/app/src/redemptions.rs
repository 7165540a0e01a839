//! Redeeming: what a member can get, its price, and a redemption from hold to capture.

use std::collections::BTreeSet;

use coalition_domain::{MemberId, PartnerId, Points, RedemptionId};
use coalition_store::entities::redemptions;
use coalition_store::{load, reads};
use serde::Serialize;

pub use crate::redemption_bodies::{NewCapture, NewRedemption, NewReversal, OfferView, OffersView, QuoteView, TargetView};

use crate::answer::{Answer, IdempotencyClaim, Listing, Page};
use crate::caller::{Actor, Caller, Scope};
use crate::error::Error;
use crate::program::TillRedemption;
use crate::purchase::{MemberRef, NAME_CHARS_MAX};
use crate::views::{Money, RedemptionView};
use crate::write_path::command::{Command, HoldWork, Item, Work, kind};
use crate::write_path::resolve::resolve;
use crate::write_path::unit::gather;
use crate::write_path::{pool, redeem};
use crate::{App, cursor};

fn bounded(pointer: &str, text: &str) -> Result<(), Error> {
    if text.is_empty() || text.chars().count() > NAME_CHARS_MAX || text.chars().any(char::is_control) {
        return Err(Error::invalid(pointer, format!("1 to {NAME_CHARS_MAX} characters, none of them a control character")));
    }
    Ok(())
}

impl App {
    /// The partner that a slug names.
    async fn partner_by_slug(&self, slug: &str) -> Result<PartnerId, Error> {
        let known = coalition_store::partners::find_by_slug(self.store().read(), slug).await?;
        let known = known
            .filter(|row| row.status == "active")
            .ok_or_else(|| Error::conflict("not-eligible", "No partner of this name offers rewards."))?;
        Ok(PartnerId(known.id))
    }

    /// Who redeems what where: checked, with the member found.
    async fn to_hold(&self, caller: &Caller, input: &NewRedemption) -> Result<HoldWork, Error> {
        bounded("/reward", &input.reward)?;
        for (pointer, text) in [("/partner", &input.partner), ("/external_id", &input.external_id), ("/code", &input.code)] {
            if let Some(text) = text {
                bounded(pointer, text)?;
            }
        }
        if !(1..=1000).contains(&input.quantity) {
            return Err(Error::invalid("/quantity", "1 to 1 000"));
        }
        if input.amount.is_some_and(|amount| !(1..=crate::purchase::TOTAL_MAX).contains(&amount)) {
            return Err(Error::invalid("/amount", "minor units, from 1 on"));
        }
        let (partner, member) = match caller.actor {
            Actor::Member { id, minted_by } => {
                for (pointer, given) in
                    [("/member", input.member.is_some()), ("/external_id", input.external_id.is_some()), ("/code", input.code.is_some())]
                {
                    if given {
                        return Err(Error::invalid(pointer, "for tills only: a member's token says who it is"));
                    }
                }
                let slug = input.partner.as_deref().ok_or_else(|| Error::invalid("/partner", "whose reward: a slug"))?;
                let partner = self.partner_by_slug(slug).await?;
                if minted_by.is_some_and(|only| only != partner) {
                    return Err(Error::forbidden());
                }
                (partner, id)
            }
            _ => {
                let partner = caller.partner(Scope::Redemptions, true)?;
                if let Some(slug) = &input.partner
                    && self.partner_by_slug(slug).await.ok() != Some(partner)
                {
                    return Err(Error::forbidden());
                }
                let reference = input.member.as_ref().ok_or_else(|| Error::invalid("/member", "whose points: id, card or alias"))?;
                (partner, self.member_at_till(partner, reference).await?)
            }
        };
        Ok(HoldWork {
            member,
            partner,
            reward: input.reward.clone(),
            quantity: input.quantity,
            amount: input.amount,
            external_id: input.external_id.clone(),
            code_hash: None,
        })
    }

    async fn member_at_till(&self, partner: PartnerId, reference: &MemberRef) -> Result<MemberId, Error> {
        let conn = self.store().read();
        let id = match (&reference.id, &reference.card, &reference.alias) {
            (Some(id), None, None) => load::members_by_id(conn, vec![id.uuid()]).await?.pop().map(|row| row.id),
            (None, Some(card), None) => load::members_by_card(conn, vec![card]).await?.pop().map(|row| row.id),
            (None, None, Some(alias)) => load::profiles_by_alias(conn, &[(partner.uuid(), alias)]).await?.pop().map(|row| row.member_id),
            _ => return Err(Error::invalid("/member", "exactly one of id, card and alias")),
        };
        let id = id.ok_or_else(Error::member_not_found)?;
        // Who was merged is the other, at the till as well.
        let into = coalition_store::members::find(conn, id).await?.and_then(|row| row.merged_into);
        Ok(MemberId(into.unwrap_or(id)))
    }

    /// A price; nothing is held.
    ///
    /// # Errors
    /// As [`App::hold`].
    pub async fn quote(&self, caller: &Caller, input: NewRedemption) -> Result<QuoteView, Error> {
        let work = self.to_hold(caller, &input).await?;
        if caller.own_partner().is_some() {
            self.resolve_visible(caller, work.member).await.map_err(|_| Error::member_not_found())?;
        }
        let command = self.hold_command(caller, &input, work.clone(), None)?;
        let mut items = vec![Item::new(command, None)];
        let conn = self.store().read();
        let found = resolve(conn, &mut items, self.now().await?).await?;
        let (world, members) = self.load_world(conn, &items, found).await?;
        let (mut unit, mut items) = gather(items, members).pop().ok_or_else(Error::member_not_found)?;
        let item = items.pop().ok_or_else(Error::member_not_found)?;
        if unit.member(item.subject)?.row.status != "active" {
            return Err(Error::member_not_found());
        }
        let app = self.clone();
        let quoted = tokio::task::spawn_blocking(move || {
            redeem::settle_together(&app, &world, &mut unit, &item)?;
            let partner = world.partners.get(&work.partner.uuid()).cloned().ok_or_else(Error::not_found)?;
            let spenders = pool::spenders(&unit, &item);
            let available = pool::available(&unit, &spenders);
            let member = unit.member(item.subject)?;
            let quoted = redeem::quote(&app, &world, member, available, &partner, &work, &app.new_id().to_string())?;
            Ok::<_, Error>((quoted, partner.row.slug.clone()))
        });
        let (quoted, slug) = quoted.await.map_err(|error| Error::internal(&error))??;
        Ok(QuoteView {
            partner: slug,
            reward: input.reward,
            title: quoted.title,
            quantity: input.quantity,
            points: quoted.quotation.points,
            value: Money { amount: quoted.quotation.value.minor, currency: quoted.quotation.value.currency },
            hold_until: quoted.hold_until,
        })
    }

    fn hold_command(
        &self,
        caller: &Caller,
        input: &NewRedemption,
        work: HoldWork,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Command, Error> {
        let body = serde_json::to_vec(input).map_err(|error| Error::internal(&error))?;
        let key = match &work.external_id {
            Some(external_id) => (work.partner.uuid(), kind::REDEMPTION, external_id.clone()),
            None => (work.partner.uuid(), kind::COMMAND, self.new_id().to_string()),
        };
        Ok(Command {
            key,
            body_hash: *blake3::hash(&body).as_bytes(),
            work: Work::Hold(Box::new(work)),
            caller: Some(caller.clone()),
            claim,
        })
    }

    /// Sets a member's points aside for a reward.
    ///
    /// # Errors
    /// 400, 403, 404 `member-not-found`, 409 `insufficient-points`, `not-eligible`, `out-of-stock`, `code-required` or `code-used`, 503.
    pub async fn hold(&self, caller: &Caller, input: NewRedemption, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let mut work = self.to_hold(caller, &input).await?;
        if let Some(partner) = caller.own_partner() {
            if work.external_id.is_none() {
                return Err(Error::invalid("/external_id", "the till's own number, unique for ever"));
            }
            work.code_hash = self.allow_till(caller, partner, &work, &input, claim.as_ref()).await?;
        }
        let command = self.hold_command(caller, &input, work, claim)?;
        let answer = self.write_path().submit(command.clone()).await;
        match answer {
            Err(error) if error.code == "out-of-stock" && !error.replayed => {
                // Holds that have run out give their pieces back at once, job or no job.
                if self.settle_due_holds().await? == 0 {
                    return Err(error);
                }
                self.write_path().submit(Command { claim: None, ..command }).await
            }
            answer => answer,
        }
    }

    /// Whether this till may redeem for this member: by the member's one-time code, or by card where the program allows it.
    /// The code's hash, where one is to be used up with the hold.
    async fn allow_till(
        &self,
        caller: &Caller,
        partner: PartnerId,
        work: &HoldWork,
        input: &NewRedemption,
        claim: Option<&IdempotencyClaim>,
    ) -> Result<Option<Vec<u8>>, Error> {
        let conn = self.store().read();
        // A repeat gets its first answer, though its code is used up by now.
        let key = (partner.uuid(), kind::REDEMPTION, input.external_id.clone().unwrap_or_default());
        if !load::business_ids(conn, &[key]).await?.is_empty() {
            return Ok(None);
        }
        if let Some(claim) = claim
            && self.kept_answer(conn, caller, claim).await?.is_some()
        {
            return Ok(None);
        }
        let settings = self.settings().await?;
        if let Some(code) = &input.code {
            return match self.peek_code(conn, &settings, partner, code).await? {
                Some(member) if member == work.member => Ok(Some(crate::secrets::code_hash(&settings.secret, code).to_vec())),
                _ => Err(Error::conflict("code-invalid", "This code is not good for this member here, or no longer: ask for a new one.")),
            };
        }
        match settings.till_redemption {
            TillRedemption::Code => Err(Error::conflict(
                "code-required",
                "The program asks for the member's one-time code: they get it from POST /v1/me/codes.",
            )),
            TillRedemption::Card { .. } => Ok(None),
        }
    }

    pub(crate) async fn find_redemption(&self, caller: &Caller, id: RedemptionId, write: bool) -> Result<redemptions::Model, Error> {
        let found = reads::redemption(self.store().read(), id.uuid()).await?;
        self.may_see(caller, found, write).await
    }

    async fn may_see(&self, caller: &Caller, found: Option<redemptions::Model>, write: bool) -> Result<redemptions::Model, Error> {
        let allowed = match caller.actor {
            Actor::Operator => found,
            Actor::Member { id, minted_by } => {
                let persons = self.persons(id).await?;
                found.filter(|row| {
                    persons.contains(&row.member_id) && (!write || minted_by.is_none_or(|only| only.uuid() == row.partner_id))
                })
            }
            Actor::Partner(_) => {
                let partner = caller.partner(Scope::Redemptions, write)?;
                found.filter(|row| row.partner_id == partner.uuid())
            }
        };
        allowed.ok_or_else(Error::not_found)
    }

    /// As it is now: a hold whose time is over shows as expired, whether or not a job has written it.
    async fn redemption_view(&self, mut row: redemptions::Model) -> Result<RedemptionView, Error> {
        if row.status == "held" && row.hold_until <= self.now().await?.0 {
            row.status = "expired".to_owned();
        }
        let slugs = self.slugs().await?;
        RedemptionView::of(&row, slugs.get(&row.partner_id).map_or("", String::as_str))
    }

    /// A redemption, to its member, its partner and the operator.
    ///
    /// # Errors
    /// 403, 404, 503.
    pub async fn redemption(&self, caller: &Caller, id: RedemptionId) -> Result<RedemptionView, Error> {
        let row = self.find_redemption(caller, id, false).await?;
        self.redemption_view(row).await
    }

    /// A redemption by the code that a member shows, to its partner.
    ///
    /// # Errors
    /// 403, 404, 503.
    pub async fn redemption_by_code(&self, caller: &Caller, code: &str) -> Result<RedemptionView, Error> {
        caller.partner(Scope::Redemptions, false)?;
        let found = reads::redemption_by_code(self.store().read(), code).await?;
        let row = self.may_see(caller, found, false).await?;
        self.redemption_view(row).await
    }

    /// A partner's, or a member's own, redemptions, newest first.
    ///
    /// # Errors
    /// 400, 403, 503.
    pub async fn redemptions(&self, caller: &Caller, page: Page) -> Result<Listing<RedemptionView>, Error> {
        let (partner, member) = match caller.actor {
            Actor::Operator => (None, None),
            Actor::Member { id, .. } => (None, Some(self.persons(id).await?)),
            Actor::Partner(_) => (Some(caller.partner(Scope::Redemptions, false)?.uuid()), None),
        };
        let settings = self.settings().await?;
        let (before, limit) = cursor::start(&settings.secret, "redemptions", caller, &page)?;
        let rows = reads::redemptions(self.store().read(), partner, member, before, limit).await?;
        let rows = cursor::page(&settings.secret, "redemptions", caller, &page, rows, |row| row.id, |row| row);
        let mut items = Vec::with_capacity(rows.items.len());
        for row in rows.items {
            items.push(self.redemption_view(row).await?);
        }
        Ok(Listing { items, next_cursor: rows.next_cursor })
    }

    fn command(
        &self,
        caller: &Caller,
        work: Work,
        key: (PartnerId, i64, String),
        body: &impl Serialize,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Command, Error> {
        let body = serde_json::to_vec(body).map_err(|error| Error::internal(&error))?;
        let (partner, kind, external_id) = key;
        Ok(Command {
            work,
            caller: Some(caller.clone()),
            claim,
            key: (partner.uuid(), kind, external_id),
            body_hash: *blake3::hash(&body).as_bytes(),
        })
    }

    /// Spends a hold at its partner's till, once, all or part.
    ///
    /// # Errors
    /// 400, 403, 404, 409 `already-captured` or `already-voided`, 410 `hold-expired`, 503.
    pub async fn capture(
        &self,
        caller: &Caller,
        id: RedemptionId,
        input: NewCapture,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        let partner = caller.partner(Scope::Redemptions, true)?;
        bounded("/external_id", &input.external_id)?;
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let row = self.find_redemption(caller, id, true).await?;
        let work = Work::Capture { member: MemberId(row.member_id), redemption: id, partner, amount: input.amount };
        let command = self.command(caller, work, (partner, kind::CAPTURE, input.external_id.clone()), &(id, &input), claim)?;
        self.write_path().submit(command).await
    }

    /// Gives a hold up.
    ///
    /// # Errors
    /// 403, 404, 409 `already-captured` or `already-voided`, 410 `hold-expired`, 503.
    pub async fn void(&self, caller: &Caller, id: RedemptionId, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        if caller.actor == Actor::Operator {
            return Err(Error::forbidden());
        }
        let row = self.find_redemption(caller, id, true).await?;
        let work = Work::Void { member: MemberId(row.member_id), redemption: id, partner: PartnerId(row.partner_id) };
        let key = (PartnerId(row.partner_id), kind::COMMAND, self.new_id().to_string());
        let command = self.command(caller, work, key, &id, claim)?;
        self.write_path().submit(command).await
    }

    /// Gives captured points back, all or part.
    ///
    /// # Errors
    /// 400, 403, 404, 409 `not-captured` or `nothing-left`, 503.
    pub async fn reverse(
        &self,
        caller: &Caller,
        id: RedemptionId,
        input: NewReversal,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        let partner = caller.partner(Scope::Redemptions, true)?;
        bounded("/external_id", &input.external_id)?;
        if input.points.is_some_and(|points| points < 1) {
            return Err(Error::invalid("/points", "from 1 on"));
        }
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let row = self.find_redemption(caller, id, true).await?;
        let work = Work::Reverse { member: MemberId(row.member_id), redemption: id, partner, points: input.points };
        let command = self.command(caller, work, (partner, kind::REVERSAL, input.external_id.clone()), &(id, &input), claim)?;
        self.write_path().submit(command).await
    }

    /// What a member can get now, from every partner's rules; a partner that asks sees its own.
    ///
    /// # Errors
    /// 400, 403, 404, 503.
    pub async fn offers(&self, caller: &Caller, member: Option<MemberId>) -> Result<OffersView, Error> {
        let member = match (caller.actor, member) {
            (Actor::Member { id, .. }, None) => id,
            (Actor::Member { id, .. }, Some(asked)) if asked == id => id,
            (Actor::Member { .. }, Some(_)) => return Err(Error::not_found()),
            (_, Some(member)) => {
                if caller.own_partner().is_some() {
                    caller.partner(Scope::Redemptions, false).or_else(|_| caller.partner(Scope::Members, false))?;
                }
                self.resolve_visible(caller, member).await?
            }
            (_, None) => return Err(Error::invalid("/member", "whose offers: a member's id")),
        };
        let conn = self.store().read();
        let settings = self.settings().await?;
        let all = reads::active_partners(conn).await?;
        let only = caller.own_partner();
        let wanted: BTreeSet<_> = all.iter().filter(|row| only.is_none_or(|only| only.uuid() == row.id)).map(|row| row.id).collect();
        let partners = self.load_partners(conn, &settings, wanted.clone()).await?;
        let available = self.can_spend(member).await?;
        let profiles = load::profiles(conn, vec![member.uuid()], partners.keys().copied().collect()).await?;
        let states: Vec<_> =
            profiles.iter().filter(|row| row.state_version > 0).map(|row| (row.member_id, row.partner_id, row.state_version)).collect();
        let states = load::states(conn, &states).await?;
        let stock = load::stock(conn, wanted.iter().copied().collect(), false).await?;
        let row = load::members_by_id(conn, vec![member.uuid()]).await?.pop().ok_or_else(Error::not_found)?;
        let told = crate::told::read(conn, vec![member.uuid()]).await?.remove(&member.uuid()).unwrap_or_default();
        let now = self.now().await?;
        let slugs: Vec<_> = all.into_iter().filter(|row| wanted.contains(&row.id)).map(|row| row.id).collect();
        let app = self.clone();
        let items = tokio::task::spawn_blocking(move || {
            crate::offers::gather(&app, &settings, now, &row, available, &slugs, &partners, &profiles, &states, &stock, &told)
        });
        Ok(OffersView { items: items.await.map_err(|error| Error::internal(&error))?? })
    }

    /// What a member can spend now, with their household.
    async fn can_spend(&self, member: MemberId) -> Result<Points, Error> {
        let now = self.now().await?;
        let spenders = self.together(member).await?.map_or_else(|| vec![member], |(_, members)| members);
        let mut sum = 0_i64;
        for spender in spenders {
            sum = sum.saturating_add(self.ledger_at(spender, now).await?.balances().available.0);
        }
        Ok(Points(sum))
    }

    /// Writes the holds that have run out; how many.
    pub(crate) async fn settle_due_holds(&self) -> Result<usize, Error> {
        let due = load::holds_due(self.store().read(), self.now().await?.0, 500).await?;
        let members: BTreeSet<_> = due.iter().map(|row| row.member_id).collect();
        let settles = members.into_iter().map(|member| self.settle_member(MemberId(member)));
        let done = futures::future::join_all(settles).await;
        done.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(due.len())
    }

    /// Writes what the clock has changed for a member.
    pub(crate) async fn settle_member(&self, member: MemberId) -> Result<(), Error> {
        let settings = self.settings().await?;
        let key = (settings.operator.uuid(), kind::COMMAND, self.new_id().to_string());
        let command = Command { work: Work::Settle { member }, caller: None, claim: None, key, body_hash: [0; 32] };
        match self.write_path().submit(command).await {
            // A member who has left meanwhile has nothing to settle.
            Ok(_) => Ok(()),
            Err(error) if error.kind == crate::Kind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}
