// examples/clients/reprise.js against a served application: node client_test.mjs PROGRAM. The program is
// that of the gateway's tests (application.cpp).

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { Problem, Reprise } from '../../examples/clients/reprise.js';

const server = spawn(process.argv[2], ['serve', '--port', '0', '--ephemeral'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const url = await new Promise((found, lost) => {
  server.on('exit', () => lost(new Error('serve did not begin')));
  createInterface({ input: server.stdout }).on('line', (line) => {
    if (line.startsWith('listening on ')) found(line.slice('listening on '.length));
  });
});
const reprise = new Reprise(url);
const all = async (pages) => {
  const found = [];
  for await (const one of pages) found.push(one);
  return found;
};
const refusedWith = (code) => (problem) => problem instanceof Problem && problem.code === code;

const cases = {
  async 'a start is waited for'() {
    const one = await reprise.start('echo', { n: [1] }, { id: 'e', wait: 60 });
    assert.deepEqual([one.id, one.state, one.output], ['e', 'completed', { n: [1] }]);
    assert.deepEqual(await reprise.result('e'), { n: [1] });
    assert.deepEqual((await reprise.get('e')).input, { n: [1] });
    assert.equal((await reprise.get('e', { input: false })).input, undefined);
  },

  async 'a start with a key happens once'() {
    const first = await reprise.start('approve', undefined, { idempotencyKey: 'order 1' });
    const again = await reprise.start('approve', undefined, { idempotencyKey: 'order 1' });
    assert.equal(again.id, first.id);
    await assert.rejects(
      reprise.start('approve', null, { idempotencyKey: 'order 1' }),
      refusedWith('mismatch'),
    );
  },

  async 'a start may be due later'() {
    await reprise.start('echo', 1, { id: 'later', at: new Date('2200-01-01T00:00:00Z') });
    assert.equal((await reprise.get('later')).state, 'pending');
  },

  async 'integers of 64 bits keep their digits'() {
    const given = { big: 9007199254740993n, huge: '18446744073709551615' };
    const { output } = await reprise.start('mirror', given, { wait: 60 });
    assert.equal(output.big, '9007199254740993');
    assert.equal(output.huge, '18446744073709551615');
  },

  async 'an event ends the wait'() {
    await reprise.start('approve', undefined, { id: 'a/b'.replace('/', ' ') });
    const waiting = reprise.result('a b');
    await reprise.raise('a b', 'decision', { x: 7 });
    assert.equal(await waiting, '7');
    await assert.rejects(reprise.raise('a b', 'decision', {}), refusedWith('gone'));
  },

  async 'an instance is steered'() {
    await reprise.start('approve', undefined, { id: 's' });
    await reprise.suspend('s', { reason: 'lunch' });
    assert.equal((await reprise.get('s')).state, 'suspended');
    assert.equal((await reprise.why('s')).waits[0].what, 'being suspended');
    await reprise.resume('s');
    await reprise.terminate('s', { reason: 'late', recursive: true });
    await assert.rejects(reprise.result('s'), refusedWith('terminated'));
    const again = await reprise.restart('s', { newId: 's2' });
    assert.equal(again.id, 's2');
    await reprise.purge('s');
    await assert.rejects(reprise.get('s'), refusedWith('not_found'));
  },

  async 'an instance is watched to its end'() {
    await reprise.start('approve', undefined, { id: 'w' });
    const states = [];
    for await (const one of reprise.watch('w')) {
      if (states.at(-1) !== one.state) states.push(one.state);
      if (one.state === 'running') await reprise.suspend('w');
      if (one.state === 'suspended') await reprise.terminate('w');
    }
    assert.deepEqual(states.slice(-2), ['suspended', 'terminated']);
    await assert.rejects(reprise.watch('nobody').next(), refusedWith('not_found'));
  },

  async 'what failed is told and rewound'() {
    await reprise.start('doomed', 'a broken shelf', { id: 'd' });
    await assert.rejects(reprise.result('d'), refusedWith('failed'));
    await reprise.rewind('d', { reason: 'again' });
    await assert.rejects(reprise.result('d'), refusedWith('failed'));
    await reprise.start('doomed', 'no luck', { id: 'by itself' });
    await assert.rejects(reprise.result('by itself'), refusedWith('rejected'));
    await assert.rejects(reprise.rewind('by itself'), refusedWith('nothing_undone'));
    const kinds = (await all(reprise.history('d', { limit: 2 }))).map((event) => event.kind);
    assert.equal(kinds[0], 'started');
    assert.ok(kinds.includes('rewound'));
  },

  async 'lists go from page to page'() {
    for (const id of ['l1', 'l2', 'l3']) await reprise.start('echo', 1, { id, wait: 60 });
    const ids = (await all(reprise.list({ prefix: 'l', limit: 1 }))).map((one) => one.id);
    assert.deepEqual(ids.filter((id) => id !== 'later'), ['l1', 'l2', 'l3']);
  },

  async 'actors are called, told, read and listed'() {
    assert.equal(await reprise.read('stock', 'tea'), undefined);
    assert.equal((await reprise.call('stock', 'tea', 'put', { quantity: 3 })).left, 3);
    await reprise.tell('stock', 'tea', 'take', { quantity: 1 }, { idempotencyKey: 'k' });
    await reprise.tell('stock', 'tea', 'take', { quantity: 1 }, { idempotencyKey: 'k' });
    assert.deepEqual(await reprise.read('stock', 'tea'), { quantity: 0, left: 2 });
    await assert.rejects(reprise.call('stock', 'tea', 'take', { quantity: 9 }), refusedWith('rejected'));
    assert.deepEqual((await all(reprise.actors('stock'))).map((one) => one.key), ['tea']);
  },

  async 'a call is made only to the state that was read'() {
    await reprise.call('stock', 'oil', 'put', { quantity: 3 }, { ifAbsent: true });
    await assert.rejects(
      reprise.call('stock', 'oil', 'put', { quantity: 3 }, { ifAbsent: true }),
      refusedWith('precondition_failed'),
    );
    const { state, tag } = await reprise.readTagged('stock', 'oil');
    assert.equal(state.left, 3);
    await reprise.call('stock', 'oil', 'take', { quantity: 1 }, { ifMatch: tag });
    const late = reprise.call('stock', 'oil', 'take', { quantity: 1 }, { ifMatch: tag });
    const problem = await late.then(assert.fail, (thrown) => thrown);
    assert.equal(problem.code, 'precondition_failed');
    assert.equal(problem.tag, (await reprise.readTagged('stock', 'oil')).tag);
    await assert.rejects(reprise.erase('stock', 'oil', { ifMatch: tag }), refusedWith('precondition_failed'));
    await reprise.erase('stock', 'oil', { ifMatch: problem.tag });
    assert.equal(await reprise.read('stock', 'oil'), undefined);
  },

  async 'a bad value is named with its place'() {
    const bad = reprise.start('mirror', { points: [{ x: 'far' }] });
    const problem = await bad.then(assert.fail, (thrown) => thrown);
    assert.equal(problem.status, 400);
    assert.equal(problem.errors[0].pointer, '/input/points/0/x');
  },

  async 'types are listed'() {
    assert.ok((await reprise.types()).actors.some((one) => one.type === 'stock'));
  },

  async 'a busy server is asked again with the same key'() {
    const keys = [];
    const busy = createServer((request, answer) => {
      keys.push(request.headers['idempotency-key']);
      if (keys.length === 1) return request.socket.destroy();
      const status = keys.length === 2 ? 503 : 201;
      answer.writeHead(status, { 'content-type': 'application/json' }).end('{"id":"i"}');
    });
    await new Promise((listening) => busy.listen(0, '127.0.0.1', listening));
    const started = await new Reprise(`http://127.0.0.1:${busy.address().port}/`).start('echo');
    busy.close();
    assert.equal(started.id, 'i');
    assert.equal(keys.length, 3);
    assert.equal(new Set(keys).size, 1);
  },
};

let failed = 0;
for (const [name, run] of Object.entries(cases)) {
  try {
    await run();
    console.log(`ok: ${name}`);
  } catch (problem) {
    ++failed;
    console.log(`FAILED: ${name}`, problem);
  }
}
console.log(`${Object.keys(cases).length} cases, ${failed} failed`);
server.removeAllListeners('exit');
server.kill();
process.exit(failed === 0 ? 0 : 1);
