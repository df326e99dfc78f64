/** A task that runs: its step in the status bar, ending it, and a server that dies meanwhile. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
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

/** The server of this workbench. */
function serverPid(): number | undefined {
  const program = `${workbench.directory}/extensions/`;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const [command, ...words] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (command?.startsWith(program) === true && words[0] === 'serve') {
        return Number(pid);
      }
    } catch {
      // It has ended meanwhile.
    }
  }
  return undefined;
}

test('the step of a task is shown, and the task is ended from the status bar', async () => {
  const project = new Project(workbench.directory);
  const window = await (await workbench.open(project.folder)).load();
  await window.seen('running', async () => {
    await window.ready();
    await window.file('names.py');
    await window.start('Wait for ever');
    const item = window.status(/^Vouchsafe: Wait for ever: step 1 of 1: .*Click to cancel$/);
    await item.waitFor();
    await window.showView();
    await window.row(/^Task \d+, Wait for ever, step 1 of 1/).waitFor();
    await window.screenshot('running-1-step');
    await item.click();
    await window.row(/^Task \d+, Wait for ever, nothing waits/).waitFor();
    await window.status('Vouchsafe: new task').waitFor();
    await window.notification(/Wait for ever: cancelled/).waitFor();
    await window.screenshot('running-2-cancelled');
  });
});

test('a server that dies is started again, and works', async () => {
  const project = new Project(workbench.directory);
  const window = await (await workbench.open(project.folder)).load();
  await window.seen('crash', async () => {
    await window.ready();
    await window.file('names.py');
    const first = await until('the server runs', serverPid);
    process.kill(first, 'SIGKILL');
    const second = await until('another server runs', () => {
      const pid = serverPid();
      return pid === first ? undefined : pid;
    });
    assert.notEqual(second, first);
    await window.ready();
    await window.start('Tidy the names');
    await window.notification(/Tidy the names: 2 changes in 1 file/).waitFor();
    await window.status('Vouchsafe: 2 changes to review').waitFor();
  });
});
