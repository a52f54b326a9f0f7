export type Texts = Readonly<Record<'en' | 'de', readonly [string]>>;

/** An access service as `access.yaml` writes it. */
export interface LabService {
  readonly pattern: 'login' | 'clickthrough' | 'kiosk' | 'external';
  readonly label: Texts;
  readonly heading?: Texts;
  readonly note?: Texts;
  readonly confirmLabel?: Texts;
  readonly errorHeading?: Texts;
  readonly errorNote?: Texts;
  readonly networks?: readonly string[];
  readonly perItem?: true;
  readonly minutes?: number;
}

/** Networks for documentation (RFC 5737): no visitor is ever in one. */
export const NOWHERE = '192.0.2.0/24';

export const LOGIN: LabService = {
  pattern: 'login',
  label: both('Sign in to the Vitrine Lab', 'Am Vitrine-Labor anmelden'),
  heading: both('Please sign in', 'Bitte anmelden'),
  note: both(
    "This item is for the lab's people. Sign in with one of the names that the lab's page shows.",
    'Dieses Stück ist für die Leute des Labors. Melden Sie sich mit einem der Namen an, die auf der Seite des Labors stehen.',
  ),
  confirmLabel: both('Sign in', 'Anmelden'),
  errorHeading: both('You are not signed in', 'Sie sind nicht angemeldet'),
  errorNote: both(
    'The window was closed before anybody signed in, or this person may not see the item.',
    'Das Fenster wurde geschlossen, bevor sich jemand angemeldet hat, oder diese Person darf das Stück nicht sehen.',
  ),
};

export const CLICKTHROUGH: LabService = {
  pattern: 'clickthrough',
  label: both('Terms of use of the Vitrine Lab', 'Nutzungsbedingungen des Vitrine-Labors'),
  heading: both('Before you look', 'Bevor Sie hineinsehen'),
  note: both('For private study only.', 'Nur zum privaten Studium.'),
  confirmLabel: both('I agree', 'Ich stimme zu'),
  errorHeading: both('The terms were not agreed to', 'Den Bedingungen wurde nicht zugestimmt'),
  errorNote: both(
    'The item opens as soon as somebody agrees to the terms.',
    'Das Stück öffnet sich, sobald jemand den Bedingungen zustimmt.',
  ),
};

/** Without networks: whoever opens the window gets in. */
export const KIOSK: LabService = {
  pattern: 'kiosk',
  label: both('Exhibition of the Vitrine Lab', 'Ausstellung des Vitrine-Labors'),
  errorHeading: both('The exhibition did not let you in', 'Die Ausstellung hat Sie nicht eingelassen'),
  errorNote: both(
    'Open the window again, and let it close by itself.',
    'Öffnen Sie das Fenster noch einmal, und lassen Sie es sich selbst schließen.',
  ),
};

/** Without networks: whoever has signed in on our own page gets in, and no viewer is told where that is. */
export const EXTERNAL: LabService = {
  pattern: 'external',
  label: both('Staff of the Vitrine Lab', 'Mitarbeitende des Vitrine-Labors'),
  errorHeading: both('For staff only', 'Nur für Mitarbeitende'),
  errorNote: both('Staff sign in elsewhere on this site.', 'Mitarbeitende melden sich an anderer Stelle dieser Website an.'),
};

export function both(en: string, de: string): Texts {
  return { en: [en], de: [de] };
}
