/** Other processes that use every core on and off, as on a shared machine. */
import { spawn, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { drawKey, purpose, uniform } from '../load/platform/random.ts';

const burning = purpose('how long the burner burns, or rests');

/** Busy for stretches of 2 to 15 s with equally long pauses; seeded. Returns the function that ends it. */
export function startBurner(seed: number): () => void {
  const key = drawKey(seed, 'burner');
  let turns = 0;
  let burners: ChildProcess[] = [];
  let timer: NodeJS.Timeout;
  const stop = (): void => {
    for (const burner of burners) burner.kill('SIGKILL');
    burners = [];
  };
  const turn = (): void => {
    if (burners.length > 0) stop();
    else {
      burners = Array.from({ length: availableParallelism() }, () =>
        spawn(process.execPath, ['-e', 'for(;;);']),
      );
    }
    timer = setTimeout(turn, 2000 + 13_000 * uniform(key, turns++, burning));
  };
  turn();
  return () => {
    clearTimeout(timer);
    stop();
  };
}
