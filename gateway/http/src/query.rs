//! Query parameters: read into a type; what it does not name is refused, so a typo never passes in silence.

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use coalition_app::Page;
use coalition_app::proofs::{Part, STATEMENT_ENTRIES_MAX};
use coalition_domain::{Instant, MemberId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use crate::body::explain;
use crate::call::Input;
use crate::problem::Problem;
use crate::shared::Shared;

/// The most items that a list gives at once.
const LIMIT_MAX: u32 = 200;

/// The query of a call that takes one.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> Input for Query<T> {
    const TAKES_QUERY: bool = true;

    async fn take(request: &HttpRequest, _payload: Payload, _shared: &Shared) -> Result<Self, Problem> {
        parse(request.query_string()).map(Query)
    }
}

/// Reads a query string.
///
/// # Errors
/// 400 that names the parameter.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    let pairs = serde_urlencoded::Deserializer::new(form_urlencoded::parse(text.as_bytes()));
    serde_path_to_error::deserialize(pairs).map_err(|error| explain::located(&error))
}

/// Refuses any parameter, for calls that take none.
///
/// # Errors
/// 400 that names the first one.
pub fn refuse(text: &str) -> Result<(), Problem> {
    match form_urlencoded::parse(text.as_bytes()).next() {
        None => Ok(()),
        Some((name, _)) => Err(Problem::invalid(format!("/{name}"), "this call takes no query parameters")),
    }
}

/// Which part of a list is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many items at most; 50 where it isn't given.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u32>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 512)]
    cursor: Option<String>,
}

impl PageQuery {
    /// As the application takes it.
    ///
    /// # Errors
    /// 400 for a limit that is out of bounds.
    pub fn page(self) -> Result<Page, Problem> {
        page(self.limit, self.cursor)
    }
}

/// A page from its two parameters.
///
/// # Errors
/// 400 for a limit that is out of bounds.
pub fn page(limit: Option<u32>, cursor: Option<String>) -> Result<Page, Problem> {
    let limit = limit.unwrap_or(Page::default().limit);
    if !(1..=LIMIT_MAX).contains(&limit) {
        return Err(Problem::invalid("/limit", format!("is 1 to {LIMIT_MAX}")));
    }
    Ok(Page { limit, cursor })
}

/// Which moment is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MomentQuery {
    /// A past moment: what was recorded by then and what the clock had made due by then. The same answer whenever it is asked for.
    #[serde(default)]
    #[param(value_type = Option<String>, format = DateTime)]
    pub as_of: Option<Instant>,
}

/// Who is meant, where it is somebody else than whose token it is.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NamedMemberQuery {
    /// A member's id; the operator says so, a member's own token does not.
    #[param(pattern = "^mbr_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    member: Option<String>,
}

impl NamedMemberQuery {
    /// As the application takes it.
    ///
    /// # Errors
    /// 400 for what is no member's id.
    pub fn member(&self) -> Result<Option<MemberId>, Problem> {
        let member = self.member.as_deref().map(str::parse).transpose();
        member.map_err(|_| Problem::invalid("/member", "is a member's id: mbr_…"))
    }
}

/// Which part of a statement is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartQuery {
    /// The entry after which it begins: `next` of the part before.
    #[param(pattern = "^ent_[0-7][0-9a-hjkmnp-tv-z]{25}$")]
    after: Option<String>,
    /// How many entries at most; 1000 where it isn't given.
    #[param(minimum = 1, maximum = 1000, default = 1000)]
    limit: Option<u32>,
}

impl PartQuery {
    /// As the application takes it.
    ///
    /// # Errors
    /// 400 for what is no entry's id.
    pub fn part(&self) -> Result<Part, Problem> {
        part(self.after.as_deref(), self.limit)
    }
}

/// A part from its two parameters.
///
/// # Errors
/// 400 for what is no entry's id.
pub fn part(after: Option<&str>, limit: Option<u32>) -> Result<Part, Problem> {
    let after = after.map(str::parse).transpose().map_err(|_| Problem::invalid("/after", "is an entry's id: ent_…"))?;
    Ok(Part { after, limit: limit.unwrap_or(STATEMENT_ENTRIES_MAX) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn pointer(text: &str) -> String {
        let problem = parse::<PageQuery>(text).and_then(PageQuery::page).unwrap_err();
        assert_eq!(problem.status(), 400);
        let document: Value = serde_json::from_str(&problem.body()).unwrap();
        document["errors"][0]["pointer"].as_str().unwrap().to_owned()
    }

    #[test]
    fn pages_are_bounded() {
        let page = parse::<PageQuery>("limit=7&cursor=a%20b").unwrap().page().unwrap();
        assert_eq!((page.limit, page.cursor.as_deref()), (7, Some("a b")));
        assert_eq!(parse::<PageQuery>("").unwrap().page().unwrap().limit, 50);
        for text in ["limit=0", "limit=201", "limit=x", "limit=-1", "limit=", "limit=1&limit=2"] {
            assert_eq!(pointer(text), "/limit", "{text}");
        }
        assert_eq!(pointer("limt=5"), "/limt");
    }

    #[test]
    fn calls_without_parameters_take_none() {
        assert!(refuse("").is_ok());
        assert!(refuse("a=b").is_err());
        assert!(refuse("a").is_err());
    }
}
