//! A small write path for tests: what ledgers change is stored, and each operation begins with what was stored, as in the gateway.

use super::*;
use crate::timeline::{Entry, Promise, Timeline};

/// What is stored of one member.
#[derive(Default)]
pub(super) struct Shelf {
    pub(super) balances: Balances,
    next_change_at: Option<Instant>,
    pub(super) lots: BTreeMap<LotId, Lot>,
    holds: Vec<Hold>,
    promises: Vec<Promise>,
    pub(super) transfers: Vec<Transfer>,
    entries: Vec<Entry>,
    pub(super) parents: BTreeMap<LotId, LotId>,
    /// When the member was active, and when that was recorded.
    activity: Vec<(Instant, Instant)>,
}

impl Shelf {
    fn active_at(&self) -> Option<Instant> {
        self.activity.iter().map(|(at, _)| *at).max()
    }
}

/// What is stored of a program.
pub(super) struct Books {
    pub(super) now: i64,
    ids: Cell<u128>,
    pub(super) shelves: Vec<Shelf>,
}

impl Books {
    pub(super) fn new(members: usize) -> Self {
        Self { now: 0, ids: Cell::new(1 << 64), shelves: (0..members).map(|_| Shelf::default()).collect() }
    }

    fn new_id(&self) -> Uuid {
        self.ids.set(self.ids.get() + 1);
        Uuid::from_u128(self.ids.get())
    }

    fn id(member: usize) -> MemberId {
        MemberId(numbered(member + 1))
    }

    /// A ledger as the gateway loads it: the lots with something left, and those that are named.
    fn load(&self, member: usize, named: &[LotId]) -> Ledger {
        let shelf = &self.shelves[member];
        let wanted = |lot: &&Lot| lot.remaining.is_positive() || lot.held.is_positive() || named.contains(&lot.id);
        let lots = shelf.lots.values().filter(wanted).cloned().collect();
        let mut ledger = Ledger::whole(Self::id(member), shelf.balances, lots, shelf.holds.clone());
        if let Some(at) = shelf.active_at() {
            ledger.active(&utc(), at);
        }
        ledger
    }

    /// What anybody is told at `at`, who writes nothing.
    pub(super) fn read(&self, member: usize, at: i64) -> Ledger {
        let mut ledger = self.load(member, &[]);
        ledger.settle_due(Instant(at), &|| self.new_id()).unwrap();
        ledger
    }

    /// An operation on a member with their lots, and the commit of it.
    pub(super) fn on<T>(
        &mut self,
        member: usize,
        named: &[LotId],
        operation: impl FnOnce(&mut Ledger, Instant, &dyn Fn() -> Uuid) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let done = self.commit(member, self.load(member, named), operation);
        // What an operation has made due it has done.
        assert!(self.shelves[member].next_change_at.is_none_or(|at| at.0 > self.now));
        done
    }

    /// The same for what comes in: without the lots, while nothing is due.
    pub(super) fn bring<T>(
        &mut self,
        member: usize,
        operation: impl FnOnce(&mut Ledger, Instant, &dyn Fn() -> Uuid) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let shelf = &self.shelves[member];
        let light = Ledger::balances_only(Self::id(member), shelf.balances, shelf.next_change_at);
        let due = shelf.next_change_at.is_some_and(|at| at.0 <= self.now);
        self.commit(member, if due { self.load(member, &[]) } else { light }, operation)
    }

    /// A member is active: what is due by then is written first.
    pub(super) fn act(&mut self, member: usize, at: i64) {
        self.on(member, &[], |_, _, _| Ok(())).unwrap();
        self.shelves[member].activity.push((Instant(at), Instant(self.now)));
        self.on(member, &[], |_, _, _| Ok(())).unwrap();
    }

    fn commit<T>(
        &mut self,
        member: usize,
        mut ledger: Ledger,
        operation: impl FnOnce(&mut Ledger, Instant, &dyn Fn() -> Uuid) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let (now, new_id) = (Instant(self.now), || self.new_id());
        ledger.settle_due(now, &new_id).unwrap();
        let before = ledger.clone();
        let done = operation(&mut ledger, now, &new_id);
        if let Some(at) = self.shelves[member].active_at() {
            ledger.active(&utc(), at);
        }
        if done.is_err() {
            assert_eq!(ledger.changes, before.changes);
            assert_eq!((ledger.balances, ledger.next_change_at), (before.balances, before.next_change_at));
            assert_eq!((&ledger.lots, &ledger.holds), (&before.lots, &before.holds));
        }
        self.store(member, &ledger);
        // Who looks at the balances alone looks again in time.
        let (told, true_next) = (self.shelves[member].next_change_at, self.load(member, &[]).find_next_change());
        assert!(true_next.is_none_or(|at| told.is_some_and(|told| told <= at)));
        done
    }

    fn store(&mut self, member: usize, ledger: &Ledger) {
        let shelf = &mut self.shelves[member];
        let changes = ledger.changes();
        for lot in ledger.lots() {
            // What is fixed stays as it was born with.
            let born = changes.lots.iter().find(|(id, _)| *id == lot.id).map(|(_, born)| born.expires_at);
            let expires_at = born.or_else(|| shelf.lots.get(&lot.id).map(|known| known.expires_at)).unwrap();
            let kept = Lot { expires_at, ..lot.clone() };
            if changes.touched.contains(&lot.id) {
                shelf.lots.insert(lot.id, kept.clone());
            }
            assert_eq!(shelf.lots.get(&lot.id), Some(&kept), "a change of a lot was not noted");
        }
        for transfer in &changes.transfers {
            let (from, to) = transfer.kind.accounts();
            assert!(transfer.points.is_positive());
            assert_eq!(from.is_partners() || to.is_partners(), transfer.partner.is_some(), "{:?}", transfer.kind);
            assert!(transfer.effective_at.0 <= self.now);
            let shares: Vec<_> = changes.allocations.iter().filter(|part| part.transfer == transfer.id).collect();
            let sum: i64 = shares.iter().map(|part| part.points.0).sum();
            assert_eq!(sum, if transfer.kind.is_allocated() { transfer.points.0 } else { 0 });
            shelf.balances = shelf.balances.after(transfer.kind, transfer.points).unwrap();
            shelf.entries.push(Entry {
                kind: transfer.kind,
                points: transfer.points,
                lot: transfer.lot,
                subject: transfer.subject,
                recorded_at: Instant(self.now),
                shares: shares.into_iter().map(|part| (part.lot, part.points)).collect(),
            });
        }
        // Double entry: the transfers alone give the balances.
        assert_eq!(shelf.balances, ledger.balances());
        assert!(shelf.balances.available == Points::ZERO || shelf.balances.arrears == Points::ZERO);
        shelf.transfers.extend(changes.transfers.iter().cloned());
        shelf.parents.extend(&changes.parents);
        shelf.next_change_at = ledger.next_change_at();
        if ledger.is_whole() {
            assert_eq!(ledger.next_change_at(), ledger.find_next_change());
            let known: Vec<_> = shelf.promises.iter().map(|promise| promise.redemption).collect();
            let new = ledger.holds().filter(|hold| !known.contains(&hold.redemption));
            shelf.promises.extend(new.map(|hold| Promise { redemption: hold.redemption, partner: hold.partner, until: hold.until }));
            shelf.holds = ledger.holds().cloned().collect();
        }
        let left: i64 = shelf.lots.values().map(|lot| lot.remaining.0 + lot.held.0).sum();
        assert_eq!(left, ledger.balances().in_lots().unwrap().0);
    }

    /// All that was ever recorded of a member.
    pub(super) fn timeline(&self, member: usize) -> Timeline {
        let shelf = &self.shelves[member];
        // What was left of a lot is to be found from the entries.
        let lots = shelf.lots.values().map(|lot| Lot { remaining: Points(-1), held: Points(-1), pending: true, ..lot.clone() });
        Timeline {
            member: Self::id(member),
            lots: lots.collect(),
            holds: shelf.promises.clone(),
            entries: shelf.entries.clone(),
            activity: shelf.activity.clone(),
        }
    }
}
