/** Another name service for what runs in this process. */
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';

type LookUp = typeof dns.lookup;

/** `answer` takes the place of `dns.lookup`, and may pass a question on to it; returns the way back. */
export function replaceLookUp(
  answer: (lookUp: LookUp, ...asked: Parameters<LookUp>) => void,
): () => void {
  const { lookup } = dns;
  const put = (replacement: unknown): void => {
    dns.lookup = replacement as LookUp;
    // Modules that have imported it by its name get the new one, too.
    syncBuiltinESMExports();
  };
  put((...asked: Parameters<LookUp>) => {
    answer(lookup, ...asked);
  });
  return () => {
    put(lookup);
  };
}
