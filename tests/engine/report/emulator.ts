/** A terminal without a window: what a reader would see of bytes that were written to it. */
import xterm from '@xterm/headless';

export class Emulator {
  private readonly terminal: xterm.Terminal;

  constructor(columns = 100, rows = 40) {
    this.terminal = new xterm.Terminal({
      cols: columns,
      rows,
      scrollback: 10_000,
      // A pipe has no driver that turns a line feed into a new line.
      convertEol: true,
      allowProposedApi: true,
    });
  }

  write(text: string): Promise<void> {
    return new Promise((resolve) => {
      this.terminal.write(text, resolve);
    });
  }

  /** All lines, those that left the screen included; empty ones at the end are left out. */
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

/** What is seen at the end. */
export async function seen(text: string, columns?: number, rows?: number): Promise<string[]> {
  const emulator = new Emulator(columns, rows);
  await emulator.write(text);
  return emulator.lines();
}
