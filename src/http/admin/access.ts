import type { AccessKeeper } from '../../flows/admin/keep-access-versions.ts';
import { lostAccessFilePage, noAccessFilePage } from '../../ui/admin/pages/access.ts';
import type { Handler, HttpRequest, Reply } from '../server/exchange.ts';
import { page } from '../server/reply.ts';
import { ACCESS_FORM_BYTES, ACCESS_PURPOSE, accessReply, previewReply, readDraftText } from './access-editor.ts';
import type { AdminDeps } from './admin-deps.ts';
import { type Admin, adminForm, adminFrame, adminPage, done } from './guard.ts';

/** `/admin/access` */
export function createAccessEditor(deps: AdminDeps): Handler {
  return adminPage(deps, (request, admin) =>
    withFile(deps, request, admin, (keeper, current) =>
      accessReply(deps, request, admin, keeper, { text: current, comment: '', current }, 200),
    ),
  );
}

/** `/admin/access/preview`: of what was typed, or of a version that was kept. Changes nothing. */
export function createPreviewAccess(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: ACCESS_PURPOSE, mostBytes: ACCESS_FORM_BYTES }, (request, admin, form) =>
    withFile(deps, request, admin, async (keeper, current) => {
      const kept = await findVersion(deps, form.get('version'));
      if (kept !== null) {
        const draft = { text: kept.text, comment: `Version ${kept.number} brought back`, current };
        return previewReply(deps, request, admin, keeper, draft, null);
      }
      const changed = form.get('over') !== deps.randomness.hash(current);
      return previewReply(deps, request, admin, keeper, draftOf(form, current), changed ? CHANGED : null);
    }),
  );
}

/** `/admin/access/save`: what was previewed, and nothing else. */
export function createSaveAccess(deps: AdminDeps): Handler {
  return adminForm(deps, { purpose: ACCESS_PURPOSE, recent: true, mostBytes: ACCESS_FORM_BYTES }, (request, admin, form) =>
    withFile(deps, request, admin, async (keeper, current) => {
      const draft = draftOf(form, current);
      const isPreviewed = form.get('previewed') === deps.randomness.hash(draft.text);
      if (!isPreviewed) return previewReply(deps, request, admin, keeper, draft, OTHER_TEXT);
      const saved = await keeper.save({
        text: draft.text,
        over: form.get('over') ?? '',
        by: admin.user.name,
        address: request.address,
        comment: draft.comment === '' ? null : draft.comment,
      });
      if (saved.kind === 'saved') return done(request, '/admin/access', 'access-saved');
      if (saved.kind === 'same') return done(request, '/admin/access', 'access-same');
      if (saved.kind === 'changed') return previewReply(deps, request, admin, keeper, { ...draft, current: saved.text }, CHANGED);
      const sentence = saved.kind === 'hindered' ? `It was not saved. ${saved.sentence}` : null;
      return previewReply(deps, request, admin, keeper, draft, sentence);
    }),
  );
}

const CHANGED =
  'Somebody has changed the file since you opened it. What differs below is your text from theirs: take over what you want to keep, and preview it again before you save.';
const OTHER_TEXT = 'You have changed the text since the preview. This is what it would do now.';

async function withFile(
  deps: AdminDeps,
  request: HttpRequest,
  admin: Admin,
  answer: (keeper: AccessKeeper, current: string) => Promise<Reply>,
): Promise<Reply> {
  const { accessKeeper } = deps;
  if (accessKeeper === null) return page(200, noAccessFilePage(adminFrame(deps, request, admin)));
  await accessKeeper.notice();
  const current = await accessKeeper.file.read();
  if (current === null) return page(200, lostAccessFilePage(adminFrame(deps, request, admin), accessKeeper.file.name));
  return answer(accessKeeper, current);
}

const LONGEST_COMMENT = 200;

function draftOf(form: URLSearchParams, current: string) {
  const comment = (form.get('comment') ?? '').trim().slice(0, LONGEST_COMMENT);
  return { text: readDraftText(form, current), comment, current };
}

async function findVersion({ accessVersions }: AdminDeps, number: string | null) {
  return number !== null && /^[1-9]\d{0,8}$/.test(number) ? accessVersions.find(Number(number)) : null;
}
