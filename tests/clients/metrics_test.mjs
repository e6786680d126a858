// Prometheus' own check of /metrics, after some work: node metrics_test.mjs PROGRAM PROMTOOL.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { run, serve } from './served.mjs';

const server = await serve(process.argv[2]);
const json = { 'Content-Type': 'application/json' };
const post = (path, body) =>
  fetch(server.url + path, { method: 'POST', headers: json, body: JSON.stringify(body) });

await run(
  {
    async 'promtool finds nothing in /metrics'() {
      await post('/v1/actors/counter/m/add', { amount: 1 });
      await post('/v1/orchestrations/hello_cities?id=m', null);
      await post('/v1/actors/stock/m/take', { quantity: 1 });
      await fetch(`${server.url}/nothing`);
      await fetch(`${server.url}/v1/instances/m`, { headers: { Prefer: 'wait=60' } });
      const input = await (await fetch(`${server.url}/metrics`)).text();
      assert.match(input, /^reprise_/m);
      const checked = spawnSync(process.argv[3], ['check', 'metrics'], { input, encoding: 'utf8' });
      assert.equal(checked.error, undefined);
      assert.equal(checked.stdout + checked.stderr, '');
      assert.equal(checked.status, 0);
    },
  },
  server,
);
