/**
 * Finds values of earlier answers that are sent in later requests: an id, a token, a hidden field of a
 * page. A value that the user had sent before is not one of them.
 */
import { memberCode, quoted, type Expression } from './code.ts';
import type { DraftStep } from './draft.ts';
import type { Shape } from './shape.ts';

/** Where a value was found. */
interface Source {
  readonly step: DraftStep;
  /** Code that gives the value, for a reply in a variable of that name. */
  readonly code: (reply: string) => string;
  readonly helper: Helper | undefined;
  /** A short value, or a number, is used only if the names match. */
  readonly isLong: boolean;
}

type Helper = keyof typeof helperFunctions;

const longEnough = 8;
const idName =
  /(?:id|key|token|code|ref|number|uuid|slug|cursor|csrf|xsrf|nonce|state|hash|auth|authorization)s?$/i;

export class Correlation {
  private readonly sources = new Map<string, Source>();
  private readonly sent = new Set<string>();
  private readonly newName: (stem: string) => string;
  readonly helpers = new Set<Helper>();

  constructor(newName: (stem: string) => string) {
    this.newName = newName;
  }

  /** `member`: the name under which the value is sent; undefined for a part of a path. */
  find(value: string | number, member: string | undefined): Expression | undefined {
    const source = this.sources.get(String(value));
    if (source === undefined) return undefined;
    if (!source.isLong && member !== undefined && !idName.test(member)) return undefined;
    source.step.variable ??= this.newName(source.step.name);
    if (source.helper !== undefined) this.helpers.add(source.helper);
    return { code: source.code(source.step.variable) };
  }

  /** Records a value that the user sent. If a later answer echoes it, it is not a value of that answer. */
  addSent(value: string): void {
    if (!this.sources.has(value)) this.sent.add(value);
  }

  /** Records the values in the JSON of an answer that its schema contains. */
  learnJson(step: DraftStep, json: unknown, shape: Shape): void {
    walk(json, shape, { code: '', name: '' }, (value, { code, name }) => {
      this.learn(value, name, { step, code: (reply) => `${reply}.body${code}` });
    });
  }

  /** Records hidden fields and meta tags of a page. */
  learnPage(step: DraftStep, page: string): void {
    for (const [tag] of page.matchAll(/<(?:input|meta)\b[^>]{0,2000}>/gi)) {
      const name = attribute(tag, 'name');
      const value = attribute(tag, 'value') ?? attribute(tag, 'content');
      const isHidden = /type\s*=\s*["']?hidden/i.test(tag) || /^<meta/i.test(tag);
      if (name === undefined || value === undefined || !isHidden) continue;
      const code = (reply: string): string => `fieldOf(${reply}.text(), ${quoted(name)})`;
      this.learn(value, name, { step, code, helper: 'fieldOf' });
    }
  }

  /** Records an id in the target of a redirect. */
  learnLocation(step: DraftStep, path: string): void {
    if (!/\d/.test(path)) return;
    const code = (reply: string): string => `pathTo(${reply}, target.url)`;
    this.learn(path, 'id', { step, code, helper: 'pathTo' });
  }

  private learn(
    value: string | number,
    name: string,
    { helper, ...found }: Omit<Source, 'isLong' | 'helper'> & { readonly helper?: Helper },
  ): void {
    const text = String(value);
    const isLong = typeof value === 'string' && text.length >= longEnough;
    if (text === '' || this.sent.has(text) || !(isLong || idName.test(name))) return;
    this.sources.set(text, { ...found, helper, isLong });
  }
}

interface Place {
  /** Code after `reply.body`. */
  readonly code: string;
  /** The member's name. */
  readonly name: string;
}

function walk(
  json: unknown,
  shape: Shape,
  { code, name }: Place,
  found: (value: string | number, place: Place) => void,
): void {
  if (typeof json === 'string' || typeof json === 'number') {
    if (shape.kind !== 'unknown') found(json, { code, name });
  } else if (Array.isArray(json) && shape.kind === 'array') {
    // Only the first item of a list, which another run will have as well.
    if (json.length > 0) walk(json[0], shape.items, { code: `${code}[0]!`, name }, found);
  } else if (typeof json === 'object' && json !== null && shape.kind === 'object') {
    for (const [member, one] of Object.entries(json)) {
      const known = shape.members.get(member);
      if (known === undefined || known.isOptional) continue;
      walk(one, known.shape, { code: code + memberCode(member), name: member }, found);
    }
  }
}

function attribute(tag: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`, 'i').exec(tag);
  return found?.[1] ?? found?.[2];
}

/** Functions for a draft that reads values from pages or redirects. */
export const helperFunctions = {
  fieldOf: String.raw`/** The value of a hidden field, or of a meta tag, of a page. */
function fieldOf(page: string, name: string): string {
  const tags = page.match(/<(?:input|meta)\b[^>]*>/gi) ?? [];
  const tag = tags.find((one) => one.includes('name="' + name + '"') || one.includes("name='" + name + "'"));
  const [, value] = /\s(?:value|content)=["']([^"']*)["']/i.exec(tag ?? '') ?? [];
  if (value === undefined) throw new Error('the page has no field ' + name);
  return value;
}`,
  pathTo: String.raw`/** Where an answer sends the browser on, as a path of the target. */
function pathTo(reply: { header(name: string): string | undefined }, url: string): string {
  const { pathname, search } = new URL(reply.header('location') ?? '', url);
  return pathname + search;
}`,
} as const;
