// What a merchant can change. As it comes, every tenth visit is rewarded. The same settings as those of stamp-card, word for word.

import { MOST, setting, settings } from '@coalition/sdk';

const TITLE = { en: "Visitor's card", ro: 'Cardul vizitatorului', mk: 'Картичка за посети', pl: 'Karta gościa', ru: 'Карта гостя' };
const GIVES = {
  en: '5.00 off your tenth visit',
  ro: '5.00 reducere la a zecea vizită',
  mk: '5.00 попуст при десеттата посета',
  pl: '5.00 zniżki przy dziesiątej wizycie',
  ru: 'скидка 5.00 на десятое посещение',
};

const Card = settings('A card.', {
  id: setting.id('Its own among the cards. A changed id is a new card, empty for everybody.'),
  title: setting.words('What members read, such as "Coffee card".', { min: 1, max: 80 }),
  counts: setting.choice('What has a stamp.', ['pieces', 'visits', 'amounts'], { default: 'pieces' }),
  per: setting.whole('How much has a stamp where amounts are counted, in minor units; a begun one has none.', { default: 1_000, min: 1, max: MOST }),
  goods: setting.selection('Which goods; of a visit at least one of them.', { default: { categories: ['*'] } }),
  needed: setting.count('How many stamps fill the card; the next one is free.', { default: 9, min: 2, max: 100 }),
  minimum: setting.whole(
    'A piece, or a purchase, for less than this many minor units has no stamp. What was free has none in any case.',
    { default: 0, min: 0, max: MOST },
  ),
  stamps_max: setting.count('At most so many stamps for one purchase.', { default: 20, min: 1, max: 20 }),
  gives: setting.words('What a full card gives, such as "a coffee of your choice".', { min: 1, max: 120 }),
  worth: setting.optional(
    'The dearest that can be chosen for it, in minor units; null: whatever it costs.', setting.whole('', { min: 1, max: MOST }), { default: null },
  ),
  voucher_days: setting.count('How many days it can be fetched.', { default: 60, min: 1, max: 3_650 }),
});

export const Config = settings('Stamp cards: so many stamps, and the next one is free.', {
  currency: setting.currency('The currency of the amounts below.', { default: 'USD' }),
  cards: setting.list('The cards; each has its own stamps.', Card, {
    default: [{
      id: 'visits', title: TITLE, counts: 'visits', per: 1_000, goods: { categories: ['*'] }, needed: 9, minimum: 500, stamps_max: 1, gives: GIVES, worth: 500,
      voucher_days: 60,
    }],
    min: 1,
    max: 8,
  }),
  points_per_stamp: setting.count('Points that each stamp earns besides; 0: none.', { default: 2, min: 0, max: 10_000 }),
  badge: setting.flag('Whether the first full card earns a badge.', { default: true }),
});

/** What types and bounds can't say. */
export function check(config, problems) {
  config.cards.forEach((card, index) => {
    const first = config.cards.findIndex(({ id }) => id === card.id);
    problems.unless(first === index, `/cards/${index}/id`, 'used by another card');
    problems.unless(!card.goods.isEmpty, `/cards/${index}/goods`, 'name at least one category or article; * means all');
  });
}

/** The counter of a card's stamps. */
export const counterOf = (card) => `stamps-${card.id}`;
