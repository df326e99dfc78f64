/** *Explain what is enforced*: what `vouchsafe doctor` finds on this machine, as it prints it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';

import type { Server } from '../server/server';

const SCHEME = 'vouchsafe-doctor';
const TIMEOUT_MS = 30_000;

export class Doctor implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registered: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor(private readonly server: Server) {
    this.registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  async show(): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: '/What Vouchsafe enforces here' });
    this.changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  async provideTextDocumentContent(): Promise<string> {
    const found = await this.server.find();
    if (found.kind === 'missing') {
      return `${found.why}\n`;
    }
    const cwd = vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === 'file')?.uri.fsPath;
    const heading = `${found.path} doctor\n\n`;
    try {
      const run = promisify(execFile)(found.path, ['doctor'], {
        timeout: TIMEOUT_MS,
        env: { ...process.env, NO_COLOR: '1' },
        ...(cwd === undefined ? {} : { cwd }),
      });
      return heading + (await run).stdout;
    } catch (error) {
      // It ends with an exit code where tasks are refused; what it printed says why.
      const { stdout, message } = error as { stdout?: string; message: string };
      return heading + (stdout !== undefined && stdout !== '' ? stdout : message);
    }
  }

  dispose(): void {
    this.registered.dispose();
    this.changed.dispose();
  }
}
