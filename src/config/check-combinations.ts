import { isIP } from 'node:net';
import { checkShadow } from './check-shadow.ts';
import type { OptionCommand } from './option-kinds.ts';
import type { OptionKey, OptionOrigin, Options } from './options.ts';
import { isStoreAddress } from './store-address.ts';

interface Surroundings {
  readonly command: OptionCommand;
  readonly disk: { kind(name: string): DiskKind };
  readonly now: Date;
}

/** `closed`: this account may not look, or not read. */
export type DiskKind = 'file' | 'folder' | 'nothing' | 'closed';

type Origins = Readonly<Record<OptionKey, OptionOrigin>>;

/** Options that are right one by one and wrong together stop the start; unsafe ones are announced. */
export function checkCombinations(options: Options, origins: Origins, around: Surroundings): { errors: string[]; notices: string[] } {
  const listening = LISTENING.has(around.command);
  const shadow = listening ? checkShadow(options, around.now) : { errors: [], notices: [] };
  return {
    errors: [
      ...wrongFiles(options, origins, around),
      ...(listening ? [...wrongTogether(options), ...wrongWithAcme(options)] : []),
      ...shadow.errors,
      ...(around.command === 'gateway' ? withoutUpstream(options) : []),
    ],
    notices: [...shadow.notices, ...(listening ? unsafe(options) : [])],
  };
}

const LISTENING: ReadonlySet<OptionCommand> = new Set(['serve', 'demo', 'gateway']);

function withoutUpstream({ upstream }: Options): string[] {
  if (upstream.length > 0) return [];
  return [
    'Name the image server behind the gateway, as its URIs begin before the identifier, with --upstream http://127.0.0.1:8182/iiif/3.',
  ];
}

/** Whether only programs on this machine reach a host. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function wrongFiles(options: Options, origins: Origins, { command, disk }: Surroundings): string[] {
  const errors: string[] = [];
  const isStored = isStoreAddress(options.images);
  const mayBeNamed = command === 'demo' || command === 'access';
  const isNeeded = command === 'serve' || command === 'cache warm' || (mayBeNamed && origins.images !== 'default');
  const needsImages = !isStored && isNeeded;
  const images = isStored ? 'nothing' : disk.kind(options.images);
  if (needsImages && images !== 'folder') {
    errors.push(
      origins.images === 'default' && images === 'nothing'
        ? `There is no folder "images" here; name the folder to serve with --images DIR.`
        : `The image folder ${options.images} ${WRONG[images]}.`,
    );
  }
  if (options.access !== null) errors.push(...unlessFile(`The access file ${options.access}`, disk.kind(options.access)));
  if (options.manifests !== null && disk.kind(options.manifests) !== 'folder') {
    errors.push(`The manifest folder ${options.manifests} ${WRONG[disk.kind(options.manifests)]}.`);
  }
  if (options.identity !== null) errors.push(...unlessFile(`The identity file ${options.identity}`, disk.kind(options.identity)));
  if ((options.objectStoreKeyId === null) !== (options.objectStoreSecretKey === null)) {
    errors.push('objectStoreKeyId and objectStoreSecretKey go together; only one of them is set.');
  }
  const data = disk.kind(options.data);
  if (data === 'file' || data === 'closed') errors.push(`The data folder ${options.data} ${WRONG[data]}.`);
  if (options.acmeAuthorityFile !== null) {
    errors.push(
      ...unlessFile(`The file ${options.acmeAuthorityFile}, which acmeAuthorityFile names,`, disk.kind(options.acmeAuthorityFile)),
    );
  }
  if (options.acmeDnsCommand !== null) {
    errors.push(...unlessFile(`The program ${options.acmeDnsCommand}, which acmeDnsCommand names,`, disk.kind(options.acmeDnsCommand)));
  }
  if (options.tls.mode !== 'files') return errors;
  for (const file of [options.tls.certificateFile, options.tls.keyFile]) {
    errors.push(...unlessFile(`The file ${file}, which tls names,`, disk.kind(file)));
  }
  return errors;
}

const WRONG: Readonly<Record<DiskKind, string>> = {
  nothing: 'does not exist',
  closed: 'cannot be read by the account that runs this program',
  file: 'is a file',
  folder: 'is a folder',
};

function unlessFile(what: string, kind: DiskKind): string[] {
  return kind === 'file' ? [] : [`${what} ${WRONG[kind]}.`];
}

/** https://man7.org/linux/man-pages/man7/unix.7.html, less the zero at its end. */
const LONGEST_SOCKET_BYTES = 107;

function wrongTogether(options: Options): string[] {
  const errors: string[] = [];
  if (options.data === options.images) {
    errors.push('data and images name the same folder; state would be served as images. Give each a folder of its own.');
  } else if (!isStoreAddress(options.images) && isBelow(options.data, options.images)) {
    errors.push('The data folder lies within the image folder; state would be served as images. Put it elsewhere with --data DIR.');
  }
  if (options.identity !== null && options.publicUrl === null && !isLoopback(options.host)) {
    errors.push('identity needs publicUrl where other machines reach this server: sources send people back to one address, and check it.');
  }
  if (options.tls.mode !== 'off' && options.publicUrl?.startsWith('http://') === true) {
    errors.push('publicUrl begins with http:// although tls is on; make it https://, or set tls to off.');
  }
  if (options.tls.mode === 'off' && options.httpPort > 0) {
    errors.push('httpPort needs tls: it sends visitors to https, and nothing answers there. Without tls, port is the one for http.');
  }
  if (options.httpPort > 0 && options.httpPort === options.port) {
    errors.push('httpPort and port are the same; https and plain http need a port each, such as 443 and 80.');
  }
  if (options.hstsDays > 0 && (options.tls.mode === 'adhoc' || (options.tls.mode === 'off' && !isHttps(options.publicUrl)))) {
    errors.push(
      'hstsDays needs https with a certificate that browsers know: they would let nobody in. Set tls, or a publicUrl with https.',
    );
  }
  if (options.proxiesNameUs && (options.publicUrl !== null || options.trustedProxies.length === 0)) {
    errors.push('proxiesNameUs goes with trustedProxies and without publicUrl: either the proxy says what visitors call us, or you do.');
  }
  if (options.socket !== null && options.publicUrl === null && !options.proxiesNameUs) {
    errors.push('socket needs publicUrl: only the proxy in front of it has an address that visitors use.');
  }
  if (options.socket !== null && Buffer.byteLength(options.socket) > LONGEST_SOCKET_BYTES) {
    errors.push(`The name of socket is longer than the ${LONGEST_SOCKET_BYTES} bytes that the system takes.`);
  }
  if (options.sessionIdleMinutes > options.sessionAbsoluteHours * 60) {
    errors.push('sessionIdleMinutes is longer than sessionAbsoluteHours; a session cannot be idle for longer than it lives.');
  }
  if (options.tokenMinutes > options.sessionAbsoluteHours * 60) {
    errors.push('tokenMinutes is longer than sessionAbsoluteHours; a token cannot outlive its session.');
  }
  if ((options.firstAdministratorName === null) !== (options.firstAdministratorPassword === null)) {
    errors.push('firstAdministratorName and firstAdministratorPassword belong together; give both, or neither.');
  }
  if ((options.smtpUrl === null) !== (options.mailFrom === null)) {
    errors.push('smtpUrl and mailFrom belong together; give both, or neither.');
  }
  if (options.requestsMailTo !== null && options.smtpUrl === null) {
    errors.push('requestsMailTo needs smtpUrl, the mail server that takes our mail.');
  }
  if (options.smtpUrl !== null && options.publicUrl === null) {
    errors.push('smtpUrl needs publicUrl: mail holds links, and they must not follow what a request calls this server.');
  }
  return errors;
}

/** What `tls: acme` needs, said before an authority is asked in vain. */
function wrongWithAcme(options: Options): string[] {
  if (options.tls.mode !== 'acme') return [];
  const errors: string[] = [];
  const names = acmeNamesOf(options);
  const { acmeChallenge: challenge } = options;
  if (!options.acmeTermsAgreed) errors.push('tls acme needs acmeTermsAgreed: yes, once you have read the terms of the authority.');
  if (names.length === 0) errors.push('tls acme needs a name to get a certificate for: set publicUrl, or acmeNames.');
  if (names.some((name) => isIP(name) !== 0 || !name.includes('.'))) {
    errors.push('tls acme needs a name that is known in the DNS, such as iiif.example.org; publicUrl has none. Set acmeNames.');
  }
  if (challenge === 'http-01' && options.httpPort === 0) {
    errors.push('acmeChallenge http-01 needs httpPort, usually 80: the authority comes to port 80 of each name.');
  }
  if ((challenge === 'dns-01') !== (options.acmeDnsCommand !== null)) {
    errors.push('acmeChallenge dns-01 and acmeDnsCommand belong together: the program writes the record that the authority looks for.');
  }
  if (challenge !== 'dns-01' && names.some((name) => name.startsWith('*'))) {
    errors.push('A name with * needs acmeChallenge dns-01: authorities do not take another proof.');
  }
  if ((options.acmeAccountKeyId === null) !== (options.acmeAccountMacKey === null)) {
    errors.push('acmeAccountKeyId and acmeAccountMacKey belong together; give both, or neither.');
  }
  return errors;
}

/** The names that an authority is asked for. */
export function acmeNamesOf({ acmeNames, publicUrl }: Pick<Options, 'acmeNames' | 'publicUrl'>): readonly string[] {
  if (acmeNames.length > 0 || publicUrl === null) return acmeNames;
  return [new URL(publicUrl).hostname.replace(/^\[|\]$/g, '')];
}

function unsafe(options: Options): string[] {
  const notices: string[] = [];
  if (options.tls.mode === 'adhoc') {
    notices.push('The certificate is our own: browsers warn once. Use a certificate that they know before others come.');
  }
  if (options.socket !== null && !options.trustedProxies.includes('unix')) {
    notices.push('socket is set, and trustedProxies does not name unix: no visitor has an address, and networks open nothing.');
  }
  if (!isLoopback(options.host) && options.publicUrl === null) {
    notices.push('Other machines reach this server, and publicUrl is not set: published URIs follow the Host header of each request.');
  }
  if (options.publicUrl !== null && isPlainAndRemote(options.publicUrl)) {
    notices.push(
      'publicUrl is http: browsers keep access cookies for https and localhost only, so viewers on other sites cannot open what is locked.',
    );
  }
  const isBehindProxy = isHttps(options.publicUrl) && options.tls.mode === 'off';
  if (isBehindProxy && options.socket === null && options.trustedProxies.length === 0) {
    notices.push(
      'publicUrl is https, so a proxy is in front, but trustedProxies is empty: every visitor seems to come from the address of the proxy.',
    );
  }
  if (options.trustedProxies.length > 0 && options.publicUrl === null) {
    notices.push(
      options.proxiesNameUs
        ? 'proxiesNameUs is on: published URIs follow what the proxy forwards. See that it never passes on what a visitor wrote there.'
        : 'trustedProxies names a proxy, and publicUrl is not set: published URIs follow the Host header that the proxy passes on.',
    );
  }
  if (options.trustedProxies.some((network) => network.endsWith('/0'))) {
    notices.push('trustedProxies holds a network of every address: any visitor can claim to be at another one.');
  }
  return notices;
}

function isHttps(publicUrl: string | null): boolean {
  return publicUrl?.startsWith('https://') === true;
}

function isPlainAndRemote(publicUrl: string): boolean {
  const { protocol, hostname } = new URL(publicUrl);
  return protocol === 'http:' && !isLoopback(hostname) && !hostname.endsWith('.localhost') && hostname !== '[::1]';
}

function isBelow(inner: string, outer: string): boolean {
  return inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}
