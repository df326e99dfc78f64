/** New files, and a conflict with its three texts. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Project } from '../project.ts';
import { until, Workbench } from '../workbench.ts';

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.start();
});

after(async () => {
  await workbench.stop();
});

test('a new file is shown before it exists, and made when it is accepted', async () => {
  const project = new Project(workbench.directory);
  const window = await (await workbench.open(project.folder)).load();
  await window.seen('new-file', async () => {
    await window.ready();
    await window.file('names.py');
    await window.start('Add a file');
    await window.status(/^Vouchsafe: (change 1 of 1|1 change)/).waitFor();
    await window.command('Vouchsafe: Review Changes');
    await window.changed('made by a task').waitFor();
    await window.screenshot('files-1-new');
    const made = join(project.folder, 'made.txt');
    assert.ok(!existsSync(made), 'it is shown and not written');
    const row = window.row(/^made\.txt, 1 change/);
    await row.hover();
    await row.getByRole('button', { name: /^Accept/ }).click();
    await until('the file is there', () => (existsSync(made) ? true : undefined));
    await window.file('made.txt');
    await window.line('made by a task').waitFor();
  });
});

test('a conflict shows three texts, and the result is the file', async () => {
  const project = new Project(workbench.directory);
  const window = await (await workbench.open(project.folder)).load();
  await window.seen('conflict', async () => {
    await window.ready();
    await window.file('names.py');
    await window.start('Tidy the names');
    await window.status('Vouchsafe: 2 changes to review').waitFor();
    await window.goToLine(3);
    await window.page.keyboard.type('my_');
    await window.line('my_greeting = "hello"').waitFor();
    await window.status(/in conflict$/).waitFor();
    await window.showView();
    await window.row(/line 3, in conflict/).waitFor();
    await window.file('names.py');
    await window.press('Alt+d');
    await window.tab('Merging: names.py').waitFor();
    const take = window.page.locator('.codelens-decoration a, .fixed-zone-widget a, a').filter({ hasText: 'Accept Theirs' }).first();
    await take.waitFor();
    await window.screenshot('files-2-conflict');
    const settled = window.notification('the result is names.py itself');
    await settled.getByRole('button', { name: 'The Conflict Is Settled' }).click();
    await window.row(/line 3, in conflict/).waitFor({ state: 'detached' });
    await window.status('Vouchsafe: 1 change to review').waitFor();
    await window.line('my_greeting = "hello"').first().waitFor();
  });
});
