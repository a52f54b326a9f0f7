import type { CacheCounts } from '../../domain/derivative.ts';
import type { Metric } from '../../lib/metric.ts';

/** Of finished images. What lies on disk is not counted: that means to look at every file. */
export function cacheMetrics({ memory, disk }: CacheCounts): readonly Metric[] {
  const bothPlaces = (of: 'hits' | 'misses') => [
    { labels: { place: 'memory' }, value: memory[of] },
    { labels: { place: 'disk' }, value: disk[of] },
  ];
  const gauge = (name: string, help: string, value: number): Metric => ({
    name,
    help,
    type: 'gauge',
    aggregator: 'sum',
    values: [{ labels: {}, value }],
  });
  return [
    {
      name: 'vitrine_cache_hits_total',
      help: 'Finished images that were found in a cache, by place.',
      type: 'counter',
      aggregator: 'sum',
      values: bothPlaces('hits'),
    },
    {
      name: 'vitrine_cache_misses_total',
      help: 'Finished images that were not.',
      type: 'counter',
      aggregator: 'sum',
      values: bothPlaces('misses'),
    },
    gauge('vitrine_cache_memory_images', 'Finished images in memory.', memory.derivatives),
    gauge('vitrine_cache_memory_bytes', 'Memory that they take.', memory.bytes),
  ];
}
