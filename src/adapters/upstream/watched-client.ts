import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { Failure } from '../../lib/problems.ts';
import type { UpstreamClient } from './upstream-client.ts';

/** Told of each answer: its status, or the code of the problem where there is none, and how long it took to begin. */
export type NoteAnswer = (outcome: number | string, seconds: number) => void;

/** With a span for each request, until its answer begins, where somebody takes them. */
export function watchClient(client: UpstreamClient, note: NoteAnswer): UpstreamClient {
  const tracer = trace.getTracer('vitrine');

  async function get(span: Span, ...[path, headers, signal]: Parameters<UpstreamClient['get']>) {
    const began = performance.now();
    const tell = (outcome: number | string): void => note(outcome, (performance.now() - began) / 1000);
    const carried = { ...headers };
    propagation.inject(context.active(), carried);
    try {
      const reply = await client.get(path, carried, signal);
      tell(reply.status);
      span.setAttribute('http.response.status_code', reply.status);
      return reply;
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      if (!signal.aborted) tell(error instanceof Failure ? error.refusal.code : 'server.error');
      throw error;
    } finally {
      span.end();
    }
  }

  return {
    ...client,
    get: (...asked) => tracer.startActiveSpan('GET upstream', { kind: SpanKind.CLIENT }, (span) => get(span, ...asked)),
  };
}
