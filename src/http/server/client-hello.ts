/**
 * What a client says before anything is encrypted: the name that it wants, and the protocols that it speaks.
 * https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2
 */
export interface ClientHello {
  readonly name: string | null;
  /** https://www.rfc-editor.org/rfc/rfc7301#section-3.1 */
  readonly protocols: readonly string[];
}

const HANDSHAKE_RECORD = 22;
const CLIENT_HELLO = 1;
const SERVER_NAME = 0;
const HOST_NAME = 0;
const ALPN = 16;

/** Null where this is no whole ClientHello in one record. */
export function parseClientHello(bytes: Uint8Array): ClientHello | null {
  try {
    return readHello(new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function readHello(record: Reader): ClientHello | null {
  if (record.number(1) !== HANDSHAKE_RECORD) return null;
  record.skip(2);
  const handshake = record.vector(2);
  if (handshake.number(1) !== CLIENT_HELLO) return null;
  const hello = handshake.vector(3);
  hello.skip(2 + 32);
  hello.vector(1);
  hello.vector(2);
  hello.vector(1);
  let name: string | null = null;
  let protocols: readonly string[] = [];
  for (const extensions = hello.vector(2); !extensions.isAtEnd(); ) {
    const type = extensions.number(2);
    const data = extensions.vector(2);
    if (type === SERVER_NAME) name = readName(data.vector(2));
    if (type === ALPN) protocols = readProtocols(data.vector(2));
  }
  return { name, protocols };
}

/** https://www.rfc-editor.org/rfc/rfc6066#section-3 */
function readName(names: Reader): string | null {
  while (!names.isAtEnd()) {
    const type = names.number(1);
    const name = names.vector(2).text();
    if (type === HOST_NAME) return name.toLowerCase();
  }
  return null;
}

function readProtocols(list: Reader): readonly string[] {
  const protocols: string[] = [];
  while (!list.isAtEnd()) protocols.push(list.vector(1).text());
  return protocols;
}

/** Throws a RangeError where there is less than is asked for. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  number(bytes: 1 | 2 | 3): number {
    const value = this.#bytes.readUIntBE(this.#at, bytes);
    this.#at += bytes;
    return value;
  }

  skip(bytes: number): void {
    this.#at += bytes;
    if (this.#at > this.#bytes.length) throw new RangeError('too short');
  }

  /** So many bytes as the number before them says. */
  vector(lengthBytes: 1 | 2 | 3): Reader {
    const length = this.number(lengthBytes);
    const from = this.#at;
    this.skip(length);
    return new Reader(this.#bytes.subarray(from, from + length));
  }

  text(): string {
    return this.#bytes.toString('latin1');
  }
}
