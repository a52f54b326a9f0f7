import { AggregatorRegistry, collectDefaultMetrics, type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';
import type { Metric } from '../../lib/metric.ts';

type Theirs = MetricObjectWithValues<MetricValue<string>>;

/** What the library says of the process itself: processor time, memory, descriptors, the event loop. */
export interface ProcessMetrics {
  collect(): Promise<readonly Metric[]>;
}

/** Watches from now on. */
export function watchProcess(): ProcessMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return { collect: async () => (await registry.getMetricsAsJSON()) as unknown as readonly Metric[] };
}

/** Figures of one process, or of several, in the text format. https://prometheus.io/docs/instrumenting/exposition_formats/ */
export async function writeMetrics(ofProcesses: ReadonlyArray<readonly Metric[]>): Promise<{ text: string; mediaType: string }> {
  const registry = merge(ofProcesses);
  return { text: await registry.metrics(), mediaType: registry.contentType };
}

/** What only grows, of processes that have ended: as if it were one that does not. */
export async function foldCounts(ofProcesses: ReadonlyArray<readonly Metric[]>): Promise<readonly Metric[]> {
  const growing = ofProcesses.map((metrics) => metrics.filter(({ type }) => type !== 'gauge'));
  return (await merge(growing).getMetricsAsJSON()) as unknown as readonly Metric[];
}

function merge(ofProcesses: ReadonlyArray<readonly Metric[]>): Registry {
  return AggregatorRegistry.aggregate(ofProcesses as unknown as Theirs[][] as never) as Registry;
}
