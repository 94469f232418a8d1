/** Numbers of autonomous systems, as parameters write them. */

const asnMax = 2 ** 32 - 1;
/** The cloud's own number: no customer can have it. */
export const cloudAsn = 45104;

/** The decimal form of a number given in decimal or as `high.low` 16-bit halves; `undefined` for what is none. */
export function asn(given: string): string | undefined {
  const [high = "", low] = given.split(".");
  const half = (text: string): number => (/^\d{1,5}$/.test(text) && Number(text) < 2 ** 16 ? Number(text) : Number.NaN);
  const number = low === undefined ? (/^\d{1,10}$/.test(given) ? Number(given) : Number.NaN) : half(high) * 2 ** 16 + half(low);
  return number >= 1 && number <= asnMax && given.split(".").length <= 2 ? String(number) : undefined;
}
/** The same, and not the cloud's own. */
export function customerAsn(given: string): string | undefined {
  const number = asn(given);
  return number === String(cloudAsn) ? undefined : number;
}
