/** Reads each of the reports that a run has left. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import type { Results } from '../../load/report/files/results-json.ts';

export interface LeftReports {
  readonly results: Results;
  readonly summary: string;
  /** The text of Playwright's HTML report, including its attachments. */
  readonly html: string;
  /** The text of all files of Allure's results. */
  readonly allure: string;
}

export function leftReports(runFolder: string): LeftReports {
  const reports = dirname(runFolder);
  return {
    results: JSON.parse(readFileSync(join(runFolder, 'results.json'), 'utf8')) as Results,
    summary: readFileSync(join(runFolder, 'summary.md'), 'utf8'),
    html: htmlReportText(join(reports, 'html')),
    allure: textOfFiles(join(reports, 'allure-results')),
  };
}

/** The text of all files in a folder. Compressed files (blobs, traces) are unpacked. */
export function textOfFiles(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => {
      return textOfFile(path, readFileSync(path));
    })
    .join('\n');
}

/** Unpacks compressed files. */
export function textOfFile(name: string, bytes: Buffer): string {
  if (name.endsWith('.zip')) return unzipped(bytes).join('\n');
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
}

/** The report's data is a base64 ZIP file at the end of its page. */
export function htmlReportText(folder: string): string {
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const data = /<template id="playwrightReportBase64">data:application\/zip;base64,([^<]+)/.exec(
    page,
  );
  if (data === null) throw new Error(`${folder}: a report without data`);
  return [...unzipped(Buffer.from(data[1]!, 'base64')), textOfFiles(folder)].join('\n');
}

/** All entries of a ZIP file (APPNOTE 4.3), found through its central directory. */
function unzipped(zip: Buffer): string[] {
  const texts: string[] = [];
  const end = zip.lastIndexOf('PK\x05\x06');
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const compressedBytes = zip.readUInt32LE(at + 20);
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + compressedBytes);
    const bytes = zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed;
    const name = zip.subarray(at + 46, at + 46 + zip.readUInt16LE(at + 28)).toString();
    texts.push(name, textOfFile(name, bytes));
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return texts;
}
