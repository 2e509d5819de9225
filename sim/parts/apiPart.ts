// The part of an api that stands between a client's request and the log: its ingress.
import { Ingress } from "../../services/shared/trading/ingress.ts";
import { REDIS_URL, type Part, type PartEnvironment } from "./part.ts";

export interface ApiPart extends Part {
  readonly ingress: Ingress;
}

export async function startApi({ process, logger }: PartEnvironment): Promise<ApiPart> {
  const ingress = await Ingress.open(REDIS_URL, process.name, logger);
  return {
    ingress,
    running: new Promise(() => undefined),
    stop: () => {
      ingress.close();
      return Promise.resolve();
    },
  };
}
