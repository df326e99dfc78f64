/**
 * Help while writing `.vouchsafe.toml` and the user's `config.toml`: what may be set, what it means, what cannot be.
 *
 * It needs no other extension. For those who have one for TOML, package.json offers it the same schemas.
 */
import * as vscode from 'vscode';

import project from '../../schemas/project.schema.json';
import user from '../../schemas/user.schema.json';
import { below, explained, isTable, words, wrong, type Schema } from './schema';
import { entries, parts, tableAt, type Entry, type Path } from './toml';

const FILES: readonly [string, Schema][] = [
  ['**/.vouchsafe.toml', project],
  ['**/vouchsafe/config.toml', user],
];

export function registerHelp(): vscode.Disposable[] {
  return FILES.flatMap(([pattern, schema]): vscode.Disposable[] => {
    const selector = { scheme: 'file', pattern };
    return [
      vscode.languages.registerCompletionItemProvider(selector, { provideCompletionItems: completer(schema) }, '[', '.', '=', ' '),
      vscode.languages.registerHoverProvider(selector, { provideHover: hoverer(schema) }),
      check(selector, schema),
    ];
  });
}

function completer(schema: Schema) {
  return (document: vscode.TextDocument, at: vscode.Position): vscode.CompletionItem[] => {
    const before = document.lineAt(at.line).text.slice(0, at.character);
    const table = tableAt(entries(document.getText()), at.line);
    const header = /^\s*\[+\s*([^\]]*)$/.exec(before)?.[1];
    if (header !== undefined) {
      return named(schema, parts(header.replace(/[^.]*$/, '')), true);
    }
    const [, key, value] = /^\s*([\w."'-]+?)\s*=\s*(\S*)$/.exec(before) ?? [];
    if (key !== undefined && value !== undefined) {
      return values(below(schema, [...table, ...parts(key)]), value);
    }
    const dotted = /^\s*([\w."'-]*)$/.exec(before)?.[1];
    return dotted === undefined ? [] : named(schema, [...table, ...parts(dotted.replace(/[^.]*$/, ''))], false);
  };
}

/** What may stand below a table: other tables in a header, keys elsewhere. */
function named(schema: Schema, table: Path, tables: boolean): vscode.CompletionItem[] {
  const here = below(schema, table);
  const found = Object.entries(here?.properties ?? {}).filter(([, one]) => !tables || isTable(one));
  return found.map(([name, one]) => {
    const kind = isTable(one) ? vscode.CompletionItemKind.Module : vscode.CompletionItemKind.Property;
    const item = new vscode.CompletionItem(name, kind);
    item.documentation = new vscode.MarkdownString(explained(one));
    if (!tables && !isTable(one)) {
      item.insertText = new vscode.SnippetString(`${name} = ${opening(one)}`);
    }
    return item;
  });
}

/** What a value of this kind begins with. */
function opening(schema: Schema): string {
  const choices = words(schema);
  if (choices.length > 0) {
    return `"\${1|${choices.join(',')}|}"`;
  }
  switch (schema.type) {
    case 'array':
      return '["$1"]';
    case 'string':
      return '"$1"';
    case 'boolean':
      return '${1|true,false|}';
    default:
      return schema.default === undefined ? '$1' : `\${1:${JSON.stringify(schema.default)}}`;
  }
}

function values(schema: Schema | undefined, written: string): vscode.CompletionItem[] {
  if (schema === undefined) {
    return [];
  }
  const quoted = words(schema).map((word) => (written.startsWith('"') ? word : `"${word}"`));
  const all = schema.type === 'boolean' ? ['true', 'false'] : quoted;
  return all.map((value) => new vscode.CompletionItem(value, vscode.CompletionItemKind.EnumMember));
}

function hoverer(schema: Schema) {
  return (document: vscode.TextDocument, at: vscode.Position): vscode.Hover | undefined => {
    const entry = entries(document.getText()).find(
      (one) => one.line === at.line && one.start <= at.character && at.character <= one.end,
    );
    const found = entry && below(schema, entry.path);
    return entry && found && new vscode.Hover(new vscode.MarkdownString(explained(found)), rangeOf(entry));
  };
}

function rangeOf(entry: Entry): vscode.Range {
  return new vscode.Range(entry.line, entry.start, entry.line, entry.end);
}

/** Keeps the problems of open configuration files. */
function check(selector: vscode.DocumentFilter & { pattern: string }, schema: Schema): vscode.Disposable {
  const problems = vscode.languages.createDiagnosticCollection(`vouchsafe ${selector.pattern}`);
  const look = (document: vscode.TextDocument): void => {
    if (vscode.languages.match(selector, document) > 0) {
      problems.set(document.uri, entries(document.getText()).flatMap((entry) => problem(schema, entry) ?? []));
    }
  };
  vscode.workspace.textDocuments.forEach(look);
  return vscode.Disposable.from(
    problems,
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument((change) => {
      look(change.document);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      problems.delete(document.uri);
    }),
  );
}

function problem(schema: Schema, entry: Entry): vscode.Diagnostic | undefined {
  const name = entry.path.join('.');
  const known = below(schema, entry.path);
  const says = known === undefined ? notThere(schema, entry.path) : wrong(known, entry.value);
  if (says === undefined) {
    return undefined;
  }
  const found = new vscode.Diagnostic(rangeOf(entry), `${name} ${says}`, vscode.DiagnosticSeverity.Warning);
  found.source = 'vouchsafe';
  return found;
}

function notThere(schema: Schema, path: Path): string {
  return schema !== user && below(user, path) !== undefined
    ? 'is for your own configuration, not for that of a project'
    : 'is not a key of Vouchsafe';
}
