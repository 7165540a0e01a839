//! What can be asked of the write path, and how it is told apart for ever.

use coalition_domain::{EventId, HouseholdId, Instant, MemberId, PartnerId, Points, RedemptionId, TransactionId, VoucherId};
use coalition_rules::contract::EventBody;
use coalition_store::entities::adjustment_requests;
use coalition_store::load::BusinessKey;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::activities::NewActivity;
use crate::answer::{Answer, IdempotencyClaim};
use crate::caller::Caller;
use crate::error::Error;
use crate::purchase::{MemberRef, NewTransaction};
use crate::refunds::NewRefund;
use crate::waiting::{NewWaiting, WaitingStep};

/// Kinds of operation: an external id is unique within a partner and a kind.
pub(crate) mod kind {
    /// A purchase.
    pub(crate) const TRANSACTION: i64 = 1;
    /// A redemption from its hold on.
    pub(crate) const REDEMPTION: i64 = 2;
    /// The capture of one.
    pub(crate) const CAPTURE: i64 = 3;
    /// A part of it given back.
    pub(crate) const REVERSAL: i64 = 4;
    /// A command without an external id: its own id.
    pub(crate) const COMMAND: i64 = 5;
    /// What came back of a purchase.
    pub(crate) const REFUND: i64 = 6;
    /// What awards waited for has happened, or never will.
    pub(crate) const WAITING: i64 = 7;
    /// Points given or taken by hand: its own id.
    pub(crate) const ADJUSTMENT: i64 = 8;
    /// Points given to another member; unique for who asks, the member or the operator.
    pub(crate) const GIFT: i64 = 20;
    /// A member who becomes another: their own id.
    pub(crate) const MERGE: i64 = 21;
    /// An account that is closed: its own id.
    pub(crate) const CLOSING: i64 = 22;
    /// What a partner reports that is no purchase.
    pub(crate) const ACTIVITY: i64 = 40;
    /// What the calendar brings: whose it is, and which day or window.
    pub(crate) const OCCURRENCE: i64 = 41;
    /// A voucher used at a till.
    pub(crate) const VOUCHER_USE: i64 = 42;
}

/// Something to be done to one member.
#[derive(Clone, Debug)]
pub(crate) enum Work {
    /// A till's purchase.
    Purchase { partner: PartnerId, input: Box<NewTransaction> },
    /// What a partner reports that is no purchase.
    Activity { partner: PartnerId, input: Box<NewActivity> },
    /// What the calendar brings, to be noted for the rules that want it.
    Occur(Box<Occurrence>),
    /// What rules said to a signal that would not have been sent is taken back.
    Undo { member: MemberId, owner: PartnerId, event: EventId, of: EventId },
    /// A voucher, to be used at its partner's till.
    UseVoucher { member: MemberId, partner: PartnerId, voucher: VoucherId, external_id: String },
    /// A decision that could not be made when the purchase was posted, or that nobody has waited for.
    Evaluate { member: MemberId, owner: PartnerId, transaction: TransactionId },
    /// What came back of a purchase.
    Refund { member: MemberId, transaction: TransactionId, partner: PartnerId, input: Box<NewRefund> },
    /// What awards of a purchase waited for has happened, or never will.
    Waiting { member: MemberId, transaction: TransactionId, partner: PartnerId, step: WaitingStep, input: Box<NewWaiting> },
    /// Points to be set aside for a reward.
    Hold(Box<HoldWork>),
    /// A hold to be spent.
    Capture { member: MemberId, redemption: RedemptionId, partner: PartnerId, amount: Option<i64> },
    /// A hold to be given up.
    Void { member: MemberId, redemption: RedemptionId, partner: PartnerId },
    /// Captured points to be given back.
    Reverse { member: MemberId, redemption: RedemptionId, partner: PartnerId, points: Option<i64> },
    /// Points to be given or taken by the operator's hand.
    Adjust(Box<AdjustWork>),
    /// What the clock has made due to be written.
    Settle { member: MemberId },
    /// Points to be given to another member.
    Give(Box<GiveWork>),
    /// A household to be joined, or made.
    Join(Box<JoinWork>),
    /// A household to be left.
    Leave(Box<LeaveWork>),
    /// A member to become another.
    Merge(Box<MergeWork>),
    /// An account to be closed.
    Close(Box<CloseWork>),
}

/// See [`Work::Give`].
#[derive(Clone, Debug)]
pub(crate) struct GiveWork {
    pub(crate) from: MemberId,
    pub(crate) to: MemberId,
    pub(crate) points: Points,
    pub(crate) external_id: Option<String>,
}

/// See [`Work::Join`].
#[derive(Clone, Debug)]
pub(crate) struct JoinWork {
    pub(crate) member: MemberId,
    pub(crate) household: HouseholdId,
    /// It is made by this.
    pub(crate) is_new: bool,
    pub(crate) name: Option<String>,
    /// Who must still be in it, where their word is all that lets somebody in.
    pub(crate) invited_by: Option<MemberId>,
}

/// See [`Work::Leave`].
#[derive(Clone, Debug)]
pub(crate) struct LeaveWork {
    pub(crate) member: MemberId,
    pub(crate) household: HouseholdId,
}

/// See [`Work::Merge`].
#[derive(Clone, Debug)]
pub(crate) struct MergeWork {
    pub(crate) from: MemberId,
    pub(crate) into: MemberId,
}

/// See [`Work::Close`].
#[derive(Clone, Debug)]
pub(crate) struct CloseWork {
    pub(crate) member: MemberId,
}

/// See [`Work::Occur`].
#[derive(Clone, Debug)]
pub(crate) struct Occurrence {
    pub(crate) member: MemberId,
    /// At which partner.
    pub(crate) partner: PartnerId,
    /// Whose rules decide.
    pub(crate) owners: Vec<PartnerId>,
    pub(crate) at: Instant,
    pub(crate) body: EventBody,
}

/// See [`Work::Hold`].
#[derive(Clone, Debug)]
pub(crate) struct HoldWork {
    pub(crate) member: MemberId,
    pub(crate) partner: PartnerId,
    pub(crate) reward: String,
    pub(crate) quantity: u32,
    /// Minor units of the partner's currency, for pay-with-points.
    pub(crate) amount: Option<i64>,
    pub(crate) external_id: Option<String>,
    /// The one-time code's hash, to be taken with the hold.
    pub(crate) code_hash: Option<Vec<u8>>,
}

/// See [`Work::Adjust`].
#[derive(Clone, Debug)]
pub(crate) struct AdjustWork {
    pub(crate) request: adjustment_requests::Model,
    /// The second operator, where one had to agree.
    pub(crate) approved_by: Option<String>,
}

/// A command with its identity.
#[derive(Clone, Debug)]
pub(crate) struct Command {
    pub(crate) work: Work,
    /// Who asks; none for the gateway's own jobs.
    pub(crate) caller: Option<Caller>,
    pub(crate) claim: Option<IdempotencyClaim>,
    /// Inserted first: at most one commit carries it.
    pub(crate) key: BusinessKey,
    /// blake3 of what was asked, to tell a repeat from another body.
    pub(crate) body_hash: [u8; 32],
}

/// How a command finds its member before anything was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum MemberKey {
    Id(Uuid),
    Card(String),
    Alias(Uuid, String),
}

impl MemberKey {
    fn named(partner: PartnerId, member: &MemberRef) -> Self {
        match (&member.id, &member.card, &member.alias) {
            (Some(id), _, _) => Self::Id(id.uuid()),
            (_, Some(card), _) => Self::Card(card.clone()),
            (_, _, alias) => Self::Alias(partner.uuid(), alias.clone().unwrap_or_default()),
        }
    }
}

impl Command {
    /// The partner whose queue it waits in.
    pub(crate) fn queue(&self) -> Uuid {
        match &self.work {
            Work::Purchase { partner, .. }
            | Work::Activity { partner, .. }
            | Work::UseVoucher { partner, .. }
            | Work::Refund { partner, .. }
            | Work::Waiting { partner, .. }
            | Work::Capture { partner, .. }
            | Work::Void { partner, .. }
            | Work::Reverse { partner, .. } => partner.uuid(),
            Work::Hold(hold) => hold.partner.uuid(),
            Work::Evaluate { owner, .. } | Work::Undo { owner, .. } => owner.uuid(),
            Work::Adjust(_)
            | Work::Settle { .. }
            | Work::Occur(_)
            | Work::Give(_)
            | Work::Join(_)
            | Work::Leave(_)
            | Work::Merge(_)
            | Work::Close(_) => Uuid::nil(),
        }
    }

    pub(crate) fn member_key(&self) -> MemberKey {
        match &self.work {
            Work::Purchase { partner, input } => MemberKey::named(*partner, &input.member),
            Work::Activity { partner, input } => MemberKey::named(*partner, &input.member),
            Work::Occur(occurrence) => MemberKey::Id(occurrence.member.uuid()),
            Work::Evaluate { member, .. }
            | Work::Undo { member, .. }
            | Work::UseVoucher { member, .. }
            | Work::Refund { member, .. }
            | Work::Waiting { member, .. }
            | Work::Capture { member, .. }
            | Work::Void { member, .. }
            | Work::Reverse { member, .. }
            | Work::Settle { member } => MemberKey::Id(member.uuid()),
            Work::Hold(hold) => MemberKey::Id(hold.member.uuid()),
            Work::Adjust(work) => MemberKey::Id(work.request.member_id),
            Work::Give(work) => MemberKey::Id(work.from.uuid()),
            Work::Join(work) => MemberKey::Id(work.member.uuid()),
            Work::Leave(work) => MemberKey::Id(work.member.uuid()),
            Work::Merge(work) => MemberKey::Id(work.from.uuid()),
            Work::Close(work) => MemberKey::Id(work.member.uuid()),
        }
    }

    /// Whom else it touches, as far as that is known before anything was read.
    pub(crate) fn further_keys(&self) -> Vec<MemberKey> {
        match &self.work {
            Work::Give(work) => vec![MemberKey::Id(work.to.uuid())],
            Work::Merge(work) => vec![MemberKey::Id(work.into.uuid())],
            _ => Vec::new(),
        }
    }

    /// Whose purchase it is about, as it was posted: they may have become another since.
    pub(crate) const fn owner(&self) -> Option<MemberId> {
        match self.work {
            Work::Refund { member, .. } | Work::Waiting { member, .. } => Some(member),
            _ => None,
        }
    }

    /// The redemption that it moves on.
    pub(crate) const fn redemption(&self) -> Option<RedemptionId> {
        match self.work {
            Work::Capture { redemption, .. } | Work::Void { redemption, .. } | Work::Reverse { redemption, .. } => Some(redemption),
            _ => None,
        }
    }

    /// Whether it is about the member whom it names, also where they have become another.
    pub(crate) const fn is_of_former(&self) -> bool {
        self.redemption().is_some() || matches!(self.work, Work::Merge(_))
    }

    /// Partners whose rules or terms it needs, the operator's apart.
    pub(crate) fn partner(&self) -> Option<PartnerId> {
        match &self.work {
            Work::Purchase { partner, .. }
            | Work::Activity { partner, .. }
            | Work::UseVoucher { partner, .. }
            | Work::Refund { partner, .. }
            | Work::Waiting { partner, .. }
            | Work::Capture { partner, .. }
            | Work::Void { partner, .. }
            | Work::Reverse { partner, .. } => Some(*partner),
            Work::Hold(hold) => Some(hold.partner),
            Work::Evaluate { owner, .. } | Work::Undo { owner, .. } => Some(*owner),
            _ => None,
        }
    }

    /// The purchase whose decisions, awards and refunds it needs.
    pub(crate) fn reopens(&self) -> Option<(MemberId, TransactionId)> {
        match self.work {
            Work::Refund { member, transaction, .. } => Some((member, transaction)),
            Work::Undo { member, of, .. } => Some((member, TransactionId(of.uuid()))),
            _ => None,
        }
    }

    /// Whether it needs the member's lots even where nothing is due and nothing owed.
    pub(crate) fn moves_lots(&self) -> bool {
        !matches!(
            self.work,
            Work::Purchase { .. } | Work::Activity { .. } | Work::Evaluate { .. } | Work::Occur(_) | Work::UseVoucher { .. }
        )
    }
}

/// A command that waits for its answer.
pub(crate) struct Item {
    pub(crate) command: Command,
    pub(crate) reply: Option<oneshot::Sender<Result<Answer, Error>>>,
    /// How often it was decided in vain.
    pub(crate) attempts: u8,
    /// The member whom it is about, found when it is loaded; nil where there is none.
    pub(crate) subject: Uuid,
    /// Whom else it touches, found likewise.
    pub(crate) others: Vec<Uuid>,
    /// The one among these whom it names, or the subject again.
    pub(crate) counterpart: Option<Uuid>,
}

impl Item {
    pub(crate) const fn new(command: Command, reply: Option<oneshot::Sender<Result<Answer, Error>>>) -> Self {
        Self { command, reply, attempts: 0, subject: Uuid::nil(), others: Vec::new(), counterpart: None }
    }

    pub(crate) fn touches(&self, member: Uuid) -> bool {
        self.subject == member || self.others.contains(&member)
    }

    pub(crate) fn answer(self, result: Result<Answer, Error>) {
        if let Some(reply) = self.reply {
            // Who asked may have hung up: what was done holds all the same.
            let _ = reply.send(result);
        }
    }
}
