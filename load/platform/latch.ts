/** An event that happens once and can be awaited. */
export class Latch {
  release: () => void = () => undefined;
  readonly released = new Promise<void>((resolve) => {
    this.release = resolve;
  });
}
