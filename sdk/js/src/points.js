// Points, and the rates that make them. Whole numbers only: a fraction of a point exists nowhere, so every rate says how it rounds.

import { fitting, mulDiv, whole } from './arithmetic.js';

/** A number of points: checked arithmetic that never wraps and never mixes with money. */
export class Points {
  constructor(value) {
    this.value = whole(value);
    Object.freeze(this);
  }

  /** `value` points; points are taken as they are. */
  static of(value) {
    return value instanceof Points ? value : new Points(value);
  }

  /** The sum of many. */
  static sum(many) {
    let sum = Points.ZERO;
    for (const points of many) sum = sum.plus(points);
    return sum;
  }

  plus(other) {
    return new Points(fitting(this.value + whole(other)));
  }

  minus(other) {
    return new Points(fitting(this.value - whole(other)));
  }

  times(factor) {
    return new Points(fitting(this.value * whole(factor)));
  }

  /** A share of them: `Points.of(70).share(BasisPoints.percent(50), 'floor')` is 35. */
  share(rate, rounding) {
    return new Points(rate.of(this.value, rounding));
  }

  /** Whether there is anything to award. */
  get isPositive() {
    return this.value > 0n;
  }

  /** For comparisons: `points > 100n`. */
  valueOf() {
    return this.value;
  }

  toString() {
    return this.value.toString();
  }
}
Object.defineProperty(Points, 'ZERO', { value: new Points(0n) });

/** A rate in hundredths of a percent: 500 is 5 %, 10 000 is all of it, 20 000 is double. */
export class BasisPoints {
  constructor(value) {
    this.value = whole(value);
    if (this.value < 0n || this.value > 4_294_967_295n) throw new RangeError('a rate is from 0 to 4294967295 basis points');
    Object.freeze(this);
  }

  /** Whole percent. */
  static percent(percent) {
    return new BasisPoints(whole(percent) * 100n);
  }

  /** This share of `value`. */
  of(value, rounding) {
    return mulDiv(value, this.value, 10_000n, rounding);
  }

  /** As people say it: `5 %`, `7.5 %`. */
  toString() {
    const rest = this.value % 100n;
    const decimals = rest === 0n ? '' : `.${rest.toString().padStart(2, '0').replace(/0$/, '')}`;
    return `${this.value / 100n}${decimals} %`;
  }
}

/** So many points against so much money: what a purchase earns, or what points pay for. */
export class Exchange {
  constructor(points, minor) {
    this.points = whole(points);
    this.minor = whole(minor);
    Object.freeze(this);
  }

  /** The points that `minor` units come to. */
  pointsFor(minor, rounding) {
    return new Points(mulDiv(minor, this.points, this.minor, rounding));
  }

  /** The minor units that `points` come to. */
  minorFor(points, rounding) {
    return mulDiv(whole(points), this.minor, this.points, rounding);
  }
}
