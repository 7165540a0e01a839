//! RFC 9457 problems as the gateway sends them, read leniently: a proxy's error page is a problem too.

use serde_json::Value;

use crate::error::CliError;

/// What the gateway says is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// The stable code, such as `member-not-found`; `http-502` where the answer is not the gateway's.
    pub code: String,
    /// In words.
    pub title: String,
    /// What to do about it.
    pub detail: String,
    /// Field errors or violations.
    pub errors: Vec<FieldError>,
}

/// One finding of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// A JSON pointer, or the violation's code; may be empty.
    pub pointer: String,
    /// In words.
    pub detail: String,
}

impl Problem {
    /// Reads a problem body that came with `status`.
    #[must_use]
    pub fn read(status: u16, body: &Value) -> Self {
        let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let code = match text("code") {
            // The type is a URI that ends in the code.
            code if code.is_empty() => text("type").rsplit(['/', ':', '#']).next().unwrap_or_default().to_owned(),
            code => code,
        };
        let code = if code.is_empty() || code == "blank" { format!("http-{status}") } else { code };
        let errors = body.get("errors").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Self { status, code, title: text("title"), detail: text("detail"), errors: errors.iter().map(FieldError::read).collect() }
    }

    /// What happened, in a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match (self.title.is_empty(), self.detail.is_empty()) {
            (_, false) => self.detail.clone(),
            (false, true) => self.title.clone(),
            (true, true) => format!("the gateway answered with status {}", self.status),
        }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        passing(self.status) || self.code == "idempotency-in-flight"
    }

    /// The error that the user reads, with exit code 3.
    #[must_use]
    pub fn into_error(self) -> CliError {
        let mut error = CliError::gateway(format!("{} ({} {})", self.sentence(), self.status, self.code));
        error.details = self.errors.iter().map(ToString::to_string).collect();
        match self.status {
            401 => error.fix("coalition login again: the client's credentials are not in force"),
            403 => error.fix("use a client with the scope for this (coalition login --profile NAME, then --profile NAME)"),
            404 => error.fix("check the id, and that it belongs to this client (coalition profile show)"),
            429 | 503 => error.fix("wait a little and run it again"),
            _ => error,
        }
    }
}

impl FieldError {
    fn read(value: &Value) -> Self {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let pointer = [text("pointer"), text("code")].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        Self { pointer, detail: text("detail") }
    }
}

impl std::fmt::Display for FieldError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.pointer.is_empty() { formatter.write_str(&self.detail) } else { write!(formatter, "{}: {}", self.pointer, self.detail) }
    }
}

/// Statuses that say "later": over a limit, full, in another's hands, a proxy without its gateway.
#[must_use]
pub const fn passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn problems_are_read_whoever_sent_them() {
        let full = json!({"type": "https://coalition.example/problems/plugin-rejected", "title": "Plugin rejected", "status": 422,
            "detail": "Mend what is listed.", "errors": [{"pointer": "", "detail": "wasi: imports wasi:cli"}]});
        let problem = Problem::read(422, &full);
        assert_eq!(problem.code, "plugin-rejected");
        assert_eq!(problem.sentence(), "Mend what is listed.");
        assert_eq!(problem.errors.first().unwrap().to_string(), "wasi: imports wasi:cli");

        let page = Problem::read(502, &Value::Null);
        assert_eq!((page.code.as_str(), page.sentence().as_str()), ("http-502", "the gateway answered with status 502"));
        assert!(page.is_passing());
        assert!(!problem.is_passing());
        assert!(Problem::read(409, &json!({"code": "idempotency-in-flight"})).is_passing());
    }
}
