import { readFile } from 'node:fs/promises';
import { systemClock } from '../adapters/system/clock.ts';
import type { Options } from '../config/options.ts';
import type { MetricsDeps } from '../http/operation/metrics.ts';
import type { Readiness } from '../http/operation/ready.ts';
import { trustProxies } from '../http/server/forwarded.ts';
import type { Metric } from '../lib/metric.ts';
import type { ServerCertificate } from './certificate.ts';
import type { Content } from './content/content.ts';
import { gauge, type Metrics } from './metrics/open-metrics.ts';
import type { openStores } from './open-stores.ts';
import { createReadiness, type ReadinessParts } from './readiness.ts';
import type { ServerWide } from './server-wide.ts';

interface Watched {
  readonly content: Pick<Content, 'findFault' | 'metrics'>;
  readonly stores: Pick<Awaited<ReturnType<typeof openStores>>, 'pulse' | 'countSessions'>;
  readonly wide: Pick<ServerWide, 'collectMetrics'>;
  readonly metrics: Metrics;
  /** Null without TLS, and before the server listens. */
  certificate(): ServerCertificate | null;
  readonly log: ReadinessParts['log'];
}

/** What those ask who watch over a server: whether it is ready, and its figures. */
export function watchOver(options: Options, watched: Watched): { look(): Promise<Readiness>; readonly metrics: MetricsDeps } {
  const { content, stores, wide, metrics, certificate, log } = watched;
  const daysLeft = () => certificate()?.daysLeft() ?? null;
  const look = createReadiness({ data: options.data, database: stores, findSourceFault: content.findFault, daysLeft, log });
  metrics.add(content.metrics);
  metrics.add(() => sessionMetrics(options, stores));
  metrics.add(() => {
    const days = daysLeft();
    return days === null ? [] : [gauge('vitrine_certificate_days_left', 'Days until the certificate ends.', days, 'min')];
  });
  metrics.add(async () => [readyMetric(await look()), await infoMetric()]);
  return {
    look,
    metrics: {
      token: options.metricsToken,
      isNear: options.metricsNetworks.length === 0 ? null : trustProxies(options.metricsNetworks),
      async write() {
        const { writeMetrics } = await import('../adapters/metrics/prometheus.ts');
        return writeMetrics(await wide.collectMetrics(metrics.collect));
      },
    },
  };
}

async function sessionMetrics({ sessionIdleMinutes }: Options, stores: Watched['stores']): Promise<readonly Metric[]> {
  const now = systemClock.now();
  const usedSince = new Date(now.getTime() - sessionIdleMinutes * 60_000);
  const { withAccount, withoutAccount } = await stores.countSessions({ endsAfter: now, usedSince });
  return [
    {
      name: 'vitrine_sessions',
      help: 'Sessions in force: of people with an account, and of those who agreed to terms or were let in by their place.',
      type: 'gauge',
      aggregator: 'max',
      values: [
        { labels: { account: 'yes' }, value: withAccount },
        { labels: { account: 'no' }, value: withoutAccount },
      ],
    },
  ];
}

function readyMetric(checks: Readiness): Metric {
  return {
    name: 'vitrine_ready',
    help: 'What /readyz says, by check: 1 for well.',
    type: 'gauge',
    aggregator: 'min',
    values: Object.entries(checks).map(([check, isWell]) => ({ labels: { check }, value: isWell ? 1 : 0 })),
  };
}

async function infoMetric(): Promise<Metric> {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };
  return {
    name: 'vitrine_info',
    help: 'The version that runs.',
    type: 'gauge',
    aggregator: 'first',
    values: [{ labels: { version }, value: 1 }],
  };
}
