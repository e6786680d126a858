// A client of the types that openapi-typescript makes of our document, with openapi-fetch. That it
// compiles in strict mode is half of the test.

import assert from 'node:assert/strict';
import createClient from 'openapi-fetch';
import type { components, paths } from './generated/openapi_typescript';

type Instance = components['schemas']['Instance'];

export async function openapiTypescript(baseUrl: string): Promise<void> {
  const { GET, POST, DELETE } = createClient<paths>({ baseUrl });
  const counter = { params: { path: { key: 'ts' } } };

  const added = await POST('/v1/actors/counter/{key}/add', { ...counter, body: { amount: 2 } });
  const value: components['schemas']['Int64'] = added.data!.value;
  assert.equal(value, 2);

  const read = await GET('/v1/actors/counter/{key}', counter);
  assert.equal(read.data?.value, 2);

  const listed = await GET('/v1/actors/counter', { params: { query: { prefix: 'ts', limit: 1 } } });
  assert.deepEqual(listed.data?.actors.map((one) => [one.key, one.state?.value]), [['ts', 2]]);

  const refused = await POST('/v1/actors/stock/{key}/reserve', {
    params: { path: { key: 'ts' }, header: { 'Idempotency-Key': 'k' } },
    body: { quantity: 1 },
  });
  assert.equal(refused.response.status, 409);
  const code: components['schemas']['ProblemCode'] = refused.error!.code;
  assert.equal(code, 'rejected');

  const tour = await POST('/v1/orchestrations/hello_cities', {
    params: { query: { id: 'ts-tour' }, header: { Prefer: 'wait=60' } },
  });
  assert.equal(tour.response.status, 200);
  const ended = tour.data as Instance & { output?: string[] };
  assert.equal(ended.output?.length, 5);

  await POST('/v1/orchestrations/approval', {
    params: { query: { id: 'ts-open' } },
    body: { timeoutSeconds: 3600 },
  });
  const some = await GET('/v1/instances', {
    params: { query: { prefix: 'ts-', state: ['running', 'pending', 'completed'] } },
  });
  assert.deepEqual(some.data?.instances.map((one) => one.id), ['ts-open', 'ts-tour']);

  const decided = await POST('/v1/instances/{id}/events/decision', {
    params: { path: { id: 'ts-open' } },
    body: { approved: true },
  });
  assert.equal(decided.response.status, 204);

  const gone = await DELETE('/v1/instances/{id}', { params: { path: { id: 'nobody' } } });
  assert.equal(gone.error?.code, 'not_found');
}
