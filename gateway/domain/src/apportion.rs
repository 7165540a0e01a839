//! Whole numbers in proportion: shares that add up exactly, by the method of the largest remainder.

use crate::points::Points;

/// Shares that should make up a whole, and do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SharesError {
    /// Basis points of all who take part make 10 000.
    #[error("the shares add up to {sum} basis points, not to 10000")]
    NotWhole {
        /// What they add up to.
        sum: u64,
    },
    /// Fewer than none cannot be shared.
    #[error("a negative number cannot be shared")]
    Negative,
}

/// The whole, in basis points.
const WHOLE: u64 = 10_000;

/// Splits `total` in proportion to `weights`: each gets its exact share rounded down, and the units left over go to the largest remainders,
/// the first of equals first. The parts add up to `total`, and none exceeds what rounding its exact share up gives.
///
/// None where a number is negative, or where all weights are zero and `total` is not.
#[must_use]
pub fn apportion(total: i64, weights: &[i64]) -> Option<Vec<i64>> {
    if total < 0 || weights.iter().any(|weight| *weight < 0) {
        return None;
    }
    let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
    if sum == 0 {
        return (total == 0).then(|| vec![0; weights.len()]);
    }
    let mut parts = Vec::with_capacity(weights.len());
    let mut left = total;
    for (position, weight) in weights.iter().enumerate() {
        let product = i128::from(total) * i128::from(*weight);
        let whole = i64::try_from(product / sum).ok()?;
        left = left.checked_sub(whole)?;
        parts.push((position, whole, product % sum));
    }
    // Stable: of equal remainders the first comes first. Fewer units are left than there are remainders above zero.
    parts.sort_by_key(|(_, _, remainder)| std::cmp::Reverse(*remainder));
    for (_, part, _) in parts.iter_mut().take(usize::try_from(left).ok()?) {
        *part = part.checked_add(1)?;
    }
    parts.sort_by_key(|(position, _, _)| *position);
    Some(parts.into_iter().map(|(_, part, _)| part).collect())
}

/// Splits an award among those who fund it: `shares` in basis points, which make 10 000; sums exact, the largest remainders first, then the
/// first named. A share of a small award may come to nothing.
///
/// # Errors
/// [`SharesError`].
pub fn split_basis_points(points: Points, shares: &[u32]) -> Result<Vec<Points>, SharesError> {
    let sum: u64 = shares.iter().map(|share| u64::from(*share)).sum();
    if sum != WHOLE {
        return Err(SharesError::NotWhole { sum });
    }
    let weights: Vec<i64> = shares.iter().map(|share| i64::from(*share)).collect();
    let parts = apportion(points.0, &weights).ok_or(SharesError::Negative)?;
    Ok(parts.into_iter().map(Points).collect())
}

/// What each of several shares gives back when `due` more is taken back of a whole, so that what is kept is shared as the whole was. `parts` are
/// (points at first, given back so far); no part gives more than it has, and giving all back in pieces ends where giving it back at once does.
///
/// None where a number is negative, or a part has given more than it had.
#[must_use]
pub fn give_back(parts: &[(i64, i64)], due: i64) -> Option<Vec<i64>> {
    let kept: Vec<i64> = parts.iter().map(|(first, back)| first.checked_sub(*back).filter(|kept| *kept >= 0)).collect::<Option<_>>()?;
    let left = kept.iter().try_fold(0_i64, |sum, kept| sum.checked_add(*kept))?;
    let due = due.min(left);
    let weights: Vec<i64> = parts.iter().map(|(first, _)| *first).collect();
    let wanted = apportion(left.checked_sub(due)?, &weights)?;
    let mut back: Vec<i64> = kept.iter().zip(&wanted).map(|(kept, wanted)| kept.saturating_sub(*wanted).max(0)).collect();
    // Rounding may ask a share to keep more than it has: then another gives less, or, where what is kept is not what it should be, more.
    let mut off = back.iter().try_fold(due, |off, part| off.checked_sub(*part))?;
    for (part, kept) in back.iter_mut().zip(&kept) {
        let step = off.clamp(part.saturating_neg(), kept.saturating_sub(*part));
        *part = part.saturating_add(step);
        off = off.saturating_sub(step);
    }
    Some(back)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_largest_remainder_gets_what_is_left_over() {
        assert_eq!(apportion(10, &[1, 1, 1]), Some(vec![4, 3, 3]));
        assert_eq!(apportion(100, &[1, 5, 1]), Some(vec![14, 72, 14]));
        assert_eq!(apportion(2, &[3, 3, 4]), Some(vec![1, 0, 1]));
        assert_eq!(apportion(0, &[0, 0]), Some(vec![0, 0]));
        assert_eq!(apportion(1, &[0, 0]), None);
        assert_eq!(apportion(1, &[]), None);
        assert_eq!(apportion(-1, &[1]), None);
        assert_eq!(apportion(1, &[-1, 2]), None);
        assert_eq!(apportion(i64::MAX, &[i64::MAX, i64::MAX]), Some(vec![i64::MAX / 2 + 1, i64::MAX / 2]));
    }

    #[test]
    fn shares_make_a_whole() {
        assert_eq!(split_basis_points(Points(1), &[5_000, 5_000]), Ok(vec![Points(1), Points(0)]));
        assert_eq!(split_basis_points(Points(99), &[3_334, 3_333, 3_333]), Ok(vec![Points(33), Points(33), Points(33)]));
        assert_eq!(split_basis_points(Points(1), &[9_999]), Err(SharesError::NotWhole { sum: 9_999 }));
        assert_eq!(split_basis_points(Points(1), &[]), Err(SharesError::NotWhole { sum: 0 }));
        assert_eq!(split_basis_points(Points(-1), &[10_000]), Err(SharesError::Negative));
    }

    #[test]
    fn shares_give_back_as_they_were_given() {
        assert_eq!(give_back(&[(60, 0), (40, 0)], 50), Some(vec![30, 20]));
        assert_eq!(give_back(&[(60, 30), (40, 20)], 50), Some(vec![30, 20]));
        assert_eq!(give_back(&[(1, 0), (0, 0)], 5), Some(vec![1, 0]));
        assert_eq!(give_back(&[(60, 60), (40, 0)], 30), Some(vec![0, 30]));
        assert_eq!(give_back(&[(1, 2)], 1), None);
    }

    /// Shares of up to 10 000 cut at random places.
    fn shares() -> impl Strategy<Value = Vec<u32>> {
        proptest::collection::vec(0_u32..=10_000, 0..8).prop_map(|mut cuts| {
            cuts.extend([0, 10_000]);
            cuts.sort_unstable();
            cuts.windows(2).map(|pair| pair[1] - pair[0]).collect()
        })
    }

    proptest! {
    #![proptest_config(crate::testing::seeded(256))]

            #[test]
            fn parts_are_exact_and_fair(total in 0..=i64::MAX, weights in proptest::collection::vec(0_i64..=i64::MAX, 1..9)) {
                let sum: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
                prop_assume!(sum > 0);
                let parts = apportion(total, &weights).unwrap();
                prop_assert_eq!(parts.iter().map(|part| i128::from(*part)).sum::<i128>(), i128::from(total));
                for (part, weight) in parts.iter().zip(&weights) {
                    let exact = i128::from(total) * i128::from(*weight);
                    let floor = exact / sum;
                    prop_assert!(i128::from(*part) == floor || (i128::from(*part) == floor + 1 && exact % sum > 0));
                }
            }

            #[test]
            fn joint_awards_are_funded_to_the_point(points in 0..=i64::MAX, shares in shares()) {
                let parts = split_basis_points(Points(points), &shares).unwrap();
                prop_assert_eq!(parts.iter().map(|part| i128::from(part.0)).sum::<i128>(), i128::from(points));
                for (part, share) in parts.iter().zip(&shares) {
                    let exact = i128::from(points) * i128::from(*share);
                    prop_assert!((i128::from(part.0) * 10_000 - exact).abs() < 10_000);
                }
            }

            #[test]
            fn what_comes_back_in_pieces_comes_back_whole(points in 0_i64..1_000_000, shares in shares(), pieces in proptest::collection::vec(0_i64..1_000, 1..20)) {
                let first: Vec<i64> = split_basis_points(Points(points), &shares).unwrap().iter().map(|part| part.0).collect();
                let mut parts: Vec<(i64, i64)> = first.iter().map(|part| (*part, 0)).collect();
                let mut left = points;
                for due in pieces.into_iter().chain([points]) {
                    let back = give_back(&parts, due).unwrap();
                    prop_assert_eq!(back.iter().sum::<i64>(), due.min(left));
                    left -= due.min(left);
                    for ((first, given), back) in parts.iter_mut().zip(&back) {
                        *given += back;
                        prop_assert!(0 <= *back && *given <= *first);
                        // Each keeps its share of what is kept, to within a point of rounding a share.
                        let exact = i128::from(left) * i128::from(*first);
                        prop_assert!((i128::from(*first - *given) * i128::from(points) - exact).abs() <= 2 * i128::from(points));
                    }
                }
                prop_assert!(parts.iter().all(|(first, given)| first == given));
            }
        }
}
