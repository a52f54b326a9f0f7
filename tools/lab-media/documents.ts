import { crc32 } from 'node:zlib';

/** One page of text, in lines that fit a page. */
export interface TextPage {
  readonly heading: string;
  readonly lines: readonly string[];
}

const PAGE_WIDTH = 420;
const PAGE_HEIGHT = 595;
const MARGIN = 48;

/** A PDF of pages of text, with a JPEG on top of the first. ISO 32000-1: 7.5 (file structure), 9.6.2.2 (standard fonts) */
export function writeTextPdf(pages: readonly TextPage[], picture: { jpeg: Uint8Array; width: number; height: number }): Buffer {
  const first = 6;
  const pageObjects = pages.map((_, at) => first + at * 2);
  const objects: Buffer[] = [
    object('<< /Type /Catalog /Pages 2 0 R >>'),
    object(`<< /Type /Pages /Kids [${pageObjects.map((number) => `${number} 0 R`).join(' ')}] /Count ${pages.length} >>`),
    object('<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>'),
    object('<< /Type /Font /Subtype /Type1 /BaseFont /Times-Bold /Encoding /WinAnsiEncoding >>'),
    stream(
      `/Type /XObject /Subtype /Image /Width ${picture.width} /Height ${picture.height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode `,
      picture.jpeg,
    ),
  ];
  for (const [at, page] of pages.entries()) {
    objects.push(
      object(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE_WIDTH} ${PAGE_HEIGHT}] /Contents ${first + at * 2 + 1} 0 R ` +
          '/Resources << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << /Im0 5 0 R >> >> >>',
      ),
      stream('', Buffer.from(pageContent(page, at === 0 ? picture : null), 'latin1')),
    );
  }
  return assemble(objects);
}

function pageContent({ heading, lines }: TextPage, picture: { width: number; height: number } | null): string {
  const wide = PAGE_WIDTH - 2 * MARGIN;
  const tall = picture === null ? 0 : Math.round((wide * picture.height) / picture.width);
  const drawing = picture === null ? '' : `q ${wide} 0 0 ${tall} ${MARGIN} ${PAGE_HEIGHT - MARGIN - tall} cm /Im0 Do Q\n`;
  const top = PAGE_HEIGHT - MARGIN - tall - 30;
  const text = lines.map((line) => `T* (${escapeText(line)}) Tj`).join('\n');
  return `${drawing}BT /F2 18 Tf ${MARGIN} ${top} Td (${escapeText(heading)}) Tj ET\nBT /F1 11 Tf 16 TL ${MARGIN} ${top - 14} Td\n${text}\nET`;
}

function escapeText(text: string): string {
  return text.replace(/[\\()]/g, (letter) => `\\${letter}`);
}

function object(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

function stream(entries: string, bytes: Uint8Array): Buffer {
  return Buffer.concat([object(`<< ${entries}/Length ${bytes.length} >>\nstream\n`), bytes, object('\nendstream')]);
}

function assemble(objects: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
  let at = parts[0]?.length ?? 0;
  const offsets: number[] = [];
  for (const [index, body] of objects.entries()) {
    const part = Buffer.concat([object(`${index + 1} 0 obj\n`), body, object('\nendobj\n')]);
    offsets.push(at);
    parts.push(part);
    at += part.length;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  parts.push(object(`xref\n0 ${size}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${at}\n%%EOF\n`));
  return Buffer.concat(parts);
}

/** An EPUB of one chapter. https://www.w3.org/TR/epub-33/#sec-ocf (container), #sec-package-doc (package document) */
export function writeEpub(title: string, pages: readonly TextPage[]): Buffer {
  const html = (body: string) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" lang="en">\n<head><title>${title}</title></head>\n<body>\n${body}\n</body>\n</html>\n`;
  const chapter = pages.map(({ heading, lines }) => `<h1>${heading}</h1>\n<p>${lines.join(' ')}</p>`).join('\n');
  return writeZip([
    ['mimetype', 'application/epub+zip'],
    [
      'META-INF/container.xml',
      '<?xml version="1.0" encoding="UTF-8"?>\n<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>\n',
    ],
    [
      'book.opf',
      `<?xml version="1.0" encoding="UTF-8"?>\n<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">\n<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">urn:vitrine:lab:guide</dc:identifier><dc:title>${title}</dc:title><dc:language>en</dc:language><meta property="dcterms:modified">2026-01-01T00:00:00Z</meta></metadata>\n<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/><item id="text" href="text.xhtml" media-type="application/xhtml+xml"/></manifest>\n<spine><itemref idref="text"/></spine>\n</package>\n`,
    ],
    ['nav.xhtml', html(`<nav epub:type="toc"><ol><li><a href="text.xhtml">${title}</a></li></ol></nav>`)],
    ['text.xhtml', html(chapter)],
  ]);
}

/** Stored without compression, in this order: the media type of an EPUB must be readable at a fixed place. APPNOTE 4.3 */
function writeZip(files: ReadonlyArray<readonly [name: string, text: string]>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, text] of files) {
    const bytes = Buffer.from(text);
    const about = Buffer.alloc(26);
    about.writeUInt16LE(20, 0);
    about.writeUInt16LE(0x21, 8);
    about.writeUInt32LE(crc32(bytes), 10);
    about.writeUInt32LE(bytes.length, 14);
    about.writeUInt32LE(bytes.length, 18);
    about.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), about, Buffer.from(name), bytes]);
    const more = Buffer.alloc(14);
    more.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), about, more, Buffer.from(name)]));
    parts.push(local);
    at += local.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06'), end]);
}
