// A till of one merchant with one member at it: buys, takes back, shows offers, asks prices.

import { Points } from '../src/points.js';
import { whole } from '../src/arithmetic.js';
import { Refusal } from '../src/program.js';
import { State } from '../src/state.js';
import { Member } from '../src/views.js';
import { attributes } from '../src/text.js';
import { total } from './basket.js';
import { instant } from './clock.js';
import { Ledger } from './ledger.js';
import { Memory } from './memory.js';

/** What a program answered to an event. */
export class Answer {
  constructor(effects, refusal) {
    this.effects = effects;
    this.refusal = refusal;
  }

  #of(tag) {
    return this.effects.filter((effect) => effect.tag === tag).map(({ val }) => val);
  }

  /** All points awarded. */
  get points() {
    return Points.sum(this.#of('award').map(({ points }) => points));
  }

  /** Points awarded under `key`. */
  pointsUnder(key) {
    return Points.of(this.#of('award').find((award) => award.key === key)?.points ?? 0n);
  }

  /** How many vouchers of `template` were issued. */
  vouchers(template) {
    return this.#of('issue-voucher').filter((voucher) => voucher.template === template).length;
  }

  /** Badges granted, by name. */
  get badges() {
    return this.#of('grant-badge').map(({ name }) => name);
  }

  /** What the member is told. */
  get told() {
    return this.#of('tell');
  }
}

const json = (config) => (typeof config === 'string' ? config : JSON.stringify(config));

/** A program's manifest under a configuration (an object, or JSON), or `problems`. */
export const describe = (rules, config = {}) => rules.describe(json(config));

/** A till with one member at it. It throws at an answer that the gateway would not accept. */
export class Till {
  #rules;
  #config;
  #manifest;
  #now = instant('2026-01-01T00:00:00Z');
  #ledger = new Ledger();
  #memory = new Memory();
  /** The purchases, for refunds. */
  #decisions = [];
  #events = 0;
  #member = {
    id: 'member', enrolled: instant('2026-01-01T00:00:00Z'), relations: [], activity: { purchases: 0, spend: 0n }, months: [], counters: [], badges: [],
    vouchers: [], awarded: [], attributes: [],
  };

  constructor(rules, config = {}) {
    const { manifest, problems } = describe(rules, config);
    if (problems) throw new Error(`the configuration is refused: ${problems.map((p) => `${p.pointer}: ${p.detail}`).join('; ')}`);
    this.#rules = rules;
    this.#config = json(config);
    this.#manifest = manifest;
  }

  /** Moves the clock to an RFC 3339 time. */
  at(time) {
    this.#now = instant(time);
    return this;
  }

  /** Changes what the program may know of the member: consented facts, the balance, an enrolment long ago. */
  member(change) {
    Object.assign(this.#member, change);
    return this;
  }

  #view() {
    return this.#ledger.show(this.#manifest, this.#now, structuredClone({ ...this.#member, enrolled: { ...this.#member.enrolled } }));
  }

  /** What the program is shown of the member now. */
  get view() {
    return new Member(this.#view());
  }

  #ask(event, member, memory) {
    try {
      return new Answer(this.#rules.onEvent(event, member, this.#config, new State(memory)));
    } catch (error) {
      if (error instanceof Refusal) return new Answer([], error);
      throw error;
    }
  }

  #decide(id, body, { store, channel, attributes: more } = {}) {
    const event = { id, at: this.#now, seed: BigInt(this.#events), body, store, channel, attributes: Array.isArray(more) ? more : attributes(more) };
    this.#events += 1;
    const member = this.#view();
    const before = this.#memory.copy();
    const answer = this.#ask(event, member, this.#memory);
    if (answer.refusal) this.#memory = before.copy();
    this.#ledger.apply(this.#manifest, event.id, event.at, answer.effects, body.tag);
    return { event, member, memory: before, effects: answer.effects, answer };
  }

  /** Something happens to the member: the contract's body, such as `{ tag: 'activity', val: { kind: 'review' } }`. */
  happens(body, where) {
    const handled = body.tag === 'activity' ? `activity:${body.val.kind}` : body.tag;
    if (!this.#manifest.handles.includes(handled)) throw new Error(`the manifest does not handle "${handled}"`);
    return this.#decide(`event-${this.#events}`, body, where).answer;
  }

  /** The member buys. */
  buy(basket) {
    const { purchase, where, attributes: more } = basket;
    const bought = structuredClone(purchase);
    const decision = this.#decide(`txn-${this.#decisions.length}`, { tag: 'purchase', val: bought }, { ...where, attributes: more });
    const awarded = decision.answer.points.value;
    this.#decisions.push({ ...decision, bought, awarded });
    this.#remember(purchase.total);
    return decision.answer;
  }

  /** An activity is reported: a review, a visit, a quiz. */
  reports(kind, more) {
    return this.happens({ tag: 'activity', val: { kind } }, { attributes: more });
  }

  /** Lines of the purchase `number` (counted from 0) come back. As the gateway does it, the purchase is evaluated again on what the program saw then,
   * less what came back, and what it would not have given is taken back; then the program may react, where it handles refunds. */
  refund(number, lines) {
    const decision = this.#decisions[number];
    if (decision === undefined) throw new Error(`there is no purchase ${number}`);
    const before = decision.event.body.val;
    const left = before.lines.filter((line) => !lines.includes(line.number));
    const kept = { ...before, lines: left, total: total(left) };
    const event = { ...decision.event, body: { tag: 'purchase', val: kept } };
    const after = left.length === 0 ? [] : this.#ask(event, decision.member, decision.memory.copy()).effects;
    this.#ledger.takeBack(this.#manifest, event.id, event.at, decision.effects, after);
    this.#member.activity.spend -= before.total - kept.total;
    Object.assign(decision, { event, effects: after });
    if (this.#manifest.handles.includes('refund')) this.#react(decision, lines);
    return this;
  }

  #react({ event, bought, awarded, effects }, lines) {
    const back = bought.lines.filter((line) => lines.includes(line.number));
    const taken = awarded - new Answer(effects).points.value;
    this.happens({
      tag: 'refund',
      val: {
        original: event.id,
        originalAt: event.at,
        returned: { ...bought, lines: back, total: total(back) },
        kept: event.body.val,
        awarded,
        clawedBack: taken > 0n ? taken : 0n,
      },
    });
  }

  /** All of the purchase `number` comes back. */
  refundAll(number) {
    return this.refund(number, this.#decisions[number]?.event.body.val.lines.map((line) => line.number) ?? []);
  }

  /** The member uses the oldest open voucher of a template. */
  useVoucher(template) {
    this.#ledger.useVoucher(template);
    return this;
  }

  /** Points awarded so far, less those taken back. */
  get points() {
    return Points.of(this.#ledger.points);
  }

  #context() {
    return { at: this.#now, seed: 0n, attributes: [] };
  }

  /** What the member is offered now. */
  get offers() {
    const offers = this.#rules.offers(this.#context(), this.#view(), this.#config, new State(this.#memory.readOnly()));
    for (const { reward } of offers) {
      if (!this.#manifest.rewards.some(({ id }) => id === reward)) throw new Error(`the manifest declares no reward "${reward}"`);
    }
    return offers;
  }

  /** The offer of `reward` now, if there is one. */
  offer(reward) {
    return this.offers.find((offer) => offer.reward === reward);
  }

  /** The price of a reward: a quotation, or the refusal that the program throws. */
  quote(reward, { quantity = 1, amount, currency = 'USD' } = {}) {
    const money = amount === undefined ? undefined : { minor: whole(amount), currency };
    const request = { reward, quantity, amount: money, basket: undefined, context: this.#context() };
    return this.#rules.quote(request, this.#view(), this.#config, new State(this.#memory.readOnly()));
  }

  /** A message as the member reads it in `locale`. Throws when the manifest has no such text, or a placeholder stays open. */
  text(locale, { key, args }) {
    const entry = this.#manifest.texts.find((texts) => texts.locale === locale)?.entries.find(([known]) => known === key);
    if (entry === undefined) throw new Error(`the manifest has no text "${key}" in ${locale}`);
    const text = args.reduce((said, { name, value }) => said.replaceAll(`{${name}}`, String(value.val)), entry[1]);
    if (text.includes('{')) throw new Error(`a placeholder stays open in "${text}"`);
    return text;
  }

  #remember(spend) {
    const { activity, months } = this.#member;
    activity.purchases += 1;
    activity.spend += spend;
    activity.firstAt ??= this.#now.ms;
    activity.lastAt = this.#now.ms;
    const { year, month: number } = this.#now.date;
    let month = months.find((known) => known.month === year * 100 + number);
    if (month === undefined) {
      month = { month: year * 100 + number, purchases: 0, spend: 0n };
      months.unshift(month);
    }
    month.purchases += 1;
    month.spend += spend;
  }
}
