/** A task in the user's own words, carried out by a scripted model; and a key that is kept where it belongs. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { scriptedModel } from '../paths.ts';
import { Project } from '../project.ts';
import { freePort, Workbench } from '../workbench.ts';

const TURNS = [
  {
    text: 'The greeting lacks its comma.',
    calls: [
      {
        name: 'edit',
        arguments: { path: 'names.py', op: 'replace', old: '{greeting} {name}', new: '{greeting}, {name}' },
      },
    ],
  },
  { text: '', calls: [{ name: 'finish', arguments: { summary: 'The greeting has a comma.' } }] },
];
const KEY = 'sk-nobody-may-read-this';

let workbench: Workbench;
let model: ChildProcess;

before(async () => {
  workbench = await Workbench.start();
  const script = join(workbench.directory, 'turns.json');
  writeFileSync(script, JSON.stringify(TURNS));
  const port = String(await freePort());
  model = spawn(scriptedModel, [script, port], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.ok(model.stdout);
  await once(model.stdout, 'data');
  const configuration = join(workbench.directory, 'config/vouchsafe');
  mkdirSync(configuration, { recursive: true });
  writeFileSync(
    join(configuration, 'config.toml'),
    `[models.profiles.local]\nformat = "chat"\nbase_url = "http://127.0.0.1:${port}/v1"\nmodel = "scripted-1"\n`,
  );
});

after(async () => {
  model.kill();
  await workbench.stop();
});

/** All files below a directory that hold a text. */
function holding(directory: string, text: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}

test('words become a task whose change is reviewed like any other', async () => {
  const project = new Project(workbench.directory);
  const window = await (await workbench.open(project.folder)).load();
  await window.seen('model', async () => {
    await window.ready();
    await window.file('names.py');
    await window.command('Vouchsafe: New Task');
    await window.quickPick('Tidy the names').waitFor();
    await window.page.keyboard.type('put a comma into the greeting');
    await window.focused(window.quickPick('Do: put a comma into the greeting'));
    await window.screenshot('model-1-words');
    await window.pick('Do: put a comma into the greeting');
    await window.status('Vouchsafe: 1 change to review').waitFor();
    await window.goToLine(7);
    await window.status(/^Vouchsafe: change 1 of 1 at the cursor/).waitFor();
    await window.hover();
    await window.page.locator('.monaco-hover:visible').getByText('The greeting lacks its comma.').first().waitFor();
    await window.screenshot('model-2-why');
    await window.press('Escape');
    await window.press('Alt+y');
    await window.line('{greeting}, {name}').waitFor();
  });
});

test('a key is asked for without showing it, and stands in no log, record or setting', async () => {
  const project = new Project(workbench.directory);
  const window = await (await workbench.open(project.folder)).load();
  await window.seen('key', async () => {
    await window.ready();
    await window.command('Vouchsafe: Set Key of a Model');
    const profile = window.page.locator('.quick-input-widget input[type="text"]').first();
    await profile.fill('local');
    await window.press('Enter');
    const key = window.page.locator('.quick-input-widget input[type="password"]').first();
    await key.fill(KEY);
    await window.press('Enter');
    await window.notification('the key of local is kept').waitFor();
    for (const place of ['data', 'state', 'config', 'cache', 'home', 'xdg']) {
      const directory = join(workbench.directory, place);
      mkdirSync(directory, { recursive: true });
      assert.deepEqual(holding(directory, KEY), [], place);
    }
  });
});
