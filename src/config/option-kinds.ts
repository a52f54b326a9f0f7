import { isIP } from 'node:net';
import { z } from 'zod';
import { parseMailAddress } from '../domain/mail.ts';
import { parseOrigin } from '../iiif/auth/origin.ts';
import { isRefusal } from '../lib/problems.ts';
import { parseDate } from '../lib/written-date.ts';
import { parseSmtpUrl } from './smtp-url.ts';
import { isStoreAddress, parseStoreAddress } from './store-address.ts';

export type OptionGroup =
  | 'Where it listens'
  | 'Certificates'
  | 'What it shows'
  | 'Object store'
  | 'Image server behind'
  | 'Access'
  | 'Audit'
  | 'Mail'
  | 'Limits'
  | 'Caches'
  | 'Pictures'
  | 'Log'
  | 'Monitoring'
  | 'Lab';
export type OptionCommand =
  | 'serve'
  | 'demo'
  | 'gateway'
  | 'gateway config'
  | 'gateway doctor'
  | 'user'
  | 'device'
  | 'token'
  | 'access'
  | 'identity'
  | 'mail'
  | 'cache'
  | 'cache warm'
  | 'pyramid'
  | 'backup'
  | 'shadow';

/** What a row of the table says itself. */
export interface OptionFacts {
  readonly group: OptionGroup;
  readonly commands: readonly OptionCommand[];
  /** One sentence for the person who sets it: help, reference page and example file show it. */
  readonly sentence: string;
  /** How help names the value: `--port <number>`. */
  readonly placeholder?: string;
  /** May also be given as the name of a file, in `VITRINE_…_FILE`; never shown. */
  readonly secret?: boolean;
}

/** One option: what it is, and how text or a value from the file becomes a checked value. */
export interface OptionRow<T> extends OptionFacts {
  readonly default: T;
  /** Ends the sentence "port must be …". */
  readonly expects: string;
  /** How the default reads in help and reference; empty where there is none. */
  readonly defaultText: string;
  readonly placeholder: string;
  /** Text of a flag or of the environment, as the file would have held it. */
  fromText(text: string): unknown;
  readonly schema: z.ZodType<T>;
  /** Relative names in the value count from the folder of the file, or from the working folder. */
  inFolder?(value: T, resolve: (name: string) => string): T;
}

export function text(facts: OptionFacts & { default: string; pattern?: RegExp; expects?: string }): OptionRow<string> {
  const pattern = facts.pattern ?? /^[^\0\r\n]+$/;
  return {
    placeholder: 'text',
    ...facts,
    expects: facts.expects ?? 'a text',
    defaultText: facts.default,
    fromText: asIs,
    schema: z.string().regex(pattern),
  };
}

export function optionalText(facts: OptionFacts & { pattern?: RegExp; expects?: string }): OptionRow<string | null> {
  return { ...text({ ...facts, default: '' }), default: null, schema: z.string().regex(facts.pattern ?? /^[^\0\r\n]+$/) };
}

/** A file or folder; becomes an absolute name. */
export function path(facts: OptionFacts & { default: string }): OptionRow<string> {
  return {
    ...text({ placeholder: 'dir', expects: 'the name of a file or folder', ...facts }),
    inFolder: (value, resolve) => resolve(value),
  };
}

/** A folder, or a place in an object store. */
export function imagePlace(facts: OptionFacts & { default: string }): OptionRow<string> {
  return {
    ...path({ placeholder: 'dir|s3://bucket/prefix', ...facts }),
    expects: 'the name of a folder, or a place in an object store such as s3://bucket/prefix',
    schema: z
      .string()
      .regex(/^[^\0\r\n]+$/)
      .refine((given) => !isStoreAddress(given) || parseStoreAddress(given) !== null),
    inFolder: (value, resolve) => (isStoreAddress(value) ? value : resolve(value)),
  };
}

/** The origin of a server. */
export function serverAddress(facts: OptionFacts): OptionRow<string | null> {
  return {
    placeholder: 'url',
    ...facts,
    default: null,
    expects: 'an http or https address without path, such as https://s3.example.org',
    defaultText: '',
    fromText: asIs,
    schema: z
      .string()
      .refine((given) => isPublicAddress(given) && new URL(given).pathname === '/')
      .transform((given) => new URL(given).origin),
  };
}

export function optionalPath(facts: OptionFacts & { expects?: string }): OptionRow<string | null> {
  return {
    ...optionalText({ placeholder: 'file', expects: 'the name of a file', ...facts }),
    inFolder: (value, resolve) => (value === null ? null : resolve(value)),
  };
}

/** A whole number within both bounds. */
export function integer(facts: OptionFacts & { default: number; min: number; max: number }): OptionRow<number> {
  return {
    placeholder: 'number',
    ...facts,
    expects: `a whole number from ${facts.min} to ${facts.max}`,
    defaultText: String(facts.default),
    fromText: (given) => (/^[0-9]{1,15}$/.test(given) ? Number(given) : given),
    schema: z.int().min(facts.min).max(facts.max),
  };
}

/** A number with or without a fraction, within both bounds. */
export function decimal(facts: OptionFacts & { default: number; min: number; max: number }): OptionRow<number> {
  return {
    placeholder: 'number',
    ...facts,
    expects: `a number from ${facts.min} to ${facts.max}`,
    defaultText: String(facts.default),
    fromText: (given) => (/^[0-9]{1,15}(\.[0-9]{1,9})?$/.test(given) ? Number(given) : given),
    schema: z.number().min(facts.min).max(facts.max),
  };
}

/** On or off. A bare flag means yes. */
export function yesOrNo(facts: OptionFacts & { default: boolean }): OptionRow<boolean> {
  const words: Readonly<Record<string, boolean>> = { true: true, yes: true, '1': true, false: false, no: false, '0': false };
  return {
    placeholder: 'yes|no',
    ...facts,
    expects: 'yes or no',
    defaultText: facts.default ? 'yes' : 'no',
    fromText: (given) => (Object.hasOwn(words, given) ? words[given] : given),
    schema: z.preprocess((given) => (given === 'yes' ? true : given === 'no' ? false : given), z.boolean()),
  };
}

export function choice<const T extends string>(facts: OptionFacts & { default: NoInfer<T>; of: readonly T[] }): OptionRow<T> {
  return {
    placeholder: facts.of.join('|'),
    ...facts,
    expects: `one of ${facts.of.join(', ')}`,
    defaultText: facts.default,
    fromText: asIs,
    schema: z.enum(facts.of) as unknown as z.ZodType<T>,
  };
}

/** A date, or a date with time and zone; dates begin at midnight UTC. */
export function date(facts: OptionFacts): OptionRow<Date | null> {
  return {
    placeholder: 'date',
    ...facts,
    default: null,
    expects: 'a date such as 2027-01-31, or a time such as 2027-01-31T09:00+01:00',
    defaultText: '',
    fromText: asIs,
    schema: z.string().transform((given, context) => {
      const parsed = parseDate(given);
      if (parsed === null) context.addIssue({ code: 'custom' });
      return parsed;
    }),
  };
}

/** 401 or 200, and the like: a choice among numbers. */
export function numberChoice<const T extends number>(facts: OptionFacts & { default: NoInfer<T>; of: readonly T[] }): OptionRow<T> {
  return {
    placeholder: facts.of.join('|'),
    ...facts,
    expects: `one of ${facts.of.join(', ')}`,
    defaultText: String(facts.default),
    fromText: (given) => (/^[0-9]{1,9}$/.test(given) ? Number(given) : given),
    schema: z.literal(facts.of) as unknown as z.ZodType<T>,
  };
}

/** Addresses and networks (`192.0.2.1`, `2001:db8::/32`), with commas between them as text, a list in the file. With `orUnix`, also `unix`. */
export function networks(facts: OptionFacts & { orUnix: boolean }): OptionRow<readonly string[]> {
  return {
    placeholder: 'list',
    ...facts,
    default: [],
    expects: `a list of addresses or networks such as 192.0.2.1 or 2001:db8::/32${facts.orUnix ? ', or unix' : ''}`,
    defaultText: '',
    fromText: asList,
    schema: z.array(z.string().refine((entry) => isNetwork(entry) || (facts.orUnix && entry === 'unix'))).readonly(),
  };
}

/** Origins of pages (`https://viewer.example.org`), with commas between them as text, a list in the file. */
export function origins(facts: OptionFacts): OptionRow<readonly string[]> {
  return {
    placeholder: 'list',
    ...facts,
    default: [],
    expects: 'a list of origins such as https://viewer.example.org, with https unless they are on this machine',
    defaultText: '',
    fromText: asList,
    schema: z
      .array(
        z
          .string()
          .refine(isSafeOrigin)
          .transform((given) => new URL(given).origin),
      )
      .readonly(),
  };
}

const DNS_NAME = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Names in the DNS (`iiif.example.org`, `*.example.org`), with commas between them as text, a list in the file. */
export function dnsNames(facts: OptionFacts): OptionRow<readonly string[]> {
  return {
    placeholder: 'list',
    ...facts,
    default: [],
    expects: 'a list of names such as iiif.example.org or *.example.org',
    defaultText: '',
    fromText: asList,
    schema: z.array(z.string().toLowerCase().max(253).regex(DNS_NAME)).readonly(),
  };
}

/** Our own address as visitors see it, without a slash at the end; its path is the base path of every URL. */
export function publicAddress(facts: OptionFacts): OptionRow<string | null> {
  return {
    placeholder: 'url',
    ...facts,
    default: null,
    expects: 'an http or https address without query, such as https://iiif.example.org or https://example.org/pictures',
    defaultText: '',
    fromText: asIs,
    schema: z
      .string()
      .refine(isPublicAddress)
      .transform((given) => new URL(given).href.replace(/\/+$/, '')),
  };
}

/** `smtps://user:password@mail.example.org`. A secret: it may hold a password. */
export function smtpAddress(facts: OptionFacts): OptionRow<string | null> {
  return {
    placeholder: 'url',
    ...facts,
    secret: true,
    default: null,
    expects: 'the address of a mail server, such as smtps://user:password@mail.example.org or smtp://localhost',
    defaultText: '',
    fromText: asIs,
    schema: z.string().refine((given) => parseSmtpUrl(given) !== null),
  };
}

/** One mailbox. With `named`, a name may stand before it: `Example Library <iiif@example.org>`. */
export function mailbox(facts: OptionFacts & { named: boolean }): OptionRow<string | null> {
  return {
    placeholder: 'address',
    ...facts,
    default: null,
    expects: facts.named ? 'a mail address, such as iiif@example.org or Example Library <iiif@example.org>' : 'a mail address',
    defaultText: '',
    fromText: asIs,
    schema: z.string().refine((given) => isMailbox(given, facts.named)),
  };
}

function isMailbox(given: string, named: boolean): boolean {
  const [, inside] = named ? (/^[^<>"\p{Cc},;:@\\]+<([^<>]+)>$/u.exec(given) ?? []) : [];
  return !isRefusal(parseMailAddress(inside ?? given));
}

export type Tls =
  | { readonly mode: 'off' }
  /** A certificate made on the spot, kept in the data folder. */
  | { readonly mode: 'adhoc' }
  /** From an authority, got and renewed by ourselves. */
  | { readonly mode: 'acme' }
  | { readonly mode: 'files'; readonly certificateFile: string; readonly keyFile: string };

export function tlsMode(facts: OptionFacts): OptionRow<Tls> {
  return {
    placeholder: 'off|adhoc|acme|cert,key',
    ...facts,
    default: { mode: 'off' },
    expects: 'off, adhoc, acme, or the names of a certificate file and a key file with a comma between them',
    defaultText: 'off',
    fromText: asIs,
    schema: z
      .string()
      .refine((given) => isTlsWord(given) || /^[^,\0]+,[^,\0]+$/.test(given))
      .transform(parseTls),
    inFolder: (tls, resolve) =>
      tls.mode === 'files' ? { ...tls, certificateFile: resolve(tls.certificateFile), keyFile: resolve(tls.keyFile) } : tls,
  };
}

function isTlsWord(given: string): given is 'off' | 'adhoc' | 'acme' {
  return given === 'off' || given === 'adhoc' || given === 'acme';
}

function parseTls(given: string): Tls {
  if (isTlsWord(given)) return { mode: given };
  const [certificateFile = '', keyFile = ''] = given.split(',').map((part) => part.trim());
  return { mode: 'files', certificateFile, keyFile };
}

function isPublicAddress(given: string): boolean {
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) return false;
  const url = new URL(given);
  return url.search === '' && url.hash === '' && url.username === '' && url.password === '' && !/[?#]/.test(given);
}

/** What is sent to a page over plain http can be read on the way. */
function isSafeOrigin(given: string): boolean {
  const origin = parseOrigin(given);
  if (origin === null) return false;
  const { protocol, hostname } = new URL(origin);
  const isHere =
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    (isIP(hostname) === 4 && hostname.startsWith('127.'));
  return protocol === 'https:' || isHere;
}

function asList(given: string): readonly string[] {
  return given.split(',').map((part) => part.trim());
}

function isNetwork(given: string): boolean {
  const [address = '', bits, ...more] = given.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  if (bits === undefined) return true;
  return /^[0-9]{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

function asIs(given: string): unknown {
  return given;
}
