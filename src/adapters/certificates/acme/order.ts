import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import type { Authorization, Client } from 'acme-client';
import type { Certificate } from '../certificate.ts';
import { writePrivateFile } from '../pem-file.ts';
import { runDnsCommand } from './dns-command.ts';
import type { Proofs } from './proofs.ts';
import { type AcmeSettings, placesOf } from './settings.ts';

/** An authority that does not answer is asked again later. */
const ANSWER_MILLISECONDS = 30_000;

export interface OrderTiming {
  /** How often the authority is asked whether it has looked. */
  readonly pollMilliseconds: number;
  readonly mostPollMilliseconds: number;
}

const TIMING: OrderTiming = { pollMilliseconds: 1_000, mostPollMilliseconds: 15_000 };

/**
 * A new certificate with a new key. Rejects with what the authority says where it does not give one.
 * https://www.rfc-editor.org/rfc/rfc8555#section-7.1
 */
export async function orderCertificate(settings: AcmeSettings, proofs: Proofs, timing: OrderTiming = TIMING): Promise<Certificate> {
  const acme = await import('acme-client');
  const agent = new Agent(settings.authorityFile === null ? {} : { ca: await readFile(settings.authorityFile) });
  await reach(settings.directory, agent);
  // When to try again is decided here, as an authority that is away may be away for hours.
  const acmeSettings = {
    ...('acmeSettings' in acme.axios.defaults ? (acme.axios.defaults.acmeSettings as object) : {}),
    retryMaxAttempts: 0,
  };
  Object.assign(acme.axios.defaults, { httpsAgent: agent, timeout: ANSWER_MILLISECONDS, acmeSettings });
  const client = new acme.Client({
    directoryUrl: settings.directory,
    accountKey: await readAccountKey(settings, async () => (await acme.crypto.createPrivateEcdsaKey('P-256')).toString()),
    backoffAttempts: 20,
    backoffMin: timing.pollMilliseconds,
    backoffMax: timing.mostPollMilliseconds,
    ...(settings.binding === null ? {} : { externalAccountBinding: { kid: settings.binding.keyId, hmacKey: settings.binding.macKey } }),
  });
  const [key, csr] = await acme.crypto.createCsr({ altNames: [...settings.names] }, await acme.crypto.createPrivateEcdsaKey('P-256'));
  await proofs.clear();
  const prove = proverOf(settings, proofs, acme.crypto.createAlpnCertificate);
  try {
    const cert = await order(client, { settings, csr, prove });
    return { key: key.toString(), cert };
  } catch (error) {
    // What becomes of an answer that never came, in acme-client 5.4.
    throw error instanceof TypeError ? new Error('The authority did not answer.', { cause: error }) : error;
  } finally {
    await proofs.clear();
  }
}

/** Says why, where the authority cannot be asked at all. */
function reach(directory: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (reason: unknown) => reject(new Error(`${directory} could not be reached (${String(reason)}).`));
    const asked = request(directory, { agent, timeout: ANSWER_MILLISECONDS }, (answer) => {
      answer.resume();
      if (answer.statusCode === 200) resolve();
      else fail(`status ${answer.statusCode}`);
    });
    asked.once('error', (error: NodeJS.ErrnoException) => fail(error.code ?? error.message));
    asked.once('timeout', () => asked.destroy(new Error('no answer')));
    asked.end();
  });
}

type Challenge = Authorization['challenges'][number];

interface Prover {
  put(authorization: Authorization, challenge: Challenge, keyAuthorization: string): Promise<void>;
  remove(authorization: Authorization, challenge: Challenge, keyAuthorization: string): Promise<void>;
}

function order(client: Client, { settings, csr, prove }: { settings: AcmeSettings; csr: Buffer; prove: Prover }): Promise<string> {
  return client.auto({
    csr,
    termsOfServiceAgreed: true,
    ...(settings.email === null ? {} : { email: settings.email }),
    challengePriority: [settings.challenge],
    // Its own look from within goes other ways than the authority does.
    skipChallengeVerification: true,
    challengeCreateFn: prove.put,
    challengeRemoveFn: prove.remove,
  });
}

type MakeAlpnCertificate = (authorization: Authorization, keyAuthorization: string, key: string) => Promise<[Buffer, Buffer]>;

function proverOf({ challenge: wanted, dnsCommand }: AcmeSettings, proofs: Proofs, makeAlpn: MakeAlpnCertificate): Prover {
  const recordOf = ({ identifier }: Authorization) => `_acme-challenge.${identifier.value}`;
  return {
    async put(authorization, challenge, keyAuthorization) {
      const name = authorization.identifier.value;
      if (challenge.type !== wanted) throw new Error(`For ${name} the authority does not offer ${wanted}.`);
      if (wanted === 'http-01') return proofs.putText(challenge.token, keyAuthorization);
      if (wanted === 'dns-01') return runDnsCommand(dnsCommand ?? '', 'set', recordOf(authorization), keyAuthorization);
      const { crypto } = await import('acme-client');
      const [key, cert] = await makeAlpn(authorization, keyAuthorization, (await crypto.createPrivateEcdsaKey('P-256')).toString());
      await proofs.putCertificate(name, { key: key.toString(), cert: cert.toString() });
    },
    async remove(authorization, _challenge, keyAuthorization) {
      if (wanted === 'dns-01') await runDnsCommand(dnsCommand ?? '', 'remove', recordOf(authorization), keyAuthorization);
    },
  };
}

async function readAccountKey(settings: AcmeSettings, make: () => Promise<string>): Promise<string> {
  const file = placesOf(settings).account;
  const kept = await readFile(file, 'utf8').catch(() => null);
  if (kept !== null) return kept;
  const made = await make();
  await writePrivateFile(file, made);
  return made;
}
