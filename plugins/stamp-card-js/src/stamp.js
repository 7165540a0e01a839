// What one purchase does to one card.

import { Money, Points, afterDays, divFloor, message, modFloor } from '@coalition/sdk';

import { counterOf } from './config.js';

/** A configuration that asks for fewer stamps than before may make many vouchers due at once; the rest follow with the next purchases. With seven
 * effects a card, eight cards and a badge stay within the gateway's 64. */
const VOUCHERS_MAX = 4n;

/** Stamps the card; whether it was full at least once, with what is left of all that was bought. */
export function stamp({ purchase, member, config }, card, effects) {
  const lines = purchase.lines.filter((line) => line.amount > 0n && card.goods.has(line));
  const stamps = min(stampsFor(purchase, lines, card), card.stamps_max);
  if (stamps === 0n) return false;

  effects.progress(counterOf(card), stamps);
  const points = Points.of(config.points_per_stamp).times(stamps);
  effects.award(counterOf(card), points, message('stamped', { title: card.title, stamps }), { lines: lines.map(({ number }) => number) });

  const have = onCard(card, member) + stamps;
  const due = divFloor(have, card.needed);
  if (due < 0n) takeBack(-due, member, card, effects);
  for (let number = 1n; number <= min(due, VOUCHERS_MAX); number += 1n) {
    effects.issueVoucher(`${card.id}-${number}`, card.id, about('full', card), {
      value: worthOf(card, config),
      expires: afterDays(card.voucher_days),
      attributes: { text: card.gives },
    });
  }
  if (due >= 0n && modFloor(have, card.needed) === card.needed - 1n) effects.tell(about('one-more', card));
  return member.vouchersIssued(card.id) + due > 0n;
}

/** Goods came back that an earlier purchase had counted on to fill its card: what is still unused of the vouchers beyond those due goes back, the newest
 * first. */
function takeBack(surplus, member, card, effects) {
  const open = member.openVouchers(card.id);
  const newest = [...open].reverse().slice(0, Number(min(surplus, VOUCHERS_MAX)));
  for (const voucher of newest) effects.revokeVoucher(voucher);
  if (open.length > 0) effects.tell(about('taken-back', card));
}

/** Stamps on the card that is being filled: all of them less those that vouchers were issued for. Below zero when a voucher was used and its goods came
 * back. */
export function onCard(card, member) {
  return member.counter(counterOf(card)) - member.vouchersIssued(card.id) * card.needed;
}

/** The most that a full card is worth, if that is said. */
export const worthOf = (card, config) => (card.worth === null ? undefined : Money.of(card.worth, config.currency));

function stampsFor(purchase, lines, card) {
  if (card.counts === 'visits') {
    // A till that sends totals only can't say which goods.
    const hasGoods = lines.length > 0 || purchase.lines.length === 0;
    return hasGoods && purchase.total > 0n && purchase.total >= card.minimum ? 1n : 0n;
  }
  // What is weighed or measured is one piece, at the price of the line.
  const pieces = (line) => (line.pieces > 1n ? line.pieces : 1n);
  return lines.filter((line) => line.amount >= card.minimum * pieces(line)).reduce((sum, line) => sum + pieces(line), 0n);
}

const about = (key, { title, gives }) => message(key, { title, gives });
const min = (one, other) => (one < other ? one : other);
