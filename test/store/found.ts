/** The secrets that a text holds, as they are or thinly wrapped. */
export function found(text: string | Buffer, secrets: readonly string[]): string[] {
  const bytes = Buffer.from(text);
  const spellings = (secret: string): (string | Buffer)[] => [
    secret,
    Buffer.from(secret).toString("base64").replace(/=+$/, ""),
    Buffer.from(secret).toString("hex"),
    Buffer.from(secret, "utf16le"),
  ];
  return secrets.filter((secret) => spellings(secret).some((spelling) => bytes.includes(spelling)));
}
