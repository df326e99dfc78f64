/** The commands of the palette, the menus and the keys. One line each: what they do is elsewhere. */
import * as vscode from 'vscode';

import type { Blame } from './evidence/blame';
import type { Doctor } from './evidence/doctor';
import { showRecord, type Cited } from './evidence/record';
import { compareChange, compareTask } from './review/compare';
import type { Decide, Verb } from './review/decide';
import { goTo, step } from './review/move';
import type { Places } from './review/places';
import type { Store } from './review/store';
import type { Row } from './review/tree';
import type { Server } from './server/server';
import type { Progress } from './tasks/progress';
import { newTask } from './tasks/start';
import type { Pick, Task } from './protocol';
import { say } from './tasks/say';
import { told } from './told';
import type { Trouble } from './trouble';
import type { Keys } from './keys';

export interface Parts {
  readonly server: Server;
  readonly store: Store;
  readonly progress: Progress;
  readonly trouble: Trouble;
  readonly decide: Decide;
  readonly places: Places;
  readonly blame: Blame;
  readonly doctor: Doctor;
  readonly keys: Keys;
}

export function registerCommands(parts: Parts): vscode.Disposable[] {
  const { server, store, progress, decide } = parts;
  const commands: Record<string, (row?: Row) => unknown> = {
    newTask: () => newTask(server),
    review: () => review(store),
    accept: (row) => (row === undefined ? decide.here('accept') : onRow(decide, 'accept', row)),
    reject: (row) => (row === undefined ? decide.here('reject') : onRow(decide, 'reject', row)),
    acceptFile: () => decide.file('accept'),
    rejectFile: () => decide.file('reject'),
    next: () => step(store, 1),
    previous: () => step(store, -1),
    goTo: (row) => row?.kind === 'change' && goTo(row.change),
    compare: (row) => compare(parts, row),
    evidence: (row) => evidence(parts, row),
    checkClaim: (row) => onFinding(server, 'vouchsafe.checkClaim', row),
    dismissFinding: (row) => onFinding(server, 'vouchsafe.dismissFinding', row),
    say: (row) => say(server, store, row?.kind === 'task' ? row.task : undefined),
    showAnswer: (row) =>
      row?.kind === 'task' && told(server.execute('vouchsafe.showAnswer', { task: row.task.task })),
    setKey: () => parts.keys.ask(),
    forgetKey: () => parts.keys.forget(),
    cancel: (row) => progress.cancel(row?.kind === 'task' ? row.task.task : undefined),
    toggleBlame: () => parts.blame.toggle(),
    doctor: () => parts.doctor.show(),
    restart: () => server.restart(),
    trouble: () => parts.trouble.show(),
    showLog: () => {
      server.log.show();
    },
    walkthrough: () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', 'vouchsafe.vouchsafe#start', false),
  };
  const registered = Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(`vouchsafe.editor.${name}`, (argument: unknown) => run(asRow(argument))),
  );
  registered.push(
    vscode.commands.registerCommand('vouchsafe.editor.showRecord', (cited: Cited) => showRecord(cited)),
  );
  return registered;
}

/** Menus of an editor hand over its document, those of the tree its row. */
function asRow(argument: unknown): Row | undefined {
  const isRow = typeof argument === 'object' && argument !== null && 'kind' in argument;
  return isRow ? (argument as Row) : undefined;
}

async function onRow(decide: Decide, verb: Verb, row: Row): Promise<void> {
  await decide.pick(verb, pickOf(row));
}

async function onFinding(
  server: Server,
  command: 'vouchsafe.checkClaim' | 'vouchsafe.dismissFinding',
  row: Row | undefined,
): Promise<void> {
  if (row?.kind === 'finding') {
    await told(server.execute(command, { task: row.finding.task, note: row.finding.note }));
  }
}

function pickOf(row: Row): Pick {
  switch (row.kind) {
    case 'task':
      return { task: row.task.task };
    case 'file':
      return { task: row.task, uri: row.uri };
    case 'change':
      return { task: row.change.task, hunk: row.change.hunk };
    case 'finding':
      return { task: row.finding.task };
  }
}

/** The changes of the newest task that has some, all files in one editor, and the view beside them. */
async function review(store: Store): Promise<void> {
  await store.refresh();
  const task = store.tasks.find((one) => store.changes.some((change) => change.task === one.task));
  if (task === undefined) {
    void vscode.window.showInformationMessage('Vouchsafe: no change waits.');
    return;
  }
  await vscode.commands.executeCommand('vouchsafe.editor.changes.focus');
  await compareTask(store, task.task);
}

async function compare({ store, places, decide }: Parts, row: Row | undefined): Promise<void> {
  if (row?.kind === 'task') {
    await compareTask(store, row.task.task);
    return;
  }
  const change = row?.kind === 'change' ? row.change : places.atCursor[0];
  if (change !== undefined) {
    await compareChange(change, (kept) => decide.pick('reject', kept));
  }
}

async function evidence({ server, store, places }: Parts, row: Row | undefined): Promise<void> {
  if (row?.kind === 'finding') {
    await told(server.execute('vouchsafe.showFinding', { task: row.finding.task, note: row.finding.note }));
    return;
  }
  const change = row?.kind === 'change' ? row.change : row === undefined ? places.atCursor[0] : undefined;
  const task: Task | undefined = row?.kind === 'task' ? row.task : store.tasks.find((one) => one.task === change?.task);
  const path = change?.record ?? task?.record ?? undefined;
  if (path === undefined) {
    void vscode.window.showInformationMessage('Vouchsafe: no change waits at the cursor; hover has the record of a line.');
    return;
  }
  const line = change?.line ?? undefined;
  await showRecord({ path, ...(line === undefined ? {} : { line }) });
}
