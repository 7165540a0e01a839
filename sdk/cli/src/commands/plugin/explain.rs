//! Says in plain words what rules answered: the manifest's texts filled in, points traced to the lines they are for.

use coalition_rules::contract::{
    Attribute, Availability, Award, Effect, Event, EventBody, Instant, Line, Manifest, Message, Moment, Money, Purchase, Scalar, Window,
};

use crate::output::{BAD, DIM, GOOD, HEAD, WARN, grouped, paint};

/// The texts of one locale.
pub struct Words<'a> {
    manifest: &'a Manifest,
    locale: Option<&'a str>,
}

impl<'a> Words<'a> {
    /// English where the program speaks it, else its first locale.
    #[must_use]
    pub fn new(manifest: &'a Manifest) -> Self {
        let locales: Vec<&str> = manifest.texts.iter().map(|texts| texts.locale.as_str()).collect();
        let english = locales.iter().find(|locale| **locale == "en" || locale.starts_with("en-"));
        Self { manifest, locale: english.or(locales.first()).copied() }
    }

    /// The words under a key, as they are.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'a str> {
        let texts = self.manifest.texts.iter().find(|texts| Some(texts.locale.as_str()) == self.locale)?;
        texts.entries.iter().find(|(known, _)| known == key).map(|(_, text)| text.as_str())
    }

    /// A message with its arguments filled in; where there is no text, the key and the arguments.
    #[must_use]
    pub fn say(&self, message: &Message) -> String {
        match self.text(&message.key) {
            Some(text) => message
                .args
                .iter()
                .fold(text.to_owned(), |text, argument| text.replace(&format!("{{{}}}", argument.name), &scalar(&argument.value))),
            None if message.args.is_empty() => message.key.clone(),
            None => format!("{} ({})", message.key, attributes(&message.args)),
        }
    }
}

/// The event in a line.
#[must_use]
pub fn event(event: &Event) -> String {
    let what = match &event.body {
        EventBody::Purchase(purchase) => purchase_of(purchase),
        body => body.kind().replace('_', " "),
    };
    let place = event.store.as_ref().map(|store| format!(" at {store}")).unwrap_or_default();
    format!("{what}{place}, {}", instant(event.at))
}

fn purchase_of(purchase: &Purchase) -> String {
    let total = money(purchase.total, &purchase.currency);
    match purchase.lines.len() {
        0 => format!("purchase of {total}"),
        1 => format!("purchase of {total}, 1 line"),
        count => format!("purchase of {total}, {count} lines"),
    }
}

/// The effects, one after the other, points last with their sum.
#[must_use]
pub fn effects(effects: &[Effect], event: &Event, words: &Words<'_>) -> Vec<String> {
    if effects.is_empty() {
        return vec![paint(DIM, "Nothing happens: no effect.")];
    }
    let mut lines = Vec::new();
    let awards: Vec<&Award> =
        effects.iter().filter_map(|effect| if let Effect::Award(award) = effect { Some(award) } else { None }).collect();
    for award in &awards {
        lines.extend(explain_award(award, event.body.purchase(), words));
    }
    if awards.len() > 1 {
        let sum = awards.iter().fold(0_i128, |sum, award| sum + i128::from(award.points));
        lines.push(format!("{} {}", paint(GOOD, format!("= {}", points(sum))), paint(DIM, "in all")));
    }
    lines.extend(effects.iter().filter_map(|effect| other(effect, words)));
    lines
}

fn explain_award(award: &Award, purchase: Option<&Purchase>, words: &Words<'_>) -> Vec<String> {
    let mut conditions = Vec::new();
    match &award.available {
        Availability::Now => {}
        Availability::Later(when) => conditions.push(format!("can be spent {}", moment(*when))),
        Availability::OnAction(action) => conditions.push(format!("can be spent once {action:?} is reported")),
    }
    if let Some(when) = award.expires {
        conditions.push(format!("expires {}", moment(when)));
    }
    if let Some(campaign) = &award.campaign {
        conditions.push(format!("campaign {campaign}"));
    }
    let conditions = if conditions.is_empty() { String::new() } else { format!(" ({})", conditions.join(", ")) };
    let mut lines = vec![format!(
        "{}  {}{conditions}  {}",
        paint(GOOD, format!("+ {}", points(award.points.into()))),
        words.say(&award.reason),
        paint(DIM, format!("[{}]", award.key))
    )];
    let Some(purchase) = purchase else {
        return lines;
    };
    for number in &award.lines {
        match purchase.lines.iter().find(|line| line.number == *number) {
            Some(line) => lines.push(paint(DIM, format!("    line {}", bought(line, &purchase.currency)))),
            None => lines.push(format!("    {}", paint(WARN, format!("line {number} is not on the receipt")))),
        }
    }
    lines
}

fn bought(line: &Line, currency: &str) -> String {
    let article = [line.category.as_str(), line.sku.as_str()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let quantity = if line.quantity_milli == 1000 { String::new() } else { format!("{} × ", milli(line.quantity_milli)) };
    format!("{}: {quantity}{article} {}", line.number, money(line.amount, currency))
}

/// Every effect but awards.
fn other(effect: &Effect, words: &Words<'_>) -> Option<String> {
    let line = |what: &str, rest: String| Some(format!("{} {rest}", paint(HEAD, what)));
    match effect {
        Effect::Award(_) => None,
        Effect::Recover(recovery) => Some(format!(
            "{}  {}  {}",
            paint(BAD, format!("- {}", points(recovery.points.into()))),
            words.say(&recovery.reason),
            paint(DIM, format!("[{}]", recovery.key))
        )),
        Effect::Progress(progress) => line("counter", format!("{} {:+}", progress.counter, progress.delta)),
        Effect::GrantBadge(badge) => line("badge", format!("granted: {}{}", badge.name, period(&badge.period))),
        Effect::RevokeBadge(badge) => line("badge", format!("revoked: {}{}", badge.name, period(&badge.period))),
        Effect::SetTier(change) => {
            let tier = change.tier.as_deref().unwrap_or("none");
            let until = change.until.map(|when| format!(" until {}", moment(when))).unwrap_or_default();
            line("tier", format!("{tier}{until}: {}", words.say(&change.reason)))
        }
        Effect::IssueVoucher(voucher) => {
            let value = voucher.value.as_ref().map(|value| format!(" worth {}", worth(value))).unwrap_or_default();
            let expires = voucher.expires.map(|when| format!(", expires {}", moment(when))).unwrap_or_default();
            let more = if voucher.attributes.is_empty() { String::new() } else { format!(", {}", attributes(&voucher.attributes)) };
            line("voucher", format!("{}{value}{expires}{more}: {}", voucher.template, words.say(&voucher.reason)))
        }
        Effect::RevokeVoucher(id) => line("voucher", format!("revoked: {id}")),
        Effect::Tell(message) => line("tells the member", format!("“{}”", words.say(message))),
        Effect::Signal(signal) => {
            line("signal", format!("{} to the {} {}", signal.kind, signal.relation, attributes(&signal.attributes)).trim_end().to_owned())
        }
        Effect::Instruct(instruction) => {
            line("instructs the till", format!("{} {}", instruction.kind, attributes(&instruction.attributes)).trim_end().to_owned())
        }
        Effect::Other(instruction) => {
            line("other", format!("{} {}", instruction.kind, attributes(&instruction.attributes)).trim_end().to_owned())
        }
    }
}

fn points(count: i128) -> String {
    if count == 1 { "1 point".to_owned() } else { format!("{} points", grouped(count)) }
}

fn period(period: &str) -> String {
    if period.is_empty() { String::new() } else { format!(" for {period}") }
}

fn attributes(attributes: &[Attribute]) -> String {
    attributes.iter().map(|attribute| format!("{}={}", attribute.name, scalar(&attribute.value))).collect::<Vec<_>>().join(" ")
}

fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Text(text) => text.clone(),
        Scalar::Number(number) => number.to_string(),
        Scalar::Flag(flag) => flag.to_string(),
    }
}

fn moment(moment: Moment) -> String {
    let some = |count: u32, unit: &str| {
        if count == 1 { format!("after 1 {unit}") } else { format!("after {count} {unit}s") }
    };
    match moment {
        Moment::At(ms) => instant(Instant { ms, offset_minutes: 0 }),
        Moment::AfterDays(days) => some(days, "day"),
        Moment::AfterMonths(months) => some(months, "month"),
        Moment::EndOf(window) => format!("at the end of the {}", window_name(window)),
    }
}

const fn window_name(window: Window) -> &'static str {
    match window {
        Window::Day => "day",
        Window::Week => "week",
        Window::Month => "month",
        Window::Quarter => "quarter",
        Window::Year => "year",
        Window::Lifetime => "member's lifetime",
    }
}

fn instant(instant: Instant) -> String {
    let offset = jiff::tz::Offset::from_seconds(i32::from(instant.offset_minutes) * 60);
    match (jiff::Timestamp::from_millisecond(instant.ms), offset) {
        (Ok(moment), Ok(offset)) => moment.to_zoned(jiff::tz::TimeZone::fixed(offset)).strftime("%Y-%m-%d %H:%M:%S %:z").to_string(),
        _ => format!("{} ms", instant.ms),
    }
}

fn worth(value: &Money) -> String {
    money(value.minor, &value.currency)
}

/// Minor units as people write them. Most currencies have two decimals; ISO 4217 names those that don't.
#[must_use]
pub fn money(minor: i64, currency: &str) -> String {
    let digits: u32 = match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND" | "VUV" | "XAF" | "XOF"
        | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    };
    if digits == 0 {
        return format!("{} {currency}", grouped(minor));
    }
    let unit = 10_u64.pow(digits);
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.unsigned_abs();
    let width = usize::try_from(digits).unwrap_or(2);
    format!("{sign}{}.{:0width$} {currency}", grouped(minor / unit), minor % unit)
}

fn milli(milli: i64) -> String {
    let text = format!("{}.{:03}", milli / 1000, (milli % 1000).abs());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_read_like_words() {
        assert_eq!(money(5230, "USD"), "52.30 USD");
        assert_eq!(money(-7, "EUR"), "-0.07 EUR");
        assert_eq!(money(1_234_567, "JPY"), "1,234,567 JPY");
        assert_eq!(money(1_234, "KWD"), "1.234 KWD");
        assert_eq!(milli(35_270), "35.27");
        assert_eq!(milli(2_000), "2");
        assert_eq!(moment(Moment::AfterDays(1)), "after 1 day");
        assert_eq!(moment(Moment::EndOf(Window::Quarter)), "at the end of the quarter");
        assert_eq!(instant(Instant { ms: 0, offset_minutes: 90 }), "1970-01-01 01:30:00 +01:30");
    }
}
