// What rules say to people, and the named values that events and effects carry. A rule names a text by its key and fills in values; the words
// stand in the manifest, a locale each, so that a translator needs no code.

import { BasisPoints, Points } from './points.js';
import { Money } from './money.js';
import { whole } from './arithmetic.js';

/** A value of the contract from what an author wrote. */
function scalar(value) {
  if (typeof value === 'string') return { tag: 'text', val: value };
  if (typeof value === 'boolean') return { tag: 'flag', val: value };
  if (value instanceof Points) return { tag: 'number', val: value.value };
  if (value instanceof Money || value instanceof BasisPoints) return { tag: 'text', val: value.toString() };
  return { tag: 'number', val: whole(value) };
}

/** Named values in the order they were given; what is undefined is left out. */
export function attributes(values = {}) {
  const list = [];
  for (const name of Object.keys(values)) {
    if (values[name] !== undefined) list.push({ name, value: scalar(values[name]) });
  }
  return list;
}

/** The contract's list as an object to read from: `event.attributes.tender`. */
export function named(list) {
  const values = Object.create(null);
  for (const { name, value } of list) {
    if (!(name in values)) values[name] = value.val;
  }
  return values;
}

/** A text of the manifest by its key, and what fills its `{placeholders}`. */
export function message(key, values) {
  return { key, args: attributes(values) };
}

/** A message from a key alone, or as it is. */
export const messageOf = (reason) => (typeof reason === 'string' ? message(reason) : reason);
