// The edge to the gateway, with stand-ins for the two imports: what a refusal and a failure become, where the log goes, and what an engine brings that rules must
// not have.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const IMPORTS = {
  'coalition:rules/state@1.0.0': `
    const values = new Map();
    export const get = (key) => values.get(key);
    export const put = (key, value) => { if (value.length > 9000) throw Object.assign(new Error('full'), { payload: 'full' }); values.set(key, value); };
    const remove = (key) => values.delete(key);
    export { remove as delete };`,
  'coalition:rules/log@1.0.0': 'export const lines = []; export const write = (level, text) => lines.push(level + ": " + text);',
};

const RULES = `
  import { Refusal, key, message, program, setting, settings } from './src/index.js';
  import { exported } from './src/guest.js';
  import { lines } from 'coalition:rules/log@1.0.0';
  // The oldest Node has none; the engine has.
  globalThis.crypto ??= {};
  const acts = {
    award: (effects) => effects.award('a', 1, 'why'),
    refuse: () => { throw new Refusal('excluded', message('why')); },
    throw: () => { throw new Error('oops'); },
    random: () => Math.random(),
    secret: () => crypto.randomUUID(),
    now: () => Date.now(),
    today: () => new Date(),
    moment: () => console.log(new Date(0).toISOString()),
    timer: () => performance.now(),
    fetch: () => fetch('http://x'),
    later: () => setTimeout(() => {}, 0),
    full: (effects, state) => state.put(key('k', 1), 'x'.repeat(9001)),
  };
  const rules = program({
    name: 'rules', version: '1.0.0', texts: { en: { why: 'Because' } },
    settings: settings('Acts.', { act: setting.choice('What to do.', Object.keys(acts), { default: 'award' }) }),
    on: { purchase: ({ config, state }, effects) => { acts[config.act](effects, state); } },
  });
  const edge = exported(rules);
  const event = { id: 'e', at: { ms: 0n, offsetMinutes: 0 }, seed: 1n, body: { tag: 'purchase', val: { currency: 'USD', total: 100n, lines: [] } }, attributes: [] };
  const member = { id: 'm', enrolled: { ms: 0n, offsetMinutes: 0 }, relations: [], activity: { purchases: 0, spend: 0n }, months: [], counters: [], badges: [], vouchers: [], awarded: [], attributes: [] };
  const answers = {};
  for (const act of Object.keys(acts)) {
    lines.length = 0;
    let answer;
    try {
      answer = edge.onEvent(event, member, JSON.stringify({ act })).length;
    } catch (error) {
      answer = error instanceof Error ? 'failed' : error;
    }
    answers[act] = { answer, log: [...lines] };
  }
  let refused;
  try { edge.describe('{"act": 5}'); } catch (problems) { refused = problems; }
  process.stdout.write(JSON.stringify({ answers, refused, handles: edge.describe('{}').handles }));
`;

test('the edge answers as the contract wants, and lets nothing of the world in', async () => {
  const resolveDir = fileURLToPath(new URL('..', import.meta.url));
  const imports = {
    name: 'imports',
    setup(bundle) {
      bundle.onResolve({ filter: /^coalition:/ }, ({ path }) => ({ path, namespace: 'imports' }));
      bundle.onLoad({ filter: /.*/, namespace: 'imports' }, ({ path }) => ({ contents: IMPORTS[path] }));
    },
  };
  const made = await build({ stdin: { contents: RULES, resolveDir }, bundle: true, format: 'esm', platform: 'node', write: false, plugins: [imports] });
  const folder = await mkdtemp(join(tmpdir(), 'coalition-guest-'));
  await writeFile(join(folder, 'edge.mjs'), made.outputFiles[0].text);
  const { answers, refused, handles } = JSON.parse(execFileSync(process.execPath, [join(folder, 'edge.mjs')], { encoding: 'utf8' }));
  await rm(folder, { recursive: true });

  assert.deepEqual(handles, ['purchase']);
  assert.deepEqual(refused.map(({ pointer }) => pointer), ['/act']);
  assert.equal(answers.award.answer, 1);
  assert.deepEqual(answers.refuse, { answer: { code: 'excluded', reason: { key: 'why', args: [] } }, log: [] });
  assert.deepEqual(answers.throw, { answer: 'failed', log: ['error: Error: oops'] });
  assert.deepEqual(answers.moment, { answer: 0, log: ['info: 1970-01-01T00:00:00.000Z'] });
  const said = { random: /no random source/, secret: /no random source/, now: /no clock/, today: /no clock/, timer: /no clock/, fetch: /no network/, later: /at once/, full: /8 KiB/ };
  for (const [act, words] of Object.entries(said)) {
    assert.equal(answers[act].answer, 'failed', act);
    assert.match(answers[act].log.join(), words, act);
  }
});
