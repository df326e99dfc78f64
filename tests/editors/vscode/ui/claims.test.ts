/** What a task says about its work: shown by verdict, checked again by a quick fix, dismissed. */
import { after, before, test } from 'node:test';

import { Project } from '../project.ts';
import { Workbench } from '../workbench.ts';

const FILES = {
  'slug.py': 'def slugify(s):\n    return s.lower()\n',
  'test_slug.py': `import unittest
from slug import slugify

class Slug(unittest.TestCase):
    def test_spaces(self):
        self.assertEqual(slugify("A b"), "a-b")
`,
  '.vouchsafe.toml': `[recipes.lines]
title = "Use lines"
run = ["sed -i 's/s.lower()/s.lower().replace(\\" \\", \\"_\\")/' slug.py"]
check = ["python3 -m unittest"]
`,
};

let workbench: Workbench;

before(async () => {
  workbench = await Workbench.start();
});

after(async () => {
  await workbench.stop();
});

test('a claim that does not hold is shown, checked again, and dismissed', async () => {
  const project = new Project(workbench.directory, FILES);
  const window = await (await workbench.open(project.folder)).load();
  await window.seen('claims', async () => {
    await window.ready();
    await window.file('slug.py');
    await window.start('Use lines');
    await window.showView();
    const claim = window.row(/^Claim: .*contradicted/);
    await claim.waitFor();
    await window.screenshot('claims-1-contradicted');

    await window.file('slug.py');
    await window.goToLine(2);
    await window.status(/at the cursor/).waitFor();
    await window.press('Control+.');
    await window.action('Check it now').click();
    await window.notification(/does not hold\. Run again/).waitFor();
    await window.row(/Run again/).waitFor();
    await window.screenshot('claims-2-checked');

    await claim.hover();
    await claim.getByRole('button', { name: /^Dismiss/ }).click();
    await claim.waitFor({ state: 'detached' });
  });
});
