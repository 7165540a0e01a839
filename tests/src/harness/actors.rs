//! Who acts in the stories: a coalition with its operator, its brands, their members. Each knows how to ask the gateway in the contract's words.

use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::database::{Database, Kind};
use super::eventually::eventually;
use super::gateway::{self, Credentials, Gateway};
use super::http::{Answer, Http};
use super::plugins;

/// Business time when a story begins.
pub const NOW: &str = "2026-11-21T12:00:00Z";

/// A test program that is served by one gateway, and its operator.
#[derive(Debug)]
pub struct Coalition {
    /// The gateway; dropped before the database.
    pub gateway: Gateway,
    /// The operator, logged in.
    pub operator: Http,
    /// The operator's credentials.
    pub credentials: Credentials,
    /// The database.
    pub database: Database,
}

impl Coalition {
    /// A new test program, at [`NOW`]; none where the database is not installed.
    pub async fn start(kind: Kind) -> Result<Option<Coalition>> {
        let Some(database) = Database::fresh(kind)? else { return Ok(None) };
        let credentials = gateway::init(&database, &["--test"]).context("init")?;
        let gateway = Gateway::serve(&database).context("serve")?;
        let operator = Http::new(&gateway.url()).login(&credentials.client_id, &credentials.client_secret).await;
        let coalition = Coalition { gateway, operator, credentials, database };
        coalition.set_clock(NOW).await;
        Ok(Some(coalition))
    }

    /// Moves business time.
    pub async fn set_clock(&self, now: &str) {
        let answer = self.operator.put("/v1/test/clock", &json!({ "now": now })).await;
        assert!(answer.status.is_success(), "{}", answer.text());
    }

    /// A caller without any token.
    pub fn stranger(&self) -> Http {
        self.operator.anonymous()
    }

    /// Admits a brand under generous terms.
    pub async fn brand(&self, slug: &str) -> Brand {
        self.brand_with(slug, &terms()).await
    }

    /// Admits a brand under these terms.
    pub async fn brand_with(&self, slug: &str, terms: &Value) -> Brand {
        let body = json!({ "slug": slug, "name": format!("The {slug}"), "currency": "USD", "terms": terms });
        let admitted = self.operator.post("/v1/partners", &body).await.ok(201);
        let text = |name: &str| admitted[name].as_str().unwrap_or_else(|| panic!("no {name} in {admitted:#}")).to_owned();
        let credentials = Credentials { client_id: text("client_id"), client_secret: text("client_secret") };
        let http = self.operator.login(&credentials.client_id, &credentials.client_secret).await;
        Brand { id: text("id"), slug: slug.to_owned(), http, credentials }
    }

    /// A brand whose rules are the puppet's, with this configuration.
    pub async fn brand_with_puppet(&self, slug: &str, config: &Value) -> Brand {
        let brand = self.brand(slug).await;
        brand.deploy("puppet", config).await;
        brand
    }

    /// The operator as a partner: whose rules see every purchase.
    pub fn house(&self) -> Brand {
        let credentials = self.credentials.clone();
        Brand { id: String::new(), slug: "operator".to_owned(), http: self.operator.clone(), credentials }
    }

    /// The member's own caller, by a session that the operator minted: good at every brand.
    pub async fn session(&self, member: &Member) -> Http {
        mint(&self.operator, member).await
    }

    /// Starts another gateway on the same database.
    pub fn another_gateway(&self) -> Gateway {
        Gateway::serve(&self.database).expect("another gateway starts")
    }

    /// Ends the gateway at once and starts one anew on the same database; callers are to be moved by [`Coalition::here`].
    pub fn crash_and_restart(&mut self) {
        self.gateway.kill9().expect("the gateway can be killed");
        self.gateway = Gateway::serve(&self.database).expect("the gateway starts again");
        self.operator = self.operator.at(&self.gateway.url());
    }

    /// A caller, moved to the gateway of now.
    pub fn here(&self, caller: &Http) -> Http {
        caller.at(&self.gateway.url())
    }

    /// The ledger as the gateway's own check sees it, which must find nothing wrong.
    pub async fn verify(&self) -> Value {
        let verified = self.operator.get("/v1/ledger/verify").await.ok(200);
        assert_eq!(verified["ok"], true, "{verified:#}");
        assert_eq!(verified["problems"], json!([]), "{verified:#}");
        verified
    }

    /// The trial balance, whose sum must be zero.
    pub async fn trial_balance(&self) -> Vec<Value> {
        let trial = self.operator.get("/v1/ledger/trial-balance").await.ok(200);
        assert_eq!(trial["sum"], 0, "{trial:#}");
        trial["accounts"].as_array().expect("accounts").clone()
    }
}

/// Terms that stand in no story's way: one cent to issue and to redeem a point, caps far above what is bought.
pub fn terms() -> Value {
    json!({
        "issue_price": { "amount": 1000, "currency": "USD" },
        "redeem_price": { "amount": 900, "currency": "USD" },
        "funding": "postpaid",
        "caps": { "per_transaction": 1_000_000, "per_member_day": 10_000_000, "per_day": 1_000_000_000 },
    })
}

/// A partner of the coalition, logged in.
#[derive(Debug, Clone)]
pub struct Brand {
    /// `prt_…`.
    pub id: String,
    /// Its slug.
    pub slug: String,
    /// The partner as a caller.
    pub http: Http,
    /// Its credentials.
    pub credentials: Credentials,
}

impl Brand {
    /// Uploads a component and makes it live with this configuration; answers the version's id.
    pub async fn deploy(&self, plugin: &str, config: &Value) -> String {
        let component = plugins::component(plugin).unwrap_or_else(|error| panic!("{error:#}"));
        self.deploy_bytes(&component, config).await
    }

    /// The same, with the component's bytes.
    pub async fn deploy_bytes(&self, component: &[u8], config: &Value) -> String {
        let id = self.upload(component).await;
        self.activate(&id, config).await.ok(200);
        id
    }

    /// Uploads a component that must be taken; answers the version's id.
    pub async fn upload(&self, component: &[u8]) -> String {
        // One that brings its engine compiles for half a minute of the processor.
        let call = self.http.call(reqwest::Method::POST, "/v1/plugins").body("application/wasm", component);
        let answer = call.patient(std::time::Duration::from_secs(300)).await;
        assert!(matches!(answer.status.as_u16(), 200 | 201), "{}", answer.text());
        answer.json()["id"].as_str().expect("a plugin version's id").to_owned()
    }

    /// Asks to make a version live.
    pub async fn activate(&self, id: &str, config: &Value) -> Answer {
        self.http.post(&format!("/v1/plugins/{id}/activate"), &json!({ "mode": "live", "config": config })).await
    }

    /// Enrols a member by card.
    pub async fn enrol(&self, card: &str) -> Member {
        let member = self.http.post("/v1/members", &json!({ "card": card })).await.ok(201);
        Member { id: member["id"].as_str().expect("a member's id").to_owned(), card: card.to_owned() }
    }

    /// A purchase of this total by this member, at [`NOW`], under an id of its own.
    pub fn purchase(&self, member: &Member, total: i64) -> Value {
        json!({
            "external_id": fresh_id(&self.slug), "member": { "id": member.id }, "occurred_at": NOW,
            "currency": "USD", "total": total,
        })
    }

    /// Posts a purchase.
    pub async fn post(&self, purchase: &Value) -> Answer {
        self.http.post("/v1/transactions", purchase).await
    }

    /// The member buys for this total, and the purchase is posted.
    pub async fn sell(&self, member: &Member, total: i64) -> Value {
        let posted = self.post(&self.purchase(member, total)).await.ok(201);
        assert_eq!(posted["status"], "posted", "{posted:#}");
        posted
    }

    /// The member's balance as this brand sees it.
    pub async fn balance(&self, member: &Member) -> Value {
        self.http.get(&format!("/v1/members/{}/balance", member.id)).await.ok(200)
    }

    /// Waits until the member may spend so many points.
    pub async fn until_available(&self, member: &Member, points: i64) {
        let what = format!("{points} points of {}", member.card);
        eventually(&what, || async { (self.available(member).await == points).then_some(()) }).await;
    }

    /// What a member did other than buying, at [`NOW`], under an id of its own.
    pub fn activity(&self, member: &Member, kind: &str) -> Value {
        json!({ "external_id": fresh_id(&self.slug), "member": { "id": member.id }, "kind": kind, "occurred_at": NOW })
    }

    /// Posts an activity.
    pub async fn report(&self, activity: &Value) -> Answer {
        self.http.post("/v1/activities", activity).await
    }

    /// The decisions behind a member's entries at this brand, each of which must replay to the same; newest first.
    pub async fn decisions(&self, operator: &Http, member: &Member) -> Vec<Value> {
        let entries = operator.get(&format!("/v1/members/{}/entries?limit=200", member.id)).await.ok(200);
        let mut ids: Vec<&str> =
            entries["items"].as_array().expect("entries").iter().filter_map(|entry| entry["decision"].as_str()).collect();
        ids.dedup();
        let mut decisions = Vec::new();
        for id in ids {
            let decision = operator.get(&format!("/v1/decisions/{id}")).await.ok(200);
            if decision["partner"] == self.slug.as_str() {
                if decision["status"] == "applied" {
                    let replay = operator.post_empty(&format!("/v1/decisions/{id}/replay")).await.ok(200);
                    assert_eq!(replay["identical"], true, "{replay:#} of {decision:#}");
                }
                decisions.push(decision);
            }
        }
        decisions
    }

    /// Points that the member may spend now.
    pub async fn available(&self, member: &Member) -> i64 {
        self.balance(member).await["available"].as_i64().expect("available points")
    }

    /// The member's own caller, by a session that this brand minted.
    pub async fn session(&self, member: &Member) -> Http {
        mint(&self.http, member).await
    }

    /// Captures a hold at this brand's till.
    pub async fn capture(&self, redemption: &str, amount: Option<i64>) -> Answer {
        let mut body = json!({ "external_id": fresh_id("cap") });
        if let Some(amount) = amount {
            body["amount"] = json!(amount);
        }
        self.http.post(&format!("/v1/redemptions/{redemption}/capture"), &body).await
    }
}

async fn mint(by: &Http, member: &Member) -> Http {
    let minted = by.post_empty(&format!("/v1/members/{}/sessions", member.id)).await.ok(201);
    by.with_token(minted["access_token"].as_str().expect("a member's token"))
}

/// A person in the coalition.
#[derive(Debug, Clone)]
pub struct Member {
    /// `mbr_…`.
    pub id: String,
    /// The card's number.
    pub card: String,
}

/// An external id that nobody has used in this process.
pub fn fresh_id(prefix: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
