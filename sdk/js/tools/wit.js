// Reads as much of WIT as the contract uses (types, records, variants, enums, functions of an interface) and writes it as TypeScript, in the shape that
// componentize-js gives and takes: names in camelCase, 64 bits as bigint, an option as what may be undefined, a variant as { tag, val }.

/** The declarations of a WIT text, in order, with their doc comments. */
export function parseWit(text) {
  const tokens = [...text.matchAll(/\/\/\/[^\n]*|\/\/[^\n]*|->|[%A-Za-z][\w-]*|[{}()<>,:;=@./]|\d[\w.]*|_/g)].map(([token]) => token);
  let at = 0;
  const peek = () => tokens[at];
  const next = () => tokens[at++];
  const take = (token) => {
    if (next() !== token) throw new SyntaxError(`WIT: ${token} is expected before ${tokens.slice(at - 1, at + 6).join(' ')}`);
  };
  const name = () => next().replace(/^%/, '');

  function docs() {
    const lines = [];
    while (peek()?.startsWith('//')) {
      const line = next();
      if (line.startsWith('///')) lines.push(line.slice(3).trim());
    }
    return lines.join(' ');
  }

  function type() {
    const base = name();
    if (peek() !== '<') return { base, of: [] };
    take('<');
    const of = [];
    while (peek() !== '>') {
      of.push(type());
      if (peek() === ',') take(',');
    }
    take('>');
    return { base, of };
  }

  /** `{ item, item }`, where an item has its own docs. */
  function block(item) {
    const items = [];
    take('{');
    for (let about = docs(); peek() !== '}'; about = docs()) {
      items.push({ about, ...item() });
      if (peek() === ',') take(',');
    }
    take('}');
    return items;
  }

  function field() {
    const called = name();
    take(':');
    return { name: called, type: type() };
  }

  function cases() {
    const called = name();
    if (peek() !== '(') return { name: called };
    take('(');
    const payload = type();
    take(')');
    return { name: called, type: payload };
  }

  function signature() {
    const called = name();
    take(':');
    take('func');
    take('(');
    const parameters = [];
    while (peek() !== ')') {
      parameters.push(field());
      if (peek() === ',') take(',');
    }
    take(')');
    let answer;
    if (peek() === '->') {
      take('->');
      answer = type();
    }
    take(';');
    return { kind: 'func', name: called, parameters, answer };
  }

  const skip = () => {
    while (next() !== ';');
  };

  const interfaces = [];
  while (at < tokens.length) {
    const about = docs();
    const word = next();
    if (word === 'package') skip();
    else if (word === 'interface') interfaces.push({ about, name: name(), items: interfaceItems() });
    else if (word === 'world') {
      while (next() !== '}');
    } else if (word !== undefined) throw new SyntaxError(`WIT: ${word} is not expected here`);
  }
  return interfaces;

  function interfaceItems() {
    const items = [];
    take('{');
    for (let about = docs(); peek() !== '}'; about = docs()) {
      const word = peek();
      if (word === 'use') skip();
      else if (word === 'type') {
        take('type');
        const called = name();
        take('=');
        items.push({ about, kind: 'type', name: called, type: type() });
        take(';');
      } else if (['record', 'variant', 'enum'].includes(word)) {
        next();
        items.push({ about, kind: word, name: name(), members: block(word === 'record' ? field : cases) });
      } else items.push({ about, ...signature() });
    }
    take('}');
    return items;
  }
}

const PLAIN = { string: 'string', bool: 'boolean', s64: 'bigint', u64: 'bigint' };
for (const narrow of ['s8', 'u8', 's16', 'u16', 's32', 'u32']) PLAIN[narrow] = 'number';

const camel = (text) => text.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
const pascal = (text) => camel(`-${text}`);

function typed({ base, of }) {
  const [first, second] = of;
  switch (base) {
    case 'list': return first.base === 'u8' ? 'Uint8Array' : `${first.base === 'tuple' || first.of.length > 0 ? `Array<${typed(first)}>` : `${typed(first)}[]`}`;
    case 'tuple': return `[${of.map(typed).join(', ')}]`;
    case 'option': return `${typed(first)} | undefined`;
    // An `err` is thrown.
    case 'result': return first === undefined || first.base === '_' ? 'void' : typed(first);
    default: return PLAIN[base] ?? pascal(base);
  }
}

const thrown = (type) => (type?.base === 'result' && type.of[1] ? ` Throws ${typed(type.of[1])}.` : '');

function comment(about, indent = '') {
  return about === '' ? [] : [`${indent}/** ${about} */`];
}

function member({ about, name, type }) {
  const optional = type.base === 'option';
  return [...comment(about, '  '), `  ${camel(name)}${optional ? '?' : ''}: ${typed(type)};`];
}

function variant({ about, name, type }) {
  return [...comment(about, '  '), `  | { tag: '${name}'${type ? `; val: ${typed(type)}` : ''} }`];
}

function declaration(item) {
  const head = comment(item.about);
  switch (item.kind) {
    case 'type': return [...head, `export type ${pascal(item.name)} = ${typed(item.type)};`];
    case 'record': return [...head, `export interface ${pascal(item.name)} {`, ...item.members.flatMap(member), '}'];
    case 'enum': return [...head, `export type ${pascal(item.name)} = ${item.members.map(({ name }) => `'${name}'`).join(' | ')};`];
    default: {
      const lines = [...head, `export type ${pascal(item.name)} =`, ...item.members.flatMap(variant)];
      return [...lines.slice(0, -1), `${lines.at(-1)};`];
    }
  }
}

function method({ about, name, parameters, answer }) {
  const given = parameters.map((parameter) => `${camel(parameter.name)}: ${typed(parameter.type)}`).join(', ');
  const says = `${about}${thrown(answer)}`.trim();
  return [...comment(says, '  '), `  ${camel(name)}(${given}): ${answer ? typed(answer) : 'void'};`];
}

/** TypeScript for the interfaces of the contract: the types, and an interface each for what has functions. */
export function typescript(interfaces) {
  const lines = ['// Made from sdk/wit/v1 by `npm run contract`; do not change it here.', ''];
  for (const { about, name, items } of interfaces) {
    for (const item of items.filter(({ kind }) => kind !== 'func')) lines.push(...declaration(item), '');
    const functions = items.filter(({ kind }) => kind === 'func');
    if (functions.length > 0) lines.push(...comment(about), `export interface ${pascal(name)} {`, ...functions.flatMap(method), '}', '');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}
