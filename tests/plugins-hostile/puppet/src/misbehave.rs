//! The ways of not behaving that take a body of code.

use crate::guest::coalition::rules::{log, state};

/// Never ends.
pub fn spin() -> ! {
    let mut turns = 0u64;
    loop {
        turns = std::hint::black_box(turns.wrapping_add(1));
    }
}

/// Asks for memory until there is none.
pub fn hoard() -> ! {
    let mut heap: Vec<Vec<u8>> = Vec::new();
    loop {
        heap.push(std::hint::black_box(vec![1; 1 << 20]));
    }
}

/// Logs until it is stopped.
pub fn flood() -> ! {
    let text = "x".repeat(4096);
    loop {
        log::write(log::Level::Info, &text);
    }
}

/// Uses the stack up.
#[expect(unconditional_recursion, reason = "that is what it is for")]
pub fn overflow(depth: u64) -> u64 {
    let frame = std::hint::black_box([depth; 64]);
    std::hint::black_box(overflow(depth.wrapping_add(1))).wrapping_add(frame.iter().sum())
}

/// Writes more state than there is room for, and takes no for an answer only by trapping.
pub fn scribble() {
    for key in 0..64 {
        if state::put(&format!("key-{key}"), &[7; 4096]).is_err() {
            trap();
        }
    }
}

/// Ends the instance.
pub fn trap() -> ! {
    std::process::abort()
}
