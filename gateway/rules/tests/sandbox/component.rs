//! Makes components of the contract from a few lines of WebAssembly text and an image of static data, laid out as the canonical ABI
//! has it.

use std::fmt::Write;
use std::path::Path;

use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::Resolve;

/// Where the static data begins.
const BASE: u32 = 4096;
/// The size of one effect in a list: the tag, and the largest of its records.
pub const EFFECT_BYTES: u32 = 112;

/// Static data that grows; what is put returns its address.
#[derive(Clone, Default)]
pub struct Data(Vec<u8>);

impl Data {
    pub fn put(&mut self, bytes: &[u8]) -> u32 {
        while !self.0.len().is_multiple_of(8) {
            self.0.push(0);
        }
        let at = BASE + self.0.len() as u32;
        self.0.extend_from_slice(bytes);
        at
    }

    fn text(&mut self, text: &str) -> [u8; 8] {
        let at = self.put(text.as_bytes());
        pair(at, text.len() as u32)
    }

    fn texts(&mut self, list: &[&str]) -> [u8; 8] {
        let items: Vec<u8> = list.iter().flat_map(|text| self.text(text)).collect();
        pair(self.put(&items), list.len() as u32)
    }

    fn message(&mut self, key: &str) -> Vec<u8> {
        [self.text(key), pair(0, 0)].concat()
    }

    /// `list<effect>` as the answer to an event.
    pub fn effects(&mut self, effects: &[Vec<u8>]) -> u32 {
        let items: Vec<u8> = effects.iter().flat_map(|effect| padded(effect.clone(), EFFECT_BYTES as usize)).collect();
        let at = self.put(&items);
        let list = pair(at, effects.len() as u32);
        self.put(&[&[0; 4][..], &list, &[0; 16]].concat())
    }

    /// An answer that lists `count` effects at an address.
    pub fn effects_at(&mut self, at: u32, count: u32) -> u32 {
        self.put(&[&[0; 4][..], &pair(at, count), &[0; 16]].concat())
    }

    pub fn award(&mut self, key: &str, points: i64) -> Vec<u8> {
        self.award_lines(key, points, &[])
    }

    pub fn award_lines(&mut self, key: &str, points: i64, lines: &[u32]) -> Vec<u8> {
        let mut effect = tag(0);
        effect.extend(self.text(key));
        effect.extend(points.to_le_bytes());
        effect.extend(self.message("thanks"));
        let numbers: Vec<u8> = lines.iter().flat_map(|line| line.to_le_bytes()).collect();
        effect.extend(pair(self.put(&numbers), lines.len() as u32));
        effect
    }

    pub fn recover(&mut self, key: &str, points: i64) -> Vec<u8> {
        let mut effect = tag(1);
        effect.extend(self.text(key));
        effect.extend(points.to_le_bytes());
        effect.extend(self.message("thanks"));
        effect
    }

    pub fn progress(&mut self, counter: &str, delta: i64) -> Vec<u8> {
        let mut effect = tag(2);
        effect.extend(self.text(counter));
        effect.extend(delta.to_le_bytes());
        effect
    }

    pub fn grant_badge(&mut self, name: &str) -> Vec<u8> {
        let mut effect = tag(3);
        effect.extend(self.text(name));
        effect.extend(pair(0, 0));
        effect
    }

    pub fn set_tier(&mut self, name: &str) -> Vec<u8> {
        let mut effect = tag(5);
        effect.extend([1, 0, 0, 0]);
        effect.extend(self.text(name));
        effect.extend([0; 4]);
        effect.extend([0; 24]);
        effect.extend(self.message("thanks"));
        effect
    }

    pub fn issue_voucher(&mut self, key: &str, template: &str) -> Vec<u8> {
        let mut effect = tag(6);
        effect.extend(self.text(key));
        effect.extend(self.text(template));
        effect.extend([0; 48]);
        effect.extend(self.message("thanks"));
        effect
    }

    pub fn revoke_voucher(&mut self, id: &str) -> Vec<u8> {
        let mut effect = tag(7);
        effect.extend(self.text(id));
        effect
    }

    pub fn signal(&mut self, relation: &str) -> Vec<u8> {
        let mut effect = tag(9);
        effect.extend(self.text(relation));
        effect.extend(self.text("joined"));
        effect
    }

    /// An offer of this reward, at 100 points.
    pub fn offer(&mut self, reward: &str) -> Vec<u8> {
        let mut offer = self.text(reward).to_vec();
        offer.extend(self.message("thanks"));
        offer.extend(tag(1));
        offer.extend(100i64.to_le_bytes());
        // value none, eligible
        offer.extend([0; 24]);
        offer.extend([1, 0, 0, 0]);
        padded(offer, 160)
    }

    pub fn offers(&mut self, offers: &[Vec<u8>]) -> u32 {
        let at = self.put(&offers.concat());
        self.put(&pair(at, offers.len() as u32))
    }

    /// A quotation of so many points for 5 of a currency.
    pub fn quotation(&mut self, points: i64, currency: &str) -> u32 {
        let mut answer = tag(0);
        answer.extend(points.to_le_bytes());
        answer.extend(500i64.to_le_bytes());
        answer.extend(self.text(currency));
        answer.extend(self.message("thanks"));
        self.put(&padded(answer, 96))
    }

    pub fn manifest(&mut self, manifest: &ManifestText<'_>) -> u32 {
        let mut answer = vec![0; 4];
        answer.extend(self.text(manifest.name));
        answer.extend(self.text(manifest.version));
        answer.extend(self.texts(manifest.handles));
        answer.extend(self.texts(manifest.needs));
        answer.extend(self.texts(manifest.requires));
        answer.extend(self.text(manifest.config_schema));
        let entries = [self.text("thanks"), self.text("Thank you")].concat();
        let entries = pair(self.put(&entries), 1);
        let locales = [self.text("en"), entries].concat();
        answer.extend(pair(self.put(&locales), manifest.locales));
        let mut rewards = Vec::new();
        for reward in manifest.rewards {
            let mut record = self.text(reward).to_vec();
            record.extend(self.text("free-product"));
            rewards.extend(padded(record, 64));
        }
        answer.extend(pair(self.put(&rewards), manifest.rewards.len() as u32));
        let mut counters = Vec::new();
        for counter in manifest.counters {
            counters.extend(self.text(counter));
            counters.extend([5, 0, 0, 0]);
        }
        answer.extend(pair(self.put(&counters), manifest.counters.len() as u32));
        answer.extend(self.texts(manifest.badges));
        answer.extend(self.texts(manifest.tiers));
        answer.extend(self.texts(manifest.campaigns));
        answer.extend(pair(0, 0));
        self.put(&answer)
    }
}

fn pair(at: u32, len: u32) -> [u8; 8] {
    let mut bytes = [0; 8];
    bytes[..4].copy_from_slice(&at.to_le_bytes());
    bytes[4..].copy_from_slice(&len.to_le_bytes());
    bytes
}

fn tag(case: u8) -> Vec<u8> {
    vec![case, 0, 0, 0, 0, 0, 0, 0]
}

fn padded(mut bytes: Vec<u8>, to: usize) -> Vec<u8> {
    assert!(bytes.len() <= to);
    bytes.resize(to, 0);
    bytes
}

/// The manifest's fields that tests vary.
pub struct ManifestText<'a> {
    pub name: &'a str,
    pub version: &'a str,
    pub handles: &'a [&'a str],
    pub needs: &'a [&'a str],
    pub requires: &'a [&'a str],
    pub config_schema: &'a str,
    pub locales: u32,
    pub rewards: &'a [&'a str],
    pub counters: &'a [&'a str],
    pub badges: &'a [&'a str],
    pub tiers: &'a [&'a str],
    pub campaigns: &'a [&'a str],
}

impl Default for ManifestText<'_> {
    fn default() -> Self {
        Self {
            name: "sample",
            version: "1.0.0",
            handles: &["purchase"],
            needs: &["counters"],
            requires: &[],
            config_schema: "{}",
            locales: 1,
            rewards: &["coffee"],
            counters: &["stamps"],
            badges: &["regular"],
            tiers: &["gold"],
            campaigns: &[],
        }
    }
}

/// A component in the making. The bodies are WebAssembly text that leaves the address of the answer.
#[derive(Clone)]
pub struct Rules {
    pub data: Data,
    pub describe: String,
    pub on_event: String,
    pub offers: String,
    pub quote: String,
    /// More functions and globals.
    pub more: String,
    pub pages: u32,
}

impl Rules {
    /// Rules that do everything right: five points, a stamp, one offer, one quote.
    pub fn good() -> Self {
        Self::with_manifest(&ManifestText::default())
    }

    pub fn with_manifest(manifest: &ManifestText<'_>) -> Self {
        let mut data = Data::default();
        let describe = data.manifest(manifest);
        let mut effects = Vec::new();
        effects.push(data.award("base", 5));
        if !manifest.counters.is_empty() {
            effects.push(data.progress(manifest.counters[0], 1));
        }
        let on_event = data.effects(&effects);
        let offers: Vec<_> = manifest.rewards.iter().map(|reward| data.offer(reward)).collect();
        let offers = data.offers(&offers);
        let quote = data.quotation(100, "USD");
        let answer = |at: u32| format!("i32.const {at}");
        Self {
            data,
            describe: answer(describe),
            on_event: answer(on_event),
            offers: answer(offers),
            quote: answer(quote),
            more: String::new(),
            pages: 16,
        }
    }

    /// Good rules but for their answer to an event.
    pub fn answering(effects: impl FnOnce(&mut Data) -> Vec<Vec<u8>>) -> Self {
        let mut rules = Self::good();
        let effects = effects(&mut rules.data);
        let at = rules.data.effects(&effects);
        rules.on_event = format!("i32.const {at}");
        rules
    }

    /// Good rules but for what they do with an event before they answer as they should.
    pub fn doing(body: &str) -> Self {
        let mut rules = Self::good();
        rules.on_event = format!("{body}\n{}", rules.on_event);
        rules
    }

    pub fn module(&self) -> Vec<u8> {
        let mut escaped = String::new();
        for byte in &self.data.0 {
            write!(escaped, "\\{byte:02x}").unwrap();
        }
        let heap = BASE as usize + self.data.0.len() + 8;
        let Self { describe, on_event, offers, quote, more, pages, .. } = self;
        let text = format!(
            r#"(module
  (import "coalition:rules/state@1.0.0" "get" (func $get (param i32 i32 i32)))
  (import "coalition:rules/state@1.0.0" "put" (func $put (param i32 i32 i32 i32 i32)))
  (import "coalition:rules/state@1.0.0" "delete" (func $delete (param i32 i32 i32)))
  (import "coalition:rules/log@1.0.0" "write" (func $log (param i32 i32 i32)))
  (memory (export "memory") {pages})
  (global $heap (mut i32) (i32.const {heap}))
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
    (global.set $heap (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.get $heap)
    (global.set $heap (i32.add (global.get $heap) (local.get 3))))
  (data (i32.const {BASE}) "{escaped}")
  {more}
  (func (export "coalition:rules/program@1.0.0#describe") (param i32 i32) (result i32) {describe})
  (func (export "coalition:rules/program@1.0.0#on-event") (param i32) (result i32) (local $n i32) {on_event})
  (func (export "coalition:rules/program@1.0.0#offers") (param i32) (result i32) {offers})
  (func (export "coalition:rules/program@1.0.0#quote") (param i32) (result i32) {quote}))"#
        );
        wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{more}\n{on_event}"))
    }

    pub fn component(&self) -> Vec<u8> {
        component(
            &self.module(),
            &std::fs::read_to_string(wit().join("types.wit")).unwrap(),
            &std::fs::read_to_string(wit().join("rules.wit")).unwrap(),
        )
    }
}

fn wit() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../sdk/wit/v1"))
}

/// Componentizes a module for the world `rules` of these two files.
pub fn component(module: &[u8], types: &str, rules: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("types.wit"), types).unwrap();
    std::fs::write(folder.path().join("rules.wit"), rules).unwrap();
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_dir(folder.path()).unwrap();
    let world = resolve.select_world(&[package], Some("rules")).unwrap();
    let mut module = module.to_vec();
    wit_component::embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().validate(true).encode().unwrap()
}

/// A component of text that is not of our contract.
pub fn text(wat: &str) -> Vec<u8> {
    wat::parse_str(wat).unwrap()
}
