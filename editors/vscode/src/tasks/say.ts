/** Speaking to a task of a model: to one that runs, or, after its end, to go on from it. */
import * as vscode from 'vscode';

import { isOfModel, type Task } from '../protocol';
import type { Store } from '../review/store';
import type { Server } from '../server/server';
import { told } from '../told';

export async function say(server: Server, store: Store, named: Task | undefined): Promise<void> {
  const task = named ?? (await choose(store.tasks.filter(isOfModel)));
  if (task === undefined) {
    return;
  }
  const runs = task.phase !== 'ended';
  const text = await vscode.window.showInputBox({
    title: `Vouchsafe: task ${String(task.task)}, ${task.title}`,
    prompt: runs ? 'What the task should know; it hears it before its next turn.' : 'What to do next; a new task goes on from this one.',
    ignoreFocusOut: true,
  });
  if (text !== undefined && text.trim() !== '') {
    const command = runs ? 'vouchsafe.message' : 'vouchsafe.followUp';
    await told(server.execute(command, { task: task.task, text }));
  }
}

async function choose(tasks: readonly Task[]): Promise<Task | undefined> {
  if (tasks.length <= 1) {
    if (tasks.length === 0) {
      void vscode.window.showInformationMessage('Vouchsafe: no task of a model has been started in this session.');
    }
    return tasks[0];
  }
  const items = tasks.map((task) => ({ label: task.title, description: `task ${String(task.task)} · ${task.phase}`, task }));
  return (await vscode.window.showQuickPick(items, { title: 'Vouchsafe: speak to which task?' }))?.task;
}
