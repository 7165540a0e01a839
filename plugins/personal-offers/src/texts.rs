//! The program's words, in five languages side by side.

use coalition_sdk::{Locale, Manifest, Money};

use crate::config::{Config, Segment};

/// The languages, in the order of every phrase.
const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const WORDS: &[(&str, Phrase)] = &[
    ("name", ["Offers for you", "Oferte pentru dumneavoastră", "Понуди за вас", "Oferty dla ciebie", "Предложения для вас"]),
    (
        "summary",
        [
            "Points for every purchase, and offers that fit you.",
            "Puncte la fiecare cumpărătură și oferte care vi se potrivesc.",
            "Поени за секоја купувачка и понуди што ви одговараат.",
            "Punkty za każdy zakup i oferty dopasowane do ciebie.",
            "Баллы за каждую покупку и предложения, подходящие именно вам.",
        ],
    ),
    ("earned", ["{spend} spent", "Cheltuit: {spend}", "Потрошено: {spend}", "Wydano: {spend}", "Потрачено: {spend}"]),
    ("welcome", ["Welcome", "Bine ați venit", "Добре дојдовте", "Witamy", "Добро пожаловать"]),
    ("badge:welcome", ["Welcomed", "Bun venit primit", "Пречекан член", "Powitany", "Приветствие получено"]),
    (
        "reward:welcome",
        [
            "A welcome with your first purchase",
            "Bun venit la prima cumpărătură",
            "Добредојде со првата купувачка",
            "Powitanie przy pierwszym zakupie",
            "Приветствие за первую покупку",
        ],
    ),
    (
        "back",
        [
            "Nice to see you again",
            "Ne bucurăm să vă revedem",
            "Драго ни е што повторно сте тука",
            "Miło znów cię widzieć",
            "Рады видеть вас снова",
        ],
    ),
    (
        "years",
        [
            "Thanks for your years with us: {years}",
            "Mulțumim pentru anii petrecuți cu noi: {years}",
            "Благодариме за годините со нас: {years}",
            "Dziękujemy za lata z nami: {years}",
            "Спасибо за годы с нами: {years}",
        ],
    ),
    (
        "with-a-purchase",
        [
            "It comes with your next purchase.",
            "Vine odată cu următoarea cumpărătură.",
            "Доаѓа со следната купувачка.",
            "Otrzymasz to przy następnym zakupie.",
            "Вы получите это со следующей покупкой.",
        ],
    ),
    (
        "not-for-points",
        [
            "This comes by itself, not for points.",
            "Aceasta vine de la sine, nu pentru puncte.",
            "Ова доаѓа само по себе, не за поени.",
            "To przychodzi samo, nie za punkty.",
            "Это приходит само, а не за баллы.",
        ],
    ),
    (
        "goes-back",
        [
            "It goes back with what you returned.",
            "Se retrage odată cu ce ați returnat.",
            "Се одзема заедно со вратеното.",
            "Przepada razem ze zwróconymi towarami.",
            "Списывается вместе с возвращённым.",
        ],
    ),
    ("counter:purchases", ["Purchases", "Cumpărături", "Купувања", "Zakupy", "Покупки"]),
    (
        "counter:visits",
        [
            "Purchases this week",
            "Cumpărături în această săptămână",
            "Купувања оваа недела",
            "Zakupy w tym tygodniu",
            "Покупки на этой неделе",
        ],
    ),
];

const BIRTHDAYS: (&str, Phrase) = (
    "counter:birthdays",
    ["Birthday gifts", "Cadouri de ziua de naștere", "Роденденски подароци", "Prezenty urodzinowe", "Подарки ко дню рождения"],
);

const BACK: (&str, Phrase) = (
    "reward:winback",
    ["A bonus when you come back", "Un bonus la revenire", "Бонус кога ќе се вратите", "Premia za powrót", "Бонус за возвращение"],
);

const MORE_ON: Phrase = [
    "More points on what you like: {title}",
    "Mai multe puncte pentru ce vă place: {title}",
    "Повеќе поени за она што го сакате: {title}",
    "Więcej punktów za to, co lubisz: {title}",
    "Больше баллов за то, что вы любите: {title}",
];

const FAVOURITES: (&str, Phrase) = (
    "reward:favourite",
    [
        "More points on what you like",
        "Mai multe puncte pentru ce vă place",
        "Повеќе поени за она што го сакате",
        "Więcej punktów za to, co lubisz",
        "Больше баллов за то, что вы любите",
    ],
);

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

const WELCOME: Phrase = [
    "Your first purchase here brings {points} {points|point|points} more.",
    "Prima cumpărătură aici aduce încă {points} {points|punct|puncte|de puncte}.",
    "Првата купувачка овде носи уште {points} {points|поен|поени}.",
    "Pierwszy zakup tutaj daje dodatkowo {points} {points|punkt|punkty|punktów}.",
    "Первая покупка здесь приносит ещё {points} {points|балл|балла|баллов}.",
];

const BIRTHDAY: Phrase = [
    "{title}: with a purchase in the days around it, if you let us know that it is near; to be fetched within {days} {days|day|days}.",
    "{title}: la o cumpărătură în zilele din preajma ei, dacă ne permiteți să știm că se apropie; se ridică în {days} {days|zi|zile|de zile}.",
    "{title}: со купувачка во деновите околу него, ако ни дозволите да знаеме дека е близу; се подига за {days} {days|ден|дена}.",
    "{title}: przy zakupie w dniach około urodzin, jeśli pozwolisz nam wiedzieć, że są blisko; do odebrania w ciągu {days} {days|dnia|dni|dni}.",
    "{title}: при покупке в дни около него, если вы разрешите нам знать, что он близко; получить можно в течение {days} {days|дня|дней|дней}.",
];

const FAVOURITE: Phrase = [
    "What you spent most on last month, from {minimum} on, earns {rate} of the points this month ({groups}).",
    "Produsele pe care ați cheltuit cel mai mult luna trecută, de la {minimum}, aduc luna aceasta {rate} din puncte ({groups}).",
    "Она за што најмногу потрошивте минатиот месец, од {minimum} нагоре, овој месец носи {rate} од поените ({groups}).",
    "To, na co w zeszłym miesiącu wydano najwięcej, od {minimum}, daje w tym miesiącu {rate} punktów ({groups}).",
    "То, на что вы больше всего потратили в прошлом месяце, от {minimum}, в этом месяце приносит {rate} баллов ({groups}).",
];

const WINBACK: Phrase = [
    "Coming back after {weeks} {weeks|week|weeks} without a purchase brings {points} {points|point|points}.",
    "Revenirea după {weeks} {weeks|săptămână|săptămâni|de săptămâni} fără cumpărături aduce {points} {points|punct|puncte|de puncte}.",
    "Враќањето по {weeks} {weeks|недела|недели} без купување носи {points} {points|поен|поени}.",
    "Powrót po {weeks} {weeks|tygodniu|tygodniach|tygodniach} bez zakupów daje {points} {points|punkt|punkty|punktów}.",
    "Возвращение после {weeks} {weeks|недели|недель|недель} без покупок приносит {points} {points|балл|балла|баллов}.",
];

const SEGMENT: Phrase = [
    "{title}: {rate} of the points",
    "{title}: {rate} din puncte",
    "{title}: {rate} од поените",
    "{title}: {rate} punktów",
    "{title}: {rate} баллов",
];

const MONTHS: Phrase = [
    "with a purchase in at least {months} of the last 12 months",
    "cu o cumpărătură în cel puțin {months} din ultimele 12 luni",
    "со купувачка во најмалку {months} од последните 12 месеци",
    "przy zakupie w co najmniej {months} z ostatnich 12 miesięcy",
    "при покупках не менее чем в {months} из последних 12 месяцев",
];

const SPEND: Phrase = [
    "from {spend} in the last 12 months on",
    "de la {spend} în ultimele 12 luni",
    "од {spend} нагоре во последните 12 месеци",
    "od {spend} w ostatnich 12 miesiącach",
    "от {spend} за последние 12 месяцев",
];

const GOODS: Phrase = ["only {goods}", "numai {goods}", "само {goods}", "tylko {goods}", "только {goods}"];

const BEST: Phrase = [
    "Where several of these fit, each article has the best one.",
    "Unde se potrivesc mai multe, fiecare articol o are pe cea mai bună.",
    "Каде што важат повеќе од овие, за секој производ се смета најдоброто.",
    "Gdy pasuje kilka z nich, dla każdego towaru liczy się najlepsza.",
    "Если подходит несколько из них, для каждого товара действует лучшее.",
];

const YEARS: Phrase = [
    "Each year as a member brings {points} {points|point|points}.",
    "Fiecare an ca membru aduce {points} {points|punct|puncte|de puncte}.",
    "Секоја година членство носи {points} {points|поен|поени}.",
    "Każdy rok członkostwa daje {points} {points|punkt|punkty|punktów}.",
    "Каждый год участия приносит {points} {points|балл|балла|баллов}.",
];

const RETURNS: Phrase = [
    "What came with a purchase goes back with it when you return all of it; the next purchase has it again, as long as its reason lasts. We never learn your date of birth.",
    "Ce a venit cu o cumpărătură se retrage odată cu ea dacă o returnați în întregime; următoarea o primește din nou, cât timp motivul ține. Nu aflăm niciodată data nașterii.",
    "Она што дошло со купувачка се враќа со неа ако вратите сè; следната купувачка го добива повторно, сè додека трае причината. Никогаш не го дознаваме датумот на раѓање.",
    "To, co przyszło z zakupem, przepada, gdy zwrócisz go w całości; dostanie to następny zakup, dopóki trwa powód. Nigdy nie poznajemy daty urodzenia.",
    "То, что пришло с покупкой, списывается при её полном возврате; следующая покупка получит это снова, пока действует причина. Дату рождения мы не узнаём никогда.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let mut manifest = manifest.table(LOCALES, WORDS);
    if let Some(birthday) = &config.birthday {
        let title = |locale: Locale| birthday.title.at(locale.tag()).to_owned();
        manifest = manifest.table(LOCALES, &[BIRTHDAYS]).say(LOCALES, "birthday", title).say(LOCALES, "reward:birthday-gift", title);
    }
    if config.winback.is_some() {
        manifest = manifest.table(LOCALES, &[BACK]);
    }
    if let Some(favourite) = &config.favourite {
        manifest = favourite.groups.iter().fold(manifest.table(LOCALES, &[FAVOURITES]), |manifest, it| {
            let titled = |locale: Locale| locale.fill(&MORE_ON, &[("title", it.title.at(locale.tag()).into())]);
            manifest
                .say(LOCALES, format!("favourite:{}", it.id), titled)
                .say(LOCALES, format!("counter:{}", it.counter()), |locale| it.title.at(locale.tag()).to_owned())
        });
    }
    let manifest = config.segments.iter().fold(manifest, |manifest, it| {
        let title = |locale: Locale| it.title.at(locale.tag()).to_owned();
        manifest.say(LOCALES, format!("segment:{}", it.id), title).say(LOCALES, format!("reward:{}", it.id), title)
    });
    let manifest = config.samples.iter().fold(manifest, |manifest, it| it.declare(manifest, LOCALES));
    manifest.say(LOCALES, "terms", |locale| terms(config, locale))
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let money = |minor| Money::new(minor, config.currency);
    let mut terms = vec![locale.fill(&EARN, &[("points", config.earn.points.into()), ("spend", money(config.earn.minor).into())])];
    terms.extend(config.excluded.named(locale).map(|goods| locale.fill(&EXCLUDED, &[("goods", goods.into())])));
    if config.welcome_points > 0 {
        terms.push(locale.fill(&WELCOME, &[("points", config.welcome_points.into())]));
    }
    if let Some(birthday) = &config.birthday {
        terms.push(locale.fill(&BIRTHDAY, &[("title", birthday.title.at(locale.tag()).into()), ("days", birthday.days.into())]));
    }
    if let Some(favourite) = &config.favourite {
        let groups: Vec<&str> = favourite.groups.iter().map(|it| it.title.at(locale.tag())).collect();
        let values =
            [("minimum", money(favourite.minimum).into()), ("rate", favourite.multiplier_bp.into()), ("groups", groups.join(", ").into())];
        terms.push(locale.fill(&FAVOURITE, &values));
    }
    terms.extend(config.segments.iter().map(|it| segment(it, config, locale)));
    if config.segments.len() + usize::from(config.favourite.is_some()) > 1 {
        terms.push(locale.of(&BEST).to_owned());
    }
    if let Some(winback) = &config.winback {
        terms.push(locale.fill(&WINBACK, &[("weeks", winback.weeks.into()), ("points", winback.points.into())]));
    }
    if config.yearly_points > 0 {
        terms.push(locale.fill(&YEARS, &[("points", config.yearly_points.into())]));
    }
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}

fn segment(it: &Segment, config: &Config, locale: Locale) -> String {
    let mut parts = vec![locale.fill(&SEGMENT, &[("title", it.title.at(locale.tag()).into()), ("rate", it.multiplier_bp.into())])];
    if it.months > 0 {
        parts.push(locale.fill(&MONTHS, &[("months", it.months.into())]));
    }
    if it.spend > 0 {
        parts.push(locale.fill(&SPEND, &[("spend", Money::new(it.spend, config.currency).into())]));
    }
    if let Some(goods) = &it.goods {
        parts.push(locale.fill(&GOODS, &[("goods", goods.names().into())]));
    }
    format!("{}.", parts.join(", "))
}
