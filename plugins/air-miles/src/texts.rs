//! The program's words, in five languages. The terms carry the airline's own numbers.

use coalition_sdk::{Locale, Manifest, Money, Scalar};

use crate::config::{Config, DayOfYear};

pub const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const TEXTS: &[(&str, Phrase)] = &[
    ("name", ["Air miles", "Mile de zbor", "Авионски милји", "Mile lotnicze", "Авиамили"]),
    (
        "summary",
        [
            "You earn miles for the distance you fly, and fly for them.",
            "Primiți mile pentru distanța zburată și zburați cu ele.",
            "Добивате милји за прелетаното растојание и летате со нив.",
            "Zbierasz mile za przebytą odległość i latasz za nie.",
            "Вы получаете мили за расстояние перелётов и летаете за них.",
        ],
    ),
    ("flights", ["Flights: {flights}", "Zboruri: {flights}", "Летови: {flights}", "Loty: {flights}", "Перелёты: {flights}"]),
    ("other", ["{spend} spent", "Ați cheltuit {spend}", "Потрошено: {spend}", "Wydano {spend}", "Потрачено {spend}"]),
    (
        "often",
        [
            "Bonus for flying often",
            "Bonus pentru zboruri dese",
            "Бонус за чести летови",
            "Premia za częste loty",
            "Бонус за частые перелёты",
        ],
    ),
    (
        "often-back",
        [
            "The bonus for flying often goes back with what you returned.",
            "Bonusul pentru zboruri dese se retrage odată cu ce ați returnat.",
            "Бонусот за чести летови се повлекува со вратеното.",
            "Premię za częste loty cofnięto wraz ze zwrotem.",
            "Бонус за частые перелёты списан вместе с возвратом.",
        ],
    ),
    (
        "no-tier",
        [
            "Your tier has ended.",
            "Nivelul dumneavoastră s-a încheiat.",
            "Вашето ниво истече.",
            "Twój poziom wygasł.",
            "Срок вашего уровня истёк.",
        ],
    ),
    (
        "distance-needed",
        [
            "Say how far the flight goes.",
            "Spuneți ce distanță are zborul.",
            "Кажете колку е долг летот.",
            "Podaj odległość lotu.",
            "Укажите расстояние перелёта.",
        ],
    ),
    (
        "too-far",
        [
            "There is no award for so far a flight.",
            "Nu există bilet-premiu pentru un zbor atât de lung.",
            "Нема награда за толку долг лет.",
            "Nie ma nagrody na tak daleki lot.",
            "На такой дальний перелёт награды нет.",
        ],
    ),
    (
        "counter:status-miles",
        [
            "Status miles this year",
            "Mile de statut anul acesta",
            "Статусни милји годинава",
            "Mile statusowe w tym roku",
            "Статусные мили за этот год",
        ],
    ),
    ("counter:flights", ["Flights this year", "Zboruri anul acesta", "Летови годинава", "Loty w tym roku", "Перелёты за этот год"]),
];

/// What is said of each tier.
const OF_A_TIER: &[(&str, Phrase)] = &[
    ("tier", ["{tier}", "{tier}", "{tier}", "{tier}", "{tier}"]),
    (
        "tier-bonus",
        [
            "Extra miles for {tier} members",
            "Mile în plus pentru nivelul {tier}",
            "Дополнителни милји за ниво {tier}",
            "Dodatkowe mile na poziomie {tier}",
            "Дополнительные мили уровня «{tier}»",
        ],
    ),
    (
        "now",
        [
            "You are {tier} now.",
            "Acum aveți nivelul {tier}.",
            "Сега сте на ниво {tier}.",
            "Masz teraz poziom {tier}.",
            "Теперь ваш уровень — «{tier}».",
        ],
    ),
];

const FLY: Phrase = [
    "Every mile flown earns a mile.",
    "Fiecare milă zburată aduce o milă.",
    "Секоја прелетана милја носи една милја.",
    "Każda przebyta mila daje jedną milę.",
    "Каждая миля в полёте приносит одну милю.",
];
const AT_LEAST: Phrase = [
    "A flight counts at least {minimum} {minimum|mile|miles}.",
    "Un zbor se socotește cel puțin {minimum} {minimum|milă|mile|de mile}.",
    "Еден лет се брои најмалку {minimum} {minimum|милја|милји}.",
    "Lot liczy się za co najmniej {minimum} {minimum|milę|mile|mil}.",
    "Перелёт считается не меньше чем за {minimum} {minimum|милю|мили|миль}.",
];
const BY_CABIN: Phrase =
    ["By cabin: {cabins}.", "După clasă: {cabins}.", "Според класата: {cabins}.", "Według klasy: {cabins}.", "По классу: {cabins}."];
const TIER: Phrase = [
    "{title} from {from} status {from|mile|miles} a year: {rate} more miles.",
    "{title} de la {from} {from|milă|mile|de mile} de statut pe an: cu {rate} mai multe mile.",
    "{title} од {from} {from|статусна милја|статусни милји} годишно: {rate} повеќе милји.",
    "{title} od {from} {from|mili statusowej|mil statusowych|mil statusowych} rocznie: o {rate} więcej mil.",
    "{title} от {from} {from|статусной мили|статусных миль|статусных миль} в год: на {rate} больше миль.",
];
const YEAR: Phrase = [
    "A tier is kept until the end of the next year.",
    "Nivelul se păstrează până la sfârșitul anului următor.",
    "Нивото се задржува до крајот на следната година.",
    "Poziom zachowujesz do końca następnego roku.",
    "Уровень сохраняется до конца следующего года.",
];
const OFTEN: Phrase = [
    "Every {every} {every|flight|flights} of a year earn {miles} {miles|mile|miles}.",
    "La fiecare {every} {every|zbor|zboruri|de zboruri} pe an primiți {miles} {miles|milă|mile|de mile}.",
    "Секои {every} {every|лет|летови} во годината носат {miles} {miles|милја|милји}.",
    "Każde {every} {every|lot|loty|lotów} w roku daje {miles} {miles|milę|mile|mil}.",
    "Каждые {every} {every|перелёт|перелёта|перелётов} за год приносят {miles} {miles|милю|мили|миль}.",
];
const OTHER: Phrase = [
    "Other purchases earn {miles} {miles|mile|miles} for every {spend}.",
    "Alte cumpărături aduc {miles} {miles|milă|mile|de mile} pentru fiecare {spend}.",
    "Другите купувања носат {miles} {miles|милја|милји} за секои {spend}.",
    "Inne zakupy dają {miles} {miles|milę|mile|mil} za każde {spend}.",
    "Другие покупки приносят {miles} {miles|милю|мили|миль} за каждые {spend}.",
];
const AWARD: Phrase = [
    "{title}: from {miles} {miles|mile|miles} on.",
    "{title}: de la {miles} {miles|milă|mile|de mile}.",
    "{title}: од {miles} {miles|милја|милји}.",
    "{title}: od {miles} {miles|mili|mil|mil}.",
    "{title}: от {miles} {miles|мили|миль|миль}.",
];
const SEASON: Phrase = [
    "{title}, {from} to {to}: {rate} of that.",
    "{title}, {from} – {to}: {rate} din preț.",
    "{title}, {from} – {to}: {rate} од цената.",
    "{title}, {from} – {to}: {rate} ceny.",
    "{title}, {from} – {to}: {rate} от цены.",
];
const WAITS: Phrase = [
    "The miles come when you have flown.",
    "Milele vin după ce ați zburat.",
    "Милјите доаѓаат откако ќе летате.",
    "Mile otrzymujesz po locie.",
    "Мили начисляются после полёта.",
];
const RETURNS: Phrase = [
    "Tickets you return take their miles with them.",
    "Biletele returnate își iau milele cu ele.",
    "Вратените билети ги земаат со себе своите милји.",
    "Zwrócone bilety zabierają ze sobą swoje mile.",
    "Вместе с возвращённым билетом списываются его мили.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let manifest = manifest.table(LOCALES, TEXTS).say(LOCALES, "terms", |locale| terms(config, locale));
    let manifest = config.tiers.iter().fold(manifest, |manifest, tier| {
        OF_A_TIER.iter().fold(manifest, |manifest, (what, phrase)| {
            manifest.say(LOCALES, tier.says(what), |locale| locale.fill(phrase, &[("tier", tier.title.at(locale.tag()).into())]))
        })
    });
    config
        .awards
        .iter()
        .fold(manifest, |manifest, award| manifest.say(LOCALES, award.title_key(), |locale| award.title.at(locale.tag()).to_owned()))
}

/// The terms as a customer reads them, with the airline's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let title = |words: &coalition_sdk::settings::Words| -> Scalar { words.at(locale.tag()).into() };
    let mut terms = vec![locale.of(&FLY).to_owned()];
    if config.minimum_miles > 0 {
        terms.push(locale.fill(&AT_LEAST, &[("minimum", config.minimum_miles.into())]));
    }
    let cabins: Vec<String> = config.cabins.iter().map(|cabin| format!("{} {}", cabin.title.at(locale.tag()), cabin.rate_bp)).collect();
    terms.push(locale.fill(&BY_CABIN, &[("cabins", cabins.join(", ").into())]));
    for tier in &config.tiers {
        terms.push(locale.fill(&TIER, &[("title", title(&tier.title)), ("from", tier.from.into()), ("rate", tier.bonus_bp.into())]));
    }
    if !config.tiers.is_empty() {
        terms.push(locale.of(&YEAR).to_owned());
    }
    if let Some(segments) = &config.segments {
        terms.push(locale.fill(&OFTEN, &[("every", segments.every.into()), ("miles", segments.miles.into())]));
    }
    if let Some(other) = config.other {
        let spend = Money::new(other.minor, config.currency);
        terms.push(locale.fill(&OTHER, &[("miles", other.points.into()), ("spend", spend.into())]));
    }
    for award in &config.awards {
        let least = award.prices.first().map_or(0, |price| price.miles);
        terms.push(locale.fill(&AWARD, &[("title", title(&award.title)), ("miles", least.into())]));
    }
    for season in config.seasons.iter().filter(|_| !config.awards.is_empty()) {
        let (from, to) = (day(&season.from, locale).into(), day(&season.to, locale).into());
        terms.push(locale.fill(&SEASON, &[("title", title(&season.title)), ("from", from), ("to", to), ("rate", season.rate_bp.into())]));
    }
    if config.waits_for.is_some() {
        terms.push(locale.of(&WAITS).to_owned());
    }
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}

/// A day as it is written there: 12/18 in English, 18.12. elsewhere.
fn day(day: &DayOfYear, locale: Locale) -> String {
    if locale.tag() == "en" { format!("{}/{}", day.month, day.day) } else { format!("{:02}.{:02}.", day.day, day.month) }
}
