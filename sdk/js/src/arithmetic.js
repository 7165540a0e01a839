// Rounding, in the one place where it happens, on whole numbers (BigInt) that stay within 64 bits. Everything that divides names which way it
// rounds, is exact below zero too, and never wraps: the results are those of the SDK for Rust, to the last one.

const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

/** The ways to round; all four hold for negative values as for positive ones. */
export const ROUNDINGS = Object.freeze(['floor', 'half-up', 'half-even', 'ceil']);

/** A rule that can't decide: the run fails, the purchase is kept, and decided again when a mended version is live. */
export class Fault extends Error {
  name = 'Fault';
}

/** Arithmetic that has no answer: `overflow`, `currencies` or `divisor`. */
export class ArithmeticError extends Fault {
  name = 'ArithmeticError';

  /** @param {'overflow' | 'currencies' | 'divisor'} why */
  constructor(why) {
    super({
      overflow: 'the result does not fit into 64 bits',
      currencies: "amounts of two currencies can't be combined",
      divisor: 'the divisor must be above zero',
    }[why]);
    this.why = why;
  }
}

/** A whole number of 64 bits from what an author wrote, or an error: never a fraction, never a rounded one. */
export function whole(value) {
  if (typeof value === 'bigint') return fitting(value);
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  if (value !== null && typeof value === 'object' && typeof value.value === 'bigint') return value.value;
  throw new TypeError(`${String(value)} is no whole number (write 12n or 12)`);
}

/** The number itself where it fits into 64 bits. */
export function fitting(value) {
  if (value < MIN || value > MAX) throw new ArithmeticError('overflow');
  return value;
}

/** The quotient rounded towards minus infinity: -7 by 2 is -4. BigInt's own `/` rounds towards zero. */
export function divFloor(value, divisor) {
  const [top, bottom] = [whole(value), whole(divisor)];
  if (bottom <= 0n) throw new ArithmeticError('divisor');
  const quotient = top / bottom;
  return top % bottom < 0n ? quotient - 1n : quotient;
}

/** What is left of that division, never below zero: -7 by 2 leaves 1. */
export function modFloor(value, divisor) {
  const bottom = whole(divisor);
  return whole(value) - divFloor(value, bottom) * bottom;
}

/** `value × numerator ÷ denominator`, exact up to the one rounding at the end. */
export function mulDiv(value, numerator, denominator, rounding) {
  const bottom = whole(denominator);
  if (bottom <= 0n) throw new ArithmeticError('divisor');
  const product = whole(value) * whole(numerator);
  let quotient = product / bottom;
  let rest = product % bottom;
  if (rest < 0n) {
    quotient -= 1n;
    rest += bottom;
  }
  return fitting(goesUp(rounding, rest, bottom - rest, quotient) ? quotient + 1n : quotient);
}

function goesUp(rounding, below, above, quotient) {
  switch (rounding) {
    case 'floor': return false;
    case 'ceil': return below > 0n;
    case 'half-up': return below >= above;
    case 'half-even': return below > above || (below === above && quotient % 2n !== 0n);
    default: throw new TypeError(`say how to round: ${ROUNDINGS.join(', ')}`);
  }
}
