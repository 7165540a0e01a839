//! The accounts between which points move.

pub use crate::transfer::{Transfer, TransferKind};

/// An account of the ledger. The first four are the member's, the next three the partner's, the last three the program's.
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
    /// On the way from one member to another: what leaves the one reaches the other in the same commit, so that over all it is always zero.
    Transit,
}

impl Account {
    /// Every account, in the order of its code.
    pub const ALL: [Self; 10] = [
        Self::Pending,
        Self::Available,
        Self::Held,
        Self::Arrears,
        Self::Issued,
        Self::Recovered,
        Self::Redeemed,
        Self::Expired,
        Self::Adjustment,
        Self::Transit,
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
            Self::Transit => 10,
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
            Self::Transit => "transit",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_one_to_one() {
        for (account, code) in Account::ALL.into_iter().zip(1..) {
            assert_eq!(account.code(), code);
            assert_eq!(Account::from_code(code), Some(account));
            assert!(!(account.is_members() && account.is_partners()));
        }
        assert_eq!(Account::from_code(0), None);
    }
}
