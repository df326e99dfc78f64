/** What is read from a TOML file, and what is said about a value. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { below, wrong, type Schema } from '../../../../editors/vscode/src/configuration/schema.ts';
import { entries, tableAt } from '../../../../editors/vscode/src/configuration/toml.ts';

const TEXT = `log = "warn" # loud
[limits]
memory_mib = 1_024
[recipes."a b"]
run = [
  "x = 1",  # ]
  "[limits]",
]
title = """
[not.a.table]
key = 1
"""
when.globs = ['*.txt']
`;

test('tables and keys are found, and nothing inside of texts and lists', () => {
  const found = entries(TEXT).map((entry) => `${String(entry.line)} ${entry.kind} ${entry.path.join('/')} ${entry.value}`);
  assert.deepEqual(found, [
    '0 key log "warn"',
    '1 table limits ',
    '2 key limits/memory_mib 1_024',
    '3 table recipes/a b ',
    '4 key recipes/a b/run [',
    '8 key recipes/a b/title """',
    "12 key recipes/a b/when/globs ['*.txt']",
  ]);
  assert.deepEqual(tableAt(entries(TEXT), 2), ['limits']);
  assert.deepEqual(tableAt(entries(TEXT), 0), []);
});

test('a key is known by its path, those of a table of things by any name', () => {
  const schema: Schema = {
    properties: {
      limits: { properties: { memory_mib: { type: 'integer' } } },
      recipes: { additionalProperties: { properties: { run: { type: 'array' } } } },
    },
  };
  assert.equal(below(schema, ['limits', 'memory_mib'])?.type, 'integer');
  assert.equal(below(schema, ['recipes', 'mine', 'run'])?.type, 'array');
  assert.equal(below(schema, ['limits', 'nothing']), undefined);
});

test('a value is called wrong only where that is certain', () => {
  const number: Schema = { type: 'integer', minimum: 64, maximum: 4096 };
  assert.equal(wrong(number, '1_024'), undefined);
  assert.equal(wrong(number, '0xFFF'), undefined);
  assert.match(wrong(number, '63') ?? '', /from 64 to 4096/);
  assert.match(wrong(number, '"64"') ?? '', /whole number/);
  const level: Schema = { oneOf: [{ const: 'off' }, { const: 'warn' }] };
  assert.equal(wrong(level, "'warn'"), undefined);
  assert.match(wrong(level, '"wran"') ?? '', /one of "off", "warn"/);
  assert.equal(wrong({ type: 'array' }, '['), undefined);
  assert.match(wrong({ type: 'boolean' }, '"true"') ?? '', /true or false/);
});
