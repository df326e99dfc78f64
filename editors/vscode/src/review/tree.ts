/**
 * The view *Review*: tasks, their files, their changes.
 *
 * Invariant: each row says to a screen reader what its icon says to the eye.
 */
import { posix } from 'node:path';
import * as vscode from 'vscode';

import { counted, isOfModel, type Change, type Finding, type Task } from '../protocol';
import { linesOf } from './lines';
import { fileOf } from './texts';
import type { Store } from './store';

export type Row =
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'file'; readonly task: number; readonly file: vscode.Uri; readonly path: string; readonly uri: string }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'finding'; readonly finding: Finding };

export class Tree implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly view: vscode.TreeView<Row>;
  private readonly following: vscode.Disposable;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly store: Store) {
    this.view = vscode.window.createTreeView('vouchsafe.editor.changes', { treeDataProvider: this, showCollapseAll: true });
    this.following = store.onDidChange(() => {
      this.refresh();
    });
  }

  getChildren(row?: Row): Row[] {
    switch (row?.kind) {
      case undefined:
        return this.store.tasks.map((task) => ({ kind: 'task', task }));
      case 'task':
        return [...this.files(row.task.task), ...this.findings(row.task.task)];
      case 'file':
        return this.changesOf(row.task)
          .filter((change) => fileOf(change).toString() === row.file.toString())
          .map((change) => ({ kind: 'change', change }));
      case 'change':
      case 'finding':
        return [];
    }
  }

  getParent(row: Row): Row | undefined {
    switch (row.kind) {
      case 'task':
        return undefined;
      case 'file':
        return this.taskRow(row.task);
      case 'change':
        return fileRow(row.change);
      case 'finding':
        return this.taskRow(row.finding.task);
    }
  }

  getTreeItem(row: Row): vscode.TreeItem {
    switch (row.kind) {
      case 'task':
        return taskItem(row.task, this.findings(row.task.task).length);
      case 'file':
        return fileItem(row, this.getChildren(row).length);
      case 'change':
        return changeItem(row.change);
      case 'finding':
        return findingItem(row.finding);
    }
  }

  dispose(): void {
    this.view.dispose();
    this.following.dispose();
    this.changed.dispose();
  }

  private changesOf(task: number): Change[] {
    return this.store.changes.filter((change) => change.task === task);
  }

  private files(task: number): Row[] {
    const files = new Map<string, Row>();
    for (const change of this.changesOf(task)) {
      const row = fileRow(change);
      files.set(row.file.toString(), row);
    }
    return [...files.values()];
  }

  private findings(task: number): Row[] {
    const found = this.store.findings.filter((finding) => finding.task === task);
    return found.map((finding) => ({ kind: 'finding', finding }));
  }

  private taskRow(number: number): Row | undefined {
    const task = this.store.tasks.find((one) => one.task === number);
    return task && { kind: 'task', task };
  }

  private refresh(): void {
    const count = this.store.changes.length;
    this.view.badge = count === 0 ? undefined : { value: count, tooltip: `${counted(count, 'change')} to review` };
    this.changed.fire();
  }
}

function fileRow(change: Change): Extract<Row, { kind: 'file' }> {
  return { kind: 'file', task: change.task, file: fileOf(change), path: change.path, uri: change.uri };
}

function taskItem(task: Task, findings: number): vscode.TreeItem {
  const { icon, state } = standing(task);
  const open = task.waiting + task.conflicts > 0;
  const item = new vscode.TreeItem(
    task.title,
    open || findings > 0 ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.None,
  );
  // The collapsible state is remembered by id, and one that was a leaf stayed closed.
  item.id = `task/${String(task.task)}/${String(open || findings > 0)}`;
  item.description = `task ${String(task.task)} · ${state}`;
  item.iconPath = icon;
  item.contextValue = [
    'task',
    task.phase === 'ended' ? 'ended' : 'running',
    open ? 'open' : 'settled',
    task.record === null ? '' : 'recorded',
    isOfModel(task) ? 'model' : '',
    task.answer === undefined || task.answer === null ? '' : 'answered',
  ].join(' ');
  item.accessibilityInformation = { label: `Task ${String(task.task)}, ${task.title}, ${state}` };
  return item;
}

function standing(task: Task): { icon: vscode.ThemeIcon; state: string } {
  if (task.phase !== 'ended') {
    const icon = task.phase === 'running' ? 'sync~spin' : 'clock';
    return { icon: new vscode.ThemeIcon(icon), state: task.step ?? task.phase };
  }
  if (task.conflicts > 0) {
    const icon = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
    return { icon, state: `${String(task.waiting)} waiting, ${String(task.conflicts)} in conflict` };
  }
  if (task.waiting > 0) {
    return { icon: new vscode.ThemeIcon('git-pull-request'), state: `${String(task.waiting)} waiting` };
  }
  return { icon: new vscode.ThemeIcon('check'), state: 'nothing waits' };
}

function fileItem(row: Extract<Row, { kind: 'file' }>, count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(row.file, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `file/${String(row.task)}/${row.path}`;
  const directory = posix.dirname(row.path);
  item.description = directory === '.' ? false : directory;
  item.iconPath = vscode.ThemeIcon.File;
  item.contextValue = 'file';
  item.accessibilityInformation = { label: `${row.path}, ${counted(count, 'change')}` };
  return item;
}

function changeItem(change: Change): vscode.TreeItem {
  const conflict = change.state === 'conflict';
  const item = new vscode.TreeItem(change.what, vscode.TreeItemCollapsibleState.None);
  const line = String(change.start_line + 1);
  item.id = `change/${String(change.task)}/${String(change.hunk)}`;
  const [text] = linesOf(change.new ?? change.old ?? '').map((one) => one.trim());
  item.description = [`line ${line}`, conflict ? 'conflict' : '', text ?? ''].filter((part) => part !== '').join(' · ');
  item.iconPath = changeIcon(change);
  item.contextValue = conflict ? 'change conflict' : 'change pending';
  item.tooltip = tooltip(change);
  item.command = { title: 'Go to the change', command: 'vouchsafe.editor.goTo', arguments: [{ kind: 'change', change }] };
  const notes = [conflict ? `in conflict: ${change.reason ?? ''}` : 'waits', change.protected ?? ''].filter((note) => note !== '');
  item.accessibilityInformation = { label: `${change.what}, line ${line}, ${notes.join(', ')}` };
  return item;
}

/** How a claim stands, as icon, colour and word. */
const VERDICTS = {
  verified: ['pass', 'testing.iconPassed'],
  unverified: ['question', 'list.warningForeground'],
  contradicted: ['error', 'list.errorForeground'],
} as const;

function findingItem(finding: Finding): vscode.TreeItem {
  const { claim } = finding;
  const label = claim === null ? finding.message : `“${claim.quote}”`;
  const says = claim === null ? finding.code.replaceAll('-', ' ') : `${claim.verdict}: ${claim.because}`;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.None);
  item.id = `finding/${String(finding.task)}/${String(finding.note)}`;
  item.description = says;
  item.tooltip = finding.message;
  const [icon, colour] = claim === null ? ['info', 'list.warningForeground'] : VERDICTS[claim.verdict];
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(colour));
  item.contextValue = finding.checkable ? 'finding checkable' : 'finding';
  item.command = { title: 'Show evidence', command: 'vouchsafe.editor.evidence', arguments: [{ kind: 'finding', finding }] };
  item.accessibilityInformation = { label: `${claim === null ? 'Finding' : 'Claim'}: ${label}, ${says}` };
  return item;
}

function changeIcon(change: Change): vscode.ThemeIcon {
  if (change.state === 'conflict') {
    return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
  }
  if (change.protected !== null) {
    return new vscode.ThemeIcon('lock');
  }
  const icons: Partial<Record<Change['kind'], string>> = {
    create: 'diff-added',
    delete: 'diff-removed',
    rename: 'diff-renamed',
  };
  return new vscode.ThemeIcon(icons[change.kind] ?? 'diff-modified');
}

function tooltip(change: Change): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText(`${change.path}: ${change.what}\n`);
  for (const cite of change.cites) {
    text.appendText(`step ${String(cite.step)}: ${cite.command} → ${cite.exit}\n`);
  }
  if (change.protected !== null) {
    text.appendText(`${change.protected}\n`);
  }
  if (change.reason !== undefined) {
    text.appendText(`${change.reason}\n`);
  }
  text.appendCodeblock((change.old ?? '').replace(/^/gm, '- ') + '\n' + (change.new ?? '').replace(/^/gm, '+ '), 'diff');
  return text;
}
