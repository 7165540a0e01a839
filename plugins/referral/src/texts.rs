//! The program's words, in five languages. The terms carry the merchant's own numbers.

use coalition_sdk::{Locale, Manifest, Money, Scalar};

use crate::config::{Config, INVITE, VOUCHER};

pub const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const TEXTS: &[(&str, Phrase)] = &[
    ("name", ["Bring a friend", "Aduceți un prieten", "Доведете пријател", "Poleć znajomemu", "Приведите друга"]),
    (
        "summary",
        [
            "You and your friend both earn once your friend has bought.",
            "Și dumneavoastră, și prietenul primiți puncte după prima lui cumpărătură.",
            "И вие и пријателот добивате поени по неговото прво купување.",
            "Ty i twój znajomy dostajecie punkty po jego pierwszym zakupie.",
            "Баллы получаете и вы, и друг после его первой покупки.",
        ],
    ),
    (
        "friend",
        [
            "Welcome, brought by a friend",
            "Bun venit, la recomandarea unui prieten",
            "Добре дојдовте, по препорака од пријател",
            "Witamy z polecenia znajomego",
            "Добро пожаловать по приглашению друга",
        ],
    ),
    (
        "referral",
        [
            "A friend you brought has bought for the first time",
            "Un prieten adus de dumneavoastră a cumpărat prima dată",
            "Пријател што го доведовте купи првпат",
            "Twój znajomy zrobił pierwsze zakupy",
            "Приведённый вами друг совершил первую покупку",
        ],
    ),
    (
        "waits",
        [
            "Points that wait for your first purchase of {minimum} or more: {points}",
            "Puncte care vă așteaptă la prima cumpărătură de cel puțin {minimum}: {points}",
            "Поени што ве чекаат по првото купување од најмалку {minimum}: {points}",
            "Punkty czekające na pierwszy zakup za co najmniej {minimum}: {points}",
            "Баллы, которые ждут вашей первой покупки от {minimum}: {points}",
        ],
    ),
    (
        "limit-reached",
        [
            "You have brought as many friends as are rewarded: {max}",
            "Ați atins numărul de prieteni recompensați: {max}",
            "Го достигнавте бројот на наградени пријатели: {max}",
            "Osiągnięto liczbę nagradzanych poleceń: {max}",
            "Достигнуто число вознаграждаемых друзей: {max}",
        ],
    ),
    (
        "same-household",
        [
            "Members of one household don't bring each other.",
            "Membrii aceleiași gospodării nu se pot aduce unul pe altul.",
            "Членовите на исто домаќинство не може да се доведуваат меѓусебно.",
            "Osoby z jednego gospodarstwa nie polecają się nawzajem.",
            "Члены одной семьи не могут приводить друг друга.",
        ],
    ),
    (
        "not-for-points",
        [
            "This comes with bringing a friend, not for points.",
            "Se primește pentru un prieten adus, nu pentru puncte.",
            "Ова се добива за доведен пријател, не за поени.",
            "To nagroda za polecenie, nie za punkty.",
            "Это дают за приведённого друга, а не за баллы.",
        ],
    ),
    ("counter:friends", ["Friends brought", "Prieteni aduși", "Доведени пријатели", "Poleceni znajomi", "Приведённые друзья"]),
    (
        "counter:qualified",
        [
            "First purchase rewarded",
            "Prima cumpărătură recompensată",
            "Наградено прво купување",
            "Nagrodzony pierwszy zakup",
            "Вознаграждённая первая покупка",
        ],
    ),
];

const INVITATION: Phrase = [
    "Bring a friend: {mine} {mine|point|points} for you, {theirs} for them",
    "Aduceți un prieten: {mine} {mine|punct|puncte|de puncte} pentru dumneavoastră, {theirs} pentru el",
    "Доведете пријател: {mine} {mine|поен|поени} за вас, {theirs} за него",
    "Poleć znajomemu: {mine} {mine|punkt|punkty|punktów} dla ciebie, {theirs} dla niego",
    "Приведите друга: {mine} {mine|балл|балла|баллов} вам, {theirs} ему",
];
const OFF: Phrase = [
    "{value} off your next purchase",
    "{value} reducere la următoarea cumpărătură",
    "{value} попуст на следното купување",
    "{value} zniżki na następne zakupy",
    "Скидка {value} на следующую покупку",
];
const BOTH: Phrase = [
    "When a friend you have brought buys for {minimum} or more for the first time, you get {mine} {mine|point|points}, and your friend {theirs}.",
    "Când un prieten adus de dumneavoastră cumpără prima dată de cel puțin {minimum}, primiți {mine} {mine|punct|puncte|de puncte}, iar prietenul {theirs}.",
    "Кога пријател што сте го довеле првпат ќе купи за најмалку {minimum}, вие добивате {mine} {mine|поен|поени}, а пријателот {theirs}.",
    "Gdy polecony znajomy po raz pierwszy kupi za co najmniej {minimum}, dostajesz {mine} {mine|punkt|punkty|punktów}, a znajomy {theirs}.",
    "Когда приведённый вами друг впервые купит на {minimum} или больше, вы получите {mine} {mine|балл|балла|баллов}, а друг — {theirs}.",
];
const BESIDES: Phrase = [
    "Your friend gets a voucher of {value} besides.",
    "Prietenul primește și un voucher de {value}.",
    "Пријателот добива и ваучер од {value}.",
    "Znajomy dostaje też bon na {value}.",
    "Друг получает ещё и ваучер на {value}.",
];
const EXCLUDED: Phrase = [
    "Some goods don't count for it: {goods}.",
    "Unele produse nu se socotesc: {goods}.",
    "Некои производи не се бројат: {goods}.",
    "Niektóre towary się nie liczą: {goods}.",
    "Некоторые товары не учитываются: {goods}.",
];
const WITHIN: Phrase = [
    "The purchase must come within {days} {days|day|days} of joining.",
    "Cumpărătura trebuie făcută în {days} {days|zi|zile|de zile} de la înscriere.",
    "Купувањето треба да биде во рок од {days} {days|ден|дена} од зачленувањето.",
    "Zakup musi nastąpić w ciągu {days} {days|dnia|dni|dni} od zapisania się.",
    "Покупка должна состояться в течение {days} {days|дня|дней|дней} после вступления.",
];
const MOST: Phrase = [
    "At most {max} {max|friend is|friends are} rewarded {window}.",
    "Se recompensează cel mult {max} {max|prieten|prieteni|de prieteni} {window}.",
    "Се наградуваат најмногу {max} {max|пријател|пријатели} {window}.",
    "Nagradzamy najwyżej {max} {max|polecenie|polecenia|poleceń} {window}.",
    "Вознаграждается не больше {max} {max|друга|друзей|друзей} {window}.",
];
const PENDING: Phrase = [
    "The points can be spent {days} {days|day|days} later.",
    "Punctele pot fi folosite după {days} {days|zi|zile|de zile}.",
    "Поените може да се потрошат по {days} {days|ден|дена}.",
    "Punkty można wydać po {days} {days|dniu|dniach|dniach}.",
    "Баллы можно потратить через {days} {days|день|дня|дней}.",
];
const SELF: Phrase = [
    "Nobody brings themselves.",
    "Nimeni nu se poate aduce pe sine.",
    "Никој не може да се доведе самиот себе.",
    "Nikt nie poleca samego siebie.",
    "Привести самого себя нельзя.",
];
const RETURNS: Phrase = [
    "If that purchase is returned, the points of both go with it.",
    "Dacă acea cumpărătură este returnată, punctele amândurora se retrag.",
    "Ако тоа купување се врати, поените на двајцата се повлекуваат.",
    "Gdy ten zakup zostanie zwrócony, punkty tracą oboje.",
    "Если эту покупку вернут, баллы обоих будут списаны.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let manifest = manifest
        .table(LOCALES, TEXTS)
        .say(LOCALES, format!("reward:{INVITE}"), |locale| {
            locale.fill(&INVITATION, &[("mine", config.referrer_points.into()), ("theirs", config.friend_points.into())])
        })
        .say(LOCALES, "terms", |locale| terms(config, locale));
    let Some(voucher) = &config.friend_voucher else {
        return manifest;
    };
    let value = Money::new(voucher.value, config.currency);
    manifest.say(LOCALES, format!("reward:{VOUCHER}"), |locale| locale.fill(&OFF, &[("value", value.into())]))
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let money = |minor| -> Scalar { Money::new(minor, config.currency).into() };
    let sides = [("minimum", money(config.minimum)), ("mine", config.referrer_points.into()), ("theirs", config.friend_points.into())];
    let mut terms = vec![locale.fill(&BOTH, &sides)];
    if let Some(voucher) = &config.friend_voucher {
        terms.push(locale.fill(&BESIDES, &[("value", money(voucher.value))]));
    }
    if let Some(goods) = config.excluded.named(locale) {
        terms.push(locale.fill(&EXCLUDED, &[("goods", goods.into())]));
    }
    if let Some(days) = config.within_days {
        terms.push(locale.fill(&WITHIN, &[("days", days.into())]));
    }
    terms.push(locale.fill(&MOST, &[("max", config.friends.max.into()), ("window", locale.per(config.friends.window).into())]));
    if config.pending_days > 0 {
        terms.push(locale.fill(&PENDING, &[("days", config.pending_days.into())]));
    }
    terms.push(locale.of(&SELF).to_owned());
    if !config.same_household {
        let household = TEXTS.iter().find(|(key, _)| *key == "same-household");
        terms.extend(household.map(|(_, phrase)| locale.of(phrase).to_owned()));
    }
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}
