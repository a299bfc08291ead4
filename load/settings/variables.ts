/** Reads environment variables with a schema: the suite's own settings and those of systems. */
import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the schema's variables and ignores all others. Throws one error that names every wrong one, its
 * value and what is accepted.
 * @example
 * readVariables(z.object({ SHOP_REGION: z.enum(['eu', 'us']).default('eu') }), {}); // { SHOP_REGION: 'eu' }
 */
export function readVariables<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): z.infer<Schema> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  throw new Error(wrongVariables(schema, environment).join('\n'));
}

/**
 * The schema with an earlier name in place of a variable's, if only that is in the environment. Errors
 * then use the given name.
 */
export function asNamed(
  schema: z.ZodObject,
  environment: Environment,
  formerName: (name: string) => string = (name) => name,
): z.ZodObject {
  return z.object(
    Object.fromEntries(
      Object.entries(schema.shape).map(([name, own]) => [
        nameIn(environment, name, formerName),
        own,
      ]),
    ),
  );
}

/** The name under which a variable is set: its current or its earlier one. */
export function nameIn(
  environment: Environment,
  name: string,
  formerName: (name: string) => string,
): string {
  const former = formerName(name);
  return environment[name] === undefined && environment[former] !== undefined ? former : name;
}

/** A line for each variable that the schema refuses. */
export function wrongVariables(schema: z.ZodObject, environment: Environment): string[] {
  const issues = schema.safeParse(environment).error?.issues ?? [];
  return issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `${name}=${shownValue(name, environment[name])}: ${message}`;
  });
}

/** Secrets and addresses with a password are not shown. */
export function shownValue(name: string, value: string | undefined): string {
  const isSecret = /_(SECRET|KEY|TOKEN|HEADERS)$/.test(name) || /\/\/[^/]*@/.test(value ?? '');
  if (isSecret) return '…';
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** Text that `parse` accepts. It throws, with what is accepted, if the text is wrong. */
export function parsedBy<T>(parse: (text: string) => T) {
  return z.string().transform((text, context) => {
    try {
      return parse(text);
    } catch (error) {
      // The message already names the setting.
      context.addIssue((error as Error).message.replace(/^(slice ".*")?: /, ''));
      return z.NEVER;
    }
  });
}
