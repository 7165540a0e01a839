// The types of the test kit.

import type * as contract from '../contract/index.js';
import type { Effect, Instant, Member, Message, Points, Problem, Program, Refusal, Values, Whole } from '../src/index.js';

/** What is bought, line by line. */
export class Basket {
  static usd(): Basket;
  static of(currency: string): Basket;
  /** One piece of a category, for `amount` minor units. */
  line(category: string, amount: Whole, attributes?: Values): this;
  /** `milli` thousandths of an article for `amount` minor units in all. */
  item(sku: string, category: string, milli: Whole, amount: Whole, attributes?: Values): this;
  /** A till that sends nothing but a total. */
  totalOnly(amount: Whole): this;
  store(store: string): this;
  channel(channel: string): this;
  with(values: Values): this;
}

/** What a program answered to an event. */
export class Answer {
  readonly effects: Effect[];
  readonly refusal: Refusal | undefined;
  readonly points: Points;
  pointsUnder(key: string): Points;
  vouchers(template: string): number;
  readonly badges: string[];
  readonly told: Message[];
}

/** The moment of an RFC 3339 text; its offset is taken for the program's. */
export function instant(text: string): Instant;
/** A program's manifest under a configuration, or what is wrong with that. */
export function describe(rules: Program, config?: object | string): { manifest?: contract.Manifest; problems?: Problem[] };

/** A till of one merchant with one member at it, that plays the gateway and throws at an answer which it would not accept. */
export class Till {
  constructor(rules: Program, config?: object | string);
  /** Moves the clock to an RFC 3339 time. */
  at(time: string): this;
  /** Changes what the program may know of the member. */
  member(change: Partial<contract.Member>): this;
  readonly view: Member;
  buy(basket: Basket): Answer;
  /** An activity is reported: a review, a visit, a quiz. */
  reports(kind: string, attributes?: Values): Answer;
  happens(body: contract.EventBody, where?: { store?: string; channel?: string; attributes?: Values }): Answer;
  /** Lines of the purchase `number` (counted from 0) come back. */
  refund(number: number, lines: number[]): this;
  refundAll(number: number): this;
  useVoucher(template: string): this;
  readonly points: Points;
  readonly offers: contract.Offer[];
  offer(reward: string): contract.Offer | undefined;
  /** A quotation; throws the program's refusal. */
  quote(reward: string, options?: { quantity?: number; amount?: Whole; currency?: string }): contract.Quotation;
  /** A message as the member reads it; throws where a text or a placeholder is missing. */
  text(locale: string, message: Message): string;
}
