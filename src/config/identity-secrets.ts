import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

export type FoundSecret = { readonly text: string } | { readonly mistake: string };

/** Where a file of settings gets what must not stand in it. */
export interface SecretReader {
  file(name: string): FoundSecret;
  environment(name: string): FoundSecret;
}

/** Certificates come in chains; nothing that belongs here is larger. */
const LARGEST_BYTES = 1_000_000;

/** Relative names count from the folder of the file that names them. `onFile` is told of each before it is read. */
export function secretsBeside(
  settingsFile: string,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  onFile: (path: string) => void = () => {},
): SecretReader {
  const folder = dirname(resolve(settingsFile));
  return {
    file: (name) => {
      const path = resolve(folder, name);
      onFile(path);
      return readSecretFile(path, name);
    },
    environment: (name) => {
      const text = environment[name]?.trim() ?? '';
      return text === '' ? { mistake: `The environment has no ${name}, or it is empty.` } : { text };
    },
  };
}

function readSecretFile(path: string, name: string): FoundSecret {
  try {
    if (statSync(path).size > LARGEST_BYTES) return { mistake: `The file ${name} is larger than ${LARGEST_BYTES} bytes.` };
    const text = readFileSync(path, 'utf8').trim();
    return text === '' ? { mistake: `The file ${name} is empty.` } : { text };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { mistake: missing ? `There is no file ${name}.` : `The file ${name} cannot be read.` };
  }
}
