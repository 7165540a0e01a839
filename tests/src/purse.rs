//! One member's points where nothing waits and nothing runs out, in plain arithmetic: for ordeals that know what each step must come to.

/// What can be spent, what is set aside, what is owed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Purse {
    /// To be spent.
    pub available: i64,
    /// Set aside.
    pub held: i64,
    /// Owed.
    pub arrears: i64,
}

impl Purse {
    /// Points come in, or come back: what is owed is repaid first.
    pub fn take(&mut self, points: i64) {
        let repaid = self.arrears.min(points);
        self.arrears -= repaid;
        self.available += points - repaid;
    }

    /// An award is taken back: what is not there is owed.
    pub fn claw_back(&mut self, points: i64) {
        let there = self.available.min(points);
        self.available -= there;
        self.arrears += points - there;
    }

    /// Points are set aside; false where there are too few.
    pub fn hold(&mut self, points: i64) -> bool {
        let enough = points <= self.available;
        if enough {
            self.available -= points;
            self.held += points;
        }
        enough
    }

    /// Of a hold of `points`, so many are spent; the others come back.
    pub fn capture(&mut self, points: i64, spent: i64) {
        self.held -= points;
        self.take(points - spent);
    }

    /// As a balance tells it.
    pub fn told(balance: &serde_json::Value) -> Purse {
        let points = |name: &str| balance[name].as_i64().unwrap_or_else(|| panic!("no {name} in {balance:#}"));
        assert_eq!(points("pending"), 0, "nothing waits: {balance:#}");
        Purse { available: points("available"), held: points("held"), arrears: points("arrears") }
    }
}
