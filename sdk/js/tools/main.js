#!/usr/bin/env node
// coalition-js: what the command line `coalition` asks Node for. `build DIR FILE.wasm` makes a component and answers in JSON on stdout; `test [DIR]` runs the
// unit tests in DIR/test, in JavaScript or TypeScript. Exit code 1: the rules are wrong; 4: this machine lacks something.

import { spawnSync } from 'node:child_process';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { tests } from './bundle.js';
import { build } from './build.js';

async function test(folder) {
  const there = join(resolve(folder), 'test');
  const names = (await readdir(there).catch(() => [])).filter((name) => /\.test\.m?[jt]s$/.test(name));
  if (names.length === 0) {
    console.error(`there is no test in ${there}: write test/NAME.test.js`);
    return 2;
  }
  const out = join(resolve(folder), 'target', 'test');
  await rm(out, { recursive: true, force: true });
  await tests(folder, names.map((name) => join(there, name)), out);
  const made = names.map((name) => join(out, 'test', name.replace(/\.m?[jt]s$/, '.mjs')));
  return spawnSync(process.execPath, ['--test', '--enable-source-maps', ...made], { stdio: 'inherit', cwd: folder }).status ?? 1;
}

async function main([command, folder = '.', file]) {
  if (command === 'test') return test(folder);
  if (command === 'build' && file) {
    console.log(JSON.stringify(await build(resolve(folder), resolve(file))));
    return 0;
  }
  console.error('usage: coalition-js build DIR FILE.wasm | coalition-js test [DIR]');
  return 2;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error.exit === undefined) throw error;
  console.error(JSON.stringify({ message: error.message, details: error.details, fix: error.fix }));
  process.exitCode = error.exit;
}
