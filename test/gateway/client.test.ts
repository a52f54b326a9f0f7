import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUpstreamClient, type UpstreamClient } from '../../src/adapters/upstream/upstream-client.ts';
import { type MisbehavingUpstream, startMisbehavingUpstream } from './misbehaving-upstream.ts';

let upstream: MisbehavingUpstream;
let client: UpstreamClient;
const NEVER = new AbortController().signal;

beforeAll(async () => {
  upstream = await startMisbehavingUpstream();
  client = createUpstreamClient({ url: `${upstream.url}/`, headers: {}, timeoutSeconds: 5, now: () => performance.now() });
});

afterAll(async () => {
  await client.close();
  await upstream.close();
});

/** More than may be under way at once. */
const MANY = 600;

describe('requests to an upstream', () => {
  it.each([200, 204, 304, 404])('are over when their answer is let go of or read: %i', async (status) => {
    upstream.behave((_, response) => response.writeHead(status).end(status === 200 ? 'pixels' : undefined));
    for (let time = 0; time < MANY; time += 1) {
      const reply = await client.get('a', {}, NEVER);
      expect(reply.status).toBe(status);
      if (time % 2 === 0) reply.discard();
      else for await (const _chunk of reply.body());
    }
  });

  it('are refused where too many are under way, and let through when these are over', async () => {
    upstream.behave(() => {});
    const gone = new AbortController();
    const waiting = Array.from({ length: 512 }, () => client.get('a', {}, gone.signal).catch(() => null));
    await expect(client.get('a', {}, NEVER)).rejects.toMatchObject({ refusal: { code: 'server.busy', retryAfterSeconds: 2 } });
    gone.abort();
    await Promise.all(waiting);
    upstream.behave((_, response) => response.writeHead(200).end());
    const reply = await client.get('a', {}, NEVER);
    expect(reply.status).toBe(200);
    reply.discard();
  });
});
