// The engine's frequent events as protobuf bytes, in AssemblyScript: compiled to WebAssembly by `npm run generate`.
//
// Why not in JavaScript: a varint there is one bounds-checked store and one branch for each byte; here the seven-bit groups
// of a whole number are spread by a few shifts and stored at once. Seldom is anything but this worth compiling.
// Never: allocates, or checks for room: the caller has made it (eventWriter.ts). A store may write up to eight bytes
// beyond what it means to; what follows overwrites them.
// Field numbers are those of proto/tickwire/v1/event.proto and types.proto; eventWriter.test.ts reads all of it with protobuf-es.

/** A varint. Up to 2^56 - 1 it is one store. */
@inline
function putVarint(at: usize, value: u64): usize {
  if (value < 0x80) {
    store<u8>(at, <u8>value);
    return at + 1;
  }
  if (value >> 56) return putLongVarint(at, value);
  // 28 bits into each half, then 14 into each quarter, then 7 into each byte.
  let groups = (value & 0x0fff_ffff) | ((value & 0x00ff_ffff_f000_0000) << 4);
  groups = (groups & 0x0000_3fff_0000_3fff) | ((groups & 0x0fff_c000_0fff_c000) << 2);
  groups = (groups & 0x007f_007f_007f_007f) | ((groups & 0x3f80_3f80_3f80_3f80) << 1);
  // How many groups: the bits in use, divided by seven, rounded up. All but the last say that more follow.
  const length = ((70 - clz(value)) * 37) >> 8;
  store<u64>(at, groups | (0x8080_8080_8080_8080 & ((<u64>1 << ((length - 1) << 3)) - 1)));
  return at + <usize>length;
}

function putLongVarint(at: usize, value: u64): usize {
  for (; value > 0x7f; value >>= 7) store<u8>(at++, <u8>(value | 0x80));
  store<u8>(at, <u8>value);
  return at + 1;
}

/** A field of a tag below 128, unless its value is 0. */
@inline
function putField(at: usize, tag: u8, value: u64): usize {
  if (value == 0) return at;
  store<u8>(at, tag);
  return putVarint(at + 1, value);
}

/** A field of a number from 16 on, its tag given as the two bytes it takes, unless its value is 0. */
@inline
function putField2(at: usize, tag: u16, value: u64): usize {
  if (value == 0) return at;
  store<u16>(at, tag);
  return putVarint(at + 2, value);
}

/** A whole number from 0 to 2^53 - 1 that JavaScript holds as a double. */
@inline
function whole(value: f64): u64 {
  return <u64>(<i64>value);
}

/** The length of a nested message in the two bytes kept for it: padded, which every decoder accepts. */
@inline
function putLength(at: usize, length: usize): void {
  store<u16>(at, <u16>((length & 0x7f) | 0x80 | ((length >> 7) << 8)));
}

/** high * 2^48 + low: a balance as the ledger keeps it. */
@inline
function units(high: f64, low: f64): u64 {
  return (whole(high) << 48) + whole(low);
}

@inline
function zigzag(value: i64): u64 {
  return <u64>((value << 1) ^ (value >> 63));
}

/**
 * An Order, fields in order. `executionSeq` not 0: as field 2 behind field 1, as in all events that tell one.
 * Its client order id comes as nine little-endian words. `kinds`: side, type, time in force, status, a byte each;
 * `ends`: self-trade prevention, expiry reason, cancel reason, length of the id. `termsLength` bytes at `terms` are put in as they are.
 */
export function putOrder(
  start: usize,
  executionSeq: f64,
  orderId: f64,
  accountId: u32,
  marketId: u32,
  id0: u32,
  id1: u32,
  id2: u32,
  id3: u32,
  id4: u32,
  id5: u32,
  id6: u32,
  id7: u32,
  id8: u32,
  kinds: u32,
  ends: u32,
  priceTicks: u32,
  quantityLots: f64,
  quoteOrderUnits: f64,
  executedLots: f64,
  executedQuoteUnits: f64,
  createdUs: f64,
  updatedUs: f64,
  preventedLots: f64,
  amendCount: u32,
  workingUs: f64,
  terms: usize,
  termsLength: u32,
): usize {
  let head = start;
  let at = start;
  if (executionSeq != 0) {
    store<u8>(at, 0x08);
    head = putVarint(at + 1, whole(executionSeq));
    store<u8>(head, 0x12);
    at = head + 3;
  }
  store<u8>(at, 0x08);
  at = putVarint(at + 1, whole(orderId));
  store<u8>(at, 0x10);
  at = putVarint(at + 1, accountId);
  store<u8>(at, 0x18);
  at = putVarint(at + 1, marketId);
  const idLength = ends >>> 24;
  if (idLength != 0) {
    store<u16>(at, <u16>(0x22 | (idLength << 8)));
    store<u32>(at + 2, id0);
    store<u32>(at + 6, id1);
    store<u32>(at + 10, id2);
    store<u32>(at + 14, id3);
    if (idLength > 16) {
      store<u32>(at + 18, id4);
      store<u32>(at + 22, id5);
      store<u32>(at + 26, id6);
      store<u32>(at + 30, id7);
      store<u32>(at + 34, id8);
    }
    at += 2 + idLength;
  }
  // Fields 5 to 8, which every order has.
  const kind = <u64>kinds;
  store<u64>(at, 0x0040_0038_0030_0028 | ((kind & 0xff) << 8) | ((kind & 0xff00) << 16) | ((kind & 0xff_0000) << 24) | ((kind >> 24) << 56));
  at = putField(at + 8, 0x48, priceTicks);
  at = putField(at, 0x50, whole(quantityLots));
  at = putField(at, 0x58, whole(quoteOrderUnits));
  at = putField(at, 0x60, whole(executedLots));
  at = putField(at, 0x68, whole(executedQuoteUnits));
  at = putField(at, 0x70, whole(createdUs));
  at = putField(at, 0x78, whole(updatedUs));
  at = putField2(at, 0x0180, (ends >>> 8) & 0xff);
  at = putField2(at, 0x0188, (ends >>> 16) & 0xff);
  at = putField2(at, 0x0190, ends & 0xff);
  at = putField2(at, 0x0198, whole(preventedLots));
  at = putField2(at, 0x01e8, amendCount);
  if (termsLength != 0) {
    memory.copy(at, terms, termsLength);
    at += termsLength;
  }
  at = putField2(at, 0x01c8, whole(workingUs));
  if (executionSeq != 0) putLength(head + 1, at - head - 3);
  return at;
}

/** Closes an event whose body's fields stand from `start + 6` to `end`: heads and lengths of Event and of its body, whose field has this tag. */
export function closeEvent(start: usize, tag: u32, end: usize): void {
  store<u8>(start, 0x22);
  store<u8>(start + 3, <u8>tag);
  putLength(start + 4, end - start - 6);
  putLength(start + 1, end - start - 3);
}

/** The fields of TradeExecuted before its sides. */
export function putTradeHead(at: usize, marketId: u32, tradeId: f64, priceTicks: f64, quantityLots: f64, quoteUnits: f64, takerSide: u32): usize {
  at = putField(at, 0x08, marketId);
  at = putField(at, 0x10, whole(tradeId));
  at = putField(at, 0x18, whole(priceTicks));
  at = putField(at, 0x20, whole(quantityLots));
  at = putField(at, 0x28, whole(quoteUnits));
  return putField(at, 0x30, takerSide);
}

/** Closes a TradeSide whose order stands from `start + 3` to `end`. */
export function closeTradeSide(start: usize, tag: u32, end: usize, feeUnits: f64, feeAssetId: u32): usize {
  store<u8>(start, <u8>tag);
  end = putField(end, 0x18, whole(feeUnits));
  end = putField(end, 0x20, feeAssetId);
  putLength(start + 1, end - start - 3);
  return end;
}

/** A whole BalanceChanged event; balances in limbs, after and before. */
export function putBalance(
  start: usize,
  accountId: u32,
  balanceSeq: f64,
  assetId: u32,
  available: f64,
  availableHigh: f64,
  held: f64,
  heldHigh: f64,
  wasAvailable: f64,
  wasAvailableHigh: f64,
  wasHeld: f64,
  wasHeldHigh: f64,
): usize {
  const availableUnits = units(availableHigh, available);
  const heldUnits = units(heldHigh, held);
  let at = putField(start + 6, 0x08, accountId);
  at = putField(at, 0x10, whole(balanceSeq));
  at = putField(at, 0x18, assetId);
  at = putField(at, 0x20, availableUnits);
  at = putField(at, 0x28, heldUnits);
  at = putField(at, 0x30, zigzag(availableUnits - units(wasAvailableHigh, wasAvailable)));
  at = putField(at, 0x38, zigzag(heldUnits - units(wasHeldHigh, wasHeld)));
  closeEvent(start, 0x32, at);
  return at;
}

/** The fields of EventGroup before its events. */
export function putGroupHead(at: usize, seq: f64, requestNo: f64, accountId: f64): usize {
  at = putField(at, 0x08, whole(seq));
  at = putField(at, 0x10, whole(requestNo));
  return putField(at, 0x18, whole(accountId));
}
