/** *New task…*: what the server offers at the cursor, to choose from. */
import * as vscode from 'vscode';
import type { CodeAction, CodeActionParams, Command } from 'vscode-languageclient/node';

import type { Server } from '../server/server';
import { told } from '../told';

/** `CodeActionTriggerKind.Invoked`; the client's code is not loaded for a number. */
const INVOKED = 1;
const KINDS = ['refactor.rewrite.vouchsafe', 'source.vouchsafe'];

interface Offer extends vscode.QuickPickItem {
  readonly argument: object;
}

export async function newTask(server: Server): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme !== 'file') {
    void vscode.window.showInformationMessage('Vouchsafe: open a file of the project first; a task starts at a place.');
    return;
  }
  const offers = await told(offered(server, editor));
  if (offers === undefined) {
    return;
  }
  if (offers.length === 0) {
    void vscode.window.showInformationMessage('Vouchsafe: no task fits this file.');
    return;
  }
  const chosen = await vscode.window.showQuickPick(offers, { title: 'Vouchsafe: New task', matchOnDescription: true });
  if (chosen !== undefined) {
    await told(server.execute('vouchsafe.start', chosen.argument));
  }
}

async function offered(server: Server, editor: vscode.TextEditor): Promise<Offer[]> {
  const client = server.running;
  if (client === undefined) {
    throw new Error('Vouchsafe is not running.');
  }
  const asked: CodeActionParams = {
    textDocument: { uri: editor.document.uri.toString() },
    range: client.code2ProtocolConverter.asRange(editor.selection),
    context: { diagnostics: [], only: KINDS, triggerKind: INVOKED },
  };
  const actions = await client.sendRequest<(CodeAction | Command)[] | null>('textDocument/codeAction', asked);
  const offers: Offer[] = [];
  for (const action of actions ?? []) {
    const command = isAction(action) ? action.command : action;
    const argument: unknown = command?.arguments?.[0];
    if (command?.command === 'vouchsafe.start' && typeof argument === 'object' && argument !== null) {
      const scope = isAction(action) && action.kind?.startsWith('source') === true ? 'workspace' : 'this file';
      offers.push({ label: action.title.replace(/^Vouchsafe: /, ''), description: scope, argument });
    }
  }
  return offers;
}

function isAction(action: CodeAction | Command): action is CodeAction {
  return typeof action.command !== 'string';
}
