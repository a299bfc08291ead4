/** Whether the blobs that are merged are those of all shards, each once. */
export interface ShardOfBlob {
  readonly current: number;
  readonly total: number;
  /** Path of the blob. */
  readonly blob: string;
}

export interface Missing {
  readonly log: string;
  readonly reason: string;
}

/** What is missing or doubled, in words; nothing where the run was not spread over shards. */
export function missingShards(shards: readonly ShardOfBlob[]): Missing[] {
  const total = Math.max(0, ...shards.map((shard) => shard.total));
  const problems: Missing[] = [];
  for (let current = 1; current <= total; current++) {
    const blobs = shards.filter((shard) => shard.current === current);
    const name = `shard ${current} of ${total}`;
    if (blobs.length === 0) {
      problems.push({ log: name, reason: `${name} is missing: no blob of it is here` });
    } else if (blobs.length > 1) {
      const paths = blobs.map(({ blob }) => blob).join(', ');
      problems.push({ log: name, reason: `${name} is doubled: ${paths}` });
    }
  }
  const foreign = shards.filter((shard) => shard.total !== total);
  for (const { current, total: own, blob } of foreign) {
    const name = `shard ${current} of ${own}`;
    problems.push({
      log: name,
      reason: `${name} is foreign: the others are of ${total} (${blob})`,
    });
  }
  return problems;
}
