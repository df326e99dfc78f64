/** Finding the program, and how long to wait before it is started again. */
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

import { findServer, PROGRAM } from '../../../../editors/vscode/src/server/discovery.ts';
import { Restarts } from '../../../../editors/vscode/src/server/restarts.ts';

const directory = mkdtempSync(join(tmpdir(), 'vouchsafe-discovery-'));
after(() => {
  rmSync(directory, { recursive: true });
});

function program(below: string, mode = 0o755): string {
  const path = join(directory, below, PROGRAM);
  mkdirSync(join(directory, below), { recursive: true });
  writeFileSync(path, '');
  chmodSync(path, mode);
  return path;
}

const set = program('set');
const bundled = program('with/server');
const inPath = program('path');
program('plain', 0o644);

const places = (setting: string, extension: string, path: string) => ({
  setting,
  extension: join(directory, extension),
  path: ['', 'relative', join(directory, 'nowhere'), join(directory, path)].join(':'),
});

test('the setting comes first, then the extension, then PATH', async () => {
  assert.deepEqual(await findServer(places(set, 'with', 'path')), { kind: 'found', path: set, from: 'setting' });
  assert.deepEqual(await findServer(places(' ', 'with', 'path')), { kind: 'found', path: bundled, from: 'extension' });
  assert.deepEqual(await findServer(places('', 'without', 'path')), { kind: 'found', path: inPath, from: 'PATH' });
});

test('a file that cannot be run is not a program', async () => {
  assert.equal((await findServer(places('', 'without', 'plain'))).kind, 'missing');
});

test('a setting that leads nowhere is an error, not another program', async () => {
  const found = await findServer(places(join(directory, 'nowhere'), 'with', 'path'));
  assert.equal(found.kind, 'missing');
  assert.match(found.kind === 'missing' ? found.why : '', /vouchsafe\.server\.path names .*nowhere/);
  const relative = await findServer(places('bin/vouchsafe', 'with', 'path'));
  assert.match(relative.kind === 'missing' ? relative.why : '', /must be a full path/);
});

test('each wait is longer, until there is none', () => {
  const restarts = new Restarts();
  restarts.started(0);
  const waits = Array.from({ length: 7 }, () => restarts.ended(10));
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, undefined, undefined]);
  restarts.reset();
  assert.equal(restarts.ended(10), 250);
});

test('one that never comes up is given up too', () => {
  const restarts = new Restarts();
  const now = Date.now();
  const waits = Array.from({ length: 6 }, (_, nth) => restarts.ended(now + nth));
  assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, undefined]);
});

test('a server that ran for a minute begins anew', () => {
  const restarts = new Restarts();
  restarts.started(0);
  restarts.ended(10);
  restarts.ended(20);
  restarts.started(100);
  assert.equal(restarts.ended(60_100), 250);
});
