// What happened and whom it happened to, from the contract's records to values that a rule can read like a sentence. All of the member is as it
// was before the event.

import { divFloor, fitting } from './arithmetic.js';
import { Money } from './money.js';
import { Points } from './points.js';
import { named } from './text.js';
import { Instant } from './time.js';

export const instant = ({ ms, offsetMinutes }) => new Instant(ms, offsetMinutes);
export const moneyOf = (amount) => amount && new Money(amount.minor, amount.currency);

/** One line of a receipt. What a rule doesn't ask for is not made: each step of an engine is paid for in fuel. */
export class Line {
  #record;
  #currency;
  #amount;
  #attributes;

  constructor(record, currency) {
    this.#record = record;
    this.#currency = currency;
  }

  get number() {
    return this.#record.number;
  }

  get sku() {
    return this.#record.sku;
  }

  get category() {
    return this.#record.category;
  }

  get quantityMilli() {
    return this.#record.quantityMilli;
  }

  /** Whole pieces: the begun one doesn't count. */
  get pieces() {
    return divFloor(this.#record.quantityMilli, 1_000n);
  }

  get amount() {
    this.#amount ??= Money.trusted(this.#record.amount, this.#currency);
    return this.#amount;
  }

  get attributes() {
    this.#attributes ??= named(this.#record.attributes);
    return this.#attributes;
  }
}

/** A basket that was paid. */
export class Purchase {
  #record;
  #lines;
  #byCategory;

  constructor(record) {
    this.#record = record;
    this.total = Money.trusted(record.total, record.currency);
  }

  get currency() {
    return this.#record.currency;
  }

  get lines() {
    this.#lines ??= this.#record.lines.map((line) => new Line(line, this.#record.currency));
    return this.#lines;
  }

  /** What was spent on these goods. A receipt of hundreds of lines has few categories, so each is looked at once. */
  spendOn(selection) {
    if (selection.skus.length > 0) {
      const meant = this.lines.filter((line) => selection.has(line));
      return Money.sum(this.currency, meant.map((line) => line.amount));
    }
    this.#byCategory ??= byCategory(this.#record.lines);
    let minor = 0n;
    for (const [category, spend] of this.#byCategory) {
      if (selection.hasCategory(category)) minor = fitting(minor + spend);
    }
    return Money.trusted(minor, this.currency);
  }
}

function byCategory(lines) {
  const spend = new Map();
  for (const { category, amount } of lines) spend.set(category, fitting((spend.get(category) ?? 0n) + amount));
  return spend;
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
