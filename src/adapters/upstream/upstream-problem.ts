import { Failure, refuse } from '../../lib/problems.ts';
import { broken, type UpstreamReply } from './upstream-client.ts';

/** What the reader is told of an answer that has no image. Its text stays with us: it may name paths and hosts. */
export function problemOf(reply: UpstreamReply): Failure {
  const { status } = reply;
  reply.discard();
  const failure = (refusal: Failure['refusal']) => new Failure(refusal, `the upstream answered ${status}`);
  if (status === 404 || status === 410) return failure(refuse('not-found', 'There is no image with this identifier.'));
  if (status === 400 || status === 414 || status === 422) {
    return failure(refuse('upstream.request', 'The image server behind this gateway cannot make this image as it was asked for.'));
  }
  if (status === 403 || status === 413) {
    return failure(
      refuse('upstream.limit', 'The image server behind this gateway does not make this image, perhaps because it is too large.'),
    );
  }
  if (status === 501)
    return failure(refuse('upstream.unsupported', 'The image server behind this gateway does not know how to make this image.'));
  if (status === 429 || status === 503) {
    return failure({ ...refuse('server.busy', 'The image server behind this gateway is busy.'), retryAfterSeconds: retryAfter(reply) });
  }
  if (status === 504) return failure(refuse('upstream.slow', 'The image server behind this gateway takes too long to answer.'));
  return broken(`it answered ${status}`);
}

const LONGEST_RETRY_SECONDS = 3_600;

function retryAfter(reply: UpstreamReply): number {
  const given = reply.header('retry-after');
  return given !== null && /^\d{1,6}$/.test(given) ? Math.min(LONGEST_RETRY_SECONDS, Math.max(1, Number(given))) : 5;
}
