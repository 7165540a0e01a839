// What the SDK itself may say, in the languages it knows: messages that its own refusals use. A program that wants other words has a text under the same key.
// The same words as those of the SDK for Rust.

const LANGUAGES = ['en', 'ro', 'mk', 'pl', 'ru'];

const ALWAYS = [
  ['no-such-reward', [
    'There is no reward {reward}.',
    'Nu există recompensa {reward}.',
    'Не постои награда {reward}.',
    'Nie ma nagrody {reward}.',
    'Награды {reward} нет.',
  ]],
];

/** For programs that have rewards. */
const REWARDS = [
  ['more-points', [
    'Points still missing: {missing}',
    'Puncte care mai lipsesc: {missing}',
    'Поени што уште недостасуваат: {missing}',
    'Brakujące punkty: {missing}',
    'Не хватает баллов: {missing}',
  ]],
];

/** For those where points pay at the till. */
const PAY = [
  ['reward:pay-with-points', [
    'Pay with points',
    'Plată cu puncte',
    'Плаќање со поени',
    'Płatność punktami',
    'Оплата баллами',
  ]],
  ['amount-needed', [
    'Say how much is to be paid with points.',
    'Spuneți ce sumă se plătește cu puncte.',
    'Кажете колкав износ се плаќа со поени.',
    'Podaj kwotę do zapłacenia punktami.',
    'Укажите, какую сумму оплатить баллами.',
  ]],
  ['below-minimum', [
    'At least {minimum} points at a time.',
    'Minimum de puncte la o plată: {minimum}.',
    'Најмалку поени за едно плаќање: {minimum}.',
    'Minimalna liczba punktów na jedną płatność: {minimum}.',
    'Минимум баллов за одну оплату: {minimum}.',
  ]],
  ['other-currency', [
    'Points pay amounts in {currency} here.',
    'Aici se plătesc cu puncte sume în {currency}.',
    'Овде со поени се плаќаат износи во {currency}.',
    'Tutaj punktami płaci się kwoty w {currency}.',
    'Здесь баллами оплачивают суммы в {currency}.',
  ]],
  ['pay', [
    'Pay with points, {points} for {value}',
    'Plată cu puncte: {points} pentru {value}',
    'Плаќање со поени: {points} за {value}',
    'Płatność punktami: {points} za {value}',
    'Оплата баллами: {points} за {value}',
  ]],
];

const PAY_ID = 'pay-with-points';

/** Adds the words that the SDK may say to a manifest, where the program has none of its own. All locales say the same things, so each has them. */
export function complete(manifest) {
  const { record } = manifest;
  const pays = record.rewards.some(({ id }) => id === PAY_ID);
  for (const [key, each] of [...ALWAYS, ...(record.rewards.length > 0 ? REWARDS : []), ...(pays ? PAY : [])]) {
    if (record.texts.some((texts) => texts.entries.some(([known]) => known === key))) continue;
    const locales = record.texts.length > 0 ? record.texts.map(({ locale }) => locale) : ['en'];
    for (const locale of locales) manifest.text(locale, key, each[Math.max(0, LANGUAGES.indexOf(locale.split('-')[0]))]);
  }
}
