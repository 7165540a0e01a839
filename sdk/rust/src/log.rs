//! Lines for the program's own log (16 KiB a run), which its partner can read. In native tests they go to standard error.

/// Something for the author, while looking for a fault.
pub fn debug(text: &str) {
    write(Level::Debug, text);
}

/// Something worth knowing.
pub fn info(text: &str) {
    write(Level::Info, text);
}

/// Something odd that the rule could cope with.
pub fn warn(text: &str) {
    write(Level::Warn, text);
}

/// Something that the rule could not cope with.
pub fn error(text: &str) {
    write(Level::Error, text);
}

#[derive(Clone, Copy, Debug)]
enum Level {
    Debug,
    Info,
    Warn,
    Error,
}

#[cfg(target_arch = "wasm32")]
fn write(level: Level, text: &str) {
    use crate::guest::bindings::coalition::rules::log as host;
    let level = match level {
        Level::Debug => host::Level::Debug,
        Level::Info => host::Level::Info,
        Level::Warn => host::Level::Warn,
        Level::Error => host::Level::Error,
    };
    host::write(level, text);
}

#[cfg(not(target_arch = "wasm32"))]
fn write(level: Level, text: &str) {
    eprintln!("{level:?}: {text}");
}
