import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { accessSchema } from '../src/config/access-schema.ts';
import { identitySchema } from '../src/config/identity-schema.ts';
import { environmentName, flagName, OPTION_KEYS, type OptionKey, optionRow } from '../src/config/options.ts';
import { PROBLEMS } from '../src/lib/problems.ts';
import { apiPage } from './api-page.ts';
import { identityPage } from './identity-page.ts';

/** Pages that state what tables in the code hold. `--check` compares and changes nothing. */
const PAGES: ReadonlyArray<{ file: string; write: () => string }> = [
  { file: 'docs/reference/configuration.md', write: configurationPage },
  { file: 'docs/reference/problems.md', write: problemsPage },
  { file: 'docs/reference/vitrine.example.yaml', write: exampleFile },
  { file: 'docs/reference/access.schema.json', write: () => `${JSON.stringify(accessSchema(), null, 2)}\n` },
  { file: 'docs/reference/identity.schema.json', write: () => `${JSON.stringify(identitySchema(), null, 2)}\n` },
  { file: 'docs/reference/identity.md', write: identityPage },
  { file: 'docs/reference/api.md', write: apiPage },
];

const root = join(import.meta.dirname, '..');
const differing = PAGES.filter(({ file, write }) => read(join(root, file)) !== write());

if (process.argv.includes('--check')) {
  for (const { file } of differing) console.error(`${file} differs from the tables in the code; run "npm run docs".`);
  if (differing.length > 0) process.exitCode = 1;
} else {
  for (const { file, write } of differing) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), write());
    console.log(`wrote ${file}`);
  }
}

function read(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

function configurationPage(): string {
  const sections = groups().map(([group, keys]) => [`## ${group}`, ...keys.map(optionEntry)].join('\n\n'));
  return `${[
    '<!-- Written by tools/generate-docs.ts from src/config/options.ts. -->',
    '# Configuration',
    'You can give every option as a flag, in the environment, in an env file that `--env-file` names, or in a YAML file that `--config` names. A flag wins over the environment, ' +
      'the environment over the env file, that over the YAML file, the file over the default. Relative file names count from the working folder, and in a file from the folder of the file. ' +
      'An option that does not exist, or a value that cannot be, stops the start with a sentence; in a file the sentence names the line.',
    'A secret may be in a file of its own: `VITRINE_…_FILE` names it in the environment, `{ file: name }` stands for it in the YAML file. A line break at its end does not count.',
    'An example file with every default is in [vitrine.example.yaml](vitrine.example.yaml).',
    ...sections,
  ].join('\n\n')}\n`;
}

/** No such file names another one. */
function isFileOfOptions(key: OptionKey): boolean {
  return key === 'config' || key === 'envFile';
}

function optionEntry(key: OptionKey): string {
  const row = optionRow(key);
  const rows = [
    ['file', isFileOfOptions(key) ? '–' : `\`${key}\``],
    [
      'environment',
      row.secret === true
        ? `\`${environmentName(key)}\`, or \`${environmentName(key)}_FILE\` with the name of a file`
        : `\`${environmentName(key)}\``,
    ],
    ['flag', `\`${flagName(key)}\``],
    ['value', row.expects],
    ['default', row.defaultText === '' ? 'none' : `\`${row.defaultText}\``],
    ['commands', row.commands.map((command) => `\`${command}\``).join(', ')],
  ];
  return `### ${key}\n\n${row.sentence}\n\n| | |\n|---|---|\n${rows.map(([name, value]) => `| ${name} | ${escapeCell(value ?? '')} |`).join('\n')}`;
}

function problemsPage(): string {
  const rows = Object.entries(PROBLEMS).map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`);
  return `${[
    '<!-- Written by tools/generate-docs.ts from src/lib/problems.ts. -->',
    '# Problems',
    'Every error is answered as [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problem details, `application/problem+json`, with these members:',
    '```json\n{\n  "type": "about:blank",\n  "code": "image.region",\n  "title": "The region is not valid",\n  "status": 400,\n  "detail": "The region lies outside the image."\n}\n```',
    '`code` is stable: programs may rely on it. `title` never varies for a code. `detail` is a sentence for the person who asked; it holds no paths, no query and no stack. ' +
      'A locked information document answers 401 with the whole document, not with a problem, so that viewers find the access services in it.',
    `| code | status | title |\n|---|---|---|\n${rows.join('\n')}`,
  ].join('\n\n')}\n`;
}

function exampleFile(): string {
  const sections = groups().map(([group, keys]) => {
    const entries = keys.filter((key) => !isFileOfOptions(key)).map(exampleEntry);
    return entries.length === 0 ? null : `# ${group}\n\n${entries.join('\n\n')}`;
  });
  return `# Every option of Vitrine with its default. Written by tools/generate-docs.ts.\n# Start with: vitrine serve --config vitrine.yaml\n\n${sections.filter((section) => section !== null).join('\n\n')}\n`;
}

function exampleEntry(key: OptionKey): string {
  const row = optionRow(key);
  const value = row.defaultText === '' ? '' : ` ${yamlText(row.default, row.defaultText)}`;
  return `# ${row.sentence}\n# ${key}:${value}`;
}

function yamlText(value: unknown, shown: string): string {
  return typeof value === 'string' && shown.startsWith('#') ? `'${shown}'` : shown;
}

function groups(): ReadonlyArray<readonly [string, readonly OptionKey[]]> {
  const byGroup = new Map<string, OptionKey[]>();
  for (const key of OPTION_KEYS) {
    const { group } = optionRow(key);
    byGroup.set(group, [...(byGroup.get(group) ?? []), key]);
  }
  return [...byGroup];
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
