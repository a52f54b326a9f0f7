import type { AccessService, Policy } from '../domain/access.ts';
import { isBoundToAPlace } from '../domain/authorizing-aspect.ts';
import { rulesOfPolicy } from '../domain/item-service.ts';
import { periodWords } from '../domain/period-words.ts';
import { TOKENS_SERVICE } from '../domain/personal-token.ts';
import { findNetwork } from '../lib/network.ts';
import type { YamlNode } from './yaml-reading.ts';

/** A service or policy with its place in the file. */
export interface Placed<T> {
  readonly value: T;
  readonly place: YamlNode;
}

interface Warning {
  readonly place: YamlNode;
  readonly sentence: string;
}

const TEXT_KEYS = ['label', 'heading', 'note', 'confirmLabel', 'errorHeading', 'errorNote'] as const;

type Services = ReadonlyArray<Placed<AccessService>>;
type Policies = ReadonlyArray<Placed<Policy>>;

/** What is valid, and most likely not meant. */
export function findAccessWarnings(services: Services, policies: Policies): readonly Warning[] {
  const checks = [
    findUnreachable,
    findUnusedServices,
    findTimesThatNeverCome,
    findFolderNames,
    findRolesWithoutSignIn,
    findOpenKiosks,
    findWideNetworks,
    findUnshownTexts,
    findHiddenServices,
    findCutSentences,
  ];
  return checks.flatMap((check) => check(services, policies));
}

function findUnreachable(_services: Services, policies: Policies): readonly Warning[] {
  return policies.flatMap(({ value: policy, place }, index) => {
    const earlier = policies.slice(0, index).map(({ value }) => value);
    const covering = policy.items.map((item) => earlier.find(({ items }) => items.some((pattern) => covers(pattern, item))));
    const first = covering[0];
    if (first === undefined || covering.includes(undefined)) return [];
    return [
      {
        place,
        sentence: `Policy ${policy.number} is never reached: policy ${first.number} (line ${first.line}) comes first and matches the same items.`,
      },
    ];
  });
}

/** Certainly, not only perhaps: everything, the same, or a whole folder above. */
function covers(pattern: string, item: string): boolean {
  if (pattern === '**' || pattern === item) return true;
  if (!pattern.endsWith('/**')) return false;
  const folder = pattern.slice(0, -2);
  return !/[*?{]/.test(folder) && item.startsWith(folder);
}

/** What begins when it is over already: by the policy's own time, or within its embargo. */
function findTimesThatNeverCome(_services: Services, policies: Policies): readonly Warning[] {
  return policies.flatMap(({ value: { number, allow, openIn = [], embargo }, place }) => {
    const rules = allow === 'everyone' ? [] : allow;
    const over = [...openIn, ...rules].find(({ from, until }) => {
      const begins = Math.max(Number(from ?? 0), Number(embargo?.until ?? 0));
      return until !== undefined && begins >= Number(until);
    });
    if (over === undefined) return [];
    const sentence = `Policy ${number} has a rule that never holds: its time${periodWords(over)} is over before it begins, by the dates of the policy.`;
    return [{ place, sentence }];
  });
}

function findUnusedServices(services: Services, policies: Policies): readonly Warning[] {
  const used = new Set(
    policies.flatMap(({ value }) => [...rulesOfPolicy(value).flatMap(({ service, at }) => [service, at]), value.requests]),
  );
  return services
    .filter(({ value }) => !used.has(value.name))
    .map(({ value, place }) => ({ place, sentence: `No policy uses the access service "${value.name}".` }));
}

/** `letters` is one item, and a reader of the file may take it for a folder: what was to be locked may then be open. */
function findFolderNames(_services: Services, policies: Policies): readonly Warning[] {
  return policies.flatMap(({ value: policy, place }) =>
    policy.items.filter(looksLikeFolder).map((item) => ({
      place,
      sentence: `The pattern ${item} is about one item of that name. For what is in the folder, write ${item}/**.`,
    })),
  );
}

function looksLikeFolder(pattern: string): boolean {
  const name = pattern.slice(pattern.lastIndexOf('/') + 1);
  return !/[*?{.]/.test(name);
}

function findRolesWithoutSignIn(services: Services, policies: Policies): readonly Warning[] {
  const asking = services.filter(({ value }) => !isSignIn(value)).map(({ value }) => value.name);
  return policies.flatMap(({ value: policy, place }) => {
    const rule = rulesOfPolicy(policy).find(({ service, roles }) => roles.length > 0 && asking.includes(service));
    if (rule === undefined) return [];
    return [
      {
        place,
        sentence: `Policy ${policy.number} asks for roles at "${rule.service}", where nobody signs in: only users who signed in elsewhere get through.`,
      },
    ];
  });
}

/** In `[Sign in, please]` the comma separates two texts. What goes on in lower case is hardly a paragraph of its own. */
function findCutSentences(services: Services): readonly Warning[] {
  return services.flatMap(({ value: service, place }) =>
    TEXT_KEYS.flatMap((key) =>
      Object.entries(service[key] ?? {}).flatMap(([language, texts]) => {
        const rest = texts.slice(1).find((text) => /^\p{Ll}/u.test(text));
        if (rest === undefined) return [];
        const where = language === 'none' ? '' : ` in ${language}`;
        return [
          {
            place,
            sentence: `The ${key} of "${service.name}"${where} was cut in two at a comma, before "${rest}": put the sentence in quotes.`,
          },
        ];
      }),
    ),
  );
}

function isSignIn(service: AccessService): boolean {
  return service.pattern === 'login' || (service.pattern === 'external' && !isBoundToAPlace(service));
}

function findOpenKiosks(services: Services): readonly Warning[] {
  return services
    .filter(({ value }) => value.pattern === 'kiosk' && !isBoundToAPlace(value))
    .map(({ value, place }) => ({
      place,
      sentence: `The kiosk "${value.name}" has no networks and no devices: it lets in whoever opens it, from anywhere.`,
    }));
}

const LOOPBACK = ['127.0.0.1', '::1'];

function findWideNetworks(services: Services): readonly Warning[] {
  return services.flatMap(({ value, place }) =>
    value.networks.flatMap((network) => {
      if (network.bits === 0) return [{ place, sentence: `The network ${network.text} of "${value.name}" holds every address.` }];
      if (!LOOPBACK.some((address) => findNetwork([network], address) !== null)) return [];
      const sentence = `The network ${network.text} of "${value.name}" holds this machine: behind a proxy here that trustedProxies does not name, every visitor is in it.`;
      return [{ place, sentence }];
    }),
  );
}

function findUnshownTexts(services: Services): readonly Warning[] {
  return services.flatMap(({ value, place }) => {
    const keys = (['heading', 'note', 'confirmLabel'] as const).filter((key) => value[key] !== null);
    if (value.pattern === 'login' || value.pattern === 'clickthrough' || keys.length === 0) return [];
    const sentence = `Nobody reads the ${keys.join(', ')} of "${value.name}": viewers ask nothing before a service of the pattern ${value.pattern}.`;
    return [{ place, sentence }];
  });
}

/** Universal Viewer goes no further once one without interaction has failed; where it is bound to a place, we leave it out in time. */
function findHiddenServices(services: Services, policies: Policies): readonly Warning[] {
  const first = services.filter(({ value }) => (value.pattern === 'kiosk' || value.pattern === 'external') && !isBoundToAPlace(value));
  return policies.flatMap(({ value: { number, allow }, place }) => {
    const names = allow === 'everyone' ? [] : [...new Set(allow.map(({ service }) => service).filter((name) => name !== TOKENS_SERVICE))];
    const hiding = first.find(({ value }) => names.includes(value.name));
    if (hiding === undefined || names.length === 1) return [];
    const others = names.filter((name) => name !== hiding.value.name).join(', ');
    const sentence = `Policy ${number} offers "${hiding.value.name}" (${hiding.value.pattern}) beside ${others}: viewers try it first, and some, such as Universal Viewer, try nothing else.`;
    return [{ place, sentence }];
  });
}
