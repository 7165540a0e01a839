//! Partners: admitted by the operator under terms, changed, stopped and started again.

use coalition_domain::{Currency, Instant, Money, PartnerId};
use coalition_store::entities::{partners, prices};
use coalition_store::{DatabaseTransaction, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::answer::{Answer, IdempotencyClaim, Listing, Page};
use crate::caller::{Caller, Scopes};
use crate::check::{Checks, is_slug};
use crate::clients::{self, ROLE_PARTNER};
use crate::error::Error;
use crate::idempotency::Done;
pub use crate::terms::{Caps, Funding, NewTerms, TermsPatch, TermsView};
use crate::terms::{check_caps, check_price};
use crate::{App, cursor};

/// A partner to be admitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPartner {
    /// 1–63 lower-case letters, digits and inner hyphens; unique, for ever.
    #[schema(example = "hungry-howies")]
    pub slug: String,
    /// 1–100 characters.
    pub name: String,
    /// ISO 4217: what it sells in.
    #[schema(value_type = String, example = "USD")]
    pub currency: Currency,
    /// On which terms it takes part.
    pub terms: NewTerms,
}

/// What is to change of a partner; what is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartnerPatch {
    /// 1–100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Other terms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<TermsPatch>,
}

/// A partner as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartnerView {
    /// `prt_…`.
    #[schema(value_type = String)]
    pub id: PartnerId,
    /// How it is named everywhere else.
    pub slug: String,
    /// For people.
    pub name: String,
    /// ISO 4217: what it sells in.
    pub currency: String,
    /// `active` or `suspended`.
    pub status: String,
    /// On which terms it takes part.
    pub terms: TermsView,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Instant,
}

/// A partner that was just admitted, with its first credentials.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AdmittedPartner {
    /// The partner.
    #[serde(flatten)]
    pub partner: PartnerView,
    /// `cli_…`: a client with every scope.
    pub client_id: String,
    /// Shown once: null in the replay of an answer.
    pub client_secret: Option<String>,
}

fn check_new(new: &NewPartner, base: Currency) -> Result<(), Error> {
    let mut checks = Checks::default();
    checks.expect(is_slug(&new.slug), "/slug", "1 to 63 lower-case letters, digits and inner hyphens");
    checks.line("/name", &new.name, 100);
    check_price(&mut checks, "/terms/issue_price", new.terms.issue_price, base);
    check_price(&mut checks, "/terms/redeem_price", new.terms.redeem_price, base);
    if let Some(limit) = new.terms.credit_limit_points {
        checks.within("/terms/credit_limit_points", limit, 0, i64::MAX);
    }
    check_caps(&mut checks, &new.terms.caps);
    checks.done()
}

fn check_patch(patch: &PartnerPatch, base: Currency) -> Result<(), Error> {
    let mut checks = Checks::default();
    if let Some(name) = &patch.name {
        checks.line("/name", name, 100);
    }
    if let Some(terms) = &patch.terms {
        for (pointer, price) in [("/terms/issue_price", terms.issue_price), ("/terms/redeem_price", terms.redeem_price)] {
            if let Some(price) = price {
                check_price(&mut checks, pointer, price, base);
            }
        }
        if let Some(Some(limit)) = terms.credit_limit_points {
            checks.within("/terms/credit_limit_points", limit, 0, i64::MAX);
        }
        if let Some(caps) = &terms.caps {
            check_caps(&mut checks, caps);
        }
    }
    checks.done()
}

/// A partner with its latest prices.
pub(crate) fn view(row: partners::Model, price: Option<&prices::Model>, base: Currency) -> PartnerView {
    let money = |amount| Money { amount, currency: base };
    PartnerView {
        id: PartnerId(row.id),
        slug: row.slug,
        name: row.name,
        currency: row.currency,
        status: row.status,
        terms: TermsView {
            issue_price: money(price.map_or(0, |price| price.issue_price)),
            redeem_price: money(price.map_or(0, |price| price.redeem_price)),
            prices_from: price.map(|price| Instant(price.from_at)).filter(|from| from.0 > 0),
            funding: Funding::read(&row.funding),
            credit_limit_points: row.credit_limit,
            caps: Caps { per_transaction: row.cap_transaction, per_member_day: row.cap_member_day, per_day: row.cap_day },
        },
        created_at: Instant(row.created_at),
    }
}

impl App {
    /// Admits a partner and makes its first credentials.
    ///
    /// # Errors
    /// 400; 403 for all but the operator; 409 `slug-taken`; what [`App::idempotently`] adds.
    pub async fn create_partner(&self, caller: &Caller, new: NewPartner, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        caller.operator()?;
        let base = self.settings().await?.base_currency;
        check_new(&new, base)?;
        let now = self.wall_now();
        let row = partners::Model {
            id: self.new_id(),
            slug: new.slug.clone(),
            name: new.name.clone(),
            currency: new.currency.to_string(),
            is_operator: false,
            status: "active".to_owned(),
            funding: new.terms.funding.name().to_owned(),
            credit_limit: new.terms.credit_limit_points,
            cap_transaction: new.terms.caps.per_transaction,
            cap_member_day: new.terms.caps.per_member_day,
            cap_day: new.terms.caps.per_day,
            plugin_epoch: 0,
            created_at: now.0,
            updated_at: now.0,
            subscription: None,
        };
        // The first prices hold since ever, so that receipts of before the admission have some.
        let price = prices::Model {
            partner_id: row.id,
            id: self.new_id(),
            from_at: 0,
            issue_price: new.terms.issue_price.amount,
            redeem_price: new.terms.redeem_price.amount,
            commit_id: self.new_id(),
        };
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            // The base currency can't change any more once this has committed: it must not change meanwhile either.
            let program = coalition_store::program::lock(txn).await?.ok_or(StoreError::Corrupt("no program".to_owned()))?;
            if program.base_currency != base.to_string() {
                return Err(Error::conflict(
                    "base-currency-changed",
                    "The program's base currency has just changed: look at the prices again.",
                )
                .into());
            }
            if coalition_store::partners::find_by_slug(txn, &row.slug).await?.is_some() {
                return Err(Error::conflict("slug-taken", "A partner has this slug; a slug is one partner's for ever.").into());
            }
            coalition_store::partners::insert(txn, row.clone()).await?;
            let (client, credentials) = clients::draw(PartnerId(row.id), ROLE_PARTNER, &Scopes::all().to_string(), now)?;
            coalition_store::clients::insert(txn, client).await?;
            self.audited(txn, caller, "partner.create", &PartnerId(row.id), json!(new)).await?;
            coalition_store::partners::put_price(txn, price.clone(), now.0).await?;
            let view = AdmittedPartner {
                partner: view(row.clone(), Some(&price), base),
                client_id: credentials.client_id,
                client_secret: credentials.client_secret,
            };
            let answer = Answer::created(&view)?;
            Ok(Done::secret(answer, &AdmittedPartner { client_secret: None, ..view })?)
        })
        .await
    }

    /// A partner.
    ///
    /// # Errors
    /// 403 for all but the operator; 404.
    pub async fn partner(&self, caller: &Caller, id: PartnerId) -> Result<PartnerView, Error> {
        caller.operator()?;
        let base = self.settings().await?.base_currency;
        let conn = self.store().read();
        let row = coalition_store::partners::find(conn, id.uuid()).await?.ok_or_else(Error::not_found)?;
        let prices = coalition_store::partners::latest_prices(conn, &[row.id]).await?;
        Ok(view(row, prices.first(), base))
    }

    /// All partners, the operator's own among them, newest first.
    ///
    /// # Errors
    /// 400 for a bad page; 403 for all but the operator.
    pub async fn partners(&self, caller: &Caller, page: Page) -> Result<Listing<PartnerView>, Error> {
        caller.operator()?;
        let settings = self.settings().await?;
        let conn = self.store().read();
        let (before, limit) = cursor::start(&settings.secret, "partners", caller, &page)?;
        let rows = coalition_store::partners::list(conn, before, limit).await?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let prices = coalition_store::partners::latest_prices(conn, &ids).await?;
        let show = |row: partners::Model| {
            let price = prices.iter().find(|price| price.partner_id == row.id);
            view(row, price, settings.base_currency)
        };
        Ok(cursor::page(&settings.secret, "partners", caller, &page, rows, |row| row.id, show))
    }

    /// Changes a partner's name or terms. New prices hold for what happens from now on.
    ///
    /// # Errors
    /// 400; 403 for all but the operator; 404.
    pub async fn patch_partner(&self, caller: &Caller, id: PartnerId, patch: PartnerPatch) -> Result<PartnerView, Error> {
        caller.operator()?;
        let base = self.settings().await?.base_currency;
        check_patch(&patch, base)?;
        let business_now = self.now().await?;
        self.write(async |txn: &DatabaseTransaction| {
            let mut row = coalition_store::partners::lock(txn, id.uuid()).await?.ok_or_else(Error::not_found)?;
            let mut price = coalition_store::partners::latest_prices(txn, &[row.id]).await?.into_iter().next();
            let mut changed = None;
            if let Some(name) = &patch.name {
                row.name.clone_from(name);
            }
            if let Some(terms) = &patch.terms {
                if let Some(funding) = terms.funding {
                    row.funding = funding.name().to_owned();
                }
                if let Some(limit) = terms.credit_limit_points {
                    row.credit_limit = limit;
                }
                if let Some(caps) = terms.caps {
                    (row.cap_transaction, row.cap_member_day, row.cap_day) = (caps.per_transaction, caps.per_member_day, caps.per_day);
                }
                let (known, next) = self.patched_price(row.id, price, terms, business_now);
                changed = next.clone();
                price = next.or(known);
            }
            row.updated_at = self.wall_now().0;
            coalition_store::partners::save(txn, row.clone()).await?;
            self.audited(txn, caller, "partner.patch", &id, json!(patch)).await?;
            if let Some(changed) = changed {
                coalition_store::partners::put_price(txn, changed, self.wall_now().0).await?;
            }
            Ok(view(row, price.as_ref(), base))
        })
        .await
    }

    /// The prices of before, and those that hold from now on where they are others.
    fn patched_price(
        &self,
        partner: uuid::Uuid,
        old: Option<prices::Model>,
        terms: &TermsPatch,
        now: Instant,
    ) -> (Option<prices::Model>, Option<prices::Model>) {
        let (from, issue, redeem) = old.as_ref().map_or((0, 0, 0), |old| (old.from_at, old.issue_price, old.redeem_price));
        let issue_price = terms.issue_price.map_or(issue, |price| price.amount);
        let redeem_price = terms.redeem_price.map_or(redeem, |price| price.amount);
        let is_new = (issue_price, redeem_price) != (issue, redeem);
        // On a test program the clock may have gone back behind the last change: the latest decision then stays the latest.
        let from_at = now.0.max(from);
        let new = || prices::Model { partner_id: partner, id: self.new_id(), from_at, issue_price, redeem_price, commit_id: self.new_id() };
        let new = is_new.then(new);
        (old, new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(amount: i64) -> Money {
        Money { amount, currency: "USD".parse().unwrap() }
    }

    #[test]
    fn terms_are_checked_field_by_field() {
        let new: NewPartner = serde_json::from_value(json!({
            "slug": "Bakehouse", "name": "", "currency": "EUR",
            "terms": {
                "issue_price": usd(-1), "redeem_price": {"amount": 1, "currency": "EUR"}, "credit_limit_points": -1,
                "caps": {"per_day": -1},
            },
        }))
        .unwrap();
        let faults = check_new(&new, "USD".parse().unwrap()).unwrap_err().errors;
        let pointers: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(
            pointers,
            [
                "/slug",
                "/name",
                "/terms/issue_price/amount",
                "/terms/redeem_price/currency",
                "/terms/credit_limit_points",
                "/terms/caps/per_day"
            ]
        );
    }

    #[test]
    fn a_patch_tells_null_from_absent() {
        let read = |text: &str| serde_json::from_str::<TermsPatch>(text).unwrap();
        assert_eq!(read("{}").credit_limit_points, None);
        assert_eq!(read(r#"{"credit_limit_points":null}"#).credit_limit_points, Some(None));
        assert_eq!(read(r#"{"credit_limit_points":5}"#).credit_limit_points, Some(Some(5)));
        assert!(serde_json::from_str::<PartnerPatch>(r#"{"slug":"other"}"#).is_err());
    }
}
