import { describe, expect, it } from 'vitest';
import { findPlaylists } from '../../src/adapters/sources/stream-playlists.ts';

/** Playlists by folder, the first of each standing for the others. */
const within = (folders: Readonly<Record<string, readonly string[]>>) => (path: string) =>
  findPlaylists(path, async (folder) => folders[folder] ?? []);

describe('the playlists of a file', () => {
  it('are those beside it', async () => {
    const find = within({ talk: ['manifest.mpd', 'low.m3u8'] });
    expect(await find('talk/1.m4s')).toEqual({ main: 'talk/manifest.mpd', others: ['talk/low.m3u8'] });
    expect(await find('talk/video/1.m4s')).toEqual({ main: 'talk/manifest.mpd', others: ['talk/low.m3u8'] });
    expect(await find('speech/1.m4s')).toBeNull();
  });

  it('have one above them that stands for all sizes', async () => {
    const find = within({ talk: ['master.m3u8'], 'talk/720p': ['index.m3u8'] });
    expect(await find('talk/720p/1.ts')).toEqual({ main: 'talk/master.m3u8', others: ['talk/720p/index.m3u8'] });
  });

  it('are not those of another stream above, but that one is named, since it may be closed', async () => {
    const find = within({ films: ['lonely.m3u8'], 'films/talk': ['manifest.mpd'], 'films/hls': ['list.m3u8'] });
    expect(await find('films/talk/1.m4s')).toEqual({ main: 'films/talk/manifest.mpd', others: ['films/lonely.m3u8'] });
    expect(await find('films/hls/1.ts')).toEqual({ main: 'films/hls/list.m3u8', others: ['films/lonely.m3u8'] });
  });

  it('in the root are for files of the root only', async () => {
    const find = within({ '': ['master.m3u8'], talk: ['index.m3u8'] });
    expect(await find('1.ts')).toEqual({ main: 'master.m3u8', others: [] });
    expect(await find('letters/1.ts')).toBeNull();
    expect(await find('talk/1.ts')).toEqual({ main: 'talk/index.m3u8', others: ['master.m3u8'] });
  });
});
