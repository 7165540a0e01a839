// What a rule wants to happen. An answer is a list of effects; the gateway checks it against the manifest and its caps, and writes all of it or
// nothing. What comes to nothing (no points, no step) is left out, since the gateway takes only what moves something.

import { whole } from './arithmetic.js';
import { Points } from './points.js';
import { attributes, messageOf } from './text.js';

/** Pending until the partner reports `action`, such as the end of a return period or a stay. */
export const onAction = (action) => ({ tag: 'on-action', val: action });

const NOW = Object.freeze({ tag: 'now' });

function availability(available) {
  if (available === undefined) return NOW;
  return available.tag === 'on-action' ? available : { tag: 'later', val: available };
}

/** A value of money as the contract writes it. */
export const money = (amount) => amount && { minor: amount.minor, currency: amount.currency };

/** The effects of one decision, in order. */
export class Effects {
  /** @type {import('../contract/index.js').Effect[]} */
  list = [];

  #add(tag, val) {
    this.list.push({ tag, val });
    return this;
  }

  /** Awards points under a key that is unique in one answer; a refund pairs the award with its re-evaluation by it. */
  award(key, points, reason, { lines = [], available, expires, campaign } = {}) {
    const { value } = Points.of(points);
    if (value <= 0n) return this;
    return this.#add('award', {
      key, points: value, reason: messageOf(reason), lines: [...lines], available: availability(available), expires, campaign,
    });
  }

  /** Takes points back; legal only in answer to a refund, and never more than is left under that key. */
  recover(key, points, reason) {
    const { value } = Points.of(points);
    return value <= 0n ? this : this.#add('recover', { key, points: value, reason: messageOf(reason) });
  }

  /** Moves a counter of the manifest. The gateway can take it back on a refund, so prefer it to state. */
  progress(counter, delta) {
    const step = whole(delta);
    return step === 0n ? this : this.#add('progress', { counter, delta: step });
  }

  /** Grants a badge once for `period`; without one, once for ever. */
  grantBadge(name, period = '') {
    return this.#add('grant-badge', { name, period });
  }

  /** Takes a badge away. */
  revokeBadge(name, period = '') {
    return this.#add('revoke-badge', { name, period });
  }

  /** Sets the member's tier at this partner; null takes it away. */
  setTier(tier, reason, { until } = {}) {
    return this.#add('set-tier', { tier: tier ?? undefined, until, reason: messageOf(reason) });
  }

  /** Issues a voucher for a reward of the manifest, its template. */
  issueVoucher(key, template, reason, { value, expires, attributes: more } = {}) {
    return this.#add('issue-voucher', {
      key, template, value: money(value), expires, reason: messageOf(reason), attributes: attributes(more),
    });
  }

  /** Revokes a voucher by its id. */
  revokeVoucher(id) {
    return this.#add('revoke-voucher', id);
  }

  /** Tells the member something. */
  tell(text) {
    return this.#add('tell', messageOf(text));
  }

  /** Tells this program something about the member's relation, such as the `referrer`: an event of its own, one hop away. */
  signal(relation, kind, more) {
    return this.#add('signal', { relation, kind, attributes: attributes(more) });
  }

  /** Instructs the partner's own systems, in the answer to the till and on the webhook. It moves nothing. */
  instruct(kind, more) {
    return this.#add('instruct', { kind, attributes: attributes(more) });
  }

  get length() {
    return this.list.length;
  }

  [Symbol.iterator]() {
    return this.list[Symbol.iterator]();
  }
}
