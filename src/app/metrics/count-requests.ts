import type { ServerLog } from '../../http/server/server.ts';
import { createCounter, createTimes, type Metric } from '../../lib/metric.ts';

/** Upper ends of classes: a copied tile, a small picture, a large one, one that waited. */
const SECONDS = [0.005, 0.025, 0.1, 0.5, 2, 10, 60];

/** Counts what is answered on its way to the log. */
export function countRequests(log: ServerLog): { readonly log: ServerLog; metrics(): readonly Metric[] } {
  const answers = createCounter<string, number>();
  const times = createTimes(SECONDS);
  const name = 'vitrine_request_seconds';
  let bytes = 0;
  let atOnce = 0;
  return {
    log: {
      ...log,
      request(line) {
        answers.add(line.route, line.status);
        bytes += line.bytes;
        if (line.milliseconds === 0) atOnce += 1;
        else times.add(line.route, line.milliseconds / 1000);
        log.request(line);
      },
    },
    metrics: () => [
      {
        name: 'vitrine_requests_total',
        help: 'Requests that were answered, by the row of the table of URLs and by status.',
        type: 'counter',
        aggregator: 'sum',
        values: answers.samples('route', 'status'),
      },
      {
        name: 'vitrine_requests_at_once_total',
        help: 'Of these, those that were answered from memory at the front door, without waiting for anything.',
        type: 'counter',
        aggregator: 'sum',
        values: [{ labels: {}, value: atOnce }],
      },
      {
        name,
        help: 'How long the other answers took until they were handed over, by the row of the table of URLs.',
        type: 'histogram',
        aggregator: 'sum',
        values: times.samples(name, 'route'),
      },
      {
        name: 'vitrine_response_bytes_total',
        help: 'Bytes of bodies that were sent.',
        type: 'counter',
        aggregator: 'sum',
        values: [{ labels: {}, value: bytes }],
      },
    ],
  };
}
