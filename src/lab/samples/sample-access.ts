/** The `access.yaml` of the samples in two parts, so that others can add to each: one folder for each way of being closed. */
export const SAMPLE_SERVICES = `# Who may see what in the sample collection. The first policy that matches decides.
accessServices:
  members:
    pattern: login
    label:
      en: [Sign in to the Vitrine Library]
      de: [Bei der Vitrine-Bibliothek anmelden]
    heading:
      en: [For members of the library]
      de: [Für Mitglieder der Bibliothek]
    note:
      en: ["The manuscript, the ledger and the curators' store are open to members. Sign in with the user and the password that the demo printed when it started."]
      de: ["Handschrift, Rechnungsbuch und Magazin stehen Mitgliedern offen. Melden Sie sich mit dem Namen und dem Passwort an, die die Demo beim Start ausgegeben hat."]
    confirmLabel:
      en: [Sign in]
      de: [Anmelden]
    errorHeading:
      en: [You are not signed in]
      de: [Sie sind nicht angemeldet]
    errorNote:
      en: ["The sign-in was not completed, or your membership does not include this item."]
      de: ["Die Anmeldung wurde nicht abgeschlossen, oder Ihre Mitgliedschaft umfasst dieses Stück nicht."]
  terms:
    pattern: clickthrough
    label:
      en: [Terms of use of the Vitrine Library]
      de: [Nutzungsbedingungen der Vitrine-Bibliothek]
    heading:
      en: [Before you look]
      de: [Bevor Sie hineinsehen]
    note:
      en: [These drawings may be used for private study only. Please name the Vitrine Library when you quote them.]
      de: ["Diese Zeichnungen dürfen nur zum privaten Studium benutzt werden. Bitte nennen Sie die Vitrine-Bibliothek, wenn Sie sie zitieren."]
    confirmLabel:
      en: [I agree]
      de: [Ich stimme zu]
    errorHeading:
      en: [The terms were not agreed to]
      de: [Den Bedingungen wurde nicht zugestimmt]
    errorNote:
      en: [You can look at these drawings as soon as you agree to the terms of use.]
      de: ["Sie können diese Zeichnungen ansehen, sobald Sie den Nutzungsbedingungen zustimmen."]
`;

export const SAMPLE_POLICIES = `policies:
  - items: open/**
    allow: everyone
  - items: terms/**
    allow:
      - { service: terms }
  - items: members/**
    allow:
      - { service: members, roles: [reader, curator] }
  - items: curators/**
    allow:
      - { service: members, roles: [curator] }
    otherwise:
      name: preview
      label:
        en: [A small version in gray]
        de: [Eine kleine Fassung in Grau]
      maxSize: 800
      gray: true
      watermark: Vitrine Library
`;
