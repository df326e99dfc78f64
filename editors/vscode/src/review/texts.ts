/**
 * Documents that cannot be written: a file as it would be with changes of a task accepted.
 *
 * Invariants
 * - Made from the file's present text, unsaved edits included, each time it is asked for.
 * - Nothing is kept and nothing is written.
 */
import * as vscode from 'vscode';

import type { Change, Pick } from '../protocol';
import { linesOf, withChanges, type Side } from './lines';

/** Not `vouchsafe`, which is the server's own. */
export const SCHEME = 'vouchsafe-review';

interface Named extends Pick {
  readonly file: string;
  readonly side: Side;
}

/** What is listed, and when it changes. */
interface Listed {
  readonly changes: readonly Change[];
  readonly onDidChange: vscode.Event<void>;
}

export class Texts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registered: vscode.Disposable;
  private readonly following: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor(private readonly store: Listed) {
    this.registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
    this.following = store.onDidChange(() => {
      this.refresh();
    });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const named = JSON.parse(uri.query) as Named;
    const changes = changesIn(this.store.changes, named);
    const whole = changes.find((change) => change.kind !== 'text');
    if (whole !== undefined) {
      return (named.side === 'base' ? whole.old : whole.new) ?? '';
    }
    return withChanges(await textOf(vscode.Uri.parse(named.file)), changes, named.side);
  }

  dispose(): void {
    this.registered.dispose();
    this.following.dispose();
    this.changed.dispose();
  }

  private refresh(): void {
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.scheme === SCHEME) {
        this.changed.fire(document.uri);
      }
    }
  }
}

function changesIn(changes: readonly Change[], named: Named): Change[] {
  return changes.filter(
    (change) =>
      change.task === named.task &&
      change.uri === named.uri &&
      fileOf(change).toString() === named.file &&
      (named.hunk === undefined ? change.state === 'pending' : change.hunk === named.hunk),
  );
}

/** A change and where it stands in a document: zero-based, half open. */
export interface Placed {
  readonly change: Change;
  readonly start: number;
  readonly end: number;
}

/** The open changes that a document shows: the file itself, or one of the texts above. */
export function placedIn(changes: readonly Change[], document: vscode.Uri): Placed[] {
  if (document.scheme !== SCHEME) {
    const name = document.toString();
    const here = changes.filter((change) => vscode.Uri.parse(change.uri).toString() === name);
    return here.map((change) => ({ change, start: change.start_line, end: change.end_line }));
  }
  const named = JSON.parse(document.query) as Named;
  let moved = 0;
  return changesIn(changes, named).map((change) => {
    const start = change.start_line + moved;
    const old = change.end_line - change.start_line;
    const made = named.side === 'theirs' ? linesOf(change.new ?? '').length : old;
    moved += made - old;
    return { change, start, end: start + made };
  });
}

/** The name of such a document. Its path is the file's, so that the editor knows the language. */
export function textUri(change: Change, side: Side, hunk?: number): vscode.Uri {
  const file = fileOf(change);
  const named: Named = { task: change.task, uri: change.uri, file: file.toString(), side, ...(hunk === undefined ? {} : { hunk }) };
  return vscode.Uri.from({ scheme: SCHEME, path: file.path, query: JSON.stringify(named) });
}

/** The file a change is about, which is not the document it is shown in if it does not exist yet. */
export function fileOf(change: Change): vscode.Uri {
  const shown = vscode.Uri.parse(change.uri);
  const folder = vscode.workspace.getWorkspaceFolder(shown);
  return folder === undefined || change.kind === 'text' ? shown : vscode.Uri.joinPath(folder.uri, change.path);
}

async function textOf(file: vscode.Uri): Promise<string> {
  const name = file.toString();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === name);
  if (open !== undefined) {
    return open.getText();
  }
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
}
