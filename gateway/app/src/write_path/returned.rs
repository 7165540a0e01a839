//! What came back of a purchase and what is left of it, between the till's words, the domain's and the rules'.

use coalition_domain::refund::{Basket, Line, Reduction, RefundError};
use coalition_rules::contract::{Event, EventBody, Purchase};
use serde::{Deserialize, Serialize};

use super::evaluation::KnownRefund;
use crate::error::Error;
use crate::purchase::NewTransaction;
use crate::refunds::NewRefund;

/// A line, or what is left of one, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LineLeft {
    /// Minor units.
    pub(crate) amount: i64,
    /// Thousandths.
    pub(crate) quantity_milli: i64,
}

impl From<&Line> for LineLeft {
    fn from(line: &Line) -> Self {
        Self { amount: line.amount, quantity_milli: line.quantity_milli }
    }
}

impl From<LineLeft> for Line {
    fn from(line: LineLeft) -> Self {
        Self { amount: line.amount, quantity_milli: line.quantity_milli }
    }
}

/// What one refund took out of a purchase: as the till told it, and line by line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Returned {
    pub(crate) input: NewRefund,
    /// Minor units.
    pub(crate) amount: i64,
    pub(crate) lines: Vec<LineLeft>,
}

impl Returned {
    /// The returned part as rules see it; lines keep their numbers.
    pub(crate) fn to_contract(&self, original: &NewTransaction) -> Purchase {
        let mut purchase = original.to_contract();
        let back: Vec<Line> = self.lines.iter().map(|line| (*line).into()).collect();
        keep(&mut purchase, &back);
        purchase
    }
}

/// A purchase with what its refunds left of it.
pub(crate) fn basket<'a>(original: &NewTransaction, refunds: impl IntoIterator<Item = &'a KnownRefund>) -> Result<Basket, Error> {
    let lines: Vec<Line> = original.lines.iter().map(|line| Line { amount: line.amount, quantity_milli: line.quantity_milli }).collect();
    let before: Vec<Reduction> = refunds
        .into_iter()
        .map(|known| Reduction { amount: known.returned.amount, lines: known.returned.lines.iter().map(|line| (*line).into()).collect() })
        .collect();
    let basket = Basket::new(original.total, &lines).map_err(|error| Error::internal(&error))?;
    basket.after(&before).map_err(|error| Error::internal(&error))
}

/// Leaves in an event's purchase what is left of it; a line of which nothing is left is not told.
pub(crate) fn keep_left(event: &mut Event, left: &[Line]) {
    if let EventBody::Purchase(purchase) = &mut event.body {
        keep(purchase, left);
    }
}

fn keep(purchase: &mut Purchase, left: &[Line]) {
    purchase.total = left.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount));
    for (line, left) in purchase.lines.iter_mut().zip(left) {
        (line.amount, line.quantity_milli) = (left.amount, left.quantity_milli);
    }
    purchase.lines.retain(|line| line.amount != 0 || line.quantity_milli != 0);
}

/// Why a return is not taken, for the till.
pub(crate) fn refused(error: &RefundError) -> Error {
    match error {
        RefundError::NothingLeft => Error::conflict("nothing-left", "All of this purchase came back before."),
        RefundError::TooMuch { line, left } => {
            let of = line.map_or_else(|| "the purchase".to_owned(), |line| format!("line {line}"));
            Error::conflict(
                "nothing-left",
                format!("Of {of}, {} minor units and {} thousandths of a piece are left.", left.amount, left.quantity_milli),
            )
        }
        RefundError::NoSuchLine { line } => Error::invalid("/lines", format!("the purchase has no line {line}, counted from 0")),
        RefundError::NotPositive => Error::invalid("", "nothing comes back with this: leave amount and lines out for all that is left"),
        RefundError::Misfit => Error::internal(error),
    }
}
