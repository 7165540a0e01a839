//! How the CLI speaks: results on stdout, everything else on stderr; colour only where it is seen; numbers that can be read.

use std::fmt::Display;
use std::io::Write;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressStyle};

use crate::error::{CliError, Exit};

/// Good news.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What failed.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// What to look at.
pub const WARN: Style = AnsiColor::Yellow.on_default().bold();
/// Names and headings.
pub const HEAD: Style = Style::new().bold();
/// What can be skipped when reading.
pub const DIM: Style = Style::new().dimmed();
/// What can be typed.
pub const TYPE: Style = AnsiColor::Cyan.on_default();

/// `--color`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always, for pagers that understand it.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// Makes it so for everything printed from here on.
    pub fn apply(self) {
        match self {
            Self::Auto => {}
            Self::Always => anstream::ColorChoice::Always.write_global(),
            Self::Never => anstream::ColorChoice::Never.write_global(),
        }
    }
}

/// A text in a style; where colour is not wanted the codes are taken out on the way.
#[must_use]
pub fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Prints a line of the result to stdout.
pub fn line(text: impl Display) {
    let mut stdout = anstream::stdout().lock();
    if let Err(error) = writeln!(stdout, "{text}") {
        // Who reads through `head` has seen enough; anything else means that the result is lost, and that must show.
        let exit = if error.kind() == std::io::ErrorKind::BrokenPipe { Exit::Done } else { Exit::Machine };
        std::process::exit(i32::from(exit.code()));
    }
}

/// Prints a value as indented JSON to stdout.
pub fn json<T: serde::Serialize>(value: &T) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => line(text),
        Err(error) => note(format!("{}: the answer can't be written as JSON: {error}", paint(BAD, "error"))),
    }
}

/// Prints a line about the work to stderr. It is not part of the result, so a closed stderr is no error.
pub fn note(text: impl Display) {
    let _ignored = writeln!(anstream::stderr().lock(), "{text}");
}

/// Prints a warning to stderr.
pub fn warn(text: impl Display) {
    note(format!("{} {text}", paint(WARN, "warning:")));
}

/// Prints an error with its details and its fix to stderr.
pub fn print_error(error: &CliError) {
    note(format!("{} {}", paint(BAD, "error:"), error.message));
    for detail in &error.details {
        note(format!("  {} {detail}", paint(DIM, "-")));
    }
    if let Some(fix) = &error.fix {
        note(format!("  {} {fix}", paint(TYPE, "fix:")));
    }
}

/// A spinner on stderr for work without a known end. It shows itself on a terminal only.
#[must_use]
pub fn spinner(message: impl Into<String>) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_message(message.into());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed:.dim}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// `1234567` as `1,234,567`.
#[must_use]
pub fn grouped(number: impl Into<i128>) -> String {
    let number = number.into();
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of bytes as people say it: `812 B`, `61.4 KiB`, `1.2 MiB`.
#[must_use]
pub fn bytes(count: u64) -> String {
    const KIB: u64 = 1024;
    const MIB: u64 = 1024 * KIB;
    let tenths = |unit: u64| {
        let scaled = u128::from(count) * 10 / u128::from(unit);
        format!("{}.{}", scaled / 10, scaled % 10)
    };
    match count {
        0..KIB => format!("{count} B"),
        KIB..MIB => format!("{} KiB", tenths(KIB)),
        _ => format!("{} MiB", tenths(MIB)),
    }
}

/// A time span with three digits that matter: `18 µs`, `4.21 ms`, `12.3 s`.
#[must_use]
pub fn span(duration: Duration) -> String {
    let micros = duration.as_micros();
    match micros {
        0..1_000 => format!("{micros} µs"),
        1_000..1_000_000 => format!("{}.{:02} ms", micros / 1_000, micros % 1_000 / 10),
        _ => format!("{}.{} s", micros / 1_000_000, micros % 1_000_000 / 100_000),
    }
}

/// How much of a limit is used, in percent with one decimal; `0.0` for a limit of zero.
#[must_use]
pub fn share(used: u64, limit: u64) -> String {
    let per_mille = u128::from(used) * 1000 / u128::from(limit.max(1));
    format!("{}.{} %", per_mille / 10, per_mille % 10)
}

/// A table with aligned columns: the heads, then the rows. Columns beyond the heads are dropped.
#[must_use]
pub fn table(heads: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize, head: &str| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).chain([head.chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = heads.iter().enumerate().map(|(column, head)| width(column, head)).collect();
    let render = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells.zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        padded.join("  ").trim_end().to_owned()
    };
    let head = paint(HEAD, render(&mut heads.iter().copied()));
    std::iter::once(head).chain(rows.iter().map(|row| render(&mut row.iter().map(String::as_str)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_can_be_read() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(-33_957), "-33,957");
        assert_eq!(grouped(i64::MIN), "-9,223,372,036,854,775,808");
        assert_eq!(bytes(812), "812 B");
        assert_eq!(bytes(62_900), "61.4 KiB");
        assert_eq!(bytes(u64::MAX), "17592186044415.9 MiB");
        assert_eq!(span(Duration::from_micros(18)), "18 µs");
        assert_eq!(span(Duration::from_micros(4_219)), "4.21 ms");
        assert_eq!(span(Duration::from_millis(12_345)), "12.3 s");
        assert_eq!(share(12_345, 11_000_000), "0.1 %");
        assert_eq!(share(5, 0), "500.0 %");
    }

    #[test]
    fn tables_align() {
        let rows = vec![vec!["plg_1".to_owned(), "live".to_owned()], vec!["plg_200".to_owned(), "ready".to_owned()]];
        let lines = table(&["ID", "STATUS"], &rows);
        assert_eq!(lines.get(1).map(String::as_str), Some("plg_1    live"));
        assert_eq!(lines.get(2).map(String::as_str), Some("plg_200  ready"));
    }
}
