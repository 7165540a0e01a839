//! Merges: a lost card. One person has had two accounts, and has one from now on.

use coalition_domain::{MemberId, MergeId};
use coalition_store::load;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::Caller;
use crate::error::Error;
use crate::views::BalanceSummary;
use crate::write_path::command::{Command, MergeWork, Work, kind};
use crate::write_path::merge::already_merged;

/// Whom a member becomes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMerge {
    /// Who the person is from now on.
    #[schema(value_type = String, pattern = "^mbr_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    pub into: MemberId,
}

/// A merge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MergeView {
    /// `mrg_…`; the entries on both sides belong to it.
    #[schema(value_type = String)]
    pub id: MergeId,
    /// Who was merged: answers as the other from now on.
    #[schema(value_type = String)]
    pub from: MemberId,
    /// Who the person is.
    #[schema(value_type = String)]
    pub into: MemberId,
    /// Their balances right after.
    pub balance: BalanceSummary,
}

impl App {
    /// Merges one member into another: history, points and debts, and what partners know.
    ///
    /// # Errors
    /// 400; 403 for all but the operator; 404; 409 `holds-open`, `decisions-deferred`, `already-merged` or `same-member`; 503.
    pub async fn merge_member(
        &self,
        caller: &Caller,
        from: MemberId,
        new: NewMerge,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        caller.operator()?;
        let _guard = claim.as_ref().map(|claim| self.in_flight(caller, claim)).transpose()?;
        let row = load::members_by_id(self.store().read(), vec![from.uuid()]).await?.pop().ok_or_else(Error::not_found)?;
        let into = self.resolve_visible(caller, new.into).await.map_err(|_| Error::member_not_found())?;
        if row.merged_into.is_some_and(|other| other != into.uuid()) {
            return Err(already_merged());
        }
        let command = Command {
            key: (self.settings().await?.operator.uuid(), kind::MERGE, from.to_string()),
            body_hash: *blake3::hash(into.uuid().as_bytes()).as_bytes(),
            work: Work::Merge(Box::new(MergeWork { from, into })),
            caller: Some(caller.clone()),
            claim,
        };
        let answer = self.write_path().submit(command).await?;
        self.forget_standings();
        Ok(answer)
    }
}
