// The types of the SDK, as an editor shows them. What crosses to the gateway (effects, manifests) is in `@coalition/sdk/contract`, made from the WIT.

import type * as contract from '../contract/index.js';

/** A whole number of 64 bits: a BigInt, or a number without a fraction. What the SDK gives back is always a BigInt. */
export type Whole = bigint | number;
/** floor: towards minus infinity. half-up: to the nearest, a tie upwards. half-even: a tie to the even one. ceil: towards plus infinity. */
export type Rounding = 'floor' | 'half-up' | 'half-even' | 'ceil';
export type Window = contract.Window;
export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';
export type Moment = contract.Moment;
export type Message = contract.Message;
export type Effect = contract.Effect;
/** A value that needs no further type. Points become a number, money and rates a text. */
export type Value = string | boolean | Whole | Points | Money | BasisPoints;
/** Named values to give; what is undefined is left out. */
export type Values = Record<string, Value | undefined>;
/** Named values as they came: a text, a whole number or a flag. */
export type Attributes = Readonly<Record<string, string | bigint | boolean | undefined>>;

// ---- arithmetic

/** A rule that can't decide: the run fails, the purchase is kept, and decided again when a mended version is live. */
export class Fault extends Error {}
export class ArithmeticError extends Fault {
  readonly why: 'overflow' | 'currencies' | 'divisor';
}
/** `value × numerator ÷ denominator`, exact up to the one rounding at the end. */
export function mulDiv(value: Whole, numerator: Whole, denominator: Whole, rounding: Rounding): bigint;
/** The quotient rounded towards minus infinity; BigInt's own `/` rounds towards zero. */
export function divFloor(value: Whole, divisor: Whole): bigint;
/** What is left of that division, never below zero. */
export function modFloor(value: Whole, divisor: Whole): bigint;

/** A number of points: checked arithmetic that never wraps and never mixes with money. */
export class Points {
  static readonly ZERO: Points;
  static of(value: Whole | Points): Points;
  static sum(many: Iterable<Points | Whole>): Points;
  constructor(value: Whole);
  readonly value: bigint;
  readonly isPositive: boolean;
  plus(other: Points | Whole): Points;
  minus(other: Points | Whole): Points;
  times(factor: Whole): Points;
  share(rate: BasisPoints, rounding: Rounding): Points;
  valueOf(): bigint;
  toString(): string;
}

/** A rate in hundredths of a percent: 500 is 5 %. */
export class BasisPoints {
  static percent(percent: Whole): BasisPoints;
  constructor(value: Whole);
  readonly value: bigint;
  of(value: Whole, rounding: Rounding): bigint;
  toString(): string;
}

/** So many points against so much money. */
export class Exchange {
  constructor(points: Whole, minor: Whole);
  readonly points: bigint;
  readonly minor: bigint;
  pointsFor(minor: Whole, rounding: Rounding): Points;
  minorFor(points: Points | Whole, rounding: Rounding): bigint;
}

/** An amount in minor units (cents) of a currency. */
export class Money {
  static of(minor: Whole, currency: string): Money;
  static sum(currency: string, many: Iterable<Money>): Money;
  constructor(minor: Whole, currency: string);
  readonly minor: bigint;
  readonly currency: string;
  plus(other: Money): Money;
  minus(other: Money): Money;
  times(factor: Whole): Money;
  share(rate: BasisPoints, rounding: Rounding): Money;
  earns(exchange: Exchange, rounding: Rounding): Points;
  valueOf(): bigint;
  toString(): string;
}
export function minorDigits(currency: string): number;

// ---- time

/** A point in time, and the program's offset from UTC then. A rule has no clock: this is all there is. */
export class Instant {
  constructor(ms: Whole, offsetMinutes?: number);
  readonly ms: bigint;
  readonly offsetMinutes: number;
  /** The program's local date. */
  readonly date: LocalDate;
  /** The program's local hour of the day, 0 to 23. */
  readonly hour: number;
  readonly weekday: Weekday;
  /** Full days from `earlier` to this moment. */
  daysSince(earlier: Instant | Whole): bigint;
}
export class LocalDate {
  static fromDays(days: Whole): LocalDate;
  constructor(year: number, month: number, day: number);
  readonly year: number;
  readonly month: number;
  readonly day: number;
  /** Days from 1970-01-01. */
  readonly days: bigint;
  beginsMs(near: Instant): bigint;
  toString(): string;
}
export function at(ms: Instant | Whole): Moment;
export function afterDays(days: Whole): Moment;
export function afterMonths(months: Whole): Moment;
export function endOf(window: Window): Moment;

/** Chance without a random source: the event's seed gives the same draw at every replay. */
export class Chance {
  constructor(seed: Whole);
  /** From 0 up to, not including, `bound`. */
  below(bound: Whole): bigint;
}

// ---- what happened, and to whom

export class Line {
  readonly number: number;
  readonly sku: string;
  readonly category: string;
  readonly quantityMilli: bigint;
  readonly amount: Money;
  readonly attributes: Attributes;
  /** Whole pieces: the begun one doesn't count. */
  readonly pieces: bigint;
}
export class Purchase {
  readonly currency: string;
  readonly total: Money;
  readonly lines: readonly Line[];
  /** What was spent on these goods. */
  spendOn(selection: Selection): Money;
}
export interface Refund {
  readonly original: string;
  readonly originalAt: Instant;
  readonly returned: Purchase;
  readonly kept: Purchase;
  readonly awarded: Points;
  readonly clawedBack: Points;
}
export interface Redemption {
  readonly id: string;
  readonly reward: string;
  readonly step: string;
  readonly quantity: number;
  readonly points: Points;
  readonly value: Money;
}
export interface Signal {
  readonly kind: string;
  readonly relation: string;
  readonly source: string;
  readonly attributes: Attributes;
}
export interface CoalitionEvent {
  readonly partner: string;
  readonly kind: string;
  readonly total: Money | undefined;
}
export class Event {
  readonly id: string;
  readonly at: Instant;
  /** Feeds `Chance`. */
  readonly seed: bigint;
  readonly kind: contract.EventBody['tag'];
  readonly store: string | undefined;
  readonly channel: string | undefined;
  readonly attributes: Attributes;
  readonly purchase: Purchase | undefined;
}
export interface Context {
  readonly at: Instant;
  readonly seed: bigint;
  readonly store: string | undefined;
  readonly channel: string | undefined;
  readonly attributes: Attributes;
}

/** The member as this program may know it, as it was before the event. */
export class Member {
  readonly id: string;
  readonly enrolled: Instant;
  readonly coalitionTier: string | undefined;
  readonly tier: contract.TierHeld | undefined;
  readonly relations: readonly string[];
  readonly activity: contract.Totals;
  readonly months: readonly contract.Month[];
  readonly counters: readonly contract.Counter[];
  readonly badges: readonly contract.BadgeHeld[];
  readonly vouchers: readonly contract.VoucherHeld[];
  readonly awarded: readonly contract.AwardHeld[];
  readonly balance: Points | undefined;
  readonly attributes: Attributes;
  readonly tierName: string | undefined;
  /** What a counter shows in its open window, or so many windows ago; zero when it never moved. */
  counter(name: string, windowsAgo?: number): bigint;
  /** Vouchers of this template ever issued, less those revoked. What is due less this is what to issue now. */
  vouchersIssued(template: string): bigint;
  /** Ids that can still be used, oldest first. */
  openVouchers(template: string): readonly string[];
  hasBadge(name: string, period?: string): boolean;
  awardedUnder(key: string): Points;
}

/** What a program remembers of a member, where counters, vouchers and awards can't say it. */
export class State {
  get<T>(key: Key<T>): T | undefined;
  put<T>(key: Key<T>, value: T): void;
  delete(key: Key<unknown>): void;
}
export interface Key<T> {
  readonly name: string;
  readonly version: number;
  readonly older: (version: number, json: string) => T | undefined;
}
/** A typed place in the state. Raise the version when the type changes; `older` reads what another version wrote. */
export function key<T>(name: string, version: number, older?: (version: number, json: string) => T | undefined): Key<T>;

// ---- what rules want to happen

/** A text of the manifest by its key, and what fills its `{placeholders}`. */
export function message(key: string, values?: Values): Message;
/** A message, or the key of one without placeholders. */
export type Reason = Message | string;

/** Pending until the partner reports `action`. */
export function onAction(action: string): { tag: 'on-action'; val: string };

export interface AwardOptions {
  /** The receipt's lines it is for; none: all of it. */
  lines?: Iterable<number>;
  /** From when the points can be spent: a moment, or `onAction(…)`; left out: at once. */
  available?: Moment | ReturnType<typeof onAction>;
  expires?: Moment;
  /** A campaign of the manifest, who pays for it as agreed. */
  campaign?: string;
}

/** The effects of one decision, in order. What comes to nothing is left out. */
export class Effects implements Iterable<Effect> {
  readonly length: number;
  award(key: string, points: Points | Whole, reason: Reason, options?: AwardOptions): this;
  recover(key: string, points: Points | Whole, reason: Reason): this;
  progress(counter: string, delta: Whole): this;
  grantBadge(name: string, period?: string): this;
  revokeBadge(name: string, period?: string): this;
  setTier(tier: string | null, reason: Reason, options?: { until?: Moment }): this;
  issueVoucher(key: string, template: string, reason: Reason, options?: { value?: Money | undefined; expires?: Moment; attributes?: Values }): this;
  revokeVoucher(id: string): this;
  tell(text: Reason): this;
  signal(relation: string, kind: string, attributes?: Values): this;
  instruct(kind: string, attributes?: Values): this;
  [Symbol.iterator](): Iterator<Effect>;
}

export interface OfferOptions {
  points?: Points | Whole;
  value?: Money | undefined;
  /** Not yet, and why. */
  notYet?: Reason;
  target?: { have: Whole; need: Whole; unit: string };
  /** Milliseconds since 1970. */
  validUntil?: Whole;
  attributes?: Values;
}
/** A reward as this member sees it now. */
export function offer(reward: string, title: Reason, options?: OfferOptions): contract.Offer;
/** A binding price. */
export function quotation(
  points: Points | Whole, value: Money, title: Reason, options?: { valid?: Moment; campaign?: string; till?: Values },
): contract.Quotation;

/** A business denial with a reason that the member can read: an answer, not a failure. Throw it. */
export class Refusal extends Error {
  constructor(code: string, reason: Reason);
  readonly code: string;
  readonly reason: Message;
  static noSuchReward(reward: string): Refusal;
}

// ---- configuration

export interface Problem {
  pointer: string;
  detail: string;
}
export class Problems {
  readonly found: Problem[];
  at(pointer: string, detail: string): void;
  unless(right: boolean, pointer: string, detail: string): void;
}

declare const reads: unique symbol;
/** What is read as a `T`. */
export interface Type<T> {
  readonly [reads]: T;
}
export interface Field<T> {
  readonly type: Type<T>;
  readonly about: string;
}
/** What a declaration is read as: `type Config = Read<typeof Config>`. */
export type Read<S> = S extends Type<infer T> ? T : S extends Field<infer T> ? T : never;
type Fields = Record<string, Field<any>>;
type Object<F extends Fields> = { readonly [K in keyof F]: Read<F[K]> };

/** Declares an object: what it is, and its fields. */
export function settings<F extends Fields>(about: string, fields: F): Type<Object<F>>;

export interface Bounds<Default> {
  /** As a merchant would write it; left out: required. */
  default?: Default;
  min?: Whole;
  max?: Whole;
}
/** The kinds of field. Each takes what it is for, and `{ default, min, max }`. */
export const setting: {
  whole(about: string, options?: Bounds<Whole>): Field<bigint>;
  count(about: string, options?: Bounds<Whole>): Field<bigint>;
  points(about: string, options?: Bounds<Whole>): Field<Points>;
  rate(about: string, options?: Bounds<Whole>): Field<BasisPoints>;
  exchange(about: string, options?: { default?: { points: number; minor: number } }): Field<Exchange>;
  flag(about: string, options?: { default?: boolean }): Field<boolean>;
  text(about: string, options?: Bounds<string>): Field<string>;
  words(about: string, options?: Bounds<string | Record<string, string>>): Field<Words>;
  id(about: string, options?: { default?: string }): Field<string>;
  currency(about: string, options?: { default?: string }): Field<string>;
  choice<const W extends string>(about: string, words: readonly W[], options?: { default?: NoInfer<W> }): Field<W>;
  window(about: string, options?: { default?: Window }): Field<Window>;
  weekday(about: string, options?: { default?: Weekday }): Field<Weekday>;
  rounding(about: string, options?: { default?: Rounding }): Field<Rounding>;
  selection(about: string, options?: { default?: { categories?: string[]; skus?: string[] } }): Field<Selection>;
  group<T>(about: string, type: Type<T>, options?: { default?: unknown }): Field<T>;
  list<T>(about: string, item: Type<T> | Field<T>, options?: Bounds<readonly unknown[]>): Field<readonly T[]>;
  optional<T>(about: string, kind: Type<T> | Field<T>, options?: { default?: unknown }): Field<T | null>;
};

/** A text that people read, in one language or in several. */
export class Words {
  constructor(said: string | Record<string, string>);
  /** The text for `locale`: its own, that of its language, the English one, or the first. */
  at(locale: string): string;
}
/** A text of that locale, filled: `{name}` is the value, `{name|point|points}` the form that goes with the number `name`, in the order of Unicode's plural rules. */
export function fill(locale: string, text: string, values: Record<string, Value>): string;
/** Above this many minor units, or points, a number in a configuration is a slip of the finger. */
export const MOST: bigint;

/** Which lines of a receipt a term is about. */
export class Selection {
  constructor(categories?: Iterable<string>, skus?: Iterable<string>);
  readonly categories: readonly string[];
  readonly skus: readonly string[];
  readonly isEmpty: boolean;
  /** Its patterns with commas between, for an attribute that tells a till what is meant. */
  readonly listed: string;
  has(line: Pick<Line, 'category' | 'sku'>): boolean;
  hasCategory(category: string): boolean;
}

// ---- the program

/** A program's description of itself, under one configuration. */
export class Manifest {
  handles(...kinds: string[]): this;
  needs(...facts: string[]): this;
  requires(...features: string[]): this;
  text(locale: string, key: string, text: string): this;
  texts(locale: string, entries: Record<string, string>): this;
  reward(id: string, kind: string, options?: { stock?: Whole; perMember?: { max: Whole; window: Window } }): this;
  counter(name: string, window: Window, options?: { keep?: number; totals?: boolean }): this;
  badges(...names: string[]): this;
  tiers(...names: string[]): this;
  campaigns(...names: string[]): this;
}

interface Asked<C> {
  readonly at: Instant;
  readonly member: Member;
  readonly config: C;
  /** Written only where an event is decided. */
  readonly state: State;
}
interface Happened<C> extends Asked<C> {
  readonly event: Event;
}
type Handler<C, More> = (given: Happened<C> & More, effects: Effects) => void;

/** What follows from each kind of event. */
export interface Handlers<C> {
  purchase?: Handler<C, { readonly purchase: Purchase }>;
  refund?: Handler<C, { readonly refund: Refund }>;
  redemption?: Handler<C, { readonly redemption: Redemption }>;
  enrolment?: Handler<C, { readonly enrolment: contract.Enrolment }>;
  anniversary?: Handler<C, { readonly anniversary: contract.Anniversary }>;
  'period-close'?: Handler<C, { readonly periodClose: contract.PeriodClose }>;
  signal?: Handler<C, { readonly signal: Signal }>;
  coalition?: Handler<C, { readonly coalition: CoalitionEvent }>;
  [activity: `activity:${string}`]: Handler<C, { readonly activity: contract.Activity }> | undefined;
}

export interface Declared<C> {
  /** Lower case with hyphens. */
  name: string;
  /** As `1.2.0`. */
  version: string;
  /** What a merchant can change, declared with `settings`. Every field needs a default, or lies in something that has one. */
  settings?: Type<C>;
  /** What is wrong with a configuration that its types and bounds can't say. */
  check?(config: C, problems: Problems): void;
  /** Its words, a locale each; every locale has the same keys. */
  texts?: Record<string, Record<string, string>>;
  /** What this program is, under this configuration, beside what the other members say. */
  describe?(config: C, manifest: Manifest): void;
  on?: Handlers<C>;
  /** What this member can get now, and how far the rest is. */
  offers?(asked: Asked<C> & { readonly context: Context }): Iterable<contract.Offer>;
  /** The binding price of a reward. */
  quote?(
    asked: Asked<C> & { readonly context: Context; readonly reward: string; readonly quantity: bigint; readonly amount: Money | undefined; readonly basket: Purchase | undefined },
  ): contract.Quotation | undefined;
}

/** A declared program; a plugin's module exports one as its default. */
export interface Program {
  readonly name: string;
  readonly version: string;
  /** The JSON Schema of its configuration. */
  readonly schema: string;
}
export function program<C>(declared: Declared<C>): Program;

/** Lines for the program's own log. */
export const log: Readonly<Record<'debug' | 'info' | 'warn' | 'error', (text: string) => void>>;
