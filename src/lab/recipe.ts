import type { LabCase, LabExpectation, LabItem, LabManifest, LabTokenRequest, LabVisitor } from '../domain/lab-case.ts';
import { findMediaType } from '../domain/media-types.ts';
import { parseTierIdentifier } from '../domain/tier.ts';
import type { LabDocuments } from './documents/parts.ts';
import type { LabService, Texts } from './lab-services.ts';
import type { LabPicture } from './pictures.ts';

/** What a case is made of, besides what it says of itself. */
export interface LabRecipe extends LabCase {
  /** Files of its folder, by their path in it. */
  readonly files: Readonly<Record<string, LabSource>>;
  /** Labels of these files for their side files; one without has none. */
  readonly labels: Readonly<Record<string, string>>;
  readonly services: Readonly<Record<string, LabService>>;
  readonly policies: readonly LabPolicy[];
  /** Of a case with manifests written by hand. */
  readonly documents: LabDocuments | null;
}

/** Where the bytes of a file come from. */
export type LabSource =
  | { readonly picture: LabPicture; readonly page: number }
  /** A file or a folder of `src/lab/media`. */
  | { readonly media: string };

/** A policy as `access.yaml` writes it; `items` within the folder of the case, and without it all of them. */
export interface LabPolicy {
  readonly items?: string;
  readonly allow: 'everyone' | 'nobody' | readonly LabRule[];
  readonly embargoUntil?: string;
  readonly duringEmbargo?: readonly LabRule[];
  readonly otherwise?: object;
}

interface LabRule {
  readonly service: string;
  readonly roles?: readonly string[];
  readonly note?: Texts;
}

type Part = Pick<LabRecipe, 'id' | 'group' | 'title' | 'about' | 'sections' | 'steps' | 'services' | 'policies'> & {
  readonly items: readonly ItemPart[];
  readonly tokenRequests?: readonly LabTokenRequest[];
  /** Path within the folder of the case, or `special`; without it the folder, or `documents`. */
  readonly manifest?: string | null;
  readonly documents?: LabDocuments;
};

/** An item of a case by its path in the case's folder; `source` is null for one that is missing on purpose. */
interface ItemPart {
  readonly file: string;
  readonly source: LabSource | null;
  readonly label: string;
  readonly expected: readonly Expected[];
}

type Expected = Omit<LabExpectation, 'information' | 'substitutes'> & Partial<Pick<LabExpectation, 'information' | 'substitutes'>>;

/** A whole recipe; items of it are `lab/{id}/{file}`. */
export function recipe({ items, tokenRequests, manifest = '', documents, ...part }: Part): LabRecipe {
  const made = items.filter((item): item is ItemPart & { readonly source: LabSource } => item.source !== null);
  return {
    ...part,
    manifest: documents === undefined ? toManifest(part.id, manifest) : { kind: 'given', name: `lab/${part.id}` },
    documents: documents ?? null,
    items: items.map((item) => toItem(part.id, item)),
    tokenRequests: tokenRequests ?? [],
    files: Object.fromEntries(made.map(({ file, source }) => [isStream(source) ? folderOf(file) : file, source])),
    labels: Object.fromEntries(made.map(({ file, label }) => [file, label])),
  };
}

function toManifest(id: string, manifest: string | null): LabManifest | null {
  if (manifest === null) return null;
  if (manifest === 'special') return { kind: 'special' };
  return { kind: 'made', path: `lab/${id}${manifest === '' ? '' : `/${manifest}`}` };
}

function toItem(id: string, { file, label, expected }: ItemPart): LabItem {
  const path = `lab/${id}/${file}`;
  const isImage = findMediaType(parseTierIdentifier(path).identifier)?.kind === 'image';
  return {
    path,
    label,
    expected: expected.map((each) => ({
      ...each,
      information: isImage ? (each.information ?? each.probe) : null,
      substitutes: each.substitutes ?? 0,
    })),
  };
}

/** A stream is a whole folder, and its playlist the item. */
function isStream(source: LabSource): boolean {
  return 'media' in source && !source.media.includes('.');
}

function folderOf(file: string): string {
  return file.split('/').slice(0, -1).join('/');
}

export const NOBODY: LabVisitor = { account: null, signedIn: false, services: [] };

/** Somebody who has been through these services. `account` is for services that ask for one. */
export function through(services: readonly string[], account: string | null = null): LabVisitor {
  return { account, signedIn: false, services };
}

/** Somebody who signed in on our own page, and has been nowhere else. */
export function signedIn(account: string): LabVisitor {
  return { account, signedIn: true, services: [] };
}

/** The same answer at every door. */
export function all(visitor: LabVisitor, status: number): Expected {
  return { visitor, probe: status, content: status };
}

/** Locked for everybody but these. */
export function lockedBut(...visitors: readonly LabVisitor[]): readonly Expected[] {
  return [all(NOBODY, 401), ...visitors.map((visitor) => all(visitor, 200))];
}

/** With a lesser version of a picture for everyone: viewers of 1.0 are sent to it, those of 2.0 are told of it. */
export function tieredBut(...visitors: readonly LabVisitor[]): readonly Expected[] {
  return [{ visitor: NOBODY, probe: 401, information: 302, content: 401, substitutes: 1 }, ...visitors.map((visitor) => all(visitor, 200))];
}

/** The same of a file: the file itself sends viewers of 1.0 to the lesser one. */
export function tieredFileBut(...visitors: readonly LabVisitor[]): readonly Expected[] {
  return [{ visitor: NOBODY, probe: 401, content: 302, substitutes: 1 }, ...visitors.map((visitor) => all(visitor, 200))];
}

export const OPEN: readonly Expected[] = [all(NOBODY, 200)];

export function picture(name: LabPicture, page = 1): LabSource {
  return { picture: name, page };
}

export function media(file: string): LabSource {
  return { media: file };
}
