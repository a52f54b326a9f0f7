/**
 * Every problem a client can be told of: a stable code, the HTTP status, and a title that never varies.
 * Sent as RFC 9457 problem details. The `detail` sentence comes from whoever refuses; it names parameters, never paths.
 * https://www.rfc-editor.org/rfc/rfc9457
 */
export const PROBLEMS = {
  'request.malformed': { status: 400, title: 'The request could not be read' },
  'request.method': { status: 405, title: 'This method is not supported here' },
  'request.too-large': { status: 413, title: 'The request is too large' },
  'request.cross-site': { status: 403, title: 'The form was sent from another site' },
  'request.precondition': { status: 412, title: 'The file is not the one that was meant' },
  'request.range': { status: 416, title: 'The file has no such bytes' },
  'request.fields': { status: 422, title: 'Some of what was sent is not valid' },
  'request.media-type': { status: 415, title: 'The request is of another kind than this address takes' },
  'request.conflict': { status: 409, title: 'It does not go together with what is there' },
  'request.changed': { status: 412, title: 'It has changed meanwhile' },
  'request.throttled': { status: 429, title: 'Too many attempts' },
  'not-found': { status: 404, title: 'Nothing is here' },
  'image.identifier': { status: 400, title: 'The identifier is not valid' },
  'image.region': { status: 400, title: 'The region is not valid' },
  'image.size': { status: 400, title: 'The size is not valid' },
  'image.upscaling': { status: 501, title: 'This image is not enlarged' },
  'image.turning': { status: 501, title: 'This image is not turned by this angle' },
  'image.rotation': { status: 400, title: 'The rotation is not valid' },
  'image.quality': { status: 400, title: 'The quality is not valid' },
  'image.format': { status: 400, title: 'The format is not valid' },
  'image.limit': { status: 403, title: 'The requested image is larger than this server makes' },
  'source.too-large': { status: 413, title: 'The source is larger than this server reads' },
  'source.broken': { status: 500, title: 'The source could not be read' },
  'source.unreachable': { status: 502, title: 'The place where the source is kept does not answer as it should' },
  'source.slow': { status: 504, title: 'The place where the source is kept does not answer in time' },
  'source.unsupported': { status: 501, title: 'The source is of a kind that this server cannot read' },
  'upstream.request': { status: 400, title: 'The image server cannot make this image' },
  'upstream.limit': { status: 403, title: 'The image server does not make this image' },
  'upstream.unsupported': { status: 501, title: 'The image server does not know how to make this image' },
  'upstream.unreachable': { status: 502, title: 'The image server cannot be reached' },
  'upstream.broken': { status: 502, title: 'The image server did not answer as it should' },
  'upstream.slow': { status: 504, title: 'The image server did not answer in time' },
  'access.needed': { status: 401, title: 'This item needs access' },
  'access.refused': { status: 403, title: 'This item is closed to you' },
  'token.needed': { status: 401, title: 'A personal access token is needed' },
  'token.scope': { status: 403, title: 'The token is not for this' },
  'server.busy': { status: 503, title: 'The server is busy' },
  'server.timeout': { status: 503, title: 'The image took too long to make' },
  'server.error': { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** A refusal is a value: a stable code, and a sentence for the person who asked. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: ProblemCode;
  /** A public sentence. Never a path, a query or a stack. */
  readonly detail: string;
  /** Seconds after which asking again makes sense (`Retry-After`). */
  readonly retryAfterSeconds?: number;
}

export function refuse(code: ProblemCode, detail: string): Refusal {
  return { kind: 'refused', code, detail };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'refused';
}

/** A failure is an error: the public side is a refusal, the private side is for the log. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly refusal: Refusal;

  constructor(refusal: Refusal, privateDetail: string, options?: ErrorOptions) {
    super(privateDetail, options);
    this.refusal = refusal;
  }
}
