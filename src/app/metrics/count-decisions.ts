import type { Decision } from '../../domain/access.ts';
import type { VisitAudit } from '../../flows/audit-visits.ts';
import { createCounter, type Metric } from '../../lib/metric.ts';

/** Counts what was decided about content on its way to the audit. */
export function countDecisions(visits: VisitAudit): { readonly visits: VisitAudit; metrics(): readonly Metric[] } {
  const decisions = createCounter<Decision['outcome'], Decision['reason']['code']>();
  const count = ({ outcome, reason }: Decision): void => decisions.add(outcome, reason.code);
  return {
    visits: {
      given(visitor, item, decision) {
        count(decision);
        visits.given(visitor, item, decision);
      },
      refused(visitor, item, decision) {
        count(decision);
        visits.refused(visitor, item, decision);
      },
      turnedAway: visits.turnedAway,
    },
    metrics: () => [
      {
        name: 'vitrine_decisions_total',
        help: 'Decisions about content, information documents and probes, by outcome and reason.',
        type: 'counter',
        aggregator: 'sum',
        values: decisions.samples('outcome', 'reason'),
      },
    ],
  };
}
