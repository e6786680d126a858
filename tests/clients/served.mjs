// A server for one test: a program of ours in an empty folder, on a port that the system gives.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

// `stop` ends it and gives its exit status, or the signal that ended it.
export async function serve(program, ...options) {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-clients-'));
  const server = spawn(program, ['serve', '--port', '0', '--data', folder, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((tell) => {
    server.on('exit', (code, signal) => {
      rmSync(folder, { recursive: true, force: true });
      tell(signal ?? code);
    });
  });
  const url = await new Promise((found, lost) => {
    ended.then((how) => lost(new Error(`serve did not begin: ${how}`)));
    createInterface({ input: server.stdout }).on('line', (line) => {
      if (line.startsWith('listening on ')) found(line.slice('listening on '.length));
    });
  });
  const stop = () => {
    server.kill();
    return ended;
  };
  return { url, stop, folder };
}

// Runs each case, says what became of it, and exits: 1 if one failed.
export async function run(cases, server) {
  let failed = 0;
  for (const [name, perform] of Object.entries(cases)) {
    try {
      await perform();
      console.log(`ok: ${name}`);
    } catch (problem) {
      ++failed;
      console.log(`FAILED: ${name}`, problem);
    }
  }
  const how = await server.stop();
  if (how !== 0) {
    ++failed;
    console.log(`FAILED: the server ended with ${how}`);
  }
  console.log(`${Object.keys(cases).length} cases, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}
