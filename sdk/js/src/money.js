// Money in minor units of one currency. Amounts of two currencies never combine.

import { ArithmeticError, fitting, whole } from './arithmetic.js';

const NONE = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF XXX'.split(' ');
const THREE = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');
const FOUR = 'CLF UYW'.split(' ');

/** How many of a unit's digits are minor ones: 2 for most, 0 for the yen, 3 for the Kuwaiti dinar (ISO 4217, list one). */
export function minorDigits(currency) {
  if (NONE.includes(currency)) return 0;
  if (THREE.includes(currency)) return 3;
  return FOUR.includes(currency) ? 4 : 2;
}

/** The minor units of an amount of that currency. */
function same(currency, amount) {
  if (amount.currency !== currency) throw new ArithmeticError('currencies');
  return amount.minor;
}

/** The currency that was looked at last: nearly all amounts of a decision are of one. */
let seen;

/** An amount in minor units (cents) of a currency: `Money.of(1299, 'USD')` is 12.99 USD. */
export class Money {
  constructor(minor, currency) {
    this.minor = whole(minor);
    if (currency !== seen) {
      if (!/^[A-Z]{3}$/.test(currency)) throw new TypeError('a currency is three capital letters, such as USD');
      seen = currency;
    }
    this.currency = currency;
    Object.freeze(this);
  }

  static of(minor, currency) {
    return new Money(minor, currency);
  }

  /** The sum of many, in `currency`. */
  static sum(currency, many) {
    let minor = 0n;
    for (const amount of many) minor = fitting(minor + same(currency, amount));
    return new Money(minor, currency);
  }

  /** What the gateway itself sends was checked there; a receipt has hundreds of amounts, and each check is paid for in fuel. */
  static trusted(minor, currency) {
    const money = Object.create(Money.prototype);
    money.minor = minor;
    money.currency = currency;
    return money;
  }

  plus(other) {
    return new Money(fitting(this.minor + same(this.currency, other)), this.currency);
  }

  minus(other) {
    return new Money(fitting(this.minor - same(this.currency, other)), this.currency);
  }

  times(factor) {
    return new Money(fitting(this.minor * whole(factor)), this.currency);
  }

  /** A share of it: 5 % of 12.99 USD, floored, is 0.64 USD. */
  share(rate, rounding) {
    return new Money(rate.of(this.minor, rounding), this.currency);
  }

  /** The points this amount comes to: `spend.earns(new Exchange(1, 100), 'floor')`. */
  earns(exchange, rounding) {
    return exchange.pointsFor(this.minor, rounding);
  }

  /** For comparisons in one currency: `spend >= minimum`. */
  valueOf() {
    return this.minor;
  }

  /** As it stands in a text: `12.99 USD`. */
  toString() {
    const digits = minorDigits(this.currency);
    const sign = this.minor < 0n ? '-' : '';
    const size = (this.minor < 0n ? -this.minor : this.minor).toString().padStart(digits + 1, '0');
    const split = size.length - digits;
    return `${sign}${size.slice(0, split)}${digits > 0 ? `.${size.slice(split)}` : ''} ${this.currency}`;
  }
}
