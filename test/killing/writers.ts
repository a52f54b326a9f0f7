import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { ADMIN_PASSWORD } from '../harness/administrator.ts';
import { TestVisitor, VIEWER } from '../harness/visitor.ts';
import type { Acknowledged, Look } from './acknowledged.ts';
import { addressOfLarge, findFault, type RightAnswers, sumOf } from './pictures.ts';

export interface World {
  readonly accessFile: string;
  /** Of an administrator, for everything. */
  readonly token: string;
  /** Id of the user `reader`. */
  readonly reader: string;
  readonly right: RightAnswers;
  readonly acknowledged: Acknowledged;
  readonly random: () => number;
  /** Told of each picture that somebody has seen. */
  onPicture(): void;
  /** Told of what is not as it should be. */
  onFault(sentence: string): void;
}

/** Somebody who does one thing after the other, from when the server is there until it is gone. `turn` gives a name that nobody else has. */
export type Writer = (world: World, base: string, turn: () => string) => AsyncGenerator<void>;

const DAY_MILLISECONDS = 86_400_000;
const PURGE_MILLISECONDS = 1_000;
/** After some minutes the administration asks again who it is. */
const SAVES_A_SIGN_IN = 50;
const LOCKED = '/iiif/3/members%2Fletter.jpg/0,0,200,200/100,/0/default.jpg';
const LOCKED_INFORMATION = '/iiif/3/members%2Fletter.jpg/info.json';
const TERMS = '/iiif/3/terms%2Fmap.jpg/0,0,200,200/100,/0/default.jpg';

/** Users come, are disabled, get other roles, and go. */
async function* keepUsers({ acknowledged, token, random }: World, base: string, turn: () => string): AsyncGenerator<void> {
  const api = apiWith(token);
  for (;;) {
    const name = `somebody-${turn()}`;
    const key = `the user ${name}`;
    const created = await api(base, 'POST', '/users', { name, roles: ['reader'] }, 201);
    const { id } = created['user'] as { id: string };
    const is = (expected: Readonly<Record<string, unknown>>): Look => {
      return async (at) => findOtherFields(await api(at, 'GET', `/users/${id}`, undefined, 200).catch(wrongAnswerOnly), expected);
    };
    acknowledged.hold(key, is({ name, roles: ['reader'] }));
    acknowledged.hold(`the audit of ${name}`, async (at) => {
      const found = await api(at, 'GET', `/audit?person=${name}&action=user.invited`, undefined, 200).catch(wrongAnswerOnly);
      if (found instanceof Error) return found.message;
      return (found['events'] as unknown[]).length === 1 ? null : JSON.stringify(found);
    });
    yield;
    const chance = random();
    acknowledged.begin(key);
    if (chance < 0.3) {
      await api(base, 'PUT', `/users/${id}/roles`, { roles: ['curator', 'reader'] }, 200);
      acknowledged.hold(key, is({ name, roles: ['curator', 'reader'] }));
    } else if (chance < 0.6) {
      await api(base, 'PUT', `/users/${id}/state`, { disabled: true }, 200);
      acknowledged.hold(key, is({ name, state: 'disabled' }));
    } else {
      await api(base, 'DELETE', `/users/${id}`, undefined, 204);
      acknowledged.hold(key, isAbsent(api, `/users/${id}`));
    }
    yield;
  }
}

/** Items are lent, for longer, and taken back. */
async function* keepGrants({ acknowledged, token, reader, random }: World, base: string, turn: () => string): AsyncGenerator<void> {
  const api = apiWith(token);
  const today = Math.floor(Date.now() / DAY_MILLISECONDS);
  const inDays = (days: number) => new Date((today + days) * DAY_MILLISECONDS).toISOString();
  for (;;) {
    const items = `curators/${turn()}/**`;
    const { id } = await api(base, 'POST', '/grants', { user: reader, items, until: inDays(20).replace(':00.000', '') }, 201);
    const key = `the grant ${items}`;
    const is = (until: string): Look => {
      return async (at) => findOtherFields(await api(at, 'GET', `/grants/${id}`, undefined, 200).catch(wrongAnswerOnly), { items, until });
    };
    acknowledged.hold(key, is(inDays(20)));
    yield;
    acknowledged.begin(key);
    if (random() < 0.4) {
      await api(base, 'PATCH', `/grants/${id}`, { until: inDays(10).replace(':00.000', '') }, 200);
      acknowledged.hold(key, is(inDays(10)));
      yield;
      acknowledged.begin(key);
    }
    // A user may have some hundreds of them only.
    await api(base, 'DELETE', `/grants/${id}`, undefined, 204);
    acknowledged.hold(key, isAbsent(api, `/grants/${id}`));
    yield;
  }
}

/** Readers sign in, get a token for their viewer, and some sign out. */
async function* signInAndOut({ acknowledged, random }: World, base: string, turn: () => string): AsyncGenerator<void> {
  for (;;) {
    const key = `the session ${turn()}`;
    const visitor = new TestVisitor({ base });
    await statusOf(visitor.signIn('reader'), 303, 200);
    const cookies = new Map(visitor.cookies);
    acknowledged.hold(key, answersWithCookies(LOCKED, cookies, 200));
    yield;
    const { message } = await visitor.token(2, 'members');
    const ends = Date.now() + Number(message['expiresIn']) * 1000;
    const bearer = { authorization: `Bearer ${message['accessToken']}`, origin: VIEWER };
    acknowledged.hold(`the token of ${key}`, (at) => answersWith(LOCKED_INFORMATION, bearer, ends > Date.now() ? 200 : 401)(at));
    yield;
    if (random() < 0.5) continue;
    for (const each of [key, `the token of ${key}`]) acknowledged.begin(each);
    await statusOf(visitor.ask('/auth/logout/members', { headers: { 'sec-fetch-dest': 'document' } }), 200, 303);
    acknowledged.hold(key, answersWithCookies(LOCKED, cookies, 401));
    acknowledged.hold(`the token of ${key}`, answersWith(LOCKED_INFORMATION, bearer, 401));
    yield;
  }
}

/** Strangers agree to the terms of use. */
async function* agreeToTerms({ acknowledged }: World, base: string, turn: () => string): AsyncGenerator<void> {
  for (;;) {
    const visitor = new TestVisitor({ base });
    const reply = await visitor.agree();
    // So many at once from one address, and no more.
    if (reply.status === 429) await wait(1_000);
    else {
      await statusOf(Promise.resolve(reply), 200, 303);
      acknowledged.hold(`who agreed ${turn()}`, answersWithCookies(TERMS, new Map(visitor.cookies), 200));
    }
    yield;
  }
}

/** An administrator saves the access file again and again. */
async function* saveAccess({ acknowledged, accessFile }: World, base: string, turn: () => string): AsyncGenerator<void> {
  let keeper = new TestVisitor({ base });
  let saved = await readFile(accessFile, 'utf8');
  for (let saves = 0; ; saves += 1) {
    if (saves % SAVES_A_SIGN_IN === 0) {
      keeper = new TestVisitor({ base });
      await statusOf(keeper.submit('/admin/sign-in', { user: 'keeper', password: ADMIN_PASSWORD }), 303);
    }
    const next = saved
      .replace(/\n# Saved .*\n/, '\n')
      .trimEnd()
      .concat(`\n# Saved ${turn()}\n`);
    const before = saved;
    acknowledged.begin('the access file', () => findOtherText(accessFile, [before, next]));
    await saveAccessFile(keeper, base, next);
    acknowledged.hold('the access file', () => findOtherText(accessFile, [next]));
    saved = next;
    yield;
  }
}

/** What is kept of pictures is removed, so that it is written again and again. */
async function* purgeCache({ token }: World, base: string): AsyncGenerator<void> {
  for (;;) {
    await wait(PURGE_MILLISECONDS);
    await apiWith(token)(base, 'DELETE', '/cache?items=/', undefined, 200);
    yield;
  }
}

/** Readers look at pictures; each is compared with what is right. */
async function* lookAtPictures({ right: { sums, cookie }, random, onPicture, onFault }: World, base: string): AsyncGenerator<void> {
  const paths = [...sums.keys()];
  for (;;) {
    const path = paths[Math.floor(random() * paths.length)] ?? '';
    if (sumOf(await picture(base, path, cookie)) !== sums.get(path)) onFault(`${path} is not what it should be`);
    const large = addressOfLarge(random);
    const fault = await findFault(await picture(base, large.path, cookie), large.width);
    if (fault !== null) onFault(`${large.path} ${fault}`);
    onPicture();
    yield;
  }
}

export const WRITERS: readonly Writer[] = [
  keepUsers,
  keepGrants,
  signInAndOut,
  agreeToTerms,
  saveAccess,
  purgeCache,
  lookAtPictures,
  lookAtPictures,
];

/** Every picture once more: what was kept before the server was killed is what is asked for. */
export async function findWrongPictures({ right: { sums, cookie } }: World, base: string): Promise<readonly string[]> {
  const wrong: string[] = [];
  for (const [path, sum] of sums) if (sumOf(await picture(base, path, cookie)) !== sum) wrong.push(`${path} is not what it should be`);
  return wrong;
}

async function picture(base: string, path: string, cookie: string): Promise<Uint8Array> {
  const answer = await fetch(`${base}${path}`, { headers: { cookie } });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (answer.status !== 200) throw new WrongAnswer(`${path} answers ${answer.status}`, answer.status);
  return bytes;
}

/** The server is there, and does not say what it should; all else means that it is gone. */
export class WrongAnswer extends Error {
  readonly status: number;

  constructor(sentence: string, status: number) {
    super(sentence);
    this.status = status;
  }
}

type Api = (base: string, method: string, path: string, body: unknown, status: number) => Promise<Readonly<Record<string, unknown>>>;

function apiWith(token: string): Api {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return async (base, method, path, body, status) => {
    const answer = await fetch(`${base}/api/1${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (answer.status !== status) throw new WrongAnswer(`${method} ${path} answers ${answer.status}: ${text.trim()}`, answer.status);
    return text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
  };
}

function isAbsent(api: Api, path: string): Look {
  return async (at) => ((await api(at, 'GET', path, undefined, 404).catch(wrongAnswerOnly)) instanceof Error ? 'is there again' : null);
}

/** A connection that is lost says nothing of what is there. */
function wrongAnswerOnly(error: unknown): WrongAnswer {
  if (error instanceof WrongAnswer) return error;
  throw error;
}

function findOtherFields(found: Readonly<Record<string, unknown>> | Error, expected: Readonly<Record<string, unknown>>): string | null {
  if (found instanceof Error) return found.message;
  const others = Object.entries(expected).filter(([name, value]) => JSON.stringify(found[name]) !== JSON.stringify(value));
  return others.length === 0 ? null : `has ${others.map(([name]) => `${name} ${JSON.stringify(found[name])}`).join(', ')}`;
}

async function findOtherText(file: string, expected: readonly string[]): Promise<string | null> {
  const text = await readFile(file, 'utf8');
  return expected.includes(text) ? null : `ends with ${JSON.stringify(text.slice(-60))}`;
}

function answersWithCookies(path: string, cookies: ReadonlyMap<string, string>, status: number): Look {
  return answersWith(path, { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }, status);
}

function answersWith(path: string, headers: Readonly<Record<string, string>>, status: number): Look {
  return async (base) => {
    const answer = await fetch(`${base}${path}`, { headers });
    await answer.arrayBuffer();
    return answer.status === status ? null : `answers ${answer.status} and not ${status}`;
  };
}

async function statusOf(asked: Promise<Response>, ...statuses: readonly number[]): Promise<void> {
  const answer = await asked;
  await answer.arrayBuffer();
  if (!statuses.includes(answer.status)) throw new WrongAnswer(`${answer.url} answers ${answer.status}`, answer.status);
}

async function saveAccessFile(keeper: TestVisitor, base: string, text: string): Promise<void> {
  const html = await (await keeper.ask('/admin/access')).text();
  const fields = { ...hiddenFields(html), text: text.replaceAll('\n', '\r\n'), comment: '' };
  const preview = await (await post(keeper, base, '/admin/access/preview', fields)).text();
  await statusOf(post(keeper, base, '/admin/access/save', { ...fields, ...hiddenFields(preview) }), 303);
}

function hiddenFields(html: string): Readonly<Record<string, string>> {
  const [form = ''] = /<form method="post" action="\/admin\/access\/preview".*?<\/form>/s.exec(html) ?? [];
  return Object.fromEntries(
    [...form.matchAll(/type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
}

function post(visitor: TestVisitor, base: string, path: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: base, 'sec-fetch-site': 'same-origin' };
  return visitor.ask(path, { method: 'POST', headers, body: new URLSearchParams(fields).toString() });
}
