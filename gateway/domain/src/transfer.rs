//! Transfers: why points move, and from where to where.
//!
//! A transfer's kind fixes both accounts, so an unbalanced or senseless one cannot be built.

use uuid::Uuid;

use crate::account::Account;
use crate::calendar::Instant;
use crate::ids::{DecisionId, LotId, PartnerId, TransferId};
use crate::points::Points;

/// Why points move. The kind says from where to where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// A refund took back what still waited.
    RecoveryPending,
    /// A refund took back what could be spent.
    Recovery,
    /// A refund took back more than there was: the member owes it.
    RecoveryArrears,
    /// The operator gave.
    AdjustmentIn,
    /// The operator took.
    AdjustmentOut,
    /// Given to another member.
    TransferOut,
    /// Received from another member.
    TransferIn,
    /// Moved, still waiting, to the member that this one was merged into.
    TransferOutPending,
    /// Received, still waiting, from a member that was merged into this one.
    TransferInPending,
    /// What was owed is owed by the member that this one was merged into.
    ArrearsOut,
    /// What a member that was merged into this one owed.
    ArrearsIn,
    /// Given up with the account.
    Forfeiture,
    /// What a closed account owed is no longer asked for.
    WriteOff,
}

impl TransferKind {
    /// Every kind, in the order of its code.
    pub const ALL: [Self; 23] = [
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
        Self::RecoveryPending,
        Self::Recovery,
        Self::RecoveryArrears,
        Self::AdjustmentIn,
        Self::AdjustmentOut,
        Self::TransferOut,
        Self::TransferIn,
        Self::TransferOutPending,
        Self::TransferInPending,
        Self::ArrearsOut,
        Self::ArrearsIn,
        Self::Forfeiture,
        Self::WriteOff,
    ];

    /// The accounts that points leave and reach.
    #[must_use]
    pub const fn accounts(self) -> (Account, Account) {
        match self {
            Self::Award => (Account::Issued, Account::Available),
            Self::AwardPending => (Account::Issued, Account::Pending),
            Self::Activation => (Account::Pending, Account::Available),
            Self::Cancellation | Self::RecoveryPending => (Account::Pending, Account::Recovered),
            Self::Expiry | Self::Forfeiture => (Account::Available, Account::Expired),
            Self::Hold => (Account::Available, Account::Held),
            Self::Release => (Account::Held, Account::Available),
            Self::Capture => (Account::Held, Account::Redeemed),
            Self::Reversal => (Account::Redeemed, Account::Available),
            Self::Repayment => (Account::Available, Account::Arrears),
            Self::Recovery => (Account::Available, Account::Recovered),
            Self::RecoveryArrears => (Account::Arrears, Account::Recovered),
            Self::AdjustmentIn => (Account::Adjustment, Account::Available),
            Self::AdjustmentOut => (Account::Available, Account::Adjustment),
            Self::TransferOut => (Account::Available, Account::Transit),
            Self::TransferIn => (Account::Transit, Account::Available),
            Self::TransferOutPending => (Account::Pending, Account::Transit),
            Self::TransferInPending => (Account::Transit, Account::Pending),
            Self::ArrearsOut => (Account::Transit, Account::Arrears),
            Self::ArrearsIn => (Account::Arrears, Account::Transit),
            Self::WriteOff => (Account::Adjustment, Account::Arrears),
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
            Self::RecoveryPending => 11,
            Self::Recovery => 12,
            Self::RecoveryArrears => 13,
            Self::AdjustmentIn => 14,
            Self::AdjustmentOut => 15,
            Self::TransferOut => 16,
            Self::TransferIn => 17,
            Self::TransferOutPending => 18,
            Self::TransferInPending => 19,
            Self::ArrearsOut => 20,
            Self::ArrearsIn => 21,
            Self::Forfeiture => 22,
            Self::WriteOff => 23,
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
            Self::RecoveryPending | Self::Recovery | Self::RecoveryArrears => "clawback",
            Self::AdjustmentIn | Self::AdjustmentOut => "adjustment",
            Self::TransferOut
            | Self::TransferIn
            | Self::TransferOutPending
            | Self::TransferInPending
            | Self::ArrearsOut
            | Self::ArrearsIn => "transfer",
            Self::Forfeiture => "forfeiture",
            Self::WriteOff => "write_off",
        }
    }

    /// Whether it is the birth of a lot, of as many points as it moves.
    #[must_use]
    pub const fn is_birth(self) -> bool {
        matches!(self, Self::Award | Self::AwardPending | Self::AdjustmentIn | Self::TransferIn | Self::TransferInPending)
    }

    /// Whether the lot that it names has that much less left after it.
    #[must_use]
    pub const fn is_drain(self) -> bool {
        matches!(
            self,
            Self::Cancellation
                | Self::Expiry
                | Self::Repayment
                | Self::RecoveryPending
                | Self::Recovery
                | Self::AdjustmentOut
                | Self::TransferOut
                | Self::TransferOutPending
                | Self::Forfeiture
        )
    }

    /// Whether it moves several lots for a redemption, told by allocations.
    #[must_use]
    pub const fn is_allocated(self) -> bool {
        matches!(self, Self::Hold | Self::Release | Self::Capture | Self::Reversal)
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
    /// What it belongs to: the transaction, redemption, refund, adjustment, gift or merge.
    pub subject: Option<Uuid>,
    /// The decision that caused it.
    pub decision: Option<DecisionId>,
    /// For people: the rule's, or the operator's, reason.
    pub reason: Option<String>,
    /// When it holds from: the clock's changes are written late, with the time at which they were due.
    pub effective_at: Instant,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_one_to_one() {
        for (kind, code) in TransferKind::ALL.into_iter().zip(1..) {
            assert_eq!(kind.code(), code);
            assert_eq!(TransferKind::from_code(code), Some(kind));
        }
        assert_eq!(TransferKind::from_code(0), None);
    }

    #[test]
    fn a_kind_moves_points_of_a_member() {
        for kind in TransferKind::ALL {
            let (from, to) = kind.accounts();
            assert_ne!(from, to);
            assert!(from.is_members() || to.is_members());
            // It touches one partner at most: a transfer names no more.
            assert!(!(from.is_partners() && to.is_partners()));
        }
    }

    #[test]
    fn a_kind_says_what_becomes_of_its_lot() {
        let in_lots = |account| matches!(account, Account::Pending | Account::Available | Account::Held);
        for kind in TransferKind::ALL {
            let (from, to) = kind.accounts();
            let (leaves, enters) = (in_lots(from) && !in_lots(to), in_lots(to) && !in_lots(from));
            assert_eq!(kind.is_drain(), leaves && !kind.is_allocated(), "{kind:?}");
            assert_eq!(kind.is_birth(), enters && !kind.is_allocated(), "{kind:?}");
        }
    }
}
