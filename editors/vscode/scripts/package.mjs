/**
 * Makes `target/vscode/vouchsafe.vsix` with the Linux server inside: `npm run package [-- --server PROGRAM]`.
 * Without a program it builds the server first.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { root, shipped } from './build.mjs';

const { values } = parseArgs({ options: { server: { type: 'string' } } });
let server = values.server;
if (server === undefined) {
  execFileSync('cargo', ['build', '--release', '--locked', '-p', 'vouchsafe'], { cwd: root, stdio: 'inherit' });
  server = `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/release/vouchsafe`;
}
mkdirSync(`${shipped}server`);
copyFileSync(server, `${shipped}server/vouchsafe`);
chmodSync(`${shipped}server/vouchsafe`, 0o755);
const vsce = fileURLToPath(new URL('../node_modules/@vscode/vsce/vsce', import.meta.url));
const how = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', '--skip-license'];
const out = `${root}target/vscode/vouchsafe.vsix`;
execFileSync(process.execPath, [vsce, 'package', ...how, '--target', `linux-${process.arch}`, '--out', out], {
  cwd: shipped,
  stdio: 'inherit',
});
