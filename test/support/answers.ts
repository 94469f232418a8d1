import assert from "node:assert/strict";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { Fields, Shape } from "../../src/contract/response.ts";

/** Answers held against their declarations. */

const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, trimValues: false, processEntities: true });
/** An XML document as a tree. Every value is a text, an element that occurs once is not a list. */
export function parsedXml(text: string): Record<string, any> {
  assert.equal(XMLValidator.validate(text), true, text);
  assert.ok(text.startsWith('<?xml version="1.0" encoding="UTF-8"?><'), text);
  const { "?xml": _declaration, ...tree } = parser.parse(text);
  return tree;
}

/** Asserts that a JSON object has all of the declared fields, each of its declared type, and no others. */
export function assertFields(fields: Fields, value: Record<string, unknown>, path: string): void {
  for (const [name, shape] of Object.entries(fields)) {
    if (shape.type !== "optional") assert.ok(Object.hasOwn(value, name), `${path}.${name} is missing`);
    assertShape(shape, value[name], `${path}.${name}`);
  }
  for (const name of Object.keys(value)) assert.ok(Object.hasOwn(fields, name), `${path}.${name} is not declared`);
}
function assertShape(shape: Shape, value: unknown, path: string): void {
  switch (shape.type) {
    case "string":
    case "boolean":
      assert.equal(typeof value, shape.type, path);
      return;
    case "integer":
    case "long":
      assert.equal(typeof value, "number", path);
      assert.ok(Number.isInteger(value), path);
      return;
    case "list":
      assert.ok(Array.isArray(value), path);
      for (const [index, member] of value.entries()) assertShape(shape.item, member, `${path}[${index}]`);
      return;
    case "optional":
      if (value !== undefined) assertShape(shape.inner, value, path);
      return;
    case "object":
      assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), path);
      assertFields(shape.fields, value as Record<string, unknown>, path);
  }
}

/** Asserts the same of an element of a tree that `parsedXml` made: lists are repeated elements, and an element without content is empty text. */
export function assertXmlFields(fields: Fields, element: unknown, path: string): void {
  const value = element === "" ? {} : element;
  assert.ok(typeof value === "object" && value !== null && !Array.isArray(value), `${path} has elements in it`);
  for (const [name, shape] of Object.entries(fields)) assertXmlShape(shape, (value as Record<string, unknown>)[name], `${path}.${name}`);
  for (const name of Object.keys(value)) assert.ok(Object.hasOwn(fields, name), `${path}.${name} is not declared`);
}
function assertXmlShape(shape: Shape, value: unknown, path: string): void {
  switch (shape.type) {
    case "list":
      for (const [index, member] of [value ?? []].flat().entries()) assertXmlShape(shape.item, member, `${path}[${index}]`);
      return;
    case "optional":
      if (value !== undefined) assertXmlShape(shape.inner, value, path);
      return;
    case "object":
      assertXmlFields(shape.fields, value, path);
      return;
    default:
      assert.ok(typeof value === "string", `${path} is there, and text`);
      if (shape.type === "boolean") assert.match(value, /^(true|false)$/, path);
      if (shape.type === "integer" || shape.type === "long") assert.match(value, /^-?\d+$/, path);
  }
}
