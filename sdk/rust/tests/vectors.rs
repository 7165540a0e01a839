//! Rounding, draws and dates by the table that the SDK for JavaScript is tested with: both must agree, to the last one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

use coalition_sdk::{ArithmeticError, Chance, Instant, Rounding, mul_div};
use serde_json::Value;

fn vectors(of: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../../vectors/arithmetic.json")).unwrap();
    all[of].as_array().unwrap().clone()
}

fn number<N: std::str::FromStr>(value: &Value) -> N {
    let text = value.as_str().unwrap();
    text.parse().unwrap_or_else(|_| panic!("{text} is no such number"))
}

#[test]
fn rounding_is_that_of_the_sdk_for_javascript() {
    for row in vectors("mul_div") {
        let roundings =
            [("floor", Rounding::Floor), ("half_up", Rounding::HalfUp), ("half_even", Rounding::HalfEven), ("ceil", Rounding::Ceil)];
        for (name, rounding) in roundings {
            let expected = match row[name].as_str().unwrap() {
                "overflow" => Err(ArithmeticError::Overflow),
                "divisor" => Err(ArithmeticError::Divisor),
                _ => Ok(number(&row[name])),
            };
            assert_eq!(
                mul_div(number(&row["value"]), number(&row["numerator"]), number(&row["denominator"]), rounding),
                expected,
                "{name}: {row}"
            );
        }
    }
}

#[test]
fn draws_are_those_of_the_sdk_for_javascript() {
    for row in vectors("chance") {
        let mut chance = Chance::from_seed(number(&row["seed"]));
        for (bound, draw) in row["bounds"].as_array().unwrap().iter().zip(row["draws"].as_array().unwrap()) {
            assert_eq!(chance.below(number(bound)), Ok(number(draw)), "{row}");
        }
    }
}

#[test]
fn dates_are_those_of_the_sdk_for_javascript() {
    for row in vectors("moments") {
        let offset_minutes = i16::try_from(row["offset_minutes"].as_i64().unwrap()).unwrap();
        let at = Instant { ms: number(&row["ms"]), offset_minutes };
        let (date, of) = (at.date(), |index: usize| row["date"][index].as_i64().unwrap());
        assert_eq!((date.year, i64::from(date.month), i64::from(date.day)), (of(0), of(1), of(2)), "{row}");
        assert_eq!(format!("{:?}", at.weekday()).to_lowercase(), row["weekday"].as_str().unwrap(), "{row}");
        assert_eq!(i64::from(at.hour()), row["hour"].as_i64().unwrap(), "{row}");
    }
}
