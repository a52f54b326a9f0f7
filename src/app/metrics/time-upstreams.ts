import { createCounter, createTimes, type Metric } from '../../lib/metric.ts';

/** Upper ends of classes: a stored tile, a thumbnail, a page, a giant. */
const SECONDS = [0.01, 0.05, 0.2, 1, 5, 30];

/** Takes the time of what image servers behind a gateway answer. */
export function timeUpstreams() {
  const answers = createCounter<string, number | string>();
  const times = createTimes(SECONDS);
  const name = 'vitrine_upstream_seconds';
  return {
    note(upstream: string, outcome: number | string, seconds: number): void {
      answers.add(upstream, outcome);
      times.add(upstream, seconds);
    },
    metrics: (): readonly Metric[] => [
      {
        name: 'vitrine_upstream_answers_total',
        help: 'What image servers behind the gateway answered, by prefix, and by status or the code of the problem.',
        type: 'counter',
        aggregator: 'sum',
        values: answers.samples('upstream', 'outcome'),
      },
      {
        name,
        help: 'How long they took to begin.',
        type: 'histogram',
        aggregator: 'sum',
        values: times.samples(name, 'upstream'),
      },
    ],
  };
}
