/**
 * Where the server program is.
 *
 * Invariants
 * - In this order: the user's setting, the one inside of the extension, the one in PATH.
 * - A setting that leads nowhere is an error, never silently another program.
 * - A workspace cannot name the program: the setting has machine scope.
 */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

export const PROGRAM = process.platform === 'win32' ? 'vouchsafe.exe' : 'vouchsafe';

export type Found =
  | { readonly kind: 'found'; readonly path: string; readonly from: 'setting' | 'extension' | 'PATH' }
  | { readonly kind: 'missing'; readonly why: string };

export interface Places {
  /** The value of the setting, empty if it is not set. */
  readonly setting: string;
  readonly extension: string;
  readonly path: string;
}

export async function findServer(places: Places): Promise<Found> {
  const set = places.setting.trim();
  if (set !== '') {
    return fromSetting(set.startsWith('~/') ? join(homedir(), set.slice(2)) : set);
  }
  const bundled = join(places.extension, 'server', PROGRAM);
  if (await isProgram(bundled)) {
    return { kind: 'found', path: bundled, from: 'extension' };
  }
  for (const directory of places.path.split(delimiter).filter(isAbsolute)) {
    const candidate = join(directory, PROGRAM);
    if (await isProgram(candidate)) {
      return { kind: 'found', path: candidate, from: 'PATH' };
    }
  }
  return {
    kind: 'missing',
    why: `The program "${PROGRAM}" is neither in this extension nor in your PATH.`,
  };
}

async function fromSetting(path: string): Promise<Found> {
  if (!isAbsolute(path)) {
    return { kind: 'missing', why: `The setting vouchsafe.server.path must be a full path, not "${path}".` };
  }
  return (await isProgram(path))
    ? { kind: 'found', path, from: 'setting' }
    : { kind: 'missing', why: `The setting vouchsafe.server.path names "${path}", which is not a program.` };
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
