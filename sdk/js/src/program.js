// What an author declares, and the four questions of the contract answered with it. A program is a function of what it is given: no clock, no chance,
// no I/O, and nothing survives a call but the state. This file knows no WebAssembly: the gateway's edge and the test kit both ask through it.

import { Fault } from './arithmetic.js';
import { Effects } from './effects.js';
import { Manifest } from './manifest.js';
import { Problems, readSettings, schemaOf, settings } from './settings.js';
import { message, messageOf } from './text.js';
import { Context, Event, Member, Purchase, moneyOf } from './views.js';

/** A business denial with a reason that the member can read: an answer, not a failure. Throw it. */
export class Refusal extends Error {
  name = 'Refusal';

  constructor(code, reason) {
    super(code);
    this.code = code;
    this.reason = messageOf(reason);
  }

  /** The denial of a reward that this program doesn't have. */
  static noSuchReward(reward) {
    return new Refusal('unknown-reward', message('no-such-reward', { reward }));
  }
}

/** `period-close` as a handler takes it: `periodClose`. */
const camel = (kind) => kind.replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/** Declares a program. Whatever is left out does nothing: a program without offers has none. */
export function program(declared) {
  const { name, version, settings: type = settings('Nothing to change.', {}), check, describe, on = {}, offers, quote, texts = {} } = declared;
  if (typeof name !== 'string' || typeof version !== 'string') throw new TypeError('a program has a name and a version');
  const schema = schemaOf(type);

  /** The configuration as rules read it. What an activation has accepted is not checked again for each decision. */
  function configured(text) {
    const { value, problems } = readSettings(type, text);
    if (problems) {
      throw new Fault(`the configuration can't be read: ${problems.map(({ pointer, detail }) => `${pointer} ${detail};`).join(' ')}`);
    }
    return value;
  }

  return Object.freeze({
    name,
    version,
    schema,

    /** `{ manifest }` or `{ problems }`. */
    describe(text) {
      const { value: config, problems } = readSettings(type, text);
      if (problems) return { problems };
      const found = new Problems();
      check?.(config, found);
      if (found.found.length > 0) return { problems: found.found };
      const manifest = new Manifest(name, version).handles(...Object.keys(on));
      for (const [locale, entries] of Object.entries(texts)) manifest.texts(locale, entries);
      describe?.(config, manifest);
      return { manifest: manifest.completed(schema) };
    },

    /** The effects' list; throws a refusal, or anything else where the rules fail. */
    onEvent(record, memberRecord, text, state) {
      const event = new Event(record);
      const handler = on[event.kind === 'activity' ? `activity:${event.body.kind}` : event.kind] ?? on[event.kind];
      const effects = new Effects();
      if (handler === undefined) return effects.list;
      const given = { [camel(event.kind)]: event.body, event, at: event.at, member: new Member(memberRecord), config: configured(text), state };
      const answer = handler(given, effects);
      if (answer instanceof Promise) throw new Fault('rules answer at once: a handler may not be async');
      return effects.list;
    },

    /** The offers. */
    offers(record, memberRecord, text, state) {
      if (offers === undefined) return [];
      const context = new Context(record);
      return [...offers({ context, at: context.at, member: new Member(memberRecord), config: configured(text), state })];
    },

    /** The quotation; throws a refusal. */
    quote(record, memberRecord, text, state) {
      const context = new Context(record.context);
      const { reward, quantity } = record;
      const answer = quote?.({
        reward,
        quantity: BigInt(quantity),
        amount: moneyOf(record.amount),
        basket: record.basket && new Purchase(record.basket),
        context,
        at: context.at,
        member: new Member(memberRecord),
        config: configured(text),
        state,
      });
      if (answer === undefined) throw Refusal.noSuchReward(reward);
      return answer;
    },
  });
}
