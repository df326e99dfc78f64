/**
 * What stands where in a TOML file: enough for help while writing, line by line.
 *
 * Invariants
 * - A line that is not understood is passed over: nothing is called wrong that may be right.
 * - Texts and lists of several lines are passed over as a whole.
 *
 * Absent on purpose
 * - Reading values: the server reads the file, and says what is wrong with it as a whole.
 */

export type Path = readonly string[];

/** A key that is set, or a table that is begun, and where its name stands. */
export interface Entry {
  readonly kind: 'table' | 'key';
  readonly path: Path;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** What stands behind `=`, without a comment; of several lines the first. */
  readonly value: string;
}

const NAME = String.raw`(?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')`;
const DOTTED = String.raw`${NAME}(?:\s*\.\s*${NAME})*`;
const TABLE = new RegExp(String.raw`^(\s*\[\[?\s*)(${DOTTED})\s*\]\]?\s*(?:#.*)?$`);
const KEY = new RegExp(String.raw`^(\s*)(${DOTTED})\s*=\s*(.*)$`);

/** `recipes."a b".run` as its parts. */
export function parts(dotted: string): Path {
  const names = dotted.match(new RegExp(NAME, 'g')) ?? [];
  return names.map((name) => name.replace(/^["']|["']$/g, ''));
}

export function entries(text: string): Entry[] {
  const found: Entry[] = [];
  const open = new Open();
  let table: Path = [];
  for (const [line, content] of text.split(/\r\n|\n/).entries()) {
    if (open.isOpen) {
      open.read(content);
      continue;
    }
    const header = TABLE.exec(content);
    const key = header === null ? KEY.exec(content) : null;
    const [, before, name] = header ?? key ?? [];
    if (before === undefined || name === undefined) {
      continue;
    }
    const at = { line, start: before.length, end: before.length + name.length };
    if (header !== null) {
      table = parts(name);
      found.push({ kind: 'table', path: table, value: '', ...at });
    } else {
      const value = key?.[3] ?? '';
      open.read(value);
      found.push({ kind: 'key', path: [...table, ...parts(name)], value: withoutComment(value), ...at });
    }
  }
  return found;
}

/** The table that a line is in. */
export function tableAt(all: readonly Entry[], line: number): Path {
  return all.findLast((entry) => entry.kind === 'table' && entry.line < line)?.path ?? [];
}

function withoutComment(value: string): string {
  const token = /^(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^#])*/.exec(value);
  return (token?.[0] ?? value).trim();
}

/** Whether a text or a list goes on in the next line. */
class Open {
  private depth = 0;
  private quote: string | undefined;

  get isOpen(): boolean {
    return this.depth > 0 || this.quote !== undefined;
  }

  read(content: string): void {
    let rest = content;
    while (rest !== '') {
      rest = this.quote === undefined ? this.outside(rest) : this.inside(rest, this.quote);
    }
  }

  private inside(rest: string, quote: string): string {
    const end = rest.indexOf(quote);
    if (end < 0) {
      return '';
    }
    this.quote = undefined;
    return rest.slice(end + quote.length);
  }

  private outside(rest: string): string {
    const [token] = /^(?:"""|'''|"(?:[^"\\]|\\.)*"|'[^']*'|#.*|.)/.exec(rest) ?? [''];
    if (token === '"""' || token === "'''") {
      this.quote = token;
    } else if (token === '[' || token === '{') {
      this.depth += 1;
    } else if (token === ']' || token === '}') {
      this.depth = Math.max(this.depth - 1, 0);
    }
    return rest.slice(Math.max(token.length, 1));
  }
}
