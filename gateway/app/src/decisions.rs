//! Decisions: everything the rules saw and said, and the same run again.

use coalition_domain::{ActivityId, DecisionId, EventId, Instant, PluginId, RefundId, TransactionId};
use coalition_rules::State;
use coalition_store::entities::decisions;
use coalition_store::reads;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::App;
use crate::caller::{Actor, Caller, Scope};
use crate::error::{Error, Kind};
use crate::purchase::NewTransaction;
use crate::write_path::purchase::{Seen, event};
use crate::write_path::returned;

/// A decision with all it was made on.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DecisionView {
    /// Of this decision.
    #[schema(value_type = String)]
    pub id: DecisionId,
    /// Whose rules: the slug.
    pub partner: String,
    /// `purchase`; `quote`; `reevaluation`, of what a refund left of a purchase; `refund`, the live rules' answer to it; `activity` and the other kinds of
    /// event; `reversal`, of what was said to a signal.
    pub kind: String,
    /// The transaction, redemption, refund, activity or event.
    pub subject: String,
    /// The plugin version.
    #[schema(value_type = String)]
    pub plugin: PluginId,
    /// SHA-256 of the component.
    pub digest: String,
    /// The contract's version.
    pub contract: String,
    /// The engine that ran it: fuel is the same only on the same engine.
    pub engine: String,
    /// `applied`, `refused` or `deferred`; of a re-evaluation `rules`, `nothing-left` or `in-proportion`; `failed`.
    pub status: String,
    /// What the run used.
    pub fuel: i64,
    /// Points cut by caps.
    pub capped: i64,
    /// The plugin's configuration.
    #[schema(value_type = Object)]
    pub config: Value,
    /// What happened, or was asked, as the rules saw it.
    #[schema(value_type = Object)]
    pub event: Value,
    /// The member as the rules saw them.
    #[schema(value_type = Object)]
    pub member: Value,
    /// The state's version before and after.
    pub state: StateVersions,
    /// What the rules said.
    #[schema(value_type = Object)]
    pub output: Value,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Instant,
}

/// Versions of a plugin's state for the member; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StateVersions {
    /// That the rules read.
    pub before: i64,
    /// That they left.
    pub after: i64,
}

/// What came of running a decision again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReplayView {
    /// Whether effects and state came out the same, byte for byte.
    pub identical: bool,
    /// SHA-256 of the component that ran.
    pub digest: String,
    /// Fuel used now.
    pub fuel: i64,
    /// What differs, in words; empty where nothing does.
    pub differences: Vec<String>,
}

impl App {
    async fn find_decision(&self, caller: &Caller, id: DecisionId) -> Result<decisions::Model, Error> {
        let slugs = self.slugs().await?;
        let partners: Vec<Uuid> = match caller.actor {
            Actor::Operator => slugs.into_keys().collect(),
            _ => {
                let by_transactions = caller.partner(Scope::Transactions, false);
                vec![by_transactions.or_else(|_| caller.partner(Scope::Plugins, false))?.uuid()]
            }
        };
        reads::decision(self.store().read(), partners, id.uuid()).await?.ok_or_else(Error::not_found)
    }

    /// Everything the rules saw and said.
    ///
    /// # Errors
    /// 403, 404, 503.
    pub async fn decision(&self, caller: &Caller, id: DecisionId) -> Result<DecisionView, Error> {
        let row = self.find_decision(caller, id).await?;
        let slugs = self.slugs().await?;
        let config = reads::config(self.store().read(), &row.config_id).await?.unwrap_or_default();
        let seen: Value = json(&row.view)?;
        let event = match row.kind.as_str() {
            "purchase" | "reevaluation" => serde_json::to_value(self.event_of(&row).await?).map_err(|error| Error::internal(&error))?,
            "quote" => seen.get("request").cloned().unwrap_or_default(),
            _ => seen.get("event").cloned().unwrap_or_default(),
        };
        let subject = match row.kind.as_str() {
            "purchase" => TransactionId(row.subject_id).to_string(),
            "reevaluation" | "refund" => RefundId(row.subject_id).to_string(),
            "quote" => coalition_domain::RedemptionId(row.subject_id).to_string(),
            "activity" => ActivityId(row.subject_id).to_string(),
            _ => EventId(row.subject_id).to_string(),
        };
        Ok(DecisionView {
            id,
            partner: slugs.get(&row.partner_id).cloned().unwrap_or_default(),
            subject,
            plugin: row.plugin_id.into(),
            digest: hex(&row.digest),
            contract: row.contract,
            engine: row.engine,
            status: row.status,
            fuel: row.fuel,
            capped: row.capped,
            config: json(&config)?,
            event,
            member: seen.get("member").cloned().unwrap_or_default(),
            state: StateVersions { before: row.state_before, after: row.state_after },
            output: json(&row.output)?,
            recorded_at: Instant(row.recorded_at),
            kind: row.kind,
        })
    }

    async fn event_of(&self, row: &decisions::Model) -> Result<coalition_rules::contract::Event, Error> {
        let seen: Seen = serde_json::from_str(&row.view).map_err(|error| Error::internal(&error))?;
        let transaction = seen.transaction.unwrap_or(TransactionId(row.subject_id));
        let key = (row.member_id, transaction.uuid());
        let posted = coalition_store::load::transactions(self.store().read(), &[key]).await?.pop().ok_or_else(Error::not_found)?;
        let input: NewTransaction = serde_json::from_str(&posted.body).map_err(|error| Error::internal(&error))?;
        let mut event = event(transaction, &input, seen.offset_minutes, seen.seed);
        if let Some(left) = seen.left {
            returned::keep_left(&mut event, &left.into_iter().map(Into::into).collect::<Vec<_>>());
        }
        Ok(event)
    }

    /// Runs a decision again on what it saw and compares effects and state, byte for byte. Nothing is written.
    ///
    /// # Errors
    /// 403, 404; 409 `not-replayable` for a decision that was never made; 503.
    pub async fn replay(&self, caller: &Caller, id: DecisionId) -> Result<ReplayView, Error> {
        let row = self.find_decision(caller, id).await?;
        if matches!(row.status.as_str(), "deferred" | "failed" | "nothing-left" | "in-proportion") {
            return Err(Error::conflict("not-replayable", "No rules decided this: there is nothing to compare with."));
        }
        let conn = self.store().read();
        let plugin = reads::plugin(conn, row.plugin_id).await?.ok_or_else(Error::not_found)?;
        // A replay is not held to the wall clock.
        let program = self.program_of(&plugin).await?.patient();
        let config = reads::config(conn, &row.config_id).await?.unwrap_or_default();
        let before = state(reads::state(conn, row.member_id, row.partner_id, row.state_before).await?)?;
        let after = if row.state_after == row.state_before {
            None
        } else {
            reads::state(conn, row.member_id, row.partner_id, row.state_after).await?
        };
        let seen: Seen = serde_json::from_str(&row.view).map_err(|error| Error::internal(&error))?;
        let is_dry = row.kind == "reevaluation";
        let event = match row.kind.as_str() {
            "purchase" | "reevaluation" => Some(self.event_of(&row).await?),
            _ => seen.event,
        };
        let run = tokio::task::spawn_blocking(move || match (event, seen.request) {
            (Some(event), _) => {
                let run = program.on_event(&event, &seen.member, &config, &before);
                let output = run.outcome.map(|said| coalition_rules::output_bytes(&said));
                (output.map_err(|failure| failure.to_string()), run.usage.fuel, run.state)
            }
            (None, Some(request)) => {
                let run = program.quote(&request, &seen.member, &config, &before);
                let output = run.outcome.map_err(|failure| failure.to_string()).and_then(|said| {
                    said.map(|quotation| serde_json::json!({"quotation": quotation}).to_string().into_bytes())
                        .map_err(|refusal| refusal.code)
                });
                (output, run.usage.fuel, None)
            }
            (None, None) => (Err("nothing was recorded to run again".to_owned()), 0, None),
        });
        let (output, fuel, left) = run.await.map_err(|error| Error::internal(&error))?;
        let mut differences = Vec::new();
        match output {
            Ok(bytes) if bytes == row.output.as_bytes() => {}
            Ok(_) => differences.push("the rules said something else".to_owned()),
            Err(failure) => differences.push(failure),
        }
        // What a re-evaluation writes to state is dropped.
        if !is_dry && left.map(|state| state.to_bytes()) != after {
            differences.push("the rules left another state".to_owned());
        }
        let fuel = i64::try_from(fuel).unwrap_or(i64::MAX);
        if row.engine == coalition_rules::ENGINE && fuel != row.fuel {
            differences.push(format!("fuel {fuel}, then {}", row.fuel));
        }
        Ok(ReplayView { identical: differences.is_empty(), digest: hex(&row.digest), fuel, differences })
    }
}

fn state(bytes: Option<Vec<u8>>) -> Result<State, Error> {
    bytes.map_or_else(|| Ok(State::default()), |bytes| State::from_bytes(&bytes).map_err(|error| Error::internal(&error)))
}

fn json(text: &str) -> Result<Value, Error> {
    if text.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(text).map_err(|error| Error::new(Kind::Internal, "internal", error.to_string()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
