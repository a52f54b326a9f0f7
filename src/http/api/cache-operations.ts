import { z } from 'zod';
import { parsePurge, purgeCache } from '../../flows/admin/purge-cache.ts';
import { type Operation, operation } from './operation.ts';
import { answerJson } from './reply.ts';
import { CACHE, PURGED } from './schemas.ts';

const TAG = 'Cache';

export const CACHE_OPERATIONS: readonly Operation[] = [
  operation(
    {
      id: 'getCache',
      method: 'GET',
      path: '/api/1/cache',
      tag: TAG,
      scope: 'cache:read',
      summary: 'How full the caches of finished images are',
      description: 'Memory, hits and misses are those of the one process that answers, since its start.',
      answers: { 200: { description: 'The state of both', schema: CACHE } },
    },
    async (deps) => answerJson(CACHE, await deps.derivatives.stats()),
  ),
  operation(
    {
      id: 'purgeCache',
      method: 'DELETE',
      path: '/api/1/cache',
      tag: TAG,
      scope: 'cache:write',
      summary: 'Remove what is kept of an item, a folder or everything',
      description:
        'Finished images of all sizes, pages and lesser versions, pyramids, decoded pixels, copies of files that are in an object store. What is asked for is made again. Files that you serve are never touched.',
      query: z.strictObject({
        items: z
          .string()
          .min(1)
          .max(2000)
          .describe('Path of an item; with a slash at the end, a folder and all in it; `/` for everything.'),
      }),
      answers: { 200: { description: 'How many they were', schema: PURGED } },
    },
    async (deps, { query, caller }) => answerJson(PURGED, await purgeCache(deps, parsePurge(query.items), caller.by)),
  ),
];
