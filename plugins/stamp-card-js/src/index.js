// Stamp cards: so many pieces or visits, and the next one is free. The cards are derived: stamps are a counter that the gateway can take back, and what is
// due is stamps ÷ needed less the vouchers already issued, in both directions. So a card after a return is the card of somebody who never bought what came
// back. The twin of plugins/stamp-card: the same cases give the same effects, byte for byte.

import { Money, Refusal, message, offer, program } from '@coalition/sdk';

import { Config, check, counterOf } from './config.js';
import { onCard, stamp, worthOf } from './stamp.js';

/** The badge of the first full card. */
const BADGE = 'first-card';

const ENGLISH = {
  name: 'Stamp card',
  summary: 'So many stamps, and the next one is free.',
  'badge:first-card': 'First full card',
  card: '{title}: {gives}',
  stamped: 'Stamps on your {title}: {stamps}',
  full: 'Your {title} is full: {gives}',
  'one-more': 'One more stamp and your {title} is full: {gives}',
  'taken-back': 'What you returned had filled your {title}: {gives} goes back with it.',
  missing: 'Stamps still missing: {missing}',
  'full-card-only': 'This comes with a full card, not for points.',
};

export default program({
  name: 'stamp-card',
  version: '1.0.0',
  settings: Config,
  check,
  texts: { en: ENGLISH },

  describe(config, manifest) {
    manifest.needs('counters', 'vouchers', 'badges').badges(BADGE).text('en', 'terms', terms(config));
    for (const card of config.cards) {
      manifest.counter(counterOf(card), 'lifetime').reward(card.id, 'free-product');
      manifest.text('en', `reward:${card.id}`, card.gives).text('en', `counter:${counterOf(card)}`, card.title);
    }
  },

  on: {
    purchase(given, effects) {
      const { config, member } = given;
      const full = config.cards.map((card) => stamp(given, card, effects));
      if (full.includes(true) && config.badge && !member.hasBadge(BADGE)) effects.grantBadge(BADGE);
    },
  },

  offers({ member, config }) {
    return config.cards.map((card) => {
      const title = message('card', { title: card.title, gives: card.gives });
      const value = worthOf(card, config);
      if (member.openVouchers(card.id).length > 0) return offer(card.id, title, { value });
      const have = onCard(card, member);
      const target = { have: have < 0n ? 0n : have, need: card.needed, unit: 'stamps' };
      return offer(card.id, title, { value, notYet: message('missing', { missing: card.needed - have }), target });
    });
  },

  quote({ reward, config }) {
    const known = config.cards.some((card) => card.id === reward);
    throw known ? new Refusal('not-eligible', 'full-card-only') : Refusal.noSuchReward(reward);
  },
});

/** The terms as a customer reads them. */
function terms(config) {
  const texts = config.cards.map((card) => {
    const names = [...card.goods.categories, ...card.goods.skus].map((name) => name.replace(/\*+$/, ''));
    const goods = names.every((name) => name !== '') ? ` with ${names.join(', ')}` : '';
    const from = card.minimum > 0n ? ` from ${Money.of(card.minimum, config.currency)} on` : '';
    const what = card.counts === 'visits' ? 'Each visit' : 'Each piece';
    return `${card.title}: ${what}${goods}${from} has a stamp; ${card.needed} stamps give ${card.gives}, to be fetched within ${card.voucher_days} days.`;
  });
  if (config.points_per_stamp > 0n) texts.push(`Each stamp earns ${config.points_per_stamp} points besides.`);
  texts.push('Goods you return take their stamps with them.');
  return texts.join(' ');
}
