/**
 * *New task…*: what the server offers at the cursor, to choose from; and, where it has a model, whatever the user writes.
 *
 * Invariant: nothing is offered that the server does not offer: a free text only if the server takes tasks for a model.
 */
import * as vscode from 'vscode';
import type { CodeAction, CodeActionParams, Command, LanguageClient } from 'vscode-languageclient/node';

import type { ServerCommand } from '../protocol';
import type { Server } from '../server/server';
import { told } from '../told';

/** `CodeActionTriggerKind.Invoked`; the client's code is not loaded for a number. */
const INVOKED = 1;
const KINDS = ['quickfix', 'refactor.rewrite.vouchsafe', 'source.vouchsafe'];
const COMMANDS: readonly string[] = ['vouchsafe.start', 'vouchsafe.setUpModel'] satisfies ServerCommand[];

interface Offer extends vscode.QuickPickItem {
  readonly run: () => Promise<unknown>;
}

/** Where a task starts. */
interface Place {
  readonly uri: string;
  readonly range: CodeActionParams['range'];
  readonly diagnostics: CodeActionParams['context']['diagnostics'];
}

export async function newTask(server: Server): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const client = server.running;
  if (editor?.document.uri.scheme !== 'file' || client === undefined) {
    const reason =
      client === undefined ? 'it is not running' : 'open a file of the project first; a task starts at a place';
    void vscode.window.showInformationMessage(`Vouchsafe: ${reason}.`);
    return;
  }
  const place = await placeOf(client, editor);
  const offers = await told(offered(server, client, place));
  if (offers === undefined) {
    return;
  }
  const takesWords = server.knows('vouchsafe.followUp');
  if (offers.length === 0 && !takesWords) {
    void vscode.window.showInformationMessage('Vouchsafe: no task fits this file.');
    return;
  }
  const chosen = await choose(offers, takesWords ? (words) => ownWords(server, place, words) : undefined);
  await (chosen && told(chosen.run()));
}

async function placeOf(client: LanguageClient, editor: vscode.TextEditor): Promise<Place> {
  const { document, selection } = editor;
  const others = vscode.languages
    .getDiagnostics(document.uri)
    .filter((found) => found.source !== 'vouchsafe' && found.range.intersection(selection) !== undefined);
  return {
    uri: document.uri.toString(),
    range: client.code2ProtocolConverter.asRange(selection),
    diagnostics: await client.code2ProtocolConverter.asDiagnostics(others),
  };
}

async function offered(server: Server, client: LanguageClient, place: Place): Promise<Offer[]> {
  const asked: CodeActionParams = {
    textDocument: { uri: place.uri },
    range: place.range,
    context: { diagnostics: place.diagnostics, only: KINDS, triggerKind: INVOKED },
  };
  const actions = await client.sendRequest<(CodeAction | Command)[] | null>('textDocument/codeAction', asked);
  const offers: Offer[] = [];
  for (const action of actions ?? []) {
    const command = isAction(action) ? action.command : action;
    const argument: unknown = command?.arguments?.[0] ?? {};
    if (
      command !== undefined &&
      COMMANDS.includes(command.command) &&
      typeof argument === 'object' &&
      argument !== null
    ) {
      const scope = isAction(action) && action.kind?.startsWith('source') === true ? 'workspace' : 'this place';
      const run = (): Promise<unknown> => server.execute(command.command as ServerCommand, argument);
      offers.push({ label: action.title.replace(/^Vouchsafe: /, ''), description: scope, run });
    }
  }
  return offers;
}

function isAction(action: CodeAction | Command): action is CodeAction {
  return typeof action.command !== 'string';
}

/**
 * What can be made of the user's own words: a task; and first a question, if they look like one. The words do not stand
 * first, or the editor would sort them before an offer that begins with them.
 */
function ownWords(server: Server, place: Place, words: string): Offer[] {
  const offer = (label: string, description: string, kind: string): Offer => ({
    label: `${label}: ${words}`,
    description,
    alwaysShow: true,
    run: () => server.execute('vouchsafe.start', { kind, prompt: words, ...place }),
  });
  const isQuestion = words.endsWith('?');
  // The editor sorts by where the words stand: the shorter label comes first.
  const task = offer(isQuestion ? 'Or do' : 'Do', 'a task', 'custom');
  const question = offer(isQuestion ? 'Ask' : 'Or ask', 'a question', 'ask');
  return isQuestion ? [question, task] : [task, question];
}

function choose(
  offers: readonly Offer[],
  fromWords: ((words: string) => Offer[]) | undefined,
): Promise<Offer | undefined> {
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<Offer>();
    pick.title = `Vouchsafe: New task${fromWords === undefined ? '' : ' (choose one, or write what is to be done)'}`;
    pick.matchOnDescription = true;
    pick.items = offers;
    pick.onDidChangeValue((value) => {
      const words = value.trim();
      pick.items = fromWords === undefined || words === '' ? offers : [...offers, ...fromWords(words)];
    });
    pick.onDidAccept(() => {
      // The list may just be changing: then nothing is chosen, and it stays open.
      const chosen = pick.selectedItems[0] ?? pick.activeItems[0];
      if (chosen !== undefined) {
        resolve(chosen);
        pick.hide();
      }
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
