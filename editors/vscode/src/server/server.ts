/**
 * The server process: found, started, watched, started again.
 *
 * Invariants
 * - In a workspace that is not trusted nothing is started.
 * - The client's code is loaded when the server is started, not when the extension is.
 * - At most one client; each change of what is needed (setting, trust) goes through `restart`.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type {
  LanguageClient,
  LanguageClientOptions,
  Middleware,
  State,
} from 'vscode-languageclient/node';

import type { ServerCommand } from '../protocol';
import { findServer, type Found } from './discovery';
import { Restarts } from './restarts';
import { serverSettings } from './settings';

type Library = typeof import('./client');

/** How long a server may take to end. */
const PATIENCE_MS = 2000;
/** How long it may take to say its version. */
const TRIAL_MS = 30_000;

export type Status =
  | { readonly state: 'starting' | 'running' | 'untrusted' }
  | { readonly state: 'missing' | 'stopped'; readonly why: string };

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private readonly restarts = new Restarts();
  private readonly changed = new vscode.EventEmitter<Status>();
  private current: Status = { state: 'starting' };
  /** Starts and stops, one after the other. */
  private chain: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  /** Told of each change of state. */
  readonly onDidChange = this.changed.event;
  private readonly executed = new vscode.EventEmitter<ServerCommand>();
  /** Told of each command that the server has answered. */
  readonly onDidExecute = this.executed.event;
  path: string | undefined;

  constructor(
    private readonly context: vscode.ExtensionContext,
    readonly log: vscode.LogOutputChannel,
    private readonly middleware: Middleware,
    /** Called with each new client before it starts. */
    private readonly prepare: (client: LanguageClient) => void,
  ) {}

  get status(): Status {
    return this.current;
  }

  /** What the running server says its version is. */
  get version(): string | undefined {
    return this.client?.initializeResult?.serverInfo?.version;
  }

  /** Whether the running server has this command. */
  knows(command: ServerCommand): boolean {
    const listed = this.client?.initializeResult?.capabilities.executeCommandProvider?.commands;
    return this.current.state === 'running' && (listed?.includes(command) ?? false);
  }

  /** The client, if the server runs. */
  get running(): LanguageClient | undefined {
    return this.current.state === 'running' ? this.client : undefined;
  }

  /** Sends one of the server's commands; its error is a sentence for the user. */
  async execute<Answer>(command: ServerCommand, argument: object = {}): Promise<Answer> {
    const client = this.running;
    if (client === undefined) {
      throw new Error('Vouchsafe is not running.');
    }
    const answer = await client.sendRequest<Answer>('workspace/executeCommand', { command, arguments: [argument] });
    this.executed.fire(command);
    return answer;
  }

  /** Ends the trace of the protocol, if the user has one, before something is sent that nobody may read. */
  async endTrace(): Promise<void> {
    const { Trace } = await import('./client');
    await this.running?.setTrace(Trace.Off);
  }

  /** Stops what runs and starts anew, in turn with other calls of this. */
  restart(): Promise<void> {
    this.restarts.reset();
    clearTimeout(this.timer);
    this.chain = this.chain.then(() => this.stop()).then(() => this.start());
    return this.chain;
  }

  /** Sends the settings again. */
  async configure(): Promise<void> {
    await this.running?.sendNotification('workspace/didChangeConfiguration', { settings: serverSettings() });
  }

  async dispose(): Promise<void> {
    clearTimeout(this.timer);
    await this.stop();
    this.changed.dispose();
    this.executed.dispose();
  }

  private become(status: Status): void {
    this.current = status;
    this.changed.fire(status);
  }

  private async start(): Promise<void> {
    this.path = undefined;
    if (!vscode.workspace.isTrusted) {
      this.become({ state: 'untrusted' });
      return;
    }
    this.become({ state: 'starting' });
    const found = await this.find();
    if (found.kind === 'missing') {
      this.become({ state: 'missing', why: found.why });
      return;
    }
    this.path = found.path;
    this.log.info(`server: ${found.path} (from ${found.from})`);
    const fault = await trial(found.path);
    if (fault !== undefined) {
      this.become({ state: 'stopped', why: `${found.path} does not start: ${fault}` });
      return;
    }
    const library = await import('./client');
    this.begin(library, found.path);
  }

  private begin(library: Library, path: string): void {
    const serve = (): Promise<ChildProcess> => Promise.resolve(this.serve(path, () => client));
    const options = this.options(library, () => client);
    const client: LanguageClient = new library.LanguageClient('vouchsafe', 'Vouchsafe', serve, options);
    this.client = client;
    this.prepare(client);
    client.onDidChangeState((change) => {
      this.follow(client, change.newState, library.State);
    });
    // Not waited for: it may never answer, and must not keep a restart waiting.
    client.start().catch((error: unknown) => {
      this.ended(client, `${path} does not start (${error instanceof Error ? error.message : String(error)})`);
    });
  }

  /** The process itself is watched: its streams do not tell of an end before they were listened to. */
  private serve(path: string, client: () => LanguageClient): ChildProcess {
    const cwd = vscode.workspace.workspaceFolders?.find((folder) => folder.uri.scheme === 'file')?.uri.fsPath;
    const child = spawn(path, ['serve'], cwd === undefined ? {} : { cwd });
    child.once('error', (error) => {
      this.ended(client(), `${path} does not start (${error.message})`);
    });
    child.once('exit', (code, signal) => {
      this.ended(client(), `the server ended by itself (${signal ?? `exit code ${String(code)}`})`);
    });
    return child;
  }

  /** Where the program is, whether or not it runs. */
  find(): Promise<Found> {
    return findServer({
      setting: vscode.workspace.getConfiguration('vouchsafe.server').get('path', ''),
      extension: this.context.extensionPath,
      path: process.env['PATH'] ?? '',
    });
  }

  private async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client !== undefined) {
      await discard(client);
    }
  }

  private follow(client: LanguageClient, state: State, states: typeof State): void {
    if (client !== this.client) {
      return;
    }
    if (state === states.Running) {
      this.restarts.started(Date.now());
      this.become({ state: 'running' });
    } else if (state === states.Starting) {
      this.become({ state: 'starting' });
    }
  }

  private options({ CloseAction, ErrorAction }: Library, client: () => LanguageClient): LanguageClientOptions {
    return {
      documentSelector: [{ scheme: 'file' }],
      initializationOptions: serverSettings,
      outputChannel: this.log,
      middleware: this.middleware,
      // What failed is told once, by `Trouble`.
      initializationFailedHandler: () => false,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        // A new client is made: this one restarts by itself in some states only.
        closed: () => {
          this.ended(client(), 'the server closed its connection');
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
    };
  }

  /** A client has lost its server, or never got one. */
  private ended(client: LanguageClient, why: string): void {
    if (client !== this.client) {
      return;
    }
    this.client = undefined;
    const wait = this.restarts.ended(Date.now());
    this.log.warn(`${why}; ${wait === undefined ? 'it stays down' : `it is started again in ${String(wait)} ms`}`);
    if (wait === undefined) {
      this.become({ state: 'stopped', why: `The server ended again and again: ${why}.` });
    } else {
      this.become({ state: 'starting' });
    }
    this.timer = setTimeout(() => {
      void discard(client);
      if (wait !== undefined) {
        this.chain = this.chain.then(() => this.start());
      }
    }, wait ?? 0);
  }
}

/** What keeps a program from running at all; a client would only say that something was closed. */
async function trial(path: string): Promise<string | undefined> {
  try {
    await promisify(execFile)(path, ['--version'], { timeout: TRIAL_MS });
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: number | string; message: string };
    return typeof code === 'number' ? `exit code ${String(code)}` : message;
  }
}

/** Ends a client and its server. One that never came up may never answer, and one that failed refuses. */
async function discard(client: LanguageClient): Promise<void> {
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  await Promise.race([client.dispose(PATIENCE_MS).catch(() => undefined), patience]);
}
