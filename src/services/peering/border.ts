/** Whether a link leads from a region of mainland China to one outside, by region id. */
export function crossesBorder(link: { readonly region: string; readonly acceptingRegion: string }): boolean {
  return isMainland(link.region) !== isMainland(link.acceptingRegion);
}
function isMainland(region: string): boolean {
  return region.startsWith("cn-") && !region.startsWith("cn-hongkong");
}
