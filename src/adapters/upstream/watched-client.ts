import { Failure } from '../../lib/problems.ts';
import type { UpstreamClient } from './upstream-client.ts';

/** Told of each answer: its status, or the code of the problem where there is none, and how long it took to begin. */
export type NoteAnswer = (outcome: number | string, seconds: number) => void;

export function watchClient(client: UpstreamClient, note: NoteAnswer): UpstreamClient {
  return {
    ...client,
    async get(path, headers, signal) {
      const began = performance.now();
      const tell = (outcome: number | string): void => note(outcome, (performance.now() - began) / 1000);
      try {
        const reply = await client.get(path, headers, signal);
        tell(reply.status);
        return reply;
      } catch (error) {
        if (!signal.aborted) tell(error instanceof Failure ? error.refusal.code : 'server.error');
        throw error;
      }
    },
  };
}
