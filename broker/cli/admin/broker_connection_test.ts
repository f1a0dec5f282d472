import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { systemClock } from "../../base/mod.ts";
import {
  apiVersions,
  describeGroups,
  encodeResponse,
  listGroups,
  make,
  metadata,
  Reader,
} from "../../protocol/mod.ts";
import { decodeRequestHeader } from "../../protocol/mod.ts";
import { BrokerConnection, ConnectionError } from "./broker_connection.ts";

/** What a peer on the port does with the bytes of each frame; null closes the connection. */
type Answer = (request: Uint8Array) => Uint8Array | null;

/** Runs `use` against a port on which every connection is answered by `answer`. */
async function withPeer(answer: Answer, use: (port: number) => Promise<void>): Promise<void> {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) await serve(connection, answer);
  })();
  try {
    await use(listener.addr.port);
  } finally {
    listener.close();
    await serving.catch(() => {});
  }
}

async function serve(connection: Deno.TcpConn, answer: Answer): Promise<void> {
  const buffer = new Uint8Array(64 * 1024);
  try {
    while (true) {
      const count = await connection.read(buffer);
      if (count === null) return;
      const bytes = answer(buffer.subarray(4, count));
      if (bytes === null) return;
      await connection.write(bytes);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  } finally {
    connection.close();
  }
}

function open(port: number, requestTimeoutMs = 5000): Promise<BrokerConnection> {
  return BrokerConnection.open({ host: "127.0.0.1", port }, {
    clientId: "test",
    requestTimeoutMs,
    clock: systemClock,
  });
}

function bytesOf(message: ReturnType<typeof encodeResponse>): Uint8Array {
  return new Uint8Array(message.parts.flatMap((part) => [...part as Uint8Array]));
}

const SERVED = [
  { apiKey: 3, minVersion: 0, maxVersion: 5 },
  { apiKey: 16, minVersion: 90, maxVersion: 99 },
  { apiKey: 18, minVersion: 0, maxVersion: 3 },
];

/** An old broker: it knows ApiVersions up to 3 only. */
function oldBroker(asked: number[]): Answer {
  return (request) => {
    const { api, version, correlationId } = decodeRequestHeader(new Reader(request));
    asked.push(version);
    if (api === apiVersions) {
      const isTooNew = version > 3;
      return bytesOf(encodeResponse(
        apiVersions,
        isTooNew ? 0 : version,
        correlationId,
        make(apiVersions.response, { errorCode: isTooNew ? 35 : 0, apiKeys: SERVED }),
      ));
    }
    return bytesOf(
      encodeResponse(metadata, version, correlationId, make(metadata.response, { clusterId: "c" })),
    );
  };
}

Deno.test("open() falls back to version 0 of ApiVersions, then the highest common version is used", async () => {
  const asked: number[] = [];
  await withPeer(oldBroker(asked), async (port) => {
    const connection = await open(port);
    assertEquals(asked, [5, 0]);
    assertEquals(connection.versionOf(metadata), 5);
    assertEquals(connection.versionOf(metadata, { versionMax: 2 }), 2);
    const response = await connection.send(metadata, make(metadata.request, {}));
    assertEquals(response.clusterId, "c");
    assertEquals(asked, [5, 0, 5]);
    connection.close();
  });
});

Deno.test("versionOf() tells what is needed and what is served", async () => {
  await withPeer(oldBroker([]), async (port) => {
    const connection = await open(port);
    assertEquals(connection.serves(metadata), true);
    assertEquals(connection.serves(describeGroups), false);
    assertThrows(() => connection.versionOf(describeGroups), ConnectionError, "does not serve it");
    assertThrows(() => connection.versionOf(listGroups), ConnectionError, "90 to 99");
    assertThrows(
      () => connection.versionOf(metadata, { versionMin: 6 }),
      ConnectionError,
      "version 6 or later",
    );
    connection.close();
  });
});

Deno.test("requests that are sent together are answered in order", async () => {
  await withPeer(oldBroker([]), async (port) => {
    const connection = await open(port);
    const answers = await Promise.all(
      [1, 2, 3].map(() => connection.send(metadata, make(metadata.request, {}))),
    );
    assertEquals(answers.map((each) => each.clusterId), ["c", "c", "c"]);
    connection.close();
  });
});

Deno.test("open() says so when the port speaks another protocol or closes", async () => {
  const hello = new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n");
  const wrongCorrelation = new Uint8Array([0, 0, 0, 6, 9, 9, 9, 9, 0, 0]);
  const short = new Uint8Array([0, 0, 0, 2, 0, 0]);
  const negative = new Uint8Array([255, 255, 255, 255]);
  const truncated = new Uint8Array([0, 0, 0, 8, 0, 0, 0, 1, 0, 0, 0, 9]);
  const cases: [Uint8Array | null, string][] = [
    [hello, "does not speak Kafka's protocol"],
    [wrongCorrelation, "does not speak Kafka's protocol"],
    [short, "does not speak Kafka's protocol"],
    [negative, "does not speak Kafka's protocol"],
    [truncated, "damaged answer"],
    [null, "closed the connection; is it a PLAINTEXT listener"],
  ];
  for (const [answer, message] of cases) {
    await withPeer(() => answer, async (port) => {
      const error = await assertRejects(() => open(port), ConnectionError, message);
      assertEquals(error.message.includes(`127.0.0.1:${port}`), true);
    });
  }
});

Deno.test("a peer that never answers is given up after the timeout", async () => {
  await withPeer(() => new Uint8Array(0), async (port) => {
    await assertRejects(() => open(port, 50), ConnectionError, "within 50 ms");
  });
});

Deno.test("open() names an address where nobody listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await assertRejects(
    () => open(port),
    ConnectionError,
    `Cannot connect to 127.0.0.1:${port}: connection refused`,
  );
});

Deno.test("a closed connection refuses requests", async () => {
  await withPeer(oldBroker([]), async (port) => {
    const connection = await open(port);
    connection.close();
    connection.close();
    assertEquals(connection.isOpen, false);
    await assertRejects(
      () => connection.send(metadata, make(metadata.request, {})),
      ConnectionError,
      "closed",
    );
  });
});
