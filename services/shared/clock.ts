// Wall-clock time in microseconds. The engine core never imports this: its time comes inside commands.

const STEP_TOLERANCE_MS = 5;
let originMs = performance.timeOrigin;

/** Microseconds since the Unix epoch, as a safe integer. Follows the wall clock when that is stepped. */
export function nowUs(): number {
  const wallMs = Date.now();
  let ms = originMs + performance.now();
  if (Math.abs(ms - wallMs) > STEP_TOLERANCE_MS) {
    originMs += wallMs - ms;
    ms = wallMs;
  }
  return Math.round(ms * 1000);
}
