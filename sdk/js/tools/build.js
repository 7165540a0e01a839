// Makes a component of a plugin: bundled, then joined with its engine by componentize-js, every feature of WASI off, so that it imports nothing but the
// contract. What was built from the very same bundle, contract and tools is taken as it is, since joining takes ten seconds.

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { component } from './bundle.js';
import { Unable, Wrong } from './errors.js';

const WIT = fileURLToPath(new URL('../../wit/v1', import.meta.url));
const LOCK = new URL('../package-lock.json', import.meta.url);

/** What the component follows from, as a digest. */
async function fingerprint(bundle) {
  const hash = createHash('sha256').update(bundle).update(await readFile(LOCK));
  for (const file of (await readdir(WIT)).filter((name) => name.endsWith('.wit')).sort()) hash.update(await readFile(join(WIT, file)));
  return hash.digest('hex');
}

async function joined(bundle) {
  let componentize;
  try {
    ({ componentize } = await import('@bytecodealliance/componentize-js'));
  } catch (error) {
    throw Unable.installed('@bytecodealliance/componentize-js', error);
  }
  const folder = await mkdtemp(join(tmpdir(), 'coalition-js-'));
  const here = process.cwd();
  try {
    await writeFile(join(folder, 'rules.js'), bundle);
    // Paths are told to the component as they are seen from here.
    process.chdir(folder);
    const made = await componentize({
      sourcePath: join(folder, 'rules.js'), witPath: WIT, worldName: 'rules', disableFeatures: ['stdio', 'random', 'clocks', 'http', 'fetch-event'],
    });
    return made.component;
  } catch (error) {
    throw new Wrong('the rules do not start', [String(error?.message ?? error).trim()]);
  } finally {
    process.chdir(here);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Builds the plugin in `folder` into `file`; answers whether it had been built before. */
export async function build(folder, file) {
  const bundle = await component(folder);
  const wanted = await fingerprint(bundle);
  const cache = join(folder, 'target', 'coalition');
  const kept = join(cache, `${wanted}.wasm`);
  const found = await readFile(kept).catch(() => undefined);
  const bytes = found ?? (await joined(bundle));
  if (!found) {
    // One component of 12 MB is enough to keep.
    await rm(cache, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    await writeFile(kept, bytes);
  }
  await writeFile(file, bytes);
  return { cached: found !== undefined };
}
