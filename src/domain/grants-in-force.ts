import type { AccessModel } from './access.ts';
import { findServiceByName } from './item-service.ts';
import type { Grant } from './session.ts';

/** When what was got at an access service ends; null where it lasts as long as the session. */
export function grantEnd(access: AccessModel, { service, grantedAt }: Pick<Grant, 'service' | 'grantedAt'>): Date | null {
  const minutes = findServiceByName(access, service)?.minutes;
  return minutes === undefined ? null : new Date(grantedAt.getTime() + minutes * 60_000);
}

/** The grants that still count. Of one service, the newest speaks for all viewers: the pictures open by it, whoever asked for it. */
export function grantsInForce(access: AccessModel, grants: readonly Grant[], now: Date): readonly Grant[] {
  const fresh = grants.filter((grant) => {
    const end = grantEnd(access, grant);
    return end === null || now < end;
  });
  const services = new Set(fresh.map(({ service }) => service));
  return grants.filter(({ service }) => services.has(service));
}
