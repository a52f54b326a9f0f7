import type { LanguageMap } from '../lib/language-map.ts';
import type { Network } from '../lib/network.ts';
import type { OpeningHours } from './opening-hours.ts';
import type { Seats } from './seat.ts';

/** `access.yaml`, parsed: access services and policies. First match wins; what no policy matches is refused. */
export interface AccessModel {
  /** False without an `access.yaml`: everything is open. */
  readonly enforced: boolean;
  readonly services: ReadonlyMap<string, AccessService>;
  readonly policies: readonly Policy[];
  /** Shadow mode: until then everybody gets everything, and what the policies say is noted only. */
  readonly shadowUntil?: Date;
}

/** What a viewer opens in a tab (Authentication 1.0: access cookie service). */
export interface AccessService {
  /** The key in `access.yaml`, `[a-z0-9][a-z0-9-]*`, and the last segment of the service's URI; of a service for one item `key/path`. */
  readonly name: string;
  /** The patterns of Authentication 1.0; `login` and `clickthrough` are both `active` in 2.0. */
  readonly pattern: 'login' | 'clickthrough' | 'kiosk' | 'external';
  /** Of a `kiosk` or `external` service: where it opens. `[]` is anywhere, or at registered devices alone. */
  readonly networks: readonly Network[];
  /** Of a `kiosk` or `external` service: machines that are registered open it too, wherever they stand. */
  readonly devices?: true;
  /** It opens in these hours only, and what was got there counts in these hours only. */
  readonly hours?: OpeningHours;
  /** There is one for each item, and what was got counts for that item. Absent: one for all its items. */
  readonly perItem?: true;
  /** What was got counts so long. Absent: as long as the session. */
  readonly minutes?: number;
  /** Of a `login` service: who may say who somebody is, in this order; `local` is Vitrine itself. Absent: it alone. */
  readonly identity?: readonly string[];
  readonly label: LanguageMap;
  readonly heading: LanguageMap | null;
  readonly note: LanguageMap | null;
  readonly confirmLabel: LanguageMap | null;
  readonly errorHeading: LanguageMap | null;
  readonly errorNote: LanguageMap | null;
}

/** What viewers say about a service. */
export type AccessTexts = Pick<AccessService, 'label' | 'heading' | 'note' | 'confirmLabel' | 'errorHeading' | 'errorNote'>;

export interface Policy {
  /** Position in the file, from 1; how people and logs name it. */
  readonly number: number;
  /** Line of `access.yaml` on which it starts. */
  readonly line: number;
  /** Glob patterns over item paths. */
  readonly items: readonly string[];
  /** `[]` is nobody, but in the times of `openIn`. */
  readonly allow: 'everyone' | readonly AllowRule[];
  /** In these times everyone is allowed. */
  readonly openIn?: readonly Period[];
  /** Of those whom it allows, so many at once may have an item open. Its services are for one item each. */
  readonly seats?: Seats;
  /** Until its date it stands instead of `allow`, and closes the tiers to all others. */
  readonly embargo?: Embargo;
  /** What those get whom it does not allow, best first. */
  readonly otherwise?: readonly Tier[];
  /** What is told of its items to those who may not see them. */
  readonly whenLocked?: WhenLocked;
  /** Whom it does not allow may ask for its items, signed in by this access service, and may be granted them. */
  readonly requests?: string;
}

/** What is missing has its default, see `domain/when-locked.ts`. */
export interface WhenLocked {
  readonly label?: boolean;
  readonly dimensions?: boolean;
  /** Longest side in pixels. */
  readonly thumbnail?: number;
  readonly listed?: boolean;
  readonly manifest?: 'open' | 'locked';
}

export interface Embargo {
  readonly until: Date;
  /** `[]` is nobody. */
  readonly allow: readonly AllowRule[];
}

/** A time; open at an end that is not there. `from` is the first moment in it, `until` the first one after it. */
export interface Period {
  readonly from?: Date;
  readonly until?: Date;
}

/** Enough to be allowed, in its time: what the service gives and, where roles are named, a user with one of them. */
export interface AllowRule extends Period {
  readonly service: string;
  /** Empty: whoever has been through the service. */
  readonly roles: readonly string[];
  /** The visitor must be, besides, where this kiosk or external service opens. */
  readonly at?: string;
  /** Instead of the service's own, for the items of the policy. */
  readonly texts?: Partial<AccessTexts>;
}

/** One entry of `otherwise` in a policy. At least one of item, maxSize, maxOutput, gray, watermark, blur and blackout is set. */
export interface Tier {
  /** The last segment of the identifier, after a tilde. `[a-z0-9][a-z0-9-]*` */
  readonly name: string;
  /** What viewers call it. Null: a text of ours. */
  readonly label: LanguageMap | null;
  /** Who gets it besides those whom the policy allows more. */
  readonly for: 'everyone' | readonly AllowRule[];
  /** Another item that stands in for it: a path with `{path}`, `{folder}`, `{name}` and `{ending}` of the item. Null: computed from its own source. */
  readonly item: string | null;
  /** Longest side of the whole image, pixels. */
  readonly maxSize: number | null;
  /** Longest side of any one answer, pixels. */
  readonly maxOutput: number | null;
  readonly gray: boolean;
  readonly watermark: Watermark | null;
  readonly blur: readonly PercentRegion[];
  readonly blackout: readonly PercentRegion[];
}

export interface Watermark {
  /** A text of letters that `lib/stroke-letters.ts` can draw, or an image. */
  readonly mark: string | WatermarkImage;
  /** Above 0, at most 1. */
  readonly opacity: number;
  readonly place: WatermarkPlace;
}

/** A PNG, JPEG or WebP, as it was when the access file was read. */
export interface WatermarkImage {
  /** Absolute file name. Private: never in an answer. */
  readonly file: string;
  /** Changes when the file does, whether its bytes do or not. */
  readonly stamp: string;
  /** Of the bytes. */
  readonly version: string;
  readonly bytes: Uint8Array;
}

export const WATERMARK_PLACES = ['everywhere', 'center', 'top-left', 'top-right', 'bottom-left', 'bottom-right'] as const;
export type WatermarkPlace = (typeof WATERMARK_PLACES)[number];

/** A part of the full image, as the Image API writes it: `pct:x,y,w,h`. */
export interface PercentRegion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The answer of the one judge. */
export type Decision = Judgement & {
  /** The first moment at which the same visitor may get another answer, though nothing was changed. Absent: there is none. */
  readonly until?: Date;
};

/** What a closed item can say about time. */
export interface Timing {
  /** When it opens, or opens to more people, by itself. */
  readonly opensAt?: Date;
  /** Of opening hours: the zone whose clock counts. Absent: it is a date that was written down. */
  readonly zone?: string;
  /** Nothing opens it any more: since when. */
  readonly closedSince?: Date;
}

export type Judgement =
  | {
      readonly outcome: 'allowed';
      /** Whether everybody gets this answer, so that shared caches may keep it. */
      readonly open: boolean;
      readonly policy: Policy | null;
      readonly reason: DecisionReason;
    }
  | {
      /** One of these services can help, or, where they are all for other places, none from here: 401. */
      readonly outcome: 'access-needed';
      readonly services: readonly AccessService[];
      /** None of them can help this visitor, here and now. */
      readonly outOfReach?: true;
      readonly policy: Policy;
      readonly reason: DecisionReason;
      /** Present while an embargo lasts. */
      readonly embargoUntil?: Date;
      readonly timing?: Timing;
    }
  | {
      /** Nothing the visitor does can help: 403. */
      readonly outcome: 'refused';
      readonly policy: Policy | null;
      readonly reason: DecisionReason;
      /** Present while an embargo lasts. */
      readonly embargoUntil?: Date;
      readonly timing?: Timing;
    };

export type DecisionReason =
  | { readonly code: 'no-access-file' }
  | { readonly code: 'everyone' }
  | { readonly code: 'granted'; readonly service: string; readonly role: string | null; readonly at?: string }
  | { readonly code: 'tier-for-everyone'; readonly tier: string }
  /** The visitor was granted this item, and signed in through this service. */
  | { readonly code: 'item-grant'; readonly service: string; readonly items: string; readonly until: Date }
  /** The visitor may see it, and holds no seat. */
  | { readonly code: 'no-seat'; readonly service: string; readonly seats: Seats }
  | { readonly code: 'nobody-yet' }
  /** The visitor is signed in through this service, and may ask for the item. */
  | { readonly code: 'grant-missing'; readonly service: string }
  | { readonly code: 'role-missing'; readonly service: string; readonly roles: readonly string[] }
  /** The visitor has what the service gives, and the role, and is not where the rule wants them to be. */
  | { readonly code: 'elsewhere'; readonly service: string; readonly at: readonly string[] }
  | { readonly code: 'no-policy' }
  /** It is shadow mode: what the policies say, which was not done. */
  | { readonly code: 'shadow'; readonly would: Decision };

/** Without an access file everything is open. */
export function openAccess(): AccessModel {
  return OPEN_ACCESS;
}

const OPEN_ACCESS: AccessModel = { enforced: false, services: new Map(), policies: [] };
