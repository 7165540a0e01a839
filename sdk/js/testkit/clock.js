// Times as tests write them, and which calendar window a moment lies in.

import { divFloor } from '../src/arithmetic.js';
import { Instant } from '../src/time.js';

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|([+-])(\d\d):(\d\d))$/;

/** The moment of an RFC 3339 text such as `2026-11-21T10:00:00-05:00`; its offset is taken for the program's. */
export function instant(text) {
  const found = TIME.exec(text);
  const ms = found ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw new TypeError(`"${text}" is not a time such as 2026-11-21T10:00:00Z`);
  const [, , , sign, hours = '0', minutes = '0'] = found;
  return new Instant(ms, (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)));
}

/** The number of the window that a moment lies in; the one before has the number before. */
export function windowNumber(window, at) {
  const { days, year, month } = { days: at.date.days, year: BigInt(at.date.year), month: BigInt(at.date.month) };
  switch (window) {
    case 'day': return days;
    // Weeks begin on Monday, and 1970-01-01 was a Thursday.
    case 'week': return divFloor(days + 3n, 7n);
    case 'month': return year * 12n + month - 1n;
    case 'quarter': return year * 4n + (month - 1n) / 3n;
    case 'year': return year;
    default: return 0n;
  }
}
