import { Command, CommanderError, Help } from 'commander';
import { StartProblem } from '../config/start-problem.ts';
import { addAccessCommands } from './access-commands.ts';
import { addBackupCommands } from './backup-commands.ts';
import { addCacheCommands } from './cache-commands.ts';
import { addDeviceCommands } from './device-commands.ts';
import { addDoctorCommand } from './doctor-command.ts';
import { examples } from './examples.ts';
import { fileSentence } from './file-sentence.ts';
import { addGatewayCommand } from './gateway-commands.ts';
import { addGrantCommands } from './grant-commands.ts';
import { addIdentityCommands } from './identity-commands.ts';
import { addImportCommands } from './import-commands.ts';
import { addMailCommands } from './mail-commands.ts';
import { addOptions } from './option-flags.ts';
import { addPyramidCommand } from './pyramid-commands.ts';
import { addShadowCommands } from './shadow-commands.ts';
import { addTokenCommands } from './token-commands.ts';
import { addUserCommands } from './user-commands.ts';

/** Runs one command line, without the program's name. The exit code: 0 well, 1 it did not work, 2 it was typed wrongly. */
export async function run(words: readonly string[]): Promise<number> {
  outliveClosedPipes();
  const program = buildProgram();
  if (words.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    await program.parseAsync(words, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return explain(error);
  }
}

/** Every command with its options and examples. What a command does is loaded when it runs, so that help works on any Node. */
export function buildProgram(): Command {
  const program = new Command('vitrine')
    .description('An IIIF server with the lock built in: images through the IIIF APIs, and for each request who may see what.')
    .option('-V, --version', 'print the version')
    .configureHelp({ subcommandTerm: (command) => new Help().subcommandTerm(command).replace(' [options]', ''), helpWidth: helpWidth() })
    .showHelpAfterError('Run the command with --help to see what it knows.')
    .exitOverride();

  const demo = program
    .command('demo')
    .description('Show a sample collection, some of it locked, with viewers to open it in.')
    .addHelpText('after', examples(['vitrine demo', 'vitrine demo --port 9000 --tls adhoc', 'vitrine demo --data /var/tmp/vitrine']))
    .action(async (typed: Record<string, unknown>) => {
      await (await import('./demo.ts')).demo(typed);
    });
  addOptions(demo, 'demo');

  const serve = program
    .command('serve')
    .description('Serve a folder of images, with its subfolders.')
    .addHelpText(
      'after',
      examples([
        'vitrine serve --images /srv/images',
        'vitrine serve --images /srv/images --access access.yaml --data /var/lib/vitrine',
        'vitrine serve --config /etc/vitrine.yaml',
        'VITRINE_PORT=9000 vitrine serve --images .',
      ]),
    )
    .action(async (typed: Record<string, unknown>) => {
      await (await import('./serve.ts')).serve(typed);
    });
  addOptions(serve, 'serve');

  addGatewayCommand(program);
  addUserCommands(program);
  addGrantCommands(program);
  addDeviceCommands(program);
  addTokenCommands(program);
  addAccessCommands(program);
  addImportCommands(program);
  addShadowCommands(program);
  addIdentityCommands(program);
  addMailCommands(program);
  addCacheCommands(program);
  addPyramidCommand(program);
  addBackupCommands(program);
  addDoctorCommand(program);
  program.addHelpText(
    'after',
    examples(['vitrine demo', 'vitrine serve --images DIR', 'vitrine user add anna --role reader', 'vitrine serve --help']),
  );
  return program;
}

/** A sentence for each thing that went wrong; a stack only for what nobody foresaw, and only when asked for. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof StartProblem) {
    for (const sentence of error.sentences) process.stderr.write(`vitrine: ${sentence}\n`);
    return error.exitCode;
  }
  process.stderr.write(`vitrine: ${fileSentence(error) ?? (error instanceof Error ? error.message : String(error))}\n`);
  return 1;
}

function helpWidth(): number {
  return Math.min(process.stdout.columns ?? 110, 130);
}

/** `vitrine … | head` closes our output; that ends neither a server nor a command with a stack. */
function outliveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
