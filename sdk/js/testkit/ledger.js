// What the gateway keeps for one member of a program: counters by window, vouchers, badges, tier, points by award key. Effects are applied here, checked
// as the gateway checks them, and taken back when goods come back.

import { windowNumber } from './clock.js';

const EFFECTS_MAX = 64;

const fail = (text) => {
  throw new Error(`the gateway would not accept this answer: ${text}`);
};

/** What the gateway would not accept as an answer. */
function check(manifest, effects, kind) {
  if (effects.length > EFFECTS_MAX) fail(`${effects.length} effects, at most ${EFFECTS_MAX}`);
  const keys = new Set();
  const unique = (what, key) => {
    if (keys.has(`${what} ${key}`)) fail(`two ${what}s under the key "${key}"`);
    keys.add(`${what} ${key}`);
  };
  const declared = (list, name, what) => {
    if (!list.includes(name)) fail(`the manifest declares no ${what} "${name}"`);
  };
  const said = ({ key }) => {
    for (const texts of manifest.texts) {
      if (!texts.entries.some(([known]) => known === key)) fail(`the manifest has no text "${key}" in ${texts.locale}`);
    }
  };
  for (const { tag, val } of effects) {
    if (tag === 'tell') said(val);
    else if (val.reason !== undefined) said(val.reason);
    switch (tag) {
      case 'award':
        unique('award', val.key);
        if (val.campaign !== undefined) declared(manifest.campaigns, val.campaign, 'campaign');
        break;
      case 'recover':
        if (kind !== 'refund') fail('recover is only for refunds');
        break;
      case 'progress': declared(manifest.counters.map(({ name }) => name), val.counter, 'counter'); break;
      case 'grant-badge':
      case 'revoke-badge': declared(manifest.badges, val.name, 'badge'); break;
      case 'set-tier':
        if (val.tier !== undefined) declared(manifest.tiers, val.tier, 'tier');
        break;
      case 'issue-voucher':
        unique('voucher', val.key);
        declared(manifest.rewards.map(({ id }) => id), val.template, 'reward');
        break;
      default:
    }
  }
}

const sameBadge = (one) => (other) => one.name === other.name && one.period === other.period;

/** One member's holdings. */
export class Ledger {
  #counters = new Map();
  #vouchers = [];
  #badges = [];
  #tier;
  #awarded = new Map();

  /** What a view shows at `at`, in so far as the manifest needs it. */
  show(manifest, at, member) {
    const needs = (fact) => manifest.needs.includes(fact);
    const lapsed = this.#tier?.until !== undefined && this.#tier.until <= at.ms;
    return {
      ...member,
      tier: lapsed ? undefined : this.#tier,
      ...(needs('counters') && { counters: manifest.counters.map((counter) => this.#held(counter, at)) }),
      ...(needs('badges') && { badges: [...this.#badges] }),
      ...(needs('vouchers') && { vouchers: this.#vouchersHeld() }),
      ...(needs('awarded') && { awarded: [...this.#awarded].map(([key, points]) => ({ key, points })) }),
    };
  }

  #held({ name, window, keep }, at) {
    const now = windowNumber(window, at);
    const value = (_, back) => this.#counters.get(`${name} ${now - BigInt(back)}`) ?? 0n;
    return { name, values: Array.from({ length: keep + 1 }, value) };
  }

  #vouchersHeld() {
    const templates = [...new Set(this.#vouchers.map(({ template }) => template))].sort();
    return templates.map((template) => {
      const of = this.#vouchers.filter((voucher) => voucher.template === template);
      return { template, issued: of.length, open: of.filter(({ used }) => !used).map(({ id }) => id) };
    });
  }

  /** Applies an answer to the event `event`, which happened at `at`. */
  apply(manifest, event, at, effects, kind) {
    check(manifest, effects, kind);
    for (const { tag, val } of effects) {
      switch (tag) {
        case 'award': this.#credit(val.key, val.points); break;
        case 'recover': {
          const left = this.#awarded.get(val.key) ?? 0n;
          this.#credit(val.key, -(val.points < left ? val.points : left));
          break;
        }
        case 'progress': this.#count(manifest, val.counter, at, val.delta); break;
        case 'grant-badge':
          if (!this.#badges.some(sameBadge(val))) this.#badges.push({ ...val, at: at.ms });
          break;
        case 'revoke-badge': this.#revokeBadge(val); break;
        case 'set-tier':
          // The calendar of the other moments is the gateway's.
          this.#tier = val.tier && { name: val.tier, since: at.ms, until: val.until?.tag === 'at' ? val.until.val : undefined };
          break;
        case 'issue-voucher': this.#vouchers.push({ id: `${event}/${val.key}`, template: val.template, used: false }); break;
        case 'revoke-voucher': this.#void(val); break;
        default:
      }
    }
  }

  /** After goods came back: what `before` gave and `after` would not give is taken back. */
  takeBack(manifest, event, at, before, after) {
    const again = (tag, same) => after.find((effect) => effect.tag === tag && same(effect.val))?.val;
    for (const { tag, val } of before) {
      if (tag === 'award') {
        const less = val.points - (again('award', ({ key }) => key === val.key)?.points ?? 0n);
        if (less > 0n) this.#credit(val.key, -less);
      } else if (tag === 'grant-badge' && !again(tag, sameBadge(val))) this.#revokeBadge(val);
      else if (tag === 'issue-voucher' && !again(tag, ({ key }) => key === val.key)) this.#void(`${event}/${val.key}`);
    }
    for (const [effects, sign] of [[before, -1n], [after, 1n]]) {
      for (const { tag, val } of effects) {
        if (tag === 'progress') this.#count(manifest, val.counter, at, sign * val.delta);
      }
    }
  }

  /** Uses the oldest open voucher of a template. */
  useVoucher(template) {
    const open = this.#vouchers.find((voucher) => voucher.template === template && !voucher.used);
    if (open === undefined) throw new Error(`there is no open voucher for ${template}`);
    open.used = true;
  }

  /** Points awarded less those taken back. */
  get points() {
    return [...this.#awarded.values()].reduce((sum, points) => sum + points, 0n);
  }

  #credit(key, points) {
    this.#awarded.set(key, (this.#awarded.get(key) ?? 0n) + points);
  }

  #count(manifest, name, at, delta) {
    const window = manifest.counters.find((counter) => counter.name === name)?.window ?? 'lifetime';
    const place = `${name} ${windowNumber(window, at)}`;
    this.#counters.set(place, (this.#counters.get(place) ?? 0n) + delta);
  }

  #revokeBadge(badge) {
    this.#badges = this.#badges.filter((held) => !sameBadge(badge)(held));
  }

  // A voucher that was used stays; what it gave can't be put back.
  #void(id) {
    this.#vouchers = this.#vouchers.filter((voucher) => voucher.id !== id || voucher.used);
  }
}
