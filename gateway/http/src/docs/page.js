// Draws the API's page from /openapi.json. Texts are only ever set as text, never as markup.
'use strict';

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];
const byId = (id) => document.getElementById(id);

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== undefined && child !== null));
  return made;
}

class Page {
  constructor(spec) {
    this.spec = spec;
  }

  resolve(item) {
    if (!item || !item.$ref) return item || {};
    return item.$ref.slice(2).split('/').reduce((at, key) => (at || {})[key], this.spec) || {};
  }

  // A schema in a line or a few, as one would write the type by hand.
  shape(schema, depth = 0) {
    if (!schema) return 'any';
    if (schema.$ref) {
      const name = schema.$ref.split('/').pop();
      return depth > 5 ? name : this.shape(this.resolve(schema), depth + 1);
    }
    const choices = schema.oneOf || schema.anyOf;
    if (choices) return choices.map((choice) => this.shape(choice, depth)).join(' | ');
    if (schema.allOf) return schema.allOf.map((part) => this.shape(part, depth)).join(' & ');
    if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
    const types = [].concat(schema.type || 'any');
    return types.map((type) => this.shapeOf(type, schema, depth)).join(' | ');
  }

  shapeOf(type, schema, depth) {
    if (type === 'array') return `[${this.shape(schema.items, depth)}]`;
    if (type !== 'object') return schema.format ? `${type} (${schema.format})` : type;
    const required = schema.required || [];
    const fields = Object.entries(schema.properties || {});
    if (!fields.length) return schema.additionalProperties ? `{ "…": ${this.shape(schema.additionalProperties, depth)} }` : '{ … }';
    const indent = '  '.repeat(depth + 1);
    const lines = fields.map(([name, field]) => {
      const about = (field.description || this.resolve(field).description || '').split('\n')[0];
      return `${indent}${name}${required.includes(name) ? '' : '?'}: ${this.shape(field, depth + 1)}${about ? `   // ${about}` : ''}`;
    });
    return `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
  }

  example(schema, depth = 0) {
    const plain = this.resolve(schema);
    if (plain.example !== undefined) return plain.example;
    if (plain.examples && plain.examples.length) return plain.examples[0];
    if (plain.default !== undefined) return plain.default;
    if (plain.enum) return plain.enum[0];
    if (depth > 6) return null;
    const choices = plain.oneOf || plain.anyOf || plain.allOf;
    if (choices) return this.example(choices.find((choice) => choice.type !== 'null'), depth + 1);
    const type = [].concat(plain.type || 'object').find((name) => name !== 'null');
    if (type === 'array') return [this.example(plain.items, depth + 1)];
    if (type === 'integer' || type === 'number') return plain.minimum || 0;
    if (type === 'boolean') return false;
    if (type === 'string') return plain.format === 'date-time' ? new Date().toISOString() : '';
    const required = plain.required || [];
    const shown = Object.entries(plain.properties || {}).filter(([name, field]) => required.includes(name) || this.resolve(field).example !== undefined);
    return Object.fromEntries(shown.map(([name, field]) => [name, this.example(field, depth + 1)]));
  }

  parameters(operation) {
    return (operation.parameters || []).map((parameter) => this.resolve(parameter));
  }

  operation(path, method, operation) {
    const inputs = {};
    const rows = this.parameters(operation).map((parameter) => {
      const input = element('input', { 'aria-label': parameter.name, placeholder: this.resolve(parameter.schema).example ?? '' });
      inputs[parameter.name] = { parameter, input };
      return element('tr', {}, element('td', {}, element('code', {}, parameter.name), element('div', { class: 'soft' }, `${parameter.in}${parameter.required ? ', required' : ''}`)),
        element('td', {}, parameter.description || ''), element('td', {}, input));
    });
    const content = Object.entries(this.resolve(operation.requestBody).content || {});
    const [mediaType, media] = content[0] || [];
    const isFile = mediaType === 'application/wasm';
    const isForm = mediaType === 'application/x-www-form-urlencoded';
    let body;
    if (isFile) body = element('input', { type: 'file', 'aria-label': 'Body' });
    else if (mediaType) {
      const example = media.example ?? this.example(media.schema);
      body = element('textarea', { spellcheck: 'false', 'aria-label': 'Body' });
      body.value = isForm ? new URLSearchParams(example).toString() : JSON.stringify(example, null, 2);
    }
    const answers = Object.entries(operation.responses || {}).map(([status, given]) => {
      const response = this.resolve(given);
      const [, answer] = Object.entries(response.content || {})[0] || [];
      const isProblem = answer && answer.schema && answer.schema.$ref === '#/components/schemas/Problem';
      return element('tr', {}, element('td', {}, element('code', {}, status)),
        element('td', {}, response.description || '', answer && !isProblem ? element('pre', {}, this.shape(answer.schema)) : null));
    });
    const said = element('pre', { hidden: '' });
    const send = element('button', { onclick: () => this.send(path, method, inputs, mediaType, body, said) }, 'Send');
    return element('details', { class: 'operation', id: operation.operationId },
      element('summary', {}, element('span', { class: `method ${method}` }, method.toUpperCase()), element('span', { class: 'path' }, path), element('span', { class: 'soft' }, operation.summary || '')),
      element('div', { class: 'body' },
        operation.description ? element('p', {}, operation.description) : null,
        rows.length ? element('table', {}, ...rows) : null,
        mediaType ? element('h4', {}, `Body: ${content.map(([name]) => name).join(', ')}`) : null,
        mediaType && !isFile ? element('details', {}, element('summary', {}, 'Fields'), element('pre', {}, this.shape(media.schema))) : null,
        body, element('p', {}, send), said,
        element('h4', {}, 'Answers'), element('table', {}, ...answers)));
  }

  async send(path, method, inputs, mediaType, body, said) {
    const headers = {};
    const query = new URLSearchParams();
    let address = path;
    for (const [name, { parameter, input }] of Object.entries(inputs)) {
      if (parameter.in === 'path') address = address.replace(`{${name}}`, encodeURIComponent(input.value));
      else if (input.value && parameter.in === 'query') query.set(name, input.value);
      else if (input.value) headers[name] = input.value;
    }
    const token = byId('token').value.trim();
    if (token) headers.Authorization = `Bearer ${token}`;
    if (mediaType) headers['Content-Type'] = mediaType;
    const sent = body && (body.type === 'file' ? body.files[0] : body.value);
    said.hidden = false;
    said.textContent = '…';
    try {
      const answer = await fetch(address + (query.size ? `?${query}` : ''), { method: method.toUpperCase(), headers, body: sent });
      const text = await answer.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON */ }
      said.textContent = `${answer.status} ${answer.statusText}\n${[...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n')}\n\n${shown}`;
    } catch (error) {
      said.textContent = String(error);
    }
  }

  draw() {
    const { info, tags = [], paths } = this.spec;
    byId('version').textContent = info.version;
    byId('about').textContent = info.description || '';
    const groups = new Map(tags.map((tag) => [tag.name, { about: tag.description, operations: [] }]));
    for (const [path, item] of Object.entries(paths)) {
      for (const method of METHODS.filter((name) => item[name])) {
        const tag = (item[method].tags || ['Other'])[0];
        if (!groups.has(tag)) groups.set(tag, { operations: [] });
        groups.get(tag).operations.push([path, method, item[method]]);
      }
    }
    const drawn = byId('operations');
    drawn.replaceChildren();
    for (const [tag, { about, operations }] of groups) {
      if (!operations.length) continue;
      drawn.append(element('section', {}, element('h2', {}, tag), element('p', { class: 'soft' }, about || ''), ...operations.map((each) => this.operation(...each))));
      const links = operations.map(([path, method, operation]) => element('li', { 'data-text': `${method} ${path} ${operation.summary || ''}`.toLowerCase() },
        element('a', { href: `#${operation.operationId}`, onclick: () => { byId(operation.operationId).open = true; } }, element('span', { class: `method ${method}` }, `${method.toUpperCase()} `), path)));
      byId('index').append(element('h2', {}, tag), element('ul', {}, ...links));
    }
    const named = location.hash && byId(location.hash.slice(1));
    if (named) { named.open = true; named.scrollIntoView(); }
  }
}

async function getToken(event) {
  event.preventDefault();
  const says = byId('session_says');
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: byId('client_id').value, client_secret: byId('client_secret').value });
  try {
    const answer = await fetch('/oauth/token', { method: 'POST', body });
    const given = await answer.json();
    byId('token').value = given.access_token || '';
    says.textContent = answer.ok ? `Good for ${given.expires_in} s. ${given.scope || ''}` : given.detail;
  } catch (error) {
    says.textContent = String(error);
  }
}

byId('session').addEventListener('submit', getToken);
byId('filter').addEventListener('input', (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const item of document.querySelectorAll('#index li')) item.hidden = !item.dataset.text.includes(wanted);
});
fetch('/openapi.json').then((answer) => answer.json()).then((spec) => new Page(spec).draw())
  .catch((error) => { byId('operations').textContent = `The document can't be read: ${error}`; });
