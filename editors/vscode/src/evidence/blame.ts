/** Marks in the gutter and at the end of the line for lines that tasks made; shown where the user asked for it. */
import * as vscode from 'vscode';

import type { MadeLines } from '../protocol';
import type { Server } from '../server/server';
import type { Store } from '../review/store';
import { told } from '../told';

export class Blame implements vscode.Disposable {
  private readonly shown = new Set<string>();
  private readonly lines: vscode.TextEditorDecorationType;
  private readonly firstLines: vscode.TextEditorDecorationType;
  private readonly following: vscode.Disposable[];

  constructor(
    private readonly server: Server,
    store: Store,
    context: vscode.ExtensionContext,
  ) {
    this.lines = vscode.window.createTextEditorDecorationType({
      gutterIconPath: context.asAbsolutePath('media/made.svg'),
      gutterIconSize: 'contain',
      isWholeLine: true,
      overviewRulerColor: new vscode.ThemeColor('charts.blue'),
      overviewRulerLane: vscode.OverviewRulerLane.Left,
    });
    this.firstLines = vscode.window.createTextEditorDecorationType({
      after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 2em' },
    });
    const redraw = (): void => {
      this.redraw();
    };
    this.following = [store.onDidChange(redraw), vscode.window.onDidChangeVisibleTextEditors(redraw)];
  }

  async toggle(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) {
      return;
    }
    const name = editor.document.uri.toString();
    if (this.shown.delete(name)) {
      this.clear(editor);
      return;
    }
    this.shown.add(name);
    if ((await this.draw(editor)) === 0) {
      void vscode.window.showInformationMessage(
        'Vouchsafe: no task made a line of this file, as far as this session knows.',
      );
    }
  }

  dispose(): void {
    this.following.forEach((one) => {
      one.dispose();
    });
    this.lines.dispose();
    this.firstLines.dispose();
  }

  private redraw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (this.shown.has(editor.document.uri.toString()) && this.server.running !== undefined) {
        void this.draw(editor);
      }
    }
  }

  private clear(editor: vscode.TextEditor): void {
    editor.setDecorations(this.lines, []);
    editor.setDecorations(this.firstLines, []);
  }

  private async draw(editor: vscode.TextEditor): Promise<number> {
    const asked = this.server.execute<MadeLines[]>('vouchsafe.blame', { uri: editor.document.uri.toString() });
    const made = (await told(asked)) ?? [];
    editor.setDecorations(this.lines, made.map((lines) => ({ range: range(lines), hoverMessage: sentence(lines) })));
    const first = made.map((lines) => ({
      range: editor.document.lineAt(Math.min(lines.start_line, editor.document.lineCount - 1)).range,
      renderOptions: { after: { contentText: sentence(lines) } },
    }));
    editor.setDecorations(this.firstLines, first);
    return made.length;
  }
}

function range(lines: MadeLines): vscode.Range {
  return new vscode.Range(lines.start_line, 0, Math.max(lines.end_line - 1, lines.start_line), 0);
}

function sentence(lines: MadeLines): string {
  const [cite] = lines.cites;
  const command = cite === undefined ? '' : `: ${cite.command} → ${cite.exit}`;
  return `task ${String(lines.task)}${command}`;
}
