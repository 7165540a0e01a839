//! Every program of `plugins/` live in one gateway: each is the rules of a partner of its own, who posts the receipts of the brand it is fitted to, and the operator's own
//! program decides beside all of them. Some receipts come back. At the end the ledger is right, and each decision replays to the same bytes.

pub mod cast;

use std::collections::{BTreeMap, BTreeSet};

use futures::future::join_all;
use futures::{StreamExt as _, stream};
use serde_json::{Value, json};

use crate::harness::actors::{Brand, Coalition, fresh_id};
use crate::harness::binaries::workspace;
use crate::receipts::{Receipt, parts};
use cast::{CAST, OPERATOR, Part, VISITS};

/// Receipts in one call.
const BATCH: usize = 200;
/// Calls under way at once while members are enrolled and decisions replayed.
const LANES: usize = 8;
/// One receipt in so many comes back.
const RETURNED: usize = 9;

/// What came of it.
#[derive(Debug, Default, Clone, Copy)]
pub struct Done {
    /// Programs that were live.
    pub programs: usize,
    /// Receipts posted, at all partners together.
    pub receipts: usize,
    /// Receipts that came back.
    pub refunds: usize,
    /// Decisions that were run again.
    pub replays: usize,
}

/// The folders of `plugins/` that are crates.
pub fn crates() -> Vec<String> {
    let folders = std::fs::read_dir(workspace().join("plugins")).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = folders
        .filter(|folder| folder.join("Cargo.toml").is_file())
        .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Those of the cast that are there. Panics at a program that nobody gave a part.
fn parts_of_cast() -> Vec<Part> {
    let here = crates();
    let without: Vec<&String> = here.iter().filter(|name| !CAST.iter().any(|part| part.plugin == **name)).collect();
    assert!(without.is_empty(), "{without:?} of plugins/ have no part in tests/src/archetypes/cast.rs");
    CAST.into_iter().filter(|part| here.iter().any(|name| name == part.plugin)).collect()
}

/// Plays them on these receipts, and runs one decision in so many again.
pub async fn live(coalition: &Coalition, receipts: &[Receipt], replay_one_in: usize) -> Done {
    coalition.set_clock("2017-01-01T00:00:00Z").await;
    let mut partners: BTreeMap<&str, (Part, Brand)> = BTreeMap::new();
    let contract = coalition.stranger().get("/openapi.json").await.ok(200);
    // Where no activities are taken, a program of them has nothing to decide.
    let takes_activities = contract["paths"].get("/v1/activities").is_some();
    for part in parts_of_cast().into_iter().filter(|part| takes_activities || part.plugin != VISITS) {
        let brand = if part.plugin == OPERATOR { operator(coalition) } else { coalition.brand(part.plugin).await };
        let config: Value = serde_json::from_str(part.config).unwrap();
        brand.deploy(part.plugin, &config).await;
        partners.insert(part.plugin, (part, brand));
    }
    let cards: BTreeSet<&String> = receipts.iter().map(|receipt| &receipt.card).collect();
    let enrolled = stream::iter(cards).map(async |card| coalition.operator.post("/v1/members", &json!({ "card": card })).await.ok(201));
    enrolled.buffer_unordered(LANES).collect::<Vec<Value>>().await;

    let mut done = Done { programs: partners.len(), ..Done::default() };
    let mut decisions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (clock, receipts) in parts(receipts) {
        coalition.set_clock(clock).await;
        let played = partners.values().filter(|(part, _)| part.plugin != OPERATOR).map(|(part, brand)| play(part, brand, &receipts));
        for played in join_all(played).await {
            done.receipts += played.receipts;
            done.refunds += played.refunds;
            for (partner, id) in played.decisions {
                decisions.entry(partner).or_default().push(id);
            }
        }
    }
    for name in partners.keys() {
        let partner = if *name == OPERATOR { "operator" } else { *name };
        assert!(decisions.get(partner).is_some_and(|ids| !ids.is_empty()), "{name} decided nothing");
    }
    coalition.verify().await;
    coalition.trial_balance().await;
    let ids: Vec<&String> = decisions.values().flat_map(|ids| ids.iter().step_by(replay_one_in)).collect();
    done.replays = ids.len();
    let replays = stream::iter(ids).map(async |id| {
        let replay = coalition.operator.post_empty(&format!("/v1/decisions/{id}/replay")).await.ok(200);
        assert_eq!(replay["identical"], true, "{id}: {replay:#}");
    });
    replays.buffer_unordered(LANES).collect::<Vec<()>>().await;
    done
}

/// The operator as the owner of rules.
fn operator(coalition: &Coalition) -> Brand {
    Brand { id: String::new(), slug: "operator".to_owned(), http: coalition.operator.clone(), credentials: coalition.credentials.clone() }
}

/// What one partner's till got.
#[derive(Default)]
struct Played {
    receipts: usize,
    refunds: usize,
    /// Whose, and which.
    decisions: Vec<(String, String)>,
}

async fn play(part: &Part, brand: &Brand, receipts: &[Receipt]) -> Played {
    let own: Vec<&Receipt> = receipts.iter().filter(|receipt| receipt.partner == part.brand).collect();
    if part.plugin == VISITS {
        return visit(brand, &own).await;
    }
    let mut played = Played::default();
    for chunk in own.chunks(BATCH) {
        let items: Vec<&Value> = chunk.iter().map(|receipt| &receipt.body).collect();
        let answer = brand.http.post("/v1/transactions/batch", &json!({ "items": items })).await.ok(200);
        let results = answer["results"].as_array().expect("results");
        assert_eq!(results.len(), chunk.len(), "one result an item");
        for result in results {
            assert_eq!(result["status"], "posted", "{} of {}: {result:#}", result["external_id"], part.plugin);
            played.receipts += 1;
            played.note(result);
        }
        let paid = chunk.iter().zip(results).filter(|(receipt, _)| receipt.total > 0);
        for (receipt, result) in paid.step_by(RETURNED) {
            let path = format!("/v1/transactions/{}/refunds", result["id"].as_str().expect("a transaction's id"));
            let mut back = json!({ "external_id": fresh_id("back") });
            // The last line of several, or all that there is.
            let lines = receipt.body["lines"].as_array().map_or(0, Vec::len);
            if lines > 1 && receipt.body["lines"][lines - 1]["amount"].as_i64() > Some(0) {
                back["lines"] = json!([{ "line": lines - 1 }]);
            }
            let refunded = brand.http.post(&path, &back).await.ok(201);
            played.refunds += 1;
            played.note(&refunded);
        }
    }
    played
}

/// A program of what is not a purchase: each receipt stands for a visit.
async fn visit(brand: &Brand, receipts: &[&Receipt]) -> Played {
    let mut played = Played::default();
    for receipt in receipts {
        let visit = json!({
            "external_id": receipt.external_id, "member": { "card": receipt.card }, "kind": "visit", "occurred_at": receipt.occurred_at,
        });
        let answer = brand.http.post("/v1/activities", &visit).await.ok(201);
        played.note(&answer);
    }
    played
}

impl Played {
    fn note(&mut self, answer: &Value) {
        let named = answer["decisions"].as_array().into_iter().flatten();
        // Where nothing is left of a purchase there is nothing to ask again, and so nothing to replay.
        let named = named.filter(|it| it["status"] != "nothing-left");
        let named = named.filter_map(|it| Some((it["partner"].as_str()?.to_owned(), it["id"].as_str()?.to_owned())));
        self.decisions.extend(named);
    }
}
