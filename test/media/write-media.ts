/** Small files of each kind, made byte by byte. */
const latin = (text: string) => Buffer.from(text, 'latin1');

function numbers(bytes: 2 | 4 | 8, ...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(bytes * values.length);
  values.forEach((value, at) => {
    if (bytes === 8) buffer.writeBigUInt64BE(BigInt(value), at * 8);
    else buffer.writeUIntBE(value, at * bytes, bytes);
  });
  return buffer;
}

/** Little-endian. */
function numbersLE(bytes: 2 | 4, ...values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(bytes * values.length);
  values.forEach((value, at) => {
    buffer.writeUIntLE(value, at * bytes, bytes);
  });
  return buffer;
}

/** 16 bits, stereo: a tone that swells, so that players hear something. */
export function wav(seconds: number, rate = 44_100): Buffer {
  const frames = Math.round(seconds * rate);
  const data = Buffer.alloc(frames * 4);
  for (let at = 0; at < frames; at += 1) {
    const value = Math.round(6_000 * Math.sin((at * 440 * 2 * Math.PI) / rate));
    data.writeInt16LE(value, at * 4);
    data.writeInt16LE(value, at * 4 + 2);
  }
  const format = Buffer.concat([numbersLE(2, 1, 2), numbersLE(4, rate, rate * 4), numbersLE(2, 4, 16)]);
  const body = Buffer.concat([latin('WAVEfmt '), numbersLE(4, 16), format, latin('data'), numbersLE(4, data.length), data]);
  return Buffer.concat([latin('RIFF'), numbersLE(4, body.length), body]);
}

function box(type: string, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([numbers(4, body.length + 8), latin(type), body]);
}

const UPRIGHT = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000];
const QUARTER_TURN = [0, 0x10000, 0, 0xffff0000, 0, 0, 0, 0, 0x40000000];

function trackHeader(long: boolean, width: number, height: number, matrix: readonly number[]): Buffer {
  const before = Buffer.alloc(long ? 36 : 24);
  before[0] = long ? 1 : 0;
  return box('tkhd', before, Buffer.alloc(16), numbers(4, ...matrix, width * 65_536, height * 65_536));
}

export interface Mp4Parts {
  readonly seconds: number;
  readonly size: readonly [width: number, height: number] | null;
  /** Boxes of version 1, with 64 bits. */
  readonly long?: boolean;
  readonly turned?: boolean;
  /** The duration stands in `mehd`, as in a film in fragments. */
  readonly fragmented?: boolean;
  /** Pictures before the description, as cameras write them. */
  readonly mediaFirst?: boolean;
}

export function mp4({ seconds, size, long = false, turned = false, fragmented = false, mediaFirst = false }: Mp4Parts): Buffer {
  const units = seconds * 600;
  const duration = fragmented ? 0 : units;
  const movieHeader = long
    ? box('mvhd', numbers(4, 0x0100_0000), numbers(8, 0, 0), numbers(4, 600), numbers(8, duration), Buffer.alloc(80))
    : box('mvhd', numbers(4, 0, 0, 0, 600, duration), Buffer.alloc(80));
  const sound = box('trak', trackHeader(long, 0, 0, UPRIGHT));
  const film = size === null ? [] : [box('trak', trackHeader(long, size[0], size[1], turned ? QUARTER_TURN : UPRIGHT))];
  const fragments = fragmented ? [box('mvex', box('mehd', numbers(4, 0, units)))] : [];
  const movie = box('moov', movieHeader, sound, ...film, ...fragments);
  const media = box('mdat', Buffer.alloc(50_000));
  const start = box('ftyp', latin('isom'), numbers(4, 0), latin('isom'));
  return Buffer.concat(mediaFirst ? [start, media, movie] : [start, movie, media]);
}

/** 128 kbit/s, 44.1 kHz, stereo: 417 bytes a frame, 1152 samples each. */
const MP3_HEADER = 0xfffb9064;

export function mp3(frames: number, extras: { readonly id3?: boolean; readonly xingFrames?: number } = {}): Buffer {
  const frame = Buffer.alloc(417);
  frame.writeUInt32BE(MP3_HEADER);
  const first = Buffer.from(frame);
  if (extras.xingFrames !== undefined) Buffer.concat([latin('Xing'), numbers(4, 1, extras.xingFrames)]).copy(first, 36);
  const tag = extras.id3 === true ? [Buffer.concat([latin('ID3\x04\x00\x00\x00\x00\x08\x00'), Buffer.alloc(1024)])] : [];
  return Buffer.concat([...tag, first, ...Array.from({ length: frames - 1 }, () => frame)]);
}

/** AAC in ADTS, 44.1 kHz, stereo: 1,024 samples a frame. `extra`: bytes that some frames are longer by. */
export function aac(frames: number, extra = 0): Buffer {
  return Buffer.concat(
    Array.from({ length: frames }, (_, at) => {
      const bytes = 200 + (at % 2) * extra;
      const frame = Buffer.alloc(bytes);
      frame.writeUInt32BE(0xfff1_5080);
      frame.writeUInt32BE(((0x80 << 24) | (bytes << 13) | 0x1ffc) >>> 0, 3);
      return frame;
    }),
  );
}

export function flac(seconds: number, rate = 44_100): Buffer {
  const samples = Math.round(seconds * rate);
  const info = Buffer.alloc(34);
  info.writeUInt32BE(((rate << 12) | (1 << 9) | (15 << 4)) >>> 0, 10);
  info.writeUInt32BE(samples, 14);
  return Buffer.concat([latin('fLaC\x80\x00\x00\x22'), info, Buffer.alloc(2_000)]);
}

function oggPage(serial: number, granule: number, kind: number, body: Buffer): Buffer {
  const head = Buffer.alloc(27);
  latin('OggS').copy(head);
  head[5] = kind;
  head.writeBigInt64LE(BigInt(granule), 6);
  head.writeUInt32LE(serial, 14);
  const segments = [...Array.from({ length: Math.floor(body.length / 255) }, () => 255), body.length % 255];
  head[26] = segments.length;
  return Buffer.concat([head, Buffer.from(segments), body]);
}

/** A sound in Opus or Vorbis; with a size a film in Theora beside it. */
export function ogg(codec: 'opus' | 'vorbis', seconds: number, size?: readonly [width: number, height: number]): Buffer {
  const opus = Buffer.concat([latin('OpusHead\x01\x02'), numbersLE(2, 312), numbersLE(4, 48_000), Buffer.alloc(3)]);
  const vorbis = Buffer.concat([latin('\x01vorbis'), numbersLE(4, 0), latin('\x02'), numbersLE(4, 32_000), Buffer.alloc(14)]);
  const granule = codec === 'opus' ? seconds * 48_000 + 312 : seconds * 32_000;
  const picture = (value: number) => numbers(4, value).subarray(1);
  const theora =
    size === undefined
      ? []
      : [Buffer.concat([latin('\x80theora\x03\x02\x01'), numbers(2, 20, 12), picture(size[0]), picture(size[1]), Buffer.alloc(20)])];
  return Buffer.concat([
    ...theora.map((head) => oggPage(7, 0, 2, head)),
    oggPage(9, 0, 2, codec === 'opus' ? opus : vorbis),
    oggPage(9, granule / 2, 0, Buffer.alloc(4_000)),
    oggPage(9, granule, 4, Buffer.alloc(4_000)),
    ...theora.map(() => oggPage(7, 99_999_999, 4, Buffer.alloc(100))),
  ]);
}

/** A film in Theora without sound, 25 frames a second, a whole picture every 64. */
export function theora(seconds: number, size: readonly [width: number, height: number]): Buffer {
  const sides = Buffer.concat([numbers(4, size[0]).subarray(1), numbers(4, size[1]).subarray(1)]);
  const rate = Buffer.concat([Buffer.alloc(2), numbers(4, 25, 1), Buffer.alloc(10), numbers(2, 6 << 5), Buffer.alloc(10)]);
  const head = Buffer.concat([latin('\x80theora\x03\x02\x01'), numbers(2, 20, 12), sides, rate]);
  const frames = seconds * 25;
  const granule = (frames - (frames % 64)) * 64 + (frames % 64);
  return Buffer.concat([oggPage(7, 0, 2, head), oggPage(7, 5, 0, Buffer.alloc(300)), oggPage(7, granule, 4, Buffer.alloc(300))]);
}

function element(id: number, body: Buffer, unknownLength = false): Buffer {
  const idBytes = Buffer.from(id.toString(16), 'hex');
  const length = unknownLength ? Buffer.from('01ffffffffffffff', 'hex') : numbers(4, (0x1000_0000 + body.length) >>> 0);
  return Buffer.concat([idBytes, length, body]);
}

/** As recorders write it: the segment has no known length. */
export function webm(seconds: number, size: readonly [width: number, height: number] | null): Buffer {
  const duration = Buffer.alloc(8);
  duration.writeDoubleBE(seconds * 1000);
  const info = element(0x1549a966, Buffer.concat([element(0x2ad7b1, numbers(4, 1_000_000)), element(0x4489, duration)]));
  const video =
    size === null ? [] : [element(0xe0, Buffer.concat([element(0xb0, numbers(2, size[0])), element(0xba, numbers(2, size[1]))]))];
  const tracks = element(0x1654ae6b, element(0xae, Buffer.concat([element(0xd7, Buffer.from([1])), ...video])));
  const cluster = element(0x1f43b675, Buffer.alloc(3_000));
  return Buffer.concat([element(0x1a45dfa3, Buffer.alloc(10)), element(0x18538067, Buffer.concat([info, tracks, cluster]), true)]);
}
