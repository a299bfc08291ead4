/** Reads an API description: OpenAPI 3.0 and 3.1, in one file. */
import { z } from 'zod';

/** A JSON schema, of which each function reads the parts that it needs. */
export type Schema = Readonly<Record<string, unknown>>;

const schema = z.record(z.string(), z.unknown());
const media = z.object({ schema: schema.optional(), example: z.unknown().optional() });
const content = z.record(z.string(), media).optional();
const parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  schema: schema.optional(),
  example: z.unknown().optional(),
});
const link = z.object({
  operationId: z.string().optional(),
  parameters: z.record(z.string(), z.unknown()).optional(),
});
const security = z.array(z.record(z.string(), z.unknown())).optional();
const operation = z.object({
  operationId: z.string().optional(),
  tags: z.array(z.string()).optional(),
  deprecated: z.boolean().optional(),
  parameters: z.array(parameter).optional(),
  requestBody: z.object({ content }).optional(),
  responses: z
    .record(z.string(), z.object({ content, links: z.record(z.string(), link).optional() }))
    .optional(),
  security,
});
const methods = ['get', 'post', 'put', 'patch', 'delete', 'head'] as const;
const pathItem = z.object({
  parameters: z.array(parameter).optional(),
  ...Object.fromEntries(methods.map((name) => [name, operation.optional()])),
});
const schemeSchema = z.object({
  type: z.string(),
  scheme: z.string().optional(),
  name: z.string().optional(),
  in: z.string().optional(),
});
const documentSchema = z.object({
  openapi: z.string().regex(/^3\.[01]\./, 'is no OpenAPI 3.0 or 3.1'),
  servers: z.array(z.object({ url: z.string() })).optional(),
  security,
  paths: z.record(z.string(), pathItem).default({}),
  components: z
    .object({ securitySchemes: z.record(z.string(), schemeSchema).optional() })
    .optional(),
});

export type Parameter = z.infer<typeof parameter>;
export type SecurityScheme = z.infer<typeof schemeSchema>;
export type Content = z.infer<typeof content>;

export interface Operation {
  readonly method: string;
  /** `/orders/{orderId}` */
  readonly path: string;
  readonly operationId: string | undefined;
  readonly group: string;
  readonly parameters: readonly Parameter[];
  readonly body: Content;
  /** The first success status in the description; undefined if any 2xx will do. */
  readonly status: number | undefined;
  readonly answer: Schema | undefined;
  readonly links: readonly z.infer<typeof link>[];
  /** Names of the security schemes of the first alternative; empty if none is needed. */
  readonly schemes: readonly string[];
}

export interface Description {
  /** Put before every path. */
  readonly basePath: string;
  readonly operations: readonly Operation[];
  readonly schemes: Readonly<Record<string, SecurityScheme>>;
}

/** `json`: the description with its references resolved. Throws with what is wrong in it. */
export function descriptionIn(json: unknown): Description {
  const parsed = documentSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`no readable description: ${issue!.path.join('.')}: ${issue!.message}`);
  }
  const { servers = [], paths, components, security: ofAll = [] } = parsed.data;
  const operations = Object.entries(paths).flatMap(([path, item]) => {
    const of = item as { readonly [Method in (typeof methods)[number]]?: RawOperation };
    return methods.flatMap((method) => {
      const own = of[method];
      if (own === undefined || own.deprecated === true) return [];
      return [operationOf(method, path, own, item.parameters ?? [], ofAll)];
    });
  });
  if (operations.length === 0) throw new Error('no operation in it');
  const basePath = basePathOf(servers[0]?.url ?? '');
  return { basePath, operations, schemes: components?.securitySchemes ?? {} };
}

type RawOperation = z.infer<typeof operation>;

function operationOf(
  method: string,
  path: string,
  own: RawOperation,
  shared: readonly Parameter[],
  securityOfAll: NonNullable<RawOperation['security']>,
): Operation {
  const { operationId, tags = [], parameters = [], requestBody, responses = {} } = own;
  const isOwn = ({ name, in: place }: Parameter): boolean =>
    parameters.some((one) => one.name === name && one.in === place);
  const statuses = Object.keys(responses).filter((status) => /^2/.test(status));
  const status = statuses.sort()[0] ?? (Object.hasOwn(responses, 'default') ? 'default' : '');
  const response = responses[status];
  return {
    method: method.toUpperCase(),
    path,
    operationId,
    group: tags[0] ?? firstWord(path),
    parameters: [...shared.filter((one) => !isOwn(one)), ...parameters],
    body: requestBody?.content,
    status: /^2\d\d$/.test(status) ? Number(status) : undefined,
    answer: jsonOf(response?.content)?.schema,
    links: Object.values(response?.links ?? {}),
    schemes: Object.keys((own.security ?? securityOfAll)[0] ?? {}),
  };
}

/** The JSON part of a content. */
export function jsonOf(all: Content) {
  const type = Object.keys(all ?? {}).find((name) =>
    /^application\/(?:[\w.-]+\+)?json/i.test(name),
  );
  return type === undefined ? undefined : all![type];
}

function firstWord(path: string): string {
  const words = path.split('/').filter((word) => /^[a-z]/i.test(word));
  return words.find((word) => !/^(?:api|rest|v\d+)$/i.test(word)) ?? 'api';
}

/** The path of a server's URL, which may contain variables; empty if it cannot be determined. */
function basePathOf(url: string): string {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, '');
  return path.includes('{') || !path.startsWith('/') ? '' : path.replace(/\/+$/, '');
}
