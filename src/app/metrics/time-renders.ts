import type { Lane, RenderLanes } from '../../flows/render-lanes.ts';
import { createTimes, type Metric, type Sample } from '../../lib/metric.ts';

/** Upper ends of classes: a tile, a thumbnail, a page, a giant. */
const SECONDS = [0.01, 0.05, 0.2, 1, 5, 30];
const LANES: readonly Lane[] = ['small', 'big'];

/** Takes the time of pictures that are made. */
export function timeRenders(lanes: RenderLanes): { readonly lanes: RenderLanes; metrics(): readonly Metric[] } {
  const times = createTimes(SECONDS);
  const name = 'vitrine_render_seconds';
  return {
    lanes: {
      state: lanes.state,
      run: (key, lane, signal, work) =>
        lanes.run(key, lane, signal, async () => {
          const began = performance.now();
          try {
            return await work();
          } finally {
            times.add(lane, (performance.now() - began) / 1000);
          }
        }),
    },
    metrics() {
      const state = lanes.state();
      const now = (of: 'running' | 'waiting'): readonly Sample[] => LANES.map((lane) => ({ labels: { lane }, value: state[lane][of] }));
      return [
        {
          name,
          help: 'How long pictures took to make, without what they waited, by lane.',
          type: 'histogram',
          aggregator: 'sum',
          values: times.samples(name, 'lane'),
        },
        {
          name: 'vitrine_renders_running',
          help: 'Pictures that are being made.',
          type: 'gauge',
          aggregator: 'sum',
          values: now('running'),
        },
        {
          name: 'vitrine_renders_waiting',
          help: 'Pictures that wait for their turn.',
          type: 'gauge',
          aggregator: 'sum',
          values: now('waiting'),
        },
      ];
    },
  };
}
