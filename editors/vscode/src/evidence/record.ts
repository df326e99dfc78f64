/**
 * The record of a task as a rendered preview, at the step that is cited.
 *
 * Invariant: only files named `record.md` or `answer.md` in a directory `tasks/NUMBER` are shown: a link in a hover is not trusted.
 */
import * as vscode from 'vscode';

export interface Cited {
  readonly path: string;
  /** One-based. */
  readonly line?: number;
}

const PAGE = /[\\/]tasks[\\/]\d+[\\/](?:record|answer)\.md$/;

export function isOurPage(path: string): boolean {
  return PAGE.test(path);
}

export async function showRecord(cited: Cited): Promise<void> {
  if (!isOurPage(cited.path)) {
    void vscode.window.showWarningMessage('Vouchsafe: this is not a page of a task.');
    return;
  }
  const file = vscode.Uri.file(cited.path);
  const fragment = cited.line === undefined ? '' : await headingAt(file, cited.line);
  await vscode.commands.executeCommand('markdown.showPreview', file.with({ fragment }));
}

/** The name under which the preview knows the heading at or above a line. */
async function headingAt(file: vscode.Uri, line: number): Promise<string> {
  const lines = new TextDecoder().decode(await vscode.workspace.fs.readFile(file)).split('\n');
  for (let at = Math.min(line, lines.length) - 1; at >= 0; at -= 1) {
    const heading = /^#{1,6} (.*)$/.exec(lines[at] ?? '');
    if (heading?.[1] !== undefined) {
      return slug(heading[1]);
    }
  }
  return '';
}

/** As the Markdown preview names headings. */
export function slug(heading: string): string {
  const kept = heading.trim().toLowerCase().replace(/\s+/g, '-');
  return kept.replace(/[^\p{L}\p{M}\p{N}\p{Pc}-]/gu, '').replace(/^-+/, '').replace(/-+$/, '');
}

/** Links into records, in the server's hovers, become the command that shows the preview. */
export function linkedAsCommands(hover: vscode.Hover): vscode.Hover {
  const contents = hover.contents.map((content) => {
    if (!(content instanceof vscode.MarkdownString)) {
      return content;
    }
    const text = new vscode.MarkdownString(content.value.replace(/\]\((file:\/\/[^)\s]+)\)/g, link));
    text.isTrusted = { enabledCommands: ['vouchsafe.editor.showRecord'] };
    return text;
  });
  return new vscode.Hover(contents, hover.range);
}

function link(whole: string, target: string): string {
  const uri = vscode.Uri.parse(target);
  const line = /^L(\d+)$/.exec(uri.fragment)?.[1];
  if (!isOurPage(uri.fsPath)) {
    return whole;
  }
  const cited: Cited = { path: uri.fsPath, ...(line === undefined ? {} : { line: Number(line) }) };
  const argument = encodeURIComponent(JSON.stringify([cited])).replace(/[()]/g, (mark) => (mark === '(' ? '%28' : '%29'));
  return `](command:vouchsafe.editor.showRecord?${argument})`;
}
