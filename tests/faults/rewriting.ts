/** Writes one file again and again, in a separate process, and reports when it exists. */
import { writeWhole } from '../../load/platform/whole-file.ts';

const { path, name } = JSON.parse(process.argv[2] ?? '') as { path: string; name: string };
const rest = name.repeat(2_000_000);

process.on('disconnect', () => process.exit());

function write(count: number): void {
  const text = { writer: name, count: String(count), rest, end: `${name} ${count} ${rest.length}` };
  writeWhole(path, JSON.stringify(text));
  if (count === 0) process.send?.('written');
  setImmediate(write, count + 1);
}
write(0);
