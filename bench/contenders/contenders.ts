/** All contenders, by name. */
import { autocannonLoad } from './autocannon.ts';
import type { Contender } from './contender.ts';
import { dispatch } from './dispatch.ts';
import { engine, engineJson } from './engine.ts';

export const contenders = {
  dispatch,
  engine,
  engineJson,
  autocannon: autocannonLoad,
} as const satisfies Record<string, Contender>;

export type ContenderName = keyof typeof contenders;

export const contenderTitles: Readonly<Record<ContenderName, string>> = {
  dispatch: 'bare `undici.dispatch`',
  engine: 'Loadwright, the status judged',
  engineJson: 'Loadwright, every body parsed and judged by zod',
  autocannon: 'autocannon',
};
