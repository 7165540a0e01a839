//! Members: enrolled by a partner or the operator, seen only by those they are linked to, erasable. Personal data is in one table.

use coalition_domain::{Instant, MemberId, PartnerId};
use coalition_store::entities::{members, personal};
use coalition_store::{ConnectionTrait, DatabaseTransaction};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::App;
pub use crate::alias::NewAlias;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::{Actor, Caller, Scope, Scopes};
use crate::error::Error;
use crate::idempotency::Fault;
pub use crate::member_input::{Attributes, MemberPatch, NewMember};
use crate::member_input::{check_new, check_patch, merged, read_attributes, write_attributes};
use crate::relations::NewRelations;
use crate::write_path::command::{CloseWork, Command, Work, kind};

/// The scope under which HTTP claims idempotency for an enrolment.
const ENROLMENT_SCOPE: &str = "POST /v1/members";

/// A member as the caller may see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MemberView {
    /// `mbr_…`.
    #[schema(value_type = String)]
    pub id: MemberId,
    /// Their card.
    pub card: Option<String>,
    /// The calling partner's own customer number.
    pub alias: Option<String>,
    /// Null where unknown.
    pub email: Option<String>,
    /// Null where unknown.
    pub name: Option<String>,
    /// Null where unknown.
    #[schema(format = Date)]
    pub birthday: Option<String>,
    /// By name.
    #[schema(value_type = Object)]
    pub attributes: Attributes,
    /// `active`, or `erased` once the personal data was deleted.
    pub status: String,
    /// Since when, in business time.
    #[schema(value_type = String, format = DateTime)]
    pub enrolled_at: Instant,
    /// The partner that enrolled them, by its slug; null where the operator did, and to other partners.
    pub enrolled_by: Option<String>,
}

fn card_taken() -> Error {
    Error::conflict("card-taken", "Another member holds this card.")
}

impl App {
    /// The member behind an id, as far as the caller may see them: the operator all, a partner those linked to it, a member themselves.
    /// A merged id answers as the member it was merged into. Scopes are the caller's to check.
    ///
    /// # Errors
    /// 404 for an unknown or a foreign id alike.
    pub async fn resolve_visible(&self, caller: &Caller, id: MemberId) -> Result<MemberId, Error> {
        Ok(MemberId(self.visible(self.store().read(), caller, id).await.map_err(Self::told)?.id))
    }

    fn told(fault: Fault) -> Error {
        match fault {
            Fault::Refused(error) => error,
            Fault::Store(error) => error.into(),
        }
    }

    pub(crate) async fn visible(&self, conn: &impl ConnectionTrait, caller: &Caller, id: MemberId) -> Result<members::Model, Fault> {
        let mut row = coalition_store::members::find(conn, id.uuid()).await?.ok_or_else(Error::not_found)?;
        // A merge leads to a member that is there; a chain of merges is short.
        for _ in 0..16 {
            let Some(into) = row.merged_into else { break };
            row = coalition_store::members::find(conn, into).await?.ok_or_else(Error::not_found)?;
        }
        let seen = match caller.actor {
            Actor::Operator => true,
            Actor::Partner(partner) => coalition_store::members::profile(conn, row.id, partner.uuid()).await?.is_some(),
            Actor::Member { id: own, .. } => own.uuid() == row.id || own == id,
        };
        if seen { Ok(row) } else { Err(Error::not_found().into()) }
    }

    pub(crate) async fn member_view(&self, conn: &impl ConnectionTrait, caller: &Caller, row: members::Model) -> Result<MemberView, Fault> {
        let data = coalition_store::members::personal(conn, row.id).await?;
        let alias = match caller.actor {
            Actor::Partner(partner) => coalition_store::members::profile(conn, row.id, partner.uuid()).await?.and_then(|link| link.alias),
            Actor::Operator | Actor::Member { .. } => None,
        };
        let known = row.enrolled_by.filter(|enroller| match caller.actor {
            Actor::Partner(partner) => partner.uuid() == *enroller,
            Actor::Operator | Actor::Member { .. } => true,
        });
        let enrolled_by = match known {
            Some(enroller) => coalition_store::partners::find(conn, enroller).await?.map(|partner| partner.slug),
            None => None,
        };
        let attributes = data.as_ref().map_or_else(|| Ok(Attributes::default()), |data| read_attributes(&data.attributes))?;
        let (email, name, birthday) = data.map_or((None, None, None), |data| (data.email, data.name, data.birthday));
        Ok(MemberView {
            id: MemberId(row.id),
            card: row.card,
            alias,
            email,
            name,
            birthday,
            attributes,
            status: row.status,
            enrolled_at: Instant(row.enrolled_at),
            enrolled_by,
        })
    }

    /// Enrols a member; one that a partner enrols is linked to it.
    ///
    /// # Errors
    /// 400; 403 for all but the operator and partners with the scope; 409 `card-taken`; 422 `referrer-not-found`, `enroller-not-found`.
    pub async fn create_member(&self, caller: &Caller, new: NewMember, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let partner = caller.partner_or_operator(Scope::Members, true)?;
        check_new(&new, self.wall_now())?;
        let now = self.now().await?;
        let row = members::Model {
            id: self.new_id(),
            card: new.card.clone(),
            enrolled_at: now.0,
            enrolled_by: partner.map(PartnerId::uuid),
            referred_by: None,
            status: "active".to_owned(),
            merged_into: None,
            household_id: None,
            pooled: false,
            enroller_id: None,
            relations_fixed_at: None,
            referred_count: 0,
            enrolled_count: 0,
        };
        let relations = NewRelations { referrer: new.referrer.map(Some), enrolled_by: new.enrolled_by.map(Some) };
        let owners = self.rules_that_handle("enrolment", partner).await?;
        let data = personal::Model {
            member_id: row.id,
            email: new.email.clone(),
            name: new.name.clone(),
            birthday: new.birthday.clone(),
            attributes: write_attributes(&new.attributes)?,
        };
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            if let Some(card) = &row.card
                && coalition_store::members::find_by_card(txn, card).await?.is_some()
            {
                return Err(card_taken().into());
            }
            let mut row = row.clone();
            self.relate(txn, caller, &mut row, &relations).await?;
            coalition_store::members::insert(txn, row.clone()).await?;
            coalition_store::members::put_personal(txn, data.clone()).await?;
            if let Some(partner) = partner {
                coalition_store::members::link(txn, row.id, partner.uuid(), now.0).await?;
            }
            coalition_store::members::count_related(txn, "referred", None, row.referred_by).await?;
            coalition_store::members::count_related(txn, "enrolled", None, row.enroller_id).await?;
            self.audited(txn, caller, "member.create", &MemberId(row.id), json!({})).await?;
            let answer = Answer::created(&self.member_view(txn, caller, row.clone()).await?)?.into();
            self.record_enrolment(txn, &row, &owners).await?;
            Ok(answer)
        })
        .await
    }

    /// A member.
    ///
    /// # Errors
    /// 403 without the scope; 404.
    pub async fn member(&self, caller: &Caller, id: MemberId) -> Result<MemberView, Error> {
        if !matches!(caller.actor, Actor::Member { .. }) {
            caller.partner_or_operator(Scope::Members, false)?;
        }
        let conn = self.store().read();
        let row = self.visible(conn, caller, id).await.map_err(Self::told)?;
        self.member_view(conn, caller, row).await.map_err(Self::told)
    }

    /// The member whose token this is.
    ///
    /// # Errors
    /// 403 for all but members.
    pub async fn me(&self, caller: &Caller) -> Result<MemberView, Error> {
        self.member(caller, caller.member()?).await
    }

    /// Changes what is known of a member.
    ///
    /// # Errors
    /// 400; 403 for all but the operator and partners with the scope; 404; 409 `card-taken`, `member-erased`.
    pub async fn patch_member(&self, caller: &Caller, id: MemberId, patch: MemberPatch) -> Result<MemberView, Error> {
        caller.partner_or_operator(Scope::Members, true)?;
        check_patch(&patch, self.wall_now())?;
        self.write(async |txn: &DatabaseTransaction| {
            let id = self.visible(txn, caller, id).await?.id;
            let mut row = coalition_store::members::lock(txn, id).await?.ok_or_else(Error::not_found)?;
            if row.status == "erased" {
                return Err(Error::conflict("member-erased", "This member's data was erased; nothing can be added to it.").into());
            }
            if let Some(card) = &patch.card {
                if let Some(card) = card
                    && coalition_store::members::find_by_card(txn, card).await?.is_some_and(|other| other.id != id)
                {
                    return Err(card_taken().into());
                }
                row.card.clone_from(card);
                coalition_store::members::save(txn, row.clone()).await?;
            }
            let data = coalition_store::members::personal(txn, id).await?;
            let mut data =
                data.unwrap_or(personal::Model { member_id: id, email: None, name: None, birthday: None, attributes: "{}".to_owned() });
            for (field, change) in [(&mut data.email, &patch.email), (&mut data.name, &patch.name), (&mut data.birthday, &patch.birthday)] {
                if let Some(value) = change {
                    field.clone_from(value);
                }
            }
            data.attributes = merged(&data.attributes, &patch.attributes)?;
            coalition_store::members::put_personal(txn, data).await?;
            // Which fields, not what is in them: the audit outlives an erasure.
            let fields: Vec<String> = json!(patch).as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default();
            self.audited(txn, caller, "member.patch", &MemberId(id), json!({"fields": fields})).await?;
            self.member_view(txn, caller, row).await
        })
        .await
    }

    /// Closes a member's account: erases their personal data, card, aliases and codes, ends what is held for them, and gives up what is left. The ledger
    /// stays, and knows only the id. Doing it again changes nothing.
    ///
    /// # Errors
    /// 403 for partners without the scope, and for a partner that did not enrol the member: their data is the whole coalition's; 404; 503.
    pub async fn erase_member(&self, caller: &Caller, id: MemberId) -> Result<(), Error> {
        match caller.actor {
            // A session that a partner minted does not speak for the member in this.
            Actor::Member { minted_by: Some(_), .. } => return Err(Error::forbidden()),
            Actor::Member { minted_by: None, .. } => {}
            Actor::Operator | Actor::Partner(_) => {
                caller.partner_or_operator(Scope::Members, true)?;
            }
        }
        let row = self.visible(self.store().read(), caller, id).await.map_err(Self::told)?;
        if let Actor::Partner(partner) = caller.actor
            && row.enrolled_by != Some(partner.uuid())
        {
            return Err(Error::forbidden());
        }
        let member = MemberId(row.id);
        let command = Command {
            key: (self.settings().await?.operator.uuid(), kind::CLOSING, member.to_string()),
            body_hash: [0; 32],
            work: Work::Close(Box::new(CloseWork { member })),
            caller: Some(caller.clone()),
            claim: None,
        };
        let closed = self.write_path().submit(command).await?;
        // Also where it was closed before: whoever did may have got no further than here.
        self.write(async |txn: &DatabaseTransaction| {
            let formers = coalition_store::members::formers(txn, vec![row.id]).await?;
            for person in std::iter::once(row.id).chain(formers.into_iter().map(|(former, _)| former)) {
                let person = coalition_store::members::find(txn, person).await?.ok_or_else(Error::not_found)?;
                self.erase_kept_answer(txn, person).await?;
            }
            if !closed.replayed {
                self.audited(txn, caller, "member.erase", &member, json!({})).await?;
            }
            Ok(())
        })
        .await?;
        self.forget_standings();
        Ok(())
    }

    /// The answer to their enrolment may still be kept for a repeat: what is personal in it goes too.
    async fn erase_kept_answer(&self, txn: &DatabaseTransaction, row: members::Model) -> Result<(), Fault> {
        let enroller = match row.enrolled_by {
            Some(partner) => Some(partner),
            None => coalition_store::partners::operator(txn).await?.map(|operator| operator.id),
        };
        let Some(enroller) = enroller else {
            return Ok(());
        };
        let clients = coalition_store::clients::ids(txn, enroller).await?;
        let marker = MemberId(row.id).to_string();
        let eyes = Caller { client_id: "".into(), actor: Actor::Operator, scopes: Scopes::default() };
        let bare = Answer::created(&self.member_view(txn, &eyes, row).await?)?.body;
        coalition_store::idempotency::rewrite(txn, &clients, ENROLMENT_SCOPE, &marker, &bare).await?;
        Ok(())
    }
}
