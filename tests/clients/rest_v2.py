"""A plain HTTP client of the REST proxy's v2 API: `rest_v2.py HOST:PORT`, the proxy's URL in REST_URL.

Goes through a consumer's whole life as the documented calls describe it, GET with a body included.
"""

import base64
import os
import time
import uuid

import requests
from tap import check, equal, main

URL = os.environ["REST_URL"]
V2 = "application/vnd.kafka.v2+json"


def call(method, path, body=None, content_type=V2, accept=V2, expect=200):
    """Sends a request; fails unless it is answered with the status; gives the answer's JSON or None."""
    url = path if path.startswith("http") else URL + path
    headers = {"Accept": accept}
    if body is not None:
        headers["Content-Type"] = content_type
    answer = requests.request(method, url, json=body, headers=headers, timeout=60)
    if answer.status_code != expect:
        raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text[:400]}, expected {expect}")
    return answer.json() if answer.content else None


def produce(topic, records, kind="json", **schemas):
    body = {**schemas, "records": records}
    answer = call("POST", f"/topics/{topic}", body, content_type=f"application/vnd.kafka.{kind}.v2+json")
    equal([item["error_code"] for item in answer["offsets"]], [None] * len(records), "errors")
    return answer


def instance(kind="json", **options):
    """Makes a consumer instance; gives its base URI and group."""
    group = f"group-{uuid.uuid4().hex[:8]}"
    answer = call("POST", f"/consumers/{group}", {"format": kind, "auto.offset.reset": "earliest", **options})
    equal(sorted(answer), ["base_uri", "instance_id"])
    return answer["base_uri"], group


def read(base, count, kind="json", query="?timeout=500"):
    """Polls until `count` records came."""
    records = []
    deadline = time.monotonic() + 60
    while len(records) < count:
        if time.monotonic() > deadline:
            raise AssertionError(f"{len(records)} of {count} records came")
        records += call("GET", f"{base}/records{query}", accept=f"application/vnd.kafka.{kind}.v2+json")
    return records


def topic_name(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


@check("JSON records go in and come out through a subscribed instance")
def json_round(_bootstrap):
    topic = topic_name("rest-json")
    records = [{"key": f"k{n}", "value": {"n": n, "text": "x" * n}} for n in range(10)]
    produce(topic, records)
    base, _group = instance()
    call("POST", f"{base}/subscription", {"topics": [topic]}, expect=204)
    equal(call("GET", f"{base}/subscription"), {"topics": [topic]})
    got = read(base, 10)
    equal([{"key": r["key"], "value": r["value"]} for r in got], records)
    equal([r["offset"] for r in got], list(range(10)))
    equal(call("GET", f"{base}/assignments"), {"partitions": [{"topic": topic, "partition": 0}]})
    call("DELETE", f"{base}/subscription", expect=204)
    call("DELETE", base, expect=204)
    equal(call("DELETE", base, expect=404)["error_code"], 40403)


@check("binary records keep every byte, and nulls")
def binary_round(_bootstrap):
    topic = topic_name("rest-binary")
    everything = base64.b64encode(bytes(range(256))).decode()
    produce(topic, [{"key": None, "value": everything}, {"key": everything, "value": None}], kind="binary")
    base, _group = instance("binary")
    call("POST", f"{base}/subscription", {"topics": [topic]}, expect=204)
    got = read(base, 2, kind="binary")
    equal([(r["key"], r["value"]) for r in got], [(None, everything), (everything, None)])
    call("DELETE", base, expect=204)


@check("Avro, JSON Schema and Protobuf records with their schemas in the request")
def schemas(_bootstrap):
    cases = {
        "avro": ('{"type":"record","name":"U","fields":[{"name":"name","type":"string"}]}', {"name": "ana"}),
        "jsonschema": ('{"type":"object","properties":{"name":{"type":"string"}}}', {"name": "ana"}),
        "protobuf": ('syntax = "proto3"; message U { string name = 1; }', {"name": "ana"}),
    }
    for kind, (text, value) in cases.items():
        topic = topic_name(f"rest-{kind}")
        first = produce(topic, [{"value": value}], kind=kind, value_schema=text)
        equal(isinstance(first["value_schema_id"], int), True, "schema id")
        produce(topic, [{"value": value}], kind=kind, value_schema_id=first["value_schema_id"])
        base, _group = instance(kind)
        call("POST", f"{base}/subscription", {"topics": [topic]}, expect=204)
        equal([r["value"] for r in read(base, 2, kind=kind)], [value, value], kind)
        call("DELETE", base, expect=204)


@check("offsets are committed, told by GET with a body, and held by the group")
def commits(_bootstrap):
    topic = topic_name("rest-commit")
    produce(topic, [{"value": n} for n in range(6)])
    base, group = instance(**{"auto.commit.enable": "false"})
    call("POST", f"{base}/assignments", {"partitions": [{"topic": topic, "partition": 0}]}, expect=204)
    equal([r["value"] for r in read(base, 6)], list(range(6)))
    call("POST", f"{base}/offsets", {"offsets": [{"topic": topic, "partition": 0, "offset": 3}]})
    asked = {"partitions": [{"topic": topic, "partition": 0}]}
    [told] = call("GET", f"{base}/offsets", asked)["offsets"]
    equal((told["topic"], told["partition"], told["offset"]), (topic, 0, 4))
    call("DELETE", base, expect=204)
    again = call("POST", f"/consumers/{group}", {"format": "json", "auto.offset.reset": "earliest"})["base_uri"]
    call("POST", f"{again}/subscription", {"topics": [topic]}, expect=204)
    equal([r["value"] for r in read(again, 2)], [4, 5])
    call("DELETE", again, expect=204)


@check("positions move to the beginning, the end and an offset")
def positions(_bootstrap):
    topic = topic_name("rest-seek")
    produce(topic, [{"value": n} for n in range(5)])
    base, _group = instance()
    part = {"topic": topic, "partition": 0}
    call("POST", f"{base}/assignments", {"partitions": [part]}, expect=204)
    equal([r["value"] for r in read(base, 5)], list(range(5)))
    call("POST", f"{base}/positions", {"offsets": [{**part, "offset": 3}]}, expect=204)
    equal([r["value"] for r in read(base, 2)], [3, 4])
    call("POST", f"{base}/positions/beginning", {"partitions": [part]}, expect=204)
    equal([r["value"] for r in read(base, 5)], list(range(5)))
    call("POST", f"{base}/positions/end", {"partitions": [part]}, expect=204)
    produce(topic, [{"value": 5}])
    equal([r["value"] for r in read(base, 1)], [5])
    call("DELETE", base, expect=204)


@check("two instances of a group share the partitions")
def sharing(bootstrap):
    from confluent_kafka.admin import AdminClient, NewTopic

    topic = topic_name("rest-share")
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(topic, 4, 1)])[topic].result(30)
    group = f"group-{uuid.uuid4().hex[:8]}"
    options = {"format": "json", "auto.offset.reset": "earliest"}
    bases = [call("POST", f"/consumers/{group}", options)["base_uri"] for _ in range(2)]
    for base in bases:
        call("POST", f"{base}/subscription", {"topics": [topic]}, expect=204)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for base in bases:
            call("GET", f"{base}/records?timeout=200", accept="application/vnd.kafka.json.v2+json")
        shares = [len(call("GET", f"{base}/assignments")["partitions"]) for base in bases]
        if shares == [2, 2]:
            break
    equal(shares, [2, 2])
    for base in bases:
        call("DELETE", base, expect=204)


@check("topics, partitions and offsets are told")
def metadata(bootstrap):
    topic = topic_name("rest-meta")
    produce(topic, [{"value": 1}, {"value": 2}])
    equal(topic in call("GET", "/topics"), True)
    told = call("GET", f"/topics/{topic}")
    equal((told["name"], [p["partition"] for p in told["partitions"]]), (topic, [0]))
    equal(call("GET", f"/topics/{topic}/partitions/0/offsets"), {"beginning_offset": 0, "end_offset": 2})
    equal(call("GET", "/topics/no-such-topic", expect=404)["error_code"], 40401)
    equal(call("GET", f"/topics/{topic}/partitions/7", expect=404)["error_code"], 40402)
    equal(len(call("GET", "/brokers")["brokers"]), 1)


@check("a wrong format, a second instance of a name and a missing one are told by their codes")
def refusals(_bootstrap):
    base, group = instance("json", name="one")
    call("POST", f"/consumers/{group}", {"name": "one", "format": "json"}, expect=409)
    error = call("GET", f"{base}/records", accept="application/vnd.kafka.avro.v2+json", expect=406)
    equal(error["error_code"], 40601)
    equal(call("POST", f"/consumers/{group}", {"format": "xml"}, expect=422)["error_code"], 42204)
    equal(call("GET", f"/consumers/{group}/instances/two/assignments", expect=404)["error_code"], 40403)
    topic = topic_name("rest-wrong")
    kind = "application/vnd.kafka.avro.v2+json"
    told = call("POST", f"/topics/{topic}", {"records": [{"value": 1}]}, content_type=kind, expect=422)
    equal(told["error_code"], 42202)
    call("DELETE", base, expect=204)


if __name__ == "__main__":
    main()
