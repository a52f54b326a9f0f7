import type { Handler } from './exchange.ts';

/** 200 as soon as requests are served. */
export const live: Handler = async () => ({
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: 'ok\n',
});
