import type { AccessModel, AccessService } from './access.ts';

/** What becomes of the access services where one access file takes the place of another: a sentence for each. */
export function describeServiceChanges(before: AccessModel, after: AccessModel): readonly string[] {
  const names = [...new Set([...before.services.keys(), ...after.services.keys()])];
  return names.flatMap((name) => describeService(name, before.services.get(name) ?? null, after.services.get(name) ?? null));
}

function describeService(name: string, before: AccessService | null, after: AccessService | null): readonly string[] {
  if (after === null) return before === null ? [] : [`Service ${name} is gone, and with it whatever was got there.`];
  if (before === null) return [`Service ${name} is new (${after.pattern}).`];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])] as Array<keyof AccessService>;
  const changed = keys.filter((key) => write(before[key]) !== write(after[key]));
  return changed.length === 0 ? [] : [`Service ${name}: ${changed.map((key) => describeKey(key, before, after)).join('; ')}.`];
}

function describeKey(key: keyof AccessService, before: AccessService, after: AccessService): string {
  if (key === 'networks') return describeNetworks(before, after);
  const [old, now] = [before[key], after[key]];
  if (isShort(old) && isShort(now)) return `${key} is ${now ?? 'not set'}, and was ${old ?? 'not set'}`;
  return `another ${key}`;
}

function describeNetworks(before: AccessService, after: AccessService): string {
  const [old, now] = [before, after].map(({ networks }) => networks.map(({ text }) => text)) as [string[], string[]];
  const added = now.filter((text) => !old.includes(text));
  const removed = old.filter((text) => !now.includes(text));
  const parts = [added.length === 0 ? null : `${added.join(', ')} added`, removed.length === 0 ? null : `${removed.join(', ')} removed`];
  return `networks: ${parts.filter((part) => part !== null).join(', ') || 'in another order'}`;
}

function isShort(value: unknown): value is string | number | boolean | undefined {
  return value === undefined || typeof value !== 'object';
}

/** Addresses are larger than JSON's numbers. */
function write(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
}
