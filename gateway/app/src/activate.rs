//! Making a version decide, and stopping it. The change is atomic: it takes the partner's row and raises its plugin epoch, which every
//! commit compares; when it has answered, no later commit names the old version.

use coalition_domain::{Instant, PartnerId, PluginId};
use coalition_rules::Failure;
use coalition_rules::contract::Manifest;
use coalition_store::entities::{activations, plugins};
use coalition_store::{DatabaseTransaction, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::App;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::Caller;
use crate::error::{Error, FieldError};
use crate::idempotency::Fault;
use crate::plugins::live_beside;

/// A configuration as JSON text is at most this long, bytes.
const CONFIG_BYTES_MAX: usize = 32 << 10;
/// The configuration where none was ever given.
const CONFIG_EMPTY: &str = "{}";
/// Every name of a mode is at most this long in the database.
const LIVE: &str = "live";

/// How a version takes part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It decides.
    Live,
    /// It decides for some members.
    Canary,
    /// It is asked, and its answers are only compared.
    Shadow,
}

/// What to do with a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewActivation {
    /// `live`; this gateway does not execute the other modes yet.
    pub mode: Mode,
    /// Of members, for a canary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
    /// Its configuration, at most 32 KiB. Left out: the one that is live, where that is a version of the same name; else the empty one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub config: Option<Map<String, Value>>,
    /// When it begins, in business time: now, or a time that has passed, which means now. A future one is not executed yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub starts_at: Option<Instant>,
}

/// The object with the keys of every level sorted, so that the same configuration is the same text.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let sorted: std::collections::BTreeMap<_, _> = fields.iter().collect();
            Value::Object(sorted.into_iter().map(|(name, value)| (name.clone(), canonical(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(canonical).collect()),
        other => other.clone(),
    }
}

fn config_text(config: Map<String, Value>) -> Result<String, Error> {
    let text = canonical(&Value::Object(config)).to_string();
    if text.len() > CONFIG_BYTES_MAX {
        return Err(Error::invalid("/config", "at most 32 KiB of JSON"));
    }
    Ok(text)
}

/// What a configuration is stored under.
fn config_id(text: &str) -> Vec<u8> {
    blake3::hash(text.as_bytes()).as_bytes().to_vec()
}

/// What this gateway executes of an activation.
fn check(new: &NewActivation, now: Instant) -> Result<(), Error> {
    let not_yet = |what: &str| {
        Error::unprocessable("mode-not-supported", format!("{what} is not executed by this gateway yet: activate with mode `live`, now."))
    };
    match new.mode {
        Mode::Live => {}
        Mode::Canary => return Err(not_yet("mode `canary`")),
        Mode::Shadow => return Err(not_yet("mode `shadow`")),
    }
    if new.percent.is_some() {
        return Err(Error::invalid("/percent", "only a canary has a percentage"));
    }
    if new.starts_at.is_some_and(|starts_at| starts_at > now) {
        return Err(not_yet("a later `starts_at`"));
    }
    Ok(())
}

impl App {
    /// Makes a version decide for its partner from now on, with a configuration that it has accepted.
    ///
    /// # Errors
    /// 400; 403; 404; 422 `mode-not-supported`, `invalid-config` or `unknown-campaign` with pointers; 503 where the rules can't be asked.
    pub async fn activate_plugin(
        &self,
        caller: &Caller,
        id: PluginId,
        new: NewActivation,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        let partner = self.plugin_owner(caller, true).await?;
        let conn = self.store().read();
        let plugin = coalition_store::plugins::find(conn, partner.uuid(), id.uuid()).await?.ok_or_else(Error::not_found)?;
        let now = self.now().await?;
        check(&new, now)?;
        let config = match new.config.clone() {
            Some(config) => config_text(config)?,
            None => self.config_of_now(partner, &plugin).await?,
        };
        let manifest = self.describe(&plugin, &config).await?;
        if !manifest.campaigns.is_empty() {
            let operator = self.settings().await?.operator.uuid();
            self.check_campaigns(partner.uuid(), operator, &manifest.campaigns).await?;
        }
        let stock: Vec<_> = manifest
            .rewards
            .iter()
            .filter_map(|reward| Some((reward.id.clone(), i64::try_from(reward.stock?).unwrap_or(i64::MAX))))
            .collect();
        let row = activations::Model {
            id: self.new_id(),
            partner_id: partner.uuid(),
            plugin_id: plugin.id,
            config_id: config_id(&config),
            mode: LIVE.to_owned(),
            manifest: serde_json::to_string(&manifest).map_err(|error| Error::internal(&error))?,
            starts_at: now.0,
            ended_at: None,
            created_at: self.wall_now().0,
        };
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            coalition_store::plugins::put_config(txn, &row.config_id, &config).await?;
            let mut owner = coalition_store::partners::lock(txn, partner.uuid()).await?.ok_or_else(Error::not_found)?;
            let live = coalition_store::plugins::live(txn, partner.uuid()).await?;
            let same = live.is_some_and(|live| live.plugin_id == row.plugin_id && live.config_id == row.config_id);
            if !same {
                self.supersede(txn, &mut owner, now).await?;
                coalition_store::plugins::insert_activation(txn, row.clone()).await?;
                for (reward, pieces) in &stock {
                    coalition_store::plugins::begin_stock(txn, partner.uuid(), reward, *pieces).await?;
                }
                self.audited(txn, caller, "plugin.activate", &id, json!(new)).await?;
            }
            // What could not be decided is tried again by the rules that are live now.
            coalition_store::load::wake_deferrals(txn, partner.uuid()).await?;
            Ok(Answer::ok(&self.plugin_view(txn, plugin.clone()).await?)?.into())
        })
        .await
    }

    /// Stops a version from deciding: its partner then has no rules. Doing it again changes nothing.
    ///
    /// # Errors
    /// 403; 404.
    pub async fn deactivate_plugin(&self, caller: &Caller, id: PluginId, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        let partner = self.plugin_owner(caller, true).await?;
        let now = self.now().await?;
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            let plugin = coalition_store::plugins::find(txn, partner.uuid(), id.uuid()).await?.ok_or_else(Error::not_found)?;
            let mut owner = coalition_store::partners::lock(txn, partner.uuid()).await?.ok_or_else(Error::not_found)?;
            let live = coalition_store::plugins::live(txn, partner.uuid()).await?;
            if live.is_some_and(|live| live.plugin_id == plugin.id) {
                self.supersede(txn, &mut owner, now).await?;
                self.audited(txn, caller, "plugin.deactivate", &id, json!({})).await?;
            }
            Ok(Answer::ok(&self.plugin_view(txn, plugin).await?)?.into())
        })
        .await
    }

    /// Ends what is live and raises the epoch of a partner whose row is locked.
    pub(crate) async fn supersede(
        &self,
        txn: &DatabaseTransaction,
        owner: &mut coalition_store::entities::partners::Model,
        now: Instant,
    ) -> Result<(), Fault> {
        coalition_store::plugins::end_live(txn, owner.id, now.0).await?;
        owner.plugin_epoch = owner.plugin_epoch.checked_add(1).ok_or(StoreError::Corrupt("a plugin epoch ran over".to_owned()))?;
        owner.updated_at = self.wall_now().0;
        coalition_store::partners::save(txn, owner.clone()).await?;
        Ok(())
    }

    /// The configuration that is live, where that is a version of the same name; else the empty one.
    async fn config_of_now(&self, partner: PartnerId, plugin: &plugins::Model) -> Result<String, Error> {
        let conn = self.store().read();
        let empty = || CONFIG_EMPTY.to_owned();
        let Some(live) = live_beside(conn, partner).await? else {
            return Ok(empty());
        };
        let before = coalition_store::plugins::find(conn, partner.uuid(), live.activation.plugin_id).await?;
        let same = before.is_some_and(|before| before.name == plugin.name);
        Ok(live.config.filter(|_| same).unwrap_or_else(empty))
    }

    /// What a version is with a configuration: it is asked, in the sandbox.
    async fn describe(&self, plugin: &plugins::Model, config: &str) -> Result<Manifest, Error> {
        let program = self.program_of(plugin).await?.patient();
        let text = config.to_owned();
        let run = tokio::task::spawn_blocking(move || program.describe(&text)).await.map_err(|error| Error::internal(&error))?;
        match run.outcome {
            Ok(Ok(manifest)) => Ok(manifest),
            Ok(Err(problems)) => {
                let errors = problems
                    .into_iter()
                    .take(100)
                    .map(|problem| FieldError { pointer: format!("/config{}", problem.pointer), detail: problem.detail })
                    .collect();
                let refused =
                    Error::unprocessable("invalid-config", "The rules do not take this configuration; every fault is in `errors`.");
                Err(Error { errors, ..refused })
            }
            Err(failure @ (Failure::Deadline { .. } | Failure::Sandbox { .. })) => {
                tracing::warn!(plugin.id = %PluginId(plugin.id), %failure, "a configuration could not be checked");
                Err(Error::unavailable())
            }
            Err(failure) => {
                let detail = format!("With this configuration the rules fail to describe themselves ({}): {failure}", failure.code());
                Err(Error {
                    errors: vec![FieldError { pointer: "/config".to_owned(), detail: detail.clone() }],
                    ..Error::unprocessable("invalid-config", detail)
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(value: Value) -> NewActivation {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn the_same_configuration_is_the_same_text() {
        let read = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        let one = config_text(read(r#"{"b": [{"y": 1, "x": 2}], "a": 1.5}"#)).unwrap();
        assert_eq!(one, r#"{"a":1.5,"b":[{"x":2,"y":1}]}"#);
        assert_eq!(one, config_text(read(r#"{"a":1.5,"b":[{"x":2,"y":1}]}"#)).unwrap());
        assert_eq!(config_id(&one).len(), 32);
        let long = Map::from_iter([("a".to_owned(), Value::String("x".repeat(CONFIG_BYTES_MAX)))]);
        assert_eq!(config_text(long).unwrap_err().errors[0].pointer, "/config");
    }

    #[test]
    fn what_is_not_executed_is_said() {
        let now = Instant(1_000);
        assert_eq!(check(&new(json!({"mode": "live", "starts_at": "1970-01-01T00:00:01Z"})), now), Ok(()));
        for (value, word) in [
            (json!({"mode": "shadow"}), "shadow"),
            (json!({"mode": "canary", "percent": 5}), "canary"),
            (json!({"mode": "live", "starts_at": "1970-01-01T00:00:02Z"}), "starts_at"),
        ] {
            let error = check(&new(value), now).unwrap_err();
            assert_eq!(error.code, "mode-not-supported");
            assert!(error.detail.contains(word), "{}", error.detail);
        }
        assert_eq!(check(&new(json!({"mode": "live", "percent": 5})), now).unwrap_err().errors[0].pointer, "/percent");
        assert!(serde_json::from_value::<NewActivation>(json!({"mode": "live", "config": 5})).is_err());
    }
}
