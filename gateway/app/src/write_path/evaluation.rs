//! What rules said of a purchase, and of what its refunds left of it: as it is kept with each refund.

use std::collections::{BTreeMap, BTreeSet};

use coalition_rules::contract::Effect;
use coalition_store::entities::refunds;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::returned::Returned;
use crate::error::Error;
use crate::refunds::RefundPoints;

/// What rules said of a purchase, as far as a refund can put it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Said {
    /// Points by award key.
    pub(crate) awarded: BTreeMap<String, i64>,
    /// Steps of counters.
    pub(crate) counters: BTreeMap<String, i64>,
    /// Keys of vouchers.
    pub(crate) vouchers: BTreeSet<String>,
    /// Badges with their periods.
    pub(crate) badges: BTreeSet<(String, String)>,
    /// Signals: relation and kind.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) signals: BTreeSet<(String, String)>,
}

impl Said {
    pub(crate) fn of(effects: &[Effect]) -> Self {
        let mut said = Self::default();
        for effect in effects {
            match effect {
                Effect::Award(award) => {
                    said.awarded.insert(award.key.clone(), award.points);
                }
                Effect::Progress(progress) => {
                    let sum = said.counters.entry(progress.counter.clone()).or_default();
                    *sum = sum.saturating_add(progress.delta);
                }
                Effect::IssueVoucher(voucher) => {
                    said.vouchers.insert(voucher.key.clone());
                }
                Effect::GrantBadge(badge) => {
                    said.badges.insert((badge.name.clone(), badge.period.clone()));
                }
                Effect::Signal(signal) => {
                    said.signals.insert((signal.relation.clone(), signal.kind.clone()));
                }
                _ => {}
            }
        }
        said
    }
}

/// One program's part in a refund, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Evaluation {
    /// Whose rules.
    pub(crate) partner: Uuid,
    /// The decision that was looked at again.
    pub(crate) original: Uuid,
    /// How: `rules`, `nothing-left` or `in-proportion`.
    pub(crate) how: String,
    /// What they say of what is left.
    pub(crate) said: Said,
    /// Points due back by award key, whether or not they could be taken.
    pub(crate) due: BTreeMap<String, i64>,
    /// What became of them.
    pub(crate) points: RefundPoints,
    /// What the live rules recovered in answer to the refund, by the lots that it is charged to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) charged: Vec<(Uuid, i64)>,
    /// Of what was due, the part of each lot, where several partners fund an award.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) shared: Vec<(Uuid, i64)>,
}

/// A member's refund with its evaluations, read.
#[derive(Clone, Debug)]
pub(crate) struct KnownRefund {
    pub(crate) row: refunds::Model,
    pub(crate) returned: Returned,
    pub(crate) evaluations: Vec<Evaluation>,
}

impl KnownRefund {
    pub(crate) fn read(row: refunds::Model) -> Result<Self, Error> {
        let returned = serde_json::from_str(&row.body).map_err(|error| Error::internal(&error))?;
        let evaluations = serde_json::from_str(&row.evaluations).map_err(|error| Error::internal(&error))?;
        Ok(Self { row, returned, evaluations })
    }
}
