import type { AccessModel } from '../../domain/access.ts';
import { isBoundToAPlace } from '../../domain/authorizing-aspect.ts';
import { describeService } from '../../domain/describe-policy.ts';
import { TOKENS_SERVICE } from '../../domain/personal-token.ts';
import type { User } from '../../domain/session.ts';
import type { ImaginedVisitor } from '../../flows/admin/imagine-visitor.ts';
import { findPerson } from '../../flows/find-person.ts';
import { isAddress } from '../../lib/network.ts';
import { parseDate } from '../../lib/written-date.ts';
import type { AskedShown } from '../../ui/admin/pages/item.ts';
import type { AdminDeps } from './admin-deps.ts';

/** What was asked for, as it was typed, and who and when that is; `imagined` is null where it has mistakes. */
export interface Asked {
  readonly shown: AskedShown;
  readonly imagined: ImaginedVisitor | null;
  /** `keeper, at 192.0.2.7` */
  readonly who: string;
  readonly at: Date;
}

type Deps = Pick<AdminDeps, 'users' | 'itemGrants' | 'access' | 'clock'>;
type Mistake = AskedShown['errors'][number];

/** Beyond these a name is typed. */
const NAMES_TO_CHOOSE = 500;

/** Fields: `user` or `roles`, `address`, `at`, `service` and `device` (several), `asked` once the form was sent. */
export async function readAsked(deps: Deps, query: URLSearchParams): Promise<Asked> {
  const access = deps.access();
  const [user = '', roles = '', address = '', at = ''] = ['user', 'roles', 'address', 'at'].map((name) => (query.get(name) ?? '').trim());
  const users = await deps.users.list();
  const found = user === '' ? null : await deps.users.find(user);
  const names = roles.split(/[\s,]+/).filter(Boolean);
  const time = at === '' ? deps.clock.now() : parseDate(at);
  const errors: Mistake[] = [
    ...(user !== '' && found === null ? [mistake('user', `There is no user ${user}.`)] : []),
    ...(user !== '' && names.length > 0 ? [mistake('roles', 'Give a user or roles, not both.')] : []),
    ...(address !== '' && !isAddress(address) ? [mistake('address', 'This is no address, such as 192.0.2.7 or 2001:db8::7.')] : []),
    ...(time === null ? [mistake('at', 'This is no time, such as 2027-01-31 or 2027-01-31T09:00+01:00.')] : []),
  ];
  const services = query.has('asked') ? query.getAll('service') : signInsOf(access);
  const devices = query.getAll('device').filter((name) => access.services.get(name)?.devices === true);
  const shown = {
    ...{ user, roles, address, at, errors },
    users: users.slice(0, NAMES_TO_CHOOSE).map(({ name }) => name),
    services: servicesToChoose(access).map((each) => ({ ...each, chosen: services.includes(each.name) })),
    devices: devicesToChoose(access).map((name) => ({ name, words: '', chosen: devices.includes(name) })),
  };
  if (errors.length > 0 || time === null) return { shown, imagined: null, who: '', at: deps.clock.now() };
  const person = await personOf(deps, found, names);
  const signIns = signInsOf(access);
  // Nobody signs in without an account.
  const been = services.filter((name) => person !== null || !signIns.includes(name));
  return { shown, imagined: { user: person, services: been, devices, address }, who: nameOf(found, names, address), at: time };
}

function mistake(field: Mistake['field'], sentence: string): Mistake {
  return { field, sentence };
}

/** A disabled user is nobody. */
async function personOf(deps: Deps, found: User | null, roles: readonly string[]): Promise<ImaginedVisitor['user']> {
  if (found !== null) return found.disabledAt === null ? findPerson(deps, found) : null;
  return roles.length === 0 ? null : { name: 'somebody', roles, itemGrants: [] };
}

function nameOf(user: User | null, roles: readonly string[], address: string): string {
  const somebody = roles.length === 0 ? 'nobody in particular' : `somebody with the roles ${roles.join(', ')}`;
  const disabled = user !== null && user.disabledAt !== null ? ', who is disabled and so nobody' : '';
  return `${user?.name ?? somebody}${disabled}${address === '' ? '' : `, at ${address}`}`;
}

function signInsOf({ services }: AccessModel): readonly string[] {
  return [...services.values()].filter((service) => service.pattern === 'login' && !isBoundToAPlace(service)).map(({ name }) => name);
}

/** What somebody goes through in a browser; a place counts by itself. */
function servicesToChoose({ services }: AccessModel) {
  const through = [...services.values()].filter((service) => service.pattern !== 'external' && !isBoundToAPlace(service));
  return [
    ...through.map((service) => ({ name: service.name, words: describeService(service) })),
    { name: TOKENS_SERVICE, words: 'bring a personal access token, and nothing else' },
  ];
}

function devicesToChoose({ services }: AccessModel): readonly string[] {
  return [...services.values()].filter(({ devices }) => devices === true).map(({ name }) => name);
}
