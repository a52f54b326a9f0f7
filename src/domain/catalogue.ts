import type { LanguageMap } from '../lib/language-map.ts';

/** A label with its value, as readers see them side by side. */
export interface LabelledText {
  readonly label: LanguageMap;
  readonly value: LanguageMap;
}

export type ReadingDirection = 'left-to-right' | 'right-to-left' | 'top-to-bottom' | 'bottom-to-top';

/** What somebody wrote down about a picture or a folder. */
export interface CatalogueEntry {
  readonly label: LanguageMap | null;
  readonly summary: LanguageMap | null;
  readonly metadata: readonly LabelledText[];
  /** What has to be shown with the picture, whoever shows it. */
  readonly requiredStatement: LabelledText | null;
  /** A URI that the Presentation API accepts. */
  readonly rights: string | null;
  readonly readingDirection: ReadingDirection | null;
}
