/** Turns a recording of a browser's requests into a draft of a user who sends the same. */
import { isSecretName } from '../clients/redaction.ts';
import { patternOf } from '../metrics/record/name-patterns.ts';
import { parsedJson } from '../platform/json-file.ts';
import { counted, plainName } from '../platform/words.ts';
import { bodyOptions } from './bodies.ts';
import { listCode, keyCode, Names, textCode, type Piece } from './code.ts';
import { Correlation, helperFunctions } from './correlation.ts';
import type { Draft, DraftStep } from './draft.ts';
import { answerText, harEntries, isOfPageOnly, startOf, type HarEntry } from './har-file.ts';
import { secretFunction, Secrets } from './secrets.ts';
import { shapeOf, zodCode } from './shape.ts';

export interface HarDraft {
  readonly draft: Draft;
  /** Variables for the secrets of the recording. */
  readonly variables: readonly string[];
  /** Notes on what was left out, a sentence each. */
  readonly notes: readonly string[];
  /** Throws if the text contains a secret of the recording. */
  readonly refuseSecretsIn: (text: string) => void;
}

export interface HarOptions {
  readonly system: string;
  /** Only requests to this origin. Default: that of the first request. */
  readonly origin?: string | undefined;
}

const mostRequests = 300;
/** A shorter pause is caused by the page, not by the user. */
const shortestPauseMs = 1000;
const longestPauseMs = 30_000;

/** Throws if the text is not a HAR or has no request to send. */
export function harDraft(text: string, { system, origin }: HarOptions): HarDraft {
  const all = harEntries(text);
  const { entries, notes } = chosen(all, origin);
  const secrets = new Secrets(system, all);
  const recording = new Recording(secrets);
  entries.forEach((entry, i) => {
    recording.add(entry, i === 0 ? 0 : pauseMs(entries[i - 1]!, entry));
  });
  return {
    draft: { system, source: 'a recording', ...recording.parts() },
    variables: [...secrets.used],
    notes,
    refuseSecretsIn: (draft) => {
      const variable = secrets.foundIn(draft);
      if (variable === undefined) return;
      throw new Error(
        `the value of ${variable} also occurs elsewhere in the recording, and would be in the file; ` +
          'nothing was written: record again with a password or token that is not an ordinary word',
      );
    },
  };
}

/** Requests to the origin, without those that are only for display. */
function chosen(all: readonly HarEntry[], asked: string | undefined) {
  const sent = all.filter(({ request }) => isHttp(request.url));
  const first = sent[0] && new URL(sent[0].request.url).origin;
  const origin = asked ?? first;
  const own = sent.filter(({ request }) => new URL(request.url).origin === origin);
  const entries = own.filter((entry) => {
    const { request, response } = entry;
    return !isOfPageOnly(entry) && request.method !== 'OPTIONS' && response.status > 0;
  });
  if (entries.length === 0) {
    const known = [...new Set(sent.map(({ request }) => new URL(request.url).origin))];
    const list = known.length === 0 ? 'none' : known.slice(0, 10).join(', ');
    throw new Error(`no request in it to ${origin ?? 'any host'}; hosts of the recording: ${list}`);
  }
  if (entries.length > mostRequests) {
    throw new Error(
      `${counted(entries.length, 'request')}; accepted are at most ${mostRequests} in a journey`,
    );
  }
  const notes = [
    leftOut(sent.length - own.length, `to other hosts than ${origin}`),
    leftOut(
      own.length - entries.length,
      'for files of pages, of other kinds, or without an answer',
    ),
  ];
  return { entries, notes: notes.filter((note) => note !== '') };
}

function leftOut(count: number, what: string): string {
  return count === 0 ? '' : `${counted(count, 'request')} ${what}: left out`;
}

function isHttp(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** From the end of one request to the start of the next, in tenths of a second. */
function pauseMs(before: HarEntry, entry: HarEntry): number {
  const ms = startOf(entry) - startOf(before) - Math.max(0, before.time ?? 0);
  return ms < shortestPauseMs ? 0 : Math.min(longestPauseMs, Math.round(ms / 100) * 100);
}

/** Takes the requests in the order in which they were sent. */
class Recording {
  private readonly steps: DraftStep[] = [];
  private readonly names = new Names();
  private readonly schemas = new Map<string, string>();
  private readonly correlation = new Correlation((stem) => this.names.of(stem));
  private readonly secrets: Secrets;

  constructor(secrets: Secrets) {
    this.secrets = secrets;
  }

  add(entry: HarEntry, pauseMs: number): void {
    const { request, response } = entry;
    const url = new URL(request.url);
    const { path, name } = this.pathOf(url);
    const json = isJson(response.content.mimeType) ? parsedJson(answerText(entry)) : undefined;
    const shape = shapeOf(json, (text) => this.secrets.holds(text));
    const stepName = plainName(`${request.method} ${name}`);
    const options = [
      ...this.queryOf(url),
      ...this.headersOf(entry),
      ...bodyOptions(request.postData, (value, member) => this.pieces(value, member)),
      ...(isUsual(response.status) ? [] : [['status', String(response.status)] as const]),
      ...(shape.kind === 'unknown'
        ? []
        : [['expect', this.schema(stepName, zodCode(shape))] as const]),
    ];
    const step = { name: stepName, method: request.method.toUpperCase(), path, options, pauseMs };
    this.steps.push(step);
    this.correlation.learnJson(step, json, shape);
    if (/html/i.test(response.content.mimeType ?? '')) {
      this.correlation.learnPage(step, answerText(entry));
    }
    const location = response.headers.find((one) => /^location$/i.test(one.name))?.value;
    if (location !== undefined && URL.canParse(location, url.href)) {
      const to = new URL(location, url);
      if (to.origin === url.origin) this.correlation.learnLocation(step, to.pathname + to.search);
    }
  }

  parts(): Omit<Draft, 'system' | 'source'> {
    const functions = [...this.correlation.helpers].map((name) => helperFunctions[name]);
    return {
      tasks: [{ name: 'journey', steps: this.steps }],
      schemas: [...this.schemas].map(([code, name]) => [name, code] as const),
      functions: this.secrets.used.size > 0 ? [...functions, secretFunction] : functions,
    };
  }

  /** Code of the path, and its name, with ids replaced by a placeholder. */
  private pathOf({ pathname, search }: URL): { path: string; name: string } {
    const whole = this.correlation.find(pathname + search, undefined);
    if (whole !== undefined) return { path: whole.code, name: patternOf(pathname) };
    const parts = pathname.split('/').slice(1);
    const known = parts.map((part) => {
      const value = decoded(part);
      const found = this.correlation.find(value, undefined) ?? this.secrets.whole(value);
      if (found !== undefined) return [{ code: `encodeURIComponent(${found.code})` }];
      return this.secrets.pieces(part);
    });
    const names = parts.map((part, i) => {
      return known[i]!.some((piece) => typeof piece !== 'string')
        ? '{id}'
        : patternOf(decoded(part));
    });
    // The query is kept as sent if a list of parameters could not express it.
    const rest = isTable(search) ? [] : this.secrets.pieces(search);
    const pieces = known.flatMap((part): Piece[] => ['/', ...part]);
    return { path: textCode([...pieces, ...rest]), name: `/${names.join('/')}` };
  }

  private queryOf({ search, searchParams }: URL): (readonly [string, string])[] {
    if (search === '' || !isTable(search)) return [];
    return [['query', this.recordCode([...searchParams])]];
  }

  private headersOf({ request }: HarEntry): (readonly [string, string])[] {
    const kept = request.headers.filter(({ name, value }) => isKept(name.toLowerCase(), value));
    if (kept.length === 0) return [];
    const pairs = kept.map(({ name, value }) => [name.toLowerCase(), value] as const);
    return [['headers', this.recordCode(pairs)]];
  }

  private recordCode(pairs: readonly (readonly [string, string])[]): string {
    const members = pairs.map(([name, value]) => {
      const key = this.secrets.holds(name)
        ? `[${textCode(this.secrets.pieces(name))}]`
        : keyCode(name);
      return `${key}: ${textCode(this.wordPieces(value, name))}`;
    });
    return listCode('{', members, '}');
  }

  /** `Bearer <token>`: the token may come from an answer. */
  private wordPieces(value: string, name: string): readonly Piece[] {
    const [, scheme, rest] = /^(bearer |basic |token )(\S+)$/i.exec(value) ?? [];
    if (scheme === undefined || rest === undefined) return this.pieces(value, name);
    return [scheme, ...this.pieces(rest, name)];
  }

  /** Code of a sent value: from an answer, a secret, or a literal. */
  private pieces(value: string | number, member: string): readonly Piece[] {
    const found = this.correlation.find(value, member);
    if (found !== undefined) return [found];
    const text = String(value);
    const secret = isSecretName(member) ? this.secrets.whole(text) : undefined;
    if (secret !== undefined) return [secret];
    this.correlation.addSent(text);
    return this.secrets.pieces(text);
  }

  private schema(stepName: string, code: string): string {
    const known = this.schemas.get(code);
    if (known !== undefined) return known;
    const name = this.names.of(stepName, 'Answer');
    this.schemas.set(code, name);
    return name;
  }
}

function isJson(type: string | undefined): boolean {
  return /json/i.test(type ?? '');
}

/** By default any 2xx is expected; a 304 comes only from a browser's cache. */
function isUsual(status: number): boolean {
  return (status >= 200 && status < 300) || status === 304;
}

/** Headers of the application. The client sets cookies and content types itself. */
function isKept(name: string, value: string): boolean {
  if (name === 'accept') return /^application\/[\w.+-]*json$/i.test(value);
  return name === 'authorization' || (/^(?:x-|api)/.test(name) && !name.startsWith('x-forwarded'));
}

/** Whether names and values express the whole query, with no name twice. */
function isTable(search: string): boolean {
  const names = [...new URLSearchParams(search).keys()];
  return names.length > 0 && new Set(names).size === names.length;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
