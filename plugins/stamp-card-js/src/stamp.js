// What one purchase does to one card.

import { Money, Points, afterDays, divFloor, message, modFloor, mulDiv } from '@coalition/sdk';

import { counterOf } from './config.js';

/** A configuration that asks for fewer stamps than before may make many vouchers due at once; the rest follow with the next purchases. With seven effects a card,
 * eight cards and a badge stay within the gateway's 64. */
const VOUCHERS_MAX = 4n;

/** Stamps the card; whether it was full at least once, with what is left of all that was bought. */
export function stamp(given, card, effects) {
  const { purchase, config } = given;
  const lines = purchase.lines.filter((line) => line.amount > 0n && card.goods.has(line));
  const stamps = min(stampsFor(purchase, lines, card), card.stamps_max);
  if (stamps === 0n) return false;

  effects.progress(counterOf(card), stamps);
  const points = Points.of(config.points_per_stamp).times(stamps);
  effects.award(counterOf(card), points, message(says('stamped', card), { stamps }), { lines: lines.map(({ number }) => number) });
  return settle(stamps, given, card, effects);
}

/** Gives what is due for the stamps on the card with `more` of them, or takes back what is no longer; whether it was full at least once. */
export function settle(more, { member, config }, card, effects) {
  const have = onCard(card, member) + more;
  const due = divFloor(have, card.needed);
  if (due < 0n) takeBack(-due, member, card, effects);
  for (let number = 1n; number <= min(due, VOUCHERS_MAX); number += 1n) {
    effects.issueVoucher(`${card.id}-${number}`, card.id, says('full', card), {
      value: worthOf(card, config),
      expires: afterDays(card.voucher_days),
      attributes: { text: card.gives.at('en'), 'x-goods': card.goods.listed },
    });
  }
  if (more > 0n && due >= 0n && modFloor(have, card.needed) === card.needed - 1n) effects.tell(says('one-more', card));
  return member.vouchersIssued(card.id) + due > 0n;
}

/** Goods came back that an earlier purchase had counted on to fill its card: what is still unused of the vouchers beyond those due goes back, the newest first. */
function takeBack(surplus, member, card, effects) {
  const open = member.openVouchers(card.id);
  const newest = [...open].reverse().slice(0, Number(min(surplus, VOUCHERS_MAX)));
  for (const voucher of newest) effects.revokeVoucher(voucher);
  if (open.length > 0) effects.tell(says('taken-back', card));
}

/** Stamps on the card that is being filled: all of them less those that vouchers were issued for. Below zero when a voucher was used and its goods came back. */
export function onCard(card, member) {
  return member.counter(counterOf(card)) - member.vouchersIssued(card.id) * card.needed;
}

/** The most that a full card is worth, if that is said. */
export const worthOf = (card, config) => (card.worth === null ? undefined : Money.of(card.worth, config.currency));

/** The key of what is said about a card. */
export const says = (what, card) => `${what}:${card.id}`;

function stampsFor(purchase, lines, card) {
  // A till that sends totals only can't say which goods.
  const totalOnly = purchase.lines.length === 0;
  switch (card.counts) {
    case 'visits': {
      const hasGoods = lines.length > 0 || totalOnly;
      return hasGoods && purchase.total > 0n && purchase.total >= card.minimum ? 1n : 0n;
    }
    case 'pieces': {
      // What is weighed or measured is one piece, at the price of the line.
      const pieces = (line) => (line.pieces > 1n ? line.pieces : 1n);
      return lines.filter((line) => line.amount >= card.minimum * pieces(line)).reduce((sum, line) => sum + pieces(line), 0n);
    }
    default: {
      // Rounded down once, on the sum.
      const spent = totalOnly ? purchase.total : Money.sum(purchase.currency, lines.map((line) => line.amount));
      return spent < card.minimum || spent < 0n ? 0n : mulDiv(spent.minor, 1n, card.per, 'floor');
    }
  }
}

const min = (one, other) => (one < other ? one : other);
