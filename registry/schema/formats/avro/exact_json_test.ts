import { assertEquals, assertThrows } from "@std/assert";
import { parseExactJson, writeExactJson } from "./exact_json.ts";

Deno.test("parseExactJson() keeps every digit of long integers", () => {
  const text = '{"a":9007199254740993,"b":[-9223372036854775808,1,1e300],"c":"9007199254740993"}';
  const value = parseExactJson(text);
  assertEquals(value, {
    a: 9007199254740993n,
    b: [-9223372036854775808n, 1, 1e300],
    c: "9007199254740993",
  });
  assertEquals(writeExactJson(value), text.replace("1e300", "1e+300"));
});

Deno.test("parseExactJson() reads what holds no long integer as JSON.parse does", () => {
  assertEquals(
    parseExactJson('{"a":9007199254740991,"__proto__":1.5}'),
    JSON.parse('{"a":9007199254740991,"__proto__":1.5}'),
  );
  assertThrows(() => parseExactJson('{"a":12345678901234567890'), SyntaxError);
});
