/**
 * Whether a request was made by a web page of another site. Development keys are public, so without this any page that a developer
 * visits could call the server on their machine.
 */
export function fromForeignPage(header: (name: string) => string | undefined): boolean {
  const origin = header("origin");
  if (origin !== undefined && origin.replace(/^https?:\/\//, "").toLowerCase() !== (header("host") ?? "").toLowerCase()) return true;
  // Requests that carry no Origin, such as those of images, still say where they come from.
  const site = header("sec-fetch-site");
  return site === "cross-site" || site === "same-site";
}
