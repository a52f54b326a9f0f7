import type { Sealer } from '../../../domain/sign-on.ts';

/** Sealed for one purpose: opened for another one, it is nothing. A purpose is one line. */
export function sealFor(sealer: Sealer, purpose: string, text: string): string {
  return sealer.seal(`${purpose}\n${text}`);
}

/** Null for what was not sealed here, or for something else. */
export function openFor(sealer: Sealer, purpose: string, sealed: string): string | null {
  const text = sealer.open(sealed);
  return text?.startsWith(`${purpose}\n`) === true ? text.slice(purpose.length + 1) : null;
}
