import { describe, expect, it } from 'vitest';
import { fillFilter } from './ldap-filter.ts';

describe('a filter', () => {
  it('takes what was typed as a text, whatever it is', () => {
    expect(fillFilter('(&(uid={name})(active=TRUE))', { name: 'anna)(|(uid=*' })).toBe('(&(uid=anna\\29\\28|\\28uid=\\2a)(active=TRUE))');
    expect(fillFilter('(uid={name})', { name: '\\2a\0' })).toBe('(uid=\\5c2a\\00)');
  });

  it('takes what looks like a placeholder or a pattern as a text, too', () => {
    expect(fillFilter('(|(uid={name})(mail={name}))', { name: '{name}$&$1' })).toBe('(|(uid={name}$&$1)(mail={name}$&$1))');
  });

  it('keeps what it does not know', () => {
    expect(fillFilter('(x={other})', { name: 'anna' })).toBe('(x={other})');
  });
});
