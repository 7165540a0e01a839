//! The program's words, in five languages. The terms carry the merchant's own numbers.

use coalition_sdk::{Locale, Manifest, Money};

use crate::config::Config;

pub const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const TEXTS: &[(&str, Phrase)] = &[
    (
        "name",
        [
            "Points for every purchase",
            "Puncte la fiecare cumpărătură",
            "Поени за секое купување",
            "Punkty za każdy zakup",
            "Баллы за каждую покупку",
        ],
    ),
    (
        "summary",
        [
            "You earn points for what you spend, and pay with them.",
            "Primiți puncte pentru ce cheltuiți și plătiți cu ele.",
            "Собирате поени за она што го трошите и плаќате со нив.",
            "Zbierasz punkty za wydane pieniądze i płacisz nimi.",
            "Вы получаете баллы за потраченное и платите ими.",
        ],
    ),
    ("earned", ["{spend} spent", "Ați cheltuit {spend}", "Потрошено: {spend}", "Wydano {spend}", "Потрачено {spend}"]),
    (
        "money-off",
        [
            "{value} off your next purchase",
            "{value} reducere la următoarea cumpărătură",
            "{value} попуст на следното купување",
            "{value} zniżki na następne zakupy",
            "Скидка {value} на следующую покупку",
        ],
    ),
];

const EARN: Phrase = [
    "You earn {points} {points|point|points} for every {spend} you spend; a begun amount does not count.",
    "Primiți {points} {points|punct|puncte|de puncte} pentru fiecare {spend} cheltuiți; o sumă începută nu se socotește.",
    "Добивате {points} {points|поен|поени} за секои потрошени {spend}; започнат износ не се брои.",
    "Za każde wydane {spend} otrzymujesz {points} {points|punkt|punkty|punktów}; rozpoczęta kwota się nie liczy.",
    "За каждые потраченные {spend} вы получаете {points} {points|балл|балла|баллов}; неполная сумма не считается.",
];
const MINIMUM: Phrase = [
    "Purchases below {minimum} earn nothing.",
    "Cumpărăturile sub {minimum} nu aduc puncte.",
    "Купувањата под {minimum} не носат поени.",
    "Zakupy poniżej {minimum} nie dają punktów.",
    "За покупки меньше {minimum} баллы не начисляются.",
];
const EXCLUDED: Phrase = [
    "Some goods earn nothing: {goods}.",
    "Pentru unele produse nu se dau puncte: {goods}.",
    "Некои производи не носат поени: {goods}.",
    "Za niektóre towary nie ma punktów: {goods}.",
    "За некоторые товары баллы не начисляются: {goods}.",
];
const BONUS: Phrase = [
    "{title}: {rate} of these points.",
    "{title}: {rate} din aceste puncte.",
    "{title}: {rate} од овие поени.",
    "{title}: {rate} tych punktów.",
    "{title}: {rate} от этих баллов.",
];
const PENDING: Phrase = [
    "You can spend them {days} {days|day|days} later.",
    "Le puteți folosi după {days} {days|zi|zile|de zile}.",
    "Може да ги потрошите по {days} {days|ден|дена}.",
    "Możesz je wydać po {days} {days|dniu|dniach|dniach}.",
    "Потратить их можно через {days} {days|день|дня|дней}.",
];
const LAPSE: Phrase = [
    "They lapse after {months} {months|month|months}.",
    "Își pierd valabilitatea după {months} {months|lună|luni|de luni}.",
    "Истекуваат по {months} {months|месец|месеци}.",
    "Tracą ważność po {months} {months|miesiącu|miesiącach|miesiącach}.",
    "Они сгорают через {months} {months|месяц|месяца|месяцев}.",
];
const PAY: Phrase = [
    "At the till {points} {points|point pays|points pay} {value}.",
    "La casă, {points} {points|punct plătește|puncte plătesc|de puncte plătesc} {value}.",
    "На каса {points} {points|поен вреди|поени вредат} {value}.",
    "Przy kasie {points} {points|punkt jest wart|punkty są warte|punktów jest wartych} {value}.",
    "На кассе {points} {points|балл оплачивает|балла оплачивают|баллов оплачивают} {value}.",
];
const PAY_FROM: Phrase = [
    "At least {minimum} {minimum|point|points} at a time.",
    "Cel puțin {minimum} {minimum|punct|puncte|de puncte} la o plată.",
    "Најмалку {minimum} {minimum|поен|поени} за едно плаќање.",
    "Co najmniej {minimum} {minimum|punkt|punkty|punktów} naraz.",
    "Не меньше {minimum} {minimum|балла|баллов|баллов} за раз.",
];
const RETURNS: Phrase = [
    "Goods you return take their points with them.",
    "Produsele returnate își iau punctele cu ele.",
    "Вратените производи ги земаат со себе своите поени.",
    "Zwrócone towary zabierają ze sobą swoje punkty.",
    "Вместе с возвращённым товаром списываются его баллы.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let manifest = manifest.table(LOCALES, TEXTS).say(LOCALES, "terms", |locale| terms(config, locale));
    let manifest = config
        .bonuses
        .iter()
        .fold(manifest, |manifest, bonus| manifest.say(LOCALES, bonus.key(), |locale| bonus.title.at(locale.tag()).to_owned()));
    config.vouchers.iter().fold(manifest, |manifest, voucher| {
        let value = Money::new(voucher.value, config.currency);
        let title = |locale: Locale| money_off(locale, value);
        manifest.say(LOCALES, format!("reward:{}", voucher.id), title)
    })
}

fn money_off(locale: Locale, value: Money) -> String {
    let phrase = TEXTS.iter().find(|(key, _)| *key == "money-off").map(|(_, phrase)| phrase);
    phrase.map_or_else(String::new, |phrase| locale.fill(phrase, &[("value", value.into())]))
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let money = |minor| Money::new(minor, config.currency).into();
    let mut terms = vec![locale.fill(&EARN, &[("points", config.earn.points.into()), ("spend", money(config.earn.minor))])];
    if config.minimum_basket > 0 {
        terms.push(locale.fill(&MINIMUM, &[("minimum", money(config.minimum_basket))]));
    }
    if let Some(goods) = config.excluded.named(locale) {
        terms.push(locale.fill(&EXCLUDED, &[("goods", goods.into())]));
    }
    for bonus in &config.bonuses {
        terms.push(locale.fill(&BONUS, &[("title", bonus.title.at(locale.tag()).into()), ("rate", bonus.multiplier_bp.into())]));
    }
    if config.pending_days > 0 {
        terms.push(locale.fill(&PENDING, &[("days", config.pending_days.into())]));
    }
    if let Some(months) = config.expires_after_months {
        terms.push(locale.fill(&LAPSE, &[("months", months.into())]));
    }
    if let Some(pay) = &config.pay {
        terms.push(locale.fill(&PAY, &[("points", pay.rate.points.into()), ("value", money(pay.rate.minor))]));
        if pay.minimum_points > 1 {
            terms.push(locale.fill(&PAY_FROM, &[("minimum", pay.minimum_points.into())]));
        }
    }
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}
