//! How many statements a batch costs: a few a table, never one an item.

use coalition_domain::TransactionId;
use futures::future::join_all;
use serde_json::json;

use crate::component::{ManifestText, Rules};
use crate::harness::{Partner, World, body, read, text};

/// Items of the batch: one transaction takes as many.
const ITEMS: usize = 256;
/// Statements that it may cost, with what the jobs beside it ask: SQLite takes 64 rows a statement, PostgreSQL all.
const STATEMENTS_MAX: u64 = 160;

/// A brand with live rules, and a member for each item.
async fn shop(world: &World) -> Partner {
    let brand = world.partner("bakehouse").await;
    let component = Rules::with_manifest(&ManifestText::default()).component();
    let plugin = body(&world.app.upload_plugin(&brand.caller, component, None).await.unwrap());
    let plugin = text(&plugin, "id").parse().unwrap();
    world.app.activate_plugin(&brand.caller, plugin, read(json!({"mode": "live"})), None).await.unwrap();
    for number in 0..ITEMS {
        world.app.create_member(&brand.caller, read(json!({"card": format!("C{number}")})), None).await.unwrap();
    }
    brand
}

async fn purchases(world: &World, brand: &Partner, round: u32) -> Vec<TransactionId> {
    let now = world.app.wall_now();
    let items = (0..ITEMS).map(|number| {
        let member = json!({"card": format!("C{number}")});
        Ok(read(json!({
            "external_id": format!("r{round}-{number}"), "member": member, "occurred_at": now, "currency": "USD", "total": 250,
            "lines": [{"sku": "1", "amount": 250}],
        })))
    });
    let answers = world.app.post_batch(&brand.caller, items.collect()).await.unwrap();
    answers.into_iter().map(|answer| text(&body(&answer.unwrap()), "id").parse().unwrap()).collect()
}

#[tokio::test]
async fn a_batch_costs_a_few_statements_however_large_it_is() {
    let world = World::new().await;
    let brand = shop(&world).await;
    let statements = || world.app.store().statements();
    // What is asked once is asked now.
    purchases(&world, &brand, 0).await;
    let before = statements();
    let bought = purchases(&world, &brand, 1).await;
    let posted = statements() - before;
    assert!((10..STATEMENTS_MAX).contains(&posted), "{posted} statements for {ITEMS} purchases");
    let before = statements();
    let refunds = bought.iter().enumerate().map(|(number, id)| {
        let refund = read(json!({"external_id": format!("back-{number}")}));
        world.app.refund(&brand.caller, *id, refund, None)
    });
    for answer in join_all(refunds).await {
        answer.unwrap();
    }
    let refunded = statements() - before;
    // Each refund finds its purchase by itself before it waits with the others, so that they come in a few batches.
    assert!(refunded < 4 * ITEMS as u64, "{refunded} statements for {ITEMS} refunds");
}
