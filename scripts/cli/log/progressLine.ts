// How far a long command is: one line on standard error that is written over, and only where a person looks on.
const EVERY_MS = 250;

export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

export function progressLine(stream: NodeJS.WriteStream = process.stderr): ProgressLine {
  let shownMs = performance.now();
  let shown = false;
  return {
    show: (text) => {
      if (!stream.isTTY || performance.now() - shownMs < EVERY_MS) return;
      stream.write(`\r\u001b[K${text}`);
      shownMs = performance.now();
      shown = true;
    },
    clear: () => {
      if (shown) stream.write("\r\u001b[K");
      shown = false;
    },
  };
}
