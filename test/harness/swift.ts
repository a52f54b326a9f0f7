import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { findRealPart, SWIFT } from '../setup/real-parts.ts';
import { freePort } from './process.ts';

/** Debian's object store Swift, with its doors for the protocol of S3: one server of each kind, one disk, one copy of everything. */
export interface Swift {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly key: { readonly id: string; readonly secret: string };
  put(key: string, bytes: Uint8Array | string): Promise<void>;
  remove(key: string): Promise<void>;
  stop(): Promise<void>;
}

const KEY = { id: 'test:tester', secret: 'testing' };
const REGION = 'us-east-1';
const BUCKET = 'pictures';
const START_SECONDS = 150;
const KINDS = ['account', 'container', 'object'] as const;

export async function startSwift(): Promise<Swift> {
  const program = findRealPart(SWIFT);
  if (program === null) throw new Error('Swift is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'vitrine-swift-'));
  await mkdir(join(folder, 'devices', 'd1'), { recursive: true });
  await writeFile(join(folder, 'swift.conf'), '[swift-hash]\nswift_hash_path_prefix = test\nswift_hash_path_suffix = test\n');
  const children: ChildProcess[] = [];
  const start = (kind: string) => {
    const child = spawn(join(dirname(program), `swift-${kind}-server`), [join(folder, `${kind}-server.conf`)], { stdio: 'ignore' });
    children.push(child);
  };
  for (const kind of KINDS) {
    const port = await freePort();
    const ring = (...args: string[]) =>
      execFileSync(join(dirname(program), 'swift-ring-builder'), [join(folder, `${kind}.builder`), ...args], { stdio: 'pipe' });
    ring('create', '4', '1', '1');
    ring('add', `r1z1-127.0.0.1:${port}/d1`, '1');
    ring('rebalance');
    await writeFile(join(folder, `${kind}-server.conf`), storageServer(folder, kind, port));
    start(kind);
  }
  const port = await freePort();
  await writeFile(join(folder, 'proxy-server.conf'), proxyServer(folder, port));
  start('proxy');

  const endpoint = `http://127.0.0.1:${port}`;
  const client = new AwsClient({ accessKeyId: KEY.id, secretAccessKey: KEY.secret, service: 's3', region: REGION, retries: 0 });
  const ask = async (method: string, key: string, body: Uint8Array | string | null = null): Promise<number> => {
    const path = key.split('/').map(encodeURIComponent).join('/');
    const answer = await client.fetch(`${endpoint}/${BUCKET}/${path}`, { method, body: body as BodyInit | null });
    await answer.arrayBuffer();
    return answer.status;
  };
  const until = Date.now() + START_SECONDS * 1000;
  // Each part has a server of its own: a bucket can be there before there is anybody to take an object.
  const steps = [
    ['PUT', ''],
    ['PUT', 'first'],
    ['HEAD', 'first'],
    ['DELETE', 'first'],
  ] as const;
  for (const [method, key] of steps) {
    while (![200, 204].includes(await ask(method, key, method === 'PUT' && key !== '' ? 'bytes' : null).catch(() => 0))) {
      if (Date.now() > until) throw new Error('Swift did not start');
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
  const must = async (method: string, key: string, body: Uint8Array | string | null, statuses: readonly number[]) => {
    const status = await ask(method, key, body);
    if (!statuses.includes(status)) throw new Error(`Swift answered ${status} to ${method} ${key}`);
  };
  return {
    endpoint,
    region: REGION,
    bucket: BUCKET,
    key: KEY,
    put: (key, bytes) => must('PUT', key, bytes, [200]),
    remove: (key) => must('DELETE', key, null, [200, 204, 404]),
    async stop() {
      await Promise.all(children.map(stopChild));
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

function storageServer(folder: string, kind: string, port: number): string {
  return `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
swift_dir = ${folder}
devices = ${folder}/devices
mount_check = false
user = root
workers = 0
[pipeline:main]
pipeline = ${kind}-server
[app:${kind}-server]
use = egg:swift#${kind}
`;
}

/** Signatures are looked at by s3api with the account that tempauth knows. Nothing listens where its cache should be: it goes on without. */
function proxyServer(folder: string, port: number): string {
  return `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
swift_dir = ${folder}
user = root
workers = 0
[pipeline:main]
pipeline = catch_errors cache listing_formats s3api tempauth proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:s3api]
use = egg:swift#s3api
auth_pipeline_check = false
location = ${REGION}
`;
}
