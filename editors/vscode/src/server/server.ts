/**
 * The server process: found, started, watched, started again.
 *
 * Invariants
 * - In a workspace that is not trusted nothing is started.
 * - The client's code is loaded when the server is started, not when the extension is.
 * - At most one client; each change of what is needed (setting, trust) goes through `restart`.
 */
import * as vscode from 'vscode';
import type {
  CloseHandlerResult,
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

export type Status =
  | { readonly state: 'starting' | 'running' | 'untrusted' }
  | { readonly state: 'missing' | 'stopped'; readonly why: string };

export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private readonly restarts = new Restarts();
  private readonly changed = new vscode.EventEmitter<Status>();
  private current: Status = { state: 'starting' };
  private chain: Promise<void> = Promise.resolve();
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

  get pid(): number | undefined {
    return this.client?.serverProcess?.pid;
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
    this.chain = this.chain.then(() => this.stop()).then(() => this.start());
    return this.chain;
  }

  /** Sends the settings again. */
  async configure(): Promise<void> {
    await this.running?.sendNotification('workspace/didChangeConfiguration', { settings: serverSettings() });
  }

  async dispose(): Promise<void> {
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
    const library = await import('./client');
    await this.begin(library, found.path);
  }

  private async begin(library: Library, path: string): Promise<void> {
    const client = new library.LanguageClient(
      'vouchsafe',
      'Vouchsafe',
      { command: path, args: ['serve'] },
      this.options(library),
    );
    this.client = client;
    this.prepare(client);
    client.onDidChangeState((change) => {
      this.follow(client, change.newState, library.State);
    });
    try {
      await client.start();
    } catch (error) {
      this.become({ state: 'stopped', why: `${path} does not start: ${String(error)}` });
    }
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
      await client.dispose(2000).catch((error: unknown) => {
        this.log.warn(`the server did not end in time: ${String(error)}`);
      });
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

  private options({ CloseAction, ErrorAction }: Library): LanguageClientOptions {
    return {
      documentSelector: [{ scheme: 'file' }],
      initializationOptions: serverSettings,
      outputChannel: this.log,
      middleware: this.middleware,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue }),
        closed: () => this.closed(CloseAction),
      },
    };
  }

  private async closed(CloseAction: Library['CloseAction']): Promise<CloseHandlerResult> {
    const client = this.client;
    const wait = this.restarts.ended(Date.now());
    if (wait === undefined) {
      this.become({ state: 'stopped', why: 'The server ended again and again.' });
      return { action: CloseAction.DoNotRestart, handled: true };
    }
    this.become({ state: 'starting' });
    this.log.warn(`the server ended by itself; it is started again in ${String(wait)} ms`);
    await new Promise((resolve) => setTimeout(resolve, wait));
    const still = client !== undefined && client === this.client;
    return { action: still ? CloseAction.Restart : CloseAction.DoNotRestart, handled: true };
  }
}
