// Moments as rules see them. A rule has no clock: the event carries its time, and with it the offset of the program's time zone at that
// moment, so that "on a Friday" and "in November" mean the same to everybody.

import { ArithmeticError, divFloor, modFloor, whole } from './arithmetic.js';

const DAY_MS = 86_400_000n;
const WEEKDAYS = Object.freeze(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);

/** A point in time, and the program's offset from UTC then. */
export class Instant {
  constructor(ms, offsetMinutes = 0) {
    this.ms = whole(ms);
    this.offsetMinutes = offsetMinutes;
    Object.freeze(this);
  }

  get #localMs() {
    return this.ms + BigInt(this.offsetMinutes) * 60_000n;
  }

  /** The program's local date. */
  get date() {
    return LocalDate.fromDays(divFloor(this.#localMs, DAY_MS));
  }

  /** The program's local hour of the day, 0 to 23. */
  get hour() {
    return Number(modFloor(this.#localMs, DAY_MS) / 3_600_000n);
  }

  /** The program's local day of the week: `monday` to `sunday`. */
  get weekday() {
    // 1970-01-01 was a Thursday.
    return WEEKDAYS[Number(modFloor(divFloor(this.#localMs, DAY_MS) + 3n, 7n))];
  }

  /** Full days from `earlier` (an instant or milliseconds) to this moment; below zero when it comes later. */
  daysSince(earlier) {
    return divFloor(this.ms - (earlier instanceof Instant ? earlier.ms : whole(earlier)), DAY_MS);
  }
}

/** A day of the Gregorian calendar. */
export class LocalDate {
  constructor(year, month, day) {
    this.year = year;
    this.month = month;
    this.day = day;
    Object.freeze(this);
  }

  /** The date `days` after 1970-01-01, by the civil-calendar arithmetic of H. Hinnant, "chrono-compatible low-level date algorithms". */
  static fromDays(days) {
    const shifted = Number(whole(days)) + 719_468;
    const era = Math.floor(shifted / 146_097);
    const dayOfEra = shifted - era * 146_097;
    const down = Math.floor;
    const yearOfEra = down((dayOfEra - down(dayOfEra / 1_460) + down(dayOfEra / 36_524) - down(dayOfEra / 146_096)) / 365);
    const dayOfYear = dayOfEra - (365 * yearOfEra + down(yearOfEra / 4) - down(yearOfEra / 100));
    const shiftedMonth = down((5 * dayOfYear + 2) / 153);
    const day = dayOfYear - down((153 * shiftedMonth + 2) / 5) + 1;
    const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
    return new LocalDate(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day);
  }

  /** Days from 1970-01-01 to this date, as a whole number. */
  get days() {
    const down = Math.floor;
    const year = this.year - (this.month <= 2 ? 1 : 0);
    const era = down(year / 400);
    const yearOfEra = year - era * 400;
    const dayOfYear = down((153 * ((this.month + 9) % 12) + 2) / 5) + this.day - 1;
    return BigInt(era * 146_097 + yearOfEra * 365 + down(yearOfEra / 4) - down(yearOfEra / 100) + dayOfYear - 719_468);
  }

  /** The first millisecond of this day, at the offset of `near`. */
  beginsMs(near) {
    return this.days * DAY_MS - BigInt(near.offsetMinutes) * 60_000n;
  }

  /** As `2026-11-27`; two of them compare as texts for years of four digits. */
  toString() {
    return `${this.year}-${String(this.month).padStart(2, '0')}-${String(this.day).padStart(2, '0')}`;
  }
}

/** That very moment, in milliseconds since 1970. */
export const at = (ms) => ({ tag: 'at', val: ms instanceof Instant ? ms.ms : whole(ms) });
/** So many days after the event. */
export const afterDays = (days) => ({ tag: 'after-days', val: Number(days) });
/** So many months after the event, on the same day of the month where there is one. */
export const afterMonths = (months) => ({ tag: 'after-months', val: Number(months) });
/** The end of the window that is open, in the program's time zone. */
export const endOf = (window) => ({ tag: 'end-of', val: window });

/** Chance without a random source: the event's seed, which the till can't choose, gives the same draw at every replay. */
export class Chance {
  #state;

  constructor(seed) {
    this.#state = BigInt.asUintN(64, BigInt(seed));
  }

  /** A number from 0 up to, not including, `bound` (SplitMix64, reduced by multiplication). */
  below(bound) {
    const wide = whole(bound);
    if (wide <= 0n) throw new ArithmeticError('divisor');
    const cut = (value) => BigInt.asUintN(64, value);
    this.#state = cut(this.#state + 0x9e37_79b9_7f4a_7c15n);
    let draw = this.#state;
    draw = cut((draw ^ (draw >> 30n)) * 0xbf58_476d_1ce4_e5b9n);
    draw = cut((draw ^ (draw >> 27n)) * 0x94d0_49bb_1331_11ebn);
    draw ^= draw >> 31n;
    return (draw * wide) >> 64n;
  }
}
