//! The program's words, in five languages side by side.

use coalition_sdk::{Locale, Manifest, Money};

use crate::config::Config;

/// The languages, in the order of every phrase.
const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const WORDS: &[(&str, Phrase)] = &[
    ("name", ["Give with points", "Dăruiți cu puncte", "Дарувајте со поени", "Pomagaj punktami", "Помогайте баллами"]),
    (
        "summary",
        [
            "Give your points to a cause, and earn more with what is kinder to the planet.",
            "Dăruiți punctele unei cauze și primiți mai multe pentru ce este mai blând cu planeta.",
            "Дарувајте ги поените за добра цел и добивајте повеќе за она што е подобро за планетата.",
            "Przekaż punkty na szczytny cel i zdobywaj więcej za to, co lepsze dla planety.",
            "Отдавайте баллы на доброе дело и получайте больше за то, что бережнее к планете.",
        ],
    ),
    ("earned", ["{spend} spent", "Cheltuit: {spend}", "Потрошено: {spend}", "Wydano: {spend}", "Потрачено: {spend}"]),
    (
        "own-bag",
        ["Your own bag or cup", "Punga sau cana dumneavoastră", "Вашата торба или чаша", "Własna torba lub kubek", "Своя сумка или кружка"],
    ),
    (
        "brought",
        [
            "Thanks for what you brought",
            "Mulțumim pentru ce ați adus",
            "Благодариме за донесеното",
            "Dziękujemy za przyniesione rzeczy",
            "Спасибо за принесённые вещи",
        ],
    ),
    (
        "thanks",
        [
            "Thank you! Points given: {points}; with our part they are {value}.",
            "Vă mulțumim! Puncte dăruite: {points}; cu partea noastră înseamnă {value}.",
            "Ви благодариме! Дарувани поени: {points}; со нашиот дел тоа се {value}.",
            "Dziękujemy! Przekazane punkty: {points}; z naszą częścią to {value}.",
            "Спасибо! Отдано баллов: {points}; с нашей частью это {value}.",
        ],
    ),
    (
        "nothing-to-round",
        [
            "There is nothing to round up.",
            "Nu este nimic de rotunjit.",
            "Нема што да се заокружи.",
            "Nie ma czego zaokrąglać.",
            "Округлять нечего.",
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
    ("badge:donor", ["Donor of the year", "Donator al anului", "Дарител на годината", "Darczyńca roku", "Даритель года"]),
    (
        "counter:given",
        [
            "Points given this year",
            "Puncte dăruite anul acesta",
            "Дарувани поени оваа година",
            "Punkty przekazane w tym roku",
            "Баллов отдано в этом году",
        ],
    ),
    ("counter:own-bags", ["Own bags today", "Pungi proprii azi", "Сопствени торби денес", "Własne torby dzisiaj", "Свои сумки сегодня"]),
    (
        "counter:brought",
        ["Brought this month", "Aduse luna aceasta", "Донесено овој месец", "Przyniesione w tym miesiącu", "Принесено в этом месяце"],
    ),
];

const ROUND: (&str, Phrase) = (
    "reward:round-up",
    [
        "Round up my purchase",
        "Rotunjiți cumpărătura mea",
        "Заокружете ја мојата купувачка",
        "Zaokrąglij moje zakupy",
        "Округлить мою покупку",
    ],
);

const ECO: Phrase = [
    "More points for {title}",
    "Mai multe puncte pentru {title}",
    "Повеќе поени за {title}",
    "Więcej punktów za {title}",
    "Больше баллов за {title}",
];

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

const MORE: Phrase = [
    "{rate} of the points for {title}.",
    "{rate} din puncte pentru {title}.",
    "{rate} од поените за {title}.",
    "{rate} punktów za {title}.",
    "{rate} баллов за {title}.",
];

const BAG: Phrase = [
    "Your own bag or cup brings {points} {points|point|points}, once a day.",
    "Punga sau cana proprie aduce {points} {points|punct|puncte|de puncte}, o dată pe zi.",
    "Сопствена торба или чаша носи {points} {points|поен|поени}, еднаш дневно.",
    "Własna torba lub kubek daje {points} {points|punkt|punkty|punktów}, raz dziennie.",
    "Своя сумка или кружка приносит {points} {points|балл|балла|баллов}, раз в день.",
];

const BROUGHT: Phrase = [
    "What you bring for others, such as clothes, brings {points} {points|point|points}, at most {most} {most|time|times} a month.",
    "Ce aduceți pentru alții, precum haine, aduce {points} {points|punct|puncte|de puncte}, de cel mult {most} ori pe lună.",
    "Она што го носите за други, на пример облека, носи {points} {points|поен|поени}, најмногу {most} {most|пат|пати} месечно.",
    "To, co przynosisz dla innych, na przykład ubrania, daje {points} {points|punkt|punkty|punktów}, najwyżej {most} {most|raz|razy|razy} w miesiącu.",
    "То, что вы приносите для других, например одежду, даёт {points} {points|балл|балла|баллов}, не более {most} {most|раза|раз|раз} в месяц.",
];

const GIVE: Phrase = [
    "You can give points to: {causes}; {points} {points|point is|points are} worth {value}.",
    "Puteți dărui puncte pentru: {causes}; {points} {points|punct valorează|puncte valorează|de puncte valorează} {value}.",
    "Можете да дарувате поени за: {causes}; {points} {points|поен вреди|поени вредат} {value}.",
    "Punkty możesz przekazać na: {causes}; {points} {points|punkt jest wart|punkty są warte|punktów jest warte} {value}.",
    "Баллы можно отдать на: {causes}; {points} {points|балл стоит|балла стоят|баллов стоят} {value}.",
];

const MATCH: Phrase = [
    "We add {rate} to each amount that you give.",
    "Adăugăm {rate} la fiecare sumă pe care o dăruiți.",
    "Додаваме {rate} на секој износ што го дарувате.",
    "Do każdej przekazanej kwoty dokładamy {rate}.",
    "К каждой отданной сумме мы добавляем {rate}.",
];

const GIFT: Phrase = [
    "{title}: {points} {points|point|points}.",
    "{title}: {points} {points|punct|puncte|de puncte}.",
    "{title}: {points} {points|поен|поени}.",
    "{title}: {points} {points|punkt|punkty|punktów}.",
    "{title}: {points} {points|балл|балла|баллов}.",
];

const ROUNDING: Phrase = [
    "At the till you can round up to the next {unit}, for {cause}.",
    "La casă puteți rotunji la următorul {unit}, pentru {cause}.",
    "На касата можете да заокружите до следните {unit}, за {cause}.",
    "Przy kasie możesz zaokrąglić do następnych {unit}, na: {cause}.",
    "На кассе можно округлить до следующих {unit}, в пользу: {cause}.",
];

const RETURNS: Phrase = [
    "Goods you return take their points with them. What was given stays given, unless the till reverses it.",
    "Produsele returnate își pierd punctele. Ce s-a dăruit rămâne dăruit, dacă nu este anulat la casă.",
    "За вратените производи поените се одземаат. Даруваното останува дарувано, освен ако касата не го поништи.",
    "Zwrócone towary tracą swoje punkty. Co przekazano, pozostaje przekazane, chyba że kasa to cofnie.",
    "За возвращённые товары баллы списываются. Отданное остаётся отданным, если касса это не отменит.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let mut manifest = manifest.table(LOCALES, WORDS);
    if config.round_up.is_some() {
        manifest = manifest.table(LOCALES, &[ROUND]);
    }
    if let Some(eco) = &config.eco {
        manifest = manifest.say(LOCALES, "eco", |locale| locale.fill(&ECO, &[("title", eco.title.at(locale.tag()).into())]));
    }
    let manifest = config
        .causes
        .iter()
        .fold(manifest, |manifest, it| manifest.say(LOCALES, format!("reward:{}", it.id), |locale| it.title.at(locale.tag()).to_owned()));
    let manifest = config.gifts.iter().fold(manifest, |manifest, it| it.declare(manifest, LOCALES));
    manifest.say(LOCALES, "terms", |locale| terms(config, locale))
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let money = |minor| Money::new(minor, config.currency);
    let mut terms = vec![locale.fill(&EARN, &[("points", config.earn.points.into()), ("spend", money(config.earn.minor).into())])];
    terms.extend(config.excluded.named(locale).map(|goods| locale.fill(&EXCLUDED, &[("goods", goods.into())])));
    if let Some(eco) = &config.eco {
        terms.push(locale.fill(&MORE, &[("rate", eco.multiplier_bp.into()), ("title", eco.title.at(locale.tag()).into())]));
    }
    if config.own_bag_points > 0 {
        terms.push(locale.fill(&BAG, &[("points", config.own_bag_points.into())]));
    }
    if let Some(brought) = &config.brought {
        terms.push(locale.fill(&BROUGHT, &[("points", brought.points.into()), ("most", brought.a_month.into())]));
    }
    if !config.causes.is_empty() {
        let causes: Vec<&str> = config.causes.iter().map(|it| it.title.at(locale.tag())).collect();
        let values =
            [("causes", causes.join(", ").into()), ("points", config.rate.points.into()), ("value", money(config.rate.minor).into())];
        terms.push(locale.fill(&GIVE, &values));
        if config.match_bp.get() > 0 {
            terms.push(locale.fill(&MATCH, &[("rate", config.match_bp.into())]));
        }
    }
    terms.extend(
        config.gifts.iter().map(|it| locale.fill(&GIFT, &[("title", it.title.at(locale.tag()).into()), ("points", it.points.into())])),
    );
    if let Some((round_up, cause)) = config.round_up.as_ref().and_then(|it| config.cause(&it.cause).map(|cause| (it, cause))) {
        let values = [("unit", money(round_up.unit).into()), ("cause", cause.title.at(locale.tag()).into())];
        terms.push(locale.fill(&ROUNDING, &values));
    }
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}
