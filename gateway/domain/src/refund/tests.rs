//! Refunds in any pieces and any order, against one full refund.

use proptest::prelude::*;

use super::*;
use crate::points::Points;

fn line(amount: i64, quantity_milli: i64) -> Line {
    Line { amount, quantity_milli }
}

fn basket(lines: &[Line]) -> Basket {
    Basket::new(lines.iter().map(|line| line.amount).sum(), lines).unwrap()
}

fn pieces(line: usize, quantity_milli: i64) -> Return {
    Return::Lines(vec![ReturnedLine { line, quantity_milli: Some(quantity_milli), amount: None }])
}

fn money(line: usize, amount: i64) -> Return {
    Return::Lines(vec![ReturnedLine { line, quantity_milli: None, amount: Some(amount) }])
}

#[test]
fn pieces_bring_back_their_part_and_the_last_the_rest() {
    let mut one = basket(&[line(100, 3000), line(50, 1000)]);
    let amounts: Vec<i64> = (0..3).map(|_| one.take_back(&pieces(0, 1000)).unwrap().amount).collect();
    assert_eq!(amounts, [33, 34, 33]);
    assert_eq!(one.left(), [line(0, 0), line(50, 1000)]);
    let mut two = basket(&[line(100, 3000), line(50, 1000)]);
    assert_eq!(two.take_back(&pieces(0, 2000)).unwrap(), Reduction { amount: 67, lines: vec![line(67, 2000), line(0, 0)] });
    // After a rebate of ten, a third of the ninety left.
    let mut rebated = basket(&[line(100, 3000)]);
    rebated.take_back(&money(0, 10)).unwrap();
    assert_eq!(rebated.left(), [line(90, 3000)]);
    assert_eq!(rebated.take_back(&pieces(0, 1000)).unwrap().amount, 30);
}

#[test]
fn money_alone_is_spread_over_what_is_left() {
    let mut shop = basket(&[line(100, 1000), line(200, 2000), line(0, 1000)]);
    assert_eq!(shop.take_back(&Return::Amount(100)).unwrap().lines, [line(33, 0), line(67, 0), line(0, 0)]);
    assert_eq!(shop.take_back(&Return::Amount(201)), Err(RefundError::TooMuch { line: None, left: line(200, 4000) }));
    assert_eq!(shop.take_back(&Return::Amount(0)), Err(RefundError::NotPositive));
    assert_eq!(shop.take_back(&Return::Amount(200)).unwrap().lines, [line(67, 1000), line(133, 2000), line(0, 1000)]);
    assert!(shop.is_empty());
}

#[test]
fn beyond_what_is_left_nothing_comes_back() {
    let mut shop = basket(&[line(100, 1000), line(0, 1000)]);
    let before = shop.clone();
    let lines = |lines: &[ReturnedLine]| Return::Lines(lines.to_vec());
    assert_eq!(shop.take_back(&pieces(0, 1001)), Err(RefundError::TooMuch { line: Some(0), left: line(100, 1000) }));
    assert_eq!(shop.take_back(&money(0, 101)), Err(RefundError::TooMuch { line: Some(0), left: line(100, 1000) }));
    assert_eq!(shop.take_back(&pieces(2, 1)), Err(RefundError::NoSuchLine { line: 2 }));
    assert_eq!(shop.take_back(&pieces(0, 0)), Err(RefundError::NotPositive));
    assert_eq!(shop.take_back(&money(0, -1)), Err(RefundError::NotPositive));
    assert_eq!(shop.take_back(&lines(&[])), Err(RefundError::NotPositive));
    // One line is fine, the other is not: neither comes back.
    let mixed = [ReturnedLine { line: 1, ..ReturnedLine::default() }, ReturnedLine { line: 0, quantity_milli: Some(2000), amount: None }];
    assert!(shop.take_back(&lines(&mixed)).is_err());
    assert_eq!(shop, before);
    let twice = [ReturnedLine { line: 1, ..ReturnedLine::default() }, ReturnedLine { line: 1, ..ReturnedLine::default() }];
    assert_eq!(shop.take_back(&lines(&twice)), Err(RefundError::TooMuch { line: Some(1), left: line(0, 0) }));
    shop.take_back(&Return::Everything).unwrap();
    for back in [Return::Everything, Return::Amount(1), pieces(0, 1)] {
        assert_eq!(shop.take_back(&back), Err(RefundError::NothingLeft));
    }
}

#[test]
fn a_purchase_without_lines_is_one_piece() {
    let mut petrol = Basket::new(4_000, &[]).unwrap();
    assert_eq!(petrol.take_back(&pieces(0, 1)), Err(RefundError::NoSuchLine { line: 0 }));
    assert_eq!(petrol.take_back(&Return::Amount(1_500)).unwrap().amount, 1_500);
    assert_eq!(petrol.take_back(&Return::Everything).unwrap(), Reduction { amount: 2_500, lines: vec![line(2_500, 1000)] });
    // What cost nothing comes back once, too.
    let mut free = Basket::new(0, &[]).unwrap();
    assert_eq!(free.take_back(&Return::Everything).map(|reduction| reduction.amount), Ok(0));
    assert_eq!(free.take_back(&Return::Everything), Err(RefundError::NothingLeft));
    assert_eq!(Basket::new(5, &[line(4, 1)]), Err(RefundError::Misfit));
    assert_eq!(Basket::new(-1, &[]), Err(RefundError::Misfit));
}

#[test]
fn a_key_that_earns_more_is_set_off_against_the_others() {
    let key =
        |original, reevaluated, taken| KeyAward { original: Points(original), reevaluated: Points(reevaluated), taken: Points(taken) };
    let due = |keys: &[KeyAward]| clawback_by_key(keys).unwrap().into_iter().map(|points| points.0).collect::<Vec<_>>();
    assert_eq!(due(&[key(100, 50, 0), key(20, 40, 0)]), [30, 0]);
    assert_eq!(due(&[key(100, 50, 10), key(30, 10, 0), key(0, 15, 0)]), [30, 15, 0]);
    assert_eq!(due(&[key(10, 20, 0)]), [0]);
    assert_eq!(due(&[]), Vec::<i64>::new());
    assert_eq!(clawback_by_key(&[key(-1, 0, 0)]), None);
    assert_eq!(clawback_due(Points(10), Points(3), Points(2)), Points(5));
    assert_eq!(clawback_due(Points(0), Points(i64::MAX), Points(i64::MAX)), Points(0));
    assert_eq!(in_proportion(Points(10), 1, 3), Points(3));
    assert_eq!(in_proportion(Points(10), 0, 3), Points(0));
    assert_eq!(in_proportion(Points(10), 3, 3), Points(10));
}

/// Rules of three keys that never give more for less: by money, above a threshold, by the piece.
fn rules(left: &[Line]) -> [Points; 3] {
    let amount: i64 = left.iter().map(|line| line.amount).sum();
    let whole_pieces: i64 = left.iter().map(|line| line.quantity_milli / 1000).sum();
    [Points(amount / 7), Points(if amount >= 500 { 50 } else { 0 }), Points(3 * whole_pieces)]
}

/// What a history of refunds has taken back, key by key; with rules that fail, in proportion.
fn take(basket: &Basket, taken: &mut [Points; 3], fails: bool) -> i64 {
    let original = rules(basket.bought());
    let total: i64 = basket.bought().iter().map(|line| line.amount).sum();
    let again = match (basket.is_empty(), fails) {
        (true, _) => [Points::ZERO; 3],
        (_, true) => original.map(|points| in_proportion(points, basket.amount_left(), total)),
        (_, false) => rules(basket.left()),
    };
    let keys: Vec<KeyAward> = (0..3).map(|key| KeyAward { original: original[key], reevaluated: again[key], taken: taken[key] }).collect();
    let due = clawback_by_key(&keys).unwrap();
    for (taken, due) in taken.iter_mut().zip(&due) {
        taken.0 += due.0;
    }
    due.iter().map(|points| points.0).sum()
}

fn lines() -> impl Strategy<Value = Vec<Line>> {
    proptest::collection::vec((0_i64..2_000, 0_i64..6_000).prop_map(|(amount, milli)| line(amount, milli)), 1..6)
}

fn any_return() -> impl Strategy<Value = Return> {
    let returned = (0_usize..6, proptest::option::of(0_i64..4_000), proptest::option::of(0_i64..1_500))
        .prop_map(|(line, quantity_milli, amount)| ReturnedLine { line, quantity_milli, amount });
    prop_oneof![
        1 => Just(Return::Everything),
        3 => (1_i64..2_000).prop_map(Return::Amount),
        6 => proptest::collection::vec(returned, 1..4).prop_map(Return::Lines),
    ]
}

proptest! {
#![proptest_config(crate::testing::seeded(256))]

    #[test]
    fn any_pieces_end_where_one_full_refund_does(lines in lines(), returns in proptest::collection::vec((any_return(), any::<bool>()), 0..12)) {
        let bought = basket(&lines);
        let (mut whole, mut at_once) = (bought.clone(), [Points::ZERO; 3]);
        let mut pieces = bought.clone();
        let (mut bit_by_bit, mut reductions, mut recovered) = ([Points::ZERO; 3], Vec::new(), 0);
        if whole.take_back(&Return::Everything).is_ok() {
            take(&whole, &mut at_once, false);
        }
        let last = (Return::Everything, false);
        for (back, fails) in returns.iter().chain([&last]) {
            let before = pieces.clone();
            match pieces.take_back(back) {
                Ok(reduction) => {
                    prop_assert!(reduction.amount >= 0 && before.amount_left() - reduction.amount == pieces.amount_left());
                    recovered += take(&pieces, &mut bit_by_bit, *fails);
                    reductions.push(reduction);
                }
                Err(error) => {
                    prop_assert_ne!(error, RefundError::Misfit);
                    prop_assert_eq!(&pieces, &before);
                }
            }
            // What was stored of each refund gives the same again, in any order.
            prop_assert_eq!(&bought.clone().after(reductions.iter().rev()).unwrap(), &pieces);
            let left: i64 = bit_by_bit.iter().map(|points| points.0).sum();
            prop_assert_eq!(left, recovered);
        }
        prop_assert!(pieces.is_empty());
        prop_assert_eq!(pieces, whole);
        prop_assert_eq!(bit_by_bit, at_once);
        prop_assert_eq!(reductions.iter().map(|reduction| reduction.amount).sum::<i64>(), lines.iter().map(|line| line.amount).sum::<i64>());
    }

    #[test]
    fn rules_that_never_give_more_for_less_leave_no_trace_of_the_order(lines in lines(), returns in proptest::collection::vec(any_return(), 0..12)) {
        let mut pieces = basket(&lines);
        let mut taken = [Points::ZERO; 3];
        let original: i64 = rules(&lines).iter().map(|points| points.0).sum();
        for back in &returns {
            if pieces.take_back(back).is_ok() {
                take(&pieces, &mut taken, false);
                let stays: i64 = rules(pieces.left()).iter().map(|points| points.0).sum();
                prop_assert_eq!(taken.iter().map(|points| points.0).sum::<i64>(), original - stays);
            }
        }
    }

    #[test]
    fn pieces_come_to_the_same_in_any_order_and_split(lines in lines(), wanted in proptest::collection::vec((0_usize..6, 1_i64..2_000), 1..10)) {
        let (mut one, mut other, mut sums) = (basket(&lines), basket(&lines), vec![0; lines.len()]);
        for (at, milli) in &wanted {
            if one.take_back(&pieces(*at, *milli)).is_ok() {
                sums[*at] += milli;
            }
        }
        for (at, milli) in sums.iter().enumerate().rev().filter(|(_, milli)| **milli > 0) {
            other.take_back(&pieces(at, *milli)).unwrap();
        }
        prop_assert_eq!(one, other);
    }

    #[test]
    fn what_is_due_is_exact_and_never_more_than_a_key_has_too_much(keys in proptest::collection::vec((0_i64..1_000, 0_i64..1_000, 0_i64..1_000), 0..6)) {
        let keys: Vec<KeyAward> = keys
            .into_iter()
            .map(|(original, reevaluated, taken)| KeyAward { original: Points(original), reevaluated: Points(reevaluated), taken: Points(taken.min(original)) })
            .collect();
        let due = clawback_by_key(&keys).unwrap();
        let sum = |of: fn(&KeyAward) -> i64| Points(keys.iter().map(of).sum());
        let expected = clawback_due(sum(|key| key.original.0), sum(|key| key.reevaluated.0), sum(|key| key.taken.0));
        prop_assert_eq!(due.iter().map(|points| points.0).sum::<i64>(), expected.0);
        for (due, key) in due.iter().zip(&keys) {
            prop_assert!(due.0 >= 0 && *due <= clawback_due(key.original, key.reevaluated, key.taken));
        }
    }
}
