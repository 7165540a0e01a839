//! The books as a whole: the trial balance.

use coalition_domain::Account;
use coalition_store::audit_ledger;
use serde::Serialize;
use utoipa::ToSchema;

use crate::App;
use crate::caller::Caller;
use crate::error::Error;

/// One account's totals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountView {
    /// `members:available`, `partner:freshmart:issued`, `program:expired`, …
    pub account: String,
    /// Points that left it.
    pub debits: i64,
    /// Points that reached it.
    pub credits: i64,
    /// Credits less debits.
    pub balance: i64,
}

/// Every account; a transfer moves points from one to another, so the sum is zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrialBalance {
    /// The members' accounts summed over all members, each partner's own, and the program's.
    pub accounts: Vec<AccountView>,
    /// Of all balances.
    pub sum: i64,
}

impl App {
    /// Debits, credits and balance of every account.
    ///
    /// # Errors
    /// 403 for all but the operator; 503.
    pub async fn trial_balance(&self, caller: &Caller) -> Result<TrialBalance, Error> {
        caller.operator()?;
        let slugs = self.slugs().await?;
        let mut accounts = Vec::new();
        let mut sum = 0_i64;
        for row in audit_ledger::account_totals(self.store().read()).await? {
            let account = Account::from_code(row.account).ok_or_else(|| Error::internal(&"an account of no known code"))?;
            let name = match row.partner_id {
                Some(partner) => format!("partner:{}:{}", slugs.get(&partner).map_or("?", String::as_str), account.name()),
                None if account.is_members() => format!("members:{}", account.name()),
                None => format!("program:{}", account.name()),
            };
            let balance = row.credits.saturating_sub(row.debits);
            sum = sum.saturating_add(balance);
            accounts.push(AccountView { account: name, debits: row.debits, credits: row.credits, balance });
        }
        Ok(TrialBalance { accounts, sum })
    }
}
