import { isChinese, regions } from "./regions.ts";

/** `full` and `disabled` ones take no new circuits. */
export const accessPointStatuses = ["recommended", "hot", "full", "disabled"] as const;

/** A place where circuits reach the cloud. */
export interface AccessPoint {
  readonly id: string;
  readonly region: string;
  readonly name: string;
  /** The name for those who ask in English; `name` if absent. */
  readonly englishName: string | undefined;
  readonly location: string;
  /** The carrier that runs the place; the empty string for none in particular. */
  readonly hostOperator: string;
  readonly status: (typeof accessPointStatuses)[number];
  readonly description: string;
}

/** Access points that clients' own configurations and tests name. */
const named: readonly [region: string, id: string, name: string, englishName: string][] = [
  ["cn-hangzhou", "ap-cn-hangzhou-yh-B", "杭州-余杭-B", "Hangzhou-Yuhang-B"],
  ["cn-hangzhou", "ap-cn-hangzhou-yh-C", "杭州-余杭-C", "Hangzhou-Yuhang-C"],
  ["cn-hangzhou", "ap-cn-hangzhou-jg-B", "杭州-江干-B", "Hangzhou-Jianggan-B"],
  ["cn-beijing", "ap-cn-beijing-cy-A", "北京-朝阳-A", "Beijing-Chaoyang-A"],
  ["cn-beijing", "ap-cn-beijing-ft-A", "北京-丰台-A", "Beijing-Fengtai-A"],
  ["cn-shanghai", "ap-cn-shanghai-pd-D", "上海-浦东-D", "Shanghai-Pudong-D"],
  ["cn-shanghai", "ap-cn-shanghai-bs-D", "上海-宝山-D", "Shanghai-Baoshan-D"],
  ["ap-southeast-1", "ap-sg-singpore-A", "新加坡-A", "Singapore-A"],
  ["eu-central-1", "ap-eu-frankfurt-B", "欧洲-法兰克福-B", "Europe-Frankfurt-B"],
];

/** `华东1（杭州）` and `China (Hangzhou)`: what stands in brackets is the place. */
function placeOf(regionName: string): string {
  return /[（(]([^）)]+)[）)]/.exec(regionName)?.[1] ?? regionName;
}

/** The access points that every server has: those above, and one in each region that has none of them. */
export const builtInAccessPoints: readonly AccessPoint[] = regions.flatMap((region) => {
  const [place, englishPlace] = [placeOf(region.chineseName), placeOf(region.name)];
  const here = named.filter(([regionOfPoint]) => regionOfPoint === region.id);
  const points = here.length > 0 ? here : [[region.id, `ap-${region.id}-A`, `${place}-A`, `${englishPlace}-A`] as const];
  return points.map(([, id, name, englishName]) => ({
    id,
    region: region.id,
    name,
    englishName,
    // Clients' own tests expect an operator and a description, and no location.
    location: "",
    hostOperator: "Other",
    status: "recommended" as const,
    description: place,
  }));
});

/** What clients show for an access point. */
export function accessPointName({ name, englishName }: AccessPoint, language: string): string {
  return isChinese(language) ? name : (englishName ?? name);
}

/** Where an access point is, as its circuits tell. */
export function accessPointPlace({ location, description }: AccessPoint): string {
  return location === "" ? description : location;
}
