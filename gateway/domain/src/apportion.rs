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
        }
}
