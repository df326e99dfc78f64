/**
 * Whether changes wait in the active document and at the cursor: for keys, menus and the status bar.
 *
 * Invariant: keys and menus know before anybody here is told, so that what the status bar shows can be acted upon.
 */
import * as vscode from 'vscode';

import type { Change } from '../protocol';
import type { Store } from './store';

export class Places implements vscode.Disposable {
  private readonly known = new Map<string, boolean>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly following: vscode.Disposable[];
  readonly onDidChange = this.changed.event;
  /** The open changes at the cursor or in the selection of the active editor. */
  atCursor: readonly Change[] = [];

  constructor(private readonly store: Store) {
    const look = (): void => {
      this.look();
    };
    this.following = [
      store.onDidChange(look),
      vscode.window.onDidChangeActiveTextEditor(look),
      vscode.window.onDidChangeTextEditorSelection(look),
    ];
  }

  dispose(): void {
    this.following.forEach((one) => {
      one.dispose();
    });
    this.changed.dispose();
  }

  private look(): void {
    const editor = vscode.window.activeTextEditor;
    const { document, selection } = editor ?? {};
    const before = this.atCursor;
    this.atCursor =
      document === undefined || selection === undefined
        ? []
        : this.store.at(document, selection.start.line, selection.end.line);
    this.say('vouchsafe.changesWait', this.store.changes.length > 0);
    this.say('vouchsafe.changesHere', document !== undefined && this.store.of(document.uri).length > 0);
    this.say('vouchsafe.atChange', this.atCursor.length > 0);
    if (before.length + this.atCursor.length > 0) {
      this.changed.fire();
    }
  }

  private say(key: string, value: boolean): void {
    if (this.known.get(key) !== value) {
      this.known.set(key, value);
      void vscode.commands.executeCommand('setContext', key, value);
    }
  }
}
