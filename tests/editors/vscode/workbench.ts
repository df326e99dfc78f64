/**
 * A real VS Code workbench, served by code-server to a headless Chromium.
 *
 * Invariants
 * - Everything a run writes is below one temporary directory, which goes with it.
 * - Nothing sleeps: each wait is for something seen, with a deadline.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as playwright from 'playwright-core';

import { artefacts, chromium, codeServer, installed, require } from './paths.ts';
import { Window } from './window.ts';

const { chromium: browserType } = require('playwright-core') as typeof playwright;

/** How long a start of the workbench may take on a loaded machine. */
export const PATIENCE_MS = 60_000;

/** Settings that keep the workbench from talking to anybody and from asking. */
const SETTINGS: Record<string, unknown> = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.layoutControl.enabled': false,
  'window.commandCenter': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'git.enabled': false,
  'editor.minimap.enabled': false,
  'files.autoSave': 'off',
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

export interface Options {
  /** More settings of the user. */
  readonly settings?: Record<string, unknown>;
  /** Whether folders are asked to be trusted, as in a desktop VS Code. */
  readonly trust?: boolean;
  /** Whether the page can start a test in the extension host; it also hides all notifications. */
  readonly driver?: boolean;
  /** Changes the installed extension before it starts. */
  readonly prepare?: (extension: string) => void;
}

export class Workbench {
  readonly directory: string;
  readonly port: number;
  private readonly server: ChildProcess;
  private readonly browsers: playwright.BrowserContext[] = [];

  private constructor(directory: string, server: ChildProcess, port: number) {
    this.directory = directory;
    this.server = server;
    this.port = port;
  }

  static async start(options: Options = {}): Promise<Workbench> {
    const directory = mkdtempSync(join(tmpdir(), 'vouchsafe-vscode-'));
    const env = environment(directory);
    mkdirSync(join(directory, 'data/User'), { recursive: true });
    const settings = { ...SETTINGS, ...options.settings };
    writeFileSync(join(directory, 'data/User/settings.json'), JSON.stringify(settings));
    const places = ['--user-data-dir', join(directory, 'data'), '--extensions-dir', join(directory, 'extensions')];
    cpSync(installed, join(directory, 'extensions'), { recursive: true });
    options.prepare?.(join(directory, 'extensions'));
    const port = await freePort();
    const how = ['--auth', 'none', '--bind-addr', `127.0.0.1:${String(port)}`, '--disable-telemetry', '--disable-update-check'];
    const trust = options.trust === true ? [] : ['--disable-workspace-trust'];
    const driver = options.driver === true ? ['--vscode-option', 'enable-smoke-test-driver'] : [];
    const server = spawn(process.execPath, [codeServer, ...how, ...trust, ...places, ...driver], {
      env,
      detached: true,
      stdio: 'ignore',
    });
    const workbench = new Workbench(directory, server, port);
    await until(`code-server answers on ${String(port)}`, async () => {
      const answer = await fetch(`http://127.0.0.1:${String(port)}/healthz`).catch(() => undefined);
      return answer?.ok === true ? true : undefined;
    });
    return workbench;
  }

  /** A browser of its own with this folder open. */
  async open(folder: string, payload: readonly (readonly [string, string])[] = []): Promise<Window> {
    const context = await browserType.launchPersistentContext(mkdtempSync(join(this.directory, 'browser-')), {
      executablePath: chromium,
      headless: true,
      viewport: { width: 1280, height: 800 },
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    this.browsers.push(context);
    const page = context.pages()[0] ?? (await context.newPage());
    const query = new URLSearchParams({ folder });
    if (payload.length > 0) {
      query.set('payload', JSON.stringify(payload));
    }
    return new Window(page, `http://127.0.0.1:${String(this.port)}/?${query.toString()}`, artefacts);
  }

  /** A path of this machine as the workbench names it. */
  remote(path: string): string {
    return `vscode-remote://127.0.0.1:${String(this.port)}${path}`;
  }

  async stop(): Promise<void> {
    await Promise.all(this.browsers.map((browser) => browser.close()));
    const ended = once(this.server, 'exit');
    if (this.server.pid !== undefined && this.server.exitCode === null) {
      // The group: a plain kill leaves its extension host and file watchers behind.
      process.kill(-this.server.pid, 'SIGTERM');
      const forced = setTimeout(() => {
        process.kill(-(this.server.pid ?? 0), 'SIGKILL');
      }, 5000);
      await ended;
      clearTimeout(forced);
    }
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

function environment(directory: string): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(['PATH', 'LANG', 'TZ'].map((name) => [name, process.env[name]]));
  const home = join(directory, 'home');
  mkdirSync(home, { recursive: true });
  return {
    ...kept,
    HOME: home,
    XDG_CONFIG_HOME: join(directory, 'config'),
    XDG_DATA_HOME: join(directory, 'xdg'),
    XDG_STATE_HOME: join(directory, 'state'),
    XDG_CACHE_HOME: join(directory, 'cache'),
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Asks again until there is an answer. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  patience = PATIENCE_MS,
): Promise<T> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() > deadline) {
      throw new Error(`not within ${String(patience / 1000)} s: ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
