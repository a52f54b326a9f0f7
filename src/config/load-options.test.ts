import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Disk, type LoadedOptions, loadOptions, type OptionsInput } from './load-options.ts';
import { environmentName, flagName, OPTION_KEYS, optionRow } from './options.ts';

const FILES: Readonly<Record<string, string>> = {
  '/etc/vitrine.yaml': '# ours\nport: 7000\ntitle: From the file\nimages: pictures\ntrustedProxies: [10.0.0.0/8]\nsizeAboveFull: yes\n',
  '/etc/misspelt.yaml': 'title: Ours\nprot: 7000\n',
  '/etc/wrong.yaml': 'title: Ours\n\nport: many\nmaxUpscale: 0.5\n',
  '/etc/broken.yaml': 'title: "Ours\nport: 1\n',
  '/etc/twice.yaml': 'port: 1\nport: 2\n',
  '/etc/list.yaml': '- port\n',
  '/etc/empty.yaml': '# nothing yet\nport:\n',
  '/run/secret': 'correct horse battery\n',
  '/etc/vitrine.env':
    '# ours\nexport VITRINE_PORT=7500\nVITRINE_IMAGES=pictures\nVITRINE_CONFIG=vitrine.yaml\nVITRINE_TITLE="From # the env file"\nPATH=/nowhere\n',
  '/etc/secrets.env':
    'VITRINE_SMTP_URL_FILE=../run/secret\nVITRINE_FIRST_ADMINISTRATOR_PASSWORD=hunter2\nVITRINE_FIRST_ADMINISTRATOR_NAME=anna\n',
  '/etc/wrong.env':
    'VITRINE_PORT=many\nVITRINE_PORT_FILE=/run/secret\nVITRINE_LAB_PASSWORD=hunter3hunter3\nVITRINE_LAB_PASSWORD_FILE=/run/secret\n',
  '/etc/broken.env': 'VITRINE_PORT 80\n',
  '/etc/again.env': 'VITRINE_ENV_FILE=vitrine.env\n',
  '/etc/misspelt.env': 'VITRINE_PROT=80\nVITRINE_COMPOSE_PROJECT=1.0\n',
  '/etc/other.env': 'VIRTUAL_HOST=iiif.example.org\nIMAGE_DIR=/srv/images\nAUTH_ADMIN_PASSWORD=hunter2\nVITRINE_IMAGES=pictures\n',
  '/etc/inside.yaml': 'smtpUrl: { file: ../run/smtp }\nmailFrom: iiif@example.org\npublicUrl: https://iiif.example.org\n',
  '/etc/nested.yaml': 'envFile: vitrine.env\n',
  '/etc/nofile.yaml': 'smtpUrl: { file: ../run/none }\nport: { file: ../run/secret }\n',
  '/run/smtp': 'smtps://mail.example.org\n',
};
const OPEN_TO_ALL = new Set(['/etc/secrets.env', '/etc/vitrine.env']);
const FOLDERS = new Set(['/work', '/work/images', '/etc/pictures', '/srv/images']);

const disk: Disk = {
  isOpenToAll: (file) => OPEN_TO_ALL.has(file),
  read: (file) => {
    const content = FILES[file];
    if (content === undefined) throw new Error('ENOENT');
    return content;
  },
  kind: (name) =>
    name.startsWith('/root/')
      ? 'closed'
      : FOLDERS.has(name)
        ? 'folder'
        : Object.hasOwn(FILES, name) || name.endsWith('.pem')
          ? 'file'
          : 'nothing',
};

function load(changes: Partial<OptionsInput> = {}): LoadedOptions {
  return loadOptions({ command: 'serve', flags: {}, environment: {}, folder: '/work', disk, ...changes });
}

function mustLoad(changes: Partial<OptionsInput> = {}): Extract<LoadedOptions, { ok: true }> {
  const loaded = load(changes);
  if (!loaded.ok) throw new Error(loaded.errors.join('\n'));
  return loaded;
}

function errorsOf(changes: Partial<OptionsInput>): readonly string[] {
  const loaded = load(changes);
  return loaded.ok ? [] : loaded.errors;
}

describe('precedence', () => {
  it('takes the flag before the environment before the file before the default', () => {
    const config = '/etc/vitrine.yaml';
    const all = mustLoad({ flags: { config, port: '9000' }, environment: { VITRINE_PORT: '8000' } });
    expect(all.options.port).toBe(9000);
    expect(all.origins.port).toBe('flag');
    expect(mustLoad({ flags: { config }, environment: { VITRINE_PORT: '8000' } }).options.port).toBe(8000);
    const fromFile = mustLoad({ environment: { VITRINE_CONFIG: config } });
    expect(fromFile.options.port).toBe(7000);
    expect(fromFile.origins).toMatchObject({ port: 'file', title: 'file', maxWidth: 'default' });
    expect(mustLoad().options.port).toBe(8080);
  });

  it('takes an empty variable and an empty entry as not given', () => {
    expect(mustLoad({ environment: { VITRINE_PORT: '' } }).options.port).toBe(8080);
    expect(mustLoad({ flags: { config: '/etc/empty.yaml' } }).options.port).toBe(8080);
  });

  it('counts relative names from the working folder, and in the file from the folder of the file', () => {
    expect(mustLoad({ flags: { images: 'images', data: 'state' } }).options).toMatchObject({ images: '/work/images', data: '/work/state' });
    expect(mustLoad({ flags: { config: '/etc/vitrine.yaml' } }).options.images).toBe('/etc/pictures');
  });
});

describe('the options file', () => {
  it('reads lists, numbers and yes', () => {
    expect(mustLoad({ flags: { config: '/etc/vitrine.yaml' } }).options).toMatchObject({
      trustedProxies: ['10.0.0.0/8'],
      sizeAboveFull: true,
    });
  });

  it('refuses an option that does not exist, with its line and what was probably meant', () => {
    expect(errorsOf({ flags: { config: '/etc/misspelt.yaml' } })).toEqual([
      'misspelt.yaml:2: there is no option "prot"; did you mean "port"?',
    ]);
  });

  it('reports every wrong value with its line', () => {
    expect(errorsOf({ flags: { config: '/etc/wrong.yaml' } })).toEqual([
      'wrong.yaml:3: port must be a whole number from 0 to 65535, not "many".',
      'wrong.yaml:4: maxUpscale must be a number from 1 to 100, not 0.5.',
    ]);
  });

  it.each([
    ['/etc/broken.yaml', /^broken\.yaml:\d+: /],
    ['/etc/twice.yaml', /^twice\.yaml:2: /],
    ['/etc/list.yaml', /^list\.yaml:1: /],
    ['/etc/nowhere.yaml', /could not be read/],
  ])('says where %s is wrong', (config, sentence) => {
    expect(errorsOf({ flags: { config } })[0]).toMatch(sentence);
  });
});

describe('the env file', () => {
  const envFile = '/etc/vitrine.env';

  it('comes after the environment and before the options file, which it may name', () => {
    const { options, origins } = mustLoad({ flags: { envFile } });
    expect(options).toMatchObject({ port: 7500, title: 'From # the env file', trustedProxies: ['10.0.0.0/8'] });
    expect(origins).toMatchObject({ port: 'environment', trustedProxies: 'file' });
    expect(mustLoad({ environment: { VITRINE_ENV_FILE: envFile, VITRINE_PORT: '8000' } }).options.port).toBe(8000);
    expect(mustLoad({ flags: { envFile, port: '9000' } }).options.port).toBe(9000);
  });

  it('has relative names count from its own folder', () => {
    expect(mustLoad({ flags: { envFile } }).options.images).toBe('/etc/pictures');
  });

  it('holds secrets, or names files of secrets', () => {
    const changes = { flags: { envFile: '/etc/secrets.env', images: 'images' } };
    // What it holds is no address of a mail server, which shows that it was read; the secret itself is in no sentence.
    const errors = errorsOf(changes);
    expect(errors).toEqual([expect.stringMatching(/^secrets\.env:1: VITRINE_SMTP_URL_FILE must be the address of a mail server/)]);
    expect(errors.join('\n')).not.toContain('horse');
  });

  it('is announced where it holds a secret and everybody may read it', () => {
    const environment = {
      VITRINE_SMTP_URL: 'smtps://mail.example.org',
      VITRINE_MAIL_FROM: 'iiif@example.org',
      VITRINE_PUBLIC_URL: 'https://x.example',
    };
    const { notices } = mustLoad({
      flags: { envFile: '/etc/secrets.env' },
      environment: { ...environment, VITRINE_CONFIG: '' },
      command: 'mail',
    });
    expect(notices.join('\n')).toMatch(/Everybody on this machine may read secrets\.env.*chmod 600/);
    expect(notices.join('\n')).not.toContain('hunter2');
    expect(mustLoad({ flags: { envFile } }).notices.join('\n')).not.toContain('Everybody');
  });

  it('has each mistake said with its line', () => {
    expect(errorsOf({ flags: { envFile: '/etc/wrong.env' }, command: 'demo' })).toEqual([
      'wrong.env:2: VITRINE_PORT_FILE: only secrets can be in a file of their own; give VITRINE_PORT itself.',
      'wrong.env:4: VITRINE_LAB_PASSWORD_FILE: VITRINE_LAB_PASSWORD is set too. Give one of them.',
      'wrong.env:1: VITRINE_PORT must be a whole number from 0 to 65535, not "many".',
    ]);
    expect(errorsOf({ flags: { envFile: '/etc/broken.env' } })).toEqual(['broken.env:1: expected NAME=value, or # before a comment']);
    expect(errorsOf({ flags: { envFile: '/etc/again.env' } })).toEqual(['again.env: an env file cannot name another one']);
    expect(errorsOf({ flags: { envFile: '/etc/none.env' } })).toEqual(['The env file /etc/none.env could not be read.']);
    expect(errorsOf({ flags: { config: '/etc/nested.yaml' } })).toEqual(['nested.yaml:1: an options file cannot name another one']);
  });

  it('has a misspelt variable announced, and leaves those of others alone', () => {
    expect(mustLoad({ flags: { envFile: '/etc/misspelt.env' } }).notices).toEqual([
      'The env file misspelt.env holds VITRINE_PROT, which is not an option; did you mean VITRINE_PORT?',
    ]);
  });

  it('says what settings of iiif-image-auth are called here, unless they are there', () => {
    expect(mustLoad({ flags: { envFile: '/etc/other.env' } }).notices).toEqual([
      'other.env:1: VIRTUAL_HOST is not read here; it is called VITRINE_PUBLIC_URL, with https:// before the name.',
      'other.env:3: AUTH_ADMIN_PASSWORD is not read here; it is called VITRINE_FIRST_ADMINISTRATOR_PASSWORD.',
    ]);
  });
});

describe('shadow mode', () => {
  const now = new Date('2026-11-01T00:00:00Z');
  const access = '/etc/vitrine.yaml';
  const shadow = (shadowUntil: string, more: Partial<OptionsInput> = {}) => ({
    flags: { images: 'images', access, shadowUntil },
    now,
    ...more,
  });

  it('is said in big letters, before all else', () => {
    expect(mustLoad(shadow('2026-12-01')).notices[0]).toBe(
      'SHADOW MODE until 2026-12-01T00:00:00.000Z: THE ACCESS FILE IS NOT ENFORCED. EVERYBODY SEES EVERYTHING.',
    );
    expect(mustLoad(shadow('2026-12-01T09:00+01:00')).options.shadowUntil).toEqual(new Date('2026-12-01T08:00:00Z'));
  });

  it('cannot be left on: it has an end, and one that is near', () => {
    expect(errorsOf(shadow('2027-06-01'))).toEqual([expect.stringMatching(/more than 92 days away/)]);
    expect(errorsOf(shadow('soon'))).toEqual([expect.stringMatching(/^--shadow-until must be a date such as/)]);
    expect(mustLoad(shadow('2026-10-31')).notices[0]).toMatch(/ended at .* the access file is enforced/);
  });

  it('needs an access file', () => {
    expect(errorsOf({ flags: { images: 'images', shadowUntil: '2026-12-01' }, now })).toEqual([
      expect.stringMatching(/shadowUntil needs access/),
    ]);
  });
});

describe('a secret in a file', () => {
  it('can be named in the options file, from whose folder the name counts', () => {
    expect(mustLoad({ flags: { config: '/etc/inside.yaml' } }).options.smtpUrl).toBe('smtps://mail.example.org');
  });

  it('that is not there is said with the line; what is no secret is given itself', () => {
    expect(errorsOf({ flags: { config: '/etc/nofile.yaml' } })).toEqual([
      expect.stringMatching(/^nofile\.yaml:2: port must be a whole number/),
      'The file that nofile.yaml:1: smtpUrl names could not be read.',
    ]);
  });
});

describe('values', () => {
  it('takes origins with https, and those of this machine, as browsers write them', () => {
    const given = 'https://viewer.example.org/, http://localhost:3000,http://viewer.lib.localhost,http://127.0.0.1:1,http://[::1]:2';
    expect(mustLoad({ flags: { contentWithoutCookies: given } }).options.contentWithoutCookies).toEqual([
      'https://viewer.example.org',
      'http://localhost:3000',
      'http://viewer.lib.localhost',
      'http://127.0.0.1:1',
      'http://[::1]:2',
    ]);
  });

  it.each([
    ['port', '8080x'],
    ['port', '65536'],
    ['port', '-1'],
    ['port', '1e3'],
    ['maxUpscale', 'Infinity'],
    ['publicUrl', 'iiif.example.org'],
    ['publicUrl', 'ftp://iiif.example.org'],
    ['publicUrl', 'https://iiif.example.org/?a=b'],
    ['publicUrl', 'https://iiif.example.org/#'],
    ['publicUrl', 'https://user:word@iiif.example.org/'],
    ['tls', 'on'],
    ['tls', 'only-one-file'],
    ['contentWithoutCookies', 'http://viewer.example.org'],
    ['contentWithoutCookies', 'https://viewer.example.org/path'],
    ['contentWithoutCookies', 'https://viewer.example.org,*'],
    ['contentWithoutCookies', 'http://127.viewer.example'],
    ['trustedProxies', '10.0.0.0/33'],
    ['trustedProxies', 'proxy.example.org'],
    ['trustedProxies', '10.0.0.1,,10.0.0.2'],
    ['slashSubstitute', '/'],
    ['slashSubstitute', '%'],
    ['slashSubstitute', 'a'],
    ['sizeAboveFull', 'maybe'],
    ['lockedInformationStatus', '403'],
    ['backgroundColour', 'white'],
    ['logLevel', 'loud'],
    ['colour', 'constructor'],
    ['sizeAboveFull', 'constructor'],
  ] as const)('%s cannot be %s', (key, value) => {
    const [error = ''] = errorsOf({ flags: { [key]: value } });
    expect(error).toContain(flagName(key));
    expect(error).toContain(optionRow(key).expects);
  });

  it('reads the public address without a slash at the end', () => {
    expect(mustLoad({ flags: { publicUrl: 'https://Example.org/pictures//' } }).options.publicUrl).toBe('https://example.org/pictures');
  });

  it('takes a bare flag as yes', () => {
    expect(mustLoad({ flags: { sizeAboveFull: true } }).options.sizeAboveFull).toBe(true);
  });

  it('takes a secret from a file that the environment names, and never shows it', () => {
    const command = 'demo' as const;
    expect(mustLoad({ command, environment: { VITRINE_LAB_PASSWORD_FILE: '/run/secret' } }).options.labPassword).toBe(
      'correct horse battery',
    );
    expect(errorsOf({ command, environment: { VITRINE_LAB_PASSWORD_FILE: '/run/none' } })[0]).toContain('VITRINE_LAB_PASSWORD_FILE');
    expect(errorsOf({ command, environment: { VITRINE_LAB_PASSWORD: 'hunter2' } }).join()).not.toContain('hunter2');
  });

  it('answers any text with options or with sentences, and never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OPTION_KEYS.filter((key) => key !== 'config')), fc.string(), (key, value) => {
        const loaded = load({ flags: { [key]: value } });
        expect(loaded.ok || loaded.errors.every((error) => error.endsWith('.'))).toBe(true);
      }),
    );
  });
});

describe('combinations', () => {
  const https = 'https://iiif.example.org';
  const NAMELESS = { tls: 'acme', httpPort: '80', acmeTermsAgreed: 'yes' } as const;
  const ACME = { ...NAMELESS, publicUrl: https } as const;

  it.each<[string, Partial<OptionsInput>, RegExp]>([
    ['an image folder that does not exist', { flags: { images: '/srv/none' } }, /does not exist/],
    ['no image folder at all', { folder: '/etc' }, /--images DIR/],
    ['an access file that does not exist', { flags: { access: '/srv/none.yaml' } }, /access file .* does not exist/],
    [
      'an image folder that is closed to us',
      { flags: { images: '/root/images' } },
      /image folder \/root\/images cannot be read by the account/,
    ],
    ['an access file that is a folder', { flags: { access: '/srv/images' } }, /access file \/srv\/images is a folder\.$/],
    [
      'an access file that is closed to us',
      { flags: { access: '/root/access.yaml' } },
      /access file \/root\/access.yaml cannot be read by the account/,
    ],
    ['a data folder that is closed to us', { flags: { data: '/root/data' } }, /data folder \/root\/data cannot be read by the account/],
    [
      'a key that is closed to us',
      { flags: { tls: '/etc/cert.pem,/root/key.pem' } },
      /^The file \/root\/key.pem, which tls names, cannot be read/,
    ],
    ['a certificate that does not exist', { flags: { tls: '/etc/none,/etc/key.pem' } }, /\/etc\/none/],
    ['a data folder within the image folder', { flags: { images: '/srv/images', data: '/srv/images/state' } }, /within the image folder/],
    ['one folder for data and images', { flags: { images: '/srv/images', data: '/srv/images' } }, /same folder/],
    ['http in public although tls is on', { flags: { tls: 'adhoc', publicUrl: 'http://iiif.example.org' } }, /tls is on/],
    ['plain http redirected to nothing', { flags: { httpPort: '8081' } }, /httpPort needs tls/],
    ['one port for http and https', { flags: { tls: 'adhoc', port: '8443', httpPort: '8443' } }, /are the same/],
    ['https for ever with a certificate that nobody knows', { flags: { tls: 'adhoc', hstsDays: '1' } }, /browsers know/],
    ['https for ever on plain http', { flags: { hstsDays: '1' } }, /hstsDays needs https/],
    ['a socket without a name for visitors', { flags: { socket: '/run/v.sock' } }, /socket needs publicUrl/],
    ['a socket with too long a name', { flags: { socket: `/run/${'v'.repeat(110)}`, publicUrl: https } }, /longer than the 107/],
    ['an authority whose terms nobody agreed to', { flags: { tls: 'acme', publicUrl: https, httpPort: '80' } }, /acmeTermsAgreed: yes/],
    ['an authority without a name', { flags: NAMELESS }, /set publicUrl, or acmeNames/],
    ['an authority for a name that nobody knows', { flags: { ...ACME, publicUrl: 'https://localhost' } }, /known in the DNS/],
    ['an authority for an address', { flags: { ...ACME, publicUrl: 'https://192.0.2.1' } }, /known in the DNS/],
    ['an authority that comes by http to nothing', { flags: { ...ACME, httpPort: '0' } }, /http-01 needs httpPort/],
    ['records in the DNS that nobody writes', { flags: { ...ACME, acmeChallenge: 'dns-01' } }, /belong together/],
    ['a star without the DNS', { flags: { ...ACME, acmeNames: '*.example.org' } }, /needs acmeChallenge dns-01/],
    ['half an account', { flags: { ...ACME, acmeAccountKeyId: 'kid' } }, /give both, or neither/],
    ['an authority nobody vouches for', { flags: { ...ACME, acmeAuthorityFile: '/etc/none' } }, /acmeAuthorityFile names, does not exist/],
    ['a name from two sides', { flags: { proxiesNameUs: 'yes', trustedProxies: 'unix', publicUrl: https } }, /or you do/],
    ['a name from nobody', { flags: { proxiesNameUs: 'yes' } }, /or you do/],
    [
      'an idle time beyond the life of a session',
      { flags: { sessionIdleMinutes: '121', sessionAbsoluteHours: '2' } },
      /sessionIdleMinutes/,
    ],
    [
      'a token that outlives its session',
      { flags: { tokenMinutes: '90', sessionIdleMinutes: '30', sessionAbsoluteHours: '1' } },
      /tokenMinutes/,
    ],
  ])('%s stops the start', (_what, changes, sentence) => {
    expect(errorsOf(changes).join('\n')).toMatch(sentence);
  });

  it('lets an authority give the certificate', () => {
    expect(mustLoad({ flags: ACME }).notices).toEqual([]);
    expect(mustLoad({ flags: { ...NAMELESS, acmeNames: 'a.example.org,b.example.org' } }).options.acmeNames).toHaveLength(2);
  });

  it('lets a proxy do https', () => {
    expect(mustLoad({ flags: { socket: '/run/v.sock', publicUrl: https, trustedProxies: 'unix', hstsDays: '7' } }).notices).toEqual([]);
    expect(mustLoad({ flags: { tls: 'off', publicUrl: https, trustedProxies: '10.0.0.1' } }).notices).toEqual([]);
  });

  it.each<[string, OptionsInput['flags'], RegExp]>([
    ['a certificate of our own', { tls: 'adhoc' }, /browsers warn/],
    ['no public address on a machine that others reach', { host: '0.0.0.0' }, /Host header/],
    ['plain http for others', { publicUrl: 'http://iiif.example.org' }, /https and localhost only/],
    ['https by a proxy that is not named', { publicUrl: https }, /trustedProxies is empty/],
    ['a proxy without the address that visitors use', { trustedProxies: '10.0.0.1' }, /publicUrl is not set/],
    ['a proxy that says what visitors call us', { trustedProxies: '10.0.0.1', proxiesNameUs: 'yes' }, /never passes on/],
    ['a socket whose proxy is not believed', { socket: '/run/v.sock', publicUrl: https }, /does not name unix/],
    ['proxies everywhere', { trustedProxies: '0.0.0.0/0' }, /any visitor can claim/],
  ])('announces %s', (_what, flags, sentence) => {
    expect(mustLoad({ flags }).notices.join('\n')).toMatch(sentence);
  });

  it('starts without notices where nothing is unsafe', () => {
    expect(mustLoad().notices).toEqual([]);
  });

  it('announces a variable that is nearly an option, and leaves others alone', () => {
    expect(mustLoad({ environment: { VITRINE_PROT: '1', VITRINE_REQUIRE_REAL_PARTS: '1' } }).notices).toEqual([
      'The environment holds VITRINE_PROT, which is not an option; did you mean VITRINE_PORT?',
    ]);
  });

  it('asks neither for images nor for tls files where people are managed', () => {
    expect(load({ command: 'user', folder: '/etc' }).ok).toBe(true);
  });
});

describe('the table', () => {
  it.each(OPTION_KEYS)('%s has a sentence, a group and a command, and a default that its own schema takes', (key) => {
    const row = optionRow(key);
    expect(row.sentence).toMatch(/^[A-Z].*\.$/);
    expect(row.commands.length).toBeGreaterThan(0);
    expect(environmentName(key)).toMatch(/^VITRINE_[A-Z0-9_]+$/);
    if (row.defaultText !== '')
      expect(row.schema.safeParse(row.fromText(row.defaultText))).toMatchObject({ success: true, data: row.default });
  });
});

describe('images in an object store', () => {
  const images = 's3://pictures/scans';

  it('are named as they are given, and no folder is looked for', () => {
    expect(mustLoad({ flags: { images } }).options.images).toBe(images);
  });

  it.each(['s3://', 's3://Not-A-Bucket/x', 's3://pictures/../x'])('are not at %s', (place) => {
    expect(errorsOf({ flags: { images: place } }).join()).toContain('a place in an object store such as s3://bucket/prefix');
  });

  it('take the key from a file, and both halves of it', () => {
    const environment = { VITRINE_OBJECT_STORE_KEY_ID: 'vitrine', VITRINE_OBJECT_STORE_SECRET_KEY_FILE: '/run/secret' };
    expect(mustLoad({ flags: { images }, environment }).options.objectStoreSecretKey).toBe('correct horse battery');
    for (const name of ['VITRINE_OBJECT_STORE_KEY_ID', 'VITRINE_OBJECT_STORE_SECRET_KEY']) {
      expect(errorsOf({ flags: { images }, environment: { [name]: 'half' } }).join()).toContain('go together');
    }
  });

  it('answer at an origin', () => {
    const at = (endpoint: string) => ({ flags: { images, objectStoreEndpoint: endpoint } });
    expect(mustLoad(at('https://s3.example.org/')).options.objectStoreEndpoint).toBe('https://s3.example.org');
    for (const endpoint of [
      's3.example.org',
      'https://s3.example.org/bucket',
      'https://me:secret@s3.example.org',
      'ftp://s3.example.org',
    ]) {
      expect(errorsOf(at(endpoint))).toHaveLength(1);
    }
  });
});
