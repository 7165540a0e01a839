//! Who brought a member, and who enrolled them: said once, and fixed when rules have rewarded it.

use coalition_domain::MemberId;
use coalition_store::entities::members;
use coalition_store::{ConnectionTrait, DatabaseTransaction};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::caller::{Caller, Scope};
use crate::check::nullable;
use crate::error::Error;
use crate::idempotency::Fault;

/// Steps from a member to who brought them, and on: none of them may lead back.
const CHAIN_MAX: usize = 64;

/// How a member came; what is left out stays, null takes it away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRelations {
    /// The member who brought this one along.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub referrer: Option<Option<MemberId>>,
    /// The staff member who enrolled this one: a member too.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    pub enrolled_by: Option<Option<MemberId>>,
}

/// How a member came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RelationsView {
    /// Who.
    #[schema(value_type = String)]
    pub member: MemberId,
    /// Who brought them along.
    #[schema(value_type = Option<String>)]
    pub referrer: Option<MemberId>,
    /// The staff member who enrolled them.
    #[schema(value_type = Option<String>)]
    pub enrolled_by: Option<MemberId>,
    /// Whether it stays so for good, since rules have rewarded something meanwhile.
    pub is_fixed: bool,
}

impl RelationsView {
    fn of(row: &members::Model) -> Self {
        Self {
            member: MemberId(row.id),
            referrer: row.referred_by.map(MemberId),
            enrolled_by: row.enroller_id.map(MemberId),
            is_fixed: row.relations_fixed_at.is_some(),
        }
    }
}

/// The kinds of relation that a member has, as rules are told them.
pub(crate) fn kinds(row: &members::Model) -> Vec<String> {
    let kinds = [
        ("referrer", row.referred_by.is_some()),
        ("referred", row.referred_count > 0),
        ("enroller", row.enroller_id.is_some()),
        ("enrolled", row.enrolled_count > 0),
        ("household", row.household_id.is_some()),
    ];
    kinds.into_iter().filter(|(_, has)| *has).map(|(kind, _)| kind.to_owned()).collect()
}

impl App {
    /// Says who brought a member, and who enrolled them.
    ///
    /// # Errors
    /// 403 for all but the operator and partners with the scope; 404; 409 `relations-fixed`, `member-erased`; 422 `referrer-not-found`,
    /// `enroller-not-found`, `self-referral`.
    pub async fn put_relations(&self, caller: &Caller, id: MemberId, new: NewRelations) -> Result<RelationsView, Error> {
        caller.partner_or_operator(Scope::Members, true)?;
        self.write(async |txn: &DatabaseTransaction| {
            let id = self.visible(txn, caller, id).await?.id;
            let mut row = coalition_store::members::lock(txn, id).await?.ok_or_else(Error::not_found)?;
            if row.status == "erased" {
                return Err(Error::conflict("member-erased", "This member's data was erased; nothing can be added to it.").into());
            }
            let before = (row.referred_by, row.enroller_id);
            self.relate(txn, caller, &mut row, &new).await?;
            if before == (row.referred_by, row.enroller_id) {
                return Ok(RelationsView::of(&row));
            }
            if row.relations_fixed_at.is_some() {
                let detail = "Rules have rewarded this member, or whom they came by: how they came stays as it is.";
                return Err(Error::conflict("relations-fixed", detail).into());
            }
            coalition_store::members::save(txn, row.clone()).await?;
            for (column, was, is) in [("referred", before.0, row.referred_by), ("enrolled", before.1, row.enroller_id)] {
                coalition_store::members::count_related(txn, column, was, is).await?;
            }
            self.audited(txn, caller, "member.relations", &MemberId(id), json!(new)).await?;
            Ok(RelationsView::of(&row))
        })
        .await
    }

    /// Puts relations into a member's row, after looking at whom they lead to.
    pub(crate) async fn relate(
        &self,
        conn: &impl ConnectionTrait,
        caller: &Caller,
        row: &mut members::Model,
        new: &NewRelations,
    ) -> Result<(), Fault> {
        for (code, wanted, is_referrer) in [("referrer-not-found", new.referrer, true), ("enroller-not-found", new.enrolled_by, false)] {
            let Some(wanted) = wanted else { continue };
            let other = match wanted {
                None => None,
                Some(other) => Some(self.related(conn, caller, row.id, other, code).await?),
            };
            if is_referrer { row.referred_by = other } else { row.enroller_id = other }
        }
        Ok(())
    }

    /// The member that a relation leads to: there, seen by the caller, another one, and not brought by this one, however far back.
    async fn related(
        &self,
        conn: &impl ConnectionTrait,
        caller: &Caller,
        id: Uuid,
        other: MemberId,
        code: &'static str,
    ) -> Result<Uuid, Fault> {
        let unknown = || Error::unprocessable(code, "No member that this token may see has this id.");
        let found = self.visible(conn, caller, other).await.map_err(|fault| match fault {
            Fault::Refused(_) => unknown().into(),
            store @ Fault::Store(_) => store,
        })?;
        if found.status != "active" {
            return Err(unknown().into());
        }
        let mut at = Some(found.clone());
        for _ in 0..CHAIN_MAX {
            let Some(known) = at else { break };
            if known.id == id {
                return Err(Error::unprocessable("self-referral", "Nobody is brought by themselves, or by whom they brought.").into());
            }
            at = match known.referred_by {
                Some(further) => coalition_store::members::find(conn, further).await?,
                None => None,
            };
        }
        Ok(found.id)
    }
}
