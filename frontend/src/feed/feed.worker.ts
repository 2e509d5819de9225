// The worker that carries the feed: decoding and sequencing happen here, off the thread that paints.
import type { FeedCommand, FeedEvent } from "./feedMessages.ts";
import { FeedSession } from "./feedSession.ts";

// The page's compiler knows `self` as a window; these two members are all a worker is to us.
interface WorkerScope {
  onmessage: ((message: MessageEvent<FeedCommand>) => void) | null;
  postMessage(event: FeedEvent): void;
}
const scope = self as unknown as WorkerScope;

const session = new FeedSession((event) => scope.postMessage(event));
scope.onmessage = (message) => session.handle(message.data);
