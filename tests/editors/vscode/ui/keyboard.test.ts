/** With the keyboard only, in a dark theme, by what a screen reader is told: the tree, a file, the marks of made lines. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Project } from '../project.ts';
import { until, Workbench } from '../workbench.ts';

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.start({ settings: { 'workbench.colorTheme': 'Default Dark Modern' } });
});

after(async () => {
  await workbench.stop();
});

test('changes are reached, decided and explained without a mouse', async () => {
  const project = new Project(workbench.directory);
  const window = await (await workbench.open(project.folder)).load();
  await window.seen('keyboard', async () => {
    await window.ready();
    await window.file('names.py');
    await window.command('Vouchsafe: New Task');
    await window.quickPick('Tidy the names').waitFor();
    await window.page.keyboard.type('Tidy');
    await window.focused(window.quickPick('Tidy the names'));
    await window.press('Enter');
    await window.status('Vouchsafe: 2 changes to review').waitFor();

    await window.showView();
    const task = window.row(/^Task 1, Tidy the names, 2 waiting/);
    await task.waitFor();
    // A view that is shown for the first time has no rows yet to which the keyboard could go.
    await window.showView();
    await window.page.locator('.sidebar .monaco-list:focus').waitFor();
    await window.press('Home');
    await window.press('ArrowDown');
    await window.press('ArrowDown');
    const change = window.row('changes this line, line 3, waits');
    await window.focused(change);
    await window.screenshot('keyboard-1-tree');
    await window.press('Enter');
    await window.status(/^Vouchsafe: change 1 of 2 at the cursor/).waitFor();
    await window.press('Alt+y');
    await window.status('Vouchsafe: 1 change to review').waitFor();
    await change.waitFor({ state: 'detached' });
    await window.line('GREETING = "hello"').waitFor();
    await window.command('Vouchsafe: Show or Hide Lines Made by Tasks');
    await until('the mark', async () => ((await window.behindLines()).includes('task 1: sed') ? true : undefined));
    await window.screenshot('keyboard-2-made-lines');
    await window.command('Vouchsafe: Show or Hide Lines Made by Tasks');
    await until('no mark', async () => ((await window.behindLines()).includes('task 1') ? undefined : true));
    assert.equal(await window.unnamed(), 0, 'each button of ours has a name');
  });
});
