import { assertEquals } from "@std/assert";
import { keyText, readKey, type RecordKey } from "./record_key.ts";

const ASSOC = {
  kind: "ASSOC",
  tenant: "default",
  resourceName: "orders",
  resourceNamespace: "lkc",
  resourceType: "topic",
  associationType: "value",
  subject: "s",
} as const;

const keys: readonly (readonly [RecordKey, string])[] = [
  [
    { kind: "SCHEMA", subject: 'a"b\\', version: 3 },
    String.raw`{"keytype":"SCHEMA","subject":"a\"b\\","version":3,"magic":1}`,
  ],
  [{ kind: "CONFIG", subject: null }, '{"keytype":"CONFIG","magic":0}'],
  [{ kind: "CONFIG", subject: "s" }, '{"keytype":"CONFIG","subject":"s","magic":0}'],
  [{ kind: "MODE", subject: ":.c:" }, '{"keytype":"MODE","subject":":.c:","magic":0}'],
  [
    { kind: "DELETE_SUBJECT", subject: "s" },
    '{"keytype":"DELETE_SUBJECT","subject":"s","magic":0}',
  ],
  [{ kind: "CLEAR_SUBJECT", subject: "s" }, '{"keytype":"CLEAR_SUBJECT","subject":"s","magic":0}'],
  [
    { kind: "CONTEXT", tenant: "default", context: ".c" },
    '{"keytype":"CONTEXT","tenant":"default","context":".c","magic":0}',
  ],
  [
    ASSOC,
    '{"keytype":"ASSOC","tenant":"default","resourceName":"orders","resourceNamespace":"lkc",' +
    '"resourceType":"topic","associationType":"value","subject":"s","magic":0}',
  ],
  [{ kind: "NOOP" }, '{"keytype":"NOOP","magic":0}'],
];

for (const [key, text] of keys) {
  Deno.test(`a key of ${key.kind} is written byte for byte as ${text}, and read back`, () => {
    assertEquals(keyText(key), text);
    assertEquals(readKey(text), key);
  });
}

Deno.test("readKey() reads what others write in their own way", () => {
  const global = { kind: "CONFIG", subject: null } as const;
  assertEquals(readKey('{"keytype":"CONFIG","subject":null,"magic":0}'), global);
  assertEquals(readKey('{"magic":0,"keytype":"CONFIG","subject":":.:"}'), global);
  assertEquals(
    readKey('{"keytype":"SCHEMA","subject":":.:s","version":1,"magic":0,"extra":{}}'),
    { kind: "SCHEMA", subject: "s", version: 1 },
  );
  assertEquals(readKey('{"keytype":"CLEAR_SUBJECT","magic":0}'), {
    kind: "CLEAR_SUBJECT",
    subject: ":.:",
  });
});

Deno.test("readKey() gives null for what means nothing", () => {
  for (
    const text of [
      ...["", "null", "[]", "{", '{"keytype":"TASTE","magic":0}', '{"keytype":"SCHEMA","magic":1}'],
      '{"keytype":"SCHEMA","subject":"s","version":0,"magic":1}',
      '{"keytype":"SCHEMA","subject":"s","version":"1","magic":1}',
      '{"keytype":"SCHEMA","subject":5,"version":1,"magic":1}',
      '{"keytype":"CONTEXT","magic":0}',
      '{"keytype":"ASSOC","subject":"s","magic":0}',
    ]
  ) assertEquals(readKey(text), null, text);
});
