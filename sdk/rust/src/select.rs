//! Which lines of a receipt a term is about, as merchants configure it: by category or article, without case, with `*` at the end for "everything that begins so".

use crate::Line;

crate::settings! {
    /// Lines by category or article. A line is meant when any of the patterns fits.
    ///
    /// ```
    /// use coalition_sdk::Selection;
    /// let coffee = Selection { categories: vec!["COFFEE*".into()], skus: vec!["1095275".into()] };
    /// assert!(coffee.has_category("Coffee Shop"));
    /// assert!(!coffee.has_category("DRY TEA"));
    /// ```
    pub struct Selection {
        /// Categories as the till sends them, without regard to case; COFFEE* means all that begin so, * means all.
        pub categories: Vec<String> = Vec::new(),
        /// Articles, in the same way.
        pub skus: Vec<String> = Vec::new(),
    }
}

impl Default for Selection {
    fn default() -> Self {
        Self::of_categories(&[])
    }
}

impl Selection {
    /// These categories.
    #[must_use]
    pub fn of_categories(patterns: &[&str]) -> Self {
        Self { categories: patterns.iter().map(|&pattern| pattern.to_owned()).collect(), skus: Vec::new() }
    }

    /// Whether it names nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.categories.is_empty() && self.skus.is_empty()
    }

    /// Whether this line is meant.
    #[must_use]
    pub fn has(&self, line: &Line) -> bool {
        self.has_category(&line.category) || self.skus.iter().any(|sku| fits(sku, &line.sku))
    }

    /// Whether this category is meant.
    #[must_use]
    pub fn has_category(&self, category: &str) -> bool {
        self.categories.iter().any(|pattern| fits(pattern, category))
    }
}

fn fits(pattern: &str, text: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => text.as_bytes().get(..beginning.len()).is_some_and(|begins| begins.eq_ignore_ascii_case(beginning.as_bytes())),
        None => text.eq_ignore_ascii_case(pattern),
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns() {
        assert!(fits("ROLLS", "rolls"));
        assert!(fits("GASOLINE*", "GASOLINE-REG UNLEADED"));
        assert!(fits("*", ""));
        assert!(!fits("ROLLS", "ROLLS AND BUNS"));
        assert!(!fits("GASOLINE*", "GAS"));
        assert!(fits("Ä*", "Äpfel"));
    }
}
