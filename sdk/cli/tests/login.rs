//! Signing in, profiles, tokens: the story of a client's credentials on a developer's machine.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "tests stop where they fail"
)]

mod common;

use common::{FakeGateway, Home, Reply, expect, expect_with_stdin};
use serde_json::json;

fn gateway() -> FakeGateway {
    FakeGateway::start(|seen| match seen.path.as_str() {
        "/v1/decisions/dec_1" => Reply::Json(200, json!({"id": "dec_1", "fuel": 12_345, "effects": []})),
        _ => Reply::Json(404, json!({"title": "Not found", "status": 404, "code": "not-found", "detail": "There is no such thing."})),
    })
}

#[test]
fn a_login_is_proved_stored_privately_and_used() {
    let (home, gateway) = (Home::new(), gateway());
    let login = ["login", "--url", &gateway.url, "--client-id", "cli-test"];
    let said = expect_with_stdin(&mut home.coalition(&login), "hush\n", 0);
    assert!(said.out.contains("Signed in") && said.out.contains("transactions plugins"), "{}", said.out);
    let file = home.folder.path().join("config/coalition/profiles.toml");
    assert!(common::is_private(&file));

    let said = expect(&mut home.coalition(&["decision", "show", "dec_1"]), 0);
    assert!(said.out.contains("12345"), "{}", said.out);
    expect(&mut home.coalition(&["decision", "show", "dec_1", "--json"]), 0);
    // Login took one token; the two commands after it found it in the cache.
    assert_eq!(gateway.seen("/oauth/token").len(), 1);
    assert!(common::is_private(&home.folder.path().join("cache/coalition/tokens.json")));
    assert_eq!(gateway.seen("/v1/decisions/dec_1")[1].headers["authorization"], "Bearer token-1");
}

#[test]
fn wrong_credentials_store_nothing() {
    let (home, gateway) = (Home::new(), gateway());
    let login = ["login", "--url", &gateway.url, "--client-id", "cli-test", "--client-secret", "wrong"];
    let said = expect(&mut home.coalition(&login), 3);
    assert!(said.err.contains("not in force") && said.err.contains("fix:"), "{}", said.err);
    assert!(!said.err.contains("wrong"), "the secret is not shown: {}", said.err);
    let said = expect(&mut home.coalition(&["profile", "list", "--json"]), 0);
    assert_eq!(said.json(), json!([]));
}

#[test]
fn an_address_without_a_gateway_says_so() {
    let home = Home::new();
    let said = expect_with_stdin(&mut home.coalition(&["login", "--url", "http://127.0.0.1:9", "--client-id", "x"]), "s", 3);
    assert!(said.err.contains("no answer from http://127.0.0.1:9") && said.err.contains("fix:"), "{}", said.err);
    let said = expect_with_stdin(&mut home.coalition(&["login", "--url", "nonsense", "--client-id", "x"]), "s", 2);
    assert!(said.err.contains("https://gateway.example"), "{}", said.err);
    let said = expect(&mut home.coalition(&["plugin", "list"]), 2);
    assert!(said.err.contains("coalition login"), "{}", said.err);
}

#[test]
fn profiles_are_listed_chosen_shown_and_removed_without_their_secrets() {
    let (home, gateway) = (Home::new(), gateway());
    for name in ["bakery", "grocer"] {
        let login = ["login", "--profile", name, "--url", &gateway.url, "--client-id", "cli-test", "--client-secret", "hush"];
        expect(&mut home.coalition(&login), 0);
    }
    expect(&mut home.coalition(&["profile", "use", "bakery"]), 0);
    let list = expect(&mut home.coalition(&["profile", "list"]), 0);
    assert!(list.out.lines().any(|line| line.starts_with("*  bakery")), "{}", list.out);
    let show = expect(&mut home.coalition(&["profile", "show", "grocer"]), 0);
    assert!(show.out.contains(&gateway.url) && !show.out.contains("hush"), "{}", show.out);
    expect(&mut home.coalition(&["profile", "remove", "bakery"]), 0);
    let said = expect(&mut home.coalition(&["profile", "use", "bakery"]), 2);
    assert!(said.err.contains("stored: grocer"), "{}", said.err);
    // Nothing is current now; a name still works.
    expect(&mut home.coalition(&["decision", "show", "dec_1"]), 2);
    expect(&mut home.coalition(&["decision", "show", "dec_1", "--profile", "grocer"]), 0);
}

#[test]
fn the_environment_counts_whole_or_not_at_all() {
    let (home, gateway) = (Home::new(), gateway());
    expect(&mut home.at(&gateway, &["decision", "show", "dec_1"]), 0);
    let said = expect(home.at(&gateway, &["decision", "show", "dec_1"]).env_remove("COALITION_CLIENT_SECRET"), 2);
    assert!(said.err.contains("COALITION_CLIENT_SECRET is not set"), "{}", said.err);
}

#[test]
fn a_refused_token_is_fetched_anew_once() {
    let home = Home::new();
    let gateway = FakeGateway::start(|seen| {
        if seen.headers["authorization"] == "Bearer token-1" {
            Reply::Json(401, json!({"title": "Unauthorized", "status": 401, "code": "unauthorized"}))
        } else {
            Reply::Json(200, json!({"id": "dec_1"}))
        }
    });
    expect(&mut home.at(&gateway, &["decision", "show", "dec_1"]), 0);
    assert_eq!(gateway.seen("/oauth/token").len(), 2);

    let hopeless = FakeGateway::start(|_| Reply::Json(401, json!({"title": "Unauthorized", "status": 401, "code": "unauthorized"})));
    expect(&mut home.at(&hopeless, &["decision", "show", "dec_1"]), 3);
    assert_eq!(hopeless.seen("/v1/decisions/dec_1").len(), 2);
}

#[test]
fn a_replay_that_differs_is_exit_code_1() {
    let home = Home::new();
    let gateway = FakeGateway::start(|seen| Reply::Json(200, json!({"identical": seen.path.contains("same"), "digest": "abc"})));
    expect(&mut home.at(&gateway, &["decision", "replay", "dec_same"]), 0);
    expect(&mut home.at(&gateway, &["decision", "replay", "dec_other"]), 1);
    assert_eq!(gateway.seen("/v1/decisions/dec_same/replay")[0].method, "POST");
}

#[test]
fn colour_is_for_terminals_only_unless_asked_for() {
    let (home, gateway) = (Home::new(), gateway());
    let plain = expect(&mut home.at(&gateway, &["decision", "show", "dec_1"]), 0);
    assert!(!plain.out.contains('\u{1b}'));
    let coloured = expect(&mut home.at(&gateway, &["decision", "show", "dec_1", "--color", "always"]), 0);
    assert!(coloured.out.contains('\u{1b}'));
}

#[test]
fn help_version_and_completions_are_there() {
    let home = Home::new();
    assert!(expect(&mut home.coalition(&["--version"]), 0).out.starts_with("coalition "));
    assert!(expect(&mut home.coalition(&["--help"]), 0).out.contains("Exit codes:"));
    for shell in ["bash", "zsh", "fish"] {
        assert!(expect(&mut home.coalition(&["completions", shell]), 0).out.contains("coalition"));
    }
    expect(&mut home.coalition(&["plugin", "frobnicate"]), 2);
}
