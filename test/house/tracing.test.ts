import { type Context, context, propagation, SpanKind, SpanStatusCode, type TextMapPropagator, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isTraced } from '../../src/http/server/traced-router.ts';
import { startTestGateway, startTestUpstream } from '../harness/gateway.ts';
import { startTestVitrine, type TestVitrine } from '../harness/vitrine.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';

/** As much of https://www.w3.org/TR/trace-context/ as is needed here. */
const propagator: TextMapPropagator = {
  fields: () => ['traceparent'],
  inject(from: Context, carrier, setter) {
    const span = trace.getSpanContext(from);
    if (span !== undefined) setter.set(carrier, 'traceparent', `00-${span.traceId}-${span.spanId}-01`);
  },
  extract(to: Context, carrier, getter) {
    const [, traceId = '', spanId = ''] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(String(getter.get(carrier, 'traceparent'))) ?? [];
    return traceId === '' ? to : trace.setSpanContext(to, { traceId, spanId, traceFlags: 1, isRemote: true });
  },
};

const exporter = new InMemorySpanExporter();

/** The spans that have ended, by name. */
function spans(name: string | RegExp): readonly ReadableSpan[] {
  return exporter.getFinishedSpans().filter((span) => (typeof name === 'string' ? span.name === name : name.test(span.name)));
}

describe('OpenTelemetry', () => {
  it('is off where nobody has loaded an SDK', () => {
    expect(isTraced()).toBe(false);
  });

  describe('with an SDK', () => {
    let vitrine: TestVitrine;
    beforeAll(() => {
      trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
      propagation.setGlobalPropagator(propagator);
    });
    afterAll(() => {
      trace.disable();
      context.disable();
      propagation.disable();
    });
    beforeEach(() => exporter.reset());
    afterEach(() => vitrine.close());

    it('has a span for a request by its route and status, and one below it for the picture that is made', async () => {
      vitrine = await startTestVitrine();
      await (await fetch(`${vitrine.base}/iiif/3/open%2Fphoto.jpg/full/99,/0/default.png`)).arrayBuffer();
      const [request] = spans('GET /iiif/3/*rest');
      expect(request).toMatchObject({
        kind: SpanKind.SERVER,
        attributes: { 'http.request.method': 'GET', 'http.route': '/iiif/3/*rest', 'http.response.status_code': 200 },
        status: { code: SpanStatusCode.UNSET },
      });
      const [render] = spans('render');
      expect(render?.attributes).toEqual({ 'vitrine.lane': 'small' });
      expect(render?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
      expect(JSON.stringify(request?.attributes)).not.toContain('photo');
    });

    it('marks what failed here, with no word of the reason, and not what was refused', async () => {
      vitrine = await startTestVitrine();
      await fetch(`${vitrine.base}/iiif/3/open%2Flying.png/info.json`);
      await fetch(`${vitrine.base}/iiif/3/members%2Fletter.jpg/full/99,/0/default.jpg`);
      const seen = spans('GET /iiif/3/*rest').map(({ attributes, status, events }) => [
        attributes['http.response.status_code'],
        status,
        events,
      ]);
      expect(seen).toEqual([
        [501, { code: SpanStatusCode.ERROR }, []],
        [401, { code: SpanStatusCode.UNSET }, []],
      ]);
    });

    it('goes on with the trace of a proxy that is believed, and of nobody else', async () => {
      vitrine = await startTestVitrine({ options: { trustedProxies: ['127.0.0.1', '::1'] } });
      const headers = { traceparent: `00-${TRACE}-${PARENT}-01` };
      await fetch(`${vitrine.base}/livez`, { headers });
      await vitrine.close();
      vitrine = await startTestVitrine();
      await fetch(`${vitrine.base}/livez`, { headers });
      const [believed, other] = spans('GET /livez');
      expect(believed?.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: PARENT });
      expect(other?.parentSpanContext).toBeUndefined();
    });

    it('of a gateway goes on to its image server', async () => {
      vitrine = await startTestUpstream({ trustedProxies: ['127.0.0.1', '::1'] });
      const gateway = await startTestGateway(`${vitrine.base}/iiif/3`);
      await (await fetch(`${gateway.base}/iiif/3/open%2Fphoto.jpg/full/100,/0/default.jpg`)).arrayBuffer();
      await gateway.close();
      const all = spans(/^GET/);
      expect(new Set(all.map((span) => span.spanContext().traceId)).size).toBe(1);
      const upstream = spans('GET upstream');
      expect(upstream[0]?.kind).toBe(SpanKind.CLIENT);
      const asked = all.filter(({ parentSpanContext }) => upstream.some((span) => span.spanContext().spanId === parentSpanContext?.spanId));
      expect(asked.length).toBe(upstream.length);
    });
  });
});
