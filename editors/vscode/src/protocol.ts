/** What the server answers to its commands; docs/protocol.md has the fields. A field this does not name is ignored. */

/** One open change. */
export interface Change {
  readonly task: number;
  readonly hunk: number;
  readonly title: string;
  /** The document it is shown in. */
  readonly uri: string;
  /** The file it is about, relative to the workspace root. */
  readonly path: string;
  readonly kind: 'text' | 'create' | 'delete' | 'rename' | 'binary' | 'mode' | 'symlink' | 'replace';
  readonly state: 'pending' | 'conflict';
  /** Zero-based, half open. */
  readonly start_line: number;
  readonly end_line: number;
  readonly old: string | null;
  readonly new: string | null;
  /** Only in a conflict: what stands there now, and why it is one. */
  readonly mine?: string;
  readonly reason?: string;
  readonly what: string;
  readonly protected: string | null;
  readonly cites: readonly Cite[];
  readonly record: string | null;
  /** One-based, in the record. */
  readonly line: number | null;
}

/** A step that made a change. */
export interface Cite {
  readonly step: number;
  readonly command: string;
  readonly exit: string;
  readonly line: number;
}

export interface Task {
  readonly task: number;
  readonly title: string;
  readonly phase: 'queued' | 'running' | 'ended';
  readonly step: string | null;
  readonly waiting: number;
  readonly conflicts: number;
  readonly record: string | null;
}

/** Lines that an accepted change made. */
export interface MadeLines {
  readonly start_line: number;
  readonly end_line: number;
  readonly task: number;
  readonly hunk: number;
  readonly title: string;
  readonly cites: readonly Cite[];
  readonly record: string | null;
  readonly line: number | null;
}

/** What a decision is about: one change, those of a document, or all of a task. */
export interface Pick {
  readonly task: number;
  readonly hunk?: number;
  readonly uri?: string;
}

/** The commands of the server that this extension sends. */
export type ServerCommand =
  | 'vouchsafe.start'
  | 'vouchsafe.cancel'
  | 'vouchsafe.accept'
  | 'vouchsafe.reject'
  | 'vouchsafe.tasks'
  | 'vouchsafe.review'
  | 'vouchsafe.blame'
  | 'vouchsafe.setKey';

/** The task of a progress token of the server, `vouchsafe/task/3`. */
export function taskOfToken(token: number | string): number | undefined {
  const found = /^vouchsafe\/task\/(\d+)$/.exec(String(token));
  return found?.[1] === undefined ? undefined : Number(found[1]);
}

export function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}
