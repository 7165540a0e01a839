// The committed types of the contract are those of the WIT, and everything that is written with the SDK's types passes a strict compiler.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

import { TYPES, types } from '../tools/contract.js';

test('the types are those of the contract', async () => {
  assert.equal(await readFile(TYPES, 'utf8'), await types(), 'npm run contract makes them anew');
});

test('plugins in TypeScript pass a strict compiler', async () => {
  const plugins = new URL('../../../plugins/', import.meta.url);
  const files = [];
  for (const name of await readdir(plugins)) {
    const file = fileURLToPath(new URL(`${name}/src/index.ts`, plugins));
    if (await readFile(file).then(() => true, () => false)) files.push(file);
  }
  assert.ok(files.length > 0);
  const compiler = fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url));
  const strict = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2022'];
  try {
    execFileSync(process.execPath, [compiler, ...strict, ...files], { encoding: 'utf8' });
  } catch (error) {
    assert.fail(error.stdout);
  }
});
