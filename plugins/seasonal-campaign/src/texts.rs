//! The program's words, in five languages side by side.

use coalition_sdk::{BasisPoints, Locale, Manifest, Money, Weekday};

use crate::config::{Campaign, Config, Stacking};
use crate::rewards::reward_key;

/// The languages, in the order of every phrase.
pub const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const WORDS: &[(&str, Phrase)] = &[
    ("name", ["Seasonal campaigns", "Campanii de sezon", "Сезонски кампањи", "Kampanie sezonowe", "Сезонные акции"]),
    (
        "summary",
        [
            "Points for every purchase, and more of them while a campaign runs.",
            "Puncte la fiecare cumpărătură, și mai multe cât timp ține o campanie.",
            "Поени за секоја купувачка, а повеќе додека трае кампања.",
            "Punkty za każdy zakup, a więcej, gdy trwa kampania.",
            "Баллы за каждую покупку, а во время акции больше.",
        ],
    ),
    ("earned", ["{spend} spent", "Cheltuit: {spend}", "Потрошено: {spend}", "Wydano: {spend}", "Потрачено: {spend}"]),
    ("from-day", ["Begins on {day}.", "Începe pe {day}.", "Почнува на {day}.", "Zaczyna się {day}.", "Начинается {day}."]),
    (
        "not-now",
        [
            "Not at this hour, or not here.",
            "Nu la această oră sau nu aici.",
            "Не во овој час или не овде.",
            "Nie o tej godzinie albo nie tutaj.",
            "Не в это время или не здесь.",
        ],
    ),
    (
        "no-points-needed",
        [
            "A campaign costs no points: just buy while it runs.",
            "O campanie nu costă puncte: cumpărați cât timp ține.",
            "Кампањата не чини поени: само купувајте додека трае.",
            "Kampania nie kosztuje punktów: po prostu kup, gdy trwa.",
            "Акция не стоит баллов: просто покупайте, пока она идёт.",
        ],
    ),
    (
        "open-to-all",
        [
            "It is open to everybody now.",
            "Acum este deschis pentru toată lumea.",
            "Сега е отворено за сите.",
            "Teraz jest otwarte dla wszystkich.",
            "Теперь открыто для всех.",
        ],
    ),
];

const EXTRA: Phrase = ["Points from campaigns", "Puncte din campanii", "Поени од кампањи", "Punkty z kampanii", "Баллы за акции"];

const EARN: Phrase = [
    "You earn {points} {points|point|points} for every {spend} you spend; a begun amount does not count.",
    "Primiți {points} {points|punct|puncte|de puncte} pentru fiecare {spend} cheltuiți; o sumă începută nu se socotește.",
    "Добивате {points} {points|поен|поени} за секои потрошени {spend}; започнат износ не се брои.",
    "Za każde wydane {spend} otrzymujesz {points} {points|punkt|punkty|punktów}; rozpoczęta kwota się nie liczy.",
    "За каждые потраченные {spend} вы получаете {points} {points|балл|балла|баллов}; неполная сумма не считается.",
];

const EXCLUDED: Phrase = [
    "Some goods earn nothing: {goods}.",
    "Unele produse nu aduc puncte: {goods}.",
    "За некои производи нема поени: {goods}.",
    "Za niektóre towary nie ma punktów: {goods}.",
    "За некоторые товары баллы не начисляются: {goods}.",
];

const CAMPAIGN: Phrase = [
    "{title}, from {from} to {to}: {rate} of the points",
    "{title}, din {from} până în {to}: {rate} din puncte",
    "{title}, од {from} до {to}: {rate} од поените",
    "{title}, od {from} do {to}: {rate} punktów",
    "{title}, с {from} по {to}: {rate} баллов",
];

const HOURS: Phrase = [
    "from {from}:00 to {to}:00",
    "între orele {from}:00 și {to}:00",
    "од {from}:00 до {to}:00 часот",
    "w godzinach od {from}:00 do {to}:00",
    "с {from}:00 до {to}:00",
];

const GOODS: Phrase = ["only {goods}", "numai {goods}", "само {goods}", "tylko {goods}", "только {goods}"];

const STORES: Phrase = ["only at {stores}", "numai la {stores}", "само во {stores}", "tylko w {stores}", "только в {stores}"];

const MINIMUM: Phrase = [
    "for purchases from {minimum} on",
    "pentru cumpărături de la {minimum}",
    "за купувачки од {minimum} нагоре",
    "przy zakupach od {minimum}",
    "при покупке от {minimum}",
];

const BEST: Phrase = [
    "Where several campaigns fit, each article has the best one.",
    "Unde se potrivesc mai multe campanii, fiecare articol o are pe cea mai bună.",
    "Каде што важат повеќе кампањи, за секој производ се смета најдобрата.",
    "Gdy pasuje kilka kampanii, dla każdego towaru liczy się najlepsza.",
    "Если подходит несколько акций, для каждого товара действует лучшая.",
];

const SUM: Phrase = [
    "Where several campaigns fit, what they give on top is added up.",
    "Unde se potrivesc mai multe campanii, ce dau în plus se adună.",
    "Каде што важат повеќе кампањи, она што го даваат дополнително се собира.",
    "Gdy pasuje kilka kampanii, ich dodatki się sumują.",
    "Если подходит несколько акций, их надбавки складываются.",
];

const ALONE: Phrase = [
    "{title} counts alone, if that is more.",
    "{title} se socotește singură, dacă astfel este mai mult.",
    "{title} се смета сама, ако така е повеќе.",
    "{title} liczy się osobno, jeśli daje to więcej.",
    "{title} действует отдельно, если так выходит больше.",
];

const MOST: [Phrase; 6] = [
    ["{max} a day", "{max} pe zi", "{max} на ден", "{max} dziennie", "{max} в день"],
    ["{max} a week", "{max} pe săptămână", "{max} неделно", "{max} tygodniowo", "{max} в неделю"],
    ["{max} a month", "{max} pe lună", "{max} месечно", "{max} miesięcznie", "{max} в месяц"],
    ["{max} a quarter", "{max} pe trimestru", "{max} на тримесечје", "{max} na kwartał", "{max} в квартал"],
    ["{max} a year", "{max} pe an", "{max} годишно", "{max} rocznie", "{max} в год"],
    ["{max} in all", "{max} în total", "{max} вкупно", "{max} łącznie", "{max} всего"],
];

const AT_MOST: Phrase = [
    "Campaigns give at most {most} points on top.",
    "Campaniile dau în plus cel mult {most} puncte.",
    "Кампањите даваат дополнително најмногу поени: {most}.",
    "Kampanie dają dodatkowo najwyżej tyle punktów: {most}.",
    "Акции дают сверх обычного не больше баллов: {most}.",
];

const BUDGET: Phrase = [
    "A campaign that the coalition pays for ends early when its budget is used up.",
    "O campanie plătită de coaliție se încheie mai devreme când i s-a terminat bugetul.",
    "Кампања што ја плаќа коалицијата завршува порано кога ќе се потроши нејзиниот буџет.",
    "Kampania opłacana przez koalicję kończy się wcześniej, gdy wyczerpie się jej budżet.",
    "Акция, которую оплачивает коалиция, заканчивается раньше, если исчерпан её бюджет.",
];

const EARLY: Phrase = [
    "{title}: {points} {points|point|points} for a place, before {day}.",
    "{title}: {points} {points|punct|puncte|de puncte} pentru un loc, înainte de {day}.",
    "{title}: {points} {points|поен|поени} за место, пред {day}.",
    "{title}: {points} {points|punkt|punkty|punktów} za miejsce, przed {day}.",
    "{title}: {points} {points|балл|балла|баллов} за место, до {day}.",
];

const RETURNS: Phrase = [
    "What counts is when you bought, also if the receipt comes later. Goods you return take their points with them.",
    "Contează când ați cumpărat, chiar dacă bonul ajunge mai târziu. Produsele returnate își pierd punctele.",
    "Важи кога сте купиле, и ако сметката пристигне подоцна. За вратените производи поените се одземаат.",
    "Liczy się chwila zakupu, także gdy paragon dotrze później. Zwrócone towary tracą swoje punkty.",
    "Важно, когда вы купили, даже если чек придёт позже. За возвращённые товары баллы списываются.",
];

const WEEKDAYS: [Phrase; 7] = [
    ["Monday", "luni", "понеделник", "poniedziałek", "понедельник"],
    ["Tuesday", "marți", "вторник", "wtorek", "вторник"],
    ["Wednesday", "miercuri", "среда", "środa", "среда"],
    ["Thursday", "joi", "четврток", "czwartek", "четверг"],
    ["Friday", "vineri", "петок", "piątek", "пятница"],
    ["Saturday", "sâmbătă", "сабота", "sobota", "суббота"],
    ["Sunday", "duminică", "недела", "niedziela", "воскресенье"],
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let manifest = manifest.table(LOCALES, WORDS);
    let manifest = match &config.extra_max {
        Some(most) => manifest.table(LOCALES, &[(&*format!("counter:{}", most.counter()), EXTRA)]),
        None => manifest,
    };
    let manifest = config.campaigns.iter().fold(manifest, |manifest, it| {
        let title = |locale: Locale| it.title.at(locale.tag()).to_owned();
        manifest.say(LOCALES, format!("campaign:{}", it.id), title).say(LOCALES, reward_key(&it.id).key, title)
    });
    let manifest = config
        .early_access
        .iter()
        .fold(manifest, |manifest, it| manifest.say(LOCALES, reward_key(&it.id).key, |locale| it.title.at(locale.tag()).to_owned()));
    manifest.say(LOCALES, "terms", |locale| terms(config, locale))
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let earn = [("points", config.earn.points.into()), ("spend", Money::new(config.earn.minor, config.currency).into())];
    let mut terms = vec![locale.fill(&EARN, &earn)];
    terms.extend(config.excluded.named(locale).map(|goods| locale.fill(&EXCLUDED, &[("goods", goods.into())])));
    terms.extend(config.campaigns.iter().map(|it| campaign(it, config, locale)));
    if config.campaigns.len() > 1 {
        let stacking = match config.stacking {
            Stacking::Best => &BEST,
            Stacking::Sum => &SUM,
        };
        terms.push(locale.of(stacking).to_owned());
        let alone = config.campaigns.iter().filter(|it| it.exclusive && config.stacking == Stacking::Sum);
        terms.extend(alone.map(|it| locale.fill(&ALONE, &[("title", it.title.at(locale.tag()).into())])));
    }
    if let Some(most) = &config.extra_max {
        use coalition_sdk::Window::{Day, Lifetime, Month, Quarter, Week, Year};
        let windows = [Day, Week, Month, Quarter, Year, Lifetime];
        let phrase = windows.iter().zip(&MOST).find(|(window, _)| **window == most.window).map(|(_, phrase)| phrase);
        let max = phrase.map(|phrase| locale.fill(phrase, &[("max", most.points.into())])).unwrap_or_default();
        terms.push(locale.fill(&AT_MOST, &[("most", max.into())]));
    }
    if config.campaigns.iter().any(|it| it.paid_by.is_some()) {
        terms.push(locale.of(&BUDGET).to_owned());
    }
    for it in &config.early_access {
        let values =
            [("title", it.title.at(locale.tag()).into()), ("points", it.points.into()), ("day", it.opens_to_all.to_string().into())];
        terms.push(locale.fill(&EARLY, &values));
    }
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}

/// A campaign in a sentence: title, days and rate, then each condition that it has.
fn campaign(it: &Campaign, config: &Config, locale: Locale) -> String {
    let values = [
        ("title", it.title.at(locale.tag()).into()),
        ("from", it.from.to_string().into()),
        ("to", it.to.to_string().into()),
        ("rate", BasisPoints::new(it.multiplier_bp.get()).into()),
    ];
    let mut parts = vec![locale.fill(&CAMPAIGN, &values)];
    if !it.weekdays.is_empty() {
        let names: Vec<&str> = it.weekdays.iter().map(|day| locale.of(weekday(*day))).collect();
        parts.push(names.join(", "));
    }
    if let Some(hours) = &it.hours {
        parts.push(locale.fill(&HOURS, &[("from", hours.from.into()), ("to", hours.to.into())]));
    }
    let places: Vec<&str> = it.stores.iter().chain(&it.channels).map(String::as_str).collect();
    if !places.is_empty() {
        parts.push(locale.fill(&STORES, &[("stores", places.join(", ").into())]));
    }
    if let Some(goods) = &it.goods {
        parts.push(locale.fill(&GOODS, &[("goods", goods.names().into())]));
    }
    if it.minimum_basket > 0 {
        parts.push(locale.fill(&MINIMUM, &[("minimum", Money::new(it.minimum_basket, config.currency).into())]));
    }
    format!("{}.", parts.join(", "))
}

const fn weekday(day: Weekday) -> &'static Phrase {
    let [monday, tuesday, wednesday, thursday, friday, saturday, sunday] = &WEEKDAYS;
    match day {
        Weekday::Monday => monday,
        Weekday::Tuesday => tuesday,
        Weekday::Wednesday => wednesday,
        Weekday::Thursday => thursday,
        Weekday::Friday => friday,
        Weekday::Saturday => saturday,
        Weekday::Sunday => sunday,
    }
}
