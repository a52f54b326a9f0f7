/** Samples a second. */
export const SAMPLE_RATE = 44_100;

/** A tune of struck strings: notes of a pentatonic scale, as steps, one each `BEAT_SECONDS`. */
const TUNE = [0, 2, 4, 7, 5, 4, 2, 3, 0, 5, 4, 2, 7, 6, 4, 5, 3, 2, 0, 0] as const;
const SCALE = [0, 2, 4, 7, 9] as const;
const LOWEST_HERTZ = 220;
const BEAT_SECONDS = 0.4;
const LOUDNESS = 0.3;

/** The lab's tune, `seconds` long, as one channel of 16-bit PCM. */
export function playTune(seconds: number): Int16Array {
  const samples = new Float32Array(Math.round(seconds * SAMPLE_RATE));
  for (let beat = 0; beat * BEAT_SECONDS < seconds; beat += 1) {
    const step = TUNE[beat % TUNE.length] as number;
    pluck(samples, Math.round(beat * BEAT_SECONDS * SAMPLE_RATE), frequencyOf(step));
    if (beat % 4 === 0) pluck(samples, Math.round(beat * BEAT_SECONDS * SAMPLE_RATE), frequencyOf(step) / 2);
  }
  const fade = SAMPLE_RATE / 4;
  return Int16Array.from(samples, (value, at) => 32_767 * Math.tanh(value * LOUDNESS * Math.min(1, (samples.length - at) / fade)));
}

function frequencyOf(step: number): number {
  const octave = Math.floor(step / SCALE.length);
  return LOWEST_HERTZ * 2 ** (octave + (SCALE[step % SCALE.length] as number) / 12);
}

/** A string and its overtones, the higher ones dying sooner. */
function pluck(samples: Float32Array, from: number, hertz: number): void {
  const length = Math.min(samples.length - from, 2 * SAMPLE_RATE);
  for (let at = 0; at < length; at += 1) {
    const time = at / SAMPLE_RATE;
    const attack = Math.min(1, time / 0.006);
    let value = 0;
    for (let overtone = 1; overtone <= 5; overtone += 1) {
      value += (Math.sin(2 * Math.PI * hertz * overtone * time) * Math.exp(-time * (1.6 + overtone))) / overtone;
    }
    samples[from + at] = (samples[from + at] as number) + value * attack;
  }
}

/** A WAVE file of one channel. */
export function writeWave(samples: Int16Array): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(SAMPLE_RATE, 24);
  head.writeUInt32LE(SAMPLE_RATE * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.byteLength, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]);
}
