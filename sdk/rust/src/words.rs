//! What the SDK itself may say, in the languages it knows: messages that its own refusals and offers use. A program that wants other words has a text
//! under the same key.

use crate::{LocaleTexts, Manifest, Pay, Window};

/// A key, and its text in these languages; elsewhere it is said in English.
type Row = (&'static str, [&'static str; 5]);

const LANGUAGES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

const ALWAYS: &[Row] = &[(
    "no-such-reward",
    [
        "There is no reward {reward}.",
        "Nu există recompensa {reward}.",
        "Не постои награда {reward}.",
        "Nie ma nagrody {reward}.",
        "Награды {reward} нет.",
    ],
)];

/// For programs that have rewards.
const REWARDS: &[Row] = &[(
    "more-points",
    [
        "Points still missing: {missing}",
        "Puncte care mai lipsesc: {missing}",
        "Поени што уште недостасуваат: {missing}",
        "Brakujące punkty: {missing}",
        "Не хватает баллов: {missing}",
    ],
)];

/// For those where points pay at the till.
const PAY: &[Row] = &[
    ("reward:pay-with-points", ["Pay with points", "Plată cu puncte", "Плаќање со поени", "Płatność punktami", "Оплата баллами"]),
    (
        "amount-needed",
        [
            "Say how much is to be paid with points.",
            "Spuneți ce sumă se plătește cu puncte.",
            "Кажете колкав износ се плаќа со поени.",
            "Podaj kwotę do zapłacenia punktami.",
            "Укажите, какую сумму оплатить баллами.",
        ],
    ),
    (
        "below-minimum",
        [
            "At least {minimum} points at a time.",
            "Minimum de puncte la o plată: {minimum}.",
            "Најмалку поени за едно плаќање: {minimum}.",
            "Minimalna liczba punktów na jedną płatność: {minimum}.",
            "Минимум баллов за одну оплату: {minimum}.",
        ],
    ),
    (
        "other-currency",
        [
            "Points pay amounts in {currency} here.",
            "Aici se plătesc cu puncte sume în {currency}.",
            "Овде со поени се плаќаат износи во {currency}.",
            "Tutaj punktami płaci się kwoty w {currency}.",
            "Здесь баллами оплачивают суммы в {currency}.",
        ],
    ),
    (
        "pay",
        [
            "Pay with points, {points} for {value}",
            "Plată cu puncte: {points} pentru {value}",
            "Плаќање со поени: {points} за {value}",
            "Płatność punktami: {points} za {value}",
            "Оплата баллами: {points} за {value}",
        ],
    ),
];

/// How often something may be, in words.
pub fn per(locale: &str, window: Window) -> &'static str {
    let each = match window {
        Window::Day => &["a day", "pe zi", "дневно", "dziennie", "в день"],
        Window::Week => &["a week", "pe săptămână", "неделно", "tygodniowo", "в неделю"],
        Window::Month => &["a month", "pe lună", "месечно", "miesięcznie", "в месяц"],
        Window::Quarter => &["a quarter", "pe trimestru", "квартално", "kwartalnie", "в квартал"],
        Window::Year => &["a year", "pe an", "годишно", "rocznie", "в год"],
        Window::Lifetime => &["in all", "în total", "вкупно", "łącznie", "всего"],
    };
    in_language(locale, each)
}

/// What a member price is called, with `{title}` and `{rate}` open.
pub fn discount(locale: &str) -> &'static str {
    const EACH: [&str; 5] =
        ["{title}: {rate} off", "{title}: {rate} reducere", "{title}: {rate} попуст", "{title}: {rate} zniżki", "{title}: скидка {rate}"];
    in_language(locale, &EACH)
}

/// With the words that the SDK may say, where the program has none of its own. All locales say the same things, so each has them.
pub fn complete(manifest: Manifest) -> Manifest {
    let rewards = if manifest.rewards.is_empty() { &[] } else { REWARDS };
    let pays = manifest.rewards.iter().any(|reward| reward.id == Pay::ID);
    ALWAYS.iter().chain(rewards).chain(if pays { PAY } else { &[] }).fold(manifest, add)
}

fn add(manifest: Manifest, (key, each): &Row) -> Manifest {
    let known = |texts: &LocaleTexts| texts.entries.iter().any(|(known, _)| known == key);
    if manifest.texts.iter().any(known) {
        return manifest;
    }
    let locales: Vec<String> = manifest.texts.iter().map(|texts| texts.locale.clone()).collect();
    if locales.is_empty() {
        return manifest.text("en", *key, in_language("en", each));
    }
    locales.iter().fold(manifest, |manifest, locale| manifest.text(locale, *key, in_language(locale, each)))
}

fn in_language(locale: &str, each: &[&'static str; 5]) -> &'static str {
    let language = locale.split('-').next().unwrap_or_default();
    let [english, ..] = each;
    LANGUAGES.iter().zip(each).find(|(known, _)| **known == language).map_or(english, |(_, text)| text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reward;

    fn text<'m>(manifest: &'m Manifest, locale: &str, key: &str) -> Option<&'m str> {
        let texts = manifest.texts.iter().find(|texts| texts.locale == locale)?;
        texts.entries.iter().find(|(known, _)| known == key).map(|(_, text)| text.as_str())
    }

    #[test]
    fn each_locale_gets_them_in_its_language() {
        let manifest = Manifest::new("x", "1.0.0").text("ru-RU", "a", "a").text("de", "a", "a").reward(Reward::new("r", "gift"));
        let manifest = complete(manifest);
        assert_eq!(text(&manifest, "ru-RU", "no-such-reward"), Some("Награды {reward} нет."));
        assert_eq!(text(&manifest, "de", "no-such-reward"), Some("There is no reward {reward}."));
        assert_eq!(text(&manifest, "de", "more-points"), Some("Points still missing: {missing}"));
    }

    #[test]
    fn windows_are_said_in_each_language() {
        assert_eq!((per("pl", Window::Month), per("de", Window::Lifetime)), ("miesięcznie", "in all"));
    }

    #[test]
    fn a_programs_own_words_stand() {
        let manifest = complete(Manifest::new("x", "1.0.0").text("en", "no-such-reward", "Never heard of {reward}."));
        assert_eq!(text(&manifest, "en", "no-such-reward"), Some("Never heard of {reward}."));
        assert_eq!(text(&manifest, "en", "more-points"), None, "without rewards nobody says it");
        assert_eq!(complete(Manifest::new("x", "1.0.0")).texts.len(), 1);
    }
}
