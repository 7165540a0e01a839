//! What can be checked without the gateway: checkpoints, proofs of entries, statements. Checked by the real command line.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, Member};
use coalition_tests::harness::binaries;
use coalition_tests::harness::gateway::Gateway;
use serde_json::{Value, json};

both_databases!(
    an_entry_is_proven,
    blocks_of_before_there_were_lists_are_proven_too,
    a_statement_is_checked_without_the_gateway,
    whatever_is_changed_in_a_statement_is_named,
    a_long_statement_comes_in_parts,
    a_partners_statement_shows_what_touches_its_accounts,
    checkpoints_are_listed_newest_first,
    the_last_checkpoint_is_signed_when_the_gateway_ends,
    a_folder_that_can_not_be_written_stops_nothing,
);

/// A member who was awarded, has redeemed, and holds something.
async fn a_history(coalition: &Coalition) -> (Brand, Member) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    brand.sell(&ada, 100_000).await;
    brand.sell(&ada, 50_000).await;
    let me = coalition.session(&ada).await;
    let order = json!({ "partner": "bakehouse", "reward": "mug" });
    let held = me.post("/v1/redemptions", &order).await.ok(201);
    brand.capture(held["id"].as_str().unwrap(), None).await.ok(200);
    me.post("/v1/redemptions", &order).await.ok(201);
    (brand, ada)
}

/// Runs `coalition statement verify` on documents; answers whether it found them good, and what it printed.
fn checked(coalition: &Coalition, documents: &[&Value], args: &[&str]) -> (bool, Value) {
    let files: Vec<PathBuf> = documents
        .iter()
        .enumerate()
        .map(|(n, document)| {
            let path = coalition.database.folder().join(format!("document-{n}.json"));
            std::fs::write(&path, serde_json::to_vec(document).unwrap()).unwrap();
            path
        })
        .collect();
    let mut command = Command::new(binaries::cli().unwrap());
    command.args(["statement", "verify", "--json"]).args(args).args(files).stdin(Stdio::null());
    let output = command.output().unwrap();
    let code = output.status.code().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(code == 0 || code == 1, "{code}: {said}");
    let printed = serde_json::from_slice(&output.stdout).unwrap_or(json!({ "ok": false, "refused": said }));
    assert_eq!(printed["ok"], code == 0, "{printed:#}");
    (code == 0, printed)
}

async fn an_entry_is_proven(coalition: Coalition) {
    let (brand, ada) = a_history(&coalition).await;
    let me = coalition.session(&ada).await;
    let entries = me.get("/v1/me/entries").await.ok(200);
    let keys = coalition.operator.get("/v1/ledger/checkpoints").await.ok(200)["keys"].clone();
    let key = keys[0].to_string();
    for entry in entries["items"].as_array().unwrap() {
        let path = format!("/v1/ledger/entries/{}/proof", entry["id"].as_str().unwrap());
        let proof = coalition.operator.get(&path).await.ok(200);
        assert_eq!(proof["entry"]["points"], entry["points"], "{proof:#}");
        let (is_good, printed) = checked(&coalition, &[&proof], &["--key", &key]);
        assert!(is_good, "{printed:#}");
        assert_eq!(me.get(&path).await.ok(200), proof, "the member gets the same");
        assert_eq!(coalition.operator.get(&format!("{path}?member={}", ada.id)).await.ok(200), proof);
        let mut other = proof.clone();
        other["entry"]["points"] = json!(entry["points"].as_i64().unwrap() + 1);
        assert!(!checked(&coalition, &[&other], &["--key", &key]).0);
    }
    // Nobody else's.
    let bob = brand.enrol("BOB-1").await;
    let stranger = coalition.session(&bob).await;
    let awarded = entries["items"].as_array().unwrap().iter().find(|entry| entry["kind"] == "award").unwrap();
    let held = entries["items"].as_array().unwrap().iter().find(|entry| entry["kind"] == "hold").unwrap();
    let path = |entry: &Value| format!("/v1/ledger/entries/{}/proof", entry["id"].as_str().unwrap());
    stranger.get(&path(awarded)).await.problem(404, "not-found");
    let rival = coalition.brand("grocer").await;
    rival.http.get(&path(awarded)).await.problem(404, "not-found");
    brand.http.get(&path(awarded)).await.ok(200);
    brand.http.get(&path(held)).await.problem(404, "not-found");
    coalition.operator.get("/v1/ledger/entries/ent_01kkkkkkkkekkbkkkkkkkkkkkk/proof").await.problem(404, "not-found");
    coalition.verify().await;
}

async fn blocks_of_before_there_were_lists_are_proven_too(coalition: Coalition) {
    let (_, ada) = a_history(&coalition).await;
    assert!(coalition.database.tamper("UPDATE blocks SET leaf_hashes = NULL").await.unwrap() > 0);
    let statement = coalition.operator.get(&format!("/v1/members/{}/statement", ada.id)).await.ok(200);
    let (is_good, printed) = checked(&coalition, &[&statement], &[]);
    assert!(is_good, "{printed:#}");
    coalition.verify().await;
    coalition.database.tamper("UPDATE transfers SET reason = 'x'").await.unwrap();
    let refused = coalition.operator.get(&format!("/v1/members/{}/statement", ada.id)).await.problem(409, "not-provable");
    assert!(refused["detail"].as_str().unwrap().contains("verify"), "{refused:#}");
    assert_eq!(coalition.operator.get("/v1/ledger/verify").await.ok(200)["ok"], false);
}

async fn a_statement_is_checked_without_the_gateway(coalition: Coalition) {
    let (brand, ada) = a_history(&coalition).await;
    let me = coalition.session(&ada).await;
    let statement = me.get("/v1/me/statement").await.ok(200);
    let balance = me.get("/v1/me/balance").await.ok(200);
    for account in ["available", "pending", "held", "arrears"] {
        assert_eq!(statement["closing"][account], balance[account], "{account}");
    }
    let entries = me.get("/v1/me/entries?limit=200").await.ok(200)["items"].as_array().unwrap().len();
    assert_eq!(statement["entries"].as_array().unwrap().len(), entries);
    let key = statement["keys"][0].to_string();
    let (is_good, printed) = checked(&coalition, &[&statement], &["--key", &key]);
    assert!(is_good, "{printed:#}");
    assert!(checked(&coalition, &[&statement], &[]).0, "without a key its own are taken");
    let path = format!("/v1/members/{}/statement", ada.id);
    assert_eq!(coalition.operator.get(&path).await.ok(200)["entries"], statement["entries"]);
    assert_eq!(brand.http.get(&path).await.ok(200)["entries"], statement["entries"]);
    coalition.brand("grocer").await.http.get(&path).await.problem(404, "not-found");

    // Signed by a key that is not the gateway's: the file agrees with itself, and is refused all the same.
    let other = json!({ "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
        "kid": "none", "alg": "EdDSA", "use": "sig" });
    assert!(!checked(&coalition, &[&statement], &["--key", &other.to_string()]).0);
    coalition.verify().await;
}

/// Every place in a document where a value stands.
fn leaves(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| leaves(value, &format!("{at}/{name}"), found)),
        Value::Array(items) => items.iter().enumerate().for_each(|(n, value)| leaves(value, &format!("{at}/{n}"), found)),
        _ => found.push(at.to_owned()),
    }
}

/// Another value of the same kind.
fn bent(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_i64().unwrap() + 1),
        Value::String(text) if text == "left" => json!("right"),
        Value::String(text) if text == "right" => json!("left"),
        Value::String(text) => {
            // The second but last: what stands last in an id or a key may have bits that do not count.
            let at = text.len().saturating_sub(3);
            let other = if text.as_bytes().get(at) == Some(&b'1') { '2' } else { '1' };
            json!(text.char_indices().map(|(n, char)| if n == at { other } else { char }).collect::<String>())
        }
        Value::Bool(flag) => json!(!flag),
        _ => json!("ent_01h455vb4pex5vsknk084sn02q"),
    }
}

async fn whatever_is_changed_in_a_statement_is_named(coalition: Coalition) {
    let (_, ada) = a_history(&coalition).await;
    let statement = coalition.operator.get(&format!("/v1/members/{}/statement", ada.id)).await.ok(200);
    let key = statement["keys"][0].to_string();
    let mut places = Vec::new();
    leaves(&statement, "", &mut places);
    assert!(places.len() > 100, "{}", places.len());
    // The keys are given, and where a part begins is for the part before it to say.
    for place in places.iter().filter(|place| !place.starts_with("/keys") && *place != "/after") {
        let mut other = statement.clone();
        let value = other.pointer_mut(place).unwrap();
        *value = bent(value);
        let (is_good, printed) = checked(&coalition, &[&other], &["--key", &key]);
        assert!(!is_good, "{place} was changed to {}: {printed:#}", other.pointer(place).unwrap());
    }
    for list in ["entries", "blocks", "checkpoints"] {
        let mut fewer = statement.clone();
        fewer[list].as_array_mut().unwrap().remove(0);
        assert!(!checked(&coalition, &[&fewer], &["--key", &key]).0, "{list}");
    }
}

async fn a_long_statement_comes_in_parts(coalition: Coalition) {
    let (_, ada) = a_history(&coalition).await;
    let me = coalition.session(&ada).await;
    let whole = me.get("/v1/me/statement").await.ok(200);
    let mut parts = Vec::new();
    let mut path = "/v1/me/statement?limit=2".to_owned();
    loop {
        let part = me.get(&path).await.ok(200);
        let next = part["next"].as_str().map(|next| format!("/v1/me/statement?limit=2&after={next}"));
        parts.push(part);
        match next {
            Some(next) => path = next,
            None => break,
        }
    }
    assert_eq!(parts.last().unwrap()["closing"], whole["closing"]);
    let entries: Vec<&Value> = parts.iter().flat_map(|part| part["entries"].as_array().unwrap()).collect();
    assert_eq!(entries, whole["entries"].as_array().unwrap().iter().collect::<Vec<_>>());
    let all: Vec<&Value> = parts.iter().collect();
    let (is_good, printed) = checked(&coalition, &all, &[]);
    assert!(is_good, "{printed:#}");
    let mut backwards = all.clone();
    backwards.reverse();
    assert!(!checked(&coalition, &backwards, &[]).0);
    for query in ["limit=0", "limit=1001", "after=mbr_01h455vb4pex5vsknk084sn02q", "before=x"] {
        me.get(&format!("/v1/me/statement?{query}")).await.problem(400, "invalid-request");
    }
}

async fn a_partners_statement_shows_what_touches_its_accounts(coalition: Coalition) {
    let (brand, _) = a_history(&coalition).await;
    let statement = brand.http.get("/v1/ledger/statement").await.ok(200);
    for line in statement["entries"].as_array().unwrap() {
        let entry = &line["entry"];
        assert_eq!(entry["partner_id"], brand.id.as_str());
        assert!(entry["kind"] == "award" || entry["kind"] == "capture", "{entry:#}");
    }
    for account in coalition.trial_balance().await {
        if let Some(name) = account["account"].as_str().unwrap().strip_prefix("partner:bakehouse:") {
            assert_eq!(account["balance"].as_i64().unwrap().abs(), statement["closing"][name].as_i64().unwrap(), "{name}");
        }
    }
    assert!(statement["closing"]["issued"].as_i64().unwrap() > 0 && statement["closing"]["redeemed"].as_i64().unwrap() > 0);
    assert!(checked(&coalition, &[&statement], &[]).0);
    let named = coalition.operator.get(&format!("/v1/ledger/statement?partner={}", brand.id)).await.ok(200);
    assert_eq!(named["entries"], statement["entries"]);
    let none = brand.http.get("/v1/ledger/statement?to=2020-01-01T00:00:00Z").await.ok(200);
    assert_eq!(none["entries"], json!([]));
    assert!(checked(&coalition, &[&none], &[]).0);
    let rival = coalition.brand("grocer").await;
    assert_eq!(rival.http.get("/v1/ledger/statement").await.ok(200)["entries"], json!([]));
    rival.http.get(&format!("/v1/ledger/statement?partner={}", brand.id)).await.problem(404, "not-found");
    coalition.operator.get("/v1/ledger/statement").await.problem(400, "invalid-request");
    brand.http.get("/v1/ledger/statement?from=yesterday").await.problem(400, "invalid-request");
}

async fn checkpoints_are_listed_newest_first(coalition: Coalition) {
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let me = coalition.session(&ada).await;
    for _ in 0..3 {
        brand.sell(&ada, 1_000).await;
        // A statement is covered at once.
        me.get("/v1/me/statement").await.ok(200);
    }
    let all = coalition.operator.get("/v1/ledger/checkpoints").await.ok(200);
    let items = all["items"].as_array().unwrap();
    assert!(items.len() >= 3, "{all:#}");
    assert!(items.windows(2).all(|pair| pair[0]["after"] == pair[1]["height"]), "{all:#}");
    assert_eq!(items.last().unwrap()["after"], 0);
    assert_eq!(all["keys"][0]["kid"], items[0]["kid"]);
    assert!(all["keys"][0].get("d").is_none());
    let (mut seen, mut path) = (Vec::new(), "/v1/ledger/checkpoints?limit=2".to_owned());
    loop {
        let page = coalition.operator.get(&path).await.ok(200);
        seen.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next_cursor"].as_str() else { break };
        path = format!("/v1/ledger/checkpoints?limit=2&cursor={next}");
    }
    assert_eq!(&seen, items);
    coalition.operator.get("/v1/ledger/checkpoints?cursor=forged").await.problem(400, "invalid-request");
    brand.http.get("/v1/ledger/checkpoints").await.problem(403, "forbidden");
    let verified = coalition.verify().await;
    assert_eq!(verified["checkpoints"], items.len());
    assert_eq!(verified["covered"], items[0]["height"]);
}

async fn the_last_checkpoint_is_signed_when_the_gateway_ends(coalition: Coalition) {
    let (_, _) = a_history(&coalition).await;
    let Coalition { gateway, operator, database, .. } = coalition;
    gateway.terminate().unwrap();
    let gateway = Gateway::serve(&database).unwrap();
    let verified = operator.at(&gateway.url()).get("/v1/ledger/verify").await.ok(200);
    assert_eq!(verified["ok"], true, "{verified:#}");
    assert_eq!(verified["covered"], verified["blocks"], "{verified:#}");
}

async fn a_folder_that_can_not_be_written_stops_nothing(coalition: Coalition) {
    // A file stands where the folder should be.
    let blocked = coalition.database.folder().join("blocked");
    std::fs::write(&blocked, "").unwrap();
    let gateway = Gateway::serve_at(&coalition.database, "127.0.0.1:0", &["--checkpoints", blocked.to_str().unwrap()]).unwrap();
    let brand = coalition.brand_with_puppet("bakehouse", &json!({})).await;
    let ada = brand.enrol("ADA-1").await;
    let there = brand.http.at(&gateway.url());
    there.post("/v1/transactions", &brand.purchase(&ada, 1_000)).await.ok(201);
    let verified = coalition.operator.at(&gateway.url()).get("/v1/ledger/verify").await.ok(200);
    assert_eq!(verified["covered"], 0, "{verified:#}");
    assert!(gateway.log().contains("no checkpoint could be signed"), "{}", gateway.log());
    coalition.verify().await;
}
