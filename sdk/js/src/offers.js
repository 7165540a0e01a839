// What a member can get: offers with their price, progress towards what is still missing, and binding quotes.

import { whole } from './arithmetic.js';
import { money } from './effects.js';
import { Points } from './points.js';
import { attributes, messageOf } from './text.js';

/** A reward as this member sees it now; with `notYet`, one that the member can't have yet, and why. */
export function offer(reward, title, { points, value, notYet, target, validUntil, attributes: more } = {}) {
  return {
    reward,
    title: messageOf(title),
    points: points === undefined ? undefined : Points.of(points).value,
    value: money(value),
    eligible: notYet === undefined,
    reason: notYet === undefined ? undefined : messageOf(notYet),
    target: target && { have: whole(target.have), need: whole(target.need), unit: target.unit },
    validUntil: validUntil === undefined ? undefined : whole(validUntil),
    attributes: attributes(more),
  };
}

/** A binding price: `points` for `value`. */
export function quotation(points, value, title, { valid, campaign, till } = {}) {
  return { points: Points.of(points).value, value: money(value), title: messageOf(title), valid, campaign, till: attributes(till) };
}
