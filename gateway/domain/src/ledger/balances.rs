//! A member's four balances, and how a transfer moves them.

use crate::account::Account;
use crate::ledger::LedgerError;
use crate::points::{Overflow, Points};
use crate::transfer::TransferKind;

/// A member's four balances. Arrears are told as a positive number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    /// Awarded, and not yet to be spent.
    pub pending: Points,
    /// To be spent.
    pub available: Points,
    /// Set aside for redemptions.
    pub held: Points,
    /// Owed by the member.
    pub arrears: Points,
}

impl Balances {
    /// What they are after a transfer of `points`.
    ///
    /// # Errors
    /// [`LedgerError::TooMany`] where one would fall below zero, [`LedgerError::Overflow`].
    pub fn after(mut self, kind: TransferKind, points: Points) -> Result<Self, LedgerError> {
        let (from, to) = kind.accounts();
        self.add(from, Points::ZERO.minus(points)?)?;
        self.add(to, points)?;
        Ok(self)
    }

    fn add(&mut self, account: Account, points: Points) -> Result<(), LedgerError> {
        let (balance, points) = match account {
            Account::Pending => (&mut self.pending, points),
            Account::Available => (&mut self.available, points),
            Account::Held => (&mut self.held, points),
            // The account lies at or below zero; what is told is how much is owed.
            Account::Arrears => (&mut self.arrears, Points::ZERO.minus(points)?),
            Account::Issued | Account::Recovered | Account::Redeemed | Account::Expired | Account::Adjustment | Account::Transit => {
                return Ok(());
            }
        };
        let sum = balance.plus(points)?;
        if sum < Points::ZERO {
            return Err(LedgerError::TooMany);
        }
        *balance = sum;
        Ok(())
    }

    /// What the member's lots have left: all but arrears.
    ///
    /// # Errors
    /// [`Overflow`] beyond 64 bits.
    pub fn in_lots(self) -> Result<Points, Overflow> {
        self.available.plus(self.pending)?.plus(self.held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrears_grow_as_points_leave_them() {
        let owed = Balances::default().after(TransferKind::RecoveryArrears, Points(7)).unwrap();
        assert_eq!(owed, Balances { arrears: Points(7), ..Balances::default() });
        assert_eq!(owed.after(TransferKind::WriteOff, Points(7)), Ok(Balances::default()));
        assert_eq!(owed.after(TransferKind::ArrearsOut, Points(8)), Err(LedgerError::TooMany));
        assert_eq!(Balances::default().after(TransferKind::Hold, Points(1)), Err(LedgerError::TooMany));
        let full = Balances { available: Points(i64::MAX), ..Balances::default() };
        assert_eq!(full.after(TransferKind::Award, Points(1)), Err(LedgerError::Overflow(Overflow)));
    }
}
