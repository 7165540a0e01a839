//! The program's words, in five languages side by side.

use coalition_sdk::{Locale, Manifest, Money, Window};

use crate::config::{Challenge, Config};

/// The languages, in the order of every phrase.
const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const WORDS: &[(&str, Phrase)] = &[
    ("name", ["Challenges", "Provocări", "Предизвици", "Wyzwania", "Задания"]),
    (
        "summary",
        [
            "Meet challenges, come week after week, and rise from level to level.",
            "Îndepliniți provocări, veniți săptămână de săptămână și urcați din nivel în nivel.",
            "Исполнувајте предизвици, доаѓајте недела по недела и качувајте се од ниво на ниво.",
            "Realizuj wyzwania, przychodź co tydzień i zdobywaj kolejne poziomy.",
            "Выполняйте задания, приходите каждую неделю и поднимайтесь по уровням.",
        ],
    ),
    ("earned", ["{spend} spent", "Cheltuit: {spend}", "Потрошено: {spend}", "Wydano: {spend}", "Потрачено: {spend}"]),
    (
        "streak",
        [
            "Weeks in a row: {weeks}",
            "Săptămâni la rând: {weeks}",
            "Недели по ред: {weeks}",
            "Tygodnie z rzędu: {weeks}",
            "Недель подряд: {weeks}",
        ],
    ),
    (
        "streak-back",
        [
            "What you returned breaks your weeks in a row: {weeks}",
            "Ce ați returnat întrerupe șirul de săptămâni: {weeks}",
            "Вратеното ја прекинува низата недели: {weeks}",
            "Zwrot przerywa serię tygodni: {weeks}",
            "Возврат прерывает серию недель: {weeks}",
        ],
    ),
    (
        "done",
        [
            "Done; it begins anew with the next period.",
            "Îndeplinită; începe din nou cu perioada următoare.",
            "Исполнето; почнува одново со следниот период.",
            "Zrobione; zaczyna się od nowa w następnym okresie.",
            "Выполнено; начнётся заново в следующем периоде.",
        ],
    ),
    (
        "to-go",
        [
            "Pieces still missing: {missing}",
            "Bucăți care mai lipsesc: {missing}",
            "Парчиња што уште недостасуваат: {missing}",
            "Brakujące sztuki: {missing}",
            "Осталось купить штук: {missing}",
        ],
    ),
    (
        "weeks-to-go",
        [
            "Weeks still missing: {missing}",
            "Săptămâni care mai lipsesc: {missing}",
            "Недели што уште недостасуваат: {missing}",
            "Brakujące tygodnie: {missing}",
            "Осталось недель: {missing}",
        ],
    ),
    (
        "score-to-go",
        [
            "Score still missing: {missing}",
            "Scor care mai lipsește: {missing}",
            "Резултат што уште недостасува: {missing}",
            "Brakujący wynik: {missing}",
            "Не хватает до уровня: {missing}",
        ],
    ),
    (
        "not-for-points",
        [
            "This is achieved, not bought with points.",
            "Aceasta se obține, nu se cumpără cu puncte.",
            "Ова се постигнува, не се купува со поени.",
            "To się zdobywa, nie kupuje za punkty.",
            "Это достигается, а не покупается за баллы.",
        ],
    ),
    ("counter:score", ["Score", "Scor", "Резултат", "Wynik", "Счёт"]),
    ("counter:score-month", ["Score this month", "Scorul lunii", "Резултат овој месец", "Wynik w tym miesiącu", "Счёт за месяц"]),
];

const STREAKS: &[(&str, Phrase)] = &[
    ("reward:streak", ["Week after week", "Săptămână de săptămână", "Недела по недела", "Tydzień po tygodniu", "Неделя за неделей"]),
    (
        "counter:weeks",
        [
            "Purchases this week",
            "Cumpărături în această săptămână",
            "Купувања оваа недела",
            "Zakupy w tym tygodniu",
            "Покупки на этой неделе",
        ],
    ),
];

const STREAK_BADGE: Phrase = [
    "{weeks} weeks in a row",
    "{weeks} {weeks|săptămână|săptămâni|de săptămâni} la rând",
    "{weeks} недели по ред",
    "{weeks} {weeks|tydzień|tygodnie|tygodni} z rzędu",
    "{weeks} {weeks|неделя|недели|недель} подряд",
];

const MET: Phrase = [
    "Challenge met: {title}",
    "Provocare îndeplinită: {title}",
    "Исполнет предизвик: {title}",
    "Wyzwanie ukończone: {title}",
    "Задание выполнено: {title}",
];

const NOT_MET: Phrase = [
    "Without what you returned it is not met: {title}",
    "Fără ce ați returnat, nu este îndeplinită: {title}",
    "Без вратеното не е исполнет: {title}",
    "Bez zwróconych towarów nie jest ukończone: {title}",
    "Без возвращённого не выполнено: {title}",
];

const REACHED: Phrase =
    ["You are {title} now.", "Acum sunteți {title}.", "Сега сте {title}.", "Masz teraz poziom {title}.", "Ваш уровень теперь: {title}."];

const FOR_LEVEL: Phrase = [
    "From the level {title} on.",
    "De la nivelul {title} în sus.",
    "Од нивото {title} нагоре.",
    "Od poziomu {title}.",
    "Начиная с уровня {title}.",
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

const CHALLENGE: Phrase = [
    "{title}, once {window}: {parts} bring {points} {points|point|points}.",
    "{title}, o dată {window}: {parts} aduc {points} {points|punct|puncte|de puncte}.",
    "{title}, еднаш {window}: {parts} носат {points} {points|поен|поени}.",
    "{title}, raz {window}: {parts} dają {points} {points|punkt|punkty|punktów}.",
    "{title}, один раз {window}: {parts} приносят {points} {points|балл|балла|баллов}.",
];

const PART: Phrase = ["{needed} × {goods}"; 5];

const ONCE: [Phrase; 5] = [
    ["a day", "pe zi", "дневно", "dziennie", "в день"],
    ["a week", "pe săptămână", "неделно", "w tygodniu", "в неделю"],
    ["a month", "pe lună", "месечно", "w miesiącu", "в месяц"],
    ["a quarter", "pe trimestru", "на тримесечје", "na kwartał", "в квартал"],
    ["a year", "pe an", "годишно", "w roku", "в год"],
];

const STREAK: Phrase = [
    "A week counts with a purchase of at least {minimum}. Weeks in a row bring points:",
    "O săptămână contează cu o cumpărătură de cel puțin {minimum}. Săptămânile la rând aduc puncte:",
    "Неделата се брои со купувачка од најмалку {minimum}. Недели по ред носат поени:",
    "Tydzień się liczy przy zakupie za co najmniej {minimum}. Tygodnie z rzędu dają punkty:",
    "Неделя засчитывается при покупке не менее чем на {minimum}. Недели подряд приносят баллы:",
];

const LEVELS: Phrase = [
    "Your score is what your purchases earn, and {piece} more for each piece that counts for a challenge; spending points does not lower it. Levels by score:",
    "Scorul este ce aduc cumpărăturile, plus {piece} pentru fiecare bucată care contează la o provocare; cheltuirea punctelor nu îl scade. Niveluri după scor:",
    "Вашиот резултат е она што го носат купувањата, и уште {piece} за секое парче што се брои за предизвик; трошењето поени не го намалува. Нивоа според резултат:",
    "Twój wynik to punkty za zakupy oraz {piece} za każdą sztukę liczoną do wyzwania; wydawanie punktów go nie obniża. Poziomy według wyniku:",
    "Ваш счёт составляют баллы за покупки и ещё {piece} за каждую штуку, засчитанную в задание; трата баллов его не уменьшает. Уровни по счёту:",
];

const EXCLUSIVE: Phrase = [
    "{title}: {points} {points|point|points}, from the level {level} on.",
    "{title}: {points} {points|punct|puncte|de puncte}, de la nivelul {level} în sus.",
    "{title}: {points} {points|поен|поени}, од нивото {level} нагоре.",
    "{title}: {points} {points|punkt|punkty|punktów}, od poziomu {level}.",
    "{title}: {points} {points|балл|балла|баллов}, начиная с уровня {level}.",
];

const RETURNS: Phrase = [
    "Goods you return count as never bought: what is not achieved without them goes back.",
    "Produsele returnate contează ca necumpărate: ce nu se obține fără ele se retrage.",
    "Вратените производи се сметаат како некупени: она што не е постигнато без нив се одзема.",
    "Zwrócone towary liczą się jak niekupione: co bez nich nie zostało osiągnięte, przepada.",
    "Возвращённые товары считаются некупленными: то, чего без них не достигнуто, списывается.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let manifest = manifest.table(LOCALES, WORDS);
    let manifest = config.challenges.iter().fold(manifest, |manifest, it| {
        let titled = |phrase: &'static Phrase| move |locale: Locale| locale.fill(phrase, &[("title", it.title.at(locale.tag()).into())]);
        let title = |locale: Locale| it.title.at(locale.tag()).to_owned();
        let manifest = manifest
            .say(LOCALES, format!("challenge:{}", it.id), titled(&MET))
            .say(LOCALES, format!("challenge-back:{}", it.id), titled(&NOT_MET))
            .say(LOCALES, format!("reward:{}", it.id), title)
            .say(LOCALES, format!("badge:{}", it.id), title);
        (0..it.parts.len()).fold(manifest, |manifest, part| manifest.say(LOCALES, format!("counter:{}", it.counter(part)), title))
    });
    let manifest = config.streak.iter().fold(manifest, |manifest, streak| {
        streak.milestones.iter().fold(manifest.table(LOCALES, STREAKS), |manifest, it| {
            manifest.say(LOCALES, format!("badge:{}", it.badge()), |locale| locale.fill(&STREAK_BADGE, &[("weeks", it.weeks.into())]))
        })
    });
    let manifest = config.levels.iter().fold(manifest, |manifest, it| {
        let titled = |phrase: &'static Phrase| move |locale: Locale| locale.fill(phrase, &[("title", it.title.at(locale.tag()).into())]);
        let title = |locale: Locale| it.title.at(locale.tag()).to_owned();
        manifest
            .say(LOCALES, format!("level:{}", it.id), titled(&REACHED))
            .say(LOCALES, format!("for-level:{}", it.id), titled(&FOR_LEVEL))
            .say(LOCALES, format!("reward:{}", it.id), title)
            .say(LOCALES, format!("badge:{}", it.id), title)
    });
    let manifest = config.exclusives.iter().fold(manifest, |manifest, it| it.reward.declare(manifest, LOCALES));
    manifest.say(LOCALES, "terms", |locale| terms(config, locale))
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let money = |minor| Money::new(minor, config.currency);
    let mut terms = vec![locale.fill(&EARN, &[("points", config.earn.points.into()), ("spend", money(config.earn.minor).into())])];
    terms.extend(config.excluded.named(locale).map(|goods| locale.fill(&EXCLUDED, &[("goods", goods.into())])));
    terms.extend(config.challenges.iter().map(|it| challenge(it, locale)));
    if let Some(streak) = &config.streak {
        let given: Vec<String> = streak.milestones.iter().map(|it| format!("{} → {}", it.weeks, it.points)).collect();
        terms.push(format!("{} {}.", locale.fill(&STREAK, &[("minimum", money(streak.minimum).into())]), given.join(", ")));
    }
    if !config.levels.is_empty() {
        let from: Vec<String> = config.levels.iter().map(|it| format!("{} {}", it.title.at(locale.tag()), it.from)).collect();
        let levels = locale.fill(&LEVELS, &[("piece", config.score_per_piece.into())]);
        terms.push(format!("{levels} {}.", from.join(", ")));
    }
    for it in &config.exclusives {
        let level = config.levels.iter().find(|level| level.id == it.level).map_or("", |level| level.title.at(locale.tag()));
        let values = [("title", it.reward.title.at(locale.tag()).into()), ("points", it.reward.points.into()), ("level", level.into())];
        terms.push(locale.fill(&EXCLUSIVE, &values));
    }
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}

fn challenge(it: &Challenge, locale: Locale) -> String {
    let parts = it.parts.iter().map(|part| locale.fill(&PART, &[("needed", part.needed.into()), ("goods", part.goods.names().into())]));
    let parts: Vec<String> = parts.collect();
    let [day, week, month, quarter, year] = &ONCE;
    let window = match it.window {
        Window::Day => day,
        Window::Week => week,
        Window::Month => month,
        Window::Quarter => quarter,
        Window::Year | Window::Lifetime => year,
    };
    let values = [
        ("title", it.title.at(locale.tag()).into()),
        ("window", locale.of(window).into()),
        ("parts", parts.join(" + ").into()),
        ("points", it.points.into()),
    ];
    locale.fill(&CHALLENGE, &values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SCORE, SCORE_MONTH, WEEKS};

    #[test]
    fn every_counter_has_its_words() {
        let said = |name: &str| WORDS.iter().chain(STREAKS).any(|(key, _)| *key == format!("counter:{name}"));
        assert!([SCORE, SCORE_MONTH, WEEKS].iter().all(|name| said(name)));
    }
}
