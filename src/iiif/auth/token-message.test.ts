import { describe, expect, it } from 'vitest';
import { TOKEN_ERRORS } from './texts.ts';
import { tokenErrorMessage1, tokenErrorStatus1, tokenMessage1 } from './token-message.ts';

const TOKEN = { accessToken: 'opaque', expiresIn: 300 };

describe('token messages of Authentication 1.0', () => {
  it('have token and lifetime only, for a client that is no browser', () => {
    expect(tokenMessage1(TOKEN, null)).toEqual(TOKEN);
  });

  it.each(['1', '', 'https://viewer.example/token?x=1', '</script>'])('echo the message id %j exactly', (messageId) => {
    expect(tokenMessage1(TOKEN, messageId)).toEqual({ ...TOKEN, messageId });
    expect(tokenErrorMessage1('missingAspect', messageId, []).messageId).toBe(messageId);
  });

  it.each([
    ['invalidRequest', 'invalidRequest', 400],
    ['invalidOrigin', 'invalidOrigin', 403],
    ['missingAspect', 'missingCredentials', 401],
    ['invalidAspect', 'invalidCredentials', 401],
    ['expiredAspect', 'invalidCredentials', 401],
    ['unavailable', 'unavailable', 503],
  ] as const)('name %s %s, with status %i as JSON', (error, name, status) => {
    expect(tokenErrorMessage1(error, null, []).error).toBe(name);
    expect(tokenErrorStatus1(error)).toBe(status);
  });

  it('describe each error in the language of the reader', () => {
    for (const error of TOKEN_ERRORS) {
      const descriptions = ['en', 'de', 'fr'].map((language) => tokenErrorMessage1(error, null, [language]).description);
      expect(new Set(descriptions).size).toBe(3);
    }
  });
});
