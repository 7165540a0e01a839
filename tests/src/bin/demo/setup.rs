//! Everything before the first receipt: programs built, rules compiled, the gateway started, brands admitted, households enrolled.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};
use coalition_tests::harness::binaries::{self, Progress};
use coalition_tests::harness::database::Database;
use coalition_tests::harness::gateway::{self, Credentials, Gateway};
use coalition_tests::harness::http::{Call, Http};
use coalition_tests::harness::plugins;
use coalition_tests::receipts::Receipt;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};

use crate::brands::{BRANDS, BrandPlan, PLUGINS};
use crate::screen::{Screen, count};

/// Members that are enrolled at once.
const LANES: usize = 16;

/// What stands when the shopping begins.
pub struct Stage {
    /// The gateway.
    pub gateway: Gateway,
    /// The operator, logged in.
    pub operator: Http,
    /// The operator's credentials.
    pub credentials: Credentials,
    /// The brands as callers, by slug.
    pub brands: BTreeMap<String, Http>,
    /// Members' ids by card.
    pub members: BTreeMap<String, String>,
}

/// Asks, and answers the body where the status is this one.
pub async fn ask(call: Call, status: u16) -> Result<Value> {
    let answer = call.send().await.context("the gateway does not answer")?;
    if answer.status.as_u16() != status {
        bail!("the gateway answers {}: {}", answer.status, answer.text());
    }
    Ok(answer.json())
}

/// A text field of an answer.
pub fn text(value: &Value, name: &str) -> Result<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned).with_context(|| format!("the answer has no {name}: {value}"))
}

/// Builds the gateway and the CLI, with cargo's own progress.
pub fn build(screen: &Screen) -> Result<()> {
    if std::env::var_os("COALITION_BIN_DIR").is_none() {
        screen.line("Building the gateway and the command line; the first time takes some minutes.");
        binaries::built(Progress::Shown)?;
    }
    Ok(())
}

/// Builds the plugins with the CLI; their components by name.
pub fn rules(screen: &Screen) -> Result<BTreeMap<&'static str, Vec<u8>>> {
    let step = screen.step("Building rules to WebAssembly");
    let mut components = BTreeMap::new();
    for name in PLUGINS {
        step.bar.set_message(format!("Building {name} to WebAssembly"));
        components.insert(name, plugins::component(name)?);
    }
    let sizes: Vec<String> = components.iter().map(|(name, component)| format!("{name} {} KB", component.len() / 1024)).collect();
    step.done(&sizes.join(", "));
    Ok(components)
}

/// Starts the gateway on a fresh test program, admits the brands with their rules, and enrols the households.
pub async fn coalition(
    screen: &Screen,
    database: &Database,
    listen: &str,
    rules: &BTreeMap<&'static str, Vec<u8>>,
    receipts: &[Receipt],
) -> Result<Stage> {
    let step = screen.step("Starting the gateway");
    let credentials = gateway::init(database, &["--test"])?;
    let gateway = Gateway::serve_at(database, listen, &[])?;
    let stranger = Http::new(&gateway.url());
    let operator = login(&stranger, &credentials).await?;
    let first = receipts.first().context("there are receipts")?;
    ask(operator.put("/v1/test/clock", &json!({ "now": first.occurred_at })), 200).await?;
    let kind = if database.url().starts_with("sqlite") { "SQLite" } else { "PostgreSQL" };
    step.done(&format!("{} on {kind}, a test program at {}", gateway.url(), first.occurred_at.get(..10).unwrap_or_default()));

    let step = screen.step("Admitting the brands");
    let mut brands = BTreeMap::new();
    for plan in &BRANDS {
        step.bar.set_message(format!("Admitting {}", plan.name));
        let component = rules.get(plan.plugin).with_context(|| format!("no component of {}", plan.plugin))?;
        brands.insert(plan.slug.to_owned(), admit(&operator, plan, component).await?);
    }
    step.done(&format!("{} brands, each with rules of its own", brands.len()));

    let step = screen.step("Enrolling the households");
    let cards: BTreeSet<&String> = receipts.iter().map(|receipt| &receipt.card).collect();
    let members: BTreeMap<String, String> = stream::iter(cards)
        .map(async |card| {
            let member = ask(operator.post("/v1/members", &json!({ "card": card })), 201).await?;
            anyhow::Ok((card.clone(), text(&member, "id")?))
        })
        .buffer_unordered(LANES)
        .try_collect()
        .await?;
    step.done(&format!("{} members, by their cards", count(members.len())));
    Ok(Stage { gateway, operator, credentials, brands, members })
}

async fn admit(operator: &Http, plan: &'static BrandPlan, component: &[u8]) -> Result<Http> {
    let body = json!({ "slug": plan.slug, "name": plan.name, "currency": "USD", "terms": plan.terms() });
    let admitted = ask(operator.post("/v1/partners", &body), 201).await?;
    let credentials = Credentials { client_id: text(&admitted, "client_id")?, client_secret: text(&admitted, "client_secret")? };
    let http = login(operator, &credentials).await?;
    let uploaded = ask(http.post_raw("/v1/plugins", "application/wasm", component), 201).await?;
    let path = format!("/v1/plugins/{}/activate", text(&uploaded, "id")?);
    ask(http.post(&path, &json!({ "mode": "live", "config": plan.config()? })), 200)
        .await
        .with_context(|| format!("the rules of {}", plan.name))?;
    Ok(http)
}

async fn login(at: &Http, credentials: &Credentials) -> Result<Http> {
    let token = ask(at.anonymous().ask_token(&credentials.client_id, &credentials.client_secret), 200).await?;
    Ok(at.with_token(&text(&token, "access_token")?))
}

/// Has the gateway check its whole ledger.
pub async fn verify(screen: &Screen, stage: &Stage) -> Result<Value> {
    let step = screen.step("Verifying the ledger");
    let verified = ask(stage.operator.get("/v1/ledger/verify"), 200).await?;
    if verified.get("ok") != Some(&Value::Bool(true)) {
        bail!("the ledger does not hold: {verified:#}");
    }
    step.done("balances, lots and the chain of hashes hold");
    Ok(verified)
}
