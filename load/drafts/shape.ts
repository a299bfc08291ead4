/** The shape of a JSON value as a zod schema: types and names of members, without the values. */
import { keyCode, listCode } from './code.ts';

export type Shape =
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Member> }
  | { readonly kind: 'array'; readonly items: Shape }
  | { readonly kind: 'string' | 'number' | 'boolean' }
  /** Empty, too deep, mixed, or with names that look like data. */
  | { readonly kind: 'unknown' };

interface Member {
  readonly shape: Shape;
  readonly isOptional: boolean;
}

const anything: Shape = { kind: 'unknown' };
const deepest = 6;
const mostMembers = 40;
const mostItems = 50;

/** `isSecret`: whether a member's name is a secret, which is then left out. */
export function shapeOf(json: unknown, isSecret: (text: string) => boolean, depth = 0): Shape {
  if (typeof json === 'string') return { kind: 'string' };
  if (typeof json === 'number') return { kind: 'number' };
  if (typeof json === 'boolean') return { kind: 'boolean' };
  if (typeof json !== 'object' || json === null || depth >= deepest) return anything;
  if (Array.isArray(json)) {
    const shapes = json.slice(0, mostItems).map((one) => shapeOf(one, isSecret, depth + 1));
    return { kind: 'array', items: mergedAll(shapes) };
  }
  const entries = Object.entries(json);
  const isTable = entries.length > mostMembers || entries.some(([name]) => isData(name, isSecret));
  if (isTable) return anything;
  const members = entries.map(([name, one]) => {
    return [name, { shape: shapeOf(one, isSecret, depth + 1), isOptional: false }] as const;
  });
  return { kind: 'object', members: new Map(members) };
}

/** A name such as `4711` or a UUID is an id, so the object is a table keyed by ids. */
function isData(name: string, isSecret: (text: string) => boolean): boolean {
  return isSecret(name) || /^\d+$|@|^[\da-f-]{16,}$/i.test(name) || name.length > 60;
}

function mergedAll(shapes: readonly Shape[]): Shape {
  return shapes.length === 0 ? anything : shapes.reduce(merged);
}

function merged(a: Shape, b: Shape): Shape {
  if (a.kind === 'unknown' || b.kind === 'unknown' || a.kind !== b.kind) return anything;
  if (a.kind === 'array' && b.kind === 'array') {
    return { kind: 'array', items: merged(a.items, b.items) };
  }
  if (a.kind !== 'object' || b.kind !== 'object') return a;
  const names = new Set([...a.members.keys(), ...b.members.keys()]);
  const members = [...names].map((name): [string, Member] => {
    const [one, other] = [a.members.get(name), b.members.get(name)];
    if (one === undefined || other === undefined) {
      return [name, { shape: (one ?? other)!.shape, isOptional: true }];
    }
    const isOptional = one.isOptional || other.isOptional;
    return [name, { shape: merged(one.shape, other.shape), isOptional }];
  });
  return { kind: 'object', members: new Map(members) };
}

/** `z.object({ … })` */
export function zodCode(shape: Shape): string {
  switch (shape.kind) {
    case 'unknown':
      return 'z.unknown()';
    case 'array':
      return `z.array(${zodCode(shape.items)})`;
    case 'object': {
      const members = [...shape.members].map(([name, { shape: own, isOptional }]) => {
        return `${keyCode(name)}: ${zodCode(own)}${isOptional ? '.optional()' : ''}`;
      });
      return `z.object(${listCode('{', members, '}')})`;
    }
    default:
      return `z.${shape.kind}()`;
  }
}
