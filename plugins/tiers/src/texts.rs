//! The program's words, in five languages: what is the same for all tiers, and what is said of each by its own name.

use coalition_sdk::{Locale, Manifest, Money, Scalar};

use crate::config::{Config, DISCOUNT, Tier};
use crate::rewards::reward_key;

pub const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const MEMBERS_DISCOUNT: Phrase =
    ["Members' discount", "Reducere pentru membri", "Попуст за членови", "Zniżka dla uczestników", "Скидка для участников"];

const TEXTS: &[(&str, Phrase)] = &[
    ("name", ["Tiers", "Niveluri", "Нивоа", "Poziomy", "Уровни"]),
    (
        "summary",
        [
            "The more you spend in a year, the more your tier gives.",
            "Cu cât cheltuiți mai mult într-un an, cu atât nivelul vă oferă mai mult.",
            "Колку повеќе трошите во годината, толку повеќе дава вашето ниво.",
            "Im więcej wydasz w roku, tym więcej daje twój poziom.",
            "Чем больше вы тратите за год, тем больше даёт ваш уровень.",
        ],
    ),
    ("earned", ["{spend} spent", "Ați cheltuit {spend}", "Потрошено: {spend}", "Wydano {spend}", "Потрачено {spend}"]),
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
    ("no-discount", MEMBERS_DISCOUNT),
    (
        "no-discount-yet",
        [
            "Your tier has no discount yet.",
            "Nivelul dumneavoastră nu are încă reducere.",
            "Вашето ниво сè уште нема попуст.",
            "Twój poziom nie ma jeszcze zniżki.",
            "На вашем уровне скидки пока нет.",
        ],
    ),
    (
        "discount-at-the-till",
        [
            "The till takes it off by itself; it costs no points.",
            "Casa o scade singură; nu costă puncte.",
            "Касата сама го пресметува; не чини поени.",
            "Kasa odlicza ją sama; nie kosztuje punktów.",
            "Касса вычитает её сама; баллов она не стоит.",
        ],
    ),
    (
        "counter:qualifying-spend",
        ["Spent this year", "Cheltuit anul acesta", "Потрошено годинава", "Wydane w tym roku", "Потрачено в этом году"],
    ),
];

/// What is said of each tier.
const OF_A_TIER: &[(&str, Phrase)] = &[
    ("tier", ["{tier}", "{tier}", "{tier}", "{tier}", "{tier}"]),
    (
        "tier-bonus",
        [
            "Extra points for {tier} members",
            "Puncte în plus pentru nivelul {tier}",
            "Дополнителни поени за ниво {tier}",
            "Dodatkowe punkty na poziomie {tier}",
            "Дополнительные баллы уровня «{tier}»",
        ],
    ),
    (
        "welcome",
        [
            "Welcome to {tier}",
            "Bun venit la nivelul {tier}",
            "Добре дојдовте на ниво {tier}",
            "Witamy na poziomie {tier}",
            "Добро пожаловать на уровень «{tier}»",
        ],
    ),
    (
        "welcome-back",
        [
            "The welcome to {tier} goes back with what you returned.",
            "Punctele de bun venit la nivelul {tier} se retrag odată cu ce ați returnat.",
            "Поените за добредојде на ниво {tier} се повлекуваат со вратеното.",
            "Punkty powitalne poziomu {tier} cofnięto wraz ze zwrotem.",
            "Приветственные баллы уровня «{tier}» списаны вместе с возвратом.",
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
    (
        "discount",
        [
            "{tier}: {discount} off at the till",
            "{tier}: {discount} reducere la casă",
            "{tier}: {discount} попуст на каса",
            "{tier}: {discount} zniżki przy kasie",
            "{tier}: скидка {discount} на кассе",
        ],
    ),
    ("for", ["For {tier} members.", "Pentru nivelul {tier}.", "За ниво {tier}.", "Dla poziomu {tier}.", "Для уровня «{tier}»."]),
];

const EARN: Phrase = [
    "Every {spend} you spend earns {points} {points|point|points}.",
    "Fiecare {spend} cheltuiți aduc {points} {points|punct|puncte|de puncte}.",
    "Секои потрошени {spend} носат {points} {points|поен|поени}.",
    "Każde wydane {spend} daje {points} {points|punkt|punkty|punktów}.",
    "Каждые потраченные {spend} приносят {points} {points|балл|балла|баллов}.",
];
const YEAR: Phrase = [
    "What you spend in a calendar year sets your tier, until the end of the next year.",
    "Suma cheltuită într-un an calendaristic vă stabilește nivelul, până la sfârșitul anului următor.",
    "Потрошеното во една календарска година го одредува вашето ниво, до крајот на следната година.",
    "Kwota wydana w roku kalendarzowym wyznacza twój poziom do końca następnego roku.",
    "Сумма покупок за календарный год определяет ваш уровень до конца следующего года.",
];
const EXCLUDED: Phrase = [
    "Some goods neither earn nor count: {goods}.",
    "Unele produse nici nu aduc puncte, nici nu se socotesc: {goods}.",
    "Некои производи ниту носат поени, ниту се бројат: {goods}.",
    "Niektóre towary nie dają punktów i się nie liczą: {goods}.",
    "За некоторые товары баллы не начисляются, и они не учитываются: {goods}.",
];
const FROM: Phrase = [
    "{title} from {from}: {gives}.",
    "{title}, de la {from}: {gives}.",
    "{title} од {from}: {gives}.",
    "{title} od {from}: {gives}.",
    "{title} от {from}: {gives}.",
];
const ONLY_FROM: Phrase =
    ["{title} from {from}.", "{title}, de la {from}.", "{title} од {from}.", "{title} od {from}.", "{title} от {from}."];
const OFF: Phrase = ["{rate} off", "{rate} reducere", "{rate} попуст", "{rate} zniżki", "скидка {rate}"];
const MORE: Phrase =
    ["{rate} more points", "cu {rate} mai multe puncte", "{rate} повеќе поени", "o {rate} więcej punktów", "на {rate} больше баллов"];
const WELCOME: Phrase = [
    "{points} {points|point|points} once a year",
    "{points} {points|punct|puncte|de puncte} o dată pe an",
    "{points} {points|поен|поени} еднаш годишно",
    "{points} {points|punkt|punkty|punktów} raz w roku",
    "{points} {points|балл|балла|баллов} раз в год",
];
const RETURNS: Phrase = [
    "Goods you return count back.",
    "Ce returnați se scade din sumă.",
    "Вратеното се одзема од потрошеното.",
    "Zwroty pomniejszają wydaną kwotę.",
    "Возвраты вычитаются из суммы покупок.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let reward = format!("reward:{DISCOUNT}");
    let manifest = manifest
        .table(LOCALES, TEXTS)
        .table(LOCALES, &[(reward.as_str(), MEMBERS_DISCOUNT)])
        .say(LOCALES, "terms", |locale| terms(config, locale));
    let manifest = config.tiers.iter().fold(manifest, |manifest, tier| {
        OF_A_TIER.iter().fold(manifest, |manifest, (what, phrase)| {
            let fill = |locale: Locale| {
                locale.fill(phrase, &[("tier", tier.title.at(locale.tag()).into()), ("discount", tier.discount_bp.into())])
            };
            manifest.say(LOCALES, tier.says(what), fill)
        })
    });
    config
        .exclusives
        .iter()
        .fold(manifest, |manifest, it| manifest.say(LOCALES, reward_key(&it.id).key, |locale| it.title.at(locale.tag()).to_owned()))
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let money = |minor| -> Scalar { Money::new(minor, config.currency).into() };
    let mut terms = vec![
        locale.fill(&EARN, &[("spend", money(config.earn.minor)), ("points", config.earn.points.into())]),
        locale.of(&YEAR).to_owned(),
    ];
    if let Some(goods) = config.excluded.named(locale) {
        terms.push(locale.fill(&EXCLUDED, &[("goods", goods.into())]));
    }
    terms.extend(config.tiers.iter().map(|tier| {
        let gives = gives(tier, config, locale).join(", ");
        let phrase = if gives.is_empty() { &ONLY_FROM } else { &FROM };
        locale.fill(phrase, &[("title", tier.title.at(locale.tag()).into()), ("from", money(tier.from)), ("gives", gives.into())])
    }));
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}

fn gives(tier: &Tier, config: &Config, locale: Locale) -> Vec<String> {
    let mut gives = Vec::new();
    if tier.discount_bp.get() > 0 {
        gives.push(locale.fill(&OFF, &[("rate", tier.discount_bp.into())]));
    }
    if tier.bonus_bp.get() > 0 {
        gives.push(locale.fill(&MORE, &[("rate", tier.bonus_bp.into())]));
    }
    if tier.welcome_points > 0 {
        gives.push(locale.fill(&WELCOME, &[("points", tier.welcome_points.into())]));
    }
    let own = config.exclusives.iter().filter(|it| it.tier == tier.id);
    gives.extend(own.map(|it| it.title.at(locale.tag()).to_owned()));
    gives
}
