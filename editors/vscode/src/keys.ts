/**
 * Keys of model endpoints, in the editor's secret storage, handed to the server when it starts.
 *
 * Invariants
 * - A key is written nowhere but in the secret storage. The protocol's trace, which would show it, is ended before.
 * - The names of profiles are no secrets; they are remembered because a secret storage does not list what it holds.
 */
import * as vscode from 'vscode';

import type { Server } from './server/server';
import { told } from './told';

const NAMES = 'profiles with a key';

export class Keys implements vscode.Disposable {
  private readonly following: vscode.Disposable;

  constructor(
    private readonly server: Server,
    private readonly context: vscode.ExtensionContext,
  ) {
    this.following = server.onDidChange((status) => {
      const takes = status.state === 'running' && server.knows('vouchsafe.setKey');
      void vscode.commands.executeCommand('setContext', 'vouchsafe.takesKeys', takes);
      if (takes) {
        void this.handOver();
      }
    });
  }

  /** Asks for the key of a profile, keeps it, and hands it to the server. */
  async ask(): Promise<void> {
    const profile = await this.profile('Which model profile is the key for?', this.configured());
    const key =
      profile &&
      (await vscode.window.showInputBox({
        title: `Vouchsafe: key of ${profile}`,
        prompt: 'Kept in the editor’s secret storage. The server has it in memory only.',
        password: true,
        ignoreFocusOut: true,
      }));
    if (profile === undefined || key === undefined || key === '') {
      return;
    }
    const taken = await told(this.send(profile, key).then(() => true));
    if (taken === true) {
      await this.context.secrets.store(secret(profile), key);
      await this.context.globalState.update(NAMES, [...new Set([...this.names(), profile])]);
      void vscode.window.showInformationMessage(`Vouchsafe: the key of ${profile} is kept.`);
    }
  }

  /** Forgets the key of a profile, here and in the server. */
  async forget(): Promise<void> {
    const profile = await this.profile('Which key is to be forgotten?', this.names());
    if (profile === undefined) {
      return;
    }
    await this.context.secrets.delete(secret(profile));
    await this.context.globalState.update(NAMES, this.names().filter((name) => name !== profile));
    await told(this.send(profile, ''));
  }

  dispose(): void {
    this.following.dispose();
  }

  private names(): string[] {
    return this.context.globalState.get<string[]>(NAMES, []);
  }

  /** The profiles in the editor's settings; the server knows those of the user's file too. */
  private configured(): string[] {
    const profiles = vscode.workspace.getConfiguration('vouchsafe').get<Record<string, unknown>>('models.profiles', {});
    return [...new Set([...Object.keys(profiles), ...this.names()])];
  }

  private async profile(question: string, known: readonly string[]): Promise<string | undefined> {
    if (known.length === 0) {
      const prompt = 'The name of a profile in [models.profiles.NAME] of your configuration.';
      return vscode.window.showInputBox({ title: `Vouchsafe: ${question}`, prompt });
    }
    return vscode.window.showQuickPick([...known], { title: `Vouchsafe: ${question}` });
  }

  private async handOver(): Promise<void> {
    for (const profile of this.names()) {
      const key = await this.context.secrets.get(secret(profile));
      if (key !== undefined) {
        // A profile that is no longer configured is not worth a word at each start.
        await this.send(profile, key).catch(() => undefined);
      }
    }
  }

  private async send(profile: string, key: string): Promise<void> {
    await this.server.endTrace();
    await this.server.execute('vouchsafe.setKey', { profile, key });
  }
}

function secret(profile: string): string {
  return `key/${profile}`;
}
