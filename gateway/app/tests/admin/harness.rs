//! A program of its own for each test: SQLite in a folder that goes with it, one application or more on it. Where
//! `COALITION_TEST_POSTGRES` has the address of a server (`postgres://USER@HOST:PORT`), a database of its own there instead.

use coalition_app::init::{Credentials, init};
use coalition_app::partners::NewPartner;
use coalition_app::{Actor, Answer, App, AppConfig, Caller, Error, IdempotencyClaim};
use coalition_domain::PartnerId;
use coalition_rules::{Compiler, Limits, Sandbox, SandboxConfig};
use coalition_store::{ConnectionTrait as _, Store};
use serde::Serialize;
use serde_json::{Value, json};
use tempfile::TempDir;

pub const ISSUER: &str = "https://gateway.example";

pub struct World {
    pub app: App,
    pub credentials: Credentials,
    url: String,
    _folder: TempDir,
}

/// The address of a new database.
async fn fresh(folder: &TempDir) -> String {
    let Ok(server) = std::env::var("COALITION_TEST_POSTGRES") else {
        return format!("sqlite://{}", folder.path().join("coalition.db").display());
    };
    let name = format!("admin_{}", folder.path().file_name().unwrap().to_str().unwrap().trim_start_matches('.').to_lowercase());
    let first = Store::connect(&format!("{server}/postgres")).await.unwrap();
    first.read().execute_unprepared(&format!("CREATE DATABASE \"{name}\"")).await.unwrap();
    format!("{server}/{name}")
}

fn sandbox() -> Sandbox {
    let limits = Limits { component_bytes_max: 1 << 20, ..Limits::default() };
    Sandbox::new(SandboxConfig { limits, pool_instances: 4, compiler: Compiler::InProcessForTests, ..SandboxConfig::default() }).unwrap()
}

impl World {
    pub async fn new() -> Self {
        Self::with(true).await
    }

    pub async fn with(test: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = fresh(&folder).await;
        let store = Store::connect(&url).await.unwrap();
        let credentials = init(&store, test).await.unwrap();
        let app = App::start(store, sandbox(), config()).await.unwrap();
        Self { app, credentials, url, _folder: folder }
    }

    /// Another gateway on the same database.
    pub async fn another(&self) -> App {
        App::start(self.store().await, sandbox(), config()).await.unwrap()
    }

    pub async fn store(&self) -> Store {
        Store::connect(&self.url).await.unwrap()
    }

    pub async fn operator(&self) -> Caller {
        login(&self.app, &self.credentials.client_id, self.credentials.client_secret.as_deref().unwrap()).await
    }

    pub async fn partner(&self, slug: &str) -> Partner {
        let admitted = self.app.create_partner(&self.operator().await, new_partner(slug), None).await.unwrap();
        let admitted = body(&admitted);
        let (client_id, secret) = (text(&admitted, "client_id"), text(&admitted, "client_secret"));
        let caller = login(&self.app, &client_id, &secret).await;
        let Actor::Partner(id) = caller.actor else { panic!("{caller:?}") };
        assert_eq!(id.to_string(), text(&admitted, "id"));
        Partner { id, caller, client_id, secret }
    }
}

fn config() -> AppConfig {
    AppConfig { issuer: ISSUER.to_owned(), ..AppConfig::default() }
}

pub struct Partner {
    pub id: PartnerId,
    pub caller: Caller,
    pub client_id: String,
    pub secret: String,
}

pub async fn token(app: &App, client_id: &str, secret: &str) -> String {
    app.issue_token(client_id, secret, None).await.unwrap().access_token.unwrap()
}

pub async fn login(app: &App, client_id: &str, secret: &str) -> Caller {
    app.authenticate(&token(app, client_id, secret).await).await.unwrap()
}

pub fn new_partner(slug: &str) -> NewPartner {
    read(json!({
        "slug": slug, "name": format!("The {slug}"), "currency": "USD",
        "terms": {"issue_price": {"amount": 1000, "currency": "USD"}, "redeem_price": {"amount": 900, "currency": "USD"}},
    }))
}

/// An input as HTTP reads it.
pub fn read<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

pub fn body(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap()
}

pub fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("no {field} in {value:#}")).to_owned()
}

pub fn claim(key: &str, scope: &str, input: &impl Serialize) -> IdempotencyClaim {
    let body_hash = *blake3::hash(&serde_json::to_vec(input).unwrap()).as_bytes();
    IdempotencyClaim { key: key.to_owned(), scope: scope.to_owned(), body_hash }
}

#[track_caller]
pub fn refused<T: std::fmt::Debug>(result: Result<T, Error>, code: &str) -> Error {
    let error = result.expect_err(code);
    assert_eq!(error.code, code, "{error:?}");
    error
}
