import { hash } from "node:crypto";

/** HTML that is safe by construction: what is put into a template is escaped, unless it is markup already. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type Content = Markup | string | number | undefined | readonly Content[];

/** Markup from a template. Attribute values must stand in double quotes. `undefined` becomes nothing, a list its members. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.reduce((text, part, index) => `${text}${markupOf(values[index - 1])}${part}`));
}

function markupOf(value: Content): string {
  if (value === undefined) return "";
  if (value instanceof Markup) return value.text;
  return typeof value === "object" ? value.map(markupOf).join("") : escaped(String(value));
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
/** Control characters, those that turn the direction of text, and what UTF-8 cannot carry: shown by number, so that they can be seen and do nothing. */
const invisible =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]|\p{Surrogate}/gu;
function escaped(text: string): string {
  return text
    .replace(invisible, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/[&<>"']/g, (character) => entities[character] ?? "");
}

/** A page of Linkspan's own: no script, nothing from elsewhere, and readable in light, in the dark and on a small screen. */
export function page(title: string, main: Markup): string {
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – Linkspan</title>
        ${new Markup(`<style>${style}</style>`)}
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <nav aria-label="Linkspan">
            <strong>Linkspan</strong>
            <a href="/_linkspan/requests">Recent requests</a>
            <a href="/_linkspan/operations">Operations and states (JSON)</a>
          </nav>
        </header>
        <main id="main">${main}</main>
      </body>
    </html>`;
  return text;
}

/** A table that scrolls by itself where the screen is narrow. `rows` are its `tr` elements. */
export function table(caption: string, columns: readonly string[], rows: readonly Markup[]): Markup {
  return html`<div class="scroll" role="group" aria-label="${caption}" tabindex="0">
    <table>
      <thead>
        <tr>
          ${columns.map((column) => html`<th scope="col">${column}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

const style = `
:root { color-scheme: light dark; --bg: #fff; --panel: #f3f5f7; --text: #1b1f24; --muted: #535c66; --line: #c9d1d9; --link: #0a58a8;
  --good: #0f6a2c; --bad: #ad1f16; }
@media (prefers-color-scheme: dark) { :root { --bg: #10151b; --panel: #1a2129; --text: #e7eaed; --muted: #a3adb8; --line: #3c4650;
  --link: #82bdff; --good: #7fdc9a; --bad: #ff9f96; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 0 1rem 3rem; background: var(--bg); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0; background: var(--bg); padding: .5rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: .75rem 0; border-bottom: 1px solid var(--line); }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 1.25rem 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
summary h3 { display: inline; }
p, ol, ul { margin: .5rem 0; }
.lead { font-size: 1.1rem; }
.panel { background: var(--panel); border-left: .3rem solid var(--line); padding: .5rem 1rem; margin: 1rem 0; }
.panel h2 { margin-top: .25rem; }
.panel.good { border-color: var(--good); }
.panel.bad { border-color: var(--bad); }
.good b, td.good { color: var(--good); }
.bad b, td.bad { color: var(--bad); font-weight: 600; }
.muted, td.none { color: var(--muted); }
code, pre { font: .875em/1.5 ui-monospace, monospace; }
pre { background: var(--panel); padding: .75rem 1rem; white-space: pre-wrap; margin: .5rem 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); font-weight: normal;
  min-width: 5.5rem; }
th.wide, td.wide { min-width: 14rem; }
thead th { color: var(--muted); font-size: .875rem; }
tr.bad { background: var(--panel); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: .5rem 0; }
dt { color: var(--muted); }
dd { margin: 0; }
details { border: 1px solid var(--line); border-radius: .3rem; padding: .4rem .75rem; margin: .5rem 0; }
summary { cursor: pointer; }
figure { margin: 1rem 0; }
svg { max-width: 100%; height: auto; }
svg text { fill: var(--text); font: 12px system-ui, sans-serif; text-anchor: middle; dominant-baseline: central; }
svg rect { fill: var(--bg); stroke: var(--muted); }
svg .passing rect { stroke-dasharray: 4 3; }
svg .present rect { fill: var(--text); stroke: var(--text); }
svg .present text { fill: var(--bg); font-weight: 600; }
svg path { fill: none; stroke: var(--muted); }
svg marker path { fill: var(--muted); stroke: none; }
svg path.open { stroke: var(--link); stroke-width: 2; }
svg marker.open path { fill: var(--link); }
`;

/** Headers of every page. What a page shows may come from an attacker, so the browser is told that only the one style sheet counts. */
export const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${hash("sha256", style, "base64")}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const;

/** Whether an Accept header prefers HTML to JSON. What accepts anything, like most programs, does not. */
export function prefersHtml(accept: string | undefined): boolean {
  const ranges = (accept ?? "").toLowerCase().split(",").map(mediaRange);
  const html = best(ranges, ["text/html", "text/*", "*/*"]);
  const json = best(ranges, ["application/json", "application/*", "*/*"]);
  return html.quality > json.quality || (html.quality === json.quality && html.quality > 0 && html.vagueness < json.vagueness);
}
interface MediaRange {
  readonly type: string;
  readonly quality: number;
}
function mediaRange(text: string): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  const given = parameters.find((parameter) => parameter.startsWith("q="));
  const quality = given === undefined ? 1 : Number(given.slice(2));
  return { type, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}
/** The quality of a type, by the least vague of its names that occurs. */
function best(ranges: readonly MediaRange[], names: readonly string[]): { readonly quality: number; readonly vagueness: number } {
  for (const [vagueness, name] of names.entries()) {
    const found = ranges.find(({ type }) => type === name);
    if (found !== undefined) return { quality: found.quality, vagueness };
  }
  return { quality: 0, vagueness: names.length };
}
