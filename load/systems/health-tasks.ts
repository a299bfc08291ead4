/**
 * The tasks that ask for health, at the path that `healthPath` gives; none where there is nothing to ask.
 * Their names stay in the type: what loads a user names all of its tasks.
 */
export function healthTasks<Tasks extends object>(
  path: string | undefined,
  tasks: (path: string) => Tasks,
): Tasks {
  return path === undefined ? ({} as Tasks) : tasks(path);
}
