/**
 * Makes `contributes.configuration` in package.json from the server's schema; with `--check` only says whether it is current.
 *
 * All of it has machine scope: a workspace cannot set what is the user's, and has `.vouchsafe.toml` for the rest.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const home = new URL('../', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('schemas/user.schema.json', home), 'utf8'));
const manifestFile = new URL('package.json', home);
const text = readFileSync(manifestFile, 'utf8');
const manifest = JSON.parse(text);

/** The settings of the extension itself; the server is never sent these. */
const own = {
  'vouchsafe.server.path': {
    type: 'string',
    default: '',
    scope: 'machine',
    order: 0,
    markdownDescription:
      'Full path of the server program. Empty: the one inside of this extension, else `vouchsafe` from your `PATH`.',
  },
};

function setting(key, found) {
  const { description, default: fallback, oneOf, ...rest } = found;
  const kept = Object.fromEntries(
    Object.entries(rest).filter(([name]) => !name.startsWith('x-') && name !== 'format'),
  );
  const words = oneOf?.map((option) => option.const);
  return {
    ...kept,
    ...(words === undefined
      ? {}
      : { type: 'string', enum: words, enumDescriptions: oneOf.map((option) => option.description ?? '') }),
    scope: 'machine',
    markdownDescription: description,
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}

function title(name) {
  return name[0].toUpperCase() + name.slice(1);
}

const properties = { ...own };
const groups = [];
for (const [name, section] of Object.entries(schema.properties)) {
  if (name === 'server' || name === 'trace' || name === 'editor') {
    throw new Error(`the server has a section "${name}", which is the extension's own`);
  }
  const below = section.properties;
  if (below === undefined) {
    properties[`vouchsafe.${name}`] = setting(name, section);
  } else {
    const settings = Object.entries(below).map(([key, found]) => [`vouchsafe.${name}.${key}`, setting(key, found)]);
    groups.push({ title: title(name), properties: Object.fromEntries(settings) });
  }
}
manifest.contributes.configuration = [{ title: 'Vouchsafe', properties }, ...groups];
const made = `${JSON.stringify(manifest, undefined, 2)}\n`;

if (process.argv.includes('--check')) {
  if (made !== text) {
    console.error('package.json has settings that are not those of the schema: npm run settings');
    process.exit(1);
  }
} else {
  writeFileSync(manifestFile, made);
}
