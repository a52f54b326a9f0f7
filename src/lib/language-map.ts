/** Texts by BCP 47 language tag, each a list of strings. https://iiif.io/api/presentation/3.0/#44-language-of-property-values */
export type LanguageMap = Readonly<Record<string, readonly string[]>>;
