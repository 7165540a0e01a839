//! What is seen: headings, steps, bars and tables, in few colours; in none where `NO_COLOR` is set or nobody looks.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Columns of a step's name.
const NAME_COLUMNS: usize = 34;

/// The terminal.
pub struct Screen {
    has_colour: bool,
    is_terminal: bool,
}

/// How a text stands out.
#[derive(Clone, Copy)]
pub enum Tone {
    /// A heading.
    Bold,
    /// What is beside the point.
    Dim,
    /// What went well.
    Green,
    /// A figure to look at.
    Cyan,
    /// What went wrong.
    Red,
}

impl Screen {
    /// The terminal that stdout is, or the file that it is not.
    pub fn new() -> Screen {
        let is_terminal = std::io::stdout().is_terminal();
        let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Screen { has_colour: is_terminal && !no_colour && !is_dumb, is_terminal }
    }

    /// The text in this tone.
    pub fn paint(&self, tone: Tone, text: &str) -> String {
        if !self.has_colour {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Bold => "1",
            Tone::Dim => "2",
            Tone::Green => "32",
            Tone::Cyan => "36",
            Tone::Red => "31",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// The first line.
    pub fn title(&self, name: &str, about: &str) {
        println!("\n{}  {}\n", self.paint(Tone::Bold, name), self.paint(Tone::Dim, about));
    }

    /// A part of the report.
    pub fn heading(&self, text: &str) {
        println!("\n{}\n", self.paint(Tone::Bold, text));
    }

    /// A line of the report.
    pub fn line(&self, text: &str) {
        println!("  {text}");
    }

    /// A step that begins now; it is shown when it ends.
    pub fn step(&self, name: &str) -> Step<'_> {
        let bar = self.bar(0, "{spinner} {msg}");
        bar.set_message(name.to_owned());
        bar.enable_steady_tick(Duration::from_millis(120));
        Step { screen: self, name: name.to_owned(), bar, started: Instant::now() }
    }

    /// A step of so many pieces, with a bar.
    pub fn counted(&self, name: &str, pieces: usize) -> Step<'_> {
        let bar = self.bar(u64::try_from(pieces).unwrap_or(u64::MAX), "  {msg}\n  {wide_bar} {human_pos} of {human_len}, {per_sec}, {eta}");
        bar.set_message(name.to_owned());
        Step { screen: self, name: name.to_owned(), bar, started: Instant::now() }
    }

    fn bar(&self, length: u64, template: &str) -> ProgressBar {
        let target = if self.is_terminal { ProgressDrawTarget::stdout() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::with_draw_target(Some(length), target).with_style(style.progress_chars("━╸─").tick_chars("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ "))
    }

    /// A table: the first column to the left, the columns of figures to the right.
    pub fn table(&self, head: &[&str], figures_from: usize, rows: &[Vec<String>]) {
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.chain(head.get(column).map(|cell| cell.chars().count())).max().unwrap_or_default()
        };
        let set = |cells: Vec<&str>| {
            let place = |(column, cell): (usize, &str)| {
                let gap = " ".repeat(width(column).saturating_sub(cell.chars().count()));
                if column < figures_from { format!("{cell}{gap}") } else { format!("{gap}{cell}") }
            };
            cells.into_iter().enumerate().map(place).collect::<Vec<_>>().join("   ").trim_end().to_owned()
        };
        self.line(&self.paint(Tone::Dim, &set(head.to_vec())));
        for row in rows {
            self.line(&set(row.iter().map(String::as_str).collect()));
        }
    }

    /// The last lines: what to do next.
    pub fn closing(&self, hints: &[(&str, &str)]) {
        println!();
        let width = hints.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
        for (name, what) in hints {
            println!("  {}  {what}", self.paint(Tone::Dim, &format!("{name:<width$}")));
        }
        println!();
    }

    /// An error, and the exit code that tells of it.
    pub fn failed(&self, error: &anyhow::Error) -> ExitCode {
        eprintln!("\n{} {error:#}", self.paint(Tone::Red, "The demo could not go on:"));
        ExitCode::FAILURE
    }
}

/// A step under way.
pub struct Step<'a> {
    screen: &'a Screen,
    name: String,
    /// Its bar.
    pub bar: ProgressBar,
    started: Instant,
}

impl Step<'_> {
    /// How long it has taken so far.
    pub fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    /// Ends it, with what came of it.
    pub fn done(self, outcome: &str) {
        self.bar.finish_and_clear();
        let time = format!("{:>6.1} s", self.elapsed().as_secs_f64());
        println!(
            "  {} {:<NAME_COLUMNS$} {} {}",
            self.screen.paint(Tone::Green, "✓"),
            self.name,
            self.screen.paint(Tone::Dim, &time),
            self.screen.paint(Tone::Dim, outcome),
        );
    }
}

/// A count as people write it: 5 967 as `5,967`.
pub fn count(number: impl TryInto<i64>) -> String {
    let number = number.try_into().unwrap_or(i64::MAX);
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if number < 0 {
        text.push('-');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Cents as dollars.
pub fn dollars(cents: i64) -> String {
    format!("${}.{:02}", count(cents / 100), (cents % 100).abs())
}
