//! The program's words, in five languages: what is the same for all cards, and what is said of each with the merchant's own words.

use coalition_sdk::{Locale, Manifest, Money, Scalar};

use crate::config::{Card, Config, Counts};

pub const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const TEXTS: &[(&str, Phrase)] = &[
    ("name", ["Stamp card", "Card cu ștampile", "Картичка со печати", "Karta z pieczątkami", "Карта со штампами"]),
    (
        "summary",
        [
            "So many stamps, and the next one is free.",
            "Strângeți ștampilele, iar următorul produs este gratuit.",
            "Соберете ги печатите и следното е бесплатно.",
            "Zbierz pieczątki, a następne jest za darmo.",
            "Соберите штампы, и следующее бесплатно.",
        ],
    ),
    ("badge:first-card", ["First full card", "Primul card plin", "Прва полна картичка", "Pierwsza pełna karta", "Первая полная карта"]),
    (
        "missing",
        [
            "Stamps still missing: {missing}",
            "Ștampile care mai lipsesc: {missing}",
            "Печати што уште недостасуваат: {missing}",
            "Brakujące pieczątki: {missing}",
            "Не хватает штампов: {missing}",
        ],
    ),
    (
        "full-card-only",
        [
            "This comes with a full card, not for points.",
            "Se primește pentru un card plin, nu pentru puncte.",
            "Ова се добива за полна картичка, не за поени.",
            "To się należy za pełną kartę, nie za punkty.",
            "Это дают за полную карту, а не за баллы.",
        ],
    ),
];

/// What is said of each card, filled with its title and what it gives.
const OF_A_CARD: &[(&str, Phrase)] = &[
    ("card", ["{title}: {gives}", "{title}: {gives}", "{title}: {gives}", "{title}: {gives}", "{title}: {gives}"]),
    ("reward", ["{gives}", "{gives}", "{gives}", "{gives}", "{gives}"]),
    ("counter:stamps", ["{title}", "{title}", "{title}", "{title}", "{title}"]),
    (
        "stamped",
        [
            "Stamps on “{title}”: {stamps}",
            "Ștampile pe „{title}”: {stamps}",
            "Печати на „{title}“: {stamps}",
            "Pieczątki na „{title}”: {stamps}",
            "Штампы на «{title}»: {stamps}",
        ],
    ),
    (
        "full",
        [
            "“{title}” is full: {gives}",
            "„{title}” este plin: {gives}",
            "„{title}“ е полна: {gives}",
            "„{title}”: komplet pieczątek. Nagroda: {gives}",
            "«{title}»: все штампы собраны. Награда: {gives}",
        ],
    ),
    (
        "one-more",
        [
            "One more stamp and “{title}” is full: {gives}",
            "Încă o ștampilă și „{title}” este plin: {gives}",
            "Уште еден печат и „{title}“ е полна: {gives}",
            "„{title}”: brakuje jednej pieczątki. Nagroda: {gives}",
            "«{title}»: остался один штамп. Награда: {gives}",
        ],
    ),
    (
        "taken-back",
        [
            "What you returned had filled “{title}”: {gives} goes back with it.",
            "Ce ați returnat umpluse „{title}”; se retrage: {gives}.",
            "Она што го вративте ја пополни „{title}“; со него се враќа и: {gives}.",
            "Zwrócony towar dopełniał „{title}”; cofnięto: {gives}.",
            "Возвращённым была заполнена «{title}»; вместе с ним снимается: {gives}.",
        ],
    ),
];

const PIECES: Phrase = [
    "{title}: a stamp for every piece.",
    "{title}: o ștampilă pentru fiecare bucată.",
    "{title}: печат за секое парче.",
    "{title}: pieczątka za każdą sztukę.",
    "{title}: штамп за каждую штуку.",
];
const VISITS: Phrase = [
    "{title}: a stamp for every visit.",
    "{title}: o ștampilă la fiecare vizită.",
    "{title}: печат за секоја посета.",
    "{title}: pieczątka za każdą wizytę.",
    "{title}: штамп за каждое посещение.",
];
const AMOUNTS: Phrase = [
    "{title}: a stamp for every {per} spent.",
    "{title}: o ștampilă pentru fiecare {per} cheltuiți.",
    "{title}: печат за секои потрошени {per}.",
    "{title}: pieczątka za każde wydane {per}.",
    "{title}: штамп за каждые потраченные {per}.",
];
const GOODS: Phrase =
    ["What counts: {goods}.", "Se socotesc: {goods}.", "Се бројат: {goods}.", "Liczą się: {goods}.", "Засчитываются: {goods}."];
const MINIMUM: Phrase =
    ["From {minimum} on.", "De la {minimum} în sus.", "Од {minimum} нагоре.", "Od kwoty {minimum}.", "На сумму от {minimum}."];
const GIVES: Phrase = [
    "{needed} stamps give {gives}, to be fetched within {days} {days|day|days}.",
    "{needed} {needed|ștampilă aduce|ștampile aduc|de ștampile aduc}: {gives}, de ridicat în {days} {days|zi|zile|de zile}.",
    "{needed} {needed|печат носи|печати носат}: {gives}; се подига во рок од {days} {days|ден|дена}.",
    "{needed} {needed|pieczątka daje|pieczątki dają|pieczątek daje}: {gives}, do odebrania w ciągu {days} {days|dnia|dni|dni}.",
    "{needed} {needed|штамп даёт|штампа дают|штампов дают}: {gives}; забрать нужно в течение {days} {days|дня|дней|дней}.",
];
const WORTH: Phrase = [
    "It is worth up to {worth}.",
    "Valorează până la {worth}.",
    "Вреди до {worth}.",
    "Wartość nagrody: do {worth}.",
    "Стоимость награды: до {worth}.",
];
const POINTS: Phrase = [
    "Each stamp earns {points} {points|point|points} besides.",
    "Fiecare ștampilă mai aduce {points} {points|punct|puncte|de puncte}.",
    "Секој печат носи и {points} {points|поен|поени}.",
    "Każda pieczątka daje też {points} {points|punkt|punkty|punktów}.",
    "Каждый штамп приносит ещё {points} {points|балл|балла|баллов}.",
];
const RETURNS: Phrase = [
    "Goods you return take their stamps with them.",
    "Produsele returnate își iau ștampilele cu ele.",
    "Вратените производи ги земаат со себе своите печати.",
    "Zwrócone towary zabierają ze sobą swoje pieczątki.",
    "Вместе с возвращённым товаром снимаются его штампы.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let manifest = manifest.table(LOCALES, TEXTS).say(LOCALES, "terms", |locale| terms(config, locale));
    config.cards.iter().fold(manifest, |manifest, card| {
        OF_A_CARD.iter().fold(manifest, |manifest, (what, phrase)| {
            // Of a counter the name is the manifest's: stamps-ID.
            let key = if *what == "counter:stamps" { format!("counter:{}", card.counter()) } else { card.says(what) };
            manifest.say(LOCALES, key, |locale| {
                locale.fill(phrase, &[("title", card.title.at(locale.tag()).into()), ("gives", card.gives.at(locale.tag()).into())])
            })
        })
    })
}

/// The terms as a customer reads them.
fn terms(config: &Config, locale: Locale) -> String {
    let mut terms: Vec<String> = config.cards.iter().flat_map(|card| of_a_card(card, config, locale)).collect();
    if config.points_per_stamp > 0 {
        terms.push(locale.fill(&POINTS, &[("points", config.points_per_stamp.into())]));
    }
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}

fn of_a_card(card: &Card, config: &Config, locale: Locale) -> Vec<String> {
    let money = |minor| -> Scalar { Money::new(minor, config.currency).into() };
    let what = match card.counts {
        Counts::Pieces => &PIECES,
        Counts::Visits => &VISITS,
        Counts::Amounts => &AMOUNTS,
    };
    let mut terms = vec![locale.fill(what, &[("title", card.title.at(locale.tag()).into()), ("per", money(card.per))])];
    let names: Vec<&str> = card.goods.categories.iter().chain(&card.goods.skus).map(|name| name.trim_end_matches('*')).collect();
    if names.iter().all(|name| !name.is_empty()) {
        terms.push(locale.fill(&GOODS, &[("goods", names.join(", ").into())]));
    }
    if card.minimum > 0 {
        terms.push(locale.fill(&MINIMUM, &[("minimum", money(card.minimum))]));
    }
    let gives = card.gives.at(locale.tag());
    terms.push(locale.fill(&GIVES, &[("needed", card.needed.into()), ("gives", gives.into()), ("days", card.voucher_days.into())]));
    if let Some(worth) = card.worth {
        terms.push(locale.fill(&WORTH, &[("worth", money(worth))]));
    }
    terms
}
