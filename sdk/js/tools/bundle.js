// Puts a plugin's modules together into one: JavaScript as it is, TypeScript with its types taken out. No configuration is read but the plugin's own.

import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { Unable, Wrong } from './errors.js';

const ENTRIES = ['src/index.ts', 'src/index.js', 'src/index.mts', 'src/index.mjs'];

/** esbuild, where it is installed beside the SDK. */
async function bundler() {
  try {
    return await import('esbuild');
  } catch (error) {
    throw Unable.installed('esbuild', error);
  }
}

/** The module that a plugin begins with. */
export async function entry(folder) {
  for (const name of ENTRIES) {
    const there = await access(join(folder, name)).then(() => true, () => false);
    if (there) return name;
  }
  throw new Wrong(`there are no rules in ${folder}`, [`one of these is expected: ${ENTRIES.join(', ')}`]);
}

async function bundle(options) {
  const { build } = await bundler();
  try {
    return await build({ bundle: true, format: 'esm', write: false, logLevel: 'silent', target: 'es2022', charset: 'utf8', tsconfigRaw: {}, ...options });
  } catch (error) {
    if (!Array.isArray(error?.errors)) throw error;
    throw new Wrong('the rules do not compile', error.errors.map(place));
  }
}

function place({ text, location }) {
  return location ? `${location.file}:${location.line}:${location.column + 1}: ${text}\n      ${location.lineText.trim()}` : text;
}

/** The whole of a plugin as one module that exports the contract's functions, its imports of the gateway left open. */
export async function component(folder) {
  const module = await entry(folder);
  const contents = `import rules from './${module}';\nimport { exported } from '@coalition/sdk/guest';\nexport const program = exported(rules);\n`;
  const stdin = { contents, resolveDir: resolve(folder), sourcefile: 'component.js', loader: 'js' };
  const { outputFiles } = await bundle({ stdin, absWorkingDir: resolve(folder), platform: 'neutral', external: ['coalition:*'], legalComments: 'none' });
  return outputFiles[0].text;
}

/** Unit tests as modules that Node runs as they are, into `outdir`. */
export async function tests(folder, files, outdir) {
  const { outputFiles } = await bundle({
    entryPoints: files, outdir, outbase: resolve(folder), absWorkingDir: resolve(folder), platform: 'node', sourcemap: 'inline', outExtension: { '.js': '.mjs' },
    write: true,
  });
  return outputFiles;
}
