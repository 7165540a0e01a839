//! Members: enrolled by a partner or the operator, seen only by those they are linked to, erasable. Personal data is in one table.

use std::collections::BTreeMap;

use coalition_domain::{Instant, MemberId, PartnerId};
use coalition_rules::contract::Scalar;
use coalition_store::entities::{members, personal};
use coalition_store::{ConnectionTrait, DatabaseTransaction};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::{Actor, Caller, Scope};
use crate::check::{Checks, nullable, pointer_step};
use crate::error::Error;
use crate::idempotency::{Done, Fault};

/// Attributes of one member.
const ATTRIBUTES_MAX: usize = 64;
/// The text of one attribute, bytes.
const ATTRIBUTE_BYTES_MAX: usize = 1_024;
/// A member's card, alias or an attribute's name, characters.
const NAME_MAX: usize = 64;
/// An e-mail address, bytes (RFC 5321).
const EMAIL_BYTES_MAX: usize = 254;

/// The scope under which HTTP claims idempotency for an enrolment.
const ENROLMENT_SCOPE: &str = "POST /v1/members";

/// What is known of a member besides the rest: text, whole numbers and flags by name.
pub type Attributes = BTreeMap<String, Scalar>;

/// A member to be enrolled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// 1–64 of `A-Z a-z 0-9 -`, unique in the coalition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "HH00900")]
    pub card: Option<String>,
    /// Up to 254 bytes with an `@` in them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// 1–100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A past date, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(format = Date)]
    pub birthday: Option<String>,
    /// At most 64, text up to 1 KiB.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub attributes: Attributes,
    /// The member who brought this one along.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub referrer: Option<MemberId>,
}

/// What is to change of a member; what is left out stays, null takes it away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberPatch {
    /// Another card.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub card: Option<Option<String>>,
    /// Another address.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub email: Option<Option<String>>,
    /// Another name.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub name: Option<Option<String>>,
    /// Another birthday.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub birthday: Option<Option<String>>,
    /// Attributes by name; those that are left out stay, null takes one away.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = Object)]
    pub attributes: BTreeMap<String, Option<Scalar>>,
}

/// A partner's own customer number of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAlias {
    /// 1–64 visible ASCII characters, unique at this partner.
    pub alias: String,
}

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

fn check_card(checks: &mut Checks, card: &str) {
    let good = (1..=NAME_MAX).contains(&card.len()) && card.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    checks.expect(good, "/card", "1 to 64 of A-Z a-z 0-9 and hyphens");
}

fn check_email(checks: &mut Checks, email: &str) {
    let parts = email.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
    let good = parts && email.len() <= EMAIL_BYTES_MAX && !email.chars().any(|letter| letter.is_control() || letter.is_whitespace());
    checks.expect(good, "/email", "an e-mail address of at most 254 bytes");
}

fn check_birthday(checks: &mut Checks, birthday: &str, today: Instant) {
    let date = (birthday.len() == 10).then(|| birthday.parse::<jiff::civil::Date>().ok()).flatten();
    // Dates in this form compare as text; a day of slack, since somewhere it is tomorrow.
    let latest = today.plus_ms(86_400_000).to_string();
    checks.expect(date.is_some() && *birthday <= *latest, "/birthday", "a past date such as 1990-04-23");
}

fn check_attribute(checks: &mut Checks, name: &str, value: Option<&Scalar>) {
    let pointer = format!("/attributes/{}", pointer_step(name));
    let good = (1..=NAME_MAX).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-:".contains(&byte));
    checks.expect(good, &pointer, "a name is 1 to 64 of A-Z a-z 0-9 . _ - :");
    if let Some(Scalar::Text(text)) = value {
        let good = text.len() <= ATTRIBUTE_BYTES_MAX && !text.contains('\0');
        checks.expect(good, &pointer, "text of at most 1 024 bytes");
    }
}

fn check_new(new: &NewMember, today: Instant) -> Result<(), Error> {
    let mut checks = Checks::default();
    if let Some(card) = &new.card {
        check_card(&mut checks, card);
    }
    if let Some(email) = &new.email {
        check_email(&mut checks, email);
    }
    if let Some(name) = &new.name {
        checks.line("/name", name, 100);
    }
    if let Some(birthday) = &new.birthday {
        check_birthday(&mut checks, birthday, today);
    }
    checks.expect(new.attributes.len() <= ATTRIBUTES_MAX, "/attributes", "at most 64 attributes");
    for (name, value) in new.attributes.iter().take(ATTRIBUTES_MAX) {
        check_attribute(&mut checks, name, Some(value));
    }
    checks.done()
}

fn check_patch(patch: &MemberPatch, today: Instant) -> Result<(), Error> {
    let mut checks = Checks::default();
    if let Some(Some(card)) = &patch.card {
        check_card(&mut checks, card);
    }
    if let Some(Some(email)) = &patch.email {
        check_email(&mut checks, email);
    }
    if let Some(Some(name)) = &patch.name {
        checks.line("/name", name, 100);
    }
    if let Some(Some(birthday)) = &patch.birthday {
        check_birthday(&mut checks, birthday, today);
    }
    checks.expect(patch.attributes.len() <= ATTRIBUTES_MAX, "/attributes", "at most 64 attributes");
    for (name, value) in patch.attributes.iter().take(ATTRIBUTES_MAX) {
        check_attribute(&mut checks, name, value.as_ref());
    }
    checks.done()
}

fn card_taken() -> Error {
    Error::conflict("card-taken", "Another member holds this card.")
}

fn read_attributes(text: &str) -> Result<Attributes, Error> {
    serde_json::from_str(text).map_err(|error| Error::internal(&error))
}

fn write_attributes(attributes: &Attributes) -> Result<String, Error> {
    serde_json::to_string(attributes).map_err(|error| Error::internal(&error))
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

    async fn visible(&self, conn: &impl ConnectionTrait, caller: &Caller, id: MemberId) -> Result<members::Model, Fault> {
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

    async fn member_view(&self, conn: &impl ConnectionTrait, caller: &Caller, row: members::Model) -> Result<MemberView, Fault> {
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
    /// 400; 403 for all but the operator and partners with the scope; 409 `card-taken`; 422 `referrer-not-found`.
    pub async fn create_member(&self, caller: &Caller, new: NewMember, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let partner = caller.partner_or_operator(Scope::Members, true)?;
        check_new(&new, self.wall_now())?;
        let now = self.now().await?;
        let row = members::Model {
            id: self.new_id(),
            card: new.card.clone(),
            enrolled_at: now.0,
            enrolled_by: partner.map(PartnerId::uuid),
            referred_by: new.referrer.map(MemberId::uuid),
            status: "active".to_owned(),
            merged_into: None,
        };
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
            if let Some(referrer) = new.referrer {
                self.visible(txn, caller, referrer).await.map_err(|fault| match fault {
                    Fault::Refused(_) => Error::unprocessable("referrer-not-found", "No member that this token may see has the referrer's id.").into(),
                    store @ Fault::Store(_) => store,
                })?;
            }
            coalition_store::members::insert(txn, row.clone()).await?;
            coalition_store::members::put_personal(txn, data.clone()).await?;
            if let Some(partner) = partner {
                coalition_store::members::link(txn, row.id, partner.uuid(), now.0).await?;
            }
            self.audited(txn, caller, "member.create", &MemberId(row.id), json!({})).await?;
            Ok(Answer::created(&self.member_view(txn, caller, row.clone()).await?)?.into())
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

    /// Erases a member's personal data, card, aliases and codes. The ledger stays, and knows only the id. Erasing again changes nothing.
    ///
    /// # Errors
    /// 403 for partners without the scope, and for a partner that did not enrol the member: their data is the whole coalition's; 404.
    pub async fn erase_member(&self, caller: &Caller, id: MemberId) -> Result<(), Error> {
        match caller.actor {
            // A session that a partner minted does not speak for the member in this.
            Actor::Member { minted_by: Some(_), .. } => return Err(Error::forbidden()),
            Actor::Member { minted_by: None, .. } => {}
            Actor::Operator | Actor::Partner(_) => {
                caller.partner_or_operator(Scope::Members, true)?;
            }
        }
        self.write(async |txn: &DatabaseTransaction| {
            let id = self.visible(txn, caller, id).await?.id;
            let mut row = coalition_store::members::lock(txn, id).await?.ok_or_else(Error::not_found)?;
            if let Actor::Partner(partner) = caller.actor
                && row.enrolled_by != Some(partner.uuid())
            {
                return Err(Error::forbidden().into());
            }
            if row.status == "erased" {
                return Ok(());
            }
            row.card = None;
            row.status = "erased".to_owned();
            coalition_store::members::save(txn, row.clone()).await?;
            coalition_store::members::delete_personal(txn, id).await?;
            self.erase_kept_answer(txn, row).await?;
            self.audited(txn, caller, "member.erase", &MemberId(id), json!({})).await?;
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
        let Some(enroller) = enroller else { return Ok(()) };
        let clients = coalition_store::clients::ids(txn, enroller).await?;
        let marker = MemberId(row.id).to_string();
        let eyes = Caller { client_id: "".into(), actor: Actor::Operator, scopes: crate::caller::Scopes::default() };
        let bare = Answer::created(&self.member_view(txn, &eyes, row).await?)?.body;
        coalition_store::idempotency::rewrite(txn, &clients, ENROLMENT_SCOPE, &marker, &bare).await?;
        Ok(())
    }

    /// Gives a member the partner's own customer number, and links them to it.
    ///
    /// # Errors
    /// 400; 403 for all but partners with the scope; 404; 409 `alias-taken`, `member-erased`.
    pub async fn put_alias(&self, caller: &Caller, id: MemberId, new: NewAlias) -> Result<MemberView, Error> {
        let partner = caller.partner(Scope::Members, true)?;
        let good = (1..=NAME_MAX).contains(&new.alias.len()) && new.alias.bytes().all(|byte| byte.is_ascii_graphic());
        if !good {
            return Err(Error::invalid("/alias", "1 to 64 visible ASCII characters"));
        }
        let now = self.now().await?;
        self.write(async |txn: &DatabaseTransaction| {
            // An alias links: the member need not be linked before. Their id is not to be guessed.
            let row = self.visible(txn, &operators_eyes(caller), id).await?;
            let row = coalition_store::members::lock(txn, row.id).await?.ok_or_else(Error::not_found)?;
            if row.status == "erased" {
                return Err(Error::conflict("member-erased", "This member's data was erased; nothing can be added to it.").into());
            }
            let holder = coalition_store::members::find_by_alias(txn, partner.uuid(), &new.alias).await?;
            if holder.is_some_and(|holder| holder != row.id) {
                return Err(Error::conflict("alias-taken", "Another of your members has this alias.").into());
            }
            coalition_store::members::link(txn, row.id, partner.uuid(), now.0).await?;
            coalition_store::members::set_alias(txn, row.id, partner.uuid(), Some(&new.alias)).await?;
            self.audited(txn, caller, "member.alias.put", &MemberId(row.id), json!({})).await?;
            self.member_view(txn, caller, row).await
        })
        .await
    }

    /// Takes the partner's own customer number away; the member stays linked. Doing it again changes nothing.
    ///
    /// # Errors
    /// 403 for all but partners with the scope; 404.
    pub async fn delete_alias(&self, caller: &Caller, id: MemberId) -> Result<(), Error> {
        let partner = caller.partner(Scope::Members, true)?;
        self.write(async |txn: &DatabaseTransaction| {
            let row = self.visible(txn, caller, id).await?;
            coalition_store::members::set_alias(txn, row.id, partner.uuid(), None).await?;
            self.audited(txn, caller, "member.alias.delete", &MemberId(row.id), json!({})).await?;
            Ok(())
        })
        .await
    }

    /// Mints a member's token. One that a partner mints reads, and redeems at that partner only.
    ///
    /// # Errors
    /// 403 for all but the operator and partners with the scope; 404, also for a member whose data was erased.
    pub async fn create_session(&self, caller: &Caller, id: MemberId, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let partner = caller.partner_or_operator(Scope::Members, true)?;
        let id = self.resolve_visible(caller, id).await?;
        let token = self.member_token(caller, id, partner).await?;
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            let row = self.visible(txn, caller, id).await?;
            if row.status == "erased" {
                return Err(Error::not_found().into());
            }
            self.audited(txn, caller, "member.session.create", &id, json!({})).await?;
            let answer = Answer::created(&token)?;
            Ok(Done::secret(answer, &crate::tokens::TokenAnswer { access_token: None, ..token.clone() })?)
        })
        .await
    }
}

/// The same caller with the operator's view of who is there.
fn operators_eyes(caller: &Caller) -> Caller {
    Caller { actor: Actor::Operator, ..caller.clone() }
}

fn merged(kept: &str, patch: &BTreeMap<String, Option<Scalar>>) -> Result<String, Error> {
    let mut attributes = read_attributes(kept)?;
    for (name, value) in patch {
        match value {
            Some(value) => drop(attributes.insert(name.clone(), value.clone())),
            None => drop(attributes.remove(name)),
        }
    }
    if attributes.len() > ATTRIBUTES_MAX {
        return Err(Error::invalid("/attributes", "at most 64 attributes, those that are there already among them"));
    }
    write_attributes(&attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> Instant {
        Instant::parse("2026-11-21T10:00:00Z").unwrap()
    }

    fn pointers(new: &NewMember) -> Vec<String> {
        check_new(new, today()).map_or_else(|error| error.errors.into_iter().map(|fault| fault.pointer).collect(), |()| Vec::new())
    }

    #[test]
    fn a_member_may_be_nobody_in_particular() {
        assert!(pointers(&NewMember::default()).is_empty());
    }

    #[test]
    fn what_is_said_of_a_member_is_checked() {
        let with = |value: serde_json::Value| pointers(&serde_json::from_value(value).unwrap());
        for good in [
            json!({"card": "HH00900", "email": "ada@example.org", "name": "Ada Lovelace", "birthday": "1815-12-10"}),
            json!({"email": "\"odd@\"@example.org", "attributes": {"shoe-size": 38, "vip": true, "x-colour": "red"}}),
        ] {
            assert!(with(good.clone()).is_empty(), "{good}");
        }
        for (bad, pointer) in [
            (json!({"card": ""}), "/card"),
            (json!({"card": "with space"}), "/card"),
            (json!({"card": "x".repeat(65)}), "/card"),
            (json!({"email": "nobody"}), "/email"),
            (json!({"email": "a b@example.org"}), "/email"),
            (json!({"email": format!("{}@example.org", "a".repeat(250))}), "/email"),
            (json!({"name": " "}), "/name"),
            (json!({"birthday": "yesterday"}), "/birthday"),
            (json!({"birthday": "2026-11-31"}), "/birthday"),
            (json!({"birthday": "2027-01-01"}), "/birthday"),
            (json!({"birthday": "20000101"}), "/birthday"),
            (json!({"attributes": {"a/b": 1}}), "/attributes/a~1b"),
            (json!({"attributes": {"note": "x".repeat(1_025)}}), "/attributes/note"),
        ] {
            assert_eq!(with(bad.clone()), [pointer], "{bad}");
        }
        let many: Attributes = (0..65).map(|number| (number.to_string(), Scalar::Flag(true))).collect();
        assert_eq!(pointers(&NewMember { attributes: many, ..NewMember::default() }), ["/attributes"]);
        assert!(serde_json::from_value::<NewMember>(json!({"attributes": {"deep": {"er": 1}}})).is_err());
    }

    #[test]
    fn attributes_are_merged() {
        let patch = BTreeMap::from([("a".to_owned(), None), ("b".to_owned(), Some(Scalar::Number(2)))]);
        assert_eq!(merged(r#"{"a":1,"c":"x"}"#, &patch).unwrap(), r#"{"b":2,"c":"x"}"#);
        let full: Attributes = (0..64).map(|number| (number.to_string(), Scalar::Flag(true))).collect();
        assert!(merged(&write_attributes(&full).unwrap(), &patch).is_err());
    }
}
