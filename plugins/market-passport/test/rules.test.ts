// The rules as a member meets them, natively.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Basket, Till, describe } from '@coalition/sdk/testkit';

import rules from '../src/index.js';

const LOCALES = ['en', 'ro', 'mk', 'pl', 'ru'];
const bread = () => Basket.usd().line('BREAD', 250);

test('the first purchase of the month in a department stamps its page', () => {
  const till = new Till(rules).at('2026-11-02T10:00:00+01:00');
  assert.equal(till.buy(bread()).points.value, 10n);
  assert.equal(till.buy(bread()).points.value, 0n);
  assert.equal(till.at('2026-12-01T00:10:00+01:00').buy(bread()).points.value, 10n);
});

test('four pages earn the bonus once, all six a voucher and the badge', () => {
  const till = new Till(rules).at('2026-11-02T10:00:00+01:00');
  till.buy(Basket.usd().line('BREAD', 250).line('CHEESE', 400).line('BEEF', 900));
  const fourth = till.buy(Basket.usd().line('COFFEE', 600));
  assert.equal(fourth.pointsUnder('bonus:2026-11').value, 100n);
  const all = till.buy(Basket.usd().line('TOMATOES', 200).line('LAUNDRY', 700));
  assert.deepEqual([all.points.value, all.badges, all.vouchers('full-passport')], [20n, ['explorer'], 1]);
  assert.equal(till.buy(bread()).effects.length, 1, 'a full passport only counts on');
});

test('a purchase below the minimum stamps nothing', () => {
  const till = new Till(rules);
  assert.equal(till.buy(Basket.usd().line('BREAD', 99)).effects.length, 0);
  assert.equal(till.buy(Basket.usd().line('BREAD', 50).line('ROLLS', 50)).points.value, 10n, 'together they are enough');
});

test('what comes back takes its stamp along, and the next purchase there earns it again', () => {
  const till = new Till(rules);
  till.buy(bread());
  till.refundAll(0);
  assert.equal(till.points.value, 0n);
  assert.equal(till.view.counter('page-bakery'), 0n);
  assert.equal(till.buy(bread()).points.value, 10n);
});

test('a bonus that a return has cost is earned again with the next page', () => {
  const till = new Till(rules);
  till.buy(Basket.usd().line('BREAD', 250).line('CHEESE', 400).line('BEEF', 900));
  till.buy(Basket.usd().line('COFFEE', 600));
  till.refundAll(1);
  assert.equal(till.points.value, 30n);
  assert.equal(till.buy(Basket.usd().line('TOMATOES', 200)).points.value, 110n);
});

test('every text is there in every language', () => {
  const till = new Till(rules);
  const [told] = till.buy(bread()).told;
  const offer = till.offer('full-passport')!;
  for (const locale of LOCALES) {
    for (const message of [told!, offer.title, offer.reason!]) assert.ok(till.text(locale, message).length > 0);
    assert.ok(till.text(locale, { key: 'terms', args: [] }).includes('1.00 USD'));
  }
});

test('problems are pointed at', () => {
  const pages = [{ id: 'a', title: 'A', goods: { categories: ['A'] } }, { id: 'a', title: 'B', goods: {} }];
  const { problems } = describe(rules, { pages, needed: 3 });
  assert.deepEqual(problems?.map(({ pointer }) => pointer), ['/pages/1/id', '/pages/1/goods', '/needed']);
});
