// The first frame on every socket, and the hash by which a client can tell whether it speaks the same schema.
import { createHash, randomUUID } from "node:crypto";
import { toBinary, type DescFile } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { file_tickwire_v1_client } from "../../gen/tickwire/v1/client_pb.ts";
import { file_tickwire_v1_market_data } from "../../gen/tickwire/v1/market_data_pb.ts";
import { file_tickwire_v1_private_data } from "../../gen/tickwire/v1/private_data_pb.ts";
import { file_tickwire_v1_server } from "../../gen/tickwire/v1/server_pb.ts";
import { file_tickwire_v1_types } from "../../gen/tickwire/v1/types_pb.ts";
import { nowUs } from "../shared/clock.ts";
import type { VenueDirectory } from "../shared/trading/venueDirectory.ts";
import { encodeFrame } from "./frames.ts";

export const PROTOCOL_VERSION = 1;

/** The files a client of the feed is generated from, each after those it imports. */
const WIRE_FILES: readonly DescFile[] = [
  file_tickwire_v1_types,
  file_tickwire_v1_client,
  file_tickwire_v1_market_data,
  file_tickwire_v1_private_data,
  file_tickwire_v1_server,
];

/** SHA-256, hex, over the wire files' descriptors, one after the other. */
export const SCHEMA_HASH: string = WIRE_FILES.reduce((hash, file) => hash.update(toBinary(FileDescriptorProtoSchema, file.proto)), createHash("sha256")).digest("hex");

/** A Welcome frame for a new socket. */
export const welcomeFrame = (venue: VenueDirectory): Uint8Array =>
  encodeFrame({
    case: "welcome",
    value: {
      protocolVersion: PROTOCOL_VERSION,
      schemaHash: SCHEMA_HASH,
      sessionId: randomUUID(),
      epoch: venue.epoch,
      serverTimeUs: BigInt(nowUs()),
      assets: [...venue.assets],
      markets: venue.markets.map(({ market }) => market),
    },
  });
