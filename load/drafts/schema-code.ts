/** JSON schemas as code: as zod schemas, and as sample values. */
import { isSecretName } from '../clients/redaction.ts';
import { keyCode, listCode, quoted, valueCode } from './code.ts';
import type { Schema } from './openapi-file.ts';

/** Schemas may be recursive; the parser keeps such references. */
const deepest = 8;
const mostItems = 5;

/** In a schema: the code of a value to use in its place. */
export const given = Symbol('code of a value');

/** `within`: the enclosing schemas. A recursive schema is not expanded further. */
export function zodOf(schema: unknown, within: readonly unknown[] = []): string {
  if (!isSchema(schema) || within.length > deepest || within.includes(schema)) return 'z.unknown()';
  if ('$ref' in schema) return 'z.unknown()';
  const code = notNullCode(schema, [...within, schema]);
  return isNullable(schema) && code !== 'z.unknown()' ? `${code}.nullable()` : code;
}

function notNullCode(schema: Schema, within: readonly unknown[]): string {
  if ('const' in schema) return unionOf([schema['const']]);
  const { enum: values, oneOf, anyOf, allOf } = schema;
  if (Array.isArray(values)) return unionOf(values.filter((one) => one !== null));
  const several = [oneOf, anyOf].find((all) => Array.isArray(all)) as unknown[] | undefined;
  if (several !== undefined) return anyCode(several.map((one) => zodOf(one, within)));
  if (Array.isArray(allOf)) return zodOf(mergedSchema(schema), within);
  switch (typeOf(schema)) {
    case 'string':
      return 'z.string()';
    case 'integer':
    case 'number':
      return 'z.number()';
    case 'boolean':
      return 'z.boolean()';
    case 'array':
      return `z.array(${zodOf(schema['items'], within)})`;
    case 'object':
      return objectCode(schema, within);
    default:
      return 'z.unknown()';
  }
}

function objectCode(schema: Schema, within: readonly unknown[]): string {
  const required = requiredIn(schema);
  const members = Object.entries(membersOf(schema)).filter(([, one]) => !isTrue(one, 'writeOnly'));
  const { additionalProperties: others } = schema;
  if (members.length === 0) {
    return `z.record(z.string(), ${isSchema(others) ? zodOf(others, within) : 'z.unknown()'})`;
  }
  const codes = members.map(([name, one]) => {
    const end = required.includes(name) ? '' : '.optional()';
    return `${keyCode(name)}: ${zodOf(one, within)}${end}`;
  });
  return `z.object(${listCode('{', codes, '}')})`;
}

function unionOf(values: readonly unknown[]): string {
  const isText = values.length > 0 && values.every((one) => typeof one === 'string');
  if (isText) return `z.enum(${listCode('[', (values as string[]).map(quoted), ']')})`;
  const isPlain = values.every((one) => ['string', 'number', 'boolean'].includes(typeof one));
  if (!isPlain) return 'z.unknown()';
  return anyCode(values.map((one) => `z.literal(${valueCode(one, () => undefined)})`));
}

function anyCode(codes: readonly string[]): string {
  const [only = 'z.unknown()', ...more] = new Set(codes);
  if (only === 'z.unknown()' || more.includes('z.unknown()')) return 'z.unknown()';
  return more.length === 0 ? only : `z.union(${listCode('[', [only, ...more], ']')})`;
}

export interface Sampled {
  readonly code: string;
  /** Parts of the schema for which no value could be made, in words. */
  readonly hints: readonly string[];
}

/** A value that matches the schema, as code. `secret` gives the code of the secret with a name. */
export function sampleOf(
  schema: unknown,
  member: string,
  secret: (name: string) => string,
): Sampled {
  const hints: string[] = [];
  const code = sample(schema, member, 0, {
    secret,
    hint: (text) => {
      if (!hints.includes(text)) hints.push(text);
    },
  });
  return { code, hints };
}

interface Sampling {
  readonly secret: (name: string) => string;
  readonly hint: (text: string) => void;
}

function sample(schema: unknown, member: string, depth: number, sampling: Sampling): string {
  if (!isSchema(schema) || depth > deepest || '$ref' in schema) return 'null';
  const code = (schema as { readonly [given]?: string })[given];
  if (code !== undefined) return code;
  if (isSecretName(member) && typeOf(schema) === 'string') return sampling.secret(member);
  const stated = statedValue(schema);
  if (stated !== undefined) return valueCode(stated, secretsIn(sampling));
  const { oneOf, anyOf, allOf } = schema;
  if (Array.isArray(allOf)) return sample(mergedSchema(schema), member, depth + 1, sampling);
  const several = [oneOf, anyOf].find((all) => Array.isArray(all)) as unknown[] | undefined;
  if (several !== undefined) return sample(several[0], member, depth + 1, sampling);
  switch (typeOf(schema)) {
    case 'string':
      return stringSample(schema, sampling);
    case 'integer':
    case 'number':
      return String(numberSample(schema));
    case 'boolean':
      return 'true';
    case 'array': {
      const length = Math.min(mostItems, Math.max(1, numberIn(schema, 'minItems') ?? 1));
      const item = sample(schema['items'], member, depth + 1, sampling);
      return listCode(
        '[',
        Array.from({ length }, () => item),
        ']',
      );
    }
    case 'object': {
      const members = Object.entries(membersOf(schema)).filter(([name, one]) => {
        const needed = requiredIn(schema);
        return !isTrue(one, 'readOnly') && (needed.length === 0 || needed.includes(name));
      });
      const codes = members.map(
        ([name, one]) => `${keyCode(name)}: ${sample(one, name, depth + 1, sampling)}`,
      );
      return listCode('{', codes, '}');
    }
    default:
      return 'null';
  }
}

/** An example of a password is still a password. */
function secretsIn({ secret }: Sampling) {
  return (leaf: string | number, member: string) =>
    typeof leaf === 'string' && isSecretName(member) ? [{ code: secret(member) }] : undefined;
}

function statedValue(schema: Schema): unknown {
  const { example, examples, default: usual, const: only, enum: values } = schema;
  const first = (list: unknown): unknown =>
    Array.isArray(list) ? (list as unknown[])[0] : undefined;
  return example ?? first(examples) ?? only ?? usual ?? first(values);
}

const texts: Readonly<Record<string, string>> = {
  // Each user has its own value in every run.
  email: '`load-${user.uniqueId}@example.org`',
  uuid: 'crypto.randomUUID()',
  date: "'2026-01-15'",
  'date-time': "'2026-01-15T10:00:00Z'",
  uri: "'https://example.org/'",
  hostname: "'example.org'",
  ipv4: "'192.0.2.1'",
};

function stringSample(schema: Schema, { hint }: Sampling): string {
  const format = schema['format'];
  if (typeof format === 'string' && Object.hasOwn(texts, format)) return texts[format]!;
  if ('pattern' in schema) hint('A text in it must match a pattern: write one that does.');
  const least = Math.min(1000, numberIn(schema, 'minLength') ?? 0);
  const most = numberIn(schema, 'maxLength') ?? Infinity;
  return quoted('text'.padEnd(least, 'x').slice(0, most));
}

function numberSample(schema: Schema): number {
  const { minimum, exclusiveMinimum, maximum, multipleOf } = {
    minimum: numberIn(schema, 'minimum'),
    exclusiveMinimum: schema['exclusiveMinimum'],
    maximum: numberIn(schema, 'maximum'),
    multipleOf: numberIn(schema, 'multipleOf'),
  };
  // In 3.0 this is a flag of the minimum, in 3.1 a separate number.
  const isBeyond = exclusiveMinimum === true;
  const beyond = typeof exclusiveMinimum === 'number' ? exclusiveMinimum : undefined;
  const least = beyond === undefined ? (minimum ?? 1) + (isBeyond ? 1 : 0) : beyond + 1;
  const value = Math.min(maximum ?? Infinity, minimum === undefined ? Math.max(1, least) : least);
  return multipleOf === undefined ? value : Math.ceil(value / multipleOf) * multipleOf;
}

/** All parts of `allOf` as one object. */
export function mergedSchema(schema: Schema, depth = 0): Schema {
  const { allOf, ...own } = schema;
  const all = [...(Array.isArray(allOf) && depth < deepest ? (allOf as unknown[]) : []), own];
  const parts = all.filter(isSchema);
  const merged = parts.map((part) => (part === own ? own : mergedSchema(part, depth + 1)));
  const types = merged.map(typeOf).filter((type) => type !== undefined);
  const whole: Schema = Object.assign({}, ...merged) as Schema;
  const properties: Schema = Object.assign({}, ...merged.map(membersOf)) as Schema;
  return { ...whole, type: types[0], properties, required: merged.flatMap(requiredIn) };
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The type other than null; derived from the members if it is not stated. */
export function typeOf(schema: Schema): string | undefined {
  const { type } = schema;
  const stated = (Array.isArray(type) ? (type as unknown[]) : [type]).find((one) => one !== 'null');
  if (typeof stated === 'string') return stated;
  if ('properties' in schema) return 'object';
  return 'items' in schema ? 'array' : undefined;
}

export function membersOf(schema: Schema): Schema {
  const { properties } = schema;
  return isSchema(properties) ? properties : {};
}

function requiredIn({ required }: Schema): unknown[] {
  return Array.isArray(required) ? (required as unknown[]) : [];
}

/** In 3.0 a flag, in 3.1 a type. */
function isNullable(schema: Schema): boolean {
  const { type, enum: values } = schema;
  const isOneOf = (list: unknown): boolean =>
    Array.isArray(list) && (list as unknown[]).includes('null');
  const hasNull = Array.isArray(values) && (values as unknown[]).includes(null);
  return schema['nullable'] === true || isOneOf(type) || hasNull;
}

function isTrue(schema: unknown, flag: string): boolean {
  return isSchema(schema) && schema[flag] === true;
}

function numberIn(schema: Schema, name: string): number | undefined {
  const value = schema[name];
  return typeof value === 'number' ? value : undefined;
}
