/** Settings for the two sides of a pair: two commands, two addresses or two reference services. */
import { z } from 'zod';
import { commandWords } from '../platform/command-words.ts';
import { isLoopback, plainHost } from './allowed-hosts.ts';
import { durationMs, flag } from './settings.ts';
import { systemVariables } from './system-variables.ts';
import { parsedBy, readVariables, type Environment } from './variables.ts';

const command = parsedBy((text) => {
  const words = commandWords(text);
  if (words.length === 0) throw new Error('a command, such as "node server.js --port {port}"');
  return words;
});
const port = z
  .string()
  .regex(/^[1-9]\d{0,4}$/, 'a port, 1 to 65535')
  .transform(Number)
  .pipe(z.number().max(65_535, 'a port, 1 to 65535'));

/** The descriptions become the reference in docs/settings.md (`npm run docs`). */
export const pairSchema = z.object({
  PAIR_COMMAND_A: command
    .optional()
    .describe(
      '`pair`: command that starts the base. It must listen on the port in the variable `PORT`; `{port}` in the command is replaced by it',
    ),
  PAIR_COMMAND_B: command
    .optional()
    .describe('`pair`: command that starts the head, in the same way'),
  PAIR_READY: z
    .string()
    .regex(/^\//, 'a path such as /health')
    .optional()
    .describe(
      "`pair`: path that answers 2xx when a side is up; default: the system's health endpoint",
    ),
  PAIR_READY_TIMEOUT: durationMs
    .default(60_000)
    .describe(
      '`pair`: how long a command may take until its side is up, in each round; default `60s`',
    ),
  PAIR_PORT_A: port
    .optional()
    .describe(
      '`pair`: one of the two ports, which the sides swap every other round; default: a free port',
    ),
  PAIR_PORT_B: port.optional().describe('`pair`: the other port; default: a free port'),
  PAIR_OWN_MACHINES: flag.describe(
    '`pair`: `1` if the sides at two addresses run on machines of their own: both are then loaded at once. Otherwise they take turns',
  ),
  PAIR_ROUNDS: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'a whole number from 2 on')
    .transform(Number)
    .pipe(z.number().min(2, 'a whole number from 2 on'))
    .optional()
    .describe('`pair`: the largest number of rounds that compare the sides; default 40'),
  REFERENCE_SLOWDOWN_A: z
    .string()
    .optional()
    .describe('`pair`: `REFERENCE_SLOWDOWN` of the base, if both sides are reference services'),
  REFERENCE_SLOWDOWN_B: z
    .string()
    .optional()
    .describe('`pair`: `REFERENCE_SLOWDOWN` of the head, such as `answer:1.1`'),
  REFERENCE_FAULTS_A: z.string().optional().describe('`pair`: `REFERENCE_FAULTS` of the base'),
  REFERENCE_FAULTS_B: z.string().optional().describe('`pair`: `REFERENCE_FAULTS` of the head'),
});

export type PairSettings = z.infer<typeof pairSchema>;

/** The sides, as far as the environment states them. */
export type DeclaredSides =
  | {
      readonly kind: 'commands';
      readonly base: readonly string[];
      readonly head: readonly string[];
    }
  | {
      readonly kind: 'addresses';
      readonly base: string;
      readonly head: string;
      /** True only if they share no cores, which their names do not tell. */
      readonly areAtOnce: boolean;
    }
  | { readonly kind: 'reference services' };

/**
 * Throws if a setting is wrong, one of two is missing, two kinds of sides are stated at once, or both sides
 * are one server.
 */
export function declaredSides(system: string, environment: Environment): DeclaredSides {
  const settings = readVariables(pairSchema, environment);
  const { PAIR_COMMAND_A: base, PAIR_COMMAND_B: head, PAIR_PORT_A, PAIR_PORT_B } = settings;
  const { url } = systemVariables(system);
  const names = [`${url}_A`, `${url}_B`] as const;
  const [a, b] = names.map((name) => environment[name] || undefined);
  refuseHalf(['PAIR_COMMAND_A', 'PAIR_COMMAND_B'], [base, head]);
  refuseHalf(names, [a, b]);
  if (PAIR_PORT_A !== undefined && PAIR_PORT_A === PAIR_PORT_B) {
    throw new Error(`PAIR_PORT_B=${PAIR_PORT_B}: both sides have one port; each needs its own`);
  }
  if (base !== undefined && a !== undefined) {
    throw new Error(`${names[0]}: PAIR_COMMAND_A is set as well; set only one of them`);
  }
  if (a !== undefined) {
    if (isOneServer(a, b!)) {
      throw new Error(
        `${names[1]}: is the same server as ${names[0]}; a pair needs two servers, on different ports or hosts`,
      );
    }
    return { kind: 'addresses', base: a, head: b!, areAtOnce: settings.PAIR_OWN_MACHINES };
  }
  if (settings.PAIR_OWN_MACHINES) {
    throw new Error(
      `PAIR_OWN_MACHINES=1: both sides are started on this machine; it is for ${names.join(' and ')}`,
    );
  }
  if (base !== undefined) return { kind: 'commands', base, head: head! };
  refuseSingleAddress(url, environment);
  return { kind: 'reference services' };
}

function refuseHalf([a, b]: readonly [string, string], [base, head]: readonly unknown[]): void {
  if ((base === undefined) === (head === undefined)) return;
  const [given, missing] = base === undefined ? [b, a] : [a, b];
  throw new Error(`${given}: is only one side of a pair; set ${missing} as well`);
}

/** Whoever states an address must not get a green comparison of two reference services. */
function refuseSingleAddress(url: string, environment: Environment): void {
  const name = ['LOAD_TARGET', url].find((one) => (environment[one] ?? '') !== '');
  if (name === undefined) return;
  throw new Error(
    `${name}: is one address, and a pair needs two sides; set ${url}_A and ${url}_B, ` +
      'or PAIR_COMMAND_A and PAIR_COMMAND_B',
  );
}

/** Whether both addresses lead to one server, as far as their texts tell. */
function isOneServer(...addresses: readonly [string, string]): boolean {
  if (!addresses.every((address) => URL.canParse(address))) return addresses[0] === addresses[1];
  const [a, b] = addresses.map(placeOf) as [Place, Place];
  if (a.port !== b.port || a.path !== b.path) return false;
  if (a.host === b.host) return true;
  // Only a proxy tells two such names apart; every other name of this machine is one host.
  const areNamed = [a, b].every(({ host }) => host.endsWith('.localhost'));
  return !areNamed && isLoopback(a.host) && isLoopback(b.host);
}

interface Place {
  readonly host: string;
  readonly port: string;
  readonly path: string;
}

function placeOf(address: string): Place {
  const { protocol, hostname, port, pathname } = new URL(address);
  return {
    host: plainHost(hostname),
    port: port || (protocol === 'https:' ? '443' : '80'),
    path: pathname.replace(/\/+$/, ''),
  };
}
