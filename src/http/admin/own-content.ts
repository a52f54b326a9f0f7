import type { Item } from '../../domain/item.ts';
import { mediaPagePath, viewerPath } from '../pages/page-uris.ts';
import { answersAbout, type ContentAnswers, type ContentDeps } from './item-answers.ts';
import { answerThumbnail } from './item-thumbnail.ts';

/** Of a server that has its items itself. */
export function createOwnContentAnswers(deps: ContentDeps): ContentAnswers {
  const { slashSubstitute } = deps.imageApi;
  return {
    about: (request, item, asking) => answersAbout(deps, request, item, asking),
    thumbnail: (request, identifier) => answerThumbnail(deps.imageApi, request, identifier),
    pages: ({ base }, item) => pagesOf(base, item, slashSubstitute),
  };
}

function pagesOf(base: string, { kind, identifier }: Item, slashSubstitute: string | null) {
  if (kind !== 'image') return [['page', mediaPagePath(base, identifier, slashSubstitute)]] as const;
  return [
    ['OpenSeadragon', viewerPath(base, 'openseadragon', identifier, slashSubstitute)],
    ['Mirador', viewerPath(base, 'mirador', identifier, slashSubstitute)],
  ] as const;
}
