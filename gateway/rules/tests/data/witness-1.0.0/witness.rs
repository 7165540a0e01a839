//! What `witness.wasm` beside this file was built from, with the SDK of the day the contract was frozen. It writes down everything it is given, in its state and in
//! what it answers, and says one of everything that the contract lets it say. It is never built again: the bytes are what is kept.

use coalition_sdk::*;

settings! {
    /// Nothing but a word.
    pub struct Config {
        /// A word that comes back.
        pub word: String = "witness".to_owned(),
    }
}

/// What the last event was, in full.
const SEEN: Key<String> = Key::new("seen", 1);

/// The program.
#[derive(Debug)]
pub struct Witness;

impl Program for Witness {
    type Config = Config;

    fn describe(config: &Config) -> Manifest {
        let kinds =
            ["purchase", "refund", "redemption", "enrolment", "anniversary", "period-close", "signal", "coalition", "activity:x-testimony"];
        let needs = ["months", "counters", "badges", "vouchers", "awarded", "balance", "birthday-window", "age-band", "x-favourite"];
        let manifest = Manifest::new("witness", "1.0.0");
        let manifest = kinds.into_iter().fold(manifest, Manifest::handles);
        let mut manifest = needs.into_iter().fold(manifest, Manifest::needs);
        manifest.limits.push(Limit { name: "points".to_owned(), max: 1_000, window: Window::Day });
        manifest
            .reward(Reward::new("thing", "gift").stock(7).per_member(2, Window::Quarter))
            .reward(Reward::new("plain", "x-plain"))
            .counter(Counter::new("seen", Window::Month).keep(3).totals())
            .counter(Counter::new("ever", Window::Lifetime))
            .badge("present")
            .badge("absent")
            .tier("first")
            .table(["en", "pl"], &[("said", ["{word} in {number}", "{word} w {number}"]), ("terms", ["It saw.", "Widział."])])
            .text("en", "word", config.word.as_str())
            .text("pl", "word", config.word.as_str())
    }

    fn check(config: &Config, problems: &mut Problems) {
        problems.unless(config.word != "false", "/word", "a witness says what is so");
    }

    fn on_event(event: &Event, member: &Member, config: &Config, state: &mut State) -> Result<Effects, Stop> {
        log::info(&format!("saw {}", event.id));
        let before = state.get(&SEEN)?;
        // A member's state holds 8 KiB; a hundred lines don't fit.
        let seen = format!("{member:?} | {:?} | {event:?}", before.map(|seen| seen.len()));
        state.put(&SEEN, &seen.chars().take(6_000).collect())?;
        if event.attributes.flag("x-refuse") {
            return Err(Refusal::new("not-today", said(config, 0)).into());
        }
        let mut effects = Effects::new();
        let numbers = event.purchase().into_iter().flat_map(|purchase| purchase.lines.iter().map(|line| line.number));
        effects
            .award(Award::new("now", Points::new(1), said(config, 1)).for_lines(numbers).expires(Moment::AfterMonths(12)))
            .award(
                Award::new("days", Points::new(2), said(config, 2)).available(Moment::AfterDays(14)).expires(Moment::At(1_900_000_000_000)),
            )
            .award(Award::new("window", Points::new(3), said(config, 3)).available(Moment::EndOf(Window::Week)))
            .award(Award::new("action", Points::new(4), said(config, 4)).available_on("delivered").expires(Moment::EndOf(Window::Year)))
            .progress("seen", 1)
            .progress("ever", -1)
            .grant_badge("present", "2026-W48")
            .revoke_badge("absent", "")
            .set_tier(Some("first"), Some(Moment::At(1_900_000_000_000)), said(config, 5))
            .issue_voucher(
                Voucher::new("full", "thing", said(config, 6))
                    .worth(Money::new(500, Currency::EUR))
                    .expires(Moment::AfterDays(30))
                    .with("text", "one thing")
                    .with("percent", 10_i64)
                    .with("x-flag", true),
            )
            .issue_voucher(Voucher::new("bare", "plain", said(config, 7)))
            .revoke_voucher("voucher-1")
            .tell(said(config, 8).with("flag", false))
            .instruct("print", Attributes::default().with("text", config.word.as_str()));
        match event.body {
            EventBody::Refund(_) => effects.recover("now", Points::new(1), said(config, 9)),
            EventBody::Signal(_) => &mut effects,
            _ => effects.signal("referrer", "x-seen", Attributes::default().with("x-number", 10_i64)),
        };
        Ok(effects)
    }

    fn offers(context: &Context, member: &Member, config: &Config, state: &State) -> Result<Vec<Offer>, Fault> {
        let seen = state.get(&SEEN)?.map_or(0, |seen| seen.len());
        let mut full = Offer::new("thing", said(config, 1))
            .price(Points::new(10))
            .worth(Money::new(100, Currency::USD))
            .not_yet(said(config, 2))
            .target(1, 10, "points")
            .with("x-context", short(&format!("{context:?}")))
            .with("x-balance", member.balance.map_or(-1, Points::get))
            .with("x-seen", i64::try_from(seen).unwrap_or(-1));
        full.valid_until_ms = Some(1_900_000_000_000);
        Ok(vec![full, Offer::new("plain", said(config, 3))])
    }

    fn quote(request: &QuoteRequest, _: &Member, config: &Config, _: &State) -> Result<Quotation, Stop> {
        match request.reward.as_str() {
            "thing" => Ok(Quotation::new(Points::new(10), Money::new(100, Currency::USD), said(config, 1))
                .valid(Moment::AfterDays(1))
                .with("x-request", short(&format!("{request:?}")))),
            other => Err(Refusal::no_such_reward(other).into()),
        }
    }
}

fn said(config: &Config, number: i64) -> Message {
    Message::new("said").with("word", config.word.as_str()).with("number", number)
}

fn short(text: &str) -> String {
    text.chars().take(1_000).collect()
}

coalition_sdk::export!(Witness);
