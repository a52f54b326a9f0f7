import SqliteDatabase from 'better-sqlite3';
import { findUnknown } from '../migrations.ts';
import { appliedSteps, findFault } from './copy.ts';

interface Examined {
  /** What is wrong within it; null where nothing is. */
  readonly fault: string | null;
  /** A step of a newer program; null where there is none. */
  readonly unknown: string | null;
  /** How many it has gone through. */
  readonly steps: number;
  /** The latest time that it holds. */
  readonly newest: Date;
}

/** Looks at a database, whoever uses it, and changes nothing. */
export function examineDatabase(file: string): Examined {
  const nothing = { unknown: null, steps: 0, newest: new Date(0) };
  let database: SqliteDatabase.Database | null = null;
  try {
    database = new SqliteDatabase(file, { fileMustExist: true, timeout: 5_000 });
    const fault = findFault(database);
    if (fault !== null) return { ...nothing, fault };
    const steps = appliedSteps(database);
    const newest = steps.length === 0 ? 0 : database.prepare<[], number>('select max(applied_at) from migrations').pluck().get();
    return { fault, unknown: findUnknown(steps), steps: steps.length, newest: new Date(newest ?? 0) };
  } catch (error) {
    return { ...nothing, fault: error instanceof Error ? error.message : String(error) };
  } finally {
    database?.close();
  }
}
