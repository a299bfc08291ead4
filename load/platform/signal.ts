/** An event that happens once and can be awaited. */
export class Signal {
  raise: () => void = () => undefined;
  readonly raised = new Promise<void>((resolve) => {
    this.raise = resolve;
  });
}
