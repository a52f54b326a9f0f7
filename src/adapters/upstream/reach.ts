import { connect } from 'node:net';

const CONNECT_MILLISECONDS = 3_000;

/** Which of these servers takes no connection, as a sentence; null where each does. Nothing is asked of them. */
export async function findUnreachable(urls: readonly string[]): Promise<string | null> {
  const faults = await Promise.all([...new Set(urls.map((url) => new URL(url).origin))].map(reach));
  return faults.find((fault) => fault !== null) ?? null;
}

function reach(origin: string): Promise<string | null> {
  const { protocol, hostname, port } = new URL(origin);
  const standard = protocol === 'https:' ? 443 : 80;
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? standard : Number(port) });
    const end = (fault: string | null): void => {
      socket.destroy();
      resolve(fault);
    };
    socket.setTimeout(CONNECT_MILLISECONDS, () => end(`${origin} does not answer`));
    socket.once('connect', () => end(null));
    socket.once('error', (error) => end(`${origin} takes no connection: ${error.message}`));
  });
}
