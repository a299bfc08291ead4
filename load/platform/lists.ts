/** Functions on lists: group, sum, draw. */

/** The members by key, in the order in which the keys first occur. */
export function groupedBy<Member, Key>(
  list: Iterable<Member>,
  keyOf: (member: Member) => Key,
): Map<Key, Member[]> {
  const groups = new Map<Key, Member[]>();
  for (const member of list) {
    const key = keyOf(member);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [member]);
    else known.push(member);
  }
  return groups;
}

/** The first member whose key occurred before. */
export function firstRepeated<Member>(
  list: readonly Member[],
  keyOf: (member: Member) => unknown,
): Member | undefined {
  const known = new Set<unknown>();
  return list.find((member) => known.size === known.add(keyOf(member)).size);
}

/** The sum of a number of each member. */
export function sumOf<Member>(list: readonly Member[], count: (member: Member) => number): number {
  return list.reduce((sum, member) => sum + count(member), 0);
}

/** A member of a non-empty list, chosen by a draw in [0, 1). */
export function oneOf<Member>(list: readonly Member[], draw: () => number): Member {
  return list[Math.floor(draw() * list.length)]!;
}
