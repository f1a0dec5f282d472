/**
 * Values of Avro types: from their JSON encoding, with unions tagged, to the binary one and back.
 */
import type { DatumCodec } from "../../schema.ts";
import type { AvroType } from "../avro_type.ts";
import { BinaryReader } from "./binary_reader.ts";
import { BinaryWriter } from "./binary_writer.ts";
import { DecoderFactory } from "./decoders.ts";
import { EncoderFactory, latin1Bytes } from "./encoders.ts";

/**
 * The codec of a type. A type of bytes at the top has its bytes alone as binary form, without their length, as
 * serializers of registries write it.
 */
export function datumCodec(type: AvroType): DatumCodec {
  if (type.kind === "bytes") return rawBytesCodec;
  const encode = new EncoderFactory().encoderOf(type);
  const decode = new DecoderFactory().decoderOf(type);
  return {
    encode(json) {
      const out = new BinaryWriter();
      encode(json, out);
      return out.finish();
    },
    decode(bytes) {
      const input = new BinaryReader(bytes);
      const value = decode(input);
      input.finish();
      return value;
    },
  };
}

const rawBytesCodec: DatumCodec = {
  encode: (json) => latin1Bytes(json, new BinaryWriter(), null),
  decode: (bytes) => new BinaryReader(bytes).latin1(bytes.length),
};
