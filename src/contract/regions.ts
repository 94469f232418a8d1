/** A region with its zones. */
export interface Region {
  readonly id: string;
  readonly name: string;
  readonly zones: readonly string[];
}

/** Regions whose names clients show to people. The first is the first that region lists answer. */
const named: readonly [id: string, name: string, zones: string][] = [
  ["cn-qingdao", "China (Qingdao)", "b c"],
  ["cn-beijing", "China (Beijing)", "a b f g h i j k l"],
  ["cn-zhangjiakou", "China (Zhangjiakou)", "a b c"],
  ["cn-huhehaote", "China (Hohhot)", "a b"],
  ["cn-wulanchabu", "China (Ulanqab)", "a b c"],
  ["cn-hangzhou", "China (Hangzhou)", "b g h i j k"],
  ["cn-shanghai", "China (Shanghai)", "a b e f g l m n"],
  ["cn-nanjing", "China (Nanjing - Local Region)", "a b"],
  ["cn-fuzhou", "China (Fuzhou - Local Region)", "a b"],
  ["cn-shenzhen", "China (Shenzhen)", "a c d e f"],
  ["cn-heyuan", "China (Heyuan)", "a b"],
  ["cn-guangzhou", "China (Guangzhou)", "a b"],
  ["cn-chengdu", "China (Chengdu)", "a b"],
  ["cn-hongkong", "China (Hong Kong)", "b c d"],
  ["ap-northeast-1", "Japan (Tokyo)", "a b c"],
  ["ap-northeast-2", "South Korea (Seoul)", "a b"],
  ["ap-southeast-1", "Singapore", "a b c"],
  ["ap-southeast-2", "Australia (Sydney)", "a b"],
  ["ap-southeast-3", "Malaysia (Kuala Lumpur)", "a b c"],
  ["ap-southeast-5", "Indonesia (Jakarta)", "a b c"],
  ["ap-southeast-6", "Philippines (Manila)", "a b"],
  ["ap-southeast-7", "Thailand (Bangkok)", "a b"],
  ["us-east-1", "US (Virginia)", "a b"],
  ["us-west-1", "US (Silicon Valley)", "a b"],
  ["eu-west-1", "UK (London)", "a b"],
  ["eu-central-1", "Germany (Frankfurt)", "a b c"],
  ["me-east-1", "UAE (Dubai)", "a b"],
  ["me-central-1", "SAU (Riyadh - Partner Region)", "a b"],
];

/** Regions that the official SDK's endpoint map knows besides; partners', financial and internal ones. */
const others =
  "cn-shanghai-finance-1 cn-shenzhen-finance-1 cn-north-2-gov-1 ap-northeast-2-pop cn-beijing-finance-pop cn-beijing-gov-1 " +
  "cn-beijing-nu16-b01 cn-edge-1 cn-fujian cn-haidian-cm12-c01 cn-hangzhou-bj-b01 cn-hangzhou-finance " +
  "cn-hangzhou-internal-prod-1 cn-hangzhou-internal-test-1 cn-hangzhou-internal-test-2 cn-hangzhou-internal-test-3 " +
  "cn-hangzhou-test-306 cn-hongkong-finance-pop cn-huhehaote-nebula-1 cn-qingdao-nebula cn-shanghai-et15-b01 " +
  "cn-shanghai-et2-b01 cn-shanghai-inner cn-shanghai-internal-test-1 cn-shenzhen-inner cn-shenzhen-st4-d01 " +
  "cn-shenzhen-su18-b01 cn-wuhan cn-yushanfang cn-zhangbei cn-zhangbei-na61-b01 cn-zhangjiakou-na62-a01 " +
  "cn-zhengzhou-nebula-1 eu-west-1-oxs rus-west-1-pop";

/** Zones in China are `<region>-<letter>`, elsewhere `<region><letter>`. */
function zoneIds(region: string, letters: string): string[] {
  return letters.split(" ").map((letter) => (region.startsWith("cn-") ? `${region}-${letter}` : `${region}${letter}`));
}

export const regions: readonly Region[] = [
  ...named.map(([id, name, zones]) => ({ id, name, zones: zoneIds(id, zones) })),
  ...others.split(" ").map((id) => ({ id, name: id, zones: zoneIds(id, "a b") })),
];

/** What clients show for a zone. */
export function zoneName(zone: string): string {
  return `${regions.find(({ zones }) => zones.includes(zone))?.name ?? ""} Zone ${zone.slice(-1).toUpperCase()}`;
}

const byId = new Map(regions.map((region) => [region.id, region]));

/** The region of an id; `undefined` for an unknown one. */
export function regionById(id: string): Region | undefined {
  return byId.get(id);
}

/** Region codes seen in real ids. */
const sampleCodes: Readonly<Record<string, string>> = {
  "cn-hangzhou": "bp1",
  "cn-beijing": "2ze",
  "cn-shanghai": "uf6",
  "cn-shenzhen": "wz9",
  "cn-qingdao": "m5e",
  "cn-huhehaote": "hp3",
  "cn-zhangjiakou": "8vb",
  "cn-hongkong": "j6c",
};

/** The three characters that head the random part of a regional id. Derived from the region's name where no sample is known. */
export function regionCode(id: string): string {
  const sample = sampleCodes[id];
  if (sample !== undefined) return sample;
  let hash = 7;
  for (const character of id) hash = (hash * 31 + character.charCodeAt(0)) % 46656;
  return hash.toString(36).padStart(3, "0");
}
