//! Random tests that can be repeated: the seed is drawn here, told when a test fails, and taken from the environment when it is given there.

use std::hash::{BuildHasher as _, RandomState};

use proptest::test_runner::{Config, RngSeed};

/// `cases` random cases (`PROPTEST_CASES` overrules it). Nothing is kept in files: the seed says it all.
pub(crate) fn seeded(cases: u32) -> Config {
    let from_environment = Config::default();
    let seed = match from_environment.rng_seed {
        RngSeed::Fixed(seed) => seed,
        RngSeed::Random => RandomState::new().hash_one(0),
    };
    println!("PROPTEST_RNG_SEED={seed} repeats this test");
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { from_environment.cases } else { cases };
    Config { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..from_environment }
}
