import type { Command } from 'commander';
import { StartProblem } from '../config/start-problem.ts';
import { examples } from './examples.ts';
import type { ImportCommand } from './import.ts';

type Typed = Readonly<Record<string, unknown>>;

/** `vitrine import …`: an access file from the rules of another program. */
export function addImportCommands(program: Command): void {
  const command = program
    .command('import')
    .description('Make an access file from the rules of another program, or from a table. What has no counterpart is said line by line.')
    .addHelpText(
      'after',
      examples([
        'vitrine import digilib digilib-auth.xml --digilib-config digilib-config.xml --out access.yaml',
        'vitrine import loris /srv/images --out access.yaml',
        'vitrine import seed policy.json --out access.yaml',
        'vitrine import csv embargoes.csv --institution "Example Library" --out access.yaml',
      ]),
    );

  add(command, 'digilib', 'digilib-auth.xml: its paths, addresses and roles.', 'vitrine import digilib digilib-auth.xml')
    .argument('<file>', 'digilib-auth.xml')
    .option('--digilib-config <file>', 'digilib-config.xml, which says what of the other file counts')
    .option('--images <folder>', 'the folder of images, for the access tags in its index.meta files (MetaAccessAuthzOps)');
  add(command, 'loris', 'The .rules.json files beside the images of Loris.', 'vitrine import loris /srv/images').argument(
    '<file>',
    'the folder of images, or one file',
  );
  add(command, 'seed', 'The policy.json of iiif-auth-server.', 'vitrine import seed policy.json').argument('<file>', 'policy.json');
  add(command, 'csv', 'A table with the columns path, role and date.', 'vitrine import csv embargoes.csv').argument('<file>', 'the table');
}

function add(parent: Command, from: ImportCommand['from'], sentence: string, example: string): Command {
  return parent
    .command(from)
    .description(sentence)
    .option('--out <file>', 'write it to this file instead of to standard output')
    .option('--force', 'also where the file is there already')
    .option('--institution <name>', 'what the labels of access services call you', 'our institution')
    .option('--below <folder>', 'a folder to put before every path: of the images, or the prefix of an upstream', '')
    .addHelpText('after', examples([example, `${example} --out access.yaml`]))
    .action(async (file: string, typed: Typed) => {
      const { runImport } = await import('./import.ts');
      process.exitCode = await runImport({
        from,
        file,
        digilibConfig: textOf(typed['digilibConfig']),
        images: textOf(typed['images']),
        out: textOf(typed['out']),
        force: typed['force'] === true,
        wishes: { institution: institutionOf(String(typed['institution'])), below: folderOf(String(typed['below'])) },
        print: (text) => void process.stdout.write(text),
        say: (line) => void process.stderr.write(`${line}\n`),
      });
    });
}

function textOf(given: unknown): string | null {
  return typeof given === 'string' ? given : null;
}

function institutionOf(given: string): string {
  const name = given.trim();
  if (name === '' || name.length > 200 || /\p{Cc}/u.test(name)) throw new StartProblem(['--institution must be a name, in one line.'], 2);
  return name;
}

/** With one slash at its end, or empty. */
function folderOf(given: string): string {
  const segments = given.split('/').filter((segment) => segment !== '');
  const isPlain = segments.every((segment) => !segment.startsWith('.') && !/[*?{}\\\p{Cc}]/u.test(segment));
  if (!isPlain) throw new StartProblem([`--below must be a folder, such as maps or maps/1900, not ${JSON.stringify(given)}.`], 2);
  return segments.map((segment) => `${segment}/`).join('');
}
