/** In which order operations can be called: each after the one whose answer has the id that it wants. */
import { isSchema, membersOf, mergedSchema, typeOf } from './schema-code.ts';
import { jsonOf, type Operation, type Schema } from './openapi-file.ts';

/** Names in a path, in order: `/orders/{orderId}` → `orderId`. */
export function pathNames(path: string): string[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name);
}

/** What comes before a name in its path: the collection that it is an id in. */
export function collectionOf(path: string, name: string): string {
  return path.slice(0, path.indexOf(`{${name}}`)).replace(/\/+$/, '');
}

export class Operations {
  private readonly all: readonly Operation[];
  /** Those that no order makes callable, a sentence each. */
  readonly notes: string[] = [];

  constructor(all: readonly Operation[]) {
    this.all = all;
  }

  /** These, and before each what it needs of others. */
  inTurn(own: readonly Operation[]): Operation[] {
    const turn: Operation[] = [];
    for (const operation of [...own].sort((a, b) => rankOf(a) - rankOf(b))) {
      const needed = this.neededBy(operation, []);
      if (needed === undefined) continue;
      for (const one of [...needed, operation]) if (!turn.includes(one)) turn.push(one);
    }
    // What ends something, though another operation of the group needs it, comes last all the same.
    return [...turn].sort((a, b) => Number(isEnd(a)) - Number(isEnd(b)));
  }

  /** What has to be called before it, in turn; undefined where nothing gives what it wants. */
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

  /** The operation whose answer has the id: it makes one of the collection, or lists it. */
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

  /** Members of its body that are ids of a collection that the description knows. */
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

/** Whether the description itself says a value of it. */
function hasValue({ parameters }: Operation, name: string): boolean {
  const found = parameters.find((one) => one.in === 'path' && one.name === name);
  const { example, schema = {} } = found ?? {};
  return (
    example !== undefined ||
    ['example', 'examples', 'default', 'const', 'enum'].some((key) => key in schema)
  );
}

/** Members on the way from an answer to an id, `0` for the first of a list; undefined where it has none. */
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
