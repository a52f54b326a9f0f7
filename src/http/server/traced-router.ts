import { type Context, context, ProxyTracerProvider, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { Failure, PROBLEMS } from '../../lib/problems.ts';
import type { HttpRequest } from './exchange.ts';
import type { ProxyTrust } from './forwarded.ts';
import type { Router } from './router.ts';

const TRACER = 'vitrine';

/** Whether somebody has loaded an SDK that takes spans. Without one, nothing is traced, and nothing is paid for it. */
export function isTraced(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(TRACER) !== undefined;
}

/**
 * A span for each request that is answered inside, until its answer is there; by what the caller has begun where that is
 * a proxy which is believed. https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server
 */
export function traceRequests<R extends Router>(router: R, isProxy: ProxyTrust): R {
  if (!isTraced()) return router;
  const tracer = trace.getTracer(TRACER);
  return {
    ...router,
    handle(request) {
      const route = router.routeOf(request.path);
      const attributes = { 'http.request.method': request.method, 'http.route': route };
      const options = { kind: SpanKind.SERVER, attributes };
      return tracer.startActiveSpan(`${request.method} ${route}`, options, parentOf(request, isProxy), async (span) => {
        const end = (status: number): void => {
          span.setAttribute('http.response.status_code', status);
          if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
          span.end();
        };
        try {
          const reply = await router.handle(request);
          end(reply.status);
          return reply;
        } catch (error) {
          // Why it failed is in the log; a message may hold a path.
          end(error instanceof Failure ? PROBLEMS[error.refusal.code].status : 500);
          throw error;
        }
      });
    },
  };
}

function parentOf({ raw, header }: Pick<HttpRequest, 'raw' | 'header'>, isProxy: ProxyTrust): Context {
  if (!isProxy(raw.peer)) return context.active();
  return propagation.extract(context.active(), header, { get: (read, name) => read(name.toLowerCase()) ?? undefined, keys: () => [] });
}
