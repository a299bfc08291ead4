/** How a user of an MCP server says who it is. */
import type { TargetInfo } from '../../user/define-user.ts';

export function mcpHeaders({
  target,
}: {
  readonly target: TargetInfo;
}): Readonly<Record<string, string>> {
  return target.key === undefined ? {} : { authorization: `Bearer ${target.key}` };
}
