/**
 * The settings that the server gets: those of its own schema that the user has set.
 *
 * Invariants
 * - Only what the user set is sent, so the server's defaults and the user's own file keep their place.
 * - Settings of a workspace are never sent: a project has `.vouchsafe.toml`, which the server does not trust.
 */
import { workspace } from 'vscode';

import schema from '../../schemas/user.schema.json';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

/** The names of the server's settings, as `limits.memory_mib`. */
export function serverKeys(): string[] {
  const keys: string[] = [];
  for (const [name, section] of Object.entries((schema as Schema).properties ?? {})) {
    const below = Object.keys(section.properties ?? {});
    keys.push(...(below.length === 0 ? [name] : below.map((key) => `${name}.${key}`)));
  }
  return keys;
}

export function serverSettings(): Record<string, unknown> {
  const settings: Record<string, unknown> = {};
  const configuration = workspace.getConfiguration('vouchsafe');
  for (const key of serverKeys()) {
    const value: unknown = configuration.inspect(key)?.globalValue;
    if (value !== undefined) {
      put(settings, key.split('.'), value);
    }
  }
  return { vouchsafe: settings };
}

function put(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first, ...rest] = path;
  if (first === undefined) {
    return;
  }
  if (rest.length === 0) {
    into[first] = value;
    return;
  }
  const below = (into[first] ??= {}) as Record<string, unknown>;
  put(below, rest, value);
}
