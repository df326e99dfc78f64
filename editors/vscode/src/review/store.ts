/**
 * The open changes and the tasks, as the server last listed them; all views read them here.
 *
 * Invariants
 * - One question is under way at a time; what happens meanwhile leads to one more.
 * - Without a running server nothing is known and nothing is shown.
 */
import * as vscode from 'vscode';

import { LISTINGS, type Change, type Finding, type Pick, type Task } from '../protocol';
import type { Server } from '../server/server';
import { placedIn, type Placed } from './texts';

/** Notifications come in bursts: one question answers all of a burst. */
const GATHER_MS = 40;
/** Not all that happens to a task is told, such as the end of one that only waited: while some are under way, ask. */
const LOOK_AGAIN_MS = 1000;

export class Store implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private timer: NodeJS.Timeout | undefined;
  private asking = false;
  private again = false;
  /** Whether the timer is the long one. */
  private looking = false;
  changes: readonly Change[] = [];
  /** Newest first. */
  tasks: readonly Task[] = [];
  /** Claims and other findings, verified ones included; none from a server that does not list them. */
  findings: readonly Finding[] = [];
  readonly onDidChange = this.changed.event;

  constructor(private readonly server: Server) {
    server.onDidChange(() => {
      this.stale();
    });
    server.onDidExecute((command) => {
      if (!LISTINGS.includes(command)) {
        this.stale();
      }
    });
  }

  /** Something happened: ask again soon. */
  stale(after = GATHER_MS): void {
    if (after === GATHER_MS && this.looking) {
      clearTimeout(this.timer);
      this.timer = undefined;
    }
    this.looking = after !== GATHER_MS;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      void this.refresh();
    }, after);
  }

  /** The changes that a document shows, the file itself or a text made from it. */
  of(document: vscode.Uri): Placed[] {
    return placedIn(this.changes, document);
  }

  /** Those at some of its lines, both ends included; one that only inserts stands at the line below it. */
  at(document: vscode.TextDocument, first: number, last = first): Change[] {
    const end = document.lineCount - 1;
    const here = this.of(document.uri).filter((placed) => {
      const from = Math.min(placed.start, end);
      const to = Math.max(Math.min(placed.end - 1, end), from);
      return from <= last && first <= to;
    });
    return here.map((placed) => placed.change);
  }

  find(pick: Pick): Change | undefined {
    return this.changes.find((change) => change.task === pick.task && change.hunk === pick.hunk);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.changed.dispose();
  }

  async refresh(): Promise<void> {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    try {
      await this.ask();
    } catch (error) {
      this.server.log.warn(`the open changes could not be listed: ${String(error)}`);
    } finally {
      this.asking = false;
    }
    this.changed.fire();
    if (this.again) {
      this.again = false;
      await this.refresh();
    } else if (this.timer === undefined && this.tasks.some((task) => task.phase !== 'ended')) {
      this.stale(LOOK_AGAIN_MS);
    }
  }

  private async ask(): Promise<void> {
    if (this.server.running === undefined) {
      this.changes = [];
      this.tasks = [];
      this.findings = [];
      return;
    }
    const [changes, tasks, findings] = await Promise.all([
      this.server.execute<Change[]>('vouchsafe.review'),
      this.server.execute<Task[]>('vouchsafe.tasks'),
      this.server.knows('vouchsafe.findings') ? this.server.execute<Finding[]>('vouchsafe.findings') : [],
    ]);
    this.changes = [...changes].sort(inOrder);
    this.tasks = tasks;
    this.findings = findings;
  }
}

function inOrder(a: Change, b: Change): number {
  if (a.uri !== b.uri) {
    return a.uri < b.uri ? -1 : 1;
  }
  return a.start_line - b.start_line || a.task - b.task || a.hunk - b.hunk;
}
