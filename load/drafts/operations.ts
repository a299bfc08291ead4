/** The order in which operations can be called: each after the one whose answer has the id that it needs. */
import { isSchema, membersOf, mergedSchema, typeOf } from './schema-code.ts';
import { jsonOf, type Operation, type Schema } from './openapi-file.ts';

/** Names in a path, in order: `/orders/{orderId}` → `orderId`. */
export function pathNames(path: string): string[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
}

/** The part of the path before a name: the collection to which the id belongs. */
export function collectionOf(path: string, name: string): string {
  return path.slice(0, path.indexOf(`{${name}}`)).replace(/\/+$/, '');
}

export class Operations {
  private readonly all: readonly Operation[];
  /** Operations that cannot be called in any order, a sentence each. */
  readonly notes: string[] = [];

  constructor(all: readonly Operation[]) {
    this.all = all;
  }

  /** These operations, each after those that it needs. */
  inTurn(own: readonly Operation[]): Operation[] {
    const turn: Operation[] = [];
    for (const operation of [...own].sort((a, b) => rankOf(a) - rankOf(b))) {
      const needed = this.neededBy(operation, []);
      if (needed === undefined) continue;
      for (const one of [...needed, operation]) if (!turn.includes(one)) turn.push(one);
    }
    // Deleting operations come last, even if another operation of the group needs them.
    return [...turn].sort((a, b) => Number(isEnd(a)) - Number(isEnd(b)));
  }

  /** The operations to call before it, in order; undefined if no answer has the needed id. */
  private neededBy(operation: Operation, path: readonly Operation[]): Operation[] | undefined {
    if (path.includes(operation)) return undefined;
    const needed: Operation[] = [];
    const wants = [
      ...pathNames(operation.path).map((name) => ({ name, in: operation.path, isOptional: false })),
      ...this.idsInBody(operation),
    ];
    for (const want of wants) {
      const maker = this.makerOf(want.name, want.in, operation);
      const before = maker && this.neededBy(maker, [...path, operation]);
      if (before !== undefined) needed.push(...before, maker!);
      else if (!want.isOptional && !hasValue(operation, want.name)) {
        this.note(`${operation.method} ${operation.path}: nothing gives its ${want.name}`);
        return undefined;
      }
    }
    return needed;
  }

  /** The operation whose answer has the id: it creates an item of the collection, or lists them. */
  makerOf(name: string, path: string, asking: Operation): Operation | undefined {
    const collection = collectionOf(path, name);
    const linked = this.all.find(({ links }) =>
      links.some(
        ({ operationId, parameters = {} }) =>
          operationId !== undefined && operationId === asking.operationId && name in parameters,
      ),
    );
    const makers = this.all.filter(
      (one) => one.path.replace(/\/+$/, '') === collection && idIn(one.answer, name) !== undefined,
    );
    return (
      linked ??
      makers.find(({ method }) => method === 'POST') ??
      makers.find(({ method }) => method === 'GET')
    );
  }

  /** Members of its body that are ids of a known collection. */
  private idsInBody({ body }: Operation) {
    const schema = jsonOf(body)?.schema;
    const members = schema === undefined ? [] : Object.keys(membersOf(mergedSchema(schema)));
    return members.flatMap((name) => {
      const known = this.all.find(({ path }) => pathNames(path).includes(name));
      return known === undefined ? [] : [{ name, in: known.path, isOptional: true }];
    });
  }

  private note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }
}

function rankOf({ method, path }: Operation): number {
  const depth = pathNames(path).length;
  const ranks: Readonly<Record<string, number>> = { POST: 0, GET: 1, HEAD: 2, PUT: 3, PATCH: 4 };
  return 10 * depth + (ranks[method] ?? 5);
}

function isEnd({ method }: Operation): boolean {
  return method === 'DELETE';
}

/** Whether the description has a value for it. */
function hasValue({ parameters }: Operation, name: string): boolean {
  const found = parameters.find((one) => one.in === 'path' && one.name === name);
  const { example, schema = {} } = found ?? {};
  return (
    example !== undefined ||
    ['example', 'examples', 'default', 'const', 'enum'].some((key) => key in schema)
  );
}

/** Path of members from an answer to an id, with `0` for the first of a list; undefined if there is none. */
export function idIn(answer: unknown, name: string, depth = 0): (string | 0)[] | undefined {
  if (!isSchema(answer) || depth > 3) return undefined;
  const schema = mergedSchema(answer);
  if (typeOf(schema) === 'array') {
    const rest = idIn(schema['items'], name, depth + 1);
    return rest && [0, ...rest];
  }
  const members = membersOf(schema);
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[-_]/g, '');
  const own =
    Object.keys(members).find((member) => plain(member) === plain(name)) ??
    (/id$/i.test(name) ? Object.keys(members).find((member) => plain(member) === 'id') : undefined);
  if (own !== undefined && isPlain(members[own])) return [own];
  for (const [member, inner] of Object.entries(members)) {
    const rest = idIn(inner, name, depth + 1);
    if (rest !== undefined) return [member, ...rest];
  }
  return undefined;
}

function isPlain(schema: unknown): schema is Schema {
  return isSchema(schema) && ['string', 'integer', 'number'].includes(typeOf(schema) ?? '');
}
