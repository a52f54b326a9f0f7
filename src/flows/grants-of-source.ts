import type { AccessModel } from '../domain/access.ts';
import { findServiceByName } from '../domain/item-service.ts';
import type { Clock } from '../domain/ports.ts';
import type { Grant } from '../domain/session.ts';
import { sourcesOf } from '../domain/sign-on.ts';

/** Of what a sign-in would grant, what it does: a service opens to accounts of the sources that it lists, and to no others. */
export function grantsOfSource(
  deps: { readonly clock: Clock; access(): AccessModel },
  wanted: ReadonlyArray<Omit<Grant, 'grantedAt'>>,
  source: string,
): readonly Grant[] {
  const grantedAt = deps.clock.now();
  return wanted.flatMap((grant) => {
    const service = findServiceByName(deps.access(), grant.service);
    return service !== null && sourcesOf(service).includes(source) ? [{ ...grant, grantedAt }] : [];
  });
}
