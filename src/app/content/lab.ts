import type { LabCase } from '../../domain/lab-case.ts';
import type { LabAccount } from '../../ui/pages/lab-case.ts';

/** What the demo adds. */
export interface Lab {
  /** The account that the front page names; null where others than this machine could read it. */
  readonly account: { readonly user: string; readonly password: string } | null;
  /** Titles of pictures, by path. */
  readonly titles: ReadonlyMap<string, string>;
  /** The cases for people who write viewers; none where the demo shows somebody's own folder or access file. */
  readonly cases: readonly LabCase[];
  readonly accounts: readonly LabAccount[];
  /** Manifests that no other part of the server makes, by the case. */
  readonly documents: ReadonlyMap<string, (base: string) => object>;
}
