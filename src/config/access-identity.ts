import type { AccessService } from '../domain/access.ts';
import { nearestWord } from '../lib/nearest-word.ts';
import { SOURCE_NAME } from './identity-sources.ts';
import type { YamlEntry, YamlNode, YamlReading } from './yaml-reading.ts';
import { onlyTexts } from './yaml-texts.ts';

/** Accounts of Vitrine itself. */
const LOCAL = 'local';

interface AroundIdentity {
  readonly pattern: AccessService['pattern'] | null;
  /** Names in the identity file; undefined where it is not known what is in it. */
  readonly known: readonly string[] | undefined;
}

/** `identity` of an access service: which sources say who somebody is, in the order in which they are offered and asked. */
export function readIdentity(
  reading: YamlReading,
  entry: YamlEntry | null,
  { pattern, known }: AroundIdentity,
): Pick<AccessService, 'identity'> {
  if (entry === null) return {};
  if (pattern !== null && pattern !== 'login') {
    reading.report(entry.keyNode, `"identity" is for the pattern login; nobody signs in at a ${pattern} service.`);
  }
  const places = reading.list(entry.value, '"identity"');
  if (places === null) return {};
  if (places.length === 0) reading.report(entry.value, '"identity" lists nothing. Write [local], or leave it out.');
  const names = onlyTexts(places.map((place) => readName(reading, place, known)));
  const again = names.find((name, at) => names.indexOf(name) !== at);
  if (again !== undefined) reading.report(entry.value, `"identity" lists ${again} twice.`);
  return { identity: names };
}

function readName(reading: YamlReading, place: YamlNode, known: readonly string[] | undefined): string | null {
  const name = reading.text(place, 'An identity source');
  if (name === null || name === LOCAL) return name;
  if (!SOURCE_NAME.test(name)) {
    reading.report(place, `"${name}" is no name of an identity source: lower-case letters, digits and hyphens only, at most 64.`);
  } else if (known !== undefined && !known.includes(name)) {
    reading.report(place, `There is no identity source "${name}". ${whatThereIs(name, known)}`);
  }
  return name;
}

function whatThereIs(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'Name the identity file that has it with --identity FILE.';
  const near = nearestWord(name, known);
  return near === null ? `The identity file has ${known.join(', ')}.` : `Did you mean "${near}"?`;
}
