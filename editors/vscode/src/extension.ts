/**
 * Where everything is made and connected.
 *
 * Invariants
 * - Activating starts the server and waits for nothing.
 * - Our commands begin with `vouchsafe.editor.`; `vouchsafe.NAME` are the server's, registered by the client.
 */
import * as vscode from 'vscode';

import { askAboutTasks, between } from './between';
import { Blame } from './evidence/blame';
import { Doctor } from './evidence/doctor';
import { registerCommands, type Parts } from './commands';
import { registerHelp } from './configuration/help';
import { Keys } from './keys';
import { Decide } from './review/decide';
import { Places } from './review/places';
import { Store } from './review/store';
import { Texts } from './review/texts';
import { Tree } from './review/tree';
import { Server } from './server/server';
import { Progress } from './tasks/progress';
import { Trouble } from './trouble';

declare global {
  /** Microseconds of processor time of this thread when the bundle began to load; the bundler puts it in front. */
  var vouchsafeLoadedAt: number | undefined;
}

/** For tests: what a user sees elsewhere. */
export interface Api {
  readonly server: Server;
  readonly store: Store;
  /** Milliseconds of processor time until `activate` returned, loading of our code included. */
  readonly activatedIn: number | undefined;
}

export function activate(context: vscode.ExtensionContext): Api {
  const began = threadTime();
  const log = vscode.window.createOutputChannel('Vouchsafe', { log: true });
  const middleware = between(() => ({ store, progress, decide }));
  const server = new Server(context, log, middleware, (client) => {
    askAboutTasks(client, store);
  });
  const store = new Store(server);
  const places = new Places(store);
  const decide = new Decide(server, store, places);
  const progress = new Progress(server, store, places);
  const { version } = context.extension.packageJSON as { version: string };
  const trouble = new Trouble(server, version);
  const parts: Parts = {
    server,
    store,
    progress,
    trouble,
    places,
    decide,
    blame: new Blame(server, store, context),
    doctor: new Doctor(server),
    keys: new Keys(server, context),
  };
  context.subscriptions.push(
    log,
    server,
    store,
    places,
    progress,
    trouble,
    parts.blame,
    parts.doctor,
    parts.keys,
    new Texts(store),
    new Tree(store),
    ...registerCommands(parts),
    ...registerHelp(),
    vscode.workspace.onDidGrantWorkspaceTrust(() => server.restart()),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration('vouchsafe.server')) {
        await server.restart();
      } else if (change.affectsConfiguration('vouchsafe')) {
        await server.configure();
      }
    }),
  );
  void server.restart();
  return { server, store, activatedIn: activationTime(began) };
}

/** Microseconds of processor time of this thread; older hosts cannot tell. */
function threadTime(): number | undefined {
  const { threadCpuUsage } = process as Partial<Pick<typeof process, 'threadCpuUsage'>>;
  const usage = threadCpuUsage?.();
  return usage && usage.user + usage.system;
}

/** Loading and activating; the host has other things to do in between. */
function activationTime(began: number | undefined): number | undefined {
  const ended = threadTime();
  const { vouchsafeLoadedAt } = globalThis;
  if (vouchsafeLoadedAt === undefined || loaded === undefined || began === undefined || ended === undefined) {
    return undefined;
  }
  return (loaded - vouchsafeLoadedAt + ended - began) / 1000;
}

const loaded = threadTime();
