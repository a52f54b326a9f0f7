import type { Randomness, Signer } from '../../domain/ports.ts';
import { DOCTOR_COOKIE, DOCTOR_HEADER, writeDoctorQuestion } from '../../flows/gateway/doctor-question.ts';
import { DOCTOR_PATH, type DoctorEcho } from '../../http/gateway-doctor/answer-doctor.ts';
import { type Answer, ask, isThisMachine } from './ask.ts';

export interface Finding {
  readonly level: 'well' | 'note' | 'fault';
  /** A sentence; of a fault with what to do about it. */
  readonly text: string;
}

/** An image server behind the gateway. */
export interface ExaminedService {
  /** Path of an image that is not there, as visitors would write it, up to its identifier: `/iiif/3/`. */
  readonly path: string;
  /** What stands before identifiers at the upstream. */
  readonly upstream: URL;
}

export interface Examined {
  readonly publicUrl: URL;
  /** Where the gateway listens, for this machine. */
  readonly gateway: URL;
  /** The Unix socket on which it listens instead. */
  readonly socket: string | null;
  readonly services: readonly ExaminedService[];
  readonly trustedProxies: readonly string[];
  /** Path of an image that is there and is not for everybody, up to its region; null where none was named. */
  readonly locked: string | null;
  /** Addresses of this machine by which others reach it. */
  readonly outsideAddresses: readonly string[];
  readonly signer: Signer;
  readonly randomness: Randomness;
  now(): Date;
}

/** What one request of the doctor came to. */
interface Visit {
  readonly nonce: string;
  readonly answer: Answer;
  /** Null where somebody else than the gateway answered. */
  readonly echo: DoctorEcho | null;
}

/** For documentation, so that nobody has it: https://www.rfc-editor.org/rfc/rfc5737 */
const FORGED = '203.0.113.77';
const SOME_ORIGIN = 'https://vitrine-doctor.example';
const QUESTION_SECONDS = 60;
/** As careless proxies do not leave it: an escaped slash, a space, a percent sign, letters that are no ASCII, two slashes in a row. */
const NAME = 'vitrine-doctor%2Fa%20b%25c%2F%C3%BC%2C%2F%2Fd';
/** With nothing in it but what is in most identifiers. */
const PLAIN_NAME = 'vitrine-doctor%2Fslash';
const IMAGE = 'full/max/0/default.jpg';

/** Looks at a gateway from outside, and from the machine that it is on. The first finding that makes the others senseless is the last. */
export async function diagnose(examined: Examined): Promise<readonly Finding[]> {
  const direct = await visit(examined, examined.gateway, DOCTOR_PATH, { socket: examined.socket });
  if (typeof direct === 'string' || direct.echo === null) return [fault(noGateway(examined, direct))];
  const outside = await visit(examined, examined.publicUrl, `${pathOf(examined.publicUrl)}${DOCTOR_PATH}`);
  if (typeof outside === 'string' || outside.echo === null) return [fault(notPublic(examined, outside))];
  const findings: Finding[] = [well(`${examined.publicUrl.href} leads to this gateway.`)];
  const echo = outside.echo;
  findings.push(...lookAtForwarded(examined, echo), ...lookAtCookies(outside, echo), ...(await lookAtCaches(examined)));
  for (const service of examined.services) findings.push(...(await lookAtService(examined, service)));
  findings.push(...(await lookAtLocked(examined)), ...(await lookAround(examined)));
  return findings;
}

/** A request that a visitor could send, but for the question that goes along. */
async function visit(
  examined: Examined,
  origin: URL,
  uri: string,
  { nonce = examined.randomness.token(12), socket = null }: { readonly nonce?: string; readonly socket?: string | null } = {},
): Promise<Visit | string> {
  const endsAt = new Date(examined.now().getTime() + QUESTION_SECONDS * 1000);
  const headers = {
    [DOCTOR_HEADER]: writeDoctorQuestion({ nonce, endsAt, uri: withoutBase(uri, examined.publicUrl), forged: FORGED }, examined.signer),
    cookie: `${DOCTOR_COOKIE}=${nonce}`,
    origin: SOME_ORIGIN,
    'x-forwarded-for': FORGED,
  };
  const answer = await ask(origin, uri, { headers, socket });
  return typeof answer === 'string' ? answer : { nonce, answer, echo: readEcho(answer) };
}

function readEcho({ body }: Answer): DoctorEcho | null {
  try {
    const parsed = JSON.parse(body) as Partial<DoctorEcho> | null;
    return typeof parsed?.vitrineDoctor === 'string' ? (parsed as DoctorEcho) : null;
  } catch {
    return null;
  }
}

function lookAtForwarded({ trustedProxies }: Examined, echo: DoctorEcho): readonly Finding[] {
  const everywhere = trustedProxies.filter((network) => network.endsWith('/0'));
  if (everywhere.length > 0) {
    return [
      fault(
        `trustedProxies holds ${everywhere.join(', ')}: any visitor can claim to be at any address, in a reading room too. List the proxies alone.`,
      ),
    ];
  }
  if (echo.address === FORGED) {
    const who = echo.isProxy ? `The proxy at ${echo.peer} passes on` : 'The gateway believes';
    return [
      fault(
        `${who} what visitors write into X-Forwarded-For: anybody can claim to be in a reading room. Let the proxy set the header to the address that it sees (nginx: proxy_set_header X-Forwarded-For $remote_addr).`,
      ),
    ];
  }
  if (echo.isProxy) return [well(`The proxy at ${echo.peer} says where visitors come from, and only it is believed.`)];
  if (echo.forwardedFor === null || echo.forwardedFor === FORGED) return [note('There is no proxy in front of the gateway.')];
  return [
    fault(
      `The proxy at ${echo.peer} is not believed, so that every visitor seems to come from there, and it may not ask about requests. Add ${echo.peer} to trustedProxies.`,
    ),
  ];
}

function lookAtCookies({ nonce, answer }: Visit, { hasCookie }: DoctorEcho): readonly Finding[] {
  const findings: Finding[] = [];
  if (!hasCookie)
    findings.push(fault('Cookies of visitors do not reach the gateway, so that nobody stays signed in. Let the proxy pass on Cookie.'));
  if (!answer.headers('set-cookie').some((cookie) => cookie.startsWith(`${DOCTOR_COOKIE}=${nonce}`))) {
    findings.push(
      fault('Cookies that the gateway sets do not reach visitors, so that nobody can sign in. Let the proxy pass on Set-Cookie.'),
    );
  }
  return findings.length > 0 ? findings : [well('Cookies arrive in both directions.')];
}

/** The same address twice, by two who are not the same. */
async function lookAtCaches(examined: Examined): Promise<readonly Finding[]> {
  const base = pathOf(examined.publicUrl);
  const addresses = ['/auth/token/2/vitrine-doctor', ...examined.services.map(({ path }) => `${path}vitrine-doctor/info.json`)];
  const kept: string[] = [];
  for (const address of addresses) {
    await visit(examined, examined.publicUrl, base + address);
    const second = await visit(examined, examined.publicUrl, base + address);
    if (typeof second !== 'string' && second.echo !== null && second.echo.vitrineDoctor !== second.nonce) kept.push(address);
  }
  if (kept.length === 0) return [well('No cache on the way answers for everybody.')];
  return [
    fault(
      `A cache on the way gives to one visitor what another one was answered, at ${kept.join(' and ')}. Switch it off there, or let it obey Cache-Control (nginx: no proxy_ignore_headers).`,
    ),
  ];
}

async function lookAtService(examined: Examined, { path }: ExaminedService): Promise<readonly Finding[]> {
  const start = `${pathOf(examined.publicUrl)}${path}`;
  const nonceName = examined.randomness.token(6);
  const plain = await visit(examined, examined.publicUrl, `${start}${PLAIN_NAME}-${nonceName}/info.json`);
  const information = await visit(examined, examined.publicUrl, `${start}${NAME}-${nonceName}/info.json`);
  const image = await visit(examined, examined.publicUrl, `${start}${NAME}-${nonceName}/${IMAGE}`);
  if (typeof plain === 'string' || typeof information === 'string' || typeof image === 'string') {
    return [
      fault(
        `Requests below ${start} are not answered at all (${String([plain, information, image].find((each) => typeof each === 'string'))}).`,
      ),
    ];
  }
  const asked = await visit(examined, examined.publicUrl, `${pathOf(examined.publicUrl)}${DOCTOR_PATH}`, image);
  const facts = typeof asked === 'string' ? null : (asked.echo?.asked ?? null);
  const findings = [
    ...lookAtInformation(start, plain, information),
    ...lookAtImage(start, image, facts),
    ...(await lookAtRepetition(examined, start)),
  ];
  findings.push(...lookAtReaders(start, [information, image]), ...(await lookAtPreflight(examined, start)));
  return findings.some(({ level }) => level === 'fault')
    ? findings
    : [...findings, well(`Addresses below ${start} arrive as they were sent, and are answered as viewers need it.`)];
}

function lookAtInformation(start: string, plain: Visit, { answer, echo }: Visit): readonly Finding[] {
  if (plain.echo === null) {
    return [
      fault(
        `Information documents below ${start} are not the gateway’s (status ${plain.answer.status}): they name no access services. Hand addresses that end in /info.json over to it.`,
      ),
    ];
  }
  if (!plain.echo.uri.includes(PLAIN_NAME)) return [rewritten(start, PLAIN_NAME, plain.echo.uri)];
  if (echo === null) return [rewritten(start, NAME, `something that nobody reads (status ${answer.status})`)];
  return echo.uri.includes(NAME) ? [] : [rewritten(start, NAME, echo.uri)];
}

function lookAtImage(start: string, { answer, echo }: Visit, facts: DoctorEcho['asked']): readonly Finding[] {
  const wasAsked = facts?.asked === true;
  if (echo === null && !wasAsked) {
    return [
      fault(
        `Images below ${start} are answered without asking the gateway (status ${answer.status}): everybody gets them. Hand them over to it, or ask it first.`,
      ),
    ];
  }
  const findings: Finding[] = [];
  if (wasAsked && facts.isProxy !== true) {
    findings.push(fault(`The proxy that asks about images below ${start} is not believed. Add it to trustedProxies.`));
  }
  if (wasAsked && facts.uri !== true) {
    findings.push(fault(`When the proxy asks about images below ${start}, it does not say the address as it was sent. ${RAW}`));
  }
  if (wasAsked && facts.method !== true) {
    findings.push(
      fault(
        `When the proxy asks about images below ${start}, it does not say the method. Let it send X-Original-Method, or X-Forwarded-Method.`,
      ),
    );
  }
  if (wasAsked && facts.cookie !== true) {
    findings.push(fault(`When the proxy asks about images below ${start}, it does not pass on cookies, so that nobody is known.`));
  }
  if (wasAsked && facts.address !== true) {
    findings.push(fault(`When the proxy asks about images below ${start}, it passes on what visitors write into X-Forwarded-For.`));
  }
  if (echo === null) {
    findings.push(
      note(
        `A refusal below ${start} is answered by the proxy itself (status ${answer.status}). With nginx, error_page 401 403 = @vitrine lets the gateway say why.`,
      ),
    );
  } else if (!wasAsked && !echo.uri.includes(NAME)) findings.push(rewritten(start, NAME, echo.uri));
  return findings;
}

/** Where what was decided about one visitor is kept for the next one, nobody asks the second time. */
async function lookAtRepetition(examined: Examined, start: string): Promise<readonly Finding[]> {
  const uri = `${start}vitrine-doctor-twice/${IMAGE}`;
  const facts: Array<DoctorEcho['asked']> = [];
  for (let time = 0; time < 2; time += 1) {
    const image = await visit(examined, examined.publicUrl, uri);
    if (typeof image === 'string') return [];
    if (image.echo !== null && image.echo.vitrineDoctor !== image.nonce) return [keptForAll(start)];
    const asked = await visit(examined, examined.publicUrl, `${pathOf(examined.publicUrl)}${DOCTOR_PATH}`, image);
    facts.push(typeof asked === 'string' ? null : (asked.echo?.asked ?? null));
  }
  const [first, second] = facts;
  return first?.asked === true && second?.asked !== true ? [keptForAll(start)] : [];
}

function keptForAll(start: string): Finding {
  return fault(
    `What was decided about one visitor is kept for the next one, for images below ${start}. Keep no answers to the question who may see what (nginx: no proxy_cache where it is asked).`,
  );
}

function lookAtReaders(start: string, visits: readonly Visit[]): readonly Finding[] {
  const said = visits
    .filter(({ echo }) => echo !== null)
    .map(({ answer }) => answer.headers('access-control-allow-origin').flatMap((value) => value.split(',')));
  if (said.some((values) => values.length > 1)) {
    return [
      fault(
        `Access-Control-Allow-Origin is there twice below ${start}: browsers refuse such answers. Let the gateway alone say it, and take add_header and the like out of the proxy.`,
      ),
    ];
  }
  return said.some(([value]) => value?.trim() !== SOME_ORIGIN)
    ? [
        fault(
          `Access-Control-Allow-Origin below ${start} is not what the gateway says, so that viewers cannot use cookies. Leave it as it is on the way.`,
        ),
      ]
    : [];
}

async function lookAtPreflight({ publicUrl }: Examined, start: string): Promise<readonly Finding[]> {
  const headers = { origin: SOME_ORIGIN, 'access-control-request-method': 'GET', 'access-control-request-headers': 'authorization' };
  const answer = await ask(publicUrl, `${start}vitrine-doctor/${IMAGE}`, { method: 'OPTIONS', headers });
  const isAnswered =
    typeof answer !== 'string' && answer.status === 204 && /authorization/i.test(answer.headers('access-control-allow-headers').join());
  return isAnswered
    ? []
    : [fault(`Preflights (OPTIONS) below ${start} do not reach the gateway: viewers that send a token get nothing. Hand them over to it.`)];
}

async function lookAtLocked({ publicUrl, locked }: Examined): Promise<readonly Finding[]> {
  if (locked === null) return [];
  const path = `${pathOf(publicUrl)}${locked}full/100,/0/default.jpg`;
  const answer = await ask(publicUrl, path, { headers: { origin: SOME_ORIGIN } });
  if (typeof answer === 'string') return [fault(`${path} is not answered (${answer}).`)];
  if (answer.status === 401 || answer.status === 403) return [well(`${path} is answered ${answer.status} to everybody.`)];
  if (answer.status === 200)
    return [
      fault(
        `${path} is given to everybody (status 200). Either it is open, by the access file or by shadow mode, or nobody asks the gateway about it.`,
      ),
    ];
  return [note(`${path} is answered ${answer.status}: name an image that is there, and is not for everybody.`)];
}

/** Ways to the image server that do not lead by the gateway. */
async function lookAround(examined: Examined): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { upstream } of examined.services) {
    for (const address of examined.outsideAddresses) {
      const around = new URL(upstream.origin);
      around.hostname = address.includes(':') ? `[${address}]` : address;
      if (around.origin === upstream.origin && !isThisMachine(upstream)) continue;
      const answer = await ask(around, `${upstream.pathname}vitrine-doctor/info.json`);
      if (typeof answer === 'string') continue;
      findings.push(
        fault(
          `The image server is reached around the gateway, at ${around.origin}: everybody gets everything there. Let it listen on 127.0.0.1 only, or close the port.`,
        ),
      );
    }
    findings.push(...(await lookForOldWays(examined, upstream)));
  }
  return findings.length > 0 ? findings : [well('No way around the gateway was found.')];
}

const OLD_WAYS = [
  '/fcgi-bin/iipsrv.fcgi?IIIF=',
  '/iipsrv/iipsrv.fcgi?IIIF=',
  '/digilib/Scaler/IIIF/',
  '/cantaloupe/iiif/2/',
  '/loris/',
  '/iiif/',
] as const;

/** Addresses that image servers usually have, on the server that visitors use. */
async function lookForOldWays(examined: Examined, upstream: URL): Promise<readonly Finding[]> {
  const ways = new Set([`${upstream.pathname}${upstream.search}`, ...OLD_WAYS]);
  const open: string[] = [];
  for (const way of ways) {
    const found = await visit(examined, examined.publicUrl, `${way}vitrine-doctor/info.json`);
    if (typeof found === 'string' || found.echo !== null || NOTHING_THERE.has(found.answer.status)) continue;
    const asked = await visit(examined, examined.publicUrl, `${pathOf(examined.publicUrl)}${DOCTOR_PATH}`, found);
    if (typeof asked !== 'string' && asked.echo?.asked?.asked === true) continue;
    open.push(way);
  }
  return open.map((way) =>
    fault(
      `${new URL(examined.publicUrl).origin}${way} is answered by somebody else than the gateway: where that is the image server, everybody gets everything there. Close that address.`,
    ),
  );
}

const NOTHING_THERE: ReadonlySet<number> = new Set([301, 308, 403, 404, 405, 410, 421]);
const RAW = 'It must not be decoded or written anew (nginx: $request_uri, and proxy_pass without a path).';

function rewritten(start: string, sent: string, seen: string): Finding {
  return fault(`Addresses below ${start} do not arrive as they were sent: ${sent} came as ${seen}. ${RAW}`);
}

function noGateway({ gateway, socket }: Examined, direct: Visit | string): string {
  const where = socket ?? gateway.origin;
  if (typeof direct === 'string') return `No gateway answers at ${where} (${direct}). Start it, with the same options.`;
  return `At ${where} there is something else than this gateway, or one with another data folder (status ${direct.answer.status}). Give the same options to both.`;
}

function notPublic({ publicUrl }: Examined, outside: Visit | string): string {
  const what = typeof outside === 'string' ? outside : `status ${outside.answer.status}`;
  return `${publicUrl.href} does not lead to this gateway (${what}). Hand everything below it over to the gateway, but for images.`;
}

function pathOf({ pathname }: URL): string {
  return pathname.replace(/\/+$/, '');
}

function withoutBase(uri: string, publicUrl: URL): string {
  const base = pathOf(publicUrl);
  return uri.startsWith(`${base}/`) ? uri.slice(base.length) : uri;
}

function well(text: string): Finding {
  return { level: 'well', text };
}

function note(text: string): Finding {
  return { level: 'note', text };
}

function fault(text: string): Finding {
  return { level: 'fault', text };
}
