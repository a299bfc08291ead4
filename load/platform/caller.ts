/** What a command needs of the process that it runs in. */
export interface Caller {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  /** The terminal's width; undefined where there is none. */
  readonly columns?: number | undefined;
}

/** This very process. */
export function ownProcess(): Caller {
  return {
    environment: process.env,
    print: (text) => process.stdout.write(text),
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  };
}
