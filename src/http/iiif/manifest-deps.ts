import type { Visitor } from '../../domain/visitor.ts';
import type { ManifestFlowDeps } from '../../flows/serve-manifest.ts';
import type { ImageLimits } from '../../iiif/image/plan.ts';
import type { HttpRequest } from '../server/exchange.ts';

export interface ManifestDeps extends ManifestFlowDeps {
  readonly slashSubstitute: string | null;
  /** Name of the whole collection. */
  readonly title: string;
  /** What a picture is called, by its path; null where only its file name is known. */
  titleOf(path: string): string | null;
  recognise(request: HttpRequest, purpose: 'information'): Promise<Visitor>;
  readonly limits: ImageLimits;
  /** Short text of a document, for its ETag. */
  digest(text: string): string;
}
