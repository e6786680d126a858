// Clients that two generators make of /openapi.json, compiled in strict mode and run against the server
// whose document it is: node generated_test.mjs PROGRAM.

import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { run, serve } from './served.mjs';

const server = await serve(process.argv[2]);
const execute = async (name, ...given) => {
  try {
    await promisify(execFile)(`node_modules/.bin/${name}`, given);
  } catch (failed) {
    throw new Error(`${name} ${given.join(' ')}\n${failed.stdout}${failed.stderr}`);
  }
};
let clients;

await run(
  {
    async 'both generators take the document'() {
      rmSync('generated', { recursive: true, force: true });
      rmSync('compiled', { recursive: true, force: true });
      mkdirSync('compiled');
      writeFileSync('compiled/package.json', '{"type":"commonjs"}');
      const document = await (await fetch(`${server.url}/openapi.json`)).text();
      writeFileSync('openapi.json', document);
      await execute('openapi-typescript', 'openapi.json', '-o', 'generated/openapi_typescript.d.ts');
      await execute('openapi-ts', '-i', 'openapi.json', '-o', 'generated/hey_api');
    },
    async 'what they made compiles in strict mode'() {
      await execute('tsc', '-p', 'tsconfig.json');
      clients = createRequire(import.meta.url);
    },
    async 'openapi-typescript with openapi-fetch'() {
      await clients('./compiled/openapi_typescript_client.js').openapiTypescript(server.url);
    },
    async '@hey-api/openapi-ts'() {
      await clients('./compiled/hey_api_client.js').heyApi(server.url);
    },
  },
  server,
);
