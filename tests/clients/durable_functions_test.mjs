// `durable-functions`, the client of Azure Durable Functions for JavaScript, against our server: node
// durable_functions_test.mjs PROGRAM. It builds its URLs in two ways, and each case runs in both: from
// the base of the extension's local endpoint, and from the management URLs that a host binds. Of the
// latter there are two kinds: those with a placeholder, and those of an instance that was started.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { run, serve } from './served.mjs';

const require = createRequire(import.meta.url);
const { DurableClient } = require('durable-functions/lib/src/durableClient/DurableClient.js');
const df = require('durable-functions');

const server = await serve(process.argv[2]);
const base = `${server.url}/runtime/webhooks/durabletask`;
const query = 'taskHub=Reprise&connection=Storage';

const creationUrls = {
  createNewInstancePostUri: `${base}/orchestrators/{functionName}[/{instanceId}]?${query}`,
  createAndWaitOnNewInstancePostUri:
    `${base}/orchestrators/{functionName}[/{instanceId}]?timeout={timeoutInSeconds}&${query}`,
};
const client = (managementUrls, rpcBaseUrl) =>
  new DurableClient({
    taskHubName: 'Reprise',
    creationUrls,
    managementUrls,
    baseUrl: base,
    requiredQueryStringParameters: query,
    rpcBaseUrl,
  });

const started = await (await fetch(`${base}/orchestrators/hello_cities/first`, { method: 'POST' })).json();
const bound = Object.fromEntries(
  Object.entries(started).map(([name, url]) => [name, url.replace('first', 'INSTANCEID')]),
);
const ways = {
  'local endpoint': client(bound, `${base}/`),
  'URLs of the binding': client(bound),
  'URLs of an instance': client(started),
};

const ended = async (of, id) => {
  const one = `${server.url}/v1/instances/${encodeURIComponent(id)}`;
  await fetch(one, { headers: { Prefer: 'wait=60' } });
  return of.getStatus(id);
};

const cases = (of) => ({
  async 'a start without input'() {
    const id = await of.startNew('hello_cities');
    const status = await ended(of, id);
    assert.equal(status.runtimeStatus, 'Completed');
    assert.equal(status.input, null);
    assert.equal(status.output.length, 5);
  },

  async 'a start with input, an id and a version'() {
    const input = { count: 4, window: 2 };
    const id = await of.startNew('fan_out', { instanceId: of.own('f'), input, version: '1' });
    assert.equal(id, of.own('f'));
    assert.deepEqual((await ended(of, id)).input, input);
    await assert.rejects(of.startNew('fan_out', { input: { count: 'many' } }), /400/);
    await assert.rejects(of.startNew('nothing'), /doesn't exist/);
  },

  async 'a start without input where it is a struct'() {
    const id = await of.startNew('fan_out');
    assert.deepEqual((await ended(of, id)).input, { count: 0, window: 0 });
  },

  async 'a status with history and output'() {
    const id = await of.startNew('hello_cities');
    await ended(of, id);
    const status = await of.getStatus(id, { showHistory: true, showHistoryOutput: true });
    assert.equal(status.runtimeStatus, 'Completed'); // this client does not read historyEvents
    assert.ok(status.createdTime <= status.lastUpdatedTime);
    assert.equal((await of.getStatus(id, { showHistory: true, showInput: false })).input, null);
    await assert.rejects(of.getStatus('nobody'), /404/);
  },

  async 'lists, whole and by filter'() {
    const input = { timeoutSeconds: 3600 };
    const id = await of.startNew('approval', { instanceId: of.own('listed'), input });
    assert.ok((await of.getStatusAll()).some((one) => one.instanceId === id));
    const running = await of.getStatusBy({
      createdTimeFrom: new Date('2020-01-01'),
      createdTimeTo: new Date('2200-01-01'),
      runtimeStatus: [df.OrchestrationRuntimeStatus.Running, df.OrchestrationRuntimeStatus.Pending],
    });
    assert.ok(running.some((one) => one.instanceId === id));
    const failed = [df.OrchestrationRuntimeStatus.Failed];
    const none = await of.getStatusBy({ createdTimeFrom: new Date(0), runtimeStatus: failed });
    assert.ok(!none.some((one) => one.instanceId === id));
    await of.terminate(id, 'enough');
  },

  async 'an event ends the wait'() {
    const id = await of.startNew('approval', { input: { timeoutSeconds: 3600 } });
    await of.raiseEvent(id, 'decision', { approved: true });
    const status = await ended(of, id);
    assert.equal(status.runtimeStatus, 'Completed');
    await of.raiseEvent(id, 'decision', { approved: true }); // 410: it takes that for done
    await assert.rejects(of.raiseEvent('nobody', 'decision', {}), /No instance/);
    const elsewhere = { taskHubName: 'Other', connectionName: 'Another' };
    await of.raiseEvent(id, 'decision', { approved: true }, elsewhere);
    assert.equal((await of.getStatus(id, elsewhere)).instanceId, id);
  },

  async 'suspended, resumed, terminated'() {
    const id = await of.startNew('approval', { input: { timeoutSeconds: 3600 } });
    await of.suspend(id, 'lunch');
    assert.equal((await of.getStatus(id)).runtimeStatus, 'Suspended');
    await of.resume(id, 'back');
    assert.notEqual((await of.getStatus(id)).runtimeStatus, 'Suspended');
    await of.terminate(id, 'too late');
    assert.equal((await ended(of, id)).output, 'too late');
    await of.suspend(id, 'again');
    await assert.rejects(of.terminate('nobody', 'why'), /No instance/);
  },

  async 'a rewind of what has not failed'() {
    const id = await of.startNew('hello_cities');
    await ended(of, id);
    await assert.rejects(of.rewind(id, 'why'), /not failed|only what failed/);
    await assert.rejects(of.rewind('nobody', 'why'), /nobody/);
  },

  async 'a rewind of what failed'() {
    const input = { failures: 1, attempts: 1 };
    const id = await of.startNew('flaky', { input });
    assert.equal((await ended(of, id)).runtimeStatus, 'Failed');
    await of.rewind(id, 'again');
    assert.ok(await ended(of, id));
  },

  async 'a purge of one and by filter'() {
    const id = await of.startNew('hello_cities');
    await ended(of, id);
    assert.equal((await of.purgeInstanceHistory(id)).instancesDeleted, 1);
    assert.equal((await of.purgeInstanceHistory(id)).instancesDeleted, 0);
    const from = new Date();
    const ids = await Promise.all([1, 2, 3].map(() => of.startNew('hello_cities')));
    for (const one of ids) await ended(of, one);
    const purged = await of.purgeInstanceHistoryBy({
      createdTimeFrom: new Date(from.getTime() - 1000),
      createdTimeTo: new Date('2200-01-01'),
      runtimeStatus: [df.OrchestrationRuntimeStatus.Completed],
    });
    assert.ok(purged.instancesDeleted >= 3);
    for (const one of ids) await assert.rejects(of.getStatus(one), /404/);
  },

  async 'entities'() {
    const entity = new df.EntityId('counter', of.own('c'));
    assert.equal((await of.readEntityState(entity)).entityExists, false);
    await of.signalEntity(entity, 'add', { amount: 2 });
    await of.signalEntity(entity, 'get');
    const read = await of.readEntityState(entity);
    assert.deepEqual([read.entityExists, read.entityState], [true, { value: 2 }]);
    await assert.rejects(of.signalEntity(entity, 'dance', 1), /400/);
  },

  async 'an answer for whoever polls'() {
    const id = await of.startNew('hello_cities');
    await ended(of, id);
    const request = { url: server.url };
    const whole = await of.waitForCompletionOrCreateCheckStatusResponse(request, id);
    assert.equal(whole.status, 200);
    const links = of.createHttpManagementPayload(id);
    assert.match(links.statusQueryGetUri, new RegExp(`/instances/${id}\\?taskHub=.+&connection=.+`));
    for (const [name, url] of Object.entries(links))
      if (name !== 'id') assert.match(url, /[?&]taskHub=Reprise&connection=Storage/, name);
    assert.ok(links.rewindPostUri);
    const check = of.createCheckStatusResponse(request, id);
    assert.equal((await fetch(check.headers.get('Location'))).status, 200);
  },
});

const all = {};
let number = 0;
for (const [way, of] of Object.entries(ways)) {
  const letter = 'abc'[number++];
  of.own = (name) => `${name}-${letter}`;
  for (const [name, perform] of Object.entries(cases(of))) all[`${way}: ${name}`] = perform;
}
await run(all, server);
