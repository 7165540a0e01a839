// Made from sdk/wit/v1 by `npm run contract`; do not change it here.

/** Whole points. Never a fraction, never a float. */
export type Points = bigint;

/** Milliseconds since 1970-01-01T00:00Z. */
export type EpochMs = bigint;

export interface Money {
  minor: bigint;
  currency: string;
}

/** `offset-minutes` is that of the program's time zone at `ms`, whatever the till sent. */
export interface Instant {
  ms: EpochMs;
  offsetMinutes: number;
}

export type Scalar =
  | { tag: 'text'; val: string }
  | { tag: 'number'; val: bigint }
  | { tag: 'flag'; val: boolean };

/** The place where 1.x grows: names are registered in attributes.md, "x-" is the partner's own. */
export interface Attribute {
  name: string;
  value: Scalar;
}

/** A key of the manifest's texts, and what to fill in. */
export interface Message {
  key: string;
  args: Attribute[];
}

export interface Refusal {
  code: string;
  reason: Message;
}

/** Calendar windows, in the program's time zone; weeks are ISO. */
export type Window = 'day' | 'week' | 'month' | 'quarter' | 'year' | 'lifetime';

export type Moment =
  | { tag: 'at'; val: EpochMs }
  | { tag: 'after-days'; val: number }
  | { tag: 'after-months'; val: number }
  | { tag: 'end-of'; val: Window };

export interface Event {
  id: string;
  at: Instant;
  /** From the event's id and a secret of the program: not for the till to choose. */
  seed: bigint;
  body: EventBody;
  store?: string | undefined;
  channel?: string | undefined;
  attributes: Attribute[];
}

export type EventBody =
  | { tag: 'purchase'; val: Purchase }
  | { tag: 'refund'; val: Refund }
  | { tag: 'activity'; val: Activity }
  | { tag: 'redemption'; val: Redemption }
  | { tag: 'enrolment'; val: Enrolment }
  | { tag: 'anniversary'; val: Anniversary }
  | { tag: 'period-close'; val: PeriodClose }
  | { tag: 'signal'; val: SignalReceived }
  | { tag: 'coalition'; val: CoalitionEvent }
  /** A kind that a later 1.x knows. Sent only to rules whose manifest handles it. */
  | { tag: 'other'; val: Activity };

export interface Line {
  /** Position in the receipt as posted; keeps its number when others are returned. */
  number: number;
  sku: string;
  category: string;
  /** Thousandths: 1000 is one piece, 35270 is 35.27 litres. */
  quantityMilli: bigint;
  /** Minor units of the purchase's currency, after discounts. */
  amount: bigint;
  attributes: Attribute[];
}

export interface Purchase {
  currency: string;
  total: bigint;
  lines: Line[];
}

/** Sent after the host has compensated (see refunds.md); view and state are those of now. */
export interface Refund {
  original: string;
  originalAt: Instant;
  /** What came back this time, and what the member still keeps of it. */
  returned: Purchase;
  kept: Purchase;
  /** Of the original's award: granted, and taken back by all its refunds so far. */
  awarded: Points;
  clawedBack: Points;
}

export interface Activity {
  kind: string;
}

export interface Redemption {
  id: string;
  reward: string;
  step: string;
  quantity: number;
  points: Points;
  value: Money;
}

/** Of relations only the kind: "referrer", "enroller", "household". */
export interface Enrolment {
  relations: string[];
}

export interface Anniversary {
  kind: string;
  years: number;
}

export interface PeriodClose {
  window: Window;
  /** Half open. */
  from: EpochMs;
  to: EpochMs;
  /** Over all members of this partner, for counters that ask for it. */
  totals: CounterTotal[];
}

export interface CounterTotal {
  counter: string;
  total: bigint;
  members: bigint;
}

/** What this program said about a related member. One hop: no signal out of a signal. */
export interface SignalReceived {
  kind: string;
  relation: string;
  source: string;
  attributes: Attribute[];
}

export interface CoalitionEvent {
  partner: string;
  kind: string;
  total?: Money | undefined;
}

export interface Member {
  /** Differs per partner. */
  id: string;
  enrolled: Instant;
  coalitionTier?: string | undefined;
  tier?: TierHeld | undefined;
  relations: string[];
  activity: Totals;
  /** The rest is empty unless the manifest needs it. */
  months: Month[];
  counters: Counter[];
  badges: BadgeHeld[];
  vouchers: VoucherHeld[];
  awarded: AwardHeld[];
  balance?: Points | undefined;
  attributes: Attribute[];
}

/** Points under a key, less all that was taken back; the newest 64 keys. */
export interface AwardHeld {
  key: string;
  points: Points;
}

export interface Totals {
  purchases: number;
  spend: bigint;
  firstAt?: EpochMs | undefined;
  lastAt?: EpochMs | undefined;
}

export interface Month {
  month: number;
  purchases: number;
  spend: bigint;
}

/** Newest first; values[0] is the open window. May be below zero after a late refund. */
export interface Counter {
  name: string;
  values: bigint[];
}

export interface TierHeld {
  name: string;
  since: EpochMs;
  until?: EpochMs | undefined;
}

export interface BadgeHeld {
  name: string;
  period: string;
  at: EpochMs;
}

/** `issued`: ever, less those revoked. `open`: ids that are neither used, revoked nor expired, oldest first. */
export interface VoucherHeld {
  template: string;
  issued: number;
  open: string[];
}

export type Effect =
  | { tag: 'award'; val: Award }
  /** Only in answer to a refund, and never more than is left of what was awarded under that key. */
  | { tag: 'recover'; val: Recovery }
  | { tag: 'progress'; val: Progress }
  | { tag: 'grant-badge'; val: Badge }
  | { tag: 'revoke-badge'; val: Badge }
  | { tag: 'set-tier'; val: TierChange }
  | { tag: 'issue-voucher'; val: Voucher }
  | { tag: 'revoke-voucher'; val: string }
  | { tag: 'tell'; val: Message }
  | { tag: 'signal'; val: Signal }
  /** To the partner's own systems: in the answer to the till and on the webhook. Moves nothing. */
  | { tag: 'instruct'; val: Instruction }
  /** A kind that a later 1.x knows; the manifest must require it. */
  | { tag: 'other'; val: Instruction };

export interface Award {
  /** Unique in one answer. A refund pairs the award with its re-evaluation by it. */
  key: string;
  points: Points;
  reason: Message;
  lines: number[];
  available: Availability;
  /** None: as the program has it. */
  expires?: Moment | undefined;
  /** A campaign agreed with the operator: its budget, its window, who pays which part. */
  campaign?: string | undefined;
}

export interface Recovery {
  key: string;
  points: Points;
  reason: Message;
}

export type Availability =
  | { tag: 'now' }
  | { tag: 'later'; val: Moment }
  | { tag: 'on-action'; val: string };

/** Adds to a counter of the manifest. The host can take it back, so prefer it to state. */
export interface Progress {
  counter: string;
  delta: bigint;
}

export interface Badge {
  name: string;
  period: string;
}

export interface TierChange {
  tier?: string | undefined;
  until?: Moment | undefined;
  reason: Message;
}

export interface Voucher {
  key: string;
  template: string;
  value?: Money | undefined;
  expires?: Moment | undefined;
  reason: Message;
  attributes: Attribute[];
}

export interface Signal {
  relation: string;
  kind: string;
  attributes: Attribute[];
}

export interface Instruction {
  kind: string;
  attributes: Attribute[];
}

export interface Context {
  at: Instant;
  seed: bigint;
  store?: string | undefined;
  channel?: string | undefined;
  attributes: Attribute[];
}

export interface Offer {
  reward: string;
  title: Message;
  points?: Points | undefined;
  value?: Money | undefined;
  eligible: boolean;
  reason?: Message | undefined;
  target?: Target | undefined;
  validUntil?: EpochMs | undefined;
  attributes: Attribute[];
}

export interface Target {
  have: bigint;
  need: bigint;
  unit: string;
}

export interface QuoteRequest {
  reward: string;
  quantity: number;
  amount?: Money | undefined;
  basket?: Purchase | undefined;
  context: Context;
}

export interface Quotation {
  points: Points;
  value: Money;
  title: Message;
  /** How long the voucher holds; the host cuts it to its own bounds. */
  valid?: Moment | undefined;
  campaign?: string | undefined;
  till: Attribute[];
}

export interface Manifest {
  name: string;
  version: string;
  handles: string[];
  needs: string[];
  /** Names of the register that this program can't do without; unknown ones refuse the upload. */
  requires: string[];
  configSchema: string;
  texts: LocaleTexts[];
  rewards: Reward[];
  counters: CounterDef[];
  badges: string[];
  tiers: string[];
  campaigns: string[];
  limits: Limit[];
}

export interface LocaleTexts {
  locale: string;
  entries: Array<[string, string]>;
}

export interface Reward {
  id: string;
  kind: string;
  /** Ever, less held and taken. None: without end. */
  stock?: bigint | undefined;
  perMember?: Limit | undefined;
}

export interface CounterDef {
  name: string;
  window: Window;
  keep: number;
  totals: boolean;
}

export interface Limit {
  name: string;
  max: bigint;
  window: Window;
}

export interface Problem {
  pointer: string;
  detail: string;
}

export type StateError = 'full' | 'read-only';

/** Of this member and program; loaded before the call, written with the posting. */
export interface State {
  get(key: string): Uint8Array | undefined;
  /** Throws StateError. */
  put(key: string, value: Uint8Array): void;
  /** Throws StateError. */
  delete(key: string): void;
}

export type Level = 'debug' | 'info' | 'warn' | 'error';

export interface Log {
  write(level: Level, text: string): void;
}

export interface Program {
  /** Throws Problem[]. */
  describe(config: string): Manifest;
  /** Throws Refusal. */
  onEvent(event: Event, member: Member, config: string): Effect[];
  offers(context: Context, member: Member, config: string): Offer[];
  /** Throws Refusal. */
  quote(request: QuoteRequest, member: Member, config: string): Quotation;
}
