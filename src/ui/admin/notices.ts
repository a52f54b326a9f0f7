/** What a page says after a form was done: a code in its address, never a text. */
const NOTICES: Readonly<Record<string, string>> = {
  'password-changed': 'Your password is changed. Every other session of yours has ended.',
  'token-ended': 'The access token has ended.',
  'all-sessions-ended': 'Every session has ended, but for yours.',
  'item-granted': 'It is granted, and counts from now on.',
  'item-grant-changed': 'The date is changed.',
  'item-grant-ended': 'The grant has ended.',
  'request-granted': 'The request is granted, and counts from now on.',
  'request-declined': 'The request is declined.',
  'no-such-session': 'It had ended already.',
  'token-revoked': 'The token is revoked: it opens nothing any more.',
  'user-created': 'The user is added.',
  'user-changed': 'Name and address are saved.',
  'user-roles': 'The roles are saved.',
  'user-sessions-ended': 'Every session of the user has ended.',
  'user-disabled': 'The user is disabled, and every session has ended.',
  'user-enabled': 'The user can sign in again.',
  'user-removed': 'The user is removed.',
  'session-ended': 'The session has ended.',
  'factor-added': 'The second factor is added. The next sign-in asks for it.',
  'factor-removed': 'The second factor is removed.',
  'factors-reset': 'The second factors are removed, and every session of theirs in the administration has ended.',
  'no-factors': 'There was nothing to remove.',
  'no-factor': 'Recovery codes stand in for a second factor. Add one first.',
  'shadow-cleared': 'The counts are cleared.',
  'access-saved': 'The access file is saved, and in force.',
  'access-same': 'Nothing was saved: the access file was so already.',
};

/** The sentence of a code, or null. */
export function noticeOf(code: string | null): string | null {
  return code !== null && Object.hasOwn(NOTICES, code) ? (NOTICES[code] ?? null) : null;
}
