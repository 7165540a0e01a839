//! Random histories of three members, told to the ledger and to the model alike: every balance, lot and total is compared after every step, and what was
//! true at a moment is asked again at the end.

use super::books::Books;
use super::*;
use crate::model::{Model, Terms};
use crate::testing::seeded;

const MEMBERS: usize = 3;
const DAY_MS: i64 = 86_400_000;

#[derive(Clone, Debug)]
enum What {
    Award {
        points: i64,
        wait: Option<i64>,
        action: bool,
        life: Option<i64>,
        slides: Option<u32>,
        age: i64,
        same: bool,
    },
    Deliver {
        which: usize,
    },
    Cancel {
        which: usize,
    },
    Hold {
        points: i64,
        ms: i64,
    },
    Capture {
        which: usize,
        percent: i64,
    },
    Void {
        which: usize,
    },
    Reverse {
        which: usize,
        percent: i64,
    },
    Clawback {
        which: usize,
        points: i64,
        policy: RecoveryPolicy,
    },
    Give {
        to: usize,
        points: i64,
    },
    Merge {
        to: usize,
    },
    Close,
    /// Buys something that earns nothing, so long ago.
    Act {
        age: i64,
    },
    AdjustUp {
        points: i64,
        life: Option<i64>,
    },
    AdjustDown {
        points: i64,
    },
    Sweep,
}

/// After `ms`, `member` does something.
#[derive(Clone, Debug)]
struct Step {
    ms: i64,
    member: usize,
    what: What,
}

fn percent() -> impl Strategy<Value = i64> {
    prop_oneof![Just(100_i64), 0_i64..100]
}

fn step() -> impl Strategy<Value = Step> {
    let policy = prop_oneof![Just(RecoveryPolicy::PendingOnly), Just(RecoveryPolicy::WithinBalance), Just(RecoveryPolicy::Arrears)];
    let some = proptest::option::of::<std::ops::Range<i64>>;
    let slides = proptest::option::weighted(0.3, 0_u32..2);
    let award = (1_i64..500, some(0..300), proptest::bool::weighted(0.2), some(-20..2_000), slides, 0_i64..50, any::<bool>());
    let what = prop_oneof![
        24 => award.prop_map(|(points, wait, action, life, slides, age, same)| What::Award { points, wait, action, life, slides, age, same }),
        6 => any::<usize>().prop_map(|which| What::Deliver { which }),
        3 => any::<usize>().prop_map(|which| What::Cancel { which }),
        14 => (1_i64..400, 1_i64..400).prop_map(|(points, ms)| What::Hold { points, ms }),
        10 => (any::<usize>(), percent()).prop_map(|(which, percent)| What::Capture { which, percent }),
        3 => any::<usize>().prop_map(|which| What::Void { which }),
        6 => (any::<usize>(), percent()).prop_map(|(which, percent)| What::Reverse { which, percent }),
        12 => (any::<usize>(), 1_i64..500, policy).prop_map(|(which, points, policy)| What::Clawback { which, points, policy }),
        8 => (0..MEMBERS, 1_i64..400).prop_map(|(to, points)| What::Give { to, points }),
        3 => (0..MEMBERS).prop_map(|to| What::Merge { to }),
        1 => Just(What::Close),
        8 => (0_i64..200).prop_map(|age| What::Act { age }),
        3 => (1_i64..300, some(1..2_000)).prop_map(|(points, life)| What::AdjustUp { points, life }),
        3 => (1_i64..300).prop_map(|points| What::AdjustDown { points }),
        8 => Just(What::Sweep),
    ];
    (prop_oneof![Just(1_i64), 1_i64..40, 1_i64..400], 0..MEMBERS, what).prop_map(|(ms, member, what)| Step { ms, member, what })
}

/// A redemption as the gateway keeps it.
struct Redemption {
    number: usize,
    member: usize,
    captured: Option<Vec<(LotId, Points)>>,
}

struct Stage {
    books: Books,
    model: Model,
    /// Whom a merged member goes on as.
    now_as: Vec<usize>,
    redemptions: Vec<Redemption>,
    transactions: usize,
    subjects: u128,
    /// What was told at a moment: to be told again.
    told: Vec<(i64, usize, Ledger)>,
}

fn redemption_id(number: usize) -> RedemptionId {
    RedemptionId(numbered(number))
}

fn transaction_id(number: usize) -> TransactionId {
    TransactionId(numbered(number))
}

fn share(whole: i64, percent: i64) -> i64 {
    (whole * percent / 100).max(1)
}

impl Stage {
    fn new() -> Self {
        Self {
            books: Books::new(MEMBERS),
            model: Model::default(),
            now_as: (0..MEMBERS).collect(),
            redemptions: Vec::new(),
            transactions: 0,
            subjects: 0,
            told: Vec::new(),
        }
    }

    /// Lots in the order of their birth, which is how the model numbers them.
    fn lots(&self) -> Vec<LotId> {
        let mut all: Vec<LotId> = self.books.shelves.iter().flat_map(|shelf| shelf.lots.keys().copied()).collect();
        all.sort_unstable();
        all
    }

    fn available(&self, member: usize) -> Points {
        self.model.balances(member).available
    }

    fn play(&mut self, step: &Step) {
        // Just before anything happens again, all is told as it is then.
        let before = self.books.now + step.ms - 1;
        self.told.extend((0..MEMBERS).map(|member| (before, member, self.books.read(member, before))));
        self.books.now += step.ms;
        self.model.pass(self.books.now);
        self.subjects += 1;
        self.act(self.now_as[step.member], &step.what);
        self.compare();
    }

    fn act(&mut self, member: usize, what: &What) {
        match *what {
            What::Award { points, wait, action, life, slides, age, same } => {
                self.transactions += usize::from(!same);
                let now = self.books.now;
                let terms = Terms {
                    available_at: wait.map(|ms| now + ms),
                    action: action.then(|| "delivered".to_owned()),
                    expires_at: life.map(|ms| now + ms),
                    earned_at: now - age,
                    transaction: self.transactions,
                    sliding: slides.map(|days| i64::from(days) * DAY_MS),
                };
                let lot = NewLot {
                    action: terms.action.clone(),
                    earned_at: Instant(terms.earned_at),
                    transaction: transaction_id(self.transactions),
                    sliding: slides.map(Span::Days),
                    ..award(points, now, wait, life)
                };
                self.model.award(member, points, terms);
                self.books.bring(member, |ledger, now, id| ledger.award(lot, now, id)).unwrap();
                // A lot whose time was over when it was awarded is the clock's at once.
                self.model.pass(now);
            }
            What::Act { age } => {
                let at = self.books.now - age;
                self.model.act(member, at);
                self.books.act(member, at);
                self.model.pass(self.books.now);
            }
            What::AdjustUp { points, life } => {
                let now = self.books.now;
                let terms = Terms { expires_at: life.map(|ms| now + ms), earned_at: now, ..Terms::default() };
                self.model.adjust_up(member, points, terms);
                self.books.bring(member, |ledger, at, id| ledger.adjust_up(award(points, now, None, life), at, id)).unwrap();
            }
            What::AdjustDown { points } => {
                let enough = self.model.adjust_down(member, points);
                let request = AdjustDown { points: Points(points), subject: Uuid::from_u128(self.subjects), reason: "a mistake" };
                let done = self.books.on(member, &[], |ledger, now, id| ledger.adjust_down(&request, now, id));
                assert_eq!(done.is_ok(), enough);
            }
            What::Deliver { which } => self.with_lot(which, |stage, member, transaction| {
                stage.model.report(member, transaction, "delivered");
                let which = Waiting { transaction: transaction_id(transaction), action: Some("delivered"), lots: None };
                stage.books.on(member, &[], |ledger, now, id| ledger.activate_on(&which, now, id)).unwrap();
            }),
            What::Cancel { which } => self.with_lot(which, |stage, member, transaction| {
                stage.model.cancel(member, transaction);
                let which = Waiting { transaction: transaction_id(transaction), action: None, lots: None };
                stage.books.on(member, &[], |ledger, now, id| ledger.cancel(&which, now, id)).unwrap();
            }),
            What::Clawback { which, points, policy } => {
                self.with_lot(which, |stage, member, transaction| stage.clawback(member, transaction, points, policy));
            }
            What::Hold { points, ms } => self.hold(member, points, ms),
            What::Capture { which, percent } => self.with_held(which, |stage, at, ledger| {
                let Redemption { number, member, .. } = stage.redemptions[at];
                let hold = ledger.hold_of(redemption_id(number)).unwrap().clone();
                let points = share(hold.allocations.iter().map(|(_, points)| points.0).sum(), percent);
                stage.model.capture(number, points);
                stage.books.on(member, &[], |ledger, now, id| ledger.capture(hold.redemption, Points(points), now, id)).unwrap();
                stage.redemptions[at].captured = Some(hold.split(Points(points)).unwrap().0);
            }),
            What::Void { which } => self.with_held(which, |stage, at, _| {
                let Redemption { number, member, .. } = stage.redemptions[at];
                stage.model.void(number);
                stage.books.on(member, &[], |ledger, now, id| ledger.release(redemption_id(number), now, id)).unwrap();
            }),
            What::Reverse { which, percent } => self.reverse(which, percent),
            What::Give { to, points } => {
                let to = self.now_as[to];
                if to != member {
                    let (subject, enough) = (Uuid::from_u128(self.subjects), self.model.give(member, to, points));
                    let parcels = self.books.on(member, &[], |ledger, now, id| ledger.give(Points(points), subject, now, id));
                    assert_eq!(parcels.is_ok(), enough);
                    if let Ok(parcels) = parcels {
                        self.books.bring(to, |ledger, now, id| ledger.receive(&parcels, subject, now, id)).unwrap();
                    }
                }
            }
            What::Merge { to } => {
                let to = self.now_as[to];
                if to != member && self.merge(member, to) {
                    self.now_as.iter_mut().filter(|now_as| **now_as == member).for_each(|now_as| *now_as = to);
                }
            }
            What::Close => {
                let subject = Uuid::from_u128(self.subjects);
                let closed = self.model.close(member);
                let gone = self.books.on(member, &[], |ledger, now, id| ledger.forfeit(subject, "closed", now, id));
                assert_eq!(gone.is_ok(), closed);
                assert!(!closed || self.books.shelves[member].balances == Balances::default());
            }
            What::Sweep => self.books.on(member, &[], |_, _, _| Ok(())).unwrap(),
        }
    }

    /// Some lot's present owner, and what was bought for it.
    fn with_lot(&mut self, which: usize, then: impl FnOnce(&mut Self, usize, usize)) {
        let lots = self.model.lots();
        if let Some(lot) = lots.get(which % lots.len().max(1)) {
            let (member, transaction) = (self.now_as[lot.member], lot.terms.transaction);
            then(self, member, transaction);
        }
    }

    /// Some redemption that is held now.
    fn with_held(&mut self, which: usize, then: impl FnOnce(&mut Self, usize, &Ledger)) {
        let ledgers: Vec<Ledger> = (0..MEMBERS).map(|member| self.books.read(member, self.books.now)).collect();
        let is_held = |at: &usize| ledgers[self.redemptions[*at].member].hold_of(redemption_id(self.redemptions[*at].number)).is_some();
        let held: Vec<usize> = (0..self.redemptions.len()).filter(is_held).collect();
        if let Some(at) = held.get(which % held.len().max(1)) {
            let member = self.redemptions[*at].member;
            then(self, *at, &ledgers[member]);
        }
    }

    fn hold(&mut self, member: usize, points: i64, ms: i64) {
        let (number, until) = (self.redemptions.len() + 1, self.books.now + ms);
        let available = self.available(member);
        let enough = self.model.hold(member, number, points, until);
        let held = self.books.on(member, &[], |ledger, now, id| ledger.hold(&request(redemption_id(number), points, until), now, id));
        assert_eq!(held, if enough { Ok(()) } else { Err(LedgerError::Insufficient { available }) });
        self.redemptions.push(Redemption { number, member, captured: None });
    }

    fn clawback(&mut self, member: usize, transaction: usize, points: i64, policy: RecoveryPolicy) {
        let lots = self.model.lots().iter().enumerate();
        let own = lots.filter(|(_, lot)| lot.member == member && lot.terms.transaction == transaction);
        let numbers: Vec<usize> = own.map(|(number, _)| number).collect();
        let ids = self.lots();
        let origin: Vec<LotId> = numbers.iter().map(|number| ids[*number]).collect();
        let request = ClawbackRequest {
            partner: PartnerId(Uuid::from_u128(7)),
            origin: &origin,
            points: Points(points),
            policy,
            subject: Uuid::from_u128(self.subjects),
            decision: DecisionId(Uuid::from_u128(8)),
            reason: "came back",
        };
        let expected = self.model.clawback(member, &numbers, points, policy);
        let done = self.books.on(member, &[], |ledger, now, id| ledger.clawback(&request, now, id)).unwrap();
        assert_eq!((done.arrears.0, done.shortfall.0), expected);
        let taken: i64 = done.takings.iter().map(|taking| taking.points.0).sum();
        assert_eq!(taken + done.arrears.0 + done.shortfall.0, points);
    }

    /// What comes back to a member who was merged away goes on to the one they are now.
    fn reverse(&mut self, which: usize, percent: i64) {
        let left = |known: &Redemption| self.model.spent(known.number);
        let spent: Vec<usize> = (0..self.redemptions.len()).filter(|at| left(&self.redemptions[*at]) > 0).collect();
        let Some(at) = spent.get(which % spent.len().max(1)).copied() else { return };
        let Redemption { number, member, .. } = self.redemptions[at];
        let captured = self.redemptions[at].captured.clone().unwrap();
        let whole = self.model.spent(number);
        let points = share(whole, percent);
        self.model.reverse(number, points);
        let named: Vec<LotId> = captured.iter().map(|(lot, _)| *lot).collect();
        let partner = PartnerId(Uuid::nil());
        self.books
            .on(member, &named, |ledger, now, id| {
                let beyond = Points(whole + 1);
                assert_eq!(ledger.reverse(redemption_id(number), partner, &captured, beyond, now, id), Err(LedgerError::TooMany));
                ledger.reverse(redemption_id(number), partner, &captured, Points(points), now, id)
            })
            .unwrap();
        self.redemptions[at].captured = Some(split(&captured, Points(whole - points)).unwrap().0);
        let now_as = self.now_as[member];
        if now_as != member {
            assert!(self.merge(member, now_as));
        }
    }

    fn merge(&mut self, from: usize, to: usize) -> bool {
        let subject = Uuid::from_u128(self.subjects);
        let merged = self.model.merge(from, to);
        let estate = self.books.on(from, &[], |ledger, now, id| ledger.give_all(subject, now, id));
        assert_eq!(estate.is_ok(), merged, "{estate:?}");
        if let Ok(estate) = estate {
            assert_eq!(self.books.shelves[from].balances, Balances::default());
            self.books.on(to, &[], |ledger, now, id| ledger.receive_all(&estate, subject, now, id)).unwrap();
        }
        merged
    }

    fn compare(&self) {
        let ledgers: Vec<Ledger> = (0..MEMBERS).map(|member| self.books.read(member, self.books.now)).collect();
        let ids = self.lots();
        assert_eq!(ids.len(), self.model.lots().len());
        for (expected, id) in self.model.lots().iter().zip(&ids) {
            assert!(self.books.shelves[expected.member].lots.contains_key(id));
            let parent = self.books.shelves[expected.member].parents.get(id);
            assert_eq!(parent.copied(), expected.parent.map(|number| ids[number]));
            match ledgers[expected.member].lot(*id) {
                Some(lot) => {
                    assert_eq!((lot.remaining.0, lot.held.0), (expected.remaining, expected.held));
                    assert!(lot.pending == expected.pending || lot.remaining == Points::ZERO);
                    assert_eq!(
                        (lot.expires_at, lot.earned_at),
                        (expected.terms.expires_at.map(Instant), Instant(expected.terms.earned_at))
                    );
                }
                None => assert_eq!((expected.remaining, expected.held), (0, 0)),
            }
        }
        let mut accounts: BTreeMap<Account, i64> = BTreeMap::new();
        for (member, ledger) in ledgers.iter().enumerate() {
            assert_eq!(ledger.balances(), self.model.balances(member), "member {member}");
            // What is written, and what is due and will be.
            for transfer in self.books.shelves[member].transfers.iter().chain(&ledger.changes().transfers) {
                let (from, to) = transfer.kind.accounts();
                *accounts.entry(from).or_default() -= transfer.points.0;
                *accounts.entry(to).or_default() += transfer.points.0;
            }
        }
        let of = |account| accounts.get(&account).copied().unwrap_or(0);
        assert_eq!(accounts.values().sum::<i64>(), 0);
        assert_eq!(of(Account::Transit), 0);
        for account in [Account::Issued, Account::Recovered, Account::Redeemed, Account::Expired, Account::Adjustment] {
            assert_eq!(of(account), self.model.total(account), "{account:?}");
        }
    }

    /// Asked again later, a moment answers as it did then.
    fn ask_again(&self) {
        let timelines: Vec<_> = (0..MEMBERS).map(|member| self.books.timeline(member)).collect();
        for (at, member, told) in &self.told {
            let again = timelines[*member].as_of(Instant(*at), &utc()).unwrap();
            assert_eq!(again.balances(), told.balances(), "member {member} at {at}");
            let open = |ledger: &Ledger| -> Vec<Lot> {
                ledger.lots().filter(|lot| lot.remaining.is_positive() || lot.held.is_positive()).cloned().collect()
            };
            assert_eq!(open(&again), open(told), "member {member} at {at}");
            assert_eq!(again.holds, told.holds);
            assert_eq!((again.next_change_at(), again.expiring(None)), (told.next_change_at(), told.expiring(None)));
            assert_eq!(again.changes(), &Changes::default());
        }
    }
}

proptest! {
    #![proptest_config(seeded(300))]

    #[test]
    fn ledger_and_model_agree_and_the_past_stays(steps in proptest::collection::vec(step(), 1..100)) {
        let mut stage = Stage::new();
        for step in &steps {
            stage.play(step);
        }
        stage.ask_again();
    }
}
