// One paint per animation frame: stores that changed are told once, together, however many messages came in between.

type Paint = () => void;
const due = new Set<Paint>();
let scheduled = false;

function run(): void {
  scheduled = false;
  const paints = [...due];
  due.clear();
  for (const paint of paints) paint();
}

/** Runs `paint` in the next animation frame; asking again before then changes nothing. */
export function atNextFrame(paint: Paint): void {
  due.add(paint);
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(run);
}
