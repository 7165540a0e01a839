// The state in memory, with the gateway's bounds.

import { Fault } from '../src/arithmetic.js';

const KEYS_MAX = 16;
const BYTES_MAX = 8 * 1024;

const encoder = new TextEncoder();

export class Memory {
  #values;
  #writable;

  constructor(values = new Map(), writable = true) {
    this.#values = values;
    this.#writable = writable;
  }

  copy() {
    return new Memory(new Map(this.#values));
  }

  readOnly() {
    return new Memory(this.#values, false);
  }

  get(key) {
    return this.#values.get(key);
  }

  put(key, bytes) {
    this.#mayWrite();
    const next = new Map(this.#values).set(key, bytes);
    let size = 0;
    for (const [name, value] of next) size += encoder.encode(name).length + value.length;
    if (next.size > KEYS_MAX || size > BYTES_MAX) throw new Fault('the state is full: 16 keys and 8 KiB in all');
    this.#values.set(key, bytes);
  }

  delete(key) {
    this.#mayWrite();
    this.#values.delete(key);
  }

  #mayWrite() {
    if (!this.#writable) throw new Fault('state can only be written where an event is decided');
  }
}
