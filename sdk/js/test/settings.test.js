// Configurations: defaults, bounds, every problem with its pointer, and the schema.

import assert from 'node:assert/strict';
import test from 'node:test';

import { Exchange, Selection, program, setting, settings } from '../src/index.js';
import { describe } from '../testkit/index.js';

const Good = settings('A good.', { id: setting.id('The article.'), worth: setting.optional('Or nothing.', setting.whole('', { min: 1 }), { default: null }) });
const Config = settings('Every tenth coffee is free.', {
  needed: setting.count('How many stamps fill a card.', { default: 9, min: 2, max: 100 }),
  earn: setting.exchange('What a purchase earns.', { default: { points: 1, minor: 100 } }),
  goods: setting.list('Which goods have a stamp.', Good, { default: [], min: 0, max: 20 }),
  counts: setting.choice('What is counted.', ['pieces', 'visits'], { default: 'pieces' }),
});

let seen;
const rules = program({
  name: 'cards',
  version: '1.0.0',
  settings: Config,
  describe: (config) => {
    seen = config;
  },
});

test('what is left out has its default', () => {
  describe(rules, '');
  assert.deepEqual({ ...seen }, { needed: 9n, earn: new Exchange(1, 100), goods: [], counts: 'pieces' });
});

test('every problem is reported, with a pointer', () => {
  const { problems } = describe(rules, { needed: 1, goods: [{}, { id: 'A' }, { id: 'a', worth: 0.5 }], 'sh/oes': 2, counts: 'vists' });
  assert.deepEqual(problems, [
    { pointer: '/sh~1oes', detail: 'not known; known are: needed, earn, goods, counts' },
    { pointer: '/needed', detail: 'a whole number, from 2 to 100' },
    { pointer: '/goods/0/id', detail: 'required' },
    { pointer: '/goods/1/id', detail: '1 to 40 lower-case letters, digits and hyphens' },
    { pointer: '/goods/2/worth', detail: 'a whole number, at least 1' },
    { pointer: '/counts', detail: 'one of: pieces, visits' },
  ]);
  assert.match(describe(rules, '{').problems[0].detail, /^not JSON/);
  assert.equal(describe(rules, '[]').problems[0].detail, 'an object');
  assert.equal(describe(rules, '{"needed": 9007199254740993}').problems.length, 1, 'what was rounded on reading is no number');
});

test('the schema says the same', () => {
  const schema = JSON.parse(rules.schema);
  assert.deepEqual(schema.properties.needed, { type: 'integer', minimum: 2, maximum: 100, description: 'How many stamps fill a card.', default: 9 });
  assert.deepEqual(schema.properties.goods.items.required, ['id']);
  assert.deepEqual(schema.properties.goods.items.properties.worth.anyOf[1], { type: 'null' });
  assert.equal(schema.additionalProperties, false);
});

test('a default that its own bounds refuse is a fault of the program', () => {
  assert.throws(() => setting.count('Stamps.', { default: 1, min: 2 }), /from 2 to/);
});

test('selections', () => {
  const goods = new Selection(['GASOLINE*', 'rolls', 'Ä*'], ['42']);
  for (const category of ['gasoline-reg', 'ROLLS', 'Äpfel']) assert.ok(goods.hasCategory(category), category);
  for (const category of ['GAS', 'ROLLS AND BUNS', 'äpfel']) assert.ok(!goods.hasCategory(category), category);
  assert.ok(goods.has({ category: '', sku: '42' }));
});
