import type { TextPage } from './documents.ts';

export const GUIDE_TITLE = 'A Guide to the Glass Isles';

export const GUIDE_PAGES: readonly TextPage[] = [
  {
    heading: GUIDE_TITLE,
    lines: [
      'The Glass Isles lie where nobody has looked for them. Eleven of them are large',
      'enough for a harbour, and on each of the others there is a light. The water',
      'between them is so clear that charts give the colour of the ground, not its depth.',
    ],
  },
  {
    heading: 'On the lights',
    lines: [
      'Each light has a colour and a beat of its own. Whoever keeps one writes the',
      'nights down in a ledger, and once a year the ledgers are carried to the',
      'observatory, where they are locked in a case of glass: everybody may see them,',
      'and few may read them.',
    ],
  },
];

export const LOG_TEXT = `From the log of the packet boat "Clearwater"

First day.   Fair wind from the west. Passed the Needle at noon; its light burns red.
Second day.  Calm. We counted fish over white ground, forty fathoms down.
Third day.   Rain. The pilot would not name the next island before we had landed on it.
Fourth day.  Landed. It is called Fourth Day.
`;
