// `npm run contract`: writes contract/index.d.ts anew from sdk/wit/v1.

import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { parseWit, typescript } from './wit.js';

export const WIT = new URL('../../wit/v1/', import.meta.url);
export const TYPES = new URL('../contract/index.d.ts', import.meta.url);

/** The types as they should be. */
export async function types() {
  const texts = await Promise.all(['types.wit', 'rules.wit'].map((file) => readFile(new URL(file, WIT), 'utf8')));
  return typescript(texts.flatMap(parseWit));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeFile(TYPES, await types());
