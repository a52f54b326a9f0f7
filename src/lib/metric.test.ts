import { describe, expect, it } from 'vitest';
import { createCounter, createTimes } from './metric.ts';

describe('a counter', () => {
  it('counts by both labels', () => {
    const counter = createCounter<string, number>();
    counter.add('/livez', 200);
    counter.add('/livez', 200);
    counter.add('/livez', 503, 3);
    expect(counter.samples('route', 'status')).toEqual([
      { labels: { route: '/livez', status: 200 }, value: 2 },
      { labels: { route: '/livez', status: 503 }, value: 3 },
    ]);
  });
});

describe('times', () => {
  it('are counted in every class whose upper end they do not pass', () => {
    const times = createTimes([0.1, 1]);
    for (const seconds of [0.05, 0.1, 0.5, 4]) times.add('small', seconds);
    expect(times.samples('t', 'lane')).toEqual([
      { metricName: 't_bucket', labels: { lane: 'small', le: 0.1 }, value: 2 },
      { metricName: 't_bucket', labels: { lane: 'small', le: 1 }, value: 3 },
      { metricName: 't_bucket', labels: { lane: 'small', le: '+Inf' }, value: 4 },
      { metricName: 't_sum', labels: { lane: 'small' }, value: 4.65 },
      { metricName: 't_count', labels: { lane: 'small' }, value: 4 },
    ]);
  });
});
