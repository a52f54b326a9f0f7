import { rootPath } from '../../document.ts';
import { type Html, html } from '../../html.ts';
import { type AdminFrame, renderAdmin } from '../document.ts';
import { type AccessEditor, accessEditor } from './access-editor.ts';

export interface AccessPage {
  readonly policies: readonly PolicyShown[];
  readonly services: readonly ServiceShown[];
  /** Whether the text on the server is the one in force: one with mistakes is not. */
  readonly inForce: boolean;
  readonly versions: number;
  readonly editor: AccessEditor;
}

export interface PolicyShown {
  readonly number: number;
  readonly line: number;
  readonly items: readonly string[];
  /** Who sees them. */
  readonly words: string;
}

export interface ServiceShown {
  readonly name: string;
  readonly pattern: string;
  readonly label: string;
  /** What somebody does there. */
  readonly words: string;
  readonly minutes: number | null;
  /** Numbers of the policies that name it. */
  readonly policies: readonly number[];
}

/** The access file in words, and to edit. */
export function accessPage(frame: AdminFrame, shown: AccessPage): string {
  const root = rootPath(frame.base);
  const { editor } = shown;
  return renderAdmin(frame, {
    title: editor.mistakes.length > 0 ? 'Error: Access' : 'Access',
    section: 'access',
    scripts: ['edit-access.js'],
    main: html`<h1>Access</h1>
<p>Who may see what is written in <strong>${editor.fileName}</strong>: ${number(shown.policies.length, 'policy', 'policies')}, ${number(shown.services.length, 'access service', 'access services')}. ${shown.inForce ? 'What is there is in force.' : html`<strong>What is there now has mistakes: the last valid version is in force, and its policies are these.</strong>`} <a href="${root}/admin/access/versions">${number(shown.versions, 'version', 'versions')} kept</a></p>
${editor.mistakes.length > 0 ? edit(editor) : null}<section><h2 id="policies">Policies</h2>
<p class="hint">The first one with a pattern that matches an item decides about it. What none matches is open to nobody.</p>
${policyTable(shown.policies, root)}</section>
<section><h2 id="services">Access services</h2>
${serviceTable(shown.services)}</section>
${editor.mistakes.length > 0 ? null : edit(editor)}`,
  });
}

function edit(editor: AccessEditor): Html {
  return html`<section aria-labelledby="edit"><h2 id="edit">Edit</h2>
${accessEditor(editor)}</section>
`;
}

function policyTable(policies: readonly PolicyShown[], root: string): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="policies"><table>
<thead><tr><th scope="col">Policy</th><th scope="col">Items</th><th scope="col">Who sees them</th><th scope="col">In the file</th></tr></thead>
<tbody>
${policies.map(
  (
    policy,
  ) => html`<tr id="policy-${policy.number}"><th scope="row">${policy.number}</th><td>${policy.items.map((pattern) => html`<code>${pattern}</code> `)}</td><td>${policy.words}</td>
<td class="short"><a href="${root}/admin/access?line=${policy.line}#text" data-line="${policy.line}">Line ${policy.line}</a></td></tr>
`,
)}</tbody></table></div>
`;
}

function serviceTable(services: readonly ServiceShown[]): Html {
  if (services.length === 0) return html`<p class="hint">There are none: everything is open to everybody, or to nobody.</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="services"><table>
<thead><tr><th scope="col">Name</th><th scope="col">Pattern</th><th scope="col">What readers do</th><th scope="col">Label</th><th scope="col">Policies</th></tr></thead>
<tbody>
${services.map(
  (
    service,
  ) => html`<tr><th scope="row"><code>${service.name}</code></th><td>${service.pattern}</td><td>${service.words}${service.minutes === null ? null : `, which counts for ${number(service.minutes, 'minute', 'minutes')}`}</td><td>${service.label}</td><td>${service.policies.length === 0 ? 'none' : service.policies.map((each, at) => html`${at === 0 ? null : ', '}<a href="#policy-${each}">${each}</a>`)}</td></tr>
`,
)}</tbody></table></div>
`;
}

function number(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

const BEGINNING = `accessServices:
  members:
    pattern: login
    label: { en: [Sign in] }

policies:
  - items: letters/**
    allow:
      - { service: members, roles: [reader] }
  - items: "**"
    allow: everyone
`;

/** Where the server was started without an access file. */
export function noAccessFilePage(frame: AdminFrame): string {
  return renderAdmin(frame, {
    title: 'Access',
    section: 'access',
    main: html`<h1>Access</h1>
<p class="notice-box">This server was started without an access file: <strong>everything is open to everybody.</strong></p>
<section aria-labelledby="begin"><h2 id="begin">How to begin</h2>
<p>Write a file <code>access.yaml</code> and start the server with <code>--access access.yaml</code>. From then on it can be edited here. This one opens the folder <code>letters</code> to people with the role <code>reader</code>, and all else to everybody:</p>
<pre class="excerpt" tabindex="0" aria-label="An access file to begin with">${BEGINNING}</pre>
<p>Give the server the right to write the file and its folder, or it can only be looked at here.</p></section>`,
  });
}

/** Where the file that the server was started with is gone. */
export function lostAccessFilePage(frame: AdminFrame, fileName: string): string {
  return renderAdmin(frame, {
    title: 'Access',
    section: 'access',
    main: html`<h1>Access</h1>
<p class="notice-box"><strong>${fileName} is not there any more, or cannot be read.</strong> What it said last is in force until the server ends; a start without it fails. Its text is among the <a href="${rootPath(frame.base)}/admin/access/versions">versions</a>.</p>`,
  });
}
