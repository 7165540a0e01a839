//! Making a component of a core module: what `coalition plugin build` does with what rustc leaves behind.

/// Why a module is no component.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the module can't be made a component: {0}")]
pub struct ComponentizeError(String);

/// Componentizes a core module that was built for `wasm32-unknown-unknown` and carries wit-bindgen's description of its world.
///
/// # Errors
/// When the module imports what isn't in its world, or carries no description.
pub fn componentize(core_module: &[u8]) -> Result<Vec<u8>, ComponentizeError> {
    let failed = |error: &dyn std::fmt::Display| ComponentizeError(format!("{error:#}"));
    wit_component::ComponentEncoder::default()
        .module(core_module)
        .map_err(|error| failed(&error))?
        .validate(true)
        .encode()
        .map_err(|error| failed(&error))
}
