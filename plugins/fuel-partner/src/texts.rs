//! The program's words, in five languages side by side.

use coalition_sdk::{Locale, Manifest, Money};

use crate::config::Config;

/// The languages, in the order of every phrase.
const LOCALES: [&str; 5] = ["en", "ro", "mk", "pl", "ru"];

type Phrase = [&'static str; 5];

const WORDS: &[(&str, Phrase)] = &[
    ("name", ["Fuel and groceries", "Carburant și cumpărături", "Гориво и намирници", "Paliwo i zakupy", "Топливо и продукты"]),
    ("earned", ["{spend} spent", "Cheltuit: {spend}", "Потрошено: {spend}", "Wydano: {spend}", "Потрачено: {spend}"]),
    (
        "not-for-points",
        [
            "This comes by itself when you fill up, not for points.",
            "Aceasta vine de la sine la alimentare, nu pentru puncte.",
            "Ова доаѓа само по себе при точење, не за поени.",
            "To przychodzi samo przy tankowaniu, nie za punkty.",
            "Это начисляется само при заправке, а не за баллы.",
        ],
    ),
    (
        "counter:visits-elsewhere",
        [
            "Purchases at the partner today",
            "Cumpărături la partener azi",
            "Купувања кај партнерот денес",
            "Zakupy u partnera dzisiaj",
            "Покупки у партнёра сегодня",
        ],
    ),
    (
        "counter:extra",
        [
            "Extra points this month",
            "Puncte în plus luna aceasta",
            "Дополнителни поени овој месец",
            "Dodatkowe punkty w tym miesiącu",
            "Дополнительные баллы в этом месяце",
        ],
    ),
];

const SUMMARY: Phrase = [
    "More points when you fill up soon after {title}.",
    "Mai multe puncte când alimentați curând după {title}.",
    "Повеќе поени кога точите гориво набргу по {title}.",
    "Więcej punktów, gdy tankujesz wkrótce po: {title}.",
    "Больше баллов, если заправиться вскоре после покупки: {title}.",
];

const AFTER: Phrase =
    ["Thanks for {title}", "Mulțumim pentru {title}", "Благодариме за {title}", "Dziękujemy za {title}", "Спасибо за {title}"];

const FILL_UP: Phrase = [
    "Thanks for {title}! Fill up today or in the next days ({days}) for {rate} of the points.",
    "Mulțumim pentru {title}! Alimentați azi sau în zilele următoare ({days}) pentru {rate} din puncte.",
    "Благодариме за {title}! Наточете денес или во следните денови ({days}) за {rate} од поените.",
    "Dziękujemy za {title}! Zatankuj dziś lub w następnych dniach ({days}), a dostaniesz {rate} punktów.",
    "Спасибо за {title}! Заправьтесь сегодня или в следующие дни ({days}) и получите {rate} баллов.",
];

const NOT_NEAR: Phrase = [
    "After {title}, on that day and so many days after it: {days}",
    "După {title}, în acea zi și atâtea zile după ea: {days}",
    "По {title}, тој ден и толку денови потоа: {days}",
    "Po: {title}, tego dnia i przez tyle dni później: {days}",
    "После: {title}, в тот день и столько дней после него: {days}",
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

const NEAR: Phrase = [
    "After {title} for {minimum} and more, it is {rate} of the points, on that day and for {days} {days|day|days} after it.",
    "După {title} de la {minimum} în sus, sunt {rate} din puncte, în acea zi și încă {days} {days|zi|zile|de zile}.",
    "По {title} од {minimum} и повеќе, добивате {rate} од поените, тој ден и уште {days} {days|ден|дена}.",
    "Po: {title} za {minimum} i więcej, dostajesz {rate} punktów, tego dnia i przez {days} {days|następny dzień|następne dni|następnych dni}.",
    "После: {title} от {minimum}, вы получаете {rate} баллов, в тот день и ещё {days} {days|день|дня|дней}.",
];

const GOODS: Phrase =
    ["That is for {goods}.", "Aceasta este pentru {goods}.", "Ова важи за {goods}.", "Dotyczy to: {goods}.", "Это касается: {goods}."];

const MOST: Phrase = [
    "At most {most} {most|extra point|extra points} a month.",
    "Cel mult {most} {most|punct|puncte|de puncte} în plus pe lună.",
    "Најмногу {most} {most|дополнителен поен|дополнителни поени} месечно.",
    "Najwyżej {most} {most|dodatkowy punkt|dodatkowe punkty|dodatkowych punktów} miesięcznie.",
    "Не более {most} {most|дополнительного балла|дополнительных баллов|дополнительных баллов} в месяц.",
];

const SHARED: Phrase = [
    "Both of us pay for it together, as long as its budget lasts.",
    "O plătim împreună, cât ține bugetul.",
    "Го плаќаме заедно, додека трае буџетот.",
    "Płacimy za to wspólnie, dopóki wystarczy budżetu.",
    "Мы платим за это вместе, пока хватает бюджета.",
];

const SERVICE: Phrase = [
    "{title}: {points} {points|point|points}.",
    "{title}: {points} {points|punct|puncte|de puncte}.",
    "{title}: {points} {points|поен|поени}.",
    "{title}: {points} {points|punkt|punkty|punktów}.",
    "{title}: {points} {points|балл|балла|баллов}.",
];

const RETURNS: Phrase = [
    "Of your purchases elsewhere we see the place, the time and the total, and keep that there was one. Goods you return here take their points with them.",
    "Din cumpărăturile dumneavoastră din altă parte vedem locul, ora și totalul și păstrăm doar că a fost una. Produsele returnate aici își pierd punctele.",
    "Од вашите купувања на друго место го гледаме местото, времето и вкупниот износ, и памтиме само дека имало. За вратените производи овде поените се одземаат.",
    "Z zakupów gdzie indziej widzimy miejsce, czas i sumę, a zachowujemy tylko to, że miały miejsce. Towary zwrócone tutaj tracą swoje punkty.",
    "О ваших покупках в другом месте мы видим место, время и сумму, а храним лишь то, что покупка была. За возвращённые здесь товары баллы списываются.",
];

pub fn write(config: &Config, manifest: Manifest) -> Manifest {
    let after = &config.after;
    let title = |locale: Locale| ("title", after.title.at(locale.tag()).into());
    let manifest = manifest
        .table(LOCALES, WORDS)
        .say(LOCALES, "summary", |locale| locale.fill(&SUMMARY, &[title(locale)]))
        .say(LOCALES, "after", |locale| locale.fill(&AFTER, &[title(locale)]))
        .say(LOCALES, "reward:after", |locale| locale.fill(&SUMMARY, &[title(locale)]))
        .say(LOCALES, "fill-up", |locale| locale.fill(&FILL_UP, &[title(locale), ("rate", after.multiplier_bp.into())]))
        .say(LOCALES, "not-near", |locale| locale.fill(&NOT_NEAR, &[title(locale)]));
    let manifest = config.services.iter().fold(manifest, |manifest, it| it.declare(manifest, LOCALES));
    manifest.say(LOCALES, "terms", |locale| terms(config, locale))
}

/// The terms as a customer reads them, with the merchant's own numbers.
fn terms(config: &Config, locale: Locale) -> String {
    let (after, money) = (&config.after, |minor| Money::new(minor, config.currency));
    let mut terms = vec![locale.fill(&EARN, &[("points", config.earn.points.into()), ("spend", money(config.earn.minor).into())])];
    terms.extend(config.excluded.named(locale).map(|goods| locale.fill(&EXCLUDED, &[("goods", goods.into())])));
    let values = [
        ("title", after.title.at(locale.tag()).into()),
        ("minimum", money(after.minimum).into()),
        ("rate", after.multiplier_bp.into()),
        ("days", after.days.into()),
    ];
    terms.push(locale.fill(&NEAR, &values));
    terms.extend(after.goods.iter().map(|goods| locale.fill(&GOODS, &[("goods", goods.names().into())])));
    terms.extend(after.extra_max.map(|most| locale.fill(&MOST, &[("most", most.into())])));
    terms.extend(after.paid_by.iter().map(|_| locale.of(&SHARED).to_owned()));
    let services = config.services.iter();
    terms.extend(services.map(|it| locale.fill(&SERVICE, &[("title", it.title.at(locale.tag()).into()), ("points", it.points.into())])));
    terms.push(locale.of(&RETURNS).to_owned());
    terms.join(" ")
}
