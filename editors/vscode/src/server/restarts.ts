/**
 * How long to wait before the server is started again after it ended by itself.
 *
 * Invariants
 * - Each wait is twice the one before; after the last one it stays down until the user starts it.
 * - A server that ran for a while has its waits anew.
 */

const WAITS_MS: readonly number[] = [250, 500, 1000, 2000, 4000];
/** After running this long an end is a new trouble, not more of the old one. */
const STEADY_MS = 60_000;

export class Restarts {
  private ends = 0;
  /** When it last came up; undefined: it never did since it last ended. */
  private startedAt: number | undefined;

  started(now: number): void {
    this.startedAt = now;
  }

  /** The wait before the next start in milliseconds; undefined: do not start again. */
  ended(now: number): number | undefined {
    if (this.startedAt !== undefined && now - this.startedAt >= STEADY_MS) {
      this.ends = 0;
    }
    this.startedAt = undefined;
    const wait = WAITS_MS[this.ends];
    this.ends += 1;
    return wait;
  }

  reset(): void {
    this.ends = 0;
  }
}
