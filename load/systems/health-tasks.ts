/**
 * The tasks that request health at the path from `healthPath`; none if there is no path. Their names stay
 * in the type, since code that loads a user names all of its tasks.
 */
export function healthTasks<Tasks extends object>(
  path: string | undefined,
  tasks: (path: string) => Tasks,
): Tasks {
  return path === undefined ? ({} as Tasks) : tasks(path);
}
