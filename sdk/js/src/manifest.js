// What a program says about itself: events it handles, facts it needs, rewards, counters, badges, tiers, and its texts. It is built anew for each
// configuration, so that the terms a customer reads carry the merchant's own numbers.

import { whole } from './arithmetic.js';
import { complete } from './words.js';

/** A program's description of itself. */
export class Manifest {
  constructor(name, version) {
    /** @type {import('../contract/index.js').Manifest} */
    this.record = {
      name, version, handles: [], needs: [], requires: [], configSchema: '', texts: [], rewards: [], counters: [], badges: [], tiers: [],
      campaigns: [], limits: [],
    };
  }

  #push(list, ...items) {
    this.record[list].push(...items);
    return this;
  }

  /** Wants these kinds of event. A handler under `on` says it already. */
  handles(...kinds) {
    return this.#push('handles', ...kinds.filter((kind) => !this.record.handles.includes(kind)));
  }

  /** Needs these facts about the member: `counters`, `vouchers`, `balance`, … */
  needs(...facts) {
    return this.#push('needs', ...facts);
  }

  /** Can't do without these features of the gateway. */
  requires(...features) {
    return this.#push('requires', ...features);
  }

  /** A text under `key`, with `{placeholders}` that a message fills. The key `terms` is the program's terms in plain language. */
  text(locale, key, text) {
    let texts = this.record.texts.find((known) => known.locale === locale);
    if (texts === undefined) {
      texts = { locale, entries: [] };
      this.record.texts.push(texts);
    }
    texts.entries.push([key, String(text)]);
    return this;
  }

  /** Many texts of one locale. */
  texts(locale, entries) {
    for (const [key, text] of Object.entries(entries)) this.text(locale, key, text);
    return this;
  }

  /** Gives this reward; `kind` is from the contract's register: `money-off`, `free-product`, `pay-with-points`, … */
  reward(id, kind, { stock, perMember } = {}) {
    return this.#push('rewards', {
      id,
      kind,
      stock: stock === undefined ? undefined : whole(stock),
      perMember: perMember && { name: `${id}-per-member`, max: whole(perMember.max), window: perMember.window },
    });
  }

  /** Counts this, anew in each window; so many closed windows stay visible. */
  counter(name, window, { keep = 0, totals = false } = {}) {
    return this.#push('counters', { name, window, keep, totals });
  }

  /** Grants these badges. */
  badges(...names) {
    return this.#push('badges', ...names);
  }

  /** Sets these tiers, lowest first. */
  tiers(...names) {
    return this.#push('tiers', ...names);
  }

  /** Names these campaigns, as the operator registered them. */
  campaigns(...names) {
    return this.#push('campaigns', ...names);
  }

  /** The record, with the words that the SDK itself may say where the program has none of its own. */
  completed(configSchema) {
    this.record.configSchema = configSchema;
    complete(this);
    return this.record;
  }
}
