/** A vector store that took too long says so in the body of the answer; services choose any status. */

const marks = ['"error"', '"detail"'].map((mark) => Buffer.from(mark));
const tookTooLong = /timeout|deadline/i;

/** Whether `error` or `detail` at the top of a JSON body tells of a timeout or a deadline. */
export function isVectorTimeout(bytes: Uint8Array): boolean {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A cheap look before a costly one: good answers hold neither word.
  if (!marks.some((mark) => body.includes(mark))) return false;
  const parsed = parseJson(body);
  if (typeof parsed !== 'object' || parsed === null) return false;
  const { error, detail } = parsed as { error?: unknown; detail?: unknown };
  return [error, detail].some((told) => told !== undefined && tookTooLong.test(textOf(told)));
}

/** Some services put an object there: `{"error": {"message": "deadline exceeded"}}`. */
function textOf(told: unknown): string {
  return typeof told === 'string' ? told : JSON.stringify(told);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
