import {
  choice,
  date,
  decimal,
  dnsNames,
  imagePlace,
  integer,
  mailbox,
  networks,
  numberChoice,
  type OptionCommand,
  type OptionRow,
  optionalPath,
  optionalText,
  origins,
  path,
  publicAddress,
  serverAddress,
  smtpAddress,
  text,
  tlsMode,
  yesOrNo,
} from './option-kinds.ts';
import { upstreams } from './upstreams.ts';

const SERVER: readonly OptionCommand[] = ['serve', 'demo', 'gateway'];
/** What others come to. */
const HOSTED: readonly OptionCommand[] = ['serve', 'gateway'];
/** What looks at a gateway from beside it. */
const GATEWAY_TOOLS: readonly OptionCommand[] = ['gateway config', 'gateway doctor'];
/** Whatever has its items itself. */
const OWN: readonly OptionCommand[] = ['serve', 'demo'];
const EVERYWHERE: readonly OptionCommand[] = [
  'serve',
  'demo',
  'gateway',
  'user',
  'device',
  'token',
  'access',
  'identity',
  'cache',
  'cache warm',
  'backup',
  'shadow',
];
/** What changes how images look that are made. */
const IMAGES: readonly OptionCommand[] = [...OWN, 'cache warm'];
const PYRAMIDS: readonly OptionCommand[] = [...IMAGES, 'pyramid'];
const MAIL: readonly OptionCommand[] = [...SERVER, 'mail'];

/**
 * Every option, once. Flags, environment names, help, `docs/reference/configuration.md` and the example file come from here.
 * A name that counts something ends in its unit.
 */
export const OPTIONS = {
  config: optionalPath({
    group: 'What it shows',
    commands: [...EVERYWHERE, ...GATEWAY_TOOLS, 'mail', 'pyramid'],
    sentence: 'A YAML file with any of these options in it.',
  }),
  envFile: optionalPath({
    group: 'What it shows',
    commands: [...EVERYWHERE, 'mail', 'pyramid'],
    sentence: 'An env file, NAME=value a line, with any of these options by their names in the environment.',
  }),
  data: path({
    group: 'What it shows',
    commands: [...EVERYWHERE, 'gateway doctor', 'pyramid'],
    default: 'vitrine-data',
    sentence: 'The folder for all state: database, caches, certificates.',
  }),
  images: imagePlace({
    group: 'What it shows',
    commands: [...PYRAMIDS, 'access'],
    default: 'images',
    sentence:
      'The folder of images to serve, with its subfolders, or a place in an object store. Nothing is ever written there. The demo shows its samples without it.',
  }),
  manifests: optionalPath({
    group: 'What it shows',
    commands: OWN,
    placeholder: 'dir',
    expects: 'the name of a folder',
    sentence:
      'A folder of manifests that you already have, from any tool. They are served with access services where images and files of this server occur.',
  }),
  imageFiles: yesOrNo({
    group: 'What it shows',
    commands: OWN,
    default: false,
    sentence:
      'Whether the files of images are served as they are too, under /media/, to those who may see the images: at full size, with all that is written in them.',
  }),
  objectStoreEndpoint: serverAddress({
    group: 'Object store',
    commands: [...PYRAMIDS, 'access'],
    sentence: 'Where the object store of images answers; without it, the one of Amazon in the region.',
  }),
  objectStoreRegion: text({
    group: 'Object store',
    commands: [...PYRAMIDS, 'access'],
    default: 'us-east-1',
    pattern: /^[a-z0-9-]{1,64}$/,
    expects: 'the name of a region, such as eu-central-1',
    sentence: 'The region that requests to the object store are signed for.',
  }),
  objectStoreKeyId: optionalText({
    group: 'Object store',
    commands: [...PYRAMIDS, 'access'],
    sentence: 'The name of the key that requests are signed with; without it they are not signed, for buckets that are open to everybody.',
  }),
  objectStoreSecretKey: optionalText({
    group: 'Object store',
    commands: [...PYRAMIDS, 'access'],
    secret: true,
    sentence: 'The key itself.',
  }),
  objectStoreTimeoutSeconds: integer({
    group: 'Object store',
    commands: [...PYRAMIDS, 'access'],
    default: 15,
    min: 1,
    max: 600,
    sentence: 'How long the object store may take to begin an answer, or to go on with one.',
  }),
  objectStoreDiskMegabytes: integer({
    group: 'Object store',
    commands: PYRAMIDS,
    default: 10_000,
    min: 100,
    max: 100_000_000,
    sentence:
      'Disk, in the data folder, for sources that are brought here whole because they cannot be read in parts. The least used ones go.',
  }),
  upstream: upstreams({
    group: 'Image server behind',
    commands: ['gateway', ...GATEWAY_TOOLS],
    sentence: 'The image server behind the gateway, as its URIs begin before the identifier; in the options file also several, by prefix.',
  }),
  upstreamTimeoutSeconds: integer({
    group: 'Image server behind',
    commands: ['gateway'],
    default: 30,
    min: 1,
    max: 600,
    sentence: 'How long an image server behind the gateway may take to begin an answer, or to go on with one.',
  }),
  title: text({
    group: 'What it shows',
    commands: SERVER,
    default: 'Vitrine',
    sentence: 'The name of the collection, at the top of every page.',
  }),
  slashSubstitute: optionalText({
    group: 'What it shows',
    commands: [...SERVER, 'gateway doctor'],
    pattern: /^[!$*;:@~+=]{1,3}$/,
    expects: 'one to three of the characters ! $ * ; : @ ~ + =',
    placeholder: 'characters',
    sentence: 'Characters that stand for a slash in identifiers, beside %2F, for proxies that do not let %2F through.',
  }),

  host: text({
    group: 'Where it listens',
    commands: [...SERVER, ...GATEWAY_TOOLS],
    default: '127.0.0.1',
    pattern: /^[0-9A-Za-z.:_-]+$/,
    expects: 'a host name or an address',
    placeholder: 'address',
    sentence: 'The address to listen on. 0.0.0.0 or :: lets other machines in.',
  }),
  port: integer({
    group: 'Where it listens',
    commands: [...SERVER, ...GATEWAY_TOOLS],
    default: 8080,
    min: 0,
    max: 65535,
    sentence: 'The port to listen on; 0 takes any free one.',
  }),
  socket: optionalPath({
    group: 'Where it listens',
    commands: [...HOSTED, ...GATEWAY_TOOLS],
    placeholder: 'file',
    sentence: 'A Unix socket to listen on instead of host and port, for a proxy on this machine; name it unix in trustedProxies.',
  }),
  socketMode: text({
    group: 'Where it listens',
    commands: HOSTED,
    default: '660',
    pattern: /^0?[0-7]{3}$/,
    expects: 'file permissions in octal, such as 660',
    placeholder: 'octal',
    sentence: 'Who may connect to the socket: the permissions of its file.',
  }),
  publicUrl: publicAddress({
    group: 'Where it listens',
    commands: [...SERVER, ...GATEWAY_TOOLS, 'device', 'identity'],
    sentence:
      'The address that visitors use, where it differs: behind a proxy, or below a path. Every URI that is published begins with it.',
  }),
  tls: tlsMode({
    group: 'Where it listens',
    commands: [...SERVER, 'gateway doctor'],
    sentence:
      'Off for http, adhoc for https with a certificate of its own, acme for one that an authority such as Let’s Encrypt gives, or a certificate file and a key file.',
  }),
  httpPort: integer({
    group: 'Where it listens',
    commands: HOSTED,
    default: 0,
    min: 0,
    max: 65535,
    sentence: 'With tls: a second port, such as 80, where plain http is redirected to https; 0 for none.',
  }),
  hstsDays: integer({
    group: 'Where it listens',
    commands: HOSTED,
    default: 0,
    min: 0,
    max: 3650,
    sentence:
      'How many days browsers are told to come by https only (Strict-Transport-Security); 0 does not say so. They hold to it, so begin with few.',
  }),
  stopSeconds: integer({
    group: 'Where it listens',
    commands: SERVER,
    default: 8,
    min: 0,
    max: 3_600,
    sentence: 'When the program is asked to stop: how long answers that are under way may take. Whoever asks meanwhile is refused.',
  }),
  workers: integer({
    group: 'Where it listens',
    commands: ['serve', 'gateway'],
    default: 0,
    min: 0,
    max: 256,
    sentence:
      'How many processes answer, all on the one port; 0 is one for each processor. What an option gives to the whole server, memory among it, is divided among them.',
  }),
  trustedProxies: networks({
    group: 'Where it listens',
    commands: [...SERVER, 'gateway doctor'],
    orUnix: true,
    sentence:
      'The proxies that are believed when they say where a visitor comes from; nobody else is. unix is whoever connects to socket. What visitors call us is for publicUrl to say.',
  }),
  proxyHeaders: choice({
    group: 'Where it listens',
    commands: [...SERVER, 'gateway config'],
    default: 'x-forwarded',
    of: ['x-forwarded', 'forwarded'],
    sentence: 'Where these proxies say it: in X-Forwarded-For, or in Forwarded (RFC 7239). The other one is not read.',
  }),
  proxiesNameUs: yesOrNo({
    group: 'Where it listens',
    commands: SERVER,
    default: false,
    sentence:
      'Instead of publicUrl, for a server with several names: whether these proxies also say what visitors call us, in X-Forwarded-Proto and X-Forwarded-Host, or in Forwarded. Only where they write both themselves, and never pass on what a visitor wrote.',
  }),

  acmeTermsAgreed: yesOrNo({
    group: 'Certificates',
    commands: HOSTED,
    default: false,
    sentence: 'With tls acme: whether you agree to the terms of the authority; without that it gives no certificate.',
  }),
  acmeEmail: mailbox({
    group: 'Certificates',
    commands: HOSTED,
    named: false,
    sentence: 'Whom the authority writes to when something is wrong with the certificate.',
  }),
  acmeNames: dnsNames({
    group: 'Certificates',
    commands: HOSTED,
    sentence: 'The names that the certificate is for; without it, the one in publicUrl.',
  }),
  acmeChallenge: choice({
    group: 'Certificates',
    commands: HOSTED,
    default: 'http-01',
    of: ['http-01', 'tls-alpn-01', 'dns-01'],
    sentence:
      'How the authority sees that the names are ours: by plain http at httpPort, by https at port, or by a record in the DNS that acmeDnsCommand writes.',
  }),
  acmeDnsCommand: optionalPath({
    group: 'Certificates',
    commands: HOSTED,
    expects: 'the name of a program',
    sentence:
      'For dns-01: a program that is run with set or remove, the name of a TXT record and its value, and ends when the record is to be seen.',
  }),
  acmeDirectory: text({
    group: 'Certificates',
    commands: HOSTED,
    default: 'letsencrypt',
    pattern: /^(?:letsencrypt|letsencrypt-staging|https:\/\/[^\s?#]+)$/,
    expects: 'letsencrypt, letsencrypt-staging, or the https address of the directory of an authority',
    placeholder: 'url',
    sentence: 'Which authority: letsencrypt, letsencrypt-staging for trying it out, or the address of another one’s directory.',
  }),
  acmeAuthorityFile: optionalPath({
    group: 'Certificates',
    commands: HOSTED,
    sentence: 'A PEM file with the certificate that vouches for the authority’s own https, for one within your network.',
  }),
  acmeAccountKeyId: optionalText({
    group: 'Certificates',
    commands: HOSTED,
    sentence: 'The key identifier of an account that you have at the authority already (external account binding).',
  }),
  acmeAccountMacKey: optionalText({
    group: 'Certificates',
    commands: HOSTED,
    secret: true,
    pattern: /^[A-Za-z0-9_+/-]{16,512}={0,2}$/,
    expects: 'a key in base64url, as the authority gives it',
    sentence: 'The MAC key of that account.',
  }),

  access: optionalPath({
    group: 'Access',
    commands: [...SERVER, 'cache warm', 'device', 'access'],
    sentence: 'The access file: who may see what. Without it everything is open.',
  }),
  shadowUntil: date({
    group: 'Access',
    commands: ['serve', 'gateway'],
    sentence:
      'Until then nothing of the access file is enforced: everybody sees everything, and who would lose what is counted. At most 92 days from now.',
  }),
  identity: optionalPath({
    group: 'Access',
    commands: [...SERVER, 'access', 'identity'],
    sentence: 'The identity file: where people come from who have accounts elsewhere. Access services list its sources.',
  }),
  firstAdministratorName: optionalText({
    group: 'Access',
    commands: SERVER,
    placeholder: 'name',
    sentence: 'The name of the administrator that the start makes where there is none yet, for set-ups without a person.',
  }),
  firstAdministratorPassword: optionalText({
    group: 'Access',
    commands: SERVER,
    placeholder: 'password',
    secret: true,
    sentence: 'The password of firstAdministratorName. It counts only until there is an administrator.',
  }),
  administratorsNeedSecondFactor: yesOrNo({
    group: 'Access',
    commands: SERVER,
    default: false,
    sentence:
      'Whether administrators need a second factor: one-time codes of an app, or a passkey. Those without one are led to set one up.',
  }),
  sessionIdleMinutes: integer({
    group: 'Access',
    commands: SERVER,
    default: 240,
    min: 1,
    max: 43_200,
    sentence: 'A session that nobody uses ends after this. Long enough to transcribe a page over lunch.',
  }),
  sessionAbsoluteHours: integer({
    group: 'Access',
    commands: SERVER,
    default: 24,
    min: 1,
    max: 8_760,
    sentence: 'A session ends after this however much it is used.',
  }),
  tokenMinutes: integer({
    group: 'Access',
    commands: SERVER,
    default: 60,
    min: 1,
    max: 1_440,
    sentence: 'The life of an access token, which viewers are told and which is enforced.',
  }),
  lockedInformationStatus: numberChoice({
    group: 'Access',
    commands: SERVER,
    default: 401,
    of: [401, 200],
    sentence:
      'The status of the information document of a locked picture: 401 for viewers that speak Authentication 1.0, 200 where all speak Authorization Flow 2.0.',
  }),
  contentWithoutCookies: origins({
    group: 'Access',
    commands: SERVER,
    sentence:
      'The origins of viewers that get what a reader may see at signed addresses, without cookies: for viewers that ask without them, such as Universal Viewer, and for browsers that keep them back.',
  }),
  signedPathMinutes: integer({
    group: 'Access',
    commands: SERVER,
    default: 240,
    min: 1,
    max: 1_440,
    sentence: 'The life of a signed address, as long as its session lasts. Long enough for the longest film.',
  }),

  auditDays: integer({
    group: 'Audit',
    commands: SERVER,
    default: 365,
    min: 1,
    max: 36_500,
    sentence: 'How many days the audit keeps what happened.',
  }),
  auditPseudonymAfterDays: integer({
    group: 'Audit',
    commands: SERVER,
    default: 90,
    min: 1,
    max: 36_500,
    sentence:
      'After so many days the audit has pseudonyms instead of names and addresses. One person’s events still belong together, and nobody can tell whose they are.',
  }),
  auditViews: yesOrNo({
    group: 'Audit',
    commands: SERVER,
    default: false,
    sentence:
      'Whether the audit has views of locked items too: who saw what, when, under which rule; once in ten minutes for each reader and item.',
  }),

  smtpUrl: smtpAddress({
    group: 'Mail',
    commands: MAIL,
    sentence:
      'The mail server that takes our mail. smtps:// speaks TLS from the start, smtp:// begins it with STARTTLS or sends nothing; only to this machine it goes without. Without it no mail is sent.',
  }),
  mailFrom: mailbox({
    group: 'Mail',
    commands: MAIL,
    named: true,
    sentence: 'Whom our mail is from, such as Example Library <iiif@example.org>.',
  }),
  requestsMailTo: mailbox({
    group: 'Mail',
    commands: SERVER,
    named: false,
    sentence: 'Who gets a mail when a reader asks for access. Without it administrators find requests on their pages alone.',
  }),

  maxWidth: integer({
    group: 'Limits',
    commands: [...IMAGES, 'gateway'],
    default: 10_000,
    min: 1,
    max: 65_535,
    sentence: 'The widest image that is made, in pixels.',
  }),
  maxHeight: integer({
    group: 'Limits',
    commands: [...IMAGES, 'gateway'],
    default: 10_000,
    min: 1,
    max: 65_535,
    sentence: 'The highest image that is made, in pixels.',
  }),
  maxAreaMegapixels: decimal({
    group: 'Limits',
    commands: [...IMAGES, 'gateway'],
    default: 25,
    min: 0.01,
    max: 4_000,
    sentence: 'The largest image that is made, in millions of pixels.',
  }),
  maxUpscale: decimal({
    group: 'Limits',
    commands: IMAGES,
    default: 2,
    min: 1,
    max: 100,
    sentence: 'How many times larger than its source an image may be made; 1 makes none larger.',
  }),
  sizeAboveFull: yesOrNo({
    group: 'Limits',
    commands: IMAGES,
    default: false,
    sentence: 'Whether Image API 2.1 makes sizes above the full size; in 3.0 a ^ asks for it.',
  }),
  maxSourceMegapixels: decimal({
    group: 'Limits',
    commands: PYRAMIDS,
    default: 1_000,
    min: 0.01,
    max: 100_000,
    sentence: 'The largest source that is read, in millions of pixels.',
  }),
  renderTimeoutSeconds: integer({
    group: 'Limits',
    commands: [...IMAGES, 'gateway'],
    default: 30,
    min: 1,
    max: 600,
    sentence: 'An image that takes longer to make than this is given up.',
  }),
  rendersAtOnce: integer({
    group: 'Limits',
    commands: SERVER,
    default: 2,
    min: 1,
    max: 64,
    sentence: 'How many small images, such as tiles, are made at the same time. Of big ones, one at a time is made beside them.',
  }),
  renderQueueLength: integer({
    group: 'Limits',
    commands: SERVER,
    default: 200,
    min: 1,
    max: 100_000,
    sentence: 'How many small image requests may wait for their turn; one more is answered 503.',
  }),
  bigRenderQueueLength: integer({
    group: 'Limits',
    commands: SERVER,
    default: 32,
    min: 1,
    max: 10_000,
    sentence: 'How many big image requests may wait for their turn; one more is answered 503.',
  }),

  decodedMemoryMegabytes: integer({
    group: 'Caches',
    commands: [...IMAGES, 'gateway'],
    default: 256,
    min: 0,
    max: 100_000,
    sentence:
      'Memory for decoded sources that cannot be read by region, such as PNG, and for tiers that are limited in size; 0 makes them anew for each request.',
  }),
  decodedTileMegabytes: integer({
    group: 'Caches',
    commands: IMAGES,
    default: 128,
    min: 0,
    max: 100_000,
    sentence:
      'Memory for decoded tiles of tiled TIFF with JPEG tiles, from which other sizes and regions are made; 0 decodes them for each request.',
  }),
  derivativeMemoryMegabytes: integer({
    group: 'Caches',
    commands: SERVER,
    default: 256,
    min: 0,
    max: 100_000,
    sentence: 'Memory for finished images; 0 keeps none.',
  }),
  derivativeDiskMegabytes: integer({
    group: 'Caches',
    commands: [...IMAGES, 'gateway', 'cache'],
    default: 2000,
    min: 0,
    max: 100_000_000,
    sentence:
      'Disk for finished images, below the data folder; 0 keeps none. Tiles that are copied from the source as they are stored are not among them.',
  }),

  derivativeDiskKeeps: choice({
    group: 'Caches',
    commands: [...IMAGES, 'gateway'],
    default: 'asked-again',
    of: ['asked-again', 'everything'],
    sentence:
      'Which finished images go to disk: `asked-again` those that are asked for a second time, and those that were slow to make for their size; `everything` each of them, as soon as it is made.',
  }),

  pyramidDiskMegabytes: integer({
    group: 'Caches',
    commands: PYRAMIDS,
    default: 20_000,
    min: 0,
    max: 1_000_000_000,
    sentence:
      'Disk space for pyramids that are kept beside sources which have none; those that nobody used for the longest go first. 0 neither reads nor makes any.',
  }),
  pyramidsAtOnce: integer({
    group: 'Caches',
    commands: OWN,
    default: 1,
    min: 0,
    max: 64,
    sentence: 'How many pyramids are made in the background at the same time, in time that nothing else wants; 0 makes none there.',
  }),

  jpegQuality: integer({
    group: 'Pictures',
    commands: [...IMAGES, 'gateway'],
    default: 85,
    min: 1,
    max: 100,
    sentence: 'How good JPEG images are; higher is larger.',
  }),
  jpegSubsampling: choice({
    group: 'Pictures',
    commands: [...IMAGES, 'gateway'],
    default: '4:2:0',
    of: ['4:2:0', '4:4:4'],
    sentence: 'How much colour JPEG images hold: 4:2:0 halves its width and height, as cameras do; 4:4:4 keeps all of it, and is larger.',
  }),
  webpQuality: integer({
    group: 'Pictures',
    commands: [...IMAGES, 'gateway'],
    default: 80,
    min: 1,
    max: 100,
    sentence: 'How good WebP images are; higher is larger.',
  }),
  avifQuality: integer({
    group: 'Pictures',
    commands: [...IMAGES, 'gateway'],
    default: 55,
    min: 1,
    max: 100,
    sentence: 'How good AVIF images are; higher is larger.',
  }),
  pyramidQuality: integer({
    group: 'Pictures',
    commands: PYRAMIDS,
    default: 85,
    min: 1,
    max: 100,
    sentence: 'How good the JPEG tiles of pyramids are that are made here. Viewers get them as they are.',
  }),
  pyramidSubsampling: choice({
    group: 'Pictures',
    commands: PYRAMIDS,
    default: '4:2:0',
    of: ['4:2:0', '4:4:4'],
    sentence: 'Whether these tiles have their colours at half the resolution, 4:2:0, or at the full one, 4:4:4.',
  }),
  colour: choice({
    group: 'Pictures',
    commands: PYRAMIDS,
    default: 'srgb',
    of: ['srgb', 'keep-profile'],
    sentence: "Convert colours to sRGB, or leave them and embed the source's profile.",
  }),
  backgroundColour: text({
    group: 'Pictures',
    commands: [...IMAGES, 'gateway'],
    default: '#ffffff',
    pattern: /^#[0-9a-f]{6}$/i,
    expects: 'a colour such as #ffffff',
    placeholder: 'colour',
    sentence: 'What shows through where a format knows no transparency: behind transparent pixels, and in the corners of a rotated image.',
  }),

  logLevel: choice({
    group: 'Log',
    commands: SERVER,
    default: 'info',
    of: ['debug', 'info', 'warn', 'error', 'silent'],
    sentence: 'How much is logged.',
  }),
  logFormat: choice({
    group: 'Log',
    commands: SERVER,
    default: 'auto',
    of: ['auto', 'pretty', 'json'],
    sentence: 'Lines for people, or JSON for machines; auto is pretty on a terminal and JSON elsewhere.',
  }),

  accessLog: choice({
    group: 'Log',
    commands: SERVER,
    default: 'off',
    of: ['off', 'nobody', 'pseudonym', 'name'],
    sentence:
      'A line for each answer: without saying whose it was, with pseudonyms of people and addresses (those of the audit), or with names and addresses.',
  }),
  accessLogFile: optionalPath({
    group: 'Log',
    commands: SERVER,
    sentence: 'Where these lines go, as JSON; without it, into the log among the others. SIGHUP opens it anew.',
  }),
  metricsToken: optionalText({
    group: 'Monitoring',
    commands: SERVER,
    secret: true,
    pattern: /^[!-~]{16,200}$/,
    expects: 'at least 16 characters without spaces',
    placeholder: 'token',
    sentence:
      'What Prometheus sends to read /metrics: Authorization: Bearer …. With metricsNetworks, both are asked for; without either, nobody reads it.',
  }),
  metricsNetworks: networks({
    group: 'Monitoring',
    commands: SERVER,
    orUnix: true,
    sentence: 'Where those are who may read /metrics.',
  }),

  labPassword: {
    ...optionalText({
      group: 'Lab',
      commands: ['demo'],
      pattern: /^[^\0\r\n]{10,200}$/,
      expects: 'at least ten characters',
      placeholder: 'password',
      secret: true,
      sentence: "The password of the lab's people. Without it a well-known one is used on this machine only, and a random one elsewhere.",
    }),
  },
} as const satisfies Record<string, OptionRow<never> | OptionRow<unknown>>;

export type OptionKey = keyof typeof OPTIONS;

/** The options of one run, checked; names of files and folders are absolute. */
export type Options = {
  readonly [Key in OptionKey]: (typeof OPTIONS)[Key] extends OptionRow<infer Value> ? Value : never;
};

export const OPTION_KEYS = Object.keys(OPTIONS) as readonly OptionKey[];

/** Where the value of an option came from; the earlier wins. */
export const OPTION_ORIGINS = ['flag', 'environment', 'file', 'default'] as const;
export type OptionOrigin = (typeof OPTION_ORIGINS)[number];

/** `sessionIdleMinutes` -> `VITRINE_SESSION_IDLE_MINUTES` */
export function environmentName(key: OptionKey): string {
  return `VITRINE_${words(key).join('_').toUpperCase()}`;
}

/** `sessionIdleMinutes` -> `--session-idle-minutes` */
export function flagName(key: OptionKey): string {
  return `--${words(key).join('-')}`;
}

export function optionRow(key: OptionKey): OptionRow<unknown> {
  return OPTIONS[key] as unknown as OptionRow<unknown>;
}

export function optionsOf(command: OptionCommand): readonly OptionKey[] {
  return OPTION_KEYS.filter((key) => optionRow(key).commands.includes(command));
}

function words(key: OptionKey): string[] {
  return key.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
}
