import type { OneTimeIds } from '../../domain/identity.ts';
import type { Clock, Randomness, Signer } from '../../domain/ports.ts';
import { DOCTOR_COOKIE, DOCTOR_HEADER, type DoctorQuestion, readDoctorQuestion } from '../../flows/gateway/doctor-question.ts';
import { type AskingWay, readOriginalRequest } from '../forward-auth/original-request.ts';
import { openToViewers } from '../server/cors.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { json } from '../server/reply.ts';
import type { Router } from '../server/router.ts';

export interface DoctorDeps {
  readonly signer: Signer;
  readonly randomness: Randomness;
  readonly clock: Clock;
  /** Where what one process was asked is known to the others. */
  readonly oneTimeIds: OneTimeIds;
  /** Whether an address is that of a proxy that we believe. */
  isProxy(address: string): boolean;
}

/** What has become of the doctor's request by the time that it was here. */
export interface DoctorEcho {
  readonly vitrineDoctor: string;
  readonly method: string;
  /** As it came, below our own base path, with its query. */
  readonly uri: string;
  readonly host: string | null;
  /** Of the visitor, as it is believed. */
  readonly address: string;
  /** Of the connection. */
  readonly peer: string;
  readonly isProxy: boolean;
  readonly forwardedFor: string | null;
  readonly hasCookie: boolean;
  /** What was right when a proxy asked about the request with this nonce; null where this is not what is asked. */
  readonly asked: Readonly<Record<AskedFact, boolean>> | null;
}

/** `asked`: it has asked at all. The others: what the question came with is what was sent. */
export const ASKED_FACTS = ['asked', 'isProxy', 'uri', 'method', 'cookie', 'address'] as const;
export type AskedFact = (typeof ASKED_FACTS)[number];

/** Where the doctor reads what a proxy asked about a request before. */
export const DOCTOR_PATH = '/gateway/doctor';
const ASKING_PATHS: Readonly<Record<string, AskingWay>> = {
  '/gateway/auth-request': 'auth-request',
  '/gateway/forward-auth': 'forward-auth',
};

/** The gateway, with the doctor answered wherever a request of it arrives: nobody else can write one. */
export function answeringDoctor(router: Router, deps: DoctorDeps): Router {
  return {
    ...router,
    ready: (request) => (request.header(DOCTOR_HEADER) === null ? router.ready(request) : null),
    async handle(request) {
      const written = request.header(DOCTOR_HEADER);
      const question = written === null ? null : readDoctorQuestion(written, { ...deps, now: deps.clock.now() });
      return question === null ? router.handle(request) : answerDoctor(deps, request, question);
    },
  };
}

async function answerDoctor(deps: DoctorDeps, request: Omit<HttpRequest, 'params'>, question: DoctorQuestion): Promise<Reply> {
  const way = ASKING_PATHS[request.path];
  if (way !== undefined) await noteAsked(deps, request, question, way);
  // nginx hands the request over to us then, and the others pass our answer on.
  if (way === 'auth-request') return { status: 403, headers: { 'cache-control': 'no-store' }, body: null };
  const asked = request.path === DOCTOR_PATH ? await readAsked(deps, question) : null;
  const echo: DoctorEcho = {
    vitrineDoctor: question.nonce,
    method: request.method,
    uri: request.path + (request.raw.query === '' ? '' : `?${request.raw.query}`),
    host: request.header('host'),
    address: request.address,
    peer: request.raw.peer,
    isProxy: deps.isProxy(request.raw.peer),
    forwardedFor: request.header('x-forwarded-for'),
    hasCookie: request.cookies.get(DOCTOR_COOKIE) === question.nonce,
    asked,
  };
  const headers = { 'cache-control': 'no-store', 'set-cookie': `${DOCTOR_COOKIE}=${question.nonce}; Max-Age=1; Path=/` };
  return openToViewers(json(way === undefined ? 200 : 401, echo, headers), request.header('origin'));
}

async function noteAsked(deps: DoctorDeps, request: Omit<HttpRequest, 'params'>, question: DoctorQuestion, way: AskingWay): Promise<void> {
  const original = readOriginalRequest(way, request);
  const facts: Readonly<Record<AskedFact, boolean>> = {
    asked: true,
    isProxy: deps.isProxy(request.raw.peer),
    uri: original?.path === question.uri,
    method: original?.method === 'GET',
    cookie: request.cookies.get(DOCTOR_COOKIE) === question.nonce,
    address: request.address !== question.forged,
  };
  for (const fact of ASKED_FACTS) if (facts[fact]) await deps.oneTimeIds.spend(idOf(question, fact), question.endsAt);
}

/** What was noted cannot be noted once more. */
async function readAsked(deps: DoctorDeps, question: DoctorQuestion): Promise<Readonly<Record<AskedFact, boolean>>> {
  const seen = await Promise.all(
    ASKED_FACTS.map(async (fact) => [fact, !(await deps.oneTimeIds.spend(idOf(question, fact), question.endsAt))] as const),
  );
  return Object.fromEntries(seen) as Record<AskedFact, boolean>;
}

function idOf({ nonce }: DoctorQuestion, fact: AskedFact): string {
  return `gateway doctor ${nonce} ${fact}`;
}
