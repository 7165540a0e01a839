//! The program's words, in five languages. The terms carry the merchant's own numbers.

use coalition_sdk::{Locale, Manifest, Money, Scalar};

use crate::config::Config;

pub const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const TEXTS: &[(&str, Phrase)] = &[
    ("name", ["Co-op dividend", "Dividendul cooperativei", "Задружна дивиденда", "Dywidenda spółdzielni", "Дивиденд кооператива"]),
    (
        "summary",
        [
            "Members share what the year has brought, by what they bought.",
            "Membrii împart rezultatul anului, după cât au cumpărat.",
            "Членовите го делат резултатот од годината според купеното.",
            "Członkowie dzielą wynik roku według swoich zakupów.",
            "Участники делят итог года соразмерно своим покупкам.",
        ],
    ),
    ("dividend", ["Dividend for {year}", "Dividend pentru {year}", "Дивиденда за {year}", "Dywidenda za {year}", "Дивиденд за {year} год"]),
    (
        "dividend-back",
        [
            "Dividend for {year}: the share of what you returned goes back",
            "Dividend pentru {year}: se retrage partea pentru ce ați returnat",
            "Дивиденда за {year}: делот за вратеното се повлекува",
            "Dywidenda za {year}: cofnięto część za zwroty",
            "Дивиденд за {year} год: часть за возвращённое списана",
        ],
    ),
    (
        "reward:dividend",
        [
            "This year's dividend so far",
            "Dividendul acestui an până acum",
            "Годинашна дивиденда досега",
            "Tegoroczna dywidenda do tej pory",
            "Дивиденд за этот год на сегодня",
        ],
    ),
    (
        "after-the-year",
        [
            "It is paid when the year has ended.",
            "Se plătește după încheierea anului.",
            "Се исплаќа по крајот на годината.",
            "Jest wypłacana po zakończeniu roku.",
            "Выплачивается по окончании года.",
        ],
    ),
    (
        "members-only",
        [
            "For members of the co-op.",
            "Pentru membrii cooperativei.",
            "За членови на задругата.",
            "Dla członków spółdzielni.",
            "Для членов кооператива.",
        ],
    ),
    (
        "at-the-till",
        [
            "The till takes it off by itself; it costs no points.",
            "Casa o scade singură; nu costă puncte.",
            "Касата самата го пресметува; не чини поени.",
            "Kasa odlicza ją sama; nie kosztuje punktów.",
            "Касса вычитает её сама; баллов она не стоит.",
        ],
    ),
    (
        "counter:eligible",
        [
            "What counted this year",
            "Ce s-a socotit anul acesta",
            "Што се брои годинава",
            "Zakupy policzone w tym roku",
            "Учтённые покупки этого года",
        ],
    ),
];

/// Where an article makes a member.
const MEMBERSHIP: &[(&str, Phrase)] = &[
    ("badge:member", ["Member of the co-op", "Membru al cooperativei", "Член на задругата", "Członek spółdzielni", "Член кооператива"]),
    (
        "joined",
        [
            "You are a member of the co-op now.",
            "Acum sunteți membru al cooperativei.",
            "Сега сте член на задругата.",
            "Należysz teraz do spółdzielni.",
            "Теперь вы член кооператива.",
        ],
    ),
];

const RATE: Phrase = [
    "When the year ends you get {rate} of what you bought in it back in points, rounded down.",
    "La sfârșitul anului primiți înapoi în puncte {rate} din ce ați cumpărat, rotunjit în jos.",
    "На крајот од годината добивате назад во поени {rate} од купеното, заокружено надолу.",
    "Na koniec roku otrzymujesz w punktach {rate} wartości zakupów, z zaokrągleniem w dół.",
    "В конце года вам возвращается баллами {rate} от купленного за год, с округлением вниз.",
];
const SURPLUS: Phrase = [
    "When the year ends the members share {surplus} by what each has bought, rounded down.",
    "La sfârșitul anului membrii împart {surplus} după cât a cumpărat fiecare, rotunjit în jos.",
    "На крајот од годината членовите делат {surplus} според купеното, заокружено надолу.",
    "Na koniec roku członkowie dzielą {surplus} według wartości zakupów, z zaokrągleniem w dół.",
    "В конце года участники делят {surplus} соразмерно покупкам, с округлением вниз.",
];
const JOINING: Phrase = [
    "It is for members: those who have bought the membership, once for all.",
    "Este pentru membri: cei care au cumpărat calitatea de membru, o dată pentru totdeauna.",
    "Тоа е за членови: оние што го купиле членството, еднаш засекогаш.",
    "Jest dla członków: tych, którzy raz na zawsze kupili członkostwo.",
    "Это для членов: тех, кто один раз и навсегда купил членство.",
];
const FULL_PRICE: Phrase = [
    "Only what is sold at full price counts.",
    "Se socotește numai ce se vinde la preț întreg.",
    "Се брои само продаденото по полна цена.",
    "Liczą się tylko zakupy w pełnej cenie.",
    "Учитывается только купленное по полной цене.",
];
const EXCLUDED: Phrase = [
    "What doesn't count: {goods}.",
    "Nu se socotesc: {goods}.",
    "Не се бројат: {goods}.",
    "Nie liczą się: {goods}.",
    "Не учитываются: {goods}.",
];
const LEAST: Phrase = [
    "Fewer than {least} points are not paid.",
    "Mai puțin de {least} {least|punct|puncte|de puncte} nu se plătesc.",
    "Помалку од {least} {least|поен|поени} не се исплаќаат.",
    "Mniej niż {least} {least|punkt|punkty|punktów} nie wypłacamy.",
    "Меньше {least} {least|балла|баллов|баллов} не выплачивается.",
];
const LAPSE: Phrase = [
    "The points lapse after {months} {months|month|months}.",
    "Punctele își pierd valabilitatea după {months} {months|lună|luni|de luni}.",
    "Поените истекуваат по {months} {months|месец|месеци}.",
    "Punkty tracą ważność po {months} {months|miesiącu|miesiącach|miesiącach}.",
    "Баллы сгорают через {months} {months|месяц|месяца|месяцев}.",
];
const PAY: Phrase = [
    "At the till {points} {points|point pays|points pay} {value}.",
    "La casă, {points} {points|punct plătește|puncte plătesc|de puncte plătesc} {value}.",
    "На каса {points} {points|поен вреди|поени вредат} {value}.",
    "Przy kasie {points} {points|punkt jest wart|punkty są warte|punktów jest wartych} {value}.",
    "На кассе {points} {points|балл оплачивает|балла оплачивают|баллов оплачивают} {value}.",
];
const RETURNS: Phrase = [
    "What you return no longer counts, after the year's end too.",
    "Ce returnați nu se mai socotește, nici după sfârșitul anului.",
    "Вратеното повеќе не се брои, ни по крајот на годината.",
    "Zwroty przestają się liczyć, także po końcu roku.",
    "Возвращённое больше не учитывается, в том числе после конца года.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let manifest = manifest.table(LOCALES, TEXTS).say(LOCALES, "terms", |locale| terms(config, locale));
    let manifest = if config.membership.is_some() { manifest.table(LOCALES, MEMBERSHIP) } else { manifest };
    config.member_prices.iter().fold(manifest, |manifest, price| price.declare(manifest, LOCALES))
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let money = |minor| -> Scalar { Money::new(minor, config.currency).into() };
    let mut terms = Vec::new();
    if let Some(rate) = config.rate_bp {
        terms.push(locale.fill(&RATE, &[("rate", rate.into())]));
    }
    if let Some(surplus) = config.surplus {
        terms.push(locale.fill(&SURPLUS, &[("surplus", money(surplus))]));
    }
    if config.membership.is_some() {
        terms.push(locale.of(&JOINING).to_owned());
    }
    if config.full_price_only {
        terms.push(locale.of(&FULL_PRICE).to_owned());
    }
    if let Some(goods) = config.excluded.named(locale) {
        terms.push(locale.fill(&EXCLUDED, &[("goods", goods.into())]));
    }
    if config.least_points > 1 {
        terms.push(locale.fill(&LEAST, &[("least", config.least_points.into())]));
    }
    if let Some(months) = config.expires_after_months {
        terms.push(locale.fill(&LAPSE, &[("months", months.into())]));
    }
    if let Some(pay) = &config.pay {
        terms.push(locale.fill(&PAY, &[("points", pay.rate.points.into()), ("value", money(pay.rate.minor))]));
    }
    terms.extend(config.member_prices.iter().map(|price| price.said(locale) + "."));
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}
