/** Where a system says that it is up: what its team declares of it, by `<SYSTEM>_HEALTH`. */

/** The declared path, or the usual one where nothing is declared; undefined where there is `none`. */
export function healthPath(declared: string | undefined, usual: string): string | undefined {
  return declared === 'none' ? undefined : (declared ?? usual);
}

/**
 * The tasks that ask for health; none where there is nothing to ask. Their names stay in the type: what
 * loads a user names all of its tasks.
 */
export function healthTasks<Tasks extends object>(
  path: string | undefined,
  tasks: (path: string) => Tasks,
): Tasks {
  return path === undefined ? ({} as Tasks) : tasks(path);
}
