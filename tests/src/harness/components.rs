//! Components that no honest compiler makes, each hostile or broken in one way, for the upload to refuse.
//! They are written as WebAssembly text against the released contract, so that nothing softens them.

use anyhow::{Context as _, Result};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use super::binaries::workspace;

const ENDLESS: &str = "(loop $again (br $again)) (unreachable)";
const HOARD: &str = "(loop $more (br_if $more (i32.ne (memory.grow (i32.const 16)) (i32.const -1)))) (unreachable)";
/// An address outside of the memory, given as where the answer lies.
const NONSENSE: &str = "(i32.const 0x7ffffff0)";
/// 1 GiB, as 64 KiB pages.
const HUGE_MEMORY_PAGES: u32 = 16_384;

/// What an upload must refuse, by name.
pub fn hostile() -> Result<Vec<(&'static str, Vec<u8>)>> {
    let trap = rules("(unreachable)", 1, "")?;
    let half = trap.get(..trap.len() / 2).context("half of a component")?.to_vec();
    let mut scrambled = trap.clone();
    for byte in scrambled.iter_mut().skip(64).step_by(7) {
        *byte ^= 0x5a;
    }
    let locals = "(local i64)".repeat(600);
    Ok(vec![
        ("nothing", Vec::new()),
        ("text", b"fn main() { println!(\"I am not a component\"); }".to_vec()),
        ("truncated", half),
        ("scrambled", scrambled),
        ("a core module", wat::parse_str("(module (memory (export \"memory\") 1))")?),
        ("an empty component", wat::parse_str("(component)")?),
        ("another world", wat::parse_str(ANOTHER_WORLD)?),
        ("imports WASI", imports_wasi()?),
        ("traps", trap),
        ("loops", rules(ENDLESS, 1, "")?),
        ("hoards memory", rules(HOARD, 1, "")?),
        ("starts with too much memory", rules("(unreachable)", HUGE_MEMORY_PAGES, "")?),
        ("answers nonsense", rules(NONSENSE, 1, "")?),
        ("has too many locals", rules("(unreachable)", 1, &format!("(func $locals {locals})"))?),
        ("loops while it starts", rules("(unreachable)", 1, &format!("(func $start {ENDLESS}) (start $start)"))?),
    ])
}

const ANOTHER_WORLD: &str = r#"(component
  (core module $m (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
  (core instance $i (instantiate $m))
  (func $add (param "a" s32) (param "b" s32) (result s32) (canon lift (core func $i "add")))
  (export "add" (func $add)))"#;

/// A component of the contract's world whose every export does the same; `more` is added to its module.
fn rules(body: &str, memory_pages: u32, more: &str) -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(workspace().join("sdk/wit/v1")).context("reading the contract")?;
    let world = resolve.select_world(&[package], Some("rules"))?;
    encode(&resolve, world, &module(body, memory_pages, "", more))
}

/// The same, with an import that only an operating system could serve.
fn imports_wasi() -> Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    resolve.push_path(workspace().join("sdk/wit/v1")).context("reading the contract")?;
    resolve.push_str("clock.wit", "package wasi:clocks@0.2.0; interface monotonic-clock { now: func() -> u64; }")?;
    let package = resolve.push_str(
        "world.wit",
        "package tests:wasi; world greedy { include coalition:rules/rules@1.0.0; import wasi:clocks/monotonic-clock@0.2.0; }",
    )?;
    let world = resolve.select_world(&[package], Some("greedy"))?;
    let import = r#"(import "wasi:clocks/monotonic-clock@0.2.0" "now" (func $now (result i64)))"#;
    encode(&resolve, world, &module("(drop (call $now)) (unreachable)", 1, import, ""))
}

fn encode(resolve: &Resolve, world: wit_parser::WorldId, text: &str) -> Result<Vec<u8>> {
    let mut module = wat::parse_str(text).with_context(|| format!("parsing {text}"))?;
    embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8)?;
    ComponentEncoder::default().module(&module)?.validate(true).encode()
}

/// The core module: memory, an allocator that never frees, and the four exports of the contract at their canonical signatures.
fn module(body: &str, memory_pages: u32, imports: &str, more: &str) -> String {
    let export = |name: &str, params: &str| {
        format!("(func (export \"coalition:rules/program@1.0.0#{name}\") (param {params}) (result i32) {body})\n")
    };
    format!(
        "(module {imports}\n(memory (export \"memory\") {memory_pages})\n(global $top (mut i32) (i32.const 1024))\n\
         (func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32)\n\
         (global.get $top) (global.set $top (i32.and (i32.add (i32.add (global.get $top) (local.get 3)) (i32.const 7)) (i32.const -8))))\n\
         {}{}{}{}{more})",
        export("describe", "i32 i32"),
        export("on-event", "i32"),
        export("offers", "i32"),
        export("quote", "i32"),
    )
}

/// The same component with other bytes: a custom section, which says nothing to anybody, makes it another version.
pub fn variant(component: &[u8], name: &str) -> Vec<u8> {
    with_custom_section(component, name, &[])
}

/// The same component, made at least this large.
pub fn padded(component: &[u8], bytes: usize) -> Vec<u8> {
    with_custom_section(component, "padding", &vec![0; bytes])
}

fn with_custom_section(component: &[u8], name: &str, data: &[u8]) -> Vec<u8> {
    let mut body = leb128(name.len());
    body.extend(name.as_bytes());
    body.extend(data);
    let mut all = component.to_vec();
    all.push(0);
    all.extend(leb128(body.len()));
    all.extend(body);
    all
}

/// An unsigned integer as WebAssembly writes it: seven bits a byte, the lowest first.
fn leb128(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        bytes.push(if value == 0 { low } else { low | 0x80 });
        if value == 0 {
            return bytes;
        }
    }
}
