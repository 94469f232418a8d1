/** Percent-encoding as the signatures want it, and a strict reader of query strings and forms. */

/** `A-Z a-z 0-9 - _ . ~` stay, every other UTF-8 byte becomes `%XX` in upper case. */
export function percentEncode(text: string): string {
  if (!/[^\w.~-]/.test(text)) return text;
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Text whose percent-encoding is broken, or which is not UTF-8. */
export class MalformedText extends Error {}

export interface Pair {
  readonly name: string;
  readonly value: string;
}

/** Parts of texts that are no longer share their memory. Of longer ones they are copied: what is kept of a part would keep the whole. */
const sharedLengthMax = 4_096;

/**
 * Reads `name=value` pairs joined by `&`; `+` and `%20` both stand for a space. It stops behind `pairsMax` of them.
 * @throws {MalformedText}
 */
export function parsePairs(encoded: string, pairsMax: number): Pair[] {
  const pairs: Pair[] = [];
  const isLong = encoded.length > sharedLengthMax;
  for (let start = 0; start <= encoded.length && pairs.length < pairsMax;) {
    const ampersand = encoded.indexOf("&", start);
    const end = ampersand < 0 ? encoded.length : ampersand;
    const part = encoded.slice(start, end);
    start = end + 1;
    if (part === "") continue;
    const equals = part.indexOf("=");
    pairs.push({
      name: percentDecode(equals < 0 ? part : part.slice(0, equals), isLong),
      value: equals < 0 ? "" : percentDecode(part.slice(equals + 1), isLong),
    });
  }
  return pairs;
}

function percentDecode(text: string, isCopied: boolean): string {
  if (!isCopied && !/[%+]/.test(text)) return text;
  try {
    // decodeURIComponent is strict: it refuses both stray percent signs and bytes that are not UTF-8. What it answers is a text of its own.
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch (cause) {
    throw new MalformedText("percent-encoding or UTF-8 is broken", { cause });
  }
}
