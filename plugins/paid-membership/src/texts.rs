//! The program's words, in five languages. All of them carry the membership's name, and the terms the merchant's own numbers.

use coalition_sdk::{Locale, Manifest, Money, Scalar};

use crate::config::{Config, DELIVERY, EARLY, MEMBERSHIP};

pub const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

/// Filled with the membership's name.
const TEXTS: &[(&str, Phrase)] = &[
    ("name", ["Membership {plan}", "Abonamentul {plan}", "Членство {plan}", "Członkostwo {plan}", "Подписка {plan}"]),
    (
        "summary",
        [
            "A fee buys free delivery, more points and members' prices.",
            "O taxă vă aduce livrare gratuită, mai multe puncte și prețuri pentru membri.",
            "Со членарина добивате бесплатна достава, повеќе поени и членски цени.",
            "Opłata daje darmową dostawę, więcej punktów i ceny dla członków.",
            "Взнос даёт бесплатную доставку, больше баллов и цены для участников.",
        ],
    ),
    ("earned", ["{spend} spent", "Ați cheltuit {spend}", "Потрошено: {spend}", "Wydano {spend}", "Потрачено {spend}"]),
    (
        "member-bonus",
        [
            "Extra points with {plan}",
            "Puncte în plus cu {plan}",
            "Дополнителни поени со {plan}",
            "Dodatkowe punkty z {plan}",
            "Дополнительные баллы с {plan}",
        ],
    ),
    (
        "joined",
        [
            "{plan} is yours until {until}.",
            "Aveți {plan} până la {until}.",
            "Имате {plan} до {until}.",
            "Masz {plan} do {until}.",
            "У вас {plan} до {until}.",
        ],
    ),
    (
        "renewed",
        [
            "{plan} is renewed until {until}.",
            "{plan} a fost prelungit până la {until}.",
            "{plan} е продолжено до {until}.",
            "{plan} przedłużono do {until}.",
            "{plan}: продлено до {until}.",
        ],
    ),
    (
        "shortened",
        [
            "{plan} ends on {until} now.",
            "{plan} se încheie acum la {until}.",
            "{plan} сега завршува на {until}.",
            "{plan} kończy się teraz {until}.",
            "{plan} теперь действует до {until}.",
        ],
    ),
    ("ended", ["{plan} has ended.", "{plan} s-a încheiat.", "{plan} заврши.", "{plan}: koniec członkostwa.", "{plan}: срок истёк."]),
    ("welcome", ["Welcome to {plan}", "Bun venit la {plan}", "Добре дојдовте во {plan}", "Witamy w {plan}", "Добро пожаловать в {plan}"]),
    (
        "for-members",
        ["For members of {plan}.", "Pentru membrii {plan}.", "За членови на {plan}.", "Dla członków {plan}.", "Для участников {plan}."],
    ),
    (
        "none-left",
        [
            "All free deliveries are used.",
            "Toate livrările gratuite au fost folosite.",
            "Сите бесплатни достави се искористени.",
            "Wszystkie darmowe dostawy są wykorzystane.",
            "Все бесплатные доставки использованы.",
        ],
    ),
    (
        "comes-with-it",
        [
            "This comes with {plan}; it costs no points.",
            "Se oferă odată cu {plan}; nu costă puncte.",
            "Ова доаѓа со {plan}; не чини поени.",
            "To jest częścią {plan}; nie kosztuje punktów.",
            "Это входит в {plan}; баллов не стоит.",
        ],
    ),
    (
        "bought-like-goods",
        [
            "{plan} is bought like goods, not for points.",
            "{plan} se cumpără ca un produs, nu cu puncte.",
            "{plan} се купува како производ, не со поени.",
            "{plan} kupuje się jak towar, nie za punkty.",
            "{plan} покупают как товар, а не за баллы.",
        ],
    ),
    ("tier", ["{plan}", "{plan}", "{plan}", "{plan}", "{plan}"]),
];

const FREE: Phrase = ["Free delivery", "Livrare gratuită", "Бесплатна достава", "Darmowa dostawa", "Бесплатная доставка"];
const FEE: Phrase = [
    "{plan}: {fee} for {months} {months|month|months}",
    "{plan}: {fee} pentru {months} {months|lună|luni|de luni}",
    "{plan}: {fee} за {months} {months|месец|месеци}",
    "{plan}: {fee} za {months} {months|miesiąc|miesiące|miesięcy}",
    "{plan}: {fee} за {months} {months|месяц|месяца|месяцев}",
];
const EARN: Phrase = [
    "Every {spend} you spend earns {points} {points|point|points}.",
    "Fiecare {spend} cheltuiți aduc {points} {points|punct|puncte|de puncte}.",
    "Секои потрошени {spend} носат {points} {points|поен|поени}.",
    "Każde wydane {spend} daje {points} {points|punkt|punkty|punktów}.",
    "Каждые потраченные {spend} приносят {points} {points|балл|балла|баллов}.",
];
const MEMBERS: Phrase = [
    "With {plan} it is {rate} of that, from the purchase after the fee on.",
    "Cu {plan} primiți {rate} din atât, începând cu cumpărătura de după plată.",
    "Со {plan} тоа е {rate}, од купувањето по уплатата натаму.",
    "Z {plan} jest to {rate} tej liczby, począwszy od zakupów po opłacie.",
    "С {plan} — {rate} от этого, начиная с покупки после оплаты.",
];
const WELCOME: Phrase = [
    "Joining earns {points} {points|point|points}, once.",
    "Înscrierea aduce {points} {points|punct|puncte|de puncte}, o singură dată.",
    "Зачленувањето носи {points} {points|поен|поени}, еднаш.",
    "Przystąpienie daje {points} {points|punkt|punkty|punktów}, jeden raz.",
    "За вступление даётся {points} {points|балл|балла|баллов}, один раз.",
];
const DELIVERY_ALL: Phrase =
    ["Delivery is free.", "Livrarea este gratuită.", "Доставата е бесплатна.", "Dostawa jest darmowa.", "Доставка бесплатная."];
const DELIVERY_FROM: Phrase = [
    "Delivery is free from {minimum} on.",
    "Livrarea este gratuită de la {minimum}.",
    "Доставата е бесплатна од {minimum}.",
    "Dostawa jest darmowa od {minimum}.",
    "Доставка бесплатная от {minimum}.",
];
const DELIVERY_TIMES: Phrase = [
    "Each fee brings {times} free {times|delivery|deliveries}.",
    "Fiecare plată aduce {times} {times|livrare gratuită|livrări gratuite|de livrări gratuite}.",
    "Секоја уплата носи {times} {times|бесплатна достава|бесплатни достави}.",
    "Każda opłata daje {times} {times|darmową dostawę|darmowe dostawy|darmowych dostaw}.",
    "Каждый взнос даёт {times} {times|бесплатную доставку|бесплатные доставки|бесплатных доставок}.",
];
const EARLIER: Phrase = [
    "Sales {minutes} {minutes|minute|minutes} before everybody else",
    "La reduceri cu {minutes} {minutes|minut|minute|de minute} înaintea tuturor",
    "На распродажба {minutes} {minutes|минута|минути} пред сите",
    "Na wyprzedaż {minutes} {minutes|minutę|minuty|minut} przed wszystkimi",
    "На распродажу за {minutes} {minutes|минуту|минуты|минут} раньше всех",
];
const RENEWAL: Phrase = [
    "Paid again before the end, the time is added.",
    "Plătit din nou înainte de sfârșit, timpul se adaugă.",
    "Ако се плати пред крајот, времето се додава.",
    "Opłata przed końcem okresu dodaje czas.",
    "При оплате до окончания срок прибавляется.",
];
const GRACE: Phrase = [
    "For {days} {days|day|days} after the end all stays as it was.",
    "Încă {days} {days|zi|zile|de zile} după sfârșit totul rămâne ca înainte.",
    "Уште {days} {days|ден|дена} по крајот сè останува исто.",
    "Jeszcze przez {days} {days|dzień|dni|dni} po końcu wszystko zostaje bez zmian.",
    "Ещё {days} {days|день|дня|дней} после окончания всё остаётся по-прежнему.",
];
const REFUND: Phrase = [
    "You can end it at any time: the fee's share for the whole months not used comes back, and the membership ends with it.",
    "Îl puteți încheia oricând: se restituie partea din taxă pentru lunile întregi nefolosite, iar abonamentul încetează.",
    "Може да го прекинете кога било: се враќа делот од членарината за целите неискористени месеци и членството завршува.",
    "Możesz zrezygnować w każdej chwili: zwracamy część opłaty za pełne niewykorzystane miesiące, a członkostwo się kończy.",
    "Отказаться можно в любой момент: вернётся часть взноса за полные неиспользованные месяцы, и подписка закончится.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let plan = |locale: Locale| -> Scalar { config.plan.title.at(locale.tag()).into() };
    let manifest = TEXTS.iter().fold(manifest, |manifest, (key, phrase)| {
        let key = if *key == "tier" { format!("tier:{}", config.plan.id) } else { (*key).to_owned() };
        manifest.say(LOCALES, key, |locale| locale.fill(phrase, &[("plan", plan(locale))]))
    });
    let mut manifest =
        manifest
            .say(LOCALES, format!("reward:{MEMBERSHIP}"), |locale| fee(config, locale))
            .say(LOCALES, "terms", |locale| terms(config, locale));
    if config.delivery.is_some() {
        manifest = manifest.say(LOCALES, format!("reward:{DELIVERY}"), |locale| locale.of(&FREE).to_owned());
    }
    if let Some(minutes) = config.early_minutes {
        manifest = manifest.say(LOCALES, format!("reward:{EARLY}"), |locale| locale.fill(&EARLIER, &[("minutes", minutes.into())]));
    }
    config.member_prices.iter().fold(manifest, |manifest, price| price.declare(manifest, LOCALES))
}

fn fee(config: &Config, locale: Locale) -> String {
    let fee = Money::new(config.plan.fee, config.currency);
    let plan = config.plan.title.at(locale.tag());
    locale.fill(&FEE, &[("plan", plan.into()), ("fee", fee.into()), ("months", config.plan.months.into())])
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let money = |minor| -> Scalar { Money::new(minor, config.currency).into() };
    let mut terms = vec![fee(config, locale) + "."];
    if let Some(delivery) = &config.delivery {
        if let Some(times) = delivery.times {
            terms.push(locale.fill(&DELIVERY_TIMES, &[("times", times.into())]));
        }
        if delivery.minimum > 0 {
            terms.push(locale.fill(&DELIVERY_FROM, &[("minimum", money(delivery.minimum))]));
        } else if delivery.times.is_none() {
            terms.push(locale.of(&DELIVERY_ALL).to_owned());
        }
    }
    terms.push(locale.fill(&EARN, &[("spend", money(config.earn.minor)), ("points", config.earn.points.into())]));
    if config.member_rate_bp.above_one().get() > 0 {
        let plan = config.plan.title.at(locale.tag());
        terms.push(locale.fill(&MEMBERS, &[("plan", plan.into()), ("rate", config.member_rate_bp.into())]));
    }
    if config.welcome_points > 0 {
        terms.push(locale.fill(&WELCOME, &[("points", config.welcome_points.into())]));
    }
    terms.extend(config.member_prices.iter().map(|price| price.said(locale) + "."));
    if let Some(minutes) = config.early_minutes {
        terms.push(locale.fill(&EARLIER, &[("minutes", minutes.into())]) + ".");
    }
    terms.push(locale.of(&RENEWAL).to_owned());
    if config.plan.grace_days > 0 {
        terms.push(locale.fill(&GRACE, &[("days", config.plan.grace_days.into())]));
    }
    terms.push(locale.of(&REFUND).to_owned());
    terms.join(" ")
}
