//! The one macro a program needs.

/// Makes a crate of `crate-type = ["cdylib", "rlib"]` the program of this type. In WebAssembly it exports the contract's functions; anywhere else it
/// only checks that the type is a [`Program`](crate::Program), so that the same crate is tested natively.
///
/// ```
/// use coalition_sdk::{Manifest, Program, settings};
///
/// settings! {
///     /// Nothing to change.
///     struct Empty {}
/// }
///
/// struct Nothing;
/// impl Program for Nothing {
///     type Config = Empty;
///     fn describe(_: &Empty) -> Manifest {
///         Manifest::new("nothing", "1.0.0")
///     }
/// }
///
/// coalition_sdk::export!(Nothing);
/// ```
#[macro_export]
macro_rules! export {
    ($program:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            type Exported = $crate::guest::Component<$program>;
    $crate::guest::bindings::export!(Exported with_types_in $crate::guest::bindings);
        };
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            const fn is_a_program<P: $crate::Program>() {}
            is_a_program::<$program>();
        };
    };
}
