/** The part of ASN.1 DER that a certificate is written in. Nothing here reads DER. */

const continued = 0x80;

/** One value: its tag, the length of its content, its content. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const length = content.length < continued ? [content.length] : longLength(content.length);
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
function longLength(length: number): number[] {
  const bytes = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return [continued | bytes.length, ...bytes];
}

export function sequence(...members: readonly Uint8Array[]): Buffer {
  return der(0x30, ...members);
}
export function set(...members: readonly Uint8Array[]): Buffer {
  return der(0x31, ...members);
}
/** An integer, as big-endian bytes without a leading zero; the first of them below 0x80. */
export function integer(...bytes: readonly number[]): Buffer {
  return der(0x02, Buffer.from(bytes));
}
export const yes: Buffer = der(0x01, Buffer.from([0xff]));
export function octets(content: Uint8Array): Buffer {
  return der(0x04, content);
}
/** A bit string; `unusedBits` of its last byte do not count. */
export function bits(content: Uint8Array, unusedBits = 0): Buffer {
  return der(0x03, Buffer.from([unusedBits]), content);
}
export function utf8(text: string): Buffer {
  return der(0x0c, Buffer.from(text, "utf8"));
}
/** A value of the form that its context names `[number]`: with members, or plain bytes. */
export function tagged(number: number, ...members: readonly Uint8Array[]): Buffer {
  return der(0xa0 | number, ...members);
}
export function taggedBytes(number: number, content: Uint8Array): Buffer {
  return der(0x80 | number, content);
}

/** An object identifier in its usual form, `2.5.29.17`. */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}
function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift(continued | (rest & 0x7f));
  return bytes;
}

/** A time in UTC, to the second: with a two-digit year before 2050 and a four-digit one from then on, as certificates write it. */
export function time(milliseconds: number): Buffer {
  const digits = `${new Date(milliseconds).toISOString().slice(0, 19).replaceAll(/\D/g, "")}Z`;
  return new Date(milliseconds).getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}
