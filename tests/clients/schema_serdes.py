"""confluent-kafka's serializers on a schema registry: `schema_serdes.py HOST:PORT`, the registry's URL in REGISTRY_URL.

Each check sends records through a broker with one client and reads them back with another, so that wire format,
registration, lookup and every call that the clients make on the way are held to what they expect.
"""

import os
import uuid

import requests
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, timestamp_pb2
from tap import check, equal, main, refused

URL = os.environ["REGISTRY_URL"]
REGISTRY = SchemaRegistryClient({"url": URL})

USER_V1 = """{"type": "record", "name": "User", "namespace": "shop", "fields": [
  {"name": "name", "type": "string"}, {"name": "age", "type": "int"}]}"""
USER_V2 = """{"type": "record", "name": "User", "namespace": "shop", "fields": [
  {"name": "name", "type": "string"}, {"name": "age", "type": "int"},
  {"name": "email", "type": ["null", "string"], "default": null}]}"""


def topic_name(prefix):
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def send(bootstrap, topic, values, keys=None):
    """Sends bytes and waits until all are acknowledged."""
    failures = []
    producer = Producer({"bootstrap.servers": bootstrap})
    for index, value in enumerate(values):
        key = keys[index] if keys else None
        producer.produce(topic, value=value, key=key, on_delivery=lambda error, _: error and failures.append(error))
    producer.flush(30)
    equal(failures, [], "failed deliveries")


def receive(bootstrap, topic, count):
    """The first messages of partition 0."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": topic, "auto.offset.reset": "earliest"})
    consumer.assign([TopicPartition(topic, 0, 0)])
    messages = []
    while len(messages) < count:
        message = consumer.poll(30)
        if message is None:
            raise AssertionError(f"{len(messages)} of {count} messages came")
        if message.error():
            raise AssertionError(message.error())
        messages.append(message)
    consumer.close()
    return messages


def value_context(topic):
    return SerializationContext(topic, MessageField.VALUE)


@check("Avro values go out and come back, registered once")
def avro(bootstrap):
    topic = topic_name("avro")
    serialize = AvroSerializer(REGISTRY, USER_V1)
    users = [{"name": f"user {n}", "age": n} for n in range(20)]
    send(bootstrap, topic, [serialize(user, value_context(topic)) for user in users])
    messages = receive(bootstrap, topic, len(users))
    deserialize = AvroDeserializer(REGISTRY)
    equal([deserialize(m.value(), value_context(topic)) for m in messages], users)
    equal(REGISTRY.get_versions(f"{topic}-value"), [1])
    equal(messages[0].value()[0], 0, "magic byte")


@check("an old Avro reader gets new records, a new one the default")
def avro_evolution(bootstrap):
    topic = topic_name("evolve")
    old, new = AvroSerializer(REGISTRY, USER_V1), AvroSerializer(REGISTRY, USER_V2)
    context = value_context(topic)
    send(bootstrap, topic, [
        old({"name": "ana", "age": 30}, context),
        new({"name": "ben", "age": 31, "email": "ben@example.org"}, context),
    ])
    values = [m.value() for m in receive(bootstrap, topic, 2)]
    as_new = AvroDeserializer(REGISTRY, USER_V2)
    equal([as_new(value, context)["email"] for value in values], [None, "ben@example.org"])
    as_old = AvroDeserializer(REGISTRY, USER_V1)
    equal([as_old(value, context) for value in values], [{"name": "ana", "age": 30}, {"name": "ben", "age": 31}])
    equal(REGISTRY.get_versions(f"{topic}-value"), [1, 2])


@check("an incompatible Avro schema is refused and nothing is registered")
def avro_incompatible(_bootstrap):
    subject = topic_name("strict") + "-value"
    REGISTRY.register_schema(subject, Schema(USER_V1, "AVRO"))
    broken = USER_V1.replace('"int"', '"string"')
    equal(REGISTRY.test_compatibility(subject, Schema(broken, "AVRO")), False)
    error = refused(SchemaRegistryError, lambda: REGISTRY.register_schema(subject, Schema(broken, "AVRO")))
    equal(error.http_status_code, 409)
    equal(error.error_code in (409, 40901), True, f"error code {error.error_code}")
    equal(REGISTRY.get_versions(subject), [1])


@check("an Avro schema refers to another subject's")
def avro_references(bootstrap):
    topic = topic_name("referring")
    address = """{"type": "record", "name": "Address", "namespace": "shop", "fields": [{"name": "city", "type": "string"}]}"""
    person = """{"type": "record", "name": "Person", "namespace": "shop", "fields": [
      {"name": "name", "type": "string"}, {"name": "home", "type": "shop.Address"}]}"""
    REGISTRY.register_schema(f"{topic}-address", Schema(address, "AVRO"))
    schema = Schema(person, "AVRO", [SchemaReference("shop.Address", f"{topic}-address", 1)])
    serialize = AvroSerializer(REGISTRY, schema)
    value = {"name": "ana", "home": {"city": "Lisbon"}}
    send(bootstrap, topic, [serialize(value, value_context(topic))])
    [message] = receive(bootstrap, topic, 1)
    equal(AvroDeserializer(REGISTRY)(message.value(), value_context(topic)), value)


@check("Avro keys and values by record name, and by topic and record name")
def avro_strategies(bootstrap):
    from confluent_kafka.schema_registry import record_subject_name_strategy, topic_record_subject_name_strategy

    topic = topic_name("strategies")
    suffix = uuid.uuid4().hex[:8]
    named = USER_V1.replace('"User"', f'"User{suffix}"')
    for strategy, subject in [
        (record_subject_name_strategy, f"shop.User{suffix}"),
        (topic_record_subject_name_strategy, f"{topic}-shop.User{suffix}"),
    ]:
        serialize = AvroSerializer(REGISTRY, named, conf={"subject.name.strategy": strategy})
        send(bootstrap, topic, [serialize({"name": "ana", "age": 1}, value_context(topic))])
        equal(REGISTRY.get_versions(subject), [1])


@check("JSON values are checked by their schema, go out and come back")
def json_schema(bootstrap):
    topic = topic_name("json")
    text = """{"$schema": "http://json-schema.org/draft-07/schema#", "title": "Order", "type": "object",
      "properties": {"id": {"type": "integer"}, "lines": {"type": "array", "items": {"type": "string"}}},
      "required": ["id"], "additionalProperties": false}"""
    serialize = JSONSerializer(text, REGISTRY)
    orders = [{"id": n, "lines": ["a"] * n} for n in range(5)]
    context = value_context(topic)
    send(bootstrap, topic, [serialize(order, context) for order in orders])
    deserialize = JSONDeserializer(text, schema_registry_client=REGISTRY)
    equal([deserialize(m.value(), context) for m in receive(bootstrap, topic, 5)], orders)
    refused(Exception, lambda: serialize({"lines": []}, context))
    equal(REGISTRY.get_latest_version(f"{topic}-value").schema.schema_type, "JSON")


def order_message(package):
    """A message class with a nested type, an enum, a map and an import, as protoc would make it."""
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto3")
    file.dependency.append("google/protobuf/timestamp.proto")
    other = file.message_type.add(name="Unused")
    other.field.add(name="nothing", number=1, type=9, label=1)
    order = file.message_type.add(name="Order")
    order.field.add(name="id", number=1, type=3, label=1)
    order.field.add(name="at", number=2, type=11, label=1, type_name=".google.protobuf.Timestamp")
    order.field.add(name="lines", number=3, type=11, label=3, type_name=f".{package}.Order.Line")
    order.field.add(name="state", number=4, type=14, label=1, type_name=f".{package}.Order.State")
    line = order.nested_type.add(name="Line")
    line.field.add(name="article", number=1, type=9, label=1)
    line.field.add(name="count", number=2, type=5, label=1)
    state = order.enum_type.add(name="State")
    state.value.add(name="NEW", number=0)
    state.value.add(name="SENT", number=1)
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(timestamp_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file) if hasattr(pool, "Add") else pool.AddSerializedFile(file.SerializeToString())
    return pool, message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{package}.Order"))


@check("Protobuf values with imports and nested types go out and come back")
def protobuf(bootstrap):
    topic = topic_name("proto")
    package = f"shop{uuid.uuid4().hex[:8]}"
    pool, order_class = order_message(package)
    serialize = ProtobufSerializer(order_class, REGISTRY, {"use.deprecated.format": False})
    order = order_class(id=7, state=1)
    order.at.FromSeconds(1_700_000_000)
    order.lines.add(article="tea", count=3)
    nested_class = message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{package}.Order.Line"))
    nested_topic = topic_name("proto-nested")
    serialize_nested = ProtobufSerializer(nested_class, REGISTRY, {"use.deprecated.format": False})
    nested_bytes = serialize_nested(nested_class(article="x", count=1), value_context(nested_topic))
    equal(nested_bytes[5:8], b"\x04\x02\x00", "message indexes of Order.Line")
    send(bootstrap, topic, [serialize(order, value_context(topic))])
    [message] = receive(bootstrap, topic, 1)
    for options in ({"use.deprecated.format": False}, {"use.deprecated.format": False, "use.latest.version": True}):
        deserialize = ProtobufDeserializer(order_class, options, REGISTRY)
        equal(deserialize(message.value(), value_context(topic)), order)
    latest = requests.get(f"{URL}/subjects/{topic}-value/versions/latest", timeout=10).json()
    equal(latest["schemaType"], "PROTOBUF")
    equal("message Order {" in latest["schema"], True, latest["schema"])


@check("the legacy AvroProducer and AvroConsumer of the course")
def legacy_avro(bootstrap):
    from confluent_kafka import avro as legacy
    from confluent_kafka.avro import AvroConsumer, AvroProducer

    topic = topic_name("legacy")
    producer = AvroProducer(
        {"bootstrap.servers": bootstrap, "schema.registry.url": URL},
        default_key_schema=legacy.loads('"string"'),
        default_value_schema=legacy.loads(USER_V1),
    )
    producer.produce(topic=topic, key="ana", value={"name": "ana", "age": 30})
    producer.flush(30)
    consumer = AvroConsumer({
        "bootstrap.servers": bootstrap,
        "schema.registry.url": URL,
        "group.id": topic,
        "auto.offset.reset": "earliest",
    })
    consumer.assign([TopicPartition(topic, 0, 0)])
    message = consumer.poll(30)
    equal((message.key(), message.value()), ("ana", {"name": "ana", "age": 30}))
    consumer.close()


@check("subjects, configs and modes through the client")
def administration(_bootstrap):
    subject = topic_name("admin") + "-value"
    first = REGISTRY.register_schema(subject, Schema(USER_V1, "AVRO"))
    equal(REGISTRY.lookup_schema(subject, Schema(USER_V1, "AVRO")).schema_id, first)
    equal(subject in REGISTRY.get_subjects(), True)
    REGISTRY.set_compatibility(subject, "FULL")
    equal(REGISTRY.get_compatibility(subject), "FULL")
    equal(REGISTRY.delete_version(subject, 1), 1)
    equal(REGISTRY.register_schema(subject, Schema(USER_V1, "AVRO")), first)
    equal(REGISTRY.get_versions(subject), [2])
    equal(REGISTRY.delete_subject(subject), [2])
    # Version 1, soft-deleted, went for good when its schema was registered again.
    equal(REGISTRY.delete_subject(subject, permanent=True), [2])
    equal(refused(SchemaRegistryError, lambda: REGISTRY.get_versions(subject)).error_code, 40401)


@check("one schema in two subjects has one id")
def shared_id(_bootstrap):
    suffix = uuid.uuid4().hex[:8]
    schema = Schema(USER_V1.replace('"User"', f'"Shared{suffix}"'), "AVRO")
    ids = {REGISTRY.register_schema(f"{name}-{suffix}", schema) for name in ("one", "two", "one")}
    equal(len(ids), 1)
    answer = requests.get(f"{URL}/schemas/ids/{ids.pop()}/versions", timeout=10).json()
    equal(sorted(item["subject"] for item in answer), [f"one-{suffix}", f"two-{suffix}"])


if __name__ == "__main__":
    main()
