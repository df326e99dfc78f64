/** The projects that the tests open. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const RECIPES = `[recipes.tidy-names]
title = "Tidy the names"
run = ["sed -i -e 's/^greeting/GREETING/' -e 's/^farewell/FAREWELL/' names.py", "echo renamed two names"]

[recipes.slow]
title = "Wait for ever"
run = ["echo started; while true; do sleep 0.1; done"]

[recipes.add-file]
title = "Add a file"
run = ["echo 'made by a task' > made.txt"]
`;

const NAMES = `"""Names in use."""

greeting = "hello"


def greet(name):
    return f"{greeting} {name}"


farewell = "bye"
`;

export class Project {
  readonly folder: string;

  /** A fresh project below a directory. */
  constructor(below: string, files: Record<string, string> = {}) {
    this.folder = mkdtempSync(join(below, 'project-'));
    for (const [name, text] of Object.entries({ '.vouchsafe.toml': RECIPES, 'names.py': NAMES, ...files })) {
      this.write(name, text);
    }
  }

  write(name: string, text: string): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }
}
