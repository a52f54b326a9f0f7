import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { formatAccessFileError, parseAccessFile } from '../../src/config/access-file.ts';
import { accessSchema } from '../../src/config/access-schema.ts';
import { PLAIN_TIER } from '../fakes/tier.ts';

interface Example {
  readonly name: string;
  readonly text: string;
}

function examples(kind: 'good' | 'bad'): readonly Example[] {
  const folder = join(import.meta.dirname, kind);
  return readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

/** Lines such as `#! 4:12 A sentence` at the top of a bad example: where, and how the sentence begins. */
function expectedErrors(text: string): readonly string[] {
  return [...text.matchAll(/^#! (\d+:\d+ .*)$/gm)].map(([, error = '']) => error);
}

function errorsOf(text: string): readonly string[] {
  const result = parseAccessFile(text, 'access.yaml');
  return result.ok ? [] : result.errors.map(({ line, column, sentence }) => `${line}:${column} ${sentence}`);
}

const good = examples('good');
const bad = examples('bad');

describe('parseAccessFile', () => {
  it.each(good)('accepts $name without a warning', ({ text }) => {
    expect(parseAccessFile(text, 'access.yaml')).toMatchObject({ ok: true, warnings: [] });
  });

  it.each(bad)('finds every mistake in $name, with its place', ({ text }) => {
    const expected = expectedErrors(text);
    const errors = errorsOf(text);
    expect(expected).not.toEqual([]);
    expect(errors.map((error, index) => error.slice(0, expected[index]?.length))).toEqual(expected);
  });

  it('knows a misspelt identity source where the identity file is known', () => {
    const text =
      "accessServices:\n  a: { pattern: login, label: x, identity: [local, campos] }\npolicies: [{ items: '**', allow: everyone }]\n";
    const sentences = (sources?: readonly string[]) => {
      const result = parseAccessFile(text, 'access.yaml', undefined, sources);
      return result.ok ? [] : result.errors.map(formatAccessFileError);
    };
    expect(sentences()).toEqual([]);
    expect(sentences(['campos'])).toEqual([]);
    expect(sentences(['campus'])).toEqual(['access.yaml:2:52: There is no identity source "campos". Did you mean "campus"?']);
    expect(sentences(['shibboleth'])).toEqual([
      'access.yaml:2:52: There is no identity source "campos". The identity file has shibboleth.',
    ]);
    expect(sentences([])).toEqual([
      'access.yaml:2:52: There is no identity source "campos". Name the identity file that has it with --identity FILE.',
    ]);
  });

  it('reads services and policies into the model', () => {
    const result = parseAccessFile(readExample('library.yaml'), 'access.yaml');
    if (!result.ok) throw new Error('the example is good');
    expect(result.model.enforced).toBe(true);
    expect(result.model.services.get('members')).toEqual({
      name: 'members',
      pattern: 'login',
      networks: [],
      label: { en: ['Sign in to Example Library'], de: ['Bei der Beispielbibliothek anmelden'] },
      heading: { en: ['Readers only'] },
      note: { none: ['Letters are shown to registered readers. Registration is free.'] },
      confirmLabel: { none: ['Sign in'] },
      errorHeading: { en: ['Not signed in'], 'fr-CA': ['Non connecté'] },
      errorNote: { none: ['Ask at the desk.'] },
      identity: ['local'],
    });
    expect(result.model.policies).toEqual([
      { number: 1, line: 21, items: ['maps/**'], allow: 'everyone' },
      {
        number: 2,
        line: 23,
        items: ['letters/**', 'drafts/*.{tif,jpg}'],
        allow: [
          { service: 'members', roles: ['reader', 'curator'] },
          { service: 'terms', roles: [] },
        ],
      },
      { number: 3, line: 27, items: ['books/**'], allow: [{ service: 'terms', roles: [] }] },
    ]);
  });

  it('reads the tiers of a policy: one, or several in order, with what they leave out filled in', () => {
    const result = parseAccessFile(readExample('tiers.yaml'), 'access.yaml');
    const nothing = PLAIN_TIER;
    expect(result.ok ? result.model.policies.map(({ otherwise }) => otherwise) : result.errors).toEqual([
      [{ ...nothing, name: '1', maxSize: 600, watermark: { mark: 'Example Library', opacity: 0.4, place: 'everywhere' } }],
      [
        {
          ...nothing,
          name: 'reading',
          label: { en: ['For the reading room'] },
          gray: true,
          for: [{ service: 'staff', roles: ['curator'] }],
        },
        {
          ...nothing,
          name: 'preview',
          blackout: [{ x: 10, y: 20, width: 30, height: 40 }],
          blur: [{ x: 0, y: 0, width: 12.5, height: 12.5 }],
          watermark: { mark: '© Müller & Söhne 1890', opacity: 0.3, place: 'bottom-right' },
        },
      ],
      [
        { ...nothing, name: 'low', label: { none: ['Low quality'] }, item: 'previews/{path}' },
        { ...nothing, name: '2', maxOutput: 1024 },
      ],
    ]);
    expect(result.ok && result.warnings).toEqual([]);
  });

  it('reads services for each item, how long they count, the texts of rules, and embargoes', () => {
    const result = parseAccessFile(readExample('services-of-items.yaml'), 'access.yaml');
    if (!result.ok) throw new Error('the example is good');
    expect(['loan', 'staff', 'desk'].map((name) => result.model.services.get(name))).toMatchObject([
      { name: 'loan', perItem: true, minutes: 60 },
      { name: 'staff', minutes: 480 },
      { name: 'desk', perItem: true },
    ]);
    const [books, theses, papers, films] = result.model.policies;
    expect(books?.allow).toEqual([
      {
        service: 'loan',
        roles: [],
        texts: { note: { en: ['One reader at a time.'], de: ['Nur für eine Person.'] }, errorHeading: { none: ['Not lent'] } },
      },
      { service: 'desk', roles: [] },
    ]);
    expect(theses).toMatchObject({
      allow: 'everyone',
      embargo: { until: new Date('2031-01-31T00:00:00Z'), allow: [{ service: 'staff', roles: [] }] },
    });
    expect(papers).toMatchObject({ embargo: { until: new Date('2031-01-31T08:30:00Z'), allow: [] } });
    expect(films).toMatchObject({ embargo: { until: new Date('2031-01-31T08:30:00Z'), allow: [] } });
  });

  it('reads that a folder is closed to everybody', () => {
    const result = parseAccessFile(readExample('closed-folder.yaml'), 'access.yaml');
    expect(result.ok ? result.model.policies.map(({ allow }) => allow) : result.errors).toEqual([[], 'everyone']);
  });

  it('writes a mistake as editors and terminals know it', () => {
    const result = parseAccessFile('policies: 1', 'conf/access.yaml');
    expect(result.ok ? [] : result.errors.map(formatAccessFileError)).toEqual([
      'conf/access.yaml:1:11: "policies" must be a list, not the value 1.',
    ]);
  });

  it('refuses a file that grows by aliases, quickly', () => {
    const levels = Array.from({ length: 120 }, (_, index) => `a${index}: &a${index} [${`*a${index - 1}, `.repeat(index === 0 ? 0 : 9)}x]`);
    expect(errorsOf(levels.join('\n')).some((error) => error.includes('aliases'))).toBe(true);
  });

  it('refuses a file of megabytes before reading it', () => {
    expect(errorsOf(`# ${'x'.repeat(1_000_000)}`)).toEqual(['1:1 The file is longer than 1000000 characters.']);
  });

  it('gives a sentence and a place for any text, and throws for none', () => {
    const fragments = fc.constantFrom(
      'policies:',
      ' ',
      '\n',
      '  - items: ',
      '"',
      "'",
      '**',
      '{',
      '}',
      '[',
      ']',
      'allow: ',
      'everyone',
      '&a ',
      '*a',
      '\t',
      '!x ',
      '? ',
      ': ',
      '|',
      '---',
      '%',
      'é',
      '\0',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(fragments).map((parts) => parts.join('')),
        ),
        (text) => {
          const result = parseAccessFile(text, 'access.yaml');
          if (result.ok) return;
          expect(result.errors).not.toEqual([]);
          for (const { line, column, sentence } of result.errors) {
            expect(line).toBeGreaterThanOrEqual(1);
            expect(column).toBeGreaterThanOrEqual(1);
            expect(sentence).toMatch(/\S.*[.?)]$/s);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('warnings', () => {
  const SERVICES = `accessServices:
  members: { pattern: login, label: x }
  terms: { pattern: clickthrough, label: x }
`;

  function warningsOf(policies: string, services = ''): readonly string[] {
    const result = parseAccessFile(`${services}policies:\n${policies}`, 'access.yaml');
    if (!result.ok) throw new Error(result.errors.map(formatAccessFileError).join('\n'));
    return result.warnings.map(({ line, sentence }) => `${line} ${sentence}`);
  }

  it('find a rule that is over before it begins', () => {
    const sentence = (time: string) =>
      `has a rule that never holds: its time ${time} is over before it begins, by the dates of the policy.`;
    expect(
      warningsOf(`  - { items: a/**, from: 2031-03-01, allow: [{ service: terms, until: 2031-02-01 }, { service: members }] }`, SERVICES),
    ).toEqual([`5 Policy 1 ${sentence('from 1 March 2031 until 1 February 2031')}`]);
    expect(warningsOf(`  - { items: a/**, embargoUntil: 2031-03-01, until: 2031-02-01, allow: everyone }`)).toEqual([
      `2 Policy 1 ${sentence('until 1 February 2031')}`,
    ]);
    expect(warningsOf(`  - { items: a/**, embargoUntil: 2031-01-01, until: 2031-02-01, allow: everyone }`)).toEqual([]);
  });

  it.each([
    ['everything', '**'],
    ['the same', 'letters/a/**'],
    ['the folder above', 'letters/**'],
  ])('name a policy that is never reached, because an earlier one is about %s', (_, pattern) => {
    expect(warningsOf(`  - { items: '${pattern}', allow: everyone }\n  - { items: letters/a/**, allow: everyone }`)).toEqual([
      '3 Policy 2 is never reached: policy 1 (line 2) comes first and matches the same items.',
    ]);
  });

  it('leave a policy alone that is reached by one of its patterns', () => {
    expect(warningsOf(`  - { items: letters/**, allow: everyone }\n  - { items: [letters/a.tif, maps/**], allow: everyone }`)).toEqual([]);
    expect(warningsOf(`  - { items: letters/*, allow: everyone }\n  - { items: letters/**, allow: everyone }`)).toEqual([]);
    expect(warningsOf(`  - { items: 'l*/**', allow: everyone }\n  - { items: letters/**, allow: everyone }`)).toEqual([]);
  });

  it('name a service that no policy uses', () => {
    expect(warningsOf(`  - { items: '**', allow: [{ service: terms }] }`, SERVICES)).toEqual([
      '2 No policy uses the access service "members".',
    ]);
  });

  it('say when a pattern looks like a folder', () => {
    expect(warningsOf('  - { items: [maps/letters, a.tif, b/**], allow: everyone }')).toEqual([
      '2 The pattern maps/letters is about one item of that name. For what is in the folder, write maps/letters/**.',
    ]);
  });

  it('say when a comma cut a sentence in two', () => {
    const services = `accessServices:
  members:
    pattern: login
    label: { en: [Sign in, please], de: ["Anmelden, bitte"] }
    note: { en: [First paragraph., Second paragraph.], de: [Zuerst dies, dann das, und jenes] }
`;
    expect(warningsOf(`  - { items: '**', allow: [{ service: members }] }`, services)).toEqual([
      '2 The label of "members" in en was cut in two at a comma, before "please": put the sentence in quotes.',
      '2 The note of "members" in de was cut in two at a comma, before "dann das": put the sentence in quotes.',
    ]);
  });

  it.each([
    [
      'kiosk',
      'k: { pattern: kiosk, label: x }',
      'The kiosk "k" has no networks and no devices: it lets in whoever opens it, from anywhere.',
    ],
    ['network of all', "k: { pattern: kiosk, label: x, networks: ['::/0'] }", 'The network ::/0 of "k" holds every address.'],
    [
      'network with this machine',
      'k: { pattern: external, label: x, networks: [127.0.0.0/8] }',
      'The network 127.0.0.0/8 of "k" holds this machine: behind a proxy here that trustedProxies does not name, every visitor is in it.',
    ],
    [
      'text that nobody reads',
      'k: { pattern: external, label: x, note: y, networks: [192.0.2.7] }',
      'Nobody reads the note of "k": viewers ask nothing before a service of the pattern external.',
    ],
  ])('name a %s', (_, service, sentence) => {
    expect(warningsOf("  - { items: '**', allow: [{ service: k }] }", `accessServices:\n  ${service}\n`)).toEqual([`2 ${sentence}`]);
  });

  it('say when a service without interaction hides the others from some viewers, where we cannot leave it out in time', () => {
    const policy = "  - { items: '**', allow: [{ service: members }, { service: site }] }";
    const services = `accessServices:\n  members: { pattern: login, label: x }\n  site: { pattern: external, label: x`;
    expect(warningsOf(policy, `${services} }\n`)).toEqual([
      '5 Policy 1 offers "site" (external) beside members: viewers try it first, and some, such as Universal Viewer, try nothing else.',
    ]);
    expect(warningsOf(policy, `${services}, networks: [192.0.2.0/24] }\n`)).toEqual([]);
  });

  it('say when roles are asked for where nobody signs in, for a tier too', () => {
    const terms = '{ service: terms, roles: [reader] }';
    for (const rest of [`, ${terms}] }`, `], otherwise: { gray: true, for: [${terms}] } }`]) {
      expect(warningsOf(`  - { items: '**', allow: [{ service: members }${rest}`, SERVICES)).toEqual([
        '5 Policy 1 asks for roles at "terms", where nobody signs in: only users who signed in elsewhere get through.',
      ]);
    }
  });
});

describe('the schema for editors', () => {
  const validate = new Ajv2020({ strict: true, allErrors: true, strictTypes: false }).compile(accessSchema());

  it('is the one in the documentation', () => {
    const published = readFileSync(join(import.meta.dirname, '../../docs/reference/access.schema.json'), 'utf8');
    expect(JSON.parse(published)).toEqual(accessSchema());
  });

  it.each(good)('accepts $name', ({ text }) => {
    validate(parse(text));
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(bad.filter(({ text }) => isYaml(text)))('judges $name as the parser does, where a schema can', ({ text }) => {
    expect(validate(parse(text, { uniqueKeys: false, logLevel: 'error' }))).toBe(text.includes('#! schema cannot tell'));
  });

  it('refuses each single mistake that the examples gather', () => {
    const service = { pattern: 'login', label: 'x' };
    const policy = { items: '**', allow: 'everyone' };
    const wrong = [
      { policies: [policy], accessServices: { Members: service } },
      { policies: [policy], accessServices: { a: { ...service, pattern: 'active' } } },
      { policies: [policy], accessServices: { a: { ...service, networks: ['192.0.2.0/24'] } } },
      { policies: [policy], accessServices: { a: { ...service, pattern: 'kiosk', networks: [] } } },
      { policies: [policy], accessServices: { a: { ...service, identity: ['a campus'] } } },
      { policies: [policy], accessServices: { a: { ...service, identity: ['campus', 'campus'] } } },
      { policies: [policy], accessServices: { a: { ...service, pattern: 'kiosk', identity: ['campus'] } } },
      { policies: [policy], accessServices: { a: { ...service, label: ' ' } } },
      { policies: [policy], accessServices: { a: { ...service, label: ['x'] } } },
      { policies: [policy], accessServices: { a: { ...service, label: {} } } },
      { policies: [policy], accessServices: { a: { ...service, label: { english: 'x' } } } },
      { policies: [policy], accessServices: { a: { ...service, note: { en: [] } } } },
      { policies: [{ ...policy, otherwise: {} }] },
      { policies: [policy], accessServices: { a: { ...service, perItem: 'yes' } } },
      { policies: [policy], accessServices: { a: { ...service, devices: true } } },
      { policies: [policy], accessServices: { a: { ...service, pattern: 'kiosk', devices: 'desk' } } },
      { policies: [policy], accessServices: { a: { ...service, pattern: 'kiosk', devices: true, perItem: true } } },
      { policies: [policy], accessServices: { a: { ...service, minutes: 0 } } },
      { policies: [{ ...policy, duringEmbargo: 'nobody' }] },
      { policies: [{ ...policy, embargoUntil: 'soon' }] },
      { policies: [{ ...policy, embargoUntil: '2031-01-31', duringEmbargo: 'everyone' }] },
      { policies: [{ ...policy, items: [] }] },
      { policies: [{ ...policy, items: 12 }] },
      { policies: [{ ...policy, allow: 'noone' }] },
      { policies: [{ ...policy, allow: [] }] },
      { policies: [{ ...policy, allow: [{ roles: ['x'] }] }] },
      { policies: [{ ...policy, allow: [{ service: 'a', roles: [] }] }] },
      { policies: [{ ...policy, allow: [{ service: 'a', roles: ['a b'] }] }] },
    ];
    for (const file of wrong) {
      expect(validate(file), JSON.stringify(file)).toBe(false);
      expect(parseAccessFile(JSON.stringify(file), 'access.yaml').ok, JSON.stringify(file)).toBe(false);
    }
  });
});

function readExample(name: string): string {
  return good.find((example) => example.name === name)?.text ?? '';
}

function isYaml(text: string): boolean {
  try {
    parse(text, { uniqueKeys: false, logLevel: 'error' });
    return true;
  } catch {
    return false;
  }
}
