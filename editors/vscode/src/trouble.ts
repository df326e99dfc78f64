/** Telling what keeps the server from running, or what is odd about it, and what to do. Each once until it changes. */
import * as vscode from 'vscode';

import type { Server, Status } from './server/server';

export class Trouble implements vscode.Disposable {
  private last = '';
  private readonly following: vscode.Disposable;

  constructor(
    private readonly server: Server,
    private readonly extensionVersion: string,
  ) {
    this.following = server.onDidChange((status) => {
      void vscode.commands.executeCommand('setContext', 'vouchsafe.state', status.state);
      this.follow(status);
    });
  }

  /** Tells it again. */
  async show(): Promise<void> {
    await this.tell(this.server.status);
  }

  dispose(): void {
    this.following.dispose();
  }

  private follow(status: Status): void {
    const odd = status.state === 'running' ? this.mismatch() : undefined;
    const sentence = odd ?? ('why' in status ? status.why : '');
    if (sentence === '' || sentence === this.last) {
      return;
    }
    this.last = sentence;
    void (odd === undefined ? this.tell(status) : vscode.window.showWarningMessage(odd));
  }

  private async tell(status: Status): Promise<void> {
    if (status.state === 'missing') {
      const chosen = await vscode.window.showWarningMessage(
        `Vouchsafe: ${status.why} Install it, or say in the settings where it is.`,
        'How to get it',
        'Open the setting',
        'Look again',
      );
      await this.act(chosen);
    } else if (status.state === 'stopped') {
      const chosen = await vscode.window.showErrorMessage(`Vouchsafe: ${status.why}`, 'Start it again', 'Show the log');
      await this.act(chosen);
    }
  }

  private async act(chosen: string | undefined): Promise<void> {
    switch (chosen) {
      case 'How to get it':
        await vscode.commands.executeCommand('vouchsafe.editor.walkthrough');
        break;
      case 'Open the setting':
        await vscode.commands.executeCommand('workbench.action.openSettings', 'vouchsafe.server.path');
        break;
      case 'Look again':
      case 'Start it again':
        this.last = '';
        await this.server.restart();
        break;
      case 'Show the log':
        this.server.log.show();
        break;
      default:
    }
  }

  /** Before 1.0 a change of the second number may change the protocol. */
  private mismatch(): string | undefined {
    const theirs = this.server.version;
    const line = (version: string): string => version.split('.').slice(0, 2).join('.');
    if (theirs !== undefined && line(theirs) === line(this.extensionVersion)) {
      return undefined;
    }
    return (
      `Vouchsafe: the server is version ${theirs ?? 'unknown'} (${this.server.path ?? ''}), this extension is ` +
      `${this.extensionVersion}. Update the older one; until then some things may not work.`
    );
  }
}
