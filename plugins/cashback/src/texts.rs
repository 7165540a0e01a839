//! The program's words, in five languages. The terms carry the merchant's own numbers.

use coalition_sdk::{Locale, Manifest, Money, Scalar, Window};

use crate::config::{Config, PAYOUT};

pub const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const TEXTS: &[(&str, Phrase)] = &[
    ("name", ["Cashback", "Bani înapoi", "Враќање пари", "Zwrot za zakupy", "Кешбэк"]),
    (
        "summary",
        [
            "A share of what you spend comes back to you.",
            "O parte din ce cheltuiți se întoarce la dumneavoastră.",
            "Дел од потрошеното ви се враќа.",
            "Część wydanych pieniędzy wraca do ciebie.",
            "Часть потраченного возвращается к вам.",
        ],
    ),
    ("cashback", ["{rate} of {spend}", "{rate} din {spend}", "{rate} од {spend}", "{rate} z {spend}", "{rate} от {spend}"]),
    (
        "month-full",
        [
            "The limit for this month is reached: {max}",
            "Limita pe luna aceasta a fost atinsă: {max}",
            "Лимитот за овој месец е достигнат: {max}",
            "Osiągnięto limit na ten miesiąc: {max}",
            "Лимит на этот месяц исчерпан: {max}",
        ],
    ),
    (
        "counter:cashback",
        [
            "Points back this month",
            "Puncte primite înapoi luna aceasta",
            "Вратени поени овој месец",
            "Punkty zwrócone w tym miesiącu",
            "Возвращено баллов за месяц",
        ],
    ),
];

const PAID_OUT: Phrase = [
    "Paid out to your account",
    "Plată în contul dumneavoastră",
    "Исплата на вашата сметка",
    "Wypłata na twoje konto",
    "Выплата на ваш счёт",
];

const BASE: Phrase = [
    "{rate} of what you spend comes back in points, rounded down.",
    "{rate} din ce cheltuiți se întoarce în puncte, rotunjit în jos.",
    "{rate} од потрошеното ви се враќа во поени, заокружено надолу.",
    "{rate} wydanej kwoty wraca w punktach, z zaokrągleniem w dół.",
    "{rate} от потраченного возвращается баллами, с округлением вниз.",
];
const RATE: Phrase = ["{title}: {rate}.", "{title}: {rate}.", "{title}: {rate}.", "{title}: {rate}.", "{title}: {rate}."];
const REASON: Phrase = [
    "{title}: {rate} of {spend}",
    "{title}: {rate} din {spend}",
    "{title}: {rate} од {spend}",
    "{title}: {rate} z {spend}",
    "{title}: {rate} от {spend}",
];
const EXCLUDED: Phrase = [
    "Nothing comes back for: {goods}.",
    "Nu se întoarce nimic pentru: {goods}.",
    "Ништо не се враќа за: {goods}.",
    "Nie ma zwrotu za: {goods}.",
    "Ничего не возвращается за: {goods}.",
];
const POINTS: Phrase = [
    "What you pay with points gives nothing back.",
    "Ce plătiți cu puncte nu aduce nimic înapoi.",
    "За платеното со поени не се враќа ништо.",
    "Za to, co płacisz punktami, nie ma zwrotu.",
    "За оплаченное баллами ничего не возвращается.",
];
const DAILY: Phrase = [
    "The points are yours at the end of the day.",
    "Punctele sunt ale dumneavoastră la sfârșitul zilei.",
    "Поените се ваши на крајот од денот.",
    "Punkty są twoje na koniec dnia.",
    "Баллы становятся вашими в конце дня.",
];
const WEEKLY: Phrase = [
    "The points are yours at the end of the week.",
    "Punctele sunt ale dumneavoastră la sfârșitul săptămânii.",
    "Поените се ваши на крајот од неделата.",
    "Punkty są twoje na koniec tygodnia.",
    "Баллы становятся вашими в конце недели.",
];
const MONTHLY: Phrase = [
    "The points are yours at the end of the month.",
    "Punctele sunt ale dumneavoastră la sfârșitul lunii.",
    "Поените се ваши на крајот од месецот.",
    "Punkty są twoje na koniec miesiąca.",
    "Баллы становятся вашими в конце месяца.",
];
const QUARTERLY: Phrase = [
    "The points are yours at the end of the quarter.",
    "Punctele sunt ale dumneavoastră la sfârșitul trimestrului.",
    "Поените се ваши на крајот од кварталот.",
    "Punkty są twoje na koniec kwartału.",
    "Баллы становятся вашими в конце квартала.",
];
const YEARLY: Phrase = [
    "The points are yours at the end of the year.",
    "Punctele sunt ale dumneavoastră la sfârșitul anului.",
    "Поените се ваши на крајот од годината.",
    "Punkty są twoje na koniec roku.",
    "Баллы становятся вашими в конце года.",
];
const MOST: Phrase = [
    "At most {max} {max|point|points} a month.",
    "Cel mult {max} {max|punct|puncte|de puncte} pe lună.",
    "Најмногу {max} {max|поен|поени} месечно.",
    "Najwyżej {max} {max|punkt|punkty|punktów} miesięcznie.",
    "Не больше {max} {max|балла|баллов|баллов} в месяц.",
];
const PAY: Phrase = [
    "At the till {points} {points|point pays|points pay} {value}.",
    "La casă, {points} {points|punct plătește|puncte plătesc|de puncte plătesc} {value}.",
    "На каса {points} {points|поен вреди|поени вредат} {value}.",
    "Przy kasie {points} {points|punkt jest wart|punkty są warte|punktów jest wartych} {value}.",
    "На кассе {points} {points|балл оплачивает|балла оплачивают|баллов оплачивают} {value}.",
];
const OUT: Phrase = [
    "From {minimum} {minimum|point|points} on they can be paid out.",
    "De la {minimum} {minimum|punct|puncte|de puncte} pot fi plătite în bani.",
    "Од {minimum} {minimum|поен|поени} нагоре може да се исплатат.",
    "Od {minimum} {minimum|punktu|punktów|punktów} można je wypłacić.",
    "От {minimum} {minimum|балла|баллов|баллов} их можно вывести деньгами.",
];
const RETURNS: Phrase = [
    "Goods you return take their share with them.",
    "Produsele returnate își iau partea cu ele.",
    "Вратените производи го земаат со себе својот дел.",
    "Zwrócone towary zabierają ze sobą swoją część.",
    "Вместе с возвращённым товаром списывается его доля.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let manifest = manifest.table(LOCALES, TEXTS).say(LOCALES, "terms", |locale| terms(config, locale));
    let manifest = match &config.payout {
        Some(_) => manifest.table(LOCALES, &[(PAYOUT, PAID_OUT), ("reward:payout", PAID_OUT)]),
        None => manifest,
    };
    config.rates.iter().fold(manifest, |manifest, rate| {
        manifest.say(LOCALES, rate.key(), |locale| locale.fill(&REASON, &[("title", rate.title.at(locale.tag()).into())]))
    })
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let money = |minor| -> Scalar { Money::new(minor, config.currency).into() };
    let mut terms = Vec::new();
    if config.base_bp.get() > 0 {
        terms.push(locale.fill(&BASE, &[("rate", config.base_bp.into())]));
    }
    for rate in &config.rates {
        terms.push(locale.fill(&RATE, &[("title", rate.title.at(locale.tag()).into()), ("rate", rate.rate_bp.into())]));
    }
    if let Some(goods) = config.excluded.named(locale) {
        terms.push(locale.fill(&EXCLUDED, &[("goods", goods.into())]));
    }
    if let Some(paid) = config.paid.and_then(paid) {
        terms.push(locale.of(paid).to_owned());
    }
    if let Some(most) = config.month_max {
        terms.push(locale.fill(&MOST, &[("max", most.into())]));
    }
    if let Some(pay) = &config.pay {
        terms.push(locale.fill(&PAY, &[("points", pay.rate.points.into()), ("value", money(pay.rate.minor))]));
        terms.push(locale.of(&POINTS).to_owned());
    }
    if let Some(payout) = &config.payout {
        terms.push(locale.fill(&OUT, &[("minimum", payout.minimum_points.max(1).into())]));
    }
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}

/// A window that never ends is refused with the configuration.
fn paid(window: Window) -> Option<&'static Phrase> {
    match window {
        Window::Day => Some(&DAILY),
        Window::Week => Some(&WEEKLY),
        Window::Month => Some(&MONTHLY),
        Window::Quarter => Some(&QUARTERLY),
        Window::Year => Some(&YEARLY),
        Window::Lifetime => None,
    }
}
