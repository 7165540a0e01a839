//! What is stored of a decision, as canonical JSON: the same decision is the same bytes, so that a replay can compare them.

use serde::{Deserialize, Serialize};

use crate::contract::{Effect, Refusal};

/// What rules decided of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// To be carried out.
    Effects(Vec<Effect>),
    /// Nothing, and why.
    Refusal(Refusal),
}

/// `{"effects":[…]}` or `{"refusal":{…}}`, in the order and with the fields of the contract, without blanks. The state that the
/// decision left is compared beside it, by its digest.
#[must_use]
pub fn output_bytes(decision: &Result<Vec<Effect>, Refusal>) -> Vec<u8> {
    #[derive(Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Borrowed<'a> {
        Effects(&'a [Effect]),
        Refusal(&'a Refusal),
    }
    let output = match decision {
        Ok(effects) => Borrowed::Effects(effects),
        Err(refusal) => Borrowed::Refusal(refusal),
    };
    // Its keys are text, and writing to memory doesn't fail.
    serde_json::to_vec(&output).unwrap_or_default()
}

/// Reads what [`output_bytes`] wrote.
///
/// # Errors
/// When they are not such bytes.
pub fn output_from_bytes(bytes: &[u8]) -> Result<Result<Vec<Effect>, Refusal>, serde_json::Error> {
    Ok(match serde_json::from_slice(bytes)? {
        Output::Effects(effects) => Ok(effects),
        Output::Refusal(refusal) => Err(refusal),
    })
}
