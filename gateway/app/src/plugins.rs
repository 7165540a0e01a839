//! Versions of a partner's rules: uploaded, checked, listed. The operator's own rules are kept like any partner's.

use coalition_domain::{Instant, PartnerId, PluginId};
use coalition_rules::{Admitted, Class, Digest, Violation};
use coalition_store::entities::{activations, plugin_runs, plugins};
use coalition_store::{DatabaseTransaction, StoreError};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::answer::{Answer, IdempotencyClaim, Listing, Page};
use crate::caller::{Caller, Scope};
use crate::error::{Error, FieldError, Kind};
use crate::figures::{self, RunsView};
use crate::fresh::locked;
use crate::{App, cursor};

/// Uploads of one partner that may wait while another of its is checked.
const UPLOADS_MAX: u32 = 4;

/// A version of a partner's rules.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct PluginView {
    /// `plg_…`.
    #[schema(value_type = String)]
    pub id: PluginId,
    /// As the component calls itself.
    pub name: String,
    /// Semantic version, as the component says.
    pub version: String,
    /// SHA-256 of the component in hex.
    pub digest: String,
    /// `ready`.
    pub status: String,
    /// `live` where it decides now, else null.
    pub mode: Option<String>,
    /// With which configuration it does; else null.
    #[schema(value_type = Option<Object>)]
    pub config: Option<Value>,
    /// Since when it does, in business time; else null.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub live_since: Option<Instant>,
    /// `native`, or `engine` for a component that brings its language's engine along and has more fuel.
    pub class: String,
    /// The version of the rules contract it was built for.
    pub contract: String,
    /// Bytes.
    pub size: i64,
    /// What it says of itself: for the configuration it is live with, else for the empty one.
    #[schema(value_type = Object)]
    pub describe: Value,
    /// What its runs took, on all gateways.
    pub runs: RunsView,
    /// When it was uploaded.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
}

/// What live activation to show beside a version.
pub(crate) struct Live {
    pub(crate) activation: activations::Model,
    pub(crate) config: Option<String>,
}

fn json_of(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map_err(|error| Error::internal(&error))
}

const fn class_name(class: Class) -> &'static str {
    match class {
        Class::Native => "native",
        Class::Engine => "engine",
    }
}

fn rejected(violations: Vec<Violation>) -> Error {
    if violations.iter().any(Violation::is_ours) {
        tracing::error!(?violations, "a component can't be checked");
        return Error::unavailable();
    }
    let errors: Vec<_> = violations
        .into_iter()
        .map(|violation| FieldError { pointer: String::new(), detail: format!("{}: {}", violation.code, violation.detail) })
        .collect();
    let refused = Error::unprocessable(
        "plugin-rejected",
        "The component can't be taken; every reason is in `errors`. `coalition plugin check` says the same.",
    );
    Error { errors, ..refused }
}

impl App {
    /// Whose plugins the caller works on: a partner's own, or the operator's own.
    pub(crate) async fn plugin_owner(&self, caller: &Caller, write: bool) -> Result<PartnerId, Error> {
        match caller.partner_or_operator(Scope::Plugins, write)? {
            Some(partner) => Ok(partner),
            None => Ok(self.settings().await?.operator),
        }
    }

    /// Takes a component: checks everything about it and keeps it. The same bytes again are the same version.
    ///
    /// # Errors
    /// 403; 413; 422 `plugin-rejected` with every violation; 429 `too-many-uploads`; 503 where the check can't be done.
    pub async fn upload_plugin(&self, caller: &Caller, component: Vec<u8>, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let partner = self.plugin_owner(caller, true).await?;
        if component.len() > self.sandbox().limits().component_engine_bytes_max {
            return Err(Error::new(
                Kind::TooLarge,
                "too-large",
                "The component is larger than any that is taken; `coalition plugin check` says the limits.",
            ));
        }
        let conn = self.store().read();
        if let Some(claim) = &claim
            && let Some(kept) = self.kept_answer(conn, caller, claim).await?
        {
            return kept;
        }
        let digest = Digest::of(&component);
        if let Some(known) = coalition_store::plugins::find_by_digest(conn, partner.uuid(), digest.as_bytes()).await? {
            return self
                .idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
                    Ok(Answer::ok(&self.plugin_view(txn, known.clone()).await?)?.into())
                })
                .await;
        }
        let (component, admitted) = self.admit(partner, component).await?;
        let manifest = serde_json::to_string(&admitted.manifest).map_err(|error| Error::internal(&error))?;
        let row = plugins::Model {
            id: self.new_id(),
            partner_id: partner.uuid(),
            name: admitted.manifest.name.clone(),
            version: admitted.manifest.version.clone(),
            digest: digest.as_bytes().to_vec(),
            class: class_name(admitted.class).to_owned(),
            contract: admitted.program.contract().to_owned(),
            status: "ready".to_owned(),
            manifest,
            size: i64::try_from(component.len()).unwrap_or(i64::MAX),
            created_at: self.wall_now().0,
        };
        self.keep_program(&admitted.program);
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            // Somebody else may have uploaded the same meanwhile, at another gateway.
            if let Some(known) = coalition_store::plugins::find_by_digest(txn, partner.uuid(), digest.as_bytes()).await? {
                return Ok(Answer::ok(&self.plugin_view(txn, known).await?)?.into());
            }
            coalition_store::plugins::put_artifact(txn, digest.as_bytes(), component.clone()).await?;
            coalition_store::plugins::insert(txn, row.clone()).await?;
            let what = json!({"name": row.name, "version": row.version, "digest": digest});
            self.audited(txn, caller, "plugin.upload", &PluginId(row.id), what).await?;
            Ok(Answer::created(&self.plugin_view(txn, row.clone()).await?)?.into())
        })
        .await
    }

    /// Checks a component, one at a time: it takes a compiler's time and memory. A partner that sends many waits behind itself.
    async fn admit(&self, partner: PartnerId, component: Vec<u8>) -> Result<(Vec<u8>, Admitted), Error> {
        let _turn = Turn::take(self, partner)?;
        let _one = self.0.memory.admission.acquire().await.map_err(|error| Error::internal(&error))?;
        let sandbox = self.sandbox().clone();
        let checked = tokio::task::spawn_blocking(move || {
            let admitted = sandbox.admit(&component);
            (component, admitted)
        });
        let (component, admitted) = checked.await.map_err(|error| Error::internal(&error))?;
        Ok((component, admitted.map_err(rejected)?))
    }

    /// A version of the caller's own.
    ///
    /// # Errors
    /// 403 without the scope; 404.
    pub async fn plugin(&self, caller: &Caller, id: PluginId) -> Result<PluginView, Error> {
        let partner = self.plugin_owner(caller, false).await?;
        self.write_figures().await?;
        let conn = self.store().read();
        let row = coalition_store::plugins::find(conn, partner.uuid(), id.uuid()).await?.ok_or_else(Error::not_found)?;
        self.plugin_view(conn, row).await
    }

    /// The caller's own versions, newest first.
    ///
    /// # Errors
    /// 400 for a bad page; 403 without the scope.
    pub async fn plugins(&self, caller: &Caller, page: Page) -> Result<Listing<PluginView>, Error> {
        let partner = self.plugin_owner(caller, false).await?;
        self.write_figures().await?;
        let settings = self.settings().await?;
        let conn = self.store().read();
        let (before, limit) = cursor::start(&settings.secret, "plugins", caller, &page)?;
        let rows = coalition_store::plugins::list(conn, partner.uuid(), before, limit).await?;
        let live = live_beside(conn, partner).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let runs = coalition_store::plugins::runs(conn, &ids).await?;
        let listing =
            cursor::page(&settings.secret, "plugins", caller, &page, rows, |row| row.id, |row| self.view(row, live.as_ref(), &runs));
        let items = listing.items.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(Listing { items, next_cursor: listing.next_cursor })
    }

    pub(crate) async fn plugin_view(&self, conn: &impl coalition_store::ConnectionTrait, row: plugins::Model) -> Result<PluginView, Error> {
        let live = live_beside(conn, PartnerId(row.partner_id)).await?;
        let runs = coalition_store::plugins::runs(conn, &[row.id]).await?;
        self.view(row, live.as_ref(), &runs)
    }

    fn view(&self, row: plugins::Model, live: Option<&Live>, runs: &[plugin_runs::Model]) -> Result<PluginView, Error> {
        let live = live.filter(|live| live.activation.plugin_id == row.id);
        let class = if row.class == class_name(Class::Engine) { Class::Engine } else { Class::Native };
        let limit = self.sandbox().limits().fuel(class, 0);
        let digest: [u8; 32] = row.digest.as_slice().try_into().map_err(|error| Error::internal(&error))?;
        Ok(PluginView {
            id: PluginId(row.id),
            name: row.name,
            version: row.version,
            digest: Digest::from_bytes(digest).to_string(),
            status: row.status,
            mode: live.map(|live| live.activation.mode.clone()),
            config: live.and_then(|live| live.config.as_deref()).map(json_of).transpose()?,
            live_since: live.map(|live| Instant(live.activation.starts_at)),
            class: row.class,
            contract: row.contract,
            size: row.size,
            describe: json_of(live.map_or(&row.manifest, |live| &live.activation.manifest))?,
            runs: figures::view(runs, row.id, limit),
            created_at: Instant(row.created_at),
        })
    }
}

/// What is live for a partner, with its configuration.
pub(crate) async fn live_beside(conn: &impl coalition_store::ConnectionTrait, partner: PartnerId) -> Result<Option<Live>, StoreError> {
    let Some(activation) = coalition_store::plugins::live(conn, partner.uuid()).await? else {
        return Ok(None);
    };
    let config = coalition_store::plugins::config(conn, &activation.config_id).await?;
    Ok(Some(Live { activation, config }))
}

/// A place among a partner's uploads, until dropped.
struct Turn<'a> {
    app: &'a App,
    partner: PartnerId,
}

impl<'a> Turn<'a> {
    fn take(app: &'a App, partner: PartnerId) -> Result<Self, Error> {
        let mut uploads = locked(&app.0.memory.uploads);
        let count = uploads.entry(partner).or_default();
        if *count > UPLOADS_MAX {
            let many =
                Error::new(Kind::RateLimited, "too-many-uploads", "Components are checked one after the other: wait for those before.");
            return Err(Error { retry_after_s: Some(5), ..many });
        }
        *count += 1;
        Ok(Self { app, partner })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut uploads = locked(&self.app.0.memory.uploads);
        if let Some(count) = uploads.get_mut(&self.partner) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                uploads.remove(&self.partner);
            }
        }
    }
}
