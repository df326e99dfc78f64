/** From a fresh profile: start a recipe, review, accept one change, reject one, ask why, undo. By palette and keys only. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { Project } from '../project.ts';
import { Workbench } from '../workbench.ts';

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.start();
});

after(async () => {
  await workbench.stop();
});

test('a recipe is started, reviewed, accepted, rejected, explained and undone', async () => {
  const project = new Project(workbench.directory);
  const untouched = project.read('names.py');
  const window = await (await workbench.open(project.folder)).load();
  await window.seen('review', async () => {
    await window.ready();
    await window.file('names.py');
    await window.command('Vouchsafe: New Task');
    await window.quickPick('Tidy the names').waitFor();
    await window.screenshot('review-1-new-task');
    await window.pick('Tidy the names');
    const question = window.notification('Vouchsafe task 1: Tidy the names: 2 changes in 1 file');
    await question.waitFor();
    await window.screenshot('review-2-ended');

    await question.getByRole('button', { name: 'Review' }).click();
    await window.tab(/Vouchsafe task 1: Tidy the names \(2 changes\)/).waitFor();
    await window.changed('FAREWELL').waitFor();
    await window.showView();
    await window.row(/^Task 1, Tidy the names, 2 waiting/).waitFor();
    await window.row(/^changes this line, line 10, waits/).waitFor();
    await window.screenshot('review-3-all-files');
    assert.equal(project.read('names.py'), untouched, 'nothing is written by starting and looking');

    await window.file('names.py');
    // In the diff editor the cursor was at the first change as well.
    await window.status('Vouchsafe: 2 changes to review').waitFor();
    await window.goToLine(3);
    await window.status(/^Vouchsafe: change 1 of 2 at the cursor/).waitFor();
    await window.press('Alt+d');
    await window.tab(/names.py: changes this line \(task 1\)/).waitFor();
    await window.changed('GREETING').waitFor();
    await window.screenshot('review-4-one-change');
    await window.press('Control+w');

    await window.status(/^Vouchsafe: change 1 of 2 at the cursor/).waitFor();
    await window.press('Alt+y');
    await window.line('GREETING = "hello"').waitFor();
    await window.status('Vouchsafe: 1 change to review').waitFor();
    await window.press('Alt+j');
    await window.status(/^Vouchsafe: change 1 of 1 at the cursor/).waitFor();
    await window.press('Alt+n');
    await window.status('Vouchsafe: new task').waitFor();
    await window.line('farewell = "bye"').waitFor();
    assert.equal(project.read('names.py'), untouched, 'accepting is an edit of the editor, not of the disk');

    await window.goToLine(3);
    await window.hover();
    const record = window.page.locator('.monaco-hover:visible a', { hasText: 'record' }).first();
    await record.waitFor();
    await window.screenshot('review-5-why');
    await record.click();
    await window.tab(/record\.md/).waitFor();
    await window.preview('renamed two names').waitFor();
    await window.screenshot('review-6-record');

    await window.file('names.py');
    await window.press('Control+z');
    await window.line('greeting = "hello"').waitFor();
    await window.status('Vouchsafe: change 1 of 1 at the cursor: changes this line').waitFor();
    await window.screenshot('review-7-undone');
  });
});
