import type { AccessModel } from '../../domain/access.ts';
import type { Item } from '../../domain/item.ts';
import type { Catalogue, DerivativeKeeper, ImageReader, ItemSource } from '../../domain/ports.ts';
import type { VisitAudit } from '../../flows/audit-visits.ts';
import type { RememberedVisitors } from '../../flows/remember-visitors.ts';
import type { Access } from '../../http/access/access-handlers.ts';
import type { ContentAnswers } from '../../http/admin/item-answers.ts';
import type { ReadyImagesDeps } from '../../http/iiif/ready-images.ts';
import type { WholeReply } from '../../http/server/exchange.ts';
import type { Route } from '../../http/server/router.ts';
import type { ImageApiVersion } from '../../iiif/image/request.ts';
import type { Metric } from '../../lib/metric.ts';

/** Where the content of a server comes from: the one thing in which `serve` and `gateway` differ. */
export type ContentKind = 'own' | 'upstream';

/** What a server has to give, before anybody is there to ask for it. */
export interface Content {
  readonly items: ItemSource;
  readonly images: Pick<ImageReader, 'describe'>;
  /** Which version of the Image API probe results name for an image. */
  versionOf(item: Item): ImageApiVersion;
  readonly catalogue: Catalogue;
  /** Finished images that are kept. */
  readonly derivatives: DerivativeKeeper;
  /** What a picture is called, by its path; null where only its file name is known. */
  titleOf(path: string): string | null;
  /** What gives it to readers. */
  giveTo(house: House): GivenContent;
  /** What is wrong with the place that it comes from; null where nothing is. May reject as well. */
  findFault(): Promise<string | null>;
  /** What monitoring may know of it. */
  metrics(): readonly Metric[];
  close(): Promise<void>;
}

/** What content needs of the server that gives it. */
export interface House {
  readonly people: Access;
  readonly visits: VisitAudit;
  readonly visitors: RememberedVisitors;
  /** Told who asks, where nobody had to be looked up. */
  readonly onRecalled?: ReadyImagesDeps['onRecalled'];
  access(): AccessModel;
  now(): Date;
  /** Short text for an ETag. */
  digest(text: string): string;
  /** The same reply as it goes over the wire, with a body that is a part of that. */
  seal(reply: WholeReply): WholeReply;
}

export interface GivenContent {
  readonly routes: readonly Route[];
  /** For the pages of the administration. */
  readonly answers: ContentAnswers;
}
