/** One window of the workbench, by what a user sees and does in it. */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { format } from 'node:util';
import type { Locator, Page } from 'playwright-core';

/** A loaded machine is slow; nothing waits longer than it must. */
const PATIENCE_MS = 60_000;

export class Window {
  readonly page: Page;
  private readonly address: string;
  private readonly artefacts: string;

  constructor(page: Page, address: string, artefacts: string) {
    this.page = page;
    this.address = address;
    this.artefacts = artefacts;
    page.setDefaultTimeout(PATIENCE_MS);
  }

  /** Loads the workbench and waits for it to take input. */
  async load(): Promise<this> {
    await this.page.goto(this.address);
    await this.page.locator('.monaco-workbench').waitFor();
    await this.page.locator('.statusbar').waitFor();
    return this;
  }

  /** Loads a workbench that runs tests in its extension host, and waits for their end. */
  async runTests(): Promise<{ code: number; log: string }> {
    const lines: string[] = [];
    let ended: (code: number) => void = () => undefined;
    const code = new Promise<number>((resolve) => {
      ended = resolve;
    });
    await this.page.exposeFunction('codeAutomationLog', (_kind: string, parts: unknown[]) => {
      lines.push(format(...parts));
    });
    await this.page.exposeFunction('codeAutomationExit', ended);
    await this.page.goto(this.address);
    return { code: await code, log: lines.join('\n') };
  }

  /** Waits until the server runs, as the status bar says. */
  async ready(): Promise<this> {
    await this.status('Vouchsafe: new task').waitFor();
    return this;
  }

  /** Our item in the status bar with this label for screen readers. */
  status(label: string | RegExp): Locator {
    return this.page.locator('.statusbar').getByRole('button', { name: label });
  }

  /** Opens the quick input by a key and fills it. What else takes the focus meanwhile closes it: then once more. */
  private async ask(key: string, text: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    const input = this.page.locator('.quick-input-widget input[type="text"]').first();
    for (;;) {
      await this.press(key);
      try {
        await input.fill(text, { timeout: 3000 });
        return;
      } catch (error) {
        if (Date.now() > deadline) {
          throw error;
        }
      }
    }
  }

  /** Runs a command through the palette, as a user does. */
  async command(title: string): Promise<void> {
    await this.ask('F1', `>${title}`);
    await this.quickPick(title).waitFor();
    await this.press('Enter');
  }

  /** Opens a file of the folder by its name. A file that was just made is not in the index at once: then once more. */
  async file(name: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    const list = this.page.locator('.quick-input-list');
    const row = list.getByRole('option', { name: new RegExp(`^${basename(name).replaceAll('.', '\\.')}`) }).first();
    const tab = this.page.locator('.tabs-container').getByRole('tab', { name, selected: true });
    for (;;) {
      await this.ask('Control+p', name);
      try {
        await row.click({ timeout: 5000 });
        await tab.waitFor({ timeout: 5000 });
        break;
      } catch (error) {
        if (Date.now() > deadline) {
          throw error;
        }
        // An open list keeps what it found.
        await this.press('Escape');
      }
    }
    await this.page.locator('.editor-instance .view-line').first().waitFor();
  }

  tab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container').getByRole('tab', { name });
  }

  quickPick(text: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();
  }

  /** Chooses a row of the open quick pick. */
  async pick(text: string): Promise<void> {
    await this.quickPick(text).click();
  }

  /** Starts a recipe through *New Task*. */
  async start(title: string): Promise<void> {
    await this.command('Vouchsafe: New Task');
    await this.pick(title);
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  /** A row of the view *Review* by what a screen reader says of it. */
  row(label: string | RegExp): Locator {
    return this.page.locator('.pane-body').getByRole('treeitem', { name: label });
  }

  async showView(): Promise<void> {
    await this.command('Vouchsafe: Focus on Review View');
    await this.page.locator('.sidebar .composite.title').filter({ hasText: 'Vouchsafe' }).waitFor();
  }

  /** The text of a line of the active editor. */
  line(text: string): Locator {
    return this.page.locator('.editor-instance .view-line').filter({ hasText: text });
  }

  /** A line on the new side of a diff editor. */
  changed(text: string): Locator {
    return this.page.locator('.monaco-diff-editor .modified .view-line').filter({ hasText: text }).first();
  }

  /** A row of the open list of code actions. */
  action(title: string): Locator {
    return this.page.locator('.action-widget .monaco-list-row').filter({ hasText: title }).first();
  }

  async goToLine(line: number): Promise<void> {
    await this.ask('Control+g', `:${String(line)}`);
    await this.press('Enter');
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  /** Shows the hover of the line with the cursor, by its keys. */
  async hover(): Promise<void> {
    await this.press('Control+k');
    await this.press('Control+i');
  }

  /** A text in the rendered Markdown preview. */
  preview(text: string): Locator {
    return this.page.frameLocator('iframe.webview').frameLocator('iframe').getByText(text).first();
  }

  /** Waits until the keyboard is at a row of a tree. */
  async focused(row: Locator): Promise<void> {
    await row.and(this.page.locator('.monaco-list-row.focused')).waitFor();
  }

  /** What stands behind the lines of the editor; it is in no element, only in their style. */
  async behindLines(): Promise<string> {
    const spans = this.page.locator('.editor-instance .view-line span');
    const texts = await spans.evaluateAll((all) => all.map((one) => getComputedStyle(one, '::after').content));
    return texts.join(' ').replaceAll('\u00a0', ' ');
  }

  /** How many buttons of ours a screen reader has no name for. */
  async unnamed(): Promise<number> {
    const places = '.sidebar .title-actions, .sidebar .monaco-list-row, .statusbar-item[id^="vouchsafe"]';
    const buttons = this.page.locator(places).locator('a[role="button"], [role="treeitem"]');
    const named = await buttons.evaluateAll((all) =>
      all.map((one) => (one.getAttribute('aria-label') ?? one.textContent ?? '').trim()),
    );
    return named.filter((name) => name === '').length;
  }

  /** Runs a test; if it fails, what the user saw last is kept. */
  async seen(name: string, test: () => Promise<void>): Promise<void> {
    try {
      await test();
    } catch (error) {
      await this.screenshot(`${name}-failed`);
      throw error;
    }
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(this.artefacts, { recursive: true });
    await this.page.screenshot({ path: join(this.artefacts, `${name}.png`) });
  }
}
