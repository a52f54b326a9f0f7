/** Kinds of cases, in the order in which the lab shows them. */
export const LAB_GROUPS = ['patterns', 'tiers', 'kinds', 'probe', 'tokens', 'manifests'] as const;
export type LabGroup = (typeof LAB_GROUPS)[number];

/** One case of the lab: items made so that a pattern, a tier, a status or an error can be seen. For people who write viewers. */
export interface LabCase {
  /** The last segment of its page, and its folder below `lab/`. `[a-z0-9][a-z0-9-]*` */
  readonly id: string;
  readonly group: LabGroup;
  readonly title: string;
  /** What it is, in a sentence or two. */
  readonly about: string;
  /** What it exercises. */
  readonly sections: readonly SpecSection[];
  /** What a right viewer does, in order. */
  readonly steps: readonly string[];
  /** Null where nothing may be told of its items. */
  readonly manifest: LabManifest | null;
  readonly items: readonly LabItem[];
  readonly tokenRequests: readonly LabTokenRequest[];
}

/** What stands for a case as a whole. */
export type LabManifest =
  /** Of a folder or an item, in both versions. */
  | { readonly kind: 'made'; readonly path: string }
  /** Written by hand; its name and the version are those of a given manifest: `{name}-2`, `{name}-3`. */
  | { readonly kind: 'given'; readonly name: string }
  /** In 3.0 alone, at an address of the lab: what no other manifest of this server has. */
  | { readonly kind: 'special' };

export interface SpecSection {
  readonly label: string;
  readonly uri: string;
}

export interface LabItem {
  /** The identifier. */
  readonly path: string;
  readonly label: string;
  readonly expected: readonly LabExpectation[];
}

/** Who asks. */
export interface LabVisitor {
  /** Of the lab's people; null for whoever has no account. */
  readonly account: string | null;
  /** Whether that person signed in on our own page, which no viewer is told of. */
  readonly signedIn: boolean;
  /** Names of access services that the visitor has been through. */
  readonly services: readonly string[];
}

/** What is answered to one visitor, as HTTP statuses. */
export interface LabExpectation {
  readonly visitor: LabVisitor;
  /** In the probe result. */
  readonly probe: number;
  /** Of the information document; null for what is no image. */
  readonly information: number | null;
  /** Of an image, or of the file. */
  readonly content: number;
  /** How many substitutes the probe result has. */
  readonly substitutes: number;
}

/** One request to an access token service, and what it says. */
export interface LabTokenRequest {
  readonly service: string;
  readonly visitor: LabVisitor;
  /** How long after the visit it is made. */
  readonly afterMinutes: number;
  readonly messageId: boolean;
  /** `own`: that of the viewer that sent the visitor to the access service. */
  readonly origin: 'own' | 'other' | 'malformed' | 'missing';
  /** The profile of the error in 2.0; null where a token is given. */
  readonly profile: string | null;
  /** The error of 1.0. */
  readonly error: string | null;
}
