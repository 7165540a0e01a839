//! Partners: admitted by the operator under terms, changed, stopped and started again.

use coalition_domain::{Currency, Instant, Money, PartnerId};
use coalition_store::entities::{partner_prices, partners};
use coalition_store::{DatabaseTransaction, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::answer::{Answer, IdempotencyClaim, Listing, Page};
use crate::caller::{Caller, Scopes};
use crate::check::{Checks, is_slug, nullable};
use crate::clients::{self, ROLE_PARTNER};
use crate::error::Error;
use crate::idempotency::Done;
use crate::{App, cursor};

/// A price per 1 000 points is at most this, minor units.
const PRICE_MAX: i64 = 1_000_000_000_000;

/// When a partner pays for the points it issues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Funding {
    /// By the settlement of the period.
    #[default]
    Postpaid,
    /// Ahead: it can't issue past its credit.
    Prepaid,
}

impl Funding {
    const fn name(self) -> &'static str {
        match self {
            Self::Postpaid => "postpaid",
            Self::Prepaid => "prepaid",
        }
    }

    fn read(text: &str) -> Self {
        if text == "prepaid" { Self::Prepaid } else { Self::Postpaid }
    }
}

/// What the rules can't exceed, whatever they say. None is without end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Caps {
    /// Points for one transaction.
    #[serde(default)]
    pub per_transaction: Option<i64>,
    /// Points for one member in a day of the program.
    #[serde(default)]
    pub per_member_day: Option<i64>,
    /// Points for all members in a day of the program.
    #[serde(default)]
    pub per_day: Option<i64>,
}

/// On which terms a partner takes part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTerms {
    /// What the partner owes for 1 000 points it issues, in the program's base currency.
    #[schema(value_type = crate::schema::Money)]
    pub issue_price: Money,
    /// What the partner is owed for 1 000 points redeemed at it, in the program's base currency.
    #[schema(value_type = crate::schema::Money)]
    pub redeem_price: Money,
    /// Postpaid where it is left out.
    #[serde(default)]
    pub funding: Funding,
    /// How many points a prepaid partner may issue that it has not paid for.
    #[serde(default)]
    pub credit_limit_points: Option<i64>,
    /// What the rules can't exceed.
    #[serde(default)]
    pub caps: Caps,
}

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

/// What is to change of a partner's terms; what is left out stays. Prices hold from now on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermsPatch {
    /// What the partner owes for 1 000 points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::schema::Money>)]
    pub issue_price: Option<Money>,
    /// What the partner is owed for 1 000 points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<crate::schema::Money>)]
    pub redeem_price: Option<Money>,
    /// When it pays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub funding: Option<Funding>,
    /// Null takes the limit away.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "nullable")]
    #[schema(value_type = Option<i64>)]
    pub credit_limit_points: Option<Option<i64>>,
    /// All caps anew: one that is left out or null is taken away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caps: Option<Caps>,
}

/// A partner's terms as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TermsView {
    /// What the partner owes for 1 000 points it issues.
    #[schema(value_type = crate::schema::Money)]
    pub issue_price: Money,
    /// What the partner is owed for 1 000 points redeemed at it.
    #[schema(value_type = crate::schema::Money)]
    pub redeem_price: Money,
    /// Since when these prices hold; null for the first.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub prices_from: Option<Instant>,
    /// When it pays.
    pub funding: Funding,
    /// How many points a prepaid partner may issue that it has not paid for.
    pub credit_limit_points: Option<i64>,
    /// What the rules can't exceed.
    pub caps: Caps,
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

fn check_price(checks: &mut Checks, pointer: &str, price: Money, base: Currency) {
    checks.within(&format!("{pointer}/amount"), price.amount, 0, PRICE_MAX);
    checks.expect(price.currency == base, &format!("{pointer}/currency"), &format!("prices are in the program's base currency, {base}"));
}

fn check_caps(checks: &mut Checks, caps: &Caps) {
    for (name, cap) in [("per_transaction", caps.per_transaction), ("per_member_day", caps.per_member_day), ("per_day", caps.per_day)] {
        if let Some(cap) = cap {
            checks.within(&format!("/terms/caps/{name}"), cap, 0, i64::MAX);
        }
    }
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

fn view(row: partners::Model, price: Option<&partner_prices::Model>, base: Currency) -> PartnerView {
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
        };
        // The first prices hold since ever, so that receipts of before the admission have some.
        let price = partner_prices::Model {
            partner_id: row.id,
            from_at: 0,
            issue_price: new.terms.issue_price.amount,
            redeem_price: new.terms.redeem_price.amount,
        };
        self.idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
            // The base currency can't change any more once this has committed: it must not change meanwhile either.
            let program = coalition_store::program::lock(txn).await?.ok_or(StoreError::Corrupt("no program".to_owned()))?;
            if program.base_currency != base.to_string() {
                return Err(Error::conflict("base-currency-changed", "The program's base currency has just changed: look at the prices again.").into());
            }
            if coalition_store::partners::find_by_slug(txn, &row.slug).await?.is_some() {
                return Err(Error::conflict("slug-taken", "A partner has this slug; a slug is one partner's for ever.").into());
            }
            coalition_store::partners::insert(txn, row.clone()).await?;
            coalition_store::partners::put_price(txn, price.clone()).await?;
            let (client, credentials) = clients::draw(PartnerId(row.id), ROLE_PARTNER, &Scopes::all().to_string(), now)?;
            coalition_store::clients::insert(txn, client).await?;
            self.audited(txn, caller, "partner.create", &PartnerId(row.id), json!(new)).await?;
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
                price = Some(self.patch_price(txn, row.id, price, terms, business_now).await?);
            }
            row.updated_at = self.wall_now().0;
            coalition_store::partners::save(txn, row.clone()).await?;
            self.audited(txn, caller, "partner.patch", &id, json!(patch)).await?;
            Ok(view(row, price.as_ref(), base))
        })
        .await
    }

    async fn patch_price(
        &self,
        txn: &DatabaseTransaction,
        partner: uuid::Uuid,
        price: Option<partner_prices::Model>,
        terms: &TermsPatch,
        now: Instant,
    ) -> Result<partner_prices::Model, StoreError> {
        let old = price.unwrap_or(partner_prices::Model { partner_id: partner, from_at: 0, issue_price: 0, redeem_price: 0 });
        let (issue_price, redeem_price) = (
            terms.issue_price.map_or(old.issue_price, |price| price.amount),
            terms.redeem_price.map_or(old.redeem_price, |price| price.amount),
        );
        if (issue_price, redeem_price) == (old.issue_price, old.redeem_price) {
            return Ok(old);
        }
        // On a test program the clock may have gone back behind the last change: the latest decision then stays the latest.
        let new = partner_prices::Model { from_at: now.0.max(old.from_at), issue_price, redeem_price, ..old };
        coalition_store::partners::put_price(txn, new.clone()).await?;
        Ok(new)
    }

    /// Stops a partner: within five seconds no gateway takes its tokens, or those of sessions it minted.
    ///
    /// # Errors
    /// 403 for all but the operator; 404; 409 `operator-partner` for the operator's own.
    pub async fn suspend_partner(&self, caller: &Caller, id: PartnerId, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        self.set_partner_status(caller, id, "suspended", "partner.suspend", claim).await
    }

    /// Lets a suspended partner take part again.
    ///
    /// # Errors
    /// 403 for all but the operator; 404.
    pub async fn resume_partner(&self, caller: &Caller, id: PartnerId, claim: Option<IdempotencyClaim>) -> Result<Answer, Error> {
        self.set_partner_status(caller, id, "active", "partner.resume", claim).await
    }

    async fn set_partner_status(
        &self,
        caller: &Caller,
        id: PartnerId,
        status: &'static str,
        action: &'static str,
        claim: Option<IdempotencyClaim>,
    ) -> Result<Answer, Error> {
        caller.operator()?;
        let base = self.settings().await?.base_currency;
        let answer = self
            .idempotently(caller, claim.as_ref(), async |txn: &DatabaseTransaction| {
                let mut row = coalition_store::partners::lock(txn, id.uuid()).await?.ok_or_else(Error::not_found)?;
                if row.is_operator {
                    return Err(Error::conflict("operator-partner", "The operator can't be suspended.").into());
                }
                if row.status != status {
                    row.status = status.to_owned();
                    row.updated_at = self.wall_now().0;
                    coalition_store::partners::save(txn, row.clone()).await?;
                    self.audited(txn, caller, action, &id, json!({})).await?;
                }
                let prices = coalition_store::partners::latest_prices(txn, &[row.id]).await?;
                Ok(Answer::ok(&view(row, prices.first(), base))?.into())
            })
            .await?;
        self.forget_standings();
        Ok(answer)
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
