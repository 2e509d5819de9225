// node_modules/@bufbuild/protobuf/dist/esm/is-message.js
function isMessage(arg, schema) {
  const isMessage2 = arg !== null && typeof arg == "object" && "$typeName" in arg && typeof arg.$typeName == "string";
  if (!isMessage2) {
    return false;
  }
  if (schema === void 0) {
    return true;
  }
  return schema.typeName === arg.$typeName;
}

// node_modules/@bufbuild/protobuf/dist/esm/descriptors.js
var ScalarType;
(function(ScalarType2) {
  ScalarType2[ScalarType2["DOUBLE"] = 1] = "DOUBLE";
  ScalarType2[ScalarType2["FLOAT"] = 2] = "FLOAT";
  ScalarType2[ScalarType2["INT64"] = 3] = "INT64";
  ScalarType2[ScalarType2["UINT64"] = 4] = "UINT64";
  ScalarType2[ScalarType2["INT32"] = 5] = "INT32";
  ScalarType2[ScalarType2["FIXED64"] = 6] = "FIXED64";
  ScalarType2[ScalarType2["FIXED32"] = 7] = "FIXED32";
  ScalarType2[ScalarType2["BOOL"] = 8] = "BOOL";
  ScalarType2[ScalarType2["STRING"] = 9] = "STRING";
  ScalarType2[ScalarType2["BYTES"] = 12] = "BYTES";
  ScalarType2[ScalarType2["UINT32"] = 13] = "UINT32";
  ScalarType2[ScalarType2["SFIXED32"] = 15] = "SFIXED32";
  ScalarType2[ScalarType2["SFIXED64"] = 16] = "SFIXED64";
  ScalarType2[ScalarType2["SINT32"] = 17] = "SINT32";
  ScalarType2[ScalarType2["SINT64"] = 18] = "SINT64";
})(ScalarType || (ScalarType = {}));

// node_modules/@bufbuild/protobuf/dist/esm/wire/varint.js
function varint64read() {
  let lowBits = 0;
  let highBits = 0;
  for (let shift = 0; shift < 28; shift += 7) {
    let b = this.buf[this.pos++];
    lowBits |= (b & 127) << shift;
    if ((b & 128) == 0) {
      this.assertBounds();
      return [lowBits, highBits];
    }
  }
  let middleByte = this.buf[this.pos++];
  lowBits |= (middleByte & 15) << 28;
  highBits = (middleByte & 112) >> 4;
  if ((middleByte & 128) == 0) {
    this.assertBounds();
    return [lowBits, highBits];
  }
  for (let shift = 3; shift <= 31; shift += 7) {
    let b = this.buf[this.pos++];
    highBits |= (b & 127) << shift;
    if ((b & 128) == 0) {
      this.assertBounds();
      return [lowBits, highBits];
    }
  }
  throw new Error("invalid varint");
}
function varint64write(lo, hi, bytes) {
  for (let i = 0; i < 28; i = i + 7) {
    const shift = lo >>> i;
    const hasNext = !(shift >>> 7 == 0 && hi == 0);
    const byte = (hasNext ? shift | 128 : shift) & 255;
    bytes.push(byte);
    if (!hasNext) {
      return;
    }
  }
  const splitBits = lo >>> 28 & 15 | (hi & 7) << 4;
  const hasMoreBits = !(hi >> 3 == 0);
  bytes.push((hasMoreBits ? splitBits | 128 : splitBits) & 255);
  if (!hasMoreBits) {
    return;
  }
  for (let i = 3; i < 31; i = i + 7) {
    const shift = hi >>> i;
    const hasNext = !(shift >>> 7 == 0);
    const byte = (hasNext ? shift | 128 : shift) & 255;
    bytes.push(byte);
    if (!hasNext) {
      return;
    }
  }
  bytes.push(hi >>> 31 & 1);
}
var TWO_PWR_32_DBL = 4294967296;
function int64FromString(dec) {
  const minus = dec[0] === "-";
  if (minus) {
    dec = dec.slice(1);
  }
  const base2 = 1e6;
  let lowBits = 0;
  let highBits = 0;
  function add1e6digit(begin, end) {
    const digit1e6 = Number(dec.slice(begin, end));
    highBits *= base2;
    lowBits = lowBits * base2 + digit1e6;
    if (lowBits >= TWO_PWR_32_DBL) {
      highBits = highBits + (lowBits / TWO_PWR_32_DBL | 0);
      lowBits = lowBits % TWO_PWR_32_DBL;
    }
  }
  add1e6digit(-24, -18);
  add1e6digit(-18, -12);
  add1e6digit(-12, -6);
  add1e6digit(-6);
  return minus ? negate(lowBits, highBits) : newBits(lowBits, highBits);
}
function int64ToString(lo, hi) {
  let bits = newBits(lo, hi);
  const negative = bits.hi & 2147483648;
  if (negative) {
    bits = negate(bits.lo, bits.hi);
  }
  const result = uInt64ToString(bits.lo, bits.hi);
  return negative ? "-" + result : result;
}
function uInt64ToString(lo, hi) {
  ({ lo, hi } = toUnsigned(lo, hi));
  if (hi <= 2097151) {
    return String(TWO_PWR_32_DBL * hi + lo);
  }
  const low = lo & 16777215;
  const mid = (lo >>> 24 | hi << 8) & 16777215;
  const high = hi >> 16 & 65535;
  let digitA = low + mid * 6777216 + high * 6710656;
  let digitB = mid + high * 8147497;
  let digitC = high * 2;
  const base2 = 1e7;
  if (digitA >= base2) {
    digitB += Math.floor(digitA / base2);
    digitA %= base2;
  }
  if (digitB >= base2) {
    digitC += Math.floor(digitB / base2);
    digitB %= base2;
  }
  return digitC.toString() + decimalFrom1e7WithLeadingZeros(digitB) + decimalFrom1e7WithLeadingZeros(digitA);
}
function toUnsigned(lo, hi) {
  return { lo: lo >>> 0, hi: hi >>> 0 };
}
function newBits(lo, hi) {
  return { lo: lo | 0, hi: hi | 0 };
}
function negate(lowBits, highBits) {
  highBits = ~highBits;
  if (lowBits) {
    lowBits = ~lowBits + 1;
  } else {
    highBits += 1;
  }
  return newBits(lowBits, highBits);
}
var decimalFrom1e7WithLeadingZeros = (digit1e7) => {
  const partial = String(digit1e7);
  return "0000000".slice(partial.length) + partial;
};
function varint32write(value, bytes) {
  if (value >= 0) {
    while (value > 127) {
      bytes.push(value & 127 | 128);
      value = value >>> 7;
    }
    bytes.push(value);
  } else {
    for (let i = 0; i < 9; i++) {
      bytes.push(value & 127 | 128);
      value = value >> 7;
    }
    bytes.push(1);
  }
}
function varint32read() {
  let b = this.buf[this.pos++];
  let result = b & 127;
  if ((b & 128) == 0) {
    this.assertBounds();
    return result;
  }
  b = this.buf[this.pos++];
  result |= (b & 127) << 7;
  if ((b & 128) == 0) {
    this.assertBounds();
    return result;
  }
  b = this.buf[this.pos++];
  result |= (b & 127) << 14;
  if ((b & 128) == 0) {
    this.assertBounds();
    return result;
  }
  b = this.buf[this.pos++];
  result |= (b & 127) << 21;
  if ((b & 128) == 0) {
    this.assertBounds();
    return result;
  }
  b = this.buf[this.pos++];
  result |= (b & 15) << 28;
  for (let readBytes = 5; (b & 128) !== 0 && readBytes < 10; readBytes++)
    b = this.buf[this.pos++];
  if ((b & 128) != 0)
    throw new Error("invalid varint");
  this.assertBounds();
  return result >>> 0;
}

// node_modules/@bufbuild/protobuf/dist/esm/proto-int64.js
var protoInt64 = /* @__PURE__ */ makeInt64Support();
function makeInt64Support() {
  const dv = new DataView(new ArrayBuffer(8));
  const ok = typeof BigInt === "function" && typeof dv.getBigInt64 === "function" && typeof dv.getBigUint64 === "function" && typeof dv.setBigInt64 === "function" && typeof dv.setBigUint64 === "function" && (!!globalThis.Deno || !!globalThis.Bun || typeof process != "object" || typeof process.env != "object" || process.env.BUF_BIGINT_DISABLE !== "1");
  if (ok) {
    const MIN = BigInt("-9223372036854775808");
    const MAX = BigInt("9223372036854775807");
    const UMIN = BigInt("0");
    const UMAX = BigInt("18446744073709551615");
    return {
      zero: BigInt(0),
      supported: true,
      parse(value) {
        const bi = typeof value == "bigint" ? value : BigInt(value);
        if (bi > MAX || bi < MIN) {
          throw new Error(`invalid int64: ${value}`);
        }
        return bi;
      },
      uParse(value) {
        const bi = typeof value == "bigint" ? value : BigInt(value);
        if (bi > UMAX || bi < UMIN) {
          throw new Error(`invalid uint64: ${value}`);
        }
        return bi;
      },
      enc(value) {
        dv.setBigInt64(0, this.parse(value), true);
        return {
          lo: dv.getInt32(0, true),
          hi: dv.getInt32(4, true)
        };
      },
      uEnc(value) {
        dv.setBigInt64(0, this.uParse(value), true);
        return {
          lo: dv.getInt32(0, true),
          hi: dv.getInt32(4, true)
        };
      },
      dec(lo, hi) {
        dv.setInt32(0, lo, true);
        dv.setInt32(4, hi, true);
        return dv.getBigInt64(0, true);
      },
      uDec(lo, hi) {
        dv.setInt32(0, lo, true);
        dv.setInt32(4, hi, true);
        return dv.getBigUint64(0, true);
      }
    };
  }
  return {
    zero: "0",
    supported: false,
    parse(value) {
      if (typeof value != "string") {
        value = value.toString();
      }
      assertInt64String(value);
      return value;
    },
    uParse(value) {
      if (typeof value != "string") {
        value = value.toString();
      }
      assertUInt64String(value);
      return value;
    },
    enc(value) {
      if (typeof value != "string") {
        value = value.toString();
      }
      assertInt64String(value);
      return int64FromString(value);
    },
    uEnc(value) {
      if (typeof value != "string") {
        value = value.toString();
      }
      assertUInt64String(value);
      return int64FromString(value);
    },
    dec(lo, hi) {
      return int64ToString(lo, hi);
    },
    uDec(lo, hi) {
      return uInt64ToString(lo, hi);
    }
  };
}
function assertInt64String(value) {
  if (!/^-?[0-9]+$/.test(value)) {
    throw new Error("invalid int64: " + value);
  }
}
function assertUInt64String(value) {
  if (!/^[0-9]+$/.test(value)) {
    throw new Error("invalid uint64: " + value);
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/scalar.js
function scalarZeroValue(type, longAsString) {
  switch (type) {
    case ScalarType.STRING:
      return "";
    case ScalarType.BOOL:
      return false;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return 0;
    case ScalarType.INT64:
    case ScalarType.UINT64:
    case ScalarType.SFIXED64:
    case ScalarType.FIXED64:
    case ScalarType.SINT64:
      return longAsString ? "0" : protoInt64.zero;
    case ScalarType.BYTES:
      return new Uint8Array(0);
    default:
      return 0;
  }
}
function isScalarZeroValue(type, value) {
  switch (type) {
    case ScalarType.BOOL:
      return value === false;
    case ScalarType.STRING:
      return value === "";
    case ScalarType.BYTES:
      return value instanceof Uint8Array && !value.byteLength;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return Object.is(value, 0);
    default:
      return value == 0;
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/unsafe.js
var IMPLICIT = 2;
var unsafeLocal = /* @__PURE__ */ Symbol.for("reflect unsafe local");
function unsafeOneofCase(target, oneof) {
  const c = target[oneof.localName].case;
  if (c === void 0) {
    return c;
  }
  return oneof.fields.find((f) => f.localName === c);
}
function unsafeIsSet(target, field) {
  const name = field.localName;
  if (field.oneof) {
    return target[field.oneof.localName].case === name;
  }
  if (field.presence != IMPLICIT) {
    return target[name] !== void 0 && Object.prototype.hasOwnProperty.call(target, name);
  }
  switch (field.fieldKind) {
    case "list":
      return target[name].length > 0;
    case "map":
      return Object.keys(target[name]).length > 0;
    case "scalar":
      return !isScalarZeroValue(field.scalar, target[name]);
    case "enum":
      return target[name] !== field.enum.values[0].number;
  }
  throw new Error("message field with implicit presence");
}
function unsafeIsSetExplicit(target, localName) {
  return Object.prototype.hasOwnProperty.call(target, localName) && target[localName] !== void 0;
}
function unsafeGet(target, field) {
  if (field.oneof) {
    const oneof = target[field.oneof.localName];
    if (oneof.case === field.localName) {
      return oneof.value;
    }
    return void 0;
  }
  return target[field.localName];
}
function unsafeSet(target, field, value) {
  if (field.oneof) {
    target[field.oneof.localName] = {
      case: field.localName,
      value
    };
  } else {
    target[field.localName] = value;
  }
}
function unsafeClear(target, field) {
  const name = field.localName;
  if (field.oneof) {
    const oneofLocalName = field.oneof.localName;
    if (target[oneofLocalName].case === name) {
      target[oneofLocalName] = { case: void 0 };
    }
  } else if (field.presence != IMPLICIT) {
    delete target[name];
  } else {
    switch (field.fieldKind) {
      case "map":
        target[name] = {};
        break;
      case "list":
        target[name] = [];
        break;
      case "enum":
        target[name] = field.enum.values[0].number;
        break;
      case "scalar":
        target[name] = scalarZeroValue(field.scalar, field.longAsString);
        break;
    }
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/guard.js
function isObject(arg) {
  return arg !== null && typeof arg == "object" && !Array.isArray(arg);
}
function isReflectList(arg, field) {
  var _a, _b, _c, _d;
  if (isObject(arg) && unsafeLocal in arg && "add" in arg && "field" in arg && typeof arg.field == "function") {
    if (field !== void 0) {
      const a = field;
      const b = arg.field();
      return a.listKind == b.listKind && a.scalar === b.scalar && ((_a = a.message) === null || _a === void 0 ? void 0 : _a.typeName) === ((_b = b.message) === null || _b === void 0 ? void 0 : _b.typeName) && ((_c = a.enum) === null || _c === void 0 ? void 0 : _c.typeName) === ((_d = b.enum) === null || _d === void 0 ? void 0 : _d.typeName);
    }
    return true;
  }
  return false;
}
function isReflectMap(arg, field) {
  var _a, _b, _c, _d;
  if (isObject(arg) && unsafeLocal in arg && "has" in arg && "field" in arg && typeof arg.field == "function") {
    if (field !== void 0) {
      const a = field, b = arg.field();
      return a.mapKey === b.mapKey && a.mapKind == b.mapKind && a.scalar === b.scalar && ((_a = a.message) === null || _a === void 0 ? void 0 : _a.typeName) === ((_b = b.message) === null || _b === void 0 ? void 0 : _b.typeName) && ((_c = a.enum) === null || _c === void 0 ? void 0 : _c.typeName) === ((_d = b.enum) === null || _d === void 0 ? void 0 : _d.typeName);
    }
    return true;
  }
  return false;
}
function isReflectMessage(arg, messageDesc2) {
  return isObject(arg) && unsafeLocal in arg && "desc" in arg && isObject(arg.desc) && arg.desc.kind === "message" && (messageDesc2 === void 0 || arg.desc.typeName == messageDesc2.typeName);
}

// node_modules/@bufbuild/protobuf/dist/esm/wkt/wrappers.js
function isWrapper(arg) {
  return isWrapperTypeName(arg.$typeName);
}
function isWrapperDesc(messageDesc2) {
  const f = messageDesc2.fields[0];
  return isWrapperTypeName(messageDesc2.typeName) && f !== void 0 && f.fieldKind == "scalar" && f.name == "value" && f.number == 1;
}
function isWrapperTypeName(name) {
  return name.startsWith("google.protobuf.") && [
    "DoubleValue",
    "FloatValue",
    "Int64Value",
    "UInt64Value",
    "Int32Value",
    "UInt32Value",
    "BoolValue",
    "StringValue",
    "BytesValue"
  ].includes(name.substring(16));
}

// node_modules/@bufbuild/protobuf/dist/esm/create.js
var EDITION_PROTO3 = 999;
var EDITION_PROTO2 = 998;
var IMPLICIT2 = 2;
function create(schema, init) {
  if (isMessage(init, schema)) {
    return init;
  }
  const message = createZeroMessage(schema);
  if (init !== void 0) {
    initMessage(schema, message, init);
  }
  return message;
}
function initMessage(messageDesc2, message, init) {
  for (const member of messageDesc2.members) {
    let value = init[member.localName];
    if (value == null) {
      continue;
    }
    let field;
    if (member.kind == "oneof") {
      const oneofField = unsafeOneofCase(init, member);
      if (!oneofField) {
        continue;
      }
      field = oneofField;
      value = unsafeGet(init, oneofField);
    } else {
      field = member;
    }
    switch (field.fieldKind) {
      case "message":
        value = toMessage(field, value);
        break;
      case "scalar":
        value = initScalar(field, value);
        break;
      case "list":
        value = initList(field, value);
        break;
      case "map":
        value = initMap(field, value);
        break;
    }
    unsafeSet(message, field, value);
  }
  return message;
}
function initScalar(field, value) {
  if (field.scalar == ScalarType.BYTES) {
    return toU8Arr(value);
  }
  return value;
}
function initMap(field, value) {
  if (isObject(value)) {
    if (field.scalar == ScalarType.BYTES) {
      return convertObjectValues(value, toU8Arr);
    }
    if (field.mapKind == "message") {
      return convertObjectValues(value, (val) => toMessage(field, val));
    }
  }
  return value;
}
function initList(field, value) {
  if (Array.isArray(value)) {
    if (field.scalar == ScalarType.BYTES) {
      return value.map(toU8Arr);
    }
    if (field.listKind == "message") {
      return value.map((item) => toMessage(field, item));
    }
  }
  return value;
}
function toMessage(field, value) {
  if (field.fieldKind == "message" && !field.oneof && isWrapperDesc(field.message)) {
    return initScalar(field.message.fields[0], value);
  }
  if (isObject(value)) {
    if (field.message.typeName == "google.protobuf.Struct" && field.parent.typeName !== "google.protobuf.Value") {
      return value;
    }
    if (!isMessage(value, field.message)) {
      return create(field.message, value);
    }
  }
  return value;
}
function toU8Arr(value) {
  return Array.isArray(value) ? new Uint8Array(value) : value;
}
function convertObjectValues(obj, fn) {
  const ret = {};
  for (const entry of Object.entries(obj)) {
    ret[entry[0]] = fn(entry[1]);
  }
  return ret;
}
var tokenZeroMessageField = /* @__PURE__ */ Symbol();
var messagePrototypes = /* @__PURE__ */ new WeakMap();
function createZeroMessage(desc) {
  let msg;
  if (!needsPrototypeChain(desc)) {
    msg = {
      $typeName: desc.typeName
    };
    for (const member of desc.members) {
      if (member.kind == "oneof" || member.presence == IMPLICIT2) {
        msg[member.localName] = createZeroField(member);
      }
    }
  } else {
    const cached = messagePrototypes.get(desc);
    let prototype;
    let members;
    if (cached) {
      ({ prototype, members } = cached);
    } else {
      prototype = {};
      members = /* @__PURE__ */ new Set();
      for (const member of desc.members) {
        if (member.kind == "oneof") {
          continue;
        }
        if (member.fieldKind != "scalar" && member.fieldKind != "enum") {
          continue;
        }
        if (member.presence == IMPLICIT2) {
          continue;
        }
        members.add(member);
        prototype[member.localName] = createZeroField(member);
      }
      messagePrototypes.set(desc, { prototype, members });
    }
    msg = Object.create(prototype);
    msg.$typeName = desc.typeName;
    for (const member of desc.members) {
      if (members.has(member)) {
        continue;
      }
      if (member.kind == "field") {
        if (member.fieldKind == "message") {
          continue;
        }
        if (member.fieldKind == "scalar" || member.fieldKind == "enum") {
          if (member.presence != IMPLICIT2) {
            continue;
          }
        }
      }
      msg[member.localName] = createZeroField(member);
    }
  }
  return msg;
}
function needsPrototypeChain(desc) {
  switch (desc.file.edition) {
    case EDITION_PROTO3:
      return false;
    case EDITION_PROTO2:
      return true;
    default:
      return desc.fields.some((f) => f.presence != IMPLICIT2 && f.fieldKind != "message" && !f.oneof);
  }
}
function createZeroField(field) {
  if (field.kind == "oneof") {
    return { case: void 0 };
  }
  if (field.fieldKind == "list") {
    return [];
  }
  if (field.fieldKind == "map") {
    return {};
  }
  if (field.fieldKind == "message") {
    return tokenZeroMessageField;
  }
  const defaultValue = field.getDefaultValue();
  if (defaultValue !== void 0) {
    return field.fieldKind == "scalar" && field.longAsString ? defaultValue.toString() : defaultValue;
  }
  return field.fieldKind == "scalar" ? scalarZeroValue(field.scalar, field.longAsString) : field.enum.values[0].number;
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/error.js
var FieldError = class extends Error {
  constructor(fieldOrOneof, message, name = "FieldValueInvalidError") {
    super(message);
    this.name = name;
    this.field = () => fieldOrOneof;
  }
};

// node_modules/@bufbuild/protobuf/dist/esm/wire/text-encoding.js
var symbol = /* @__PURE__ */ Symbol.for("@bufbuild/protobuf/text-encoding");
function getTextEncoding() {
  if (globalThis[symbol] == void 0) {
    const te = new globalThis.TextEncoder();
    const td = new globalThis.TextDecoder();
    let tdStrict;
    globalThis[symbol] = {
      encodeUtf8(text) {
        return te.encode(text);
      },
      decodeUtf8(bytes, strict) {
        if (strict) {
          if (tdStrict === void 0) {
            tdStrict = new globalThis.TextDecoder("utf-8", { fatal: true });
          }
          return tdStrict.decode(bytes);
        }
        return td.decode(bytes);
      },
      checkUtf8(text) {
        try {
          encodeURIComponent(text);
          return true;
        } catch (_) {
          return false;
        }
      }
    };
  }
  return globalThis[symbol];
}

// node_modules/@bufbuild/protobuf/dist/esm/wire/binary-encoding.js
var WireType;
(function(WireType2) {
  WireType2[WireType2["Varint"] = 0] = "Varint";
  WireType2[WireType2["Bit64"] = 1] = "Bit64";
  WireType2[WireType2["LengthDelimited"] = 2] = "LengthDelimited";
  WireType2[WireType2["StartGroup"] = 3] = "StartGroup";
  WireType2[WireType2["EndGroup"] = 4] = "EndGroup";
  WireType2[WireType2["Bit32"] = 5] = "Bit32";
})(WireType || (WireType = {}));
var FLOAT32_MAX = 34028234663852886e22;
var FLOAT32_MIN = -34028234663852886e22;
var UINT32_MAX = 4294967295;
var INT32_MAX = 2147483647;
var INT32_MIN = -2147483648;
var BinaryWriter = class {
  constructor(encodeUtf8 = getTextEncoding().encodeUtf8) {
    this.encodeUtf8 = encodeUtf8;
    this.stack = [];
    this.chunks = [];
    this.buf = [];
  }
  /**
   * Return all bytes written and reset this writer.
   */
  finish() {
    if (this.buf.length) {
      this.chunks.push(new Uint8Array(this.buf));
      this.buf = [];
    }
    let len = 0;
    for (let i = 0; i < this.chunks.length; i++)
      len += this.chunks[i].length;
    let bytes = new Uint8Array(len);
    let offset = 0;
    for (let i = 0; i < this.chunks.length; i++) {
      bytes.set(this.chunks[i], offset);
      offset += this.chunks[i].length;
    }
    this.chunks = [];
    return bytes;
  }
  /**
   * Start a new fork for length-delimited data like a message
   * or a packed repeated field.
   *
   * Must be joined later with `join()`.
   */
  fork() {
    this.stack.push({ chunks: this.chunks, buf: this.buf });
    this.chunks = [];
    this.buf = [];
    return this;
  }
  /**
   * Join the last fork. Write its length and bytes, then
   * return to the previous state.
   */
  join() {
    let chunk = this.finish();
    let prev = this.stack.pop();
    if (!prev)
      throw new Error("invalid state, fork stack empty");
    this.chunks = prev.chunks;
    this.buf = prev.buf;
    this.uint32(chunk.byteLength);
    return this.raw(chunk);
  }
  /**
   * Writes a tag (field number and wire type).
   *
   * Equivalent to `uint32( (fieldNo << 3 | type) >>> 0 )`.
   *
   * Generated code should compute the tag ahead of time and call `uint32()`.
   */
  tag(fieldNo, type) {
    return this.uint32((fieldNo << 3 | type) >>> 0);
  }
  /**
   * Write a chunk of raw bytes.
   */
  raw(chunk) {
    if (this.buf.length) {
      this.chunks.push(new Uint8Array(this.buf));
      this.buf = [];
    }
    this.chunks.push(chunk);
    return this;
  }
  /**
   * Write a `uint32` value, an unsigned 32 bit varint.
   */
  uint32(value) {
    assertUInt32(value);
    while (value > 127) {
      this.buf.push(value & 127 | 128);
      value = value >>> 7;
    }
    this.buf.push(value);
    return this;
  }
  /**
   * Write a `int32` value, a signed 32 bit varint.
   */
  int32(value) {
    assertInt32(value);
    varint32write(value, this.buf);
    return this;
  }
  /**
   * Write a `bool` value, a varint.
   */
  bool(value) {
    this.buf.push(value ? 1 : 0);
    return this;
  }
  /**
   * Write a `bytes` value, length-delimited arbitrary data.
   */
  bytes(value) {
    this.uint32(value.byteLength);
    return this.raw(value);
  }
  /**
   * Write a `string` value, length-delimited data converted to UTF-8 text.
   */
  string(value) {
    let chunk = this.encodeUtf8(value);
    this.uint32(chunk.byteLength);
    return this.raw(chunk);
  }
  /**
   * Write a `float` value, 32-bit floating point number.
   */
  float(value) {
    assertFloat32(value);
    let chunk = new Uint8Array(4);
    new DataView(chunk.buffer).setFloat32(0, value, true);
    return this.raw(chunk);
  }
  /**
   * Write a `double` value, a 64-bit floating point number.
   */
  double(value) {
    let chunk = new Uint8Array(8);
    new DataView(chunk.buffer).setFloat64(0, value, true);
    return this.raw(chunk);
  }
  /**
   * Write a `fixed32` value, an unsigned, fixed-length 32-bit integer.
   */
  fixed32(value) {
    assertUInt32(value);
    let chunk = new Uint8Array(4);
    new DataView(chunk.buffer).setUint32(0, value, true);
    return this.raw(chunk);
  }
  /**
   * Write a `sfixed32` value, a signed, fixed-length 32-bit integer.
   */
  sfixed32(value) {
    assertInt32(value);
    let chunk = new Uint8Array(4);
    new DataView(chunk.buffer).setInt32(0, value, true);
    return this.raw(chunk);
  }
  /**
   * Write a `sint32` value, a signed, zigzag-encoded 32-bit varint.
   */
  sint32(value) {
    assertInt32(value);
    value = (value << 1 ^ value >> 31) >>> 0;
    varint32write(value, this.buf);
    return this;
  }
  /**
   * Write a `sfixed64` value, a signed, fixed-length 64-bit integer.
   */
  sfixed64(value) {
    let chunk = new Uint8Array(8), view = new DataView(chunk.buffer), tc = protoInt64.enc(value);
    view.setInt32(0, tc.lo, true);
    view.setInt32(4, tc.hi, true);
    return this.raw(chunk);
  }
  /**
   * Write a `fixed64` value, an unsigned, fixed-length 64 bit integer.
   */
  fixed64(value) {
    let chunk = new Uint8Array(8), view = new DataView(chunk.buffer), tc = protoInt64.uEnc(value);
    view.setInt32(0, tc.lo, true);
    view.setInt32(4, tc.hi, true);
    return this.raw(chunk);
  }
  /**
   * Write a `int64` value, a signed 64-bit varint.
   */
  int64(value) {
    let tc = protoInt64.enc(value);
    varint64write(tc.lo, tc.hi, this.buf);
    return this;
  }
  /**
   * Write a `sint64` value, a signed, zig-zag-encoded 64-bit varint.
   */
  sint64(value) {
    const tc = protoInt64.enc(value), sign = tc.hi >> 31, lo = tc.lo << 1 ^ sign, hi = (tc.hi << 1 | tc.lo >>> 31) ^ sign;
    varint64write(lo, hi, this.buf);
    return this;
  }
  /**
   * Write a `uint64` value, an unsigned 64-bit varint.
   */
  uint64(value) {
    const tc = protoInt64.uEnc(value);
    varint64write(tc.lo, tc.hi, this.buf);
    return this;
  }
};
var BinaryReader = class {
  constructor(buf, decodeUtf8 = getTextEncoding().decodeUtf8) {
    this.decodeUtf8 = decodeUtf8;
    this.varint64 = varint64read;
    this.uint32 = varint32read;
    this.buf = buf;
    this.len = buf.length;
    this.pos = 0;
    this.view = new DataView(buf.buffer, buf.byteOffset, buf.byteLength);
  }
  /**
   * Reads a tag - field number and wire type. Tags are uint32 varints; values
   * that do not fit in uint32 are rejected.
   */
  tag() {
    const start = this.pos;
    const tag = this.uint32();
    const bytesRead = this.pos - start;
    if (bytesRead > 5 || bytesRead == 5 && this.buf[this.pos - 1] > 15) {
      throw new Error("illegal tag: varint overflows uint32");
    }
    const fieldNo = tag >>> 3;
    const wireType = tag & 7;
    if (fieldNo <= 0 || wireType > 5) {
      throw new Error("illegal tag: field no " + fieldNo + " wire type " + wireType);
    }
    return [fieldNo, wireType];
  }
  /**
   * Skip one element and return the skipped data.
   *
   * When skipping StartGroup, provide the tags field number to check for
   * matching field number in the EndGroup tag. Recursion into nested groups
   * is guarded by the `recursionLimit` argument: When the limit is reached,
   * this method throws.
   */
  skip(wireType, fieldNo, recursionLimit = 100) {
    let start = this.pos;
    switch (wireType) {
      case WireType.Varint:
        while (this.buf[this.pos++] & 128) {
        }
        break;
      // @ts-ignore TS7029: Fallthrough case in switch -- ignore instead of expect-error for compiler settings without noFallthroughCasesInSwitch: true
      case WireType.Bit64:
        this.pos += 4;
      case WireType.Bit32:
        this.pos += 4;
        break;
      case WireType.LengthDelimited:
        let len = this.uint32();
        this.pos += len;
        break;
      case WireType.StartGroup:
        if (recursionLimit <= 0) {
          throw new Error("maximum recursion depth reached");
        }
        for (; ; ) {
          const [fn, wt] = this.tag();
          if (wt === WireType.EndGroup) {
            if (fieldNo !== void 0 && fn !== fieldNo) {
              throw new Error("invalid end group tag");
            }
            break;
          }
          this.skip(wt, fn, recursionLimit - 1);
        }
        break;
      default:
        throw new Error("cant skip wire type " + wireType);
    }
    this.assertBounds();
    return this.buf.subarray(start, this.pos);
  }
  /**
   * Throws error if position in byte array is out of range.
   */
  assertBounds() {
    if (this.pos > this.len)
      throw new RangeError("premature EOF");
  }
  /**
   * Read a `int32` field, a signed 32 bit varint.
   */
  int32() {
    return this.uint32() | 0;
  }
  /**
   * Read a `sint32` field, a signed, zigzag-encoded 32-bit varint.
   */
  sint32() {
    let zze = this.uint32();
    return zze >>> 1 ^ -(zze & 1);
  }
  /**
   * Read a `int64` field, a signed 64-bit varint.
   */
  int64() {
    return protoInt64.dec(...this.varint64());
  }
  /**
   * Read a `uint64` field, an unsigned 64-bit varint.
   */
  uint64() {
    return protoInt64.uDec(...this.varint64());
  }
  /**
   * Read a `sint64` field, a signed, zig-zag-encoded 64-bit varint.
   */
  sint64() {
    let [lo, hi] = this.varint64();
    let s2 = -(lo & 1);
    lo = (lo >>> 1 | (hi & 1) << 31) ^ s2;
    hi = hi >>> 1 ^ s2;
    return protoInt64.dec(lo, hi);
  }
  /**
   * Read a `bool` field, a variant.
   */
  bool() {
    let [lo, hi] = this.varint64();
    return lo !== 0 || hi !== 0;
  }
  /**
   * Read a `fixed32` field, an unsigned, fixed-length 32-bit integer.
   */
  fixed32() {
    return this.view.getUint32((this.pos += 4) - 4, true);
  }
  /**
   * Read a `sfixed32` field, a signed, fixed-length 32-bit integer.
   */
  sfixed32() {
    return this.view.getInt32((this.pos += 4) - 4, true);
  }
  /**
   * Read a `fixed64` field, an unsigned, fixed-length 64 bit integer.
   */
  fixed64() {
    return protoInt64.uDec(this.sfixed32(), this.sfixed32());
  }
  /**
   * Read a `fixed64` field, a signed, fixed-length 64-bit integer.
   */
  sfixed64() {
    return protoInt64.dec(this.sfixed32(), this.sfixed32());
  }
  /**
   * Read a `float` field, 32-bit floating point number.
   */
  float() {
    return this.view.getFloat32((this.pos += 4) - 4, true);
  }
  /**
   * Read a `double` field, a 64-bit floating point number.
   */
  double() {
    return this.view.getFloat64((this.pos += 8) - 8, true);
  }
  /**
   * Read a `bytes` field, length-delimited arbitrary data.
   */
  bytes() {
    let len = this.uint32(), start = this.pos;
    this.pos += len;
    this.assertBounds();
    return this.buf.subarray(start, start + len);
  }
  /**
   * Read a `string` field, length-delimited data converted to UTF-8 text. If
   * `strict` is true, throw on invalid UTF-8 instead of substituting U+FFFD.
   */
  string(strict) {
    return this.decodeUtf8(this.bytes(), strict);
  }
};
function assertInt32(arg) {
  if (typeof arg == "string") {
    arg = Number(arg);
  } else if (typeof arg != "number") {
    throw new Error("invalid int32: " + typeof arg);
  }
  if (!Number.isInteger(arg) || arg > INT32_MAX || arg < INT32_MIN)
    throw new Error("invalid int32: " + arg);
}
function assertUInt32(arg) {
  if (typeof arg == "string") {
    arg = Number(arg);
  } else if (typeof arg != "number") {
    throw new Error("invalid uint32: " + typeof arg);
  }
  if (!Number.isInteger(arg) || arg > UINT32_MAX || arg < 0)
    throw new Error("invalid uint32: " + arg);
}
function assertFloat32(arg) {
  if (typeof arg == "string") {
    const o = arg;
    arg = Number(arg);
    if (Number.isNaN(arg) && o !== "NaN") {
      throw new Error("invalid float32: " + o);
    }
  } else if (typeof arg != "number") {
    throw new Error("invalid float32: " + typeof arg);
  }
  if (Number.isFinite(arg) && (arg > FLOAT32_MAX || arg < FLOAT32_MIN))
    throw new Error("invalid float32: " + arg);
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/reflect-check.js
function checkField(field, value) {
  const check = field.fieldKind == "list" ? isReflectList(value, field) : field.fieldKind == "map" ? isReflectMap(value, field) : checkSingular(field, value);
  if (check === true) {
    return void 0;
  }
  let reason;
  switch (field.fieldKind) {
    case "list":
      reason = `expected ${formatReflectList(field)}, got ${formatVal(value)}`;
      break;
    case "map":
      reason = `expected ${formatReflectMap(field)}, got ${formatVal(value)}`;
      break;
    default: {
      reason = reasonSingular(field, value, check);
    }
  }
  return new FieldError(field, reason);
}
function checkListItem(field, index, value) {
  const check = checkSingular(field, value);
  if (check !== true) {
    return new FieldError(field, `list item #${index + 1}: ${reasonSingular(field, value, check)}`);
  }
  return void 0;
}
function checkMapEntry(field, key, value) {
  const checkKey = checkScalarValue(key, field.mapKey);
  if (checkKey !== true) {
    return new FieldError(field, `invalid map key: ${reasonSingular({ scalar: field.mapKey }, key, checkKey)}`);
  }
  const checkVal = checkSingular(field, value);
  if (checkVal !== true) {
    return new FieldError(field, `map entry ${formatVal(key)}: ${reasonSingular(field, value, checkVal)}`);
  }
  return void 0;
}
function checkSingular(field, value) {
  if (field.scalar !== void 0) {
    return checkScalarValue(value, field.scalar);
  }
  if (field.enum !== void 0) {
    if (field.enum.open) {
      return checkScalarValue(value, ScalarType.INT32);
    }
    return field.enum.values.some((v) => v.number === value);
  }
  return isReflectMessage(value, field.message);
}
function checkScalarValue(value, scalar) {
  switch (scalar) {
    case ScalarType.DOUBLE:
      return typeof value == "number";
    case ScalarType.FLOAT:
      if (typeof value != "number") {
        return false;
      }
      if (Number.isNaN(value) || !Number.isFinite(value)) {
        return true;
      }
      if (value > FLOAT32_MAX || value < FLOAT32_MIN) {
        return `${value.toFixed()} out of range`;
      }
      return true;
    case ScalarType.INT32:
    case ScalarType.SFIXED32:
    case ScalarType.SINT32:
      if (typeof value !== "number" || !Number.isInteger(value)) {
        return false;
      }
      if (value > INT32_MAX || value < INT32_MIN) {
        return `${value.toFixed()} out of range`;
      }
      return true;
    case ScalarType.FIXED32:
    case ScalarType.UINT32:
      if (typeof value !== "number" || !Number.isInteger(value)) {
        return false;
      }
      if (value > UINT32_MAX || value < 0) {
        return `${value.toFixed()} out of range`;
      }
      return true;
    case ScalarType.BOOL:
      return typeof value == "boolean";
    case ScalarType.STRING:
      if (typeof value != "string") {
        return false;
      }
      return getTextEncoding().checkUtf8(value) || "invalid UTF8";
    case ScalarType.BYTES:
      return value instanceof Uint8Array;
    case ScalarType.INT64:
    case ScalarType.SFIXED64:
    case ScalarType.SINT64:
      if (typeof value == "bigint" || typeof value == "number" || typeof value == "string" && value.length > 0) {
        try {
          protoInt64.parse(value);
          return true;
        } catch (_) {
          return `${value} out of range`;
        }
      }
      return false;
    case ScalarType.FIXED64:
    case ScalarType.UINT64:
      if (typeof value == "bigint" || typeof value == "number" || typeof value == "string" && value.length > 0) {
        try {
          protoInt64.uParse(value);
          return true;
        } catch (_) {
          return `${value} out of range`;
        }
      }
      return false;
  }
}
function reasonSingular(field, val, details) {
  details = typeof details == "string" ? `: ${details}` : `, got ${formatVal(val)}`;
  if (field.scalar !== void 0) {
    return `expected ${scalarTypeDescription(field.scalar)}` + details;
  }
  if (field.enum !== void 0) {
    return `expected ${field.enum.toString()}` + details;
  }
  return `expected ${formatReflectMessage(field.message)}` + details;
}
function formatVal(val) {
  switch (typeof val) {
    case "object":
      if (val === null) {
        return "null";
      }
      if (val instanceof Uint8Array) {
        return `Uint8Array(${val.length})`;
      }
      if (Array.isArray(val)) {
        return `Array(${val.length})`;
      }
      if (isReflectList(val)) {
        return formatReflectList(val.field());
      }
      if (isReflectMap(val)) {
        return formatReflectMap(val.field());
      }
      if (isReflectMessage(val)) {
        return formatReflectMessage(val.desc);
      }
      if (isMessage(val)) {
        return `message ${val.$typeName}`;
      }
      return "object";
    case "string":
      return val.length > 30 ? "string" : `"${val.split('"').join('\\"')}"`;
    case "boolean":
      return String(val);
    case "number":
      return String(val);
    case "bigint":
      return String(val) + "n";
    default:
      return typeof val;
  }
}
function formatReflectMessage(desc) {
  return `ReflectMessage (${desc.typeName})`;
}
function formatReflectList(field) {
  switch (field.listKind) {
    case "message":
      return `ReflectList (${field.message.toString()})`;
    case "enum":
      return `ReflectList (${field.enum.toString()})`;
    case "scalar":
      return `ReflectList (${ScalarType[field.scalar]})`;
  }
}
function formatReflectMap(field) {
  switch (field.mapKind) {
    case "message":
      return `ReflectMap (${ScalarType[field.mapKey]}, ${field.message.toString()})`;
    case "enum":
      return `ReflectMap (${ScalarType[field.mapKey]}, ${field.enum.toString()})`;
    case "scalar":
      return `ReflectMap (${ScalarType[field.mapKey]}, ${ScalarType[field.scalar]})`;
  }
}
function scalarTypeDescription(scalar) {
  switch (scalar) {
    case ScalarType.STRING:
      return "string";
    case ScalarType.BOOL:
      return "boolean";
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return "bigint (int64)";
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return "bigint (uint64)";
    case ScalarType.BYTES:
      return "Uint8Array";
    case ScalarType.DOUBLE:
      return "number (float64)";
    case ScalarType.FLOAT:
      return "number (float32)";
    case ScalarType.FIXED32:
    case ScalarType.UINT32:
      return "number (uint32)";
    case ScalarType.INT32:
    case ScalarType.SFIXED32:
    case ScalarType.SINT32:
      return "number (int32)";
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/reflect.js
var NULL_VALUE = 0;
function reflect(messageDesc2, message, check = true) {
  return new ReflectMessageImpl(messageDesc2, message, check);
}
var messageSortedFields = /* @__PURE__ */ new WeakMap();
var ReflectMessageImpl = class {
  get sortedFields() {
    const cached = messageSortedFields.get(this.desc);
    if (cached) {
      return cached;
    }
    const sortedFields = this.desc.fields.concat().sort((a, b) => a.number - b.number);
    messageSortedFields.set(this.desc, sortedFields);
    return sortedFields;
  }
  constructor(messageDesc2, message, check = true) {
    this.lists = /* @__PURE__ */ new Map();
    this.maps = /* @__PURE__ */ new Map();
    this.check = check;
    this.desc = messageDesc2;
    this.message = this[unsafeLocal] = message !== null && message !== void 0 ? message : create(messageDesc2);
    this.fields = messageDesc2.fields;
    this.oneofs = messageDesc2.oneofs;
    this.members = messageDesc2.members;
  }
  findNumber(number) {
    if (!this._fieldsByNumber) {
      this._fieldsByNumber = new Map(this.desc.fields.map((f) => [f.number, f]));
    }
    return this._fieldsByNumber.get(number);
  }
  oneofCase(oneof) {
    assertOwn(this.message, oneof);
    return unsafeOneofCase(this.message, oneof);
  }
  isSet(field) {
    assertOwn(this.message, field);
    return unsafeIsSet(this.message, field);
  }
  clear(field) {
    assertOwn(this.message, field);
    unsafeClear(this.message, field);
  }
  get(field) {
    assertOwn(this.message, field);
    const value = unsafeGet(this.message, field);
    switch (field.fieldKind) {
      case "list":
        let list = this.lists.get(field);
        if (!list || list[unsafeLocal] !== value) {
          this.lists.set(
            field,
            // biome-ignore lint/suspicious/noAssignInExpressions: no
            list = new ReflectListImpl(field, value, this.check)
          );
        }
        return list;
      case "map":
        let map = this.maps.get(field);
        if (!map || map[unsafeLocal] !== value) {
          this.maps.set(
            field,
            // biome-ignore lint/suspicious/noAssignInExpressions: no
            map = new ReflectMapImpl(field, value, this.check)
          );
        }
        return map;
      case "message":
        return messageToReflect(field, value, this.check);
      case "scalar":
        return value === void 0 ? scalarZeroValue(field.scalar, false) : longToReflect(field, value);
      case "enum":
        return value !== null && value !== void 0 ? value : field.enum.values[0].number;
    }
  }
  set(field, value) {
    assertOwn(this.message, field);
    if (this.check) {
      const err = checkField(field, value);
      if (err) {
        throw err;
      }
    }
    let local;
    if (field.fieldKind == "message") {
      local = messageToLocal(field, value);
    } else if (isReflectMap(value) || isReflectList(value)) {
      local = value[unsafeLocal];
    } else {
      local = longToLocal(field, value);
    }
    unsafeSet(this.message, field, local);
  }
  getUnknown() {
    return this.message.$unknown;
  }
  setUnknown(value) {
    this.message.$unknown = value;
  }
};
function assertOwn(owner, member) {
  if (member.parent.typeName !== owner.$typeName) {
    throw new FieldError(member, `cannot use ${member.toString()} with message ${owner.$typeName}`, "ForeignFieldError");
  }
}
var ReflectListImpl = class {
  field() {
    return this._field;
  }
  get size() {
    return this._arr.length;
  }
  constructor(field, unsafeInput, check) {
    this._field = field;
    this._arr = this[unsafeLocal] = unsafeInput;
    this.check = check;
  }
  get(index) {
    const item = this._arr[index];
    return item === void 0 ? void 0 : listItemToReflect(this._field, item, this.check);
  }
  set(index, item) {
    if (index < 0 || index >= this._arr.length) {
      throw new FieldError(this._field, `list item #${index + 1}: out of range`);
    }
    if (this.check) {
      const err = checkListItem(this._field, index, item);
      if (err) {
        throw err;
      }
    }
    this._arr[index] = listItemToLocal(this._field, item);
  }
  add(item) {
    if (this.check) {
      const err = checkListItem(this._field, this._arr.length, item);
      if (err) {
        throw err;
      }
    }
    this._arr.push(listItemToLocal(this._field, item));
    return void 0;
  }
  clear() {
    this._arr.splice(0, this._arr.length);
  }
  [Symbol.iterator]() {
    return this.values();
  }
  keys() {
    return this._arr.keys();
  }
  *values() {
    for (const item of this._arr) {
      yield listItemToReflect(this._field, item, this.check);
    }
  }
  *entries() {
    for (let i = 0; i < this._arr.length; i++) {
      yield [i, listItemToReflect(this._field, this._arr[i], this.check)];
    }
  }
};
var ReflectMapImpl = class {
  constructor(field, unsafeInput, check = true) {
    this.obj = this[unsafeLocal] = unsafeInput !== null && unsafeInput !== void 0 ? unsafeInput : {};
    this.check = check;
    this._field = field;
  }
  field() {
    return this._field;
  }
  set(key, value) {
    if (this.check) {
      const err = checkMapEntry(this._field, key, value);
      if (err) {
        throw err;
      }
    }
    this.obj[mapKeyToLocal(key)] = mapValueToLocal(this._field, value);
    return this;
  }
  delete(key) {
    const k = mapKeyToLocal(key);
    const has = Object.prototype.hasOwnProperty.call(this.obj, k);
    if (has) {
      delete this.obj[k];
    }
    return has;
  }
  clear() {
    for (const key of Object.keys(this.obj)) {
      delete this.obj[key];
    }
  }
  get(key) {
    let val = this.obj[mapKeyToLocal(key)];
    if (val !== void 0) {
      val = mapValueToReflect(this._field, val, this.check);
    }
    return val;
  }
  has(key) {
    return Object.prototype.hasOwnProperty.call(this.obj, mapKeyToLocal(key));
  }
  *keys() {
    for (const objKey of Object.keys(this.obj)) {
      yield mapKeyToReflect(objKey, this._field.mapKey);
    }
  }
  *entries() {
    for (const objEntry of Object.entries(this.obj)) {
      yield [
        mapKeyToReflect(objEntry[0], this._field.mapKey),
        mapValueToReflect(this._field, objEntry[1], this.check)
      ];
    }
  }
  [Symbol.iterator]() {
    return this.entries();
  }
  get size() {
    return Object.keys(this.obj).length;
  }
  *values() {
    for (const val of Object.values(this.obj)) {
      yield mapValueToReflect(this._field, val, this.check);
    }
  }
  forEach(callbackfn, thisArg) {
    for (const mapEntry of this.entries()) {
      callbackfn.call(thisArg, mapEntry[1], mapEntry[0], this);
    }
  }
};
function messageToLocal(field, value) {
  if (!isReflectMessage(value)) {
    return value;
  }
  if (isWrapper(value.message) && !field.oneof && field.fieldKind == "message") {
    return value.message.value;
  }
  if (value.desc.typeName == "google.protobuf.Struct" && field.parent.typeName != "google.protobuf.Value") {
    return wktStructToLocal(value.message);
  }
  return value.message;
}
function messageToReflect(field, value, check) {
  if (value !== void 0) {
    if (isWrapperDesc(field.message) && !field.oneof && field.fieldKind == "message") {
      value = {
        $typeName: field.message.typeName,
        value: longToReflect(field.message.fields[0], value)
      };
    } else if (field.message.typeName == "google.protobuf.Struct" && field.parent.typeName != "google.protobuf.Value" && isObject(value)) {
      value = wktStructToReflect(value);
    }
  }
  return new ReflectMessageImpl(field.message, value, check);
}
function listItemToLocal(field, value) {
  if (field.listKind == "message") {
    return messageToLocal(field, value);
  }
  return longToLocal(field, value);
}
function listItemToReflect(field, value, check) {
  if (field.listKind == "message") {
    return messageToReflect(field, value, check);
  }
  return longToReflect(field, value);
}
function mapValueToLocal(field, value) {
  if (field.mapKind == "message") {
    return messageToLocal(field, value);
  }
  return longToLocal(field, value);
}
function mapValueToReflect(field, value, check) {
  if (field.mapKind == "message") {
    return messageToReflect(field, value, check);
  }
  return value;
}
function mapKeyToLocal(key) {
  return typeof key == "string" || typeof key == "number" ? key : String(key);
}
function mapKeyToReflect(key, type) {
  switch (type) {
    case ScalarType.STRING:
      return key;
    case ScalarType.INT32:
    case ScalarType.FIXED32:
    case ScalarType.UINT32:
    case ScalarType.SFIXED32:
    case ScalarType.SINT32: {
      const n2 = Number.parseInt(key);
      if (Number.isFinite(n2)) {
        return n2;
      }
      break;
    }
    case ScalarType.BOOL:
      switch (key) {
        case "true":
          return true;
        case "false":
          return false;
      }
      break;
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      try {
        return protoInt64.uParse(key);
      } catch (_a) {
      }
      break;
    default:
      try {
        return protoInt64.parse(key);
      } catch (_b) {
      }
      break;
  }
  return key;
}
function longToReflect(field, value) {
  switch (field.scalar) {
    case ScalarType.INT64:
    case ScalarType.SFIXED64:
    case ScalarType.SINT64:
      if ("longAsString" in field && field.longAsString && typeof value == "string") {
        value = protoInt64.parse(value);
      }
      break;
    case ScalarType.FIXED64:
    case ScalarType.UINT64:
      if ("longAsString" in field && field.longAsString && typeof value == "string") {
        value = protoInt64.uParse(value);
      }
      break;
  }
  return value;
}
function longToLocal(field, value) {
  switch (field.scalar) {
    case ScalarType.INT64:
    case ScalarType.SFIXED64:
    case ScalarType.SINT64:
      if ("longAsString" in field && field.longAsString) {
        value = String(value);
      } else if (typeof value == "string" || typeof value == "number") {
        value = protoInt64.parse(value);
      }
      break;
    case ScalarType.FIXED64:
    case ScalarType.UINT64:
      if ("longAsString" in field && field.longAsString) {
        value = String(value);
      } else if (typeof value == "string" || typeof value == "number") {
        value = protoInt64.uParse(value);
      }
      break;
  }
  return value;
}
function wktStructToReflect(json) {
  const struct = {
    $typeName: "google.protobuf.Struct",
    fields: {}
  };
  if (isObject(json)) {
    for (const [k, v] of Object.entries(json)) {
      struct.fields[k] = wktValueToReflect(v);
    }
  }
  return struct;
}
function wktStructToLocal(val) {
  const json = {};
  for (const [k, v] of Object.entries(val.fields)) {
    json[k] = wktValueToLocal(v);
  }
  return json;
}
function wktValueToLocal(val) {
  switch (val.kind.case) {
    case "structValue":
      return wktStructToLocal(val.kind.value);
    case "listValue":
      return val.kind.value.values.map(wktValueToLocal);
    case "nullValue":
    case void 0:
      return null;
    default:
      return val.kind.value;
  }
}
function wktValueToReflect(json) {
  const value = {
    $typeName: "google.protobuf.Value",
    kind: { case: void 0 }
  };
  switch (typeof json) {
    case "number":
      value.kind = { case: "numberValue", value: json };
      break;
    case "string":
      value.kind = { case: "stringValue", value: json };
      break;
    case "boolean":
      value.kind = { case: "boolValue", value: json };
      break;
    case "object":
      if (json === null) {
        value.kind = { case: "nullValue", value: NULL_VALUE };
      } else if (Array.isArray(json)) {
        const listValue = {
          $typeName: "google.protobuf.ListValue",
          values: []
        };
        if (Array.isArray(json)) {
          for (const e of json) {
            listValue.values.push(wktValueToReflect(e));
          }
        }
        value.kind = {
          case: "listValue",
          value: listValue
        };
      } else {
        value.kind = {
          case: "structValue",
          value: wktStructToReflect(json)
        };
      }
      break;
  }
  return value;
}

// node_modules/@bufbuild/protobuf/dist/esm/wire/base64-encoding.js
function base64Decode(base64Str) {
  const table = getDecodeTable();
  let es = base64Str.length * 3 / 4;
  if (base64Str[base64Str.length - 2] == "=")
    es -= 2;
  else if (base64Str[base64Str.length - 1] == "=")
    es -= 1;
  let bytes = new Uint8Array(es), bytePos = 0, groupPos = 0, b, p = 0;
  for (let i = 0; i < base64Str.length; i++) {
    b = table[base64Str.charCodeAt(i)];
    if (b === void 0) {
      switch (base64Str[i]) {
        // @ts-ignore TS7029: Fallthrough case in switch -- ignore instead of expect-error for compiler settings without noFallthroughCasesInSwitch: true
        case "=":
          groupPos = 0;
        // reset state when padding found
        case "\n":
        case "\r":
        case "	":
        case " ":
          continue;
        // skip white-space, and padding
        default:
          throw Error("invalid base64 string");
      }
    }
    switch (groupPos) {
      case 0:
        p = b;
        groupPos = 1;
        break;
      case 1:
        bytes[bytePos++] = p << 2 | (b & 48) >> 4;
        p = b;
        groupPos = 2;
        break;
      case 2:
        bytes[bytePos++] = (p & 15) << 4 | (b & 60) >> 2;
        p = b;
        groupPos = 3;
        break;
      case 3:
        bytes[bytePos++] = (p & 3) << 6 | b;
        groupPos = 0;
        break;
    }
  }
  if (groupPos == 1)
    throw Error("invalid base64 string");
  return bytes.subarray(0, bytePos);
}
var encodeTableStd;
var encodeTableUrl;
var decodeTable;
function getEncodeTable(encoding) {
  if (!encodeTableStd) {
    encodeTableStd = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".split("");
    encodeTableUrl = encodeTableStd.slice(0, -2).concat("-", "_");
  }
  return encoding == "url" ? (
    // biome-ignore lint/style/noNonNullAssertion: TS fails to narrow down
    encodeTableUrl
  ) : encodeTableStd;
}
function getDecodeTable() {
  if (!decodeTable) {
    decodeTable = [];
    const encodeTable = getEncodeTable("std");
    for (let i = 0; i < encodeTable.length; i++)
      decodeTable[encodeTable[i].charCodeAt(0)] = i;
    decodeTable["-".charCodeAt(0)] = encodeTable.indexOf("+");
    decodeTable["_".charCodeAt(0)] = encodeTable.indexOf("/");
  }
  return decodeTable;
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/names.js
function protoCamelCase(snakeCase) {
  let capNext = false;
  const b = [];
  for (let i = 0; i < snakeCase.length; i++) {
    let c = snakeCase.charAt(i);
    switch (c) {
      case "_":
        capNext = true;
        break;
      case "0":
      case "1":
      case "2":
      case "3":
      case "4":
      case "5":
      case "6":
      case "7":
      case "8":
      case "9":
        b.push(c);
        capNext = false;
        break;
      default:
        if (capNext) {
          capNext = false;
          c = c.toUpperCase();
        }
        b.push(c);
        break;
    }
  }
  return b.join("");
}
var reservedObjectProperties = /* @__PURE__ */ new Set([
  // names reserved by JavaScript
  "constructor",
  "toString",
  "toJSON",
  "valueOf"
]);
function safeObjectProperty(name) {
  return reservedObjectProperties.has(name) ? name + "$" : name;
}

// node_modules/@bufbuild/protobuf/dist/esm/codegenv2/restore-json-names.js
function restoreJsonNames(message) {
  for (const f of message.field) {
    if (!unsafeIsSetExplicit(f, "jsonName")) {
      f.jsonName = protoCamelCase(f.name);
    }
  }
  message.nestedType.forEach(restoreJsonNames);
}

// node_modules/@bufbuild/protobuf/dist/esm/wire/text-format.js
function parseTextFormatEnumValue(descEnum, value) {
  const enumValue = descEnum.values.find((v) => v.name === value);
  if (!enumValue) {
    throw new Error(`cannot parse ${descEnum} default value: ${value}`);
  }
  return enumValue.number;
}
function parseTextFormatScalarValue(type, value) {
  switch (type) {
    case ScalarType.STRING:
      return value;
    case ScalarType.BYTES: {
      const u = unescapeBytesDefaultValue(value);
      if (u === false) {
        throw new Error(`cannot parse ${ScalarType[type]} default value: ${value}`);
      }
      return u;
    }
    case ScalarType.INT64:
    case ScalarType.SFIXED64:
    case ScalarType.SINT64:
      return protoInt64.parse(value);
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return protoInt64.uParse(value);
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      switch (value) {
        case "inf":
          return Number.POSITIVE_INFINITY;
        case "-inf":
          return Number.NEGATIVE_INFINITY;
        case "nan":
          return Number.NaN;
        default:
          return parseFloat(value);
      }
    case ScalarType.BOOL:
      return value === "true";
    case ScalarType.INT32:
    case ScalarType.UINT32:
    case ScalarType.SINT32:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return parseInt(value, 10);
  }
}
function unescapeBytesDefaultValue(str) {
  const b = [];
  const input = {
    tail: str,
    c: "",
    next() {
      if (this.tail.length == 0) {
        return false;
      }
      this.c = this.tail[0];
      this.tail = this.tail.substring(1);
      return true;
    },
    take(n2) {
      if (this.tail.length >= n2) {
        const r = this.tail.substring(0, n2);
        this.tail = this.tail.substring(n2);
        return r;
      }
      return false;
    }
  };
  while (input.next()) {
    switch (input.c) {
      case "\\":
        if (input.next()) {
          switch (input.c) {
            case "\\":
              b.push(input.c.charCodeAt(0));
              break;
            case "b":
              b.push(8);
              break;
            case "f":
              b.push(12);
              break;
            case "n":
              b.push(10);
              break;
            case "r":
              b.push(13);
              break;
            case "t":
              b.push(9);
              break;
            case "v":
              b.push(11);
              break;
            case "0":
            case "1":
            case "2":
            case "3":
            case "4":
            case "5":
            case "6":
            case "7": {
              const s2 = input.c;
              const t = input.take(2);
              if (t === false) {
                return false;
              }
              const n2 = parseInt(s2 + t, 8);
              if (Number.isNaN(n2)) {
                return false;
              }
              b.push(n2);
              break;
            }
            case "x": {
              const s2 = input.c;
              const t = input.take(2);
              if (t === false) {
                return false;
              }
              const n2 = parseInt(s2 + t, 16);
              if (Number.isNaN(n2)) {
                return false;
              }
              b.push(n2);
              break;
            }
            case "u": {
              const s2 = input.c;
              const t = input.take(4);
              if (t === false) {
                return false;
              }
              const n2 = parseInt(s2 + t, 16);
              if (Number.isNaN(n2)) {
                return false;
              }
              const chunk = new Uint8Array(4);
              const view = new DataView(chunk.buffer);
              view.setInt32(0, n2, true);
              b.push(chunk[0], chunk[1], chunk[2], chunk[3]);
              break;
            }
            case "U": {
              const s2 = input.c;
              const t = input.take(8);
              if (t === false) {
                return false;
              }
              const tc = protoInt64.uEnc(s2 + t);
              const chunk = new Uint8Array(8);
              const view = new DataView(chunk.buffer);
              view.setInt32(0, tc.lo, true);
              view.setInt32(4, tc.hi, true);
              b.push(chunk[0], chunk[1], chunk[2], chunk[3], chunk[4], chunk[5], chunk[6], chunk[7]);
              break;
            }
          }
        }
        break;
      default:
        b.push(input.c.charCodeAt(0));
    }
  }
  return new Uint8Array(b);
}

// node_modules/@bufbuild/protobuf/dist/esm/reflect/nested-types.js
function* nestedTypes(desc) {
  switch (desc.kind) {
    case "file":
      for (const message of desc.messages) {
        yield message;
        yield* nestedTypes(message);
      }
      yield* desc.enums;
      yield* desc.services;
      yield* desc.extensions;
      break;
    case "message":
      for (const message of desc.nestedMessages) {
        yield message;
        yield* nestedTypes(message);
      }
      yield* desc.nestedEnums;
      yield* desc.nestedExtensions;
      break;
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/registry.js
function createFileRegistry(...args) {
  const registry = createBaseRegistry();
  if (!args.length) {
    return registry;
  }
  if ("$typeName" in args[0] && args[0].$typeName == "google.protobuf.FileDescriptorSet") {
    for (const file of args[0].file) {
      addFile(file, registry);
    }
    return registry;
  }
  if ("$typeName" in args[0]) {
    let recurseDeps = function(file) {
      const deps = [];
      for (const protoFileName of file.dependency) {
        if (registry.getFile(protoFileName) != void 0) {
          continue;
        }
        if (seen.has(protoFileName)) {
          continue;
        }
        const dep = resolve(protoFileName);
        if (!dep) {
          throw new Error(`Unable to resolve ${protoFileName}, imported by ${file.name}`);
        }
        if ("kind" in dep) {
          registry.addFile(dep, false, true);
        } else {
          seen.add(dep.name);
          deps.push(dep);
        }
      }
      return deps.concat(...deps.map(recurseDeps));
    };
    const input = args[0];
    const resolve = args[1];
    const seen = /* @__PURE__ */ new Set();
    for (const file of [input, ...recurseDeps(input)].reverse()) {
      addFile(file, registry);
    }
  } else {
    for (const fileReg of args) {
      for (const file of fileReg.files) {
        registry.addFile(file);
      }
    }
  }
  return registry;
}
function createBaseRegistry() {
  const types = /* @__PURE__ */ new Map();
  const extendees = /* @__PURE__ */ new Map();
  const files = /* @__PURE__ */ new Map();
  return {
    kind: "registry",
    types,
    extendees,
    [Symbol.iterator]() {
      return types.values();
    },
    get files() {
      return files.values();
    },
    addFile(file, skipTypes, withDeps) {
      files.set(file.proto.name, file);
      if (!skipTypes) {
        for (const type of nestedTypes(file)) {
          this.add(type);
        }
      }
      if (withDeps) {
        for (const f of file.dependencies) {
          this.addFile(f, skipTypes, withDeps);
        }
      }
    },
    add(desc) {
      if (desc.kind == "extension") {
        let numberToExt = extendees.get(desc.extendee.typeName);
        if (!numberToExt) {
          extendees.set(
            desc.extendee.typeName,
            // biome-ignore lint/suspicious/noAssignInExpressions: no
            numberToExt = /* @__PURE__ */ new Map()
          );
        }
        numberToExt.set(desc.number, desc);
      }
      types.set(desc.typeName, desc);
    },
    get(typeName) {
      return types.get(typeName);
    },
    getFile(fileName) {
      return files.get(fileName);
    },
    getMessage(typeName) {
      const t = types.get(typeName);
      return (t === null || t === void 0 ? void 0 : t.kind) == "message" ? t : void 0;
    },
    getEnum(typeName) {
      const t = types.get(typeName);
      return (t === null || t === void 0 ? void 0 : t.kind) == "enum" ? t : void 0;
    },
    getExtension(typeName) {
      const t = types.get(typeName);
      return (t === null || t === void 0 ? void 0 : t.kind) == "extension" ? t : void 0;
    },
    getExtensionFor(extendee, no) {
      var _a;
      return (_a = extendees.get(extendee.typeName)) === null || _a === void 0 ? void 0 : _a.get(no);
    },
    getService(typeName) {
      const t = types.get(typeName);
      return (t === null || t === void 0 ? void 0 : t.kind) == "service" ? t : void 0;
    }
  };
}
var EDITION_PROTO22 = 998;
var EDITION_PROTO32 = 999;
var EDITION_UNSTABLE = 9999;
var TYPE_STRING = 9;
var TYPE_GROUP = 10;
var TYPE_MESSAGE = 11;
var TYPE_BYTES = 12;
var TYPE_ENUM = 14;
var LABEL_REPEATED = 3;
var LABEL_REQUIRED = 2;
var JS_STRING = 1;
var IDEMPOTENCY_UNKNOWN = 0;
var EXPLICIT = 1;
var IMPLICIT3 = 2;
var LEGACY_REQUIRED = 3;
var PACKED = 1;
var DELIMITED = 2;
var OPEN = 1;
var VERIFY = 2;
var maximumEdition = 1001;
var featureDefaults = {
  // EDITION_PROTO2
  998: {
    fieldPresence: 1,
    // EXPLICIT,
    enumType: 2,
    // CLOSED,
    repeatedFieldEncoding: 2,
    // EXPANDED,
    utf8Validation: 3,
    // NONE,
    messageEncoding: 1,
    // LENGTH_PREFIXED,
    jsonFormat: 2,
    // LEGACY_BEST_EFFORT,
    enforceNamingStyle: 2,
    // STYLE_LEGACY,
    defaultSymbolVisibility: 1
    // EXPORT_ALL,
  },
  // EDITION_PROTO3
  999: {
    fieldPresence: 2,
    // IMPLICIT,
    enumType: 1,
    // OPEN,
    repeatedFieldEncoding: 1,
    // PACKED,
    utf8Validation: 2,
    // VERIFY,
    messageEncoding: 1,
    // LENGTH_PREFIXED,
    jsonFormat: 1,
    // ALLOW,
    enforceNamingStyle: 2,
    // STYLE_LEGACY,
    defaultSymbolVisibility: 1
    // EXPORT_ALL,
  },
  // EDITION_2023
  1e3: {
    fieldPresence: 1,
    // EXPLICIT,
    enumType: 1,
    // OPEN,
    repeatedFieldEncoding: 1,
    // PACKED,
    utf8Validation: 2,
    // VERIFY,
    messageEncoding: 1,
    // LENGTH_PREFIXED,
    jsonFormat: 1,
    // ALLOW,
    enforceNamingStyle: 2,
    // STYLE_LEGACY,
    defaultSymbolVisibility: 1
    // EXPORT_ALL,
  },
  // EDITION_2024
  1001: {
    fieldPresence: 1,
    // EXPLICIT,
    enumType: 1,
    // OPEN,
    repeatedFieldEncoding: 1,
    // PACKED,
    utf8Validation: 2,
    // VERIFY,
    messageEncoding: 1,
    // LENGTH_PREFIXED,
    jsonFormat: 1,
    // ALLOW,
    enforceNamingStyle: 1,
    // STYLE2024,
    defaultSymbolVisibility: 2
    // EXPORT_TOP_LEVEL,
  }
};
function addFile(proto, reg) {
  var _a, _b;
  const file = {
    kind: "file",
    proto,
    deprecated: (_b = (_a = proto.options) === null || _a === void 0 ? void 0 : _a.deprecated) !== null && _b !== void 0 ? _b : false,
    edition: getFileEdition(proto),
    name: proto.name.replace(/\.proto$/, ""),
    dependencies: findFileDependencies(proto, reg),
    enums: [],
    messages: [],
    extensions: [],
    services: [],
    toString() {
      return `file ${proto.name}`;
    }
  };
  const mapEntriesStore = /* @__PURE__ */ new Map();
  const mapEntries = {
    get(typeName) {
      return mapEntriesStore.get(typeName);
    },
    add(desc) {
      var _a2;
      assert(((_a2 = desc.proto.options) === null || _a2 === void 0 ? void 0 : _a2.mapEntry) === true);
      mapEntriesStore.set(desc.typeName, desc);
    }
  };
  for (const enumProto of proto.enumType) {
    addEnum(enumProto, file, void 0, reg);
  }
  for (const messageProto of proto.messageType) {
    addMessage(messageProto, file, void 0, reg, mapEntries);
  }
  for (const serviceProto of proto.service) {
    addService(serviceProto, file, reg);
  }
  addExtensions(file, reg);
  for (const mapEntry of mapEntriesStore.values()) {
    addFields(mapEntry, reg, mapEntries);
  }
  for (const message of file.messages) {
    addFields(message, reg, mapEntries);
    addExtensions(message, reg);
  }
  reg.addFile(file, true);
}
function addExtensions(desc, reg) {
  switch (desc.kind) {
    case "file":
      for (const proto of desc.proto.extension) {
        const ext = newField(proto, desc, reg);
        desc.extensions.push(ext);
        reg.add(ext);
      }
      break;
    case "message":
      for (const proto of desc.proto.extension) {
        const ext = newField(proto, desc, reg);
        desc.nestedExtensions.push(ext);
        reg.add(ext);
      }
      for (const message of desc.nestedMessages) {
        addExtensions(message, reg);
      }
      break;
  }
}
function addFields(message, reg, mapEntries) {
  const allOneofs = message.proto.oneofDecl.map((proto) => newOneof(proto, message));
  const oneofsSeen = /* @__PURE__ */ new Set();
  for (const proto of message.proto.field) {
    const oneof = findOneof(proto, allOneofs);
    const field = newField(proto, message, reg, oneof, mapEntries);
    message.fields.push(field);
    message.field[field.localName] = field;
    if (oneof === void 0) {
      message.members.push(field);
    } else {
      oneof.fields.push(field);
      if (!oneofsSeen.has(oneof)) {
        oneofsSeen.add(oneof);
        message.members.push(oneof);
      }
    }
  }
  for (const oneof of allOneofs.filter((o) => oneofsSeen.has(o))) {
    message.oneofs.push(oneof);
  }
  for (const child of message.nestedMessages) {
    addFields(child, reg, mapEntries);
  }
}
function addEnum(proto, file, parent, reg) {
  var _a, _b, _c, _d, _e;
  const sharedPrefix = findEnumSharedPrefix(proto.name, proto.value);
  const desc = {
    kind: "enum",
    proto,
    deprecated: (_b = (_a = proto.options) === null || _a === void 0 ? void 0 : _a.deprecated) !== null && _b !== void 0 ? _b : false,
    file,
    parent,
    open: true,
    name: proto.name,
    typeName: makeTypeName(proto, parent, file),
    value: {},
    values: [],
    sharedPrefix,
    toString() {
      return `enum ${this.typeName}`;
    }
  };
  desc.open = isEnumOpen(desc);
  reg.add(desc);
  for (const p of proto.value) {
    const name = p.name;
    desc.values.push(
      // biome-ignore lint/suspicious/noAssignInExpressions: no
      desc.value[p.number] = {
        kind: "enum_value",
        proto: p,
        deprecated: (_d = (_c = p.options) === null || _c === void 0 ? void 0 : _c.deprecated) !== null && _d !== void 0 ? _d : false,
        parent: desc,
        name,
        localName: safeObjectProperty(sharedPrefix == void 0 ? name : name.substring(sharedPrefix.length)),
        number: p.number,
        toString() {
          return `enum value ${desc.typeName}.${name}`;
        }
      }
    );
  }
  ((_e = parent === null || parent === void 0 ? void 0 : parent.nestedEnums) !== null && _e !== void 0 ? _e : file.enums).push(desc);
}
function addMessage(proto, file, parent, reg, mapEntries) {
  var _a, _b, _c, _d;
  const desc = {
    kind: "message",
    proto,
    deprecated: (_b = (_a = proto.options) === null || _a === void 0 ? void 0 : _a.deprecated) !== null && _b !== void 0 ? _b : false,
    file,
    parent,
    name: proto.name,
    typeName: makeTypeName(proto, parent, file),
    fields: [],
    field: {},
    oneofs: [],
    members: [],
    nestedEnums: [],
    nestedMessages: [],
    nestedExtensions: [],
    toString() {
      return `message ${this.typeName}`;
    }
  };
  if (((_c = proto.options) === null || _c === void 0 ? void 0 : _c.mapEntry) === true) {
    mapEntries.add(desc);
  } else {
    ((_d = parent === null || parent === void 0 ? void 0 : parent.nestedMessages) !== null && _d !== void 0 ? _d : file.messages).push(desc);
    reg.add(desc);
  }
  for (const enumProto of proto.enumType) {
    addEnum(enumProto, file, desc, reg);
  }
  for (const messageProto of proto.nestedType) {
    addMessage(messageProto, file, desc, reg, mapEntries);
  }
}
function addService(proto, file, reg) {
  var _a, _b;
  const desc = {
    kind: "service",
    proto,
    deprecated: (_b = (_a = proto.options) === null || _a === void 0 ? void 0 : _a.deprecated) !== null && _b !== void 0 ? _b : false,
    file,
    name: proto.name,
    typeName: makeTypeName(proto, void 0, file),
    methods: [],
    method: {},
    toString() {
      return `service ${this.typeName}`;
    }
  };
  file.services.push(desc);
  reg.add(desc);
  for (const methodProto of proto.method) {
    const method = newMethod(methodProto, desc, reg);
    desc.methods.push(method);
    desc.method[method.localName] = method;
  }
}
function newMethod(proto, parent, reg) {
  var _a, _b, _c, _d;
  let methodKind;
  if (proto.clientStreaming && proto.serverStreaming) {
    methodKind = "bidi_streaming";
  } else if (proto.clientStreaming) {
    methodKind = "client_streaming";
  } else if (proto.serverStreaming) {
    methodKind = "server_streaming";
  } else {
    methodKind = "unary";
  }
  const input = reg.getMessage(trimLeadingDot(proto.inputType));
  const output = reg.getMessage(trimLeadingDot(proto.outputType));
  assert(input, `invalid MethodDescriptorProto: input_type ${proto.inputType} not found`);
  assert(output, `invalid MethodDescriptorProto: output_type ${proto.inputType} not found`);
  const name = proto.name;
  return {
    kind: "rpc",
    proto,
    deprecated: (_b = (_a = proto.options) === null || _a === void 0 ? void 0 : _a.deprecated) !== null && _b !== void 0 ? _b : false,
    parent,
    name,
    localName: safeObjectProperty(name.length ? safeObjectProperty(name[0].toLowerCase() + name.substring(1)) : name),
    methodKind,
    input,
    output,
    idempotency: (_d = (_c = proto.options) === null || _c === void 0 ? void 0 : _c.idempotencyLevel) !== null && _d !== void 0 ? _d : IDEMPOTENCY_UNKNOWN,
    toString() {
      return `rpc ${parent.typeName}.${name}`;
    }
  };
}
function newOneof(proto, parent) {
  return {
    kind: "oneof",
    proto,
    deprecated: false,
    parent,
    fields: [],
    name: proto.name,
    localName: safeObjectProperty(protoCamelCase(proto.name)),
    toString() {
      return `oneof ${parent.typeName}.${this.name}`;
    }
  };
}
function newField(proto, parentOrFile, reg, oneof, mapEntries) {
  var _a, _b, _c;
  const isExtension = mapEntries === void 0;
  const field = {
    kind: "field",
    proto,
    deprecated: (_b = (_a = proto.options) === null || _a === void 0 ? void 0 : _a.deprecated) !== null && _b !== void 0 ? _b : false,
    name: proto.name,
    number: proto.number,
    scalar: void 0,
    message: void 0,
    enum: void 0,
    presence: getFieldPresence(proto, oneof, isExtension, parentOrFile),
    utf8Validation: isUtf8Validated(proto, parentOrFile),
    listKind: void 0,
    mapKind: void 0,
    mapKey: void 0,
    delimitedEncoding: void 0,
    packed: void 0,
    longAsString: false,
    getDefaultValue: void 0
  };
  if (isExtension) {
    const file = parentOrFile.kind == "file" ? parentOrFile : parentOrFile.file;
    const parent = parentOrFile.kind == "file" ? void 0 : parentOrFile;
    const typeName = makeTypeName(proto, parent, file);
    field.kind = "extension";
    field.file = file;
    field.parent = parent;
    field.oneof = void 0;
    field.typeName = typeName;
    field.jsonName = `[${typeName}]`;
    field.toString = () => `extension ${typeName}`;
    const extendee = reg.getMessage(trimLeadingDot(proto.extendee));
    assert(extendee, `invalid FieldDescriptorProto: extendee ${proto.extendee} not found`);
    field.extendee = extendee;
  } else {
    const parent = parentOrFile;
    assert(parent.kind == "message");
    field.parent = parent;
    field.oneof = oneof;
    field.localName = oneof ? protoCamelCase(proto.name) : safeObjectProperty(protoCamelCase(proto.name));
    field.jsonName = proto.jsonName;
    field.toString = () => `field ${parent.typeName}.${proto.name}`;
  }
  const label = proto.label;
  const type = proto.type;
  const jstype = (_c = proto.options) === null || _c === void 0 ? void 0 : _c.jstype;
  if (label === LABEL_REPEATED) {
    const mapEntry = type == TYPE_MESSAGE ? mapEntries === null || mapEntries === void 0 ? void 0 : mapEntries.get(trimLeadingDot(proto.typeName)) : void 0;
    if (mapEntry) {
      field.fieldKind = "map";
      const { key, value } = findMapEntryFields(mapEntry);
      field.mapKey = key.scalar;
      field.mapKind = value.fieldKind;
      field.message = value.message;
      field.delimitedEncoding = false;
      field.enum = value.enum;
      field.scalar = value.scalar;
      return field;
    }
    field.fieldKind = "list";
    switch (type) {
      case TYPE_MESSAGE:
      case TYPE_GROUP:
        field.listKind = "message";
        field.message = reg.getMessage(trimLeadingDot(proto.typeName));
        assert(field.message);
        field.delimitedEncoding = isDelimitedEncoding(proto, parentOrFile);
        break;
      case TYPE_ENUM:
        field.listKind = "enum";
        field.enum = reg.getEnum(trimLeadingDot(proto.typeName));
        assert(field.enum);
        break;
      default:
        field.listKind = "scalar";
        field.scalar = type;
        field.longAsString = jstype == JS_STRING;
        break;
    }
    field.packed = isPackedField(proto, parentOrFile);
    return field;
  }
  switch (type) {
    case TYPE_MESSAGE:
    case TYPE_GROUP:
      field.fieldKind = "message";
      field.message = reg.getMessage(trimLeadingDot(proto.typeName));
      assert(field.message, `invalid FieldDescriptorProto: type_name ${proto.typeName} not found`);
      field.delimitedEncoding = isDelimitedEncoding(proto, parentOrFile);
      field.getDefaultValue = () => void 0;
      break;
    case TYPE_ENUM: {
      const enumeration = reg.getEnum(trimLeadingDot(proto.typeName));
      assert(enumeration !== void 0, `invalid FieldDescriptorProto: type_name ${proto.typeName} not found`);
      field.fieldKind = "enum";
      field.enum = reg.getEnum(trimLeadingDot(proto.typeName));
      field.getDefaultValue = () => {
        return unsafeIsSetExplicit(proto, "defaultValue") ? parseTextFormatEnumValue(enumeration, proto.defaultValue) : void 0;
      };
      break;
    }
    default: {
      field.fieldKind = "scalar";
      field.scalar = type;
      field.longAsString = jstype == JS_STRING;
      field.getDefaultValue = () => {
        return unsafeIsSetExplicit(proto, "defaultValue") ? parseTextFormatScalarValue(type, proto.defaultValue) : void 0;
      };
      break;
    }
  }
  return field;
}
function getFileEdition(proto) {
  switch (proto.syntax) {
    case "":
    case "proto2":
      return EDITION_PROTO22;
    case "proto3":
      return EDITION_PROTO32;
    case "editions":
      if (proto.edition === EDITION_UNSTABLE) {
        return maximumEdition;
      }
      if (proto.edition in featureDefaults) {
        return proto.edition;
      }
      throw new Error(`${proto.name}: unsupported edition`);
    default:
      throw new Error(`${proto.name}: unsupported syntax "${proto.syntax}"`);
  }
}
function findFileDependencies(proto, reg) {
  return proto.dependency.map((wantName) => {
    const dep = reg.getFile(wantName);
    if (!dep) {
      throw new Error(`Cannot find ${wantName}, imported by ${proto.name}`);
    }
    return dep;
  });
}
function findEnumSharedPrefix(enumName, values) {
  const prefix = camelToSnakeCase(enumName) + "_";
  for (const value of values) {
    if (!value.name.toLowerCase().startsWith(prefix)) {
      return void 0;
    }
    const shortName = value.name.substring(prefix.length);
    if (shortName.length == 0) {
      return void 0;
    }
    if (/^\d/.test(shortName)) {
      return void 0;
    }
  }
  return prefix;
}
function camelToSnakeCase(camel) {
  return (camel.substring(0, 1) + camel.substring(1).replace(/[A-Z]/g, (c) => "_" + c)).toLowerCase();
}
function makeTypeName(proto, parent, file) {
  let typeName;
  if (parent) {
    typeName = `${parent.typeName}.${proto.name}`;
  } else if (file.proto.package.length > 0) {
    typeName = `${file.proto.package}.${proto.name}`;
  } else {
    typeName = `${proto.name}`;
  }
  return typeName;
}
function trimLeadingDot(typeName) {
  return typeName.startsWith(".") ? typeName.substring(1) : typeName;
}
function findOneof(proto, allOneofs) {
  if (!unsafeIsSetExplicit(proto, "oneofIndex")) {
    return void 0;
  }
  if (proto.proto3Optional) {
    return void 0;
  }
  const oneof = allOneofs[proto.oneofIndex];
  assert(oneof, `invalid FieldDescriptorProto: oneof #${proto.oneofIndex} for field #${proto.number} not found`);
  return oneof;
}
function getFieldPresence(proto, oneof, isExtension, parent) {
  if (proto.label == LABEL_REQUIRED) {
    return LEGACY_REQUIRED;
  }
  if (proto.label == LABEL_REPEATED) {
    return IMPLICIT3;
  }
  if (!!oneof || proto.proto3Optional) {
    return EXPLICIT;
  }
  if (isExtension) {
    return EXPLICIT;
  }
  const resolved = resolveFeature("fieldPresence", { proto, parent });
  if (resolved == IMPLICIT3 && (proto.type == TYPE_MESSAGE || proto.type == TYPE_GROUP)) {
    return EXPLICIT;
  }
  return resolved;
}
function isPackedField(proto, parent) {
  if (proto.label != LABEL_REPEATED) {
    return false;
  }
  switch (proto.type) {
    case TYPE_STRING:
    case TYPE_BYTES:
    case TYPE_GROUP:
    case TYPE_MESSAGE:
      return false;
  }
  const o = proto.options;
  if (o && unsafeIsSetExplicit(o, "packed")) {
    return o.packed;
  }
  return PACKED == resolveFeature("repeatedFieldEncoding", {
    proto,
    parent
  });
}
function findMapEntryFields(mapEntry) {
  const key = mapEntry.fields.find((f) => f.number === 1);
  const value = mapEntry.fields.find((f) => f.number === 2);
  assert(key && key.fieldKind == "scalar" && key.scalar != ScalarType.BYTES && key.scalar != ScalarType.FLOAT && key.scalar != ScalarType.DOUBLE && value && value.fieldKind != "list" && value.fieldKind != "map");
  return { key, value };
}
function isEnumOpen(desc) {
  var _a;
  return OPEN == resolveFeature("enumType", {
    proto: desc.proto,
    parent: (_a = desc.parent) !== null && _a !== void 0 ? _a : desc.file
  });
}
function isDelimitedEncoding(proto, parent) {
  if (proto.type == TYPE_GROUP) {
    return true;
  }
  return DELIMITED == resolveFeature("messageEncoding", {
    proto,
    parent
  });
}
function isUtf8Validated(proto, parent) {
  return VERIFY == resolveFeature("utf8Validation", {
    proto,
    parent
  });
}
function resolveFeature(name, ref) {
  var _a, _b;
  const featureSet = (_a = ref.proto.options) === null || _a === void 0 ? void 0 : _a.features;
  if (featureSet) {
    const val = featureSet[name];
    if (val != 0) {
      return val;
    }
  }
  if ("kind" in ref) {
    if (ref.kind == "message") {
      return resolveFeature(name, (_b = ref.parent) !== null && _b !== void 0 ? _b : ref.file);
    }
    const editionDefaults = featureDefaults[ref.edition];
    if (!editionDefaults) {
      throw new Error(`feature default for edition ${ref.edition} not found`);
    }
    return editionDefaults[name];
  }
  return resolveFeature(name, ref.parent);
}
function assert(condition, msg) {
  if (!condition) {
    throw new Error(msg);
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/codegenv2/boot.js
function boot(boot2) {
  const root = bootFileDescriptorProto(boot2);
  root.messageType.forEach(restoreJsonNames);
  const reg = createFileRegistry(root, () => void 0);
  return reg.getFile(root.name);
}
function bootFileDescriptorProto(init) {
  const proto = /* @__PURE__ */ Object.create({
    syntax: "",
    edition: 0
  });
  return Object.assign(proto, Object.assign(Object.assign({ $typeName: "google.protobuf.FileDescriptorProto", dependency: [], publicDependency: [], weakDependency: [], optionDependency: [], service: [], extension: [] }, init), { messageType: init.messageType.map(bootDescriptorProto), enumType: init.enumType.map(bootEnumDescriptorProto) }));
}
function bootDescriptorProto(init) {
  var _a, _b, _c, _d, _e, _f, _g, _h;
  const proto = /* @__PURE__ */ Object.create({
    visibility: 0
  });
  return Object.assign(proto, {
    $typeName: "google.protobuf.DescriptorProto",
    name: init.name,
    field: (_b = (_a = init.field) === null || _a === void 0 ? void 0 : _a.map(bootFieldDescriptorProto)) !== null && _b !== void 0 ? _b : [],
    extension: [],
    nestedType: (_d = (_c = init.nestedType) === null || _c === void 0 ? void 0 : _c.map(bootDescriptorProto)) !== null && _d !== void 0 ? _d : [],
    enumType: (_f = (_e = init.enumType) === null || _e === void 0 ? void 0 : _e.map(bootEnumDescriptorProto)) !== null && _f !== void 0 ? _f : [],
    extensionRange: (_h = (_g = init.extensionRange) === null || _g === void 0 ? void 0 : _g.map((e) => Object.assign({ $typeName: "google.protobuf.DescriptorProto.ExtensionRange" }, e))) !== null && _h !== void 0 ? _h : [],
    oneofDecl: [],
    reservedRange: [],
    reservedName: []
  });
}
function bootFieldDescriptorProto(init) {
  const proto = /* @__PURE__ */ Object.create({
    label: 1,
    typeName: "",
    extendee: "",
    defaultValue: "",
    oneofIndex: 0,
    jsonName: "",
    proto3Optional: false
  });
  return Object.assign(proto, Object.assign(Object.assign({ $typeName: "google.protobuf.FieldDescriptorProto" }, init), { options: init.options ? bootFieldOptions(init.options) : void 0 }));
}
function bootFieldOptions(init) {
  var _a, _b, _c;
  const proto = /* @__PURE__ */ Object.create({
    ctype: 0,
    packed: false,
    jstype: 0,
    lazy: false,
    unverifiedLazy: false,
    deprecated: false,
    weak: false,
    debugRedact: false,
    retention: 0
  });
  return Object.assign(proto, Object.assign(Object.assign({ $typeName: "google.protobuf.FieldOptions" }, init), { targets: (_a = init.targets) !== null && _a !== void 0 ? _a : [], editionDefaults: (_c = (_b = init.editionDefaults) === null || _b === void 0 ? void 0 : _b.map((e) => Object.assign({ $typeName: "google.protobuf.FieldOptions.EditionDefault" }, e))) !== null && _c !== void 0 ? _c : [], uninterpretedOption: [] }));
}
function bootEnumDescriptorProto(init) {
  const proto = /* @__PURE__ */ Object.create({
    visibility: 0
  });
  return Object.assign(proto, {
    $typeName: "google.protobuf.EnumDescriptorProto",
    name: init.name,
    reservedName: [],
    reservedRange: [],
    value: init.value.map((e) => Object.assign({ $typeName: "google.protobuf.EnumValueDescriptorProto" }, e))
  });
}

// node_modules/@bufbuild/protobuf/dist/esm/codegenv2/message.js
function messageDesc(file, path, ...paths) {
  return paths.reduce((acc, cur) => acc.nestedMessages[cur], file.messages[path]);
}

// node_modules/@bufbuild/protobuf/dist/esm/wkt/gen/google/protobuf/descriptor_pb.js
var file_google_protobuf_descriptor = /* @__PURE__ */ boot({ "name": "google/protobuf/descriptor.proto", "package": "google.protobuf", "messageType": [{ "name": "FileDescriptorSet", "field": [{ "name": "file", "number": 1, "type": 11, "label": 3, "typeName": ".google.protobuf.FileDescriptorProto" }], "extensionRange": [{ "start": 536e6, "end": 536000001 }] }, { "name": "FileDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "package", "number": 2, "type": 9, "label": 1 }, { "name": "dependency", "number": 3, "type": 9, "label": 3 }, { "name": "public_dependency", "number": 10, "type": 5, "label": 3 }, { "name": "weak_dependency", "number": 11, "type": 5, "label": 3 }, { "name": "option_dependency", "number": 15, "type": 9, "label": 3 }, { "name": "message_type", "number": 4, "type": 11, "label": 3, "typeName": ".google.protobuf.DescriptorProto" }, { "name": "enum_type", "number": 5, "type": 11, "label": 3, "typeName": ".google.protobuf.EnumDescriptorProto" }, { "name": "service", "number": 6, "type": 11, "label": 3, "typeName": ".google.protobuf.ServiceDescriptorProto" }, { "name": "extension", "number": 7, "type": 11, "label": 3, "typeName": ".google.protobuf.FieldDescriptorProto" }, { "name": "options", "number": 8, "type": 11, "label": 1, "typeName": ".google.protobuf.FileOptions" }, { "name": "source_code_info", "number": 9, "type": 11, "label": 1, "typeName": ".google.protobuf.SourceCodeInfo" }, { "name": "syntax", "number": 12, "type": 9, "label": 1 }, { "name": "edition", "number": 14, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }] }, { "name": "DescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "field", "number": 2, "type": 11, "label": 3, "typeName": ".google.protobuf.FieldDescriptorProto" }, { "name": "extension", "number": 6, "type": 11, "label": 3, "typeName": ".google.protobuf.FieldDescriptorProto" }, { "name": "nested_type", "number": 3, "type": 11, "label": 3, "typeName": ".google.protobuf.DescriptorProto" }, { "name": "enum_type", "number": 4, "type": 11, "label": 3, "typeName": ".google.protobuf.EnumDescriptorProto" }, { "name": "extension_range", "number": 5, "type": 11, "label": 3, "typeName": ".google.protobuf.DescriptorProto.ExtensionRange" }, { "name": "oneof_decl", "number": 8, "type": 11, "label": 3, "typeName": ".google.protobuf.OneofDescriptorProto" }, { "name": "options", "number": 7, "type": 11, "label": 1, "typeName": ".google.protobuf.MessageOptions" }, { "name": "reserved_range", "number": 9, "type": 11, "label": 3, "typeName": ".google.protobuf.DescriptorProto.ReservedRange" }, { "name": "reserved_name", "number": 10, "type": 9, "label": 3 }, { "name": "visibility", "number": 11, "type": 14, "label": 1, "typeName": ".google.protobuf.SymbolVisibility" }], "nestedType": [{ "name": "ExtensionRange", "field": [{ "name": "start", "number": 1, "type": 5, "label": 1 }, { "name": "end", "number": 2, "type": 5, "label": 1 }, { "name": "options", "number": 3, "type": 11, "label": 1, "typeName": ".google.protobuf.ExtensionRangeOptions" }] }, { "name": "ReservedRange", "field": [{ "name": "start", "number": 1, "type": 5, "label": 1 }, { "name": "end", "number": 2, "type": 5, "label": 1 }] }] }, { "name": "ExtensionRangeOptions", "field": [{ "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }, { "name": "declaration", "number": 2, "type": 11, "label": 3, "typeName": ".google.protobuf.ExtensionRangeOptions.Declaration", "options": { "retention": 2 } }, { "name": "features", "number": 50, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "verification", "number": 3, "type": 14, "label": 1, "typeName": ".google.protobuf.ExtensionRangeOptions.VerificationState", "defaultValue": "UNVERIFIED", "options": { "retention": 2 } }], "nestedType": [{ "name": "Declaration", "field": [{ "name": "number", "number": 1, "type": 5, "label": 1 }, { "name": "full_name", "number": 2, "type": 9, "label": 1 }, { "name": "type", "number": 3, "type": 9, "label": 1 }, { "name": "reserved", "number": 5, "type": 8, "label": 1 }, { "name": "repeated", "number": 6, "type": 8, "label": 1 }] }], "enumType": [{ "name": "VerificationState", "value": [{ "name": "DECLARATION", "number": 0 }, { "name": "UNVERIFIED", "number": 1 }] }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "FieldDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "number", "number": 3, "type": 5, "label": 1 }, { "name": "label", "number": 4, "type": 14, "label": 1, "typeName": ".google.protobuf.FieldDescriptorProto.Label" }, { "name": "type", "number": 5, "type": 14, "label": 1, "typeName": ".google.protobuf.FieldDescriptorProto.Type" }, { "name": "type_name", "number": 6, "type": 9, "label": 1 }, { "name": "extendee", "number": 2, "type": 9, "label": 1 }, { "name": "default_value", "number": 7, "type": 9, "label": 1 }, { "name": "oneof_index", "number": 9, "type": 5, "label": 1 }, { "name": "json_name", "number": 10, "type": 9, "label": 1 }, { "name": "options", "number": 8, "type": 11, "label": 1, "typeName": ".google.protobuf.FieldOptions" }, { "name": "proto3_optional", "number": 17, "type": 8, "label": 1 }], "enumType": [{ "name": "Type", "value": [{ "name": "TYPE_DOUBLE", "number": 1 }, { "name": "TYPE_FLOAT", "number": 2 }, { "name": "TYPE_INT64", "number": 3 }, { "name": "TYPE_UINT64", "number": 4 }, { "name": "TYPE_INT32", "number": 5 }, { "name": "TYPE_FIXED64", "number": 6 }, { "name": "TYPE_FIXED32", "number": 7 }, { "name": "TYPE_BOOL", "number": 8 }, { "name": "TYPE_STRING", "number": 9 }, { "name": "TYPE_GROUP", "number": 10 }, { "name": "TYPE_MESSAGE", "number": 11 }, { "name": "TYPE_BYTES", "number": 12 }, { "name": "TYPE_UINT32", "number": 13 }, { "name": "TYPE_ENUM", "number": 14 }, { "name": "TYPE_SFIXED32", "number": 15 }, { "name": "TYPE_SFIXED64", "number": 16 }, { "name": "TYPE_SINT32", "number": 17 }, { "name": "TYPE_SINT64", "number": 18 }] }, { "name": "Label", "value": [{ "name": "LABEL_OPTIONAL", "number": 1 }, { "name": "LABEL_REPEATED", "number": 3 }, { "name": "LABEL_REQUIRED", "number": 2 }] }] }, { "name": "OneofDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "options", "number": 2, "type": 11, "label": 1, "typeName": ".google.protobuf.OneofOptions" }] }, { "name": "EnumDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "value", "number": 2, "type": 11, "label": 3, "typeName": ".google.protobuf.EnumValueDescriptorProto" }, { "name": "options", "number": 3, "type": 11, "label": 1, "typeName": ".google.protobuf.EnumOptions" }, { "name": "reserved_range", "number": 4, "type": 11, "label": 3, "typeName": ".google.protobuf.EnumDescriptorProto.EnumReservedRange" }, { "name": "reserved_name", "number": 5, "type": 9, "label": 3 }, { "name": "visibility", "number": 6, "type": 14, "label": 1, "typeName": ".google.protobuf.SymbolVisibility" }], "nestedType": [{ "name": "EnumReservedRange", "field": [{ "name": "start", "number": 1, "type": 5, "label": 1 }, { "name": "end", "number": 2, "type": 5, "label": 1 }] }] }, { "name": "EnumValueDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "number", "number": 2, "type": 5, "label": 1 }, { "name": "options", "number": 3, "type": 11, "label": 1, "typeName": ".google.protobuf.EnumValueOptions" }] }, { "name": "ServiceDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "method", "number": 2, "type": 11, "label": 3, "typeName": ".google.protobuf.MethodDescriptorProto" }, { "name": "options", "number": 3, "type": 11, "label": 1, "typeName": ".google.protobuf.ServiceOptions" }] }, { "name": "MethodDescriptorProto", "field": [{ "name": "name", "number": 1, "type": 9, "label": 1 }, { "name": "input_type", "number": 2, "type": 9, "label": 1 }, { "name": "output_type", "number": 3, "type": 9, "label": 1 }, { "name": "options", "number": 4, "type": 11, "label": 1, "typeName": ".google.protobuf.MethodOptions" }, { "name": "client_streaming", "number": 5, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "server_streaming", "number": 6, "type": 8, "label": 1, "defaultValue": "false" }] }, { "name": "FileOptions", "field": [{ "name": "java_package", "number": 1, "type": 9, "label": 1 }, { "name": "java_outer_classname", "number": 8, "type": 9, "label": 1 }, { "name": "java_multiple_files", "number": 10, "type": 8, "label": 1, "defaultValue": "false", "options": {} }, { "name": "java_generate_equals_and_hash", "number": 20, "type": 8, "label": 1, "options": { "deprecated": true } }, { "name": "java_string_check_utf8", "number": 27, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "optimize_for", "number": 9, "type": 14, "label": 1, "typeName": ".google.protobuf.FileOptions.OptimizeMode", "defaultValue": "SPEED" }, { "name": "go_package", "number": 11, "type": 9, "label": 1 }, { "name": "cc_generic_services", "number": 16, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "java_generic_services", "number": 17, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "py_generic_services", "number": 18, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "deprecated", "number": 23, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "cc_enable_arenas", "number": 31, "type": 8, "label": 1, "defaultValue": "true" }, { "name": "objc_class_prefix", "number": 36, "type": 9, "label": 1 }, { "name": "csharp_namespace", "number": 37, "type": 9, "label": 1 }, { "name": "swift_prefix", "number": 39, "type": 9, "label": 1 }, { "name": "php_class_prefix", "number": 40, "type": 9, "label": 1 }, { "name": "php_namespace", "number": 41, "type": 9, "label": 1 }, { "name": "php_metadata_namespace", "number": 44, "type": 9, "label": 1 }, { "name": "ruby_package", "number": 45, "type": 9, "label": 1 }, { "name": "features", "number": 50, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "enumType": [{ "name": "OptimizeMode", "value": [{ "name": "SPEED", "number": 1 }, { "name": "CODE_SIZE", "number": 2 }, { "name": "LITE_RUNTIME", "number": 3 }] }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "MessageOptions", "field": [{ "name": "message_set_wire_format", "number": 1, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "no_standard_descriptor_accessor", "number": 2, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "deprecated", "number": 3, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "map_entry", "number": 7, "type": 8, "label": 1 }, { "name": "deprecated_legacy_json_field_conflicts", "number": 11, "type": 8, "label": 1, "options": { "deprecated": true } }, { "name": "features", "number": 12, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "FieldOptions", "field": [{ "name": "ctype", "number": 1, "type": 14, "label": 1, "typeName": ".google.protobuf.FieldOptions.CType", "defaultValue": "STRING" }, { "name": "packed", "number": 2, "type": 8, "label": 1 }, { "name": "jstype", "number": 6, "type": 14, "label": 1, "typeName": ".google.protobuf.FieldOptions.JSType", "defaultValue": "JS_NORMAL" }, { "name": "lazy", "number": 5, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "unverified_lazy", "number": 15, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "deprecated", "number": 3, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "weak", "number": 10, "type": 8, "label": 1, "defaultValue": "false", "options": { "deprecated": true } }, { "name": "debug_redact", "number": 16, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "retention", "number": 17, "type": 14, "label": 1, "typeName": ".google.protobuf.FieldOptions.OptionRetention" }, { "name": "targets", "number": 19, "type": 14, "label": 3, "typeName": ".google.protobuf.FieldOptions.OptionTargetType" }, { "name": "edition_defaults", "number": 20, "type": 11, "label": 3, "typeName": ".google.protobuf.FieldOptions.EditionDefault" }, { "name": "features", "number": 21, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "feature_support", "number": 22, "type": 11, "label": 1, "typeName": ".google.protobuf.FieldOptions.FeatureSupport" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "nestedType": [{ "name": "EditionDefault", "field": [{ "name": "edition", "number": 3, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }, { "name": "value", "number": 2, "type": 9, "label": 1 }] }, { "name": "FeatureSupport", "field": [{ "name": "edition_introduced", "number": 1, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }, { "name": "edition_deprecated", "number": 2, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }, { "name": "deprecation_warning", "number": 3, "type": 9, "label": 1 }, { "name": "edition_removed", "number": 4, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }, { "name": "removal_error", "number": 5, "type": 9, "label": 1 }] }], "enumType": [{ "name": "CType", "value": [{ "name": "STRING", "number": 0 }, { "name": "CORD", "number": 1 }, { "name": "STRING_PIECE", "number": 2 }] }, { "name": "JSType", "value": [{ "name": "JS_NORMAL", "number": 0 }, { "name": "JS_STRING", "number": 1 }, { "name": "JS_NUMBER", "number": 2 }] }, { "name": "OptionRetention", "value": [{ "name": "RETENTION_UNKNOWN", "number": 0 }, { "name": "RETENTION_RUNTIME", "number": 1 }, { "name": "RETENTION_SOURCE", "number": 2 }] }, { "name": "OptionTargetType", "value": [{ "name": "TARGET_TYPE_UNKNOWN", "number": 0 }, { "name": "TARGET_TYPE_FILE", "number": 1 }, { "name": "TARGET_TYPE_EXTENSION_RANGE", "number": 2 }, { "name": "TARGET_TYPE_MESSAGE", "number": 3 }, { "name": "TARGET_TYPE_FIELD", "number": 4 }, { "name": "TARGET_TYPE_ONEOF", "number": 5 }, { "name": "TARGET_TYPE_ENUM", "number": 6 }, { "name": "TARGET_TYPE_ENUM_ENTRY", "number": 7 }, { "name": "TARGET_TYPE_SERVICE", "number": 8 }, { "name": "TARGET_TYPE_METHOD", "number": 9 }] }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "OneofOptions", "field": [{ "name": "features", "number": 1, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "EnumOptions", "field": [{ "name": "allow_alias", "number": 2, "type": 8, "label": 1 }, { "name": "deprecated", "number": 3, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "deprecated_legacy_json_field_conflicts", "number": 6, "type": 8, "label": 1, "options": { "deprecated": true } }, { "name": "features", "number": 7, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "EnumValueOptions", "field": [{ "name": "deprecated", "number": 1, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "features", "number": 2, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "debug_redact", "number": 3, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "feature_support", "number": 4, "type": 11, "label": 1, "typeName": ".google.protobuf.FieldOptions.FeatureSupport" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "ServiceOptions", "field": [{ "name": "features", "number": 34, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "deprecated", "number": 33, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "MethodOptions", "field": [{ "name": "deprecated", "number": 33, "type": 8, "label": 1, "defaultValue": "false" }, { "name": "idempotency_level", "number": 34, "type": 14, "label": 1, "typeName": ".google.protobuf.MethodOptions.IdempotencyLevel", "defaultValue": "IDEMPOTENCY_UNKNOWN" }, { "name": "features", "number": 35, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "uninterpreted_option", "number": 999, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption" }], "enumType": [{ "name": "IdempotencyLevel", "value": [{ "name": "IDEMPOTENCY_UNKNOWN", "number": 0 }, { "name": "NO_SIDE_EFFECTS", "number": 1 }, { "name": "IDEMPOTENT", "number": 2 }] }], "extensionRange": [{ "start": 1e3, "end": 536870912 }] }, { "name": "UninterpretedOption", "field": [{ "name": "name", "number": 2, "type": 11, "label": 3, "typeName": ".google.protobuf.UninterpretedOption.NamePart" }, { "name": "identifier_value", "number": 3, "type": 9, "label": 1 }, { "name": "positive_int_value", "number": 4, "type": 4, "label": 1 }, { "name": "negative_int_value", "number": 5, "type": 3, "label": 1 }, { "name": "double_value", "number": 6, "type": 1, "label": 1 }, { "name": "string_value", "number": 7, "type": 12, "label": 1 }, { "name": "aggregate_value", "number": 8, "type": 9, "label": 1 }], "nestedType": [{ "name": "NamePart", "field": [{ "name": "name_part", "number": 1, "type": 9, "label": 2 }, { "name": "is_extension", "number": 2, "type": 8, "label": 2 }] }] }, { "name": "FeatureSet", "field": [{ "name": "field_presence", "number": 1, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.FieldPresence", "options": { "retention": 1, "targets": [4, 1], "editionDefaults": [{ "value": "EXPLICIT", "edition": 900 }, { "value": "IMPLICIT", "edition": 999 }, { "value": "EXPLICIT", "edition": 1e3 }] } }, { "name": "enum_type", "number": 2, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.EnumType", "options": { "retention": 1, "targets": [6, 1], "editionDefaults": [{ "value": "CLOSED", "edition": 900 }, { "value": "OPEN", "edition": 999 }] } }, { "name": "repeated_field_encoding", "number": 3, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.RepeatedFieldEncoding", "options": { "retention": 1, "targets": [4, 1], "editionDefaults": [{ "value": "EXPANDED", "edition": 900 }, { "value": "PACKED", "edition": 999 }] } }, { "name": "utf8_validation", "number": 4, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.Utf8Validation", "options": { "retention": 1, "targets": [4, 1], "editionDefaults": [{ "value": "NONE", "edition": 900 }, { "value": "VERIFY", "edition": 999 }] } }, { "name": "message_encoding", "number": 5, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.MessageEncoding", "options": { "retention": 1, "targets": [4, 1], "editionDefaults": [{ "value": "LENGTH_PREFIXED", "edition": 900 }] } }, { "name": "json_format", "number": 6, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.JsonFormat", "options": { "retention": 1, "targets": [3, 6, 1], "editionDefaults": [{ "value": "LEGACY_BEST_EFFORT", "edition": 900 }, { "value": "ALLOW", "edition": 999 }] } }, { "name": "enforce_naming_style", "number": 7, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.EnforceNamingStyle", "options": { "retention": 2, "targets": [1, 2, 3, 4, 5, 6, 7, 8, 9], "editionDefaults": [{ "value": "STYLE_LEGACY", "edition": 900 }, { "value": "STYLE2024", "edition": 1001 }] } }, { "name": "default_symbol_visibility", "number": 8, "type": 14, "label": 1, "typeName": ".google.protobuf.FeatureSet.VisibilityFeature.DefaultSymbolVisibility", "options": { "retention": 2, "targets": [1], "editionDefaults": [{ "value": "EXPORT_ALL", "edition": 900 }, { "value": "EXPORT_TOP_LEVEL", "edition": 1001 }] } }], "nestedType": [{ "name": "VisibilityFeature", "enumType": [{ "name": "DefaultSymbolVisibility", "value": [{ "name": "DEFAULT_SYMBOL_VISIBILITY_UNKNOWN", "number": 0 }, { "name": "EXPORT_ALL", "number": 1 }, { "name": "EXPORT_TOP_LEVEL", "number": 2 }, { "name": "LOCAL_ALL", "number": 3 }, { "name": "STRICT", "number": 4 }] }] }], "enumType": [{ "name": "FieldPresence", "value": [{ "name": "FIELD_PRESENCE_UNKNOWN", "number": 0 }, { "name": "EXPLICIT", "number": 1 }, { "name": "IMPLICIT", "number": 2 }, { "name": "LEGACY_REQUIRED", "number": 3 }] }, { "name": "EnumType", "value": [{ "name": "ENUM_TYPE_UNKNOWN", "number": 0 }, { "name": "OPEN", "number": 1 }, { "name": "CLOSED", "number": 2 }] }, { "name": "RepeatedFieldEncoding", "value": [{ "name": "REPEATED_FIELD_ENCODING_UNKNOWN", "number": 0 }, { "name": "PACKED", "number": 1 }, { "name": "EXPANDED", "number": 2 }] }, { "name": "Utf8Validation", "value": [{ "name": "UTF8_VALIDATION_UNKNOWN", "number": 0 }, { "name": "VERIFY", "number": 2 }, { "name": "NONE", "number": 3 }] }, { "name": "MessageEncoding", "value": [{ "name": "MESSAGE_ENCODING_UNKNOWN", "number": 0 }, { "name": "LENGTH_PREFIXED", "number": 1 }, { "name": "DELIMITED", "number": 2 }] }, { "name": "JsonFormat", "value": [{ "name": "JSON_FORMAT_UNKNOWN", "number": 0 }, { "name": "ALLOW", "number": 1 }, { "name": "LEGACY_BEST_EFFORT", "number": 2 }] }, { "name": "EnforceNamingStyle", "value": [{ "name": "ENFORCE_NAMING_STYLE_UNKNOWN", "number": 0 }, { "name": "STYLE2024", "number": 1 }, { "name": "STYLE_LEGACY", "number": 2 }] }], "extensionRange": [{ "start": 1e3, "end": 9995 }, { "start": 9995, "end": 1e4 }, { "start": 1e4, "end": 10001 }] }, { "name": "FeatureSetDefaults", "field": [{ "name": "defaults", "number": 1, "type": 11, "label": 3, "typeName": ".google.protobuf.FeatureSetDefaults.FeatureSetEditionDefault" }, { "name": "minimum_edition", "number": 4, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }, { "name": "maximum_edition", "number": 5, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }], "nestedType": [{ "name": "FeatureSetEditionDefault", "field": [{ "name": "edition", "number": 3, "type": 14, "label": 1, "typeName": ".google.protobuf.Edition" }, { "name": "overridable_features", "number": 4, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }, { "name": "fixed_features", "number": 5, "type": 11, "label": 1, "typeName": ".google.protobuf.FeatureSet" }] }] }, { "name": "SourceCodeInfo", "field": [{ "name": "location", "number": 1, "type": 11, "label": 3, "typeName": ".google.protobuf.SourceCodeInfo.Location" }], "nestedType": [{ "name": "Location", "field": [{ "name": "path", "number": 1, "type": 5, "label": 3, "options": { "packed": true } }, { "name": "span", "number": 2, "type": 5, "label": 3, "options": { "packed": true } }, { "name": "leading_comments", "number": 3, "type": 9, "label": 1 }, { "name": "trailing_comments", "number": 4, "type": 9, "label": 1 }, { "name": "leading_detached_comments", "number": 6, "type": 9, "label": 3 }] }], "extensionRange": [{ "start": 536e6, "end": 536000001 }] }, { "name": "GeneratedCodeInfo", "field": [{ "name": "annotation", "number": 1, "type": 11, "label": 3, "typeName": ".google.protobuf.GeneratedCodeInfo.Annotation" }], "nestedType": [{ "name": "Annotation", "field": [{ "name": "path", "number": 1, "type": 5, "label": 3, "options": { "packed": true } }, { "name": "source_file", "number": 2, "type": 9, "label": 1 }, { "name": "begin", "number": 3, "type": 5, "label": 1 }, { "name": "end", "number": 4, "type": 5, "label": 1 }, { "name": "semantic", "number": 5, "type": 14, "label": 1, "typeName": ".google.protobuf.GeneratedCodeInfo.Annotation.Semantic" }], "enumType": [{ "name": "Semantic", "value": [{ "name": "NONE", "number": 0 }, { "name": "SET", "number": 1 }, { "name": "ALIAS", "number": 2 }] }] }] }], "enumType": [{ "name": "Edition", "value": [{ "name": "EDITION_UNKNOWN", "number": 0 }, { "name": "EDITION_LEGACY", "number": 900 }, { "name": "EDITION_PROTO2", "number": 998 }, { "name": "EDITION_PROTO3", "number": 999 }, { "name": "EDITION_2023", "number": 1e3 }, { "name": "EDITION_2024", "number": 1001 }, { "name": "EDITION_UNSTABLE", "number": 9999 }, { "name": "EDITION_1_TEST_ONLY", "number": 1 }, { "name": "EDITION_2_TEST_ONLY", "number": 2 }, { "name": "EDITION_99997_TEST_ONLY", "number": 99997 }, { "name": "EDITION_99998_TEST_ONLY", "number": 99998 }, { "name": "EDITION_99999_TEST_ONLY", "number": 99999 }, { "name": "EDITION_MAX", "number": 2147483647 }] }, { "name": "SymbolVisibility", "value": [{ "name": "VISIBILITY_UNSET", "number": 0 }, { "name": "VISIBILITY_LOCAL", "number": 1 }, { "name": "VISIBILITY_EXPORT", "number": 2 }] }] });
var FileDescriptorProtoSchema = /* @__PURE__ */ messageDesc(file_google_protobuf_descriptor, 1);
var ExtensionRangeOptions_VerificationState;
(function(ExtensionRangeOptions_VerificationState2) {
  ExtensionRangeOptions_VerificationState2[ExtensionRangeOptions_VerificationState2["DECLARATION"] = 0] = "DECLARATION";
  ExtensionRangeOptions_VerificationState2[ExtensionRangeOptions_VerificationState2["UNVERIFIED"] = 1] = "UNVERIFIED";
})(ExtensionRangeOptions_VerificationState || (ExtensionRangeOptions_VerificationState = {}));
var FieldDescriptorProto_Type;
(function(FieldDescriptorProto_Type2) {
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["DOUBLE"] = 1] = "DOUBLE";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["FLOAT"] = 2] = "FLOAT";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["INT64"] = 3] = "INT64";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["UINT64"] = 4] = "UINT64";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["INT32"] = 5] = "INT32";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["FIXED64"] = 6] = "FIXED64";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["FIXED32"] = 7] = "FIXED32";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["BOOL"] = 8] = "BOOL";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["STRING"] = 9] = "STRING";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["GROUP"] = 10] = "GROUP";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["MESSAGE"] = 11] = "MESSAGE";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["BYTES"] = 12] = "BYTES";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["UINT32"] = 13] = "UINT32";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["ENUM"] = 14] = "ENUM";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["SFIXED32"] = 15] = "SFIXED32";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["SFIXED64"] = 16] = "SFIXED64";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["SINT32"] = 17] = "SINT32";
  FieldDescriptorProto_Type2[FieldDescriptorProto_Type2["SINT64"] = 18] = "SINT64";
})(FieldDescriptorProto_Type || (FieldDescriptorProto_Type = {}));
var FieldDescriptorProto_Label;
(function(FieldDescriptorProto_Label2) {
  FieldDescriptorProto_Label2[FieldDescriptorProto_Label2["OPTIONAL"] = 1] = "OPTIONAL";
  FieldDescriptorProto_Label2[FieldDescriptorProto_Label2["REPEATED"] = 3] = "REPEATED";
  FieldDescriptorProto_Label2[FieldDescriptorProto_Label2["REQUIRED"] = 2] = "REQUIRED";
})(FieldDescriptorProto_Label || (FieldDescriptorProto_Label = {}));
var FileOptions_OptimizeMode;
(function(FileOptions_OptimizeMode2) {
  FileOptions_OptimizeMode2[FileOptions_OptimizeMode2["SPEED"] = 1] = "SPEED";
  FileOptions_OptimizeMode2[FileOptions_OptimizeMode2["CODE_SIZE"] = 2] = "CODE_SIZE";
  FileOptions_OptimizeMode2[FileOptions_OptimizeMode2["LITE_RUNTIME"] = 3] = "LITE_RUNTIME";
})(FileOptions_OptimizeMode || (FileOptions_OptimizeMode = {}));
var FieldOptions_CType;
(function(FieldOptions_CType2) {
  FieldOptions_CType2[FieldOptions_CType2["STRING"] = 0] = "STRING";
  FieldOptions_CType2[FieldOptions_CType2["CORD"] = 1] = "CORD";
  FieldOptions_CType2[FieldOptions_CType2["STRING_PIECE"] = 2] = "STRING_PIECE";
})(FieldOptions_CType || (FieldOptions_CType = {}));
var FieldOptions_JSType;
(function(FieldOptions_JSType2) {
  FieldOptions_JSType2[FieldOptions_JSType2["JS_NORMAL"] = 0] = "JS_NORMAL";
  FieldOptions_JSType2[FieldOptions_JSType2["JS_STRING"] = 1] = "JS_STRING";
  FieldOptions_JSType2[FieldOptions_JSType2["JS_NUMBER"] = 2] = "JS_NUMBER";
})(FieldOptions_JSType || (FieldOptions_JSType = {}));
var FieldOptions_OptionRetention;
(function(FieldOptions_OptionRetention2) {
  FieldOptions_OptionRetention2[FieldOptions_OptionRetention2["RETENTION_UNKNOWN"] = 0] = "RETENTION_UNKNOWN";
  FieldOptions_OptionRetention2[FieldOptions_OptionRetention2["RETENTION_RUNTIME"] = 1] = "RETENTION_RUNTIME";
  FieldOptions_OptionRetention2[FieldOptions_OptionRetention2["RETENTION_SOURCE"] = 2] = "RETENTION_SOURCE";
})(FieldOptions_OptionRetention || (FieldOptions_OptionRetention = {}));
var FieldOptions_OptionTargetType;
(function(FieldOptions_OptionTargetType2) {
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_UNKNOWN"] = 0] = "TARGET_TYPE_UNKNOWN";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_FILE"] = 1] = "TARGET_TYPE_FILE";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_EXTENSION_RANGE"] = 2] = "TARGET_TYPE_EXTENSION_RANGE";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_MESSAGE"] = 3] = "TARGET_TYPE_MESSAGE";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_FIELD"] = 4] = "TARGET_TYPE_FIELD";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_ONEOF"] = 5] = "TARGET_TYPE_ONEOF";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_ENUM"] = 6] = "TARGET_TYPE_ENUM";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_ENUM_ENTRY"] = 7] = "TARGET_TYPE_ENUM_ENTRY";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_SERVICE"] = 8] = "TARGET_TYPE_SERVICE";
  FieldOptions_OptionTargetType2[FieldOptions_OptionTargetType2["TARGET_TYPE_METHOD"] = 9] = "TARGET_TYPE_METHOD";
})(FieldOptions_OptionTargetType || (FieldOptions_OptionTargetType = {}));
var MethodOptions_IdempotencyLevel;
(function(MethodOptions_IdempotencyLevel2) {
  MethodOptions_IdempotencyLevel2[MethodOptions_IdempotencyLevel2["IDEMPOTENCY_UNKNOWN"] = 0] = "IDEMPOTENCY_UNKNOWN";
  MethodOptions_IdempotencyLevel2[MethodOptions_IdempotencyLevel2["NO_SIDE_EFFECTS"] = 1] = "NO_SIDE_EFFECTS";
  MethodOptions_IdempotencyLevel2[MethodOptions_IdempotencyLevel2["IDEMPOTENT"] = 2] = "IDEMPOTENT";
})(MethodOptions_IdempotencyLevel || (MethodOptions_IdempotencyLevel = {}));
var FeatureSet_VisibilityFeature_DefaultSymbolVisibility;
(function(FeatureSet_VisibilityFeature_DefaultSymbolVisibility2) {
  FeatureSet_VisibilityFeature_DefaultSymbolVisibility2[FeatureSet_VisibilityFeature_DefaultSymbolVisibility2["DEFAULT_SYMBOL_VISIBILITY_UNKNOWN"] = 0] = "DEFAULT_SYMBOL_VISIBILITY_UNKNOWN";
  FeatureSet_VisibilityFeature_DefaultSymbolVisibility2[FeatureSet_VisibilityFeature_DefaultSymbolVisibility2["EXPORT_ALL"] = 1] = "EXPORT_ALL";
  FeatureSet_VisibilityFeature_DefaultSymbolVisibility2[FeatureSet_VisibilityFeature_DefaultSymbolVisibility2["EXPORT_TOP_LEVEL"] = 2] = "EXPORT_TOP_LEVEL";
  FeatureSet_VisibilityFeature_DefaultSymbolVisibility2[FeatureSet_VisibilityFeature_DefaultSymbolVisibility2["LOCAL_ALL"] = 3] = "LOCAL_ALL";
  FeatureSet_VisibilityFeature_DefaultSymbolVisibility2[FeatureSet_VisibilityFeature_DefaultSymbolVisibility2["STRICT"] = 4] = "STRICT";
})(FeatureSet_VisibilityFeature_DefaultSymbolVisibility || (FeatureSet_VisibilityFeature_DefaultSymbolVisibility = {}));
var FeatureSet_FieldPresence;
(function(FeatureSet_FieldPresence2) {
  FeatureSet_FieldPresence2[FeatureSet_FieldPresence2["FIELD_PRESENCE_UNKNOWN"] = 0] = "FIELD_PRESENCE_UNKNOWN";
  FeatureSet_FieldPresence2[FeatureSet_FieldPresence2["EXPLICIT"] = 1] = "EXPLICIT";
  FeatureSet_FieldPresence2[FeatureSet_FieldPresence2["IMPLICIT"] = 2] = "IMPLICIT";
  FeatureSet_FieldPresence2[FeatureSet_FieldPresence2["LEGACY_REQUIRED"] = 3] = "LEGACY_REQUIRED";
})(FeatureSet_FieldPresence || (FeatureSet_FieldPresence = {}));
var FeatureSet_EnumType;
(function(FeatureSet_EnumType2) {
  FeatureSet_EnumType2[FeatureSet_EnumType2["ENUM_TYPE_UNKNOWN"] = 0] = "ENUM_TYPE_UNKNOWN";
  FeatureSet_EnumType2[FeatureSet_EnumType2["OPEN"] = 1] = "OPEN";
  FeatureSet_EnumType2[FeatureSet_EnumType2["CLOSED"] = 2] = "CLOSED";
})(FeatureSet_EnumType || (FeatureSet_EnumType = {}));
var FeatureSet_RepeatedFieldEncoding;
(function(FeatureSet_RepeatedFieldEncoding2) {
  FeatureSet_RepeatedFieldEncoding2[FeatureSet_RepeatedFieldEncoding2["REPEATED_FIELD_ENCODING_UNKNOWN"] = 0] = "REPEATED_FIELD_ENCODING_UNKNOWN";
  FeatureSet_RepeatedFieldEncoding2[FeatureSet_RepeatedFieldEncoding2["PACKED"] = 1] = "PACKED";
  FeatureSet_RepeatedFieldEncoding2[FeatureSet_RepeatedFieldEncoding2["EXPANDED"] = 2] = "EXPANDED";
})(FeatureSet_RepeatedFieldEncoding || (FeatureSet_RepeatedFieldEncoding = {}));
var FeatureSet_Utf8Validation;
(function(FeatureSet_Utf8Validation2) {
  FeatureSet_Utf8Validation2[FeatureSet_Utf8Validation2["UTF8_VALIDATION_UNKNOWN"] = 0] = "UTF8_VALIDATION_UNKNOWN";
  FeatureSet_Utf8Validation2[FeatureSet_Utf8Validation2["VERIFY"] = 2] = "VERIFY";
  FeatureSet_Utf8Validation2[FeatureSet_Utf8Validation2["NONE"] = 3] = "NONE";
})(FeatureSet_Utf8Validation || (FeatureSet_Utf8Validation = {}));
var FeatureSet_MessageEncoding;
(function(FeatureSet_MessageEncoding2) {
  FeatureSet_MessageEncoding2[FeatureSet_MessageEncoding2["MESSAGE_ENCODING_UNKNOWN"] = 0] = "MESSAGE_ENCODING_UNKNOWN";
  FeatureSet_MessageEncoding2[FeatureSet_MessageEncoding2["LENGTH_PREFIXED"] = 1] = "LENGTH_PREFIXED";
  FeatureSet_MessageEncoding2[FeatureSet_MessageEncoding2["DELIMITED"] = 2] = "DELIMITED";
})(FeatureSet_MessageEncoding || (FeatureSet_MessageEncoding = {}));
var FeatureSet_JsonFormat;
(function(FeatureSet_JsonFormat2) {
  FeatureSet_JsonFormat2[FeatureSet_JsonFormat2["JSON_FORMAT_UNKNOWN"] = 0] = "JSON_FORMAT_UNKNOWN";
  FeatureSet_JsonFormat2[FeatureSet_JsonFormat2["ALLOW"] = 1] = "ALLOW";
  FeatureSet_JsonFormat2[FeatureSet_JsonFormat2["LEGACY_BEST_EFFORT"] = 2] = "LEGACY_BEST_EFFORT";
})(FeatureSet_JsonFormat || (FeatureSet_JsonFormat = {}));
var FeatureSet_EnforceNamingStyle;
(function(FeatureSet_EnforceNamingStyle2) {
  FeatureSet_EnforceNamingStyle2[FeatureSet_EnforceNamingStyle2["ENFORCE_NAMING_STYLE_UNKNOWN"] = 0] = "ENFORCE_NAMING_STYLE_UNKNOWN";
  FeatureSet_EnforceNamingStyle2[FeatureSet_EnforceNamingStyle2["STYLE2024"] = 1] = "STYLE2024";
  FeatureSet_EnforceNamingStyle2[FeatureSet_EnforceNamingStyle2["STYLE_LEGACY"] = 2] = "STYLE_LEGACY";
})(FeatureSet_EnforceNamingStyle || (FeatureSet_EnforceNamingStyle = {}));
var GeneratedCodeInfo_Annotation_Semantic;
(function(GeneratedCodeInfo_Annotation_Semantic2) {
  GeneratedCodeInfo_Annotation_Semantic2[GeneratedCodeInfo_Annotation_Semantic2["NONE"] = 0] = "NONE";
  GeneratedCodeInfo_Annotation_Semantic2[GeneratedCodeInfo_Annotation_Semantic2["SET"] = 1] = "SET";
  GeneratedCodeInfo_Annotation_Semantic2[GeneratedCodeInfo_Annotation_Semantic2["ALIAS"] = 2] = "ALIAS";
})(GeneratedCodeInfo_Annotation_Semantic || (GeneratedCodeInfo_Annotation_Semantic = {}));
var Edition;
(function(Edition2) {
  Edition2[Edition2["EDITION_UNKNOWN"] = 0] = "EDITION_UNKNOWN";
  Edition2[Edition2["EDITION_LEGACY"] = 900] = "EDITION_LEGACY";
  Edition2[Edition2["EDITION_PROTO2"] = 998] = "EDITION_PROTO2";
  Edition2[Edition2["EDITION_PROTO3"] = 999] = "EDITION_PROTO3";
  Edition2[Edition2["EDITION_2023"] = 1e3] = "EDITION_2023";
  Edition2[Edition2["EDITION_2024"] = 1001] = "EDITION_2024";
  Edition2[Edition2["EDITION_UNSTABLE"] = 9999] = "EDITION_UNSTABLE";
  Edition2[Edition2["EDITION_1_TEST_ONLY"] = 1] = "EDITION_1_TEST_ONLY";
  Edition2[Edition2["EDITION_2_TEST_ONLY"] = 2] = "EDITION_2_TEST_ONLY";
  Edition2[Edition2["EDITION_99997_TEST_ONLY"] = 99997] = "EDITION_99997_TEST_ONLY";
  Edition2[Edition2["EDITION_99998_TEST_ONLY"] = 99998] = "EDITION_99998_TEST_ONLY";
  Edition2[Edition2["EDITION_99999_TEST_ONLY"] = 99999] = "EDITION_99999_TEST_ONLY";
  Edition2[Edition2["EDITION_MAX"] = 2147483647] = "EDITION_MAX";
})(Edition || (Edition = {}));
var SymbolVisibility;
(function(SymbolVisibility2) {
  SymbolVisibility2[SymbolVisibility2["VISIBILITY_UNSET"] = 0] = "VISIBILITY_UNSET";
  SymbolVisibility2[SymbolVisibility2["VISIBILITY_LOCAL"] = 1] = "VISIBILITY_LOCAL";
  SymbolVisibility2[SymbolVisibility2["VISIBILITY_EXPORT"] = 2] = "VISIBILITY_EXPORT";
})(SymbolVisibility || (SymbolVisibility = {}));

// node_modules/@bufbuild/protobuf/dist/esm/from-binary.js
function makeReadContext(options) {
  return Object.assign(Object.assign({ readUnknownFields: true, recursionLimit: 100 }, options), { depth: 0 });
}
function fromBinary(schema, bytes, options) {
  const msg = reflect(schema, void 0, false);
  readMessage(msg, new BinaryReader(bytes), makeReadContext(options), false, bytes.byteLength);
  return msg.message;
}
function readMessage(message, reader, ctx, delimited, lengthOrDelimitedFieldNo) {
  var _a;
  if (++ctx.depth > ctx.recursionLimit) {
    throw new Error(`cannot decode ${message.desc} from binary: maximum recursion depth of ${ctx.recursionLimit} reached`);
  }
  const end = delimited ? reader.len : reader.pos + lengthOrDelimitedFieldNo;
  let fieldNo;
  let wireType;
  const unknownFields = (_a = message.getUnknown()) !== null && _a !== void 0 ? _a : [];
  while (reader.pos < end) {
    [fieldNo, wireType] = reader.tag();
    if (delimited && wireType == WireType.EndGroup) {
      break;
    }
    const field = message.findNumber(fieldNo);
    if (!field) {
      const recursionLimit = ctx.recursionLimit - ctx.depth;
      const data = reader.skip(wireType, fieldNo, recursionLimit);
      if (ctx.readUnknownFields) {
        unknownFields.push({ no: fieldNo, wireType, data });
      }
      continue;
    }
    readField(message, reader, field, wireType, ctx);
  }
  if (delimited) {
    if (wireType != WireType.EndGroup || fieldNo !== lengthOrDelimitedFieldNo) {
      throw new Error("invalid end group tag");
    }
  }
  if (unknownFields.length > 0) {
    message.setUnknown(unknownFields);
  }
  ctx.depth--;
}
function readField(message, reader, field, wireType, ctx) {
  var _a;
  switch (field.fieldKind) {
    case "scalar":
      message.set(field, readScalar(reader, field.scalar, field.utf8Validation));
      break;
    case "enum":
      const val = readScalar(reader, ScalarType.INT32);
      if (field.enum.open) {
        message.set(field, val);
      } else {
        const ok = field.enum.values.some((v) => v.number === val);
        if (ok) {
          message.set(field, val);
        } else if (ctx.readUnknownFields) {
          const bytes = [];
          varint32write(val, bytes);
          const unknownFields = (_a = message.getUnknown()) !== null && _a !== void 0 ? _a : [];
          unknownFields.push({
            no: field.number,
            wireType,
            data: new Uint8Array(bytes)
          });
          message.setUnknown(unknownFields);
        }
      }
      break;
    case "message":
      message.set(field, readMessageField(reader, ctx, field, message.get(field)));
      break;
    case "list":
      readListField(reader, wireType, message.get(field), ctx);
      break;
    case "map":
      readMapEntry(reader, message.get(field), ctx);
      break;
  }
}
function readMapEntry(reader, map, ctx) {
  const field = map.field();
  let key;
  let val;
  const len = reader.uint32();
  const end = reader.pos + len;
  while (reader.pos < end) {
    const [fieldNo] = reader.tag();
    switch (fieldNo) {
      case 1:
        key = readScalar(reader, field.mapKey, field.utf8Validation);
        break;
      case 2:
        switch (field.mapKind) {
          case "scalar":
            val = readScalar(reader, field.scalar, field.utf8Validation);
            break;
          case "enum":
            val = reader.int32();
            break;
          case "message":
            val = readMessageField(reader, ctx, field);
            break;
        }
        break;
    }
  }
  if (key === void 0) {
    key = scalarZeroValue(field.mapKey, false);
  }
  if (val === void 0) {
    switch (field.mapKind) {
      case "scalar":
        val = scalarZeroValue(field.scalar, false);
        break;
      case "enum":
        val = field.enum.values[0].number;
        break;
      case "message":
        val = reflect(field.message, void 0, false);
        break;
    }
  }
  map.set(key, val);
}
function readListField(reader, wireType, list, ctx) {
  var _a;
  const field = list.field();
  if (field.listKind === "message") {
    list.add(readMessageField(reader, ctx, field));
    return;
  }
  const scalarType = (_a = field.scalar) !== null && _a !== void 0 ? _a : ScalarType.INT32;
  const packed = wireType == WireType.LengthDelimited && scalarType != ScalarType.STRING && scalarType != ScalarType.BYTES;
  if (!packed) {
    list.add(readScalar(reader, scalarType, field.utf8Validation));
    return;
  }
  const e = reader.uint32() + reader.pos;
  while (reader.pos < e) {
    list.add(readScalar(reader, scalarType, field.utf8Validation));
  }
}
function readMessageField(reader, ctx, field, mergeMessage) {
  const delimited = field.delimitedEncoding;
  const message = mergeMessage !== null && mergeMessage !== void 0 ? mergeMessage : reflect(field.message, void 0, false);
  readMessage(message, reader, ctx, delimited, delimited ? field.number : reader.uint32());
  return message;
}
function readScalar(reader, type, validateUtf8 = false) {
  switch (type) {
    case ScalarType.STRING:
      return reader.string(validateUtf8);
    case ScalarType.BOOL:
      return reader.bool();
    case ScalarType.DOUBLE:
      return reader.double();
    case ScalarType.FLOAT:
      return reader.float();
    case ScalarType.INT32:
      return reader.int32();
    case ScalarType.INT64:
      return reader.int64();
    case ScalarType.UINT64:
      return reader.uint64();
    case ScalarType.FIXED64:
      return reader.fixed64();
    case ScalarType.BYTES:
      return reader.bytes();
    case ScalarType.FIXED32:
      return reader.fixed32();
    case ScalarType.SFIXED32:
      return reader.sfixed32();
    case ScalarType.SFIXED64:
      return reader.sfixed64();
    case ScalarType.SINT64:
      return reader.sint64();
    case ScalarType.UINT32:
      return reader.uint32();
    case ScalarType.SINT32:
      return reader.sint32();
  }
}

// node_modules/@bufbuild/protobuf/dist/esm/codegenv2/file.js
function fileDesc(b64, imports) {
  var _a;
  const root = fromBinary(FileDescriptorProtoSchema, base64Decode(b64));
  root.messageType.forEach(restoreJsonNames);
  root.dependency = (_a = imports === null || imports === void 0 ? void 0 : imports.map((f) => f.proto.name)) !== null && _a !== void 0 ? _a : [];
  const reg = createFileRegistry(root, (protoFileName) => imports === null || imports === void 0 ? void 0 : imports.find((f) => f.proto.name === protoFileName));
  return reg.getFile(root.name);
}

// node_modules/@bufbuild/protobuf/dist/esm/to-binary.js
var LEGACY_REQUIRED2 = 3;
var writeDefaults = {
  writeUnknownFields: true
};
function makeWriteOptions(options) {
  return options ? Object.assign(Object.assign({}, writeDefaults), options) : writeDefaults;
}
function toBinary(schema, message, options) {
  return writeFields(new BinaryWriter(), makeWriteOptions(options), reflect(schema, message)).finish();
}
function writeFields(writer, opts, msg) {
  var _a;
  for (const f of msg.sortedFields) {
    if (!msg.isSet(f)) {
      if (f.presence == LEGACY_REQUIRED2) {
        throw new Error(`cannot encode ${f} to binary: required field not set`);
      }
      continue;
    }
    writeField(writer, opts, msg, f);
  }
  if (opts.writeUnknownFields) {
    for (const { no, wireType, data } of (_a = msg.getUnknown()) !== null && _a !== void 0 ? _a : []) {
      writer.tag(no, wireType).raw(data);
    }
  }
  return writer;
}
function writeField(writer, opts, msg, field) {
  var _a;
  switch (field.fieldKind) {
    case "scalar":
    case "enum":
      writeScalar(writer, msg.desc.typeName, field.name, (_a = field.scalar) !== null && _a !== void 0 ? _a : ScalarType.INT32, field.number, msg.get(field));
      break;
    case "list":
      writeListField(writer, opts, field, msg.get(field));
      break;
    case "message":
      writeMessageField(writer, opts, field, msg.get(field));
      break;
    case "map":
      for (const [key, val] of msg.get(field)) {
        writeMapEntry(writer, opts, field, key, val);
      }
      break;
  }
}
function writeScalar(writer, msgName, fieldName, scalarType, fieldNo, value) {
  writeScalarValue(writer.tag(fieldNo, writeTypeOfScalar(scalarType)), msgName, fieldName, scalarType, value);
}
function writeMessageField(writer, opts, field, message) {
  if (field.delimitedEncoding) {
    writeFields(writer.tag(field.number, WireType.StartGroup), opts, message).tag(field.number, WireType.EndGroup);
  } else {
    writeFields(writer.tag(field.number, WireType.LengthDelimited).fork(), opts, message).join();
  }
}
function writeListField(writer, opts, field, list) {
  var _a;
  if (field.listKind == "message") {
    for (const item of list) {
      writeMessageField(writer, opts, field, item);
    }
    return;
  }
  const scalarType = (_a = field.scalar) !== null && _a !== void 0 ? _a : ScalarType.INT32;
  if (field.packed) {
    if (!list.size) {
      return;
    }
    writer.tag(field.number, WireType.LengthDelimited).fork();
    for (const item of list) {
      writeScalarValue(writer, field.parent.typeName, field.name, scalarType, item);
    }
    writer.join();
    return;
  }
  for (const item of list) {
    writeScalar(writer, field.parent.typeName, field.name, scalarType, field.number, item);
  }
}
function writeMapEntry(writer, opts, field, key, value) {
  var _a;
  writer.tag(field.number, WireType.LengthDelimited).fork();
  writeScalar(writer, field.parent.typeName, field.name, field.mapKey, 1, key);
  switch (field.mapKind) {
    case "scalar":
    case "enum":
      writeScalar(writer, field.parent.typeName, field.name, (_a = field.scalar) !== null && _a !== void 0 ? _a : ScalarType.INT32, 2, value);
      break;
    case "message":
      writeFields(writer.tag(2, WireType.LengthDelimited).fork(), opts, value).join();
      break;
  }
  writer.join();
}
function writeScalarValue(writer, msgName, fieldName, type, value) {
  try {
    switch (type) {
      case ScalarType.STRING:
        writer.string(value);
        break;
      case ScalarType.BOOL:
        writer.bool(value);
        break;
      case ScalarType.DOUBLE:
        writer.double(value);
        break;
      case ScalarType.FLOAT:
        writer.float(value);
        break;
      case ScalarType.INT32:
        writer.int32(value);
        break;
      case ScalarType.INT64:
        writer.int64(value);
        break;
      case ScalarType.UINT64:
        writer.uint64(value);
        break;
      case ScalarType.FIXED64:
        writer.fixed64(value);
        break;
      case ScalarType.BYTES:
        writer.bytes(value);
        break;
      case ScalarType.FIXED32:
        writer.fixed32(value);
        break;
      case ScalarType.SFIXED32:
        writer.sfixed32(value);
        break;
      case ScalarType.SFIXED64:
        writer.sfixed64(value);
        break;
      case ScalarType.SINT64:
        writer.sint64(value);
        break;
      case ScalarType.UINT32:
        writer.uint32(value);
        break;
      case ScalarType.SINT32:
        writer.sint32(value);
        break;
    }
  } catch (e) {
    if (e instanceof Error) {
      throw new Error(`cannot encode field ${msgName}.${fieldName} to binary: ${e.message}`);
    }
    throw e;
  }
}
function writeTypeOfScalar(type) {
  switch (type) {
    case ScalarType.BYTES:
    case ScalarType.STRING:
      return WireType.LengthDelimited;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
    case ScalarType.FLOAT:
      return WireType.Bit32;
    default:
      return WireType.Varint;
  }
}

// gen/tickwire/v1/types_pb.ts
var file_tickwire_v1_types = /* @__PURE__ */ fileDesc("Chd0aWNrd2lyZS92MS90eXBlcy5wcm90bxILdGlja3dpcmUudjEiRAoFQXNzZXQSEAoIYXNzZXRfaWQYASABKA0SDAoEY29kZRgCIAEoCRIMCgRuYW1lGAMgASgJEg0KBXNjYWxlGAQgASgNIvAHCgZNYXJrZXQSEQoJbWFya2V0X2lkGAEgASgNEg4KBnN5bWJvbBgCIAEoCRIVCg1iYXNlX2Fzc2V0X2lkGAMgASgNEhYKDnF1b3RlX2Fzc2V0X2lkGAQgASgNEhcKD3RpY2tfc2l6ZV91bml0cxgFIAEoBBIWCg5sb3Rfc2l6ZV91bml0cxgGIAEoBBIWCg5ub3Rpb25hbF91bml0cxgHIAEoBBIpCgZzdGF0dXMYCCABKA4yGS50aWNrd2lyZS52MS5NYXJrZXRTdGF0dXMSFQoNbWFrZXJfZmVlX3BwbRgJIAEoDRIVCg10YWtlcl9mZWVfcHBtGAogASgNEhcKD21pbl9wcmljZV90aWNrcxgLIAEoBBIXCg9tYXhfcHJpY2VfdGlja3MYDCABKAQSGQoRbWluX3F1YW50aXR5X2xvdHMYDSABKAQSGQoRbWF4X3F1YW50aXR5X2xvdHMYDiABKAQSIAoYbWF4X21hcmtldF9xdWFudGl0eV9sb3RzGA8gASgEEhoKEm1pbl9ub3Rpb25hbF91bml0cxgQIAEoBBIaChJtYXhfbm90aW9uYWxfdW5pdHMYESABKAQSFgoObWF4X251bV9vcmRlcnMYEiABKA0SGwoTbWF4X251bV9hbGdvX29yZGVycxgTIAEoDRIZChFtYXhfcG9zaXRpb25fbG90cxgUIAEoBBIZChFtYXhfaWNlYmVyZ19wYXJ0cxgVIAEoDRIgChhtaW5fbWFya2V0X3F1YW50aXR5X2xvdHMYFiABKAQSHgoWYmlkX211bHRpcGxpZXJfdXBfYmlwcxgXIAEoDRIgChhiaWRfbXVsdGlwbGllcl9kb3duX2JpcHMYGCABKA0SHgoWYXNrX211bHRpcGxpZXJfdXBfYmlwcxgZIAEoDRIgChhhc2tfbXVsdGlwbGllcl9kb3duX2JpcHMYGiABKA0SHwoXbWluX3RyYWlsaW5nX2Fib3ZlX2JpcHMYGyABKA0SHwoXbWF4X3RyYWlsaW5nX2Fib3ZlX2JpcHMYHCABKA0SHwoXbWluX3RyYWlsaW5nX2JlbG93X2JpcHMYHSABKA0SHwoXbWF4X3RyYWlsaW5nX2JlbG93X2JpcHMYHiABKA0SFwoPcHJpY2VfYmFuZF9iaXBzGB8gASgNEhsKE21heF9udW1fb3JkZXJfbGlzdHMYICABKA0SHgoWbWF4X251bV9pY2ViZXJnX29yZGVycxghIAEoDRIcChRtYXhfbnVtX29yZGVyX2FtZW5kcxgiIAEoDRInCglmZWVfdGllcnMYIyADKAsyFC50aWNrd2lyZS52MS5GZWVUaWVyIkUKB0ZlZVRpZXISDAoEdGllchgBIAEoDRIVCg1tYWtlcl9mZWVfcHBtGAIgASgNEhUKDXRha2VyX2ZlZV9wcG0YAyABKA0iSAoHQmFsYW5jZRIQCghhc3NldF9pZBgBIAEoDRIXCg9hdmFpbGFibGVfdW5pdHMYAiABKAQSEgoKaGVsZF91bml0cxgDIAEoBCKDBwoFT3JkZXISEAoIb3JkZXJfaWQYASABKAQSEgoKYWNjb3VudF9pZBgCIAEoBBIRCgltYXJrZXRfaWQYAyABKA0SFwoPY2xpZW50X29yZGVyX2lkGAQgASgJEh8KBHNpZGUYBSABKA4yES50aWNrd2lyZS52MS5TaWRlEiQKBHR5cGUYBiABKA4yFi50aWNrd2lyZS52MS5PcmRlclR5cGUSLwoNdGltZV9pbl9mb3JjZRgHIAEoDjIYLnRpY2t3aXJlLnYxLlRpbWVJbkZvcmNlEigKBnN0YXR1cxgIIAEoDjIYLnRpY2t3aXJlLnYxLk9yZGVyU3RhdHVzEhMKC3ByaWNlX3RpY2tzGAkgASgEEhUKDXF1YW50aXR5X2xvdHMYCiABKAQSGQoRcXVvdGVfb3JkZXJfdW5pdHMYCyABKAQSFQoNZXhlY3V0ZWRfbG90cxgMIAEoBBIcChRleGVjdXRlZF9xdW90ZV91bml0cxgNIAEoBBISCgpjcmVhdGVkX3VzGA4gASgEEhIKCnVwZGF0ZWRfdXMYDyABKAQSMAoNZXhwaXJ5X3JlYXNvbhgQIAEoDjIZLnRpY2t3aXJlLnYxLkV4cGlyeVJlYXNvbhIwCg1jYW5jZWxfcmVhc29uGBEgASgOMhkudGlja3dpcmUudjEuQ2FuY2VsUmVhc29uEkgKGnNlbGZfdHJhZGVfcHJldmVudGlvbl9tb2RlGBIgASgOMiQudGlja3dpcmUudjEuU2VsZlRyYWRlUHJldmVudGlvbk1vZGUSFgoOcHJldmVudGVkX2xvdHMYEyABKAQSGAoQc3RvcF9wcmljZV90aWNrcxgUIAEoBBIbChN0cmFpbGluZ19kZWx0YV9iaXBzGBUgASgNEhQKDGljZWJlcmdfbG90cxgWIAEoBBIWCg5leHBpcmVfdGltZV91cxgXIAEoBBIVCg1vcmRlcl9saXN0X2lkGBggASgEEhIKCndvcmtpbmdfdXMYGSABKAQSJgoIcGVnX3R5cGUYGiABKA4yFC50aWNrd2lyZS52MS5QZWdUeXBlEhkKEXBlZ19vZmZzZXRfbGV2ZWxzGBsgASgNEhQKDHRyaWdnZXJlZF91cxgcIAEoBBITCgthbWVuZF9jb3VudBgdIAEoDRIeChZ0cmFpbGluZ19leHRyZW1lX3RpY2tzGB4gASgEIuYBCglPcmRlckxpc3QSFQoNb3JkZXJfbGlzdF9pZBgBIAEoBBISCgphY2NvdW50X2lkGAIgASgEEhEKCW1hcmtldF9pZBgDIAEoDRIoCgR0eXBlGAQgASgOMhoudGlja3dpcmUudjEuT3JkZXJMaXN0VHlwZRIsCgZzdGF0dXMYBSABKA4yHC50aWNrd2lyZS52MS5PcmRlckxpc3RTdGF0dXMSHAoUY2xpZW50X29yZGVyX2xpc3RfaWQYBiABKAkSEQoJb3JkZXJfaWRzGAcgAygEEhIKCnVwZGF0ZWRfdXMYCCABKAQqOQoEU2lkZRIUChBTSURFX1VOU1BFQ0lGSUVEEAASDAoIU0lERV9CVVkQARINCglTSURFX1NFTEwQAiroAQoJT3JkZXJUeXBlEhoKFk9SREVSX1RZUEVfVU5TUEVDSUZJRUQQABIUChBPUkRFUl9UWVBFX0xJTUlUEAESGgoWT1JERVJfVFlQRV9MSU1JVF9NQUtFUhACEhUKEU9SREVSX1RZUEVfTUFSS0VUEAMSGAoUT1JERVJfVFlQRV9TVE9QX0xPU1MQBBIeChpPUkRFUl9UWVBFX1NUT1BfTE9TU19MSU1JVBAFEhoKFk9SREVSX1RZUEVfVEFLRV9QUk9GSVQQBhIgChxPUkRFUl9UWVBFX1RBS0VfUFJPRklUX0xJTUlUEAcqiAEKC1RpbWVJbkZvcmNlEh0KGVRJTUVfSU5fRk9SQ0VfVU5TUEVDSUZJRUQQABIVChFUSU1FX0lOX0ZPUkNFX0dUQxABEhUKEVRJTUVfSU5fRk9SQ0VfSU9DEAISFQoRVElNRV9JTl9GT1JDRV9GT0sQAxIVChFUSU1FX0lOX0ZPUkNFX0dURBAEKo4CCgtPcmRlclN0YXR1cxIcChhPUkRFUl9TVEFUVVNfVU5TUEVDSUZJRUQQABIUChBPUkRFUl9TVEFUVVNfTkVXEAESIQodT1JERVJfU1RBVFVTX1BBUlRJQUxMWV9GSUxMRUQQAhIXChNPUkRFUl9TVEFUVVNfRklMTEVEEAMSGQoVT1JERVJfU1RBVFVTX0NBTkNFTEVEEAQSGQoVT1JERVJfU1RBVFVTX1JFSkVDVEVEEAUSGAoUT1JERVJfU1RBVFVTX0VYUElSRUQQBhIhCh1PUkRFUl9TVEFUVVNfRVhQSVJFRF9JTl9NQVRDSBAHEhwKGE9SREVSX1NUQVRVU19QRU5ESU5HX05FVxAIKpoCChdTZWxmVHJhZGVQcmV2ZW50aW9uTW9kZRIqCiZTRUxGX1RSQURFX1BSRVZFTlRJT05fTU9ERV9VTlNQRUNJRklFRBAAEiMKH1NFTEZfVFJBREVfUFJFVkVOVElPTl9NT0RFX05PTkUQARIrCidTRUxGX1RSQURFX1BSRVZFTlRJT05fTU9ERV9FWFBJUkVfVEFLRVIQAhIrCidTRUxGX1RSQURFX1BSRVZFTlRJT05fTU9ERV9FWFBJUkVfTUFLRVIQAxIqCiZTRUxGX1RSQURFX1BSRVZFTlRJT05fTU9ERV9FWFBJUkVfQk9USBAEEigKJFNFTEZfVFJBREVfUFJFVkVOVElPTl9NT0RFX0RFQ1JFTUVOVBAFKk4KB1BlZ1R5cGUSGAoUUEVHX1RZUEVfVU5TUEVDSUZJRUQQABIUChBQRUdfVFlQRV9QUklNQVJZEAESEwoPUEVHX1RZUEVfTUFSS0VUEAIqtwEKDE1hcmtldFN0YXR1cxIdChlNQVJLRVRfU1RBVFVTX1VOU1BFQ0lGSUVEEAASGQoVTUFSS0VUX1NUQVRVU19UUkFESU5HEAESFgoSTUFSS0VUX1NUQVRVU19IQUxUEAISHQoZTUFSS0VUX1NUQVRVU19DQU5DRUxfT05MWRADEhsKF01BUktFVF9TVEFUVVNfUE9TVF9PTkxZEAQSGQoVTUFSS0VUX1NUQVRVU19BVUNUSU9OEAUq3A8KDFJlamVjdFJlYXNvbhIdChlSRUpFQ1RfUkVBU09OX1VOU1BFQ0lGSUVEEAASIwofUkVKRUNUX1JFQVNPTl9NQUxGT1JNRURfQ09NTUFORBABEiEKHVJFSkVDVF9SRUFTT05fVU5LTk9XTl9BQ0NPVU5UEAISIAocUkVKRUNUX1JFQVNPTl9VTktOT1dOX01BUktFVBADEh8KG1JFSkVDVF9SRUFTT05fVU5LTk9XTl9BU1NFVBAEEh8KG1JFSkVDVF9SRUFTT05fVU5LTk9XTl9PUkRFUhAFEiAKHFJFSkVDVF9SRUFTT05fQUNDT1VOVF9GUk9aRU4QBhIhCh1SRUpFQ1RfUkVBU09OX0RFQURMSU5FX1BBU1NFRBAHEisKJ1JFSkVDVF9SRUFTT05fRFVQTElDQVRFX0NMSUVOVF9PUkRFUl9JRBAIEikKJVJFSkVDVF9SRUFTT05fSU5WQUxJRF9DTElFTlRfT1JERVJfSUQQCRIeChpSRUpFQ1RfUkVBU09OX0lOVkFMSURfU0lERRAKEiQKIFJFSkVDVF9SRUFTT05fSU5WQUxJRF9PUkRFUl9UWVBFEAsSJwojUkVKRUNUX1JFQVNPTl9JTlZBTElEX1RJTUVfSU5fRk9SQ0UQDBIpCiVSRUpFQ1RfUkVBU09OX1VOU1VQUE9SVEVEX0NPTUJJTkFUSU9OEA0SJQohUkVKRUNUX1JFQVNPTl9VTlNVUFBPUlRFRF9DT01NQU5EEA4SIAocUkVKRUNUX1JFQVNPTl9BTFJFQURZX0VYSVNUUxAPEiQKIFJFSkVDVF9SRUFTT05fSU5WQUxJRF9ERUZJTklUSU9OEBASJwojUkVKRUNUX1JFQVNPTl9BQ0NPVU5UX0xJTUlUX1JFQUNIRUQQERIfChtSRUpFQ1RfUkVBU09OX01BUktFVF9DTE9TRUQQFBIiCh5SRUpFQ1RfUkVBU09OX01BUktFVF9QT1NUX09OTFkQFRIgChxSRUpFQ1RfUkVBU09OX01BUktFVF9BVUNUSU9OEBYSHgoaUkVKRUNUX1JFQVNPTl9QUklDRV9GSUxURVIQHhIaChZSRUpFQ1RfUkVBU09OX0xPVF9TSVpFEB8SIQodUkVKRUNUX1JFQVNPTl9NQVJLRVRfTE9UX1NJWkUQIBIeChpSRUpFQ1RfUkVBU09OX01JTl9OT1RJT05BTBAhEh4KGlJFSkVDVF9SRUFTT05fTUFYX05PVElPTkFMECISJwojUkVKRUNUX1JFQVNPTl9QRVJDRU5UX1BSSUNFX0JZX1NJREUQIxIfChtSRUpFQ1RfUkVBU09OX0lDRUJFUkdfUEFSVFMQJBIgChxSRUpFQ1RfUkVBU09OX01BWF9OVU1fT1JERVJTECUSJQohUkVKRUNUX1JFQVNPTl9NQVhfTlVNX0FMR09fT1JERVJTECYSHgoaUkVKRUNUX1JFQVNPTl9NQVhfUE9TSVRJT04QJxIgChxSRUpFQ1RfUkVBU09OX1RSQUlMSU5HX0RFTFRBECgSIwofUkVKRUNUX1JFQVNPTl9OT1RJT05BTF9PVkVSRkxPVxApEiUKIVJFSkVDVF9SRUFTT05fTUFYX05VTV9PUkRFUl9MSVNUUxAqEigKJFJFSkVDVF9SRUFTT05fTUFYX05VTV9JQ0VCRVJHX09SREVSUxArEiYKIlJFSkVDVF9SRUFTT05fTUFYX05VTV9PUkRFUl9BTUVORFMQLBIcChhSRUpFQ1RfUkVBU09OX1dPVUxEX1RBS0UQMhIrCidSRUpFQ1RfUkVBU09OX1dPVUxEX1RSSUdHRVJfSU1NRURJQVRFTFkQMxIeChpSRUpFQ1RfUkVBU09OX05PX0xJUVVJRElUWRA0EiYKIlJFSkVDVF9SRUFTT05fSU5TVUZGSUNJRU5UX0JBTEFOQ0UQNRIlCiFSRUpFQ1RfUkVBU09OX0FNT1VOVF9PVVRfT0ZfUkFOR0UQNhIiCh5SRUpFQ1RfUkVBU09OX0JBTEFOQ0VfT1ZFUkZMT1cQNxIkCiBSRUpFQ1RfUkVBU09OX0RVUExJQ0FURV9UUkFOU0ZFUhA4EiMKH1JFSkVDVF9SRUFTT05fQ0FOQ0VMX1JFU1RSSUNURUQQORIqCiZSRUpFQ1RfUkVBU09OX0FNRU5EX0lOQ1JFQVNFU19RVUFOVElUWRA6EicKI1JFSkVDVF9SRUFTT05fQU1FTkRfQ0hBTkdFU19OT1RISU5HEDsSKgomUkVKRUNUX1JFQVNPTl9JQ0VCRVJHX0VYQ0VFRFNfUVVBTlRJVFkQPBIiCh5SRUpFQ1RfUkVBU09OX1BFR19OT19MSVFVSURJVFkQPRIiCh5SRUpFQ1RfUkVBU09OX09SREVSX0xJU1RfU0hBUEUQPhIkCiBSRUpFQ1RfUkVBU09OX1VOS05PV05fT1JERVJfTElTVBA/EjAKLFJFSkVDVF9SRUFTT05fRFVQTElDQVRFX0NMSUVOVF9PUkRFUl9MSVNUX0lEEEASHwobUkVKRUNUX1JFQVNPTl9OT1RfQVRURU1QVEVEEEESIgoeUkVKRUNUX1JFQVNPTl9VTktOT1dOX1RSQU5TRkVSEEISKgomUkVKRUNUX1JFQVNPTl9FWFBJUkVfVElNRV9PVVRfT0ZfUkFOR0UQQyrvAgoMRXhwaXJ5UmVhc29uEh0KGUVYUElSWV9SRUFTT05fVU5TUEVDSUZJRUQQABIeChpFWFBJUllfUkVBU09OX1VORklMTEVEX0lPQxABEh4KGkVYUElSWV9SRUFTT05fVU5GSUxMRURfRk9LEAISKAokRVhQSVJZX1JFQVNPTl9JTlNVRkZJQ0lFTlRfTElRVUlESVRZEAMSIAocRVhQSVJZX1JFQVNPTl9HT09EX1RJTExfREFURRAEEicKI0VYUElSWV9SRUFTT05fU0VMRl9UUkFERV9QUkVWRU5USU9OEAUSJQohRVhQSVJZX1JFQVNPTl9QUklDRV9CQU5EX0VYQ0VFREVEEAYSHwobRVhQSVJZX1JFQVNPTl9PQ09fVFJJR0dFUkVEEAcSJwojRVhQSVJZX1JFQVNPTl9PVE9fV09SS0lOR19MRUdfRU5ERUQQCBIaChZFWFBJUllfUkVBU09OX0VYQ0hBTkdFEAkq4gEKDENhbmNlbFJlYXNvbhIdChlDQU5DRUxfUkVBU09OX1VOU1BFQ0lGSUVEEAASGwoXQ0FOQ0VMX1JFQVNPTl9SRVFVRVNURUQQARIcChhDQU5DRUxfUkVBU09OX0NBTkNFTF9BTEwQAhIaChZDQU5DRUxfUkVBU09OX1JFUExBQ0VEEAMSHAoYQ0FOQ0VMX1JFQVNPTl9ESVNDT05ORUNUEAQSIgoeQ0FOQ0VMX1JFQVNPTl9ERUFEX01BTlNfU1dJVENIEAUSGgoWQ0FOQ0VMX1JFQVNPTl9PUEVSQVRPUhAGKv8DCg5DYW5kbGVJbnRlcnZhbBIfChtDQU5ETEVfSU5URVJWQUxfVU5TUEVDSUZJRUQQABIcChhDQU5ETEVfSU5URVJWQUxfU0VDT05EXzEQARIcChhDQU5ETEVfSU5URVJWQUxfTUlOVVRFXzEQAhIcChhDQU5ETEVfSU5URVJWQUxfTUlOVVRFXzMQAxIcChhDQU5ETEVfSU5URVJWQUxfTUlOVVRFXzUQBBIdChlDQU5ETEVfSU5URVJWQUxfTUlOVVRFXzE1EAUSHQoZQ0FORExFX0lOVEVSVkFMX01JTlVURV8zMBAGEhoKFkNBTkRMRV9JTlRFUlZBTF9IT1VSXzEQBxIaChZDQU5ETEVfSU5URVJWQUxfSE9VUl8yEAgSGgoWQ0FORExFX0lOVEVSVkFMX0hPVVJfNBAJEhoKFkNBTkRMRV9JTlRFUlZBTF9IT1VSXzYQChIaChZDQU5ETEVfSU5URVJWQUxfSE9VUl84EAsSGwoXQ0FORExFX0lOVEVSVkFMX0hPVVJfMTIQDBIZChVDQU5ETEVfSU5URVJWQUxfREFZXzEQDRIZChVDQU5ETEVfSU5URVJWQUxfREFZXzMQDhIaChZDQU5ETEVfSU5URVJWQUxfV0VFS18xEA8SGwoXQ0FORExFX0lOVEVSVkFMX01PTlRIXzEQECp9Cg1PcmRlckxpc3RUeXBlEh8KG09SREVSX0xJU1RfVFlQRV9VTlNQRUNJRklFRBAAEhcKE09SREVSX0xJU1RfVFlQRV9PQ08QARIXChNPUkRFUl9MSVNUX1RZUEVfT1RPEAISGQoVT1JERVJfTElTVF9UWVBFX09UT0NPEAMqlQEKD09yZGVyTGlzdFN0YXR1cxIhCh1PUkRFUl9MSVNUX1NUQVRVU19VTlNQRUNJRklFRBAAEh8KG09SREVSX0xJU1RfU1RBVFVTX0VYRUNVVElORxABEh4KGk9SREVSX0xJU1RfU1RBVFVTX0FMTF9ET05FEAISHgoaT1JERVJfTElTVF9TVEFUVVNfUkVKRUNURUQQA2IGcHJvdG8z");
var AssetSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_types, 0);
var MarketSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_types, 1);
var OrderListSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_types, 5);
var Side = {
  /**
   * @generated from enum value: SIDE_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * @generated from enum value: SIDE_BUY = 1;
   */
  BUY: 1,
  /**
   * @generated from enum value: SIDE_SELL = 2;
   */
  SELL: 2
};
var OrderType = {
  /**
   * @generated from enum value: ORDER_TYPE_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * @generated from enum value: ORDER_TYPE_LIMIT = 1;
   */
  LIMIT: 1,
  /**
   * Rejected if it would take liquidity.
   *
   * @generated from enum value: ORDER_TYPE_LIMIT_MAKER = 2;
   */
  LIMIT_MAKER: 2,
  /**
   * @generated from enum value: ORDER_TYPE_MARKET = 3;
   */
  MARKET: 3,
  /**
   * @generated from enum value: ORDER_TYPE_STOP_LOSS = 4;
   */
  STOP_LOSS: 4,
  /**
   * @generated from enum value: ORDER_TYPE_STOP_LOSS_LIMIT = 5;
   */
  STOP_LOSS_LIMIT: 5,
  /**
   * @generated from enum value: ORDER_TYPE_TAKE_PROFIT = 6;
   */
  TAKE_PROFIT: 6,
  /**
   * @generated from enum value: ORDER_TYPE_TAKE_PROFIT_LIMIT = 7;
   */
  TAKE_PROFIT_LIMIT: 7
};
var TimeInForce = {
  /**
   * @generated from enum value: TIME_IN_FORCE_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * @generated from enum value: TIME_IN_FORCE_GTC = 1;
   */
  GTC: 1,
  /**
   * @generated from enum value: TIME_IN_FORCE_IOC = 2;
   */
  IOC: 2,
  /**
   * @generated from enum value: TIME_IN_FORCE_FOK = 3;
   */
  FOK: 3,
  /**
   * @generated from enum value: TIME_IN_FORCE_GTD = 4;
   */
  GTD: 4
};
var OrderStatus = {
  /**
   * @generated from enum value: ORDER_STATUS_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * @generated from enum value: ORDER_STATUS_NEW = 1;
   */
  NEW: 1,
  /**
   * @generated from enum value: ORDER_STATUS_PARTIALLY_FILLED = 2;
   */
  PARTIALLY_FILLED: 2,
  /**
   * @generated from enum value: ORDER_STATUS_FILLED = 3;
   */
  FILLED: 3,
  /**
   * @generated from enum value: ORDER_STATUS_CANCELED = 4;
   */
  CANCELED: 4,
  /**
   * @generated from enum value: ORDER_STATUS_REJECTED = 5;
   */
  REJECTED: 5,
  /**
   * @generated from enum value: ORDER_STATUS_EXPIRED = 6;
   */
  EXPIRED: 6,
  /**
   * Ended by self-trade prevention.
   *
   * @generated from enum value: ORDER_STATUS_EXPIRED_IN_MATCH = 7;
   */
  EXPIRED_IN_MATCH: 7,
  /**
   * The pending leg of an order list, not yet active.
   *
   * @generated from enum value: ORDER_STATUS_PENDING_NEW = 8;
   */
  PENDING_NEW: 8
};
var SelfTradePreventionMode = {
  /**
   * @generated from enum value: SELF_TRADE_PREVENTION_MODE_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * @generated from enum value: SELF_TRADE_PREVENTION_MODE_NONE = 1;
   */
  NONE: 1,
  /**
   * @generated from enum value: SELF_TRADE_PREVENTION_MODE_EXPIRE_TAKER = 2;
   */
  EXPIRE_TAKER: 2,
  /**
   * @generated from enum value: SELF_TRADE_PREVENTION_MODE_EXPIRE_MAKER = 3;
   */
  EXPIRE_MAKER: 3,
  /**
   * @generated from enum value: SELF_TRADE_PREVENTION_MODE_EXPIRE_BOTH = 4;
   */
  EXPIRE_BOTH: 4,
  /**
   * @generated from enum value: SELF_TRADE_PREVENTION_MODE_DECREMENT = 5;
   */
  DECREMENT: 5
};
var PegType = {
  /**
   * @generated from enum value: PEG_TYPE_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * Best price of the order's own side.
   *
   * @generated from enum value: PEG_TYPE_PRIMARY = 1;
   */
  PRIMARY: 1,
  /**
   * Best price of the opposite side.
   *
   * @generated from enum value: PEG_TYPE_MARKET = 2;
   */
  MARKET: 2
};
var MarketStatus = {
  /**
   * @generated from enum value: MARKET_STATUS_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * @generated from enum value: MARKET_STATUS_TRADING = 1;
   */
  TRADING: 1,
  /**
   * @generated from enum value: MARKET_STATUS_HALT = 2;
   */
  HALT: 2,
  /**
   * @generated from enum value: MARKET_STATUS_CANCEL_ONLY = 3;
   */
  CANCEL_ONLY: 3,
  /**
   * @generated from enum value: MARKET_STATUS_POST_ONLY = 4;
   */
  POST_ONLY: 4,
  /**
   * Limit orders are collected without matching, beside the book, until the change to TRADING matches them all at one
   * price.
   *
   * @generated from enum value: MARKET_STATUS_AUCTION = 5;
   */
  AUCTION: 5
};
var RejectReason = {
  /**
   * @generated from enum value: REJECT_REASON_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * Identity and shape.
   *
   * @generated from enum value: REJECT_REASON_MALFORMED_COMMAND = 1;
   */
  MALFORMED_COMMAND: 1,
  /**
   * @generated from enum value: REJECT_REASON_UNKNOWN_ACCOUNT = 2;
   */
  UNKNOWN_ACCOUNT: 2,
  /**
   * @generated from enum value: REJECT_REASON_UNKNOWN_MARKET = 3;
   */
  UNKNOWN_MARKET: 3,
  /**
   * @generated from enum value: REJECT_REASON_UNKNOWN_ASSET = 4;
   */
  UNKNOWN_ASSET: 4,
  /**
   * @generated from enum value: REJECT_REASON_UNKNOWN_ORDER = 5;
   */
  UNKNOWN_ORDER: 5,
  /**
   * @generated from enum value: REJECT_REASON_ACCOUNT_FROZEN = 6;
   */
  ACCOUNT_FROZEN: 6,
  /**
   * @generated from enum value: REJECT_REASON_DEADLINE_PASSED = 7;
   */
  DEADLINE_PASSED: 7,
  /**
   * @generated from enum value: REJECT_REASON_DUPLICATE_CLIENT_ORDER_ID = 8;
   */
  DUPLICATE_CLIENT_ORDER_ID: 8,
  /**
   * @generated from enum value: REJECT_REASON_INVALID_CLIENT_ORDER_ID = 9;
   */
  INVALID_CLIENT_ORDER_ID: 9,
  /**
   * @generated from enum value: REJECT_REASON_INVALID_SIDE = 10;
   */
  INVALID_SIDE: 10,
  /**
   * @generated from enum value: REJECT_REASON_INVALID_ORDER_TYPE = 11;
   */
  INVALID_ORDER_TYPE: 11,
  /**
   * @generated from enum value: REJECT_REASON_INVALID_TIME_IN_FORCE = 12;
   */
  INVALID_TIME_IN_FORCE: 12,
  /**
   * @generated from enum value: REJECT_REASON_UNSUPPORTED_COMBINATION = 13;
   */
  UNSUPPORTED_COMBINATION: 13,
  /**
   * @generated from enum value: REJECT_REASON_UNSUPPORTED_COMMAND = 14;
   */
  UNSUPPORTED_COMMAND: 14,
  /**
   * @generated from enum value: REJECT_REASON_ALREADY_EXISTS = 15;
   */
  ALREADY_EXISTS: 15,
  /**
   * @generated from enum value: REJECT_REASON_INVALID_DEFINITION = 16;
   */
  INVALID_DEFINITION: 16,
  /**
   * @generated from enum value: REJECT_REASON_ACCOUNT_LIMIT_REACHED = 17;
   */
  ACCOUNT_LIMIT_REACHED: 17,
  /**
   * Market state.
   *
   * @generated from enum value: REJECT_REASON_MARKET_CLOSED = 20;
   */
  MARKET_CLOSED: 20,
  /**
   * @generated from enum value: REJECT_REASON_MARKET_POST_ONLY = 21;
   */
  MARKET_POST_ONLY: 21,
  /**
   * An auction collects only limit orders that rest and may take: not MARKET, IOC, FOK, LIMIT_MAKER or pegged ones.
   *
   * @generated from enum value: REJECT_REASON_MARKET_AUCTION = 22;
   */
  MARKET_AUCTION: 22,
  /**
   * Filters, named after the filters of exchangeInfo.
   *
   * @generated from enum value: REJECT_REASON_PRICE_FILTER = 30;
   */
  PRICE_FILTER: 30,
  /**
   * @generated from enum value: REJECT_REASON_LOT_SIZE = 31;
   */
  LOT_SIZE: 31,
  /**
   * @generated from enum value: REJECT_REASON_MARKET_LOT_SIZE = 32;
   */
  MARKET_LOT_SIZE: 32,
  /**
   * @generated from enum value: REJECT_REASON_MIN_NOTIONAL = 33;
   */
  MIN_NOTIONAL: 33,
  /**
   * @generated from enum value: REJECT_REASON_MAX_NOTIONAL = 34;
   */
  MAX_NOTIONAL: 34,
  /**
   * @generated from enum value: REJECT_REASON_PERCENT_PRICE_BY_SIDE = 35;
   */
  PERCENT_PRICE_BY_SIDE: 35,
  /**
   * @generated from enum value: REJECT_REASON_ICEBERG_PARTS = 36;
   */
  ICEBERG_PARTS: 36,
  /**
   * @generated from enum value: REJECT_REASON_MAX_NUM_ORDERS = 37;
   */
  MAX_NUM_ORDERS: 37,
  /**
   * @generated from enum value: REJECT_REASON_MAX_NUM_ALGO_ORDERS = 38;
   */
  MAX_NUM_ALGO_ORDERS: 38,
  /**
   * @generated from enum value: REJECT_REASON_MAX_POSITION = 39;
   */
  MAX_POSITION: 39,
  /**
   * @generated from enum value: REJECT_REASON_TRAILING_DELTA = 40;
   */
  TRAILING_DELTA: 40,
  /**
   * A product of price, quantity and scale leaves the exact range (2^53 units).
   *
   * @generated from enum value: REJECT_REASON_NOTIONAL_OVERFLOW = 41;
   */
  NOTIONAL_OVERFLOW: 41,
  /**
   * @generated from enum value: REJECT_REASON_MAX_NUM_ORDER_LISTS = 42;
   */
  MAX_NUM_ORDER_LISTS: 42,
  /**
   * @generated from enum value: REJECT_REASON_MAX_NUM_ICEBERG_ORDERS = 43;
   */
  MAX_NUM_ICEBERG_ORDERS: 43,
  /**
   * @generated from enum value: REJECT_REASON_MAX_NUM_ORDER_AMENDS = 44;
   */
  MAX_NUM_ORDER_AMENDS: 44,
  /**
   * Order logic and money.
   *
   * @generated from enum value: REJECT_REASON_WOULD_TAKE = 50;
   */
  WOULD_TAKE: 50,
  /**
   * @generated from enum value: REJECT_REASON_WOULD_TRIGGER_IMMEDIATELY = 51;
   */
  WOULD_TRIGGER_IMMEDIATELY: 51,
  /**
   * @generated from enum value: REJECT_REASON_NO_LIQUIDITY = 52;
   */
  NO_LIQUIDITY: 52,
  /**
   * @generated from enum value: REJECT_REASON_INSUFFICIENT_BALANCE = 53;
   */
  INSUFFICIENT_BALANCE: 53,
  /**
   * @generated from enum value: REJECT_REASON_AMOUNT_OUT_OF_RANGE = 54;
   */
  AMOUNT_OUT_OF_RANGE: 54,
  /**
   * @generated from enum value: REJECT_REASON_BALANCE_OVERFLOW = 55;
   */
  BALANCE_OVERFLOW: 55,
  /**
   * @generated from enum value: REJECT_REASON_DUPLICATE_TRANSFER = 56;
   */
  DUPLICATE_TRANSFER: 56,
  /**
   * @generated from enum value: REJECT_REASON_CANCEL_RESTRICTED = 57;
   */
  CANCEL_RESTRICTED: 57,
  /**
   * @generated from enum value: REJECT_REASON_AMEND_INCREASES_QUANTITY = 58;
   */
  AMEND_INCREASES_QUANTITY: 58,
  /**
   * @generated from enum value: REJECT_REASON_AMEND_CHANGES_NOTHING = 59;
   */
  AMEND_CHANGES_NOTHING: 59,
  /**
   * @generated from enum value: REJECT_REASON_ICEBERG_EXCEEDS_QUANTITY = 60;
   */
  ICEBERG_EXCEEDS_QUANTITY: 60,
  /**
   * @generated from enum value: REJECT_REASON_PEG_NO_LIQUIDITY = 61;
   */
  PEG_NO_LIQUIDITY: 61,
  /**
   * @generated from enum value: REJECT_REASON_ORDER_LIST_SHAPE = 62;
   */
  ORDER_LIST_SHAPE: 62,
  /**
   * @generated from enum value: REJECT_REASON_UNKNOWN_ORDER_LIST = 63;
   */
  UNKNOWN_ORDER_LIST: 63,
  /**
   * @generated from enum value: REJECT_REASON_DUPLICATE_CLIENT_ORDER_LIST_ID = 64;
   */
  DUPLICATE_CLIENT_ORDER_LIST_ID: 64,
  /**
   * The other half of a cancel-replace was refused, so this one was not attempted.
   *
   * @generated from enum value: REJECT_REASON_NOT_ATTEMPTED = 65;
   */
  NOT_ATTEMPTED: 65,
  /**
   * @generated from enum value: REJECT_REASON_UNKNOWN_TRANSFER = 66;
   */
  UNKNOWN_TRANSFER: 66,
  /**
   * @generated from enum value: REJECT_REASON_EXPIRE_TIME_OUT_OF_RANGE = 67;
   */
  EXPIRE_TIME_OUT_OF_RANGE: 67
};
var ExpiryReason = {
  /**
   * @generated from enum value: EXPIRY_REASON_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * @generated from enum value: EXPIRY_REASON_UNFILLED_IOC = 1;
   */
  UNFILLED_IOC: 1,
  /**
   * @generated from enum value: EXPIRY_REASON_UNFILLED_FOK = 2;
   */
  UNFILLED_FOK: 2,
  /**
   * @generated from enum value: EXPIRY_REASON_INSUFFICIENT_LIQUIDITY = 3;
   */
  INSUFFICIENT_LIQUIDITY: 3,
  /**
   * @generated from enum value: EXPIRY_REASON_GOOD_TILL_DATE = 4;
   */
  GOOD_TILL_DATE: 4,
  /**
   * @generated from enum value: EXPIRY_REASON_SELF_TRADE_PREVENTION = 5;
   */
  SELF_TRADE_PREVENTION: 5,
  /**
   * @generated from enum value: EXPIRY_REASON_PRICE_BAND_EXCEEDED = 6;
   */
  PRICE_BAND_EXCEEDED: 6,
  /**
   * @generated from enum value: EXPIRY_REASON_OCO_TRIGGERED = 7;
   */
  OCO_TRIGGERED: 7,
  /**
   * @generated from enum value: EXPIRY_REASON_OTO_WORKING_LEG_ENDED = 8;
   */
  OTO_WORKING_LEG_ENDED: 8,
  /**
   * @generated from enum value: EXPIRY_REASON_EXCHANGE = 9;
   */
  EXCHANGE: 9
};
var CancelReason = {
  /**
   * @generated from enum value: CANCEL_REASON_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * @generated from enum value: CANCEL_REASON_REQUESTED = 1;
   */
  REQUESTED: 1,
  /**
   * @generated from enum value: CANCEL_REASON_CANCEL_ALL = 2;
   */
  CANCEL_ALL: 2,
  /**
   * @generated from enum value: CANCEL_REASON_REPLACED = 3;
   */
  REPLACED: 3,
  /**
   * @generated from enum value: CANCEL_REASON_DISCONNECT = 4;
   */
  DISCONNECT: 4,
  /**
   * @generated from enum value: CANCEL_REASON_DEAD_MANS_SWITCH = 5;
   */
  DEAD_MANS_SWITCH: 5,
  /**
   * @generated from enum value: CANCEL_REASON_OPERATOR = 6;
   */
  OPERATOR: 6
};
var OrderListType = {
  /**
   * @generated from enum value: ORDER_LIST_TYPE_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * Two orders, above and below: one's fill or trigger ends the other.
   *
   * @generated from enum value: ORDER_LIST_TYPE_OCO = 1;
   */
  OCO: 1,
  /**
   * A working order, and a pending one that is placed when the working one is filled.
   *
   * @generated from enum value: ORDER_LIST_TYPE_OTO = 2;
   */
  OTO: 2,
  /**
   * A working order, and a pending OCO pair.
   *
   * @generated from enum value: ORDER_LIST_TYPE_OTOCO = 3;
   */
  OTOCO: 3
};
var OrderListStatus = {
  /**
   * @generated from enum value: ORDER_LIST_STATUS_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * Orders are open or pending.
   *
   * @generated from enum value: ORDER_LIST_STATUS_EXECUTING = 1;
   */
  EXECUTING: 1,
  /**
   * @generated from enum value: ORDER_LIST_STATUS_ALL_DONE = 2;
   */
  ALL_DONE: 2,
  /**
   * @generated from enum value: ORDER_LIST_STATUS_REJECTED = 3;
   */
  REJECTED: 3
};

// gen/tickwire/v1/command_pb.ts
var file_tickwire_v1_command = /* @__PURE__ */ fileDesc("Chl0aWNrd2lyZS92MS9jb21tYW5kLnByb3RvEgt0aWNrd2lyZS52MSJbCgxDb21tYW5kQmF0Y2gSEgoKaW5ncmVzc19pZBgBIAEoCRIPCgd0aW1lX3VzGAIgASgEEiYKCGNvbW1hbmRzGAMgAygLMhQudGlja3dpcmUudjEuQ29tbWFuZCLOCQoHQ29tbWFuZBISCgpyZXF1ZXN0X25vGAEgASgEEhIKCmFjY291bnRfaWQYAiABKAQSEwoLZGVhZGxpbmVfdXMYAyABKAQSLgoLcGxhY2Vfb3JkZXIYBCABKAsyFy50aWNrd2lyZS52MS5QbGFjZU9yZGVySAASMAoMY2FuY2VsX29yZGVyGAUgASgLMhgudGlja3dpcmUudjEuQ2FuY2VsT3JkZXJIABI5ChFjYW5jZWxfYWxsX29yZGVycxgGIAEoCzIcLnRpY2t3aXJlLnYxLkNhbmNlbEFsbE9yZGVyc0gAEi4KC2FtZW5kX29yZGVyGAcgASgLMhcudGlja3dpcmUudjEuQW1lbmRPcmRlckgAEj8KFGNhbmNlbF9yZXBsYWNlX29yZGVyGAggASgLMh8udGlja3dpcmUudjEuQ2FuY2VsUmVwbGFjZU9yZGVySAASNwoQcGxhY2Vfb3JkZXJfbGlzdBgJIAEoCzIbLnRpY2t3aXJlLnYxLlBsYWNlT3JkZXJMaXN0SAASPgoUc2V0X2RlYWRfbWFuc19zd2l0Y2gYCiABKAsyHi50aWNrd2lyZS52MS5TZXREZWFkTWFuc1N3aXRjaEgAEjkKEWNhbmNlbF9vcmRlcl9saXN0GAsgASgLMhwudGlja3dpcmUudjEuQ2FuY2VsT3JkZXJMaXN0SAASMAoMb3Blbl9hY2NvdW50GBQgASgLMhgudGlja3dpcmUudjEuT3BlbkFjY291bnRIABInCgdkZXBvc2l0GBUgASgLMhQudGlja3dpcmUudjEuRGVwb3NpdEgAEikKCHdpdGhkcmF3GBYgASgLMhUudGlja3dpcmUudjEuV2l0aGRyYXdIABI7ChJzZXRfYWNjb3VudF9mcm96ZW4YFyABKAsyHS50aWNrd2lyZS52MS5TZXRBY2NvdW50RnJvemVuSAASOAoQcmVzb2x2ZV90cmFuc2ZlchgYIAEoCzIcLnRpY2t3aXJlLnYxLlJlc29sdmVUcmFuc2ZlckgAEi8KDHNldF9mZWVfdGllchgZIAEoCzIXLnRpY2t3aXJlLnYxLlNldEZlZVRpZXJIABI1Cg9zZXRfdHJhZGVfZ3JvdXAYGiABKAsyGi50aWNrd2lyZS52MS5TZXRUcmFkZUdyb3VwSAASKAoIb3Blbl9sb2cYHiABKAsyFC50aWNrd2lyZS52MS5PcGVuTG9nSAASLAoKbGlzdF9hc3NldBgfIAEoCzIWLnRpY2t3aXJlLnYxLkxpc3RBc3NldEgAEi4KC2xpc3RfbWFya2V0GCAgASgLMhcudGlja3dpcmUudjEuTGlzdE1hcmtldEgAEjkKEXNldF9tYXJrZXRfc3RhdHVzGCEgASgLMhwudGlja3dpcmUudjEuU2V0TWFya2V0U3RhdHVzSAASMAoMYWR2YW5jZV90aW1lGCIgASgLMhgudGlja3dpcmUudjEuQWR2YW5jZVRpbWVIABIyCg11cGRhdGVfbWFya2V0GCMgASgLMhkudGlja3dpcmUudjEuVXBkYXRlTWFya2V0SAASLgoLc3RhcnRfZXBvY2gYJCABKAsyFy50aWNrd2lyZS52MS5TdGFydEVwb2NoSABCBgoEYm9keSLpAwoKUGxhY2VPcmRlchIRCgltYXJrZXRfaWQYASABKA0SHwoEc2lkZRgCIAEoDjIRLnRpY2t3aXJlLnYxLlNpZGUSJAoEdHlwZRgDIAEoDjIWLnRpY2t3aXJlLnYxLk9yZGVyVHlwZRIvCg10aW1lX2luX2ZvcmNlGAQgASgOMhgudGlja3dpcmUudjEuVGltZUluRm9yY2USEwoLcHJpY2VfdGlja3MYBSABKAQSFQoNcXVhbnRpdHlfbG90cxgGIAEoBBIZChFxdW90ZV9vcmRlcl91bml0cxgHIAEoBBIXCg9jbGllbnRfb3JkZXJfaWQYCCABKAkSSAoac2VsZl90cmFkZV9wcmV2ZW50aW9uX21vZGUYCSABKA4yJC50aWNrd2lyZS52MS5TZWxmVHJhZGVQcmV2ZW50aW9uTW9kZRIYChBzdG9wX3ByaWNlX3RpY2tzGAogASgEEhsKE3RyYWlsaW5nX2RlbHRhX2JpcHMYCyABKA0SFAoMaWNlYmVyZ19sb3RzGAwgASgEEhYKDmV4cGlyZV90aW1lX3VzGA0gASgEEiYKCHBlZ190eXBlGA4gASgOMhQudGlja3dpcmUudjEuUGVnVHlwZRIZChFwZWdfb2Zmc2V0X2xldmVscxgPIAEoDSKAAQoLQ2FuY2VsT3JkZXISEQoJbWFya2V0X2lkGAEgASgNEhAKCG9yZGVyX2lkGAIgASgEEhcKD2NsaWVudF9vcmRlcl9pZBgDIAEoCRIzCgtyZXN0cmljdGlvbhgEIAEoDjIeLnRpY2t3aXJlLnYxLkNhbmNlbFJlc3RyaWN0aW9uInAKD0NhbmNlbEFsbE9yZGVycxIRCgltYXJrZXRfaWQYASABKA0SHwoEc2lkZRgCIAEoDjIRLnRpY2t3aXJlLnYxLlNpZGUSKQoGcmVhc29uGAMgASgOMhkudGlja3dpcmUudjEuQ2FuY2VsUmVhc29uIpsBCgpBbWVuZE9yZGVyEhEKCW1hcmtldF9pZBgBIAEoDRIQCghvcmRlcl9pZBgCIAEoBBIXCg9jbGllbnRfb3JkZXJfaWQYAyABKAkSGQoRbmV3X3F1YW50aXR5X2xvdHMYBCABKAQSFwoPbmV3X3ByaWNlX3RpY2tzGAUgASgEEhsKE25ld19jbGllbnRfb3JkZXJfaWQYBiABKAkilAEKEkNhbmNlbFJlcGxhY2VPcmRlchIsCgRtb2RlGAEgASgOMh4udGlja3dpcmUudjEuQ2FuY2VsUmVwbGFjZU1vZGUSKAoGY2FuY2VsGAIgASgLMhgudGlja3dpcmUudjEuQ2FuY2VsT3JkZXISJgoFcGxhY2UYAyABKAsyFy50aWNrd2lyZS52MS5QbGFjZU9yZGVyIoEBCg5QbGFjZU9yZGVyTGlzdBIoCgR0eXBlGAEgASgOMhoudGlja3dpcmUudjEuT3JkZXJMaXN0VHlwZRIcChRjbGllbnRfb3JkZXJfbGlzdF9pZBgCIAEoCRInCgZvcmRlcnMYAyADKAsyFy50aWNrd2lyZS52MS5QbGFjZU9yZGVyIlkKD0NhbmNlbE9yZGVyTGlzdBIRCgltYXJrZXRfaWQYASABKA0SFQoNb3JkZXJfbGlzdF9pZBgCIAEoBBIcChRjbGllbnRfb3JkZXJfbGlzdF9pZBgDIAEoCSInChFTZXREZWFkTWFuc1N3aXRjaBISCgp0aW1lb3V0X3VzGAEgASgEIjAKC09wZW5BY2NvdW50EhMKC2V4dGVybmFsX2lkGAEgASgJEgwKBG5hbWUYAiABKAkiVwoHRGVwb3NpdBIQCghhc3NldF9pZBgBIAEoDRIUCgxhbW91bnRfdW5pdHMYAiABKAQSEwoLdHJhbnNmZXJfaWQYAyABKAkSDwoHcGVuZGluZxgEIAEoCCJYCghXaXRoZHJhdxIQCghhc3NldF9pZBgBIAEoDRIUCgxhbW91bnRfdW5pdHMYAiABKAQSEwoLdHJhbnNmZXJfaWQYAyABKAkSDwoHcGVuZGluZxgEIAEoCCJPCg9SZXNvbHZlVHJhbnNmZXISGQoRdGFyZ2V0X2FjY291bnRfaWQYASABKAQSEwoLdHJhbnNmZXJfaWQYAiABKAkSDAoEcG9zdBgDIAEoCCI1CgpTZXRGZWVUaWVyEhkKEXRhcmdldF9hY2NvdW50X2lkGAEgASgEEgwKBHRpZXIYAiABKA0iQgoNU2V0VHJhZGVHcm91cBIZChF0YXJnZXRfYWNjb3VudF9pZBgBIAEoBBIWCg50cmFkZV9ncm91cF9pZBgCIAEoBCI9ChBTZXRBY2NvdW50RnJvemVuEhkKEXRhcmdldF9hY2NvdW50X2lkGAEgASgEEg4KBmZyb3plbhgCIAEoCCInCgdPcGVuTG9nEg0KBWVwb2NoGAEgASgNEg0KBXZlbnVlGAIgASgJIisKClN0YXJ0RXBvY2gSDQoFZXBvY2gYASABKA0SDgoGcmVhc29uGAIgASgJIi4KCUxpc3RBc3NldBIhCgVhc3NldBgBIAEoCzISLnRpY2t3aXJlLnYxLkFzc2V0IjEKCkxpc3RNYXJrZXQSIwoGbWFya2V0GAEgASgLMhMudGlja3dpcmUudjEuTWFya2V0IjMKDFVwZGF0ZU1hcmtldBIjCgZtYXJrZXQYASABKAsyEy50aWNrd2lyZS52MS5NYXJrZXQiTwoPU2V0TWFya2V0U3RhdHVzEhEKCW1hcmtldF9pZBgBIAEoDRIpCgZzdGF0dXMYAiABKA4yGS50aWNrd2lyZS52MS5NYXJrZXRTdGF0dXMiDQoLQWR2YW5jZVRpbWUqhgEKEUNhbmNlbFJlc3RyaWN0aW9uEiIKHkNBTkNFTF9SRVNUUklDVElPTl9VTlNQRUNJRklFRBAAEh8KG0NBTkNFTF9SRVNUUklDVElPTl9PTkxZX05FVxABEiwKKENBTkNFTF9SRVNUUklDVElPTl9PTkxZX1BBUlRJQUxMWV9GSUxMRUQQAiqIAQoRQ2FuY2VsUmVwbGFjZU1vZGUSIwofQ0FOQ0VMX1JFUExBQ0VfTU9ERV9VTlNQRUNJRklFRBAAEicKI0NBTkNFTF9SRVBMQUNFX01PREVfU1RPUF9PTl9GQUlMVVJFEAESJQohQ0FOQ0VMX1JFUExBQ0VfTU9ERV9BTExPV19GQUlMVVJFEAJiBnByb3RvMw", [file_tickwire_v1_types]);
var CommandBatchSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 0);
var PlaceOrderListSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 7);
var CancelOrderListSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 8);
var SetDeadMansSwitchSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 9);
var OpenAccountSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 10);
var DepositSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 11);
var WithdrawSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 12);
var ResolveTransferSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 13);
var SetFeeTierSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 14);
var SetTradeGroupSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 15);
var SetAccountFrozenSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 16);
var OpenLogSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 17);
var StartEpochSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 18);
var ListAssetSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 19);
var ListMarketSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 20);
var UpdateMarketSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 21);
var SetMarketStatusSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_command, 22);
var CancelRestriction = {
  /**
   * @generated from enum value: CANCEL_RESTRICTION_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * @generated from enum value: CANCEL_RESTRICTION_ONLY_NEW = 1;
   */
  ONLY_NEW: 1,
  /**
   * @generated from enum value: CANCEL_RESTRICTION_ONLY_PARTIALLY_FILLED = 2;
   */
  ONLY_PARTIALLY_FILLED: 2
};
var CancelReplaceMode = {
  /**
   * @generated from enum value: CANCEL_REPLACE_MODE_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * @generated from enum value: CANCEL_REPLACE_MODE_STOP_ON_FAILURE = 1;
   */
  STOP_ON_FAILURE: 1,
  /**
   * @generated from enum value: CANCEL_REPLACE_MODE_ALLOW_FAILURE = 2;
   */
  ALLOW_FAILURE: 2
};

// gen/tickwire/v1/event_pb.ts
var file_tickwire_v1_event = /* @__PURE__ */ fileDesc("Chd0aWNrd2lyZS92MS9ldmVudC5wcm90bxILdGlja3dpcmUudjEihwEKCkV2ZW50QmF0Y2gSDQoFZXBvY2gYASABKA0SDQoFZW50cnkYAiABKAQSDQoFY2hhaW4YAyABKAwSEgoKaW5ncmVzc19pZBgEIAEoCRIPCgd0aW1lX3VzGAUgASgEEicKBmdyb3VwcxgGIAMoCzIXLnRpY2t3aXJlLnYxLkV2ZW50R3JvdXAiZQoKRXZlbnRHcm91cBILCgNzZXEYASABKAQSEgoKcmVxdWVzdF9ubxgCIAEoBBISCgphY2NvdW50X2lkGAMgASgEEiIKBmV2ZW50cxgEIAMoCzISLnRpY2t3aXJlLnYxLkV2ZW50ItwNCgVFdmVudBI0Cg5vcmRlcl9hY2NlcHRlZBgBIAEoCzIaLnRpY2t3aXJlLnYxLk9yZGVyQWNjZXB0ZWRIABI0Cg5vcmRlcl9yZWplY3RlZBgCIAEoCzIaLnRpY2t3aXJlLnYxLk9yZGVyUmVqZWN0ZWRIABI0Cg50cmFkZV9leGVjdXRlZBgDIAEoCzIaLnRpY2t3aXJlLnYxLlRyYWRlRXhlY3V0ZWRIABI0Cg5vcmRlcl9jYW5jZWxlZBgEIAEoCzIaLnRpY2t3aXJlLnYxLk9yZGVyQ2FuY2VsZWRIABIyCg1vcmRlcl9leHBpcmVkGAUgASgLMhkudGlja3dpcmUudjEuT3JkZXJFeHBpcmVkSAASNgoPYmFsYW5jZV9jaGFuZ2VkGAYgASgLMhsudGlja3dpcmUudjEuQmFsYW5jZUNoYW5nZWRIABI2Cg9jYW5jZWxfcmVqZWN0ZWQYByABKAsyGy50aWNrd2lyZS52MS5DYW5jZWxSZWplY3RlZEgAEjIKDW9yZGVyX2FtZW5kZWQYCCABKAsyGS50aWNrd2lyZS52MS5PcmRlckFtZW5kZWRIABI0Cg5hbWVuZF9yZWplY3RlZBgJIAEoCzIaLnRpY2t3aXJlLnYxLkFtZW5kUmVqZWN0ZWRIABI2Cg9vcmRlcl90cmlnZ2VyZWQYCiABKAsyGy50aWNrd2lyZS52MS5PcmRlclRyaWdnZXJlZEgAEjYKD3RyYWRlX3ByZXZlbnRlZBgLIAEoCzIbLnRpY2t3aXJlLnYxLlRyYWRlUHJldmVudGVkSAASNgoPb3JkZXJzX2NhbmNlbGVkGAwgASgLMhsudGlja3dpcmUudjEuT3JkZXJzQ2FuY2VsZWRIABI7ChJvcmRlcl9saXN0X2NoYW5nZWQYDSABKAsyHS50aWNrd2lyZS52MS5PcmRlckxpc3RDaGFuZ2VkSAASPgoUZGVhZF9tYW5zX3N3aXRjaF9zZXQYDiABKAsyHi50aWNrd2lyZS52MS5EZWFkTWFuc1N3aXRjaFNldEgAEjgKEGNvbW1hbmRfcmVqZWN0ZWQYDyABKAsyHC50aWNrd2lyZS52MS5Db21tYW5kUmVqZWN0ZWRIABI0Cg5hY2NvdW50X29wZW5lZBgUIAEoCzIaLnRpY2t3aXJlLnYxLkFjY291bnRPcGVuZWRIABI0Cg5kZXBvc2l0X3Bvc3RlZBgVIAEoCzIaLnRpY2t3aXJlLnYxLkRlcG9zaXRQb3N0ZWRIABI6ChF3aXRoZHJhd2FsX3Bvc3RlZBgWIAEoCzIdLnRpY2t3aXJlLnYxLldpdGhkcmF3YWxQb3N0ZWRIABJDChZhY2NvdW50X2Zyb3plbl9jaGFuZ2VkGBcgASgLMiEudGlja3dpcmUudjEuQWNjb3VudEZyb3plbkNoYW5nZWRIABI4ChB0cmFuc2Zlcl9wZW5kaW5nGBggASgLMhwudGlja3dpcmUudjEuVHJhbnNmZXJQZW5kaW5nSAASNgoPdHJhbnNmZXJfdm9pZGVkGBkgASgLMhsudGlja3dpcmUudjEuVHJhbnNmZXJWb2lkZWRIABI3ChBmZWVfdGllcl9jaGFuZ2VkGBogASgLMhsudGlja3dpcmUudjEuRmVlVGllckNoYW5nZWRIABI9ChN0cmFkZV9ncm91cF9jaGFuZ2VkGBsgASgLMh4udGlja3dpcmUudjEuVHJhZGVHcm91cENoYW5nZWRIABIsCgpsb2dfb3BlbmVkGB4gASgLMhYudGlja3dpcmUudjEuTG9nT3BlbmVkSAASMAoMYXNzZXRfbGlzdGVkGB8gASgLMhgudGlja3dpcmUudjEuQXNzZXRMaXN0ZWRIABIyCg1tYXJrZXRfbGlzdGVkGCAgASgLMhkudGlja3dpcmUudjEuTWFya2V0TGlzdGVkSAASQQoVbWFya2V0X3N0YXR1c19jaGFuZ2VkGCEgASgLMiAudGlja3dpcmUudjEuTWFya2V0U3RhdHVzQ2hhbmdlZEgAEjIKDXRpbWVfYWR2YW5jZWQYIiABKAsyGS50aWNrd2lyZS52MS5UaW1lQWR2YW5jZWRIABI0Cg5tYXJrZXRfdXBkYXRlZBgjIAEoCzIaLnRpY2t3aXJlLnYxLk1hcmtldFVwZGF0ZWRIABI6ChFhdWN0aW9uX3VuY3Jvc3NlZBgkIAEoCzIdLnRpY2t3aXJlLnYxLkF1Y3Rpb25VbmNyb3NzZWRIABIyCg1lcG9jaF9zdGFydGVkGCUgASgLMhkudGlja3dpcmUudjEuRXBvY2hTdGFydGVkSABCBgoEYm9keSJJCg1PcmRlckFjY2VwdGVkEhUKDWV4ZWN1dGlvbl9zZXEYASABKAQSIQoFb3JkZXIYAiABKAsyEi50aWNrd2lyZS52MS5PcmRlciJmCg1PcmRlclJlamVjdGVkEikKBnJlYXNvbhgBIAEoDjIZLnRpY2t3aXJlLnYxLlJlamVjdFJlYXNvbhIRCgltYXJrZXRfaWQYAiABKA0SFwoPY2xpZW50X29yZGVyX2lkGAMgASgJIuoBCg1UcmFkZUV4ZWN1dGVkEhEKCW1hcmtldF9pZBgBIAEoDRIQCgh0cmFkZV9pZBgCIAEoBBITCgtwcmljZV90aWNrcxgDIAEoBBIVCg1xdWFudGl0eV9sb3RzGAQgASgEEhMKC3F1b3RlX3VuaXRzGAUgASgEEiUKCnRha2VyX3NpZGUYBiABKA4yES50aWNrd2lyZS52MS5TaWRlEiUKBW1ha2VyGAcgASgLMhYudGlja3dpcmUudjEuVHJhZGVTaWRlEiUKBXRha2VyGAggASgLMhYudGlja3dpcmUudjEuVHJhZGVTaWRlIm4KCVRyYWRlU2lkZRIVCg1leGVjdXRpb25fc2VxGAEgASgEEiEKBW9yZGVyGAIgASgLMhIudGlja3dpcmUudjEuT3JkZXISEQoJZmVlX3VuaXRzGAMgASgEEhQKDGZlZV9hc3NldF9pZBgEIAEoDSJJCg1PcmRlckNhbmNlbGVkEhUKDWV4ZWN1dGlvbl9zZXEYASABKAQSIQoFb3JkZXIYAiABKAsyEi50aWNrd2lyZS52MS5PcmRlciJICgxPcmRlckV4cGlyZWQSFQoNZXhlY3V0aW9uX3NlcRgBIAEoBBIhCgVvcmRlchgCIAEoCzISLnRpY2t3aXJlLnYxLk9yZGVyInkKDkNhbmNlbFJlamVjdGVkEikKBnJlYXNvbhgBIAEoDjIZLnRpY2t3aXJlLnYxLlJlamVjdFJlYXNvbhIRCgltYXJrZXRfaWQYAiABKA0SEAoIb3JkZXJfaWQYAyABKAQSFwoPY2xpZW50X29yZGVyX2lkGAQgASgJIl8KDE9yZGVyQW1lbmRlZBIVCg1leGVjdXRpb25fc2VxGAEgASgEEiEKBW9yZGVyGAIgASgLMhIudGlja3dpcmUudjEuT3JkZXISFQoNa2VwdF9wcmlvcml0eRgDIAEoCCJ4Cg1BbWVuZFJlamVjdGVkEikKBnJlYXNvbhgBIAEoDjIZLnRpY2t3aXJlLnYxLlJlamVjdFJlYXNvbhIRCgltYXJrZXRfaWQYAiABKA0SEAoIb3JkZXJfaWQYAyABKAQSFwoPY2xpZW50X29yZGVyX2lkGAQgASgJIkoKDk9yZGVyVHJpZ2dlcmVkEhUKDWV4ZWN1dGlvbl9zZXEYASABKAQSIQoFb3JkZXIYAiABKAsyEi50aWNrd2lyZS52MS5PcmRlciK3AQoOVHJhZGVQcmV2ZW50ZWQSFQoNZXhlY3V0aW9uX3NlcRgBIAEoBBIhCgV0YWtlchgCIAEoCzISLnRpY2t3aXJlLnYxLk9yZGVyEiEKBW1ha2VyGAMgASgLMhIudGlja3dpcmUudjEuT3JkZXISFgoOcHJldmVudGVkX2xvdHMYBCABKAQSEwoLcHJpY2VfdGlja3MYBSABKAQSGwoTbWFrZXJfZXhlY3V0aW9uX3NlcRgGIAEoBCIfCg5PcmRlcnNDYW5jZWxlZBINCgVjb3VudBgBIAEoDSKzAQoOQmFsYW5jZUNoYW5nZWQSEgoKYWNjb3VudF9pZBgBIAEoBBITCgtiYWxhbmNlX3NlcRgCIAEoBBIQCghhc3NldF9pZBgDIAEoDRIXCg9hdmFpbGFibGVfdW5pdHMYBCABKAQSEgoKaGVsZF91bml0cxgFIAEoBBIeChZhdmFpbGFibGVfY2hhbmdlX3VuaXRzGAYgASgSEhkKEWhlbGRfY2hhbmdlX3VuaXRzGAcgASgSIjwKD0NvbW1hbmRSZWplY3RlZBIpCgZyZWFzb24YASABKA4yGS50aWNrd2lyZS52MS5SZWplY3RSZWFzb24iVwoNQWNjb3VudE9wZW5lZBISCgphY2NvdW50X2lkGAEgASgEEhMKC2V4dGVybmFsX2lkGAIgASgJEgwKBG5hbWUYAyABKAkSDwoHY3JlYXRlZBgEIAEoCCJgCg1EZXBvc2l0UG9zdGVkEhIKCmFjY291bnRfaWQYASABKAQSEAoIYXNzZXRfaWQYAiABKA0SFAoMYW1vdW50X3VuaXRzGAMgASgEEhMKC3RyYW5zZmVyX2lkGAQgASgJImMKEFdpdGhkcmF3YWxQb3N0ZWQSEgoKYWNjb3VudF9pZBgBIAEoBBIQCghhc3NldF9pZBgCIAEoDRIUCgxhbW91bnRfdW5pdHMYAyABKAQSEwoLdHJhbnNmZXJfaWQYBCABKAkiOgoUQWNjb3VudEZyb3plbkNoYW5nZWQSEgoKYWNjb3VudF9pZBgBIAEoBBIOCgZmcm96ZW4YAiABKAgiOAoQT3JkZXJMaXN0Q2hhbmdlZBIkCgRsaXN0GAEgASgLMhYudGlja3dpcmUudjEuT3JkZXJMaXN0IiUKEURlYWRNYW5zU3dpdGNoU2V0EhAKCGZpcmVzX3VzGAEgASgEIpUBCg9UcmFuc2ZlclBlbmRpbmcSEgoKYWNjb3VudF9pZBgBIAEoBBIQCghhc3NldF9pZBgCIAEoDRIUCgxhbW91bnRfdW5pdHMYAyABKAQSEwoLdHJhbnNmZXJfaWQYBCABKAkSMQoJZGlyZWN0aW9uGAUgASgOMh4udGlja3dpcmUudjEuVHJhbnNmZXJEaXJlY3Rpb24ilAEKDlRyYW5zZmVyVm9pZGVkEhIKCmFjY291bnRfaWQYASABKAQSEAoIYXNzZXRfaWQYAiABKA0SFAoMYW1vdW50X3VuaXRzGAMgASgEEhMKC3RyYW5zZmVyX2lkGAQgASgJEjEKCWRpcmVjdGlvbhgFIAEoDjIeLnRpY2t3aXJlLnYxLlRyYW5zZmVyRGlyZWN0aW9uIjIKDkZlZVRpZXJDaGFuZ2VkEhIKCmFjY291bnRfaWQYASABKAQSDAoEdGllchgCIAEoDSI/ChFUcmFkZUdyb3VwQ2hhbmdlZBISCgphY2NvdW50X2lkGAEgASgEEhYKDnRyYWRlX2dyb3VwX2lkGAIgASgEIjQKDU1hcmtldFVwZGF0ZWQSIwoGbWFya2V0GAEgASgLMhMudGlja3dpcmUudjEuTWFya2V0IlEKEEF1Y3Rpb25VbmNyb3NzZWQSEQoJbWFya2V0X2lkGAEgASgNEhMKC3ByaWNlX3RpY2tzGAIgASgEEhUKDXF1YW50aXR5X2xvdHMYAyABKAQiKQoJTG9nT3BlbmVkEg0KBWVwb2NoGAEgASgNEg0KBXZlbnVlGAIgASgJIkUKDEVwb2NoU3RhcnRlZBINCgVlcG9jaBgBIAEoDRIOCgZyZWFzb24YAiABKAkSFgoOcHJldmlvdXNfZXBvY2gYAyABKA0iMAoLQXNzZXRMaXN0ZWQSIQoFYXNzZXQYASABKAsyEi50aWNrd2lyZS52MS5Bc3NldCIzCgxNYXJrZXRMaXN0ZWQSIwoGbWFya2V0GAEgASgLMhMudGlja3dpcmUudjEuTWFya2V0IlMKE01hcmtldFN0YXR1c0NoYW5nZWQSEQoJbWFya2V0X2lkGAEgASgNEikKBnN0YXR1cxgCIAEoDjIZLnRpY2t3aXJlLnYxLk1hcmtldFN0YXR1cyIOCgxUaW1lQWR2YW5jZWQqegoRVHJhbnNmZXJEaXJlY3Rpb24SIgoeVFJBTlNGRVJfRElSRUNUSU9OX1VOU1BFQ0lGSUVEEAASHgoaVFJBTlNGRVJfRElSRUNUSU9OX0RFUE9TSVQQARIhCh1UUkFOU0ZFUl9ESVJFQ1RJT05fV0lUSERSQVdBTBACYgZwcm90bzM", [file_tickwire_v1_types]);
var EventSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_event, 2);
var TransferDirection = {
  /**
   * @generated from enum value: TRANSFER_DIRECTION_UNSPECIFIED = 0;
   */
  UNSPECIFIED: 0,
  /**
   * @generated from enum value: TRANSFER_DIRECTION_DEPOSIT = 1;
   */
  DEPOSIT: 1,
  /**
   * @generated from enum value: TRANSFER_DIRECTION_WITHDRAWAL = 2;
   */
  WITHDRAWAL: 2
};

// services/engine/limits.ts
var EXACT_MAX = Number.MAX_SAFE_INTEGER;
var PRICE_TICKS_MAX = 2147483646;
var ASSET_TOTAL_MAX = (1n << 63n) - 1n;
var CLIENT_ORDER_ID_BYTES_MAX = 36;
var DEDUPE_SECONDS = 61;
var DEDUPE_IDS_MAX = 25e4;
var EXTERNAL_ID_LENGTH_MAX = 128;
var ACCOUNT_NAME_LENGTH_MAX = 128;
var TRANSFER_ID_LENGTH_MAX = 64;
var TEXT_BYTES_MAX = 512;
var EPOCH_REASON_LENGTH_MAX = 128;
var ASSETS_MAX = 1e3;
var MARKETS_MAX = 1e3;
var ACCOUNTS_MAX = 1e7;
var ORDER_CAPACITY_START = 1 << 14;
var WINDOW_TICKS = 1 << 18;
var WINDOW_STEP_TICKS = 1 << 10;
var SNAPSHOT_INTERVAL_MS = 6e4;
var SNAPSHOT_LATE_MS = 3 * SNAPSHOT_INTERVAL_MS;
var FEE_PPM_MAX = 1e5;
var DEAD_MANS_TIMEOUT_US_MAX = 86400000000n;
var FEE_TIERS_MAX = 100;
var MULTIPLIER_BIPS_MAX = 1e7;
var FEE_TIER_MAX = 2147483647;
var TRAILING_DELTA_BIPS_MAX = 9999;
var ICEBERG_PARTS_MAX = 1e3;
var PEG_OFFSET_LEVELS_MAX = 100;
var SEND_BYTES_MAX = 4 * 1024 * 1024;

// services/engine/invariants.ts
var InvariantViolation = class extends Error {
  name = "InvariantViolation";
};
function invariant(condition, message) {
  if (!condition) throw new InvariantViolation(message);
}

// services/engine/clientOrderId.ts
var CLIENT_ID_WORDS = CLIENT_ORDER_ID_BYTES_MAX / 4;
var GOLDEN = 2654435761 | 0;
var HIGHS = 2155905152 | 0;
var EACH = 16843009;
var FROM_MINUS = 45 * EACH;
var BEYOND_COLON = 59 * EACH;
var LOWER_CASE = 538976288;
var FROM_A = 97 * EACH;
var BEYOND_Z = 123 * EACH;
var UNDERSCORES = 95 * EACH;
var ZEROS = 48 * EACH;
var secret = 0;
function clientIdHash(account, words, from) {
  let hash2 = Math.imul(account + 1, GOLDEN) ^ secret;
  for (let i = from; i < from + CLIENT_ID_WORDS; i++) {
    const word = words[i];
    if (word === 0) break;
    hash2 = Math.imul(hash2 ^ word, GOLDEN);
    hash2 ^= hash2 >>> 15;
  }
  return Math.imul(hash2, GOLDEN);
}
var ClientOrderId = class _ClientOrderId {
  words = new Int32Array(CLIENT_ID_WORDS);
  /** Characters, 1 to 36. */
  length = 0;
  hash = 0;
  /** An id of its own; undefined when the bytes may not be one. Not for the hot path. */
  static of(account, bytes) {
    const id = new _ClientOrderId();
    return id.read(account, bytes, 0, bytes.length) ? id : void 0;
  }
  /** Takes these bytes as an id of the account; false, and nothing to be used, when they may not be one: [.A-Z:/a-z0-9_-]{1,36}. */
  read(account, bytes, from, length) {
    if (length < 1 || length > CLIENT_ORDER_ID_BYTES_MAX) return false;
    const words = this.words;
    const last = from + length;
    let at = from;
    let count = 0;
    let hash2 = Math.imul(account + 1, GOLDEN) ^ secret;
    let fit = HIGHS;
    for (; at + 4 <= last; at += 4) {
      const word = bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
      fit &= charactersFit(word);
      hash2 = Math.imul(hash2 ^ word, GOLDEN);
      hash2 ^= hash2 >>> 15;
      words[count++] = word;
    }
    if (at < last) {
      const bits = last - at << 3;
      let word = 0;
      for (let shift = 0; at < last; at++, shift += 8) word |= bytes[at] << shift;
      fit &= charactersFit(word | ZEROS << bits);
      hash2 = Math.imul(hash2 ^ word, GOLDEN);
      hash2 ^= hash2 >>> 15;
      words[count++] = word;
    }
    for (; count < CLIENT_ID_WORDS; count++) words[count] = 0;
    this.length = length;
    this.hash = Math.imul(hash2, GOLDEN);
    return fit === HIGHS;
  }
  /** Whether the words from `at` of `others` say the same. */
  is(others, at) {
    const words = this.words;
    for (let i = 0; i < CLIENT_ID_WORDS; i++) {
      const word = words[i];
      if (word !== others[at + i]) return false;
      if (word === 0) break;
    }
    return true;
  }
};
function copyClientIdWords(from, at, to, start) {
  to[start] = from[at];
  to[start + 1] = from[at + 1];
  to[start + 2] = from[at + 2];
  to[start + 3] = from[at + 3];
  to[start + 4] = from[at + 4];
  to[start + 5] = from[at + 5];
  to[start + 6] = from[at + 6];
  to[start + 7] = from[at + 7];
  to[start + 8] = from[at + 8];
}
function charactersFit(word) {
  const marked = word | HIGHS;
  const small = marked | LOWER_CASE;
  const other = word ^ UNDERSCORES | HIGHS;
  const digit = marked - FROM_MINUS & ~(marked - BEYOND_COLON);
  const letter = small - FROM_A & ~(small - BEYOND_Z);
  const underscore = ~(other - EACH);
  return (digit | letter | underscore) & ~word & HIGHS;
}

// services/engine/orderTerms.ts
var WORKING = 0;
var UNTRIGGERED = 1;
var PENDING = 2;
var TERMS_F64 = 13;
function freezeTerms(terms, into, at) {
  into[at] = terms.orderId;
  into[at + 1] = terms.phase;
  into[at + 2] = terms.expireTimeUs;
  into[at + 3] = terms.stopPriceTicks;
  into[at + 4] = terms.trailingDeltaBips;
  into[at + 5] = terms.trailingExtremeTicks;
  into[at + 6] = terms.triggeredUs;
  into[at + 7] = terms.icebergLots;
  into[at + 8] = terms.hiddenLots;
  into[at + 9] = terms.pegType;
  into[at + 10] = terms.pegOffsetLevels;
  into[at + 11] = terms.heldUnits;
  into[at + 12] = terms.list === void 0 ? 0 : terms.list.id;
}
var OrderTerms = class {
  slot;
  orderId;
  account;
  type;
  side;
  phase = WORKING;
  expireTimeUs = 0;
  timer;
  stopPriceTicks = 0;
  trailingDeltaBips = 0;
  trailingExtremeTicks = 0;
  triggeredUs = 0;
  icebergLots = 0;
  /** Iceberg: the part of the rest that does not show. REMAINING_LOTS of the record is the part that does. */
  hiddenLots = 0;
  pegType = PegType.UNSPECIFIED;
  pegOffsetLevels = 0;
  /** While the order waits (UNTRIGGERED or PENDING): what it holds. */
  heldUnits = 0;
  list;
  /** Price at which a waiting order triggers, as its queue sorts it. */
  triggerTicks = 0;
  /** Place in the queue of triggers; -1 while in none. */
  queuedAt = -1;
  /** The order is in its account's list though it does not rest: it was woken, and is matching. */
  listed = false;
  /** The order is over, and forgotten; it ended with this status, for this CancelReason or ExpiryReason. */
  ended = false;
  endStatus = 0;
  endReason = 0;
  constructor(order) {
    this.slot = order.slot;
    this.orderId = order.orderId;
    this.account = order.account;
    this.type = order.type;
    this.side = order.side;
  }
};

// services/engine/orderStore.ts
var RECORD_BYTES = 192;
var RECORD_F64 = RECORD_BYTES / 8;
var RECORD_I32 = RECORD_BYTES / 4;
var REMAINING_LOTS = 0;
var ORDER_ID = 1;
var QUANTITY_LOTS = 8;
var QUOTE_ORDER_UNITS = 9;
var EXECUTED_LOTS = 10;
var EXECUTED_QUOTE_UNITS = 11;
var CREATED_US = 12;
var UPDATED_US = 13;
var WORKING_US = 14;
var PREVENTED_LOTS = 15;
var NEXT = 4;
var PREVIOUS = 5;
var LEVEL = 6;
var PRICE_TICKS = 7;
var ACCOUNT = 8;
var MARKET = 9;
var ACCOUNT_NEXT = 12;
var ACCOUNT_PREVIOUS = 13;
var CLIENT_HASH = 14;
var TERMS = 15;
var CLIENT_ID = 32;
var AMEND_COUNT = 41;
var SIDE = 40;
var TYPE = 41;
var TIME_IN_FORCE = 42;
var STATUS = 43;
var SELF_TRADE_PREVENTION = 44;
var EXPIRY_REASON = 45;
var CANCEL_REASON = 46;
var CLIENT_ID_LENGTH = 47;
var COLLECTED = 168;
var LAST_F64 = COLLECTED / 8;
var NO_SLOT = 0;
var GOLDEN2 = 2654435761 | 0;
function homeOf(orderId3, shift) {
  const id = orderId3 | 0;
  return Math.imul(id >>> 4, GOLDEN2) >>> shift & ~15 | id & 15;
}
var OrderStore = class {
  /** The records as doubles, words and bytes: one buffer, three views, replaced when it grows. */
  f64;
  i32;
  u8;
  /** Called when an order with terms is about to be forgotten, while its record still stands. */
  onTermsEnd = () => void 0;
  #terms = [void 0];
  #freeTerms = [];
  #capacity;
  #used = 0;
  #unusedFrom = 1;
  #free = NO_SLOT;
  // Open addressing, linear probing, at most half full; 0 is empty.
  #byId;
  #byClientId;
  #shift;
  constructor(capacity) {
    let slots = 16;
    while (slots < capacity) slots *= 2;
    this.#capacity = slots;
    const buffer = new ArrayBuffer(slots * RECORD_BYTES);
    this.f64 = new Float64Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u8 = new Uint8Array(buffer);
    this.#byId = new Int32Array(slots * 2);
    this.#byClientId = new Int32Array(slots * 2);
    this.#shift = 31 - Math.log2(slots);
  }
  /** Orders in the store. */
  get size() {
    return this.#used;
  }
  /** A cleared slot for an order with this id; give it a client order id with `setClientId`. */
  add(orderId3) {
    let slot = this.#free;
    if (slot !== NO_SLOT) {
      this.#free = this.i32[slot * RECORD_I32 + NEXT];
      const f64 = this.f64;
      const at = slot * RECORD_F64;
      f64[at] = 0;
      f64[at + 2] = 0;
      f64[at + 3] = 0;
      f64[at + 4] = 0;
      f64[at + 5] = 0;
      f64[at + 6] = 0;
      f64[at + 7] = 0;
      f64[at + 8] = 0;
      f64[at + 9] = 0;
      f64[at + 10] = 0;
      f64[at + 11] = 0;
      f64[at + 12] = 0;
      f64[at + 13] = 0;
      f64[at + 14] = 0;
      f64[at + 15] = 0;
      f64[at + LAST_F64] = 0;
      this.i32[slot * RECORD_I32 + AMEND_COUNT] = 0;
    } else {
      if (this.#unusedFrom === this.#capacity) this.#grow();
      slot = this.#unusedFrom++;
    }
    this.#used++;
    this.f64[slot * RECORD_F64 + ORDER_ID] = orderId3;
    this.#insertId(slot, orderId3);
    return slot;
  }
  /** Gives the order its client order id; ACCOUNT must be set. */
  setClientId(slot, id) {
    const { i32 } = this;
    const at = slot * RECORD_I32;
    copyClientIdWords(id.words, 0, i32, at + CLIENT_ID);
    i32[at + CLIENT_HASH] = id.hash;
    this.u8[slot * RECORD_BYTES + CLIENT_ID_LENGTH] = id.length;
    this.#insertClientId(slot, id.hash);
  }
  /** Terms for an order that has none; its id, account, type and side must be set. */
  addTerms(slot) {
    const index = this.#freeTerms.pop() ?? this.#terms.length;
    const terms = new OrderTerms({
      slot,
      orderId: this.f64[slot * RECORD_F64 + ORDER_ID],
      account: this.i32[slot * RECORD_I32 + ACCOUNT],
      type: this.u8[slot * RECORD_BYTES + TYPE],
      side: this.u8[slot * RECORD_BYTES + SIDE]
    });
    this.#terms[index] = terms;
    this.i32[slot * RECORD_I32 + TERMS] = index;
    return terms;
  }
  /** The order's terms; undefined for a plain order. */
  termsOf(slot) {
    return this.#terms[this.i32[slot * RECORD_I32 + TERMS]];
  }
  /** Gives the order another client order id. */
  replaceClientId(slot, id) {
    if (this.u8[slot * RECORD_BYTES + CLIENT_ID_LENGTH] !== 0) this.#removeClientId(slot);
    this.setClientId(slot, id);
  }
  /** Forgets the order; its slot may be handed out again at once. */
  remove(slot) {
    if (this.i32[slot * RECORD_I32 + TERMS] !== 0) this.#removeTerms(slot);
    this.#removeId(slot);
    if (this.u8[slot * RECORD_BYTES + CLIENT_ID_LENGTH] !== 0) this.#removeClientId(slot);
    this.i32[slot * RECORD_I32 + NEXT] = this.#free;
    this.#free = slot;
    this.#used--;
  }
  /** What `freeze` takes of its area. */
  get frozenBytes() {
    return this.#unusedFrom * RECORD_BYTES + this.#byId.byteLength + this.#terms.length * TERMS_F64 * 8;
  }
  freeze(area) {
    const records = area.u8(this.u8, this.#unusedFrom * RECORD_BYTES);
    const terms = area.emptyF64(this.#terms.length * TERMS_F64);
    for (let index = 0, at = 0; index < this.#terms.length; index++, at += TERMS_F64) {
      const kept = this.#terms[index];
      if (kept !== void 0) freezeTerms(kept, terms, at);
    }
    return { records, slotIndex: area.i32(this.#byId), terms };
  }
  /** The slot of an order id, or NO_SLOT. */
  find(orderId3) {
    const table = this.#byId;
    const mask = table.length - 1;
    const f64 = this.f64;
    let at = homeOf(orderId3, this.#shift);
    for (; ; ) {
      const slot = table[at];
      if (slot === NO_SLOT || f64[slot * RECORD_F64 + ORDER_ID] === orderId3) return slot;
      at = at + 1 & mask;
    }
  }
  /** The slot of an account's open order with this client order id, or NO_SLOT. */
  findClientId(account, id) {
    const table = this.#byClientId;
    const mask = table.length - 1;
    const i32 = this.i32;
    const { hash: hash2 } = id;
    let at = hash2 >>> this.#shift;
    for (; ; ) {
      const slot = table[at];
      if (slot === NO_SLOT) return NO_SLOT;
      const w = slot * RECORD_I32;
      if (i32[w + CLIENT_HASH] === hash2 && i32[w + ACCOUNT] === account && id.is(i32, w + CLIENT_ID)) return slot;
      at = at + 1 & mask;
    }
  }
  /** The order's client order id as text. Not for the hot path. */
  clientIdText(slot) {
    const at = (slot * RECORD_I32 + CLIENT_ID) * 4;
    return Buffer.from(this.u8.buffer, at, this.u8[slot * RECORD_BYTES + CLIENT_ID_LENGTH]).toString("latin1");
  }
  #removeTerms(slot) {
    const index = this.i32[slot * RECORD_I32 + TERMS];
    const terms = this.#terms[index];
    invariant(terms !== void 0 && terms.slot === slot, "an order leads to another's terms");
    this.onTermsEnd(terms);
    this.#terms[index] = void 0;
    this.#freeTerms.push(index);
  }
  #insertId(slot, orderId3) {
    const table = this.#byId;
    const mask = table.length - 1;
    let at = homeOf(orderId3, this.#shift);
    while (table[at] !== NO_SLOT) at = at + 1 & mask;
    table[at] = slot;
  }
  #insertClientId(slot, hash2) {
    const table = this.#byClientId;
    const mask = table.length - 1;
    let at = hash2 >>> this.#shift;
    while (table[at] !== NO_SLOT) at = at + 1 & mask;
    table[at] = slot;
  }
  #removeId(slot) {
    const table = this.#byId;
    const mask = table.length - 1;
    const f64 = this.f64;
    let hole = homeOf(f64[slot * RECORD_F64 + ORDER_ID], this.#shift);
    while (table[hole] !== slot) {
      invariant(table[hole] !== NO_SLOT, "an order is not in the order id index");
      hole = hole + 1 & mask;
    }
    for (let at = hole + 1 & mask; ; at = at + 1 & mask) {
      const other = table[at];
      if (other === NO_SLOT) break;
      const home = homeOf(f64[other * RECORD_F64 + ORDER_ID], this.#shift);
      if ((at - home & mask) >= (at - hole & mask)) {
        table[hole] = other;
        hole = at;
      }
    }
    table[hole] = NO_SLOT;
  }
  #removeClientId(slot) {
    const table = this.#byClientId;
    const mask = table.length - 1;
    const i32 = this.i32;
    let hole = i32[slot * RECORD_I32 + CLIENT_HASH] >>> this.#shift;
    while (table[hole] !== slot) {
      invariant(table[hole] !== NO_SLOT, "an order is not in the client order id index");
      hole = hole + 1 & mask;
    }
    for (let at = hole + 1 & mask; ; at = at + 1 & mask) {
      const other = table[at];
      if (other === NO_SLOT) break;
      const home = i32[other * RECORD_I32 + CLIENT_HASH] >>> this.#shift;
      if ((at - home & mask) >= (at - hole & mask)) {
        table[hole] = other;
        hole = at;
      }
    }
    table[hole] = NO_SLOT;
  }
  #grow() {
    const slots = this.#capacity * 2;
    const buffer = new ArrayBuffer(slots * RECORD_BYTES);
    const u8 = new Uint8Array(buffer);
    u8.set(this.u8);
    this.u8 = u8;
    this.f64 = new Float64Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.#byId = new Int32Array(slots * 2);
    this.#byClientId = new Int32Array(slots * 2);
    this.#shift = 31 - Math.log2(slots);
    for (let slot = 1; slot < this.#capacity; slot++) {
      this.#insertId(slot, this.f64[slot * RECORD_F64 + ORDER_ID]);
      if (u8[slot * RECORD_BYTES + CLIENT_ID_LENGTH] !== 0) this.#insertClientId(slot, this.i32[slot * RECORD_I32 + CLIENT_HASH]);
    }
    this.#capacity = slots;
  }
};
var recordAt = (slot) => slot * RECORD_BYTES;

// services/engine/textLog.ts
var BLOCK_BYTES = 1 << 18;
var FIRST_BLOCK_BYTES = 1 << 12;
var HEAD_BYTES = 6;
var ALIGN = 4;
var recordBytes = (length) => HEAD_BYTES + length + ALIGN - 1 & ~(ALIGN - 1);
var TextLog = class {
  #shared = [];
  #blocks = [];
  // Bytes used of the last block.
  #used = 0;
  /** Adds a text; answers its place, a number that stays. @throws RangeError when it is longer than TEXT_BYTES_MAX. */
  add(owner, text) {
    if (text.length > TEXT_BYTES_MAX) throw new RangeError(`a text of ${text.length} bytes is longer than ${TEXT_BYTES_MAX}`);
    let block = this.#blocks.at(-1);
    if (block === void 0 || this.#used + recordBytes(text.length) > block.length) block = this.#addBlock();
    const at = this.#used;
    block.writeUInt32LE(owner, at);
    block.writeUInt16LE(text.length + 1, at + 4);
    block.set(text, at + HEAD_BYTES);
    this.#used += recordBytes(text.length);
    return (this.#blocks.length - 1) * BLOCK_BYTES + at;
  }
  /** Whether the text at a place is this one, of this owner. */
  is(place, owner, text) {
    const block = this.#blocks[Math.floor(place / BLOCK_BYTES)];
    const at = place % BLOCK_BYTES;
    if (block === void 0 || block.readUInt32LE(at) !== owner || block.readUInt16LE(at + 4) !== text.length + 1) return false;
    for (let i = 0; i < text.length; i++) if (block[at + HEAD_BYTES + i] !== text[i]) return false;
    return true;
  }
  /** All texts added so far; they stay readable however many more are added. */
  freeze() {
    return { blocks: [...this.#shared], lastBytes: this.#used };
  }
  #addBlock() {
    const shared = new SharedArrayBuffer(this.#blocks.length === 0 ? FIRST_BLOCK_BYTES : BLOCK_BYTES);
    const block = Buffer.from(shared);
    this.#shared.push(shared);
    this.#blocks.push(block);
    this.#used = 0;
    return block;
  }
};

// services/engine/transferIds.ts
var PARTS = 256;
var PART_CAPACITY_START = 16;
var GOLDEN3 = 2654435761 | 0;
function hashOf(row, id) {
  let hash2 = Math.imul(row + 1, GOLDEN3);
  for (let i = 0; i < id.length; i++) {
    hash2 = Math.imul(hash2 ^ id[i], GOLDEN3);
    hash2 ^= hash2 >>> 15;
  }
  return hash2;
}
var Part = class {
  words = new Int32Array(PART_CAPACITY_START * 2);
  used = 0;
};
var TransferIds = class {
  #texts = new TextLog();
  #parts = Array.from({ length: PARTS });
  has(row, id) {
    const bytes = Buffer.from(id);
    const hash2 = hashOf(row, bytes);
    const part = this.#parts[hash2 >>> 24];
    if (part === void 0) return false;
    const mask = part.words.length / 2 - 1;
    for (let at = hash2 & mask; ; at = at + 1 & mask) {
      const word = part.words[at * 2 + 1];
      if (word === 0) return false;
      if (part.words[at * 2] === hash2 && this.#texts.is(placeOf(word), row, bytes)) return true;
    }
  }
  /** Adds an id the account has not used yet. */
  add(row, id) {
    this.addBytes(row, Buffer.from(id));
  }
  /** The same, given as UTF-8. */
  addBytes(row, id) {
    const word = wordOf(this.#texts.add(row, id));
    const hash2 = hashOf(row, id);
    const part = this.#parts[hash2 >>> 24] ??= new Part();
    if ((part.used + 1) * 4 > part.words.length) grow(part);
    insert(part, hash2, word);
  }
  freeze() {
    return this.#texts.freeze();
  }
};
var wordOf = (place) => place / 4 + 1 | 0;
var placeOf = (word) => ((word >>> 0) - 1) * 4;
function insert(part, hash2, word) {
  const { words } = part;
  const mask = words.length / 2 - 1;
  let at = hash2 & mask;
  while (words[at * 2 + 1] !== 0) at = at + 1 & mask;
  words[at * 2] = hash2;
  words[at * 2 + 1] = word;
  part.used++;
}
function grow(part) {
  const old = part.words;
  part.words = new Int32Array(old.length * 2);
  part.used = 0;
  for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== 0) insert(part, old[at], old[at + 1]);
}

// services/engine/accounts.ts
var HOUSE_ACCOUNT = 0;
var Accounts = class {
  externalIds = [];
  names = [];
  transferIds = new TransferIds();
  // Of accounts that have any: transfers announced but neither posted nor voided, by id, oldest first.
  #pendingTransfers = /* @__PURE__ */ new Map();
  // External id and name of each account, in this order, for snapshots.
  #texts = new TextLog();
  frozen = new Uint8Array(64);
  feeTier = new Int32Array(64);
  /** 0: none. */
  tradeGroup = new Float64Array(64);
  executionSeq = new Float64Array(64);
  balanceSeq = new Float64Array(64);
  #firstOrder = new Int32Array(64);
  #lastOrder = new Int32Array(64);
  // Open orders per account and market.
  #openOrders = new Int32Array(64 * 8);
  #markets = 8;
  #byExternalId = /* @__PURE__ */ new Map();
  #orders;
  constructor(orders) {
    this.#orders = orders;
  }
  get count() {
    return this.externalIds.length;
  }
  /** The row of an account id, or -1. */
  row(accountId) {
    return accountId >= 1 && accountId <= this.externalIds.length ? accountId - 1 : -1;
  }
  findExternal(externalId) {
    return this.#byExternalId.get(externalId) ?? -1;
  }
  /** Whether two accounts count as one for self-trade prevention. */
  sameOwner(a, b) {
    if (a === b) return true;
    const group = this.tradeGroup[a];
    return group !== 0 && group === this.tradeGroup[b];
  }
  /** Opens an account; its external id must be new. */
  open(externalId, name) {
    const row = this.externalIds.length;
    if (row === this.frozen.length) this.#grow(row * 2, this.#markets);
    this.externalIds.push(externalId);
    this.names.push(name);
    this.#texts.add(row, Buffer.from(externalId));
    this.#texts.add(row, Buffer.from(name));
    this.#byExternalId.set(externalId, row);
    return row;
  }
  pendingTransfer(row, transferId) {
    return this.#pendingTransfers.get(row)?.get(transferId);
  }
  announce(row, transferId, transfer) {
    const pending = this.#pendingTransfers.get(row);
    if (pending === void 0) this.#pendingTransfers.set(row, /* @__PURE__ */ new Map([[transferId, transfer]]));
    else pending.set(transferId, transfer);
  }
  /** The transfer is posted or voided. */
  resolve(row, transferId) {
    const pending = this.#pendingTransfers.get(row);
    pending?.delete(transferId);
    if (pending?.size === 0) this.#pendingTransfers.delete(row);
  }
  /** An account's pending transfers, oldest first. */
  pendingTransfers(row) {
    return this.#pendingTransfers.get(row) ?? [];
  }
  /** Rows of the accounts that have pending transfers. */
  pendingRows() {
    return this.#pendingTransfers.keys();
  }
  reserveMarkets(markets) {
    let columns = this.#markets;
    while (columns < markets) columns *= 2;
    if (columns !== this.#markets) this.#grow(this.frozen.length, columns);
  }
  openOrders(row, market) {
    return this.#openOrders[row * this.#markets + market];
  }
  /** External id and name of every account. */
  freezeTexts() {
    return this.#texts.freeze();
  }
  firstOrder(row) {
    return this.#firstOrder[row];
  }
  nextOrder(slot) {
    return this.#orders.i32[slot * RECORD_I32 + ACCOUNT_NEXT];
  }
  /** Adds an order, which now rests, to its account's list: at the end, unless an amendment took it out before. */
  link(slot) {
    const i32 = this.#orders.i32;
    const at = slot * RECORD_I32;
    const row = i32[at + ACCOUNT];
    const f64 = this.#orders.f64;
    const id = f64[slot * RECORD_F64 + ORDER_ID];
    let before = this.#lastOrder[row];
    let after = NO_SLOT;
    while (before !== NO_SLOT && f64[before * RECORD_F64 + ORDER_ID] > id) {
      after = before;
      before = i32[before * RECORD_I32 + ACCOUNT_PREVIOUS];
    }
    i32[at + ACCOUNT_PREVIOUS] = before;
    i32[at + ACCOUNT_NEXT] = after;
    if (before === NO_SLOT) this.#firstOrder[row] = slot;
    else i32[before * RECORD_I32 + ACCOUNT_NEXT] = slot;
    if (after === NO_SLOT) this.#lastOrder[row] = slot;
    else i32[after * RECORD_I32 + ACCOUNT_PREVIOUS] = slot;
    const count = row * this.#markets + i32[at + MARKET];
    this.#openOrders[count] = this.#openOrders[count] + 1;
  }
  unlink(slot) {
    const i32 = this.#orders.i32;
    const at = slot * RECORD_I32;
    const row = i32[at + ACCOUNT];
    const next = i32[at + ACCOUNT_NEXT];
    const previous = i32[at + ACCOUNT_PREVIOUS];
    if (previous === NO_SLOT) this.#firstOrder[row] = next;
    else i32[previous * RECORD_I32 + ACCOUNT_NEXT] = next;
    if (next === NO_SLOT) this.#lastOrder[row] = previous;
    else i32[next * RECORD_I32 + ACCOUNT_PREVIOUS] = previous;
    const count = row * this.#markets + i32[at + MARKET];
    const open = this.#openOrders[count] - 1;
    invariant(open >= 0, "an account has fewer than no open orders");
    this.#openOrders[count] = open;
  }
  #grow(rows, markets) {
    const frozen = new Uint8Array(rows);
    frozen.set(this.frozen);
    this.frozen = frozen;
    this.feeTier = grownI32(this.feeTier, rows);
    this.tradeGroup = grownF64(this.tradeGroup, rows);
    this.executionSeq = grownF64(this.executionSeq, rows);
    this.balanceSeq = grownF64(this.balanceSeq, rows);
    this.#firstOrder = grownI32(this.#firstOrder, rows);
    this.#lastOrder = grownI32(this.#lastOrder, rows);
    const openOrders = new Int32Array(rows * markets);
    for (let row = 0; row < this.count; row++) {
      const from = row * this.#markets;
      openOrders.set(this.#openOrders.subarray(from, from + this.#markets), row * markets);
    }
    this.#openOrders = openOrders;
    this.#markets = markets;
  }
};
function grownF64(array, length) {
  const grown = new Float64Array(length);
  grown.set(array);
  return grown;
}
function grownI32(array, length) {
  const grown = new Int32Array(length);
  grown.set(array);
  return grown;
}

// services/engine/orderBook.ts
var BUY = 1;
var SELL = 2;
var NO_BID = 0;
var NO_ASK = PRICE_TICKS_MAX + 1;
var LEVEL_I32 = 8;
var LEVEL_F64 = 4;
var HEAD = 2;
var TAIL = 3;
var COUNT = 4;
var TICKS = 5;
var LEVEL_SIDE = 6;
var CHANGED_IN = 7;
var NO_LEVEL = 0;
var MASK = WINDOW_TICKS - 1;
var HALF_WINDOW = WINDOW_TICKS / 2;
var STEP_MASK = ~(WINDOW_STEP_TICKS - 1);
var SLACK = WINDOW_TICKS / 8;
var lowestBit = (word) => 31 - Math.clz32(word & -word);
var highestBit = (word) => 31 - Math.clz32(word);
var FarLevels = class {
  prices = new Int32Array(16);
  levels = new Int32Array(16);
  size = 0;
  #ascending;
  constructor(ascending) {
    this.#ascending = ascending;
  }
  /** Index of the first entry at or beyond `ticks` towards the window. */
  position(ticks) {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = low + high >>> 1;
      const price2 = this.prices[middle];
      if (this.#ascending ? price2 < ticks : price2 > ticks) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  find(ticks) {
    const at = this.position(ticks);
    return at < this.size && this.prices[at] === ticks ? this.levels[at] : NO_LEVEL;
  }
  insert(ticks, level) {
    if (this.size === this.prices.length) {
      const prices = new Int32Array(this.size * 2);
      prices.set(this.prices);
      this.prices = prices;
      const levels = new Int32Array(this.size * 2);
      levels.set(this.levels);
      this.levels = levels;
    }
    const at = this.position(ticks);
    this.prices.copyWithin(at + 1, at, this.size);
    this.levels.copyWithin(at + 1, at, this.size);
    this.prices[at] = ticks;
    this.levels[at] = level;
    this.size++;
  }
  remove(ticks) {
    const at = this.position(ticks);
    invariant(at < this.size && this.prices[at] === ticks, "a level outside the window is not in its list");
    this.prices.copyWithin(at, at + 1, this.size);
    this.levels.copyWithin(at, at + 1, this.size);
    this.size--;
  }
  /** Price of the entry nearest to the window; `none` when empty. */
  nearest(none) {
    return this.size === 0 ? none : this.prices[this.size - 1];
  }
};
var OrderBook = class {
  /** Best prices; NO_BID and NO_ASK when that side is empty. Read-only for others. */
  bestBidTicks = NO_BID;
  bestAskTicks = NO_ASK;
  #orders;
  #changes;
  /** Levels carry the number of the round in which they were last reported as changed. */
  #round = 1;
  #levelI32;
  #levelF64;
  #levelsUnusedFrom = 1;
  #levelFree = NO_LEVEL;
  #levelCount = 0;
  /** Hidden lots by price; nearly always empty. */
  #hidden = /* @__PURE__ */ new Map();
  // The window: prices in [#low, #high), both multiples of a step, no wider than the circular array.
  #low = 0;
  #high = 0;
  #windowLevels = 0;
  #levelAt;
  #bits0 = new Int32Array(WINDOW_TICKS / 32);
  #bits1 = new Int32Array(WINDOW_TICKS / 1024);
  #bits2 = new Int32Array(Math.max(1, WINDOW_TICKS / 32768));
  #below = new FarLevels(true);
  #above = new FarLevels(false);
  constructor(orders, changes) {
    this.#orders = orders;
    this.#changes = changes;
    this.#levelAt = new Int32Array(WINDOW_TICKS);
    const buffer = new ArrayBuffer(1024 * LEVEL_I32 * 4);
    this.#levelI32 = new Int32Array(buffer);
    this.#levelF64 = new Float64Array(buffer);
  }
  /** Levels on both sides together. */
  get levelCount() {
    return this.#levelCount;
  }
  /** From now on every level counts as unchanged. */
  startRound() {
    this.#round = this.#round === 2147483647 ? 1 : this.#round + 1;
  }
  /** Puts an order at the end of its level. SIDE, PRICE_TICKS and REMAINING_LOTS must be set; it must not cross. */
  add(slot) {
    const i32 = this.#orders.i32;
    const at = slot * RECORD_I32;
    const ticks = i32[at + PRICE_TICKS];
    const side = this.#orders.u8[recordAt(slot) + SIDE];
    let level = this.#find(ticks);
    if (level === NO_LEVEL) {
      if (side === BUY ? ticks >= this.bestAskTicks : ticks <= this.bestBidTicks) throw new InvariantViolation("an order would rest across the spread");
      level = this.#open(ticks, side);
      if (side === BUY) {
        if (ticks > this.bestBidTicks) this.bestBidTicks = ticks;
      } else if (ticks < this.bestAskTicks) this.bestAskTicks = ticks;
      this.#follow();
    }
    const levels = this.#levelI32;
    const base2 = level * LEVEL_I32;
    if (levels[base2 + LEVEL_SIDE] !== side) throw new InvariantViolation("an order would rest on the other side's level");
    const tail = levels[base2 + TAIL];
    i32[at + NEXT] = NO_SLOT;
    i32[at + PREVIOUS] = tail;
    i32[at + LEVEL] = level;
    if (tail === NO_SLOT) levels[base2 + HEAD] = slot;
    else i32[tail * RECORD_I32 + NEXT] = slot;
    levels[base2 + TAIL] = slot;
    levels[base2 + COUNT] = levels[base2 + COUNT] + 1;
    const lots = this.#levelF64[level * LEVEL_F64] + this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS];
    this.#levelF64[level * LEVEL_F64] = lots;
    if (levels[base2 + CHANGED_IN] !== this.#round) this.#changed(base2, side, ticks);
  }
  /** Takes an order out, whatever its place. */
  remove(slot) {
    const i32 = this.#orders.i32;
    const level = i32[slot * RECORD_I32 + LEVEL];
    this.#levelF64[level * LEVEL_F64] = this.#levelF64[level * LEVEL_F64] - this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS];
    this.#unlink(slot, level);
  }
  /** Reduces an order by a fill; it leaves the book when nothing remains. */
  fill(slot, lots) {
    const f64 = this.#orders.f64;
    const level = this.#orders.i32[slot * RECORD_I32 + LEVEL];
    const remaining = f64[slot * RECORD_F64 + REMAINING_LOTS] - lots;
    if (remaining < 0) throw new InvariantViolation("a fill is larger than its order");
    f64[slot * RECORD_F64 + REMAINING_LOTS] = remaining;
    this.#levelF64[level * LEVEL_F64] = this.#levelF64[level * LEVEL_F64] - lots;
    if (remaining === 0) {
      this.#unlink(slot, level);
      return;
    }
    const base2 = level * LEVEL_I32;
    const levels = this.#levelI32;
    if (levels[base2 + CHANGED_IN] !== this.#round) this.#changed(base2, levels[base2 + LEVEL_SIDE], levels[base2 + TICKS]);
  }
  /** The oldest order at a price that has a level. */
  front(ticks) {
    return this.#levelI32[this.#find(ticks) * LEVEL_I32 + HEAD];
  }
  /** Lots resting at a price on one side; 0 without a level. */
  lotsAt(side, ticks) {
    const level = this.#find(ticks);
    if (level === NO_LEVEL || this.#levelI32[level * LEVEL_I32 + LEVEL_SIDE] !== side) return 0;
    return this.#levelF64[level * LEVEL_F64];
  }
  /** Orders resting at a price on one side; 0 without a level. */
  ordersAt(side, ticks) {
    const level = this.#find(ticks);
    if (level === NO_LEVEL || this.#levelI32[level * LEVEL_I32 + LEVEL_SIDE] !== side) return 0;
    return this.#levelI32[level * LEVEL_I32 + COUNT];
  }
  /** Lots of icebergs at a price that do not show: they are met after all that do. */
  hiddenAt(ticks) {
    return this.#hidden.size === 0 ? 0 : this.#hidden.get(ticks) ?? 0;
  }
  /** Lots that may be taken at a price on one side, shown or not. */
  takeableAt(side, ticks) {
    const shown = this.lotsAt(side, ticks);
    return shown === 0 ? 0 : shown + this.hiddenAt(ticks);
  }
  /** An iceberg at this price hides more, or less. */
  hide(ticks, lots) {
    const hidden = (this.#hidden.get(ticks) ?? 0) + lots;
    if (hidden === 0) this.#hidden.delete(ticks);
    else this.#hidden.set(ticks, hidden);
  }
  /** The next price with a level above `ticks`; NO_ASK when there is none. */
  nextAbove(ticks) {
    if (ticks < this.#low) {
      const below = this.#below;
      let at2 = below.position(ticks);
      if (at2 < below.size && below.prices[at2] === ticks) at2++;
      if (at2 < below.size) return below.prices[at2];
      if (this.#windowLevels !== 0) {
        const found = this.#windowAbove(this.#low - 1);
        if (found !== NO_ASK) return found;
      }
      return this.#above.nearest(NO_ASK);
    }
    if (ticks < this.#high) {
      if (this.#windowLevels !== 0) {
        const found = this.#windowAbove(ticks);
        if (found !== NO_ASK) return found;
      }
      return this.#above.nearest(NO_ASK);
    }
    const above = this.#above;
    const at = above.position(ticks) - 1;
    return at >= 0 ? above.prices[at] : NO_ASK;
  }
  /** The next price with a level below `ticks`; NO_BID when there is none. */
  nextBelow(ticks) {
    if (ticks >= this.#high) {
      const above = this.#above;
      let at2 = above.position(ticks);
      if (at2 < above.size && above.prices[at2] === ticks) at2++;
      if (at2 < above.size) return above.prices[at2];
      if (this.#windowLevels !== 0) {
        const found = this.#windowBelow(this.#high);
        if (found !== NO_BID) return found;
      }
      return this.#below.nearest(NO_BID);
    }
    if (ticks >= this.#low) {
      if (this.#windowLevels !== 0) {
        const found = this.#windowBelow(ticks);
        if (found !== NO_BID) return found;
      }
      return this.#below.nearest(NO_BID);
    }
    const below = this.#below;
    const at = below.position(ticks) - 1;
    return at >= 0 ? below.prices[at] : NO_BID;
  }
  /** The next level behind `ticks` on a side: lower bids, higher asks. */
  nextBehind(side, ticks) {
    return side === BUY ? this.nextBelow(ticks) : this.nextAbove(ticks);
  }
  /** Lots an incoming order of the other side could take from `side`, up to its limit; stops counting at `enough`. */
  lotsWithin(side, limitTicks, enough) {
    let lots = 0;
    if (side === SELL) {
      for (let ticks = this.bestAskTicks; ticks <= limitTicks && ticks !== NO_ASK && lots < enough; ticks = this.nextAbove(ticks)) {
        lots += this.takeableAt(SELL, ticks);
      }
    } else {
      for (let ticks = this.bestBidTicks; ticks >= limitTicks && ticks !== NO_BID && lots < enough; ticks = this.nextBelow(ticks)) {
        lots += this.takeableAt(BUY, ticks);
      }
    }
    return lots;
  }
  /** The order behind this one at its level, or NO_SLOT. */
  after(slot) {
    return this.#orders.i32[slot * RECORD_I32 + NEXT];
  }
  /** Walks every level, link and index. @throws InvariantViolation */
  validate() {
    invariant(this.bestBidTicks < this.bestAskTicks, "the book is crossed");
    let levelsSeen = 0;
    let hiddenPrices = 0;
    let previous = NO_BID;
    let lastBid = NO_BID;
    let firstAsk = NO_ASK;
    for (let ticks = this.nextAbove(NO_BID); ticks !== NO_ASK; ticks = this.nextAbove(ticks)) {
      levelsSeen++;
      invariant(this.nextBelow(ticks) === previous, `prices ${previous} and ${ticks} are not neighbours both ways`);
      previous = ticks;
      const level = this.#find(ticks);
      invariant(level !== NO_LEVEL, `price ${ticks} has no level`);
      const base2 = level * LEVEL_I32;
      invariant(this.#levelI32[base2 + TICKS] === ticks, "a level stands at another price");
      const side = this.#levelI32[base2 + LEVEL_SIDE];
      if (side === BUY) {
        invariant(firstAsk === NO_ASK, "a bid stands above an ask");
        lastBid = ticks;
      } else if (firstAsk === NO_ASK) firstAsk = ticks;
      let lots = 0;
      let hidden = 0;
      let count = 0;
      let before = NO_SLOT;
      for (let slot = this.#levelI32[base2 + HEAD]; slot !== NO_SLOT; slot = this.after(slot)) {
        const at = slot * RECORD_I32;
        invariant(this.#orders.i32[at + PREVIOUS] === before, "a level's list is broken backwards");
        invariant(this.#orders.i32[at + LEVEL] === level, "an order points to another level");
        invariant(this.#orders.i32[at + PRICE_TICKS] === ticks, "an order stands at another price");
        invariant(this.#orders.u8[recordAt(slot) + SIDE] === side, "an order stands on the other side");
        const remaining = this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS];
        invariant(remaining > 0, "an order without lots rests");
        lots += remaining;
        hidden += this.#orders.termsOf(slot)?.hiddenLots ?? 0;
        count++;
        before = slot;
      }
      invariant(this.#levelI32[base2 + TAIL] === before, "a level's tail is not its last order");
      invariant(hidden === this.hiddenAt(ticks), "what a price hides is not the sum of its icebergs");
      hiddenPrices += hidden === 0 ? 0 : 1;
      invariant(count > 0 && this.#levelI32[base2 + COUNT] === count, "a level counts its orders wrongly");
      invariant(lots <= EXACT_MAX && this.#levelF64[level * LEVEL_F64] === lots, "a level's lots are not the sum of its orders");
    }
    invariant(hiddenPrices === this.#hidden.size, "lots are hidden at a price without a level");
    invariant(levelsSeen === this.#levelCount, "levels are lost");
    invariant(lastBid === this.bestBidTicks, "the best bid is not the highest");
    invariant(firstAsk === this.bestAskTicks, "the best ask is not the lowest");
  }
  #unlink(slot, level) {
    const i32 = this.#orders.i32;
    const levels = this.#levelI32;
    const base2 = level * LEVEL_I32;
    const at = slot * RECORD_I32;
    const next = i32[at + NEXT];
    const previous = i32[at + PREVIOUS];
    if (previous === NO_SLOT) levels[base2 + HEAD] = next;
    else i32[previous * RECORD_I32 + NEXT] = next;
    if (next === NO_SLOT) levels[base2 + TAIL] = previous;
    else i32[next * RECORD_I32 + PREVIOUS] = previous;
    const side = levels[base2 + LEVEL_SIDE];
    const ticks = levels[base2 + TICKS];
    if (levels[base2 + CHANGED_IN] !== this.#round) this.#changed(base2, side, ticks);
    const count = levels[base2 + COUNT] - 1;
    levels[base2 + COUNT] = count;
    if (count !== 0) return;
    if (this.#levelF64[level * LEVEL_F64] !== 0) throw new InvariantViolation("an empty level has lots");
    this.#close(level, ticks);
    if (side === BUY) {
      if (ticks === this.bestBidTicks) {
        this.bestBidTicks = this.nextBelow(ticks);
        this.#follow();
      }
    } else if (ticks === this.bestAskTicks) {
      this.bestAskTicks = this.nextAbove(ticks);
      this.#follow();
    }
  }
  #changed(base2, side, ticks) {
    this.#levelI32[base2 + CHANGED_IN] = this.#round;
    this.#changes.levelChanged(side, ticks);
  }
  #find(ticks) {
    if (ticks >= this.#low) {
      if (ticks < this.#high) return this.#levelAt[ticks & MASK];
      return this.#above.find(ticks);
    }
    return this.#below.find(ticks);
  }
  #open(ticks, side) {
    let level = this.#levelFree;
    if (level !== NO_LEVEL) this.#levelFree = this.#levelI32[level * LEVEL_I32 + HEAD];
    else {
      if (this.#levelsUnusedFrom * LEVEL_I32 === this.#levelI32.length) this.#growLevels();
      level = this.#levelsUnusedFrom++;
    }
    const levels = this.#levelI32;
    const base2 = level * LEVEL_I32;
    levels[base2 + HEAD] = NO_SLOT;
    levels[base2 + TAIL] = NO_SLOT;
    levels[base2 + COUNT] = 0;
    levels[base2 + TICKS] = ticks;
    levels[base2 + LEVEL_SIDE] = side;
    levels[base2 + CHANGED_IN] = 0;
    this.#levelF64[level * LEVEL_F64] = 0;
    this.#levelCount++;
    if (this.#windowLevels === 0 && this.#below.size === 0 && this.#above.size === 0) {
      this.#low = ticks - HALF_WINDOW & STEP_MASK;
      this.#high = this.#low + WINDOW_TICKS;
    }
    this.#attach(ticks, level);
    return level;
  }
  #close(level, ticks) {
    if (ticks >= this.#low && ticks < this.#high) this.#clearBit(ticks);
    else if (ticks < this.#low) this.#below.remove(ticks);
    else this.#above.remove(ticks);
    this.#levelI32[level * LEVEL_I32 + HEAD] = this.#levelFree;
    this.#levelFree = level;
    this.#levelCount--;
  }
  #attach(ticks, level) {
    if (ticks >= this.#low && ticks < this.#high) this.#setBit(ticks, level);
    else if (ticks < this.#low) this.#below.insert(ticks, level);
    else this.#above.insert(ticks, level);
  }
  #setBit(ticks, level) {
    const index = ticks & MASK;
    this.#levelAt[index] = level;
    this.#bits0[index >>> 5] = this.#bits0[index >>> 5] | 1 << (index & 31);
    this.#bits1[index >>> 10] = this.#bits1[index >>> 10] | 1 << (index >>> 5 & 31);
    this.#bits2[index >>> 15] = this.#bits2[index >>> 15] | 1 << (index >>> 10 & 31);
    this.#windowLevels++;
  }
  #clearBit(ticks) {
    const index = ticks & MASK;
    this.#levelAt[index] = NO_LEVEL;
    this.#windowLevels--;
    const word0 = this.#bits0[index >>> 5] & ~(1 << (index & 31));
    this.#bits0[index >>> 5] = word0;
    if (word0 !== 0) return;
    const word1 = this.#bits1[index >>> 10] & ~(1 << (index >>> 5 & 31));
    this.#bits1[index >>> 10] = word1;
    if (word1 !== 0) return;
    this.#bits2[index >>> 15] = this.#bits2[index >>> 15] & ~(1 << (index >>> 10 & 31));
  }
  // First occupied price of the window above `ticks` (which may be #low - 1); NO_ASK when there is none.
  #windowAbove(ticks) {
    const from = ticks + 1;
    if (from >= this.#high) return NO_ASK;
    const start = from & MASK;
    let index = this.#scanUp(start);
    if (index < 0) {
      index = this.#scanUp(0);
      if (index < 0) return NO_ASK;
    }
    const found = this.#low + (index - this.#low & MASK);
    return found >= from ? found : NO_ASK;
  }
  #windowBelow(ticks) {
    const from = ticks - 1;
    if (from < this.#low) return NO_BID;
    let index = this.#scanDown(from & MASK);
    if (index < 0) {
      index = this.#scanDown(MASK);
      if (index < 0) return NO_BID;
    }
    const found = this.#low + (index - this.#low & MASK);
    return found <= from ? found : NO_BID;
  }
  // Smallest set index >= start, or -1.
  #scanUp(start) {
    let at = start >>> 5;
    const word0 = this.#bits0[at] & -1 << (start & 31);
    if (word0 !== 0) return (at << 5) + lowestBit(word0);
    let bit = (at & 31) + 1;
    at >>>= 5;
    const word1 = bit > 31 ? 0 : this.#bits1[at] & -1 << bit;
    if (word1 !== 0) {
      const child2 = (at << 5) + lowestBit(word1);
      return (child2 << 5) + lowestBit(this.#bits0[child2]);
    }
    bit = (at & 31) + 1;
    at >>>= 5;
    let word2 = bit > 31 ? 0 : this.#bits2[at] & -1 << bit;
    while (word2 === 0) {
      if (++at >= this.#bits2.length) return -1;
      word2 = this.#bits2[at];
    }
    const middle = (at << 5) + lowestBit(word2);
    const child = (middle << 5) + lowestBit(this.#bits1[middle]);
    return (child << 5) + lowestBit(this.#bits0[child]);
  }
  // Largest set index <= start, or -1.
  #scanDown(start) {
    let at = start >>> 5;
    const word0 = this.#bits0[at] & -1 >>> 31 - (start & 31);
    if (word0 !== 0) return (at << 5) + highestBit(word0);
    let bit = at & 31;
    at >>>= 5;
    const word1 = bit === 0 ? 0 : this.#bits1[at] & -1 >>> 32 - bit;
    if (word1 !== 0) {
      const child2 = (at << 5) + highestBit(word1);
      return (child2 << 5) + highestBit(this.#bits0[child2]);
    }
    bit = at & 31;
    at >>>= 5;
    let word2 = bit === 0 ? 0 : this.#bits2[at] & -1 >>> 32 - bit;
    while (word2 === 0) {
      if (--at < 0) return -1;
      word2 = this.#bits2[at];
    }
    const middle = (at << 5) + highestBit(word2);
    const child = (middle << 5) + highestBit(this.#bits1[middle]);
    return (child << 5) + highestBit(this.#bits0[child]);
  }
  // Moves the window one block towards the market, if the market has strayed from its centre.
  #follow() {
    const bid = this.bestBidTicks;
    const ask = this.bestAskTicks;
    const centre = (this.#low + this.#high) / 2;
    let market;
    if (bid === NO_BID) {
      if (ask === NO_ASK) return;
      market = ask;
    } else if (ask === NO_ASK) market = bid;
    else if (ask - bid < HALF_WINDOW) market = (bid + ask) / 2;
    else market = Math.abs(bid - centre) < Math.abs(ask - centre) ? bid : ask;
    const complete = this.#high - this.#low === WINDOW_TICKS;
    if (complete && Math.abs(market - centre) <= SLACK) return;
    this.#step(market);
  }
  #step(market) {
    const wantLow = market - HALF_WINDOW & STEP_MASK;
    const wantHigh = wantLow + WINDOW_TICKS;
    if (this.#windowLevels === 0) {
      if (market < this.#low || market >= this.#high) {
        this.#low = market & STEP_MASK;
        this.#high = this.#low;
        this.#partFarLevels();
        this.#growUp();
        return;
      }
    }
    if (wantHigh > this.#high) {
      if (this.#high - this.#low === WINDOW_TICKS || wantLow >= this.#high) this.#shrinkLow();
      if (wantLow < this.#high || this.#low === this.#high) this.#growUp();
    } else if (wantLow < this.#low) {
      if (this.#high - this.#low === WINDOW_TICKS || wantHigh <= this.#low) this.#shrinkHigh();
      if (wantHigh > this.#low || this.#low === this.#high) this.#growDown();
    } else if (this.#low < wantLow) this.#shrinkLow();
    else if (this.#high > wantHigh) this.#shrinkHigh();
  }
  // After a jump: levels that lay between the old place and the new one change sides.
  #partFarLevels() {
    const { size: belowSize } = this.#below;
    for (let at = belowSize - 1; at >= 0 && this.#below.prices[at] >= this.#high; at--) {
      this.#above.insert(this.#below.prices[at], this.#below.levels[at]);
      this.#below.size--;
    }
    const { size: aboveSize } = this.#above;
    for (let at = aboveSize - 1; at >= 0 && this.#above.prices[at] < this.#low; at--) {
      this.#below.insert(this.#above.prices[at], this.#above.levels[at]);
      this.#above.size--;
    }
  }
  #growUp() {
    this.#high += WINDOW_STEP_TICKS;
    const above = this.#above;
    while (above.size > 0 && above.prices[above.size - 1] < this.#high) {
      above.size--;
      this.#setBit(above.prices[above.size], above.levels[above.size]);
    }
  }
  #growDown() {
    this.#low -= WINDOW_STEP_TICKS;
    const below = this.#below;
    while (below.size > 0 && below.prices[below.size - 1] >= this.#low) {
      below.size--;
      this.#setBit(below.prices[below.size], below.levels[below.size]);
    }
  }
  #shrinkLow() {
    const end = this.#low + WINDOW_STEP_TICKS;
    let ticks = this.#windowLevels === 0 ? NO_ASK : this.#windowAbove(this.#low - 1);
    while (ticks < end) {
      this.#below.insert(ticks, this.#levelAt[ticks & MASK]);
      this.#clearBit(ticks);
      ticks = this.#windowLevels === 0 ? NO_ASK : this.#windowAbove(ticks);
    }
    this.#low = end;
  }
  #shrinkHigh() {
    const start = this.#high - WINDOW_STEP_TICKS;
    let ticks = this.#windowLevels === 0 ? NO_BID : this.#windowBelow(this.#high);
    while (ticks >= start && ticks !== NO_BID) {
      this.#above.insert(ticks, this.#levelAt[ticks & MASK]);
      this.#clearBit(ticks);
      ticks = this.#windowLevels === 0 ? NO_BID : this.#windowBelow(ticks);
    }
    this.#high = start;
  }
  #growLevels() {
    const buffer = new ArrayBuffer(this.#levelI32.byteLength * 2);
    const grown = new Int32Array(buffer);
    grown.set(this.#levelI32);
    this.#levelI32 = grown;
    this.#levelF64 = new Float64Array(buffer);
  }
};

// services/engine/selfTrade.ts
var NO_PREVENTION = 0;
function preventionOf(mode2) {
  return mode2 === SelfTradePreventionMode.NONE ? NO_PREVENTION : mode2;
}
var expiresTaker = (prevention) => prevention === SelfTradePreventionMode.EXPIRE_TAKER || prevention === SelfTradePreventionMode.EXPIRE_BOTH;
var expiresMaker = (prevention) => prevention === SelfTradePreventionMode.EXPIRE_MAKER || prevention === SelfTradePreventionMode.EXPIRE_BOTH;
var restOf = (orders, slot) => orders.f64[slot * RECORD_F64 + REMAINING_LOTS] + (orders.termsOf(slot)?.hiddenLots ?? 0);
function othersLotsAt(book, orders, accounts, ticks, account) {
  let lots = 0;
  for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) {
    if (!accounts.sameOwner(orders.i32[slot * RECORD_I32 + ACCOUNT], account)) lots += restOf(orders, slot);
  }
  return lots;
}
function lotsBeforeOwn(book, orders, accounts, ticks, account) {
  let lots = 0;
  let hidden = 0;
  for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) {
    if (accounts.sameOwner(orders.i32[slot * RECORD_I32 + ACCOUNT], account)) return { lots, met: true };
    lots += orders.f64[slot * RECORD_F64 + REMAINING_LOTS];
    hidden += orders.termsOf(slot)?.hiddenLots ?? 0;
  }
  return { lots: lots + hidden, met: false };
}

// services/engine/auction.ts
var NOBODY = { levelChanged: () => void 0 };
var Auction = class {
  /** The collected orders, by price and time. */
  bids;
  asks;
  /**
   * No collected buyer bids more than this, so that what a seller receives in all stays exact whatever the price comes
   * to. It only falls while the auction is open: a seller who leaves does not raise it again.
   */
  priceCapTicks = PRICE_TICKS_MAX;
  /** What would trade may be another than was told last. */
  changed = true;
  #orders;
  constructor(orders) {
    this.#orders = orders;
    this.bids = new OrderBook(orders, NOBODY);
    this.asks = new OrderBook(orders, NOBODY);
  }
  /** The collected orders of one side. */
  queue(side) {
    return side === BUY ? this.bids : this.asks;
  }
  /** Collects an order: the last at its price. What an iceberg hides is counted with it. */
  add(slot, hiddenLots) {
    const { i32, u8 } = this.#orders;
    const side = u8[recordAt(slot) + SIDE];
    u8[recordAt(slot) + COLLECTED] = 1;
    const queue = this.queue(side);
    if (hiddenLots !== 0) queue.hide(i32[slot * RECORD_I32 + PRICE_TICKS], hiddenLots);
    queue.add(slot);
    this.changed = true;
  }
  /** The order leaves its queue. Its mark, and what its price hides, are the caller's: the order may be about to end. */
  take(slot) {
    this.queue(this.#orders.u8[recordAt(slot) + SIDE]).remove(slot);
    this.changed = true;
  }
  /** A seller takes part: the price must not rise beyond what its order can receive. */
  capFor(sell, notionalUnits) {
    this.priceCapTicks = Math.min(this.priceCapTicks, this.sellerCapTicks(sell, notionalUnits));
  }
  /** The highest price at which a seller's order, filled whole, has received an exact amount. */
  sellerCapTicks(sell, notionalUnits) {
    const { f64 } = this.#orders;
    const d = sell * RECORD_F64;
    const lots = f64[d + REMAINING_LOTS] + (this.#orders.termsOf(sell)?.hiddenLots ?? 0);
    return capTicks(lots, f64[d + EXECUTED_QUOTE_UNITS], notionalUnits);
  }
};
function openAuction(orders, { book, notionalUnits }) {
  const auction = new Auction(orders);
  for (let ticks = book.bestAskTicks; ticks !== NO_ASK; ticks = book.nextAbove(ticks)) {
    for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) auction.capFor(slot, notionalUnits);
  }
  return auction;
}
var capTicks = (lots, receivedUnits, notionalUnits) => {
  const units = lots * notionalUnits;
  return Math.max(1, Math.min(PRICE_TICKS_MAX, Math.floor((EXACT_MAX - receivedUnits) / units)));
};
var AuctionSides = class {
  #book;
  #auction;
  constructor(book, auction) {
    this.#book = book;
    this.#auction = auction;
  }
  bestTicks(side) {
    const queue = this.#auction.queue(side);
    return side === BUY ? Math.max(this.#book.bestBidTicks, queue.bestBidTicks) : Math.min(this.#book.bestAskTicks, queue.bestAskTicks);
  }
  /** The next price behind `ticks` on a side; NO_BID or NO_ASK when there is none. */
  nextTicks(side, ticks) {
    const queue = this.#auction.queue(side);
    const a = behind(this.#book, side, ticks);
    const b = behind(queue, side, ticks);
    return side === BUY ? Math.max(a, b) : Math.min(a, b);
  }
  /** All lots at a price, shown or not. */
  lotsAt(side, ticks) {
    return this.#book.takeableAt(side, ticks) + this.#auction.queue(side).takeableAt(side, ticks);
  }
  /** The order that comes first on a side: what rested before the auction is older than what it collected. */
  first(side) {
    const ticks = this.bestTicks(side);
    if (ticks === NO_BID || ticks === NO_ASK) return NO_SLOT;
    const inBook = (side === BUY ? this.#book.bestBidTicks : this.#book.bestAskTicks) === ticks;
    return (inBook ? this.#book : this.#auction.queue(side)).front(ticks);
  }
  /** Every order of a side that some order of the other side meets, best price first and oldest first. */
  crossing(side) {
    const limit = this.bestTicks(side === BUY ? SELL : BUY);
    const found = [];
    for (let ticks = this.bestTicks(side); side === BUY ? ticks >= limit : ticks <= limit; ticks = this.nextTicks(side, ticks)) {
      for (const book of [this.#book, this.#auction.queue(side)]) {
        if (book.lotsAt(side, ticks) === 0) continue;
        for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) found.push(slot);
      }
    }
    return found;
  }
  /** What the orders as they stand come to; undefined when none of them meet. */
  clearing(lastPriceTicks) {
    let bid = this.bestTicks(BUY);
    let ask = this.bestTicks(SELL);
    let bidLots = bid === NO_BID ? 0 : this.lotsAt(BUY, bid);
    let askLots = ask === NO_ASK ? 0 : this.lotsAt(SELL, ask);
    let lots = 0n;
    let lastBid = 0;
    let lastAsk = 0;
    while (bid >= ask) {
      const both = Math.min(bidLots, askLots);
      lots += BigInt(both);
      lastBid = bid;
      lastAsk = ask;
      bidLots -= both;
      askLots -= both;
      if (bidLots === 0) {
        bid = this.nextTicks(BUY, bid);
        bidLots = bid === NO_BID ? 0 : this.lotsAt(BUY, bid);
      }
      if (askLots === 0) {
        ask = this.nextTicks(SELL, ask);
        askLots = ask === NO_ASK ? 0 : this.lotsAt(SELL, ask);
      }
    }
    if (lots === 0n) return void 0;
    let low = Math.max(lastAsk, bid + 1);
    let high = Math.min(lastBid, ask - 1);
    let surplusSide = Side.UNSPECIFIED;
    let surplusLots = 0;
    if (bid === lastBid) {
      low = Math.max(lastAsk, this.nextTicks(BUY, bid) + 1);
      high = lastBid;
      surplusSide = Side.BUY;
      surplusLots = bidLots;
    } else if (ask === lastAsk) {
      low = lastAsk;
      high = Math.min(lastBid, this.nextTicks(SELL, ask) - 1);
      surplusSide = Side.SELL;
      surplusLots = askLots;
    } else if (low > high) {
      low = bidLots <= askLots ? Math.max(lastAsk, this.nextTicks(BUY, bid) + 1) : ask;
      high = askLots <= bidLots ? Math.min(lastBid, this.nextTicks(SELL, ask) - 1) : bid;
      surplusLots = Math.min(bidLots, askLots);
    }
    const priceTicks = lastPriceTicks === 0 ? Math.floor((low + high) / 2) : Math.min(Math.max(lastPriceTicks, low), high);
    if (surplusLots !== 0 && surplusSide === Side.UNSPECIFIED) surplusSide = priceTicks <= bid ? Side.BUY : Side.SELL;
    return { priceTicks, lots, surplusSide, surplusLots: BigInt(surplusLots) };
  }
};
function behind(book, side, ticks) {
  if (side === BUY) return ticks > book.bestBidTicks ? book.bestBidTicks : book.nextBelow(ticks);
  return ticks < book.bestAskTicks ? book.bestAskTicks : book.nextAbove(ticks);
}
var OwnOrders = class {
  #orders;
  /** Of one owner: orders that came already, best price first, older first. */
  #came = { [BUY]: [], [SELL]: [] };
  #coming;
  #at = 0;
  constructor(orders, slots) {
    this.#orders = orders;
    this.#coming = [...slots].sort((a, b) => age(orders, a) - age(orders, b) || orderId(orders, a) - orderId(orders, b));
  }
  /** Answers the next pair; `parted` must be told which of the two are over before the next call. */
  next() {
    for (; this.#at < this.#coming.length; this.#at++) {
      const younger = this.#coming[this.#at];
      const side = this.#orders.u8[recordAt(younger) + SIDE];
      const prevention = preventionOf(this.#orders.u8[recordAt(younger) + SELF_TRADE_PREVENTION]);
      const older = this.#came[side === BUY ? SELL : BUY][0];
      if (prevention !== NO_PREVENTION && older !== void 0 && this.#meets(side, younger, older)) return { younger, older, prevention };
      this.#insert(side, younger);
    }
    return void 0;
  }
  /** Which of the last pair are over. One of them is, in every mode. */
  parted(pair, youngerEnds, olderEnds) {
    if (youngerEnds) this.#at++;
    if (olderEnds) this.#came[this.#orders.u8[recordAt(pair.older) + SIDE]].shift();
  }
  #meets(side, slot, other) {
    return side === BUY ? price(this.#orders, slot) >= price(this.#orders, other) : price(this.#orders, slot) <= price(this.#orders, other);
  }
  #insert(side, slot) {
    const came = this.#came[side];
    const ticks = price(this.#orders, slot);
    const better = (other) => side === BUY ? price(this.#orders, other) >= ticks : price(this.#orders, other) <= ticks;
    let low = 0;
    let high = came.length;
    while (low < high) {
      const middle = low + high >>> 1;
      if (better(came[middle])) low = middle + 1;
      else high = middle;
    }
    came.splice(low, 0, slot);
  }
};
function ownersOnBothSides(orders, accounts, slots) {
  const byOwner = /* @__PURE__ */ new Map();
  for (const slot of slots) {
    const account = orders.i32[slot * RECORD_I32 + ACCOUNT];
    const group = accounts.tradeGroup[account];
    const owner = group === 0 ? `a${account}` : `g${group}`;
    const own = byOwner.get(owner);
    if (own === void 0) byOwner.set(owner, [slot]);
    else own.push(slot);
  }
  const side = (slot) => orders.u8[recordAt(slot) + SIDE];
  return [...byOwner.values()].filter((own) => own.some((slot) => side(slot) === BUY) && own.some((slot) => side(slot) === SELL));
}
var age = (orders, slot) => orders.f64[slot * RECORD_F64 + WORKING_US];
var orderId = (orders, slot) => orders.f64[slot * RECORD_F64 + ORDER_ID];
var price = (orders, slot) => orders.i32[slot * RECORD_I32 + PRICE_TICKS];
function isYounger(orders, slot, than) {
  return age(orders, slot) !== age(orders, than) ? age(orders, slot) > age(orders, than) : orderId(orders, slot) > orderId(orders, than);
}

// gen/tickwire/v1/client_pb.ts
var file_tickwire_v1_client = /* @__PURE__ */ fileDesc("Chh0aWNrd2lyZS92MS9jbGllbnQucHJvdG8SC3RpY2t3aXJlLnYxIowBCgxTdWJzY3JpcHRpb24SJQoHY2hhbm5lbBgBIAEoDjIULnRpY2t3aXJlLnYxLkNoYW5uZWwSEQoJbWFya2V0X2lkGAIgASgNEi0KCGludGVydmFsGAMgASgOMhsudGlja3dpcmUudjEuQ2FuZGxlSW50ZXJ2YWwSEwoLY29uZmxhdGVfbXMYBCABKA0izwEKC0NsaWVudEZyYW1lEhIKCnJlcXVlc3Rfbm8YASABKAQSKwoJc3Vic2NyaWJlGAIgASgLMhYudGlja3dpcmUudjEuU3Vic2NyaWJlSAASLwoLdW5zdWJzY3JpYmUYAyABKAsyGC50aWNrd2lyZS52MS5VbnN1YnNjcmliZUgAEiMKBWxvZ29uGAQgASgLMhIudGlja3dpcmUudjEuTG9nb25IABIhCgRwaW5nGAUgASgLMhEudGlja3dpcmUudjEuUGluZ0gAQgYKBGJvZHkiPQoJU3Vic2NyaWJlEjAKDXN1YnNjcmlwdGlvbnMYASADKAsyGS50aWNrd2lyZS52MS5TdWJzY3JpcHRpb24iPwoLVW5zdWJzY3JpYmUSMAoNc3Vic2NyaXB0aW9ucxgBIAMoCzIZLnRpY2t3aXJlLnYxLlN1YnNjcmlwdGlvbiIXCgVMb2dvbhIOCgZ0aWNrZXQYASABKAkiHgoEUGluZxIWCg5jbGllbnRfdGltZV91cxgBIAEoBCq6AQoHQ2hhbm5lbBIXChNDSEFOTkVMX1VOU1BFQ0lGSUVEEAASEAoMQ0hBTk5FTF9CT09LEAESEgoOQ0hBTk5FTF9UUkFERVMQAhIXChNDSEFOTkVMX0JPT0tfVElDS0VSEAMSEwoPQ0hBTk5FTF9DQU5ETEVTEAQSEgoOQ0hBTk5FTF9USUNLRVIQBRIZChVDSEFOTkVMX01BUktFVF9TVEFUVVMQBhITCg9DSEFOTkVMX0FDQ09VTlQQB2IGcHJvdG8z", [file_tickwire_v1_types]);

// gen/tickwire/v1/market_data_pb.ts
var file_tickwire_v1_market_data = /* @__PURE__ */ fileDesc("Ch10aWNrd2lyZS92MS9tYXJrZXRfZGF0YS5wcm90bxILdGlja3dpcmUudjEi1wEKDEJvb2tTbmFwc2hvdBIRCgltYXJrZXRfaWQYASABKA0SDQoFZXBvY2gYAiABKA0SCwoDc2VxGAMgASgEEg8KB3RpbWVfdXMYBCABKAQSEQoJYmlkX3RpY2tzGAUgAygEEhAKCGJpZF9sb3RzGAYgAygEEhEKCWFza190aWNrcxgHIAMoBBIQCghhc2tfbG90cxgIIAMoBBIrCgZyZWFzb24YCSABKA4yGy50aWNrd2lyZS52MS5TbmFwc2hvdFJlYXNvbhIQCghjaGVja3N1bRgKIAEoByK5AQoJQm9va0RlbHRhEhEKCW1hcmtldF9pZBgBIAEoDRINCgVlcG9jaBgCIAEoDRIQCghwcmV2X3NlcRgDIAEoBBILCgNzZXEYBCABKAQSDwoHdGltZV91cxgFIAEoBBIRCgliaWRfdGlja3MYBiADKAQSEAoIYmlkX2xvdHMYByADKAQSEQoJYXNrX3RpY2tzGAggAygEEhAKCGFza19sb3RzGAkgAygEEhAKCGNoZWNrc3VtGAogASgHIooBCgVUcmFkZRIQCgh0cmFkZV9pZBgBIAEoBBITCgtwcmljZV90aWNrcxgCIAEoBBIVCg1xdWFudGl0eV9sb3RzGAMgASgEEiUKCnRha2VyX3NpZGUYBCABKA4yES50aWNrd2lyZS52MS5TaWRlEgsKA3NlcRgFIAEoBBIPCgd0aW1lX3VzGAYgASgEIk4KBlRyYWRlcxIRCgltYXJrZXRfaWQYASABKA0SDQoFZXBvY2gYAiABKA0SIgoGdHJhZGVzGAMgAygLMhIudGlja3dpcmUudjEuVHJhZGUilgEKCkJvb2tUaWNrZXISEQoJbWFya2V0X2lkGAEgASgNEg0KBWVwb2NoGAIgASgNEgsKA3NlcRgDIAEoBBIPCgd0aW1lX3VzGAQgASgEEhEKCWJpZF90aWNrcxgFIAEoBBIQCghiaWRfbG90cxgGIAEoBBIRCglhc2tfdGlja3MYByABKAQSEAoIYXNrX2xvdHMYCCABKAQikAMKBkNhbmRsZRIRCgltYXJrZXRfaWQYASABKA0SLQoIaW50ZXJ2YWwYAiABKA4yGy50aWNrd2lyZS52MS5DYW5kbGVJbnRlcnZhbBIUCgxvcGVuX3RpbWVfdXMYAyABKAQSFQoNY2xvc2VfdGltZV91cxgEIAEoBBISCgpvcGVuX3RpY2tzGAUgASgEEhIKCmhpZ2hfdGlja3MYBiABKAQSEQoJbG93X3RpY2tzGAcgASgEEhMKC2Nsb3NlX3RpY2tzGAggASgEEhMKC3ZvbHVtZV9sb3RzGAkgASgEEhoKEnF1b3RlX3ZvbHVtZV91bml0cxgKIAEoBBITCgt0cmFkZV9jb3VudBgLIAEoBBIWCg50YWtlcl9idXlfbG90cxgMIAEoBBIdChV0YWtlcl9idXlfcXVvdGVfdW5pdHMYDSABKAQSFgoOZmlyc3RfdHJhZGVfaWQYDiABKAQSFQoNbGFzdF90cmFkZV9pZBgPIAEoBBIOCgZjbG9zZWQYECABKAgSCwoDc2VxGBEgASgEIsYCCgZUaWNrZXISEQoJbWFya2V0X2lkGAEgASgNEgsKA3NlcRgCIAEoBBIUCgxvcGVuX3RpbWVfdXMYAyABKAQSFQoNY2xvc2VfdGltZV91cxgEIAEoBBISCgpvcGVuX3RpY2tzGAUgASgEEhIKCmhpZ2hfdGlja3MYBiABKAQSEQoJbG93X3RpY2tzGAcgASgEEhIKCmxhc3RfdGlja3MYCCABKAQSEQoJbGFzdF9sb3RzGAkgASgEEhMKC3ZvbHVtZV9sb3RzGAogASgEEhoKEnF1b3RlX3ZvbHVtZV91bml0cxgLIAEoBBITCgt0cmFkZV9jb3VudBgMIAEoBBIWCg5maXJzdF90cmFkZV9pZBgNIAEoBBIVCg1sYXN0X3RyYWRlX2lkGA4gASgEEhgKEHByZXZfY2xvc2VfdGlja3MYDyABKAQi4QEKEk1hcmtldFN0YXR1c1VwZGF0ZRIRCgltYXJrZXRfaWQYASABKA0SCwoDc2VxGAIgASgEEikKBnN0YXR1cxgDIAEoDjIZLnRpY2t3aXJlLnYxLk1hcmtldFN0YXR1cxIbChNhdWN0aW9uX3ByaWNlX3RpY2tzGAQgASgEEhQKDGF1Y3Rpb25fbG90cxgFIAEoBBIvChRhdWN0aW9uX3N1cnBsdXNfc2lkZRgGIAEoDjIRLnRpY2t3aXJlLnYxLlNpZGUSHAoUYXVjdGlvbl9zdXJwbHVzX2xvdHMYByABKAQq1QEKDlNuYXBzaG90UmVhc29uEh8KG1NOQVBTSE9UX1JFQVNPTl9VTlNQRUNJRklFRBAAEh4KGlNOQVBTSE9UX1JFQVNPTl9TVUJTQ1JJQkVEEAESIQodU05BUFNIT1RfUkVBU09OX1NMT1dfQ09OU1VNRVIQAhIfChtTTkFQU0hPVF9SRUFTT05fRkVFRF9SRVNZTkMQAxIbChdTTkFQU0hPVF9SRUFTT05fVE9PX09MRBAEEiEKHVNOQVBTSE9UX1JFQVNPTl9FUE9DSF9DSEFOR0VEEAViBnByb3RvMw", [file_tickwire_v1_types]);

// gen/tickwire/v1/private_data_pb.ts
var file_tickwire_v1_private_data = /* @__PURE__ */ fileDesc("Ch50aWNrd2lyZS92MS9wcml2YXRlX2RhdGEucHJvdG8SC3RpY2t3aXJlLnYxIqoBCg9BY2NvdW50U25hcHNob3QSDQoFZXBvY2gYASABKA0SCwoDc2VxGAIgASgEEhUKDWV4ZWN1dGlvbl9zZXEYAyABKAQSEwoLYmFsYW5jZV9zZXEYBCABKAQSJwoLb3Blbl9vcmRlcnMYBSADKAsyEi50aWNrd2lyZS52MS5PcmRlchImCghiYWxhbmNlcxgGIAMoCzIULnRpY2t3aXJlLnYxLkJhbGFuY2UirQIKCUV4ZWN1dGlvbhINCgVlcG9jaBgBIAEoDRILCgNzZXEYAiABKAQSFQoNZXhlY3V0aW9uX3NlcRgDIAEoBBIPCgd0aW1lX3VzGAQgASgEEigKBHR5cGUYBSABKA4yGi50aWNrd2lyZS52MS5FeGVjdXRpb25UeXBlEiEKBW9yZGVyGAYgASgLMhIudGlja3dpcmUudjEuT3JkZXISEAoIdHJhZGVfaWQYByABKAQSGAoQbGFzdF9wcmljZV90aWNrcxgIIAEoBBIRCglsYXN0X2xvdHMYCSABKAQSGAoQbGFzdF9xdW90ZV91bml0cxgKIAEoBBIRCglmZWVfdW5pdHMYCyABKAQSFAoMZmVlX2Fzc2V0X2lkGAwgASgNEg0KBW1ha2VyGA0gASgIIrMBCg1CYWxhbmNlVXBkYXRlEg0KBWVwb2NoGAEgASgNEgsKA3NlcRgCIAEoBBITCgtiYWxhbmNlX3NlcRgDIAEoBBIPCgd0aW1lX3VzGAQgASgEEiUKB2JhbGFuY2UYBSABKAsyFC50aWNrd2lyZS52MS5CYWxhbmNlEh4KFmF2YWlsYWJsZV9jaGFuZ2VfdW5pdHMYBiABKBISGQoRaGVsZF9jaGFuZ2VfdW5pdHMYByABKBIq+gEKDUV4ZWN1dGlvblR5cGUSHgoaRVhFQ1VUSU9OX1RZUEVfVU5TUEVDSUZJRUQQABIWChJFWEVDVVRJT05fVFlQRV9ORVcQARIYChRFWEVDVVRJT05fVFlQRV9UUkFERRACEhsKF0VYRUNVVElPTl9UWVBFX0NBTkNFTEVEEAMSGgoWRVhFQ1VUSU9OX1RZUEVfRVhQSVJFRBAEEhsKF0VYRUNVVElPTl9UWVBFX1JFUExBQ0VEEAUSHAoYRVhFQ1VUSU9OX1RZUEVfVFJJR0dFUkVEEAYSIwofRVhFQ1VUSU9OX1RZUEVfVFJBREVfUFJFVkVOVElPThAHYgZwcm90bzM", [file_tickwire_v1_types]);

// gen/tickwire/v1/server_pb.ts
var file_tickwire_v1_server = /* @__PURE__ */ fileDesc("Chh0aWNrd2lyZS92MS9zZXJ2ZXIucHJvdG8SC3RpY2t3aXJlLnYxIjcKC1NlcnZlckJhdGNoEigKBmZyYW1lcxgBIAMoCzIYLnRpY2t3aXJlLnYxLlNlcnZlckZyYW1lIocGCgtTZXJ2ZXJGcmFtZRIsCgpib29rX2RlbHRhGAEgASgLMhYudGlja3dpcmUudjEuQm9va0RlbHRhSAASJQoGdHJhZGVzGAIgASgLMhMudGlja3dpcmUudjEuVHJhZGVzSAASLgoLYm9va190aWNrZXIYAyABKAsyFy50aWNrd2lyZS52MS5Cb29rVGlja2VySAASJQoGY2FuZGxlGAQgASgLMhMudGlja3dpcmUudjEuQ2FuZGxlSAASJQoGdGlja2VyGAUgASgLMhMudGlja3dpcmUudjEuVGlja2VySAASMgoNYm9va19zbmFwc2hvdBgGIAEoCzIZLnRpY2t3aXJlLnYxLkJvb2tTbmFwc2hvdEgAEisKCWV4ZWN1dGlvbhgHIAEoCzIWLnRpY2t3aXJlLnYxLkV4ZWN1dGlvbkgAEjQKDmJhbGFuY2VfdXBkYXRlGAggASgLMhoudGlja3dpcmUudjEuQmFsYW5jZVVwZGF0ZUgAEjgKEGFjY291bnRfc25hcHNob3QYCSABKAsyHC50aWNrd2lyZS52MS5BY2NvdW50U25hcHNob3RIABI4Cg1tYXJrZXRfc3RhdHVzGAogASgLMh8udGlja3dpcmUudjEuTWFya2V0U3RhdHVzVXBkYXRlSAASJwoHd2VsY29tZRgQIAEoCzIULnRpY2t3aXJlLnYxLldlbGNvbWVIABItCgpzdWJzY3JpYmVkGBEgASgLMhcudGlja3dpcmUudjEuU3Vic2NyaWJlZEgAEjEKDHVuc3Vic2NyaWJlZBgSIAEoCzIZLnRpY2t3aXJlLnYxLlVuc3Vic2NyaWJlZEgAEioKCWxvZ2dlZF9vbhgTIAEoCzIVLnRpY2t3aXJlLnYxLkxvZ2dlZE9uSAASIQoEcG9uZxgUIAEoCzIRLnRpY2t3aXJlLnYxLlBvbmdIABI4ChByZXF1ZXN0X3JlamVjdGVkGBUgASgLMhwudGlja3dpcmUudjEuUmVxdWVzdFJlamVjdGVkSABCBgoEYm9keSK9AQoHV2VsY29tZRIYChBwcm90b2NvbF92ZXJzaW9uGAEgASgNEhMKC3NjaGVtYV9oYXNoGAIgASgJEhIKCnNlc3Npb25faWQYAyABKAkSDQoFZXBvY2gYBCABKA0SFgoOc2VydmVyX3RpbWVfdXMYBSABKAQSIgoGYXNzZXRzGAYgAygLMhIudGlja3dpcmUudjEuQXNzZXQSJAoHbWFya2V0cxgHIAMoCzITLnRpY2t3aXJlLnYxLk1hcmtldCJSCgpTdWJzY3JpYmVkEhIKCnJlcXVlc3Rfbm8YASABKAQSMAoNc3Vic2NyaXB0aW9ucxgCIAMoCzIZLnRpY2t3aXJlLnYxLlN1YnNjcmlwdGlvbiJUCgxVbnN1YnNjcmliZWQSEgoKcmVxdWVzdF9ubxgBIAEoBBIwCg1zdWJzY3JpcHRpb25zGAIgAygLMhkudGlja3dpcmUudjEuU3Vic2NyaXB0aW9uIjIKCExvZ2dlZE9uEhIKCnJlcXVlc3Rfbm8YASABKAQSEgoKYWNjb3VudF9pZBgCIAEoBCJKCgRQb25nEhIKCnJlcXVlc3Rfbm8YASABKAQSFgoOY2xpZW50X3RpbWVfdXMYAiABKAQSFgoOc2VydmVyX3RpbWVfdXMYAyABKAQiYAoPUmVxdWVzdFJlamVjdGVkEhIKCnJlcXVlc3Rfbm8YASABKAQSKAoFZXJyb3IYAiABKA4yGS50aWNrd2lyZS52MS5SZXF1ZXN0RXJyb3ISDwoHbWVzc2FnZRgDIAEoCSrVAwoMUmVxdWVzdEVycm9yEh0KGVJFUVVFU1RfRVJST1JfVU5TUEVDSUZJRUQQABIhCh1SRVFVRVNUX0VSUk9SX01BTEZPUk1FRF9GUkFNRRABEiEKHVJFUVVFU1RfRVJST1JfVU5LTk9XTl9SRVFVRVNUEAISIQodUkVRVUVTVF9FUlJPUl9VTktOT1dOX0NIQU5ORUwQAxIgChxSRVFVRVNUX0VSUk9SX1VOS05PV05fTUFSS0VUEAQSIgoeUkVRVUVTVF9FUlJPUl9JTlZBTElEX0lOVEVSVkFMEAUSJAogUkVRVUVTVF9FUlJPUl9JTlZBTElEX0NPTkZMQVRJT04QBhIfChtSRVFVRVNUX0VSUk9SX05PVF9MT0dHRURfT04QBxIgChxSRVFVRVNUX0VSUk9SX0lOVkFMSURfVElDS0VUEAgSKAokUkVRVUVTVF9FUlJPUl9UT09fTUFOWV9TVUJTQ1JJUFRJT05TEAkSIwofUkVRVUVTVF9FUlJPUl9UT09fTUFOWV9SRVFVRVNUUxAKEh0KGVJFUVVFU1RfRVJST1JfVU5BVkFJTEFCTEUQCxIgChxSRVFVRVNUX0VSUk9SX05PVF9TVUJTQ1JJQkVEEAxiBnByb3RvMw", [file_tickwire_v1_client, file_tickwire_v1_market_data, file_tickwire_v1_private_data, file_tickwire_v1_types]);
var ServerBatchSchema = /* @__PURE__ */ messageDesc(file_tickwire_v1_server, 0);

// services/engine/auctionStatus.ts
function auctionStatus(market, auction, seq) {
  if (market.status !== MarketStatus.AUCTION) return void 0;
  auction.changed = false;
  return toBinary(ServerBatchSchema, create(ServerBatchSchema, { frames: [{ body: { case: "marketStatus", value: statusUpdate(market, seq) } }] }));
}
function statusUpdate(market, seq) {
  const { auction } = market;
  const clearing = market.status === MarketStatus.AUCTION && auction !== void 0 ? new AuctionSides(market.book, auction).clearing(market.lastPriceTicks) : void 0;
  return {
    marketId: market.id,
    seq: BigInt(seq),
    status: market.status,
    auctionPriceTicks: BigInt(clearing?.priceTicks ?? 0),
    auctionLots: clearing?.lots ?? 0n,
    auctionSurplusSide: clearing?.surplusSide ?? Side.UNSPECIFIED,
    auctionSurplusLots: clearing?.surplusLots ?? 0n
  };
}

// services/engine/commandReader.ts
var PLACE_ORDER = 4;
var CANCEL_ORDER = 5;
var CANCEL_ALL_ORDERS = 6;
var AMEND_ORDER = 7;
var CANCEL_REPLACE_ORDER = 8;
var PLACE_ORDER_LIST = 9;
var SET_DEAD_MANS_SWITCH = 10;
var CANCEL_ORDER_LIST = 11;
var OPEN_ACCOUNT = 20;
var DEPOSIT = 21;
var WITHDRAW = 22;
var SET_ACCOUNT_FROZEN = 23;
var RESOLVE_TRANSFER = 24;
var SET_FEE_TIER = 25;
var SET_TRADE_GROUP = 26;
var OPEN_LOG = 30;
var LIST_ASSET = 31;
var LIST_MARKET = 32;
var SET_MARKET_STATUS = 33;
var ADVANCE_TIME = 34;
var UPDATE_MARKET = 35;
var START_EPOCH = 36;
var UNKNOWN_KIND = -1;
var VARINT = 0;
var FIXED64 = 1;
var LENGTH_DELIMITED = 2;
var FIXED32 = 5;
var VARINT_BYTES_MAX = 10;
var CommandReader = class {
  /** The entry being read. */
  bytes = new Uint8Array(0);
  ingressIdAt = 0;
  ingressIdLength = 0;
  timeUs = 0;
  // Of the current command.
  malformed = false;
  kind = 0;
  requestNo = 0;
  accountId = 0;
  deadlineUs = 0;
  bodyAt = 0;
  bodyEnd = 0;
  /** The body has a field this engine does not know: it must not be ignored silently. */
  unknownField = false;
  // Of the current order command.
  marketId = 0;
  side = 0;
  type = 0;
  timeInForce = 0;
  priceTicks = 0;
  quantityLots = 0;
  quoteOrderUnits = 0;
  clientIdAt = 0;
  clientIdLength = 0;
  selfTradePrevention = 0;
  stopPriceTicks = 0;
  trailingDeltaBips = 0;
  icebergLots = 0;
  expireTimeUs = 0;
  pegType = 0;
  pegOffsetLevels = 0;
  orderId = 0;
  restriction = 0;
  /** Of CancelAllOrders. */
  cancelReason = 0;
  /** Of AmendOrder; 0, or no text: as it was. */
  newQuantityLots = 0;
  newPriceTicks = 0;
  newClientIdAt = 0;
  newClientIdLength = 0;
  /** Of CancelReplaceOrder, whose halves are read by `selectCancel` and `selectPlace`. */
  replaceMode = 0;
  #cancelAt = 0;
  #cancelEnd = 0;
  #placeAt = 0;
  #placeEnd = 0;
  #wrapperUnknown = false;
  #at = 0;
  #end = 0;
  #bad = false;
  #entryEnd = 0;
  #nextCommandAt = 0;
  /** Starts reading an entry. False when its bytes are not a CommandBatch; then nothing else may be read. */
  open(bytes) {
    this.bytes = bytes;
    this.#entryEnd = bytes.length;
    this.#nextCommandAt = 0;
    this.ingressIdAt = 0;
    this.ingressIdLength = 0;
    this.timeUs = 0;
    this.#window(0, bytes.length);
    while (this.#at < this.#end) {
      const tag = this.#varint();
      const wire = tag % 8;
      const field = (tag - wire) / 8;
      if (field === 1 && wire === LENGTH_DELIMITED) {
        this.ingressIdLength = this.#length();
        this.ingressIdAt = this.#at;
        this.#at += this.ingressIdLength;
      } else if (field === 2 && wire === VARINT) this.timeUs = this.#varint();
      else if (field === 3 && wire === LENGTH_DELIMITED) this.#skip(field, wire);
      else if (field >= 1 && field <= 3) return false;
      else this.#skip(field, wire);
      if (this.#bad) return false;
    }
    return this.timeUs <= EXACT_MAX;
  }
  /** Reads the next command into the fields; false after the last. */
  next() {
    this.#window(this.#nextCommandAt, this.#entryEnd);
    while (this.#at < this.#end) {
      const tag = this.#varint();
      if (tag === 26) {
        const length = this.#length();
        const start = this.#at;
        this.#nextCommandAt = start + length;
        this.#readCommand(start, start + length);
        return true;
      }
      this.#skip((tag - tag % 8) / 8, tag % 8);
    }
    return false;
  }
  #readCommand(start, end) {
    this.kind = 0;
    this.requestNo = 0;
    this.accountId = 0;
    this.deadlineUs = 0;
    this.bodyAt = 0;
    this.bodyEnd = 0;
    this.unknownField = false;
    this.#window(start, end);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      switch (tag) {
        case 8:
          this.requestNo = this.#id();
          break;
        case 16:
          this.accountId = this.#id();
          break;
        case 24:
          this.deadlineUs = this.#varint();
          break;
        default: {
          const wire = tag % 8;
          const field = (tag - wire) / 8;
          if (wire !== LENGTH_DELIMITED || field < PLACE_ORDER || this.kind !== 0) {
            if (field < PLACE_ORDER || this.kind !== 0) this.#bad = true;
            else this.#skip(field, wire);
            if (this.kind === 0) this.kind = UNKNOWN_KIND;
            break;
          }
          this.kind = isKind(field) ? field : UNKNOWN_KIND;
          const length = this.#length();
          this.bodyAt = this.#at;
          this.bodyEnd = this.#at + length;
          this.#at += length;
        }
      }
    }
    if (this.kind === 0) this.#bad = true;
    if (!this.#bad) {
      if (this.kind === PLACE_ORDER) this.#readPlaceOrder(this.bodyAt, this.bodyEnd);
      else if (this.kind === CANCEL_ORDER) this.#readCancelOrder(this.bodyAt, this.bodyEnd);
      else if (this.kind === CANCEL_ALL_ORDERS) this.#readCancelAllOrders();
      else if (this.kind === AMEND_ORDER) this.#readAmendOrder();
      else if (this.kind === CANCEL_REPLACE_ORDER) this.#readCancelReplaceOrder();
    }
    this.malformed = this.#bad;
    if (this.#bad) this.kind = 0;
  }
  /** Makes the cancel half of a CancelReplaceOrder the current order command. */
  selectCancel() {
    this.unknownField = this.#wrapperUnknown;
    this.#readCancelOrder(this.#cancelAt, this.#cancelEnd);
  }
  /** Makes the place half of a CancelReplaceOrder the current order command. */
  selectPlace() {
    this.unknownField = this.#wrapperUnknown;
    this.#readPlaceOrder(this.#placeAt, this.#placeEnd);
  }
  #readCancelReplaceOrder() {
    this.replaceMode = 0;
    this.#cancelAt = -1;
    this.#placeAt = -1;
    this.#window(this.bodyAt, this.bodyEnd);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      switch (tag) {
        case 8:
          this.replaceMode = this.#varint();
          break;
        case 18: {
          if (this.#cancelAt >= 0) this.#bad = true;
          const length = this.#length();
          this.#cancelAt = this.#at;
          this.#cancelEnd = this.#at + length;
          this.#at += length;
          break;
        }
        case 26: {
          if (this.#placeAt >= 0) this.#bad = true;
          const length = this.#length();
          this.#placeAt = this.#at;
          this.#placeEnd = this.#at + length;
          this.#at += length;
          break;
        }
        default:
          this.#unknown(tag, 3);
      }
    }
    this.#wrapperUnknown = this.unknownField;
    if (this.#bad) return;
    this.#bad = this.#cancelAt < 0 || this.#placeAt < 0;
    if (!this.#bad) this.selectPlace();
    if (!this.#bad) this.selectCancel();
  }
  #readAmendOrder() {
    this.marketId = 0;
    this.orderId = 0;
    this.clientIdAt = 0;
    this.clientIdLength = 0;
    this.newQuantityLots = 0;
    this.newPriceTicks = 0;
    this.newClientIdAt = 0;
    this.newClientIdLength = 0;
    this.#window(this.bodyAt, this.bodyEnd);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      switch (tag) {
        case 8:
          this.marketId = this.#varint();
          break;
        case 16:
          this.orderId = this.#varint();
          break;
        case 26:
          this.#clientId();
          break;
        case 32:
          this.newQuantityLots = this.#varint();
          break;
        case 40:
          this.newPriceTicks = this.#varint();
          break;
        case 50: {
          this.newClientIdLength = this.#length();
          this.newClientIdAt = this.#at;
          this.#at += this.newClientIdLength;
          break;
        }
        default:
          this.#unknown(tag, 6);
      }
    }
  }
  /** Where the orders of a PlaceOrderList stand in the entry: start and end of each. For a body that was decoded already. */
  listedOrders() {
    const found = [];
    this.#window(this.bodyAt, this.bodyEnd);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      if (tag === 26) {
        const length = this.#length();
        found.push([this.#at, this.#at + length]);
        this.#at += length;
      } else this.#skip((tag - tag % 8) / 8, tag % 8);
    }
    return found;
  }
  /** Makes one of `listedOrders` the current order command; false when its bytes are broken. */
  selectListed([start, end]) {
    this.unknownField = false;
    this.#readPlaceOrder(start, end);
    return !this.#bad;
  }
  #readPlaceOrder(start, end) {
    this.marketId = 0;
    this.side = 0;
    this.type = 0;
    this.timeInForce = 0;
    this.priceTicks = 0;
    this.quantityLots = 0;
    this.quoteOrderUnits = 0;
    this.clientIdAt = 0;
    this.clientIdLength = 0;
    this.selfTradePrevention = 0;
    this.stopPriceTicks = 0;
    this.trailingDeltaBips = 0;
    this.icebergLots = 0;
    this.expireTimeUs = 0;
    this.pegType = 0;
    this.pegOffsetLevels = 0;
    this.#window(start, end);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      switch (tag) {
        case 8:
          this.marketId = this.#varint();
          break;
        case 16:
          this.side = this.#varint();
          break;
        case 24:
          this.type = this.#varint();
          break;
        case 32:
          this.timeInForce = this.#varint();
          break;
        case 40:
          this.priceTicks = this.#varint();
          break;
        case 48:
          this.quantityLots = this.#varint();
          break;
        case 56:
          this.quoteOrderUnits = this.#varint();
          break;
        case 66:
          this.#clientId();
          break;
        case 72:
          this.selfTradePrevention = this.#varint();
          break;
        case 80:
          this.stopPriceTicks = this.#varint();
          break;
        case 88:
          this.trailingDeltaBips = this.#varint();
          break;
        case 96:
          this.icebergLots = this.#varint();
          break;
        case 104:
          this.expireTimeUs = this.#varint();
          break;
        case 112:
          this.pegType = this.#varint();
          break;
        case 120:
          this.pegOffsetLevels = this.#varint();
          break;
        default:
          this.#unknown(tag, 15);
      }
    }
  }
  #readCancelOrder(start, end) {
    this.marketId = 0;
    this.orderId = 0;
    this.clientIdAt = 0;
    this.clientIdLength = 0;
    this.restriction = 0;
    this.#window(start, end);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      switch (tag) {
        case 8:
          this.marketId = this.#varint();
          break;
        case 16:
          this.orderId = this.#varint();
          break;
        case 26:
          this.#clientId();
          break;
        case 32:
          this.restriction = this.#varint();
          break;
        default:
          this.#unknown(tag, 4);
      }
    }
  }
  #readCancelAllOrders() {
    this.marketId = 0;
    this.side = 0;
    this.cancelReason = 0;
    this.#window(this.bodyAt, this.bodyEnd);
    while (this.#at < this.#end && !this.#bad) {
      const tag = this.#varint();
      switch (tag) {
        case 8:
          this.marketId = this.#varint();
          break;
        case 16:
          this.side = this.#varint();
          break;
        case 24:
          this.cancelReason = this.#varint();
          break;
        default:
          this.#unknown(tag, 3);
      }
    }
  }
  #clientId() {
    this.clientIdLength = this.#length();
    this.clientIdAt = this.#at;
    this.#at += this.clientIdLength;
  }
  // A field number up to `known` in another wire type is broken; above it, it is newer than this engine.
  #unknown(tag, known) {
    const wire = tag % 8;
    const field = (tag - wire) / 8;
    if (field <= known) this.#bad = true;
    else this.#skip(field, wire);
    this.unknownField = true;
  }
  #window(start, end) {
    this.#at = start;
    this.#end = end;
    this.#bad = false;
  }
  #varint() {
    const bytes = this.bytes;
    const end = this.#end;
    let at = this.#at;
    if (at < end) {
      const first = bytes[at++];
      if (first < 128) {
        this.#at = at;
        return first;
      }
      let value = first & 127;
      let scale = 128;
      const last = Math.min(end, at + VARINT_BYTES_MAX - 1);
      while (at < last) {
        const byte = bytes[at++];
        value += (byte & 127) * scale;
        if (byte < 128) {
          this.#at = at;
          return value;
        }
        scale *= 128;
      }
    }
    this.#bad = true;
    this.#at = end;
    return 0;
  }
  // Ids are echoed, so they must be exact.
  #id() {
    const value = this.#varint();
    if (value <= EXACT_MAX) return value;
    this.#bad = true;
    return 0;
  }
  #length() {
    const length = this.#varint();
    if (length <= this.#end - this.#at) return length;
    this.#bad = true;
    this.#at = this.#end;
    return 0;
  }
  #skip(field, wire) {
    if (field === 0) this.#bad = true;
    else if (wire === VARINT) this.#varint();
    else if (wire === FIXED64) this.#advance(8);
    else if (wire === LENGTH_DELIMITED) this.#advance(this.#length());
    else if (wire === FIXED32) this.#advance(4);
    else this.#bad = true;
  }
  #advance(count) {
    if (this.#end - this.#at < count) this.#bad = true;
    else this.#at += count;
  }
};
function isKind(field) {
  return field >= PLACE_ORDER && field <= CANCEL_ORDER_LIST || field >= OPEN_ACCOUNT && field <= SET_TRADE_GROUP || field >= OPEN_LOG && field <= START_EPOCH;
}

// services/engine/ledger.ts
var LIMB = 281474976710656;
var BALANCE_F64 = 4;
var WIDTH = BALANCE_F64;
var AVAILABLE = 0;
var HELD = 2;
var Ledger = class {
  #limbs;
  /** Assets a row has room for. */
  #columns = 8;
  #rows = 64;
  // Per asset: all deposits minus all withdrawals, in limbs.
  #issued;
  // What the current command touched, in order, with the balances from before.
  #touchedIn;
  #command = 1;
  #touched;
  #before;
  #touchedCount = 0;
  constructor() {
    this.#limbs = new Float64Array(this.#rows * this.#columns * WIDTH);
    this.#touchedIn = new Int32Array(this.#rows * this.#columns);
    this.#issued = new Float64Array(this.#columns * 2);
    this.#touched = new Int32Array(256);
    this.#before = new Float64Array(256 * WIDTH);
  }
  /** Makes room for accounts 0 to `accounts - 1` and assets 0 to `assets - 1`. */
  reserve(accounts, assets) {
    if (accounts <= this.#rows && assets <= this.#columns) return;
    let rows = this.#rows;
    while (rows < accounts) rows *= 2;
    let columns = this.#columns;
    while (columns < assets) columns *= 2;
    const limbs = new Float64Array(rows * columns * WIDTH);
    for (let row = 0; row < this.#rows; row++) {
      const from = row * this.#columns * WIDTH;
      limbs.set(this.#limbs.subarray(from, from + this.#columns * WIDTH), row * columns * WIDTH);
    }
    const issued = new Float64Array(columns * 2);
    issued.set(this.#issued);
    const touchedIn = new Int32Array(rows * columns);
    for (let i = 0; i < this.#touchedCount; i++) {
      const index = this.#touched[i];
      const asset = index % this.#columns;
      const moved = (index - asset) / this.#columns * columns + asset;
      this.#touched[i] = moved;
      touchedIn[moved] = this.#command;
    }
    this.#limbs = limbs;
    this.#issued = issued;
    this.#touchedIn = touchedIn;
    this.#rows = rows;
    this.#columns = columns;
  }
  /** Whether the available balance is at least `units`. */
  covers(account, asset, units) {
    const at = (account * this.#columns + asset) * WIDTH;
    const high = this.#limbs[at + AVAILABLE + 1];
    return high >= 32 || high * LIMB + this.#limbs[at + AVAILABLE] >= units;
  }
  /** Moves units from available to held. */
  hold(account, asset, units) {
    const at = this.#touch(account, asset);
    this.#subtract(at + AVAILABLE, units);
    this.#add(at + HELD, units);
  }
  /** Moves units from held back to available. */
  release(account, asset, units) {
    if (units === 0) return;
    const at = this.#touch(account, asset);
    this.#subtract(at + HELD, units);
    this.#add(at + AVAILABLE, units);
  }
  /** Takes units out of held: they went to the other side of a trade. */
  spend(account, asset, units) {
    this.#subtract(this.#touch(account, asset) + HELD, units);
  }
  /** Puts units into available: they came from the other side of a trade. */
  receive(account, asset, units) {
    if (units === 0) return;
    this.#add(this.#touch(account, asset) + AVAILABLE, units);
  }
  /** Units enter the venue. */
  deposit(account, asset, units) {
    this.#add(this.#touch(account, asset) + AVAILABLE, units);
    addTo(this.#issued, asset * 2, units);
  }
  /** Units leave the venue. */
  withdraw(account, asset, units) {
    this.#subtract(this.#touch(account, asset) + AVAILABLE, units);
    subtractFrom(this.#issued, asset * 2, units);
  }
  /** Units that were held for it leave the venue. */
  withdrawHeld(account, asset, units) {
    this.#subtract(this.#touch(account, asset) + HELD, units);
    subtractFrom(this.#issued, asset * 2, units);
  }
  /** Deposits minus withdrawals of an asset. */
  issuedUnits(asset) {
    return wide(this.#issued[asset * 2 + 1], this.#issued[asset * 2]);
  }
  availableUnits(account, asset) {
    const at = (account * this.#columns + asset) * WIDTH + AVAILABLE;
    return wide(this.#limbs[at + 1], this.#limbs[at]);
  }
  /** Available and held together, as a double: exact up to 2^53. */
  ownedUnits(account, asset) {
    const at = (account * this.#columns + asset) * WIDTH;
    const limbs = this.#limbs;
    return (limbs[at + 1] + limbs[at + 3]) * LIMB + limbs[at] + limbs[at + 2];
  }
  heldUnits(account, asset) {
    const at = (account * this.#columns + asset) * WIDTH + HELD;
    return wide(this.#limbs[at + 1], this.#limbs[at]);
  }
  /** All balances, `assetColumns` of BALANCE_F64 doubles per account; valid until the next command. */
  get limbs() {
    return this.#limbs;
  }
  get assetColumns() {
    return this.#columns;
  }
  /** What `freeze` takes of its area. */
  frozenBytes(accounts) {
    return accounts * this.#columns * WIDTH * 8;
  }
  /** A copy of `limbs` for the first `accounts` rows. */
  freeze(area, accounts) {
    return area.f64(this.#limbs, accounts * this.#columns * WIDTH);
  }
  /** Sets a balance as a snapshot has it, in limbs, and counts it as issued. */
  restore(account, asset, availableHigh, availableLow, heldHigh, heldLow) {
    invariant(asset >= 0 && asset < this.#columns, "a snapshot has a balance of an asset that is not listed");
    const at = (account * this.#columns + asset) * WIDTH;
    const limbs = this.#limbs;
    limbs[at + AVAILABLE] = availableLow;
    limbs[at + AVAILABLE + 1] = availableHigh;
    limbs[at + HELD] = heldLow;
    limbs[at + HELD + 1] = heldHigh;
    const issued = this.#issued;
    const low = issued[asset * 2] + availableLow + heldLow;
    const carry = Math.floor(low / LIMB);
    issued[asset * 2] = low - carry * LIMB;
    issued[asset * 2 + 1] = issued[asset * 2 + 1] + availableHigh + heldHigh + carry;
  }
  /** Tells `sink` every balance the current command changed, in the order it first touched them, and forgets them. */
  endCommand(sink) {
    const count = this.#touchedCount;
    const limbs = this.#limbs;
    const before = this.#before;
    for (let i = 0; i < count; i++) {
      const index = this.#touched[i];
      const at = index * WIDTH;
      const was = i * WIDTH;
      if (limbs[at] === before[was] && limbs[at + 1] === before[was + 1] && limbs[at + 2] === before[was + 2] && limbs[at + 3] === before[was + 3]) continue;
      const asset = index % this.#columns;
      sink.balanceChanged((index - asset) / this.#columns | 0, asset, limbs, at, before, was);
    }
    this.#touchedCount = 0;
    if (++this.#command === 2147483647) {
      this.#touchedIn.fill(0);
      this.#command = 1;
    }
  }
  #touch(account, asset) {
    const index = account * this.#columns + asset;
    const at = index * WIDTH;
    if (this.#touchedIn[index] === this.#command) return at;
    this.#touchedIn[index] = this.#command;
    if (this.#touchedCount === this.#touched.length) this.#growTouched();
    const i = this.#touchedCount++;
    this.#touched[i] = index;
    const before = this.#before;
    const limbs = this.#limbs;
    before[i * WIDTH] = limbs[at];
    before[i * WIDTH + 1] = limbs[at + 1];
    before[i * WIDTH + 2] = limbs[at + 2];
    before[i * WIDTH + 3] = limbs[at + 3];
    return at;
  }
  #add(at, units) {
    addTo(this.#limbs, at, units);
  }
  #subtract(at, units) {
    subtractFrom(this.#limbs, at, units);
  }
  #growTouched() {
    const touched = new Int32Array(this.#touched.length * 2);
    touched.set(this.#touched);
    this.#touched = touched;
    const before = new Float64Array(this.#before.length * 2);
    before.set(this.#before);
    this.#before = before;
  }
};
var wide = (high, low) => BigInt(high) * BigInt(LIMB) + BigInt(low);
function addTo(limbs, at, units) {
  if (!(units >= 0)) throw new InvariantViolation(`the ledger was told to add ${units}`);
  let low = limbs[at];
  if (units >= LIMB) {
    const upper = Math.floor(units / LIMB);
    limbs[at + 1] = limbs[at + 1] + upper;
    units -= upper * LIMB;
  }
  low += units;
  if (low >= LIMB) {
    low -= LIMB;
    limbs[at + 1] = limbs[at + 1] + 1;
  }
  limbs[at] = low;
}
function subtractFrom(limbs, at, units) {
  if (!(units >= 0)) throw new InvariantViolation(`the ledger was told to take ${units}`);
  let low = limbs[at];
  let high = limbs[at + 1];
  if (units >= LIMB) {
    const upper = Math.floor(units / LIMB);
    high -= upper;
    units -= upper * LIMB;
  }
  low -= units;
  if (low < 0) {
    low += LIMB;
    high -= 1;
  }
  if (high < 0) throw new InvariantViolation("a balance would become negative");
  limbs[at] = low;
  limbs[at + 1] = high;
}

// services/engine/protobufWriter.ts
var TWO_28 = 268435456;
var PER_TWO_28 = 1 / TWO_28;
var TWO_48 = 281474976710656;
var LENGTH_2_MAX = 1 << 14;
var LENGTH_4_MAX = 1 << 28;
function putSmall(bytes, at, value) {
  if (value < 128) {
    bytes[at] = value;
    return at + 1;
  }
  bytes[at] = value | 128;
  if (value < 16384) {
    bytes[at + 1] = value >>> 7;
    return at + 2;
  }
  bytes[at + 1] = value >>> 7 | 128;
  if (value < 2097152) {
    bytes[at + 2] = value >>> 14;
    return at + 3;
  }
  bytes[at + 2] = value >>> 14 | 128;
  bytes[at + 3] = value >>> 21;
  return at + 4;
}
function putWide(bytes, at, value) {
  if (value < TWO_28) return putSmall(bytes, at, value | 0);
  const high = Math.floor(value * PER_TWO_28);
  return putSmall(bytes, putFour(bytes, at, value - high * TWO_28 | 0), high | 0);
}
function putFields(bytes, at, tag, values, from, count) {
  for (let i = from; i < from + count; i++, tag += 8) {
    const value = values[i];
    if (value === 0) continue;
    bytes[at++] = tag;
    let rest;
    if (value < TWO_28) rest = value | 0;
    else {
      const high = Math.floor(value * PER_TWO_28);
      at = putFour(bytes, at, value - high * TWO_28 | 0);
      rest = high | 0;
    }
    at = putSmall(bytes, at, rest);
  }
  return at;
}
function putFour(bytes, at, low) {
  bytes[at] = low | 128;
  bytes[at + 1] = low >>> 7 | 128;
  bytes[at + 2] = low >>> 14 | 128;
  bytes[at + 3] = low >>> 21 | 128;
  return at + 4;
}
var ProtobufWriter = class {
  bytes;
  /** Where the next byte goes; everything before it is written. */
  at = 0;
  constructor(capacityBytes) {
    this.bytes = new Uint8Array(capacityBytes);
  }
  /** Makes room for `count` more bytes. */
  reserve(count) {
    if (this.at + count > this.bytes.length) this.#grow(count);
  }
  #grow(count) {
    let capacity = this.bytes.length * 2;
    while (capacity < this.at + count) capacity *= 2;
    const grown = new Uint8Array(capacity);
    grown.set(this.bytes);
    this.bytes = grown;
  }
  /** A view of what was written; valid until the next write. */
  written() {
    return this.bytes.subarray(0, this.at);
  }
  byte(value) {
    this.bytes[this.at++] = value;
  }
  /** An integer from 0 to 2^53 - 1, as a varint. */
  varint(value) {
    this.at = putWide(this.bytes, this.at, value);
  }
  /** high * 2^48 + low below 2^64, as a varint; `low` below 2^48. */
  varintLimbs(high, low) {
    if (high < 32) {
      this.varint(high * TWO_48 + low);
      return;
    }
    const upper = Math.floor(low / TWO_28);
    this.at = putWide(this.bytes, putFour(this.bytes, this.at, low - upper * TWO_28 | 0), upper + high * (TWO_48 / TWO_28));
  }
  /** The field, unless its value is 0. `tag` is (field << 3 | wire type), below 128. */
  uintField(tag, value) {
    if (value === 0) return;
    this.bytes[this.at++] = tag;
    this.varint(value);
  }
  /** The same for fields 16 to 2047, whose tags take two bytes. */
  uintField2(tag, value) {
    if (value === 0) return;
    this.bytes[this.at++] = tag & 127 | 128;
    this.bytes[this.at++] = tag >>> 7;
    this.varint(value);
  }
  /** A uint64 field given in limbs, unless it is 0. */
  limbsField(tag, high, low) {
    if (high === 0 && low === 0) return;
    this.bytes[this.at++] = tag;
    this.varintLimbs(high, low);
  }
  /** A sint64 field given as sign and magnitude in limbs (magnitude below 2^63), unless it is 0. */
  signedLimbsField(tag, negative, high, low) {
    if (high === 0 && low === 0) return;
    this.bytes[this.at++] = tag;
    let zigzagHigh = high * 2;
    let zigzagLow = low * 2 - (negative ? 1 : 0);
    if (zigzagLow < 0) {
      zigzagLow += TWO_48;
      zigzagHigh -= 1;
    } else if (zigzagLow >= TWO_48) {
      zigzagLow -= TWO_48;
      zigzagHigh += 1;
    }
    this.varintLimbs(zigzagHigh, zigzagLow);
  }
  /** A length-delimited field with `length` bytes of `source` from `from`, unless it is empty. */
  bytesField(tag, source, from, length) {
    if (length === 0) return;
    this.bytes[this.at++] = tag;
    this.varint(length);
    this.copy(source, from, length);
  }
  /** Bytes as they are. */
  copy(source, from, length) {
    const bytes = this.bytes;
    let at = this.at;
    if (length <= 64) {
      for (let i = 0; i < length; i++) bytes[at++] = source[from + i];
      this.at = at;
      return;
    }
    bytes.set(source.subarray(from, from + length), at);
    this.at = at + length;
  }
  /** Starts a nested message of less than 16 KiB; give the answer to `end2`. */
  begin2(tag) {
    this.bytes[this.at] = tag;
    this.at += 3;
    return this.at;
  }
  end2(start) {
    const length = this.at - start;
    if (length >= LENGTH_2_MAX) throw new RangeError(`nested message of ${length} bytes in a two-byte length`);
    this.bytes[start - 2] = length & 127 | 128;
    this.bytes[start - 1] = length >>> 7;
  }
  /** Starts a nested message of less than 256 MiB; give the answer to `end4`. */
  begin4(tag) {
    this.bytes[this.at] = tag;
    this.at += 5;
    return this.at;
  }
  end4(start) {
    const length = this.at - start;
    if (length >= LENGTH_4_MAX) throw new RangeError(`nested message of ${length} bytes in a four-byte length`);
    this.bytes[start - 4] = length & 127 | 128;
    this.bytes[start - 3] = length >>> 7 & 127 | 128;
    this.bytes[start - 2] = length >>> 14 & 127 | 128;
    this.bytes[start - 1] = length >>> 21;
  }
};

// services/engine/eventWriter.ts
var ORDER_BYTES_MAX = 480;
var EVENT_BYTES_MAX = 128;
var GROUP_BYTES_MAX = 64;
var BATCH_BYTES_MAX = 256;
var EXACT_LIMB = 32;
var ZIGZAG_EXACT = 2 ** 52 - 1;
var VALUES_MAX = 7;
var EVENTS = 34;
var ORDER_2 = 18;
function writeOrder(out2, orders, slot) {
  out2.at = putOrder(out2, out2.at, orders, slot);
}
function putOrder(out2, start, orders, slot) {
  const { f64, i32, u8 } = orders;
  const { bytes } = out2;
  const d = slot * RECORD_F64;
  const w = slot * RECORD_I32;
  const b = recordAt(slot);
  bytes[start] = 8;
  let at = putWide(bytes, start + 1, f64[d + ORDER_ID]);
  bytes[at] = 16;
  at = putSmall(bytes, at + 1, i32[w + ACCOUNT] + 1);
  bytes[at] = 24;
  at = putSmall(bytes, at + 1, i32[w + MARKET] + 1);
  const idLength = u8[b + CLIENT_ID_LENGTH];
  if (idLength !== 0) {
    bytes[at] = 34;
    bytes[at + 1] = idLength;
    at += 2;
    for (let word = w + CLIENT_ID, end = word + (idLength + 3 >> 2), to = at; word < end; word++, to += 4) {
      const four = i32[word];
      bytes[to] = four;
      bytes[to + 1] = four >>> 8;
      bytes[to + 2] = four >>> 16;
      bytes[to + 3] = four >>> 24;
    }
    at += idLength;
  }
  bytes[at] = 40;
  bytes[at + 1] = u8[b + SIDE];
  bytes[at + 2] = 48;
  bytes[at + 3] = u8[b + TYPE];
  bytes[at + 4] = 56;
  bytes[at + 5] = u8[b + TIME_IN_FORCE];
  bytes[at + 6] = 64;
  bytes[at + 7] = u8[b + STATUS];
  at += 8;
  const priceTicks = i32[w + PRICE_TICKS];
  if (priceTicks !== 0) {
    bytes[at] = 72;
    at = putWide(bytes, at + 1, priceTicks);
  }
  at = putFields(bytes, at, 80, f64, d + QUANTITY_LOTS, 6);
  const rare = u8[b + EXPIRY_REASON] | u8[b + CANCEL_REASON] | u8[b + SELF_TRADE_PREVENTION] | i32[w + AMEND_COUNT] | i32[w + TERMS];
  if (rare !== 0 || f64[d + PREVENTED_LOTS] !== 0) {
    out2.at = at;
    writeRareFields(out2, orders, slot);
    at = out2.at;
  }
  if (f64[d + WORKING_US] !== 0) {
    bytes[at] = 200;
    bytes[at + 1] = 1;
    at = putWide(bytes, at + 2, f64[d + WORKING_US]);
  }
  return at;
}
function writeRareFields(out2, orders, slot) {
  const { f64, i32, u8 } = orders;
  const b = recordAt(slot);
  out2.uintField2(128, u8[b + EXPIRY_REASON]);
  out2.uintField2(136, u8[b + CANCEL_REASON]);
  out2.uintField2(144, u8[b + SELF_TRADE_PREVENTION]);
  out2.uintField2(152, f64[slot * RECORD_F64 + PREVENTED_LOTS]);
  out2.uintField2(232, i32[slot * RECORD_I32 + AMEND_COUNT]);
  const terms = i32[slot * RECORD_I32 + TERMS] === 0 ? void 0 : orders.termsOf(slot);
  if (terms !== void 0) writeTerms(out2, terms);
}
function writeTerms(out2, terms) {
  out2.uintField2(160, terms.stopPriceTicks);
  out2.uintField2(168, terms.trailingDeltaBips);
  out2.uintField2(176, terms.icebergLots);
  out2.uintField2(184, terms.expireTimeUs);
  if (terms.list !== void 0) out2.uintField2(192, terms.list.id);
  out2.uintField2(208, terms.pegType);
  out2.uintField2(216, terms.pegOffsetLevels);
  out2.uintField2(224, terms.triggeredUs);
  out2.uintField2(240, terms.trailingExtremeTicks);
}
function putLength(bytes, at, length) {
  bytes[at] = length | 128;
  bytes[at + 1] = length >>> 7;
}
function changeField(out2, tag, limbs, at, before, was) {
  let low = limbs[at] - before[was];
  let high = limbs[at + 1] - before[was + 1];
  const down = high < 0 || high === 0 && low < 0;
  if (down) {
    low = -low;
    high = -high;
  }
  if (low < 0) {
    low += LIMB;
    high -= 1;
  }
  out2.signedLimbsField(tag, down, high, low);
}
var EventWriter = class {
  #out = new ProtobufWriter(1 << 16);
  #orders;
  #accounts;
  #group = 0;
  #empty = true;
  // Of a message's fields that come in a row: what `putFields` is given.
  #values = new Float64Array(VALUES_MAX);
  constructor(orders, accounts) {
    this.#orders = orders;
    this.#accounts = accounts;
  }
  /** The ingress's id stands in `bytes`. */
  startBatch(epoch, entry, chain, bytes, ingressIdAt, ingressIdLength, timeUs) {
    const out2 = this.#out;
    out2.at = 0;
    out2.reserve(BATCH_BYTES_MAX + ingressIdLength);
    out2.uintField(8, epoch);
    out2.uintField(16, entry);
    out2.bytesField(26, chain, 0, chain.length);
    out2.bytesField(34, bytes, ingressIdAt, ingressIdLength);
    out2.uintField(40, timeUs);
  }
  startGroup(seq, requestNo, accountId) {
    const out2 = this.#out;
    out2.reserve(GROUP_BYTES_MAX);
    this.#group = out2.begin4(50);
    const values = this.#values;
    values[0] = seq;
    values[1] = requestNo;
    values[2] = accountId;
    out2.at = putFields(out2.bytes, out2.at, 8, values, 0, 3);
    this.#empty = true;
  }
  /** Whether the running group has no event yet. */
  get groupEmpty() {
    return this.#empty;
  }
  endGroup() {
    this.#out.end4(this.#group);
  }
  /** The batch; valid until the next `startBatch`. */
  batch() {
    return this.#out.written();
  }
  orderAccepted(slot) {
    this.#orderEvent(10, slot);
  }
  orderTriggered(slot) {
    this.#orderEvent(82, slot);
  }
  orderCanceled(slot, reason) {
    this.#orders.u8[recordAt(slot) + CANCEL_REASON] = reason;
    this.#orderEvent(34, slot);
  }
  orderExpired(slot, reason) {
    this.#orders.u8[recordAt(slot) + EXPIRY_REASON] = reason;
    this.#orderEvent(42, slot);
  }
  orderRejected(reason, marketId, bytes, clientIdAt, clientIdLength) {
    const out2 = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX + clientIdLength);
    const body = out2.begin2(18);
    out2.uintField(8, reason);
    out2.uintField(16, marketId);
    out2.bytesField(26, bytes, clientIdAt, clientIdLength);
    out2.end2(body);
    out2.end2(event);
  }
  tradeExecuted(marketId, tradeId, priceTicks, quantityLots, quoteUnits, takerSide, maker, makerFeeUnits, makerFeeAsset, taker, takerFeeUnits, takerFeeAsset) {
    this.#empty = false;
    const out2 = this.#out;
    out2.reserve(EVENT_BYTES_MAX * 2 + ORDER_BYTES_MAX * 2);
    const { bytes } = out2;
    const values = this.#values;
    values[0] = marketId;
    values[1] = tradeId;
    values[2] = priceTicks;
    values[3] = quantityLots;
    values[4] = quoteUnits;
    values[5] = takerSide;
    const start = out2.at;
    bytes[start] = EVENTS;
    bytes[start + 3] = 26;
    let at = putFields(bytes, start + 6, 8, values, 0, 6);
    values[0] = makerFeeUnits;
    values[1] = makerFeeAsset + 1;
    at = this.#putTradeSide(at, 58, maker);
    values[0] = takerFeeUnits;
    values[1] = takerFeeAsset + 1;
    at = this.#putTradeSide(at, 66, taker);
    out2.at = at;
    putLength(bytes, start + 4, at - start - 6);
    putLength(bytes, start + 1, at - start - 3);
  }
  tradePrevented(taker, maker, lots, priceTicks) {
    const out2 = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX * 2 + ORDER_BYTES_MAX * 2);
    const body = out2.begin2(90);
    out2.uintField(8, this.#accounts.executionSeq[this.#countExecution(taker)]);
    const takerOrder = out2.begin2(ORDER_2);
    writeOrder(out2, this.#orders, taker);
    out2.end2(takerOrder);
    const makerOrder = out2.begin2(26);
    writeOrder(out2, this.#orders, maker);
    out2.end2(makerOrder);
    out2.uintField(32, lots);
    out2.uintField(40, priceTicks);
    out2.uintField(48, this.#accounts.executionSeq[this.#countExecution(maker)]);
    out2.end2(body);
    out2.end2(event);
  }
  ordersCanceled(count) {
    const out2 = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX);
    const body = out2.begin2(98);
    out2.uintField(8, count);
    out2.end2(body);
    out2.end2(event);
  }
  orderAmended(slot, keptPriority) {
    const out2 = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX + ORDER_BYTES_MAX);
    const body = out2.begin2(66);
    out2.uintField(8, this.#accounts.executionSeq[this.#countExecution(slot)]);
    const order = out2.begin2(ORDER_2);
    writeOrder(out2, this.#orders, slot);
    out2.end2(order);
    out2.uintField(24, keptPriority ? 1 : 0);
    out2.end2(body);
    out2.end2(event);
  }
  cancelRejected(reason, marketId, orderId3, bytes, clientIdAt, clientIdLength) {
    this.#refusal(58, reason, marketId, orderId3, bytes, clientIdAt, clientIdLength);
  }
  amendRejected(reason, marketId, orderId3, bytes, clientIdAt, clientIdLength) {
    this.#refusal(74, reason, marketId, orderId3, bytes, clientIdAt, clientIdLength);
  }
  // CancelRejected and AmendRejected say the same.
  #refusal(tag, reason, marketId, orderId3, bytes, clientIdAt, clientIdLength) {
    const out2 = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX + clientIdLength);
    const body = out2.begin2(tag);
    out2.uintField(8, reason);
    out2.uintField(16, marketId);
    out2.uintField(24, orderId3);
    out2.bytesField(34, bytes, clientIdAt, clientIdLength);
    out2.end2(body);
    out2.end2(event);
  }
  commandRejected(reason) {
    const out2 = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX);
    const body = out2.begin2(122);
    out2.uintField(8, reason);
    out2.end2(body);
    out2.end2(event);
  }
  timeAdvanced() {
    const out2 = this.#out;
    const event = this.#startEvent(EVENT_BYTES_MAX);
    out2.byte(146);
    out2.byte(2);
    out2.byte(0);
    out2.end2(event);
  }
  balanceChanged(account, asset, limbs, at, before, was) {
    const seqs = this.#accounts.balanceSeq;
    const seq = seqs[account] + 1;
    seqs[account] = seq;
    this.#empty = false;
    const out2 = this.#out;
    out2.reserve(EVENT_BYTES_MAX);
    const { bytes } = out2;
    const values = this.#values;
    values[0] = account + 1;
    values[1] = seq;
    values[2] = asset + 1;
    const start = out2.at;
    bytes[start] = EVENTS;
    bytes[start + 3] = 50;
    let fields2 = 3;
    if (limbs[at + 1] < EXACT_LIMB && limbs[at + 3] < EXACT_LIMB && before[was + 1] < EXACT_LIMB && before[was + 3] < EXACT_LIMB) {
      const available = limbs[at + 1] * LIMB + limbs[at];
      const held = limbs[at + 3] * LIMB + limbs[at + 2];
      const availableChange = available - (before[was + 1] * LIMB + before[was]);
      const heldChange = held - (before[was + 3] * LIMB + before[was + 2]);
      if (availableChange <= ZIGZAG_EXACT && availableChange >= -ZIGZAG_EXACT && heldChange <= ZIGZAG_EXACT && heldChange >= -ZIGZAG_EXACT) {
        values[3] = available;
        values[4] = held;
        values[5] = availableChange < 0 ? -availableChange * 2 - 1 : availableChange * 2;
        values[6] = heldChange < 0 ? -heldChange * 2 - 1 : heldChange * 2;
        fields2 = 7;
      }
    }
    out2.at = putFields(bytes, start + 6, 8, values, 0, fields2);
    if (fields2 === 3) {
      out2.limbsField(32, limbs[at + 1], limbs[at]);
      out2.limbsField(40, limbs[at + 3], limbs[at + 2]);
      changeField(out2, 48, limbs, at, before, was);
      changeField(out2, 56, limbs, at + 2, before, was + 2);
    }
    putLength(bytes, start + 4, out2.at - start - 6);
    putLength(bytes, start + 1, out2.at - start - 3);
  }
  other(body) {
    const bytes = toBinary(EventSchema, create(EventSchema, { body }));
    const event = this.#startEvent(EVENT_BYTES_MAX + bytes.length);
    this.#out.copy(bytes, 0, bytes.length);
    this.#out.end2(event);
  }
  #startEvent(bytesMax) {
    this.#empty = false;
    this.#out.reserve(bytesMax);
    return this.#out.begin2(EVENTS);
  }
  #orderEvent(tag, slot) {
    this.#empty = false;
    const out2 = this.#out;
    out2.reserve(EVENT_BYTES_MAX + ORDER_BYTES_MAX);
    const { bytes } = out2;
    const start = out2.at;
    bytes[start] = EVENTS;
    bytes[start + 3] = tag;
    const end = this.#putCountedOrder(start + 6, slot);
    out2.at = end;
    putLength(bytes, start + 4, end - start - 6);
    putLength(bytes, start + 1, end - start - 3);
  }
  // Execution seq, and the order: the first two fields of all that tell one.
  #putCountedOrder(start, slot) {
    const { bytes } = this.#out;
    bytes[start] = 8;
    const order = putWide(bytes, start + 1, this.#accounts.executionSeq[this.#countExecution(slot)]);
    bytes[order] = ORDER_2;
    const end = putOrder(this.#out, order + 3, this.#orders, slot);
    putLength(bytes, order + 1, end - order - 3);
    return end;
  }
  // Fee and its asset stand in `#values`.
  #putTradeSide(start, tag, slot) {
    const { bytes } = this.#out;
    bytes[start] = tag;
    const end = putFields(bytes, this.#putCountedOrder(start + 3, slot), 24, this.#values, 0, 2);
    putLength(bytes, start + 1, end - start - 3);
    return end;
  }
  // Counts one more event of the order's owner; answers his row, where the number stands.
  #countExecution(slot) {
    const seqs = this.#accounts.executionSeq;
    const row = this.#orders.i32[slot * RECORD_I32 + ACCOUNT];
    seqs[row] = seqs[row] + 1;
    return row;
  }
};

// services/engine/log/logChain.ts
import { hash } from "node:crypto";
var CHAIN_BYTES = 32;
var SCRATCH_BYTES_START = 1 << 14;
var LogChain = class {
  // The last link and the entry side by side: the hash takes them as one piece.
  #scratch = Buffer.alloc(SCRATCH_BYTES_START);
  /** The link after `link`: that of the entry with these bytes. */
  next(link, entry) {
    const length = CHAIN_BYTES + entry.length;
    if (length > this.#scratch.length) this.#scratch = Buffer.alloc(length * 2);
    const scratch = this.#scratch;
    scratch.set(link, 0);
    scratch.set(entry, CHAIN_BYTES);
    return Buffer.from(hash("sha256", scratch.subarray(0, length), "binary"), "latin1");
  }
};

// services/engine/marketData.ts
var FRAMES = 10;
var BOOK_DELTA = 10;
var TRADES = 18;
var LEVEL_BYTES_MAX = 5 + 8;
var TRADE_BYTES_MAX = 64;
var FRAME_BYTES_MAX = 128;
var INSERTION_SORT_MAX = 48;
var ChangedPrices = class {
  ticks = new Int32Array(64);
  count = 0;
  push(ticks) {
    if (this.count === this.ticks.length) {
      const grown = new Int32Array(this.count * 2);
      grown.set(this.ticks);
      this.ticks = grown;
    }
    this.ticks[this.count++] = ticks;
  }
  /** Ascending, each once. A level that went and came back within an entry was pushed twice. */
  settle() {
    const { ticks, count } = this;
    if (count > INSERTION_SORT_MAX) ticks.subarray(0, count).sort();
    else {
      for (let i = 1; i < count; i++) {
        const price2 = ticks[i];
        let at = i - 1;
        while (at >= 0 && ticks[at] > price2) {
          ticks[at + 1] = ticks[at];
          at--;
        }
        ticks[at + 1] = price2;
      }
    }
    let kept = 0;
    for (let i = 0; i < count; i++) if (i === 0 || ticks[i] !== ticks[i - 1]) ticks[kept++] = ticks[i];
    this.count = kept;
  }
};
var MarketFeed = class {
  /** Seq of the last command that changed the book: what a snapshot carries and the next delta chains to. */
  bookSeq = 0;
  #marketId;
  #bids = new ChangedPrices();
  #asks = new ChangedPrices();
  #trades = new ProtobufWriter(1024);
  #out = new ProtobufWriter(4096);
  #tradeCount = 0;
  #told;
  #changeSeq = 0;
  #currentSeq = 0;
  constructor(marketId) {
    this.#marketId = marketId;
  }
  /** Whether anything was collected since the last `take`. */
  get pending() {
    return this.#changeSeq !== 0 || this.#tradeCount !== 0 || this.#told !== void 0;
  }
  /** Adds a whole ServerBatch to the entry's frames; undefined adds nothing. */
  tell(frames) {
    this.#told = frames;
  }
  /** The seq of the command whose changes come next. */
  startCommand(seq) {
    this.#currentSeq = seq;
  }
  /** The book says that the level at this price is not what it was. */
  levelChanged(side, ticks) {
    (side === BUY ? this.#bids : this.#asks).push(ticks);
  }
  /** The running command changed the book: the entry's delta carries at least its seq. */
  bookChanged() {
    this.#changeSeq = this.#currentSeq;
  }
  trade(tradeId, priceTicks, quantityLots, takerSide, timeUs) {
    const out2 = this.#trades;
    out2.reserve(TRADE_BYTES_MAX);
    const start = out2.begin2(26);
    out2.uintField(8, tradeId);
    out2.uintField(16, priceTicks);
    out2.uintField(24, quantityLots);
    out2.uintField(32, takerSide);
    out2.uintField(40, this.#currentSeq);
    out2.uintField(48, timeUs);
    out2.end2(start);
    this.#tradeCount++;
  }
  /** The entry's frames as ServerBatch bytes, valid until the next call; and a clean sheet for the next entry. */
  take(book, epoch, timeUs) {
    const out2 = this.#out;
    out2.at = 0;
    if (this.#changeSeq !== 0) this.#writeDelta(book, epoch, timeUs);
    if (this.#tradeCount !== 0) {
      out2.reserve(FRAME_BYTES_MAX + this.#trades.at);
      const frame = out2.begin4(FRAMES);
      const trades = out2.begin4(TRADES);
      out2.uintField(8, this.#marketId);
      out2.uintField(16, epoch);
      out2.copy(this.#trades.bytes, 0, this.#trades.at);
      out2.end4(trades);
      out2.end4(frame);
      this.#trades.at = 0;
      this.#tradeCount = 0;
    }
    if (this.#told !== void 0) {
      out2.reserve(this.#told.length);
      out2.copy(this.#told, 0, this.#told.length);
      this.#told = void 0;
    }
    book.startRound();
    return out2.written();
  }
  /** Drops what a restore reported as changed. */
  forget(book) {
    this.#bids.count = 0;
    this.#asks.count = 0;
    this.#changeSeq = 0;
    book.startRound();
  }
  #writeDelta(book, epoch, timeUs) {
    const out2 = this.#out;
    if (this.#bids.count === 0 && this.#asks.count === 0) {
      this.#changeSeq = 0;
      return;
    }
    this.#bids.settle();
    this.#asks.settle();
    out2.reserve(FRAME_BYTES_MAX + (this.#bids.count + this.#asks.count) * LEVEL_BYTES_MAX);
    const frame = out2.begin4(FRAMES);
    const delta = out2.begin4(BOOK_DELTA);
    out2.uintField(8, this.#marketId);
    out2.uintField(16, epoch);
    out2.uintField(24, this.bookSeq);
    out2.uintField(32, this.#changeSeq);
    out2.uintField(40, timeUs);
    const { ticks: bids, count: bidCount } = this.#bids;
    if (bidCount > 0) {
      const prices = out2.begin4(50);
      for (let i = bidCount - 1; i >= 0; i--) out2.varint(bids[i]);
      out2.end4(prices);
      const lots = out2.begin4(58);
      for (let i = bidCount - 1; i >= 0; i--) out2.varint(book.lotsAt(BUY, bids[i]));
      out2.end4(lots);
    }
    const { ticks: asks, count: askCount } = this.#asks;
    if (askCount > 0) {
      const prices = out2.begin4(66);
      for (let i = 0; i < askCount; i++) out2.varint(asks[i]);
      out2.end4(prices);
      const lots = out2.begin4(74);
      for (let i = 0; i < askCount; i++) out2.varint(book.lotsAt(SELL, asks[i]));
      out2.end4(lots);
    }
    out2.end4(delta);
    out2.end4(frame);
    this.bookSeq = this.#changeSeq;
    this.#changeSeq = 0;
    this.#bids.count = 0;
    this.#asks.count = 0;
  }
};

// services/engine/referencePrice.ts
var MINUTE_US = 6e7;
var MINUTES = 5;
var minuteOf = (timeUs) => Math.floor(timeUs / MINUTE_US);
var ReferencePrice = class {
  // A ring by minute.
  #minute = new Float64Array(MINUTES).fill(-1);
  #lots = new Float64Array(MINUTES);
  #ticksTimesLots = new Float64Array(MINUTES);
  /** Counts a trade in. */
  trade(priceTicks, lots, timeUs) {
    const minute = minuteOf(timeUs);
    const at = minute % MINUTES;
    if (this.#minute[at] !== minute) {
      this.#minute[at] = minute;
      this.#lots[at] = 0;
      this.#ticksTimesLots[at] = 0;
    }
    this.#lots[at] = this.#lots[at] + lots;
    this.#ticksTimesLots[at] = this.#ticksTimesLots[at] + priceTicks * lots;
  }
  /** The reference price in whole ticks, rounded down; 0 when there is none. */
  ticks(timeUs, lastPriceTicks) {
    const oldest = minuteOf(timeUs) - MINUTES + 1;
    let lots = 0;
    let ticksTimesLots = 0;
    for (let at = 0; at < MINUTES; at++) {
      if (this.#minute[at] < oldest) continue;
      lots += this.#lots[at];
      ticksTimesLots += this.#ticksTimesLots[at];
    }
    return lots === 0 ? lastPriceTicks : Math.floor(ticksTimesLots / lots);
  }
  /** The minutes held, ascending, for a snapshot; those too old to matter are told too, as they are state. */
  minutes() {
    const held = [];
    for (let at = 0; at < MINUTES; at++) {
      const minute = this.#minute[at];
      if (minute >= 0) held.push({ minute, lots: this.#lots[at], ticksTimesLots: this.#ticksTimesLots[at] });
    }
    return held.sort((a, b) => a.minute - b.minute);
  }
  restore(minute, lots, ticksTimesLots) {
    const at = minute % MINUTES;
    this.#minute[at] = minute;
    this.#lots[at] = lots;
    this.#ticksTimesLots[at] = ticksTimesLots;
  }
};

// services/engine/markets.ts
var ASSET_CODE = /^[A-Z0-9]{1,16}$/;
var SYMBOL = /^[A-Z0-9]{2,32}$/;
var NAME_LENGTH_MAX = 64;
var SCALE_MAX = 18;
var Markets = class {
  assets = [];
  markets = [];
  #openBook;
  constructor(openBook) {
    this.#openBook = openBook;
  }
  byId(marketId) {
    return this.markets[marketId - 1];
  }
  checkAsset(asset) {
    if (!ASSET_CODE.test(asset.code) || asset.name.length > NAME_LENGTH_MAX || asset.scale > SCALE_MAX) return RejectReason.INVALID_DEFINITION;
    if (this.assets.some((a) => a.code === asset.code)) return RejectReason.ALREADY_EXISTS;
    if (this.assets.length >= ASSETS_MAX) return RejectReason.INVALID_DEFINITION;
    return RejectReason.UNSPECIFIED;
  }
  addAsset(asset) {
    const listed = create(AssetSchema, { assetId: this.assets.length + 1, code: asset.code, name: asset.name, scale: asset.scale });
    this.assets.push(listed);
    return listed;
  }
  /** Whether the message may replace the rules of the market it names; what is fixed must be the same, or unset. */
  checkUpdate(m) {
    const market = this.byId(m.marketId);
    if (market === void 0) return RejectReason.UNKNOWN_MARKET;
    const same = (value, fixed2) => Number(value) === 0 || Number(value) === fixed2;
    const fixed = (m.symbol === "" || m.symbol === market.symbol) && same(m.baseAssetId, market.base + 1) && same(m.quoteAssetId, market.quote + 1) && same(m.tickSizeUnits, market.tickSizeUnits) && same(m.lotSizeUnits, market.lotSizeUnits) && same(m.notionalUnits, market.notionalUnits) && same(m.status, market.status);
    return fixed && areRules(m, BigInt(market.lotSizeUnits)) ? RejectReason.UNSPECIFIED : RejectReason.INVALID_DEFINITION;
  }
  checkMarket(market) {
    const base2 = this.assets[market.baseAssetId - 1];
    const quote = this.assets[market.quoteAssetId - 1];
    if (base2 === void 0 || quote === void 0) return RejectReason.UNKNOWN_ASSET;
    if (base2 === quote || !SYMBOL.test(market.symbol)) return RejectReason.INVALID_DEFINITION;
    if (this.markets.some((m) => m.symbol === market.symbol)) return RejectReason.ALREADY_EXISTS;
    if (this.markets.length >= MARKETS_MAX) return RejectReason.INVALID_DEFINITION;
    const whole = 10n ** BigInt(base2.scale);
    const valid = inOrder(market.tickSizeUnits) && inOrder(market.lotSizeUnits) && market.tickSizeUnits * market.lotSizeUnits % whole === 0n && inOrder(market.tickSizeUnits * market.lotSizeUnits / whole) && areRules(market, market.lotSizeUnits) && (market.status === MarketStatus.UNSPECIFIED || isListableStatus(market.status));
    return valid ? RejectReason.UNSPECIFIED : RejectReason.INVALID_DEFINITION;
  }
  /** Lists a market that passed `checkMarket`. */
  addMarket(m) {
    const base2 = this.assets[m.baseAssetId - 1];
    const row = this.markets.length;
    const market = {
      row,
      id: row + 1,
      symbol: m.symbol,
      base: m.baseAssetId - 1,
      quote: m.quoteAssetId - 1,
      tickSizeUnits: Number(m.tickSizeUnits),
      lotSizeUnits: Number(m.lotSizeUnits),
      notionalUnits: Number(m.tickSizeUnits * m.lotSizeUnits / 10n ** BigInt(base2.scale)),
      ...rulesOf(m),
      ...this.#openBook(row),
      status: m.status === MarketStatus.UNSPECIFIED ? MarketStatus.TRADING : m.status,
      auction: void 0,
      nextTradeId: 1,
      lastPriceTicks: 0,
      reference: new ReferencePrice()
    };
    this.markets.push(market);
    return market;
  }
};
var inOrder = (...values) => values.every((v, i) => v >= 1n && v <= BigInt(EXACT_MAX) && (i === 0 || v >= (values[i - 1] ?? 0n)));
var inBounds = (low, high) => high === 0 || low <= high;
function areRules(m, lotSizeUnits) {
  const tiers = new Set(m.feeTiers.map(({ tier }) => tier));
  return inOrder(m.minPriceTicks, m.maxPriceTicks, BigInt(PRICE_TICKS_MAX)) && inOrder(m.minQuantityLots, m.maxMarketQuantityLots, m.maxQuantityLots) && m.maxQuantityLots * lotSizeUnits <= BigInt(EXACT_MAX) && m.minMarketQuantityLots <= m.maxMarketQuantityLots && inOrder(m.minNotionalUnits, m.maxNotionalUnits) && m.makerFeePpm <= FEE_PPM_MAX && m.takerFeePpm <= FEE_PPM_MAX && m.maxNumOrders >= 1 && m.maxPositionLots * lotSizeUnits <= BigInt(EXACT_MAX) && inBounds(m.bidMultiplierDownBips, m.bidMultiplierUpBips) && inBounds(m.askMultiplierDownBips, m.askMultiplierUpBips) && inBounds(m.minTrailingAboveBips, m.maxTrailingAboveBips) && inBounds(m.minTrailingBelowBips, m.maxTrailingBelowBips) && Math.max(m.bidMultiplierUpBips, m.bidMultiplierDownBips, m.askMultiplierUpBips, m.askMultiplierDownBips) <= MULTIPLIER_BIPS_MAX && m.priceBandBips <= MULTIPLIER_BIPS_MAX && m.feeTiers.length <= FEE_TIERS_MAX && tiers.size === m.feeTiers.length && !tiers.has(0) && m.feeTiers.every(({ makerFeePpm, takerFeePpm }) => makerFeePpm <= FEE_PPM_MAX && takerFeePpm <= FEE_PPM_MAX);
}
function rulesOf(m) {
  return {
    makerFeePpm: m.makerFeePpm,
    takerFeePpm: m.takerFeePpm,
    minPriceTicks: Number(m.minPriceTicks),
    maxPriceTicks: Number(m.maxPriceTicks),
    minQuantityLots: Number(m.minQuantityLots),
    maxQuantityLots: Number(m.maxQuantityLots),
    maxMarketQuantityLots: Number(m.maxMarketQuantityLots),
    minNotionalUnits: Number(m.minNotionalUnits),
    maxNotionalUnits: Number(m.maxNotionalUnits),
    maxNumOrders: m.maxNumOrders,
    maxNumAlgoOrders: m.maxNumAlgoOrders,
    maxPositionLots: Number(m.maxPositionLots),
    maxIcebergParts: m.maxIcebergParts,
    minMarketQuantityLots: Number(m.minMarketQuantityLots),
    bidMultiplierUpBips: m.bidMultiplierUpBips,
    bidMultiplierDownBips: m.bidMultiplierDownBips,
    askMultiplierUpBips: m.askMultiplierUpBips,
    askMultiplierDownBips: m.askMultiplierDownBips,
    minTrailingAboveBips: m.minTrailingAboveBips,
    maxTrailingAboveBips: m.maxTrailingAboveBips,
    minTrailingBelowBips: m.minTrailingBelowBips,
    maxTrailingBelowBips: m.maxTrailingBelowBips,
    priceBandBips: m.priceBandBips,
    maxNumOrderLists: m.maxNumOrderLists,
    maxNumIcebergOrders: m.maxNumIcebergOrders,
    maxNumOrderAmends: m.maxNumOrderAmends,
    feeTiers: m.feeTiers.map(({ tier, makerFeePpm, takerFeePpm }) => ({ tier, makerFeePpm, takerFeePpm }))
  };
}
function makerRate(market, tier) {
  if (tier === 0) return market.makerFeePpm;
  for (const rates of market.feeTiers) if (rates.tier === tier) return rates.makerFeePpm;
  return market.makerFeePpm;
}
function takerRate(market, tier) {
  if (tier === 0) return market.takerFeePpm;
  for (const rates of market.feeTiers) if (rates.tier === tier) return rates.takerFeePpm;
  return market.takerFeePpm;
}
function isListableStatus(status) {
  switch (status) {
    case MarketStatus.TRADING:
    case MarketStatus.HALT:
    case MarketStatus.CANCEL_ONLY:
    case MarketStatus.POST_ONLY:
      return true;
    case MarketStatus.UNSPECIFIED:
    case MarketStatus.AUCTION:
      return false;
    default:
      return false;
  }
}
function mayBecome({ status: now, auction }, next) {
  if (next === MarketStatus.AUCTION) return auction !== void 0 || now === MarketStatus.HALT;
  return isListableStatus(next) && (auction === void 0 || next !== MarketStatus.POST_ONLY);
}
function marketMessage(market) {
  return create(MarketSchema, {
    marketId: market.id,
    symbol: market.symbol,
    baseAssetId: market.base + 1,
    quoteAssetId: market.quote + 1,
    tickSizeUnits: BigInt(market.tickSizeUnits),
    lotSizeUnits: BigInt(market.lotSizeUnits),
    notionalUnits: BigInt(market.notionalUnits),
    status: market.status,
    makerFeePpm: market.makerFeePpm,
    takerFeePpm: market.takerFeePpm,
    minPriceTicks: BigInt(market.minPriceTicks),
    maxPriceTicks: BigInt(market.maxPriceTicks),
    minQuantityLots: BigInt(market.minQuantityLots),
    maxQuantityLots: BigInt(market.maxQuantityLots),
    maxMarketQuantityLots: BigInt(market.maxMarketQuantityLots),
    minNotionalUnits: BigInt(market.minNotionalUnits),
    maxNotionalUnits: BigInt(market.maxNotionalUnits),
    maxNumOrders: market.maxNumOrders,
    maxNumAlgoOrders: market.maxNumAlgoOrders,
    maxPositionLots: BigInt(market.maxPositionLots),
    maxIcebergParts: market.maxIcebergParts,
    minMarketQuantityLots: BigInt(market.minMarketQuantityLots),
    bidMultiplierUpBips: market.bidMultiplierUpBips,
    bidMultiplierDownBips: market.bidMultiplierDownBips,
    askMultiplierUpBips: market.askMultiplierUpBips,
    askMultiplierDownBips: market.askMultiplierDownBips,
    minTrailingAboveBips: market.minTrailingAboveBips,
    maxTrailingAboveBips: market.maxTrailingAboveBips,
    minTrailingBelowBips: market.minTrailingBelowBips,
    maxTrailingBelowBips: market.maxTrailingBelowBips,
    priceBandBips: market.priceBandBips,
    maxNumOrderLists: market.maxNumOrderLists,
    maxNumIcebergOrders: market.maxNumIcebergOrders,
    maxNumOrderAmends: market.maxNumOrderAmends,
    feeTiers: [...market.feeTiers]
  });
}

// services/engine/dedupe.ts
var ACCOUNT2 = 0;
var SECOND = 1;
var LENGTH = 2;
var ID = 3;
var WORDS = ID + CLIENT_ID_WORDS;
var DEDUPE_RECORD_BYTES = WORDS * 4;
var LIST = 256;
var LIST_HASH = 1540483477;
var NUMBERS = (1 << 22) - 1;
var BUCKET_WORDS = 16;
var TAGS = 1;
var TAG_BYTES = 16843009;
var TAG_HIGHS = 2155905152 | 0;
var NUMBERED = 4;
var ENTRIES = 12;
var PLACE = 15;
var OVERFLOWED = 16;
var OVERFLOW_SHIFT = 8;
var USED = 1 << 31;
var CAPACITIES = [1 << 12, 1 << 15, 1 << 18];
var RECORDS_PER_BUCKET = 8;
var Dedupe = class {
  #capacity = CAPACITIES[0];
  #records = new Int32Array(this.#capacity * WORDS);
  #bytes = new Uint8Array(this.#records.buffer);
  #index = new Int32Array(this.#capacity / RECORDS_PER_BUCKET * BUCKET_WORDS);
  #shift = 32 - Math.log2(this.#capacity / RECORDS_PER_BUCKET);
  /** Number of the oldest remembered id, and how many there are from it on. */
  #oldest = 0;
  #size = 0;
  #second = 0;
  #idsMax;
  /** `idsMax` below DEDUPE_IDS_MAX is for tests. */
  constructor(idsMax = DEDUPE_IDS_MAX) {
    invariant(idsMax <= (CAPACITIES.at(-1) ?? 0), "the ring is too small for the ids it is to remember");
    this.#idsMax = idsMax;
  }
  /** How many ids are remembered. */
  get size() {
    return this.#size;
  }
  /** To be called when the engine's time has moved: forgets what is past its time. */
  setTime(timeUs) {
    const second = Math.floor(timeUs / 1e6) | 0;
    if (second === this.#second) return;
    this.#second = second;
    let from = 0;
    let to = this.#size;
    while (from < to) {
      const middle = from + to >>> 1;
      if (this.#age(this.#oldest + middle) > DEDUPE_SECONDS) from = middle + 1;
      else to = middle;
    }
    this.#oldest = this.#oldest + from & NUMBERS;
    this.#size -= from;
  }
  /** Whether the account may not use this id. */
  remembers(account, id) {
    return this.#find(account, id.hash, id.words, 0, id.length);
  }
  /** Remembers an id of the account from now on. */
  remember(account, id) {
    this.#add(account, id.hash, id.words, 0, id.length);
  }
  /** Whether the account may not use this id for a list of orders. */
  remembersList(account, id) {
    return this.#find(account, id.hash ^ LIST_HASH, id.words, 0, id.length | LIST);
  }
  /** Remembers a list's id of the account from now on. */
  rememberList(account, id) {
    this.#add(account, id.hash ^ LIST_HASH, id.words, 0, id.length | LIST);
  }
  /** The remembered ids as records, oldest first, for a snapshot; `out` has room for `size` of them. */
  copy(out2 = new Uint8Array(this.#size * DEDUPE_RECORD_BYTES)) {
    const size = this.#size;
    const first = this.#oldest & this.#capacity - 1;
    const untilEnd = Math.min(size, this.#capacity - first);
    out2.set(this.#bytes.subarray(first * DEDUPE_RECORD_BYTES, (first + untilEnd) * DEDUPE_RECORD_BYTES));
    out2.set(this.#bytes.subarray(0, (size - untilEnd) * DEDUPE_RECORD_BYTES), untilEnd * DEDUPE_RECORD_BYTES);
    return out2;
  }
  /** Takes what `copy` handed out; this must be new, and its time set. */
  restore(records) {
    const now = this.#second;
    invariant(this.#size === 0 && records.length % DEDUPE_RECORD_BYTES === 0, "a snapshot's remembered ids are not records");
    const words = new Int32Array(new Uint8Array(records).buffer);
    for (let w = 0; w < words.length; w += WORDS) {
      const length = words[w + LENGTH] & ~LIST;
      invariant(length >= 1 && length <= CLIENT_ORDER_ID_BYTES_MAX, "a snapshot remembers an id that is none");
      this.#second = words[w + SECOND];
      this.#add(words[w + ACCOUNT2], hashOf2(words, w), words, w + ID, words[w + LENGTH]);
    }
    this.#second = now;
  }
  /** Walks every record: all in order, none past its time, each found. @throws InvariantViolation */
  validate() {
    invariant(this.#size <= this.#idsMax, "more client order ids are remembered than may be");
    let before = DEDUPE_SECONDS;
    for (let i = 0; i < this.#size; i++) {
      const number = this.#oldest + i;
      const age2 = this.#age(number);
      invariant(age2 <= before, "remembered ids are not in the order in which they were accepted, or one is past its time");
      before = age2;
      const w = (number & this.#capacity - 1) * WORDS;
      const found = this.#find(this.#records[w + ACCOUNT2], hashOf2(this.#records, w), this.#records, w + ID, this.#records[w + LENGTH]);
      invariant(found, "a remembered client order id is not found");
    }
  }
  // `tagged` is the length, with LIST set for a list's id.
  #find(account, hash2, words, from, tagged) {
    const index = this.#index;
    const oldest = this.#oldest;
    const size = this.#size;
    const wanted = Math.imul(hash2 & 255, TAG_BYTES);
    for (let bucket = hash2 >>> this.#shift; ; bucket = bucket + 1 & index.length / BUCKET_WORDS - 1) {
      const at = bucket * BUCKET_WORDS;
      const a = index[at + TAGS] ^ wanted;
      const b = index[at + TAGS + 1] ^ wanted;
      const c = index[at + TAGS + 2] ^ wanted;
      if (((a - TAG_BYTES & ~a | b - TAG_BYTES & ~b | c - TAG_BYTES & ~c) & TAG_HIGHS) !== 0) {
        for (let i = at + NUMBERED; i < at + BUCKET_WORDS; i++) {
          const entry = index[i];
          if ((entry - oldest & NUMBERS) < size && this.#is(entry & this.#capacity - 1, account, words, from, tagged)) return true;
        }
      }
      const head = index[at];
      if ((head & OVERFLOWED) === 0 || ((head >>> OVERFLOW_SHIFT) - oldest & NUMBERS) >= size) return false;
    }
  }
  // The number of a new record, which is then to be written.
  #next() {
    if (this.#size === this.#idsMax) {
      this.#oldest = this.#oldest + 1 & NUMBERS;
      this.#size--;
    } else if (this.#size === this.#capacity) this.#grow();
    return this.#oldest + this.#size++ & NUMBERS;
  }
  #add(account, hash2, words, from, tagged) {
    const number = this.#next();
    const records = this.#records;
    const record = (number & this.#capacity - 1) * WORDS;
    records[record] = account;
    records[record + SECOND] = this.#second;
    records[record + LENGTH] = tagged;
    copyClientIdWords(words, from, records, record + ID);
    this.#enter(number, hash2);
  }
  #enter(number, hash2) {
    const index = this.#index;
    for (let bucket = hash2 >>> this.#shift; ; bucket = bucket + 1 & index.length / BUCKET_WORDS - 1) {
      const at = bucket * BUCKET_WORDS;
      const head = index[at];
      const place = head & PLACE;
      const before = index[at + NUMBERED + place];
      if ((before & USED) === 0 || (before - this.#oldest & NUMBERS) >= this.#size - 1) {
        const tags = at + TAGS + (place >>> 2);
        const bits = (place & 3) << 3;
        index[tags] = index[tags] & ~(255 << bits) | (hash2 & 255) << bits;
        index[at + NUMBERED + place] = USED | number;
        index[at] = head & ~PLACE | (place === ENTRIES - 1 ? 0 : place + 1);
        return;
      }
      index[at] = number << OVERFLOW_SHIFT | OVERFLOWED | place;
    }
  }
  #is(place, account, words, from, tagged) {
    const records = this.#records;
    const w = place * WORDS;
    if (records[w + ACCOUNT2] !== account || records[w + LENGTH] !== tagged) return false;
    for (let i = 0; i < CLIENT_ID_WORDS; i++) if (records[w + ID + i] !== words[from + i]) return false;
    return true;
  }
  // Whole seconds since the id was accepted.
  #age(number) {
    return this.#second - this.#records[(number & this.#capacity - 1) * WORDS + SECOND] >>> 0;
  }
  #grow() {
    const capacity = CAPACITIES.find((step) => step > this.#capacity);
    invariant(capacity !== void 0, "more client order ids are remembered than may be");
    const bytes = new Uint8Array(capacity * DEDUPE_RECORD_BYTES);
    bytes.set(this.copy());
    this.#capacity = capacity;
    this.#bytes = bytes;
    this.#records = new Int32Array(bytes.buffer);
    this.#index = new Int32Array(capacity / RECORDS_PER_BUCKET * BUCKET_WORDS);
    this.#shift = 32 - Math.log2(capacity / RECORDS_PER_BUCKET);
    this.#oldest = 0;
    const size = this.#size;
    for (this.#size = 1; this.#size <= size; this.#size++) this.#enter(this.#size - 1, hashOf2(this.#records, (this.#size - 1) * WORDS));
    this.#size = size;
  }
};
function hashOf2(records, w) {
  const hash2 = clientIdHash(records[w + ACCOUNT2], records, w + ID);
  return records[w + LENGTH] < LIST ? hash2 : hash2 ^ LIST_HASH;
}

// services/engine/fees.ts
var MILLION = 1e6;
function feeUnits(amountUnits, ratePpm) {
  if (ratePpm === 0) return 0;
  let millions = Math.floor(amountUnits / MILLION);
  let rest = amountUnits - millions * MILLION;
  if (rest < 0) {
    millions -= 1;
    rest += MILLION;
  }
  return millions * ratePpm + Math.ceil(rest * ratePpm / MILLION);
}

// services/engine/orderLists.ts
var CLIENT_LIST_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;
var workingIndex = (list) => list.type === OrderListType.OCO ? -1 : 0;
var isPair = (list, a, b) => a !== b && (list.type === OrderListType.OCO || list.type === OrderListType.OTOCO && a > 0 && b > 0);
var OrderLists = class {
  nextId = 1;
  #lists = /* @__PURE__ */ new Map();
  // Each as a snapshot has it: a list does not change, so it is encoded when it comes and not while a snapshot waits.
  #encoded = /* @__PURE__ */ new Map();
  add(list) {
    this.#lists.set(list.id, list);
    this.#encoded.set(list.id, toBinary(OrderListSchema, listMessage(list, OrderListStatus.EXECUTING, 0)));
    return list;
  }
  remove(list) {
    this.#lists.delete(list.id);
    this.#encoded.delete(list.id);
  }
  /** All lists as OrderList messages, one after the other, and where each ends. */
  freeze() {
    const ends = new Float64Array(this.#encoded.size);
    let end = 0;
    let i = 0;
    for (const bytes of this.#encoded.values()) ends[i++] = end += bytes.length;
    const all = new Uint8Array(end);
    i = 0;
    for (const bytes of this.#encoded.values()) all.set(bytes, ends[i++] - bytes.length);
    return { bytes: all, ends };
  }
  byId(id) {
    return this.#lists.get(id);
  }
  /** In the order of their ids. */
  all() {
    return this.#lists.values();
  }
  findClientId(account, clientId) {
    for (const list of this.#lists.values()) if (list.account === account && list.clientId === clientId) return list;
    return void 0;
  }
  /** Open lists of an account in a market. */
  count(account, market) {
    let count = 0;
    for (const list of this.#lists.values()) if (list.account === account && list.market === market) count++;
    return count;
  }
};
function checkListShape(type, clientId, orders) {
  if (!CLIENT_LIST_ID.test(clientId)) return RejectReason.INVALID_CLIENT_ORDER_ID;
  const [first, second, third] = orders;
  if (first === void 0 || second === void 0 || orders.some((o) => o.marketId !== first.marketId || o.quoteOrderUnits !== 0n)) return RejectReason.ORDER_LIST_SHAPE;
  if (new Set(orders.map((o) => o.clientOrderId)).size !== orders.length) return RejectReason.DUPLICATE_CLIENT_ORDER_ID;
  const works = first.type === OrderType.LIMIT || first.type === OrderType.LIMIT_MAKER;
  let fits = false;
  if (type === OrderListType.OCO) fits = orders.length === 2 && arePair(first, second);
  else if (type === OrderListType.OTO) fits = orders.length === 2 && works;
  else if (type === OrderListType.OTOCO) fits = orders.length === 3 && works && third !== void 0 && arePair(second, third);
  return fits ? RejectReason.UNSPECIFIED : RejectReason.ORDER_LIST_SHAPE;
}
function arePair(above, below) {
  if (above.side !== below.side || above.quantityLots !== below.quantityLots) return false;
  const [gains, stops] = above.side === BUY ? [below, above] : [above, below];
  const gainsFits = gains.type === OrderType.LIMIT_MAKER || gains.type === OrderType.TAKE_PROFIT || gains.type === OrderType.TAKE_PROFIT_LIMIT;
  if (!gainsFits || stops.type !== OrderType.STOP_LOSS && stops.type !== OrderType.STOP_LOSS_LIMIT) return false;
  const at = (order) => order.type === OrderType.LIMIT_MAKER ? order.priceTicks : order.stopPriceTicks;
  return standApart(at(above), at(below));
}
var standApart = (aboveTicks, belowTicks) => Number(aboveTicks) === 0 || Number(belowTicks) === 0 || aboveTicks > belowTicks;
function listMessage(list, status, timeUs) {
  return create(OrderListSchema, {
    orderListId: BigInt(list.id),
    accountId: BigInt(list.account + 1),
    marketId: list.market + 1,
    type: list.type,
    status,
    clientOrderListId: list.clientId,
    orderIds: list.orderIds.map(BigInt),
    updatedUs: BigInt(timeUs)
  });
}

// services/engine/priorityQueue.ts
var PriorityQueue = class {
  #heap = [];
  #before;
  constructor(before) {
    this.#before = before;
  }
  get size() {
    return this.#heap.length;
  }
  /** The entry whose turn is first, left where it is. */
  first() {
    return this.#heap[0];
  }
  add(entry) {
    this.#heap.push(entry);
    this.#rise(entry, this.#heap.length - 1);
  }
  /** Takes an entry out; one that is in no queue is left alone. */
  remove(entry) {
    const at = entry.queuedAt;
    if (at < 0) return;
    entry.queuedAt = -1;
    const last = this.#heap.pop();
    if (last === void 0 || last === entry) return;
    this.#rise(last, at);
    this.#sink(last, last.queuedAt);
  }
  #rise(entry, at) {
    const heap = this.#heap;
    while (at > 0) {
      const parentAt = at - 1 >>> 1;
      const parent = heap[parentAt];
      if (!this.#before(entry, parent)) break;
      heap[at] = parent;
      parent.queuedAt = at;
      at = parentAt;
    }
    heap[at] = entry;
    entry.queuedAt = at;
  }
  #sink(entry, at) {
    const heap = this.#heap;
    for (; ; ) {
      let childAt = at * 2 + 1;
      if (childAt >= heap.length) break;
      if (childAt + 1 < heap.length && this.#before(heap[childAt + 1], heap[childAt])) childAt++;
      const child = heap[childAt];
      if (!this.#before(child, entry)) break;
      heap[at] = child;
      child.queuedAt = at;
      at = childAt;
    }
    heap[at] = entry;
    entry.queuedAt = at;
  }
};

// services/engine/triggers.ts
var BIPS = 1e4;
function wakesOnRise(type, side) {
  const takesProfit = type === OrderType.TAKE_PROFIT || type === OrderType.TAKE_PROFIT_LIMIT;
  return takesProfit ? side !== BUY : side === BUY;
}
function trailingTriggerTicks(side, extremeTicks, deltaBips) {
  return side === BUY ? Math.ceil(extremeTicks * (BIPS + deltaBips) / BIPS) : Math.floor(extremeTicks * (BIPS - deltaBips) / BIPS);
}
var Triggers = class {
  /** Orders that wait; while 0, trades need not be told. */
  waiting = 0;
  #rises = new PriorityQueue((a, b) => a.triggerTicks !== b.triggerTicks ? a.triggerTicks < b.triggerTicks : a.orderId < b.orderId);
  #falls = new PriorityQueue((a, b) => a.triggerTicks !== b.triggerTicks ? a.triggerTicks > b.triggerTicks : a.orderId < b.orderId);
  /** Trailing orders that follow the market. */
  #trailing = /* @__PURE__ */ new Set();
  #ofAccount = /* @__PURE__ */ new Map();
  /** Waiting orders of an account. */
  count(account) {
    return this.#ofAccount.get(account) ?? 0;
  }
  /** An order begins to wait. A trailing order without stop price follows the market from `lastPriceTicks` (0: from the first trade) unless it does already. */
  add(terms, lastPriceTicks) {
    this.waiting++;
    this.#ofAccount.set(terms.account, this.count(terms.account) + 1);
    if (terms.trailingDeltaBips === 0 || terms.stopPriceTicks !== 0 && terms.trailingExtremeTicks === 0) {
      terms.triggerTicks = terms.stopPriceTicks;
      (wakesOnRise(terms.type, terms.side) ? this.#rises : this.#falls).add(terms);
      return;
    }
    this.#trailing.add(terms);
    const from = terms.trailingExtremeTicks === 0 ? lastPriceTicks : terms.trailingExtremeTicks;
    if (from !== 0) this.#follow(terms, from);
  }
  /** The order waits no longer. */
  remove(terms) {
    this.waiting--;
    const left = this.count(terms.account) - 1;
    if (left === 0) this.#ofAccount.delete(terms.account);
    else this.#ofAccount.set(terms.account, left);
    this.#unqueue(terms);
    this.#trailing.delete(terms);
  }
  /** The orders that a trade at this price wakes, by id. They stay here until `remove`. */
  wokenBy(ticks) {
    for (const terms of this.#trailing) {
      const better = terms.trailingExtremeTicks === 0 || (terms.side === BUY ? ticks < terms.trailingExtremeTicks : ticks > terms.trailingExtremeTicks);
      if (better) this.#follow(terms, ticks);
    }
    const woken = [];
    this.#take(this.#rises, (triggerTicks) => triggerTicks <= ticks, ticks, woken);
    this.#take(this.#falls, (triggerTicks) => triggerTicks >= ticks, ticks, woken);
    return woken.sort((a, b) => a.orderId - b.orderId);
  }
  #take(queue, met, ticks, woken) {
    for (let terms = queue.first(); terms !== void 0 && met(terms.triggerTicks); terms = queue.first()) {
      queue.remove(terms);
      if (terms.trailingDeltaBips !== 0 && terms.trailingExtremeTicks === 0) {
        this.#trailing.add(terms);
        this.#follow(terms, ticks);
      } else woken.push(terms);
    }
  }
  #follow(terms, extremeTicks) {
    this.#unqueue(terms);
    terms.trailingExtremeTicks = extremeTicks;
    terms.triggerTicks = trailingTriggerTicks(terms.side, extremeTicks, terms.trailingDeltaBips);
    (terms.side === BUY ? this.#rises : this.#falls).add(terms);
  }
  // A waiting order is in one queue at most, and knows its place there: which queue follows from what it waits for.
  #unqueue(terms) {
    const follows = terms.trailingDeltaBips !== 0 && terms.trailingExtremeTicks !== 0;
    const rises = follows ? terms.side === BUY : wakesOnRise(terms.type, terms.side);
    (rises ? this.#rises : this.#falls).remove(terms);
  }
};

// services/engine/rules.ts
var OK = RejectReason.UNSPECIFIED;
var PlacePlan = class {
  /** Row of the account. */
  account = 0;
  market;
  timeInForce = TimeInForce.UNSPECIFIED;
  /** What does not match at once stays in the book. */
  rests = false;
  /** No limit price: what the book cannot give expires. */
  isMarket = false;
  /** A stop or take-profit order: it is accepted, and carried out when a trade wakes it. */
  waits = false;
  /** The pending order of a list: it holds nothing and meets no book yet. */
  pending = false;
  /** The order says more than a plain one: it needs OrderTerms. */
  hasTerms = false;
  /** The order's own limit; for a market order the end of the scale. */
  limitTicks = 0;
  /** Worst price the order may trade at: its limit, or the end of the market's price band before that. */
  matchTicks = 0;
  /** Self-trade prevention mode; 0 when nothing can be prevented. */
  prevention = NO_PREVENTION;
  /** Lots to trade or rest: the quantity, or for an order by quote amount what the amount buys. */
  lots = 0;
  holdAsset = 0;
  holdUnits = 0;
  /** FOK only: the book holds enough. */
  fillable = true;
  /** An order by quote amount for which the book is too small: its rest expires though all of `lots` trade. */
  runsOut = false;
  /** An amendment only: the order's new quantity, and whether it stays where it is in the book. */
  quantityLots = 0;
  keepsPriority = false;
};
var Rules = class {
  /** Filled by checkPlace when it answers UNSPECIFIED. */
  plan = new PlacePlan();
  /** The client order id last read by a check, or by whoever needs one of a command. */
  clientId = new ClientOrderId();
  #accounts;
  #markets;
  #orders;
  #ledger;
  #dedupe;
  /** While a question is answered: the reasons found so far. */
  #failures;
  #walkLots = 0;
  #walkUnits = 0;
  #walkRanOut = false;
  constructor(accounts, markets, orders, ledger, dedupe) {
    this.#accounts = accounts;
    this.#markets = markets;
    this.#orders = orders;
    this.#ledger = ledger;
    this.#dedupe = dedupe;
  }
  /** UNSPECIFIED when the order may be placed; `plan` then says how. Of a pending order, what depends on the book and on money is left out. */
  checkPlace(c, timeUs, pending = false) {
    const plan = this.plan;
    plan.pending = pending;
    const account = this.#accounts.row(c.accountId);
    if (account < 0) return RejectReason.UNKNOWN_ACCOUNT;
    if (c.deadlineUs !== 0 && timeUs > c.deadlineUs && this.#ends(RejectReason.DEADLINE_PASSED)) return RejectReason.DEADLINE_PASSED;
    const market = this.#markets.byId(c.marketId);
    if (market === void 0) return RejectReason.UNKNOWN_MARKET;
    if (!this.clientId.read(account, c.bytes, c.clientIdAt, c.clientIdLength)) return RejectReason.INVALID_CLIENT_ORDER_ID;
    if (this.#isTaken(account) && this.#ends(RejectReason.DUPLICATE_CLIENT_ORDER_ID)) return RejectReason.DUPLICATE_CLIENT_ORDER_ID;
    plan.account = account;
    plan.market = market;
    const shape = this.#checkShape(c, timeUs);
    if (shape !== OK) return shape;
    if (this.#accounts.frozen[account] !== 0 && this.#ends(RejectReason.ACCOUNT_FROZEN)) return RejectReason.ACCOUNT_FROZEN;
    if (market.status === MarketStatus.AUCTION) {
      if (!this.#mayBeCollected(c) && this.#ends(RejectReason.MARKET_AUCTION)) return RejectReason.MARKET_AUCTION;
    } else if (market.status !== MarketStatus.TRADING) {
      if (market.status !== MarketStatus.POST_ONLY && this.#ends(RejectReason.MARKET_CLOSED)) return RejectReason.MARKET_CLOSED;
      if (c.type !== OrderType.LIMIT_MAKER && this.#ends(RejectReason.MARKET_POST_ONLY)) return RejectReason.MARKET_POST_ONLY;
    }
    plan.prevention = preventionOf(c.selfTradePrevention);
    if (c.pegType !== 0 && !plan.waits && !pending) {
      c.priceTicks = pegTicks({ side: c.side, pegType: c.pegType, pegOffsetLevels: c.pegOffsetLevels }, market);
      if (c.priceTicks === 0) return RejectReason.PEG_NO_LIQUIDITY;
    }
    const filters = plan.waits ? this.#checkWaiting(c, market, timeUs) : pending && (plan.isMarket || c.pegType !== 0) ? this.#checkUnpriced(c, market) : plan.isMarket ? this.#checkMarketOrder(c, market, timeUs) : this.#checkLimitOrder(c, market, timeUs);
    if (filters !== OK) return filters;
    if (this.#exceedsPosition(c.side, market) && this.#ends(RejectReason.MAX_POSITION)) return RejectReason.MAX_POSITION;
    if ((plan.rests || plan.waits || pending) && this.#accounts.openOrders(account, market.row) >= market.maxNumOrders && this.#ends(RejectReason.MAX_NUM_ORDERS)) return RejectReason.MAX_NUM_ORDERS;
    if (pending) return OK;
    return this.#ledger.covers(account, plan.holdAsset, this.#neededUnits(c)) ? OK : RejectReason.INSUFFICIENT_BALANCE;
  }
  /**
   * Every reason for which `checkPlace` would refuse the order, in its order. The first that says that the command is
   * no order at all, or whose it is, is also the last.
   */
  allFailures(c, timeUs) {
    const failures = [];
    this.#failures = failures;
    const last = this.checkPlace(c, timeUs);
    this.#failures = void 0;
    if (last !== OK) failures.push(last);
    return [...new Set(failures)];
  }
  // A rule is broken: for a command that is the end, for a question one more finding.
  #ends(reason) {
    if (this.#failures === void 0) return true;
    this.#failures.push(reason);
    return false;
  }
  // An open order has the id, or one had it a short while ago, which may be the first copy of this very request.
  #isTaken(account) {
    return this.#dedupe.remembers(account, this.clientId) || this.#orders.findClientId(account, this.clientId) !== NO_SLOT;
  }
  // MAX_POSITION: what the account has of the base asset, held or not, what it bids for, and this order.
  #exceedsPosition(side, market) {
    if (market.maxPositionLots === 0 || side !== BUY) return false;
    const { account, lots } = this.plan;
    const { i32, f64, u8 } = this.#orders;
    let units = this.#ledger.ownedUnits(account, market.base) + lots * market.lotSizeUnits;
    for (let slot = this.#accounts.firstOrder(account); slot !== NO_SLOT; slot = this.#accounts.nextOrder(slot)) {
      const other = this.#markets.markets[i32[slot * RECORD_I32 + MARKET]];
      const lotsOpen = f64[slot * RECORD_F64 + REMAINING_LOTS] + (this.#orders.termsOf(slot)?.hiddenLots ?? 0);
      if (u8[recordAt(slot) + SIDE] === BUY && other.base === market.base) units += lotsOpen * other.lotSizeUnits;
    }
    return units > market.maxPositionLots * market.lotSizeUnits;
  }
  #checkWaiting(c, market, timeUs) {
    const { plan } = this;
    const trigger = this.#checkTrigger(c, market);
    if (trigger !== OK) return trigger;
    const filters = plan.isMarket || c.pegType !== 0 ? this.#checkUnpriced(c, market) : this.#checkLimitOrder(c, market, timeUs);
    if (filters !== OK) return filters;
    if (market.maxNumAlgoOrders !== 0 && market.triggers.count(plan.account) >= market.maxNumAlgoOrders && this.#ends(RejectReason.MAX_NUM_ALGO_ORDERS)) return RejectReason.MAX_NUM_ALGO_ORDERS;
    return !plan.pending && this.#triggersAtOnce(c, market) ? RejectReason.WOULD_TRIGGER_IMMEDIATELY : OK;
  }
  // Coinbase's rule: an auction takes limit orders that stay, and not post-only ones, as both sides of it are takers. A
  // peg has no price there. What waits, for a price or for its list, is not of the auction.
  #mayBeCollected(c) {
    const { plan } = this;
    return plan.waits || plan.pending || c.type === OrderType.LIMIT && plan.rests && c.pegType === 0;
  }
  // What the uncross could not keep exact: a level together with what is collected at it, and what a seller may receive.
  #overflowsAuction(side, price2, lots, receivedUnits, market) {
    const { auction, book } = market;
    if (auction === void 0) return false;
    if (book.takeableAt(side, price2) + auction.queue(side).takeableAt(side, price2) + lots > EXACT_MAX) return true;
    if (side === BUY) return price2 > auction.priceCapTicks;
    return Math.max(book.bestBidTicks, auction.bids.bestBidTicks) > capTicks(lots, receivedUnits, market.notionalUnits);
  }
  /**
   * UNSPECIFIED when the account's order in `slot` may be amended; `plan` then says how. `partner` is the other order of
   * its pair, or NO_SLOT: a pair has one quantity, so what makes one smaller makes both.
   *
   * What may change, as on Binance (quantity down, in place, of whatever is open) and Kraken (another price):
   *   resting or collected   quantity, price (to the back)     LIMIT_MAKER keeps its promise
   *   waiting for a price    quantity, its limit price
   *   of a list              quantity (of a pair both), not the price: Binance's amendments change quantities alone
   *                          (faqs/order_amend_keep_priority), and a pair's places would have to be checked anew
   */
  checkAmend(c, slot, partner, market, timeUs) {
    const plan = this.plan;
    const { f64, i32, u8 } = this.#orders;
    const d = slot * RECORD_F64;
    const w = slot * RECORD_I32;
    const b = recordAt(slot);
    const account = i32[w + ACCOUNT];
    const terms = this.#orders.termsOf(slot);
    const waits = terms !== void 0 && terms.phase !== WORKING;
    const type = u8[b + TYPE];
    const oldPrice = i32[w + PRICE_TICKS];
    const price2 = c.newPriceTicks === 0 ? oldPrice : c.newPriceTicks;
    const moves = price2 !== oldPrice;
    if (moves && (terms?.list !== void 0 || isMarketType(type) || waits && terms.pegType !== 0)) return RejectReason.UNSUPPORTED_COMBINATION;
    if (c.newClientIdLength !== 0) {
      if (!this.clientId.read(account, c.bytes, c.newClientIdAt, c.newClientIdLength)) return RejectReason.INVALID_CLIENT_ORDER_ID;
      if (this.#isTaken(account)) return RejectReason.DUPLICATE_CLIENT_ORDER_ID;
    }
    if (this.#accounts.frozen[account] !== 0) return RejectReason.ACCOUNT_FROZEN;
    const side = u8[b + SIDE];
    const oldQuantity = f64[d + QUANTITY_LOTS];
    const quantity = c.newQuantityLots === 0 ? oldQuantity : c.newQuantityLots;
    const posts = type === OrderType.LIMIT_MAKER;
    const collects = market.status === MarketStatus.AUCTION;
    if (collects) {
      if (moves && posts) return RejectReason.MARKET_AUCTION;
    } else if (market.status !== MarketStatus.TRADING) {
      if (market.status !== MarketStatus.POST_ONLY) return RejectReason.MARKET_CLOSED;
      if (moves && !posts) return RejectReason.MARKET_POST_ONLY;
    }
    if (!moves && quantity === oldQuantity && c.newClientIdLength === 0) return RejectReason.AMEND_CHANGES_NOTHING;
    if (quantity > oldQuantity) return RejectReason.AMEND_INCREASES_QUANTITY;
    if (market.maxNumOrderAmends !== 0 && i32[w + AMEND_COUNT] >= market.maxNumOrderAmends) return RejectReason.MAX_NUM_ORDER_AMENDS;
    if (moves && (price2 < market.minPriceTicks || price2 > market.maxPriceTicks)) return RejectReason.PRICE_FILTER;
    const { book } = market;
    const rest = this.#restOf(slot);
    let lots = rest - (oldQuantity - quantity);
    if (partner !== NO_SLOT) lots = Math.min(lots, this.#restOf(partner) - (oldQuantity - quantity));
    if (lots > 0) {
      if (quantity < market.minQuantityLots || quantity > market.maxQuantityLots) return RejectReason.LOT_SIZE;
      const notional = this.#checkNotional(slot, price2, quantity, market);
      if (notional !== OK) return notional;
      const ofPartner = partner === NO_SLOT ? OK : this.#checkNotional(partner, i32[partner * RECORD_I32 + PRICE_TICKS], quantity, market);
      if (ofPartner !== OK) return ofPartner;
      if (moves) {
        if (!isNearReference(side, price2, market, timeUs)) return RejectReason.PERCENT_PRICE_BY_SIDE;
        if (book.takeableAt(side, price2) + lots > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
        if (!waits) {
          if (collects && this.#overflowsAuction(side, price2, lots, f64[d + EXECUTED_QUOTE_UNITS], market)) return RejectReason.NOTIONAL_OVERFLOW;
          const takes = !collects && (side === BUY ? book.bestAskTicks <= price2 : book.bestBidTicks >= price2);
          if (side === SELL && takes && book.bestBidTicks * lots * market.notionalUnits > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
          if (takes && posts) return RejectReason.WOULD_TAKE;
        }
      }
    }
    plan.account = account;
    plan.market = market;
    plan.timeInForce = u8[b + TIME_IN_FORCE];
    plan.rests = true;
    plan.isMarket = false;
    plan.waits = waits;
    plan.fillable = true;
    plan.runsOut = false;
    plan.limitTicks = price2;
    plan.matchTicks = withinBand(side, price2, market, timeUs);
    plan.prevention = preventionOf(u8[b + SELF_TRADE_PREVENTION]);
    plan.lots = lots;
    plan.quantityLots = quantity;
    plan.keepsPriority = !moves;
    plan.holdAsset = side === BUY ? market.quote : market.base;
    plan.holdUnits = side === BUY ? price2 * lots * market.notionalUnits : lots * market.lotSizeUnits;
    if (moves && side === BUY && lots > 0) {
      const more = plan.holdUnits - oldPrice * rest * market.notionalUnits;
      if (more > 0 && !this.#ledger.covers(account, market.quote, more)) return RejectReason.INSUFFICIENT_BALANCE;
    }
    return OK;
  }
  // What of an open order has neither traded nor ended, shown or not.
  #restOf(slot) {
    return this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] + (this.#orders.termsOf(slot)?.hiddenLots ?? 0);
  }
  // NOTIONAL of an order as amended. Without a limit, or with one that is not known yet, it is measured as when it was placed: where it would wake.
  #checkNotional(slot, price2, quantity, market) {
    const type = this.#orders.u8[recordAt(slot) + TYPE];
    const terms = this.#orders.termsOf(slot);
    let ticks = price2;
    if (isMarketType(type)) {
      if (quantity < market.minMarketQuantityLots || quantity > market.maxMarketQuantityLots) return RejectReason.MARKET_LOT_SIZE;
    }
    if (price2 === 0) ticks = terms === void 0 ? 0 : wakingTicks(terms, market);
    const notional = ticks * quantity * market.notionalUnits;
    if (notional > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    if (ticks !== 0 && notional < market.minNotionalUnits) return RejectReason.MIN_NOTIONAL;
    return notional > market.maxNotionalUnits ? RejectReason.MAX_NOTIONAL : OK;
  }
  #checkShape(c, timeUs) {
    const plan = this.plan;
    if (c.side !== BUY && c.side !== SELL) return RejectReason.INVALID_SIDE;
    if (c.type < OrderType.LIMIT || c.type > OrderType.TAKE_PROFIT_LIMIT) return RejectReason.INVALID_ORDER_TYPE;
    if (c.timeInForce > TimeInForce.GTD) return RejectReason.INVALID_TIME_IN_FORCE;
    const timeInForce = c.timeInForce;
    switch (c.type) {
      case OrderType.LIMIT:
      case OrderType.STOP_LOSS_LIMIT:
      case OrderType.TAKE_PROFIT_LIMIT:
        if (timeInForce === TimeInForce.UNSPECIFIED) return RejectReason.INVALID_TIME_IN_FORCE;
        plan.timeInForce = timeInForce;
        break;
      case OrderType.LIMIT_MAKER:
        if (timeInForce === TimeInForce.IOC || timeInForce === TimeInForce.FOK) return RejectReason.INVALID_TIME_IN_FORCE;
        plan.timeInForce = timeInForce === TimeInForce.GTD ? timeInForce : TimeInForce.GTC;
        break;
      default:
        if (timeInForce !== TimeInForce.UNSPECIFIED && timeInForce !== TimeInForce.IOC) return RejectReason.INVALID_TIME_IN_FORCE;
        plan.timeInForce = TimeInForce.IOC;
    }
    plan.rests = plan.timeInForce === TimeInForce.GTC || plan.timeInForce === TimeInForce.GTD;
    const isMarket = isMarketType(c.type);
    plan.isMarket = isMarket;
    plan.waits = c.type > OrderType.MARKET;
    if (c.unknownField || c.selfTradePrevention > SelfTradePreventionMode.DECREMENT || (isMarket ? c.priceTicks !== 0 || c.quantityLots !== 0 && c.quoteOrderUnits !== 0 : c.quoteOrderUnits !== 0)) {
      return RejectReason.UNSUPPORTED_COMBINATION;
    }
    plan.hasTerms = plan.waits || timeInForce === TimeInForce.GTD || c.expireTimeUs !== 0 || c.stopPriceTicks !== 0 || c.trailingDeltaBips !== 0 || c.icebergLots !== 0 || c.pegType !== 0 || c.pegOffsetLevels !== 0;
    return plan.hasTerms ? this.#checkTerms(c, timeUs) : OK;
  }
  // What an order says beyond a plain one, and whether it may say it together.
  #checkTerms(c, timeUs) {
    const plan = this.plan;
    const expires = plan.timeInForce === TimeInForce.GTD;
    if (c.expireTimeUs !== 0 !== expires) return RejectReason.UNSUPPORTED_COMBINATION;
    const hasTrigger = c.stopPriceTicks !== 0 || c.trailingDeltaBips !== 0;
    if (hasTrigger !== plan.waits || plan.waits && c.quoteOrderUnits !== 0) return RejectReason.UNSUPPORTED_COMBINATION;
    if (c.icebergLots !== 0 && (plan.isMarket || plan.timeInForce !== TimeInForce.GTC)) return RejectReason.UNSUPPORTED_COMBINATION;
    if (c.pegType === PegType.UNSPECIFIED ? c.pegOffsetLevels !== 0 : !this.#mayPeg(c)) return RejectReason.UNSUPPORTED_COMBINATION;
    if (expires && (c.expireTimeUs <= timeUs || c.expireTimeUs > EXACT_MAX)) return RejectReason.EXPIRE_TIME_OUT_OF_RANGE;
    return OK;
  }
  #mayPeg(c) {
    if (c.pegType > PegType.MARKET || c.pegOffsetLevels > PEG_OFFSET_LEVELS_MAX || c.priceTicks !== 0) return false;
    if (c.type === OrderType.LIMIT_MAKER) return c.pegType === PegType.PRIMARY;
    return !this.plan.isMarket && (c.pegType === PegType.MARKET || this.plan.timeInForce === TimeInForce.GTC);
  }
  // ICEBERG_PARTS and its neighbours; the part that shows obeys LOT_SIZE as the whole does.
  #checkIceberg(c, market) {
    if (c.icebergLots > c.quantityLots) return RejectReason.ICEBERG_EXCEEDS_QUANTITY;
    if (c.icebergLots < market.minQuantityLots) return RejectReason.LOT_SIZE;
    const partsMax = market.maxIcebergParts === 0 ? ICEBERG_PARTS_MAX : market.maxIcebergParts;
    if (Math.ceil(c.quantityLots / c.icebergLots) > partsMax) return RejectReason.ICEBERG_PARTS;
    if (market.maxNumIcebergOrders === 0) return OK;
    let icebergs = 0;
    for (let slot = this.#accounts.firstOrder(this.plan.account); slot !== NO_SLOT; slot = this.#accounts.nextOrder(slot)) {
      const terms = this.#orders.termsOf(slot);
      if (terms !== void 0 && terms.icebergLots !== 0 && this.#orders.i32[slot * RECORD_I32 + MARKET] === market.row) icebergs++;
    }
    return icebergs >= market.maxNumIcebergOrders ? RejectReason.MAX_NUM_ICEBERG_ORDERS : OK;
  }
  // What wakes a stop or take-profit order.
  #checkTrigger(c, market) {
    const stop = c.stopPriceTicks;
    const delta = c.trailingDeltaBips;
    if (stop !== 0 && (stop < market.minPriceTicks || stop > market.maxPriceTicks)) return RejectReason.PRICE_FILTER;
    if (delta === 0) return OK;
    const above = wakesOnRise(c.type, c.side);
    const min = above ? market.minTrailingAboveBips : market.minTrailingBelowBips;
    const max = above ? market.maxTrailingAboveBips : market.maxTrailingBelowBips;
    return delta < min || delta > (max === 0 ? TRAILING_DELTA_BIPS_MAX : max) ? RejectReason.TRAILING_DELTA : OK;
  }
  #triggersAtOnce(c, market) {
    const last = market.lastPriceTicks;
    if (c.stopPriceTicks === 0 || last === 0) return false;
    return wakesOnRise(c.type, c.side) ? last >= c.stopPriceTicks : last <= c.stopPriceTicks;
  }
  // An order that waits, or is pending, without a limit or with one that is pegged. A buyer who waits holds what his quantity
  // costs at the stop price (a trailing one without it: where it would wake now); when it is woken he takes what that and
  // his available balance pay for. A pending one is measured by the last price.
  #checkUnpriced(c, market) {
    const plan = this.plan;
    const lots = c.quantityLots;
    if ((lots < market.minQuantityLots || lots > market.maxQuantityLots) && this.#ends(RejectReason.LOT_SIZE)) return RejectReason.LOT_SIZE;
    if (plan.isMarket && (lots > market.maxMarketQuantityLots || lots < market.minMarketQuantityLots) && this.#ends(RejectReason.MARKET_LOT_SIZE)) return RejectReason.MARKET_LOT_SIZE;
    plan.lots = lots;
    const last = market.lastPriceTicks;
    const ticks = c.stopPriceTicks !== 0 ? c.stopPriceTicks : last === 0 ? 0 : trailingTriggerTicks(c.side, last, c.trailingDeltaBips);
    const notional = ticks * lots * market.notionalUnits;
    if (notional > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
    if (ticks !== 0 && notional < market.minNotionalUnits && this.#ends(RejectReason.MIN_NOTIONAL)) return RejectReason.MIN_NOTIONAL;
    if (notional > market.maxNotionalUnits && this.#ends(RejectReason.MAX_NOTIONAL)) return RejectReason.MAX_NOTIONAL;
    if (c.icebergLots !== 0) {
      const iceberg = this.#checkIceberg(c, market);
      if (iceberg !== OK && this.#ends(iceberg)) return iceberg;
    }
    if (c.side === BUY) {
      if (ticks === 0 && !plan.pending && this.#ends(RejectReason.NO_LIQUIDITY)) return RejectReason.NO_LIQUIDITY;
      plan.holdAsset = market.quote;
      plan.holdUnits = notional;
    } else {
      plan.holdAsset = market.base;
      plan.holdUnits = lots * market.lotSizeUnits;
    }
    return OK;
  }
  /** What an accepted order that does not match yet must hold; 0 when nobody knows its price. */
  neededUnits(terms, market) {
    const { f64, i32 } = this.#orders;
    const lots = f64[terms.slot * RECORD_F64 + REMAINING_LOTS];
    if (terms.side === SELL) return lots * market.lotSizeUnits;
    const price2 = i32[terms.slot * RECORD_I32 + PRICE_TICKS];
    return (price2 === 0 ? wakingTicks(terms, market) : price2) * lots * market.notionalUnits;
  }
  /**
   * Whether a pending order whose turn has come may not enter: it would take though it must not, wake at once, or its
   * peg became a price that breaks a rule of the market.
   */
  mayNotEnter(terms, market, timeUs) {
    if (entersPegged(terms) && !this.#mayEnterPegged(terms, 0, market, timeUs)) return true;
    if (terms.type === OrderType.LIMIT_MAKER) {
      const price2 = this.#orders.i32[terms.slot * RECORD_I32 + PRICE_TICKS];
      return terms.side === BUY ? market.book.bestAskTicks <= price2 : market.book.bestBidTicks >= price2;
    }
    const last = market.lastPriceTicks;
    if (terms.stopPriceTicks === 0) return false;
    return wakesOnRise(terms.type, terms.side) ? last >= terms.stopPriceTicks : last <= terms.stopPriceTicks;
  }
  /**
   * How an order goes on that waited: it was checked when it was accepted, and now holds `heldUnits`. Fills `plan`,
   * whose holdUnits are never below `heldUnits`. False when its numbers would leave the exact range in this book.
   */
  planWoken(slot, market, heldUnits, timeUs) {
    const plan = this.plan;
    const { book } = market;
    const { f64, i32, u8 } = this.#orders;
    const side = u8[recordAt(slot) + SIDE];
    const lots = f64[slot * RECORD_F64 + REMAINING_LOTS];
    plan.account = i32[slot * RECORD_I32 + ACCOUNT];
    plan.market = market;
    plan.timeInForce = u8[recordAt(slot) + TIME_IN_FORCE];
    plan.rests = plan.timeInForce === TimeInForce.GTC || plan.timeInForce === TimeInForce.GTD;
    plan.isMarket = isMarketType(u8[recordAt(slot) + TYPE]);
    plan.waits = false;
    plan.pending = false;
    plan.lots = lots;
    plan.fillable = true;
    plan.runsOut = false;
    plan.holdAsset = side === BUY ? market.quote : market.base;
    plan.limitTicks = plan.isMarket ? side === BUY ? PRICE_TICKS_MAX : 1 : i32[slot * RECORD_I32 + PRICE_TICKS];
    plan.matchTicks = withinBand(side, plan.limitTicks, market, timeUs);
    plan.prevention = preventionOf(u8[recordAt(slot) + SELF_TRADE_PREVENTION]);
    const best = book.bestBidTicks;
    const terms = this.#orders.termsOf(slot);
    if (terms !== void 0 && terms.pegType !== PegType.UNSPECIFIED && !this.#mayEnterPegged(terms, heldUnits, market, timeUs)) return false;
    if (side === SELL) {
      plan.holdUnits = lots * market.lotSizeUnits;
      if (best >= plan.limitTicks && best * lots * market.notionalUnits > EXACT_MAX) return false;
    } else if (plan.isMarket) {
      const available = this.#ledger.availableUnits(plan.account, plan.holdAsset);
      const budget = Math.min(EXACT_MAX, heldUnits + Number(available > BigInt(EXACT_MAX) ? EXACT_MAX : available));
      this.#walkQuote(book, SELL, budget, market, lots);
      plan.lots = this.#walkLots;
      plan.runsOut = this.#walkLots < lots;
      plan.holdUnits = Math.max(heldUnits, this.#walkUnits);
    } else plan.holdUnits = Math.max(heldUnits, plan.limitTicks * lots * market.notionalUnits);
    if (plan.rests && book.takeableAt(side, plan.limitTicks) + lots > EXACT_MAX) return false;
    if (plan.timeInForce === TimeInForce.FOK) plan.fillable = this.#fillsWholly(book, side, lots);
    return true;
  }
  /**
   * The price of a pegged order whose turn has come, as the book is now; 0 when the book has none for it. `partner`, the
   * order that it ends by being woken, or NO_SLOT, gives none.
   */
  pegTicksOf(terms, partner, market) {
    return pegTicks(terms, market, partner);
  }
  // What was not asked of a pegged order when it was accepted, as nobody knew its price.
  #mayEnterPegged({ slot, side, account }, heldUnits, market, timeUs) {
    const price2 = this.#orders.i32[slot * RECORD_I32 + PRICE_TICKS];
    const notional = price2 * this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] * market.notionalUnits;
    return price2 >= market.minPriceTicks && price2 <= market.maxPriceTicks && notional <= EXACT_MAX && notional >= market.minNotionalUnits && notional <= market.maxNotionalUnits && isNearReference(side, price2, market, timeUs) && (side === SELL || notional <= heldUnits || this.#ledger.covers(account, market.quote, notional - heldUnits));
  }
  #checkLimitOrder(c, market, timeUs) {
    const plan = this.plan;
    const { book } = market;
    const price2 = c.priceTicks;
    const lots = c.quantityLots;
    if ((price2 < market.minPriceTicks || price2 > market.maxPriceTicks) && this.#ends(RejectReason.PRICE_FILTER)) return RejectReason.PRICE_FILTER;
    if ((lots < market.minQuantityLots || lots > market.maxQuantityLots) && this.#ends(RejectReason.LOT_SIZE)) return RejectReason.LOT_SIZE;
    const notional = price2 * lots * market.notionalUnits;
    if (notional > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
    if (notional < market.minNotionalUnits && this.#ends(RejectReason.MIN_NOTIONAL)) return RejectReason.MIN_NOTIONAL;
    if (notional > market.maxNotionalUnits && this.#ends(RejectReason.MAX_NOTIONAL)) return RejectReason.MAX_NOTIONAL;
    if (!isNearReference(c.side, price2, market, timeUs) && this.#ends(RejectReason.PERCENT_PRICE_BY_SIDE)) return RejectReason.PERCENT_PRICE_BY_SIDE;
    if (c.icebergLots !== 0) {
      const iceberg = this.#checkIceberg(c, market);
      if (iceberg !== OK && this.#ends(iceberg)) return iceberg;
    }
    if (book.takeableAt(c.side, price2) + lots > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
    plan.lots = lots;
    if (plan.waits || plan.pending) {
      plan.holdAsset = c.side === BUY ? market.quote : market.base;
      plan.holdUnits = c.side === BUY ? notional : lots * market.lotSizeUnits;
      return OK;
    }
    const collects = market.status === MarketStatus.AUCTION;
    if (collects && this.#overflowsAuction(c.side, price2, lots, 0, market) && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
    const takes = !collects && (c.side === BUY ? book.bestAskTicks <= price2 : book.bestBidTicks >= price2);
    plan.limitTicks = price2;
    plan.matchTicks = withinBand(c.side, price2, market, timeUs);
    plan.lots = lots;
    plan.fillable = true;
    plan.runsOut = false;
    if (c.side === BUY) {
      plan.holdAsset = market.quote;
      plan.holdUnits = notional;
    } else {
      if (takes && book.bestBidTicks * lots * market.notionalUnits > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
      plan.holdAsset = market.base;
      plan.holdUnits = lots * market.lotSizeUnits;
    }
    if (takes && c.type === OrderType.LIMIT_MAKER && this.#ends(RejectReason.WOULD_TAKE)) return RejectReason.WOULD_TAKE;
    if (plan.timeInForce === TimeInForce.FOK) plan.fillable = this.#fillsWholly(book, c.side, lots);
    return OK;
  }
  #checkMarketOrder(c, market, timeUs) {
    const plan = this.plan;
    const { book } = market;
    plan.fillable = true;
    plan.limitTicks = c.side === BUY ? PRICE_TICKS_MAX : 1;
    plan.matchTicks = withinBand(c.side, plan.limitTicks, market, timeUs);
    plan.holdAsset = c.side === BUY ? market.quote : market.base;
    const best = c.side === BUY ? book.bestAskTicks : book.bestBidTicks;
    const empty = best === NO_ASK || best === NO_BID;
    if (c.quoteOrderUnits !== 0) {
      if (c.quoteOrderUnits > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
      if (c.quoteOrderUnits < market.minNotionalUnits && this.#ends(RejectReason.MIN_NOTIONAL)) return RejectReason.MIN_NOTIONAL;
      if (c.quoteOrderUnits > market.maxNotionalUnits && this.#ends(RejectReason.MAX_NOTIONAL)) return RejectReason.MAX_NOTIONAL;
      if (empty && this.#ends(RejectReason.NO_LIQUIDITY)) return RejectReason.NO_LIQUIDITY;
      this.#walkQuote(book, opposite(c.side), c.quoteOrderUnits, market);
      if (this.#walkLots < market.minQuantityLots) return this.#walkRanOut ? RejectReason.NO_LIQUIDITY : RejectReason.LOT_SIZE;
      if ((this.#walkLots < market.minMarketQuantityLots || this.#walkLots > market.maxMarketQuantityLots) && this.#ends(RejectReason.MARKET_LOT_SIZE)) return RejectReason.MARKET_LOT_SIZE;
      plan.lots = this.#walkLots;
      plan.runsOut = this.#walkRanOut;
      plan.holdUnits = c.side === BUY ? this.#walkUnits : this.#walkLots * market.lotSizeUnits;
      return OK;
    }
    if ((c.quantityLots < market.minQuantityLots || c.quantityLots > market.maxQuantityLots) && this.#ends(RejectReason.LOT_SIZE)) return RejectReason.LOT_SIZE;
    if ((c.quantityLots < market.minMarketQuantityLots || c.quantityLots > market.maxMarketQuantityLots) && this.#ends(RejectReason.MARKET_LOT_SIZE)) return RejectReason.MARKET_LOT_SIZE;
    plan.lots = c.quantityLots;
    plan.runsOut = false;
    if (!empty) {
      const estimate = best * c.quantityLots * market.notionalUnits;
      if (estimate > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
      if (estimate < market.minNotionalUnits && this.#ends(RejectReason.MIN_NOTIONAL)) return RejectReason.MIN_NOTIONAL;
      if (estimate > market.maxNotionalUnits && this.#ends(RejectReason.MAX_NOTIONAL)) return RejectReason.MAX_NOTIONAL;
    }
    if (c.side === SELL) {
      plan.holdUnits = c.quantityLots * market.lotSizeUnits;
      return OK;
    }
    const cost = this.#walkCost(book, c.quantityLots, market);
    if (cost > EXACT_MAX && this.#ends(RejectReason.NOTIONAL_OVERFLOW)) return RejectReason.NOTIONAL_OVERFLOW;
    plan.holdUnits = cost;
    return OK;
  }
  // A buyer by quote amount must own the whole amount he names, though only what will be spent is held.
  #neededUnits(c) {
    return c.quoteOrderUnits !== 0 && c.side === BUY ? c.quoteOrderUnits : this.plan.holdUnits;
  }
  // Whether a FOK order finds all its lots. Lots of its own owner are none, unless the mode just moves them away.
  #fillsWholly(book, side, lots) {
    const { matchTicks, prevention, account } = this.plan;
    const resting = opposite(side);
    if (prevention === NO_PREVENTION) return book.lotsWithin(resting, matchTicks, lots) >= lots;
    let rest = lots;
    const best = side === BUY ? book.bestAskTicks : book.bestBidTicks;
    for (let ticks = best; rest > 0 && (side === BUY ? ticks <= matchTicks : ticks >= matchTicks); ticks = book.nextBehind(resting, ticks)) {
      if (prevention === SelfTradePreventionMode.EXPIRE_MAKER) rest -= othersLotsAt(book, this.#orders, this.#accounts, ticks, account);
      else {
        const before = lotsBeforeOwn(book, this.#orders, this.#accounts, ticks, account);
        rest -= before.lots;
        if (before.met && rest > 0) return false;
      }
    }
    return rest <= 0;
  }
  // Lots at a level that the order of the plan may take. Where the mode ends the taker or lessens both, meeting an own
  // order makes it take less than the walk says, never more: what was held for it is then given back.
  #lotsFor(book, side, ticks) {
    return this.plan.prevention === SelfTradePreventionMode.EXPIRE_MAKER ? othersLotsAt(book, this.#orders, this.#accounts, ticks, this.plan.account) : book.takeableAt(side, ticks);
  }
  // Quote units that buying `lots` from the asks will cost, as far as the book reaches.
  #walkCost(book, lots, market) {
    let rest = lots;
    let cost = 0;
    for (let ticks = book.bestAskTicks; ticks <= this.plan.matchTicks && rest > 0; ticks = book.nextAbove(ticks)) {
      const take = Math.min(rest, this.#lotsFor(book, SELL, ticks));
      rest -= take;
      cost += ticks * take * market.notionalUnits;
      if (cost > EXACT_MAX) return cost;
    }
    return cost;
  }
  // The most lots, up to `lotsMax`, whose notional does not exceed `units`, and their notional.
  #walkQuote(book, side, units, market, lotsMax = EXACT_MAX) {
    let lots = 0;
    let spent = 0;
    this.#walkRanOut = true;
    const { matchTicks } = this.plan;
    for (let ticks = side === SELL ? book.bestAskTicks : book.bestBidTicks; side === SELL ? ticks <= matchTicks : ticks >= matchTicks; ticks = book.nextBehind(side, ticks)) {
      const lotUnits = ticks * market.notionalUnits;
      const there = this.#lotsFor(book, side, ticks);
      const affordable = Math.min(Math.floor((units - spent) / lotUnits), lotsMax - lots);
      const take = Math.min(affordable, there);
      lots += take;
      spent += take * lotUnits;
      if (take < there) {
        this.#walkRanOut = false;
        break;
      }
    }
    if (spent === units) this.#walkRanOut = false;
    this.#walkLots = lots;
    this.#walkUnits = spent;
  }
};
var BIPS2 = 1e4;
function isNearReference(side, price2, market, timeUs) {
  const up = side === BUY ? market.bidMultiplierUpBips : market.askMultiplierUpBips;
  const down = side === BUY ? market.bidMultiplierDownBips : market.askMultiplierDownBips;
  if (up === 0 && down === 0) return true;
  const reference = market.reference.ticks(timeUs, market.lastPriceTicks);
  if (reference === 0) return true;
  return (up === 0 || price2 * BIPS2 <= reference * up) && (down === 0 || price2 * BIPS2 >= reference * down);
}
function withinBand(side, limitTicks, market, timeUs) {
  const bips = market.priceBandBips;
  if (bips === 0) return limitTicks;
  const reference = market.reference.ticks(timeUs, market.lastPriceTicks);
  if (reference === 0) return limitTicks;
  return side === BUY ? Math.min(limitTicks, Math.floor(reference * (BIPS2 + bips) / BIPS2)) : Math.max(limitTicks, Math.ceil(reference * Math.max(0, BIPS2 - bips) / BIPS2));
}
function pegTicks(c, { book }, besides = NO_SLOT) {
  const side = c.pegType === PegType.PRIMARY ? c.side : opposite(c.side);
  let behind2 = c.pegOffsetLevels;
  for (let ticks = side === BUY ? book.bestBidTicks : book.bestAskTicks; ticks !== NO_BID && ticks !== NO_ASK; ticks = book.nextBehind(side, ticks)) {
    if (besides !== NO_SLOT && book.front(ticks) === besides && book.after(besides) === NO_SLOT) continue;
    if (behind2 === 0) return ticks;
    behind2--;
  }
  return 0;
}
var entersPegged = (terms) => terms.pegType !== PegType.UNSPECIFIED && terms.stopPriceTicks === 0 && terms.trailingDeltaBips === 0;
function wakingTicks(terms, { lastPriceTicks }) {
  if (terms.stopPriceTicks !== 0 || lastPriceTicks === 0 || terms.trailingDeltaBips === 0) return terms.stopPriceTicks;
  return trailingTriggerTicks(terms.side, lastPriceTicks, terms.trailingDeltaBips);
}
var isMarketType = (type) => type === OrderType.MARKET || type === OrderType.STOP_LOSS || type === OrderType.TAKE_PROFIT;
var opposite = (side) => side === BUY ? SELL : BUY;

// services/engine/timers.ts
var NEVER = Number.POSITIVE_INFINITY;
var Timers = class {
  /** When the next timer is due; infinite when none is set. */
  firstDueUs = NEVER;
  #queue = new PriorityQueue((a, b) => {
    if (a.dueUs !== b.dueUs) return a.dueUs < b.dueUs;
    if (a.orderId !== b.orderId) return a.orderId < b.orderId;
    return a.account < b.account;
  });
  #switches = /* @__PURE__ */ new Map();
  /** The order ends at this time; give the timer to `remove` when it ends sooner. */
  expireOrder(orderId3, dueUs) {
    return this.#add({ dueUs, account: -1, orderId: orderId3, queuedAt: -1 });
  }
  /** Arms an account's dead man's switch, or disarms it with 0. */
  setSwitch(account, dueUs) {
    const old = this.#switches.get(account);
    if (old !== void 0) this.remove(old);
    if (dueUs !== 0) this.#switches.set(account, this.#add({ dueUs, account, orderId: 0, queuedAt: -1 }));
  }
  /** When an account's switch fires; 0 while it is not armed. */
  switchUs(account) {
    return this.#switches.get(account)?.dueUs ?? 0;
  }
  /** Row and time of every armed switch, in turns. */
  freezeSwitches(area) {
    const frozen = area.emptyF64(this.#switches.size * 2);
    let at = 0;
    for (const { account, dueUs } of this.#switches.values()) {
      frozen[at++] = account;
      frozen[at++] = dueUs;
    }
    return frozen;
  }
  remove(timer) {
    if (timer.account >= 0) this.#switches.delete(timer.account);
    this.#queue.remove(timer);
    this.firstDueUs = this.#queue.first()?.dueUs ?? NEVER;
  }
  /** The next timer that is due at `timeUs`, which is then over; undefined when none is. */
  takeDue(timeUs) {
    const timer = this.#queue.first();
    if (timer === void 0 || timer.dueUs > timeUs) return void 0;
    this.remove(timer);
    return timer;
  }
  #add(timer) {
    this.#queue.add(timer);
    this.firstDueUs = this.#queue.first()?.dueUs ?? NEVER;
    return timer;
  }
};

// services/engine/uncross.ts
function bookOf(orders, slot, market) {
  if (orders.u8[recordAt(slot) + COLLECTED] === 0) return market.book;
  invariant(market.auction !== void 0, "an order is collected without an auction");
  return market.auction.queue(orders.u8[recordAt(slot) + SIDE]);
}
function uncross(parts, market, timeUs) {
  const { auction } = market;
  if (auction === void 0) return;
  const run = new Uncross(parts, market, auction, timeUs);
  run.partOwners();
  run.trade();
  run.rest();
  market.auction = void 0;
}
var Uncross = class {
  #parts;
  #market;
  #auction;
  #sides;
  #timeUs;
  constructor(parts, market, auction, timeUs) {
    this.#parts = parts;
    this.#market = market;
    this.#auction = auction;
    this.#sides = new AuctionSides(market.book, auction);
    this.#timeUs = timeUs;
  }
  partOwners() {
    const { orders, accounts } = this.#parts;
    const crossing = [...this.#sides.crossing(BUY), ...this.#sides.crossing(SELL)];
    for (const own of ownersOnBothSides(orders, accounts, crossing)) {
      const pairs = new OwnOrders(orders, own);
      for (let pair = pairs.next(); pair !== void 0; pair = pairs.next()) {
        const youngerRest = this.#rest(pair.younger);
        const olderRest = this.#rest(pair.older);
        const both = Math.min(youngerRest, olderRest);
        const lessens = pair.prevention === SelfTradePreventionMode.DECREMENT;
        const youngerLoses = expiresTaker(pair.prevention) ? youngerRest : lessens ? both : 0;
        const olderLoses = expiresMaker(pair.prevention) ? olderRest : lessens ? both : 0;
        this.#prevent(pair, both, youngerLoses, olderLoses);
        pairs.parted(pair, youngerLoses === youngerRest, olderLoses === olderRest);
      }
    }
  }
  trade() {
    const { events, orders } = this.#parts;
    const market = this.#market;
    const sides = this.#sides;
    const clearing = sides.clearing(market.lastPriceTicks);
    events.other({
      case: "auctionUncrossed",
      value: { marketId: market.id, priceTicks: BigInt(clearing?.priceTicks ?? 0), quantityLots: clearing?.lots ?? 0n }
    });
    if (clearing === void 0) return;
    const { priceTicks } = clearing;
    let traded = 0n;
    for (; ; ) {
      const buy = sides.first(BUY);
      const sell = sides.first(SELL);
      if (buy === NO_SLOT || sell === NO_SLOT) break;
      if (orders.i32[buy * RECORD_I32 + PRICE_TICKS] < priceTicks || orders.i32[sell * RECORD_I32 + PRICE_TICKS] > priceTicks) break;
      traded += BigInt(this.#match(buy, sell, priceTicks));
    }
    invariant(traded === clearing.lots, "an auction traded something else than its price promised");
  }
  // What is left stands in the book as if it had rested there all along.
  rest() {
    const { orders } = this.#parts;
    const { book, feed } = this.#market;
    for (const side of [BUY, SELL]) {
      const queue = this.#auction.queue(side);
      for (; ; ) {
        const ticks = side === BUY ? queue.bestBidTicks : queue.bestAskTicks;
        if (queue.levelCount === 0) break;
        const slot = queue.front(ticks);
        const hidden = orders.termsOf(slot)?.hiddenLots ?? 0;
        this.#auction.take(slot);
        orders.u8[recordAt(slot) + COLLECTED] = 0;
        if (hidden !== 0) {
          queue.hide(ticks, -hidden);
          book.hide(ticks, hidden);
        }
        book.add(slot);
        feed.bookChanged();
      }
    }
  }
  // One buyer and one seller trade what both show. Answers how much.
  #match(buy, sell, priceTicks) {
    const { orders, accounts, ledger, tell } = this.#parts;
    const market = this.#market;
    const { f64, i32 } = orders;
    const shown = (slot) => f64[slot * RECORD_F64 + REMAINING_LOTS];
    const lots = Math.min(shown(buy), shown(sell));
    const quote = priceTicks * lots * market.notionalUnits;
    const base2 = lots * market.lotSizeUnits;
    const buyer = i32[buy * RECORD_I32 + ACCOUNT];
    const seller = i32[sell * RECORD_I32 + ACCOUNT];
    const buyFeeUnits = feeUnits(base2, this.#rate(buy, buyer));
    const sellFeeUnits = feeUnits(quote, this.#rate(sell, seller));
    ledger.spend(buyer, market.quote, quote);
    ledger.release(buyer, market.quote, (i32[buy * RECORD_I32 + PRICE_TICKS] - priceTicks) * lots * market.notionalUnits);
    ledger.receive(buyer, market.base, base2 - buyFeeUnits);
    ledger.spend(seller, market.base, base2);
    ledger.receive(seller, market.quote, quote - sellFeeUnits);
    ledger.receive(HOUSE_ACCOUNT, market.base, buyFeeUnits);
    ledger.receive(HOUSE_ACCOUNT, market.quote, sellFeeUnits);
    for (const slot of [buy, sell]) {
      bookOf(orders, slot, market).fill(slot, lots);
      if (orders.u8[recordAt(slot) + COLLECTED] === 0) market.feed.bookChanged();
    }
    const done = (slot) => shown(slot) === 0 && (orders.termsOf(slot)?.hiddenLots ?? 0) === 0;
    const trade = {
      buy,
      sell,
      priceTicks,
      lots,
      quoteUnits: quote,
      buyFeeUnits,
      sellFeeUnits,
      buyDone: done(buy),
      sellDone: done(sell),
      buyIsTaker: isYounger(orders, buy, sell)
    };
    tell(market, trade, this.#timeUs);
    for (const slot of [buy, sell]) {
      if (done(slot)) this.#forget(slot);
      else if (shown(slot) === 0) this.#showMore(slot);
    }
    return lots;
  }
  #rate(slot, account) {
    const tier = this.#parts.accounts.feeTier[account];
    return this.#parts.orders.u8[recordAt(slot) + TYPE] === OrderType.LIMIT_MAKER ? makerRate(this.#market, tier) : takerRate(this.#market, tier);
  }
  // The next part of an iceberg joins the back of the queue at its price, which the collected orders are.
  #showMore(slot) {
    const { orders } = this.#parts;
    const terms = orders.termsOf(slot);
    invariant(terms !== void 0 && terms.hiddenLots > 0, "an order shows more than it has");
    bookOf(orders, slot, this.#market).hide(orders.i32[slot * RECORD_I32 + PRICE_TICKS], -terms.hiddenLots);
    const lots = Math.min(terms.icebergLots, terms.hiddenLots);
    terms.hiddenLots -= lots;
    orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = lots;
    this.#auction.add(slot, terms.hiddenLots);
  }
  #rest(slot) {
    const { orders } = this.#parts;
    return orders.f64[slot * RECORD_F64 + REMAINING_LOTS] + (orders.termsOf(slot)?.hiddenLots ?? 0);
  }
  #prevent({ younger, older }, lots, youngerLoses, olderLoses) {
    const { events, orders } = this.#parts;
    const olderTicks = orders.i32[older * RECORD_I32 + PRICE_TICKS];
    const loses = (slot) => slot === older ? olderLoses : youngerLoses;
    const ends = [older, younger].filter((slot) => this.#lose(slot, loses(slot)));
    events.tradePrevented(younger, older, lots, olderTicks);
    for (const slot of [older, younger]) if (loses(slot) !== 0 && !ends.includes(slot)) this.#parts.lessened(slot);
    for (const slot of ends) {
      events.orderExpired(slot, ExpiryReason.SELF_TRADE_PREVENTION);
      this.#forget(slot);
    }
  }
  // An order loses lots it does not trade, and gets back what they held. Answers whether it is over.
  #lose(slot, lots) {
    if (lots === 0) return false;
    const { f64, i32, u8 } = this.#parts.orders;
    const market = this.#market;
    const d = slot * RECORD_F64;
    f64[d + PREVENTED_LOTS] = f64[d + PREVENTED_LOTS] + lots;
    f64[d + UPDATED_US] = this.#timeUs;
    lessen(this.#parts.orders, slot, market, lots);
    const ticks = i32[slot * RECORD_I32 + PRICE_TICKS];
    const account = i32[slot * RECORD_I32 + ACCOUNT];
    if (u8[recordAt(slot) + SIDE] === BUY) this.#parts.ledger.release(account, market.quote, ticks * lots * market.notionalUnits);
    else this.#parts.ledger.release(account, market.base, lots * market.lotSizeUnits);
    if (this.#rest(slot) !== 0) return false;
    u8[recordAt(slot) + STATUS] = OrderStatus.EXPIRED_IN_MATCH;
    return true;
  }
  // The order is over, and in no book any more.
  #forget(slot) {
    this.#parts.accounts.unlink(slot);
    this.#parts.orders.remove(slot);
  }
};
function lessen(orders, slot, market, lots) {
  const book = bookOf(orders, slot, market);
  const terms = orders.termsOf(slot);
  const hidden = Math.min(terms?.hiddenLots ?? 0, lots);
  if (terms !== void 0 && hidden !== 0) {
    terms.hiddenLots -= hidden;
    book.hide(orders.i32[slot * RECORD_I32 + PRICE_TICKS], -hidden);
  }
  if (lots > hidden) book.fill(slot, lots - hidden);
  if (book === market.book && lots > hidden) market.feed.bookChanged();
  if (market.auction !== void 0) market.auction.changed = true;
}

// services/engine/trading.ts
var OK2 = RejectReason.UNSPECIFIED;
var Trading = class {
  /** The next order's id: one counter for the venue. */
  nextOrderId = 1;
  #orders;
  #accounts;
  #markets;
  #ledger;
  #events;
  #rules;
  /** Orders and switches that end at a time. */
  timers = new Timers();
  /** Client order ids that are taken for a while. */
  dedupe = new Dedupe();
  /** The running command traded at prices that may wake orders: `settle` comes next. */
  unsettled = false;
  #prices = [];
  #listId = new ClientOrderId();
  /** Lists of orders that belong together. */
  lists = new OrderLists();
  #endedInLists = [];
  #workingFilled = [];
  constructor(orders, accounts, markets, ledger, events) {
    this.#orders = orders;
    this.#accounts = accounts;
    this.#markets = markets;
    this.#ledger = ledger;
    this.#events = events;
    this.#rules = new Rules(accounts, markets, orders, ledger, this.dedupe);
    orders.onTermsEnd = (terms) => this.#endTerms(terms);
  }
  /** The checks, for queries: they change nothing. */
  get rules() {
    return this.#rules;
  }
  place(c, seq, timeUs) {
    const reason = this.#rules.checkPlace(c, timeUs);
    if (reason !== OK2) {
      this.#refusePlace(c, reason);
      return;
    }
    const plan = this.#rules.plan;
    const market = plan.market;
    const slot = this.#accept(c, plan, market, timeUs);
    market.feed.startCommand(seq);
    this.#events.orderAccepted(slot);
    if (!plan.waits) this.#carryOut(slot, market, plan, timeUs);
  }
  // An accepted order meets the book.
  #carryOut(slot, market, plan, timeUs) {
    if (market.status === MarketStatus.AUCTION) {
      this.#collect(slot, market, plan.lots);
      return;
    }
    if (!plan.fillable) {
      this.#expire(slot, market, plan.holdUnits, ExpiryReason.UNFILLED_FOK);
      return;
    }
    if (this.#orders.u8[recordAt(slot) + SIDE] === BUY) this.#buy(slot, market, plan, timeUs);
    else this.#sell(slot, market, plan, timeUs);
  }
  // In an auction the order meets nobody yet: it waits beside the book, holding what it holds there.
  #collect(slot, market, lots) {
    const { auction } = market;
    invariant(auction !== void 0, "a market collects orders without an auction");
    const terms = this.#orders.termsOf(slot);
    let hidden = 0;
    if (terms !== void 0 && terms.icebergLots !== 0 && terms.icebergLots < lots) {
      hidden = lots - terms.icebergLots;
      terms.hiddenLots = hidden;
      this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = terms.icebergLots;
    }
    auction.add(slot, hidden);
    if (this.#orders.u8[recordAt(slot) + SIDE] === SELL) auction.capFor(slot, market.notionalUnits);
    if (terms?.listed === true) terms.listed = false;
    else this.#accounts.link(slot);
  }
  /** The market's auction is over: its orders trade at one price, and what is left of them rests in the book. */
  endAuction(market, seq, timeUs) {
    market.feed.startCommand(seq);
    const parts = { orders: this.#orders, accounts: this.#accounts, ledger: this.#ledger, events: this.#events, tell: this.#tellAuctionTrade, lessened: (slot) => this.#endPartnerOf(slot, timeUs) };
    uncross(parts, market, timeUs);
  }
  #tellAuctionTrade = (market, trade, timeUs) => {
    const { buy, sell, buyIsTaker } = trade;
    const taker = buyIsTaker ? buy : sell;
    const left = this.#orders.f64[taker * RECORD_F64 + REMAINING_LOTS];
    const hides = this.#hiddenLots(taker) !== 0;
    this.#orders.f64[taker * RECORD_F64 + UPDATED_US] = timeUs;
    if (buyIsTaker) {
      this.#trade(market, trade.priceTicks, trade.lots, trade.quoteUnits, BUY, sell, trade.sellDone, trade.sellFeeUnits, market.quote, buy, left, hides, trade.buyFeeUnits, market.base, timeUs);
    } else {
      this.#trade(market, trade.priceTicks, trade.lots, trade.quoteUnits, SELL, buy, trade.buyDone, trade.buyFeeUnits, market.base, sell, left, hides, trade.sellFeeUnits, market.quote, timeUs);
    }
    this.#endPartnerOf(taker, timeUs);
  };
  #refusePlace(c, reason) {
    const echo = this.#rules.clientId.read(0, c.bytes, c.clientIdAt, c.clientIdLength) ? c.clientIdLength : 0;
    this.#events.orderRejected(reason, c.marketId <= 4294967295 ? c.marketId : 0, c.bytes, c.clientIdAt, echo);
  }
  cancel(c, seq, timeUs) {
    this.#cancelAs(c, seq, timeUs, CancelReason.REQUESTED);
  }
  // Answers whether the order was cancelled.
  #cancelAs(c, seq, timeUs, why) {
    const reason = this.#checkCancel(c, timeUs);
    if (reason !== OK2) {
      this.#refuseCancel(c, reason);
      return false;
    }
    const slot = this.#find(c, this.#accounts.row(c.accountId));
    this.#cancelOpen(slot, seq, timeUs, why);
    return true;
  }
  #refuseCancel(c, reason) {
    const echo = this.#rules.clientId.read(0, c.bytes, c.clientIdAt, c.clientIdLength) ? c.clientIdLength : 0;
    const exactId = c.orderId <= Number.MAX_SAFE_INTEGER ? c.orderId : 0;
    this.#events.cancelRejected(reason, c.marketId <= 4294967295 ? c.marketId : 0, exactId, c.bytes, c.clientIdAt, echo);
  }
  /** Cancels one order and places another: the events tell each half's outcome, the cancel's first. */
  cancelReplace(c, seq, timeUs) {
    c.selectPlace();
    const { marketId } = c;
    c.selectCancel();
    const stops = c.replaceMode === CancelReplaceMode.STOP_ON_FAILURE;
    const known = (stops || c.replaceMode === CancelReplaceMode.ALLOW_FAILURE) && marketId === c.marketId;
    if (!known) this.#refuseCancel(c, RejectReason.UNSUPPORTED_COMBINATION);
    const canceled = known && this.#cancelAs(c, seq, timeUs, CancelReason.REPLACED);
    c.selectPlace();
    if (canceled || known && !stops) this.place(c, seq, timeUs);
    else this.#refusePlace(c, RejectReason.NOT_ATTEMPTED);
  }
  /** Changes quantity, price or client order id of an open order. Less of it keeps its place; another price does not. */
  amend(c, seq, timeUs) {
    const account = this.#accounts.row(c.accountId);
    const market = this.#markets.byId(c.marketId);
    let reason = OK2;
    let slot = NO_SLOT;
    if (account < 0) reason = RejectReason.UNKNOWN_ACCOUNT;
    else if (c.deadlineUs !== 0 && timeUs > c.deadlineUs) reason = RejectReason.DEADLINE_PASSED;
    else if (market === void 0) reason = RejectReason.UNKNOWN_MARKET;
    else if (c.unknownField) reason = RejectReason.UNSUPPORTED_COMBINATION;
    else {
      slot = this.#find(c, account);
      if (slot === NO_SLOT || this.#orders.i32[slot * RECORD_I32 + MARKET] !== market.row) reason = RejectReason.UNKNOWN_ORDER;
      else reason = this.#rules.checkAmend(c, slot, this.#partnerOf(slot), market, timeUs);
    }
    if (reason !== OK2 || market === void 0) {
      const echo = this.#rules.clientId.read(0, c.bytes, c.clientIdAt, c.clientIdLength) ? c.clientIdLength : 0;
      const exactId = c.orderId <= Number.MAX_SAFE_INTEGER ? c.orderId : 0;
      this.#events.amendRejected(reason, c.marketId <= 4294967295 ? c.marketId : 0, exactId, c.bytes, c.clientIdAt, echo);
      return;
    }
    const { plan } = this.#rules;
    if (plan.lots <= 0) {
      this.#cancelOpen(slot, seq, timeUs, CancelReason.REQUESTED);
      return;
    }
    if (c.newClientIdLength !== 0) {
      this.#orders.replaceClientId(slot, this.#rules.clientId);
      this.dedupe.remember(plan.account, this.#rules.clientId);
    }
    market.feed.startCommand(seq);
    if (plan.keepsPriority) {
      const fewer = this.#orders.f64[slot * RECORD_F64 + QUANTITY_LOTS] - plan.quantityLots;
      const partner = fewer === 0 ? NO_SLOT : this.#partnerOf(slot);
      for (const each of partner === NO_SLOT ? [slot] : [slot, partner]) {
        this.#amendQuantity(each, market, plan.quantityLots, timeUs);
        this.#events.orderAmended(each, true);
      }
      return;
    }
    if (plan.waits) {
      this.#amendQuantity(slot, market, plan.quantityLots, timeUs);
      this.#amendWaitingPrice(slot, plan);
      this.#events.orderAmended(slot, true);
      return;
    }
    this.#amendPrice(slot, market, plan, timeUs);
  }
  // Fewer lots of what is open, wherever it stands: it keeps its place, and gives back what it needs no longer.
  #amendQuantity(slot, market, quantityLots, timeUs) {
    const { f64, i32, u8 } = this.#orders;
    const d = slot * RECORD_F64;
    const w = slot * RECORD_I32;
    const fewer = f64[d + QUANTITY_LOTS] - quantityLots;
    const held = heldBy(this.#orders, slot, market);
    i32[w + AMEND_COUNT] = i32[w + AMEND_COUNT] + 1;
    f64[d + QUANTITY_LOTS] = quantityLots;
    f64[d + UPDATED_US] = timeUs;
    if (fewer === 0) return;
    const terms = this.#orders.termsOf(slot);
    if (terms !== void 0 && terms.phase !== WORKING) {
      const lots = f64[d + REMAINING_LOTS];
      terms.heldUnits = terms.heldUnits / lots * (lots - fewer);
      f64[d + REMAINING_LOTS] = lots - fewer;
    } else lessen(this.#orders, slot, market, fewer);
    const asset = u8[recordAt(slot) + SIDE] === BUY ? market.quote : market.base;
    this.#ledger.release(i32[w + ACCOUNT], asset, held - heldBy(this.#orders, slot, market));
  }
  #amendWaitingPrice(slot, plan) {
    const terms = this.#orders.termsOf(slot);
    invariant(terms !== void 0, "a plain order waits");
    this.#orders.i32[slot * RECORD_I32 + PRICE_TICKS] = plan.limitTicks;
    this.#ledger.release(plan.account, plan.holdAsset, terms.heldUnits);
    this.#ledger.hold(plan.account, plan.holdAsset, plan.holdUnits);
    terms.heldUnits = plan.holdUnits;
  }
  // Another price is a new arrival, with whatever quantity is left.
  #amendPrice(slot, market, plan, timeUs) {
    const { f64, i32, u8 } = this.#orders;
    const d = slot * RECORD_F64;
    const w = slot * RECORD_I32;
    const held = heldBy(this.#orders, slot, market);
    const terms = this.#orders.termsOf(slot);
    if (terms !== void 0 && terms.hiddenLots !== 0) {
      bookOf(this.#orders, slot, market).hide(i32[w + PRICE_TICKS], -terms.hiddenLots);
      terms.hiddenLots = 0;
    }
    this.#leaveBook(slot, market);
    u8[recordAt(slot) + COLLECTED] = 0;
    this.#accounts.unlink(slot);
    i32[w + AMEND_COUNT] = i32[w + AMEND_COUNT] + 1;
    i32[w + PRICE_TICKS] = plan.limitTicks;
    f64[d + QUANTITY_LOTS] = plan.quantityLots;
    f64[d + REMAINING_LOTS] = plan.lots;
    f64[d + UPDATED_US] = timeUs;
    f64[d + WORKING_US] = timeUs;
    this.#ledger.release(plan.account, plan.holdAsset, held);
    this.#ledger.hold(plan.account, plan.holdAsset, plan.holdUnits);
    this.#events.orderAmended(slot, false);
    this.#carryOut(slot, market, plan, timeUs);
  }
  // The other open order of the pair that this one is of, or NO_SLOT.
  #partnerOf(slot) {
    const terms = this.#orders.termsOf(slot);
    if (terms?.list === void 0) return NO_SLOT;
    const { list, orderId: orderId3 } = terms;
    const at = list.orderIds.indexOf(orderId3);
    const other = list.orderIds.findIndex((_, i) => isPair(list, at, i));
    return other < 0 ? NO_SLOT : this.#orders.find(list.orderIds[other]);
  }
  cancelAll(c, seq, timeUs) {
    const account = this.#accounts.row(c.accountId);
    let reason = OK2;
    const market = this.#markets.byId(c.marketId);
    if (account < 0) reason = RejectReason.UNKNOWN_ACCOUNT;
    else if (c.deadlineUs !== 0 && timeUs > c.deadlineUs) reason = RejectReason.DEADLINE_PASSED;
    else if (c.marketId !== 0 && market === void 0) reason = RejectReason.UNKNOWN_MARKET;
    else if (c.unknownField || !isMassCancelReason(c.cancelReason)) reason = RejectReason.UNSUPPORTED_COMBINATION;
    else if (c.side !== 0 && c.side !== BUY && c.side !== SELL) reason = RejectReason.INVALID_SIDE;
    else if (market !== void 0 && market.status === MarketStatus.HALT) reason = RejectReason.MARKET_CLOSED;
    if (reason !== OK2) {
      this.#events.cancelRejected(reason, c.marketId <= 4294967295 ? c.marketId : 0, 0, c.bytes, 0, 0);
      return;
    }
    const why = c.cancelReason === 0 ? CancelReason.CANCEL_ALL : c.cancelReason;
    let count = 0;
    for (let slot = this.#accounts.firstOrder(account); slot !== NO_SLOT; ) {
      const next = this.#accounts.nextOrder(slot);
      const row = this.#orders.i32[slot * RECORD_I32 + MARKET];
      const wanted = (market === void 0 ? this.#markets.markets[row].status !== MarketStatus.HALT : market.row === row) && (c.side === 0 || this.#orders.u8[recordAt(slot) + SIDE] === c.side);
      if (wanted) {
        this.#cancelOpen(slot, seq, timeUs, why);
        count++;
      }
      slot = next;
    }
    this.#events.ordersCanceled(count);
  }
  /** Ends what is due at the engine's time; before any command of that time. */
  fireTimers(seq, timeUs) {
    for (let timer = this.timers.takeDue(timeUs); timer !== void 0; timer = this.timers.takeDue(timeUs)) {
      if (timer.account >= 0) {
        for (let slot2 = this.#accounts.firstOrder(timer.account); slot2 !== NO_SLOT; slot2 = this.#accounts.firstOrder(timer.account)) {
          this.#cancelOpen(slot2, seq, timeUs, CancelReason.DEAD_MANS_SWITCH);
        }
        continue;
      }
      const slot = this.#orders.find(timer.orderId);
      invariant(slot !== NO_SLOT, "a timer outlived its order");
      this.#expireOpen(slot, seq, timeUs, ExpiryReason.GOOD_TILL_DATE);
    }
  }
  /** Arms the account's dead man's switch, or disarms it. */
  setDeadMansSwitch(accountId, timeoutUs, timeUs) {
    const account = this.#accounts.row(accountId);
    if (account < 0) return RejectReason.UNKNOWN_ACCOUNT;
    if (timeoutUs > DEAD_MANS_TIMEOUT_US_MAX) return RejectReason.EXPIRE_TIME_OUT_OF_RANGE;
    const firesUs = timeoutUs === 0n ? 0 : timeUs + Number(timeoutUs);
    this.timers.setSwitch(account, firesUs);
    this.#events.other({ case: "deadMansSwitchSet", value: { firesUs: BigInt(firesUs) } });
    return OK2;
  }
  #checkCancel(c, timeUs) {
    const account = this.#accounts.row(c.accountId);
    if (account < 0) return RejectReason.UNKNOWN_ACCOUNT;
    if (c.deadlineUs !== 0 && timeUs > c.deadlineUs) return RejectReason.DEADLINE_PASSED;
    const market = this.#markets.byId(c.marketId);
    if (market === void 0) return RejectReason.UNKNOWN_MARKET;
    if (c.unknownField || c.restriction > CancelRestriction.ONLY_PARTIALLY_FILLED) return RejectReason.UNSUPPORTED_COMBINATION;
    const slot = this.#find(c, account);
    if (slot === NO_SLOT || this.#orders.i32[slot * RECORD_I32 + MARKET] !== market.row) return RejectReason.UNKNOWN_ORDER;
    if (market.status === MarketStatus.HALT) return RejectReason.MARKET_CLOSED;
    if (c.restriction === 0) return OK2;
    const wanted = c.restriction === CancelRestriction.ONLY_NEW ? OrderStatus.NEW : OrderStatus.PARTIALLY_FILLED;
    return this.#orders.u8[recordAt(slot) + STATUS] === wanted ? OK2 : RejectReason.CANCEL_RESTRICTED;
  }
  // The account's open order that a command names by either id or both.
  #find(c, account) {
    let byClientId = NO_SLOT;
    if (c.clientIdLength !== 0) {
      const id = this.#rules.clientId;
      if (!id.read(account, c.bytes, c.clientIdAt, c.clientIdLength)) return NO_SLOT;
      byClientId = this.#orders.findClientId(account, id);
      if (c.orderId === 0 || byClientId === NO_SLOT) return byClientId;
    }
    if (c.orderId === 0) return NO_SLOT;
    const slot = this.#orders.find(c.orderId);
    if (slot === NO_SLOT || this.#orders.i32[slot * RECORD_I32 + ACCOUNT] !== account) return NO_SLOT;
    return c.clientIdLength !== 0 && byClientId !== slot ? NO_SLOT : slot;
  }
  // The order exists and its hold is made. Its client order id is the one that the rules read last.
  #accept(c, plan, market, timeUs) {
    const orders = this.#orders;
    const slot = orders.add(this.nextOrderId++);
    const { f64, i32, u8 } = orders;
    const d = slot * RECORD_F64;
    const w = slot * RECORD_I32;
    const b = recordAt(slot);
    i32[w + ACCOUNT] = plan.account;
    i32[w + MARKET] = market.row;
    i32[w + PRICE_TICKS] = c.priceTicks;
    u8[b + SIDE] = c.side;
    u8[b + TYPE] = c.type;
    u8[b + TIME_IN_FORCE] = plan.timeInForce;
    u8[b + STATUS] = OrderStatus.NEW;
    u8[b + SELF_TRADE_PREVENTION] = c.selfTradePrevention;
    f64[d + QUANTITY_LOTS] = c.quantityLots;
    f64[d + QUOTE_ORDER_UNITS] = c.quoteOrderUnits;
    f64[d + REMAINING_LOTS] = plan.lots;
    f64[d + CREATED_US] = timeUs;
    f64[d + UPDATED_US] = timeUs;
    f64[d + WORKING_US] = plan.waits || plan.pending ? 0 : timeUs;
    if (plan.pending) u8[b + STATUS] = OrderStatus.PENDING_NEW;
    orders.setClientId(slot, this.#rules.clientId);
    this.dedupe.remember(plan.account, this.#rules.clientId);
    if (plan.hasTerms) this.#addTerms(c, slot, plan, market);
    if (plan.holdUnits !== 0 && !plan.pending) this.#ledger.hold(plan.account, plan.holdAsset, plan.holdUnits);
    return slot;
  }
  #addTerms(c, slot, plan, market) {
    const terms = this.#orders.addTerms(slot);
    terms.icebergLots = c.icebergLots;
    terms.pegType = c.pegType;
    terms.pegOffsetLevels = c.pegOffsetLevels;
    terms.stopPriceTicks = c.stopPriceTicks;
    terms.trailingDeltaBips = c.trailingDeltaBips;
    if (plan.pending) {
      terms.phase = PENDING;
      this.#accounts.link(slot);
    } else if (plan.waits) {
      terms.phase = UNTRIGGERED;
      terms.heldUnits = plan.holdUnits;
      market.triggers.add(terms, market.lastPriceTicks);
      this.#accounts.link(slot);
    }
    terms.expireTimeUs = c.expireTimeUs;
    if (terms.expireTimeUs !== 0) terms.timer = this.timers.expireOrder(terms.orderId, terms.expireTimeUs);
  }
  /** Wakes what the prices of this command's trades wake, and what the trades of those wake in turn. */
  settle(seq, timeUs) {
    const prices = this.#prices;
    const ended = this.#endedInLists;
    const filled = this.#workingFilled;
    let priceAt = 0;
    for (; ; ) {
      if (ended.length > 0) {
        for (const terms of ended.splice(0)) this.#endedInList(terms, seq, timeUs);
      } else if (priceAt < prices.length) {
        const { market, ticks } = prices[priceAt++];
        for (const terms of market.triggers.wokenBy(ticks)) if (!terms.ended) this.#wake(terms, market, seq, timeUs);
      } else {
        const list = filled.shift();
        if (list === void 0) break;
        this.#placePending(list, seq, timeUs);
      }
    }
    prices.length = 0;
    this.unsettled = false;
  }
  /** Places the orders of a list, all or none. `orders` are the same that the current command's bytes say. */
  placeList(c, type, clientId, orders, seq, timeUs) {
    const shape = checkListShape(type, clientId, orders);
    if (shape !== OK2) return shape;
    const positions = c.listedOrders();
    const plans = [];
    const working = type === OrderListType.OCO ? -1 : 0;
    for (const [i, position] of positions.entries()) {
      if (!c.selectListed(position)) return RejectReason.MALFORMED_COMMAND;
      const reason = this.#rules.checkPlace(c, timeUs, working === 0 && i > 0);
      if (reason !== OK2) return reason;
      this.#rules.plan.hasTerms = true;
      plans.push(Object.assign(new PlacePlan(), this.#rules.plan));
    }
    const [first, second] = plans;
    if (type === OrderListType.OCO && !standApart(standsAt(orders[0], first), standsAt(orders[1], second))) return RejectReason.ORDER_LIST_SHAPE;
    const market = first.market;
    const { account } = first;
    const listId = Buffer.from(clientId);
    this.#listId.read(account, listId, 0, listId.length);
    if (this.lists.findClientId(account, clientId) !== void 0 || this.dedupe.remembersList(account, this.#listId)) return RejectReason.DUPLICATE_CLIENT_ORDER_LIST_ID;
    if (market.maxNumOrderLists !== 0 && this.lists.count(account, market.row) >= market.maxNumOrderLists) return RejectReason.MAX_NUM_ORDER_LISTS;
    if (this.#accounts.openOrders(account, market.row) + plans.length > market.maxNumOrders) return RejectReason.MAX_NUM_ORDERS;
    const algos = plans.filter((plan) => plan.waits).length;
    if (market.maxNumAlgoOrders !== 0 && market.triggers.count(account) + algos > market.maxNumAlgoOrders) return RejectReason.MAX_NUM_ALGO_ORDERS;
    if (type === OrderListType.OCO) {
      const [base2, other] = second.waits ? [first, second] : [second, first];
      other.holdUnits = Math.max(0, other.holdUnits - base2.holdUnits);
    }
    const orderIds = plans.map((_, i) => this.nextOrderId + i);
    const list = this.lists.add({ id: this.lists.nextId++, account, market: market.row, type, clientId, orderIds });
    this.dedupe.rememberList(account, this.#listId);
    market.feed.startCommand(seq);
    this.#events.other({ case: "orderListChanged", value: { list: listMessage(list, OrderListStatus.EXECUTING, timeUs) } });
    const slots = plans.map((plan, i) => {
      c.selectListed(positions[i]);
      if (c.pegType !== 0 && !plan.waits && !plan.pending) c.priceTicks = plan.limitTicks;
      this.#rules.clientId.read(account, c.bytes, c.clientIdAt, c.clientIdLength);
      const slot = this.#accept(c, plan, market, timeUs);
      const terms = this.#orders.termsOf(slot);
      invariant(terms !== void 0, "an order of a list has no terms");
      terms.list = list;
      if (!plan.waits && !plan.pending) {
        terms.listed = true;
        this.#accounts.link(slot);
      }
      this.#events.orderAccepted(slot);
      return slot;
    });
    for (const [i, plan] of plans.entries()) if (!plan.waits && !plan.pending) this.#carryOut(slots[i], market, plan, timeUs);
    return OK2;
  }
  /** Cancels every order of a list, named by id or by client order list id. */
  cancelList(c, marketId, listId, clientId, seq, timeUs) {
    const account = this.#accounts.row(c.accountId);
    if (account < 0) return RejectReason.UNKNOWN_ACCOUNT;
    const market = this.#markets.byId(marketId);
    if (market === void 0) return RejectReason.UNKNOWN_MARKET;
    const list = listId === 0 ? this.lists.findClientId(account, clientId) : this.lists.byId(listId);
    if (list === void 0 || list.account !== account || list.market !== market.row) return RejectReason.UNKNOWN_ORDER_LIST;
    if (listId !== 0 && clientId !== "" && list.clientId !== clientId) return RejectReason.UNKNOWN_ORDER_LIST;
    if (market.status === MarketStatus.HALT) return RejectReason.MARKET_CLOSED;
    for (const slot of this.#openOf(list)) this.#cancelOpen(slot, seq, timeUs, CancelReason.REQUESTED);
    return OK2;
  }
  // Slots of a list's orders that are not over.
  #openOf(list) {
    return list.orderIds.map((id) => this.#orders.find(id)).filter((slot) => slot !== NO_SLOT);
  }
  // One order of a list is over: what that means for the others, and for the list.
  #endedInList(terms, seq, timeUs) {
    const { list } = terms;
    if (list === void 0 || this.lists.byId(list.id) === void 0) return;
    const at = list.orderIds.indexOf(terms.orderId);
    const working = workingIndex(list);
    if (at === working) {
      if (terms.endStatus === OrderStatus.FILLED) this.#workingFilled.push(list);
      else for (const slot of this.#openOf(list)) this.#expireOpen(slot, seq, timeUs, ExpiryReason.OTO_WORKING_LEG_ENDED);
    } else if (terms.endStatus === OrderStatus.CANCELED) {
      for (const slot of this.#openOf(list)) this.#cancelOpen(slot, seq, timeUs, terms.endReason);
    } else if (terms.endReason !== ExpiryReason.OCO_TRIGGERED) this.#endPartner(terms, seq, timeUs);
    if (this.#openOf(list).length > 0) return;
    this.lists.remove(list);
    this.#events.other({ case: "orderListChanged", value: { list: listMessage(list, OrderListStatus.ALL_DONE, timeUs) } });
  }
  // The other order of a pair, if this one is of a pair.
  #endPartner(terms, seq, timeUs) {
    const { list } = terms;
    if (list === void 0) return;
    const at = list.orderIds.indexOf(terms.orderId);
    for (const [other, id] of list.orderIds.entries()) {
      if (!isPair(list, at, other)) continue;
      const slot = this.#orders.find(id);
      if (slot !== NO_SLOT) this.#expireOpen(slot, seq, timeUs, ExpiryReason.OCO_TRIGGERED);
    }
  }
  // The working order of a list is filled: its pending orders are placed, both of a pair or none.
  #placePending(list, seq, timeUs) {
    const market = this.#markets.markets[list.market];
    const { f64, u8 } = this.#orders;
    const pending = this.#openOf(list).map((slot) => this.#orders.termsOf(slot));
    const priced = pending.filter(entersPegged).map((terms) => this.#takePegPrice(terms, market));
    const needs = pending.map((terms) => this.#rules.neededUnits(terms, market));
    const most = Math.max(0, ...needs);
    const side = pending[0]?.side;
    const [above, below] = list.type === OrderListType.OTOCO ? pending.map((terms) => this.#standsAt(terms)) : [];
    const enters = pending.length === list.orderIds.length - 1 && most <= EXACT_MAX && !pending.some((terms) => this.#rules.mayNotEnter(terms, market, timeUs)) && standApart(above ?? 0, below ?? 0) && // A buyer without limit takes what he can pay; every other order is paid in full or not placed.
    (side === BUY && pending[0]?.type === OrderType.MARKET || this.#ledger.covers(list.account, side === BUY ? market.quote : market.base, most));
    if (!enters) {
      const reason = priced.includes(false) ? ExpiryReason.INSUFFICIENT_LIQUIDITY : ExpiryReason.EXCHANGE;
      for (const { slot } of pending) this.#expireOpen(slot, seq, timeUs, reason);
      return;
    }
    market.feed.startCommand(seq);
    let held = 0;
    const waits = (terms) => terms.stopPriceTicks !== 0 || terms.trailingDeltaBips !== 0;
    for (const terms of [...pending].sort((a, b) => Number(waits(a)) - Number(waits(b)))) {
      if (terms.ended) continue;
      const { slot } = terms;
      u8[recordAt(slot) + STATUS] = OrderStatus.NEW;
      f64[slot * RECORD_F64 + UPDATED_US] = timeUs;
      const need = this.#rules.neededUnits(terms, market);
      if (waits(terms)) {
        terms.phase = UNTRIGGERED;
        terms.heldUnits = Math.max(0, need - held);
        if (terms.heldUnits !== 0) this.#ledger.hold(list.account, terms.side === BUY ? market.quote : market.base, terms.heldUnits);
        held = Math.max(held, need);
        market.triggers.add(terms, market.lastPriceTicks);
        this.#events.orderAccepted(slot);
        continue;
      }
      held = need;
      terms.phase = WORKING;
      terms.listed = true;
      f64[slot * RECORD_F64 + WORKING_US] = timeUs;
      this.#events.orderAccepted(slot);
      this.#carryOutWaiting(terms, market, timeUs);
    }
  }
  // A peg becomes a price, once. False: the book has none for it.
  #takePegPrice(terms, market) {
    const { slot } = terms;
    const ticks = this.#rules.pegTicksOf(terms, this.#partnerOf(slot), market);
    this.#orders.i32[slot * RECORD_I32 + PRICE_TICKS] = ticks;
    return ticks !== 0;
  }
  // Where an order of a pair rests, or wakes; 0 while nobody knows.
  #standsAt(terms) {
    return terms.type === OrderType.LIMIT_MAKER ? this.#orders.i32[terms.slot * RECORD_I32 + PRICE_TICKS] : terms.stopPriceTicks;
  }
  // From here on the order is an ordinary one, the youngest at its price.
  #wake(terms, market, seq, timeUs) {
    const { slot } = terms;
    const { f64 } = this.#orders;
    market.feed.startCommand(seq);
    market.triggers.remove(terms);
    terms.phase = WORKING;
    terms.listed = true;
    terms.triggeredUs = timeUs;
    f64[slot * RECORD_F64 + UPDATED_US] = timeUs;
    f64[slot * RECORD_F64 + WORKING_US] = timeUs;
    const priced = terms.pegType === PegType.UNSPECIFIED || this.#takePegPrice(terms, market);
    this.#events.orderTriggered(slot);
    this.#endPartner(terms, seq, timeUs);
    if (!priced) {
      const held = terms.heldUnits;
      terms.heldUnits = 0;
      this.#expire(slot, market, held, ExpiryReason.INSUFFICIENT_LIQUIDITY);
      return;
    }
    this.#carryOutWaiting(terms, market, timeUs);
  }
  #carryOutWaiting(terms, market, timeUs) {
    const { plan } = this.#rules;
    const held = terms.heldUnits;
    terms.heldUnits = 0;
    if (!this.#rules.planWoken(terms.slot, market, held, timeUs)) {
      this.#expire(terms.slot, market, held, ExpiryReason.EXCHANGE);
      return;
    }
    if (plan.holdUnits > held) this.#ledger.hold(plan.account, plan.holdAsset, plan.holdUnits - held);
    this.#carryOut(terms.slot, market, plan, timeUs);
  }
  #marketOf(slot) {
    return this.#markets.markets[this.#orders.i32[slot * RECORD_I32 + MARKET]];
  }
  // The order is about to be forgotten.
  #endTerms(terms) {
    terms.ended = true;
    if (terms.hiddenLots !== 0) {
      bookOf(this.#orders, terms.slot, this.#marketOf(terms.slot)).hide(this.#orders.i32[terms.slot * RECORD_I32 + PRICE_TICKS], -terms.hiddenLots);
      terms.hiddenLots = 0;
    }
    if (terms.list !== void 0) {
      const { u8 } = this.#orders;
      terms.endStatus = u8[recordAt(terms.slot) + STATUS];
      terms.endReason = u8[recordAt(terms.slot) + (terms.endStatus === OrderStatus.CANCELED ? CANCEL_REASON : EXPIRY_REASON)];
      this.#endedInLists.push(terms);
      this.unsettled = true;
    }
    if (terms.timer !== void 0) this.timers.remove(terms.timer);
    if (terms.phase === UNTRIGGERED) this.#marketOf(terms.slot).triggers.remove(terms);
    if (terms.listed) this.#accounts.unlink(terms.slot);
  }
  #buy(slot, market, plan, timeUs) {
    const { book, notionalUnits, lotSizeUnits } = market;
    const orders = this.#orders;
    const ledger = this.#ledger;
    const limit = plan.limitTicks;
    const takerFeePpm = takerRate(market, this.#accounts.feeTier[plan.account]);
    let remaining = plan.lots;
    let prevented = false;
    let spent = 0;
    let received = 0;
    let baseFees = 0;
    let quoteFees = 0;
    while (remaining > 0 && book.bestAskTicks <= plan.matchTicks) {
      const price2 = book.bestAskTicks;
      const maker = book.front(price2);
      const { f64, i32, u8 } = orders;
      const makerAccount = i32[maker * RECORD_I32 + ACCOUNT];
      if (plan.prevention !== NO_PREVENTION && this.#accounts.sameOwner(makerAccount, plan.account)) {
        remaining = this.#prevent(slot, maker, market, plan.prevention, remaining, price2, timeUs);
        prevented = remaining === 0;
        continue;
      }
      const there = f64[maker * RECORD_F64 + REMAINING_LOTS];
      const lots = remaining < there ? remaining : there;
      const done = lots === there && (i32[maker * RECORD_I32 + TERMS] === 0 || this.#hiddenLots(maker) === 0);
      const quote = price2 * lots * notionalUnits;
      const base2 = lots * lotSizeUnits;
      const makerFee = feeUnits(quote, makerRate(market, this.#accounts.feeTier[makerAccount]));
      const takerFee = feeUnits(base2, takerFeePpm);
      remaining -= lots;
      spent += quote;
      received += base2 - takerFee;
      baseFees += takerFee;
      quoteFees += makerFee;
      ledger.spend(makerAccount, market.base, base2);
      ledger.receive(makerAccount, market.quote, quote - makerFee);
      this.#trade(market, price2, lots, quote, BUY, maker, done, makerFee, market.quote, slot, remaining, plan.runsOut, takerFee, market.base, timeUs);
      book.fill(maker, lots);
      if (done) this.#forget(maker, u8[recordAt(maker) + STATUS]);
      else if (lots === there) this.#showMore(maker, market);
    }
    if (received !== 0 || spent !== 0) {
      ledger.spend(plan.account, market.quote, spent);
      ledger.receive(plan.account, market.base, received);
      ledger.receive(HOUSE_ACCOUNT, market.base, baseFees);
      ledger.receive(HOUSE_ACCOUNT, market.quote, quoteFees);
    }
    const outside = book.bestAskTicks > plan.matchTicks && book.bestAskTicks <= limit;
    const rests = remaining > 0 && plan.rests && !outside;
    const keep = rests ? limit * remaining * notionalUnits : 0;
    this.#finish(slot, market, plan, remaining, rests, plan.holdUnits - spent - keep, keep, prevented, outside);
  }
  #sell(slot, market, plan, timeUs) {
    const { book, notionalUnits, lotSizeUnits } = market;
    const orders = this.#orders;
    const ledger = this.#ledger;
    const limit = plan.limitTicks;
    const takerFeePpm = takerRate(market, this.#accounts.feeTier[plan.account]);
    let remaining = plan.lots;
    let prevented = false;
    let sold = 0;
    let received = 0;
    let baseFees = 0;
    let quoteFees = 0;
    while (remaining > 0 && book.bestBidTicks >= plan.matchTicks) {
      const price2 = book.bestBidTicks;
      const maker = book.front(price2);
      const { f64, i32, u8 } = orders;
      const makerAccount = i32[maker * RECORD_I32 + ACCOUNT];
      if (plan.prevention !== NO_PREVENTION && this.#accounts.sameOwner(makerAccount, plan.account)) {
        remaining = this.#prevent(slot, maker, market, plan.prevention, remaining, price2, timeUs);
        prevented = remaining === 0;
        continue;
      }
      const there = f64[maker * RECORD_F64 + REMAINING_LOTS];
      const lots = remaining < there ? remaining : there;
      const done = lots === there && (i32[maker * RECORD_I32 + TERMS] === 0 || this.#hiddenLots(maker) === 0);
      const quote = price2 * lots * notionalUnits;
      const base2 = lots * lotSizeUnits;
      const makerFee = feeUnits(base2, makerRate(market, this.#accounts.feeTier[makerAccount]));
      const takerFee = feeUnits(quote, takerFeePpm);
      remaining -= lots;
      sold += base2;
      received += quote - takerFee;
      baseFees += makerFee;
      quoteFees += takerFee;
      ledger.spend(makerAccount, market.quote, quote);
      ledger.receive(makerAccount, market.base, base2 - makerFee);
      this.#trade(market, price2, lots, quote, SELL, maker, done, makerFee, market.base, slot, remaining, plan.runsOut, takerFee, market.quote, timeUs);
      book.fill(maker, lots);
      if (done) this.#forget(maker, u8[recordAt(maker) + STATUS]);
      else if (lots === there) this.#showMore(maker, market);
    }
    if (sold !== 0) {
      ledger.spend(plan.account, market.base, sold);
      ledger.receive(plan.account, market.quote, received);
      ledger.receive(HOUSE_ACCOUNT, market.base, baseFees);
      ledger.receive(HOUSE_ACCOUNT, market.quote, quoteFees);
    }
    const outside = book.bestBidTicks < plan.matchTicks && book.bestBidTicks >= limit;
    const rests = remaining > 0 && plan.rests && !outside;
    const keep = rests ? remaining * lotSizeUnits : 0;
    this.#finish(slot, market, plan, remaining, rests, plan.holdUnits - sold - keep, keep, prevented, outside);
  }
  // One trade's marks on both orders and on the market, and its event; the money is moved by the caller.
  #trade(market, price2, lots, quote, takerSide, maker, makerDone, makerFee, makerFeeAsset, taker, takerRemaining, runsOut, takerFee, takerFeeAsset, timeUs) {
    const { f64, i32, u8 } = this.#orders;
    const m = maker * RECORD_F64;
    const t = taker * RECORD_F64;
    f64[m + EXECUTED_LOTS] = f64[m + EXECUTED_LOTS] + lots;
    f64[m + EXECUTED_QUOTE_UNITS] = f64[m + EXECUTED_QUOTE_UNITS] + quote;
    f64[m + UPDATED_US] = timeUs;
    u8[recordAt(maker) + STATUS] = makerDone ? OrderStatus.FILLED : OrderStatus.PARTIALLY_FILLED;
    f64[t + EXECUTED_LOTS] = f64[t + EXECUTED_LOTS] + lots;
    f64[t + EXECUTED_QUOTE_UNITS] = f64[t + EXECUTED_QUOTE_UNITS] + quote;
    f64[t + REMAINING_LOTS] = takerRemaining;
    u8[recordAt(taker) + STATUS] = takerRemaining === 0 && !runsOut ? OrderStatus.FILLED : OrderStatus.PARTIALLY_FILLED;
    if (market.triggers.waiting !== 0 && price2 !== market.lastPriceTicks) {
      this.#prices.push({ market, ticks: price2 });
      this.unsettled = true;
    }
    market.lastPriceTicks = price2;
    market.reference.trade(price2, lots, timeUs);
    const tradeId = market.nextTradeId++;
    market.feed.bookChanged();
    market.feed.trade(tradeId, price2, lots, takerSide, timeUs);
    this.#events.tradeExecuted(market.id, tradeId, price2, lots, quote, takerSide, maker, makerFee, makerFeeAsset, taker, takerFee, takerFeeAsset);
    if (i32[maker * RECORD_I32 + TERMS] !== 0) this.#endPartnerOf(maker, timeUs);
  }
  #hiddenLots(slot) {
    return this.#orders.termsOf(slot)?.hiddenLots ?? 0;
  }
  // The part of an iceberg that showed is gone: the next one joins the back of the queue.
  #showMore(slot, market) {
    const terms = this.#orders.termsOf(slot);
    invariant(terms !== void 0 && terms.hiddenLots > 0, "an order shows more than it has");
    const lots = Math.min(terms.icebergLots, terms.hiddenLots);
    terms.hiddenLots -= lots;
    this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = lots;
    market.book.hide(this.#orders.i32[slot * RECORD_I32 + PRICE_TICKS], -lots);
    market.book.add(slot);
  }
  // A resting order of a pair trades, or is lessened: the other one, which waits outside the book, ends at once.
  #endPartnerOf(maker, timeUs) {
    const terms = this.#orders.termsOf(maker);
    if (terms?.list !== void 0) this.#endPartner(terms, 0, timeUs);
  }
  // The taker met an order of its own owner: instead of trading, one of them ends, or both, or both get smaller.
  // Answers what remains of the taker.
  #prevent(taker, maker, market, prevention, remaining, price2, timeUs) {
    const { f64, i32, u8 } = this.#orders;
    const m = maker * RECORD_F64;
    const t = taker * RECORD_F64;
    const there = f64[m + REMAINING_LOTS];
    const lots = remaining < there ? remaining : there;
    const lessens = prevention === SelfTradePreventionMode.DECREMENT;
    const takerLoses = expiresTaker(prevention) ? remaining : lessens ? lots : 0;
    const makerLoses = expiresMaker(prevention) ? there : lessens ? lots : 0;
    const left = remaining - takerLoses;
    f64[t + PREVENTED_LOTS] = f64[t + PREVENTED_LOTS] + takerLoses;
    f64[t + REMAINING_LOTS] = left;
    if (left === 0) u8[recordAt(taker) + STATUS] = OrderStatus.EXPIRED_IN_MATCH;
    const hidden = i32[maker * RECORD_I32 + TERMS] === 0 ? 0 : this.#hiddenLots(maker);
    const ends = makerLoses === there && (hidden === 0 || expiresMaker(prevention));
    if (makerLoses !== 0) {
      const buys = u8[recordAt(maker) + SIDE] === BUY;
      const held = heldBy(this.#orders, maker, market);
      const terms = this.#orders.termsOf(maker);
      if (ends && hidden !== 0 && terms !== void 0) {
        market.book.hide(price2, -hidden);
        terms.hiddenLots = 0;
      }
      market.book.fill(maker, makerLoses);
      market.feed.bookChanged();
      this.#ledger.release(i32[maker * RECORD_I32 + ACCOUNT], buys ? market.quote : market.base, held - heldBy(this.#orders, maker, market));
      f64[m + PREVENTED_LOTS] = f64[m + PREVENTED_LOTS] + makerLoses + (ends ? hidden : 0);
      f64[m + UPDATED_US] = timeUs;
    }
    if (ends) u8[recordAt(maker) + STATUS] = OrderStatus.EXPIRED_IN_MATCH;
    else if (makerLoses === there) this.#showMore(maker, market);
    this.#events.tradePrevented(taker, maker, lots, price2);
    if (!ends && makerLoses !== 0 && i32[maker * RECORD_I32 + TERMS] !== 0) this.#endPartnerOf(maker, timeUs);
    if (ends) {
      this.#events.orderExpired(maker, ExpiryReason.SELF_TRADE_PREVENTION);
      this.#accounts.unlink(maker);
      this.#orders.remove(maker);
    }
    return left;
  }
  // After matching: the rest of the order stays, or ends.
  #finish(slot, market, plan, remaining, rests, releaseUnits, keepUnits, prevented, outside) {
    invariant(releaseUnits >= 0 && keepUnits >= 0, "an order spent more than it held");
    if (rests) {
      this.#ledger.release(plan.account, plan.holdAsset, releaseUnits);
      const terms = this.#orders.termsOf(slot);
      if (terms !== void 0 && terms.icebergLots !== 0 && terms.icebergLots < remaining) {
        terms.hiddenLots = remaining;
        this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = 0;
        market.book.hide(plan.limitTicks, remaining);
        this.#showMore(slot, market);
      } else market.book.add(slot);
      market.feed.bookChanged();
      if (terms?.listed === true) terms.listed = false;
      else this.#accounts.link(slot);
      return;
    }
    if (remaining > 0 || plan.runsOut || prevented) {
      let reason = plan.isMarket ? ExpiryReason.INSUFFICIENT_LIQUIDITY : ExpiryReason.UNFILLED_IOC;
      if (prevented) reason = ExpiryReason.SELF_TRADE_PREVENTION;
      else if (outside) reason = ExpiryReason.PRICE_BAND_EXCEEDED;
      this.#expire(slot, market, releaseUnits, reason);
      return;
    }
    this.#ledger.release(plan.account, plan.holdAsset, releaseUnits);
    this.#orders.remove(slot);
  }
  #expire(slot, market, releaseUnits, reason) {
    const { i32, u8 } = this.#orders;
    const asset = u8[recordAt(slot) + SIDE] === BUY ? market.quote : market.base;
    this.#ledger.release(i32[slot * RECORD_I32 + ACCOUNT], asset, releaseUnits);
    u8[recordAt(slot) + STATUS] = reason === ExpiryReason.SELF_TRADE_PREVENTION ? OrderStatus.EXPIRED_IN_MATCH : OrderStatus.EXPIRED;
    this.#events.orderExpired(slot, reason);
    this.#orders.remove(slot);
  }
  #cancelOpen(slot, seq, timeUs, reason) {
    this.#leave(slot, seq, timeUs, OrderStatus.CANCELED);
    this.#events.orderCanceled(slot, reason);
    this.#accounts.unlink(slot);
    this.#orders.remove(slot);
  }
  #expireOpen(slot, seq, timeUs, reason) {
    this.#leave(slot, seq, timeUs, OrderStatus.EXPIRED);
    this.#events.orderExpired(slot, reason);
    this.#accounts.unlink(slot);
    this.#orders.remove(slot);
  }
  // An open order leaves the book, and what it held is free.
  #leave(slot, seq, timeUs, status) {
    const { f64, i32, u8 } = this.#orders;
    const market = this.#marketOf(slot);
    const terms = this.#orders.termsOf(slot);
    if (terms === void 0 || terms.phase === WORKING) {
      market.feed.startCommand(seq);
      this.#leaveBook(slot, market);
    }
    const buys = u8[recordAt(slot) + SIDE] === BUY;
    this.#ledger.release(i32[slot * RECORD_I32 + ACCOUNT], buys ? market.quote : market.base, heldBy(this.#orders, slot, market));
    u8[recordAt(slot) + STATUS] = status;
    f64[slot * RECORD_F64 + UPDATED_US] = timeUs;
  }
  // An order stands no longer in the book, or is collected no longer.
  #leaveBook(slot, market) {
    if (market.auction !== void 0) {
      market.auction.changed = true;
      if (this.#orders.u8[recordAt(slot) + COLLECTED] !== 0) {
        market.auction.take(slot);
        return;
      }
    }
    market.book.remove(slot);
    market.feed.bookChanged();
  }
  // A resting order that a fill has ended.
  #forget(slot, status) {
    invariant(status === OrderStatus.FILLED, "an order left the book by a fill without being filled");
    this.#accounts.unlink(slot);
    this.#orders.remove(slot);
  }
};
var standsAt = (order, plan) => order?.type === OrderType.LIMIT_MAKER ? plan.limitTicks : Number(order?.stopPriceTicks ?? 0);
var isMassCancelReason = (reason) => reason === 0 || reason === CancelReason.DISCONNECT || reason === CancelReason.OPERATOR;
function heldBy(orders, slot, market) {
  const terms = orders.termsOf(slot);
  if (terms !== void 0 && terms.phase !== WORKING) return terms.heldUnits;
  const remaining = orders.f64[slot * RECORD_F64 + REMAINING_LOTS] + (terms?.hiddenLots ?? 0);
  return orders.u8[recordAt(slot) + SIDE] === BUY ? orders.i32[slot * RECORD_I32 + PRICE_TICKS] * remaining * market.notionalUnits : remaining * market.lotSizeUnits;
}

// services/engine/engine.ts
var INGRESS_ID_LENGTH_MAX = 128;
var FIRST_PRINTABLE = 33;
var LAST_PRINTABLE = 126;
var Engine = class {
  /** The engine's parts, for snapshots, queries and checks; nobody else changes them. */
  orders = new OrderStore(ORDER_CAPACITY_START);
  accounts = new Accounts(this.orders);
  ledger = new Ledger();
  markets = new Markets((row) => {
    const feed = new MarketFeed(row + 1);
    return { feed, book: new OrderBook(this.orders, feed), triggers: new Triggers() };
  });
  #events = new EventWriter(this.orders, this.accounts);
  trading = new Trading(this.orders, this.accounts, this.markets, this.ledger, this.#events);
  #reader = new CommandReader();
  #logChain = new LogChain();
  #ingressId = "";
  // The engine's time of the running entry as V8 passes it on: taken from a field for doubles, it would be allocated for
  // each call that is not inlined, once a command and more.
  #now = [void 0];
  /** 0 until the log is opened. */
  epoch = 0;
  // Of the entry before the one in hand; the same as `epoch` but while an entry starts a new one.
  #previousEpoch = 0;
  venue = "";
  /** The last entry and command applied. */
  entry = 0;
  seq = 0;
  timeUs = 0;
  chain = new Uint8Array(CHAIN_BYTES);
  /** Seq of the last change to assets, markets or their status. */
  venueVersion = 0;
  /**
   * Applies entry number `entry`, which must be the next one.
   * @throws InvariantViolation when the engine contradicts itself; its state is then worthless.
   */
  applyEntry(bytes, entry) {
    invariant(entry === this.entry + 1, `entry ${entry} does not follow entry ${this.entry}`);
    const reader = this.#reader;
    const readable = reader.open(bytes) && isIngressId(bytes, reader.ingressIdAt, reader.ingressIdLength);
    if (readable && reader.timeUs > this.timeUs) {
      this.timeUs = reader.timeUs;
      this.trading.dedupe.setTime(this.timeUs);
    }
    this.entry = entry;
    this.chain = this.#logChain.next(this.chain, bytes);
    let more = readable && reader.next();
    this.#previousEpoch = this.epoch;
    if (more) this.#peekEpoch(reader);
    const ingressIdLength = readable ? reader.ingressIdLength : 0;
    this.#now[0] = this.timeUs;
    this.#events.startBatch(this.epoch, entry, this.chain, bytes, reader.ingressIdAt, ingressIdLength, this.timeUs);
    for (; more; more = reader.next()) this.#applyCommand(reader);
    if (!readable) {
      this.#events.startGroup(++this.seq, 0, 0);
      this.#events.commandRejected(RejectReason.MALFORMED_COMMAND);
      this.#events.endGroup();
    }
    const marketData = [];
    for (const market of this.markets.markets) {
      if (market.auction?.changed === true) market.feed.tell(auctionStatus(market, market.auction, this.seq));
      if (market.feed.pending) marketData.push({ symbol: market.symbol, bytes: market.feed.take(market.book, this.epoch, this.timeUs) });
    }
    return { entry, events: this.#events.batch(), ingressId: this.#ingressIdText(bytes, reader.ingressIdAt, ingressIdLength), marketData };
  }
  // Few ingresses write many entries: the text of the last one is mostly that of this one.
  #ingressIdText(bytes, from, length) {
    const last = this.#ingressId;
    let same = last.length === length;
    for (let i = 0; same && i < length; i++) same = last.charCodeAt(i) === bytes[from + i];
    if (!same) this.#ingressId = Buffer.from(bytes.buffer, bytes.byteOffset + from, length).toString("latin1");
    return this.#ingressId;
  }
  #applyCommand(reader) {
    const seq = ++this.seq;
    const timeUs = this.#now[0];
    const events = this.#events;
    events.startGroup(seq, reader.requestNo, reader.accountId);
    if (timeUs >= this.trading.timers.firstDueUs) this.trading.fireTimers(seq, timeUs);
    if (this.trading.unsettled) this.trading.settle(seq, timeUs);
    if (reader.malformed) events.commandRejected(RejectReason.MALFORMED_COMMAND);
    else {
      switch (reader.kind) {
        case PLACE_ORDER:
          this.trading.place(reader, seq, timeUs);
          break;
        case CANCEL_ORDER:
          this.trading.cancel(reader, seq, timeUs);
          break;
        case CANCEL_ALL_ORDERS:
          this.trading.cancelAll(reader, seq, timeUs);
          break;
        case AMEND_ORDER:
          this.trading.amend(reader, seq, timeUs);
          break;
        case CANCEL_REPLACE_ORDER:
          this.trading.cancelReplace(reader, seq, timeUs);
          break;
        default: {
          const reason = this.#applyRare(reader);
          if (reason !== RejectReason.UNSPECIFIED) events.commandRejected(reason);
        }
      }
    }
    if (this.trading.unsettled) this.trading.settle(seq, timeUs);
    this.ledger.endCommand(events);
    invariant(!events.groupEmpty, "a command was answered with nothing");
    events.endGroup();
  }
  // Commands that are not on the hot path; answers with the reason when refused.
  #applyRare(reader) {
    if (reader.deadlineUs !== 0 && this.timeUs > reader.deadlineUs) return RejectReason.DEADLINE_PASSED;
    switch (reader.kind) {
      case DEPOSIT:
        return this.#deposit(reader);
      case WITHDRAW:
        return this.#withdraw(reader);
      case ADVANCE_TIME:
        this.#events.timeAdvanced();
        return RejectReason.UNSPECIFIED;
      case SET_DEAD_MANS_SWITCH: {
        const body = this.#body(reader, SetDeadMansSwitchSchema);
        return body === void 0 ? RejectReason.MALFORMED_COMMAND : this.trading.setDeadMansSwitch(reader.accountId, body.timeoutUs, this.timeUs);
      }
      case PLACE_ORDER_LIST: {
        const body = this.#body(reader, PlaceOrderListSchema);
        if (body === void 0) return RejectReason.MALFORMED_COMMAND;
        return this.trading.placeList(reader, body.type, body.clientOrderListId, body.orders, this.seq, this.timeUs);
      }
      case CANCEL_ORDER_LIST: {
        const body = this.#body(reader, CancelOrderListSchema);
        if (body === void 0) return RejectReason.MALFORMED_COMMAND;
        return this.trading.cancelList(reader, body.marketId, Number(body.orderListId), body.clientOrderListId, this.seq, this.timeUs);
      }
      case OPEN_ACCOUNT:
      case SET_ACCOUNT_FROZEN:
      case OPEN_LOG:
      case LIST_ASSET:
      case LIST_MARKET:
      case SET_MARKET_STATUS:
      case RESOLVE_TRANSFER:
      case SET_FEE_TIER:
      case SET_TRADE_GROUP:
      case UPDATE_MARKET:
      case START_EPOCH:
        return reader.accountId === 0 ? this.#applyVenue(reader) : RejectReason.MALFORMED_COMMAND;
      default:
        return RejectReason.UNSUPPORTED_COMMAND;
    }
  }
  #applyVenue(reader) {
    switch (reader.kind) {
      case OPEN_ACCOUNT:
        return this.#openAccount(reader);
      case SET_ACCOUNT_FROZEN:
        return this.#setAccountFrozen(reader);
      case OPEN_LOG:
        return this.#openLog(reader);
      case LIST_ASSET:
        return this.#listAsset(reader);
      case LIST_MARKET:
        return this.#listMarket(reader);
      case RESOLVE_TRANSFER:
        return this.#resolveTransfer(reader);
      case SET_FEE_TIER:
        return this.#setFeeTier(reader);
      case SET_TRADE_GROUP:
        return this.#setTradeGroup(reader);
      case UPDATE_MARKET:
        return this.#updateMarket(reader);
      case START_EPOCH:
        return this.#startEpoch(reader);
      default:
        return this.#setMarketStatus(reader);
    }
  }
  // Of the entry's first command: what opens the log, or starts a new epoch, does so for its whole entry.
  #peekEpoch(reader) {
    if (reader.malformed) return;
    if (this.seq === 0) {
      const body = reader.kind === OPEN_LOG ? this.#body(reader, OpenLogSchema) : void 0;
      if (body !== void 0) this.epoch = body.epoch;
    } else if (reader.kind === START_EPOCH && reader.accountId === 0 && reader.deadlineUs === 0) {
      const body = this.#body(reader, StartEpochSchema);
      if (body !== void 0 && body.reason.length <= EPOCH_REASON_LENGTH_MAX && body.epoch > this.epoch) this.epoch = body.epoch;
    }
  }
  #startEpoch(reader) {
    const body = this.#body(reader, StartEpochSchema);
    if (body === void 0 || body.reason.length > EPOCH_REASON_LENGTH_MAX || reader.deadlineUs !== 0) return RejectReason.MALFORMED_COMMAND;
    const previousEpoch = this.#previousEpoch;
    if (body.epoch <= previousEpoch) return RejectReason.ALREADY_EXISTS;
    if (body.epoch !== this.epoch) return RejectReason.MALFORMED_COMMAND;
    this.#previousEpoch = this.epoch;
    this.#events.other({ case: "epochStarted", value: { epoch: body.epoch, reason: body.reason, previousEpoch } });
    return RejectReason.UNSPECIFIED;
  }
  #openLog(reader) {
    const body = this.#body(reader, OpenLogSchema);
    if (body === void 0 || body.venue.length > ACCOUNT_NAME_LENGTH_MAX) return RejectReason.MALFORMED_COMMAND;
    if (this.seq !== 1) return RejectReason.ALREADY_EXISTS;
    this.epoch = body.epoch;
    this.venue = body.venue;
    this.#events.other({ case: "logOpened", value: { epoch: body.epoch, venue: body.venue } });
    return RejectReason.UNSPECIFIED;
  }
  #listAsset(reader) {
    const asset = this.#body(reader, ListAssetSchema)?.asset;
    if (asset === void 0 || asset.assetId !== 0) return RejectReason.MALFORMED_COMMAND;
    const reason = this.markets.checkAsset(asset);
    if (reason !== RejectReason.UNSPECIFIED) return reason;
    const listed = this.markets.addAsset(asset);
    this.ledger.reserve(this.accounts.count, this.markets.assets.length);
    this.venueVersion = this.seq;
    this.#events.other({ case: "assetListed", value: { asset: listed } });
    return RejectReason.UNSPECIFIED;
  }
  #listMarket(reader) {
    const market = this.#body(reader, ListMarketSchema)?.market;
    if (market === void 0 || market.marketId !== 0) return RejectReason.MALFORMED_COMMAND;
    const reason = this.markets.checkMarket(market);
    if (reason !== RejectReason.UNSPECIFIED) return reason;
    const listed = this.markets.addMarket(market);
    this.accounts.reserveMarkets(this.markets.markets.length);
    this.venueVersion = this.seq;
    this.#events.other({ case: "marketListed", value: { market: marketMessage(listed) } });
    return RejectReason.UNSPECIFIED;
  }
  #updateMarket(reader) {
    const body = this.#body(reader, UpdateMarketSchema)?.market;
    if (body === void 0) return RejectReason.MALFORMED_COMMAND;
    const reason = this.markets.checkUpdate(body);
    if (reason !== RejectReason.UNSPECIFIED) return reason;
    const market = this.markets.markets[body.marketId - 1];
    Object.assign(market, rulesOf(body));
    this.venueVersion = this.seq;
    this.#events.other({ case: "marketUpdated", value: { market: marketMessage(market) } });
    return RejectReason.UNSPECIFIED;
  }
  #setFeeTier(reader) {
    const body = this.#body(reader, SetFeeTierSchema);
    if (body === void 0 || body.tier > FEE_TIER_MAX) return RejectReason.MALFORMED_COMMAND;
    const row = this.accounts.row(Number(body.targetAccountId));
    if (row < 0) return RejectReason.UNKNOWN_ACCOUNT;
    this.accounts.feeTier[row] = body.tier;
    this.#events.other({ case: "feeTierChanged", value: { accountId: body.targetAccountId, tier: body.tier } });
    return RejectReason.UNSPECIFIED;
  }
  #setTradeGroup(reader) {
    const body = this.#body(reader, SetTradeGroupSchema);
    if (body === void 0 || body.tradeGroupId > BigInt(EXACT_MAX)) return RejectReason.MALFORMED_COMMAND;
    const row = this.accounts.row(Number(body.targetAccountId));
    if (row < 0) return RejectReason.UNKNOWN_ACCOUNT;
    this.accounts.tradeGroup[row] = Number(body.tradeGroupId);
    this.#events.other({ case: "tradeGroupChanged", value: { accountId: body.targetAccountId, tradeGroupId: body.tradeGroupId } });
    return RejectReason.UNSPECIFIED;
  }
  #setMarketStatus(reader) {
    const body = this.#body(reader, SetMarketStatusSchema);
    if (body === void 0) return RejectReason.MALFORMED_COMMAND;
    const market = this.markets.byId(body.marketId);
    if (market === void 0) return RejectReason.UNKNOWN_MARKET;
    if (!mayBecome(market, body.status)) return RejectReason.UNSUPPORTED_COMBINATION;
    market.status = body.status;
    this.venueVersion = this.seq;
    this.#events.other({ case: "marketStatusChanged", value: { marketId: market.id, status: market.status } });
    if (market.status === MarketStatus.AUCTION) {
      market.auction ??= openAuction(this.orders, market);
      market.auction.changed = true;
    } else if (market.status === MarketStatus.TRADING && market.auction !== void 0) this.trading.endAuction(market, this.seq, this.timeUs);
    return RejectReason.UNSPECIFIED;
  }
  #openAccount(reader) {
    const body = this.#body(reader, OpenAccountSchema);
    if (body === void 0 || body.externalId === "" || body.externalId.length > EXTERNAL_ID_LENGTH_MAX || body.name.length > ACCOUNT_NAME_LENGTH_MAX) {
      return RejectReason.MALFORMED_COMMAND;
    }
    const known = this.accounts.findExternal(body.externalId);
    if (known < 0 && this.accounts.count >= ACCOUNTS_MAX) return RejectReason.ACCOUNT_LIMIT_REACHED;
    const row = known >= 0 ? known : this.accounts.open(body.externalId, body.name);
    this.ledger.reserve(this.accounts.count, this.markets.assets.length);
    this.#events.other({
      case: "accountOpened",
      value: { accountId: BigInt(row + 1), externalId: body.externalId, name: this.accounts.names[row], created: known < 0 }
    });
    return RejectReason.UNSPECIFIED;
  }
  #setAccountFrozen(reader) {
    const body = this.#body(reader, SetAccountFrozenSchema);
    if (body === void 0) return RejectReason.MALFORMED_COMMAND;
    const row = this.accounts.row(Number(body.targetAccountId));
    if (row < 0) return RejectReason.UNKNOWN_ACCOUNT;
    this.accounts.frozen[row] = body.frozen ? 1 : 0;
    this.#events.other({ case: "accountFrozenChanged", value: { accountId: body.targetAccountId, frozen: body.frozen } });
    return RejectReason.UNSPECIFIED;
  }
  #deposit(reader) {
    const body = this.#body(reader, DepositSchema);
    const row = this.accounts.row(reader.accountId);
    const reason = this.#checkTransfer(row, body);
    if (reason !== RejectReason.UNSPECIFIED || body === void 0) return reason;
    const asset = body.assetId - 1;
    if (this.ledger.issuedUnits(asset) + body.amountUnits > ASSET_TOTAL_MAX) return RejectReason.BALANCE_OVERFLOW;
    this.accounts.transferIds.add(row, body.transferId);
    if (body.pending) this.#announce(row, body, TransferDirection.DEPOSIT);
    else this.#post(row, body.transferId, { direction: TransferDirection.DEPOSIT, asset, units: Number(body.amountUnits) }, false);
    return RejectReason.UNSPECIFIED;
  }
  #withdraw(reader) {
    const body = this.#body(reader, WithdrawSchema);
    const row = this.accounts.row(reader.accountId);
    const reason = this.#checkTransfer(row, body);
    if (reason !== RejectReason.UNSPECIFIED || body === void 0) return reason;
    if (this.accounts.frozen[row] !== 0) return RejectReason.ACCOUNT_FROZEN;
    const asset = body.assetId - 1;
    if (!this.ledger.covers(row, asset, Number(body.amountUnits))) return RejectReason.INSUFFICIENT_BALANCE;
    this.accounts.transferIds.add(row, body.transferId);
    if (body.pending) {
      this.ledger.hold(row, asset, Number(body.amountUnits));
      this.#announce(row, body, TransferDirection.WITHDRAWAL);
    } else this.#post(row, body.transferId, { direction: TransferDirection.WITHDRAWAL, asset, units: Number(body.amountUnits) }, false);
    return RejectReason.UNSPECIFIED;
  }
  // Posts or voids a transfer that was announced.
  #resolveTransfer(reader) {
    const body = this.#body(reader, ResolveTransferSchema);
    if (body === void 0) return RejectReason.MALFORMED_COMMAND;
    const row = this.accounts.row(Number(body.targetAccountId));
    if (row < 0) return RejectReason.UNKNOWN_ACCOUNT;
    const pending = this.accounts.pendingTransfer(row, body.transferId);
    if (pending === void 0) return RejectReason.UNKNOWN_TRANSFER;
    const { direction, asset, units } = pending;
    const comes = direction === TransferDirection.DEPOSIT;
    if (body.post && comes && this.ledger.issuedUnits(asset) + BigInt(units) > ASSET_TOTAL_MAX) return RejectReason.BALANCE_OVERFLOW;
    this.accounts.resolve(row, body.transferId);
    if (body.post) {
      this.#post(row, body.transferId, pending, true);
      return RejectReason.UNSPECIFIED;
    }
    if (!comes) this.ledger.release(row, asset, units);
    const value = { accountId: BigInt(row + 1), assetId: asset + 1, amountUnits: BigInt(units), transferId: body.transferId, direction };
    this.#events.other({ case: "transferVoided", value });
    return RejectReason.UNSPECIFIED;
  }
  #announce(row, body, direction) {
    const { assetId, amountUnits, transferId } = body;
    this.accounts.announce(row, transferId, { direction, asset: assetId - 1, units: Number(amountUnits) });
    this.#events.other({ case: "transferPending", value: { accountId: BigInt(row + 1), assetId, amountUnits, transferId, direction } });
  }
  // The units come or go; a withdrawal that was pending has them held.
  #post(row, transferId, { direction, asset, units }, wasPending) {
    const value = { accountId: BigInt(row + 1), assetId: asset + 1, amountUnits: BigInt(units), transferId };
    if (direction === TransferDirection.DEPOSIT) {
      this.ledger.deposit(row, asset, units);
      this.#events.other({ case: "depositPosted", value });
      return;
    }
    if (wasPending) this.ledger.withdrawHeld(row, asset, units);
    else this.ledger.withdraw(row, asset, units);
    this.#events.other({ case: "withdrawalPosted", value });
  }
  #checkTransfer(row, body) {
    if (body === void 0 || body.transferId === "" || body.transferId.length > TRANSFER_ID_LENGTH_MAX) return RejectReason.MALFORMED_COMMAND;
    if (row < 0) return RejectReason.UNKNOWN_ACCOUNT;
    if (this.accounts.transferIds.has(row, body.transferId)) return RejectReason.DUPLICATE_TRANSFER;
    if (this.markets.assets[body.assetId - 1] === void 0) return RejectReason.UNKNOWN_ASSET;
    if (body.amountUnits < 1n || body.amountUnits > BigInt(EXACT_MAX)) return RejectReason.AMOUNT_OUT_OF_RANGE;
    return RejectReason.UNSPECIFIED;
  }
  // The body of a rare command; undefined when its bytes are not one, or say more than this engine understands.
  #body(reader, schema) {
    try {
      const body = fromBinary(schema, reader.bytes.subarray(reader.bodyAt, reader.bodyEnd));
      return body.$unknown === void 0 ? body : void 0;
    } catch {
      return void 0;
    }
  }
};
function isIngressId(bytes, from, length) {
  if (length > INGRESS_ID_LENGTH_MAX) return false;
  for (let i = from; i < from + length; i++) {
    const c = bytes[i];
    if (c < FIRST_PRINTABLE || c > LAST_PRINTABLE) return false;
  }
  return true;
}

// services/engine/liveState.ts
function forEachOrder({ book }, visit) {
  for (let ticks = book.bestBidTicks; ticks !== NO_BID; ticks = book.nextBelow(ticks)) {
    for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) visit(slot);
  }
  for (let ticks = book.bestAskTicks; ticks !== NO_ASK; ticks = book.nextAbove(ticks)) {
    for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) visit(slot);
  }
}
function forEachCollected({ auction }, visit) {
  if (auction === void 0) return;
  forEachOrder({ book: auction.bids }, visit);
  forEachOrder({ book: auction.asks }, visit);
}
function waitingOrders({ accounts, orders }) {
  const waiting = [];
  for (let row = 0; row < accounts.count; row++) {
    for (let slot = accounts.firstOrder(row); slot !== NO_SLOT; slot = accounts.nextOrder(slot)) {
      const terms = orders.termsOf(slot);
      if (terms !== void 0 && terms.phase !== WORKING) waiting.push(slot);
    }
  }
  const id = (slot) => orders.f64[slot * RECORD_F64 + ORDER_ID];
  return waiting.sort((a, b) => id(a) - id(b));
}

// services/engine/checks.ts
function checkInvariants(engine) {
  checkBooks(engine);
  checkAuctions(engine);
  checkIndexes(engine);
  checkTakenIds(engine);
  checkHolds(engine);
  checkConservation(engine);
}
function checkBooks(engine) {
  for (const { book } of engine.markets.markets) book.validate();
}
function checkAuctions({ markets, orders }) {
  for (const market of markets.markets) {
    const { auction } = market;
    forEachOrder(market, (slot) => invariant(orders.u8[recordAt(slot) + COLLECTED] === 0, "an order in the book is marked as collected"));
    if (auction === void 0) {
      invariant(market.status !== MarketStatus.AUCTION, "a market is in auction without one");
      continue;
    }
    invariant(market.status !== MarketStatus.TRADING && market.status !== MarketStatus.POST_ONLY, "an auction goes on in a market that trades");
    auction.bids.validate();
    auction.asks.validate();
    invariant(auction.bids.bestAskTicks === NO_ASK && auction.asks.bestBidTicks === NO_BID, "an auction collects an order on the wrong side");
    invariant(auction.bids.bestBidTicks <= auction.priceCapTicks, "an auction may come to a price that is not exact");
    forEachCollected(market, (slot) => invariant(orders.u8[recordAt(slot) + COLLECTED] === 1, "a collected order is not marked"));
  }
}
function checkIndexes(engine) {
  const { markets, orders, accounts } = engine;
  let resting = 0;
  for (const market of markets.markets) {
    const check = (slot) => {
      resting++;
      invariant(orders.find(orders.f64[slot * RECORD_F64 + ORDER_ID]) === slot, "an open order is not found by its id");
      const row = orders.i32[slot * RECORD_I32 + ACCOUNT];
      invariant(orders.findClientId(row, clientIdOf(orders, slot, row)) === slot, "an open order is not found by its client order id");
    };
    forEachOrder(market, check);
    forEachCollected(market, check);
  }
  const waiting = waitingOrders(engine);
  for (const slot of waiting) {
    invariant(orders.find(orders.f64[slot * RECORD_F64 + ORDER_ID]) === slot, "a waiting order is not found by its id");
  }
  for (const market of markets.markets) {
    const untriggered = waiting.filter((slot) => orders.i32[slot * RECORD_I32 + MARKET] === market.row && orders.termsOf(slot)?.phase === UNTRIGGERED);
    invariant(market.triggers.waiting === untriggered.length, "a market counts its untriggered orders wrongly");
  }
  for (const list of engine.trading.lists.all()) {
    const open = list.orderIds.map((id) => orders.find(id)).filter((slot) => slot !== NO_SLOT);
    invariant(open.length > 0, "a list has no order any more");
    for (const slot of open) invariant(orders.termsOf(slot)?.list === list, "an order does not know its list");
  }
  resting += waiting.length;
  invariant(orders.size === resting, "the store has orders that neither rest nor wait");
  let listed = 0;
  for (let row = 0; row < accounts.count; row++) {
    let counted = 0;
    let lastId = 0;
    for (let slot = accounts.firstOrder(row); slot !== NO_SLOT; slot = accounts.nextOrder(slot)) {
      const id = orders.f64[slot * RECORD_F64 + ORDER_ID];
      invariant(id > lastId, "an account's orders are not in the order of their ids");
      lastId = id;
      counted++;
    }
    let open = 0;
    for (const market of markets.markets) open += accounts.openOrders(row, market.row);
    invariant(open === counted, "an account counts its open orders wrongly");
    listed += counted;
  }
  invariant(listed === resting, "an account's list lacks an open order");
}
function checkTakenIds({ accounts, orders, timeUs, trading }) {
  const { dedupe } = trading;
  dedupe.validate();
  if (dedupe.size === DEDUPE_IDS_MAX) return;
  const second = Math.floor(timeUs / 1e6);
  for (let row = 0; row < accounts.count; row++) {
    for (let slot = accounts.firstOrder(row); slot !== NO_SLOT; slot = accounts.nextOrder(slot)) {
      if (second - Math.floor(orders.f64[slot * RECORD_F64 + CREATED_US] / 1e6) > DEDUPE_SECONDS) continue;
      invariant(dedupe.remembers(row, clientIdOf(orders, slot, row)), "a new order's client order id is not remembered");
    }
  }
}
function checkHolds(engine) {
  const { markets, orders, accounts, ledger } = engine;
  const held = /* @__PURE__ */ new Map();
  const count = (market, slot) => {
    const asset = orders.u8[recordAt(slot) + SIDE] === BUY ? market.quote : market.base;
    const key = `${orders.i32[slot * RECORD_I32 + ACCOUNT]}/${asset}`;
    held.set(key, (held.get(key) ?? 0n) + BigInt(heldBy(orders, slot, market)));
  };
  for (const market of markets.markets) {
    forEachOrder(market, (slot) => count(market, slot));
    forEachCollected(market, (slot) => count(market, slot));
  }
  for (const slot of waitingOrders(engine)) count(markets.markets[orders.i32[slot * RECORD_I32 + MARKET]], slot);
  for (let row = 0; row < accounts.count; row++) {
    for (const [, { direction, asset, units }] of accounts.pendingTransfers(row)) {
      if (direction === TransferDirection.WITHDRAWAL) held.set(`${row}/${asset}`, (held.get(`${row}/${asset}`) ?? 0n) + BigInt(units));
    }
    for (let asset = 0; asset < markets.assets.length; asset++) {
      invariant(ledger.heldUnits(row, asset) === (held.get(`${row}/${asset}`) ?? 0n), `account ${row + 1} holds something else than its orders need`);
    }
  }
}
function checkConservation({ markets, accounts, ledger }) {
  for (let asset = 0; asset < markets.assets.length; asset++) {
    let sum = 0n;
    for (let row = 0; row < accounts.count; row++) sum += ledger.availableUnits(row, asset) + ledger.heldUnits(row, asset);
    invariant(sum === ledger.issuedUnits(asset), `units of asset ${asset + 1} were made or lost`);
  }
}
function clientIdOf(orders, slot, account) {
  const id = ClientOrderId.of(account, Buffer.from(orders.clientIdText(slot), "latin1"));
  invariant(id !== void 0, "an open order's client order id is none");
  return id;
}

// bench/core/tape.ts
var RECORD_WORDS = 6;
var LIMIT_GTC = 0;
var LIMIT_IOC = 1;
var CANCEL = 2;
var MOVE = 3;
var FILL_HASH_START = 2166136261 | 0;
function hashFill(hash2, taker, maker, price2, quantity) {
  let h = Math.imul(hash2 ^ taker, 16777619);
  h = Math.imul(h ^ maker, 16777619);
  h = Math.imul(h ^ price2, 16777619);
  return Math.imul(h ^ quantity, 16777619);
}

// bench/core/eventFills.ts
var GROUPS = 6;
var EVENTS2 = 4;
var TRADE_EXECUTED = 3;
var PRICE_TICKS2 = 3;
var QUANTITY_LOTS2 = 4;
var MAKER = 7;
var TAKER = 8;
var SIDE_ORDER = 2;
var ORDER_ID2 = 1;
var EventFills = class {
  count = 0;
  hash;
  #tapeIds;
  /** `tapeIds` gives the tape's order id for the engine's. */
  constructor(tapeIds, hash2) {
    this.#tapeIds = tapeIds;
    this.hash = hash2;
  }
  read(batch) {
    for (const group of fields(batch, 0, batch.length)) {
      if (group.field !== GROUPS) continue;
      for (const event of fields(batch, group.from, group.to)) {
        if (event.field !== EVENTS2) continue;
        for (const body of fields(batch, event.from, event.to)) if (body.field === TRADE_EXECUTED) this.#trade(batch, body);
      }
    }
  }
  #trade(bytes, { from, to }) {
    let price2 = 0;
    let quantity = 0;
    let maker = 0;
    let taker = 0;
    for (const part of fields(bytes, from, to)) {
      if (part.field === PRICE_TICKS2) price2 = part.value;
      else if (part.field === QUANTITY_LOTS2) quantity = part.value;
      else if (part.field === MAKER) maker = orderId2(bytes, part);
      else if (part.field === TAKER) taker = orderId2(bytes, part);
    }
    this.count++;
    this.hash = hashFill(this.hash, this.#tapeIds[taker], this.#tapeIds[maker], price2, quantity);
  }
};
function orderId2(bytes, side) {
  for (const order of fields(bytes, side.from, side.to)) {
    if (order.field !== SIDE_ORDER) continue;
    for (const part of fields(bytes, order.from, order.to)) if (part.field === ORDER_ID2) return part.value;
  }
  return 0;
}
function* fields(bytes, from, to) {
  let at = from;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < to) {
    const tag = varint();
    const value = varint();
    if ((tag & 7) === 2) {
      yield { field: tag >>> 3, value: 0, from: at, to: at + value };
      at += value;
    } else yield { field: tag >>> 3, value, from: 0, to: 0 };
  }
}

// bench/core/subject.ts
var nanoseconds = (ms) => Math.round(ms * 1e6);

// bench/core/tapeCommands.ts
var MARKET2 = 1;
var FIRST_USER_ACCOUNT = 2;
var COMMAND_BYTES_MAX = 128;
var INGRESS = Buffer.from("bench-ingress");
var CLIENT_ID_LENGTH2 = 16;
var CLIENT_ID_PREFIX = Buffer.from("bench-");
var START_US = 175e13;
var ENTRY_US = 100;
var DEPOSIT_UNITS = 1n << 52n;
function openingEntry(users) {
  const unit = 100000000n;
  const bodies = [
    { body: { case: "openLog", value: { epoch: 1, venue: "Bench" } } },
    { body: { case: "listAsset", value: { asset: { code: "BTC", name: "Bitcoin", scale: 8 } } } },
    { body: { case: "listAsset", value: { asset: { code: "USDT", name: "Tether USD", scale: 8 } } } },
    {
      body: {
        case: "listMarket",
        value: {
          market: {
            symbol: "BTCUSDT",
            baseAssetId: 1,
            quoteAssetId: 2,
            tickSizeUnits: unit / 100n,
            lotSizeUnits: unit / 100000n,
            makerFeePpm: 1e3,
            takerFeePpm: 1e3,
            minPriceTicks: 1n,
            maxPriceTicks: 100000000n,
            minQuantityLots: 1n,
            maxQuantityLots: 900000000n,
            maxMarketQuantityLots: 12000000n,
            minNotionalUnits: 1n,
            maxNotionalUnits: 9000000n * unit,
            maxNumOrders: 1e7
          }
        }
      }
    },
    { body: { case: "openAccount", value: { externalId: "house", name: "House" } } }
  ];
  for (let user = 0; user < users; user++) {
    const accountId = BigInt(FIRST_USER_ACCOUNT + user);
    bodies.push({ body: { case: "openAccount", value: { externalId: `user-${user}`, name: `User ${user}` } } });
    for (const assetId of [1, 2]) bodies.push({ accountId, body: { case: "deposit", value: { assetId, amountUnits: DEPOSIT_UNITS, transferId: `asset-${assetId}` } } });
  }
  const commands = bodies.map((command, i) => ({ requestNo: BigInt(i + 1), ...command }));
  return toBinary(CommandBatchSchema, create(CommandBatchSchema, { ingressId: "bench-ingress", timeUs: BigInt(START_US), commands }));
}
var TapeCommands = class {
  /** Holds the entries; an entry is `bytes` from the place `entry` answered with to `at`. */
  out;
  #tape;
  /** The engine's order id by the tape's. */
  #orderId;
  /** The tape's order id by the engine's, of the first round. */
  tapeIds;
  #nextOrderId = 1;
  #requestNo = 0;
  #timeUs = START_US;
  #round = 0;
  constructor(tape2, out2) {
    this.#tape = tape2;
    this.out = out2;
    this.#orderId = new Float64Array(tape2.orderIdEnd);
    this.tapeIds = new Int32Array(tape2.records + 1);
  }
  /** The tape may be played again: its orders get new client order ids. */
  nextRound() {
    this.#round++;
  }
  /** Appends one entry with records `from` to `to - 1`; answers where it starts. */
  entry(from, to) {
    const { out: out2 } = this;
    out2.reserve(64 + (to - from) * COMMAND_BYTES_MAX);
    const start = out2.at;
    out2.bytesField(10, INGRESS, 0, INGRESS.length);
    out2.uintField(16, this.#timeUs += ENTRY_US);
    for (let record = from; record < to; record++) this.#command(record * RECORD_WORDS);
    return start;
  }
  /** Appends an entry that cancels everything of every user. */
  cancelAll() {
    const { out: out2 } = this;
    out2.reserve(64 + this.#tape.users * COMMAND_BYTES_MAX);
    const start = out2.at;
    out2.bytesField(10, INGRESS, 0, INGRESS.length);
    out2.uintField(16, this.#timeUs += ENTRY_US);
    for (let user = 0; user < this.#tape.users; user++) {
      const command = this.#begin(user);
      const body = this.#beginBody(50);
      out2.uintField(8, MARKET2);
      this.#end(body);
      this.#end(command);
    }
    return start;
  }
  #command(at) {
    const { words } = this.#tape;
    const head = words[at];
    const type = head & 255;
    const id = words[at + 1];
    const user = words[at + 2];
    if (type === CANCEL) this.#cancel(user, id);
    else if (type === MOVE) this.#amend(user, id, words[at + 3]);
    else this.#place(user, id, head >>> 8, type, words[at + 3], words[at + 4]);
  }
  #amend(user, id, price2) {
    const { out: out2 } = this;
    const command = this.#begin(user);
    const body = this.#beginBody(58);
    out2.uintField(8, MARKET2);
    out2.uintField(16, this.#orderId[id]);
    out2.uintField(40, price2);
    this.#end(body);
    this.#end(command);
  }
  #cancel(user, id) {
    const { out: out2 } = this;
    const command = this.#begin(user);
    const body = this.#beginBody(42);
    out2.uintField(8, MARKET2);
    out2.uintField(16, this.#orderId[id]);
    this.#end(body);
    this.#end(command);
  }
  #place(user, id, sells, type, price2, quantity) {
    const { out: out2 } = this;
    const orderId3 = this.#nextOrderId++;
    this.#orderId[id] = orderId3;
    if (this.#round === 0) this.tapeIds[orderId3] = id;
    const command = this.#begin(user);
    const body = this.#beginBody(34);
    out2.uintField(8, MARKET2);
    out2.uintField(16, sells === 0 ? Side.BUY : Side.SELL);
    out2.uintField(24, OrderType.LIMIT);
    out2.uintField(32, type === LIMIT_IOC ? TimeInForce.IOC : TimeInForce.GTC);
    out2.uintField(40, price2);
    out2.uintField(48, quantity);
    out2.byte(66);
    out2.byte(CLIENT_ID_LENGTH2);
    out2.copy(CLIENT_ID_PREFIX, 0, CLIENT_ID_PREFIX.length);
    let rest = id + this.#round * this.#tape.orderIdEnd;
    for (let i = CLIENT_ID_LENGTH2 - 1; i >= CLIENT_ID_PREFIX.length; i--) {
      out2.bytes[out2.at + i - CLIENT_ID_PREFIX.length] = 48 + rest % 10;
      rest = Math.floor(rest / 10);
    }
    out2.at += CLIENT_ID_LENGTH2 - CLIENT_ID_PREFIX.length;
    this.#end(body);
    this.#end(command);
  }
  // Lengths below 128 take the one byte that an ingress writes, so the entries are of the size they would have.
  #begin(user) {
    const { out: out2 } = this;
    out2.byte(26);
    const start = ++out2.at;
    out2.uintField(8, ++this.#requestNo);
    out2.uintField(16, FIRST_USER_ACCOUNT + user);
    return start;
  }
  #beginBody(tag) {
    this.out.byte(tag);
    return ++this.out.at;
  }
  #end(start) {
    this.out.bytes[start - 1] = this.out.at - start;
  }
};

// bench/core/wholeEngine.ts
var BYTES_PER_COMMAND = 72;
var WholeEngine = class {
  #tape;
  #commands;
  #opening;
  #bytes;
  // Where each entry ends, and how many of them build the book.
  #ends;
  #prefillEntries;
  #engine = new Engine();
  #outcome = 0;
  constructor(tape2, commandsPerEntry) {
    this.#tape = tape2;
    this.#opening = openingEntry(tape2.users);
    const out2 = new ProtobufWriter(tape2.records * BYTES_PER_COMMAND);
    this.#commands = new TapeCommands(tape2, out2);
    const ends = [];
    const encode = (from, to) => {
      for (let record = from; record < to; record += commandsPerEntry) {
        this.#commands.entry(record, Math.min(to, record + commandsPerEntry));
        ends.push(out2.at);
      }
    };
    encode(0, tape2.prefill);
    this.#prefillEntries = ends.length;
    encode(tape2.prefill, tape2.records);
    this.#ends = Float64Array.from(ends);
    this.#bytes = out2.bytes;
  }
  prepare() {
    this.#engine = new Engine();
    this.#engine.applyEntry(this.#opening, 1);
    for (let entry = 0; entry < this.#prefillEntries; entry++) this.#apply(entry);
    this.#outcome = 0;
  }
  play() {
    const count = this.#ends.length;
    for (let entry = this.#prefillEntries; entry < count; entry++) {
      const { events, marketData } = this.#apply(entry);
      this.#outcome += events.length;
      for (const { bytes } of marketData) this.#outcome += bytes.length;
    }
  }
  playTimed(into) {
    const count = this.#ends.length;
    for (let entry = this.#prefillEntries; entry < count; entry++) {
      const start = performance.now();
      this.#apply(entry);
      into[entry - this.#prefillEntries] = nanoseconds(performance.now() - start);
    }
  }
  playChecked() {
    this.prepare();
    const fills = new EventFills(this.#commands.tapeIds, FILL_HASH_START);
    for (let entry = this.#prefillEntries; entry < this.#ends.length; entry++) fills.read(this.#apply(entry).events);
    checkInvariants(this.#engine);
    return { count: fills.count, hash: fills.hash };
  }
  outcome() {
    return this.#outcome;
  }
  #apply(entry) {
    const start = entry === 0 ? 0 : this.#ends[entry - 1];
    return this.#engine.applyEntry(this.#bytes.subarray(start, this.#ends[entry]), entry + 2);
  }
};

// bench/core/tapeGenerator.ts
var PRESETS = {
  s1k: { flow: "simple", resting: 1e3, meanTicks: 100, commands: 3e6, seed: 42 },
  s10k: { flow: "simple", resting: 1e4, meanTicks: 300, commands: 3e6, seed: 42 },
  s100k: { flow: "simple", resting: 1e5, meanTicks: 1e3, commands: 3e6, seed: 42 },
  s1m: { flow: "simple", resting: 1e6, meanTicks: 3e3, commands: 3e6, seed: 42 },
  xc1k: { flow: "xc", resting: 1e3, meanTicks: 550, commands: 3e6, seed: 42 }
};
var USERS = 1e3;
var PRICES = 1 << 18;
var MIDDLE = 1 << 17;
var NO_BID2 = 0;
var NO_ASK2 = PRICES - 1;
var LOWEST = 1;
var HIGHEST = PRICES - 2;
var BUYS = 0;
var SELLS = 1;
function randomOf(seed2) {
  let state = seed2 >>> 0;
  return () => {
    state = state + 1831565813 | 0;
    let t = Math.imul(state ^ state >>> 15, 1 | state);
    t = t + Math.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
}
function generateTape(shape) {
  return new Generator(shape).run();
}
var Generator = class {
  #shape;
  #random;
  // The orders by id, and their places in the lists of their prices.
  #price;
  #quantity;
  #side;
  #user;
  #next;
  #previous;
  #head = new Int32Array(PRICES);
  #tail = new Int32Array(PRICES);
  #bestBid = NO_BID2;
  #bestAsk = NO_ASK2;
  // The resting orders in no order, to draw one from.
  #live;
  #livePlace;
  #liveCount = 0;
  #bids = 0;
  #asks = 0;
  #words;
  #at = 0;
  #nextId = 1;
  #middle = MIDDLE;
  #lastTrade = MIDDLE;
  #fills = 0;
  #fillHash = FILL_HASH_START;
  constructor(shape) {
    this.#shape = shape;
    this.#random = randomOf(shape.seed);
    const orders = shape.resting + shape.commands + 8;
    this.#price = new Int32Array(orders);
    this.#quantity = new Int32Array(orders);
    this.#side = new Uint8Array(orders);
    this.#user = new Int32Array(orders);
    this.#next = new Int32Array(orders);
    this.#previous = new Int32Array(orders);
    this.#live = new Int32Array(orders);
    this.#livePlace = new Int32Array(orders);
    this.#words = new Int32Array((shape.resting + shape.commands) * RECORD_WORDS);
  }
  run() {
    const { flow, resting, commands } = this.#shape;
    while (this.#nextId <= resting) {
      if (flow === "xc") this.#restNearLastTrade();
      else this.#restNearMiddle();
    }
    const prefill = this.#at / RECORD_WORDS;
    this.#fills = 0;
    this.#fillHash = FILL_HASH_START;
    for (let i = 0; i < commands; i++) {
      if (flow === "xc") this.#xcCommand();
      else this.#simpleCommand();
    }
    return {
      words: this.#words.subarray(0, this.#at),
      records: this.#at / RECORD_WORDS,
      prefill,
      orderIdEnd: this.#nextId,
      users: USERS,
      fills: this.#fills,
      fillHash: this.#fillHash
    };
  }
  #simpleCommand() {
    const target = this.#shape.resting;
    if (this.#random() < 0.05) {
      const drift = (this.#bestBid + this.#bestAsk) / 2 - this.#middle;
      this.#middle += drift > 5 ? 1 : drift < -5 ? -1 : this.#random() < 0.5 ? 1 : -1;
    }
    const draw = this.#random();
    if (draw < 0.1) this.#aggress();
    else if (draw < 0.5) {
      if (this.#liveCount > target * 1.02) this.#cancelAny();
      else this.#restNearMiddle();
    } else if (this.#liveCount < target * 0.98) this.#restNearMiddle();
    else this.#cancelAny();
  }
  #xcCommand() {
    const target = this.#shape.resting;
    const draw = this.#random();
    if (draw < 0.82 && this.#liveCount > 10) {
      this.#moveAny();
      return;
    }
    let type = draw < 0.91 ? LIMIT_GTC : draw < 0.94 ? LIMIT_IOC : CANCEL;
    if (type !== LIMIT_GTC && this.#liveCount < target * 0.97) type = LIMIT_GTC;
    else if (type === LIMIT_GTC && this.#liveCount > target * 1.03) type = CANCEL;
    if (type === LIMIT_GTC) this.#restNearLastTrade();
    else if (type === LIMIT_IOC) {
      const side = this.#bids > this.#asks ? SELLS : BUYS;
      this.#place(LIMIT_IOC, side, side === SELLS ? LOWEST : HIGHEST, this.#size());
    } else this.#cancelAny();
  }
  #below(n2) {
    return this.#random() * n2 | 0;
  }
  #geometric(mean) {
    return Math.floor(-Math.log(1 - this.#random()) * mean);
  }
  #size() {
    return 1 + this.#below(6) * this.#below(6) * this.#below(6);
  }
  #shorterSide(slack) {
    return this.#bids > this.#asks + slack ? SELLS : this.#asks > this.#bids + slack ? BUYS : this.#below(2);
  }
  #restNearMiddle() {
    const side = this.#shorterSide(50);
    const distance = this.#geometric(this.#shape.meanTicks);
    const price2 = side === SELLS ? Math.max(this.#middle + 1 + distance, this.#bestBid + 1) : Math.min(this.#middle - 1 - distance, this.#bestAsk - 1);
    this.#place(LIMIT_GTC, side, Math.min(HIGHEST, Math.max(LOWEST, price2)), this.#size());
  }
  #restNearLastTrade() {
    const side = this.#shorterSide(20);
    const distance = 1 + this.#geometric(this.#shape.meanTicks);
    const price2 = side === SELLS ? this.#lastTrade + distance : this.#lastTrade - distance;
    this.#place(LIMIT_GTC, side, Math.min(HIGHEST, Math.max(LOWEST, price2)), this.#size());
  }
  #aggress() {
    const bookMiddle = (this.#bestBid + this.#bestAsk) / 2;
    const side = this.#random() < (this.#middle > bookMiddle ? 0.6 : this.#middle < bookMiddle ? 0.4 : 0.5) ? BUYS : SELLS;
    const through = this.#below(4);
    const price2 = side === SELLS ? Math.max(LOWEST, this.#bestBid - through) : Math.min(HIGHEST, this.#bestAsk + through);
    this.#place(this.#random() < 0.5 ? LIMIT_IOC : LIMIT_GTC, side, price2, this.#size());
  }
  #moveAny() {
    const id = this.#live[this.#below(this.#liveCount)];
    const price2 = this.#price[id];
    let step = (this.#lastTrade - price2) * 0.01;
    step = price2 > this.#lastTrade ? Math.floor(step) : price2 < this.#lastTrade ? Math.ceil(step) : this.#below(2) * 2 - 1;
    if (step === 0) step = this.#below(2) * 2 - 1;
    const moved = Math.min(HIGHEST, Math.max(LOWEST, price2 + step));
    this.#emit(MOVE, id, moved);
    this.#unlink(id);
    this.#price[id] = moved;
    this.#match(id, moved);
    if (this.#quantity[id] !== 0) this.#link(id);
  }
  #cancelAny() {
    const id = this.#live[this.#below(this.#liveCount)];
    this.#emit(CANCEL, id, this.#price[id]);
    this.#unlink(id);
  }
  #place(type, side, price2, quantity) {
    const id = this.#nextId++;
    this.#user[id] = this.#below(USERS);
    this.#side[id] = side;
    this.#price[id] = price2;
    this.#quantity[id] = quantity;
    this.#emit(type, id, price2);
    this.#match(id, price2);
    if (type === LIMIT_GTC && this.#quantity[id] !== 0) this.#link(id);
  }
  #emit(type, id, price2) {
    const words = this.#words;
    const at = this.#at;
    words[at] = type | this.#side[id] << 8;
    words[at + 1] = id;
    words[at + 2] = this.#user[id];
    words[at + 3] = price2;
    words[at + 4] = this.#quantity[id];
    this.#at = at + RECORD_WORDS;
  }
  #match(id, limit) {
    if (this.#side[id] === BUYS) {
      while (this.#quantity[id] !== 0 && this.#bestAsk <= limit && this.#bestAsk < NO_ASK2) this.#trade(id, this.#head[this.#bestAsk], this.#bestAsk);
    } else {
      while (this.#quantity[id] !== 0 && this.#bestBid >= limit && this.#bestBid > NO_BID2) this.#trade(id, this.#head[this.#bestBid], this.#bestBid);
    }
  }
  #trade(taker, maker, price2) {
    const quantity = Math.min(this.#quantity[taker], this.#quantity[maker]);
    this.#quantity[taker] = this.#quantity[taker] - quantity;
    this.#quantity[maker] = this.#quantity[maker] - quantity;
    this.#fills++;
    this.#fillHash = hashFill(this.#fillHash, taker, maker, price2, quantity);
    this.#lastTrade = price2;
    if (this.#quantity[maker] === 0) this.#unlink(maker);
  }
  #link(id) {
    const price2 = this.#price[id];
    const tail = this.#tail[price2];
    this.#next[id] = 0;
    this.#previous[id] = tail;
    if (tail === 0) this.#head[price2] = id;
    else this.#next[tail] = id;
    this.#tail[price2] = id;
    this.#livePlace[id] = this.#liveCount;
    this.#live[this.#liveCount++] = id;
    if (this.#side[id] === SELLS) {
      this.#asks++;
      if (price2 < this.#bestAsk) this.#bestAsk = price2;
    } else {
      this.#bids++;
      if (price2 > this.#bestBid) this.#bestBid = price2;
    }
  }
  #unlink(id) {
    const price2 = this.#price[id];
    const next = this.#next[id];
    const previous = this.#previous[id];
    if (previous === 0) this.#head[price2] = next;
    else this.#next[previous] = next;
    if (next === 0) this.#tail[price2] = previous;
    else this.#previous[next] = previous;
    const place = this.#livePlace[id];
    const last = this.#live[--this.#liveCount];
    this.#live[place] = last;
    this.#livePlace[last] = place;
    if (this.#side[id] === SELLS) {
      this.#asks--;
      if (price2 === this.#bestAsk) while (this.#bestAsk < NO_ASK2 && this.#head[this.#bestAsk] === 0) this.#bestAsk++;
    } else {
      this.#bids--;
      if (price2 === this.#bestBid) while (this.#bestBid > NO_BID2 && this.#head[this.#bestBid] === 0) this.#bestBid--;
    }
  }
};

// ../../tmp/drv/drv2.ts
var mode = process.argv[2];
var per = Number(process.argv[3] ?? 64);
var rounds = Number(process.argv[4] ?? 5);
var n = 6e5;
var seed = 7;
var rnd = (k) => {
  seed = Math.imul(seed, 1664525) + 1013904223 | 0;
  return (seed >>> 8) % k;
};
var base = generateTape({ ...PRESETS.s1k, commands: n });
var tape = base;
if (mode !== "s1k") {
  const [, U, P, Q, shuffle] = mode.split("-").map(Number);
  const words = base.words.slice();
  let id = base.prefill + 1;
  const kinds = [];
  for (let r = base.prefill; r < base.records; ) {
    const at = r * RECORD_WORDS;
    const user = rnd(U);
    const price2 = 1e3 + rnd(P);
    const q = 1 + rnd(Q);
    words.set([0, id, user, price2, q, 0], at);
    r++;
    if (r < base.records) {
      words.set([2, id, user, price2, q, 0], r * RECORD_WORDS);
      r++;
    }
    id++;
  }
  tape = { ...base, words, orderIdEnd: id + 1 };
}
if (process.argv[5] === "u1") {
  const w = tape.words.slice();
  for (let r = 0; r < tape.records; r++) w[r * RECORD_WORDS + 2] = r % 2;
  tape = { ...tape, words: w };
}
var s = new WholeEngine(tape, per);
var out = [];
for (let i = 0; i < rounds; i++) {
  s.prepare();
  globalThis.gc?.();
  const c0 = process.cpuUsage();
  const t = performance.now();
  s.play();
  const ms = performance.now() - t;
  const u = process.cpuUsage(c0);
  out.push((n / (u.user + u.system)).toFixed(3));
}
console.log(mode, out.join("  "), "out bytes/cmd", (s.outcome() / n).toFixed(0));
//# sourceMappingURL=b2cc.mjs.map
