//! What a gateway does by itself beside the write path: writes run figures, deletes what has ended, renews the key that signs tokens.

use std::sync::{Arc, Weak};
use std::time::Duration;

use coalition_store::StoreError;

use crate::error::Error;
use crate::{App, Inner};

/// How often run figures are written.
const FIGURES_EVERY: Duration = Duration::from_secs(5);
/// How many of those rounds lie between two sweeps: ten minutes.
const SWEEP_ROUNDS: u32 = 120;
/// How long answers are kept by their idempotency key, days of the wall clock.
const IDEMPOTENCY_D: i64 = 7;
const DAY_MS: i64 = 86_400_000;

impl App {
    /// Does all this until the application is dropped. What fails is logged, and done again at its next turn.
    pub(crate) fn keep_house(&self) {
        let app = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            let mut rounds = 0;
            loop {
                tokio::time::sleep(FIGURES_EVERY).await;
                let Some(app) = Weak::upgrade(&app).map(|inner: Arc<Inner>| App(inner)) else {
                    return;
                };
                if let Err(error) = app.write_figures().await {
                    tracing::warn!(%error, "run figures could not be written");
                }
                // The first sweep comes soon after the start.
                if rounds % SWEEP_ROUNDS == 0
                    && let Err(error) = app.sweep().await
                {
                    tracing::warn!(%error, "what has ended could not be deleted");
                }
                rounds = (rounds + 1) % SWEEP_ROUNDS;
            }
        });
    }

    /// Deletes idempotency keys older than seven days, one-time codes and signing keys that have ended; renews an old signing key.
    ///
    /// # Errors
    /// 503.
    pub async fn sweep(&self) -> Result<(), Error> {
        if self.rotate_old_key().await? {
            tracing::info!("the key that signs tokens was renewed");
        }
        let now = self.wall_now();
        let txn = self.store().begin().await?;
        let keys = coalition_store::idempotency::sweep(&txn, now.plus_ms(-IDEMPOTENCY_D * DAY_MS).0).await?;
        let codes = coalition_store::members::sweep_codes(&txn, now.plus_ms(-DAY_MS).0).await?;
        let signing = coalition_store::keys::sweep(&txn, now.plus_ms(-DAY_MS).0).await?;
        let invitations = coalition_store::people::sweep_invitations(&txn, now.0).await?;
        txn.commit().await.map_err(StoreError::from)?;
        tracing::debug!(keys, codes, signing, invitations, "deleted what has ended");
        Ok(())
    }
}
