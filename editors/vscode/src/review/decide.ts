/**
 * Accepting and rejecting. The server decides whether that is still possible; what it refuses is told as it says it.
 *
 * Invariant: nothing here edits a document. The server sends the edit, and the editor's undo takes it back.
 */
import * as vscode from 'vscode';

import type { Pick } from '../protocol';
import type { Server } from '../server/server';
import { told } from '../told';
import type { Places } from './places';
import type { Store } from './store';

export type Verb = 'accept' | 'reject';

export class Decide {
  constructor(
    private readonly server: Server,
    private readonly store: Store,
    private readonly places: Places,
  ) {}

  async pick(verb: Verb, pick: Pick): Promise<void> {
    await told(this.server.execute(`vouchsafe.${verb}`, pick));
  }

  /** The changes at the cursor, or in the selection, of the active editor. */
  async here(verb: Verb): Promise<void> {
    const changes = this.places.atCursor;
    if (changes.length === 0) {
      void vscode.window.showInformationMessage('Vouchsafe: no change waits at the cursor.');
      return;
    }
    for (const change of changes) {
      await this.pick(verb, { task: change.task, hunk: change.hunk });
    }
  }

  /** All changes of the document in the active editor. */
  async file(verb: Verb): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const changes = document === undefined ? [] : this.store.of(document.uri);
    const seen = new Set<number>();
    for (const { change } of changes) {
      if (!seen.has(change.task)) {
        seen.add(change.task);
        await this.pick(verb, { task: change.task, uri: change.uri });
      }
    }
  }
}
