//! The program's words, in five languages side by side.

use coalition_sdk::{Locale, Manifest, Money};

use crate::config::{Config, DRAWN_FROM};

/// The languages, in the order of every phrase.
const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const WORDS: &[(&str, Phrase)] = &[
    ("name", ["Surprise", "Surpriză", "Изненадување", "Niespodzianka", "Сюрприз"]),
    (
        "summary",
        [
            "Points for every purchase, and once a day a surprise.",
            "Puncte la fiecare cumpărătură, iar o dată pe zi o surpriză.",
            "Поени за секоја купувачка, а еднаш дневно изненадување.",
            "Punkty za każdy zakup, a raz dziennie niespodzianka.",
            "Баллы за каждую покупку, а раз в день сюрприз.",
        ],
    ),
    ("earned", ["{spend} spent", "Cheltuit: {spend}", "Потрошено: {spend}", "Wydano: {spend}", "Потрачено: {spend}"]),
    (
        "drawn",
        [
            "Today's draw is done; the next one is tomorrow.",
            "Tragerea de azi a avut loc; următoarea este mâine.",
            "Денешното извлекување е завршено; следното е утре.",
            "Dzisiejsze losowanie już było; następne jutro.",
            "Сегодняшний розыгрыш состоялся; следующий завтра.",
        ],
    ),
    (
        "not-for-points",
        [
            "This is won, not bought with points.",
            "Aceasta se câștigă, nu se cumpără cu puncte.",
            "Ова се добива со извлекување, не се купува со поени.",
            "To się wygrywa, nie kupuje za punkty.",
            "Это выигрывают, а не покупают за баллы.",
        ],
    ),
    ("reward:draw", ["Today's draw", "Tragerea de azi", "Денешно извлекување", "Dzisiejsze losowanie", "Сегодняшний розыгрыш"]),
    ("counter:draws", ["Draws today", "Trageri azi", "Извлекувања денес", "Losowania dzisiaj", "Розыгрыши сегодня"]),
];

const WON: Phrase = [
    "Your number {number} has won: {title}",
    "Numărul {number} a câștigat: {title}",
    "Вашиот број {number} доби: {title}",
    "Twój numer {number} wygrał: {title}",
    "Ваш номер {number} выиграл: {title}",
];

const EARN: Phrase = [
    "You earn {points} {points|point|points} for every {spend} you spend; a begun amount does not count.",
    "Primiți {points} {points|punct|puncte|de puncte} pentru fiecare {spend} cheltuiți; o sumă începută nu se socotește.",
    "Добивате {points} {points|поен|поени} за секои потрошени {spend}; започнат износ не се брои.",
    "Za każde wydane {spend} otrzymujesz {points} {points|punkt|punkty|punktów}; rozpoczęta kwota się nie liczy.",
    "За каждые потраченные {spend} вы получаете {points} {points|балл|балла|баллов}; неполная сумма не считается.",
];

const EXCLUDED: Phrase = [
    "Some goods neither earn nor count: {goods}.",
    "Unele produse nu aduc puncte și nu se numără: {goods}.",
    "Некои производи ниту носат поени ниту се бројат: {goods}.",
    "Niektóre towary nie dają punktów i się nie liczą: {goods}.",
    "Некоторые товары не приносят баллов и не учитываются: {goods}.",
];

const DRAW: Phrase = [
    "Once a day, with the first purchase of at least {minimum}, a number below {of} is drawn. It costs nothing more, and how much you spend changes nothing. The odds:",
    "O dată pe zi, la prima cumpărătură de cel puțin {minimum}, se trage un număr sub {of}. Nu costă nimic în plus, iar suma cheltuită nu schimbă nimic. Șansele:",
    "Еднаш дневно, со првата купувачка од најмалку {minimum}, се извлекува број помал од {of}. Не чини ништо дополнително, а потрошениот износ не менува ништо. Веројатностите:",
    "Raz dziennie, przy pierwszym zakupie za co najmniej {minimum}, losowana jest liczba mniejsza od {of}. Nic to dodatkowo nie kosztuje, a wydana kwota niczego nie zmienia. Szanse:",
    "Раз в день, при первой покупке не менее чем на {minimum}, выпадает число меньше {of}. Это ничего дополнительно не стоит, а сумма покупки ничего не меняет. Шансы:",
];

const PRIZE: Phrase = ["{title} {odds}"; 5];

const FAIR: Phrase = [
    "The number follows from the purchase and a secret of the program, not from the till or from us; you may ask for it to be drawn again before your eyes.",
    "Numărul rezultă din cumpărătură și dintr-un secret al programului, nu de la casă sau de la noi; puteți cere să fie tras din nou în fața dumneavoastră.",
    "Бројот произлегува од купувачката и од тајна на програмата, не од касата ниту од нас; може да побарате да се извлече повторно пред вас.",
    "Liczba wynika z zakupu i z tajnego klucza programu, a nie z kasy ani od nas; możesz poprosić o ponowne losowanie na twoich oczach.",
    "Число следует из покупки и секрета программы, а не от кассы или от нас; вы можете попросить повторить розыгрыш у вас на глазах.",
];

const RETURNS: Phrase = [
    "Goods you return take their points with them, and their prize, if what you keep is below the minimum; the day's draw stays used.",
    "Produsele returnate își pierd punctele, precum și premiul, dacă ce păstrați este sub minim; tragerea zilei rămâne folosită.",
    "За вратените производи поените се одземаат, а и наградата, ако задржаното е под минимумот; извлекувањето за денот останува искористено.",
    "Zwrócone towary tracą punkty, a także nagrodę, jeśli to, co zostaje, jest poniżej minimum; losowanie dnia pozostaje wykorzystane.",
    "За возвращённые товары баллы списываются, а также и приз, если оставленное меньше минимума; розыгрыш дня остаётся использованным.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let manifest = config.prizes.iter().fold(manifest.table(LOCALES, WORDS), |manifest, it| {
        let title = |locale: Locale| it.title.at(locale.tag()).to_owned();
        let manifest =
            manifest.say(LOCALES, format!("won:{}", it.id), |locale| locale.fill(&WON, &[("title", it.title.at(locale.tag()).into())]));
        if it.voucher.is_some() { manifest.say(LOCALES, format!("reward:{}", it.id), title) } else { manifest }
    });
    manifest.say(LOCALES, "terms", |locale| terms(config, locale))
}

/// The terms as a customer reads them, with the merchant's own numbers: the odds among them.
fn terms(config: &Config, locale: Locale) -> String {
    let money = |minor| Money::new(minor, config.currency);
    let mut terms = vec![locale.fill(&EARN, &[("points", config.earn.points.into()), ("spend", money(config.earn.minor).into())])];
    terms.extend(config.excluded.named(locale).map(|goods| locale.fill(&EXCLUDED, &[("goods", goods.into())])));
    let prizes =
        config.prizes.iter().map(|it| locale.fill(&PRIZE, &[("title", it.title.at(locale.tag()).into()), ("odds", it.odds().into())]));
    let prizes: Vec<String> = prizes.collect();
    let draw = locale.fill(&DRAW, &[("minimum", money(config.minimum).into()), ("of", DRAWN_FROM.into())]);
    terms.push(format!("{draw} {}.", prizes.join(", ")));
    terms.push(locale.of(&FAIR).to_owned());
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}
