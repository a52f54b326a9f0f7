import type { Doer } from '../../flows/admin/people-deps.ts';
import type { HttpRequest } from '../server/exchange.ts';
import type { Admin } from './guard.ts';

/** Who sends a form, as flows want to know it. */
export function doerOf(request: HttpRequest, { user }: Admin): Doer {
  return { actor: user.name, via: 'web', address: request.address, userId: user.id };
}
