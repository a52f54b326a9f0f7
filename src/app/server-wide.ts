import type { Logger } from 'pino';
import { systemClock } from '../adapters/system/clock.ts';
import { createRandomness } from '../adapters/system/randomness.ts';
import type { Options } from '../config/options.ts';
import type { Mailer } from '../domain/mail.ts';
import { type FirstLink, newFirstLink } from '../flows/admin/first-administrator.ts';
import { createNewSessionLimits, type NewSessionLimits } from '../flows/limit-new-sessions.ts';
import { createWrongTokenLimit, type WrongTokenLimit } from '../flows/limit-wrong-tokens.ts';
import { createRunningChecks, type RunningChecks } from '../flows/running-checks.ts';
import { createFailureBrake, type FailureBrake } from '../flows/slow-failures.ts';
import { createTurns, type InTurn } from '../flows/turns.ts';
import type { Metric } from '../lib/metric.ts';
import { createMail } from './mail.ts';

/** What one server has once, however many processes answer for it. All else that lasts is in the data folder. */
export interface ServerWide {
  readonly firstLink: FirstLink;
  readonly newSessions: NewSessionLimits;
  readonly starts: NewSessionLimits;
  readonly wrongTokens: WrongTokenLimit;
  readonly brake: FailureBrake;
  readonly runningChecks: RunningChecks;
  readonly inTurn: InTurn;
  /** Null where no mail is sent. */
  readonly mail: Mailer | null;
  /** Has the other processes take over the access file as it is now; resolves when they have. */
  readonly accessChanged: () => Promise<void>;
  /** What every process of the server has counted. `own`: the same of this one. */
  collectMetrics(own: () => Promise<readonly Metric[]>): Promise<ReadonlyArray<readonly Metric[]>>;
  /** Whether this process tidies up. */
  readonly keepsHouse: boolean;
  close(): Promise<void>;
}

/** Of this process: the only one of the server, or the one that started the others. */
export function createServerWide(options: Options, log: Logger): ServerWide {
  const mail = createMail(options, log);
  return {
    firstLink: newFirstLink({ clock: systemClock, randomness: createRandomness() }),
    newSessions: createNewSessionLimits(systemClock),
    starts: createNewSessionLimits(systemClock),
    wrongTokens: createWrongTokenLimit(systemClock),
    brake: createFailureBrake(systemClock),
    runningChecks: createRunningChecks(),
    inTurn: createTurns(),
    mail,
    accessChanged: async () => {},
    collectMetrics: async (own) => [await own()],
    keepsHouse: true,
    close: async () => mail?.close(),
  };
}
