// Rounding, draws and dates by the table that the SDK for Rust is tested with, and what each type refuses.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';

import { ArithmeticError, BasisPoints, Chance, Exchange, Instant, Money, Points, divFloor, modFloor, mulDiv } from '../src/index.js';

const vectors = JSON.parse(await readFile(new URL('../../vectors/arithmetic.json', import.meta.url), 'utf8'));

test('rounding is that of the SDK for Rust', () => {
  for (const { value, numerator, denominator, ...expected } of vectors.mul_div) {
    for (const [rounding, answer] of Object.entries(expected)) {
      const ask = () => mulDiv(BigInt(value), BigInt(numerator), BigInt(denominator), rounding.replace('_', '-'));
      if (/\d/.test(answer)) assert.equal(ask(), BigInt(answer), `${value} × ${numerator} ÷ ${denominator}, ${rounding}`);
      else assert.throws(ask, { why: answer });
    }
  }
});

test('draws are those of the SDK for Rust', () => {
  for (const { seed, bounds, draws } of vectors.chance) {
    const chance = new Chance(BigInt(seed));
    assert.deepEqual(bounds.map((bound) => String(chance.below(BigInt(bound)))), draws);
  }
});

test('dates are those of the SDK for Rust', () => {
  for (const { ms, offset_minutes: offset, date, weekday, hour } of vectors.moments) {
    const at = new Instant(BigInt(ms), offset);
    assert.deepEqual([[at.date.year, at.date.month, at.date.day], at.weekday, at.hour], [date, weekday, hour]);
  }
});

test('nothing wraps, and nothing is rounded in silence', () => {
  const most = Points.of(2n ** 63n - 1n);
  for (const wrong of [() => most.plus(1), () => most.times(2), () => Points.of(-(2n ** 63n)).minus(1), () => Points.sum([most, 1])]) {
    assert.throws(wrong, ArithmeticError);
  }
  for (const wrong of [1.5, Number.NaN, 2 ** 53, '12', undefined, null]) assert.throws(() => Points.of(wrong), TypeError);
  assert.throws(() => mulDiv(1, 1, 2), /say how to round/);
});

test('two currencies never combine', () => {
  const dollar = Money.of(100, 'USD');
  assert.throws(() => dollar.plus(Money.of(1, 'EUR')), { why: 'currencies' });
  assert.throws(() => Money.of(1, 'usd'), TypeError);
  assert.ok(dollar.plus(dollar) >= Money.of(200n, 'USD'));
});

test('values read as people say them', () => {
  const texts = [
    [Money.of(1_299, 'USD'), '12.99 USD'], [Money.of(-5, 'EUR'), '-0.05 EUR'], [Money.of(1_299, 'JPY'), '1299 JPY'], [Money.of(1_299, 'KWD'), '1.299 KWD'],
    [Money.of(-(2n ** 63n), 'USD'), '-92233720368547758.08 USD'], [BasisPoints.percent(5), '5 %'], [new BasisPoints(750), '7.5 %'], [new BasisPoints(1), '0.01 %'],
  ];
  for (const [value, text] of texts) assert.equal(String(value), text);
});

test('an exchange goes both ways', () => {
  assert.equal(Money.of(5_230, 'USD').earns(new Exchange(1, 100), 'floor').value, 52n);
  const pay = new Exchange(500, 300);
  assert.equal(pay.pointsFor(100, 'ceil').value, 167n);
  assert.equal(pay.minorFor(500, 'floor'), 300n);
  assert.equal(Points.of(70).share(BasisPoints.percent(50), 'floor').value, 35n);
});

test('division by name rounds down below zero too', () => {
  assert.deepEqual([divFloor(-7, 2), modFloor(-7, 2), divFloor(7, 2), modFloor(7, 2), divFloor(-8, 2)], [-4n, 1n, 3n, 1n, -4n]);
});
