// What a program answers: effects in the contract's own shape, refusals, and what the test kit would not let pass.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Money, Points, Refusal, Selection, Words, afterDays, fill, key, message, offer, onAction, program, quotation } from '../src/index.js';
import { Basket, Till, describe } from '../testkit/index.js';

const VISITS = key('visits', 1);

const rules = (purchase, more = {}) => program({
  name: 'rules',
  version: '1.0.0',
  texts: { en: { why: 'Because of {what}', card: 'A card' } },
  describe(_, manifest) {
    manifest.needs('counters', 'vouchers', 'badges', 'awarded').counter('visits', 'week', { keep: 2 }).reward('coffee', 'free-product').badges('first').tiers('gold');
  },
  on: { purchase },
  ...more,
});

test('effects are as the contract writes them, and what comes to nothing is left out', () => {
  const till = new Till(rules(({ purchase }, effects) => {
    effects.award('base', 12, message('why', { what: purchase.total }), { lines: [0], available: onAction('delivered'), expires: afterDays(9) });
    effects.award('none', 0, 'card').progress('visits', 0).progress('visits', 1).grantBadge('first');
    effects.issueVoucher('one', 'coffee', 'card', { value: Money.of(450, 'USD'), attributes: { sku: '1', left: undefined } });
  }));
  const { effects, points, badges } = till.buy(Basket.usd().line('COFFEE', 350));
  assert.deepEqual(effects.map(({ tag }) => tag), ['award', 'progress', 'grant-badge', 'issue-voucher']);
  assert.deepEqual(effects[0].val, {
    key: 'base', points: 12n, reason: { key: 'why', args: [{ name: 'what', value: { tag: 'text', val: '3.50 USD' } }] }, lines: [0],
    available: { tag: 'on-action', val: 'delivered' }, expires: { tag: 'after-days', val: 9 }, campaign: undefined,
  });
  assert.deepEqual(effects[3].val.attributes, [{ name: 'sku', value: { tag: 'text', val: '1' } }]);
  assert.deepEqual([points.value, badges], [12n, ['first']]);
});

test('what the gateway would not accept is a failure of the test', () => {
  const wrong = {
    'two awards': (_, effects) => effects.award('a', 1, 'card').award('a', 1, 'card'),
    counter: (_, effects) => effects.progress('nothing', 1),
    reward: (_, effects) => effects.issueVoucher('a', 'nothing', 'card'),
    badge: (_, effects) => effects.grantBadge('nothing'),
    tier: (_, effects) => effects.setTier('nothing', 'card'),
    text: (_, effects) => effects.award('a', 1, 'no-such-text'),
    recover: (_, effects) => effects.recover('a', 1, 'card'),
  };
  for (const [said, purchase] of Object.entries(wrong)) {
    assert.throws(() => new Till(rules(purchase)).buy(Basket.usd().line('A', 100)), new RegExp(said), said);
  }
});

test('a refusal is an answer, and writes nothing', () => {
  const till = new Till(rules(({ state }) => {
    state.put(VISITS, 1);
    throw new Refusal('excluded', message('why', { what: 'tobacco' }));
  }));
  const { effects, refusal } = till.buy(Basket.usd().line('A', 100));
  assert.deepEqual([effects, refusal.code, till.text('en', refusal.reason)], [[], 'excluded', 'Because of tobacco']);
});

test('the state is typed, versioned and bounded', () => {
  const counting = new Till(rules(({ state }, effects) => {
    const visits = (state.get(VISITS) ?? 0) + 1;
    state.put(VISITS, visits);
    effects.award('base', visits, 'card');
  }));
  counting.buy(Basket.usd());
  assert.equal(counting.buy(Basket.usd()).points.value, 2n);
  const full = new Till(rules(({ state }) => state.put(VISITS, 'x'.repeat(9_000))));
  assert.throws(() => full.buy(Basket.usd()), /16 keys and 8 KiB/);
});

test('offers and quotes', () => {
  const till = new Till(rules(undefined, {
    on: {},
    offers: () => [offer('coffee', 'card', { notYet: message('why', { what: 'time' }), target: { have: 1, need: 9n, unit: 'stamps' } })],
    quote: ({ reward, amount, quantity }) => (reward === 'coffee' ? quotation(100n * quantity, amount ?? Money.of(0, 'USD'), 'card') : undefined),
  }));
  assert.deepEqual(till.offer('coffee').target, { have: 1n, need: 9n, unit: 'stamps' });
  assert.deepEqual(till.quote('coffee', { quantity: 2, amount: 700 }).points, 200n);
  assert.throws(() => till.quote('tea'), { code: 'unknown-reward' });
});

test('a manifest says what it handles, and has the words that the SDK may say', () => {
  const { manifest } = describe(rules(() => {}, { on: { purchase() {}, 'activity:review'() {} } }));
  assert.deepEqual(manifest.handles, ['purchase', 'activity:review']);
  assert.ok(manifest.texts[0].entries.some(([known]) => known === 'no-such-reward'));
});

test('activities reach their own handler', () => {
  const till = new Till(rules(undefined, {
    on: { 'activity:review': ({ activity, event }, effects) => effects.award(activity.kind, event.attributes.stars, 'card') },
  }));
  assert.equal(till.reports('review', { stars: 5 }).points.value, 5n);
  assert.throws(() => till.reports('quiz'), /does not handle "activity:quiz"/);
});

test('a refund is seen after what it took back', () => {
  const seen = [];
  const till = new Till(rules(({ purchase }, effects) => effects.award('base', purchase.total.minor, 'card'), {
    on: {
      purchase: ({ purchase }, effects) => effects.award('base', purchase.total.minor, 'card'),
      refund: ({ refund, event, member }, effects) => {
        seen.push([refund.returned.total.minor, refund.kept.total.minor, refund.awarded.value, refund.clawedBack.value, event.kind, member.awardedUnder('base').value]);
        effects.recover('base', 1, 'card');
      },
    },
  }));
  till.buy(Basket.usd().line('A', 300).line('B', 500));
  till.refund(0, [0]);
  assert.deepEqual(seen, [[300n, 500n, 800n, 300n, 'refund', 500n]]);
  assert.equal(till.points.value, 499n);
});

test('what was spent on goods is told by category and by article', () => {
  const seen = [];
  const till = new Till(rules(({ purchase }) => {
    seen.push(['COFFEE*', '*', 'TEA'].map((category) => purchase.spendOn(new Selection([category])).minor), purchase.spendOn(new Selection([], ['7'])).toString());
  }));
  till.buy(Basket.usd().line('COFFEE SHOP', 350).line('coffee', 50).item('7', 'ROLLS', 2_000, 100));
  assert.deepEqual(seen, [[400n, 500n, 0n], '1.00 USD']);
});

test('words come in the language asked for, and numbers bring the form of theirs', () => {
  const forms = { en: '{n|point|points}', ro: '{n|punct|puncte|de puncte}', mk: '{n|поен|поени}', pl: '{n|punkt|punkty|punktów}', ru: '{n|балл|балла|баллов}' };
  const said = (locale) => [0, 1, 2, 5, 12, 21, 22, 100, 101].map((n) => fill(locale, forms[locale], { n }));
  assert.deepEqual(said('en'), ['points', 'point', 'points', 'points', 'points', 'points', 'points', 'points', 'points']);
  assert.deepEqual(said('ro'), ['puncte', 'punct', 'puncte', 'puncte', 'puncte', 'de puncte', 'de puncte', 'de puncte', 'puncte']);
  assert.deepEqual(said('mk'), ['поени', 'поен', 'поени', 'поени', 'поени', 'поен', 'поени', 'поени', 'поен']);
  assert.deepEqual(said('pl'), ['punktów', 'punkt', 'punkty', 'punktów', 'punktów', 'punktów', 'punkty', 'punktów', 'punktów']);
  assert.deepEqual(said('ru'), ['баллов', 'балл', 'балла', 'баллов', 'баллов', 'балл', 'балла', 'баллов', 'балл']);
  assert.equal(fill('en', '{a}{b} {c|x|y} {p|one|more}', { b: 'B', p: Points.of(1) }), '{a}B {c|x|y} one');
  const words = new Words({ en: 'Coffee card', pl: 'Karta kawowa' });
  assert.deepEqual([words.at('pl-PL'), words.at('ru'), new Words('Card').at('pl')], ['Karta kawowa', 'Coffee card', 'Card']);
});
