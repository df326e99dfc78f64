/**
 * What happens between the client and the editor: views follow what the server says, and what VS Code shows better than
 * the server can ask for, the extension shows itself.
 */
import * as vscode from 'vscode';
import type { LanguageClient, Middleware, ShowMessageRequestParams } from 'vscode-languageclient/node';

import { linkedAsCommands, isOurPage, showRecord } from './evidence/record';
import type { Pick } from './protocol';
import { compareChange, compareTask } from './review/compare';
import type { Decide } from './review/decide';
import type { Store } from './review/store';
import type { Progress } from './tasks/progress';

interface Parts {
  readonly store: Store;
  readonly decide: Decide;
  readonly progress: Progress;
}

/** `parts` is called only once the server runs, when all of them exist. */
export function between(parts: () => Parts): Middleware {
  return {
    handleDiagnostics: (uri, diagnostics, next) => {
      next(uri, diagnostics);
      parts().store.stale();
    },
    provideDiagnostics: async (document, previous, token, next) => {
      const report = await next(document, previous, token);
      parts().store.stale();
      return report;
    },
    handleWorkDoneProgress: (token, report, next) => {
      if (!parts().progress.report(token, report)) {
        next(token, report);
      }
    },
    provideHover: async (document, position, token, next) => {
      const hover = await next(document, position, token);
      return hover && linkedAsCommands(hover);
    },
    executeCommand: async (command, args: unknown[], next) => {
      const { store, decide } = parts();
      const [pick] = args as [Pick | undefined];
      const change = pick && store.find(pick);
      if (command === 'vouchsafe.compare' && change !== undefined) {
        await compareChange(change, (kept) => decide.pick('reject', kept));
        return undefined;
      }
      const answer: unknown = await next(command, args);
      store.stale();
      return answer;
    },
    window: {
      showDocument: async (params, token, next) => {
        const uri = vscode.Uri.parse(params.uri);
        if (uri.scheme !== 'file' || !isOurPage(uri.fsPath)) {
          return next(params, token);
        }
        const line = params.selection?.start.line;
        await showRecord({ path: uri.fsPath, ...(line === undefined ? {} : { line: line + 1 }) });
        return { success: true };
      },
    },
  };
}

const REVIEW: vscode.MessageItem = { title: 'Review' };

/** The question at the end of a task gets *Review*, which shows the changes, in place of the choice to do so later. */
export function askAboutTasks(client: LanguageClient, store: Store): void {
  client.onRequest('window/showMessageRequest', async (params: ShowMessageRequestParams) => {
    const actions = params.actions ?? [];
    const task = /^Vouchsafe task (\d+):/.exec(params.message)?.[1];
    const isEnd = task !== undefined && actions.some((action) => action.title === 'Accept all');
    if (!isEnd) {
      return (await vscode.window.showInformationMessage(params.message, ...actions)) ?? null;
    }
    const others = actions.filter((action) => action.title !== 'Review later');
    const chosen = await vscode.window.showInformationMessage(params.message, REVIEW, ...others);
    if (chosen !== REVIEW) {
      return others.find((action) => action === chosen) ?? null;
    }
    await store.refresh();
    await compareTask(store, Number(task));
    return null;
  });
}
