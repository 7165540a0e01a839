//! Rules: taken once, refused with every reason, made live, superseded, stopped.

use coalition_app::{Kind, Page};
use coalition_domain::PluginId;
use serde_json::{Value, json};

use crate::component::{ManifestText, Rules};
use crate::harness::{World, body, claim, read, refused};

fn id(plugin: &Value) -> PluginId {
    plugin["id"].as_str().unwrap().parse().unwrap()
}

fn version(version: &str) -> Vec<u8> {
    Rules::with_manifest(&ManifestText { version, ..ManifestText::default() }).component()
}

#[tokio::test]
async fn a_component_is_taken_once() {
    let world = World::new().await;
    let (app, brand, other) = (&world.app, world.partner("bakehouse").await, world.partner("freshmart").await);
    let taken = app.upload_plugin(&brand.caller, version("1.0.0"), None).await.unwrap();
    assert!(taken.created);
    let plugin = body(&taken);
    assert_eq!(
        (plugin["name"].as_str(), plugin["status"].as_str(), plugin["class"].as_str()),
        (Some("sample"), Some("ready"), Some("native"))
    );
    assert_eq!(plugin["describe"]["rewards"][0]["id"], "coffee");
    assert_eq!((&plugin["mode"], &plugin["runs"]["calls"]), (&Value::Null, &json!(0)));
    let again = app.upload_plugin(&brand.caller, version("1.0.0"), None).await.unwrap();
    assert!(!again.created);
    assert_eq!(body(&again), plugin);
    // The same bytes are another partner's other version; the operator has rules of its own as well.
    for caller in [&other.caller, &world.operator().await] {
        let own = app.upload_plugin(caller, version("1.0.0"), None).await.unwrap();
        assert!(own.created);
        assert_ne!(body(&own)["id"], plugin["id"]);
    }
    refused(app.plugin(&other.caller, id(&plugin)).await, "not-found");
    let second = body(&app.upload_plugin(&brand.caller, version("1.1.0"), None).await.unwrap());
    let listed = app.plugins(&brand.caller, Page::default()).await.unwrap();
    assert_eq!(listed.items.iter().map(|item| item.id).collect::<Vec<_>>(), [id(&second), id(&plugin)]);
}

#[tokio::test]
async fn what_is_no_program_is_refused_with_reasons() {
    let world = World::new().await;
    let (app, brand) = (&world.app, world.partner("bakehouse").await);
    let later = Rules::with_manifest(&ManifestText { needs: &["secrets"], requires: &["moon"], ..ManifestText::default() });
    for (component, faults_min) in [(b"not wasm".to_vec(), 1), (later.component(), 2)] {
        let error = refused(app.upload_plugin(&brand.caller, component, None).await, "plugin-rejected");
        assert_eq!(error.kind, Kind::Unprocessable);
        assert!(error.errors.len() >= faults_min && error.errors.iter().all(|fault| fault.detail.contains(": ")), "{error:?}");
    }
    let huge = vec![0; app.sandbox().limits().component_engine_bytes_max + 1];
    refused(app.upload_plugin(&brand.caller, huge, None).await, "too-large");
    assert!(app.plugins(&brand.caller, Page::default()).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn an_upload_is_safe_to_repeat() {
    let world = World::new().await;
    let (app, brand) = (&world.app, world.partner("bakehouse").await);
    let key = claim("up", "POST /v1/plugins", &"bytes");
    let first = app.upload_plugin(&brand.caller, version("1.0.0"), Some(key.clone())).await.unwrap();
    let again = app.upload_plugin(&brand.caller, version("1.0.0"), Some(key)).await.unwrap();
    assert!(again.replayed && again.created);
    assert_eq!(again.body, first.body);
}

#[tokio::test]
async fn one_version_is_live_at_a_time() {
    let world = World::new().await;
    let (app, brand) = (&world.app, world.partner("bakehouse").await);
    let mut ids = Vec::new();
    for number in ["1.0.0", "1.1.0"] {
        ids.push(id(&body(&app.upload_plugin(&brand.caller, version(number), None).await.unwrap())));
    }
    let epoch = async || coalition_store::partners::find(app.store().read(), brand.id.uuid()).await.unwrap().unwrap().plugin_epoch;
    let activate = async |plugin: PluginId, what: Value| app.activate_plugin(&brand.caller, plugin, read(what), None).await;
    assert_eq!(epoch().await, 0);
    let live = activate(ids[0], json!({"mode": "live", "config": {"b": 1, "a": 2}})).await.unwrap();
    assert!(!live.created);
    assert_eq!((body(&live)["mode"].as_str(), body(&live)["config"].clone()), (Some("live"), json!({"a": 2, "b": 1})));
    assert_eq!(epoch().await, 1);
    // The same again changes nothing; the configuration is carried over to another version of the same rules.
    activate(ids[0], json!({"mode": "live", "config": {"a": 2, "b": 1}})).await.unwrap();
    assert_eq!(epoch().await, 1);
    let second = activate(ids[1], json!({"mode": "live"})).await.unwrap();
    assert_eq!(body(&second)["config"], json!({"a": 2, "b": 1}));
    assert_eq!(epoch().await, 2);
    let listed = app.plugins(&brand.caller, Page::default()).await.unwrap();
    assert_eq!(listed.items.iter().map(|item| item.mode.as_deref()).collect::<Vec<_>>(), [Some("live"), None]);
    app.deactivate_plugin(&brand.caller, ids[0], None).await.unwrap();
    assert_eq!(epoch().await, 2);
    let stopped = app.deactivate_plugin(&brand.caller, ids[1], None).await.unwrap();
    assert_eq!((&body(&stopped)["mode"], epoch().await), (&Value::Null, 3));
}

#[tokio::test]
async fn what_is_not_executed_is_refused_in_so_many_words() {
    let world = World::new().await;
    let (app, brand, other) = (&world.app, world.partner("bakehouse").await, world.partner("freshmart").await);
    let plugin = id(&body(&app.upload_plugin(&brand.caller, version("1.0.0"), None).await.unwrap()));
    for mode in ["shadow", "canary"] {
        let error = app.activate_plugin(&brand.caller, plugin, read(json!({"mode": mode})), None).await;
        assert!(refused(error, "mode-not-supported").detail.contains(mode));
    }
    refused(app.activate_plugin(&other.caller, plugin, read(json!({"mode": "live"})), None).await, "not-found");
    refused(app.deactivate_plugin(&other.caller, plugin, None).await, "not-found");
    // No reward of the sample counts pieces, and before it is live it has none at all.
    for _ in 0..2 {
        refused(app.put_stock(&brand.caller, "coffee", read(json!({"remaining": 3}))).await, "not-found");
        app.activate_plugin(&brand.caller, plugin, read(json!({"mode": "live"})), None).await.unwrap();
    }
    refused(app.put_stock(&brand.caller, "coffee", read(json!({"remaining": -1}))).await, "invalid-request");
}

#[tokio::test]
async fn a_configuration_that_the_rules_fail_on_is_refused() {
    let world = World::new().await;
    let (app, brand) = (&world.app, world.partner("bakehouse").await);
    let mut rules = Rules::good();
    // It describes itself for the two bytes of `{}` only.
    rules.describe = format!("(if (i32.gt_u (local.get 1) (i32.const 2)) (then unreachable))\n{}", rules.describe);
    let plugin = id(&body(&app.upload_plugin(&brand.caller, rules.component(), None).await.unwrap()));
    let error = app.activate_plugin(&brand.caller, plugin, read(json!({"mode": "live", "config": {"a": 1}})), None).await;
    assert_eq!(refused(error, "invalid-config").errors[0].pointer, "/config");
    app.activate_plugin(&brand.caller, plugin, read(json!({"mode": "live"})), None).await.unwrap();
}
