/** No server, one that does not start, one that ends at once, and a folder that is not trusted. */
import assert from 'node:assert/strict';
import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Project } from '../project.ts';
import { Workbench, type Options } from '../workbench.ts';
import type { Window } from '../window.ts';

async function within(options: Options, name: string, play: (window: Window, workbench: Workbench) => Promise<void>): Promise<void> {
  const workbench = await Workbench.start(options);
  try {
    const project = new Project(workbench.directory);
    const window = await (await workbench.open(project.folder)).load();
    await window.seen(name, () => play(window, workbench));
  } finally {
    await workbench.stop();
  }
}

/** The installed extension below the directory of extensions. */
function installed(extensions: string): string {
  const [name] = readdirSync(extensions).filter((entry) => entry.startsWith('vouchsafe.vouchsafe'));
  assert.ok(name, 'the extension is installed');
  return join(extensions, name);
}

test('without a server it says so, and what to do; put in place, it is found', async () => {
  let place = '';
  const prepare = (extensions: string): void => {
    place = join(installed(extensions), 'server/vouchsafe');
    rmSync(place);
  };
  await within({ prepare }, 'missing', async (window) => {
    const said = window.notification(/The program "vouchsafe" is neither in this extension nor in your PATH/);
    await said.waitFor();
    await window.showView();
    await window.page.getByText('The program vouchsafe was not found.').waitFor();
    await window.screenshot('trouble-1-missing');
    await said.getByRole('button', { name: 'How to get it' }).click();
    await window.page.getByText('Get started with Vouchsafe').first().waitFor();
    await window.page.getByText('See what is enforced').first().waitFor();
    await window.screenshot('trouble-2-walkthrough');
    writeFileSync(place, '#!/bin/sh\nexit 3\n');
    chmodSync(place, 0o755);
    await window.command('Vouchsafe: Restart Server');
    const failed = window.notification(/does not start: exit code 3/);
    await failed.waitFor();
    await window.status(/^Vouchsafe does not run/).waitFor();
    // One that runs, but serves nobody.
    writeFileSync(place, '#!/bin/sh\n[ "$1" = --version ] || exit 4\n');
    await failed.getByRole('button', { name: 'Start it again' }).click();
    await window.notification(/The server ended again and again/).waitFor();
    await window.status(/^Vouchsafe does not run/).waitFor();
    await window.screenshot('trouble-3-stopped');
  });
});

test('in a folder that is not trusted nothing starts; with trust it does', async () => {
  await within({ trust: true }, 'untrusted', async (window) => {
    const item = window.status('Vouchsafe waits until you trust this folder');
    await item.waitFor();
    await window.showView();
    await window.page.getByText('Vouchsafe starts no server and no task in a folder that you do not trust.').waitFor();
    await window.command('Vouchsafe: Explain What Is Enforced');
    await window.line('confinement').first().waitFor();
    await window.screenshot('trouble-4-untrusted');
    await item.click();
    await window.page.getByRole('button', { name: 'Trust', exact: true }).click();
    await window.ready();
    await window.file('names.py');
    await window.start('Tidy the names');
    await window.notification(/Tidy the names: 2 changes/).waitFor();
  });
});
