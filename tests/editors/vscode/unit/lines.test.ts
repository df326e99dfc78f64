/** Lines, and texts with changes made. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { Change } from '../../../../editors/vscode/src/protocol.ts';
import { linesOf, withChanges } from '../../../../editors/vscode/src/review/lines.ts';

function change(hunk: number, start: number, old: string, made: string): Change {
  return {
    task: 1,
    hunk,
    title: 'T',
    uri: 'file:///a',
    path: 'a',
    kind: 'text',
    state: 'pending',
    start_line: start,
    end_line: start + linesOf(old).length,
    old,
    new: made,
    what: '',
    protected: null,
    cites: [],
    record: null,
    line: null,
  };
}

test('lines keep their ends, of whatever kind', () => {
  assert.deepEqual(linesOf('a\nb\r\nc\rd'), ['a\n', 'b\r\n', 'c\r', 'd']);
  assert.deepEqual(linesOf('a\n\n'), ['a\n', '\n']);
  assert.deepEqual(linesOf(''), []);
});

test('changes are made where they stand, whatever their order and size', () => {
  const text = 'a\nb\nc\nd\n';
  const changes = [change(1, 0, 'a\n', 'A\nA\n'), change(2, 2, '', 'new\n'), change(3, 3, 'd\n', '')];
  assert.equal(withChanges(text, changes, 'theirs'), 'A\nA\nb\nnew\nc\n');
  assert.equal(withChanges(text, changes.toReversed(), 'theirs'), 'A\nA\nb\nnew\nc\n');
  assert.equal(withChanges(text, changes, 'mine'), text);
});

test('a conflict has what the task saw as its base, and changes of the same lines are made once', () => {
  const text = 'a\nmine\nc\n';
  const one = { ...change(1, 1, 'old\n', 'theirs\n'), mine: 'mine\n' };
  assert.equal(withChanges(text, [one], 'base'), 'a\nold\nc\n');
  assert.equal(withChanges(text, [one, { ...one, hunk: 2 }], 'theirs'), 'a\ntheirs\nc\n');
});

test('a text without a last line end can be appended to', () => {
  assert.equal(withChanges('a', [change(1, 1, '', 'b')], 'theirs'), 'ab');
});
