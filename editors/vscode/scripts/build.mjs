/** Bundles the extension into one file, and refuses a bundle that has grown too large. */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const MOST_KIB = 500;
const home = fileURLToPath(new URL('../', import.meta.url));
const outfile = `${home}dist/extension.js`;

await build({
  absWorkingDir: home,
  entryPoints: ['src/extension.ts'],
  outfile,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
  banner: { js: 'globalThis.vouchsafeLoadedAt=performance.now();' },
  legalComments: 'none',
});

const kib = Math.ceil(statSync(outfile).size / 1024);
console.log(`dist/extension.js: ${kib} KiB`);
if (kib > MOST_KIB) {
  console.error(`the bundle may have ${MOST_KIB} KiB`);
  process.exit(1);
}
