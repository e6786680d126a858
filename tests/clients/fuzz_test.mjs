// A fuzzer over /openapi.json: requests that fit the document and such that do not, to every route of it.
// node fuzz_test.mjs PROGRAM REQUESTS [SEED].
//
// Of each answer is asked: is its status declared, or a refusal; has it the media type and the schema that
// the document says; is it no 5xx. And of each request whose parts all fit: is it not refused as one that
// does not; of each whose body does not fit: is it refused.

import assert from 'node:assert/strict';
import { Agent, request as send } from 'node:http';
import Ajv from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { chance, Generator } from './generator.mjs';
import { run, serve } from './served.mjs';

const [program, count, seed = Date.now() % 4294967296] = process.argv.slice(2);
const random = chance(Number(seed));
console.log(`seed ${seed}`);
const server = await serve(program);
const document = await (await fetch(`${server.url}/openapi.json`)).json();
// What an orchestration does with a large number is its own affair: ten million activities, if it says so.
const generator = new Generator(document, random, 3);
// What the document cannot say: these refuse more than it does. One filter at least must be given; the
// input is by the type of the orchestration that the body names.
const stricter = ['purge_instances', 'start_instance'];

const ajv = new Ajv({ strict: false, validateFormats: true, allErrors: false });
formats(ajv);
for (const name of ['int64', 'uint64']) ajv.addFormat(name, true);
ajv.addSchema(document, 'document');
const checks = new Map();
function misfit(pointer, value) {
  if (!checks.has(pointer)) checks.set(pointer, ajv.compile({ $ref: `document#${pointer}` }));
  const check = checks.get(pointer);
  return check(value) ? '' : ajv.errorsText(check.errors);
}
const escaped = (name) => encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    path, method, operation, pointer: `/paths/${escaped(path)}/${method}`,
  })));

// A part of a request: what is sent, and whether it is known to fit.
function parameter(one) {
  const declared = generator.resolve(one);
  const text = (value) => (Array.isArray(value) ? value : [value]).map(String);
  if (declared.in === 'header' || random.percent(80))
    return { declared, values: text(generator.fitting(declared.schema)), fits: true };
  return { declared, values: [generator.anyText()], fits: false };
}

// Most ids and keys are of a few, so that there is something under them.
const known = ['order-1', 'tea', 'a b', 'é'];

function made({ path, method, operation }) {
  let target = path, fits = !stricter.includes(operation.operationId);
  const headers = {}, query = [];
  for (const one of operation.parameters ?? []) {
    const { declared, values, fits: does } = parameter(one);
    const kind = declared.in;
    if (kind === 'header' && !random.percent(declared.name === 'Prefer' ? 20 : 10)) continue;
    if (kind === 'query' && !random.percent(30)) continue;
    if (kind === 'path' && random.percent(70)) {
      target = target.replace(`{${declared.name}}`, encodeURIComponent(random.one(known)));
      continue;
    }
    fits &&= does;
    if (kind === 'header') headers[declared.name] = headerValue(declared.name);
    else if (kind === 'path') {
      fits &&= values[0] !== '';
      target = target.replace(`{${declared.name}}`, encodeURIComponent(values[0] || '%'));
    } else for (const value of values) query.push(`${declared.name}=${encodeURIComponent(value)}`);
    if (kind === 'header' || declared.name === 'cursor') fits = false;
  }
  if (random.percent(3)) query.push('nobody=1'), (fits = false);
  if (query.length > 0) target += `?${query.join('&')}`;
  return { method: method.toUpperCase(), target, headers, fits, ...body(operation, headers) };
}

function headerValue(name) {
  if (name === 'Prefer') return random.one(['wait=0', 'respond-async', 'wait=x', 'return=minimal']);
  if (name === 'Idempotency-Key') return random.one(['k', 'k2', '"k"', 'a b', 'x'.repeat(300)]);
  return random.one(['*', '"a"', 'W/"a"', '"a", "b"', 'a']);
}

function body(operation, headers) {
  const declared = operation.requestBody;
  if (!declared) return { sent: undefined, bodyFits: true };
  if (random.percent(10)) return { sent: undefined, bodyFits: !declared.required };
  headers['Content-Type'] = random.percent(95) ? 'application/json' : 'text/plain';
  const isJson = headers['Content-Type'] === 'application/json';
  if (random.percent(5)) return { sent: random.one(['{', 'x', '{"a":1,"a":2}', '[1]]', '"\\ud800"']), bodyFits: false };
  const schema = declared.content['application/json'].schema;
  const value = random.percent(60) ? generator.fitting(schema) : generator.bent(schema);
  return { sent: JSON.stringify(value), value, bodyFits: isJson && undefined };
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 });
function ask({ method, target, headers, sent }) {
  return new Promise((answered, lost) => {
    const asked = send(server.url + target, { method, headers, agent }, (answer) => {
      const type = answer.headers['content-type'] ?? '';
      const found = { status: answer.statusCode, type, headers: answer.headers };
      if (type.startsWith('text/event-stream')) {
        answered(found); // it goes on as long as one stays
        return asked.destroy();
      }
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () => answered({ ...found, body: Buffer.concat(parts).toString() }));
    });
    asked.on('error', lost);
    asked.end(sent);
  });
}

// What is wrong with an answer; '' when nothing is.
function complaint({ operation, pointer }, asked, answer) {
  const { status, type, body } = answer;
  if (status >= 500) return 'a failure of the server';
  const own = operation.responses[status];
  if (!own && status < 400) return 'the document has no such status';
  const key = own ? String(status) : 'default';
  const declared = generator.resolve(operation.responses[key]);
  if (!declared.content) return body ? 'the document has no body here' : '';
  if (!declared.content[type]) return `the document has no ${type}`;
  const inside = operation.responses[key].$ref?.slice(1) ?? `${pointer}/responses/${key}`;
  const schema = `${inside}/content/${escaped(type)}/schema`;
  const value = type.endsWith('json') ? JSON.parse(body) : body;
  const wrong = body === undefined ? '' : misfit(schema, value);
  if (wrong) return wrong;
  const bodySchema = `${pointer}/requestBody/content/application~1json/schema`;
  const bodyFits = asked.bodyFits ?? misfit(bodySchema, asked.value) === '';
  if (!bodyFits && status < 300 && asked.sent !== undefined) return 'the body does not fit, and was taken';
  if (bodyFits && asked.fits && [400, 413, 415].includes(status)) return 'it fits, and was refused';
  return '';
}

const statuses = new Map();
const wrong = new Map(); // by operation and complaint: the first of each is shown
async function many(left) {
  while (left.count-- > 0) {
    const of = random.one(operations);
    const asked = made(of);
    const answer = await ask(asked).catch((lost) => {
      throw new Error(`no answer to ${asked.method} ${asked.target}`, { cause: lost });
    });
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const told = complaint(of, asked, answer);
    const place = `${of.method} ${of.path} ${answer.status}: ${told}`;
    if (told && !wrong.has(place)) wrong.set(place, { asked, answer });
  }
}

await run(
  {
    async 'every answer is one that the document declares'() {
      const left = { count: Number(count) };
      await Promise.all(Array.from({ length: 16 }, () => many(left)));
      const shown = [...statuses].sort().map(([status, times]) => `${status}: ${times}`);
      console.log(`${count} requests to ${operations.length} operations, seed ${seed}; ${shown.join(', ')}`);
      for (const [place, { asked, answer }] of wrong)
        console.log(`${place}\n  ${asked.method} ${asked.target} ${JSON.stringify(asked.headers)} ` +
          `${asked.sent}\n  ${answer.type} ${answer.body}`);
      assert.equal(wrong.size, 0);
      agent.destroy();
    },
    async 'the server is as well as before'() {
      assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
    },
  },
  server,
);
