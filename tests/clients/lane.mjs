// Runs one test of this folder, once npm has brought what it needs: node lane.mjs TEST.mjs ARGUMENTS, or
// without a test to bring it only. Where npm cannot, for want of a network say, the test says that it was
// skipped; in continuous integration (CI is set) that is a failure.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const [test] = process.argv.splice(2, 1);
const lock = readFileSync('package-lock.json', 'utf8');
const is = () => existsSync('installed') && readFileSync('installed', 'utf8') === lock;

if (test === undefined && !is()) {
  // No script of theirs runs: none of them is needed, and one would report home.
  const given = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
  const npm = spawnSync('npm', given, { encoding: 'utf8' });
  if (npm.status === 0) writeFileSync('installed', lock);
  else console.log(`npm ${given.join(' ')}\n${npm.stdout}${npm.stderr}`);
}

if (is()) {
  if (test !== undefined) await import(`./${test}`);
} else {
  console.log('SKIPPED: npm could not install what package-lock.json names');
  process.exit(process.env.CI ? 1 : 0);
}
