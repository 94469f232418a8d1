/** `YYYY-MM-DDThh:mm:ssZ`, as VPC, peering and Express Connect write times. */
export function utcSeconds(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
/** `YYYY-MM-DDThh:mmZ`, as a few fields of Express Connect write times. */
export function utcMinutes(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 16)}Z`;
}

/** Virtual milliseconds of a `YYYY-MM-DDThh:mm:ssZ` time; `undefined` when it is not one. */
export function parseUtcSeconds(value: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return undefined;
  const milliseconds = Date.parse(value);
  return Number.isNaN(milliseconds) || utcSeconds(milliseconds) !== value ? undefined : milliseconds;
}

export const day = 24 * 60 * 60 * 1000;
