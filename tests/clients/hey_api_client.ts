// The functions that @hey-api/openapi-ts makes of our document, called. That this compiles in strict mode
// is half of the test.

import assert from 'node:assert/strict';
import {
  callCounterAdd,
  listInstances,
  purgeInstance,
  raiseDecision,
  readCounter,
  showVersion,
  startApproval,
  startHelloCities,
} from './generated/hey_api';
import { createClient } from './generated/hey_api/client';
import type { CounterCount, Instance, ProblemCode } from './generated/hey_api';

export async function heyApi(baseUrl: string): Promise<void> {
  const client = createClient({ baseUrl });

  const added = await callCounterAdd({ client, path: { key: 'hey' }, body: { amount: 3 } });
  assert.equal((added.data as CounterCount).value, 3); // that of a 202 has no type
  const read = await readCounter({ client, path: { key: 'hey' } });
  assert.equal(read.data?.value, 3);
  assert.ok((await showVersion({ client })).data?.version);

  const tour = await startHelloCities({
    client,
    query: { id: 'hey-tour' },
    headers: { Prefer: 'wait=60' },
  });
  assert.equal(tour.response.status, 200);
  assert.equal((tour.data as Instance).state, 'completed');

  await startApproval({ client, query: { id: 'hey-open' }, body: { timeoutSeconds: 3600 } });
  const some = await listInstances({
    client,
    query: { prefix: 'hey-', state: ['running', 'pending', 'completed'] },
  });
  assert.deepEqual(some.data?.instances.map((one) => one.id), ['hey-open', 'hey-tour']);

  const path = { id: 'hey-open' };
  assert.equal((await raiseDecision({ client, path, body: { approved: true } })).response.status, 204);

  const gone = await purgeInstance({ client, path: { id: 'nobody' } });
  const code: ProblemCode | undefined = gone.error?.code;
  assert.equal(code, 'not_found');
}
