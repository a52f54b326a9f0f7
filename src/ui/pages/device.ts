import { type PageFrame, renderDocument } from '../document.ts';
import { html } from '../html.ts';
import { fill, interfaceLanguage, textsIn } from '../texts.ts';
import { formTokenField } from './access-frame.ts';

export interface DevicePage extends PageFrame {
  /** Where the form is posted to. Field: `form-token`. */
  readonly action: string;
  readonly formToken: string;
  /** Its name. */
  readonly device: string;
  /** Label of the access service that it opens. */
  readonly service: string;
}

/** Asks whether this browser is to be the device. */
export function devicePage(page: DevicePage): string {
  const t = textsIn(interfaceLanguage(page.lang));
  const heading = fill(t.deviceHeading, { device: page.device });
  return renderDocument(page, {
    kind: 'form',
    title: heading,
    main: html`<h1>${heading}</h1>
<p>${fill(t.deviceText, { service: page.service })}</p>
<form method="post" action="${page.action}">
${formTokenField(page.formToken)}
<p class="buttons"><button type="submit" class="primary">${t.deviceButton}</button></p>
</form>`,
  });
}
