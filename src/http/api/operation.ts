/** One operation of the interface for programs: what it is called, takes and answers, and what it does. */
import type { z } from 'zod';
import type { Scope } from '../../domain/personal-token.ts';
import type { ProblemCode, Refusal } from '../../lib/problems.ts';
import { isRefusal } from '../../lib/problems.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { problem } from '../server/reply.ts';
import type { ApiDeps } from './api-deps.ts';
import type { Caller } from './caller.ts';
import { isInvalid, type ParamNames, readBody, readParams, readQuery, refuseFields } from './read-input.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** An answer that is no problem. */
export interface Answer {
  readonly description: string;
  /** A named schema of `schemas.ts`; absent where there is no body. */
  readonly schema?: z.ZodType;
  /** Where it is not JSON alone: another media type of the same events, one a line. */
  readonly lines?: 'application/x-ndjson';
  /** Names of headers that it has. */
  readonly headers?: readonly ('ETag' | 'Location')[];
}

export interface OperationFacts<Path extends string, Query extends z.ZodObject, Body extends z.ZodType> {
  /** Unique, for programs that are made from the description. */
  readonly id: string;
  readonly method: Method;
  /** `{name}` stands for one segment. */
  readonly path: Path;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Null: any token in force. */
  readonly scope: Scope | null;
  readonly query?: Query;
  /** A named schema. */
  readonly body?: Body;
  /** Whether it heeds `If-Match` and `If-None-Match`. */
  readonly conditions?: readonly ('If-Match' | 'If-None-Match')[];
  /** By status. */
  readonly answers: Readonly<Record<number, Answer>>;
  /** Beside those that every operation of its kind has. */
  readonly problems?: readonly ProblemCode[];
}

export interface Input<Path extends string, Query extends z.ZodObject, Body extends z.ZodType> {
  readonly request: HttpRequest;
  readonly caller: Caller;
  readonly params: Readonly<Record<ParamNames<Path>, string>>;
  readonly query: z.output<Query>;
  readonly body: z.output<Body>;
}

export interface Operation extends OperationFacts<string, z.ZodObject, z.ZodType> {
  answer(deps: ApiDeps, request: HttpRequest, caller: Caller): Promise<Reply>;
}

/** Reads and checks what an operation is given, and answers what is wrong with it. */
export function operation<Path extends string, Query extends z.ZodObject = z.ZodObject, Body extends z.ZodType = z.ZodUndefined>(
  facts: OperationFacts<Path, Query, Body>,
  run: (deps: ApiDeps, input: Input<Path, Query, Body>) => Promise<Reply | Refusal>,
): Operation {
  return {
    ...facts,
    async answer(deps, request, caller) {
      const params = readParams(facts.path, request.params);
      if (isRefusal(params)) return problem(params);
      const query = readQuery(facts.query, request.query);
      if (isInvalid(query)) return refuseFields(query);
      const body = facts.body === undefined ? undefined : await readBody(facts.body, request);
      if (isInvalid(body)) return refuseFields(body);
      const input = { request, caller, params, query: query as z.output<Query>, body: body as z.output<Body> };
      const reply = await run(deps, input);
      return isRefusal(reply) ? problem(reply) : reply;
    },
  };
}
