//! Accounts, and the transfers that may move points between them.
//!
//! A transfer's kind fixes both accounts, so an unbalanced or senseless one cannot be built.

use crate::calendar::Instant;
use crate::ids::{DecisionId, LotId, PartnerId, TransferId};
use crate::points::Points;
use uuid::Uuid;

/// An account of the ledger. The first four are the member's, the next three the partner's, the last two the program's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Awarded, and not yet to be spent.
    Pending,
    /// To be spent.
    Available,
    /// Set aside for a redemption.
    Held,
    /// Owed by the member; at or below zero.
    Arrears,
    /// Awarded by the partner.
    Issued,
    /// Taken back by the partner.
    Recovered,
    /// Spent at the partner.
    Redeemed,
    /// Run out.
    Expired,
    /// Moved by the operator.
    Adjustment,
}

impl Account {
    /// Every account, in the order of its code.
    pub const ALL: [Self; 9] = [
        Self::Pending,
        Self::Available,
        Self::Held,
        Self::Arrears,
        Self::Issued,
        Self::Recovered,
        Self::Redeemed,
        Self::Expired,
        Self::Adjustment,
    ];

    /// Its number in the database, for ever.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Pending => 1,
            Self::Available => 2,
            Self::Held => 3,
            Self::Arrears => 4,
            Self::Issued => 5,
            Self::Recovered => 6,
            Self::Redeemed => 7,
            Self::Expired => 8,
            Self::Adjustment => 9,
        }
    }

    /// The account of a number in the database.
    #[must_use]
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.code() == code)
    }

    /// What the API calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Available => "available",
            Self::Held => "held",
            Self::Arrears => "arrears",
            Self::Issued => "issued",
            Self::Recovered => "recovered",
            Self::Redeemed => "redeemed",
            Self::Expired => "expired",
            Self::Adjustment => "adjustment",
        }
    }

    /// Whether each member has one of their own.
    #[must_use]
    pub const fn is_members(self) -> bool {
        matches!(self, Self::Pending | Self::Available | Self::Held | Self::Arrears)
    }

    /// Whether each partner has one of their own.
    #[must_use]
    pub const fn is_partners(self) -> bool {
        matches!(self, Self::Issued | Self::Recovered | Self::Redeemed)
    }
}

/// Why points move. The kind says from where to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferKind {
    /// Rules awarded points that can be spent at once.
    Award,
    /// Rules awarded points that wait for a moment or an action.
    AwardPending,
    /// What waited can be spent.
    Activation,
    /// What waited is taken back.
    Cancellation,
    /// Ran out.
    Expiry,
    /// Set aside for a redemption.
    Hold,
    /// Back from a hold.
    Release,
    /// Spent.
    Capture,
    /// Back after a capture.
    Reversal,
    /// Paid off what the member owed.
    Repayment,
}

impl TransferKind {
    /// Every kind, in the order of its code.
    pub const ALL: [Self; 10] = [
        Self::Award,
        Self::AwardPending,
        Self::Activation,
        Self::Cancellation,
        Self::Expiry,
        Self::Hold,
        Self::Release,
        Self::Capture,
        Self::Reversal,
        Self::Repayment,
    ];

    /// The accounts that points leave and reach.
    #[must_use]
    pub const fn accounts(self) -> (Account, Account) {
        match self {
            Self::Award => (Account::Issued, Account::Available),
            Self::AwardPending => (Account::Issued, Account::Pending),
            Self::Activation => (Account::Pending, Account::Available),
            Self::Cancellation => (Account::Pending, Account::Recovered),
            Self::Expiry => (Account::Available, Account::Expired),
            Self::Hold => (Account::Available, Account::Held),
            Self::Release => (Account::Held, Account::Available),
            Self::Capture => (Account::Held, Account::Redeemed),
            Self::Reversal => (Account::Redeemed, Account::Available),
            Self::Repayment => (Account::Available, Account::Arrears),
        }
    }

    /// Its number in the database, for ever.
    #[must_use]
    pub const fn code(self) -> i64 {
        match self {
            Self::Award => 1,
            Self::AwardPending => 2,
            Self::Activation => 3,
            Self::Cancellation => 4,
            Self::Expiry => 5,
            Self::Hold => 6,
            Self::Release => 7,
            Self::Capture => 8,
            Self::Reversal => 9,
            Self::Repayment => 10,
        }
    }

    /// The kind of a number in the database.
    #[must_use]
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// What the API calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Award | Self::AwardPending => "award",
            Self::Activation => "activation",
            Self::Cancellation => "cancellation",
            Self::Expiry => "expiry",
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Capture => "capture",
            Self::Reversal => "reversal",
            Self::Repayment => "repayment",
        }
    }
}

/// One movement of points. Written once, never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Grows with time within a member.
    pub id: TransferId,
    /// Why, from where, to where.
    pub kind: TransferKind,
    /// The partner whose account it touches, where it touches one.
    pub partner: Option<PartnerId>,
    /// How many; positive.
    pub points: Points,
    /// The lot, where it is one; several are told by allocations.
    pub lot: Option<LotId>,
    /// The transaction or redemption that it belongs to.
    pub subject: Option<Uuid>,
    /// The decision that caused it.
    pub decision: Option<DecisionId>,
    /// For people: the rule's reason.
    pub reason: Option<String>,
    /// When it holds from: the clock's changes are written late, with the time at which they were due.
    pub effective_at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_one_to_one() {
        for account in Account::ALL {
            assert_eq!(Account::from_code(account.code()), Some(account));
        }
        for kind in TransferKind::ALL {
            assert_eq!(TransferKind::from_code(kind.code()), Some(kind));
            let (from, to) = kind.accounts();
            assert_ne!(from, to);
            assert!(from.is_members() || to.is_members());
        }
    }
}
