//! What is wrong with a configuration, and where.

/// Something wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, as a JSON Pointer: `/bonuses/0/multiplier_bp`; empty: the whole.
    pub pointer: String,
    /// What would be right.
    pub detail: String,
}

/// Problems found so far.
///
/// ```
/// use coalition_sdk::settings::Problems;
/// let mut problems = Problems::default();
/// let (silver, gold) = (500, 100);
/// problems.unless(silver < gold, "/tiers/1/from", "more than the tier before");
/// assert_eq!(problems.found().len(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<Problem>);

impl Problems {
    /// Reports a problem.
    pub fn at(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(Problem { pointer: pointer.into(), detail: detail.into() });
    }

    /// Reports a problem unless `right` holds.
    pub fn unless(&mut self, right: bool, pointer: impl Into<String>, detail: impl Into<String>) {
        if !right {
            self.at(pointer, detail);
        }
    }

    /// What was found.
    #[must_use]
    pub fn found(&self) -> &[Problem] {
        &self.0
    }

    pub(crate) fn into_found(self) -> Vec<Problem> {
        self.0
    }
}

/// A place in a configuration; its pointer is only spelled out when something is wrong there.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// The whole.
    Root,
    /// A field of an object.
    Field(&'a Place<'a>, &'a str),
    /// An item of a list.
    Item(&'a Place<'a>, usize),
}

impl Place<'_> {
    /// The whole.
    pub const ROOT: Self = Self::Root;

    /// The JSON Pointer to it.
    #[must_use]
    pub fn pointer(&self) -> String {
        match self {
            Self::Root => String::new(),
            Self::Field(parent, name) => {
                let mut pointer = parent.pointer();
                pointer.push('/');
                for character in name.chars() {
                    match character {
                        '~' => pointer.push_str("~0"),
                        '/' => pointer.push_str("~1"),
                        other => pointer.push(other),
                    }
                }
                pointer
            }
            Self::Item(parent, index) => format!("{}/{index}", parent.pointer()),
        }
    }
}
