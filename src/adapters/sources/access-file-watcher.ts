import { formatAccessFileError, parseAccessFile } from '../../config/access-file.ts';
import { filesBeside } from '../../config/files-beside.ts';
import { type AccessModel, openAccess } from '../../domain/access.ts';
import { type FileInForce, type JudgedText, WATCH_TIMING, type WatchLog, watchFile } from './watched-file.ts';

export type AccessFileWatcher = FileInForce<AccessModel>;

/** Reads and watches the access file. Null: no file, all is open. `identitySources`: the names that services may list. */
export async function watchAccessFile(
  file: string | null,
  onChange: (model: AccessModel) => void,
  log: WatchLog,
  { timing = WATCH_TIMING, identitySources = () => [] as readonly string[] } = {},
): Promise<AccessFileWatcher> {
  if (file === null) return { current: openAccess, look: async () => {}, judgeAgain: () => {}, close: () => {} };
  const judge = (text: string) => judgeText(text, file, identitySources());
  return watchFile({ file, kind: 'access file', judge, onChange, log, timing });
}

function judgeText(text: string, file: string, identitySources: readonly string[]): JudgedText<AccessModel> {
  const result = parseAccessFile(text, file, filesBeside(file), identitySources);
  if (!result.ok) return { ok: false, errors: result.errors.map(formatAccessFileError) };
  const { model, warnings } = result;
  return {
    ok: true,
    value: model,
    filesNamed: filesNamed(model),
    warnings: warnings.map(formatAccessFileError),
    summary: `policies ${model.policies.length}, access services ${model.services.size}`,
  };
}

/** The images of watermarks, by name, with the stamps that they were read at. */
function filesNamed({ policies }: AccessModel): ReadonlyMap<string, string> {
  const marks = policies.flatMap(({ otherwise = [] }) => otherwise.map(({ watermark }) => watermark?.mark));
  return new Map(marks.flatMap((mark) => (mark === undefined || typeof mark === 'string' ? [] : [[mark.file, mark.stamp] as const])));
}
