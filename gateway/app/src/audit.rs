//! Who changed what, when: a line for every change that an operator or a partner makes, in the transaction of the change. No personal data.

use coalition_store::{DatabaseTransaction, StoreError, audit, entities};
use serde_json::Value;

use crate::App;
use crate::caller::Caller;

impl App {
    /// Writes that `caller` did `action` (such as `partner.suspend`) to `subject`, an id or a slug.
    pub(crate) async fn audited(
        &self,
        txn: &DatabaseTransaction,
        caller: &Caller,
        action: &str,
        subject: &dyn std::fmt::Display,
        detail: Value,
    ) -> Result<(), StoreError> {
        let line = entities::audit::Model {
            id: self.new_id(),
            actor: caller.client_id.to_string(),
            action: action.to_owned(),
            subject: subject.to_string(),
            detail: detail.to_string(),
            recorded_at: self.wall_now().0,
        };
        audit::insert(txn, line).await
    }
}
