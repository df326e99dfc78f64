/** Texts as lines, the way the server counts them: ended by `\n`, `\r\n` or `\r`. */

import type { Change } from '../protocol';

/** The lines of a text with their ends; the last one may have none. */
export function linesOf(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];
}

export type Side = 'base' | 'mine' | 'theirs';

/** What takes the place of a change's lines; `mine` leaves what stands there. */
function side(change: Change, wanted: Side): string | undefined {
  switch (wanted) {
    case 'base':
      return change.old ?? undefined;
    case 'theirs':
      return change.new ?? undefined;
    case 'mine':
      return undefined;
  }
}

/** A text with some changes of its lines made. Changes of the same lines (a conflict of several) are made once. */
export function withChanges(text: string, changes: readonly Change[], wanted: Side): string {
  const lines = linesOf(text);
  const ofLines = changes.filter((change) => change.kind === 'text');
  // From the end, so that the lines above keep their numbers.
  const fromEnd = [...ofLines].sort((a, b) => b.start_line - a.start_line || b.hunk - a.hunk);
  let upTo = Number.POSITIVE_INFINITY;
  for (const change of fromEnd) {
    const replacement = side(change, wanted);
    if (replacement === undefined || (change.end_line > upTo && change.start_line < change.end_line)) {
      continue;
    }
    lines.splice(change.start_line, change.end_line - change.start_line, ...linesOf(replacement));
    upTo = change.start_line;
  }
  return lines.join('');
}
