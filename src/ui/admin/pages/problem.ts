import { html } from '../../html.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import type { AdminSection } from '../sections.ts';

/** One thing that is not as an administrator thought. */
export function adminProblemPage(
  frame: AdminFrame,
  { section, heading, text }: { readonly section: AdminSection; readonly heading: string; readonly text: string },
): string {
  return renderAdmin(frame, { title: heading, section, main: html`<h1>${heading}</h1>\n<p>${text}</p>` });
}
