//! The arithmetic of refunds: what of a purchase came back, what is left of it, and what of its award is to be taken back.

mod due;

pub use due::{KeyAward, clawback_by_key, clawback_due, in_proportion};

use crate::apportion::apportion;

/// A line of a purchase, or a part of one. Neither number is negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Minor units, after discounts.
    pub amount: i64,
    /// Thousandths of a piece, litre or kilo.
    pub quantity_milli: i64,
}

impl Line {
    const NOTHING: Self = Self { amount: 0, quantity_milli: 0 };

    const fn is_nothing(self) -> bool {
        self.amount == 0 && self.quantity_milli == 0
    }

    /// The difference. None where a number would fall below zero.
    fn less(self, other: Self) -> Option<Self> {
        let amount = self.amount.checked_sub(other.amount)?;
        let quantity_milli = self.quantity_milli.checked_sub(other.quantity_milli)?;
        (amount >= 0 && quantity_milli >= 0).then_some(Self { amount, quantity_milli })
    }
}

/// What a refund says came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Return {
    /// All that is left.
    Everything,
    /// This much money (minor units, above zero), wherever it belongs: it is spread over the lines in proportion to what is left of each.
    Amount(i64),
    /// These lines. One named twice is taken as two returns.
    Lines(Vec<ReturnedLine>),
}

/// A line, or part of one, that came back. With neither number, all that is left of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReturnedLine {
    /// Counted from zero.
    pub line: usize,
    /// Thousandths. Alone, it brings back its part of the line's amount, exact when the last comes back.
    pub quantity_milli: Option<i64>,
    /// Minor units. Alone, it brings back no pieces, as a rebate does not, until nothing is left of the line's amount.
    pub amount: Option<i64>,
}

/// What one refund took out of a purchase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reduction {
    /// Minor units in all.
    pub amount: i64,
    /// Line by line, as many as the purchase has; those that nothing came back of among them.
    pub lines: Vec<Line>,
}

/// Why a return was refused. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefundError {
    /// All of it came back before.
    #[error("nothing is left of this purchase")]
    NothingLeft,
    /// More than is left of a line, or of all.
    #[error("only {} minor units and {} thousandths of a piece are left of {}", left.amount, left.quantity_milli, line.map_or_else(|| "the purchase".to_owned(), |line| format!("line {line}")))]
    TooMuch {
        /// Counted from zero; None for the purchase as a whole.
        line: Option<usize>,
        /// What is left of it.
        left: Line,
    },
    /// The purchase has no line of this number.
    #[error("the purchase has no line {line}, counted from 0")]
    NoSuchLine {
        /// Counted from zero.
        line: usize,
    },
    /// A return of nothing, or of less.
    #[error("what comes back is more than nothing")]
    NotPositive,
    /// The purchase or its earlier refunds are not what can be: numbers below zero, lines that do not make the total, more returned than bought.
    #[error("the purchase and its refunds do not fit together")]
    Misfit,
}

/// A purchase and what is left of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basket {
    bought: Vec<Line>,
    left: Vec<Line>,
    /// Whether the purchase told its lines; without them, the one line is the total, and has no number to be named by.
    itemised: bool,
}

impl Basket {
    /// A purchase of which nothing came back yet. Without lines it is one piece of the total.
    ///
    /// # Errors
    /// [`RefundError::Misfit`] where a number is negative, or the lines do not make the total.
    pub fn new(total: i64, lines: &[Line]) -> Result<Self, RefundError> {
        let itemised = !lines.is_empty();
        let bought = if itemised { lines.to_vec() } else { vec![Line { amount: total, quantity_milli: 1000 }] };
        if bought.iter().any(|line| line.amount < 0 || line.quantity_milli < 0) {
            return Err(RefundError::Misfit);
        }
        let basket = Self { left: bought.clone(), bought, itemised };
        if basket.amount_left() == total { Ok(basket) } else { Err(RefundError::Misfit) }
    }

    /// What is left after refunds that were made before; their order does not matter.
    ///
    /// # Errors
    /// [`RefundError::Misfit`] where they took out more than there was.
    pub fn after<'a>(mut self, refunds: impl IntoIterator<Item = &'a Reduction>) -> Result<Self, RefundError> {
        for refund in refunds {
            self.left = reduce(&self.left, &refund.lines).ok_or(RefundError::Misfit)?;
        }
        Ok(self)
    }

    /// What was bought, line by line.
    #[must_use]
    pub fn bought(&self) -> &[Line] {
        &self.bought
    }

    /// What is left of each line.
    #[must_use]
    pub fn left(&self) -> &[Line] {
        &self.left
    }

    /// Minor units left in all.
    #[must_use]
    pub fn amount_left(&self) -> i64 {
        self.left.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount))
    }

    /// Whether all of it came back: its award is then nothing, without asking any rules.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.left.iter().all(|line| line.is_nothing())
    }

    /// Takes out what came back, and tells what that is.
    ///
    /// # Errors
    /// Any [`RefundError`] but [`RefundError::Misfit`].
    pub fn take_back(&mut self, back: &Return) -> Result<Reduction, RefundError> {
        if self.is_empty() {
            return Err(RefundError::NothingLeft);
        }
        let left = match back {
            Return::Everything => vec![Line::NOTHING; self.left.len()],
            Return::Amount(amount) => self.without_amount(*amount)?,
            Return::Lines(lines) => self.without_lines(lines)?,
        };
        let lines = reduce(&self.left, &left).ok_or(RefundError::Misfit)?;
        if lines.iter().all(|line| line.is_nothing()) {
            return Err(RefundError::NotPositive);
        }
        self.left = left;
        Ok(Reduction { amount: lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.amount)), lines })
    }

    fn without_amount(&self, amount: i64) -> Result<Vec<Line>, RefundError> {
        let there = self.amount_left();
        if amount <= 0 {
            return Err(RefundError::NotPositive);
        }
        if amount > there {
            let quantity_milli = self.left.iter().fold(0_i64, |sum, line| sum.saturating_add(line.quantity_milli));
            return Err(RefundError::TooMuch { line: None, left: Line { amount: there, quantity_milli } });
        }
        if amount == there {
            return Ok(vec![Line::NOTHING; self.left.len()]);
        }
        let weights: Vec<i64> = self.left.iter().map(|line| line.amount).collect();
        let parts = apportion(amount, &weights).ok_or(RefundError::Misfit)?;
        self.left.iter().zip(parts).map(|(line, part)| without_money(*line, part).ok_or(RefundError::Misfit)).collect()
    }

    fn without_lines(&self, lines: &[ReturnedLine]) -> Result<Vec<Line>, RefundError> {
        let mut left = self.left.clone();
        for returned in lines {
            let line = returned.line;
            let known = self.bought.get(line).zip(left.get_mut(line)).filter(|_| self.itemised);
            let (bought, there) = known.ok_or(RefundError::NoSuchLine { line })?;
            if returned.quantity_milli.is_some_and(|milli| milli < 0) || returned.amount.is_some_and(|amount| amount < 0) {
                return Err(RefundError::NotPositive);
            }
            let without = match (returned.quantity_milli, returned.amount) {
                (None, None) => (!there.is_nothing()).then_some(Line::NOTHING),
                (Some(quantity_milli), None) => without_pieces(*bought, *there, quantity_milli),
                (None, Some(amount)) => without_money(*there, amount),
                (Some(quantity_milli), Some(amount)) => there.less(Line { amount, quantity_milli }),
            };
            *there = without.ok_or(RefundError::TooMuch { line: Some(line), left: *there })?;
        }
        Ok(left)
    }
}

/// Line by line, the difference. None where the two do not fit.
fn reduce(from: &[Line], by: &[Line]) -> Option<Vec<Line>> {
    if from.len() != by.len() {
        return None;
    }
    from.iter().zip(by).map(|(from, by)| from.less(*by)).collect()
}

/// A line after money alone came back. Where none of it is left, nothing of the line is.
fn without_money(line: Line, amount: i64) -> Option<Line> {
    let left = line.less(Line { amount, quantity_milli: 0 })?;
    Some(if left.amount == 0 && amount > 0 { Line::NOTHING } else { left })
}

/// A line after pieces alone came back.
///
/// As long as pieces are all that came back of it, what is left is the exact part of what was bought: so that one and one come to what two do.
/// After a rebate it is the part of what was then left.
fn without_pieces(bought: Line, left: Line, quantity_milli: i64) -> Option<Line> {
    let pieces = left.less(Line { amount: 0, quantity_milli })?.quantity_milli;
    let straight = part(bought, left.quantity_milli) == Some(left.amount);
    let amount = part(if straight { bought } else { left }, pieces)?;
    Some(Line { amount, quantity_milli: pieces })
}

/// What a part of a line's pieces costs, to the nearest minor unit, halves up; never more for fewer.
fn part(line: Line, quantity_milli: i64) -> Option<i64> {
    let (amount, of) = (i128::from(line.amount), i128::from(line.quantity_milli));
    if of == 0 {
        return (quantity_milli == 0).then_some(line.amount);
    }
    i64::try_from((amount * i128::from(quantity_milli) * 2 + of) / (of * 2)).ok()
}

#[cfg(test)]
mod tests;
