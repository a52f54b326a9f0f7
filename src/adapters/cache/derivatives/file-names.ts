/** Where a derivative lies below the folder of derivatives: all of an item in one of 256 folders, their names beginning alike. */
import { hash } from 'node:crypto';
import type { DerivativeKey } from '../../../domain/derivative.ts';

const ITEM_DIGITS = 24;
const KEY_DIGITS = 40;
const NAME = new RegExp(`^[0-9a-f]{${ITEM_DIGITS}}-[0-9a-f]{${KEY_DIGITS}}(\\.[0-9a-f]{${ITEM_DIGITS}})?$`);

/** Half-written files; no name of a derivative begins so. */
export const UNFINISHED = 'new-';

export const FOLDERS: readonly string[] = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'));

export function fileNameOf({ text, item, standIn }: DerivativeKey): { readonly folder: string; readonly name: string } {
  const ofItem = digits(item, ITEM_DIGITS);
  const end = standIn === undefined ? '' : `.${digits(standIn, ITEM_DIGITS)}`;
  return { folder: ofItem.slice(0, 2), name: `${ofItem}-${digits(text, KEY_DIGITS)}${end}` };
}

export function isFileName(name: string): boolean {
  return NAME.test(name);
}

/** Tells names of files of an item, or made from its bytes. */
export function namesOfItem(item: string): (name: string) => boolean {
  const ofItem = digits(item, ITEM_DIGITS);
  return (name) => name.startsWith(`${ofItem}-`) || name.endsWith(`.${ofItem}`);
}

function digits(text: string, count: number): string {
  return hash('sha256', text, 'hex').slice(0, count);
}
