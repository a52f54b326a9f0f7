import type { RunningVitrine } from '../app/start-server.ts';
import type { Options } from '../config/options.ts';
import { block } from './block.ts';
import { firstAdministratorRow } from './first-administrator-row.ts';
import { listen } from './listen.ts';
import { createLog } from './log.ts';
import { readOptions } from './option-flags.ts';

/** `vitrine gateway`: in front of an image server that somebody already has. */
export async function gateway(typed: Readonly<Record<string, unknown>>): Promise<void> {
  const { options, notices } = readOptions('gateway', typed);
  const said = { access: [] as readonly string[] };
  await listen({
    options,
    log: createLog(options),
    content: 'upstream',
    reread: () => readOptions('gateway', typed).options,
    async prepare() {
      const [{ accessLines }, { prepareFirstAdministrator }] = await loadPreparations();
      said.access = await accessLines(options.access);
      await prepareFirstAdministrator(options);
    },
    announce: (server) => process.stdout.write(gatewayBlock(server, options, said.access, notices)),
  });
}

/** Together they are half of the program; where there are workers, these load their half at the same time. */
function loadPreparations() {
  return Promise.all([import('./access-lines.ts'), import('./first-administrator.ts')]);
}

function gatewayBlock(
  { url, firstAdministrator }: RunningVitrine,
  { upstream, data }: Options,
  access: readonly string[],
  notices: readonly string[],
): string {
  const servers = upstream.map((each) => {
    const identifiers = each.prefix === '' ? '' : `${each.prefix}/…: `;
    return `${identifiers}${each.url} (Image API ${each.isOfVersion1 === true ? '1, given on as 2' : each.version})`;
  });
  return block(
    [
      ['Vitrine', url],
      ...firstAdministratorRow(firstAdministrator),
      ['In front of', servers.join('\n')],
      ['Access', access.join('\n')],
      ['State', data],
    ],
    notices,
  );
}
