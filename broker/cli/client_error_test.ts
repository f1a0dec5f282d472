import { assertEquals } from "@std/assert";
import { clientErrorName, describeClientError } from "./client_error.ts";

function protocolError(apiId: string, message: string): Error {
  return Object.assign(new Error(message), { apiId });
}

Deno.test("an error is told by Kafka's name, however deep it lies", () => {
  const error = new AggregateError(
    [new AggregateError([protocolError("MESSAGE_TOO_LARGE", "Too large.")], "Response failed.")],
    "Producing failed.",
  );
  assertEquals(clientErrorName(error), "MESSAGE_TOO_LARGE");
  assertEquals(describeClientError(error), "MESSAGE_TOO_LARGE: Too large.");
});

Deno.test("an error without a name is told by its innermost reasons", () => {
  const refused = new Error("Connection to localhost:1 failed.", {
    cause: new Error("connect ECONNREFUSED 127.0.0.1:1"),
  });
  const error = new AggregateError([refused], "Cannot connect to any broker.");
  assertEquals(clientErrorName(error), null);
  assertEquals(
    describeClientError(error),
    "Connection to localhost:1 failed: connect ECONNREFUSED 127.0.0.1:1",
  );
  assertEquals(describeClientError(new Error("Alone.")), "Alone");
  assertEquals(describeClientError("text"), "text");
});

Deno.test("an error that is its own cause comes to an end", () => {
  const error = new Error("round");
  error.cause = error;
  assertEquals(describeClientError(error), "round: round");
});
