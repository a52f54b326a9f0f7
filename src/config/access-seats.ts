import type { AccessService, Policy } from '../domain/access.ts';
import { TOKENS_SERVICE } from '../domain/personal-token.ts';
import { DEFAULT_SEAT_MINUTES, MOST_SEAT_MINUTES, MOST_SEATS } from '../domain/seat.ts';
import type { Placed } from './access-warnings.ts';
import type { YamlEntry, YamlReading } from './yaml-reading.ts';

/** `seats` and `seatMinutes` of a policy. */
export function readSeats(
  reading: YamlReading,
  { count, minutes }: Readonly<Record<'count' | 'minutes', YamlEntry | null>>,
): Pick<Policy, 'seats'> {
  if (count === null && minutes !== null) reading.report(minutes.keyNode, '"seatMinutes" needs "seats", the number of readers at once.');
  if (count === null) return {};
  const seats = readWhole(reading, count, MOST_SEATS);
  const lasting = minutes === null ? DEFAULT_SEAT_MINUTES : readWhole(reading, minutes, MOST_SEAT_MINUTES);
  return seats === null || lasting === null ? {} : { seats: { count: seats, minutes: lasting } };
}

function readWhole(reading: YamlReading, { key, value }: YamlEntry, most: number): number | null {
  const number = reading.number(value, `"${key}"`);
  if (number === null || (Number.isInteger(number) && number >= 1 && number <= most)) return number;
  reading.report(value, `"${key}" is a whole number from 1 to ${most}.`);
  return null;
}

/** Who waits for a seat waits at an access service, which has to know the item, in a session, which has to be opened there. */
export function checkSeats(
  reading: YamlReading,
  services: ReadonlyArray<Placed<AccessService>>,
  policies: ReadonlyArray<Placed<Policy>>,
): void {
  for (const { value: policy, place } of policies) {
    if (policy.seats === undefined) continue;
    const { number, allow, embargo, openIn = [] } = policy;
    if (allow === 'everyone' || openIn.length > 0) {
      reading.report(place, `Policy ${number} has seats and allows everyone: nobody could count readers who go through no access service.`);
      continue;
    }
    const names = new Set([...allow, ...(embargo?.allow ?? [])].map(({ service }) => service));
    for (const name of names) {
      const service = services.find(({ value }) => value.name === name)?.value;
      const mistake = name === TOKENS_SERVICE ? 'scripts take none' : findMistake(service);
      if (mistake !== null) reading.report(place, `Policy ${number} has seats, and service "${name}" cannot give them: ${mistake}.`);
    }
  }
}

function findMistake(service: AccessService | undefined): string | null {
  if (service === undefined) return null;
  if (service.pattern === 'external') return 'nobody opens it, so nobody could wait there';
  return service.perItem === true ? null : 'it needs perItem: true, so that it knows for what item somebody waits';
}
