/** A terminal emulator without a window: what a reader sees of the written bytes. */
import xterm from '@xterm/headless';

export class Emulator {
  private readonly terminal: xterm.Terminal;

  constructor(columns = 100, rows = 40) {
    this.terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 10_000,
      // A pipe does not turn a line feed into a new line, as a terminal's driver does.
      convertEol: true,
      allowProposedApi: true,
    });
  }

  write(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.terminal.write(text, resolve);
    });
  }

  /** All lines, including those that left the screen, without empty ones at the end. */
  lines(): string[] {
    const { active } = this.terminal.buffer;
    const lines = Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true).trimEnd() ?? '',
    );
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }
}

/** The visible text at the end. */
export async function seen(text: string, columns?: number, rows?: number): Promise<string[]> {
  const emulator = new Emulator(columns, rows);
  await emulator.write(text);
  return emulator.lines();
}
