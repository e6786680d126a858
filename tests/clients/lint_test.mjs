// Linters over /openapi.json, no word from either: node lint_test.mjs PROGRAM. Spectral with all rules of
// its OpenAPI set that are recommended, Redocly with its recommended set.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { run, serve } from './served.mjs';

const server = await serve(process.argv[2]);
const document = await (await fetch(`${server.url}/openapi.json`)).text();
// Its own file: other tests of this folder run at the same time.
writeFileSync('linted.json', document);

await run(
  {
    async 'Spectral has nothing to say'() {
      writeFileSync('ruleset.json', '{"extends":["spectral:oas"]}');
      const given = ['lint', 'linted.json', '-r', 'ruleset.json', '--fail-severity', 'hint'];
      try {
        const { stdout } = await promisify(execFile)('node_modules/.bin/spectral', given);
        assert.match(stdout, /No results/);
      } catch (failed) {
        throw new Error(failed.stdout || failed.message);
      }
    },
    async 'Redocly has nothing to say'() {
      const config = await createConfig({ extends: ['recommended'] });
      const found = await lintFromString({ source: document, absoluteRef: 'openapi.json', config });
      const told = found.map((one) => `${one.severity} ${one.ruleId}: ${one.message} at ` +
        one.location.map((place) => place.pointer).join(', '));
      assert.equal(told.join('\n'), '');
    },
  },
  server,
);
