import type { AccessModel } from '../../domain/access.ts';
import type { AccessRemark } from '../../domain/access-file.ts';
import { describePolicy, describeService } from '../../domain/describe-policy.ts';
import { rulesOfPolicy } from '../../domain/item-service.ts';
import type { AccessKeeper } from '../../flows/admin/keep-access-versions.ts';
import { previewAccess } from '../../flows/admin/preview-access.ts';
import { chooseTexts } from '../../iiif/auth/language.ts';
import { type AccessPage, accessPage } from '../../ui/admin/pages/access.ts';
import type { AccessEditor } from '../../ui/admin/pages/access-editor.ts';
import { accessPreviewPage } from '../../ui/admin/pages/access-preview.ts';
import { rootOf } from '../access/access-page.ts';
import type { HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import type { AdminDeps } from './admin-deps.ts';
import { type Admin, adminFrame, formToken } from './guard.ts';

export const ACCESS_PURPOSE = 'access file';
/** A file of a million letters, each of which a form may write with several. */
export const ACCESS_FORM_BYTES = 4 * 1024 * 1024;

/** A text that somebody works on. */
export interface AccessDraft {
  readonly text: string;
  readonly comment: string;
  /** What lies on the server. */
  readonly current: string;
}

/** Browsers end the lines of a form in their own way: the file keeps its own. */
export function readDraftText(form: URLSearchParams, current: string): string {
  const text = (form.get('text') ?? '').replace(/\r\n?/g, '\n');
  const ended = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  return /\r\n/.test(current) ? ended.replace(/\n/g, '\r\n') : ended;
}

/** The page of the file; with the mistakes of a draft. */
export async function accessReply(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  keeper: AccessKeeper,
  draft: AccessDraft,
  status: number,
): Promise<Reply> {
  const { file } = keeper;
  const onDisk = file.check(draft.current);
  const reading = file.check(draft.text);
  const model = onDisk.ok ? onDisk.model : deps.access();
  const [newest] = await deps.accessVersions.list({ limit: 1 });
  const editor = await editorOf(deps, request, keeper, draft, {
    mistakes: reading.ok ? [] : reading.mistakes,
    warnings: reading.ok ? reading.warnings : [],
    previewed: null,
  });
  const html = accessPage(adminFrame(deps, request, admin), {
    ...wordsOf(model, deps.clock.now()),
    inForce: onDisk.ok,
    versions: newest?.number ?? 0,
    editor,
  });
  return page(status, html);
}

/** What a valid draft would change; the page of the file for one with mistakes. */
export async function previewReply(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  keeper: AccessKeeper,
  draft: AccessDraft,
  notice: string | null,
): Promise<Reply> {
  const reading = keeper.file.check(draft.text);
  if (!reading.ok) return accessReply(deps, request, admin, keeper, draft, 400);
  const preview = await previewAccess(deps, reading.model, reading.warnings);
  const previewed = deps.randomness.hash(draft.text);
  const html = accessPreviewPage(adminFrame(deps, request, admin), {
    ...preview,
    before: draft.current,
    notice,
    editor: await editorOf(deps, request, keeper, draft, { mistakes: [], warnings: reading.warnings, previewed }),
  });
  return page(notice === null ? 200 : 409, html);
}

async function editorOf(
  deps: AdminDeps,
  request: HttpRequest,
  { file }: AccessKeeper,
  { text, comment, current }: AccessDraft,
  said: { readonly mistakes: readonly AccessRemark[]; readonly warnings: readonly AccessRemark[]; readonly previewed: string | null },
): Promise<AccessEditor> {
  const root = `${rootOf(request)}/admin/access`;
  return {
    fileName: file.name,
    previewAction: `${root}/preview`,
    saveAction: `${root}/save`,
    formToken: formToken(deps, request, ACCESS_PURPOSE),
    text,
    over: deps.randomness.hash(current),
    comment,
    obstacle: await file.findObstacle(),
    ...said,
  };
}

function wordsOf(model: AccessModel, now: Date): Pick<AccessPage, 'policies' | 'services'> {
  const naming = (name: string) => model.policies.filter((policy) => rulesOfPolicy(policy).some(({ service }) => service === name));
  return {
    policies: model.policies.map((policy) => {
      const { number, line, items } = policy;
      return { number, line, items, words: describePolicy(model, policy, now) };
    }),
    services: [...model.services.values()].map((service) => ({
      name: service.name,
      pattern: service.pattern,
      label: chooseTexts(service.label, ['en']).join(' '),
      words: describeService(service),
      minutes: service.minutes ?? null,
      policies: naming(service.name).map(({ number }) => number),
    })),
  };
}
