// Ways in which the tools fail, told apart by their exit codes: the author's rules (1), or what this machine lacks (4).

import { fileURLToPath } from 'node:url';

/** The rules are wrong. */
export class Wrong extends Error {
  exit = 1;

  constructor(message, details = []) {
    super(message);
    this.details = details;
  }
}

/** This machine lacks something. */
export class Unable extends Error {
  exit = 4;

  constructor(message, details, fix) {
    super(message);
    this.details = details;
    this.fix = fix;
  }

  /** A package that the SDK itself needs can't be loaded. */
  static installed(name, error) {
    const folder = fileURLToPath(new URL('..', import.meta.url));
    return new Unable(`the SDK's own package ${name} can't be loaded`, [String(error?.message ?? error)], `npm ci --prefix ${folder}`);
  }
}
