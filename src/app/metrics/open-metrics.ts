import type { Options } from '../../config/options.ts';
import type { VisitAudit } from '../../flows/audit-visits.ts';
import type { ServerLog } from '../../http/server/server.ts';
import type { Metric } from '../../lib/metric.ts';
import { countDecisions } from './count-decisions.ts';
import { countRequests } from './count-requests.ts';

type Source = () => readonly Metric[] | Promise<readonly Metric[]>;

/** What this process counts. Where nobody may read it, nothing is counted. */
export interface Metrics {
  readonly isOn: boolean;
  countRequests(log: ServerLog): ServerLog;
  countDecisions(visits: VisitAudit): VisitAudit;
  /** Asked whenever somebody reads. */
  add(source: Source): void;
  collect(): Promise<readonly Metric[]>;
}

export function mayBeRead({ metricsToken, metricsNetworks }: Pick<Options, 'metricsToken' | 'metricsNetworks'>): boolean {
  return metricsToken !== null || metricsNetworks.length > 0;
}

export async function openMetrics(options: Options): Promise<Metrics> {
  const sources: Source[] = [];
  if (!mayBeRead(options)) {
    return { isOn: false, countRequests: (log) => log, countDecisions: (visits) => visits, add: () => {}, collect: async () => [] };
  }
  const { watchProcess } = await import('../../adapters/metrics/prometheus.ts');
  const ofProcess = watchProcess();
  sources.push(ofProcess.collect);
  return {
    isOn: true,
    countRequests(log) {
      const counted = countRequests(log);
      sources.push(counted.metrics);
      return counted.log;
    },
    countDecisions(visits) {
      const counted = countDecisions(visits);
      sources.push(counted.metrics);
      return counted.visits;
    },
    add: (source) => void sources.push(source),
    collect: async () => (await Promise.all(sources.map((source) => source()))).flat(),
  };
}

/** A figure without labels that stands for the whole server. */
export function gauge(name: string, help: string, value: number, aggregator: Metric['aggregator']): Metric {
  return { name, help, type: 'gauge', aggregator, values: [{ labels: {}, value }] };
}
