/**
 * What a document breaks of what its specification says MUST be, one sentence each: as far as it is cheap to see.
 * https://iiif.io/api/presentation/3.0/#a-summary-of-property-requirements
 * https://iiif.io/api/presentation/2.1/#b-summary-of-metadata-requirements
 */
export function findBreaches(document: object): readonly string[] {
  return 'sequences' in document || '@type' in document ? findBreaches2(document) : findBreaches3(document);
}

type Json = Readonly<Record<string, unknown>>;
type Visit = (object: Json, path: string, key: string) => void;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const isAddress = (value: unknown): boolean => typeof value === 'string' && /^https?:\/\/[^\s"<>\\^`{|}]+$/.test(value);
const isWhole = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** Every object, with the keys that lead to it and the nearest one that is no number. */
function walk(value: unknown, visit: Visit, path = '', key = ''): void {
  if (Array.isArray(value)) {
    for (const [at, each] of value.entries()) walk(each, visit, `${path}/${at}`, key);
  } else if (isObject(value)) {
    visit(value, path, key);
    for (const [name, each] of Object.entries(value)) walk(each, visit, `${path}/${name}`, name);
  }
}

function isLanguageMap(value: unknown): boolean {
  if (!isObject(value)) return false;
  const texts = Object.values(value);
  return texts.length > 0 && texts.every((list) => Array.isArray(list) && list.every((text) => typeof text === 'string'));
}

const LISTS = ['items', 'metadata', 'thumbnail', 'rendering', 'homepage', 'provider', 'logo', 'partOf', 'seeAlso', 'service', 'services'];
const RESOURCES = ['items', 'thumbnail', 'rendering', 'homepage', 'provider', 'logo', 'partOf', 'seeAlso', 'body'];
const TEXTS = ['label', 'summary', 'value', 'heading', 'note', 'confirmLabel', 'errorHeading', 'errorNote'];
const RIGHTS = /^http:\/\/(creativecommons\.org\/(licenses|publicdomain)\/|rightsstatements\.org\/vocab\/)/;

function findBreaches3(document: object): readonly string[] {
  const breaches: string[] = [];
  const demand = (holds: boolean, path: string, sentence: string) => void (holds || breaches.push(`${path || '/'}: ${sentence}`));
  const ids = new Set<unknown>();
  walk(document, (object, path, key) => {
    // Services of the older generation keep their own rules.
    if ('@type' in object || /\/service\/\d+\/service\/\d+\/service/.test(path)) return;
    for (const name of LISTS) if (name in object) demand(Array.isArray(object[name]), path, `${name} is no list`);
    for (const name of TEXTS)
      if (name in object && '@id' in object === false)
        demand(isLanguageMap(object[name]) || isOlder(path, document), path, `${name} is no language map`);
    if (RESOURCES.includes(key) || path === '') {
      demand(isAddress(object['id']) || object['type'] === 'Choice', path, 'it has no id that is an address');
      demand(typeof object['type'] === 'string', path, 'it has no type');
    }
    const { type } = object;
    // Ranges name canvases that are elsewhere.
    if (path.startsWith('/structures')) return;
    if ((key === 'items' || path === '') && object['type'] !== 'Choice') {
      demand(!ids.has(object['id']), path, 'its id is another’s too');
      ids.add(object['id']);
    }
    if (type === 'Manifest' || type === 'Collection') demand(isLanguageMap(object['label']), path, 'it has no label');
    if (type === 'Manifest' && path === '') demand(listOf(object['items']).length > 0, path, 'it has no canvas');
    if (type === 'Canvas') {
      const [width, height] = [object['width'], object['height']];
      demand((width === undefined) === (height === undefined), path, 'it has one of width and height');
      demand(width === undefined || (isWhole(width) && isWhole(height)), path, 'its size is no size');
      demand(width !== undefined || 'duration' in object, path, 'it has neither size nor duration');
      demand(!String(object['id']).includes('#'), path, 'its id has a fragment');
    }
    if ('duration' in object) demand(Number(object['duration']) > 0, path, 'its duration is none');
    if (type === 'Annotation') demand(object['motivation'] === 'painting' && isAddress(object['target']), path, 'it paints nothing');
    if (key === 'rendering' || key === 'homepage') demand(isLanguageMap(object['label']), path, 'it has no label');
    if ('rights' in object) demand(RIGHTS.test(String(object['rights'])), path, 'its rights are none of those');
    if ('requiredStatement' in object) {
      const { label, value } = object['requiredStatement'] as Json;
      demand(isLanguageMap(label) && isLanguageMap(value), path, 'its required statement is not two texts');
    }
  });
  const contexts = listOf((document as Json)['@context']);
  demand(contexts.at(-1) === 'http://iiif.io/api/presentation/3/context.json', '', 'the context of the specification is not the last one');
  return breaches;
}

/** Within a service of Authentication 1.0, whose texts are plain. */
function isOlder(path: string, document: object): boolean {
  let value: unknown = document;
  for (const key of path.split('/').slice(1)) {
    if (isObject(value) && '@type' in value) return true;
    value = (value as Record<string, unknown>)[key];
  }
  return isObject(value) && '@type' in value;
}

/** https://iiif.io/api/presentation/2.1/#choice-of-alternative-resources */
function choicesIn(resource: Json): readonly Json[] {
  return resource['@type'] === 'oa:Choice' ? [resource['default'] as Json, ...(listOf(resource['item']) as readonly Json[])] : [resource];
}

function findBreaches2(document: object): readonly string[] {
  const breaches: string[] = [];
  const demand = (holds: boolean, path: string, sentence: string) => void (holds || breaches.push(`${path || '/'}: ${sentence}`));
  const ids = new Set<unknown>();
  walk(document, (object, path, key) => {
    const type = object['@type'];
    if (['', 'sequences', 'canvases', 'images', 'manifests', 'collections'].includes(key)) {
      demand(isAddress(object['@id']), path, 'it has no @id that is an address');
      demand(typeof type === 'string', path, 'it has no @type');
      demand(!ids.has(object['@id']), path, 'its @id is another’s too');
      ids.add(object['@id']);
    }
    if (['sc:Manifest', 'sc:Collection', 'sc:Canvas'].includes(String(type)))
      demand(object['label'] !== undefined, path, 'it has no label');
    if (type === 'sc:Manifest' && path === '') demand(listOf(object['sequences']).length > 0, path, 'it has no sequence');
    if (type === 'sc:Sequence') demand(listOf(object['canvases']).length > 0, path, 'it has no canvas');
    if (type === 'sc:Canvas') {
      demand(isWhole(object['width']) && isWhole(object['height']), path, 'it has no size');
      for (const { resource } of listOf(object['images']) as ReadonlyArray<{ resource: Json }>) {
        demand(
          choicesIn(resource).every((each) => each['@type'] === 'dctypes:Image'),
          path,
          'something in images is no image',
        );
      }
    }
    if (type === 'oa:Annotation') demand(object['motivation'] === 'sc:painting' && isAddress(object['on']), path, 'it paints nothing');
    if (key === 'rendering' || key === 'related') demand('label' in object && 'format' in object, path, 'it has no label and format');
  });
  demand(
    (document as Json)['@context'] === 'http://iiif.io/api/presentation/2/context.json',
    '',
    'the context is not that of the specification',
  );
  return breaches;
}
