//! A partner's own customer numbers: another name for a member, at that partner only.

use coalition_domain::MemberId;
use coalition_store::DatabaseTransaction;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::App;
use crate::caller::{Actor, Caller, Scope};
use crate::error::Error;
use crate::member_input::NAME_MAX;
use crate::members::MemberView;

/// A partner's own customer number of a member.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAlias {
    /// 1–64 visible ASCII characters, unique at this partner.
    pub alias: String,
}

/// The same caller with the operator's view of who is there.
fn operators_eyes(caller: &Caller) -> Caller {
    Caller { actor: Actor::Operator, ..caller.clone() }
}

impl App {
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
}
