import { runTokenAdd, runTokenRemove } from '../../src/cli/token.ts';
import type { Scope } from '../../src/domain/personal-token.ts';
import type { TestVitrine } from './vitrine.ts';

/** Made by the command line, beside the running server. */
export async function addPersonalToken(
  { data }: Pick<TestVitrine, 'data'>,
  user: string,
  scopes: readonly Scope[] = ['content'],
  now = new Date(),
): Promise<string> {
  const printed: string[] = [];
  const said: string[] = [];
  const io = { print: (line: string) => void printed.push(line), error: (line: string) => void said.push(line) };
  const exit = await runTokenAdd({ ...io, data, now, name: `of ${user}`, user, scopes, days: 90 });
  const [token, ...more] = printed;
  if (exit !== 0 || token === undefined || more.length > 0) throw new Error(said.join('\n'));
  return token;
}

export async function removePersonalToken({ data }: Pick<TestVitrine, 'data'>, id: string): Promise<void> {
  const exit = await runTokenRemove({ data, now: new Date(), id, print: () => {}, error: () => {} });
  if (exit !== 0) throw new Error(`no token ${id}`);
}
