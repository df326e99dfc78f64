/** The steps of running tasks as the server reports them, and the item in the status bar that shows them. */
import * as vscode from 'vscode';
import type { WorkDoneProgressBegin, WorkDoneProgressEnd, WorkDoneProgressReport } from 'vscode-languageclient/node';

import { counted, taskOfToken, type Task } from '../protocol';
import type { Server } from '../server/server';
import type { Places } from '../review/places';
import type { Store } from '../review/store';
import { told } from '../told';

interface Running {
  readonly title: string;
  readonly step: string;
}

export class Progress implements vscode.Disposable {
  private readonly running = new Map<number, Running>();
  private readonly item: vscode.StatusBarItem;
  private readonly following: vscode.Disposable[];

  constructor(
    private readonly server: Server,
    private readonly store: Store,
    private readonly places: Places,
  ) {
    this.item = vscode.window.createStatusBarItem('vouchsafe.status', vscode.StatusBarAlignment.Left, 10);
    this.item.name = 'Vouchsafe';
    const draw = (): void => {
      this.draw();
    };
    this.following = [
      store.onDidChange(draw),
      places.onDidChange(draw),
      server.onDidChange((status) => {
        if (status.state !== 'running') {
          this.running.clear();
        }
        this.draw();
      }),
    ];
    this.draw();
  }

  /** Whether a report is about a task, and so is shown here and nowhere else. */
  report(
    token: number | string,
    report: WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd,
  ): boolean {
    const task = taskOfToken(token);
    if (task === undefined) {
      return false;
    }
    if (report.kind === 'begin') {
      this.running.set(task, { title: report.title, step: report.message ?? 'starting' });
    } else if (report.kind === 'report') {
      const title = this.running.get(task)?.title ?? `task ${String(task)}`;
      this.running.set(task, { title, step: report.message ?? '' });
    } else {
      this.running.delete(task);
    }
    this.draw();
    this.store.stale();
    return true;
  }

  /** Ends a task: the one named, the only one that runs, or the one that the user picks. */
  async cancel(task?: number): Promise<void> {
    const chosen = task ?? (await this.choose());
    if (chosen !== undefined) {
      await told(this.server.execute('vouchsafe.cancel', { task: chosen }));
    }
  }

  dispose(): void {
    this.following.forEach((one) => {
      one.dispose();
    });
    this.item.dispose();
  }

  private async choose(): Promise<number | undefined> {
    const underWay: readonly Task[] = this.store.tasks.filter((task) => task.phase !== 'ended');
    const [only] = underWay;
    if (only === undefined) {
      void vscode.window.showInformationMessage('Vouchsafe: no task runs.');
      return undefined;
    }
    if (underWay.length === 1) {
      return only.task;
    }
    const items = underWay.map((task) => ({
      label: task.title,
      description: `task ${String(task.task)} · ${task.step ?? task.phase}`,
      task: task.task,
    }));
    return (await vscode.window.showQuickPick(items, { title: 'Vouchsafe: cancel which task?' }))?.task;
  }

  private draw(): void {
    const { text, says, command } = this.shown();
    this.item.text = text;
    this.item.tooltip = says;
    this.item.command = command;
    this.item.accessibilityInformation = { label: says, role: 'button' };
    const trouble = ['missing', 'stopped'].includes(this.server.status.state);
    this.item.backgroundColor = trouble ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.item.show();
  }

  private shown(): { text: string; says: string; command: string } {
    const status = this.server.status;
    switch (status.state) {
      case 'untrusted':
        return { text: '$(workspace-untrusted) Vouchsafe', says: 'Vouchsafe waits until you trust this folder', command: 'workbench.trust.manage' };
      case 'missing':
      case 'stopped':
        return { text: '$(warning) Vouchsafe', says: `Vouchsafe does not run: ${status.why}`, command: 'vouchsafe.editor.trouble' };
      case 'starting':
        return { text: '$(sync~spin) Vouchsafe', says: 'Vouchsafe is starting', command: 'vouchsafe.editor.showLog' };
      case 'running':
        return this.working();
    }
  }

  private working(): { text: string; says: string; command: string } {
    const [first] = this.running.values();
    if (first !== undefined) {
      const more = this.running.size > 1 ? ` (+${String(this.running.size - 1)})` : '';
      const says = `Vouchsafe: ${first.title}: ${first.step}${more}`;
      return { text: `$(sync~spin) ${first.title}: ${first.step}${more}`, says: `${says}. Click to cancel`, command: 'vouchsafe.editor.cancel' };
    }
    const waiting = this.store.changes.length;
    const [here] = this.places.atCursor;
    if (here !== undefined) {
      const nth = this.store.changes.findIndex((change) => change.task === here.task && change.hunk === here.hunk) + 1;
      const says = `change ${String(nth)} of ${String(waiting)}`;
      const state = here.state === 'conflict' ? ', in conflict' : '';
      return { text: `$(git-pull-request) ${says}`, says: `Vouchsafe: ${says} at the cursor: ${here.what}${state}`, command: 'vouchsafe.editor.review' };
    }
    if (waiting > 0) {
      const says = `${counted(waiting, 'change')} to review`;
      return { text: `$(git-pull-request) ${says}`, says: `Vouchsafe: ${says}`, command: 'vouchsafe.editor.review' };
    }
    return { text: '$(shield) Vouchsafe', says: 'Vouchsafe: new task', command: 'vouchsafe.editor.newTask' };
  }
}
