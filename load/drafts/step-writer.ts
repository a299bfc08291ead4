/** Turns operations of an API description into steps of a draft. */
import { keyCode, listCode, memberCode, Names, quoted, textCode, type Piece } from './code.ts';
import type { DraftStep } from './draft.ts';
import {
  jsonOf,
  type Content,
  type Description,
  type Operation,
  type Parameter,
} from './openapi-file.ts';
import { collectionOf, idIn, pathNames } from './operations.ts';
import {
  given,
  isSchema,
  membersOf,
  mergedSchema,
  sampleOf,
  typeOf,
  zodOf,
} from './schema-code.ts';
import { plainName } from '../platform/words.ts';
import { systemVariables } from '../settings/system-variables.ts';

/** An operation that the task has already called. */
export interface Made {
  readonly operation: Operation;
  readonly step: DraftStep;
}

type Option = readonly [name: string, code: string];

/** Headers that follow from the type of the body or the security scheme. */
const notSent = /^(?:accept|content-type|authorization)$/i;

export class StepWriter {
  private readonly names = new Names();
  /** Code → name. */
  private readonly known = new Map<string, string>();
  private readonly secrets = new Set<string>();
  private usesKey = false;
  private readonly system: string;
  private readonly description: Description;
  private readonly hasLogin: boolean;

  constructor(system: string, description: Description, login: object | undefined) {
    this.system = system;
    this.description = description;
    this.hasLogin = login !== undefined;
  }

  /** Whether the operation's answer has this text member at its top. */
  static answers({ answer }: Operation, member: string): boolean {
    const inner = answer && membersOf(mergedSchema(answer))[member];
    return isSchema(inner) && typeOf(inner) === 'string';
  }

  get hasSecrets(): boolean {
    return this.secrets.size > 0;
  }

  variables(): string[] {
    const key = this.usesKey ? [systemVariables(this.system).key] : [];
    return [...key, ...this.secrets];
  }

  schemas(): (readonly [string, string])[] {
    return [...this.known].map(([code, name]) => [name, code] as const);
  }

  /** Code of a member of the step's answer. */
  answerCode(step: DraftStep, ...path: readonly (string | 0)[]): string {
    step.variable ??= this.names.of(step.name);
    const members = path.map((one) => (one === 0 ? '[0]!' : `${memberCode(one)}!`));
    return `${step.variable}.body${members.join('')}`;
  }

  made(operation: Operation, earlier: readonly Made[]): Made {
    const { method, path, status, answer } = operation;
    const hints: string[] = [];
    const name = plainName(`${method} ${path}`);
    const options = [
      ...this.tableOf('query', operation, hints),
      ...this.tableOf('header', operation, hints),
      ...this.bodyOptions(operation.body, earlier, hints),
      ...(status === undefined || status === 200 ? [] : [['status', String(status)] as const]),
      ...(answer === undefined ? [] : [['expect', this.schema(name, zodOf(answer))] as const]),
    ];
    const code = this.pathCode(operation, earlier);
    const step = { name, method, path: code, options, hints };
    return { operation, step };
  }

  private pathCode({ path, parameters, operationId }: Operation, earlier: readonly Made[]): string {
    const parts = path.split(/\{([^{}]+)\}/);
    const pieces = parts.map((part, i): Piece => {
      if (i % 2 === 0) return part;
      const found = this.idOf(part, path, operationId, earlier);
      const own = parameters.find((one) => one.in === 'path' && one.name === part);
      return { code: `encodeURIComponent(${found ?? this.valueOf(own, part, [])})` };
    });
    return textCode([this.description.basePath, ...pieces].filter((piece) => piece !== ''));
  }

  /** Code of an id in an earlier answer. */
  private idOf(
    name: string,
    path: string,
    operationId: string | undefined,
    earlier: readonly Made[],
  ): string | undefined {
    for (const { operation, step } of [...earlier].reverse()) {
      const link = operation.links.find(
        (one) => operationId !== undefined && one.operationId === operationId,
      );
      const stated = link?.parameters?.[name];
      const pointer =
        typeof stated === 'string' ? /^\$response\.body#\/(.+)$/.exec(stated)?.[1] : undefined;
      if (pointer !== undefined && operation.answer !== undefined) {
        return this.answerCode(
          step,
          ...pointer.split('/').map((one) => (/^\d+$/.test(one) ? 0 : one)),
        );
      }
    }
    const collection = collectionOf(path, name);
    const makers = earlier.filter(
      ({ operation }) => operation.path.replace(/\/+$/, '') === collection,
    );
    const maker = makers.find(({ operation }) => operation.method === 'POST') ?? makers[0];
    const members = maker && idIn(maker.operation.answer, name);
    return members && this.answerCode(maker.step, ...members);
  }

  private tableOf(place: 'query' | 'header', operation: Operation, hints: string[]): Option[] {
    const needed = operation.parameters.filter(
      (one) => one.in === place && one.required === true && !notSent.test(one.name),
    );
    const members = needed.map(
      (one) => `${keyCode(one.name)}: ${this.valueOf(one, one.name, hints)}`,
    );
    const keys = operation.schemes.flatMap((name) => this.keyOf(name, place));
    const all = [...keys, ...members];
    return all.length === 0
      ? []
      : [[place === 'query' ? 'query' : 'headers', listCode('{', all, '}')]];
  }

  /** The credential of the security scheme with that name. */
  private keyOf(name: string, place: 'query' | 'header'): string[] {
    const {
      type,
      scheme = '',
      in: where,
      name: field = '',
    } = this.description.schemes[name] ?? { type: '' };
    const key = "target.key ?? ''";
    if (type === 'apiKey') {
      if (where !== place && !(where === 'cookie' && place === 'header')) return [];
      this.usesKey = true;
      if (where === 'cookie') return [`cookie: ${textCode([`${field}=`, { code: key }])}`];
      return [`${keyCode(field)}: ${key}`];
    }
    if (place !== 'header' || type === '') return [];
    if (type === 'http' && /^basic$/i.test(scheme)) {
      this.usesKey = true;
      const encoded = { code: `Buffer.from(${key}).toString('base64')` };
      return [`authorization: ${textCode(['Basic ', encoded])}`];
    }
    this.usesKey ||= !this.hasLogin;
    return [
      `authorization: ${textCode(['Bearer ', { code: this.hasLogin ? 'state.token' : key }])}`,
    ];
  }

  private valueOf(parameter: Parameter | undefined, name: string, hints: string[]): string {
    const { example, schema = { type: 'string' } } = parameter ?? {};
    const stated = example === undefined ? schema : { ...schema, example };
    return this.sample(stated, name, hints);
  }

  private bodyOptions(body: Content, earlier: readonly Made[], hints: string[]): Option[] {
    const json = jsonOf(body);
    if (json !== undefined) {
      const schema =
        json.example === undefined ? json.schema : { ...json.schema, example: json.example };
      return [['json', this.sample(this.withIds(schema, earlier), '', hints)]];
    }
    const [type, media] = Object.entries(body ?? {})[0] ?? [];
    if (type === undefined) return [];
    const isForm = type === 'application/x-www-form-urlencoded';
    if (!isForm && type !== 'multipart/form-data') {
      return [
        ['body', quoted('text')],
        ['type', quoted(type)],
      ];
    }
    const members = Object.entries(membersOf(mergedSchema(media?.schema ?? {})));
    const codes = members.map(
      ([name, one]) => `${keyCode(name)}: ${this.fieldOf(name, one, hints)}`,
    );
    return [[isForm ? 'form' : 'multipart', listCode('{', codes, '}')]];
  }

  /** A field is text or a file. */
  private fieldOf(name: string, schema: unknown, hints: string[]): string {
    const isFile =
      isSchema(schema) && (schema['format'] === 'binary' || 'contentMediaType' in schema);
    if (isFile) return `{ bytes: new TextEncoder().encode('text'), filename: 'file.txt' }`;
    const code = this.sample(schema, name, hints);
    const isText = isSchema(schema) && typeOf(schema) === 'string';
    return isText ? code : `String(${code})`;
  }

  /** The schema of a body with the ids in it replaced by those of earlier answers. */
  private withIds(schema: unknown, earlier: readonly Made[]): unknown {
    if (!isSchema(schema)) return schema;
    const known = new Map<string, string>();
    for (const { path } of this.description.operations)
      for (const name of pathNames(path)) known.set(name, path);
    const whole = 'allOf' in schema ? mergedSchema(schema) : schema;
    const members = Object.entries(membersOf(whole)).map(([name, one]) => {
      const path = known.get(name);
      const code = path === undefined ? undefined : this.idOf(name, path, undefined, earlier);
      return [name, code === undefined ? one : { ...(one as object), [given]: code }] as const;
    });
    const properties = Object.fromEntries(members);
    // An example of the whole body has ids of its own, which do not exist.
    const hasIds = members.some(([, one]) => isSchema(one) && given in one);
    if (members.length === 0 || !hasIds) return whole;
    return { ...whole, properties, example: undefined, examples: undefined };
  }

  private sample(schema: unknown, name: string, hints: string[]): string {
    const sampled = sampleOf(schema, name, (member) => this.secretCode(member));
    for (const hint of sampled.hints) if (!hints.includes(hint)) hints.push(hint);
    return sampled.code;
  }

  private secretCode(member: string): string {
    const words = member.toUpperCase().match(/[A-Z\d]+/g) ?? ['SECRET'];
    const variable = `${this.system.toUpperCase().replaceAll('-', '_')}_${words.join('_').slice(0, 40)}`;
    this.secrets.add(variable);
    return `secret(${quoted(variable)})`;
  }

  private schema(stepName: string, code: string): string {
    const known = this.known.get(code);
    if (known !== undefined) return known;
    const name = this.names.of(stepName, 'Answer');
    this.known.set(code, name);
    return name;
  }
}
