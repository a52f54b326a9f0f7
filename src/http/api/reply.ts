import type { z } from 'zod';
import type { Reply } from '../server/exchange.ts';
import { json } from '../server/reply.ts';

type Headers = Readonly<Record<string, string>>;

/** `schema` is the one that the description names: the compiler holds the answer to it. */
export function answerJson<T extends z.ZodType>(_schema: T, value: z.input<T>, headers: Headers = {}, status = 200): Reply {
  return json(status, value, { 'cache-control': 'no-store', ...headers });
}

export const NO_CONTENT: Reply = { status: 204, headers: { 'cache-control': 'no-store' }, body: null };
