//! The program's words, in five languages side by side.

use coalition_sdk::{Locale, Manifest, Money};

use crate::config::{Config, Tier};

/// The languages, in the order of every phrase.
const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const WORDS: &[(&str, Phrase)] = &[
    ("name", ["The coalition", "Coaliția", "Коалицијата", "Koalicja", "Коалиция"]),
    (
        "summary",
        [
            "Points at every brand, and more of them the more you buy in the coalition.",
            "Puncte la fiecare marcă, și mai multe cu cât cumpărați mai mult în coaliție.",
            "Поени кај секоја марка, и повеќе што повеќе купувате во коалицијата.",
            "Punkty u każdej marki, a tym więcej, im więcej kupujesz w koalicji.",
            "Баллы у каждой марки, и тем больше, чем больше вы покупаете в коалиции.",
        ],
    ),
    (
        "earned",
        [
            "Coalition: {spend} spent",
            "Coaliția: {spend} cheltuiți",
            "Коалиција: потрошено {spend}",
            "Koalicja: wydano {spend}",
            "Коалиция: потрачено {spend}",
        ],
    ),
    (
        "welcome",
        [
            "Welcome to the coalition",
            "Bine ați venit în coaliție",
            "Добре дојдовте во коалицијата",
            "Witamy w koalicji",
            "Добро пожаловать в коалицию",
        ],
    ),
    ("badge:welcome", ["Welcomed", "Bun venit primit", "Пречекан член", "Powitany", "Приветствие получено"]),
    (
        "joined",
        [
            "Your card earns points at every brand of the coalition, from the first purchase on.",
            "Cardul dumneavoastră adună puncte la fiecare marcă din coaliție, de la prima cumpărătură.",
            "Вашата картичка собира поени кај секоја марка на коалицијата, од првата купувачка.",
            "Twoja karta zbiera punkty u każdej marki koalicji, od pierwszego zakupu.",
            "Ваша карта копит баллы у каждой марки коалиции с первой покупки.",
        ],
    ),
    (
        "enrolled",
        [
            "Thanks: somebody you enrolled has bought.",
            "Mulțumim: cineva înscris de dumneavoastră a cumpărat.",
            "Благодариме: некој што вие го зачленивте купи.",
            "Dziękujemy: osoba zapisana przez ciebie zrobiła zakupy.",
            "Спасибо: человек, которого вы записали, сделал покупку.",
        ],
    ),
    (
        "years",
        [
            "Thanks for your years in the coalition: {years}",
            "Mulțumim pentru anii în coaliție: {years}",
            "Благодариме за годините во коалицијата: {years}",
            "Dziękujemy za lata w koalicji: {years}",
            "Спасибо за годы в коалиции: {years}",
        ],
    ),
    (
        "no-tier",
        [
            "Your tier has ended.",
            "Nivelul dumneavoastră s-a încheiat.",
            "Вашето ниво заврши.",
            "Twój poziom się skończył.",
            "Ваш уровень закончился.",
        ],
    ),
    (
        "not-yet",
        [
            "A tier is reached by what you spend, not for points.",
            "Un nivel se atinge prin cumpărături, nu cu puncte.",
            "Нивото се достигнува со купување, не со поени.",
            "Poziom osiąga się zakupami, nie za punkty.",
            "Уровень достигается покупками, а не баллами.",
        ],
    ),
    ("reward:coalition-tier", ["The next tier", "Nivelul următor", "Следното ниво", "Następny poziom", "Следующий уровень"]),
    (
        "counter:coalition-spend",
        [
            "Spent at all brands this year",
            "Cheltuit la toate mărcile anul acesta",
            "Потрошено кај сите марки оваа година",
            "Wydane u wszystkich marek w tym roku",
            "Потрачено у всех марок в этом году",
        ],
    ),
    ("counter:purchases", ["Purchases", "Cumpărături", "Купувања", "Zakupy", "Покупки"]),
    ("counter:qualifying", ["Larger purchases", "Cumpărături mai mari", "Поголеми купувања", "Większe zakupy", "Более крупные покупки"]),
    (
        "counter:enrolled",
        [
            "Enrolled members who bought this month",
            "Membri înscriși care au cumpărat luna aceasta",
            "Зачленети што купиле овој месец",
            "Zapisani, którzy kupili w tym miesiącu",
            "Записанные, купившие в этом месяце",
        ],
    ),
];

const REACHED: Phrase = [
    "You are {title} now.",
    "Aveți acum nivelul {title}.",
    "Сега имате ниво {title}.",
    "Masz teraz poziom {title}.",
    "Ваш уровень теперь: {title}.",
];

const MEMBERS: Phrase = [
    "Extra points for the tier {title}",
    "Puncte în plus pentru nivelul {title}",
    "Дополнителни поени за нивото {title}",
    "Dodatkowe punkty za poziom {title}",
    "Дополнительные баллы за уровень {title}",
];

const FOR_TIER: Phrase = [
    "From the tier {title} on.",
    "De la nivelul {title} în sus.",
    "Од нивото {title} нагоре.",
    "Od poziomu {title}.",
    "Начиная с уровня {title}.",
];

const NEXT: Phrase =
    ["Next tier: {title}", "Nivelul următor: {title}", "Следно ниво: {title}", "Następny poziom: {title}", "Следующий уровень: {title}"];

const EARN: Phrase = [
    "At every brand you earn {points} {points|point|points} of the coalition for every {spend} you spend; a begun amount does not count.",
    "La fiecare marcă primiți {points} {points|punct|puncte|de puncte} din partea coaliției pentru fiecare {spend} cheltuiți; o sumă începută nu se socotește.",
    "Кај секоја марка добивате {points} {points|поен|поени} од коалицијата за секои потрошени {spend}; започнат износ не се брои.",
    "U każdej marki za każde wydane {spend} otrzymujesz od koalicji {points} {points|punkt|punkty|punktów}; rozpoczęta kwota się nie liczy.",
    "У каждой марки за каждые потраченные {spend} вы получаете от коалиции {points} {points|балл|балла|баллов}; неполная сумма не считается.",
];

const EXCLUDED: Phrase = [
    "Some goods neither earn nor count: {goods}.",
    "Unele produse nu aduc puncte și nu se numără: {goods}.",
    "Некои производи ниту носат поени ниту се бројат: {goods}.",
    "Niektóre towary nie dają punktów i się nie liczą: {goods}.",
    "Некоторые товары не приносят баллов и не учитываются: {goods}.",
];

const TIERS: Phrase = [
    "What you spend at all brands in a calendar year sets your tier, until the end of the next year:",
    "Ce cheltuiți la toate mărcile într-un an calendaristic vă stabilește nivelul, până la sfârșitul anului următor:",
    "Она што го трошите кај сите марки во календарска година го одредува вашето ниво, до крајот на следната година:",
    "To, co wydajesz u wszystkich marek w roku kalendarzowym, ustala twój poziom do końca następnego roku:",
    "Сумма покупок у всех марок за календарный год определяет ваш уровень до конца следующего года:",
];

const TIER: Phrase = [
    "{title} from {from}, {rate} more points",
    "{title} de la {from}, cu {rate} mai multe puncte",
    "{title} од {from}, {rate} повеќе поени",
    "{title} od {from}, {rate} więcej punktów",
    "{title} от {from}, на {rate} больше баллов",
];

const WELCOME: Phrase = [
    "Your first purchase brings {points} {points|point|points} more.",
    "Prima cumpărătură aduce încă {points} {points|punct|puncte|de puncte}.",
    "Првата купувачка носи уште {points} {points|поен|поени}.",
    "Pierwszy zakup daje dodatkowo {points} {points|punkt|punkty|punktów}.",
    "Первая покупка приносит ещё {points} {points|балл|балла|баллов}.",
];

const YEARS: Phrase = [
    "Each year as a member brings {points} {points|point|points}.",
    "Fiecare an ca membru aduce {points} {points|punct|puncte|de puncte}.",
    "Секоја година членство носи {points} {points|поен|поени}.",
    "Każdy rok członkostwa daje {points} {points|punkt|punkty|punktów}.",
    "Каждый год участия приносит {points} {points|балл|балла|баллов}.",
];

const STAFF: Phrase = [
    "Staff who enrol a member get {points} {points|point|points} when that member first buys for {minimum} or more, for at most {most} a month.",
    "Personalul care înscrie un membru primește {points} {points|punct|puncte|de puncte} când acesta cumpără prima dată de cel puțin {minimum}, pentru cel mult {most} pe lună.",
    "Вработените што ќе зачленат член добиваат {points} {points|поен|поени} кога тој првпат ќе купи за {minimum} или повеќе, за најмногу {most} месечно.",
    "Pracownik, który zapisze członka, otrzymuje {points} {points|punkt|punkty|punktów}, gdy ten po raz pierwszy kupi za {minimum} lub więcej, najwyżej za {most} miesięcznie.",
    "Сотрудник, записавший участника, получает {points} {points|балл|балла|баллов}, когда тот впервые купит на {minimum} или больше, не более чем за {most} в месяц.",
];

const EXCLUSIVE: Phrase = [
    "{title}: {points} {points|point|points}, from the tier {tier} on.",
    "{title}: {points} {points|punct|puncte|de puncte}, de la nivelul {tier} în sus.",
    "{title}: {points} {points|поен|поени}, од нивото {tier} нагоре.",
    "{title}: {points} {points|punkt|punkty|punktów}, od poziomu {tier}.",
    "{title}: {points} {points|балл|балла|баллов}, начиная с уровня {tier}.",
];

const RETURNS: Phrase = [
    "Goods you return take their points with them, and count back for the tier.",
    "Produsele returnate își pierd punctele și se scad din nivel.",
    "За вратените производи поените се одземаат, и не се бројат за нивото.",
    "Zwrócone towary tracą swoje punkty i nie liczą się do poziomu.",
    "За возвращённые товары баллы списываются, и в уровень они не засчитываются.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let manifest = config.tiers.iter().fold(manifest.table(LOCALES, WORDS), |manifest, it| {
        let titled = |phrase: &'static Phrase| move |locale: Locale| locale.fill(phrase, &[("title", title(it, locale).into())]);
        manifest
            .say(LOCALES, format!("tier:{}", it.id), |locale| title(it, locale).to_owned())
            .say(LOCALES, format!("reached:{}", it.id), titled(&REACHED))
            .say(LOCALES, format!("for-members:{}", it.id), titled(&MEMBERS))
            .say(LOCALES, format!("for-tier:{}", it.id), titled(&FOR_TIER))
            .say(LOCALES, format!("next:{}", it.id), titled(&NEXT))
    });
    let manifest = config.exclusives.iter().fold(manifest, |manifest, it| it.reward.declare(manifest, LOCALES));
    manifest.say(LOCALES, "terms", |locale| terms(config, locale))
}

fn title(tier: &Tier, locale: Locale) -> &str {
    tier.title.at(locale.tag())
}

/// The terms as a customer reads them, with the operator's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let money = |minor| Money::new(minor, config.currency);
    let mut terms = vec![locale.fill(&EARN, &[("points", config.earn.points.into()), ("spend", money(config.earn.minor).into())])];
    terms.extend(config.excluded.named(locale).map(|goods| locale.fill(&EXCLUDED, &[("goods", goods.into())])));
    if !config.tiers.is_empty() {
        let tier = |it: &Tier| {
            let values = [("title", title(it, locale).into()), ("from", money(it.from).into()), ("rate", it.bonus_bp.into())];
            locale.fill(&TIER, &values)
        };
        let tiers: Vec<String> = config.tiers.iter().map(tier).collect();
        terms.push(format!("{} {}.", locale.of(&TIERS), tiers.join("; ")));
    }
    if config.welcome_points > 0 {
        terms.push(locale.fill(&WELCOME, &[("points", config.welcome_points.into())]));
    }
    if config.yearly_points > 0 {
        terms.push(locale.fill(&YEARS, &[("points", config.yearly_points.into())]));
    }
    if let Some(staff) = &config.staff {
        let values = [("points", staff.points.into()), ("minimum", money(staff.minimum).into()), ("most", staff.a_month.into())];
        terms.push(locale.fill(&STAFF, &values));
    }
    for it in &config.exclusives {
        let tier = config.tiers.iter().find(|tier| tier.id == it.tier).map_or("", |tier| title(tier, locale));
        let values = [("title", it.reward.title.at(locale.tag()).into()), ("points", it.reward.points.into()), ("tier", tier.into())];
        terms.push(locale.fill(&EXCLUSIVE, &values));
    }
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}
