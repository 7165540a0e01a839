//! Vouchers that rules issue are used at their partner's till, once.

use coalition_tests::both_databases;
use coalition_tests::harness::actors::{Brand, Coalition, Member};
use serde_json::{Value, json};

both_databases!(a_voucher_is_used_once_at_its_partner, many_tills_race_for_one_voucher);

async fn shop(coalition: &Coalition) -> Brand {
    let config = json!({ "unit": 0, "expires_days": 10, "answers": [{ "on": "purchase", "voucher": true }] });
    coalition.brand_with_puppet("shop", &config).await
}

async fn vouchers(brand: &Brand, member: &Member) -> Vec<Value> {
    brand.http.get(&format!("/v1/members/{}/vouchers", member.id)).await.ok(200)["items"].as_array().unwrap().clone()
}

fn path(voucher: &Value) -> String {
    format!("/v1/vouchers/{}/use", voucher["code"].as_str().unwrap())
}

async fn a_voucher_is_used_once_at_its_partner(coalition: Coalition) {
    let shop = shop(&coalition).await;
    let other = coalition.brand("other").await;
    let ada = shop.enrol("ADA-1").await;
    let first = shop.sell(&ada, 100).await;
    let issued = vouchers(&shop, &ada).await;
    let body = json!({ "external_id": "use-1" });
    other.http.post(&path(&issued[0]), &body).await.any_problem(404);
    shop.http.post("/v1/vouchers/AAAA-BBBB-CCCC/use", &body).await.any_problem(404);
    shop.http.post(&path(&issued[0]), &json!({})).await.any_problem(400);
    let used = shop.http.post(&path(&issued[0]), &body).await.ok(200);
    assert_eq!((&used["status"], &used["template"], &used["value"]["amount"]), (&json!("used"), &json!("mug"), &json!(500)), "{used:#}");
    let again = shop.http.post(&path(&issued[0]), &body).await;
    assert!(again.is_replay());
    assert_eq!(again.ok(200), used);
    shop.http.post(&path(&issued[0]), &json!({ "external_id": "use-2" })).await.problem(409, "voucher-used");
    assert_eq!(vouchers(&shop, &ada).await[0]["status"], "used");
    // A refund of what it was given for leaves it used; an unused one is taken back.
    let refund = async |sold: &Value, number: &str| {
        shop.http
            .post(&format!("/v1/transactions/{}/refunds", sold["id"].as_str().unwrap()), &json!({ "external_id": number }))
            .await
            .ok(201)
    };
    refund(&first, "r-1").await;
    assert_eq!(vouchers(&shop, &ada).await[0]["status"], "used");
    let second = shop.sell(&ada, 100).await;
    let issued = vouchers(&shop, &ada).await;
    shop.http.post(&path(&issued[0]), &body).await.problem(409, "external-id-conflict");
    refund(&second, "r-2").await;
    shop.http.post(&path(&issued[0]), &json!({ "external_id": "use-3" })).await.problem(409, "voucher-revoked");
    shop.sell(&ada, 100).await;
    let issued = vouchers(&shop, &ada).await;
    coalition.set_clock("2026-12-01T12:00:01Z").await;
    shop.http.post(&path(&issued[0]), &json!({ "external_id": "use-4" })).await.problem(410, "voucher-expired");
    assert_eq!(vouchers(&shop, &ada).await[0]["status"], "expired");
    coalition.verify().await;
}

async fn many_tills_race_for_one_voucher(coalition: Coalition) {
    let shop = shop(&coalition).await;
    let ada = shop.enrol("ADA-1").await;
    shop.sell(&ada, 100).await;
    let issued = vouchers(&shop, &ada).await;
    let another = coalition.another_gateway();
    let tills = (0..12).map(|number| {
        let http = if number % 2 == 0 { shop.http.clone() } else { shop.http.at(&another.url()) };
        let path = path(&issued[0]);
        async move { http.post(&path, &json!({ "external_id": format!("use-{number}") })).await.status.as_u16() }
    });
    let mut statuses = futures::future::join_all(tills).await;
    statuses.sort_unstable();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert!(statuses.iter().skip(1).all(|status| *status == 409), "{statuses:?}");
    coalition.verify().await;
}
