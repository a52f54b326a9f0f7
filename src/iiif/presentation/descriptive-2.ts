/** https://iiif.io/api/presentation/2.1/#descriptive-properties and https://iiif.io/api/presentation/2.1/#language-of-property-values */
import type { LanguageMap } from '../../lib/language-map.ts';
import type { Descriptive, LabelAndValue } from './manifest.ts';

type PropertyValue = string | readonly object[];

export function descriptive2({ label, summary, metadata, requiredStatement, rights, homepage }: Descriptive): object {
  return {
    label: propertyValue(label),
    ...(summary === null ? {} : { description: propertyValue(summary) }),
    ...(metadata.length === 0 ? {} : { metadata: metadataValues(metadata) }),
    ...(requiredStatement === null ? {} : { attribution: propertyValue(requiredStatement.value) }),
    ...(rights === null ? {} : { license: rights }),
    related: { '@id': homepage.id, format: 'text/html', label: propertyValue(homepage.label) },
  };
}

export function metadataValues(metadata: readonly LabelAndValue[]): readonly object[] {
  return metadata.map(({ label, value }) => ({ label: propertyValue(label), value: propertyValue(value) }));
}

export function propertyValue(texts: LanguageMap): PropertyValue {
  const values = Object.entries(texts).flatMap(([language, list]) => list.map((text) => ({ language, text })));
  const [only] = values;
  if (only !== undefined && values.length === 1 && only.language === 'none') return only.text;
  return values.map(({ language, text }) => (language === 'none' ? { '@value': text } : { '@value': text, '@language': language }));
}
