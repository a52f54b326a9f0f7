/** https://iiif.io/api/presentation/3.0/#31-descriptive-properties and https://iiif.io/api/presentation/3.0/#homepage */
import type { Descriptive } from './manifest.ts';

export function descriptive3({ label, summary, metadata, requiredStatement, rights, homepage }: Descriptive): object {
  return {
    label,
    ...(summary === null ? {} : { summary }),
    ...(metadata.length === 0 ? {} : { metadata }),
    ...(requiredStatement === null ? {} : { requiredStatement }),
    ...(rights === null ? {} : { rights }),
    homepage: [{ id: homepage.id, type: 'Text', label: homepage.label, format: 'text/html' }],
  };
}
