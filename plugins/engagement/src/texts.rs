//! The program's words, in five languages. The terms carry the merchant's own numbers.

use coalition_sdk::{Locale, Manifest};

use crate::config::{Action, Config};

pub const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const TEXTS: &[(&str, Phrase)] = &[
    ("name", ["Take part", "Participați", "Учествувајте", "Weź udział", "Участвуйте"]),
    (
        "summary",
        [
            "You earn points for reviews, answers, ideas and visits.",
            "Primiți puncte pentru recenzii, răspunsuri, idei și vizite.",
            "Добивате поени за рецензии, одговори, идеи и посети.",
            "Zbierasz punkty za recenzje, odpowiedzi, pomysły i wizyty.",
            "Вы получаете баллы за отзывы, ответы, идеи и посещения.",
        ],
    ),
    (
        "today-max",
        [
            "That is all for today. A day's limit: {max}",
            "Atât pentru astăzi. Limita pe zi: {max}",
            "Толку за денес. Дневен лимит: {max}",
            "Na dziś to wszystko. Limit dzienny: {max}",
            "На сегодня всё. Лимит на день: {max}",
        ],
    ),
    (
        "ever-max",
        [
            "You have done this as often as it is rewarded: {max}",
            "Ați atins numărul de ori recompensat: {max}",
            "Го достигнавте бројот што се наградува: {max}",
            "Osiągnięto liczbę nagradzanych razy: {max}",
            "Вы сделали это столько раз, сколько награждается: {max}",
        ],
    ),
    (
        "buyers-only",
        [
            "This is for members who have bought here.",
            "Este pentru membrii care au cumpărat aici.",
            "Ова е за членови што купувале овде.",
            "To jest dla osób, które u nas kupiły.",
            "Это для участников, которые здесь покупали.",
        ],
    ),
    (
        "nothing-earned",
        [
            "No right answer, no points this time.",
            "Niciun răspuns corect, niciun punct de data aceasta.",
            "Без точен одговор, без поени овој пат.",
            "Bez poprawnych odpowiedzi tym razem bez punktów.",
            "Верных ответов нет, и баллов в этот раз нет.",
        ],
    ),
    (
        "counter:taken-part",
        [
            "Points earned by taking part",
            "Puncte primite pentru participare",
            "Поени добиени со учество",
            "Punkty za udział",
            "Баллы за участие",
        ],
    ),
];

const TODAY: Phrase = ["{title}: today", "{title}: astăzi", "{title}: денес", "{title}: dziś", "{title}: сегодня"];
const EVER: Phrase = ["{title}: in all", "{title}: în total", "{title}: вкупно", "{title}: łącznie", "{title}: всего"];
const DID: Phrase = ["{title}", "{title}", "{title}", "{title}", "{title}"];
const LEVEL: Phrase = [
    "You are “{title}” now.",
    "Acum aveți insigna „{title}”.",
    "Сега ја имате значката „{title}“.",
    "Masz teraz odznakę „{title}”.",
    "Теперь у вас значок «{title}».",
];

const ACTION: Phrase = [
    "{title}: {points} {points|point|points}, at most {max} a day.",
    "{title}: {points} {points|punct|puncte|de puncte}, cel mult {max} pe zi.",
    "{title}: {points} {points|поен|поени}, најмногу {max} дневно.",
    "{title}: {points} {points|punkt|punkty|punktów}, najwyżej {max} dziennie.",
    "{title}: {points} {points|балл|балла|баллов}, не больше {max} в день.",
];
const MORE: Phrase = [
    "{title}: {points} {points|point|points} more.",
    "{title}: încă {points} {points|punct|puncte|de puncte}.",
    "{title}: уште {points} {points|поен|поени}.",
    "{title}: jeszcze {points} {points|punkt|punkty|punktów}.",
    "{title}: ещё {points} {points|балл|балла|баллов}.",
];
const SCORE: Phrase = [
    "Up to {max} count.",
    "Se socotesc cel mult {max}.",
    "Се бројат најмногу {max}.",
    "Liczy się najwyżej {max}.",
    "Засчитывается не больше {max}.",
];
const EVER_MAX: Phrase =
    ["At most {max} in all.", "Cel mult {max} în total.", "Најмногу {max} вкупно.", "Łącznie najwyżej {max}.", "Всего не больше {max}."];
const BUYERS: Phrase = [
    "Only if you have bought here.",
    "Numai dacă ați cumpărat aici.",
    "Само ако сте купувале овде.",
    "Tylko po zakupach u nas.",
    "Только если вы здесь покупали.",
];
const WAITS: Phrase = [
    "The points come when we have looked at it.",
    "Punctele se acordă după verificare.",
    "Поените доаѓаат по проверката.",
    "Punkty przyznajemy po sprawdzeniu.",
    "Баллы начисляются после проверки.",
];
const DAY: Phrase = [
    "For all of it at most {max} {max|point|points} a day.",
    "Pentru toate, cel mult {max} {max|punct|puncte|de puncte} pe zi.",
    "За сето тоа најмногу {max} {max|поен|поени} дневно.",
    "Za wszystko razem najwyżej {max} {max|punkt|punkty|punktów} dziennie.",
    "За всё вместе не больше {max} {max|балла|баллов|баллов} в день.",
];
const BADGE: Phrase = [
    "The badge “{title}” is yours from {from} such points on.",
    "Insigna „{title}” se primește de la {from} {from|astfel de punct|astfel de puncte|de astfel de puncte}.",
    "Значката „{title}“ се добива од {from} {from|таков поен|такви поени}.",
    "Odznakę „{title}” otrzymujesz od {from} {from|takiego punktu|takich punktów|takich punktów}.",
    "Значок «{title}» даётся от {from} {from|такого балла|таких баллов|таких баллов}.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let manifest = manifest.table(LOCALES, TEXTS).say(LOCALES, "terms", |locale| terms(config, locale));
    let manifest = config.actions.iter().fold(manifest, |manifest, action| {
        let says = [(action.key(), &DID), (format!("counter:{}", action.today()), &TODAY), (format!("counter:{}", action.ever()), &EVER)];
        says.into_iter().fold(manifest, |manifest, (key, phrase)| {
            manifest.say(LOCALES, key, |locale| locale.fill(phrase, &[("title", action.title.at(locale.tag()).into())]))
        })
    });
    let manifest = config.levels.iter().fold(manifest, |manifest, level| {
        [("badge", &DID), ("level", &LEVEL)].into_iter().fold(manifest, |manifest, (what, phrase)| {
            let key = format!("{what}:{}", level.id);
            manifest.say(LOCALES, key, |locale| locale.fill(phrase, &[("title", level.title.at(locale.tag()).into())]))
        })
    });
    config.rewards.iter().fold(manifest, |manifest, reward| reward.declare(manifest, LOCALES))
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let mut terms: Vec<String> = config.actions.iter().flat_map(|action| of_an_action(action, locale)).collect();
    if let Some(max) = config.day_points_max {
        terms.push(locale.fill(&DAY, &[("max", max.into())]));
    }
    for level in &config.levels {
        terms.push(locale.fill(&BADGE, &[("title", level.title.at(locale.tag()).into()), ("from", level.from.into())]));
    }
    terms.join(" ")
}

fn of_an_action(action: &Action, locale: Locale) -> Vec<String> {
    let title = action.title.at(locale.tag());
    let mut terms =
        vec![locale.fill(&ACTION, &[("title", title.into()), ("points", action.points.into()), ("max", action.day_max.into())])];
    if action.score.is_some() {
        terms.push(locale.fill(&SCORE, &[("max", action.score_max.into())]));
    }
    if let Some(more) = &action.more {
        terms.push(locale.fill(&MORE, &[("title", more.title.at(locale.tag()).into()), ("points", more.points.into())]));
    }
    if let Some(max) = action.ever_max {
        terms.push(locale.fill(&EVER_MAX, &[("max", max.into())]));
    }
    if action.buyers_only {
        terms.push(locale.of(&BUYERS).to_owned());
    }
    if action.waits_for.is_some() {
        terms.push(locale.of(&WAITS).to_owned());
    }
    terms
}
