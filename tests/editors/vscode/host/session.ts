/** The extension by its API, inside of a real extension host: what it starts, lists, shows and sends. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

import type { Api } from '../../../../editors/vscode/src/extension.ts';

/** Of the extension's own code; the time the host takes beside is not ours. */
const ACTIVATION_MS_MAX = 50;

function extension(): vscode.Extension<Api> {
  const found = vscode.extensions.getExtension<Api>('vouchsafe.vouchsafe');
  assert.ok(found, 'the extension is there');
  return found;
}

async function until<T>(what: string, ask: () => T | undefined): Promise<T> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = ask();
    if (answer !== undefined) {
      return answer;
    }
    assert.ok(Date.now() < deadline, `not in time: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function open(name: string): Promise<vscode.TextEditor> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder);
  return vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, name));
}

async function started(api: Api, recipe: string, name: string): Promise<number> {
  const { document } = await open(name);
  const argument = { recipe, uri: document.uri.toString() };
  const answer = await api.server.execute<{ task: number }>('vouchsafe.start', argument);
  return answer.task;
}

describe('the extension', () => {
  let api: Api;

  before(async () => {
    api = await extension().activate();
    await until('the server runs', () => (api.server.status.state === 'running' ? true : undefined));
  });

  it('is activated in little time', () => {
    assert.ok(api.activatedIn !== undefined, 'this host can tell the processor time of a thread');
    console.log(`activated in ${api.activatedIn.toFixed(1)} ms of processor time`);
    assert.ok(api.activatedIn <= ACTIVATION_MS_MAX, `${String(api.activatedIn)} ms`);
  });

  it('starts the server that is inside of it, of its own version', () => {
    assert.equal(api.server.path, vscode.Uri.joinPath(extension().extensionUri, 'server/vouchsafe').fsPath);
    assert.equal(api.server.version, (extension().packageJSON as { version: string }).version);
  });

  it('registers each command that it contributes', async () => {
    const contributed = (extension().packageJSON as { contributes: { commands: { command: string }[] } }).contributes;
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = contributed.commands.map((one) => one.command).filter((command) => !known.has(command));
    assert.deepEqual(missing, []);
  });

  it('opens no document by itself', () => {
    assert.deepEqual(
      // The workbench writes its own settings through a document.
      vscode.workspace.textDocuments.filter(
        ({ uri }) => uri.scheme === 'file' && !uri.path.endsWith('/User/settings.json'),
      ),
      [],
    );
  });

  it('lists a task and its changes, shows the new text, and accepts by an edit that undo takes back', async () => {
    const task = await started(api, 'tidy-names', 'names.py');
    const changes = await until('two changes', () => {
      const listed = api.store.changes.filter((change) => change.task === task);
      return listed.length === 2 ? listed : undefined;
    });
    const [first] = changes;
    assert.ok(first);
    const { document } = await open('names.py');
    const before = document.getText();

    await vscode.commands.executeCommand('vouchsafe.editor.compare', { kind: 'change', change: first });
    const shown = await until('the new text', () =>
      vscode.workspace.textDocuments.find((one) => one.uri.scheme === 'vouchsafe-review'),
    );
    assert.equal(shown.getText(), before.replace('greeting =', 'GREETING ='));
    assert.equal(document.getText(), before, 'looking changes nothing');

    await vscode.commands.executeCommand('vouchsafe.editor.accept', { kind: 'change', change: first });
    await until('the accepted line', () => (document.getText().includes('GREETING =') ? true : undefined));
    await until('one change left', () => (api.store.changes.length === 1 ? true : undefined));
    assert.equal(document.lineAt(9).text, 'farewell = "bye"', 'the other one still waits');

    const [other] = api.store.changes;
    await vscode.commands.executeCommand('vouchsafe.editor.reject', { kind: 'change', change: other });
    await until('none left', () => (api.store.changes.length === 0 ? true : undefined));
    assert.equal(document.lineAt(9).text, 'farewell = "bye"');

    await open('names.py');
    await vscode.commands.executeCommand('undo');
    await until('the old text', () => (document.getText() === before ? true : undefined));
  });

  it('ends a running task', async () => {
    const task = await started(api, 'slow', 'names.py');
    const listed = () => api.store.tasks.find((one) => one.task === task);
    await until('it runs', () => (listed()?.phase === 'running' ? true : undefined));
    await vscode.commands.executeCommand('vouchsafe.editor.cancel', { kind: 'task', task: listed() });
    await until('it has ended', () => (listed()?.phase === 'ended' ? true : undefined));
  });

  it('sends the user’s settings, and none of a workspace', async () => {
    const limits = vscode.workspace.getConfiguration('vouchsafe.limits');
    assert.equal(limits.inspect('parallel_tasks')?.workspaceValue, undefined, 'the workspace file is ignored');
    await limits.update('parallel_tasks', 1, vscode.ConfigurationTarget.Global);
    const first = await started(api, 'slow', 'names.py');
    const second = await started(api, 'slow', 'names.py');
    const phase = (task: number) => api.store.tasks.find((one) => one.task === task)?.phase;
    await until('one of them waits', () =>
      phase(first) === 'running' && phase(second) === 'queued' ? true : undefined,
    );
    // One that waits is ended when its turn comes.
    for (const task of [second, first]) {
      await api.server.execute('vouchsafe.cancel', { task });
    }
    await until('both have ended', () => (phase(first) === 'ended' && phase(second) === 'ended' ? true : undefined));
    await limits.update('parallel_tasks', undefined, vscode.ConfigurationTarget.Global);
  });

  it('helps with the configuration of a project', async () => {
    const { document } = await open('.vouchsafe.toml');
    const edit = new vscode.WorkspaceEdit();
    const text = '[limits]\nmemory_mib = 1\nprocesess = 4\n[read]\ndirectories = []\n[scope]\n\n';
    edit.insert(document.uri, new vscode.Position(0, 0), text);
    await vscode.workspace.applyEdit(edit);
    const problems = await until('three problems', () => {
      const found = vscode.languages.getDiagnostics(document.uri).filter((one) => one.source === 'vouchsafe');
      return found.length >= 3 ? found.map((one) => one.message) : undefined;
    });
    assert.match(problems.join('\n'), /limits\.memory_mib must be from 64 to/);
    assert.match(problems.join('\n'), /limits\.procesess is not a key of Vouchsafe/);
    assert.match(problems.join('\n'), /read is for your own configuration, not for that of a project/);

    const offered = async (line: number, character: number): Promise<string[]> => {
      const at = new vscode.Position(line, character);
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        at,
      );
      return list.items.map((item) => (typeof item.label === 'string' ? item.label : item.label.label));
    };
    assert.ok((await offered(6, 0)).includes('paths'), 'keys of the table');
    assert.ok((await offered(0, 1)).includes('recipes'), 'tables in a header');
    assert.ok(!(await offered(0, 1)).includes('read'), 'not what is the user’s alone');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(1, 3),
    );
    const shown = hovers
      .flatMap((hover) => hover.contents)
      .map((content) => (content instanceof vscode.MarkdownString ? content.value : ''));
    assert.match(shown.join('\n'), /From 64 to/);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });
});
