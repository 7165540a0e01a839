// A merchant's configuration. One declaration makes the reader, which reports every problem with a pointer (RFC 6901) to the field, the defaults,
// the bounds and the JSON Schema: the same reader, words and schema as in the SDK for Rust.
//
// A type is { read(json, pointer, problems), schema(), write(value) }; `read` answers undefined after saying what is wrong.

import { ROUNDINGS } from './arithmetic.js';
import { BasisPoints, Exchange, Points } from './points.js';

const encoder = new TextEncoder();
const U32_MAX = 4_294_967_295n;
const TEXT_MAX = 1_000n;
const ITEMS_MAX = 100n;

/** What is wrong with a configuration, and where. */
export class Problems {
  /** @type {{ pointer: string, detail: string }[]} */
  found = [];

  /** Reports a problem at a JSON Pointer such as `/cards/0/id`; the empty one is the whole. */
  at(pointer, detail) {
    this.found.push({ pointer, detail });
  }

  /** Reports a problem unless `right` holds. */
  unless(right, pointer, detail) {
    if (!right) this.at(pointer, detail);
  }
}

/** Bounds as a field's author wrote them, within those of its type; undefined is none. */
function bounds({ min, max } = {}, least, most) {
  const low = min === undefined ? undefined : BigInt(min);
  const high = max === undefined ? undefined : BigInt(max);
  return {
    min: low === undefined || (least !== undefined && low < least) ? least : low,
    max: high === undefined || (most !== undefined && high > most) ? most : high,
  };
}

const inside = ({ min, max }, value) => (min === undefined || value >= min) && (max === undefined || value <= max);

function say({ min, max }, unit) {
  if (min === undefined) return `at most ${max}${unit}`;
  return max === undefined ? `at least ${min}${unit}` : `from ${min} to ${max}${unit}`;
}

function bounded(schema, { min, max }, [least, most]) {
  if (min !== undefined) schema[least] = Number(min);
  if (max !== undefined) schema[most] = Number(max);
  return schema;
}

function number(within, make, bare) {
  const right = within.min === undefined && within.max === undefined ? 'a whole number' : `a whole number, ${say(within, '')}`;
  return {
    read(json, pointer, problems) {
      // What a JSON reader had to round would be a guess; the gateway's own numbers are far below it.
      if (Number.isSafeInteger(json) && inside(within, BigInt(json))) return make(BigInt(json));
      problems.at(pointer, right);
      return undefined;
    },
    schema: () => bounded({ type: 'integer' }, within, ['minimum', 'maximum']),
    write: (value) => Number(bare(value)),
  };
}

function texts(within, fits, right, schema) {
  return {
    read(json, pointer, problems) {
      if (typeof json === 'string' && fits(json)) return json;
      problems.at(pointer, right);
      return undefined;
    },
    schema,
    write: (value) => value,
  };
}

function choice(words) {
  return {
    read(json, pointer, problems) {
      if (words.includes(json)) return json;
      problems.at(pointer, `one of: ${words.join(', ')}`);
      return undefined;
    },
    schema: () => ({ enum: [...words] }),
    write: (value) => value,
  };
}

function listOf(item, given) {
  const within = bounds(given, 0n, ITEMS_MAX);
  return {
    read(json, pointer, problems) {
      if (!Array.isArray(json) || !inside(within, BigInt(json.length))) {
        problems.at(pointer, `a list, ${say(within, ' items')}`);
        return undefined;
      }
      // Every item is read, so that every problem is reported.
      const read = json.map((one, index) => item.read(one, `${pointer}/${index}`, problems));
      return read.includes(undefined) ? undefined : read;
    },
    schema: () => ({ ...bounded({ type: 'array' }, within, ['minItems', 'maxItems']), items: item.schema() }),
    write: (value) => value.map((one) => item.write(one)),
  };
}

const orNull = (type) => ({
  read: (json, pointer, problems) => (json === null ? null : type.read(json, pointer, problems)),
  schema: () => ({ anyOf: [type.schema(), { type: 'null' }] }),
  write: (value) => (value === null ? null : type.write(value)),
});

/** A field: a type, what it is for, and its default as a merchant would write it; without one it is required. */
function field(type, about, options = {}) {
  if (!('default' in options)) return { type, about };
  const problems = new Problems();
  const plain = typeof options.default === 'bigint' ? Number(options.default) : options.default;
  const value = type.read(plain, '', problems);
  if (problems.found.length > 0) {
    throw new TypeError(`the default of "${about}" is refused: ${problems.found.map((p) => `${p.pointer} ${p.detail}`).join('; ')}`);
  }
  return { type, about, default: value };
}

/** Declares an object: what it is, and its fields. A program's configuration is one; so are the items of a list. */
export function settings(about, fields) {
  const names = Object.keys(fields);
  return {
    read(json, pointer, problems) {
      if (json === null || typeof json !== 'object' || Array.isArray(json)) {
        problems.at(pointer, 'an object');
        return undefined;
      }
      for (const name of Object.keys(json)) {
        if (!names.includes(name)) {
          problems.at(`${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, `not known; known are: ${names.join(', ')}`);
        }
      }
      const read = {};
      let whole = true;
      for (const name of names) {
        const given = Object.hasOwn(json, name);
        if (!given && !('default' in fields[name])) problems.at(`${pointer}/${name}`, 'required');
        read[name] = given ? fields[name].type.read(json[name], `${pointer}/${name}`, problems) : fields[name].default;
        whole &&= read[name] !== undefined;
      }
      return whole ? Object.freeze(read) : undefined;
    },
    schema() {
      const properties = {};
      for (const name of names) {
        const { type, about: words } = fields[name];
        properties[name] = { ...type.schema(), description: words };
        if ('default' in fields[name]) properties[name].default = type.write(fields[name].default);
      }
      const required = names.filter((name) => !('default' in fields[name]));
      return { type: 'object', title: about, properties, ...(required.length > 0 && { required }), additionalProperties: false };
    },
    write: (value) => Object.fromEntries(names.map((name) => [name, fields[name].type.write(value[name])])),
  };
}

const EXCHANGE = settings('So many points against so much money: what a purchase earns (1 point per 100 minor units), or what points pay for (500 points for 500 minor units).', {
  points: field(number(bounds({ min: 1, max: 1_000_000 }), (n) => n, (n) => n), 'Points on the one side.'),
  minor: field(number(bounds({ min: 1, max: 1_000_000 }), (n) => n, (n) => n), 'Minor units (cents) on the other.'),
});

const exchangeType = {
  ...EXCHANGE,
  read(json, pointer, problems) {
    const read = EXCHANGE.read(json, pointer, problems);
    return read && new Exchange(read.points, read.minor);
  },
};

const PATTERNS = settings('Lines by category or article. A line is meant when any of the patterns fits.', {
  categories: field(
    listOf(textType()), 'Categories as the till sends them, without regard to case; COFFEE* means all that begin so, * means all.', { default: [] },
  ),
  skus: field(listOf(textType()), 'Articles, in the same way.', { default: [] }),
});

const selectionType = {
  ...PATTERNS,
  read(json, pointer, problems) {
    const read = PATTERNS.read(json, pointer, problems);
    return read && new Selection(read.categories, read.skus);
  },
};

function textType(given) {
  const within = bounds(given, 0n, TEXT_MAX);
  const fits = (text) => inside(within, BigInt([...text].length));
  return texts(within, fits, `a text, ${say(within, ' characters')}`, () => bounded({ type: 'string' }, within, ['minLength', 'maxLength']));
}

const pattern = (expression, right) => texts(undefined, (text) => expression.test(text), right, () => ({ type: 'string', pattern: expression.source }));

const LOCALE = /^[A-Za-z0-9-]{2,35}$/;
const LOCALES_MAX = 32;

/** A text that people read, in one language or in several: `"Coffee card"`, or `{"en": "Coffee card", "pl": "Karta kawowa"}`. */
export class Words {
  #said;

  constructor(said) {
    this.#said = said;
    Object.freeze(this);
  }

  /** The text for `locale`: its own, that of its language, the English one, or the first. */
  at(locale) {
    if (typeof this.#said === 'string') return this.#said;
    return this.#said[locale] ?? this.#said[locale.split('-')[0]] ?? this.#said.en ?? Object.values(this.#said)[0] ?? '';
  }

  toJSON() {
    return this.#said;
  }
}

/** Each text of at most 1 000 characters, unless the field says otherwise, and never empty. */
function wordsType(given) {
  const within = bounds(given, 1n, TEXT_MAX);
  const right = `a text, ${say(within, ' characters')}`;
  const fits = (text) => typeof text === 'string' && inside(within, BigInt([...text].length)) && text.trim() !== '';
  const text = () => bounded({ type: 'string' }, within, ['minLength', 'maxLength']);
  return {
    read(json, pointer, problems) {
      if (fits(json)) return new Words(json);
      const entries = json !== null && typeof json === 'object' && !Array.isArray(json) ? Object.entries(json) : [];
      if (entries.length < 1 || entries.length > LOCALES_MAX) {
        problems.at(pointer, `${right}; or an object of such texts by language`);
        return undefined;
      }
      const found = problems.found.length;
      for (const [locale, said] of entries) {
        const place = `${pointer}/${locale.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        problems.unless(LOCALE.test(locale), place, 'a language such as en or de-AT');
        problems.unless(fits(said), place, right);
      }
      return problems.found.length === found ? new Words({ ...json }) : undefined;
    },
    schema: () => ({ anyOf: [text(), { type: 'object', minProperties: 1, additionalProperties: text() }] }),
    write: (value) => value.toJSON(),
  };
}

const plain = (n) => n;
const numbers = (options, least, most, make = plain, bare = plain) => number(bounds(options, least, most), make, bare);

/** Patterns made ready once: whole words, and beginnings. A receipt of hundreds of lines says the same few words again and again. */
function matcher(patterns) {
  const whole = new Set();
  const beginnings = [];
  for (const pattern of patterns.map(lower)) {
    if (pattern.endsWith('*')) beginnings.push(pattern.slice(0, -1));
    else whole.add(pattern);
  }
  const known = new Map();
  return (text) => {
    let meant = known.get(text);
    if (meant === undefined) {
      const low = lower(text);
      meant = whole.has(low) || beginnings.some((beginning) => low.startsWith(beginning));
      known.set(text, meant);
    }
    return meant;
  };
}

/** Which lines of a receipt a term is about, as merchants configure it: by category or article, without case, `*` at the end for all that begin so. */
export class Selection {
  #categories;
  #skus;

  constructor(categories = [], skus = []) {
    this.categories = Object.freeze([...categories]);
    this.skus = Object.freeze([...skus]);
    this.#categories = matcher(this.categories);
    if (this.skus.length > 0) this.#skus = matcher(this.skus);
    Object.freeze(this);
  }

  /** Whether it names nothing. */
  get isEmpty() {
    return this.categories.length === 0 && this.skus.length === 0;
  }

  /** Its patterns with commas between, for an attribute that tells a till what is meant; as many as fit into a kilobyte, which is what an attribute holds. */
  get listed() {
    let listed = '';
    for (const name of [...this.categories, ...this.skus]) {
      if (encoder.encode(listed + name).length >= 1_000) break;
      listed += listed === '' ? name : `,${name}`;
    }
    return listed;
  }

  /** Whether this line is meant. */
  has(line) {
    return this.#categories(line.category) || (this.#skus !== undefined && this.#skus(line.sku));
  }

  /** Whether this category is meant. */
  hasCategory(category) {
    return this.#categories(category);
  }
}

// Without regard to the case of A to Z alone, as the SDK for Rust compares.
const ASCII = /^[\x00-\x7f]*$/;
const lower = (text) => (ASCII.test(text) ? text.toLowerCase() : text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()));

const WINDOWS = ['day', 'week', 'month', 'quarter', 'year', 'lifetime'];
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** Above this many minor units, or points, a number in a configuration is a slip of the finger; below it nothing overflows. */
export const MOST = 100_000_000_000n;

/** The kinds of field. Each takes what it is for, and `{ default, min, max }`. */
export const setting = Object.freeze({
  /** A whole number, read as a BigInt. */
  whole: (about, options) => field(numbers(options), about, options),
  /** A whole number from 0 to 4 294 967 295. */
  count: (about, options) => field(numbers(options, 0n, U32_MAX), about, options),
  /** A number of points. */
  points: (about, options) => field(numbers(options, undefined, undefined, Points.of, (points) => points.value), about, options),
  /** Basis points: 500 is 5 %. */
  rate: (about, options) => field(numbers(options, 0n, U32_MAX, (n) => new BasisPoints(n), (rate) => rate.value), about, options),
  /** So many points against so many minor units: `{ points: 1, minor: 100 }`. */
  exchange: (about, options) => field(exchangeType, about, options),
  /** Yes or no. */
  flag: (about, options) => field({
    read(json, pointer, problems) {
      if (typeof json === 'boolean') return json;
      problems.at(pointer, 'true or false');
      return undefined;
    },
    schema: () => ({ type: 'boolean' }),
    write: plain,
  }, about, options),
  /** A text of at most 1 000 characters, unless its bounds say otherwise. */
  text: (about, options) => field(textType(options), about, options),
  /** A text that people read, in one language or in several. */
  words: (about, options) => field(wordsType(options), about, options),
  /** A name for machines: 1 to 40 lower-case letters, digits and hyphens. */
  id: (about, options) => field(pattern(/^[a-z0-9-]{1,40}$/, '1 to 40 lower-case letters, digits and hyphens'), about, options),
  /** An ISO 4217 code. */
  currency: (about, options) => field(pattern(/^[A-Z]{3}$/, "a currency's three capital letters, such as USD"), about, options),
  /** One of these words. */
  choice: (about, words, options) => field(choice(words), about, options),
  window: (about, options) => field(choice(WINDOWS), about, options),
  weekday: (about, options) => field(choice(WEEKDAYS), about, options),
  rounding: (about, options) => field(choice(ROUNDINGS), about, options),
  /** Lines of a receipt, by category or article. */
  selection: (about, options) => field(selectionType, about, options),
  /** An object declared with `settings`. */
  group: (about, type, options) => field(type, about, options),
  /** A list of at most 100 of what `settings` declares, or of what another kind of field is. */
  list: (about, item, options) => field(listOf(item.type ?? item, options), about, options),
  /** Another kind of field, or null. */
  optional: (about, kind, options = { default: null }) => field(orNull(kind.type ?? kind), about, options),
});

/** Reads a configuration: `{ value }`, or `{ problems }`. */
export function readSettings(type, text) {
  const problems = new Problems();
  let json;
  try {
    // Nothing at all is an empty object.
    json = text.trim() === '' ? {} : JSON.parse(text);
  } catch (error) {
    problems.at('', `not JSON: ${error.message}`);
    return { problems: problems.found };
  }
  const value = type.read(json, '', problems);
  return problems.found.length > 0 ? { problems: problems.found } : { value };
}

/** The JSON Schema (2020-12) of a configuration, as text. */
export function schemaOf(type) {
  return JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...type.schema() });
}
