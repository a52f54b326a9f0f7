import { describe, expect, it } from 'vitest';
import type { ServiceSource } from './service-description.ts';
import { TOKEN_ERROR_TEXTS, TOKEN_ERRORS, type TokenError, UNASKED_TEXTS } from './texts.ts';
import { tokenErrorTexts } from './token-error-texts.ts';

const OWN = { heading: { en: ['No card'] }, note: { en: ['Ask at the desk.'] } };

function service(pattern: ServiceSource['pattern'], texts: Partial<ServiceSource> = {}): ServiceSource {
  const none = { heading: null, note: null, confirmLabel: null, errorHeading: null, errorNote: null };
  return { name: 'x', pattern, label: { en: ['X of Example Library'] }, ...none, ...texts };
}

const worded = { errorHeading: OWN.heading, errorNote: OWN.note };

describe('the texts of a token error', () => {
  it.each(['missingAspect', 'invalidAspect'] as const)('are the administrator’s own for %s, whatever the pattern', (error) => {
    for (const pattern of ['login', 'clickthrough', 'kiosk', 'external'] as const) {
      expect(tokenErrorTexts(error, service(pattern, worded))).toEqual(OWN);
    }
  });

  it.each(['invalidRequest', 'invalidOrigin', 'expiredAspect', 'unavailable'] as const)(
    'are ours for %s: it says something else',
    (error) => {
      expect(tokenErrorTexts(error, service('login', worded))).toEqual(TOKEN_ERROR_TEXTS[error]);
    },
  );

  it('are ours where the administrator wrote only the other one', () => {
    const { heading, note } = TOKEN_ERROR_TEXTS.missingAspect;
    expect(tokenErrorTexts('missingAspect', service('login', { errorHeading: OWN.heading }))).toEqual({ heading: OWN.heading, note });
    expect(tokenErrorTexts('missingAspect', service('login', { errorNote: OWN.note }))).toEqual({ heading, note: OWN.note });
  });

  it('speak of no window where there is none', () => {
    const errors: readonly TokenError[] = ['missingAspect', 'invalidAspect', 'expiredAspect'];
    for (const error of errors) {
      expect(tokenErrorTexts(error, service('external')).heading).toEqual(UNASKED_TEXTS.external.errorHeading);
    }
    expect(tokenErrorTexts('missingAspect', service('kiosk')).heading).toEqual(UNASKED_TEXTS.kiosk.errorHeading);
  });

  it('are there for every error of a request that names no service', () => {
    for (const error of TOKEN_ERRORS) expect(tokenErrorTexts(error, null)).toEqual(TOKEN_ERROR_TEXTS[error]);
  });
});
