/** Where the tools and the things under test are; `run` sets it, a developer may. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

function needed(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`${name} is not set: start the tests with tests/run vscode`);
  }
  return value;
}

export const repository = fileURLToPath(new URL('../../../', import.meta.url));
export const extension = `${repository}editors/vscode/`;
/** The node_modules of code-server. */
export const codeServer = `${needed('VOUCHSAFE_TEST_CODE_SERVER')}/node_modules/code-server/out/node/entry.js`;
export const chromium = needed('VOUCHSAFE_TEST_CHROMIUM');
/** A directory with the extension as it was installed from its `.vsix`. */
export const installed = needed('VOUCHSAFE_TEST_EXTENSIONS');
export const scriptedModel = needed('VOUCHSAFE_TEST_SCRIPTED_MODEL');
/** Where screenshots stay. */
export const artefacts = `${repository}target/vscode/`;

/** Packages of the extension's toolchain. */
export const require = createRequire(`${extension}package.json`);
