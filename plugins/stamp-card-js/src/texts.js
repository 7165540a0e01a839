// The program's words, in five languages: what is the same for all cards, and what is said of each with the merchant's own words. Those of stamp-card.

import { Money, fill } from '@coalition/sdk';

import { counterOf } from './config.js';

const LOCALES = ['en', 'ro', 'mk', 'pl', 'ru'];

const TEXTS = [
  ['name', [
    'Stamp card',
    'Card cu ștampile',
    'Картичка со печати',
    'Karta z pieczątkami',
    'Карта со штампами',
  ]],
  ['summary', [
    'So many stamps, and the next one is free.',
    'Strângeți ștampilele, iar următorul produs este gratuit.',
    'Соберете ги печатите и следното е бесплатно.',
    'Zbierz pieczątki, a następne jest za darmo.',
    'Соберите штампы, и следующее бесплатно.',
  ]],
  ['badge:first-card', [
    'First full card',
    'Primul card plin',
    'Прва полна картичка',
    'Pierwsza pełna karta',
    'Первая полная карта',
  ]],
  ['missing', [
    'Stamps still missing: {missing}',
    'Ștampile care mai lipsesc: {missing}',
    'Печати што уште недостасуваат: {missing}',
    'Brakujące pieczątki: {missing}',
    'Не хватает штампов: {missing}',
  ]],
  ['full-card-only', [
    'This comes with a full card, not for points.',
    'Se primește pentru un card plin, nu pentru puncte.',
    'Ова се добива за полна картичка, не за поени.',
    'To się należy za pełną kartę, nie za punkty.',
    'Это дают за полную карту, а не за баллы.',
  ]],
];

/** What is said of each card, filled with its title and what it gives. */
const OF_A_CARD = [
  ['card', [
    '{title}: {gives}',
    '{title}: {gives}',
    '{title}: {gives}',
    '{title}: {gives}',
    '{title}: {gives}',
  ]],
  ['reward', [
    '{gives}',
    '{gives}',
    '{gives}',
    '{gives}',
    '{gives}',
  ]],
  ['counter:stamps', [
    '{title}',
    '{title}',
    '{title}',
    '{title}',
    '{title}',
  ]],
  ['stamped', [
    'Stamps on “{title}”: {stamps}',
    'Ștampile pe „{title}”: {stamps}',
    'Печати на „{title}“: {stamps}',
    'Pieczątki na „{title}”: {stamps}',
    'Штампы на «{title}»: {stamps}',
  ]],
  ['full', [
    '“{title}” is full: {gives}',
    '„{title}” este plin: {gives}',
    '„{title}“ е полна: {gives}',
    '„{title}”: komplet pieczątek. Nagroda: {gives}',
    '«{title}»: все штампы собраны. Награда: {gives}',
  ]],
  ['one-more', [
    'One more stamp and “{title}” is full: {gives}',
    'Încă o ștampilă și „{title}” este plin: {gives}',
    'Уште еден печат и „{title}“ е полна: {gives}',
    '„{title}”: brakuje jednej pieczątki. Nagroda: {gives}',
    '«{title}»: остался один штамп. Награда: {gives}',
  ]],
  ['taken-back', [
    'What you returned had filled “{title}”: {gives} goes back with it.',
    'Ce ați returnat umpluse „{title}”; se retrage: {gives}.',
    'Она што го вративте ја пополни „{title}“; со него се враќа и: {gives}.',
    'Zwrócony towar dopełniał „{title}”; cofnięto: {gives}.',
    'Возвращённым была заполнена «{title}»; вместе с ним снимается: {gives}.',
  ]],
];

const PIECES = [
  '{title}: a stamp for every piece.',
  '{title}: o ștampilă pentru fiecare bucată.',
  '{title}: печат за секое парче.',
  '{title}: pieczątka za każdą sztukę.',
  '{title}: штамп за каждую штуку.',
];
const VISITS = [
  '{title}: a stamp for every visit.',
  '{title}: o ștampilă la fiecare vizită.',
  '{title}: печат за секоја посета.',
  '{title}: pieczątka za każdą wizytę.',
  '{title}: штамп за каждое посещение.',
];
const AMOUNTS = [
  '{title}: a stamp for every {per} spent.',
  '{title}: o ștampilă pentru fiecare {per} cheltuiți.',
  '{title}: печат за секои потрошени {per}.',
  '{title}: pieczątka za każde wydane {per}.',
  '{title}: штамп за каждые потраченные {per}.',
];
const GOODS = [
  'What counts: {goods}.',
  'Se socotesc: {goods}.',
  'Се бројат: {goods}.',
  'Liczą się: {goods}.',
  'Засчитываются: {goods}.',
];
const MINIMUM = [
  'From {minimum} on.',
  'De la {minimum} în sus.',
  'Од {minimum} нагоре.',
  'Od kwoty {minimum}.',
  'На сумму от {minimum}.',
];
const GIVES = [
  '{needed} stamps give {gives}, to be fetched within {days} {days|day|days}.',
  '{needed} {needed|ștampilă aduce|ștampile aduc|de ștampile aduc}: {gives}, de ridicat în {days} {days|zi|zile|de zile}.',
  '{needed} {needed|печат носи|печати носат}: {gives}; се подига во рок од {days} {days|ден|дена}.',
  '{needed} {needed|pieczątka daje|pieczątki dają|pieczątek daje}: {gives}, do odebrania w ciągu {days} {days|dnia|dni|dni}.',
  '{needed} {needed|штамп даёт|штампа дают|штампов дают}: {gives}; забрать нужно в течение {days} {days|дня|дней|дней}.',
];
const WORTH = [
  'It is worth up to {worth}.',
  'Valorează până la {worth}.',
  'Вреди до {worth}.',
  'Wartość nagrody: do {worth}.',
  'Стоимость награды: до {worth}.',
];
const POINTS = [
  'Each stamp earns {points} {points|point|points} besides.',
  'Fiecare ștampilă mai aduce {points} {points|punct|puncte|de puncte}.',
  'Секој печат носи и {points} {points|поен|поени}.',
  'Każda pieczątka daje też {points} {points|punkt|punkty|punktów}.',
  'Каждый штамп приносит ещё {points} {points|балл|балла|баллов}.',
];
const RETURNS = [
  'Goods you return take their stamps with them.',
  'Produsele returnate își iau ștampilele cu ele.',
  'Вратените производи ги земаат со себе своите печати.',
  'Zwrócone towary zabierają ze sobą swoje pieczątki.',
  'Вместе с возвращённым товаром снимаются его штампы.',
];

/** Writes all of them into the manifest. */
export function write(config, manifest) {
  const say = (key, make) => LOCALES.forEach((locale, index) => manifest.text(locale, key, make(locale, index)));
  for (const [key, phrase] of TEXTS) say(key, (_, index) => phrase[index]);
  say('terms', (locale, index) => terms(config, locale, index));
  for (const card of config.cards) {
    for (const [what, phrase] of OF_A_CARD) {
      // Of a counter the name is the manifest's: stamps-ID.
      const key = what === 'counter:stamps' ? `counter:${counterOf(card)}` : `${what}:${card.id}`;
      say(key, (locale, index) => fill(locale, phrase[index], { title: card.title.at(locale), gives: card.gives.at(locale) }));
    }
  }
}

/** The terms as a customer reads them. */
function terms(config, locale, index) {
  const texts = config.cards.flatMap((card) => ofACard(card, config, locale, index));
  if (config.points_per_stamp > 0n) texts.push(fill(locale, POINTS[index], { points: config.points_per_stamp }));
  texts.push(RETURNS[index]);
  return texts.join(' ');
}

function ofACard(card, config, locale, index) {
  const money = (minor) => Money.of(minor, config.currency);
  const what = { pieces: PIECES, visits: VISITS, amounts: AMOUNTS }[card.counts];
  const texts = [fill(locale, what[index], { title: card.title.at(locale), per: money(card.per) })];
  const names = [...card.goods.categories, ...card.goods.skus].map((name) => name.replace(/\*+$/, ''));
  if (names.every((name) => name !== '')) texts.push(fill(locale, GOODS[index], { goods: names.join(', ') }));
  if (card.minimum > 0n) texts.push(fill(locale, MINIMUM[index], { minimum: money(card.minimum) }));
  texts.push(fill(locale, GIVES[index], { needed: card.needed, gives: card.gives.at(locale), days: card.voucher_days }));
  if (card.worth !== null) texts.push(fill(locale, WORTH[index], { worth: money(card.worth) }));
  return texts;
}
