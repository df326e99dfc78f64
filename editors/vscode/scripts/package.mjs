/**
 * Makes `vouchsafe.vsix` with the Linux server inside: `npm run package [-- --server PROGRAM] [--out FILE]`.
 * Without a program it builds the server first.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const home = fileURLToPath(new URL('../', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));
const { values } = parseArgs({ options: { server: { type: 'string' }, out: { type: 'string' } } });

let server = values.server;
if (server === undefined) {
  execFileSync('cargo', ['build', '--release', '--locked', '-p', 'vouchsafe'], { cwd: root, stdio: 'inherit' });
  server = `${process.env.CARGO_TARGET_DIR ?? `${root}target`}/release/vouchsafe`;
}
await import('./build.mjs');
mkdirSync(`${home}server`, { recursive: true });
copyFileSync(server, `${home}server/vouchsafe`);
chmodSync(`${home}server/vouchsafe`, 0o755);
for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) {
  copyFileSync(`${root}${licence}`, `${home}${licence}`);
}
const target = `linux-${process.arch}`;
const out = values.out ?? `${home}vouchsafe.vsix`;
const how = ['package', '--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', '--skip-license'];
execFileSync(process.execPath, [`${home}node_modules/@vscode/vsce/vsce`, ...how, '--target', target, '--out', out], {
  cwd: home,
  stdio: 'inherit',
});
