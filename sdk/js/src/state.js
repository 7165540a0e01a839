// What a program remembers of a member, where counters, vouchers and awards can't say it. Small (16 keys, 8 KiB in all), written with the decision,
// readable everywhere, writable only where an event is decided. Derive, don't remember: after a refund the gateway puts counters, vouchers and points
// back, but it can't know what opaque bytes mean. The bytes are those of the SDK for Rust: the version, a colon, JSON.

import { Fault } from './arithmetic.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** A typed place in the state. Raise the version when the type changes; `older` reads what another version wrote. */
export function key(name, version, older = () => undefined) {
  return Object.freeze({ name, version, older });
}

/** This member's state with this program. */
export class State {
  #backing;

  /** @param backing `get(key)`, `put(key, bytes)`, `delete(key)`: the gateway's store, or the test kit's. */
  constructor(backing) {
    this.#backing = backing;
  }

  /** What is stored at `key`; undefined when nothing is. */
  get(key) {
    const bytes = this.#backing.get(key.name);
    if (bytes === undefined) return undefined;
    const found = /^(\d{1,5}):(.*)$/s.exec(decoder.decode(bytes));
    const value = found && (Number(found[1]) === key.version ? parse(found[2]) : key.older(Number(found[1]), found[2]));
    if (value === undefined || value === null) throw new Fault(`the state under ${key.name} can't be read`);
    return value;
  }

  /** Stores `value` (anything JSON, whole numbers as numbers) at `key`. */
  put(key, value) {
    this.#backing.put(key.name, encoder.encode(`${key.version}:${JSON.stringify(value)}`));
  }

  /** Forgets what is stored at `key`. */
  delete(key) {
    this.#backing.delete(key.name);
  }
}

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
