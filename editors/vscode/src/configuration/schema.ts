/** The schema of the configuration, as the server made it, and what it says about one key. */
import type { Path } from './toml';

export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly oneOf?: readonly { readonly const?: unknown; readonly description?: string }[];
}

/** What is known of a key; undefined: there is no such key. */
export function below(schema: Schema, path: Path): Schema | undefined {
  const [first, ...rest] = path;
  if (first === undefined) {
    return schema;
  }
  const any = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  const next = schema.properties?.[first] ?? any;
  return next && below(next, rest);
}

export function isTable(schema: Schema): boolean {
  return schema.properties !== undefined || typeof schema.additionalProperties === 'object';
}

export function words(schema: Schema): string[] {
  return (schema.oneOf ?? []).map((option) => option.const).filter((word) => typeof word === 'string');
}

/** What is wrong with a value as it is written, if that can be told from its one line. */
export function wrong(schema: Schema, value: string): string | undefined {
  if (value === '') {
    return undefined;
  }
  const choices = words(schema);
  if (choices.length > 0) {
    const isOne = choices.some((word) => value === `"${word}"` || value === `'${word}'`);
    return isOne ? undefined : `must be one of ${choices.map((word) => `"${word}"`).join(', ')}`;
  }
  switch (schema.type) {
    case 'boolean':
      return /^(true|false)$/.test(value) ? undefined : 'must be true or false';
    case 'integer':
      return outOfRange(schema, value);
    case 'string':
      return /^["']/.test(value) ? undefined : 'must be a text';
    case 'array':
      return value.startsWith('[') ? undefined : 'must be a list';
    default:
      return undefined;
  }
}

function outOfRange(schema: Schema, value: string): string | undefined {
  if (!/^\+?\d[\d_]*$/.test(value)) {
    // Other ways to write a number exist; the server knows them all.
    return /^[0-9+-]/.test(value) ? undefined : 'must be a whole number';
  }
  const number = Number(value.replaceAll('_', ''));
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema;
  const fits = minimum <= number && number <= maximum;
  return fits ? undefined : `must be from ${String(minimum)} to ${String(maximum)}`;
}

/** What a hover says of a key. */
export function explained(schema: Schema): string {
  const lines = [schema.description ?? ''];
  if (schema.minimum !== undefined && schema.maximum !== undefined) {
    lines.push(`From ${String(schema.minimum)} to ${String(schema.maximum)}.`);
  }
  for (const option of schema.oneOf ?? []) {
    lines.push(`- \`"${String(option.const)}"\`: ${option.description ?? ''}`);
  }
  if (schema.default !== undefined) {
    lines.push(`Default: \`${JSON.stringify(schema.default)}\`.`);
  }
  return lines.filter((line) => line !== '').join('\n\n');
}
