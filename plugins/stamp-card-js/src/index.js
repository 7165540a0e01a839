// Stamp cards: so many pieces or visits, and the next one is free. The cards are derived: stamps are a counter that the gateway can take back, and what is due is
// stamps ÷ needed less the vouchers already issued, in both directions. So a card after a return is the card of somebody who never bought what came back. The twin
// of plugins/stamp-card: the same cases give the same effects, byte for byte.

import { Refusal, message, offer, program } from '@coalition/sdk';

import { Config, check, counterOf } from './config.js';
import { onCard, says, settle, stamp, worthOf } from './stamp.js';
import { write } from './texts.js';

/** The badge of the first full card. */
const BADGE = 'first-card';

function decide(given, effects, card) {
  const { config, member } = given;
  const full = config.cards.map(card);
  if (full.includes(true) && config.badge && !member.hasBadge(BADGE)) effects.grantBadge(BADGE);
}

export default program({
  name: 'stamp-card',
  version: '1.0.0',
  settings: Config,
  check,

  describe(config, manifest) {
    manifest.needs('counters', 'vouchers', 'badges').badges(BADGE);
    for (const card of config.cards) manifest.counter(counterOf(card), 'lifetime').reward(card.id, 'free-product');
    write(config, manifest);
  },

  on: {
    purchase(given, effects) {
      decide(given, effects, (card) => stamp(given, card, effects));
    },
    // The gateway has taken the stamps back; the vouchers that they filled the card for follow.
    refund(given, effects) {
      decide(given, effects, (card) => settle(0n, given, card, effects));
    },
  },

  offers({ member, config }) {
    return config.cards.map((card) => {
      const value = worthOf(card, config);
      if (member.openVouchers(card.id).length > 0) return offer(card.id, says('card', card), { value });
      const have = onCard(card, member);
      const target = { have: have < 0n ? 0n : have, need: card.needed, unit: 'stamps' };
      return offer(card.id, says('card', card), { value, notYet: message('missing', { missing: card.needed - have }), target });
    });
  },

  quote({ reward, config }) {
    const known = config.cards.some((card) => card.id === reward);
    throw known ? new Refusal('not-eligible', 'full-card-only') : Refusal.noSuchReward(reward);
  },
});
