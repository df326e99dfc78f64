/** From change to change, through all files, in the order of their lines, around the end. */
import * as vscode from 'vscode';

import type { Change } from '../protocol';
import type { Store } from './store';

export async function goTo(change: Change): Promise<void> {
  const uri = vscode.Uri.parse(change.uri);
  const document = await vscode.workspace.openTextDocument(uri);
  const line = Math.min(change.start_line, document.lineCount - 1);
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  editor.selection = new vscode.Selection(line, 0, line, 0);
  editor.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

export async function step(store: Store, by: 1 | -1): Promise<void> {
  const target = next(store.changes, vscode.window.activeTextEditor, by);
  if (target === undefined) {
    void vscode.window.showInformationMessage('Vouchsafe: no change waits.');
    return;
  }
  await goTo(target);
}

function next(
  changes: readonly Change[],
  editor: vscode.TextEditor | undefined,
  by: 1 | -1,
): Change | undefined {
  const forward = by === 1;
  const wrapped = forward ? changes[0] : changes.at(-1);
  if (editor === undefined) {
    return wrapped;
  }
  const name = editor.document.uri.toString();
  const line = editor.selection.active.line;
  const beyond = (change: Change): boolean => {
    const other = vscode.Uri.parse(change.uri).toString();
    if (other !== name) {
      return forward ? other > name : other < name;
    }
    const at = Math.min(change.start_line, editor.document.lineCount - 1);
    return forward ? at > line : at < line;
  };
  return (forward ? changes.find(beyond) : changes.findLast(beyond)) ?? wrapped;
}
