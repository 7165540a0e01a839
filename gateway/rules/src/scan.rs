//! The first look at an upload, before anything of it is compiled: is it a component of our world at all, and is it one that an honest
//! compiler would make? It reads, and runs nothing; milliseconds also for what was made to be slow.

use wasmparser::{Encoding, Parser, Payload, Validator, WasmFeatures};

use crate::host::{LOG, PROGRAM, STATE, TYPES};
use crate::limits::{Class, Limits};
use crate::words::shown;

/// One reason why an upload is refused.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Violation {
    /// For machines: `core-module`, `forbidden-import`, ….
    pub code: &'static str,
    /// What is wrong and what to do about it.
    pub detail: String,
}

impl Violation {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// Whether the gateway is to blame and not the upload: it may be tried again.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        self.code == OURS
    }
}

/// The code of a violation that isn't one: the gateway could not find out.
pub(crate) const OURS: &str = "sandbox";

/// The features that the sandbox runs; the same set that its engines are given.
pub(crate) fn features() -> WasmFeatures {
    let off = WasmFeatures::THREADS
        | WasmFeatures::SHARED_EVERYTHING_THREADS
        | WasmFeatures::RELAXED_SIMD
        | WasmFeatures::MEMORY64
        | WasmFeatures::EXCEPTIONS
        | WasmFeatures::GC
        | WasmFeatures::GC_TYPES
        | WasmFeatures::FUNCTION_REFERENCES
        | WasmFeatures::CM_ASYNC;
    (WasmFeatures::WASM3 | WasmFeatures::COMPONENT_MODEL) & !off
}

/// Everything that can be said of an upload by reading it.
pub(crate) fn scan(bytes: &[u8], limits: &Limits) -> Result<Class, Vec<Violation>> {
    let class = kind(bytes, limits).map_err(|violation| vec![violation])?;
    let mut scan = Scan { limits, class, violations: Vec::new(), counts: Counts::default(), depth: 0, program: false, others: Vec::new() };
    if let Err(error) = scan.walk(bytes) {
        return Err(vec![broken(&error)]);
    }
    scan.finish();
    // What is too much of something is not validated either: that too takes time.
    if scan.violations.is_empty()
        && let Err(error) = Validator::new_with_features(features()).validate_all(bytes)
    {
        scan.violations.push(broken(&error));
    }
    if scan.violations.is_empty() { Ok(class) } else { Err(scan.violations) }
}

fn kind(bytes: &[u8], limits: &Limits) -> Result<Class, Violation> {
    const BUILD: &str = "build one with `coalition plugin build`";
    if bytes.is_empty() {
        return Err(Violation::new("empty", format!("the upload is empty; {BUILD}")));
    }
    if !bytes.starts_with(b"\0asm") {
        if b"\0asm".starts_with(bytes) {
            return Err(Violation::new("truncated", "the component is cut off after its first bytes"));
        }
        let head = bytes.get(..bytes.len().min(256)).unwrap_or(bytes);
        if std::str::from_utf8(head).is_ok() || std::str::from_utf8(head).is_err_and(|error| error.valid_up_to() > 250) {
            return Err(Violation::new("text", format!("the upload is text, not a WebAssembly component; {BUILD}")));
        }
        return Err(Violation::new("not-wasm", format!("the upload is not WebAssembly; {BUILD}")));
    }
    if Parser::is_core_wasm(bytes) {
        return Err(Violation::new("core-module", format!("the upload is a core module, not a component; {BUILD}, which makes one of it")));
    }
    Class::of(bytes.len(), limits).ok_or_else(|| {
        let (native, engine) = (limits.component_bytes_max, limits.component_engine_bytes_max);
        let detail = format!("{} bytes: a component may have {native}, or {engine} when it brings its own engine", bytes.len());
        Violation::new("too-large", detail)
    })
}

fn broken(error: &wasmparser::BinaryReaderError) -> Violation {
    let message = error.message();
    let code = if message.contains("unexpected end") { "truncated" } else { "invalid" };
    Violation::new(code, format!("not a valid component: {message} (at byte {})", error.offset()))
}

#[derive(Default)]
struct Counts {
    functions: u32,
    exports: u32,
    modules: u32,
    items: u32,
    bodies: u32,
    locals_max: u32,
    body_bytes_max: usize,
    memory_bytes: u64,
    table_elements: u64,
}

struct Scan<'l> {
    limits: &'l Limits,
    class: Class,
    violations: Vec<Violation>,
    counts: Counts,
    /// Zero in the component itself, above it in what is nested in it.
    depth: u32,
    program: bool,
    others: Vec<String>,
}

impl Scan<'_> {
    fn refuse(&mut self, code: &'static str, detail: String) {
        self.violations.push(Violation::new(code, detail));
    }

    fn walk(&mut self, bytes: &[u8]) -> Result<(), wasmparser::BinaryReaderError> {
        let mut parser = Parser::new(0);
        parser.set_features(features());
        for payload in parser.parse_all(bytes) {
            let counts = &mut self.counts;
            let items = &mut counts.items;
            match payload? {
                Payload::Version { encoding: Encoding::Module, .. } | Payload::Version { encoding: Encoding::Component, .. } => {}
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => {
                    counts.modules = counts.modules.saturating_add(1);
                    self.depth = self.depth.saturating_add(1);
                }
                Payload::End(_) => self.depth = self.depth.saturating_sub(1),
                Payload::FunctionSection(section) => counts.functions = counts.functions.saturating_add(section.count()),
                Payload::ExportSection(section) => counts.exports = counts.exports.saturating_add(section.count()),
                Payload::TypeSection(section) => *items = items.saturating_add(section.count()),
                Payload::ImportSection(section) => *items = items.saturating_add(section.count()),
                Payload::GlobalSection(section) => *items = items.saturating_add(section.count()),
                Payload::ElementSection(section) => *items = items.saturating_add(section.count()),
                Payload::DataSection(section) => *items = items.saturating_add(section.count()),
                Payload::TagSection(section) => *items = items.saturating_add(section.count()),
                Payload::InstanceSection(section) => *items = items.saturating_add(section.count()),
                Payload::CoreTypeSection(section) => *items = items.saturating_add(section.count()),
                Payload::ComponentInstanceSection(section) => *items = items.saturating_add(section.count()),
                Payload::ComponentAliasSection(section) => *items = items.saturating_add(section.count()),
                Payload::ComponentTypeSection(section) => *items = items.saturating_add(section.count()),
                Payload::ComponentCanonicalSection(section) => *items = items.saturating_add(section.count()),
                Payload::MemorySection(section) => {
                    for memory in section {
                        counts.memory_bytes = counts.memory_bytes.saturating_add(memory?.initial.saturating_mul(64 << 10));
                    }
                }
                Payload::TableSection(section) => {
                    for table in section {
                        counts.table_elements = counts.table_elements.saturating_add(table?.ty.initial);
                    }
                }
                Payload::CodeSectionEntry(body) => {
                    counts.bodies = counts.bodies.saturating_add(1);
                    counts.body_bytes_max = counts.body_bytes_max.max(body.range().len());
                    let mut locals = 0u32;
                    for group in body.get_locals_reader()? {
                        locals = locals.saturating_add(group?.0);
                    }
                    counts.locals_max = counts.locals_max.max(locals);
                }
                Payload::ComponentImportSection(section) => {
                    *items = items.saturating_add(section.count());
                    if self.depth == 0 {
                        for import in section {
                            self.import(import?.name.name);
                        }
                    }
                }
                Payload::ComponentExportSection(section) => {
                    *items = items.saturating_add(section.count());
                    if self.depth == 0 {
                        for export in section {
                            self.export(export?.name.name);
                        }
                    }
                }
                Payload::ComponentStartSection { .. } => {
                    self.refuse("invalid", "a component may not have a start function of its own".to_owned())
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn import(&mut self, name: &str) {
        if [STATE, LOG, TYPES].contains(&name) || self.violations.len() >= 50 {
            return;
        }
        let shown = shown(name);
        let detail = if name.starts_with("wasi:") {
            format!(
                "it imports `{shown}`: rules have no clock, files, network or randomness; build for wasm32-unknown-unknown with `coalition plugin build`"
            )
        } else if name.starts_with("coalition:rules/") {
            format!("it imports `{shown}`: this gateway offers {STATE} and {LOG}")
        } else {
            format!("it imports `{shown}`: rules may import {STATE} and {LOG}, and nothing else")
        };
        self.refuse("forbidden-import", detail);
    }

    fn export(&mut self, name: &str) {
        if name == PROGRAM {
            self.program = true;
        } else if self.others.len() < 8 {
            self.others.push(shown(name));
        }
    }

    fn finish(&mut self) {
        let limits = self.limits;
        if !self.program {
            if let Some(other) = self.others.iter().find(|name| name.starts_with("coalition:rules/program@")) {
                let detail = format!("it exports `{other}`: this gateway runs {PROGRAM}");
                self.refuse("contract-version", detail);
            } else {
                let has = if self.others.is_empty() { "nothing".to_owned() } else { self.others.join(", ") };
                self.refuse("other-world", format!("it is a component of another world: it exports {has}, and not `{PROGRAM}`"));
            }
        }
        let counts = std::mem::take(&mut self.counts);
        let too_many = [
            ("functions", counts.functions.max(counts.bodies), limits.functions_max),
            ("exports of its modules", counts.exports, limits.exports_max),
            ("modules and components in it", counts.modules, limits.modules_max),
            ("types, imports, aliases and instances", counts.items, limits.items_max),
        ];
        for (what, count, max) in too_many {
            if count > max {
                self.refuse("too-many-parts", format!("{count} {what}; {max} are allowed"));
            }
        }
        if counts.locals_max > limits.function_locals_max {
            let detail = format!(
                "a function has {} local variables; {} are allowed, more than an honest compiler makes",
                counts.locals_max, limits.function_locals_max
            );
            self.refuse("function-locals", detail);
        }
        if counts.body_bytes_max > limits.function_bytes_max {
            let detail = format!("a function has {} bytes; {} are allowed: split it", counts.body_bytes_max, limits.function_bytes_max);
            self.refuse("function-size", detail);
        }
        let memory_bytes_max = u64::try_from(limits.memory_bytes_max).unwrap_or(u64::MAX);
        if counts.memory_bytes > memory_bytes_max {
            let detail =
                format!("it starts with {} bytes of memory; {memory_bytes_max} are allowed (is its stack too large?)", counts.memory_bytes);
            self.refuse("memory-size", detail);
        }
        let tables_max = u64::try_from(crate::engine::table_elements_max(self.class)).unwrap_or(u64::MAX);
        if counts.table_elements > tables_max {
            self.refuse("table-size", format!("it starts with {} table elements; {tables_max} are allowed", counts.table_elements));
        }
    }
}
