// A client of Reprise's /v1, in plain JavaScript: Node 20 and later, and browsers. No dependencies.
//
//   import { Reprise } from './reprise.js';
//   const reprise = new Reprise('http://127.0.0.1:7071');
//   const order = await reprise.start('checkout', { lines: [] }, { wait: 60 });
//   const left = await reprise.call('stock', 'tea', 'reserve', { quantity: 1 });
//
// Every request that changes something carries an Idempotency-Key, a new one for each call unless
// you give your own. A request whose answer was lost, or that the server was too busy for, is sent
// again with the same key and takes effect once. With a key of your own (an order number), it takes
// effect once even across crashes of the client.
//
// 64-bit integers that a number cannot hold are returned as strings; they may be passed as strings
// or BigInt. An error answer is thrown as a Problem, whose `code` is a stable word.

export class Problem extends Error {
  constructor(status, body, tag) {
    super(body.detail ?? body.title ?? `the server answered ${status}`);
    this.name = 'Problem';
    this.status = status;
    this.code = body.code ?? 'unknown';
    this.errors = body.errors ?? []; // [{pointer, detail}]: where in the request body
    this.tag = tag; // of precondition_failed: names the current state
  }
}

const ended = new Set(['completed', 'failed', 'terminated']);
const busy = new Set([503, 507]);

export class Reprise {
  #base;
  #attempts;
  #headers;
  #fetch;

  // attempts: how often a request is sent at most when there is no answer or the server is busy.
  // headers: for every request, such as { authorization: 'Bearer ...' }.
  constructor(url, { attempts = 4, headers = {}, fetch = globalThis.fetch } = {}) {
    this.#base = String(url).replace(/\/+$/, '') + '/v1';
    this.#attempts = attempts;
    this.#headers = headers;
    this.#fetch = fetch;
  }

  // Starts an orchestration. Returns the instance: only { id }, or with `wait` (seconds, at most
  // 60) all of it if it ended within that time.
  start(orchestration, input, { id, version, at, wait, idempotencyKey, signal } = {}) {
    return this.#send('POST', '/instances', {
      body: { orchestration, version, id, at: at instanceof Date ? at.toISOString() : at, input },
      once: idempotencyKey, prefer: wait, signal,
    });
  }

  get(id, { input = true, signal } = {}) {
    return this.#send('GET', `${instance(id)}?input=${input}`, { signal });
  }

  // Waits until the instance has ended, however long that takes, and returns it.
  async wait(id, { signal } = {}) {
    for (;;) {
      const one = await this.#send('GET', instance(id), { prefer: 30, signal });
      if (ended.has(one.state)) return one;
    }
  }

  // Yields the instance, without its input, after each change until it has ended:
  //   for await (const one of reprise.watch(id)) ...
  async *watch(id, { signal } = {}) {
    for (let last = ''; ; ) {
      const headers = last ? { ...this.#headers, 'last-event-id': last } : this.#headers;
      const answer = await this.#fetch(`${this.#base}${instance(id)}/events`, { headers, signal });
      if (!answer.ok || answer.status === 204) return content(answer);
      for await (const event of eventsOf(answer.body)) {
        if (event.event === 'gone') return;
        last = event.id;
        const one = JSON.parse(event.data);
        yield one;
        if (ended.has(one.state)) return;
      }
    }
  }

  // Returns the orchestration's result. Throws a Problem if it failed or was terminated.
  async result(id, options) {
    const one = await this.wait(id, options);
    if (one.state === 'completed') return one.output;
    throw new Problem(0, { code: one.failure.code, detail: one.failure.text });
  }

  // Yields all matches, page by page: for await (const one of reprise.list({ state: 'failed' })) ...
  list(filter = {}) {
    return this.#pages('/instances', 'instances', filter);
  }

  history(id, filter = {}) {
    return this.#pages(`${instance(id)}/history`, 'events', filter);
  }

  why(id) {
    return this.#send('GET', `${instance(id)}/why`);
  }

  raise(id, event, value, { idempotencyKey, signal } = {}) {
    return this.#send('POST', `${instance(id)}/events/${encodeURIComponent(event)}`, {
      body: value, once: idempotencyKey, signal,
    });
  }

  terminate(id, { reason, recursive, idempotencyKey } = {}) {
    return this.#steer(id, 'terminate', { reason, recursive }, idempotencyKey);
  }
  suspend(id, { reason, idempotencyKey } = {}) {
    return this.#steer(id, 'suspend', { reason }, idempotencyKey);
  }
  resume(id, { reason, idempotencyKey } = {}) {
    return this.#steer(id, 'resume', { reason }, idempotencyKey);
  }
  rewind(id, { reason, idempotencyKey } = {}) {
    return this.#steer(id, 'rewind', { reason }, idempotencyKey);
  }
  // Restarts an instance. Returns { id } of the new one.
  restart(id, { newId, idempotencyKey } = {}) {
    return this.#steer(id, 'restart', { id: newId }, idempotencyKey);
  }
  purge(id, { recursive = false, idempotencyKey } = {}) {
    return this.#send('DELETE', `${instance(id)}?recursive=${recursive}`, { once: idempotencyKey });
  }

  // Calls an operation and returns its answer. With `ifMatch`, a tag from `readTagged`, it runs
  // only if the state is still the same; with '*', only if the actor exists; with `ifAbsent`, only
  // if it does not. Otherwise throws a Problem whose code is precondition_failed.
  call(type, key, operation, input, { idempotencyKey, ifMatch, ifAbsent, signal } = {}) {
    return this.#send('POST', `${actor(type, key)}/${encodeURIComponent(operation)}`, {
      body: input, once: idempotencyKey, ifMatch, ifAbsent, signal,
    });
  }

  // Tells an operation, without waiting for its answer: resolves when the request is durable.
  tell(type, key, operation, input, { idempotencyKey, ifMatch, ifAbsent, signal } = {}) {
    return this.#send('POST', `${actor(type, key)}/${encodeURIComponent(operation)}`, {
      body: input, once: idempotencyKey, ifMatch, ifAbsent, prefer: 'respond-async', signal,
    });
  }

  // Returns the actor's state as last committed; undefined if the actor does not exist.
  async read(type, key) {
    try {
      return await this.#send('GET', actor(type, key));
    } catch (problem) {
      if (problem.code === 'not_found') return undefined;
      throw problem;
    }
  }

  // Returns { state, tag }: the state and its tag, for `ifMatch`.
  async readTagged(type, key) {
    let tag;
    const state = await this.#send('GET', actor(type, key), { seen: (answer) => (tag = answer.headers.get('etag')) });
    return { state, tag };
  }

  // Erases the actor and its entries; `ifMatch` as for `call`.
  erase(type, key, { idempotencyKey, ifMatch } = {}) {
    return this.#send('DELETE', actor(type, key), { once: idempotencyKey, ifMatch });
  }

  actors(type, filter = {}) {
    return this.#pages(`/actors/${encodeURIComponent(type)}`, 'actors', filter);
  }

  types() {
    return this.#send('GET', '/types');
  }

  #steer(id, verb, body, once) {
    return this.#send('POST', `${instance(id)}/${verb}`, { body, once });
  }

  async *#pages(path, member, filter) {
    const query = new URLSearchParams(filter);
    for (let next = ''; next !== null; ) {
      if (next) query.set('cursor', next);
      const page = await this.#send('GET', `${path}?${query}`);
      yield* page[member];
      next = page.next;
    }
  }

  // Sends the same request until a server answers that is not busy.
  async #send(method, path, { body, once, prefer, ifMatch, ifAbsent, seen, signal } = {}) {
    const headers = { ...this.#headers };
    if (method !== 'GET') headers['idempotency-key'] = once ?? crypto.randomUUID();
    if (prefer !== undefined) headers.prefer = typeof prefer === 'number' ? `wait=${prefer}` : prefer;
    if (ifMatch !== undefined) headers['if-match'] = ifMatch;
    if (ifAbsent) headers['if-none-match'] = '*';
    const request = { method, headers, signal };
    if (body !== undefined) {
      headers['content-type'] = 'application/json';
      request.body = JSON.stringify(body, (_, v) => (typeof v === 'bigint' ? String(v) : v));
    }
    for (let attempt = 1; ; ++attempt) {
      let answer;
      try {
        answer = await this.#fetch(this.#base + path, request);
      } catch (lost) {
        if (signal?.aborted || attempt >= this.#attempts) throw lost;
      }
      if (answer && !(busy.has(answer.status) && attempt < this.#attempts)) {
        seen?.(answer);
        return content(answer);
      }
      await answer?.body?.cancel();
      const seconds = Number(answer?.headers.get('retry-after') ?? 0) || 0.1 * 2 ** attempt;
      await new Promise((resume) => setTimeout(resume, 1000 * seconds));
    }
  }
}

const instance = (id) => `/instances/${encodeURIComponent(id)}`;
const actor = (type, key) => `/actors/${encodeURIComponent(type)}/${encodeURIComponent(key)}`;

async function content(answer) {
  const text = await answer.text();
  if (answer.ok) return text === '' ? undefined : JSON.parse(text);
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    // Not an answer of Reprise but of a proxy in between: only its status is known.
  }
  throw new Problem(answer.status, body, answer.headers.get('etag') ?? undefined);
}

// Parses server-sent events into objects of their fields.
async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let rest = ''; ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      const parts = (rest + value).split('\n\n');
      rest = parts.pop();
      for (const part of parts) {
        const lines = part.split('\n').map((line) => line.split(/: ?(.*)/s, 2));
        const event = Object.fromEntries(lines);
        if (event.data) yield event;
      }
    }
  } finally {
    await reader.cancel();
  }
}
