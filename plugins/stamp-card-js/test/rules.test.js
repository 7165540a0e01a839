import assert from 'node:assert/strict';
import test from 'node:test';

import { Chance, Points } from '@coalition/sdk';
import { Basket, Till, describe } from '@coalition/sdk/testkit';

import rules from '../src/index.js';

const card = (more) => ({
  points_per_stamp: 0,
  cards: [{ id: 'coffee', title: 'Coffee card', goods: { categories: ['COFFEE*'] }, needed: 9, gives: 'a coffee of your choice', worth: 450, ...more }],
});
const coffees = (count) => Basket.usd().item('1', 'COFFEE', count * 1_000, count * 350);
const coffee = () => Basket.usd().line('COFFEE SHOP', 350).line('ROLLS', 50);

test('the tenth coffee is free', () => {
  const till = new Till(rules, card());
  for (let bought = 0; bought < 8; bought += 1) assert.equal(till.buy(coffee()).vouchers('coffee'), 0);
  const { eligible, reason } = till.offer('coffee');
  assert.equal(eligible, false);
  assert.equal(till.text('en', reason), 'Stamps still missing: 1');
  assert.equal(till.buy(coffee()).vouchers('coffee'), 1);
  assert.equal(till.offer('coffee').eligible, true);
  assert.ok(till.view.hasBadge('first-card'));
  // The free one: nothing was paid, so it has no stamp.
  till.useVoucher('coffee');
  assert.equal(till.buy(Basket.usd().line('COFFEE SHOP', 0)).effects.length, 0);
  assert.equal(till.offer('coffee').target.have, 0n);
});

test('the last but one stamp is told', () => {
  const till = new Till(rules, card());
  const [told] = till.buy(coffees(8)).told;
  assert.equal(till.text('en', told), 'One more stamp and “Coffee card” is full: a coffee of your choice');
});

test('a visit has one stamp if enough is spent', () => {
  const till = new Till(rules);
  assert.equal(till.buy(Basket.usd().line('SOUP', 499)).effects.length, 0);
  till.buy(Basket.usd().line('SOUP', 300).line('EGGS', 200));
  till.buy(Basket.usd().totalOnly(2_000));
  assert.equal(till.view.counter('stamps-visits'), 2n);
});

test('random histories with returns end as if what came back had never been bought', () => {
  const config = { ...card({ needed: 4 }), points_per_stamp: 2 };
  const bag = (counts) => counts.reduce((basket, count) => basket.item('1', 'COFFEE', count * 1_000n, count * 350n), Basket.usd());
  for (let seed = 0; seed < 100; seed += 1) {
    const chance = new Chance(seed);
    const [kept, all] = [new Till(rules, config), new Till(rules, config)];
    const returns = [];
    for (let purchase = 0; purchase < 10; purchase += 1) {
      const counts = [1n + chance.below(3), 1n + chance.below(3), 1n + chance.below(3)];
      const back = [0, 1, 2].filter(() => chance.below(3) === 0n);
      all.buy(bag(counts));
      kept.buy(bag(counts.filter((_, line) => !back.includes(line))));
      returns.push(...back.map((line) => [purchase, line]));
      if (chance.below(2) === 0n) for (const [number, line] of returns.splice(0)) all.refund(number, [line]);
    }
    for (const [number, line] of returns.reverse()) all.refund(number, [line]);
    const seen = (till) => {
      till.buy(bag([1n]));
      return [till.view.counter('stamps-coffee'), till.view.vouchersIssued('coffee'), till.points.value];
    };
    assert.deepEqual(seen(all), seen(kept), `seed ${seed}`);
  }
});

test('a used voucher whose goods came back is owed', () => {
  const till = new Till(rules, card({ needed: 3 }));
  till.buy(coffees(3));
  till.useVoucher('coffee').refundAll(0);
  // Three stamps make good for the voucher that was used; three more fill a card.
  assert.equal(till.buy(coffees(3)).vouchers('coffee'), 0);
  assert.equal(till.buy(coffees(3)).vouchers('coffee'), 1);
});

test('a free coffee is not for points', () => {
  const till = new Till(rules, card());
  assert.throws(() => till.quote('coffee'), { code: 'not-eligible' });
  assert.throws(() => till.quote('tea'), { code: 'unknown-reward' });
});

test('problems are pointed at', () => {
  const { problems } = describe(rules, { cards: [{ id: 'a', title: 'A', gives: 'x' }, { id: 'a', title: 'B', gives: 'y', goods: {} }] });
  assert.deepEqual(problems.map(({ pointer }) => pointer), ['/cards/1/id', '/cards/1/goods']);
  assert.deepEqual(Points.ZERO.value, 0n);
});
