/** Access services as the documents of Authentication 1.0 describe them. https://iiif.io/api/auth/1.0/#service-description */
import type { AccessService } from '../../domain/access.ts';
import { SERVICE_PATTERNS } from '../access-names.ts';
import {
  type DraftRule,
  type DraftService,
  type DraftTexts,
  EXAMPLE_NETWORK,
  type ImportWishes,
  serviceName,
  signInLabel,
} from './draft.ts';
import { isObject } from './json-with-lines.ts';

const KEYS = {
  label: 'label',
  header: 'heading',
  description: 'note',
  confirmLabel: 'confirmLabel',
  failureHeader: 'errorHeading',
  failureDescription: 'errorNote',
} as const satisfies Record<string, keyof DraftTexts>;

/** What viewers say before they open a window; of services without one nobody reads it. */
const BEFORE_A_WINDOW: readonly string[] = ['heading', 'note', 'confirmLabel'];

export interface Auth1Service {
  readonly pattern: AccessService['pattern'];
  readonly id: string;
  readonly texts: DraftTexts;
}

/** Null for what is none. */
export function readAuth1Service(given: unknown): Auth1Service | null {
  if (!isObject(given)) return null;
  const profile = typeof given['profile'] === 'string' ? given['profile'] : '';
  const pattern = SERVICE_PATTERNS.find((each) => each === profile.slice(profile.lastIndexOf('/') + 1));
  if (pattern === undefined) return null;
  const hasWindow = pattern === 'login' || pattern === 'clickthrough';
  const texts = Object.entries(KEYS).flatMap(([key, ours]) => {
    const text = given[key];
    return typeof text === 'string' && text.trim() !== '' && (hasWindow || !BEFORE_A_WINDOW.includes(ours)) ? [[ours, text.trim()]] : [];
  });
  return { pattern, id: typeof given['@id'] === 'string' ? given['@id'] : '', texts: Object.fromEntries(texts) };
}

/** Services of the file that is made: each once, with the texts that it had first. */
export interface ServiceBook {
  /** `key`: what makes it one service. The rule has the texts of its own that differ. */
  ruleFor(key: string, service: Auth1Service, more: { readonly roles?: readonly string[]; readonly perItem?: boolean }): DraftRule;
  all(): readonly DraftService[];
}

export function createServiceBook(wishes: ImportWishes): ServiceBook {
  const services = new Map<string, DraftService>();
  return {
    ruleFor(key, { pattern, texts }, { roles = [], perItem = false }) {
      const service = services.get(key) ?? add(key, pattern, texts, perItem);
      const own = Object.entries(texts).filter(([name, text]) => service.texts[name as keyof DraftTexts] !== text);
      return {
        service: service.name,
        // Nobody is a user at these.
        ...(roles.length === 0 || pattern === 'clickthrough' || pattern === 'kiosk' ? {} : { roles }),
        ...(own.length === 0 ? {} : { texts: Object.fromEntries(own) }),
      };
    },
    all: () => [...services.values()],
  };

  function add(key: string, pattern: AccessService['pattern'], texts: DraftTexts, perItem: boolean): DraftService {
    const name = serviceName(NAMES[pattern], new Set([...services.values()].map((each) => each.name)));
    const service: DraftService = {
      name,
      pattern,
      texts: { ...texts, label: texts.label ?? defaultLabel(pattern, wishes) },
      ...(pattern === 'kiosk' ? { networks: [EXAMPLE_NETWORK], comment: 'an example of a network: write those of your reading room' } : {}),
      ...(perItem && (pattern === 'login' || pattern === 'clickthrough') ? { perItem } : {}),
    };
    services.set(key, service);
    return service;
  }
}

const NAMES: Readonly<Record<AccessService['pattern'], string>> = {
  login: 'members',
  clickthrough: 'terms',
  kiosk: 'reading-room',
  external: 'external',
};

function defaultLabel(pattern: AccessService['pattern'], wishes: ImportWishes): string {
  if (pattern === 'login') return signInLabel(wishes);
  return pattern === 'clickthrough' ? `Terms of use of ${wishes.institution}` : `Access at ${wishes.institution}`;
}
