import { defaultSettings, type Settings, type SettingsReader, settingsReader } from "../contract/settings.ts";
import { parsedOnce } from "../contract/worked-out-once.ts";
import type { Rows, WritableRows } from "./store.ts";

/** The settings as they lie in the store. */

const settingsName = "settings";
const parseSettings = parsedOnce((text) => JSON.parse(text) as Settings);
const readerOf = parsedOnce((text) => settingsReader(parseSettings(text)));
const defaultReader = settingsReader(defaultSettings);
export async function readSettingsDocument(rows: Rows): Promise<Settings> {
  const stored = await rows.meta(settingsName);
  return stored === undefined ? defaultSettings : parseSettings(stored);
}
export async function writeSettingsDocument(rows: WritableRows, settings: Settings): Promise<void> {
  await rows.putMeta(settingsName, JSON.stringify(settings));
}
export async function readSettings(rows: Rows): Promise<SettingsReader> {
  const stored = await rows.meta(settingsName);
  return stored === undefined ? defaultReader : readerOf(stored);
}
