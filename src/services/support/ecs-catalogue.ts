/**
 * What the calls of Ecs name as on offer in every zone. There are no instances and disks here; but clients drop a zone for which
 * these lists are empty, and then find no place for a vSwitch.
 */
export const instanceTypes = ["ecs.g6.large", "ecs.g6.xlarge", "ecs.g7.large"] as const;
export const diskCategories = ["cloud_efficiency", "cloud_ssd", "cloud_essd"] as const;
