/** Ends well where the server of this container answers: the health check of its image. */
import { request } from 'node:http';
import { request as requestTls } from 'node:https';

const WAIT_MILLISECONDS = 4_000;

const { VITRINE_PORT: port = '8080', VITRINE_TLS: tls = 'off', VITRINE_SOCKET: socket } = process.env;
const where = socket === undefined ? { host: '127.0.0.1', port } : { socketPath: socket };
const ask = tls === 'off' || socket !== undefined ? request : requestTls;
// The name in the certificate is for visitors.
const asked = ask({ ...where, path: '/livez', rejectUnauthorized: false, timeout: WAIT_MILLISECONDS }, (answer) => {
  process.exit(answer.statusCode === 200 ? 0 : 1);
});
asked.on('error', () => process.exit(1));
asked.on('timeout', () => process.exit(1));
asked.end();
