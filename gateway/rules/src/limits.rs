//! The bounds that the sandbox keeps, each with its unit last. They are the same for the gateway and for the author's command line.

/// What rules may use. [`Limits::default`] is the contract's; an operator may set others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Fuel of one call, for purchases of up to [`Limits::fuel_lines_free`] lines; in proportion above.
    pub fuel_max: u64,
    /// The same for components that bring their own engine.
    pub fuel_engine_max: u64,
    /// Lines that are covered by the fuel above.
    pub fuel_lines_free: u32,
    /// Fuel that each call of a host function costs; a flood of them would otherwise cost only wall time.
    pub fuel_hostcall: u64,
    /// Fuel that each byte handed to a host function costs.
    pub fuel_hostcall_byte: u64,
    /// Wall time of one call, in milliseconds: the backstop behind fuel.
    pub deadline_ms: u64,
    /// The same for components that bring their own engine: their fuel alone takes tens of milliseconds.
    pub deadline_engine_ms: u64,
    /// Linear memory of one instance, all its memories together.
    pub memory_bytes_max: usize,
    /// Event or request, member and configuration together, as they lie in the guest's memory.
    pub input_bytes_max: usize,
    /// The answer, as it lies in memory.
    pub output_bytes_max: usize,
    /// Effects of one decision.
    pub effects_max: usize,
    /// Offers of one answer.
    pub offers_max: usize,
    /// Copied out of the guest in one call of, or return to, the host.
    pub hostcall_bytes_max: usize,
    /// Log text kept of one call; what is over is dropped, and counted.
    pub log_bytes_max: usize,
    /// Log lines kept of one call.
    pub log_lines_max: usize,
    /// Keys in a member's state.
    pub state_keys_max: usize,
    /// Keys and values of a member's state together.
    pub state_bytes_max: usize,
    /// One key of the state.
    pub state_key_bytes_max: usize,
    /// A component of a language that compiles to native WebAssembly.
    pub component_bytes_max: usize,
    /// A component that brings its own engine; over [`Limits::component_bytes_max`] it is taken for one.
    pub component_engine_bytes_max: usize,
    /// Local variables of one function.
    pub function_locals_max: u32,
    /// The body of one function.
    pub function_bytes_max: usize,
    /// Functions of all core modules together.
    pub functions_max: u32,
    /// Exports of all core modules together.
    pub exports_max: u32,
    /// Core modules and nested components.
    pub modules_max: u32,
    /// Types, imports, aliases, instances and canonical functions of all parts together.
    pub items_max: u32,
    /// Wall time of one compilation, in seconds; processor time as much on each thread.
    pub compile_s_max: u64,
    /// The same for components that bring their own engine, which is large: its processor time, over all threads together.
    pub compile_engine_s_max: u64,
    /// Its wall time. Longer, so that a machine which does other work meanwhile refuses nothing: what it takes is bounded by the line above.
    pub compile_engine_wall_s_max: u64,
    /// Address space of the process that compiles.
    pub compile_memory_bytes_max: u64,
    /// Compiled code that is taken from the process that compiles.
    pub compiled_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel_max: 11_000_000,
            fuel_engine_max: 110_000_000,
            fuel_lines_free: 200,
            fuel_hostcall: 2_000,
            fuel_hostcall_byte: 1,
            deadline_ms: 50,
            deadline_engine_ms: 500,
            memory_bytes_max: 16 << 20,
            input_bytes_max: 64 << 10,
            output_bytes_max: 64 << 10,
            effects_max: 64,
            offers_max: 64,
            hostcall_bytes_max: 1 << 20,
            log_bytes_max: 16 << 10,
            log_lines_max: 128,
            state_keys_max: 16,
            state_bytes_max: 8 << 10,
            state_key_bytes_max: 64,
            component_bytes_max: 1 << 20,
            component_engine_bytes_max: 16 << 20,
            function_locals_max: 512,
            function_bytes_max: 512 << 10,
            functions_max: 50_000,
            exports_max: 10_000,
            modules_max: 64,
            items_max: 100_000,
            compile_s_max: 20,
            compile_engine_s_max: 90,
            compile_engine_wall_s_max: 300,
            compile_memory_bytes_max: 1 << 30,
            compiled_bytes_max: 256 << 20,
        }
    }
}

/// What a component is taken for, by its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Compiled to WebAssembly as it is: Rust, C, Zig, Go ….
    Native,
    /// Brings its own engine: JavaScript, Python.
    Engine,
}

impl Class {
    /// The class of a component of so many bytes, or none when it is too large for either.
    #[must_use]
    pub fn of(bytes: usize, limits: &Limits) -> Option<Self> {
        if bytes <= limits.component_bytes_max {
            Some(Self::Native)
        } else if bytes <= limits.component_engine_bytes_max {
            Some(Self::Engine)
        } else {
            None
        }
    }

    /// `native` or `engine`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Engine => "engine",
        }
    }
}

impl Limits {
    /// The fuel of one call that sees `lines` lines of a receipt.
    #[must_use]
    pub fn fuel(&self, class: Class, lines: usize) -> u64 {
        let base = match class {
            Class::Native => self.fuel_max,
            Class::Engine => self.fuel_engine_max,
        };
        let free = u64::from(self.fuel_lines_free.max(1));
        let lines = u64::try_from(lines).unwrap_or(u64::MAX).max(free);
        // In u128, so that no setting of an operator overflows it.
        u64::try_from(u128::from(base) * u128::from(lines) / u128::from(free)).unwrap_or(u64::MAX)
    }

    /// Wall time of one call, in milliseconds.
    #[must_use]
    pub fn deadline_ms(&self, class: Class) -> u64 {
        match class {
            Class::Native => self.deadline_ms,
            Class::Engine => self.deadline_engine_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fuel_grows_with_the_lines_above_those_that_are_free() {
        let limits = Limits::default();
        assert_eq!(limits.fuel(Class::Native, 0), 11_000_000);
        assert_eq!(limits.fuel(Class::Native, 200), 11_000_000);
        assert_eq!(limits.fuel(Class::Native, 400), 22_000_000);
        assert_eq!(limits.fuel(Class::Engine, 300), 165_000_000);
        let wild = Limits { fuel_max: u64::MAX, fuel_lines_free: 0, ..Limits::default() };
        assert_eq!(wild.fuel(Class::Native, usize::MAX), u64::MAX);
    }
}
