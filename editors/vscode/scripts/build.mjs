/**
 * Puts together what is shipped, in `target/vscode/extension` of the repository: the bundle, refused if it has grown too
 * large, and the files beside it. `npm run build`; start VS Code with `--extensionDevelopmentPath` on that directory.
 */
import { cpSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const MOST_KIB = 500;
const home = fileURLToPath(new URL('../', import.meta.url));
export const root = fileURLToPath(new URL('../../../', import.meta.url));
export const shipped = `${root}target/vscode/extension/`;

rmSync(shipped, { recursive: true, force: true });
mkdirSync(shipped, { recursive: true });
for (const name of ['package.json', 'README.md', 'CHANGELOG.md', 'media', 'schemas']) {
  cpSync(`${home}${name}`, `${shipped}${name}`, { recursive: true });
}
for (const licence of ['LICENSE-MIT', 'LICENSE-APACHE']) {
  cpSync(`${root}${licence}`, `${shipped}${licence}`);
}
const settings = {
  absWorkingDir: home,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode'],
  legalComments: 'none',
};
/** The client library stays a file of its own. */
const apart = {
  name: 'apart',
  setup: (step) => {
    step.onResolve({ filter: /^\.\/client$/ }, () => ({ path: './client.js', external: true }));
  },
};
await build({
  ...settings,
  entryPoints: ['src/extension.ts'],
  outfile: `${shipped}dist/extension.js`,
  plugins: [apart],
  // Else it is imported as a module of the language, which does not find the names of a bundle.
  supported: { 'dynamic-import': false },
  // For the test of how long activation takes; src/extension.ts has the other end.
  banner: { js: '{const t=process.threadCpuUsage?.();globalThis.vouchsafeLoadedAt=t&&t.user+t.system}' },
});
await build({ ...settings, entryPoints: ['src/server/client.ts'], outfile: `${shipped}dist/client.js` });

const kib = ['extension', 'client'].map((name) => Math.ceil(statSync(`${shipped}dist/${name}.js`).size / 1024));
console.log(`dist/extension.js: ${kib[0]} KiB, dist/client.js: ${kib[1]} KiB`);
if (kib[0] + kib[1] > MOST_KIB) {
  console.error(`both bundles together may have ${MOST_KIB} KiB`);
  process.exit(1);
}
