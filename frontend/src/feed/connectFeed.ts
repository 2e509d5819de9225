// The page's end of the wall: starts the worker and speaks FeedCommand and FeedEvent with it, nothing else.
import type { FeedCommand, FeedEvent } from "./feedMessages.ts";
import type { FeedSession } from "./feedSession.ts";

export interface Feed {
  send(command: FeedCommand): void;
  close(): void;
}

/** Starts the feed; where a browser refuses the worker, the same session runs on the page's own thread. */
export function connectFeed(onEvent: (event: FeedEvent) => void): Feed {
  let closed = false;
  const deliver = (event: FeedEvent): void => {
    if (!closed) onEvent(event);
  };
  const sent: FeedCommand[] = [];
  let heard = false;
  let session: FeedSession | undefined;
  let fellBack = false;
  let worker: Worker | undefined;
  const fallBack = (): void => {
    if (closed || heard || fellBack) return;
    fellBack = true;
    worker?.terminate();
    worker = undefined;
    // Only now: a page with a worker never loads the decoder itself.
    void import("./feedSession.ts").then(({ FeedSession }) => {
      if (closed) return;
      session = new FeedSession(deliver);
      for (const command of sent) session.handle(command);
    });
  };
  try {
    worker = new Worker(new URL("./feed.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = (message: MessageEvent<FeedEvent>) => {
      heard = true;
      sent.length = 0;
      deliver(message.data);
    };
    worker.onerror = fallBack;
  } catch {
    fallBack();
  }
  return {
    send(command) {
      // Kept only until the worker has shown that it lives.
      if (!heard) sent.push(command);
      if (session !== undefined) session.handle(command);
      else worker?.postMessage(command);
    },
    close() {
      closed = true;
      session?.handle({ type: "close" });
      worker?.postMessage({ type: "close" } satisfies FeedCommand);
      worker?.terminate();
    },
  };
}
