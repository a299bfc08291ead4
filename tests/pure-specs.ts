/**
 * Which specs start no process and open no socket: those that reach no module of Node that could, through
 * what they import outside load/. `npm run check` runs them; whatever a spec imports decides by itself.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const starting = /^node:(child_process|net|https?|tls|dgram|worker_threads)$/;
const imported = /^(?:import|export)(?! type\b)[^;]*?from '([^']+)'|\bimport\('([^']+)'\)/gm;

/** Absolute paths. `root` is the folder of the suite. */
export function pureSpecs(root: string): string[] {
  const known = new Map<string, boolean>();
  const startsSomething = (path: string): boolean => {
    const before = known.get(path);
    if (before !== undefined) return before;
    // A circle, which the architecture refuses, would end here.
    known.set(path, false);
    const found = importsOf(path).some(
      (target) => starting.test(target) || (isOwn(target, root) && startsSomething(target)),
    );
    known.set(path, found);
    return found;
  };
  return readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.spec.ts') && !/^(systems|instrument)\b/.test(path))
    .map((path) => join(root, 'tests', path))
    .filter((path) => !startsSomething(path));
}

function importsOf(path: string): string[] {
  const matches = [...readFileSync(path, 'utf8').matchAll(imported)];
  return matches.map(([, name = '', lazy = '']) => {
    const target = name === '' ? lazy : name;
    return target.startsWith('.') ? join(dirname(path), target) : target;
  });
}

/** The engine opens what it opens by what it is given; tests of it are pure where they give it nothing. */
function isOwn(target: string, root: string): boolean {
  return target.startsWith(`${root}/`) && !target.startsWith(`${root}/load/`);
}
