import type { AccessModel, AccessService } from '../../domain/access.ts';
import { LOCAL_SOURCE } from '../../domain/session.ts';
import { sourcesOf } from '../../domain/sign-on.ts';

/** The services that a sign-in on our own pages opens. One for each item is opened there. */
export function loginServices({ access }: { access(): AccessModel }): readonly AccessService[] {
  return [...access().services.values()].filter(({ pattern, perItem }) => pattern === 'login' && perItem !== true);
}

/** Whom our own page asks: every source that a service lists, each once; accounts of ours where there is none. */
export function sourcesOfOwnPage(deps: { access(): AccessModel }): readonly string[] {
  const sources = [...deps.access().services.values()].filter(({ pattern }) => pattern === 'login').flatMap(sourcesOf);
  return sources.length === 0 ? [LOCAL_SOURCE] : [...new Set(sources)];
}
