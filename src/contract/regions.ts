/** A region with its zones. */
export interface Region {
  readonly id: string;
  readonly name: string;
  readonly chineseName: string;
  readonly zones: readonly string[];
}

/** Regions whose names clients show to people. The first is the first that region lists answer. */
const named: readonly [id: string, name: string, chineseName: string, zones: string][] = [
  ["cn-qingdao", "China (Qingdao)", "华北1（青岛）", "b c"],
  ["cn-beijing", "China (Beijing)", "华北2（北京）", "a b f g h i j k l"],
  ["cn-zhangjiakou", "China (Zhangjiakou)", "华北3（张家口）", "a b c"],
  ["cn-huhehaote", "China (Hohhot)", "华北5（呼和浩特）", "a b"],
  ["cn-wulanchabu", "China (Ulanqab)", "华北6（乌兰察布）", "a b c"],
  ["cn-hangzhou", "China (Hangzhou)", "华东1（杭州）", "b g h i j k"],
  ["cn-shanghai", "China (Shanghai)", "华东2（上海）", "a b e f g l m n"],
  ["cn-nanjing", "China (Nanjing - Local Region)", "华东5（南京-本地地域）", "a b"],
  ["cn-fuzhou", "China (Fuzhou - Local Region)", "华东6（福州-本地地域）", "a b"],
  ["cn-shenzhen", "China (Shenzhen)", "华南1（深圳）", "a c d e f"],
  ["cn-heyuan", "China (Heyuan)", "华南2（河源）", "a b"],
  ["cn-guangzhou", "China (Guangzhou)", "华南3（广州）", "a b"],
  ["cn-chengdu", "China (Chengdu)", "西南1（成都）", "a b"],
  ["cn-hongkong", "China (Hong Kong)", "中国香港", "b c d"],
  ["ap-northeast-1", "Japan (Tokyo)", "日本（东京）", "a b c"],
  ["ap-northeast-2", "South Korea (Seoul)", "韩国（首尔）", "a b"],
  ["ap-southeast-1", "Singapore", "新加坡", "a b c"],
  ["ap-southeast-2", "Australia (Sydney)", "澳大利亚（悉尼）", "a b"],
  ["ap-southeast-3", "Malaysia (Kuala Lumpur)", "马来西亚（吉隆坡）", "a b c"],
  ["ap-southeast-5", "Indonesia (Jakarta)", "印度尼西亚（雅加达）", "a b c"],
  ["ap-southeast-6", "Philippines (Manila)", "菲律宾（马尼拉）", "a b"],
  ["ap-southeast-7", "Thailand (Bangkok)", "泰国（曼谷）", "a b"],
  ["us-east-1", "US (Virginia)", "美国（弗吉尼亚）", "a b"],
  ["us-west-1", "US (Silicon Valley)", "美国（硅谷）", "a b"],
  ["eu-west-1", "UK (London)", "英国（伦敦）", "a b"],
  ["eu-central-1", "Germany (Frankfurt)", "德国（法兰克福）", "a b c"],
  ["me-east-1", "UAE (Dubai)", "阿联酋（迪拜）", "a b"],
  ["me-central-1", "SAU (Riyadh - Partner Region)", "沙特（利雅得）", "a b"],
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
  ...named.map(([id, name, chineseName, zones]) => ({ id, name, chineseName, zones: zoneIds(id, zones) })),
  ...others.split(" ").map((id) => ({ id, name: id, chineseName: id, zones: zoneIds(id, "a b") })),
];

/** `AcceptLanguage` of the operations that name places: Chinese for `zh`, English for everything else. */
export function isChinese(language: string): boolean {
  return /^zh/i.test(language);
}
/** What clients show for a region. */
export function regionName({ name, chineseName }: Region, language: string): string {
  return isChinese(language) ? chineseName : name;
}
/** What clients show for a zone of a region. */
export function zoneName(region: Region, zone: string, language: string): string {
  return `${regionName(region, language)} ${isChinese(language) ? "可用区" : "Zone"} ${zone.slice(-1).toUpperCase()}`;
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
