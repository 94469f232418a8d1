/**
 * Whether a request was made by a web page of another site. Development keys are public, so without this any page that a developer
 * visits could call the server on their machine.
 * @param fromThisMachine the request came over loopback
 */
export function fromForeignPage(header: (name: string) => string | undefined, fromThisMachine: boolean): boolean {
  const origin = header("origin");
  const site = header("sec-fetch-site");
  const host = (header("host") ?? "").toLowerCase();
  if (origin === undefined && site === undefined) return false;
  if (origin !== undefined && origin.replace(/^https?:\/\//, "").toLowerCase() !== host) return true;
  // Requests that carry no Origin, such as those of images, still say where they come from.
  if (site === "cross-site" || site === "same-site") return true;
  // A foreign name that resolves to this machine makes its pages look like ours.
  return fromThisMachine && !isLoopbackName(host);
}

/** Whether a Host header names this machine. */
export function isLoopbackName(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host);
}
