// What happened and whom it happened to, from the contract's records to values that a rule can read like a sentence. All of the member is as it
// was before the event.

import { divFloor } from './arithmetic.js';
import { Money } from './money.js';
import { Points } from './points.js';
import { named } from './text.js';
import { Instant } from './time.js';

export const instant = ({ ms, offsetMinutes }) => new Instant(ms, offsetMinutes);
export const moneyOf = (amount) => amount && new Money(amount.minor, amount.currency);

/** One line of a receipt. */
export class Line {
  constructor(line, currency) {
    this.number = line.number;
    this.sku = line.sku;
    this.category = line.category;
    this.quantityMilli = line.quantityMilli;
    this.amount = new Money(line.amount, currency);
    this.attributes = named(line.attributes);
  }

  /** Whole pieces: the begun one doesn't count. */
  get pieces() {
    return divFloor(this.quantityMilli, 1_000n);
  }
}

/** A basket that was paid. */
export class Purchase {
  constructor(purchase) {
    this.currency = purchase.currency;
    this.total = new Money(purchase.total, purchase.currency);
    this.lines = purchase.lines.map((line) => new Line(line, purchase.currency));
  }
}

const BODIES = {
  purchase: (body) => new Purchase(body),
  refund: (body) => ({
    original: body.original,
    originalAt: instant(body.originalAt),
    returned: new Purchase(body.returned),
    kept: new Purchase(body.kept),
    awarded: new Points(body.awarded),
    clawedBack: new Points(body.clawedBack),
  }),
  redemption: (body) => ({ ...body, points: new Points(body.points), value: moneyOf(body.value) }),
  signal: (body) => ({ ...body, attributes: named(body.attributes) }),
  coalition: (body) => ({ ...body, total: moneyOf(body.total) }),
};

/** Something that happened to a member. */
export class Event {
  constructor(event) {
    this.id = event.id;
    this.at = instant(event.at);
    this.seed = event.seed;
    this.kind = event.body.tag;
    this.body = (BODIES[event.body.tag] ?? ((body) => body))(event.body.val);
    this.store = event.store;
    this.channel = event.channel;
    this.attributes = named(event.attributes);
  }

  /** The purchase, if it is one. */
  get purchase() {
    return this.kind === 'purchase' ? this.body : undefined;
  }
}

/** When and where somebody asks what they can get. */
export class Context {
  constructor(context) {
    this.at = instant(context.at);
    this.seed = context.seed;
    this.store = context.store;
    this.channel = context.channel;
    this.attributes = named(context.attributes);
  }
}

/** The member a rule decides about. */
export class Member {
  constructor(member) {
    this.id = member.id;
    this.enrolled = instant(member.enrolled);
    this.coalitionTier = member.coalitionTier;
    this.tier = member.tier;
    this.relations = member.relations;
    this.activity = member.activity;
    this.months = member.months;
    this.counters = member.counters;
    this.badges = member.badges;
    this.vouchers = member.vouchers;
    this.awarded = member.awarded;
    this.balance = member.balance === undefined ? undefined : new Points(member.balance);
    this.attributes = named(member.attributes);
  }

  /** What a counter shows: in its open window, or so many windows ago, as far back as the manifest keeps them; zero beyond. */
  counter(name, windowsAgo = 0) {
    return this.counters.find((counter) => counter.name === name)?.values[windowsAgo] ?? 0n;
  }

  /** How many vouchers of this template were ever issued, less those revoked. What is due less this is what to issue now. */
  vouchersIssued(template) {
    return BigInt(this.vouchers.find((held) => held.template === template)?.issued ?? 0);
  }

  /** Ids of this template's vouchers that can still be used, oldest first. */
  openVouchers(template) {
    return this.vouchers.find((held) => held.template === template)?.open ?? [];
  }

  /** Whether the member holds this badge for this period. */
  hasBadge(name, period = '') {
    return this.badges.some((badge) => badge.name === name && badge.period === period);
  }

  /** Points awarded under this key, less what was taken back. */
  awardedUnder(key) {
    return new Points(this.awarded.find((held) => held.key === key)?.points ?? 0n);
  }

  /** The name of the tier this program gave, if the member has one. */
  get tierName() {
    return this.tier?.name;
  }
}
