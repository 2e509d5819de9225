// Appends the command that lets a log go on in a new epoch; the engine answers it when it starts.
import { create, toBinary } from "@bufbuild/protobuf";
import type { Redis } from "ioredis";
import { CommandBatchSchema } from "../../../gen/tickwire/v1/command_pb.ts";
import { nowUs } from "../../../services/shared/clock.ts";
import { COMMAND_LOG, ENTRY_FIELD, entryId } from "../../../services/shared/keys.ts";

export interface NewEpoch {
  readonly lastCommand: number;
  /** The greatest epoch anybody may have seen of this log. */
  readonly epochBefore: number;
  readonly reason: string;
}

/** @returns the new epoch: the second of now, or one more than the old epoch */
export async function startEpoch(redis: Redis, { lastCommand, epochBefore, reason }: NewEpoch): Promise<number> {
  const timeUs = nowUs();
  const epoch = Math.max(epochBefore + 1, Math.floor(timeUs / 1_000_000));
  const commands = [{ requestNo: 1n, body: { case: "startEpoch", value: { epoch, reason } } as const }];
  const bytes = toBinary(CommandBatchSchema, create(CommandBatchSchema, { ingressId: "operator", timeUs: BigInt(timeUs), commands }));
  await redis.xadd(COMMAND_LOG, entryId(lastCommand + 1), ENTRY_FIELD, Buffer.from(bytes));
  return epoch;
}
