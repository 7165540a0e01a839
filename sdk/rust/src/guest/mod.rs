//! The edge to the gateway, in WebAssembly only: bindings generated from the contract, and the four exported functions, for any [`Program`].
//! Nothing of it is seen by rule authors.

mod answers;
mod heap;
mod questions;

use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use crate::{Fault, Program, State, Stop, log, program, settings};

/// What wit-bindgen makes of `sdk/wit/v1`. The only unsafe code of the crate is in here, and in the allocator beside it.
#[allow(
    missing_docs,
    unsafe_code,
    clippy::all,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::allow_attributes_without_reason,
    reason = "generated"
)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit/v1",
        world: "rules",
        pub_export_macro: true,
        default_bindings_module: "coalition_sdk::guest::bindings",
    });
}

use bindings::coalition::rules::types as wit;

/// The exports of program `P`.
#[derive(Debug)]
pub struct Component<P>(PhantomData<P>);

impl<P: Program> bindings::exports::coalition::rules::program::Guest for Component<P> {
    fn describe(config: String) -> Result<wit::Manifest, Vec<wit::Problem>> {
        log_panics();
        match program::configure::<P>(&config) {
            Ok(parsed) => {
                let manifest = P::describe(&parsed).completed();
                Ok(answers::manifest(manifest, settings::schema::<P::Config>()))
            }
            Err(problems) => Err(problems.into_iter().map(Into::into).collect()),
        }
    }

    fn on_event(event: wit::Event, member: wit::Member, config: String) -> Result<Vec<wit::Effect>, wit::Refusal> {
        log_panics();
        let (event, member, config) = (kept(event), kept(member), read::<P>(&config));
        match P::on_event(&event, &member, &config, &mut State::of_host()) {
            Ok(effects) => Ok(effects.into_iter().map(Into::into).collect()),
            Err(Stop::Refused(refusal)) => Err(refusal.into()),
            Err(Stop::Broken(fault)) => fail(&fault),
        }
    }

    fn offers(context: wit::Context, member: wit::Member, config: String) -> Vec<wit::Offer> {
        log_panics();
        let (context, member, config) = (kept(context), kept(member), read::<P>(&config));
        match P::offers(&context, &member, &config, &State::of_host()) {
            Ok(offers) => offers.into_iter().map(Into::into).collect(),
            Err(fault) => fail(&fault),
        }
    }

    fn quote(request: wit::QuoteRequest, member: wit::Member, config: String) -> Result<wit::Quotation, wit::Refusal> {
        log_panics();
        let (request, member, config) = (kept(request), kept(member), read::<P>(&config));
        match P::quote(&request, &member, &config, &State::of_host()) {
            Ok(quotation) => Ok(quotation.into()),
            Err(Stop::Refused(refusal)) => Err(refusal.into()),
            Err(Stop::Broken(fault)) => fail(&fault),
        }
    }
}

/// What was asked, in the SDK's types. An instance lives for one call, so nothing is given back: that would cost fuel and code for nothing.
fn kept<Wit, Sdk: From<Wit>>(value: Wit) -> ManuallyDrop<Sdk> {
    ManuallyDrop::new(value.into())
}

fn read<P: Program>(text: &str) -> ManuallyDrop<P::Config> {
    match settings::read(text) {
        Ok(config) => ManuallyDrop::new(config),
        Err(problems) => {
            fail(&Fault(problems.into_iter().fold("the configuration can't be read:".to_owned(), |all, problem| {
                format!("{all} {} {};", problem.pointer, problem.detail)
            })))
        }
    }
}

/// Ends the run as failed, with the reason in the log. There is no other way to say it: the contract's refusals are answers.
fn fail(fault: &Fault) -> ! {
    log::error(&fault.0);
    std::process::abort()
}

/// A panic in WebAssembly is a bare trap; its message would be lost.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| log::error(&panic.to_string())));
}
