import { context, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RenderLanes } from '../../flows/render-lanes.ts';
import { isTraced } from '../../http/server/traced-router.ts';

/** A span for each picture that is made, below the request that asked first. */
export function traceRenders(lanes: RenderLanes): RenderLanes {
  if (!isTraced()) return lanes;
  const tracer = trace.getTracer('vitrine');
  return {
    ...lanes,
    run(key, lane, signal, work) {
      // A queue runs it when another one ends, and that belongs to somebody else.
      const asker = context.active();
      return lanes.run(key, lane, signal, () =>
        tracer.startActiveSpan('render', { attributes: { 'vitrine.lane': lane } }, asker, async (span) => {
          try {
            return await work();
          } catch (error) {
            span.setStatus({ code: SpanStatusCode.ERROR });
            throw error;
          } finally {
            span.end();
          }
        }),
      );
    },
  };
}
