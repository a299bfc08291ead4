/**
 * Turns an API description into a draft of a user: a task for each group of operations. Operations that
 * create something come first and those that delete it last, so that an id of one answer is available for
 * the next request.
 */
import { counted } from '../platform/words.ts';
import type { Draft, DraftStep, DraftTask } from './draft.ts';
import { descriptionIn, type Description, type Operation } from './openapi-file.ts';
import { Operations } from './operations.ts';
import { secretFunction } from './secrets.ts';
import { StepWriter, type Made } from './step-writer.ts';

export interface OpenapiDraft {
  readonly draft: Draft;
  /** Variables for keys and passwords. */
  readonly variables: readonly string[];
  /** Notes on what was left out, a sentence each. */
  readonly notes: readonly string[];
}

const mostOperations = 300;

/** `json`: a description with its references resolved. Throws if it is not one or is too large. */
export function openapiDraft(json: unknown, system: string): OpenapiDraft {
  const description = descriptionIn(json);
  const { operations } = description;
  if (operations.length > mostOperations) {
    throw new Error(`${operations.length} operations; accepted are at most ${mostOperations}`);
  }
  const login = loginIn(description);
  const writer = new StepWriter(system, description, login);
  const known = new Operations(operations);
  const onStart = login && startOf(login.operation, login.token, writer);
  const tasks = tasksOf(description, login?.operation, known, writer);
  if (tasks.length === 0)
    throw new Error(['no operation can be called', ...known.notes].join('\n'));
  const functions = writer.hasSecrets ? [secretFunction] : [];
  const parts = { system, source: 'a description of an API', tasks, functions } as const;
  const draft = { ...parts, schemas: writer.schemas() };
  return {
    draft: onStart === undefined ? draft : { ...draft, onStart },
    variables: writer.variables(),
    notes:
      known.notes.length === 0
        ? []
        : [`${counted(known.notes.length, 'operation')} left out:`, ...known.notes],
  };
}

interface Login {
  readonly operation: Operation;
  /** The member of its answer with the token. */
  readonly token: string;
}

const tokenNames = ['access_token', 'accessToken', 'token', 'id_token', 'jwt'];

/** The login operation: it needs no security scheme, and its answer has a token. */
function loginIn({ operations, schemes }: Description): Login | undefined {
  const needsToken = Object.values(schemes).some(({ type, scheme = '' }) => {
    return type === 'oauth2' || /^bearer$/i.test(scheme);
  });
  if (!needsToken) return undefined;
  for (const operation of operations) {
    const isOpen = operation.method === 'POST' && operation.schemes.length === 0;
    if (!isOpen || operation.path.includes('{')) continue;
    const token = tokenNames.find((name) => StepWriter.answers(operation, name));
    if (token !== undefined && /log-?in|sign-?in|token|auth|session/i.test(operation.path)) {
      return { operation, token };
    }
  }
  return undefined;
}

function startOf(operation: Operation, token: string, writer: StepWriter) {
  const { step } = writer.made(operation, []);
  return { name: 'onStart', steps: [step], state: `{ token: ${writer.answerCode(step, token)} }` };
}

function tasksOf(
  { operations }: Description,
  login: Operation | undefined,
  known: Operations,
  writer: StepWriter,
): DraftTask[] {
  const groups = [...new Set(operations.map(({ group }) => group))];
  return groups.flatMap((group) => {
    const own = operations.filter((one) => one.group === group && one !== login);
    const made: Made[] = [];
    for (const operation of known.inTurn(own)) made.push(writer.made(operation, made));
    const steps: DraftStep[] = made.map(({ step }) => step);
    return steps.length === 0 ? [] : [{ name: group, steps }];
  });
}
