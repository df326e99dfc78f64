/** Runs `host/index.ts` inside the extension host of a real workbench. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { artefacts } from '../paths.ts';
import { Project } from '../project.ts';
import { Workbench } from '../workbench.ts';

test('the tests inside the extension host pass', async (context) => {
  const workbench = await Workbench.start({ driver: true });
  try {
    const settings = JSON.stringify({ 'vouchsafe.limits.parallel_tasks': 64 });
    const project = new Project(workbench.directory, { '.vscode/settings.json': settings });
    const window = await workbench.open(project.folder, [
      ['extensionDevelopmentPath', workbench.remote(`${artefacts}extension`)],
      ['extensionTestsPath', workbench.remote(`${artefacts}host/index.js`)],
      ['skipWelcome', 'true'],
    ]);
    const { code, log } = await window.runTests();
    // The workbench logs before and after; the report of the tests begins with the name of the suite.
    const report = log.slice(Math.max(log.search(/^\s*the extension$/m), 0));
    context.diagnostic(`\n${report}`);
    assert.equal(code, 0, 'the report above says what failed');
  } finally {
    await workbench.stop();
  }
});
