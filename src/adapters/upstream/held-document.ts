import { isJsonObject, type Json, type JsonObject } from '../../lib/json.ts';
import { broken, type UpstreamReply } from './upstream-client.ts';

/** As JSON; at most so many bytes. Rejects with `Failure`. */
export async function readHeldDocument(reply: UpstreamReply, mostBytes: number): Promise<JsonObject> {
  if (reply.bytes !== null && reply.bytes > mostBytes) {
    reply.discard();
    throw broken(`a document has ${reply.bytes} bytes, more than the ${mostBytes} that are read`);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of reply.body()) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw broken(`a document has more than the ${mostBytes} bytes that are read`);
    chunks.push(chunk);
  }
  const document = parse(Buffer.concat(chunks));
  if (document === null || !isJsonObject(document)) throw broken('a document is no JSON object');
  return document;
}

function parse(bytes: Uint8Array): Json | null {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json;
  } catch {
    return null;
  }
}
