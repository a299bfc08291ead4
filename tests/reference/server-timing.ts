/** The Server-Timing header of a reference service's answer: milliseconds by name. */
export function serverTiming(response: Response): Readonly<Record<string, number>> {
  const header = response.headers.get('server-timing') ?? '';
  const parts = [...header.matchAll(/(\w+);dur=([\d.]+)/g)];
  if (parts.length === 0) throw new Error(`no Server-Timing in "${header}"`);
  return Object.fromEntries(parts.map(([, name, text]) => [name!, Number(text)]));
}
