import { createRenderLanes } from '../../src/flows/render-lanes.ts';
import type { ContentDeps } from '../../src/http/admin/item-answers.ts';
import { type fakePeople, IMAGES } from './access.ts';

const lane = { concurrency: 1, waiting: 10, waitSeconds: 10 };

/** What gives pictures to readers, over fakes; nobody is recognised, and a picture is one byte. */
export function fakeContent(people: ReturnType<typeof fakePeople>): ContentDeps {
  const shared = {
    ...people,
    images: { ...IMAGES, copy: async () => null, render: async () => new Uint8Array([1]) },
    limits: { maxWidth: 1000, maxHeight: 1000, maxArea: 1_000_000, maxUpscale: 1, sizeAboveFull: false },
    slashSubstitute: null,
    digest: people.randomness.hash,
    now: () => people.clock.now(),
    lockedInformationStatus: 401 as const,
    recognise: async () => {
      throw new Error('nobody is asked for');
    },
    onFailure: () => {},
  };
  const files = { describe: async () => ({ seconds: null, size: null }) };
  return {
    imageApi: {
      ...shared,
      cache: { recall: () => null, get: () => null, put: () => {} },
      lanes: createRenderLanes({ small: lane, big: lane }),
      rendering: '',
      signedBase: () => null,
    },
    media: {
      ...shared,
      streams: { findPart: async () => null },
      imageFiles: false,
      files: {
        read: () => {
          throw new Error('there are only pictures here');
        },
      },
    },
    manifest: { ...shared, files, catalogue: { find: async () => null }, title: 'Example Library', titleOf: () => null },
  };
}
