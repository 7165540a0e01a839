// The edge to the gateway, in WebAssembly only: the four exported functions for a declared program, and the two imports. Nothing of it is seen by
// rule authors; the build puts it around their module.

import { delete as forget, get, put } from 'coalition:rules/state@1.0.0';
import { write } from 'coalition:rules/log@1.0.0';

import { Fault } from './arithmetic.js';
import { log, logTo } from './log.js';
import { Refusal } from './program.js';
import { State } from './state.js';

const UNABLE = {
  full: 'the state is full: 16 keys and 8 KiB in all',
  'read-only': 'state can only be written where an event is decided',
};

function tried(change) {
  try {
    change();
  } catch (error) {
    throw new Fault(UNABLE[error?.payload ?? error] ?? String(error));
  }
}

const state = new State({
  get: (key) => get(key),
  put: (key, bytes) => tried(() => put(key, bytes)),
  delete: (key) => tried(() => forget(key)),
});

/** Ends the run as failed, with the reason in the log. There is no other way to say it: the contract's refusals are answers. */
function failed(error) {
  log.error(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  return error instanceof Error ? error : new Fault(String(error));
}

function asked(question) {
  try {
    return question();
  } catch (error) {
    // The contract's `err`: what is thrown is lowered as the refusal.
    if (error instanceof Refusal) throw { code: error.code, reason: error.reason };
    throw failed(error);
  }
}

// What an engine brings and a rule must not have: two runs would differ, or it would end without a word. The message names what there is instead.
function withoutTheWorld() {
  const none = (text) => () => {
    throw new Fault(text);
  };
  const clock = none('rules have no clock: the event carries its time, `at`');
  const chance = none('rules have no random source: new Chance(event.seed) draws the same at every replay');
  const network = none('rules have no network: what they need is in the event, the member and the configuration');
  const later = none('rules answer at once: nothing can be done later');
  const put = (target, values) => {
    for (const [name, value] of Object.entries(values)) {
      if (target !== undefined) Object.defineProperty(target, name, { value, configurable: true, writable: true });
    }
  };
  put(Math, { random: chance });
  put(globalThis.crypto, { getRandomValues: chance, randomUUID: chance });
  put(globalThis.performance, { now: clock });
  const RealDate = Date;
  const DateOfMoments = new Proxy(RealDate, {
    construct: (target, values, self) => (values.length === 0 ? clock() : Reflect.construct(target, values, self)),
    apply: clock,
    get: (target, name) => (name === 'now' ? clock : Reflect.get(target, name)),
  });
  // What people write while looking for a fault goes where the rest of the log goes.
  const said = (write) => (...values) => write(values.map(String).join(' '));
  const console = { log: said(log.info), info: said(log.info), debug: said(log.debug), warn: said(log.warn), error: said(log.error) };
  put(globalThis, { Date: DateOfMoments, fetch: network, setTimeout: later, setInterval: later, queueMicrotask: later, console });
}

/** The exports of the world `rules`. */
export function exported(rules) {
  if (typeof rules?.onEvent !== 'function') throw new TypeError('the module exports no program: export default program({ … })');
  withoutTheWorld();
  logTo((level, text) => write(level, text));
  return {
    describe(config) {
      const answer = asked(() => rules.describe(config));
      if (answer.problems) throw answer.problems;
      return answer.manifest;
    },
    onEvent: (event, member, config) => asked(() => rules.onEvent(event, member, config, state)),
    offers: (context, member, config) => asked(() => rules.offers(context, member, config, state)),
    quote: (request, member, config) => asked(() => rules.quote(request, member, config, state)),
  };
}
