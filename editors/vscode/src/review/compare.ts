/** Old and new text beside each other: of one change, of a file, of a whole task, and the three texts of a conflict. */
import * as vscode from 'vscode';

import { counted, type Change, type Pick } from '../protocol';
import { fileOf, textUri } from './texts';
import type { Store } from './store';

/** Leaves the text as it is and takes the change out of the review. */
export type Keep = (pick: Pick) => Promise<void>;

/** All open changes of a task, file by file, in one editor. */
export async function compareTask(store: Store, task: number): Promise<boolean> {
  const changes = store.changes.filter((change) => change.task === task);
  const [first] = changes;
  if (first === undefined) {
    void vscode.window.showInformationMessage(`Vouchsafe: no change of task ${String(task)} waits.`);
    return false;
  }
  const files = new Map<string, Change>();
  for (const change of changes) {
    const name = fileOf(change).toString();
    if (!files.has(name) || change.state === 'pending') {
      files.set(name, change);
    }
  }
  const title = `Vouchsafe task ${String(task)}: ${first.title} (${counted(changes.length, 'change')})`;
  await vscode.commands.executeCommand('vscode.changes', title, [...files.values()].map(sides));
  return true;
}

/** Label, old and new document of a file; what does not exist is left out. */
function sides(change: Change): [vscode.Uri, vscode.Uri | undefined, vscode.Uri | undefined] {
  const file = fileOf(change);
  switch (change.kind) {
    case 'create':
      return [file, undefined, textUri(change, 'theirs')];
    case 'delete':
      return [file, file, undefined];
    default:
      return [file, file, textUri(change, 'theirs')];
  }
}

/** One change beside the text it replaces; of a conflict all three texts. */
export async function compareChange(change: Change, keep: Keep): Promise<void> {
  if (change.state === 'conflict') {
    await compareConflict(change, keep);
    return;
  }
  const title = `${change.path}: ${change.what} (task ${String(change.task)})`;
  const after = textUri(change, 'theirs', change.hunk);
  const before = change.kind === 'create' ? textUri(change, 'base', change.hunk) : fileOf(change);
  await vscode.commands.executeCommand('vscode.diff', before, after, title, {
    preview: true,
    selection: new vscode.Range(change.start_line, 0, change.start_line, 0),
  });
}

/**
 * The three texts of a conflict in the merge editor, whose result is the file itself. The command that opens it is
 * the one that VS Code's own Git support uses; there is no public one. Where it fails, two texts are compared.
 */
async function compareConflict(change: Change, keep: Keep): Promise<void> {
  const file = fileOf(change);
  const theirs = textUri(change, 'theirs', change.hunk);
  const description = `task ${String(change.task)}`;
  try {
    await vscode.workspace.openTextDocument(file);
    await vscode.commands.executeCommand('_open.mergeEditor', {
      base: textUri(change, 'base', change.hunk),
      input1: { uri: textUri(change, 'mine', change.hunk), title: 'Yours', description: 'what you wrote' },
      input2: { uri: theirs, title: 'Theirs', description },
      output: file,
    });
  } catch {
    await vscode.commands.executeCommand('vscode.diff', file, theirs, `${change.path}: yours and theirs`);
  }
  await settle(change, keep);
}

/** The merge editor cannot say when it is done, so the user does. */
async function settle(change: Change, keep: Keep): Promise<void> {
  const done = 'The Conflict Is Settled';
  const sentence = `Vouchsafe: the result is ${change.path} itself. When it is as you want it, the change is settled.`;
  if ((await vscode.window.showInformationMessage(sentence, done)) === done) {
    await keep({ task: change.task, hunk: change.hunk });
  }
}
