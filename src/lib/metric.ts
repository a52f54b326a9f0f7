/** A figure as monitoring wants it. https://prometheus.io/docs/concepts/metric_types/ */
export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** How the figures of several processes become one. */
  readonly aggregator: 'sum' | 'first' | 'min' | 'max';
  readonly values: readonly Sample[];
}

export interface Sample {
  /** Where it differs from that of the metric: the parts of a histogram. */
  readonly metricName?: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** What only grows, by labels; a number each, so that counting costs next to nothing. */
export function createCounter<First extends string | number, Second extends string | number>() {
  const counts = new Map<First, Map<Second, number>>();
  return {
    add(first: First, second: Second, number = 1): void {
      let row = counts.get(first);
      if (row === undefined) {
        row = new Map();
        counts.set(first, row);
      }
      row.set(second, (row.get(second) ?? 0) + number);
    },
    samples(first: string, second: string): readonly Sample[] {
      return [...counts].flatMap(([one, row]) => [...row].map(([two, value]) => ({ labels: { [first]: one, [second]: two }, value })));
    },
  };
}

/** How long something takes, by one label. `bounds`: upper ends of the classes, in seconds. */
export function createTimes(bounds: readonly number[]) {
  const rows = new Map<string, { readonly classes: number[]; seconds: number }>();
  return {
    add(label: string, seconds: number): void {
      let row = rows.get(label);
      if (row === undefined) {
        row = { classes: Array.from({ length: bounds.length + 1 }, () => 0), seconds: 0 };
        rows.set(label, row);
      }
      let at = 0;
      while (at < bounds.length && seconds > (bounds[at] ?? 0)) at += 1;
      row.classes[at] = (row.classes[at] ?? 0) + 1;
      row.seconds += seconds;
    },
    samples(name: string, label: string): readonly Sample[] {
      return [...rows].flatMap(([value, row]) => samplesOf(name, { [label]: value }, bounds, row));
    },
  };
}

function samplesOf(
  name: string,
  labels: Sample['labels'],
  bounds: readonly number[],
  { classes, seconds }: { readonly classes: readonly number[]; readonly seconds: number },
): readonly Sample[] {
  let sum = 0;
  const buckets = classes.map((count, at) => {
    sum += count;
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[at] ?? '+Inf' }, value: sum };
  });
  return [...buckets, { metricName: `${name}_sum`, labels, value: seconds }, { metricName: `${name}_count`, labels, value: sum }];
}
