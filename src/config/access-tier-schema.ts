import { WATERMARK_PLACES } from '../domain/access.ts';
import { SERVICE_NAME } from './access-names.ts';
import { DEFAULT_OPACITY, LARGEST_TIER, LONGEST_WATERMARK, MOST_REGIONS, TIER_OUTPUTS } from './access-tiers.ts';

/** One tier of "otherwise", for the JSON Schema of the access file. */
export function tierSchema(): object {
  return {
    type: 'object',
    additionalProperties: false,
    // Something must make it less than the item.
    not: { propertyNames: { enum: ['name', 'label', 'for'] } },
    properties: {
      name: {
        description: 'Part of the address: {identifier}/~{name}. Without it, the position in the list: ~1, ~2.',
        type: 'string',
        pattern: SERVICE_NAME.source,
      },
      label: { description: 'What viewers call this version.', $ref: '#/$defs/texts' },
      for: {
        description: 'Who gets it: everyone (as without it), or a list of rules of which one is enough.',
        anyOf: [{ const: 'everyone' }, { type: 'array', minItems: 1, items: { $ref: '#/$defs/rule' } }],
      },
      item: {
        description:
          'Another item of the same kind stands in for it: its path, in which {path}, {folder}, {name} and {ending} stand for parts of the item’s own.',
        $ref: '#/$defs/text',
      },
      maxSize: { description: 'Longest side of the whole image, in pixels.', type: 'integer', minimum: 1, maximum: LARGEST_TIER },
      maxOutput: {
        description: 'Longest side of any one answer, in pixels. The image has its full size, and is seen in parts.',
        type: 'integer',
        minimum: TIER_OUTPUTS.smallest,
        maximum: TIER_OUTPUTS.largest,
      },
      gray: { description: 'Without colours.', const: true },
      watermark: {
        description: 'A text drawn over the image, in Latin capitals; or another image.',
        anyOf: [watermarkText(), watermark({ text: watermarkText() }), watermark({ image: WATERMARK_IMAGE })],
      },
      blur: regions('Parts of which only a few spots of colour are left.'),
      blackout: regions('Parts that are black.'),
    },
  };
}

/** `mark`: the one property that says what it is. */
function watermark(mark: Readonly<Record<string, object>>): object {
  return {
    type: 'object',
    additionalProperties: false,
    required: Object.keys(mark),
    properties: {
      ...mark,
      opacity: { type: 'number', minimum: 0.1, maximum: 1, default: DEFAULT_OPACITY },
      place: { enum: WATERMARK_PLACES, default: 'everywhere' },
    },
  };
}

const WATERMARK_IMAGE = { description: 'A PNG, JPEG or WebP in the folder of this file, or below it.', $ref: '#/$defs/text' };

function watermarkText(): object {
  return { type: 'string', pattern: '\\S', maxLength: LONGEST_WATERMARK };
}

function regions(description: string): object {
  return {
    description: `${description} In percent of the full image: "pct:x,y,width,height".`,
    type: 'array',
    minItems: 1,
    maxItems: MOST_REGIONS,
    items: { type: 'string', pattern: '^pct:[0-9.]+,[0-9.]+,[0-9.]+,[0-9.]+$' },
  };
}
