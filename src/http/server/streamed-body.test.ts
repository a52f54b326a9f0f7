import { describe, expect, it } from 'vitest';
import { Failure } from '../../lib/problems.ts';
import type { Reply } from './exchange.ts';
import { type BegunReply, createStreams } from './streamed-body.ts';

async function* oneChunk() {
  yield new Uint8Array(3);
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield* [];
  throw new Error('the file is gone');
}

const film = (chunks: () => AsyncIterable<Uint8Array> = oneChunk, bytes = 3): Reply => ({
  status: 200,
  headers: {},
  body: { bytes, chunks },
});

describe('the files that are sent at the same time', () => {
  const begin = async (streams: ReturnType<typeof createStreams>) => (await streams.begin('GET', film())) as BegunReply;

  it('are as many as the limit, and one more is asked to come back', async () => {
    const streams = createStreams(2);
    const first = await begin(streams);
    await begin(streams);
    const refused: unknown = await begin(streams).catch((error: unknown) => error);
    if (!(refused instanceof Failure)) throw new Error('it was begun');
    expect(refused.refusal).toMatchObject({ code: 'server.busy', retryAfterSeconds: 10 });
    await first.chunks?.close();
    expect((await begin(streams)).chunks).not.toBeNull();
  });

  it('do not count where nothing of them is sent, nor what cannot be read', async () => {
    const streams = createStreams(1);
    for (let at = 0; at < 3; at += 1) {
      expect(await streams.begin('HEAD', film())).toMatchObject({ bytes: 3, chunks: null });
      expect(await streams.begin('GET', film(oneChunk, 0))).toMatchObject({ bytes: 0, chunks: null });
      await expect(streams.begin('GET', film(broken))).rejects.toThrow('the file is gone');
    }
    expect((await begin(streams)).chunks).not.toBeNull();
  });
});
