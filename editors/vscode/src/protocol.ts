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
  /** `recipe`, or the kind of a task that a model carries out. Older servers do not say. */
  readonly kind?: string;
  /** The page with what a model said last. */
  readonly answer?: string | null;
  readonly phase: 'queued' | 'running' | 'ended';
  readonly step: string | null;
  readonly waiting: number;
  readonly conflicts: number;
  readonly record: string | null;
}

/** A claim of a task about its work, or something else that it is good to know. */
export interface Finding {
  readonly task: number;
  readonly note: number;
  readonly uri: string | null;
  readonly start_line: number;
  readonly end_line: number;
  readonly severity: 'error' | 'warning' | 'information' | null;
  readonly code: string;
  readonly message: string;
  readonly claim: {
    readonly quote: string;
    readonly verdict: 'verified' | 'unverified' | 'contradicted';
    readonly because: string;
  } | null;
  readonly checkable: boolean;
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
  | 'vouchsafe.findings'
  | 'vouchsafe.checkClaim'
  | 'vouchsafe.showFinding'
  | 'vouchsafe.dismissFinding'
  | 'vouchsafe.message'
  | 'vouchsafe.followUp'
  | 'vouchsafe.showAnswer'
  | 'vouchsafe.setUpModel'
  | 'vouchsafe.setKey';

/** The commands that change nothing. */
export const LISTINGS: readonly ServerCommand[] = [
  'vouchsafe.review',
  'vouchsafe.tasks',
  'vouchsafe.blame',
  'vouchsafe.findings',
];

/** Whether a model carries a task out. */
export function isOfModel(task: Task): boolean {
  return task.kind !== undefined && task.kind !== 'recipe';
}

/** The task of a progress token of the server, `vouchsafe/task/3`. */
export function taskOfToken(token: number | string): number | undefined {
  const found = /^vouchsafe\/task\/(\d+)$/.exec(String(token));
  return found?.[1] === undefined ? undefined : Number(found[1]);
}

export function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}
